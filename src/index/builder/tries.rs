//! `try` and `with`: code that may be left at any point.
//!
//! A handler sees the state before the `try`, or any value bound in it; bindings are logged as they happen.

use ruff_python_ast::{ExceptHandler, ExceptHandlerExceptHandler, Stmt, StmtTry, StmtWith};
use ruff_text_size::Ranged;

use super::definitions::Spot;
use super::join::{Arms, Exits};
use super::targets::Owner;
use super::{Branch, Builder, FlowId, NodeId, PlaceId, ReachId};
use crate::index::ast::PredicateNode;
use crate::index::definition::{DefinitionCategory, DefinitionNode};
use crate::index::flow::PredicateKind;

impl<'ast> Builder<'ast> {
    pub(super) fn try_(&mut self, stmt: &'ast StmtTry) {
        let entry = self.reach();
        let log = self.cur().open_log();
        let jumps = self.jumps();
        let mark = self.mark();
        let body_end = self.try_body(&stmt.body);
        self.suite(&stmt.orelse);
        let mut arms = Arms::default();
        let normal = self.take(mark);
        arms.push(normal);
        if !stmt.handlers.is_empty() {
            let values = self.interrupted(log..body_end, entry);
            for handler in &stmt.handlers {
                let ExceptHandler::ExceptHandler(handler) = handler;
                let mark = self.mark();
                self.cur().apply(&Branch { delta: values.clone(), reach: entry });
                self.handler(stmt, handler);
                let arm = self.take(mark);
                arms.push(arm);
            }
        }
        if stmt.finalbody.is_empty() {
            self.join(arms, entry);
        } else {
            self.finally(stmt, log, jumps, arms, entry);
        }
        self.cur().close_log();
    }

    /// Walks the body of a `try`; gives the end of what handlers see of the log. When the last statement gives
    /// a name its value, nothing is left that could raise.
    fn try_body(&mut self, body: &'ast [Stmt]) -> usize {
        let Some((last, others)) = body.split_last() else { return self.cur().log.len() };
        self.suite(others);
        let start = self.cur().log.len();
        self.suite(std::slice::from_ref(last));
        let target = match last {
            Stmt::Assign(assign) => match &*assign.targets {
                [target] => Some(target),
                _ => None,
            },
            Stmt::AnnAssign(assign) => Some(&*assign.target),
            Stmt::AugAssign(assign) => Some(&*assign.target),
            _ => None,
        };
        let place = target
            .filter(|target| target.is_name_expr())
            .and_then(|target| self.stack.last()?.find_expr(&self.names, target));
        let log = &self.cur().log;
        let bound = log.iter().skip(start).position(|logged| Some(logged.place) == place);
        bound.map_or(log.len(), |at| start + at)
    }

    /// The values in a state that is left at any point of a range of the log.
    fn interrupted(
        &mut self,
        range: std::ops::Range<usize>,
        entry: ReachId,
    ) -> Vec<(PlaceId, FlowId)> {
        let (scope, graph) = self.cur_and_graph();
        scope.logged_values(graph, range, &Exits { entry, abrupt: None, normal: None })
    }

    fn handler(&mut self, try_stmt: &'ast StmtTry, handler: &'ast ExceptHandlerExceptHandler) {
        if let Some(type_) = &handler.type_ {
            self.expr(type_);
        }
        let place = handler.name.as_ref().map(|name| {
            let id = self.names.intern(&name.id);
            let place = self.cur().name_place(id);
            let spot = Spot {
                category: DefinitionCategory::Binding,
                name_range: name.range,
                key: name.start(),
                node: None,
            };
            let node = DefinitionNode::ExceptHandler { handler, try_stmt };
            self.define_and_bind(place, node, spot);
            place
        });
        self.suite(&handler.body);
        if let Some(place) = place {
            self.unbind(place);
        }
    }

    /// How many jumps out of the innermost loop there are so far.
    fn jumps(&mut self) -> (usize, usize) {
        let frame = self.cur().loops.last();
        frame.map_or((0, 0), |frame| (frame.breaks.len(), frame.continues.len()))
    }

    /// Walks the `finally` once, as entered from anywhere, and then applies its bindings to every way on.
    fn finally(
        &mut self,
        stmt: &'ast StmtTry,
        log: usize,
        jumps: (usize, usize),
        arms: Arms,
        entry: ReachId,
    ) {
        let end = self.cur().log.len();
        let values = self.interrupted(log..end, entry);
        let mark = self.mark();
        self.cur().apply(&Branch { delta: values, reach: entry });
        self.suite(&stmt.finalbody);
        let (scope, graph) = self.cur_and_graph();
        let bound = end..scope.log.len();
        let changes: Vec<(PlaceId, FlowId)> = scope
            .logged_places(bound)
            .into_iter()
            .map(|place| (place, scope.values[place]))
            .collect();
        let reach = scope.reach;
        scope.undo(mark);
        if let Some(frame) = scope.loops.last_mut() {
            let breaks = frame.breaks.iter_mut().skip(jumps.0);
            let continues = frame.continues.iter_mut().skip(jumps.1);
            for branch in breaks.chain(continues) {
                branch.overlay(&changes);
                if reach == ReachId::NEVER {
                    branch.reach = ReachId::NEVER;
                }
            }
        }
        scope.join(graph, arms, entry);
        if reach == ReachId::NEVER {
            scope.reach = ReachId::NEVER;
        } else if scope.reach != ReachId::NEVER {
            scope.reach = graph.rebase(reach, entry, scope.reach);
        }
        for (place, flow) in changes {
            scope.set(place, flow);
        }
    }

    pub(super) fn with(&mut self, stmt: &'ast StmtWith, node: NodeId) {
        for item in &stmt.items {
            self.expr(&item.context_expr);
            if let Some(target) = &item.optional_vars {
                self.bind_target(target, Owner::WithItem { item, is_async: stmt.is_async });
            }
        }
        let entry = self.reach();
        let log = self.cur().open_log();
        let mark = self.mark();
        self.suite(&stmt.body);
        let end = self.cur().log.len();
        let normal = self.take(mark);
        if entry == ReachId::NEVER || (end == log && normal.reach == entry) {
            self.cur().apply(&normal);
        } else {
            let ast = PredicateNode::ContextManager(stmt);
            let predicate = self.predicate(PredicateKind::ContextManager, node, ast);
            self.swallow(log..end, normal, predicate, entry);
        }
        self.cur().close_log();
    }

    /// After a `with`: its body came to its end, or was left somewhere and the exception swallowed.
    fn swallow(
        &mut self,
        range: std::ops::Range<usize>,
        mut normal: Branch,
        predicate: super::PredicateId,
        entry: ReachId,
    ) {
        let (scope, graph) = self.cur_and_graph();
        let swallowed = graph.swallows(entry, predicate);
        normal.delta.sort_unstable_by_key(|entry| entry.0);
        let exits = Exits { entry, abrupt: Some(swallowed), normal: Some(&normal) };
        let mut values = scope.logged_values(graph, range, &exits);
        values.sort_unstable_by_key(|entry| entry.0);
        // What the body only narrowed is joined with what it was.
        let mut arms = Arms::default();
        let reach = normal.reach;
        arms.push(normal);
        arms.push(Branch::empty(swallowed));
        let mut joined = if reach == ReachId::NEVER {
            Branch::empty(swallowed)
        } else {
            scope.join_branch(graph, arms, entry)
        };
        joined.delta.retain(|entry| values.binary_search_by_key(&entry.0, |v| v.0).is_err());
        joined.delta.extend(values);
        scope.apply(&joined);
    }
}
