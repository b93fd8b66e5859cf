//! Comparing two answers to one question, and taking the placeholders of cycles out of an answer.
//!
//! Both go by structure: two answers of two iterations are never the same piece of memory.

use super::keys::Answer;
use crate::types::{ClassInfo, Cx, Field, FunctionInfo, MroEntry, Signature, Type};

/// Whether two answers say the same.
pub fn same_answer<'t>(cx: &Cx<'t>, left: Answer<'t>, right: Answer<'t>) -> bool {
    let same = |a: Type, b: Type| cx.same(a, b);
    same_value(left, right, same).unwrap_or_else(|| same_facts(cx, left, right))
}

/// Whether two answers say the same but for the order in which unions name their members. Functions that return each
/// other's results hand the members around, each in an order of its own, and would never agree on one.
pub fn same_but_for_order<'t>(cx: &Cx<'t>, left: Answer<'t>, right: Answer<'t>) -> bool {
    let same = |a: Type, b: Type| cx.same_but_for_order(a, b);
    same_value(left, right, same).unwrap_or_else(|| same_facts(cx, left, right))
}

/// Whether two answers are of the same types, as `same` finds; `None` where they say more than types.
fn same_value(
    left: Answer<'_>,
    right: Answer<'_>,
    same: impl Fn(Type, Type) -> bool,
) -> Option<bool> {
    let same_option = |a: Option<Type>, b: Option<Type>| match (a, b) {
        (Some(a), Some(b)) => same(a, b),
        (a, b) => a.is_none() && b.is_none(),
    };
    Some(match (left, right) {
        (Answer::Definition(a), Answer::Definition(b)) => {
            same_option(a.bound, b.bound)
                && same_option(a.declared, b.declared)
                && a.qualifiers == b.qualifiers
        }
        (Answer::Type(a), Answer::Type(b)) => same(a, b),
        (Answer::Member(a), Answer::Member(b)) => match (a, b) {
            (Some(a), Some(b)) => {
                same(a.ty, b.ty)
                    && same_option(a.declared, b.declared)
                    && a.qualifiers == b.qualifiers
                    && a.boundness == b.boundness
                    && a.definition == b.definition
                    && a.has_value == b.has_value
            }
            (a, b) => a.is_none() && b.is_none(),
        },
        _ => return None,
    })
}

fn same_facts<'t>(cx: &Cx<'t>, left: Answer<'t>, right: Answer<'t>) -> bool {
    match (left, right) {
        (Answer::Function(a), Answer::Function(b)) => same_function(cx, a, b),
        (Answer::Class(a), Answer::Class(b)) => same_class(cx, a, b),
        (Answer::Types(a), Answer::Types(b)) => same_types(cx, a, b),
        (Answer::TypeVar(a), Answer::TypeVar(b)) => {
            a.name == b.name
                && a.kind == b.kind
                && same_option(cx, a.bound, b.bound)
                && same_types(cx, &a.constraints, &b.constraints)
                && same_option(cx, a.default, b.default)
                && a.variance == b.variance
        }
        (Answer::Alias(a), Answer::Alias(b)) => {
            a.name == b.name
                && cx.same(a.value, b.value)
                && same_types(cx, &a.type_params, &b.type_params)
                && a.is_circular == b.is_circular
        }
        (Answer::Fields(a), Answer::Fields(b)) => same_fields(cx, a, b),
        (Answer::Variances(a), Answer::Variances(b)) => a == b,
        _ => false,
    }
}

fn same_option(cx: &Cx<'_>, a: Option<Type>, b: Option<Type>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => cx.same(a, b),
        (None, None) => true,
        _ => false,
    }
}

fn same_types(cx: &Cx<'_>, a: &[Type], b: &[Type]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(&a, &b)| cx.same(a, b))
}

fn same_signatures<'t>(cx: &Cx<'t>, a: &[Signature<'t>], b: &[Signature<'t>]) -> bool {
    let same_default = |a: &Signature<'t>, b: &Signature<'t>| {
        a.parameters
            .iter()
            .zip(b.parameters.iter())
            .all(|(a, b)| same_option(cx, a.default, b.default))
    };
    a.len() == b.len()
        && (a.is_empty() || cx.same(cx.callable(a), cx.callable(b)))
        && a.iter().zip(b).all(|(a, b)| same_default(a, b))
}

fn same_function<'t>(cx: &Cx<'t>, a: &FunctionInfo<'t>, b: &FunctionInfo<'t>) -> bool {
    a.definition == b.definition
        && a.class == b.class
        && a.flags == b.flags
        && a.known == b.known
        && a.has_implementation == b.has_implementation
        && a.deprecated == b.deprecated
        && a.transform == b.transform
        && same_option(cx, a.decorated, b.decorated)
        && same_signatures(cx, &[a.signature], &[b.signature])
        && same_signatures(cx, &a.overloads, &b.overloads)
}

fn same_mro(cx: &Cx<'_>, a: &[MroEntry], b: &[MroEntry]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(&a, &b)| cx.same_entry(a, b))
}

fn same_class(cx: &Cx<'_>, a: &ClassInfo, b: &ClassInfo) -> bool {
    let fields = match (&a.synthesized, &b.synthesized) {
        (Some(a), Some(b)) => same_fields(cx, a, b),
        (None, None) => true,
        _ => false,
    };
    fields
        && a.class == b.class
        && a.flags == b.flags
        && a.mro_error == b.mro_error
        && a.dataclass == b.dataclass
        && a.transform == b.transform
        && a.deprecated == b.deprecated
        && same_types(cx, &a.type_params, &b.type_params)
        && same_types(cx, &a.bases, &b.bases)
        && same_mro(cx, &a.mro, &b.mro)
        && same_option(cx, a.metaclass, b.metaclass)
        && same_option(cx, a.tuple_base, b.tuple_base)
        && same_option(cx, a.new_type_base, b.new_type_base)
        && same_option(cx, a.extra_items, b.extra_items)
}

fn same_fields(cx: &Cx<'_>, a: &[Field], b: &[Field]) -> bool {
    a.len() == b.len()
        && a.iter().zip(b).all(|(a, b)| {
            a.name == b.name
                && cx.same(a.ty, b.ty)
                && same_option(cx, a.default, b.default)
                && same_option(cx, a.init_type, b.init_type)
                && a.alias == b.alias
                && a.range == b.range
                && a.class == b.class
                && (a.has_default, a.init, a.kw_only) == (b.has_default, b.init, b.kw_only)
                && (a.is_init_var, a.required) == (b.is_init_var, b.required)
                && a.read_only == b.read_only
        })
}

/// An answer with every placeholder of a cycle replaced by `Unknown`.
pub fn settle<'t>(cx: &Cx<'t>, answer: Answer<'t>) -> Answer<'t> {
    let one = |ty: Type| cx.without_cycles(ty);
    let writer = cx.arena;
    match answer {
        Answer::Definition(types) => Answer::Definition(types.map(one)),
        Answer::Type(ty) => Answer::Type(one(ty)),
        Answer::Types(types) => {
            Answer::Types(cx.slice(&types.iter().map(|&ty| one(ty)).collect::<Vec<_>>()))
        }
        Answer::Member(member) => Answer::Member(member.map(|place| place.map(one))),
        Answer::Function(info) => {
            Answer::Function(writer.keep(|owned| &owned.functions, settle_function(cx, info)))
        }
        Answer::Class(info) => Answer::Class(writer.keep(|owned| &owned.classes, info.map(one))),
        Answer::TypeVar(info) => {
            Answer::TypeVar(writer.keep(|owned| &owned.type_vars, info.map(one)))
        }
        Answer::Alias(info) => Answer::Alias(writer.keep(|owned| &owned.aliases, info.map(one))),
        Answer::Fields(fields) => {
            let settled = fields.iter().map(|field| field.map(one)).collect();
            Answer::Fields(writer.keep(|owned| &owned.fields, settled))
        }
        Answer::Variances(_) => answer,
    }
}

fn settle_function<'t>(cx: &Cx<'t>, info: &FunctionInfo<'t>) -> FunctionInfo<'t> {
    let overloads = info.overloads.iter();
    info.with(
        cx.signature_without_cycles(&info.signature),
        overloads.map(|overload| cx.signature_without_cycles(overload)).collect(),
        info.decorated.map(|ty| cx.without_cycles(ty)),
    )
}
