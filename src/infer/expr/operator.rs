//! Operators through special methods, with reflected forms and literal arithmetic.
//! Source: Python reference, "Emulating numeric types"; typing spec, "Literals".

use ruff_python_ast::{CmpOp, Expr, ExprBinOp, ExprCompare, ExprUnaryOp, Operator, UnaryOp};
use ruff_text_size::{Ranged, TextRange};

use super::condition;
use crate::infer::because;
use crate::infer::region::{Mode, Region};
use crate::policy::Policy;
use crate::rules;
use crate::types::{ClassFlags, Cx, Kind, Known, Relation, Substitution, Truth, Type};

/// The special method of an operator, and its reflected form.
#[must_use]
pub const fn operator_dunder(operator: Operator) -> (&'static str, &'static str, &'static str) {
    match operator {
        Operator::Add => ("__add__", "__radd__", "__iadd__"),
        Operator::Sub => ("__sub__", "__rsub__", "__isub__"),
        Operator::Mult => ("__mul__", "__rmul__", "__imul__"),
        Operator::MatMult => ("__matmul__", "__rmatmul__", "__imatmul__"),
        Operator::Div => ("__truediv__", "__rtruediv__", "__itruediv__"),
        Operator::Mod => ("__mod__", "__rmod__", "__imod__"),
        Operator::Pow => ("__pow__", "__rpow__", "__ipow__"),
        Operator::LShift => ("__lshift__", "__rlshift__", "__ilshift__"),
        Operator::RShift => ("__rshift__", "__rrshift__", "__irshift__"),
        Operator::BitOr => ("__or__", "__ror__", "__ior__"),
        Operator::BitXor => ("__xor__", "__rxor__", "__ixor__"),
        Operator::BitAnd => ("__and__", "__rand__", "__iand__"),
        Operator::FloorDiv => ("__floordiv__", "__rfloordiv__", "__ifloordiv__"),
    }
}

/// `left op right`
pub fn infer_binary(
    region: &Region<'_, '_>,
    binary_expr: &ExprBinOp,
    expected: Option<Type>,
) -> Type {
    let cx = region.cx;
    let guided = infer_chain(region, binary_expr, expected);
    if let Some(expected) = expected
        && !cx.is_assignable(guided, expected)
    {
        // What is expected of the whole need not hold for its parts.
        let plain = region.quietly(|| infer_chain(region, binary_expr, None));
        if cx.is_assignable(plain, expected) {
            return plain;
        }
    }
    guided
}

/// The operators of a chain, from the innermost one outwards.
fn infer_chain(region: &Region<'_, '_>, binary_expr: &ExprBinOp, expected: Option<Type>) -> Type {
    let cx = region.cx;
    // Long chains lean to the left; walk them without recursion.
    let mut spine = vec![binary_expr];
    while let Expr::BinOp(inner) = &*spine[spine.len() - 1].left {
        spine.push(inner);
    }
    let innermost = spine[spine.len() - 1];
    let hint = expected
        .filter(|_| matches!(innermost.op, Operator::Add | Operator::BitOr | Operator::Mult));
    let mut left = super::infer(region, &innermost.left, hint);
    for node in spine.into_iter().rev() {
        let display_hint = matches!(
            &*node.right,
            Expr::List(_) | Expr::Dict(_) | Expr::Set(_) | Expr::ListComp(_)
        )
        .then_some(hint.unwrap_or(left))
        .filter(|_| matches!(node.op, Operator::Add | Operator::BitOr))
        .filter(|&it| !cx.info_of(it).is_some_and(|it| it.is(ClassFlags::TYPED_DICT)));
        if node.op == Operator::BitOr
            && crate::infer::typed_dict::takes_fitting(region, left, &node.right)
        {
            super::infer(region, &node.right, None);
            crate::infer::typed_dict::check_update(region, left, &node.right);
            continue;
        }
        let right = super::infer(region, &node.right, display_hint);
        crate::infer::format::check_operator(region, node, left, right);
        if node.op == Operator::BitOr && check_quoted(region, node, left, right) {
            left = Type::UNKNOWN;
            continue;
        }
        if node.op == Operator::BitOr
            && let Some(form) = crate::infer::annotation::union_of_values(region, node, left, right)
        {
            left = form;
            continue;
        }
        left = match binary(cx, left, right, node.op) {
            Some(_) if right.is_dynamic() && is_vector(node) && cx.holds(Policy::ListOfUnits) => {
                right
            }
            Some(ty) => {
                check_divisor(region, node, left, right);
                check_deprecated(region, node, left, right);
                ty
            }
            None => {
                let finding = rules::unsupported_operator::unsupported_operator(
                    node.op.as_str(),
                    cx.display(left),
                    cx.display(right),
                );
                let works = |left, right| binary(cx, left, right, node.op).is_some();
                let sides = [(&*node.left, left), (&*node.right, right)];
                let finding = because::none_fails(region, finding, sides, works);
                let (method, reflected, _) = operator_dunder(node.op);
                let methods = [(left, method), (right, reflected)];
                region.report(node, because::method_missing(region, finding, methods));
                Type::UNKNOWN
            }
        };
    }
    left
}

/// Reports a deprecated method that an operator calls: that of the left operand, or of the right one where the
/// left has none that takes it.
fn check_deprecated(region: &Region<'_, '_>, node: &ExprBinOp, left: Type, right: Type) {
    let (method, reflected, _) = operator_dunder(node.op);
    check_deprecated_method(region, node.range(), (left, method), (right, reflected));
}

/// As [`check_deprecated`], for the methods of the two operands.
fn check_deprecated_method(
    region: &Region<'_, '_>,
    node: TextRange,
    (left, method): (Type, &str),
    (right, reflected): (Type, &str),
) {
    use crate::infer::deprecated::check_operator;
    if region.is_quiet() {
        return;
    }
    let has_own = right.as_instance().is_some_and(|class| !region.cx.is_builtin(class));
    if has_own && region.cx.call_dunder(left, method, &[right]).is_none() {
        check_operator(region, node, right, reflected, || vec![left]);
    } else {
        check_operator(region, node, left, method, || vec![right]);
    }
}

/// `int | "str"` is evaluated, and no class takes a text there before Python 3.14.
/// Source: Python library reference, "Union Type".
fn check_quoted(region: &Region<'_, '_>, node: &ExprBinOp, left: Type, right: Type) -> bool {
    let cx = region.cx;
    let is_plain = |class: Type| {
        class.kind() == Kind::Class
            && cx.info_of(class).is_some_and(|info| info.metaclass.is_none() && !info.is_dynamic())
    };
    let is_quoted = match (&*node.left, &*node.right) {
        (Expr::StringLiteral(_), _) => is_plain(right),
        (_, Expr::StringLiteral(_)) => is_plain(left),
        _ => false,
    };
    let is_read = region.is_in(Mode::DEFERRED) || cx.host.python_version(region.module) >= (3, 14);
    if !is_quoted || is_read {
        return false;
    }
    let finding =
        rules::unsupported_operator::unsupported_operator("|", cx.display(left), cx.display(right));
    region.report(node, finding);
    true
}

/// Reports the division of a builtin number by a constant zero.
fn check_divisor(region: &Region<'_, '_>, node: &ExprBinOp, left: Type, right: Type) {
    let cx = region.cx;
    let is_division = matches!(node.op, Operator::Div | Operator::FloorDiv | Operator::Mod);
    let is_zero = right.as_int() == Some(0) || right.is(Type::FALSE);
    let is_number = || {
        let number = cx.promote_literals(left);
        [Known::Int, Known::Float, Known::Bool]
            .iter()
            .any(|&known| cx.same(number, cx.known_instance(known)))
    };
    if is_division && is_zero && is_number() {
        let finding = rules::division_by_zero::division_by_zero(node.op.as_str(), cx.display(left));
        region.report(node, finding);
    }
}

/// `[1.0, 2.0] * unit`: who means to repeat writes one element, of several an array or a quantity is made.
fn is_vector(node: &ExprBinOp) -> bool {
    node.op == Operator::Mult && matches!(&*node.left, Expr::List(list) if list.elts.len() > 1)
}

/// The result of a binary operator; `None` when the operands do not support it.
pub fn binary(cx: &Cx<'_>, left: Type, right: Type, operator: Operator) -> Option<Type> {
    let (left, right) = (cx.expand_alias(left), cx.expand_alias(right));
    if left.is_never() || right.is_never() {
        return Some(Type::NEVER);
    }
    if left.kind() == Kind::Union {
        let mut results = Vec::new();
        for member in cx.members(left).iter() {
            results.push(binary(cx, member, right, operator)?);
        }
        return Some(cx.union(results));
    }
    if let Some(result) = literal_arithmetic(cx, left, right, operator) {
        return Some(result);
    }
    if let Some(result) = constrained(cx, left, right, operator) {
        return Some(result);
    }
    if left.is_dynamic() {
        return Some(left);
    }
    if cx.holds(Policy::NumberWithUnknown) && is_number(cx, left) && cx.has_dynamic_member(right) {
        // A number leaves to what it does not know to say what comes out: an array, say.
        let mut results = Vec::new();
        for member in cx.members(right).iter() {
            let is_known = !member.is_dynamic();
            results.push(if is_known { binary(cx, left, member, operator)? } else { member });
        }
        return Some(cx.union(results));
    }
    if right.is_dynamic() {
        // What is not known may say itself what comes out, by its reflected method; but who repeats a
        // list has a number. A list of `None` keeps room for what comes later.
        let repeated = dunder_binary(cx, left, right, operator);
        let is_list = cx.class_of(left).is_some_and(|class| cx.is_known(class, Known::List));
        let is_room = is_list
            && cx.holds(Policy::RepeatedNone)
            && cx.arguments_of(left).first().is_some_and(|it| it.is_none());
        let repeats = operator == Operator::Mult && cx.holds(Policy::RepeatedList);
        return Some(match repeated.filter(|_| repeats) {
            Some(_) if is_room => cx.known_generic(Known::List, &[Type::UNKNOWN]),
            Some(list) => list,
            None => right,
        });
    }
    if let Some(result) = dunder_binary(cx, left, right, operator) {
        return Some(result);
    }
    if right.kind() == Kind::Union {
        let mut results = Vec::new();
        for member in cx.members(right).iter() {
            results.push(binary(cx, left, member, operator)?);
        }
        return Some(cx.union(results));
    }
    None
}

fn is_number(cx: &Cx<'_>, ty: Type) -> bool {
    let numbers = [Known::Int, Known::Float, Known::Complex, Known::Bool];
    matches!(ty.kind(), Kind::Int | Kind::Bool)
        || ty
            .as_instance()
            .is_some_and(|class| numbers.iter().any(|&each| cx.is_known(class, each)))
}

/// An operator on a constrained type variable: it must work for each constraint. Where the result is
/// that constraint again, it is the variable itself.
fn constrained(cx: &Cx<'_>, left: Type, right: Type, operator: Operator) -> Option<Type> {
    let type_var = if left.kind() == Kind::TypeVar { left } else { right };
    if type_var.kind() != Kind::TypeVar {
        return None;
    }
    let constraints = cx.constraints_of(type_var);
    let mut results = Vec::with_capacity(constraints.len());
    let mut is_same = !constraints.is_empty();
    for &each in constraints {
        let with = Substitution::of(&[type_var], &[each]);
        let (left, right) = (cx.substitute(left, &with), cx.substitute(right, &with));
        let result = binary(cx, left, right, operator)?;
        is_same &= cx.same(result, each);
        results.push(result);
    }
    match results.is_empty() {
        true => None,
        false if is_same => Some(type_var),
        false => Some(cx.union(results)),
    }
}

fn dunder_binary(cx: &Cx<'_>, left: Type, right: Type, operator: Operator) -> Option<Type> {
    by_method(cx, left, right, operator).map(|result| unless_given_up(cx, result))
}

/// What a method of an operator gives. A body that may give `NotImplemented` looks at what it is given: which of its
/// results it is here cannot be told.
fn unless_given_up(cx: &Cx<'_>, result: Type) -> Type {
    let gives_up = |member: Type| {
        member.as_instance().is_some_and(|class| cx.is_known(class, Known::NotImplementedType))
    };
    let is_open = cx.holds(Policy::NotImplementedResult)
        && result.kind() == Kind::Union
        && cx.members(result).iter().any(gives_up);
    if is_open { Type::UNKNOWN } else { result }
}

fn by_method(cx: &Cx<'_>, left: Type, right: Type, operator: Operator) -> Option<Type> {
    let (name, reflected, _) = operator_dunder(operator);
    if operator == Operator::Add && tuple_sum(cx, left, right).is_some() {
        return tuple_sum(cx, left, right);
    }
    // A subclass on the right that overrides the reflected method goes first.
    let prefers_right = left.kind() != right.kind() || !cx.same(left, right);
    if prefers_right
        && let (Some(a), Some(b)) =
            (cx.class_of(cx.fallback_instance(left)), cx.class_of(cx.fallback_instance(right)))
        && a != b
        && cx.host.class(cx, b).inherits(a)
        && cx.host.class_member(cx, b, reflected).is_some()
        && let Some(result) = cx.call_dunder(right, reflected, &[left])
    {
        return Some(result);
    }
    if let Some(result) = cx.call_dunder(left, name, &[right]) {
        return Some(result);
    }
    // Of two objects of one class, Python does not ask the second.
    // Source: Python reference, "Emulating numeric types".
    let same_class = left.as_instance().is_some() && left.as_instance() == right.as_instance();
    if !right.is_dynamic()
        && !same_class
        && let Some(result) = cx.call_dunder(right, reflected, &[left])
    {
        return Some(result);
    }
    None
}

fn tuple_sum(cx: &Cx<'_>, left: Type, right: Type) -> Option<Type> {
    let shape = |ty: Type| {
        let is_named =
            cx.info_of(ty).is_some_and(|info| info.is(crate::types::ClassFlags::NAMED_TUPLE));
        // A named tuple may say itself what `+` makes of it.
        let adds = |ty: Type| {
            let class = cx.class_of(ty)?;
            let member = cx.class_lookup(Type::class(class), "__add__")?;
            member.class.filter(|&owner| cx.is_known(owner, Known::Tuple))
        };
        if is_named { adds(ty).and_then(|_| cx.tuple_shape(ty)) } else { cx.as_tuple(ty) }
    };
    let (a, b) = (shape(left)?, shape(right)?);
    if a.variadic.is_some() && b.variadic.is_some() {
        return None;
    }
    let elements: Vec<Type> = a.elements.iter().chain(b.elements.iter()).copied().collect();
    let variadic = match (a.variadic, b.variadic) {
        (Some(at), _) => Some(at as usize),
        (_, Some(at)) => Some(at as usize + a.elements.len()),
        _ => None,
    };
    Some(cx.tuple_with(&elements, variadic))
}

/// Arithmetic on literals, as far as it is exact and small.
fn literal_arithmetic(cx: &Cx<'_>, left: Type, right: Type, operator: Operator) -> Option<Type> {
    if let (Some(a), Some(b)) = (cx.as_str(left), cx.as_str(right)) {
        return (operator == Operator::Add && a.len() + b.len() < 4096)
            .then(|| cx.str_literal(&format!("{a}{b}")));
    }
    let literal = |ty: Type| matches!(ty.kind(), Kind::LiteralString | Kind::Str);
    if literal(left) && literal(right) && operator == Operator::Add {
        return Some(Type::LITERAL_STRING);
    }
    let (a, b) = (left.as_int()?, right.as_int()?);
    let value = match operator {
        Operator::Add => a.checked_add(b)?,
        Operator::Sub => a.checked_sub(b)?,
        Operator::Mult => a.checked_mul(b)?,
        Operator::FloorDiv if b != 0 => a.checked_div_euclid(b).filter(|_| b > 0)?,
        Operator::Mod if b > 0 => a.checked_rem_euclid(b)?,
        Operator::BitAnd => a & b,
        Operator::BitOr => a | b,
        Operator::BitXor => a ^ b,
        Operator::LShift if (0..48).contains(&b) && a.abs() < 256 => a << b,
        Operator::RShift if (0..63).contains(&b) => a >> b,
        Operator::Pow if b >= 0 => {
            let power = u32::try_from(b).ok().and_then(|b| a.checked_pow(b));
            // Too large to know, but a whole number.
            return power.and_then(Type::small_int).or_else(|| Some(cx.known_instance(Known::Int)));
        }
        _ => return None,
    };
    Type::small_int(value)
}

/// `-x`, `+x`, `~x`, `not x`
pub fn infer_unary(region: &Region<'_, '_>, unary: &ExprUnaryOp) -> Type {
    let cx = region.cx;
    let operand = super::infer(region, &unary.operand, None);
    if unary.op == UnaryOp::Not {
        super::condition::check(region, &unary.operand, operand);
        return match cx.truth(operand) {
            Truth::Always => Type::FALSE,
            Truth::Never => Type::TRUE,
            Truth::Either => cx.known_instance(Known::Bool),
        };
    }
    let result = unary_result(cx, operand, unary.op);
    let method = unary_dunder(unary.op);
    crate::infer::deprecated::check_operator(region, unary, operand, method, Vec::new);
    result.unwrap_or_else(|| {
        let finding = rules::unsupported_operator::unsupported_unary_operator(
            unary.op.as_str(),
            cx.display(operand),
        );
        let sides = [(&*unary.operand, operand); 2];
        let works = |operand, _| unary_result(cx, operand, unary.op).is_some();
        region.report(unary, because::none_fails(region, finding, sides, works));
        Type::UNKNOWN
    })
}

fn unary_result(cx: &Cx<'_>, operand: Type, operator: UnaryOp) -> Option<Type> {
    // No value is made of none: what never comes is not refused.
    if operand.is_never() && operator != UnaryOp::Not {
        return Some(operand);
    }
    if operand.kind() == Kind::Union {
        let mut results = Vec::new();
        for member in cx.members(operand).iter() {
            results.push(unary_result(cx, member, operator)?);
        }
        return Some(cx.union(results));
    }
    if let Some(value) = operand.as_int() {
        let value = match operator {
            UnaryOp::USub => value.checked_neg(),
            UnaryOp::Invert => Some(!value),
            _ => Some(value),
        };
        return value.and_then(Type::small_int);
    }
    (operator != UnaryOp::Not).then(|| cx.call_dunder(operand, unary_dunder(operator), &[]))?
}

/// The special method of an operator with one operand.
const fn unary_dunder(operator: UnaryOp) -> &'static str {
    match operator {
        UnaryOp::USub => "__neg__",
        UnaryOp::UAdd => "__pos__",
        UnaryOp::Invert => "__invert__",
        UnaryOp::Not => "__bool__",
    }
}

/// The special method of a comparison, and that of the right operand which is asked where the left one has none.
const fn comparison_dunder(operator: CmpOp) -> Option<(&'static str, &'static str)> {
    Some(match operator {
        CmpOp::Eq => ("__eq__", "__eq__"),
        CmpOp::NotEq => ("__ne__", "__ne__"),
        CmpOp::Lt => ("__lt__", "__gt__"),
        CmpOp::LtE => ("__le__", "__ge__"),
        CmpOp::Gt => ("__gt__", "__lt__"),
        CmpOp::GtE => ("__ge__", "__le__"),
        CmpOp::Is | CmpOp::IsNot | CmpOp::In | CmpOp::NotIn => return None,
    })
}

/// `a < b <= c`
pub fn infer_compare(region: &Region<'_, '_>, compare: &ExprCompare) -> Type {
    let cx = region.cx;
    let mut left = super::infer(region, &compare.left, None);
    let mut results = Vec::new();
    let mut left_node = &*compare.left;
    for (operator, right_node) in compare.ops.iter().zip(&compare.comparators) {
        let right = super::infer(region, right_node, None);
        let result = compare_types(cx, left, right, *operator).unwrap_or_else(|| {
            let range = TextRange::new(left_node.start(), right_node.end());
            let finding = uncomparable(cx, left, right, *operator);
            let works = |left, right| compare_types(cx, left, right, *operator).is_some();
            let sides = [(left_node, left), (right_node, right)];
            let finding = because::none_fails(region, finding, sides, works);
            let finding = match comparison_dunder(*operator) {
                Some((method, reflected)) => {
                    because::method_missing(region, finding, [(left, method), (right, reflected)])
                }
                None => because::container_missing(region, finding, right),
            };
            region.report(range, finding);
            Type::UNKNOWN
        });
        super::overlap::check(region, (left_node, left), *operator, (right_node, right));
        let range = TextRange::new(left_node.start(), right_node.end());
        if let Some((method, reflected)) = comparison_dunder(*operator) {
            check_deprecated_method(region, range, (left, method), (right, reflected));
        }
        if matches!(operator, CmpOp::In | CmpOp::NotIn) {
            let element = || vec![left];
            crate::infer::deprecated::check_operator(region, range, right, "__contains__", element);
            let found = cx.call_dunder(right, "__contains__", &[left]);
            condition::check_truth(region, range, found.unwrap_or(result));
        } else if results.len() + 1 < compare.ops.len() {
            condition::check_truth(region, range, result);
        }
        results.push(result);
        left = right;
        left_node = right_node;
    }
    if results.len() == 1 {
        return results[0];
    }
    cx.union(results)
}

/// What is wrong with a comparison; of tuples the elements that are to blame are named.
fn uncomparable(cx: &Cx<'_>, left: Type, right: Type, operator: CmpOp) -> rules::Finding {
    if let (Some(a), Some(b)) = (cx.as_tuple(left), cx.as_tuple(right))
        && a.variadic.is_none()
        && b.variadic.is_none()
    {
        let mut pairs = a.elements.iter().zip(b.elements.iter()).enumerate();
        let failing = pairs.find(|(_, (l, r))| compare_types(cx, **l, **r, operator).is_none());
        if let Some((at, (l, r))) = failing {
            return rules::unsupported_operator::unsupported_element_operator(
                operator.as_str(),
                (cx.display(left), cx.display(right)),
                at,
                (cx.display(*l), cx.display(*r)),
            );
        }
    }
    rules::unsupported_operator::unsupported_operator(
        operator.as_str(),
        cx.display(left),
        cx.display(right),
    )
}

/// The result of one comparison; `None` when the operands do not support it.
pub fn compare_types(cx: &Cx<'_>, left: Type, right: Type, operator: CmpOp) -> Option<Type> {
    compared(cx, left, right, operator).map(|result| unless_given_up(cx, result))
}

fn compared(cx: &Cx<'_>, left: Type, right: Type, operator: CmpOp) -> Option<Type> {
    let boolean = || cx.known_instance(Known::Bool);
    match operator {
        CmpOp::Is | CmpOp::IsNot => {
            if left.is_none() && right.is_none() {
                return Some(Type::bool(operator == CmpOp::Is));
            }
            Some(boolean())
        }
        CmpOp::Eq | CmpOp::NotEq => {
            let name = if operator == CmpOp::Eq { "__eq__" } else { "__ne__" };
            if let (Some(a), Some(b)) = (left.as_int(), right.as_int()) {
                return Some(Type::bool((a == b) == (operator == CmpOp::Eq)));
            }
            if left.is_dynamic() {
                return Some(left);
            }
            Some(cx.call_dunder(left, name, &[right]).unwrap_or_else(boolean))
        }
        CmpOp::In | CmpOp::NotIn => contains(cx, left, right),
        CmpOp::Lt => ordered(cx, left, right, "__lt__", "__gt__", CmpOp::Lt),
        CmpOp::LtE => ordered(cx, left, right, "__le__", "__ge__", CmpOp::LtE),
        CmpOp::Gt => ordered(cx, left, right, "__gt__", "__lt__", CmpOp::Gt),
        CmpOp::GtE => ordered(cx, left, right, "__ge__", "__le__", CmpOp::GtE),
    }
}

fn contains(cx: &Cx<'_>, left: Type, right: Type) -> Option<Type> {
    let boolean = cx.known_instance(Known::Bool);
    if right.is_dynamic() {
        return Some(boolean);
    }
    // A constrained variable is the same of its constraints on both sides.
    let is_constrained =
        |ty: &Type| ty.kind() == Kind::TypeVar && !cx.constraints_of(*ty).is_empty();
    if let Some(type_var) = [left, right].into_iter().find(is_constrained) {
        let fits = |&each: &Type| {
            let with = Substitution::of(&[type_var], &[each]);
            contains(cx, cx.substitute(left, &with), cx.substitute(right, &with)).is_some()
        };
        return cx.constraints_of(type_var).iter().all(fits).then_some(boolean);
    }
    for member in cx.members(cx.expand_alias(right)).iter() {
        if member.is_dynamic() {
            continue;
        }
        let by_method =
            cx.dunder(member, "__contains__").map(|method| cx.call_outcome(method, &[left]));
        let fits = match by_method {
            Some(outcome) => outcome.is_ok(),
            None => cx.iterate(member).is_some(),
        };
        if !fits {
            return None;
        }
    }
    Some(boolean)
}

fn ordered(
    cx: &Cx<'_>,
    left: Type,
    right: Type,
    name: &str,
    reflected: &str,
    operator: CmpOp,
) -> Option<Type> {
    let (left, right) = (cx.expand_alias(left), cx.expand_alias(right));
    if let (Some(a), Some(b)) = (left.as_int(), right.as_int()) {
        return Some(Type::bool(match operator {
            CmpOp::Lt => a < b,
            CmpOp::LtE => a <= b,
            CmpOp::Gt => a > b,
            _ => a >= b,
        }));
    }
    for (side, is_left) in [(left, true), (right, false)] {
        if side.kind() == Kind::Union {
            let mut results = Vec::new();
            for member in cx.members(side).iter() {
                let (l, r) = if is_left { (member, right) } else { (left, member) };
                results.push(ordered(cx, l, r, name, reflected, operator)?);
            }
            return Some(cx.union(results));
        }
    }
    if left.is_dynamic() || right.is_dynamic() {
        return Some(Type::UNKNOWN);
    }
    if let (Some(a), Some(b)) = (cx.as_tuple(left), cx.as_tuple(right)) {
        // Tuples compare element by element until two differ.
        let mut pairs = a.elements.iter().zip(b.elements.iter());
        let fits = pairs.all(|(&l, &r)| {
            cx.related(Relation::Ordered, l, r, false, || {
                ordered(cx, l, r, name, reflected, operator).is_some()
            })
        });
        if fits {
            return Some(cx.known_instance(Known::Bool));
        }
        // Of a tuple of any length its method says what it takes.
        if a.variadic.is_none() && b.variadic.is_none() {
            return None;
        }
    }
    for type_var in [left, right] {
        let constraints = cx.constraints_of(type_var);
        if constraints.is_empty() {
            continue;
        }
        // It must work for each constraint, the same on both sides.
        let mut results = Vec::with_capacity(constraints.len());
        for &each in constraints {
            let with = Substitution::of(&[type_var], &[each]);
            let (left, right) = (cx.substitute(left, &with), cx.substitute(right, &with));
            results.push(ordered(cx, left, right, name, reflected, operator)?);
        }
        return Some(cx.union(results));
    }
    cx.call_dunder(left, name, &[right]).or_else(|| cx.call_dunder(right, reflected, &[left]))
}

/// `target op= value`
pub fn augmented(cx: &Cx<'_>, left: Type, right: Type, operator: Operator) -> Option<Type> {
    if left.kind() == Kind::Union {
        let mut results = Vec::new();
        for member in cx.members(left).iter() {
            results.push(augmented(cx, member, right, operator)?);
        }
        return Some(cx.union(results));
    }
    let (_, _, in_place) = operator_dunder(operator);
    if !left.is_dynamic()
        && let Some(method) = cx.dunder(left, in_place)
        && let Some(result) = cx.call_with(method, &[right])
    {
        return Some(result);
    }
    binary(cx, left, right, operator)
}
