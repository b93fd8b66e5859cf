//! Conditions: what is known where a test was true, and where it was false.
//!
//! `and`, `or` and `not` are taken apart; what is left are atomic tests, each of them one predicate, which may
//! narrow the places that it mentions in one of the forms that inference understands.

use ruff_python_ast::{
    BoolOp, CmpOp, Expr, ExprBoolOp, ExprCompare, ExprIf, HasNodeIndex, UnaryOp,
};
use smallvec::SmallVec;

use super::join::Arms;
use super::{Branch, Builder, NodeId, PlaceId, ReachId};
use crate::index::ast::PredicateNode;
use crate::index::flow::PredicateKind;

/// The two ways out of a condition, relative to the state before it.
pub(super) struct Outcome {
    pub truthy: Branch,
    pub falsy: Branch,
}

type Places = SmallVec<[PlaceId; 4]>;

impl<'ast> Builder<'ast> {
    /// Visits a condition. The state stays that before it.
    pub(super) fn condition(&mut self, expr: &'ast Expr) -> Outcome {
        match expr {
            Expr::UnaryOp(unary) if unary.op == UnaryOp::Not => {
                self.number(expr.node_index());
                let Outcome { truthy, falsy } = self.condition(&unary.operand);
                Outcome { truthy: falsy, falsy: truthy }
            }
            Expr::BoolOp(bool_op) => {
                self.number(expr.node_index());
                self.bool_condition(bool_op)
            }
            _ => self.atomic(expr),
        }
    }

    fn operand(&mut self, expr: &'ast Expr, entry: ReachId) -> Outcome {
        let is_dead = self.reach() == ReachId::NEVER;
        let outcome = self.condition(expr);
        if is_dead {
            self.note_dead(expr, entry);
        }
        outcome
    }

    /// Notes that control never gets to a part of an expression, though it gets to the expression.
    fn note_dead(&mut self, expr: &Expr, entry: ReachId) {
        if self.reach() == ReachId::NEVER
            && entry != ReachId::NEVER
            && let Some(node) = NodeId::of(expr)
        {
            let region = self.stack[self.region].id;
            self.dead_operands.push((region, node));
        }
    }

    fn bool_condition(&mut self, bool_op: &'ast ExprBoolOp) -> Outcome {
        let entry = self.reach();
        let mark = self.mark();
        let mut exits = Arms::default();
        for value in &bool_op.values {
            let Outcome { truthy, falsy } = self.operand(value, entry);
            let (on, exit) = match bool_op.op {
                BoolOp::And => (truthy, falsy),
                BoolOp::Or => (falsy, truthy),
            };
            exits.push(exit);
            self.cur().apply(&on);
            exits.fall(&on);
        }
        let through = self.take(mark);
        let (scope, graph) = self.cur_and_graph();
        let exit = scope.join_branch(graph, exits, entry);
        match bool_op.op {
            BoolOp::And => Outcome { truthy: through, falsy: exit },
            BoolOp::Or => Outcome { truthy: exit, falsy: through },
        }
    }

    fn atomic(&mut self, expr: &'ast Expr) -> Outcome {
        let mark = self.mark();
        self.expr(expr);
        let entry = self.reach();
        if let Some(truth) = self.statics.truth(&self.names, expr) {
            let base = self.take(mark);
            let dead = Branch { delta: base.delta.clone(), reach: ReachId::NEVER };
            return if truth {
                Outcome { truthy: base, falsy: dead }
            } else {
                Outcome { truthy: dead, falsy: base }
            };
        }
        let places = if entry == ReachId::NEVER { Places::new() } else { self.test_places(expr) };
        let Some(node) = NodeId::of(expr).filter(|_| !places.is_empty()) else {
            let base = self.take(mark);
            return Outcome { truthy: base.clone(), falsy: base };
        };
        let predicate = self.predicate(PredicateKind::Test, node, PredicateNode::Test(expr));
        let (yes, no) = self.graph.condition(entry, predicate);
        let scope = self.cur();
        let mut positive: SmallVec<[_; 4]> = SmallVec::new();
        let mut negative: SmallVec<[_; 4]> = SmallVec::new();
        for place in places {
            let (on, off) = scope.narrow(place, predicate);
            positive.push((place, on));
            negative.push((place, off));
        }
        for (place, on, off) in self.kept_places(expr) {
            positive.push((place, on));
            negative.push((place, off));
        }
        let scope = self.cur();
        let mut truthy = scope.take(mark);
        let mut falsy = truthy.clone();
        truthy.overlay(&positive);
        truthy.reach = yes;
        falsy.overlay(&negative);
        falsy.reach = no;
        Outcome { truthy, falsy }
    }

    /// `a and b` where its value is wanted: `b` sees what `a` says, but what follows sees neither.
    pub(super) fn bool_value(&mut self, bool_op: &'ast ExprBoolOp) {
        let Some((last, firsts)) = bool_op.values.split_last() else { return };
        let entry = self.reach();
        let log = self.cur().open_log();
        let mark = self.mark();
        let mut arms = Arms::default();
        for value in firsts {
            let Outcome { truthy, falsy } = self.operand(value, entry);
            let (on, exit) = match bool_op.op {
                BoolOp::And => (truthy, falsy),
                BoolOp::Or => (falsy, truthy),
            };
            arms.push(exit);
            self.cur().apply(&on);
            arms.fall(&on);
        }
        let inner = self.mark();
        self.expr(last);
        self.note_dead(last, entry);
        let through = self.take(inner);
        arms.push(through);
        self.cur().undo(mark);
        self.keep_bindings(log, arms, entry);
    }

    /// `a if test else b`
    pub(super) fn ternary(&mut self, ternary: &'ast ExprIf) {
        let entry = self.reach();
        let log = self.cur().open_log();
        let Outcome { truthy, falsy } = self.condition(&ternary.test);
        let mut arms = Arms::default();
        for (way, value) in [(truthy, &ternary.body), (falsy, &ternary.orelse)] {
            let mark = self.mark();
            self.cur().apply(&way);
            self.expr(value);
            self.note_dead(value, entry);
            let arm = self.take(mark);
            arms.push(arm);
        }
        self.keep_bindings(log, arms, entry);
    }

    /// Joins the arms of an expression as far as walruses have bound something in them.
    fn keep_bindings(&mut self, log: usize, arms: Arms, entry: ReachId) {
        let (scope, graph) = self.cur_and_graph();
        if scope.log.len() > log {
            let range = log..scope.log.len();
            let bound = scope.logged_places(range);
            let joined = scope.join_branch(graph, arms, entry);
            for (place, flow) in joined.delta {
                if bound.contains(&place) {
                    scope.set(place, flow);
                }
            }
        }
        scope.close_log();
    }

    /// The places that an atomic test may narrow.
    pub(super) fn test_places(&mut self, test: &'ast Expr) -> Places {
        let mut places = Places::new();
        match test {
            Expr::Name(_) | Expr::Attribute(_) | Expr::Subscript(_) => {
                self.add_with_prefix(test, &mut places);
            }
            Expr::Named(named) => {
                let mut places = self.test_places(&named.value);
                self.add(&named.target, &mut places);
                return places;
            }
            Expr::Compare(compare) => self.compared_places(compare, &mut places),
            Expr::Call(call) => {
                if let Some(argument) = call.arguments.args.first() {
                    self.add(argument, &mut places);
                }
            }
            _ => {}
        }
        places
    }

    fn compared_places(&mut self, compare: &'ast ExprCompare, places: &mut Places) {
        self.add_side(&compare.left, places);
        let (Some(op), Some(right)) = (compare.ops.first(), compare.comparators.first()) else {
            return;
        };
        match op {
            // What something is tested for membership in is narrowed only by its keys.
            CmpOp::In | CmpOp::NotIn => {
                self.add(right, places);
            }
            _ => self.add_side(right, places),
        }
    }

    /// A side of a comparison: a place, or `len(p)`, `type(p)`.
    fn add_side(&mut self, side: &'ast Expr, places: &mut Places) {
        match side {
            Expr::Named(named) => {
                self.add(&named.target, places);
                self.add_side(&named.value, places);
            }
            Expr::Call(call) => {
                let Expr::Name(function) = &*call.func else { return };
                if let ("len" | "type", [argument]) = (function.id.as_str(), &*call.arguments.args)
                {
                    self.add(argument, places);
                }
            }
            _ => self.add_with_prefix(side, places),
        }
    }

    /// A place and, since it may tell the members of a union apart, the one that it is an attribute or item of.
    pub(super) fn add_with_prefix(&mut self, expr: &Expr, places: &mut Places) {
        if !self.add(expr, places) {
            return;
        }
        match expr {
            Expr::Attribute(attribute) => self.add(&attribute.value, places),
            Expr::Subscript(subscript) => self.add(&subscript.value, places),
            _ => false,
        };
    }

    /// Adds the place that `expr` spells; for a walrus also that of its value. Whether it spells one.
    pub(super) fn add(&mut self, expr: &Expr, places: &mut Places) -> bool {
        if !matches!(expr, Expr::Name(_) | Expr::Attribute(_) | Expr::Subscript(_) | Expr::Named(_))
        {
            return false;
        }
        let Some(path) = self.names.path(expr) else { return false };
        let place = self.cur().path_place(&path);
        if !places.contains(&place) {
            places.push(place);
        }
        if let Expr::Named(named) = expr {
            self.add(&named.value, places);
        }
        true
    }
}
