//! `if`, `while`, `for` and `match`.

use ruff_python_ast::{
    Expr, MatchCase, Pattern, PatternArguments, Stmt, StmtFor, StmtIf, StmtMatch, StmtWhile,
};
use ruff_text_size::{Ranged, TextSize};
use smallvec::SmallVec;

use super::conditions::Outcome;
use super::definitions::Spot;
use super::join::Arms;
use super::reach::position;
use super::scope::LoopFrame;
use super::targets::Owner;
use super::{Branch, Builder, NodeId, PlaceId, ReachId, captured_name};
use crate::index::ast::PredicateNode;
use crate::index::definition::{DefinitionCategory, DefinitionNode};
use crate::index::flow::PredicateKind;

/// A `match` statement on its way.
struct Match<'ast> {
    stmt: &'ast StmtMatch,
    node: NodeId,
    subjects: SmallVec<[PlaceId; 4]>,
}

impl<'ast> Builder<'ast> {
    /// Walks the arms one after the other, so that ten thousand `elif` need no deep stack.
    pub(super) fn if_(&mut self, stmt: &'ast StmtIf) {
        let entry = self.reach();
        let mark = self.mark();
        let mut arms = Arms::default();
        let mut type_checking_from_here = 0;
        let mut has_else = false;
        let mut others_ruled_out = 0;
        let first: (Option<&'ast Expr>, &'ast [Stmt]) = (Some(&stmt.test), &stmt.body);
        let clauses =
            stmt.elif_else_clauses.iter().map(|clause| (clause.test.as_ref(), &*clause.body));
        for (test, body) in std::iter::once(first).chain(clauses) {
            let Some(test) = test else {
                has_else = true;
                let inner = self.mark();
                self.suite(body);
                let arm = self.take(inner);
                arms.push(arm);
                continue;
            };
            let Outcome { truthy, falsy } = self.condition(test);
            let type_checking = self.statics.type_checking(&self.names, test);
            let was_dead = self.is_dead();
            let inner = self.mark();
            self.cur().apply(&truthy);
            self.type_checking += u32::from(type_checking == Some(true));
            let is_ruled_out = self.enter_branch(was_dead);
            self.suite(body);
            self.leave_branch(is_ruled_out);
            self.type_checking -= u32::from(type_checking == Some(true));
            let arm = self.take(inner);
            arms.push(arm);
            self.cur().apply(&falsy);
            others_ruled_out += u32::from(self.enter_branch(was_dead));
            arms.fall(&falsy);
            if type_checking == Some(false) {
                self.type_checking += 1;
                type_checking_from_here += 1;
            }
        }
        self.type_checking -= type_checking_from_here;
        (0..others_ruled_out).for_each(|_| self.leave_branch(true));
        if !has_else {
            arms.push(Branch::empty(self.reach()));
        }
        self.cur().undo(mark);
        self.join(arms, entry);
    }

    fn loop_range(&mut self, start: TextSize) -> (u32, u32) {
        self.cur().loop_ranges.get(&start).copied().unwrap_or_default()
    }

    pub(super) fn while_(&mut self, stmt: &'ast StmtWhile) {
        let entry = self.reach();
        let range = self.loop_range(stmt.start());
        let head = self.cur().enter_loop(range);
        let Outcome { truthy, falsy } = self.condition(&stmt.test);
        let inner = self.mark();
        self.cur().apply(&truthy);
        self.suite(&stmt.body);
        let body = self.take(inner);
        let breaks = self.cur().leave_loop(&head, body);
        let inner = self.mark();
        self.cur().apply(&falsy);
        self.loop_end(inner, &stmt.orelse, breaks, entry);
    }

    pub(super) fn for_(&mut self, stmt: &'ast StmtFor) {
        self.expr(&stmt.iter);
        let entry = self.reach();
        let range = self.loop_range(stmt.start());
        let head = self.cur().enter_loop(range);
        let inner = self.mark();
        self.bind_target(&stmt.target, Owner::For { stmt });
        self.suite(&stmt.body);
        let body = self.take(inner);
        let breaks = self.cur().leave_loop(&head, body);
        let inner = self.mark();
        self.loop_end(inner, &stmt.orelse, breaks, entry);
    }

    /// What follows a loop comes from its `else`, or from a `break`.
    fn loop_end(
        &mut self,
        inner: super::scope::Mark,
        orelse: &'ast [Stmt],
        breaks: Vec<Branch>,
        entry: ReachId,
    ) {
        self.suite(orelse);
        let normal = self.take(inner);
        let mut arms = Arms::default();
        arms.push(normal);
        breaks.into_iter().for_each(|branch| arms.push(branch));
        self.join(arms, entry);
    }

    /// `break` or `continue`
    pub(super) fn jump(&mut self, list: impl FnOnce(&mut LoopFrame) -> &mut Vec<Branch>) {
        let scope = self.cur();
        if scope.reach != ReachId::NEVER
            && let Some(mark) = scope.loops.last().map(|frame| frame.mark)
        {
            let branch = scope.peek(mark);
            if let Some(frame) = scope.loops.last_mut() {
                list(frame).push(branch);
            }
        }
        scope.reach = ReachId::NEVER;
    }

    pub(super) fn match_(&mut self, stmt: &'ast StmtMatch, node: NodeId) {
        self.expr(&stmt.subject);
        let entry = self.reach();
        let subjects = self.subjects(&stmt.subject);
        let info = Match { stmt, node, subjects };
        let mark = self.mark();
        let mut arms = Arms::default();
        for (index, case) in stmt.cases.iter().enumerate() {
            self.case(&info, position(index), case, &mut arms);
        }
        arms.push(Branch::empty(self.reach()));
        self.cur().undo(mark);
        self.join(arms, entry);
    }

    /// The places that the patterns of a `match` narrow.
    fn subjects(&mut self, subject: &'ast Expr) -> SmallVec<[PlaceId; 4]> {
        let mut places = SmallVec::new();
        if self.is_dead() {
            return places;
        }
        match subject {
            Expr::Tuple(tuple) => {
                for element in &tuple.elts {
                    self.add(element, &mut places);
                }
            }
            Expr::Call(call) => {
                if let (Expr::Name(function), [argument]) = (&*call.func, &*call.arguments.args)
                    && function.id.as_str() == "type"
                {
                    self.add(argument, &mut places);
                }
            }
            Expr::Named(_) => {
                self.add(subject, &mut places);
            }
            _ => self.add_with_prefix(subject, &mut places),
        }
        places
    }

    fn case(&mut self, info: &Match<'ast>, index: u32, case: &'ast MatchCase, arms: &mut Arms) {
        self.pattern_exprs(&case.pattern);
        let irrefutable = case.pattern.is_irrefutable();
        let before = self.reach();
        let (mut positive, mut negative) = (SmallVec::new(), Branch::empty(before));
        let mut matched = before;
        if irrefutable {
            negative.reach = ReachId::NEVER;
        } else if before != ReachId::NEVER {
            let kind = PredicateKind::Pattern { case_index: index };
            let ast = PredicateNode::Pattern { stmt: info.stmt, case_index: index };
            let predicate = self.predicate(kind, info.node, ast);
            (matched, negative.reach) = self.graph.condition(before, predicate);
            for &place in &info.subjects {
                let (on, off) = self.cur().narrow(place, predicate);
                positive.push((place, on));
                negative.delta.push((place, off));
            }
        }
        let inner = self.mark();
        let matched = Branch { delta: SmallVec::<[_; 4]>::into_vec(positive), reach: matched };
        self.cur().apply(&matched);
        self.captures(info, index, &case.pattern);
        let mut fall = negative;
        if let Some(guard) = &case.guard {
            let Outcome { truthy, falsy } = self.condition(guard);
            let mut refused = self.cur().peek(inner);
            refused.overlay(&falsy.delta);
            refused.reach = falsy.reach;
            self.cur().apply(&truthy);
            self.suite(&case.body);
            let arm = self.take(inner);
            arms.push(arm);
            let mut ways = Arms::default();
            ways.push(fall);
            ways.push(refused);
            let (scope, graph) = self.cur_and_graph();
            fall = scope.join_branch(graph, ways, before);
        } else {
            self.suite(&case.body);
            let arm = self.take(inner);
            arms.push(arm);
        }
        self.cur().apply(&fall);
        arms.fall(&fall);
    }

    /// Visits the expressions in a pattern: values, classes, keys.
    fn pattern_exprs(&mut self, pattern: &'ast Pattern) {
        match pattern {
            Pattern::MatchValue(pattern) => self.expr(&pattern.value),
            Pattern::MatchSingleton(_) | Pattern::MatchStar(_) => {}
            Pattern::MatchSequence(pattern) => {
                pattern.patterns.iter().for_each(|part| self.pattern_exprs(part));
            }
            Pattern::MatchMapping(pattern) => {
                pattern.keys.iter().for_each(|key| self.expr(key));
                pattern.patterns.iter().for_each(|part| self.pattern_exprs(part));
            }
            Pattern::MatchClass(pattern) => {
                self.expr(&pattern.cls);
                argument_patterns(&pattern.arguments).for_each(|part| self.pattern_exprs(part));
            }
            Pattern::MatchAs(pattern) => {
                pattern.pattern.iter().for_each(|part| self.pattern_exprs(part));
            }
            Pattern::MatchOr(pattern) => {
                pattern.patterns.iter().for_each(|part| self.pattern_exprs(part));
            }
        }
    }

    /// Binds the names that a pattern captures. The alternatives of an or-pattern bind the same names, any of
    /// which may be the one.
    fn captures(&mut self, info: &Match<'ast>, index: u32, pattern: &'ast Pattern) {
        match pattern {
            Pattern::MatchValue(_) | Pattern::MatchSingleton(_) | Pattern::MatchStar(_) => {}
            Pattern::MatchSequence(pattern) => {
                pattern.patterns.iter().for_each(|part| self.captures(info, index, part));
            }
            Pattern::MatchMapping(pattern) => {
                pattern.patterns.iter().for_each(|part| self.captures(info, index, part));
            }
            Pattern::MatchClass(pattern) => {
                argument_patterns(&pattern.arguments)
                    .for_each(|part| self.captures(info, index, part));
            }
            Pattern::MatchAs(pattern) => {
                pattern.pattern.iter().for_each(|part| self.captures(info, index, part));
            }
            Pattern::MatchOr(pattern) => {
                let entry = self.reach();
                let mut arms = Arms::default();
                for part in &pattern.patterns {
                    let mark = self.mark();
                    self.captures(info, index, part);
                    let arm = self.take(mark);
                    arms.push(arm);
                }
                self.join(arms, entry);
            }
        }
        let Some(name) = captured_name(pattern) else { return };
        let id = self.names.intern(&name.id);
        let place = self.cur().name_place(id);
        let spot = Spot {
            category: DefinitionCategory::Binding,
            name_range: name.range,
            key: name.start(),
            node: None,
        };
        let node =
            DefinitionNode::MatchCapture { stmt: info.stmt, case_index: index, pattern, name };
        self.define_and_bind(place, node, spot);
    }
}

fn argument_patterns(arguments: &PatternArguments) -> impl Iterator<Item = &Pattern> {
    let keywords = arguments.keywords.iter().map(|keyword| &keyword.pattern);
    arguments.patterns.iter().chain(keywords)
}
