//! Copying answers out of the scratch of a task into the arena of their module.
//!
//! Only what is published is copied; everything else that a task made goes with its scratch.

use super::keys::Answer;
use crate::types::{Cx, FunctionInfo, Type, TypeWriter};

/// `answer` with everything that it refers to in the arena that is written, or in one that lasts already.
pub(super) fn export<'w>(cx: &Cx<'_>, answer: Answer<'_>, into: &TypeWriter<'w>) -> Answer<'w> {
    let one = |ty: Type| cx.export(ty, into);
    match answer {
        Answer::Definition(types) => Answer::Definition(types.map(one)),
        Answer::Type(ty) => Answer::Type(one(ty)),
        Answer::Types(types) => Answer::Types(cx.export_slice(types, into)),
        Answer::Member(member) => Answer::Member(member.map(|place| place.map(one))),
        Answer::Function(info) => {
            Answer::Function(into.keep(|owned| &owned.functions, export_function(cx, info, into)))
        }
        Answer::Class(info) => Answer::Class(into.keep(|owned| &owned.classes, info.map(one))),
        Answer::TypeVar(info) => {
            Answer::TypeVar(into.keep(|owned| &owned.type_vars, info.map(one)))
        }
        Answer::Alias(info) => Answer::Alias(into.keep(|owned| &owned.aliases, info.map(one))),
        Answer::Fields(fields) => {
            let exported = fields.iter().map(|field| field.map(one)).collect();
            Answer::Fields(into.keep(|owned| &owned.fields, exported))
        }
        Answer::Variances(variances) => Answer::Variances(into.slice(variances)),
    }
}

fn export_function<'w>(
    cx: &Cx<'_>,
    info: &FunctionInfo<'_>,
    into: &TypeWriter<'w>,
) -> FunctionInfo<'w> {
    let overloads = info.overloads.iter();
    info.with(
        cx.export_signature(&info.signature, into),
        overloads.map(|overload| cx.export_signature(overload, into)).collect(),
        info.decorated.map(|ty| cx.export(ty, into)),
    )
}
