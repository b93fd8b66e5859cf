//! Atomic tests: truthiness, comparisons and calls, and which places they are about.

use ruff_python_ast::{CmpOp, Expr, ExprCompare};

use super::compare::{self, Equality};
use super::{call, each_member};
use crate::index::PlaceExpr;
use crate::infer::expr::infer;
use crate::infer::region::Region;
use crate::types::{ClassFlags, Cx, Type};

/// The expressions whose type a test narrows directly.
pub(super) fn subjects<'e>(expr: &'e Expr, found: &mut Vec<&'e Expr>) {
    match expr {
        Expr::Name(_) | Expr::Attribute(_) | Expr::Subscript(_) => found.push(expr),
        Expr::Named(named) => {
            found.push(expr);
            if matches!(*named.value, Expr::Compare(_) | Expr::Call(_)) {
                subjects(&named.value, found);
            }
        }
        Expr::Compare(compare) => {
            if let ([op], [right]) = (&*compare.ops, &*compare.comparators) {
                side(&compare.left, found);
                if !matches!(op, CmpOp::In | CmpOp::NotIn) {
                    side(right, found);
                }
            }
        }
        Expr::Call(call) => {
            if let Some(first) = call.arguments.args.first() {
                found.push(first);
            }
        }
        _ => {}
    }
}

fn side<'e>(expr: &'e Expr, found: &mut Vec<&'e Expr>) {
    match expr {
        Expr::Call(call) => {
            if let (Expr::Name(name), [argument]) = (&*call.func, &*call.arguments.args)
                && matches!(name.id.as_str(), "len" | "type")
            {
                found.push(argument);
            }
        }
        _ => found.push(expr),
    }
}

/// Whether `expr` spells `place`; a walrus spells its target and its value.
pub(super) fn matches(place: &PlaceExpr, expr: &Expr) -> bool {
    if let Expr::Named(named) = expr
        && matches(place, &named.value)
    {
        return true;
    }
    matches!(expr, Expr::Name(_) | Expr::Attribute(_) | Expr::Subscript(_) | Expr::Named(_))
        && PlaceExpr::from_expr(expr).is_some_and(|spelled| spelled == *place)
}

/// `ty`, the type of `place`, after the test turned out true or false.
pub(super) fn narrow(
    region: &Region<'_, '_>,
    expr: &Expr,
    positive: bool,
    place: &PlaceExpr,
    ty: Type,
) -> Type {
    let cx = region.cx;
    match expr {
        Expr::Named(named) => {
            if matches(place, &named.target) {
                return cx.narrow_truth(ty, positive);
            }
            narrow(region, &named.value, positive, place, ty)
        }
        Expr::Name(_) | Expr::Attribute(_) | Expr::Subscript(_) => {
            if matches(place, expr) {
                return each_member(cx, ty, &|member| cx.narrow_truth(member, positive));
            }
            by_part(region, expr, place, ty, &|part| cx.narrow_truth(part, positive))
        }
        Expr::Compare(compare) => compared(region, compare, positive, place, ty),
        Expr::Call(node) => call::narrow(region, node, positive, place, ty),
        _ => ty,
    }
}

fn compared(
    region: &Region<'_, '_>,
    node: &ExprCompare,
    positive: bool,
    place: &PlaceExpr,
    ty: Type,
) -> Type {
    if node.ops.len() > 1 && !positive {
        return ty;
    }
    let mut left = &*node.left;
    let mut result = ty;
    for (op, right) in node.ops.iter().zip(&node.comparators) {
        result = pair(region, left, *op, right, positive, place, result);
        left = right;
    }
    result
}

fn pair(
    region: &Region<'_, '_>,
    left: &Expr,
    op: CmpOp,
    right: &Expr,
    positive: bool,
    place: &PlaceExpr,
    ty: Type,
) -> Type {
    let cx = region.cx;
    let (kind, positive) = match op {
        CmpOp::Is => (Test::Is, positive),
        CmpOp::IsNot => (Test::Is, !positive),
        CmpOp::Eq => (Test::Equal, positive),
        CmpOp::NotEq => (Test::Equal, !positive),
        CmpOp::In | CmpOp::NotIn => {
            let positive = positive == (op == CmpOp::In);
            return membership(region, left, right, positive, place, ty);
        }
        CmpOp::Lt | CmpOp::LtE | CmpOp::Gt | CmpOp::GtE => {
            return compare::length_order(region, left, op, right, positive, place, ty);
        }
    };
    let mut result = ty;
    for (subject, other) in [(left, right), (right, left)] {
        let other_type = || infer(region, strip(other), None);
        if matches(place, subject) {
            let value = other_type();
            let equality = Equality::with(value, positive);
            result = each_member(cx, result, &|member| match kind {
                Test::Is => compare::identity(cx, member, value, positive),
                Test::Equal => equality.narrow(cx, member),
            });
            continue;
        }
        if let Some(argument) = call_of("type", subject).or_else(|| class_attribute(subject))
            && matches(place, argument)
        {
            result = super::instance::exact_class(cx, result, other_type(), positive);
        } else if let Some(argument) = call_of("len", subject)
            && matches(place, argument)
            && kind == Test::Equal
            && let Some(len) = other_type().as_int()
        {
            result = compare::length(cx, result, len, positive);
        } else if is_part_of(subject, place) {
            let value = other_type();
            result = by_part(region, subject, place, result, &|part| {
                each_member(cx, part, &|member| kind.apply(cx, member, value, positive))
            });
        }
    }
    result
}

/// The two comparisons that narrow both of their sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Test {
    Is,
    Equal,
}

impl Test {
    /// One member of a union after the comparison with `value`.
    pub(super) fn apply(self, cx: &Cx<'_>, member: Type, value: Type, positive: bool) -> Type {
        match self {
            Self::Is => compare::identity(cx, member, value, positive),
            Self::Equal => compare::equality(cx, member, value, positive),
        }
    }
}

/// The value of a walrus; other expressions as they are.
fn strip(expr: &Expr) -> &Expr {
    match expr {
        Expr::Named(named) => &named.value,
        _ => expr,
    }
}

/// The argument of `name(argument)`.
fn call_of<'e>(name: &str, expr: &'e Expr) -> Option<&'e Expr> {
    let Expr::Call(call) = strip(expr) else { return None };
    let Expr::Name(function) = &*call.func else { return None };
    match &*call.arguments.args {
        [argument] if function.id.as_str() == name && call.arguments.keywords.is_empty() => {
            Some(argument)
        }
        _ => None,
    }
}

/// `x` of `x.__class__`.
fn class_attribute(expr: &Expr) -> Option<&Expr> {
    match expr {
        Expr::Attribute(attribute) if attribute.attr.as_str() == "__class__" => {
            Some(&attribute.value)
        }
        _ => None,
    }
}

/// Whether `expr` is an attribute or item of `place`.
fn is_part_of(expr: &Expr, place: &PlaceExpr) -> bool {
    match strip(expr) {
        Expr::Attribute(attribute) => matches(place, &attribute.value),
        Expr::Subscript(subscript) => matches(place, &subscript.value),
        _ => false,
    }
}

/// Drops the members of a union whose attribute or item cannot be what the test found.
pub(super) fn by_part(
    region: &Region<'_, '_>,
    expr: &Expr,
    place: &PlaceExpr,
    ty: Type,
    narrow: &dyn Fn(Type) -> Type,
) -> Type {
    if !is_part_of(expr, place) {
        return ty;
    }
    let cx = region.cx;
    let ty = cx.expand_alias(ty);
    if cx.members(ty).len() < 2 {
        return ty;
    }
    let kept = cx.filter_union(ty, |member| {
        if member.is_dynamic() {
            return true;
        }
        let part = match strip(expr) {
            Expr::Attribute(attribute) => cx.attribute(member, &attribute.attr).found_all(),
            Expr::Subscript(subscript) => item(region, member, &subscript.slice),
            _ => None,
        };
        part.is_none_or(|part| part.is_never() || !narrow(part).is_never())
    });
    if kept.is_never() { ty } else { kept }
}

/// The item of a typed dict or tuple at a literal key or index.
fn item(region: &Region<'_, '_>, object: Type, slice: &Expr) -> Option<Type> {
    let cx = region.cx;
    let key = infer(region, slice, None);
    if let Some(name) = cx.as_str(key) {
        let is_dict = cx.info_of(object).is_some_and(|info| info.is(ClassFlags::TYPED_DICT));
        return is_dict.then(|| cx.typed_dict_item(object, name)).flatten().map(|field| field.ty);
    }
    let index = key.as_int()?;
    let shape = cx.tuple_shape(object)?;
    let len = i64::try_from(shape.fixed_len()?).ok()?;
    let at = if index < 0 { index + len } else { index };
    shape.elements.get(usize::try_from(at).ok()?).copied()
}

fn membership(
    region: &Region<'_, '_>,
    left: &Expr,
    right: &Expr,
    positive: bool,
    place: &PlaceExpr,
    ty: Type,
) -> Type {
    let cx = region.cx;
    if matches(place, left) {
        let elements = compare::elements(region, right);
        return compare::members_of(cx, ty, &elements, positive);
    }
    if is_part_of(left, place) {
        let elements = compare::elements(region, right);
        return by_part(region, left, place, ty, &|part| {
            compare::members_of(cx, part, &elements, positive)
        });
    }
    if matches(place, right)
        && let Some(key) = cx.as_str(infer(region, strip(left), None))
    {
        return cx.filter_union(cx.expand_alias(ty), |member| {
            compare::may_have_key(cx, member, key, positive)
        });
    }
    ty
}
