//! Making definitions: the tables they go to, and the scopes that they concern besides their own.

use ruff_text_size::{TextRange, TextSize};

use super::names::SegmentKey;
use super::scope::Method;
use super::{
    Builder, Definition, DefinitionId, InstanceAttribute, NameId, NodeId, PlaceFlags, PlaceId,
    ScopeId, ScopeKind,
};
use crate::index::definition::{DefinitionCategory, DefinitionNode};
use crate::index::flow::{Flow, JoinOperand, OperandRange};
use crate::index::ids::FlowId;

use super::reach::position;

/// What [`Builder::define`] needs to know besides the place and the node.
#[derive(Clone, Copy)]
pub(super) struct Spot {
    pub category: DefinitionCategory,
    pub name_range: TextRange,
    /// Where it can be found by offset.
    pub key: TextSize,
    /// By which nodes it can be found.
    pub node: Option<NodeId>,
}

impl<'ast> Builder<'ast> {
    /// Makes a definition of a place of the innermost scope. Does not change the place's value yet.
    pub(super) fn define(
        &mut self,
        place: PlaceId,
        node: DefinitionNode<'ast>,
        spot: Spot,
    ) -> DefinitionId {
        self.define_at(self.stack.len() - 1, place, node, spot)
    }

    /// Makes a definition of a place of the scope at `index` in the stack.
    pub(super) fn define_at(
        &mut self,
        index: usize,
        place: PlaceId,
        node: DefinitionNode<'ast>,
        spot: Spot,
    ) -> DefinitionId {
        let method = self.method_around(index);
        let scope = &mut self.stack[index];
        let id = self.definitions.push(Definition {
            scope: scope.id,
            place,
            kind: node.kind(),
            category: spot.category,
            reach: scope.reach,
            name_range: spot.name_range,
            node: self.stmt,
        });
        self.nodes.definitions.push(node);
        let state = &mut scope.places[place];
        state.definitions.push(id);
        let flags = state.flags;
        let outside = flags.contains(PlaceFlags::GLOBAL) || flags.contains(PlaceFlags::NONLOCAL);
        if matches!(node, DefinitionNode::ImportFrom { .. }) {
            state.flags.insert(PlaceFlags::IMPORTED);
        }
        if spot.category.is_declaration() {
            state.flags.insert(PlaceFlags::DECLARED);
        }
        let root = state.root;
        if let [SegmentKey::Attribute(attribute)] = *state.segments {
            if let Some((method, method_scope)) = method
                && method.first_parameter == root
            {
                let attribute = InstanceAttribute {
                    name: self.names.name(attribute).clone(),
                    definition: id,
                    method_scope,
                    on_class: method.on_class,
                    in_loop: state.loops > 0,
                };
                self.instance_attributes.push((method.class, attribute));
            }
        } else if state.segments.is_empty() {
            if outside {
                self.define_outside(index, root, flags, id);
            } else {
                state.flags.insert(PlaceFlags::BOUND);
            }
        }
        let region = self.stack[self.region].id;
        if let Some(node) = spot.node {
            self.node_definitions.push((region, node, id));
        }
        self.start_definitions.push((spot.key, id));
        id
    }

    /// The method that the scope at `index` in the stack is the body of, or a comprehension in: `self` is its `self`.
    fn method_around(&self, index: usize) -> Option<(Method, ScopeId)> {
        let scope =
            self.stack[..=index].iter().rfind(|scope| scope.kind != ScopeKind::Comprehension)?;
        Some((scope.method?, scope.id))
    }

    /// Tells the scope that a `global` or `nonlocal` name belongs to about a definition.
    fn define_outside(&mut self, index: usize, name: NameId, flags: PlaceFlags, id: DefinitionId) {
        let owner = if flags.contains(PlaceFlags::GLOBAL) {
            (index > 0).then_some(0)
        } else {
            self.stack[..index].iter().rposition(|scope| {
                matches!(scope.kind, ScopeKind::Function | ScopeKind::Lambda)
                    && scope
                        .names
                        .get(&name)
                        .is_some_and(|&place| scope.places[place].flags.contains(PlaceFlags::BOUND))
            })
        };
        if let Some(owner) = owner {
            let scope = &mut self.stack[owner];
            let place = scope.name_place(name);
            scope.places[place].foreign_definitions.push(id);
        }
    }

    /// Gives a place of the innermost scope the value of a definition.
    pub(super) fn bind(&mut self, place: PlaceId, definition: DefinitionId) {
        let scope = self.cur();
        let flow = scope.flows.push(Flow::Definition(definition));
        scope.assign(place, flow);
    }

    /// Defines and, if the category says so, binds.
    pub(super) fn define_and_bind(
        &mut self,
        place: PlaceId,
        node: DefinitionNode<'ast>,
        spot: Spot,
    ) -> DefinitionId {
        let id = self.define(place, node, spot);
        if spot.category.is_binding() {
            self.bind(place, id);
        }
        id
    }

    /// Defines the target of a walrus. In a comprehension it belongs to the scope around, which may or may not
    /// get it; the comprehension itself sees it for sure.
    pub(super) fn define_walrus(
        &mut self,
        name: NameId,
        node: DefinitionNode<'ast>,
        spot: Spot,
    ) -> DefinitionId {
        let top = self.stack.len() - 1;
        let owner = self
            .stack
            .iter()
            .rposition(|scope| scope.kind != ScopeKind::Comprehension)
            .unwrap_or_default();
        let place = self.stack[owner].name_place(name);
        if owner == top {
            return self.define_and_bind(place, node, spot);
        }
        let id = self.define_at(owner, place, node, spot);
        for index in owner..=top {
            let scope = &mut self.stack[index];
            let place = scope.name_place(name);
            let definition = scope.flows.push(Flow::Definition(id));
            let mut flow = definition;
            if index == owner {
                scope.places[place].first_binding.get_or_insert(definition);
                let before = scope.values[place];
                let reach = scope.reach;
                if reach != super::ReachId::NEVER {
                    let start = position(scope.operands.len());
                    scope
                        .operands
                        .extend([before, definition].map(|flow| JoinOperand { flow, reach }));
                    let end = position(scope.operands.len());
                    flow = scope.flows.push(Flow::Join(OperandRange { start, end }));
                }
            } else {
                let flags = &mut scope.places[place].flags;
                if !flags.contains(PlaceFlags::BOUND) {
                    flags.insert(PlaceFlags::NONLOCAL);
                }
            }
            scope.assign(place, flow);
        }
        id
    }

    /// Takes a name's value away: `del`, or the end of an exception handler.
    pub(super) fn unbind(&mut self, place: PlaceId) {
        let scope = self.cur();
        let flow = if scope.places[place].segments.is_empty() {
            scope.flows.push(Flow::Deleted)
        } else {
            FlowId::START
        };
        scope.assign(place, flow);
    }
}
