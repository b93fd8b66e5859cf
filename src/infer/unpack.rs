//! Unpacking a value into several targets.

use std::borrow::Cow;

use ruff_python_ast::Expr;
use ruff_text_size::Ranged;

use super::region::Region;
use crate::types::{Cx, Data, Kind, Known, Type, TypeVarKind};

/// What is wrong with an unpacking: how many targets, how many values at least, and whether the
/// number of values is exact.
pub struct Mismatch {
    pub expected: usize,
    pub found: usize,
    pub starred: bool,
}

/// The part of `target` around `leaf`, and of `value` that goes into it, as far as displays are unpacked position by
/// position: each of a hundred names gets its own value, and nobody needs the others.
pub fn counterparts<'e>(
    mut target: &'e Expr,
    leaf: &Expr,
    mut value: &'e Expr,
) -> (&'e Expr, &'e Expr) {
    while target.range() != leaf.range() {
        let (Some(targets), Some(values)) = (elements(target), elements(value)) else { break };
        let is_spread = |expr: &Expr| expr.is_starred_expr();
        if targets.len() != values.len() || targets.iter().chain(values).any(is_spread) {
            break;
        }
        let at = targets.partition_point(|each| each.end() <= leaf.start());
        let (Some(inner), Some(part)) = (targets.get(at), values.get(at)) else { break };
        (target, value) = (inner, part);
    }
    (target, value)
}

fn elements(expr: &Expr) -> Option<&[Expr]> {
    match expr {
        Expr::Tuple(tuple) => Some(&tuple.elts),
        Expr::List(list) => Some(&list.elts),
        _ => None,
    }
}

/// The type of `value` where it is unpacked into `target`: displays are paired position by position, so that a list
/// keeps the type of each element. `None` where there is no display within another to pair.
pub fn paired(region: &Region<'_, '_>, target: &Expr, value: &Expr) -> Option<Type> {
    fn pair(region: &Region<'_, '_>, target: &Expr, value: &Expr) -> Type {
        match (elements(target), elements(value)) {
            // A display that is too short or too long shows it, too.
            (Some(_), Some(values)) if value.is_list_expr() && is_misfit(target, value) => {
                let each =
                    |value: &Expr| region.quietly(|| super::expr::infer(region, value, None));
                region.cx.tuple(&values.iter().map(each).collect::<Vec<_>>())
            }
            (Some(targets), Some(values))
                if targets.len() == values.len()
                    && !targets.iter().chain(values).any(Expr::is_starred_expr) =>
            {
                let parts: Vec<Type> =
                    targets.iter().zip(values).map(|(to, from)| pair(region, to, from)).collect();
                region.cx.tuple(&parts)
            }
            // What the star takes stands between the others.
            (Some(targets), Some(values))
                if value.is_list_expr()
                    && targets.len() <= values.len() + 1
                    && targets.iter().any(Expr::is_starred_expr)
                    && !values.iter().any(Expr::is_starred_expr) =>
            {
                let each =
                    |value: &Expr| region.quietly(|| super::expr::infer(region, value, None));
                region.cx.tuple(&values.iter().map(each).collect::<Vec<_>>())
            }
            _ => region.quietly(|| super::expr::infer(region, value, None)),
        }
    }
    let has_lists = |target: &Expr, value: &Expr| {
        value.is_list_expr() && elements(target).is_some_and(|targets| targets.len() > 1)
    };
    let (targets, values) = (elements(target)?, elements(value)?);
    let is_nested = targets.len() == values.len()
        && targets.iter().zip(values).any(|(to, from)| has_lists(to, from));
    (is_nested || has_lists(target, value) || is_misfit(target, value))
        .then(|| pair(region, target, value))
}

/// Whether a list display surely has more or fewer elements than there are targets for it.
fn is_misfit(target: &Expr, value: &Expr) -> bool {
    let (Some(targets), Expr::List(list)) = (elements(target), value) else { return false };
    !list.elts.iter().any(Expr::is_starred_expr)
        && !targets.iter().any(Expr::is_starred_expr)
        && targets.len() != list.elts.len()
}

/// The type of each target when a value of type `value` is unpacked into them.
pub fn unpack(region: &Region<'_, '_>, targets: &[Expr], value: Type) -> Vec<Type> {
    unpack_checked(region, targets, value).0
}

/// As [`unpack`], with what is wrong.
pub fn unpack_checked(
    region: &Region<'_, '_>,
    targets: &[Expr],
    value: Type,
) -> (Vec<Type>, Option<Mismatch>, Option<Type>) {
    let cx = region.cx;
    let mut columns: Vec<Vec<Type>> = vec![Vec::new(); targets.len()];
    let mut mismatch = None;
    let mut not_iterable = None;
    for member in cx.members(cx.expand_alias(value)).iter() {
        let row = match parts_of(cx, member) {
            Some((before, part, after)) => match fit(region, targets, &before, part, after) {
                Ok(row) => row,
                Err(found) => {
                    mismatch.get_or_insert(found);
                    vec![Type::UNKNOWN; targets.len()]
                }
            },
            None => match cx.iterate(member) {
                Some(element) => spread(region, targets, element),
                None => {
                    not_iterable.get_or_insert(member);
                    vec![Type::UNKNOWN; targets.len()]
                }
            },
        };
        for (column, ty) in columns.iter_mut().zip(row) {
            column.push(ty);
        }
    }
    (columns.into_iter().map(|column| cx.union(column)).collect(), mismatch, not_iterable)
}

/// Elements before, in, and after the part that repeats.
type Parts<'s> = (Cow<'s, [Type]>, Option<Type>, &'s [Type]);

/// The elements of a value whose length is known: before, in, and after the part that repeats. Those of a text are its
/// characters, those of bytes are numbers.
fn parts_of<'s>(cx: &Cx<'s>, value: Type) -> Option<Parts<'s>> {
    let (length, element) = match (value.kind(), value.is_composite().then(|| cx.data(value))) {
        (Kind::Str, Some(Data::Text(text))) => (text.chars().count(), Known::Str),
        (Kind::Bytes, Some(Data::Bytes(bytes))) => (bytes.len(), Known::Int),
        _ => {
            let (before, part, after) = cx.tuple_shape(value)?.parts();
            return Some((Cow::Borrowed(before), part, after));
        }
    };
    let elements = vec![cx.known_instance(element); length];
    (length <= LONGEST).then_some((Cow::Owned(elements), None, &[]))
}

/// Longer texts are unpacked like any `str`: no statement has so many targets.
const LONGEST: usize = 256;

fn list_of(region: &Region<'_, '_>, element: Type) -> Type {
    let cx = region.cx;
    cx.known_generic(Known::List, &[cx.promote_literals(element)])
}

fn spread(region: &Region<'_, '_>, targets: &[Expr], element: Type) -> Vec<Type> {
    targets
        .iter()
        .map(|target| match target {
            Expr::Starred(_) => list_of(region, element),
            _ => element,
        })
        .collect()
}

fn fit(
    region: &Region<'_, '_>,
    targets: &[Expr],
    before: &[Type],
    part: Option<Type>,
    after: &[Type],
) -> Result<Vec<Type>, Mismatch> {
    let cx = region.cx;
    let star = targets.iter().position(Expr::is_starred_expr);
    let fixed: Vec<Type> = before.iter().chain(after).copied().collect();
    let is_pack =
        |part: Type| cx.as_type_var(part).is_some_and(|it| it.kind == TypeVarKind::TypeVarTuple);
    // Nothing says how many elements the variable stands for: none, say.
    let needed = targets.len() - usize::from(star.is_some());
    if part.is_some_and(is_pack) && (star.is_none() || fixed.len() < needed) {
        let starred = star.is_some();
        return Err(Mismatch { expected: needed, found: fixed.len(), starred });
    }
    let part = part.map(|part| {
        if cx.as_type_var(part).is_some_and(|d| d.kind == crate::types::TypeVarKind::TypeVarTuple) {
            cx.object()
        } else {
            part
        }
    });
    let Some(star) = star else {
        if fixed.len() > targets.len() || (part.is_none() && fixed.len() < targets.len()) {
            return Err(Mismatch { expected: targets.len(), found: fixed.len(), starred: false });
        }
        let missing = targets.len() - fixed.len();
        let middle = std::iter::repeat_n(part.unwrap_or(Type::UNKNOWN), missing);
        return Ok(before.iter().copied().chain(middle).chain(after.iter().copied()).collect());
    };
    let needed = targets.len() - 1;
    if fixed.len() < needed && part.is_none() {
        return Err(Mismatch { expected: needed, found: fixed.len(), starred: true });
    }
    let suffix = needed - star;
    let mut row = Vec::with_capacity(targets.len());
    if let Some(part) = part {
        for at in 0..star {
            row.push(before.get(at).copied().unwrap_or(part));
        }
        let rest: Vec<Type> = before
            .iter()
            .skip(star)
            .copied()
            .chain([part])
            .chain(after.iter().take(after.len().saturating_sub(suffix)).copied())
            .collect();
        row.push(list_of(region, cx.union(rest)));
        for at in 0..suffix {
            let from_end = suffix - at;
            let ty = after.len().checked_sub(from_end).and_then(|at| after.get(at)).copied();
            row.push(ty.unwrap_or(part));
        }
        return Ok(row);
    }
    row.extend_from_slice(&fixed[..star]);
    let end = fixed.len() - suffix;
    let middle = &fixed[star..end];
    let element = if middle.is_empty() { Type::UNKNOWN } else { cx.union(middle.iter().copied()) };
    row.push(list_of(region, element));
    row.extend_from_slice(&fixed[end..]);
    Ok(row)
}
