//! Keys that a dict display has twice.
//!
//! They are compared as they are written: what two expressions may have in common otherwise is not known.

use ruff_python_ast::comparable::ComparableExpr;
use ruff_python_ast::{Expr, ExprDict};
use ruff_text_size::Ranged;
use rustc_hash::FxHashMap;

use crate::infer::region::Region;
use crate::policy::Policy;
use crate::rules::duplicate_key::duplicate_key;

/// Reports keys of `dict` that an earlier item has with another value.
pub(super) fn check(region: &Region<'_, '_>, dict: &ExprDict) {
    if region.is_quiet() || dict.items.len() < 2 {
        return;
    }
    let mut seen: FxHashMap<ComparableExpr<'_>, (&Expr, &Expr)> = FxHashMap::default();
    for item in &dict.items {
        let Some(key) = item.key.as_ref().filter(|key| is_constant(region, key)) else { continue };
        let Some((first, value)) = seen.insert(ComparableExpr::from(key), (key, &item.value))
        else {
            continue;
        };
        if ComparableExpr::from(value) != ComparableExpr::from(&item.value) {
            region.report(key, duplicate_key(first.range()));
        }
    }
}

/// Constants, and names with dots, which are taken to stay what they are.
fn is_constant(region: &Region<'_, '_>, expr: &Expr) -> bool {
    match expr {
        Expr::StringLiteral(_)
        | Expr::BytesLiteral(_)
        | Expr::NumberLiteral(_)
        | Expr::BooleanLiteral(_)
        | Expr::NoneLiteral(_) => true,
        Expr::Name(_) => region.cx.holds(Policy::SteadyNames),
        Expr::Attribute(attribute) => is_constant(region, &attribute.value),
        Expr::Tuple(tuple) => tuple.elts.iter().all(|each| is_constant(region, each)),
        _ => false,
    }
}
