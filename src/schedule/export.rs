//! Copying answers out of a worker's scratch arena into the arena that lasts for the run.
//!
//! Only what is published is copied; everything else that a task made goes with its scratch.

use super::memo::Answer;
use crate::store::Arena;
use crate::types::{
    AliasInfo, ClassInfo, Cx, Data, Field, FunctionInfo, MroEntry, Type, TypeVarInfo,
};

/// `answer` with everything that it refers to in `into`, or in an arena that lasts already.
pub(super) fn export(cx: &Cx<'static>, answer: Answer, into: &'static Arena<Data>) -> Answer {
    let one = |ty: Type| cx.export(ty, into);
    match answer {
        Answer::Definition(mut types) => {
            types.bound = types.bound.map(one);
            types.declared = types.declared.map(one);
            Answer::Definition(types)
        }
        Answer::Type(ty) => Answer::Type(one(ty)),
        Answer::Types(types) => Answer::Types(cx.export_slice(&types, into)),
        Answer::Member(member) => Answer::Member(member.map(|mut place| {
            place.ty = one(place.ty);
            place.declared = place.declared.map(one);
            place
        })),
        Answer::Function(info) => Answer::Function(into.keep(export_function(cx, info, into))),
        Answer::Class(info) => Answer::Class(into.keep(export_class(cx, info, into))),
        Answer::TypeVar(info) => Answer::TypeVar(into.keep(TypeVarInfo {
            name: info.name.clone(),
            kind: info.kind,
            bound: info.bound.map(one),
            constraints: info.constraints.iter().map(|&ty| one(ty)).collect(),
            default: info.default.map(one),
            variance: info.variance,
        })),
        Answer::Alias(info) => Answer::Alias(into.keep(AliasInfo {
            name: info.name.clone(),
            value: one(info.value),
            type_params: info.type_params.iter().map(|&ty| one(ty)).collect(),
            is_circular: info.is_circular,
        })),
        Answer::Fields(fields) => {
            let exported: Vec<Field> =
                fields.iter().map(|field| export_field(cx, field, into)).collect();
            Answer::Fields(into.keep(exported).as_slice())
        }
        Answer::Variances(variances) => Answer::Variances(into.slice(variances).as_slice()),
    }
}

fn export_field(cx: &Cx<'_>, field: &Field, into: &Arena<Data>) -> Field {
    let one = |ty: Type| cx.export(ty, into);
    Field {
        ty: one(field.ty),
        default: field.default.map(one),
        init_type: field.init_type.map(one),
        ..field.clone()
    }
}

fn export_function(cx: &Cx<'_>, info: &FunctionInfo, into: &Arena<Data>) -> FunctionInfo {
    let overloads = info.overloads.iter();
    FunctionInfo {
        definition: info.definition,
        name: info.name.clone(),
        name_range: info.name_range,
        class: info.class,
        signature: cx.export_signature(&info.signature, into),
        overloads: overloads.map(|overload| cx.export_signature(overload, into)).collect(),
        has_implementation: info.has_implementation,
        flags: info.flags,
        known: info.known,
        deprecated: info.deprecated.clone(),
        transform: info.transform,
        decorated: info.decorated.map(|ty| cx.export(ty, into)),
    }
}

fn export_class(cx: &Cx<'_>, info: &ClassInfo, into: &Arena<Data>) -> ClassInfo {
    let one = |ty: Type| cx.export(ty, into);
    let list = |types: &[Type]| -> Box<[Type]> { types.iter().map(|&ty| one(ty)).collect() };
    let entry = |entry: &MroEntry| match *entry {
        MroEntry::Class(class, ty) => MroEntry::Class(class, one(ty)),
        MroEntry::Dynamic(ty) => MroEntry::Dynamic(one(ty)),
    };
    let fields = |fields: &[Field]| -> Box<[Field]> {
        fields.iter().map(|field| export_field(cx, field, into)).collect()
    };
    ClassInfo {
        class: info.class,
        name: info.name.clone(),
        name_range: info.name_range,
        flags: info.flags,
        type_params: list(&info.type_params),
        bases: list(&info.bases),
        mro: info.mro.iter().map(entry).collect(),
        metaclass: info.metaclass.map(one),
        mro_error: info.mro_error,
        dataclass: info.dataclass,
        transform: info.transform,
        synthesized: info.synthesized.as_deref().map(fields),
        tuple_base: info.tuple_base.map(one),
        new_type_base: info.new_type_base.map(one),
        deprecated: info.deprecated.clone(),
        extra_items: info.extra_items.map(one),
    }
}
