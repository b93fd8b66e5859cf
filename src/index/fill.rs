//! Nodes by id for a tree that was parsed again, without indexing it anew.
//!
//! The first walk over a tree gives its nodes their numbers and makes the index. When the tree is dropped and
//! parsed again, the text and so the tree are the same, and all that is missing is the numbers in the nodes
//! and the references from ids to nodes ([`AstNodes`]). A [`Numbering`] keeps the numbers in the order of the
//! source; [`fill`] puts them back and finds the nodes of scopes, definitions and predicates by them.
//!
//! ```text
//! x = f(y)      numbers in the order of the source: stmt 0, x 3, f(y) 1, f 2, y …
//! ```
//!
//! What is found is checked to be all that there was: if something is missing, [`fill`] says so, and the caller
//! indexes the tree again.

use ruff_index::IndexVec;
use ruff_python_ast::visitor::source_order::{
    SourceOrderVisitor, walk_body, walk_expr, walk_pattern, walk_stmt,
};
use ruff_python_ast::{
    self as ast, AtomicNodeIndex, Expr, HasNodeIndex, ModModule, NodeIndex, Stmt,
};
use ruff_text_size::{Ranged, TextSize};
use rustc_hash::FxHashMap;

use super::ast::{AstNodes, FunctionExits, PredicateNode, ScopeNode};
use super::definition::{DefinitionNode, ParameterKind, ParameterOwner};
use super::flow::PredicateKind;
use super::ids::{DefinitionId, NodeId, PredicateId, ScopeId};
use super::model::{ScopeKind, SemanticIndex};

/// The numbers of a tree's statements and expressions in the order of the source, and which `yield`s each
/// function has.
#[derive(Debug, Default)]
pub struct Numbering {
    /// For each node 0, or one more than the zigzag difference to the last number, in groups of seven bits.
    numbers: Box<[u8]>,
    yields: Box<[(ScopeId, NodeId)]>,
}

impl Numbering {
    /// The numbering of a tree that was indexed just now.
    pub(super) fn of(module: &ModModule, nodes: &AstNodes<'_>) -> Self {
        let mut recorder = Recorder::default();
        recorder.visit_body(&module.body);
        let mut yields = Vec::new();
        for (scope, exits) in nodes.exits.iter_enumerated() {
            let of_scope = exits.iter().flat_map(|exits| &exits.yields);
            yields.extend(of_scope.filter_map(|expr| Some((scope, NodeId::of(*expr)?))));
        }
        Self { numbers: recorder.numbers.into(), yields: yields.into() }
    }

    /// Bytes that it takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.numbers.len() + size_of_val(&*self.yields)
    }
}

const NONE: u32 = u32::MAX;

fn number_of(index: &AtomicNodeIndex) -> u32 {
    index.load().as_u32().unwrap_or(NONE)
}

#[derive(Default)]
struct Recorder {
    numbers: Vec<u8>,
    last: u32,
}

impl Recorder {
    fn record(&mut self, index: &AtomicNodeIndex) {
        let number = number_of(index);
        if number == NONE {
            self.numbers.push(0);
            return;
        }
        let difference = number.wrapping_sub(self.last).cast_signed();
        self.last = number;
        // Zigzag: small differences of both signs become small numbers.
        let zigzag = ((difference << 1) ^ (difference >> 31)).cast_unsigned();
        let mut rest = u64::from(zigzag) + 1;
        while rest >= 0x80 {
            self.numbers.push(0x80 | u8::try_from(rest & 0x7F).unwrap_or(0));
            rest >>= 7;
        }
        self.numbers.push(u8::try_from(rest).unwrap_or(0));
    }
}

impl<'ast> SourceOrderVisitor<'ast> for Recorder {
    fn visit_stmt(&mut self, stmt: &'ast Stmt) {
        self.record(stmt.node_index());
        walk_stmt(self, stmt);
    }

    fn visit_expr(&mut self, expr: &'ast Expr) {
        self.record(expr.node_index());
        walk_expr(self, expr);
    }
}

/// Reads what a [`Recorder`] wrote.
struct Numbers<'n> {
    rest: std::slice::Iter<'n, u8>,
    last: u32,
}

impl Numbers<'_> {
    /// The next number; [`NONE`] for a node without one, `None` at the end.
    fn next(&mut self) -> Option<u32> {
        let mut value = 0_u64;
        let mut shift = 0;
        loop {
            let byte = *self.rest.next()?;
            value |= u64::from(byte & 0x7F) << shift;
            shift += 7;
            if byte & 0x80 == 0 {
                break;
            }
        }
        let Some(zigzag) = value.checked_sub(1) else { return Some(NONE) };
        let zigzag = u32::try_from(zigzag).ok()?;
        let difference = (zigzag >> 1) ^ (zigzag & 1).wrapping_neg();
        self.last = self.last.wrapping_add(difference);
        Some(self.last)
    }
}

/// The nodes of `module` by the ids of `index`, which was made of the same text; `None` when not all are found.
pub(super) fn fill<'ast>(
    module: &'ast ModModule,
    index: &SemanticIndex,
    numbering: &Numbering,
) -> Option<AstNodes<'ast>> {
    let mut filler = Filler::new(index, numbering);
    filler.visit_body(&module.body);
    filler.finish(numbering)
}

struct Filler<'ast, 'i> {
    index: &'i SemanticIndex,
    numbers: Numbers<'i>,
    is_broken: bool,
    /// The region that nodes are numbered in now; `None` where nothing was indexed.
    region: Option<ScopeId>,
    /// The body of the function or class that comes next, and its scope.
    body: Option<(*const Stmt, Option<ScopeId>)>,
    definitions: IndexVec<DefinitionId, Option<DefinitionNode<'ast>>>,
    scopes: IndexVec<ScopeId, Option<ScopeNode<'ast>>>,
    predicates: IndexVec<PredicateId, Option<PredicateNode<'ast>>>,
    /// The predicates of each region, by node.
    asked: FxHashMap<(ScopeId, NodeId), Vec<PredicateId>>,
    /// Regions with predicates, for a quick no.
    asking: Vec<u64>,
    returns: FxHashMap<(ScopeId, NodeId), &'ast ast::StmtReturn>,
    yields: FxHashMap<(ScopeId, NodeId), &'ast Expr>,
}

impl<'ast, 'i> Filler<'ast, 'i> {
    fn new(index: &'i SemanticIndex, numbering: &'i Numbering) -> Self {
        let mut asked: FxHashMap<(ScopeId, NodeId), Vec<PredicateId>> = FxHashMap::default();
        let mut asking = vec![0_u64; index.scopes.len().div_ceil(64)];
        for (id, predicate) in index.predicates.iter_enumerated() {
            let region = index.scopes[predicate.scope].region;
            asked.entry((region, predicate.node)).or_default().push(id);
            asking[region.as_usize() / 64] |= 1 << (region.as_usize() % 64);
        }
        let mut scopes: IndexVec<ScopeId, Option<ScopeNode<'ast>>> =
            index.scopes.iter().map(|_| None).collect();
        scopes[ScopeId::MODULE] = Some(ScopeNode::Module);
        Self {
            index,
            numbers: Numbers { rest: numbering.numbers.iter(), last: 0 },
            is_broken: false,
            region: Some(ScopeId::MODULE),
            body: None,
            definitions: index.definitions.iter().map(|_| None).collect(),
            scopes,
            predicates: index.predicates.iter().map(|_| None).collect(),
            asked,
            asking,
            returns: FxHashMap::default(),
            yields: FxHashMap::default(),
        }
    }

    fn finish(self, numbering: &Numbering) -> Option<AstNodes<'ast>> {
        if self.is_broken || self.numbers.rest.len() > 0 {
            return None;
        }
        let mut exits: IndexVec<ScopeId, Option<Box<FunctionExits<'ast>>>> =
            self.index.scopes.iter().map(|_| None).collect();
        for (id, scope) in self.index.scopes.iter_enumerated() {
            for &(node, _) in &scope.returns {
                let stmt = *self.returns.get(&(scope.region, node))?;
                exits[id].get_or_insert_default().returns.push(stmt);
            }
        }
        for &(scope, node) in &numbering.yields {
            let expr = *self.yields.get(&(self.index.scopes[scope].region, node))?;
            exits[scope].get_or_insert_default().yields.push(expr);
        }
        Some(AstNodes {
            definitions: self.definitions.into_iter().collect::<Option<_>>()?,
            scopes: self.scopes.into_iter().collect::<Option<_>>()?,
            predicates: self.predicates.into_iter().collect::<Option<_>>()?,
            exits,
        })
    }

    /// Gives a node its number back.
    fn number(&mut self, index: &AtomicNodeIndex) -> Option<NodeId> {
        match self.numbers.next() {
            Some(NONE) => None,
            Some(number) => {
                index.set(NodeIndex::from(number));
                Some(NodeId::from_u32(number))
            }
            None => {
                self.is_broken = true;
                None
            }
        }
    }

    /// The definition whose key starts here gets its node.
    fn define(&mut self, start: TextSize, node: DefinitionNode<'ast>) {
        if self.region.is_none() {
            return;
        }
        if let Some(id) = self.index.definition_at(start)
            && self.index.definitions[id].kind == node.kind()
        {
            self.definitions[id] = Some(node);
        }
    }

    /// The leaves of an assignment's target.
    fn targets(&mut self, target: &'ast Expr, node: &impl Fn(&'ast Expr) -> DefinitionNode<'ast>) {
        match target {
            Expr::Tuple(tuple) => tuple.elts.iter().for_each(|elt| self.targets(elt, node)),
            Expr::List(list) => list.elts.iter().for_each(|elt| self.targets(elt, node)),
            Expr::Starred(starred) => self.targets(&starred.value, node),
            _ => self.define(target.start(), node(target)),
        }
    }

    /// The scope that a node opens gets that node, and the scope of its type parameters, if there is one.
    fn open(
        &mut self,
        node: &impl HasNodeIndex,
        scope: ScopeNode<'ast>,
        type_params: Option<ScopeNode<'ast>>,
    ) -> Option<ScopeId> {
        let id = self.index.scope_of_node(self.region?, node)?;
        self.scopes[id] = Some(scope);
        if let Some(type_params) = type_params
            && let Some(parent) = self.index.scopes[id].parent
            && self.index.scopes[parent].kind == ScopeKind::TypeParams
        {
            self.scopes[parent] = Some(type_params);
        }
        Some(id)
    }

    fn type_params(&mut self, type_params: Option<&'ast ast::TypeParams>) {
        for param in type_params.into_iter().flat_map(|params| &params.type_params) {
            self.define(param.name().start(), DefinitionNode::TypeParam(param));
        }
    }

    fn parameters(&mut self, parameters: &'ast ast::Parameters, function: ParameterOwner<'ast>) {
        let positional = parameters.posonlyargs.iter().map(|p| (p, ParameterKind::PositionalOnly));
        let standard = parameters.args.iter().map(|p| (p, ParameterKind::Positional));
        let keyword = parameters.kwonlyargs.iter().map(|p| (p, ParameterKind::KeywordOnly));
        let split = |(p, kind): (&'ast ast::ParameterWithDefault, ParameterKind)| {
            (&p.parameter, p.default.as_deref(), kind)
        };
        let star = parameters.vararg.as_deref().map(|p| (p, None, ParameterKind::Variadic));
        let stars = parameters.kwarg.as_deref().map(|p| (p, None, ParameterKind::KeywordVariadic));
        let all = positional
            .chain(standard)
            .map(split)
            .chain(star)
            .chain(keyword.map(split))
            .chain(stars);
        for (index, (parameter, default, kind)) in (0..).zip(all) {
            let node = DefinitionNode::Parameter { function, parameter, default, kind, index };
            self.define(parameter.name.start(), node);
        }
    }

    fn captures(
        &mut self,
        stmt: &'ast ast::StmtMatch,
        case_index: u32,
        pattern: &'ast ast::Pattern,
    ) {
        struct Names<'f, 'ast, 'i> {
            filler: &'f mut Filler<'ast, 'i>,
            stmt: &'ast ast::StmtMatch,
            case_index: u32,
        }
        impl<'ast> SourceOrderVisitor<'ast> for Names<'_, 'ast, '_> {
            fn visit_pattern(&mut self, pattern: &'ast ast::Pattern) {
                if let Some(name) = captured_name(pattern) {
                    let (stmt, case_index) = (self.stmt, self.case_index);
                    let node = DefinitionNode::MatchCapture { stmt, case_index, pattern, name };
                    self.filler.define(name.start(), node);
                }
                walk_pattern(self, pattern);
            }

            fn visit_expr(&mut self, _: &'ast Expr) {}
        }
        Names { filler: self, stmt, case_index }.visit_pattern(pattern);
    }

    /// The predicates about a node get it.
    fn predicate(
        &mut self,
        node: Option<NodeId>,
        ast: impl Fn(PredicateKind) -> Option<PredicateNode<'ast>>,
    ) {
        let (Some(region), Some(node)) = (self.region, node) else { return };
        if self.asking[region.as_usize() / 64] & (1 << (region.as_usize() % 64)) == 0 {
            return;
        }
        for &id in self.asked.get(&(region, node)).map_or(&[][..], Vec::as_slice) {
            if let Some(ast) = ast(self.index.predicates[id].kind) {
                self.predicates[id] = Some(ast);
            }
        }
    }

    fn statement(&mut self, stmt: &'ast Stmt, node: Option<NodeId>) {
        match stmt {
            Stmt::FunctionDef(def) => {
                self.define(def.name.start(), DefinitionNode::Function(def));
                let type_params = def.type_params.as_deref();
                let outer = type_params.map(|params| ScopeNode::FunctionTypeParams(def, params));
                let scope = self.open(def, ScopeNode::Function(def), outer);
                self.type_params(type_params);
                self.parameters(&def.parameters, ParameterOwner::Function(def));
                self.body = Some((def.body.as_ptr(), scope));
            }
            Stmt::ClassDef(class) => {
                self.define(class.name.start(), DefinitionNode::Class(class));
                let type_params = class.type_params.as_deref();
                let outer = type_params.map(|params| ScopeNode::ClassTypeParams(class, params));
                let scope = self.open(class, ScopeNode::Class(class), outer);
                self.type_params(type_params);
                self.body = Some((class.body.as_ptr(), scope));
            }
            Stmt::TypeAlias(alias) => {
                self.define(alias.name.start(), DefinitionNode::TypeAlias(alias));
                let type_params = alias.type_params.as_deref();
                let outer = type_params.map(|params| ScopeNode::AliasTypeParams(alias, params));
                self.open(alias, ScopeNode::TypeAlias(alias), outer);
                self.type_params(type_params);
            }
            Stmt::Import(stmt) => {
                for alias in &stmt.names {
                    self.define(alias.start(), DefinitionNode::Import { stmt, alias });
                }
            }
            Stmt::ImportFrom(stmt) => {
                for alias in &stmt.names {
                    let node = match alias.name.as_str() {
                        "*" => DefinitionNode::StarImport { stmt },
                        _ => DefinitionNode::ImportFrom { stmt, alias },
                    };
                    self.define(alias.start(), node);
                }
            }
            Stmt::Assign(stmt) => {
                for top_target in &stmt.targets {
                    self.targets(top_target, &|target| DefinitionNode::Assignment {
                        stmt,
                        target,
                        top_target,
                    });
                }
            }
            Stmt::AnnAssign(stmt) => {
                let node = |target| DefinitionNode::AnnotatedAssignment { stmt, target };
                self.targets(&stmt.target, &node);
            }
            Stmt::AugAssign(stmt) => {
                let node = |target| DefinitionNode::AugmentedAssignment { stmt, target };
                self.targets(&stmt.target, &node);
            }
            Stmt::For(stmt) => {
                self.targets(&stmt.target, &|target| DefinitionNode::For { stmt, target });
            }
            Stmt::With(with) => {
                for item in &with.items {
                    let is_async = with.is_async;
                    let node = |target| DefinitionNode::WithItem { item, is_async, target };
                    item.optional_vars.iter().for_each(|vars| self.targets(vars, &node));
                }
                self.predicate(node, |kind| {
                    (kind == PredicateKind::ContextManager)
                        .then_some(PredicateNode::ContextManager(with))
                });
            }
            Stmt::Try(try_stmt) => {
                for ast::ExceptHandler::ExceptHandler(handler) in &try_stmt.handlers {
                    if let Some(name) = &handler.name {
                        let node = DefinitionNode::ExceptHandler { handler, try_stmt };
                        self.define(name.start(), node);
                    }
                }
            }
            Stmt::Match(stmt) => {
                for (case_index, case) in (0..).zip(&stmt.cases) {
                    self.captures(stmt, case_index, &case.pattern);
                }
                self.predicate(node, |kind| match kind {
                    PredicateKind::Pattern { case_index } => {
                        Some(PredicateNode::Pattern { stmt, case_index })
                    }
                    _ => None,
                });
            }
            Stmt::Return(stmt) => {
                if let (Some(region), Some(node)) = (self.region, node) {
                    self.returns.insert((region, node), stmt);
                }
            }
            _ => {}
        }
    }

    fn expression(&mut self, expr: &'ast Expr, node: Option<NodeId>) {
        self.predicate(node, |kind| match kind {
            PredicateKind::Test => Some(PredicateNode::Test(expr)),
            PredicateKind::Call => Some(PredicateNode::Call(expr)),
            _ => None,
        });
        match expr {
            Expr::Named(named) => {
                self.define(named.target.start(), DefinitionNode::NamedExpression(named));
            }
            Expr::Lambda(lambda) => {
                self.open(lambda, ScopeNode::Lambda(lambda), None);
                if let Some(parameters) = lambda.parameters.as_deref() {
                    self.parameters(parameters, ParameterOwner::Lambda(lambda));
                }
            }
            Expr::ListComp(ast::ExprListComp { generators, .. })
            | Expr::SetComp(ast::ExprSetComp { generators, .. })
            | Expr::Generator(ast::ExprGenerator { generators, .. })
            | Expr::DictComp(ast::ExprDictComp { generators, .. }) => {
                self.open(expr, ScopeNode::Comprehension(expr), None);
                for (at, comprehension) in generators.iter().enumerate() {
                    let is_first = at == 0;
                    let node =
                        |target| DefinitionNode::Comprehension { comprehension, target, is_first };
                    self.targets(&comprehension.target, &node);
                }
            }
            Expr::Yield(_) | Expr::YieldFrom(_) => {
                if let (Some(region), Some(node)) = (self.region, node) {
                    self.yields.insert((region, node), expr);
                }
            }
            _ => {}
        }
    }
}

/// The name that a pattern binds itself.
fn captured_name(pattern: &ast::Pattern) -> Option<&ast::Identifier> {
    match pattern {
        ast::Pattern::MatchAs(pattern) => pattern.name.as_ref(),
        ast::Pattern::MatchStar(pattern) => pattern.name.as_ref(),
        ast::Pattern::MatchMapping(pattern) => pattern.rest.as_ref(),
        _ => None,
    }
}

impl<'ast> SourceOrderVisitor<'ast> for Filler<'ast, '_> {
    fn visit_stmt(&mut self, stmt: &'ast Stmt) {
        let node = self.number(stmt.node_index());
        self.statement(stmt, node);
        walk_stmt(self, stmt);
    }

    fn visit_body(&mut self, body: &'ast [Stmt]) {
        match self.body {
            Some((own, scope)) if own == body.as_ptr() => {
                self.body = None;
                let outer = std::mem::replace(&mut self.region, scope);
                walk_body(self, body);
                self.region = outer;
            }
            _ => walk_body(self, body),
        }
    }

    fn visit_expr(&mut self, expr: &'ast Expr) {
        let node = self.number(expr.node_index());
        // What stands between a function and its body (decorators, defaults) belongs to the region around it.
        let body = self.body.take();
        self.expression(expr, node);
        walk_expr(self, expr);
        self.body = body;
    }
}
