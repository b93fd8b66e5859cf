//! Expressions: one file a syntax form. [`infer`] gives the type of any expression.

mod attribute;
mod boolean;
mod call;
mod collection;
mod comprehension;
mod condition;
mod gathered;
mod keys;
mod lambda;
mod missing;
mod name;
mod operator;
mod overlap;
mod subscript;
mod text;

use ruff_python_ast::{self as ast, Expr, Number};
use ruff_text_size::Ranged;

use super::because;
use super::region::Region;
use crate::index::NodeId;
use crate::rules;
use crate::source::stack;
use crate::store::budget;
use crate::types::{Kind, Known, Type};

pub use attribute::{assign_attribute, delete_attribute, writable_place};
pub use collection::record_of_keywords;
pub use comprehension::target_element;
pub use condition::{check_branches, infer_test};
pub use name::{builtin as builtin_name, compute_seen_within, declared_type, lookup_name};
pub use operator::{augmented, operator_dunder};
pub use overlap::{declared_name, is_filled_freely};
pub use subscript::{assign_subscript, delete_subscript, subscript_type};

/// The type of `expr`, where a value of type `expected` is asked for. The expectation guides what
/// is inferred of displays, lambdas and generic calls; it is not checked here.
pub fn infer(region: &Region<'_, '_>, expr: &Expr, expected: Option<Type>) -> Type {
    stack::deeper(|| infer_here(region, expr, expected))
}

fn infer_here(region: &Region<'_, '_>, expr: &Expr, expected: Option<Type>) -> Type {
    let simple = matches!(
        expr,
        Expr::Name(_)
            | Expr::NumberLiteral(_)
            | Expr::BooleanLiteral(_)
            | Expr::NoneLiteral(_)
            | Expr::EllipsisLiteral(_)
            | Expr::StringLiteral(_)
    );
    if region.is_quiet() && !simple {
        let Some(node) = NodeId::of(expr) else { return infer_form(region, expr, expected) };
        return region.remembered_expression(node, expected, || infer_form(region, expr, expected));
    }
    let ty = infer_form(region, expr, expected);
    if !region.is_quiet() {
        region.count(ty, expr.range());
    }
    ty
}

fn infer_form(region: &Region<'_, '_>, expr: &Expr, expected: Option<Type>) -> Type {
    budget::tick();
    let cx = region.cx;
    if let Some(expected) = expected
        && expected.kind() == Kind::TypeFormOf
    {
        return super::annotation::implicit_type_form(region, expr);
    }
    match expr {
        Expr::Name(name) => name::infer(region, name),
        Expr::Attribute(attribute) => attribute::infer(region, attribute),
        Expr::Call(call) => call::infer(region, call, expected),
        Expr::Subscript(subscript) => subscript::infer(region, subscript),
        Expr::BinOp(binary) => operator::infer_binary(region, binary, expected),
        Expr::UnaryOp(unary) => operator::infer_unary(region, unary),
        Expr::Compare(compare) => operator::infer_compare(region, compare),
        Expr::BoolOp(boolean) => boolean::infer(region, boolean, expected),
        Expr::If(conditional) => boolean::infer_conditional(region, conditional, expected),
        Expr::NumberLiteral(number) => number_type(region, &number.value),
        Expr::BooleanLiteral(literal) => Type::bool(literal.value),
        Expr::NoneLiteral(_) => Type::NONE,
        Expr::EllipsisLiteral(_) => cx.known_instance(Known::EllipsisType),
        Expr::StringLiteral(string) => cx.str_literal(&text::of_string(string)),
        Expr::BytesLiteral(bytes) => cx.bytes_literal(&text::of_bytes(bytes)),
        Expr::FString(string) => infer_f_string(region, string),
        Expr::TString(string) => {
            for element in string.value.elements() {
                infer_element(region, element);
            }
            Type::UNKNOWN
        }
        Expr::List(_) | Expr::Set(_) | Expr::Dict(_) | Expr::Tuple(_) => {
            collection::infer(region, expr, expected)
        }
        Expr::ListComp(_) | Expr::SetComp(_) | Expr::DictComp(_) | Expr::Generator(_) => {
            comprehension::infer(region, expr, expected)
        }
        Expr::Lambda(lambda) => lambda::infer(region, lambda, expected),
        Expr::Named(named) => infer_named(region, named, expected),
        Expr::Starred(starred) => infer(region, &starred.value, None),
        Expr::Await(awaited) => infer_await(region, awaited),
        Expr::Yield(yielded) => super::generator::infer_yield(region, yielded),
        Expr::YieldFrom(yielded) => super::generator::infer_yield_from(region, yielded),
        Expr::Slice(slice) => infer_slice(region, slice),
        Expr::IpyEscapeCommand(_) => Type::UNKNOWN,
    }
}

fn number_type(region: &Region<'_, '_>, number: &Number) -> Type {
    let cx = region.cx;
    match number {
        Number::Int(value) => match value.as_i64() {
            Some(value) => cx.int_literal(value),
            None => cx.known_instance(Known::Int),
        },
        Number::Float(_) => cx.known_instance(Known::Float),
        Number::Complex { .. } => cx.known_instance(Known::Complex),
    }
}

fn infer_f_string(region: &Region<'_, '_>, string: &ast::ExprFString) -> Type {
    let mut literal = true;
    for element in string.value.elements() {
        if let ast::InterpolatedStringElement::Interpolation(interpolation) = element {
            let ty = infer_element(region, element);
            let plain = interpolation.format_spec.is_none() && interpolation.debug_text.is_none();
            literal &=
                plain && region.cx.is_assignable(ty, Type::LITERAL_STRING) && !ty.is_dynamic();
        }
    }
    if literal { Type::LITERAL_STRING } else { region.cx.known_instance(Known::Str) }
}

fn infer_element(region: &Region<'_, '_>, element: &ast::InterpolatedStringElement) -> Type {
    let ast::InterpolatedStringElement::Interpolation(interpolation) = element else {
        return Type::LITERAL_STRING;
    };
    let ty = infer(region, &interpolation.expression, None);
    if let Some(spec) = &interpolation.format_spec {
        for element in &spec.elements {
            infer_element(region, element);
        }
    }
    super::format::check_interpolation(region, interpolation, ty);
    ty
}

fn infer_named(region: &Region<'_, '_>, named: &ast::ExprNamed, expected: Option<Type>) -> Type {
    let ty = infer(region, &named.value, expected);
    super::stmt::assign_target(region, &named.target, ty, Some(&named.value));
    ty
}

/// The finding that `value`, of type `ty`, cannot be awaited, or that some members of it cannot.
fn not_awaitable(region: &Region<'_, '_>, value: &Expr, ty: Type) -> rules::Finding {
    let cx = region.cx;
    let members: Vec<Type> = cx.members(cx.expand_alias(ty)).iter().collect();
    let fails = |member: &Type| !member.is_dynamic() && cx.awaited(*member).is_none();
    let failing: Vec<Type> = members.iter().copied().filter(fails).collect();
    let finding = match failing.len() {
        some if 0 < some && some < members.len() => {
            let shown: Vec<_> = failing.iter().map(|&member| cx.display(member)).collect();
            rules::invalid_await::invalid_await_of_members(cx.display(ty), &shown)
        }
        _ => rules::invalid_await::invalid_await(cx.display(ty)),
    };
    match failing.as_slice() {
        [only] if only.is_none() && members.len() > 1 => {
            because::test_first(region, finding, value, ty)
        }
        some if some.iter().any(|member| member.is_none()) => {
            because::none_from(region, finding, value, ty, None)
        }
        _ => finding,
    }
}

fn infer_await(region: &Region<'_, '_>, awaited: &ast::ExprAwait) -> Type {
    let ty = infer(region, &awaited.value, None);
    match region.cx.awaited(ty) {
        Some(result) => result,
        None => {
            let finding = not_awaitable(region, &awaited.value, ty);
            region.report(&*awaited.value, finding);
            Type::UNKNOWN
        }
    }
}

fn infer_slice(region: &Region<'_, '_>, slice: &ast::ExprSlice) -> Type {
    let part = |part: Option<&Expr>| part.map_or(Type::NONE, |part| infer(region, part, None));
    let parts =
        [part(slice.lower.as_deref()), part(slice.upper.as_deref()), part(slice.step.as_deref())];
    let cx = region.cx;
    let parts = parts.map(|ty| cx.promote_literals(ty));
    cx.known_generic(Known::Slice, &parts)
}
