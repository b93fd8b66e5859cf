//! Definitions: everything that binds or declares a place, one for each leaf of an assignment.
//!
//! [`Definition`] is frozen data; [`DefinitionNode`] is the same definition with the nodes that it came from.

use ruff_python_ast::{
    Alias, Comprehension, ExceptHandlerExceptHandler, Expr, ExprLambda, ExprNamed, Identifier,
    Parameter, Pattern, StmtAnnAssign, StmtAssign, StmtAugAssign, StmtClassDef, StmtFor,
    StmtFunctionDef, StmtImport, StmtImportFrom, StmtMatch, StmtTry, StmtTypeAlias, TypeParam,
    WithItem,
};
use ruff_text_size::TextRange;

use super::ids::{NodeId, PlaceId, ReachId, ScopeId};

/// Whether a definition declares, binds, or does both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DefinitionCategory {
    /// Gives the place a type but no value: `x: int`.
    Declaration,
    /// Gives the place a value: `x = 1`.
    Binding,
    /// Both: `x: int = 1`, `def`, `class`, imports, annotated parameters; in a stub also `x: int`.
    DeclarationAndBinding,
}

impl DefinitionCategory {
    /// Whether the place has a value afterwards.
    #[must_use]
    pub const fn is_binding(self) -> bool {
        matches!(self, Self::Binding | Self::DeclarationAndBinding)
    }

    /// Whether the place gets a declared type.
    #[must_use]
    pub const fn is_declaration(self) -> bool {
        matches!(self, Self::Declaration | Self::DeclarationAndBinding)
    }
}

/// A definition without its nodes.
#[derive(Debug, Clone, Copy)]
pub struct Definition {
    /// The scope whose place is defined. A walrus in a comprehension defines in the scope around it; a name
    /// declared `global` or `nonlocal` belongs to the scope with that statement.
    pub scope: ScopeId,
    /// The place, in that scope. For a star import: the place is meaningless (0).
    pub place: PlaceId,
    /// Which syntax it came from.
    pub kind: DefinitionKind,
    /// Whether it binds.
    pub category: DefinitionCategory,
    /// When control gets there.
    pub reach: ReachId,
    /// The name, or the whole target.
    pub name_range: TextRange,
    /// The innermost statement around it in the scope's region; `None` for a function's parameters.
    pub node: Option<NodeId>,
}

const _: () = assert!(size_of::<Definition>() <= 28);

/// The variants of [`DefinitionNode`] without their nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DefinitionKind {
    /// `import a.b`, `import a as b`
    Import,
    /// `from a import b`
    ImportFrom,
    /// `from a import *`
    StarImport,
    /// `def`
    Function,
    /// `class`
    Class,
    /// `type X = …`
    TypeAlias,
    /// `x = …`
    Assignment,
    /// `x: T`, `x: T = …`
    AnnotatedAssignment,
    /// `x += …`
    AugmentedAssignment,
    /// `(x := …)`
    NamedExpression,
    /// `for x in …`
    For,
    /// `… for x in …`
    Comprehension,
    /// `with … as x`
    WithItem,
    /// `except … as x`
    ExceptHandler,
    /// A parameter of a function or lambda.
    Parameter,
    /// A name bound by a pattern.
    MatchCapture,
    /// A type parameter.
    TypeParam,
}

/// Whose parameter it is.
#[derive(Debug, Clone, Copy)]
pub enum ParameterOwner<'a> {
    /// Of a `def`.
    Function(&'a StmtFunctionDef),
    /// Of a `lambda`.
    Lambda(&'a ExprLambda),
}

/// How a parameter takes its argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ParameterKind {
    /// Before the `/`.
    PositionalOnly,
    /// By position or by name.
    Positional,
    /// `*args`
    Variadic,
    /// After the `*`.
    KeywordOnly,
    /// `**kwargs`
    KeywordVariadic,
}

/// A definition with the nodes that it came from. `target` is always the leaf: a name, attribute or subscript.
#[derive(Debug, Clone, Copy)]
pub enum DefinitionNode<'a> {
    /// `import a.b` defines `a`; `import a.b as c` defines `c`.
    Import { stmt: &'a StmtImport, alias: &'a Alias },
    /// `from a import b as c` defines `c`.
    ImportFrom { stmt: &'a StmtImportFrom, alias: &'a Alias },
    /// `from a import *`
    StarImport { stmt: &'a StmtImportFrom },
    /// `def`
    Function(&'a StmtFunctionDef),
    /// `class`
    Class(&'a StmtClassDef),
    /// `type X = …`
    TypeAlias(&'a StmtTypeAlias),
    /// `top_target` is the element of `stmt.targets` that holds the leaf.
    Assignment { stmt: &'a StmtAssign, target: &'a Expr, top_target: &'a Expr },
    /// With or without a value.
    AnnotatedAssignment { stmt: &'a StmtAnnAssign, target: &'a Expr },
    /// `x += …`
    AugmentedAssignment { stmt: &'a StmtAugAssign, target: &'a Expr },
    /// `(x := …)`
    NamedExpression(&'a ExprNamed),
    /// A leaf of a `for` target.
    For { stmt: &'a StmtFor, target: &'a Expr },
    /// A leaf of a comprehension's target; `is_first` says that its iterable is evaluated in the scope around.
    Comprehension { comprehension: &'a Comprehension, target: &'a Expr, is_first: bool },
    /// A leaf of a `with … as` target.
    WithItem { item: &'a WithItem, is_async: bool, target: &'a Expr },
    /// `except … as x`
    ExceptHandler { handler: &'a ExceptHandlerExceptHandler, try_stmt: &'a StmtTry },
    /// `index` counts all parameters in source order.
    Parameter {
        function: ParameterOwner<'a>,
        parameter: &'a Parameter,
        default: Option<&'a Expr>,
        kind: ParameterKind,
        index: u32,
    },
    /// A name bound by a pattern; `pattern` is the (sub)pattern that binds it: an as, star or mapping pattern.
    MatchCapture {
        stmt: &'a StmtMatch,
        case_index: u32,
        pattern: &'a Pattern,
        name: &'a Identifier,
    },
    /// A type parameter.
    TypeParam(&'a TypeParam),
}

impl<'a> DefinitionNode<'a> {
    /// The right side of an assignment, with or without an annotation.
    #[must_use]
    pub fn assigned(&self) -> Option<&'a Expr> {
        match *self {
            Self::Assignment { stmt, .. } => Some(&stmt.value),
            Self::AnnotatedAssignment { stmt, .. } => stmt.value.as_deref(),
            _ => None,
        }
    }

    /// The variant alone.
    #[must_use]
    pub const fn kind(&self) -> DefinitionKind {
        match self {
            Self::Import { .. } => DefinitionKind::Import,
            Self::ImportFrom { .. } => DefinitionKind::ImportFrom,
            Self::StarImport { .. } => DefinitionKind::StarImport,
            Self::Function(_) => DefinitionKind::Function,
            Self::Class(_) => DefinitionKind::Class,
            Self::TypeAlias(_) => DefinitionKind::TypeAlias,
            Self::Assignment { .. } => DefinitionKind::Assignment,
            Self::AnnotatedAssignment { .. } => DefinitionKind::AnnotatedAssignment,
            Self::AugmentedAssignment { .. } => DefinitionKind::AugmentedAssignment,
            Self::NamedExpression(_) => DefinitionKind::NamedExpression,
            Self::For { .. } => DefinitionKind::For,
            Self::Comprehension { .. } => DefinitionKind::Comprehension,
            Self::WithItem { .. } => DefinitionKind::WithItem,
            Self::ExceptHandler { .. } => DefinitionKind::ExceptHandler,
            Self::Parameter { .. } => DefinitionKind::Parameter,
            Self::MatchCapture { .. } => DefinitionKind::MatchCapture,
            Self::TypeParam(_) => DefinitionKind::TypeParam,
        }
    }
}
