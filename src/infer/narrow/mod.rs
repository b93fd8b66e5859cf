//! Narrowing: what a test or pattern that turned out true, or false, says of a place.
//! Source: typing spec, "Type narrowing".

mod assigned;
mod call;
mod compare;
mod instance;
mod meanwhile;
mod pattern;
mod test;

use ruff_python_ast::{Expr, Identifier, StmtMatch};

use super::expr::{infer, is_filled_freely};
use super::flow::at_predicate;
use super::region::Region;
use crate::index::{PlaceExpr, PredicateId, PredicateNode};
use crate::policy::Policy;
use crate::types::{Cx, Kind, Type};

pub use assigned::narrowed_on_assignment;
pub use meanwhile::may_differ;
pub use pattern::positional_limit;

/// The type of `place`, whose type was `ty`, after a predicate turned out true or false.
pub fn narrow(
    region: &Region<'_, '_>,
    predicate: PredicateId,
    positive: bool,
    place: &PlaceExpr,
    ty: Type,
) -> Type {
    if ty.is(Type::CYCLE) || ty.is_never() {
        return ty;
    }
    let narrowed =
        at_predicate(region, predicate, |region| match region.nodes().predicates[predicate] {
            PredicateNode::Test(expr) => test::narrow(region, expr, positive, place, ty),
            PredicateNode::Pattern { stmt, case_index } => {
                pattern::narrow_place(region, stmt, case_index as usize, positive, place, ty)
            }
            PredicateNode::Call(_) | PredicateNode::ContextManager(_) => ty,
        });
    narrowed.unwrap_or(ty)
}

/// Whether a predicate can turn out this way: not when nothing is left of what it tests.
pub fn is_possible(region: &Region<'_, '_>, predicate: PredicateId, positive: bool) -> bool {
    let possible =
        at_predicate(region, predicate, |region| match region.nodes().predicates[predicate] {
            PredicateNode::Test(expr) => test_is_possible(region, expr, positive),
            PredicateNode::Pattern { stmt, case_index } => {
                pattern::is_possible(region, stmt, case_index as usize, positive)
            }
            PredicateNode::Call(_) | PredicateNode::ContextManager(_) => true,
        });
    possible.unwrap_or(true)
}

fn test_is_possible(region: &Region<'_, '_>, expr: &Expr, positive: bool) -> bool {
    let mut subjects = Vec::new();
    test::subjects(expr, &mut subjects);
    subjects.into_iter().all(|subject| {
        let Some(place) = PlaceExpr::from_expr(subject) else { return true };
        if let Expr::Subscript(subscript) = subject
            && is_filled_freely(region, &subscript.value)
        {
            return true;
        }
        let value = match subject {
            Expr::Named(named) => &named.value,
            other => other,
        };
        let ty = infer(region, value, None);
        if ty.is_dynamic() || ty.is_never() {
            return true;
        }
        let is_left = |ty| !test::narrow(region, expr, positive, &place, ty).is_never();
        is_left(ty) || meanwhile::may_hold(region, value).is_some_and(is_left)
    })
}

/// The type that the pattern of a case binds to a captured name.
pub fn pattern_bindings(
    region: &Region<'_, '_>,
    stmt: &StmtMatch,
    case_index: usize,
    name: &Identifier,
) -> Type {
    pattern::binding(region, stmt, case_index, name)
}

/// Each member of a union through `narrow`; a type variable keeps its identity while its bound or
/// constraints are narrowed.
fn each_member(cx: &Cx<'_>, ty: Type, narrow: &dyn Fn(Type) -> Type) -> Type {
    narrow_members(cx, ty, narrow, false)
}

/// As [`each_member`], for a test that came out true: where members of a union pass it as they are,
/// that others could be of both classes is not thought of.
fn passing_members(cx: &Cx<'_>, ty: Type, narrow: &dyn Fn(Type) -> Type) -> Type {
    narrow_members(cx, ty, narrow, cx.holds(Policy::BothClasses))
}

fn narrow_members(cx: &Cx<'_>, ty: Type, narrow: &dyn Fn(Type) -> Type, passing: bool) -> Type {
    let ty = cx.expand_alias(ty);
    match ty.kind() {
        Kind::Union => {
            let members: Vec<Type> = cx.members(ty).iter().collect();
            let mut found: Vec<(Type, bool)> = Vec::with_capacity(members.len());
            // Whether nothing but members is left.
            let mut is_part = true;
            for member in members {
                let narrowed = narrow_members(cx, member, narrow, passing);
                let was_simple = !matches!(member.kind(), Kind::Intersection | Kind::TypeVar);
                let parts = cx.members(narrowed);
                is_part &= narrowed.is(member) || narrowed.is_never();
                found.extend(parts.iter().map(|part| (part, was_simple && is_both(cx, part))));
            }
            if is_part && !found.iter().any(|&(_, both)| both) {
                let kept: Vec<Type> =
                    found.iter().map(|(part, _)| *part).filter(|part| !part.is_never()).collect();
                return cx.part_of_union(ty, &kept);
            }
            let passes = passing && found.iter().any(|(part, both)| !both && !part.is_never());
            let kept = found.into_iter().filter(|(_, both)| !(passes && *both));
            cx.union(kept.map(|(part, _)| part).collect::<Vec<_>>())
        }
        Kind::TypeVar => {
            let constraints = cx.constraints_of(ty);
            let bound = if constraints.is_empty() {
                cx.upper_bound(ty).unwrap_or_else(|| cx.object())
            } else {
                cx.union(constraints.iter().copied())
            };
            narrow_variable(cx, ty, (ty, bound), &|part| narrow_members(cx, part, narrow, passing))
        }
        Kind::Intersection => {
            // A type variable that was narrowed before: what is left of its bound is narrowed on.
            let Some(parts) = cx.narrowed_type_var(ty) else { return narrow(ty) };
            narrow_variable(cx, ty, parts, &|part| narrow_members(cx, part, narrow, passing))
        }
        _ => narrow(ty),
    }
}

/// `ty`, a type variable with what may be in it, after that part was narrowed.
fn narrow_variable(
    cx: &Cx<'_>,
    ty: Type,
    (type_var, part): (Type, Type),
    narrow: &dyn Fn(Type) -> Type,
) -> Type {
    let narrowed = narrow(part);
    // `T & (T | X)` is `T`; kept apart they would grow with every round of a loop.
    let is_all = || !has_lost_literals(cx, part, narrowed) && cx.is_subtype(ty, narrowed);
    if cx.same(narrowed, part) || narrowed.is_dynamic() || is_all() {
        return ty;
    }
    if narrowed.is_never() { Type::NEVER } else { cx.raw_intersection(&[type_var, narrowed]) }
}

/// Whether some of the literals of a union are gone, so that it is not what it was.
fn has_lost_literals(cx: &Cx<'_>, before: Type, after: Type) -> bool {
    let are_literals = |ty| cx.members(ty).iter().all(Cx::is_single_value);
    cx.members(after).len() < cx.members(before).len()
        && are_literals(after)
        && are_literals(before)
}

/// Whether a type, or the class that it is the object of, is an intersection.
fn is_both(cx: &Cx<'_>, ty: Type) -> bool {
    match ty.kind() {
        Kind::Intersection => true,
        Kind::SubclassOf => cx.inner_of(ty).kind() == Kind::Intersection,
        _ => false,
    }
}
