//! Comparing two answers to one question, and taking the placeholders of cycles out of an answer.
//!
//! Both go by structure: two answers of two iterations are never the same piece of memory.

use super::memo::Answer;
use crate::types::{
    AliasInfo, ClassInfo, Cx, Field, FunctionInfo, MroEntry, Signature, Type, TypeVarInfo,
};

/// Whether two answers say the same.
pub(super) fn same_answer(cx: &Cx<'static>, left: Answer, right: Answer) -> bool {
    match (left, right) {
        (Answer::Definition(a), Answer::Definition(b)) => {
            same_option(cx, a.bound, b.bound)
                && same_option(cx, a.declared, b.declared)
                && a.qualifiers == b.qualifiers
        }
        (Answer::Function(a), Answer::Function(b)) => same_function(cx, a, b),
        (Answer::Type(a), Answer::Type(b)) => cx.same(a, b),
        (Answer::Class(a), Answer::Class(b)) => same_class(cx, a, b),
        (Answer::Types(a), Answer::Types(b)) => same_types(cx, &a, &b),
        (Answer::Member(None), Answer::Member(None)) => true,
        (Answer::Member(Some(a)), Answer::Member(Some(b))) => {
            cx.same(a.ty, b.ty)
                && same_option(cx, a.declared, b.declared)
                && a.qualifiers == b.qualifiers
                && a.boundness == b.boundness
                && a.definition == b.definition
                && a.has_value == b.has_value
        }
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

fn same_signatures(cx: &Cx<'_>, a: &[Signature], b: &[Signature]) -> bool {
    let same_default = |a: &Signature, b: &Signature| {
        a.parameters
            .iter()
            .zip(b.parameters.iter())
            .all(|(a, b)| same_option(cx, a.default, b.default))
    };
    a.len() == b.len()
        && (a.is_empty() || cx.same(cx.callable(a), cx.callable(b)))
        && a.iter().zip(b).all(|(a, b)| same_default(a, b))
}

fn same_function(cx: &Cx<'_>, a: &FunctionInfo, b: &FunctionInfo) -> bool {
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
    a.len() == b.len()
        && a.iter().zip(b).all(|(a, b)| match (*a, *b) {
            (MroEntry::Class(a, x), MroEntry::Class(b, y)) => a == b && cx.same(x, y),
            (MroEntry::Dynamic(a), MroEntry::Dynamic(b)) => cx.same(a, b),
            _ => false,
        })
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
pub(super) fn settle(cx: &Cx<'static>, answer: Answer) -> Answer {
    let one = |ty: Type| cx.without_cycles(ty);
    match answer {
        Answer::Definition(mut types) => {
            types.bound = types.bound.map(one);
            types.declared = types.declared.map(one);
            Answer::Definition(types)
        }
        Answer::Type(ty) => Answer::Type(one(ty)),
        Answer::Types(types) => Answer::Types(match all(cx, &types) {
            Some(settled) => cx.slice(&settled),
            None => types,
        }),
        Answer::Member(member) => Answer::Member(member.map(|mut place| {
            place.ty = one(place.ty);
            place.declared = place.declared.map(one);
            place
        })),
        Answer::Function(info) => Answer::Function(settle_function(cx, info)),
        Answer::Class(info) => Answer::Class(settle_class(cx, info)),
        Answer::TypeVar(info) => {
            let settled = TypeVarInfo {
                name: info.name.clone(),
                kind: info.kind,
                bound: info.bound.map(one),
                constraints: info.constraints.iter().map(|&ty| one(ty)).collect(),
                default: info.default.map(one),
                variance: info.variance,
            };
            let is_same = same_answer(cx, answer, Answer::TypeVar(info))
                && settled.bound == info.bound
                && settled.default == info.default
                && settled.constraints == info.constraints;
            if is_same { answer } else { Answer::TypeVar(cx.arena.keep(settled)) }
        }
        Answer::Alias(info) if one(info.value) != info.value => {
            Answer::Alias(cx.arena.keep(AliasInfo {
                name: info.name.clone(),
                value: one(info.value),
                type_params: info.type_params.clone(),
                is_circular: info.is_circular,
            }))
        }
        Answer::Fields(fields) if fields.iter().any(|field| settle_field(cx, field).is_some()) => {
            let settled: Vec<Field> = fields
                .iter()
                .map(|field| settle_field(cx, field).unwrap_or_else(|| field.clone()))
                .collect();
            Answer::Fields(cx.arena.keep(settled).as_slice())
        }
        Answer::Alias(_) | Answer::Fields(_) | Answer::Variances(_) => answer,
    }
}

/// The types settled, if that changes any.
fn all(cx: &Cx<'_>, types: &[Type]) -> Option<Vec<Type>> {
    let settled: Vec<Type> = types.iter().map(|&ty| cx.without_cycles(ty)).collect();
    (settled != types).then_some(settled)
}

fn settle_field(cx: &Cx<'_>, field: &Field) -> Option<Field> {
    let one = |ty: Type| cx.without_cycles(ty);
    let ty = one(field.ty);
    let (default, init_type) = (field.default.map(one), field.init_type.map(one));
    let is_same = ty == field.ty && default == field.default && init_type == field.init_type;
    (!is_same).then(|| Field { ty, default, init_type, ..field.clone() })
}

fn settle_function(cx: &Cx<'static>, info: &'static FunctionInfo) -> &'static FunctionInfo {
    let signature = cx.signature_without_cycles(&info.signature);
    let overloads: Box<[Signature]> =
        info.overloads.iter().map(|overload| cx.signature_without_cycles(overload)).collect();
    let decorated = info.decorated.map(|ty| cx.without_cycles(ty));
    let is_same = decorated == info.decorated
        && same_signatures(cx, &[signature], &[info.signature])
        && same_signatures(cx, &overloads, &info.overloads);
    if is_same {
        return info;
    }
    cx.arena.keep(FunctionInfo {
        definition: info.definition,
        name: info.name.clone(),
        name_range: info.name_range,
        class: info.class,
        signature,
        overloads,
        has_implementation: info.has_implementation,
        flags: info.flags,
        known: info.known,
        deprecated: info.deprecated.clone(),
        transform: info.transform,
        decorated,
    })
}

fn settle_class(cx: &Cx<'static>, info: &'static ClassInfo) -> &'static ClassInfo {
    let one = |ty: Type| cx.without_cycles(ty);
    let list = |types: &[Type]| -> Box<[Type]> { types.iter().map(|&ty| one(ty)).collect() };
    let mro = info.mro.iter().map(|entry| match *entry {
        MroEntry::Class(class, ty) => MroEntry::Class(class, one(ty)),
        MroEntry::Dynamic(ty) => MroEntry::Dynamic(one(ty)),
    });
    let synthesized = info.synthesized.as_ref().map(|fields| -> Box<[Field]> {
        let settled = |field| settle_field(cx, field).unwrap_or_else(|| Field::clone(field));
        fields.iter().map(settled).collect()
    });
    let settled = ClassInfo {
        class: info.class,
        name: info.name.clone(),
        name_range: info.name_range,
        flags: info.flags,
        type_params: list(&info.type_params),
        bases: list(&info.bases),
        mro: mro.collect(),
        metaclass: info.metaclass.map(one),
        mro_error: info.mro_error,
        dataclass: info.dataclass,
        transform: info.transform,
        synthesized,
        tuple_base: info.tuple_base.map(one),
        new_type_base: info.new_type_base.map(one),
        deprecated: info.deprecated.clone(),
        extra_items: info.extra_items.map(one),
    };
    if same_class(cx, &settled, info) { info } else { cx.arena.keep(settled) }
}
