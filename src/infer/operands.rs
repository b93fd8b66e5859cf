//! Why an operator fails: the members of its operands that do not support it, and the methods that they lack.

use crate::rules::names;
use crate::types::{Cx, Kind, Type};

/// Of larger unions nobody reads a list.
const MOST: usize = 8;

/// The members of an operand that is a union, if a list of them can be read.
fn listed(cx: &Cx<'_>, ty: Type) -> Option<Vec<Type>> {
    let whole = cx.expand_alias(ty);
    let members: Vec<Type> = cx.members(whole).iter().collect();
    (whole.kind() == Kind::Union && members.len() <= MOST).then_some(members)
}

/// The members of the operands with which an operation fails; `is_one` where it has one operand, which is given twice.
pub(super) fn failing_members(
    cx: &Cx<'_>,
    [left, right]: [Type; 2],
    is_one: bool,
    works: &dyn Fn(Type, Type) -> bool,
) -> Option<String> {
    let of = |ty: Type, side: &str, works: &dyn Fn(Type) -> bool| {
        // The name of an alias hides what fails, however many members it stands for.
        let members = match ty.kind() {
            Kind::Alias => cx.members(cx.expand_alias(ty)).iter().collect(),
            _ => listed(cx, ty)?,
        };
        let mut failing: Vec<String> = members
            .iter()
            .filter(|&&member| !works(member))
            .map(|&member| cx.display(member).to_string())
            .collect();
        let verb = match failing.len() {
            0 => return None,
            all if all == members.len() => {
                return (ty.kind() == Kind::Alias).then(|| {
                    format!("`{}` is `{}`", cx.display(ty), cx.display(cx.expand_alias(ty)))
                });
            }
            1 => "fails",
            _ => "fail",
        };
        let side = if is_one { String::new() } else { format!(" on the {side}") };
        let more = failing.len().saturating_sub(MOST);
        failing.truncate(MOST);
        let list = match more {
            0 => names(&failing),
            more => format!("`{}` and {more} more", failing.join("`, `")),
        };
        Some(format!("it is {list}{side} that {verb}"))
    };
    let of_one = of(left, "left", &|it| works(it, right));
    if is_one {
        return of_one;
    }
    of_one
        .or_else(|| of(right, "right", &|it| works(left, it)))
        .or_else(|| failing_pairs(cx, left, right, works))
}

/// The pairs of members with which an operation fails, where each member of both operands is in one of them.
fn failing_pairs(
    cx: &Cx<'_>,
    left: Type,
    right: Type,
    works: &dyn Fn(Type, Type) -> bool,
) -> Option<String> {
    const SHOWN: usize = 4;
    let of = |ty: Type| {
        listed(cx, ty).or_else(|| (cx.expand_alias(ty).kind() != Kind::Union).then(|| vec![ty]))
    };
    let (mut lefts, mut rights) = (of(left)?, of(right)?);
    lefts.retain(|ty| !ty.is_dynamic());
    rights.retain(|ty| !ty.is_dynamic());
    if lefts.len() < 2 && rights.len() < 2 {
        return None;
    }
    let pairs = lefts.iter().flat_map(|&left| rights.iter().map(move |&right| (left, right)));
    let failing: Vec<(Type, Type)> = pairs.filter(|&(left, right)| !works(left, right)).collect();
    if failing.len() < 2 {
        return None;
    }
    let shown = |&(left, right): &(Type, Type)| {
        format!("`{}` and `{}`", cx.display(left), cx.display(right))
    };
    let list: Vec<String> = failing.iter().take(SHOWN).map(shown).collect();
    let more = match failing.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    Some(format!("it fails between {}{more}", list.join(", between ")))
}

/// The special methods that an operator asks two operands for, where neither has the one it is asked for; or what that
/// of the left one takes.
pub(super) fn method_missing(
    cx: &Cx<'_>,
    (left, method): (Type, &str),
    (right, reflected): (Type, &str),
) -> Option<String> {
    if [left, right].iter().any(|ty| cx.expand_alias(*ty).kind() == Kind::Union || ty.is_dynamic())
    {
        return None;
    }
    match (cx.dunder(left, method), cx.dunder(right, reflected)) {
        (None, None) if method == reflected || cx.same(left, right) => {
            let and =
                if method == reflected { String::new() } else { format!(" and no `{reflected}`") };
            Some(format!("`{}` has no `{method}`{and}", cx.display(left)))
        }
        (None, None) => Some(format!(
            "`{}` has no `{method}`, and `{}` no `{reflected}`",
            cx.display(left),
            cx.display(right)
        )),
        (Some(own), None) => {
            let signatures = cx.signatures(own)?;
            let [only] = signatures.as_slice() else { return None };
            let takes = only.parameters.first()?.ty;
            (!cx.is_assignable(right, takes)).then(|| {
                format!("`{method}` of `{}` takes `{}`", cx.display(left), cx.display(takes))
            })
        }
        (None, Some(_)) => Some(format!(
            "`{}` has no `{method}`, and `{reflected}` of `{}` does not take it",
            cx.display(left),
            cx.display(right)
        )),
        (Some(_), Some(_)) => None,
    }
}
