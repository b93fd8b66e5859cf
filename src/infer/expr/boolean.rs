//! `and`, `or`, `not` by way of truth, and conditional expressions.

use ruff_python_ast::{BoolOp, Expr, ExprBoolOp, ExprIf};

use super::condition;
use crate::infer::region::Region;
use crate::types::{Truth, Type};

/// `a and b`, `a or b`: each operand counts as far as it can be the result.
pub fn infer(region: &Region<'_, '_>, boolean: &ExprBoolOp, expected: Option<Type>) -> Type {
    let cx = region.cx;
    condition::check_operands(region, boolean);
    let mut results = Vec::with_capacity(boolean.values.len());
    let last = boolean.values.len() - 1;
    let mut decided = false;
    for (at, value) in boolean.values.iter().enumerate() {
        let hint = expected.or_else(|| results.last().copied().filter(|_| at == last));
        // An operand that is never reached is not checked.
        decided = decided || region.index.is_dead_operand(region.region, value);
        if decided {
            continue;
        }
        let ty = super::infer(region, value, hint);
        if at == last {
            results.push(ty);
            break;
        }
        condition::check(region, value, ty);
        let is_or = boolean.op == BoolOp::Or;
        let part = if is_or { cx.narrow_truth(ty, true) } else { cx.false_part(ty) };
        results.push(part);
        decided = match cx.truth(ty) {
            Truth::Always => is_or,
            Truth::Never => !is_or,
            Truth::Either => false,
        };
    }
    cx.union(results)
}

/// `a if test else b`
pub fn infer_conditional(
    region: &Region<'_, '_>,
    conditional: &ExprIf,
    expected: Option<Type>,
) -> Type {
    let cx = region.cx;
    let test = super::infer_test(region, &conditional.test);
    let is_dead = |expr: &Expr| region.index.is_dead_operand(region.region, expr);
    let truth = match (is_dead(&conditional.body), is_dead(&conditional.orelse)) {
        (true, false) => Truth::Never,
        (false, true) => Truth::Always,
        _ => cx.truth(test),
    };
    let body = |quiet: bool, expr| {
        if quiet {
            region.quietly(|| super::infer(region, expr, expected))
        } else {
            super::infer(region, expr, expected)
        }
    };
    let yes = body(truth == Truth::Never, &*conditional.body);
    let no = body(truth == Truth::Always, &*conditional.orelse);
    match truth {
        Truth::Always => yes,
        Truth::Never => no,
        Truth::Either => cx.union2(yes, no),
    }
}
