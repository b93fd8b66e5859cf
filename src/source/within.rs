//! Whether something is in an expression: one walk for whoever looks for a name, a call or a read.

use std::ops::ControlFlow;

use ruff_python_ast::Expr;
use ruff_python_ast::visitor::{Visitor, walk_expr};

struct Search<'t> {
    test: &'t mut dyn FnMut(&Expr) -> bool,
    state: ControlFlow<()>,
}

impl<'a> Visitor<'a> for Search<'_> {
    fn visit_expr(&mut self, expr: &'a Expr) {
        if self.state.is_continue() && (self.test)(expr) {
            self.state = ControlFlow::Break(());
        }
        if self.state.is_continue() {
            walk_expr(self, expr);
        }
    }
}

/// Whether `test` holds for an expression or for one within it, from the outside in.
///
/// The parser's own helper hands each level a test around the test of the level above, which costs the square of the
/// depth.
pub fn any_within(expr: &Expr, mut test: impl FnMut(&Expr) -> bool) -> bool {
    let mut search = Search { test: &mut test, state: ControlFlow::Continue(()) };
    search.visit_expr(expr);
    search.state.is_break()
}
