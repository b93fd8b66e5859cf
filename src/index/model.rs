//! The semantic index of one module: scopes, places, definitions and flow as plain frozen data.
//!
//! Nothing here points into the tree, which may be dropped and parsed again: see [`super::AstNodes`].

use std::hash::{Hash, Hasher};

use ruff_index::IndexVec;
use ruff_python_ast::name::Name;
use ruff_python_ast::{Expr, HasNodeIndex, PythonVersion};
use ruff_text_size::{TextRange, TextSize};
use rustc_hash::FxHasher;
use smallvec::SmallVec;

use super::definition::{Definition, DefinitionKind};
use super::distinct::Distinct;
use super::flow::{Flow, JoinOperand, OperandRange, Predicate, Reach};
use super::ids::{DefinitionId, FlowId, NodeId, PlaceId, PredicateId, ReachId, ScopeId};
use super::members::{MemberName, Members, Names};
use super::place::{Place, PlaceExpr, PlaceSegment};
use super::reads::Read;

/// What the index of a module depends on besides its text.
#[derive(Debug, Clone, Copy)]
pub struct IndexSettings {
    /// Decides `sys.version_info` tests.
    pub python_version: PythonVersion,
    /// `sys.platform`; `None` if unknown, and then tests of it are not decided.
    pub platform: Option<&'static str>,
    /// Whether it is a stub file, where `x: int` counts as a binding.
    pub is_stub: bool,
    /// Whether functions without a body get no scope: in a stub that is not checked itself nobody asks for
    /// their parameters, and they would be most of its index.
    pub declarations_only: bool,
    /// Whether every use of a name is recorded, for the audit.
    pub records_reads: bool,
}

impl IndexSettings {
    /// Those of a module of the program, on Linux, with nothing recorded.
    #[must_use]
    pub const fn of_source(python_version: PythonVersion) -> Self {
        Self {
            python_version,
            platform: Some("linux"),
            is_stub: false,
            declarations_only: false,
            records_reads: false,
        }
    }
}

/// What a scope belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ScopeKind {
    /// The module.
    Module,
    /// A class body.
    Class,
    /// A function body with its parameters.
    Function,
    /// A lambda with its parameters.
    Lambda,
    /// A list, set or dict comprehension or generator expression.
    Comprehension,
    /// The type parameters of a function, class or type alias, and what may mention them: annotations, bases.
    TypeParams,
    /// The value of a `type` statement.
    TypeAlias,
}

impl ScopeKind {
    /// Whether nodes are numbered in scopes of this kind.
    #[must_use]
    pub const fn is_region(self) -> bool {
        matches!(self, Self::Module | Self::Class | Self::Function)
    }

    /// Whether the scope's code runs right where it stands, not whenever it is called.
    #[must_use]
    pub const fn is_eager(self) -> bool {
        !matches!(self, Self::Function | Self::Lambda | Self::TypeAlias)
    }
}

/// The value of an enclosing scope's place at the point where an inner scope is created.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Snapshot {
    pub scope: ScopeId,
    pub place: PlaceId,
    pub flow: FlowId,
}

/// A scope.
#[derive(Debug)]
pub struct Scope {
    /// What it belongs to.
    pub kind: ScopeKind,
    /// The scope around it.
    pub parent: Option<ScopeId>,
    /// The region in which its nodes are numbered: itself, if its kind is a region.
    pub region: ScopeId,
    /// How many nodes the region numbers; 0 for other scopes.
    pub node_count: u32,
    /// The places, by id.
    pub places: IndexVec<PlaceId, Place>,
    /// The place ids, sorted by a hash of their expressions.
    pub(super) by_hash: Box<[(u32, PlaceId)]>,
    /// The value graph.
    pub flows: IndexVec<FlowId, Flow>,
    /// The operands of its joins and loops.
    pub operands: Box<[JoinOperand]>,
    /// For region scopes, by [`NodeId`]: the [`FlowId`] of a place that is read (in the scope the read stands
    /// directly in), or the [`ReachId`] before a statement; `u32::MAX` for everything else, for names that this
    /// scope does not bind and has not narrowed, and for longer places of which nothing is known. Read it
    /// through [`SemanticIndex::flow_at`] and [`SemanticIndex::reach_at`].
    pub flow_at: Box<[u32]>,
    /// When control gets to the end.
    pub end_reach: ReachId,
    /// Whether it is an `async def`, or a comprehension with `async for` or `await`.
    pub is_async: bool,
    /// Whether it is a function or lambda with a `yield`, or a generator expression.
    pub is_generator: bool,
    /// The `return` statements of a function, in order, with when they are reached.
    pub returns: Box<[(NodeId, ReachId)]>,
    /// Sorted by scope and place.
    pub(super) snapshots: Box<[Snapshot]>,
    /// Sorted by flow.
    pub(super) milestones: Box<[(FlowId, PlaceId)]>,
}

/// A hash of a place that is the same in every run.
pub(super) fn hash_of_place(root: &str, segments: &[PlaceSegment]) -> u32 {
    let mut hasher = FxHasher::default();
    hasher.write(root.as_bytes());
    segments.iter().for_each(|segment| segment.hash(&mut hasher));
    let hash = hasher.finish();
    u32::try_from(hash >> 32).unwrap_or(0) ^ u32::try_from(hash & 0xFFFF_FFFF).unwrap_or(0)
}

impl Scope {
    /// The place called `name`. Mind [`Place::is_bound`]: it may be a free name that is narrowed here.
    #[must_use]
    pub fn place_by_name(&self, name: &str) -> Option<PlaceId> {
        let is_name = |expr: &PlaceExpr| expr.is_name() && expr.root.as_str() == name;
        self.with_hash(hash_of_place(name, &[])).find(|&id| is_name(&self.places[id].expr))
    }

    /// The place spelled `expr`.
    #[must_use]
    pub fn find_place(&self, expr: &PlaceExpr) -> Option<PlaceId> {
        self.with_hash(hash_of_place(&expr.root, &expr.segments))
            .find(|&id| self.places[id].expr == *expr)
    }

    /// The places with this hash: hardly ever more than one.
    fn with_hash(&self, wanted: u32) -> impl Iterator<Item = PlaceId> + '_ {
        let start = self.by_hash.partition_point(|entry| entry.0 < wanted);
        self.by_hash[start..].iter().take_while(move |entry| entry.0 == wanted).map(|entry| entry.1)
    }

    /// The place with this id.
    #[must_use]
    pub fn place(&self, id: PlaceId) -> &Place {
        &self.places[id]
    }

    /// The flow with this id.
    #[must_use]
    pub fn flow(&self, id: FlowId) -> Flow {
        self.flows[id]
    }

    /// Takes together, among values that may arrive at a join and are all possible, those that a test has told
    /// apart: `x` narrowed by a test and `x` narrowed by its failure are `x`. The walk does so itself where the
    /// ways can be told to be possible; only inference knows it if there are calls on them.
    #[must_use]
    pub fn unite_outcomes(&self, flows: SmallVec<[FlowId; 8]>) -> SmallVec<[FlowId; 8]> {
        let mut kept = Distinct::default();
        for flow in flows.into_iter().rev() {
            let mut current = flow;
            while let Some(previous) = kept.last().and_then(|last| self.united(current, last)) {
                kept.pop();
                current = previous;
            }
            kept.push(current);
        }
        let mut kept = kept.into_inner();
        kept.reverse();
        kept
    }

    fn united(&self, one: FlowId, other: FlowId) -> Option<FlowId> {
        match (self.flows[one], self.flows[other]) {
            (
                Flow::Narrowed { predicate, positive, previous },
                Flow::Narrowed { predicate: p, positive: q, previous: r },
            ) if predicate == p && previous == r && positive != q => Some(previous),
            _ => None,
        }
    }

    /// The place of a flow, if it is a milestone: one of every 16 joins of a name of a module, outside of the loops that
    /// bind it. Whoever asks for many values of the name goes back to the last milestone and no further.
    #[must_use]
    pub fn milestone(&self, flow: FlowId) -> Option<PlaceId> {
        if self.milestones.is_empty() {
            return None;
        }
        let at = self.milestones.binary_search_by_key(&flow, |entry| entry.0).ok()?;
        Some(self.milestones[at].1)
    }

    /// The operands of a join or loop.
    #[must_use]
    pub fn operands(&self, range: OperandRange) -> &[JoinOperand] {
        &self.operands[range.indices()]
    }
}

/// An assignment to an attribute of a method's first parameter.
#[derive(Debug, Clone)]
pub struct InstanceAttribute {
    /// The attribute.
    pub name: Name,
    /// The definition, in the method's scope.
    pub definition: DefinitionId,
    /// The method's scope.
    pub method_scope: ScopeId,
    /// Whether the first parameter is the class: in class methods, `__new__`, ….
    pub on_class: bool,
    /// Whether it is one of many that the method assigns in loops.
    pub in_loop: bool,
}

/// A `from … import *`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StarImport {
    /// Has the reach.
    pub definition: DefinitionId,
    /// The number of leading dots.
    pub level: u32,
    /// The dotted name after the dots; empty if there is none.
    pub module: Name,
}

/// What the module says about `__all__`, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DunderAll {
    /// The steps; the first starts from an empty list.
    pub ops: Vec<DunderAllOp>,
}

/// A step in building `__all__`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DunderAllOp {
    /// These names, from a literal.
    Add(Vec<Name>),
    /// The `__all__` of another module, given as a dotted expression (`a.b` for `a.b.__all__`).
    AddModule(String),
    /// `__all__.remove("x")`
    Remove(Name),
    /// Something that can't be followed.
    Unknown,
}

/// Everything known about a module before types.
#[derive(Debug)]
pub struct SemanticIndex {
    /// The scopes, in the order in which the walk enters them.
    pub scopes: IndexVec<ScopeId, Scope>,
    /// The definitions, in visit order.
    pub definitions: IndexVec<DefinitionId, Definition>,
    /// When control gets where.
    pub reach: IndexVec<ReachId, Reach>,
    /// The operands of [`Reach::Join`].
    pub reach_operands: Box<[ReachId]>,
    /// The questions that flow and reachability depend on.
    pub predicates: IndexVec<PredicateId, Predicate>,
    /// `from … import *`, in order.
    pub star_imports: Box<[StarImport]>,
    /// Whether it stands for a text that could not be read, which may define any name.
    pub is_unknown: bool,
    /// `__all__`, if the module defines it.
    pub dunder_all: Option<DunderAll>,
    /// Whether there is a `from __future__ import annotations`.
    pub has_future_annotations: bool,
    /// Every use of a name, in order of place, if the settings ask for it; see [`super::reads`].
    pub reads: Box<[Read]>,
    /// The names of class members.
    pub(super) members: Members,
    /// Sorted by class scope, name and order.
    pub(super) instance_attributes: Box<[(ScopeId, InstanceAttribute)]>,
    /// Operands of `and`, `or` and `… if … else …` that the settings rule out, sorted by region and node.
    pub(super) dead_operands: Box<[(ScopeId, NodeId)]>,
    /// Sorted by region and node.
    pub(super) node_scopes: Box<[(ScopeId, NodeId, ScopeId)]>,
    /// Sorted by region and node.
    pub(super) node_definitions: Box<[(ScopeId, NodeId, DefinitionId)]>,
    /// Sorted by the start of the defining name or target.
    pub(super) start_definitions: Box<[(TextSize, DefinitionId)]>,
}

impl SemanticIndex {
    /// The value of a read place, if `node` is one. Its flows belong to `scope`, the scope that the read stands
    /// directly in. `None` also for names that `scope` neither binds nor has narrowed: look them up outside,
    /// first with [`Self::enclosing_flow`].
    #[must_use]
    pub fn flow_at(&self, scope: ScopeId, node: NodeId) -> Option<FlowId> {
        let value = *self.scopes[self.scopes[scope].region].flow_at.get(node.as_usize())?;
        (value != u32::MAX).then(|| FlowId::from_u32(value))
    }

    /// When control gets to the statement `node` of the region that `scope` is in.
    #[must_use]
    pub fn reach_at(&self, scope: ScopeId, node: NodeId) -> Option<ReachId> {
        let value = *self.scopes[self.scopes[scope].region].flow_at.get(node.as_usize())?;
        (value != u32::MAX).then(|| ReachId::from_u32(value))
    }

    /// The reach with this id.
    #[must_use]
    pub fn reach(&self, id: ReachId) -> Reach {
        self.reach[id]
    }

    /// The operands of a [`Reach::Join`].
    #[must_use]
    pub fn reach_operands(&self, range: OperandRange) -> &[ReachId] {
        &self.reach_operands[range.indices()]
    }

    /// What other scopes see of a place. For modules and classes this is the value at the end; for functions,
    /// lambdas and comprehensions, which are read from inside while they run, it is any of the bindings.
    #[must_use]
    pub fn public(&self, scope: ScopeId, place: PlaceId) -> FlowId {
        self.scopes[scope].places[place].end_flow
    }

    /// The scopes in which a name that `scope` does not bind is looked up, from the inside out: classes are
    /// skipped, but for type parameters that stand directly in them.
    pub fn enclosing_scopes(&self, scope: ScopeId) -> impl Iterator<Item = ScopeId> + '_ {
        let sees_class = |id: ScopeId| {
            matches!(self.scopes[id].kind, ScopeKind::TypeParams | ScopeKind::TypeAlias)
        };
        let mut class_visible = sees_class(scope);
        let mut current = self.scopes[scope].parent;
        std::iter::from_fn(move || {
            while let Some(id) = current {
                current = self.scopes[id].parent;
                let visible = self.scopes[id].kind != ScopeKind::Class || class_visible;
                class_visible &= sees_class(id);
                if visible {
                    return Some(id);
                }
            }
            None
        })
    }

    /// The value of `name` in the nearest enclosing scope that binds (or has narrowed) it, at the point where
    /// `inner` is created: always for scopes that run there and then, for functions and lambdas only if the
    /// place can't be bound again afterwards. `None`: use [`Self::public`] of the scope that binds it.
    #[must_use]
    pub fn enclosing_flow(&self, inner: ScopeId, name: &str) -> Option<(ScopeId, PlaceId, FlowId)> {
        self.enclosing_snapshot(inner, |scope| scope.place_by_name(name))
    }

    /// The same for a place of any length.
    #[must_use]
    pub fn enclosing_place_flow(
        &self,
        inner: ScopeId,
        place: &PlaceExpr,
    ) -> Option<(ScopeId, PlaceId, FlowId)> {
        self.enclosing_snapshot(inner, |scope| scope.find_place(place))
    }

    fn enclosing_snapshot(
        &self,
        inner: ScopeId,
        find: impl Fn(&Scope) -> Option<PlaceId>,
    ) -> Option<(ScopeId, PlaceId, FlowId)> {
        let snapshots = &self.scopes[inner].snapshots;
        if snapshots.is_empty() {
            return None;
        }
        self.enclosing_scopes(inner).find_map(|scope| {
            let place = find(&self.scopes[scope])?;
            let index = snapshots
                .binary_search_by(|snapshot| (snapshot.scope, snapshot.place).cmp(&(scope, place)))
                .ok()?;
            Some((scope, place, snapshots[index].flow))
        })
    }

    /// The place of `scope` that `expr` spells.
    #[must_use]
    pub fn place_of_expr(&self, scope: ScopeId, expr: &Expr) -> Option<PlaceId> {
        let scope = &self.scopes[scope];
        match expr {
            Expr::Name(name) => scope.place_by_name(&name.id),
            _ => scope.find_place(&PlaceExpr::from_expr(expr)?),
        }
    }

    /// The scope that the node opens: a `def`, `class` or `type` statement, lambda or comprehension that stands
    /// in `region`. The scope of its type parameters, if any, is that scope's parent.
    #[must_use]
    pub fn scope_of_node(&self, region: ScopeId, node: &impl HasNodeIndex) -> Option<ScopeId> {
        let node = NodeId::of(node)?;
        let index = self
            .node_scopes
            .binary_search_by(|entry| (entry.0, entry.1).cmp(&(region, node)))
            .ok()?;
        Some(self.node_scopes[index].2)
    }

    /// The scope of the body of a class statement, by its definition; `None` for what is no class statement.
    #[must_use]
    pub fn class_body(&self, class: DefinitionId) -> Option<ScopeId> {
        self.body(class, DefinitionKind::Class)
    }

    /// Where a parameter of a `def` is named; `None` where the function has none of that name, or no scope.
    #[must_use]
    pub fn parameter_range(&self, function: DefinitionId, name: &str) -> Option<TextRange> {
        let scope = &self.scopes[self.body(function, DefinitionKind::Function)?];
        let place = scope.place(scope.place_by_name(name)?);
        let mut definitions = place.definitions.iter().map(|&id| &self.definitions[id]);
        definitions.find(|each| each.kind == DefinitionKind::Parameter).map(|each| each.name_range)
    }

    fn body(&self, definition: DefinitionId, kind: DefinitionKind) -> Option<ScopeId> {
        let definition = self.definitions.get(definition).filter(|it| it.kind == kind)?;
        let statement = (self.scopes[definition.scope].region, definition.node?);
        let entry = |entry: &(ScopeId, NodeId, ScopeId)| (entry.0, entry.1).cmp(&statement);
        let at = self.node_scopes.binary_search_by(entry).ok()?;
        Some(self.node_scopes[at].2)
    }

    /// Whether an operand of `and`, `or` or `… if … else …` never runs, though the expression does:
    /// `sys.platform == "win32" and operand`.
    #[must_use]
    pub fn is_dead_operand(&self, region: ScopeId, node: &impl HasNodeIndex) -> bool {
        !self.dead_operands.is_empty()
            && NodeId::of(node)
                .is_some_and(|node| self.dead_operands.binary_search(&(region, node)).is_ok())
    }

    /// The definition that the node in `region` makes: a `def` or `class` statement, a walrus, or the leaf
    /// target of any assignment.
    #[must_use]
    pub fn definition_of_node(
        &self,
        region: ScopeId,
        node: &impl HasNodeIndex,
    ) -> Option<DefinitionId> {
        let node = NodeId::of(node)?;
        let index = self
            .node_definitions
            .binary_search_by(|entry| (entry.0, entry.1).cmp(&(region, node)))
            .ok()?;
        Some(self.node_definitions[index].2)
    }

    /// The definition whose key starts at this offset. The key is the leaf target, or for what is no
    /// expression: the alias of an import, and the name of a function, class, parameter, type parameter,
    /// exception handler or pattern capture. No two definitions share one.
    #[must_use]
    pub fn definition_at(&self, start: TextSize) -> Option<DefinitionId> {
        let index = self.start_definitions.binary_search_by(|entry| entry.0.cmp(&start)).ok()?;
        Some(self.start_definitions[index].1)
    }

    /// What is known of the member `name` of a class, by the definition of the class.
    #[must_use]
    pub fn member_name(&self, class: DefinitionId, name: &str) -> MemberName {
        let names = Names { scopes: &self.scopes, attributes: &self.instance_attributes };
        self.members.find(class, name, names)
    }

    /// How many names [`MemberName::Written`] numbers.
    #[must_use]
    pub fn member_count(&self) -> usize {
        self.members.len()
    }

    /// The attributes that the methods of a class assign on their first parameter, by name, then in order.
    #[must_use]
    pub fn instance_attributes(
        &self,
        class_scope: ScopeId,
    ) -> impl ExactSizeIterator<Item = &InstanceAttribute> + Clone {
        let start = self.instance_attributes.partition_point(|entry| entry.0 < class_scope);
        let end = self.instance_attributes.partition_point(|entry| entry.0 <= class_scope);
        self.instance_attributes[start..end].iter().map(|entry| &entry.1)
    }

    /// Those of [`Self::instance_attributes`] that are called `name`.
    pub fn instance_attribute(
        &self,
        class_scope: ScopeId,
        name: &str,
    ) -> impl ExactSizeIterator<Item = &InstanceAttribute> + Clone {
        let key = (class_scope, name);
        let start = self
            .instance_attributes
            .partition_point(|entry| (entry.0, entry.1.name.as_str()) < key);
        let end = self
            .instance_attributes
            .partition_point(|entry| (entry.0, entry.1.name.as_str()) <= key);
        self.instance_attributes[start..end].iter().map(|entry| &entry.1)
    }
}
