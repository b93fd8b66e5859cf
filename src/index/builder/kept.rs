//! Conditions that are kept in a name: `is_open = file is not None`, and later `if is_open:`.
//!
//! The name stands for the test as long as neither it nor what the test is about has been bound in between,
//! which the values of the places at both points say.

use ruff_python_ast::{Expr, StmtAssign, UnaryOp};
use smallvec::SmallVec;

use super::scope::ScopeState;
use super::{Builder, FlowId, NodeId, PlaceId, PredicateId};
use crate::index::ast::PredicateNode;
use crate::index::flow::{Flow, PredicateKind};

/// A test whose outcome is the value of a name.
#[derive(Debug, Clone)]
pub(super) struct KeptTest {
    predicate: PredicateId,
    /// The name is true where the test is: not behind a `not`.
    positive: bool,
    /// The value of the name that was bound to the outcome.
    name: FlowId,
    /// What the test may narrow, with the bindings of it that it was asked of.
    places: SmallVec<[(PlaceId, FlowId); 4]>,
}

impl<'ast> Builder<'ast> {
    /// Keeps the test that an assignment gives a name to.
    pub(super) fn keep_test(&mut self, stmt: &'ast StmtAssign) {
        let [target @ Expr::Name(_)] = &*stmt.targets else { return };
        let (mut test, mut positive) = (&*stmt.value, true);
        while let Expr::UnaryOp(unary) = test
            && unary.op == UnaryOp::Not
        {
            (test, positive) = (&*unary.operand, !positive);
        }
        let Some(node) = NodeId::of(test).filter(|_| test.is_compare_expr() || test.is_call_expr())
        else {
            return;
        };
        let Some(name) = self.names.path(target) else { return };
        let name = self.cur().path_place(&name);
        let places = self.test_places(test);
        if places.is_empty() || places.contains(&name) {
            return;
        }
        let predicate = self.predicate(PredicateKind::Test, node, PredicateNode::Test(test));
        let scope = self.cur();
        let places =
            places.into_iter().map(|place| (place, scope.binding(scope.values[place]))).collect();
        let kept = KeptTest { predicate, positive, name: scope.values[name], places };
        scope.kept_tests.insert(name, kept);
    }

    /// The places that the truth of a name narrows by the test that it stands for, with their values where it
    /// is true and where it is false.
    pub(super) fn kept_places(&mut self, name: &Expr) -> SmallVec<[(PlaceId, FlowId, FlowId); 4]> {
        let mut found = SmallVec::new();
        if !name.is_name_expr() || self.cur().kept_tests.is_empty() {
            return found;
        }
        let Some(path) = self.names.path(name) else { return found };
        let scope = self.cur();
        let place = scope.path_place(&path);
        let Some(kept) = scope.kept_tests.get(&place) else { return found };
        if kept.name != scope.binding(scope.values[place]) {
            return found;
        }
        let kept = kept.clone();
        for (place, binding) in kept.places {
            if scope.binding(scope.values[place]) == binding {
                let (on, off) = scope.narrow(place, kept.predicate);
                found.push(if kept.positive { (place, on, off) } else { (place, off, on) });
            }
        }
        found
    }
}

/// How many narrowings and joins of one value are looked through.
const STEPS: u32 = 16;
/// Joins of more values than this are values of their own.
const ARMS: usize = 4;

impl ScopeState {
    /// A value without what was narrowed of it since it was bound.
    fn binding(&self, value: FlowId) -> FlowId {
        self.binding_within(value, STEPS)
    }

    fn binding_within(&self, value: FlowId, steps: u32) -> FlowId {
        let Some(steps) = steps.checked_sub(1) else { return value };
        match &self.flows[value] {
            Flow::Narrowed { previous, .. } => self.binding_within(*previous, steps),
            Flow::Join(range) if range.indices().len() <= ARMS => {
                let operands = &self.operands[range.indices()];
                let [first, rest @ ..] = operands else { return value };
                let binding = self.binding_within(first.flow, steps / 2);
                let same = |flow: FlowId| self.binding_within(flow, steps / 2) == binding;
                if rest.iter().all(|operand| same(operand.flow)) { binding } else { value }
            }
            _ => value,
        }
    }
}
