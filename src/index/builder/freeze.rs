//! From the state of the walk to frozen data.
//!
//! Sorting happens here, once, for every table that is searched later.

use ruff_index::IndexVec;
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::reach::position;
use super::scope::{PlaceState, ScopeState};
use super::{
    AstNodes, Builder, Definition, DefinitionId, FlowId, PlaceId, ReachId, Scope, ScopeId,
    ScopeKind, ScopeNode, SemanticIndex, Snapshot,
};
use crate::index::flow::{Flow, JoinOperand, OperandRange};
use crate::index::members::{Members, Names};
use crate::index::model::hash_of_place;
use crate::index::place::{Definitions, Place};

/// A method that assigns fewer attributes than this in loops has few.
const MANY_IN_LOOPS: usize = 8;

/// Freezes a scope whose walk has ended; its snapshots come at the very end.
pub(super) fn freeze_scope(
    mut scope: ScopeState,
    names: &super::names::Names,
    definitions: &IndexVec<DefinitionId, Definition>,
) -> Scope {
    let keeps_end =
        matches!(scope.kind, ScopeKind::Module | ScopeKind::Class) && scope.reach != ReachId::NEVER;
    let states = std::mem::take(&mut scope.places);
    let mut places: IndexVec<PlaceId, Place> = IndexVec::with_capacity(states.len());
    for state in states {
        let id = places.next_index();
        let end_flow = if keeps_end {
            scope.values[id]
        } else if state.segments.is_empty() {
            any_binding(&mut scope, &state, definitions)
        } else {
            FlowId::START
        };
        places.push(Place {
            expr: names.place_expr(state.root, &state.segments),
            flags: state.flags,
            end_flow,
            definitions: Definitions::from(&*state.definitions),
            foreign_definitions: state.foreign_definitions.into_iter().collect(),
        });
    }
    let hash = |place: &Place| hash_of_place(&place.expr.root, &place.expr.segments);
    let mut by_hash: Vec<(u32, PlaceId)> =
        places.iter_enumerated().map(|(id, place)| (hash(place), id)).collect();
    by_hash.sort_unstable();
    scope.flows.shrink_to_fit();
    Scope {
        kind: scope.kind,
        parent: scope.parent,
        region: scope.region,
        node_count: position(scope.flow_at.len()),
        places,
        by_hash: by_hash.into_boxed_slice(),
        flows: scope.flows,
        operands: scope.operands.into_boxed_slice(),
        flow_at: scope.flow_at.into_boxed_slice(),
        end_reach: scope.reach,
        is_async: scope.is_async,
        is_generator: scope.is_generator,
        returns: scope.returns.into_boxed_slice(),
        snapshots: Box::default(),
        milestones: scope.milestones.into_boxed_slice(),
    }
}

/// The value of a place that is read at times we don't know: any of its bindings.
fn any_binding(
    scope: &mut ScopeState,
    state: &PlaceState,
    definitions: &IndexVec<DefinitionId, Definition>,
) -> FlowId {
    let bindings: SmallVec<[DefinitionId; 4]> = state
        .definitions
        .iter()
        .copied()
        .filter(|&id| {
            definitions[id].category.is_binding() && definitions[id].reach != ReachId::NEVER
        })
        .collect();
    match bindings.as_slice() {
        [] => FlowId::START,
        [single] => match state.first_binding {
            Some(flow) if scope.flows[flow] == Flow::Definition(*single) => flow,
            _ => scope.flows.push(Flow::Definition(*single)),
        },
        _ => {
            let mut operands = Vec::with_capacity(bindings.len());
            for &id in &bindings {
                let flow = scope.flows.push(Flow::Definition(id));
                operands.push(JoinOperand { flow, reach: definitions[id].reach });
            }
            let start = position(scope.operands.len());
            scope.operands.extend(operands);
            let end = position(scope.operands.len());
            scope.flows.push(Flow::Join(OperandRange { start, end }))
        }
    }
}

impl<'ast> Builder<'ast> {
    /// Ends the walk.
    pub(super) fn finish(mut self) -> (SemanticIndex, AstNodes<'ast>) {
        // Every scope was closed, so none is missing.
        let mut scopes: IndexVec<ScopeId, Scope> = IndexVec::with_capacity(self.scopes.len());
        scopes.extend(std::mem::take(&mut self.scopes).into_iter().flatten());
        self.definitions.shrink_to_fit();
        self.graph.nodes.shrink_to_fit();
        self.predicates.shrink_to_fit();
        // Stable: of several snapshots of a place, the first is the one at the inner scope's creation.
        self.snapshots.sort_by_key(|(inner, snapshot)| (*inner, snapshot.scope, snapshot.place));
        self.snapshots.dedup_by_key(|(inner, snapshot)| (*inner, snapshot.scope, snapshot.place));
        for group in self.snapshots.chunk_by(|one, other| one.0 == other.0) {
            let snapshots: Box<[Snapshot]> = group.iter().map(|entry| entry.1).collect();
            scopes[group[0].0].snapshots = snapshots;
        }
        self.node_scopes.sort_unstable();
        self.dead_operands.sort_unstable();
        self.node_definitions.sort_unstable();
        self.start_definitions.sort_unstable();
        self.tell_few_in_loops();
        // Stable, to keep the order of definitions among those of one name.
        self.instance_attributes
            .sort_by(|one, other| (one.0, &one.1.name).cmp(&(other.0, &other.1.name)));
        let reads = self.settle_reads(&scopes);
        let start_definitions = &self.start_definitions;
        let class_of = |(id, scope): (ScopeId, &Scope)| {
            let ScopeNode::Class(class) = self.nodes.scopes[id] else { return None };
            let start = class.name.range.start();
            let at = start_definitions.binary_search_by_key(&start, |entry| entry.0).ok()?;
            (scope.kind == ScopeKind::Class).then_some((start_definitions[at].1, id))
        };
        let classes = scopes.iter_enumerated().filter_map(class_of).collect();
        let names = Names { scopes: &scopes, attributes: &self.instance_attributes };
        let members = Members::new(classes, names);
        let index = SemanticIndex {
            reads,
            members,
            scopes,
            definitions: self.definitions,
            reach: self.graph.nodes,
            reach_operands: self.graph.operands.into_boxed_slice(),
            predicates: self.predicates,
            star_imports: self.star_imports.into_boxed_slice(),
            is_unknown: false,
            dunder_all: self.dunder_all,
            has_future_annotations: self.has_future_annotations,
            instance_attributes: self.instance_attributes.into_boxed_slice(),
            dead_operands: self.dead_operands.into_boxed_slice(),
            node_scopes: self.node_scopes.into_boxed_slice(),
            node_definitions: self.node_definitions.into_boxed_slice(),
            start_definitions: self.start_definitions.into_boxed_slice(),
        };
        (index, self.nodes)
    }

    /// Where a method assigns but few attributes in loops, they are not told from others: see [`InstanceAttribute::in_loop`].
    fn tell_few_in_loops(&mut self) {
        let mut counts: FxHashMap<ScopeId, usize> = FxHashMap::default();
        for (_, attribute) in self.instance_attributes.iter().filter(|entry| entry.1.in_loop) {
            *counts.entry(attribute.method_scope).or_default() += 1;
        }
        counts.retain(|_, count| *count < MANY_IN_LOOPS);
        if !counts.is_empty() {
            for (_, attribute) in &mut self.instance_attributes {
                attribute.in_loop &= !counts.contains_key(&attribute.method_scope);
            }
        }
    }
}
