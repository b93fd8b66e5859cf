//! The nodes behind the ids of a semantic index, for as long as the tree lives.
//!
//! [`ModuleAst`] keeps a tree together with the references into it; both may be dropped and made again.

use std::ptr::NonNull;

use ruff_index::IndexVec;
use ruff_python_ast::{
    Expr, ExprLambda, ModModule, StmtClassDef, StmtFunctionDef, StmtMatch, StmtReturn,
    StmtTypeAlias, StmtWith, TypeParams,
};
use ruff_python_parser::Parsed;

use super::definition::DefinitionNode;
use super::fill::{Numbering, fill};
use super::ids::{DefinitionId, PredicateId, ScopeId};
use super::model::{IndexSettings, SemanticIndex};

/// The node that a scope belongs to.
#[derive(Debug, Clone, Copy)]
pub enum ScopeNode<'ast> {
    /// The module.
    Module,
    /// A class body.
    Class(&'ast StmtClassDef),
    /// A function body.
    Function(&'ast StmtFunctionDef),
    /// A lambda.
    Lambda(&'ast ExprLambda),
    /// A list, set or dict comprehension or generator expression.
    Comprehension(&'ast Expr),
    /// The type parameters of a function.
    FunctionTypeParams(&'ast StmtFunctionDef, &'ast TypeParams),
    /// The type parameters of a class.
    ClassTypeParams(&'ast StmtClassDef, &'ast TypeParams),
    /// The type parameters of a type alias.
    AliasTypeParams(&'ast StmtTypeAlias, &'ast TypeParams),
    /// The value of a type alias.
    TypeAlias(&'ast StmtTypeAlias),
}

/// The node that a predicate asks about.
#[derive(Debug, Clone, Copy)]
pub enum PredicateNode<'ast> {
    /// An atomic test: neither `and`, `or` nor `not`.
    Test(&'ast Expr),
    /// The pattern of a case.
    Pattern {
        /// The statement.
        stmt: &'ast StmtMatch,
        /// Which of its cases.
        case_index: u32,
    },
    /// A call that stands as a statement.
    Call(&'ast Expr),
    /// The context managers of a `with`.
    ContextManager(&'ast StmtWith),
}

/// What a function's body gives to its caller.
#[derive(Debug, Default)]
pub struct FunctionExits<'ast> {
    /// The `return` statements, parallel to [`super::Scope::returns`].
    pub returns: Vec<&'ast StmtReturn>,
    /// The `yield` and `yield from` expressions, in visit order.
    pub yields: Vec<&'ast Expr>,
}

/// The nodes of a tree by the ids of its index.
#[derive(Debug)]
pub struct AstNodes<'ast> {
    /// The nodes of definitions.
    pub definitions: IndexVec<DefinitionId, DefinitionNode<'ast>>,
    /// The nodes of scopes.
    pub scopes: IndexVec<ScopeId, ScopeNode<'ast>>,
    /// The nodes of predicates.
    pub predicates: IndexVec<PredicateId, PredicateNode<'ast>>,
    /// `return` and `yield`, by scope; most scopes have none.
    pub exits: IndexVec<ScopeId, Option<Box<FunctionExits<'ast>>>>,
}

impl<'ast> AstNodes<'ast> {
    /// The `return` statements of a function.
    #[must_use]
    pub fn returns(&self, scope: ScopeId) -> &[&'ast StmtReturn] {
        self.exits[scope].as_ref().map_or(&[], |exits| &exits.returns)
    }

    /// The `yield` and `yield from` expressions of a function.
    #[must_use]
    pub fn yields(&self, scope: ScopeId) -> &[&'ast Expr] {
        self.exits[scope].as_ref().map_or(&[], |exits| &exits.yields)
    }
}

/// A tree and the references into it, in one value that may move and be sent.
#[derive(Debug)]
pub struct ModuleAst {
    /// `'static` is a white lie: the references live as long as `module`, and are only lent out for as long as
    /// `self` is borrowed.
    nodes: AstNodes<'static>,
    /// Owned; allocated by `Box`, freed on drop, never moved and never borrowed mutably in between.
    module: NonNull<ModModule>,
}

// SAFETY: `ModuleAst` owns the module as a `Box` would, and lends only shared references. `ModModule` is `Send`
// and `Sync` (asserted below); `AstNodes` holds nothing but shared references to parts of it.
unsafe impl Send for ModuleAst {}
// SAFETY: as above.
unsafe impl Sync for ModuleAst {}

const _: () = {
    const fn send_and_sync<T: Send + Sync>() {}
    send_and_sync::<ModModule>();
    send_and_sync::<AstNodes<'static>>();
};

impl ModuleAst {
    /// Indexes a parsed module and keeps its tree; tokens and errors are dropped here.
    #[must_use]
    pub fn build(parsed: Parsed<ModModule>, settings: &IndexSettings) -> (SemanticIndex, Self) {
        Self::of_tree(parsed.into_syntax(), settings)
    }

    /// Indexes a tree and keeps it.
    #[must_use]
    pub fn of_tree(tree: ModModule, settings: &IndexSettings) -> (SemanticIndex, Self) {
        let module = NonNull::from(Box::leak(Box::new(tree)));
        // SAFETY: the pointer comes from a leaked box, and is only freed in `drop`, after which `nodes` is not
        // used; nobody makes a mutable reference before.
        let tree: &'static ModModule = unsafe { module.as_ref() };
        let (index, nodes) = super::build(tree, settings);
        (index, Self { nodes, module })
    }

    /// Keeps a tree that was parsed again of the text that `index` and `numbering` were made of; says whether that
    /// could be done without making the index anew.
    #[must_use]
    pub fn again(
        tree: ModModule,
        index: &SemanticIndex,
        numbering: &Numbering,
        settings: &IndexSettings,
    ) -> (Self, bool) {
        let module = NonNull::from(Box::leak(Box::new(tree)));
        // SAFETY: as in `of_tree`.
        let tree: &'static ModModule = unsafe { module.as_ref() };
        let nodes = fill(tree, index, numbering);
        let is_filled = nodes.is_some();
        let nodes = nodes.unwrap_or_else(|| super::build(tree, settings).1);
        (Self { nodes, module }, is_filled)
    }

    /// The numbers of the nodes, for [`Self::again`].
    #[must_use]
    pub fn numbering(&self) -> Numbering {
        Numbering::of(self.module(), &self.nodes)
    }

    /// The nodes by id.
    #[must_use]
    pub fn nodes(&self) -> &AstNodes<'_> {
        &self.nodes
    }

    /// The tree.
    #[must_use]
    pub fn module(&self) -> &ModModule {
        // SAFETY: valid until `self` is dropped, and never borrowed mutably.
        unsafe { self.module.as_ref() }
    }
}

impl Drop for ModuleAst {
    fn drop(&mut self) {
        // `nodes` holds plain references; dropping its vectors after the tree reads none of them.
        // SAFETY: made by `Box::leak` in `build`, freed once, and no borrow of `self` is alive.
        drop(unsafe { Box::from_raw(self.module.as_ptr()) });
    }
}
