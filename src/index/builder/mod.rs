//! The walk that builds a semantic index: one pass over the tree, nested scopes in place.
//!
//! [`Builder`] owns what belongs to the module and a stack of the scopes that are open ([`scope::ScopeState`]);
//! the files beside this one visit statements, control flow, conditions, expressions and targets.

mod branches;
mod conditions;
mod definitions;
mod exports;
mod expressions;
mod freeze;
mod join;
mod kept;
mod lookup;
mod names;
mod prescan;
mod reach;
mod reads;
mod scope;
mod statements;
mod statics;
mod targets;
mod tries;

use ruff_index::IndexVec;
use ruff_python_ast::name::Name;
use ruff_python_ast::{AtomicNodeIndex, Identifier, ModModule, NodeIndex, Pattern};
use ruff_text_size::TextSize;

pub use self::exports::dotted;
use self::join::Arms;
use self::names::{NameId, Names};
use self::reach::{ReachGraph, position};
use self::scope::{Branch, ScopeState};
pub use self::statements::is_placeholder;
use self::statics::Statics;
pub use self::statics::integer;
use super::ast::{AstNodes, PredicateNode, ScopeNode};
use super::definition::Definition;
use super::flow::{Predicate, PredicateKind};
use super::ids::{DefinitionId, FlowId, NodeId, PlaceId, PredicateId, ReachId, ScopeId};
use super::model::{
    DunderAll, IndexSettings, InstanceAttribute, Scope, ScopeKind, SemanticIndex, Snapshot,
    StarImport,
};
use super::place::PlaceFlags;

/// Indexes a module, and sets the `node_index` of every expression and statement that it visits. Ids depend on
/// the tree and the settings alone.
#[must_use]
pub fn build<'ast>(
    module: &'ast ModModule,
    settings: &IndexSettings,
) -> (SemanticIndex, AstNodes<'ast>) {
    let mut builder = Builder::new(settings);
    builder.push_scope(ScopeKind::Module, ScopeNode::Module, None);
    let Builder { names, stack, .. } = &mut builder;
    if let Some(scope) = stack.last_mut() {
        prescan::prescan_body(names, scope, &module.body);
        prescan::disown_outside_names(scope);
    }
    builder.suite(&module.body);
    builder.pop_scope();
    builder.finish()
}

/// What the walk has found so far.
struct Builder<'ast> {
    statics: Statics,
    is_stub: bool,
    declarations_only: bool,
    names: Names,
    stack: Vec<ScopeState>,
    /// Where in the stack the region is in which nodes are numbered now.
    region: usize,
    /// The innermost statement, in that region.
    stmt: Option<NodeId>,
    /// How many `if TYPE_CHECKING:` blocks we are in.
    type_checking: u32,

    graph: ReachGraph,
    scopes: IndexVec<ScopeId, Option<Scope>>,
    definitions: IndexVec<DefinitionId, Definition>,
    predicates: IndexVec<PredicateId, Predicate>,
    nodes: AstNodes<'ast>,

    node_scopes: Vec<(ScopeId, NodeId, ScopeId)>,
    node_definitions: Vec<(ScopeId, NodeId, DefinitionId)>,
    start_definitions: Vec<(TextSize, DefinitionId)>,
    snapshots: Vec<(ScopeId, Snapshot)>,
    dead_operands: Vec<(ScopeId, NodeId)>,
    star_imports: Vec<StarImport>,
    dunder_all: Option<DunderAll>,
    instance_attributes: Vec<(ScopeId, InstanceAttribute)>,
    has_future_annotations: bool,
    /// There if the settings ask for it.
    reads: Option<reads::ReadLog>,
}

impl<'ast> Builder<'ast> {
    fn new(settings: &IndexSettings) -> Self {
        Self {
            statics: Statics::new(*settings),
            is_stub: settings.is_stub,
            declarations_only: settings.declarations_only,
            names: Names::default(),
            stack: Vec::new(),
            region: 0,
            stmt: None,
            type_checking: 0,
            graph: ReachGraph::new(),
            scopes: IndexVec::new(),
            definitions: IndexVec::new(),
            predicates: IndexVec::new(),
            nodes: AstNodes {
                definitions: IndexVec::new(),
                scopes: IndexVec::new(),
                predicates: IndexVec::new(),
                exits: IndexVec::new(),
            },
            node_scopes: Vec::new(),
            node_definitions: Vec::new(),
            start_definitions: Vec::new(),
            snapshots: Vec::new(),
            dead_operands: Vec::new(),
            star_imports: Vec::new(),
            dunder_all: None,
            instance_attributes: Vec::new(),
            has_future_annotations: false,
            reads: settings.records_reads.then(reads::ReadLog::default),
        }
    }

    /// The innermost open scope.
    fn cur(&mut self) -> &mut ScopeState {
        self.stack.last_mut().expect("the module's scope is open during the walk")
    }

    /// The innermost open scope and the graph of reachability.
    fn cur_and_graph(&mut self) -> (&mut ScopeState, &mut ReachGraph) {
        let scope = self.stack.last_mut().expect("the module's scope is open during the walk");
        (scope, &mut self.graph)
    }

    /// When control gets to the current point.
    fn reach(&self) -> ReachId {
        self.stack.last().map_or(ReachId::NEVER, |scope| scope.reach)
    }

    fn is_dead(&self) -> bool {
        self.reach() == ReachId::NEVER
    }

    /// Numbers a node in the current region.
    fn number(&mut self, index: &AtomicNodeIndex) -> NodeId {
        let flow_at = &mut self.stack[self.region].flow_at;
        let id = position(flow_at.len());
        flow_at.push(u32::MAX);
        index.set(NodeIndex::from(id));
        NodeId::from_u32(id)
    }

    fn set_flow_at(&mut self, node: NodeId, value: u32) {
        self.stack[self.region].flow_at[node.as_usize()] = value;
    }

    /// Opens a scope; `node` is the statement or expression that it can be found by.
    fn push_scope(&mut self, kind: ScopeKind, scope_node: ScopeNode<'ast>, node: Option<NodeId>) {
        let id = self.nodes.scopes.push(scope_node);
        self.nodes.exits.push(None);
        self.scopes.push(None);
        let (parent, outer_region, reach) = match self.stack.last() {
            Some(outer) => (Some(outer.id), self.stack[self.region].id, outer.reach),
            None => (None, id, ReachId::ALWAYS),
        };
        if let Some(node) = node {
            self.node_scopes.push((outer_region, node, id));
        }
        let region = if kind.is_region() { id } else { outer_region };
        let mut scope = ScopeState::new(id, kind, parent, region);
        scope.outer_region = self.region;
        scope.outer_stmt = self.stmt;
        if reach == ReachId::NEVER {
            scope.reach = ReachId::NEVER;
        }
        if kind.is_region() {
            self.region = self.stack.len();
            self.stmt = None;
        }
        self.stack.push(scope);
    }

    /// Closes the innermost scope.
    fn pop_scope(&mut self) {
        let Some(mut scope) = self.stack.pop() else { return };
        self.region = scope.outer_region;
        self.stmt = scope.outer_stmt;
        lookup::settle_snapshots(&mut scope, &mut self.snapshots);
        let id = scope.id;
        self.scopes[id] = Some(freeze::freeze_scope(scope, &self.names, &self.definitions));
    }

    /// Asks something about a node, for inference to answer.
    fn predicate(
        &mut self,
        kind: PredicateKind,
        node: NodeId,
        ast: PredicateNode<'ast>,
    ) -> PredicateId {
        let scope = self.cur().id;
        self.nodes.predicates.push(ast);
        self.predicates.push(Predicate { scope, kind, node })
    }

    fn mark(&mut self) -> scope::Mark {
        self.cur().mark()
    }

    fn take(&mut self, mark: scope::Mark) -> Branch {
        self.cur().take(mark)
    }

    fn join(&mut self, arms: Arms, entry: ReachId) {
        let (scope, graph) = self.cur_and_graph();
        scope.join(graph, arms, entry);
    }

    /// Whether code here runs when the module is imported.
    fn in_function(&self) -> bool {
        self.stack.iter().any(|scope| matches!(scope.kind, ScopeKind::Function | ScopeKind::Lambda))
    }
}

/// The name that `import a.b.c` binds.
fn first_component(name: &Name) -> Name {
    match name.as_str().split_once('.') {
        Some((first, _)) => Name::new(first),
        None => name.clone(),
    }
}

/// The name that a pattern itself (not its parts) binds.
fn captured_name(pattern: &Pattern) -> Option<&Identifier> {
    match pattern {
        Pattern::MatchAs(pattern) => pattern.name.as_ref(),
        Pattern::MatchStar(pattern) => pattern.name.as_ref(),
        Pattern::MatchMapping(pattern) => pattern.rest.as_ref(),
        Pattern::MatchValue(_)
        | Pattern::MatchSingleton(_)
        | Pattern::MatchSequence(_)
        | Pattern::MatchClass(_)
        | Pattern::MatchOr(_) => None,
    }
}
