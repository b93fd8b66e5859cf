//! Statements: a walk over a body that infers, checks and reports.

mod compound;
mod protocol;
mod redefined;
mod simple;
mod unused;

use ruff_python_ast::Stmt;
use ruff_text_size::{Ranged, TextRange};

use super::expr;
use super::flow::is_reachable;
use super::region::{Mode, Region};
use crate::index::NodeId;
use crate::source::stack;
use crate::store::budget;

pub use protocol::{caught_type, enter, iterate, iterate_async};
pub use simple::{assign_target, augmented_type, check_bound_name};

/// Walks the statements of a body; code that is not reached is passed over.
pub fn check_body(region: &Region<'_, '_>, body: &[Stmt]) {
    redefined::check(region, body);
    for stmt in body {
        if !is_reached(region, stmt) {
            if let Some(last) = body.last() {
                let range = TextRange::new(stmt.start(), last.end());
                region.observe(|noted| noted.unreached.push(range));
            }
            return;
        }
        check_stmt(region, stmt);
    }
}

/// Whether control gets to a statement.
fn is_reached(region: &Region<'_, '_>, stmt: &Stmt) -> bool {
    let reach = NodeId::of(stmt).and_then(|node| region.index.reach_at(region.scope(), node));
    reach.is_none_or(|reach| is_reachable(region, reach))
}

fn check_stmt(region: &Region<'_, '_>, stmt: &Stmt) {
    budget::tick();
    stack::deeper(|| check_form(region, stmt));
}

fn check_form(region: &Region<'_, '_>, stmt: &Stmt) {
    match stmt {
        Stmt::Expr(stmt) => unused::check_expression(region, stmt),
        Stmt::Assign(stmt) => simple::check_assign(region, stmt),
        Stmt::AnnAssign(stmt) => simple::check_annotated(region, stmt),
        Stmt::AugAssign(stmt) => simple::check_augmented(region, stmt),
        Stmt::Delete(stmt) => simple::check_delete(region, stmt),
        Stmt::Return(stmt) => simple::check_return(region, stmt),
        Stmt::Raise(stmt) => simple::check_raise(region, stmt),
        Stmt::Assert(stmt) => {
            region.in_mode(Mode::ASSERT, || expr::infer_test(region, &stmt.test));
            if let Some(message) = &stmt.msg {
                region.in_mode(Mode::MESSAGE, || expr::infer(region, message, None));
            }
        }
        Stmt::Import(stmt) => super::import::check_import(region, stmt),
        Stmt::ImportFrom(stmt) => super::import::check_import_from(region, stmt),
        Stmt::FunctionDef(stmt) => super::check::check_function_header(region, stmt),
        Stmt::ClassDef(stmt) => super::check::check_class_statement(region, stmt),
        Stmt::TypeAlias(stmt) => super::check::check_type_alias(region, stmt),
        Stmt::If(stmt) => compound::check_if(region, stmt),
        Stmt::While(stmt) => {
            expr::infer_test(region, &stmt.test);
            region.in_mode(Mode::LOOP, || check_body(region, &stmt.body));
            check_body(region, &stmt.orelse);
        }
        Stmt::For(stmt) => compound::check_for(region, stmt),
        Stmt::With(stmt) => compound::check_with(region, stmt),
        Stmt::Try(stmt) => compound::check_try(region, stmt),
        Stmt::Match(stmt) => compound::check_match(region, stmt),
        Stmt::Global(stmt) => super::import::check_global(region, stmt),
        Stmt::Nonlocal(_)
        | Stmt::Pass(_)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::IpyEscapeCommand(_) => {}
    }
}
