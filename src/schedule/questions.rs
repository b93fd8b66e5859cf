//! How each question is computed, and what its answer is taken for before anything is known of it.

use super::keys::{Answer, Key, NO_SLOT, Question};
use super::task::Task;
use super::world::name_and_range;
use crate::index::{FlowId, MemberName, ScopeId};
use crate::infer;
use crate::types::{
    AliasInfo, ClassFlags, ClassInfo, Cx, DefinitionTypes, FunctionFlags, FunctionInfo, Known,
    MroEntry, PlaceType, Qualifiers, Type, TypeVarInfo, TypeVarKind, Variance,
};

/// Computes an answer from scratch.
pub(super) fn compute<'t>(task: &'t Task<'t>, cx: &Cx<'t>, key: &Key<'t>) -> Answer<'t> {
    #[cfg(test)]
    if let Some(oracle) = &task.world.oracle {
        return oracle(task, key);
    }
    let _ = task;
    inferred(cx, key)
}

/// What inference answers, whoever the host is.
pub fn inferred<'t>(cx: &Cx<'t>, key: &Key<'t>) -> Answer<'t> {
    let writer = cx.arena;
    match key.question {
        Question::Definition => Answer::Definition(infer::compute_definition(cx, key.def_ref())),
        Question::Function => {
            let info = infer::compute_function(cx, key.def_ref());
            Answer::Function(writer.keep(|owned| &owned.functions, info))
        }
        Question::Return => Answer::Type(infer::compute_return(cx, key.def_ref())),
        Question::Milestone => {
            let flow = FlowId::from_u32(key.index);
            Answer::Member(infer::compute_milestone(cx, key.module_id(), flow))
        }
        Question::SeenWithin => Answer::Member(Some(infer::compute_seen_within(cx, key.def_ref()))),
        Question::Looped => {
            let method = ScopeId::from_u32(key.index);
            Answer::Types(writer.slice(&infer::compute_looped(cx, key.module_id(), method)))
        }
        Question::ReturnOfGiven => Answer::Type(infer::compute_return_of_given(cx, key.def_ref())),
        Question::Class => {
            let info = infer::compute_class(cx, key.class_ref());
            Answer::Class(writer.keep(|owned| &owned.classes, info))
        }
        Question::TypeParams => {
            Answer::Types(writer.slice(&infer::compute_type_params(cx, key.class_ref())))
        }
        Question::ClassMember => {
            Answer::Member(infer::compute_class_member(cx, key.class_ref(), key.name))
        }
        Question::ModuleMember => {
            Answer::Member(infer::compute_module_member(cx, key.module_id(), key.name))
        }
        Question::TypeVar => {
            let info = infer::compute_type_var(cx, key.def_ref());
            Answer::TypeVar(writer.keep(|owned| &owned.type_vars, info))
        }
        Question::Alias => {
            let info = infer::compute_alias(cx, key.def_ref());
            Answer::Alias(writer.keep(|owned| &owned.aliases, info))
        }
        Question::Fields => {
            let fields = infer::compute_fields(cx, key.class_ref());
            Answer::Fields(writer.keep(|owned| &owned.fields, fields))
        }
        Question::Variance => {
            Answer::Variances(writer.slice(&infer::compute_variance(cx, key.class_ref())))
        }
    }
}

/// The slot under which a member of a class is asked for, by what the index found; `None` when the class has no such
/// member, which nobody needs to compute.
pub fn member_slot<'t>(
    found: MemberName,
    name: &str,
    class: impl FnOnce() -> &'t ClassInfo,
) -> Option<u32> {
    match found {
        MemberName::Written(slot) => Some(slot),
        MemberName::NotWritten if !infer::may_be_made(name) || !infer::has_made(class()) => None,
        MemberName::NotWritten | MemberName::Unknown => Some(NO_SLOT),
    }
}

/// What a member of a cycle is taken for before anything is known of it. Settled, it is the fallback.
pub fn initial<'t>(cx: &Cx<'t>, key: &Key<'_>) -> Answer<'t> {
    /// More type parameters than any class has.
    static BIVARIANT: [Variance; 64] = [Variance::Bivariant; 64];
    let writer = cx.arena;
    let name = || name_and_range(cx.host.index(key.module_id()), key).0;
    match key.question {
        Question::Definition => Answer::Definition(DefinitionTypes {
            bound: Some(Type::CYCLE),
            declared: None,
            qualifiers: Qualifiers::empty(),
        }),
        Question::Return | Question::ReturnOfGiven => Answer::Type(Type::CYCLE),
        Question::TypeParams => Answer::Types(&[]),
        Question::ClassMember
        | Question::ModuleMember
        | Question::Milestone
        | Question::SeenWithin => Answer::Member(Some(PlaceType::bound(Type::CYCLE))),
        Question::Looped => {
            let count =
                infer::looped_attributes(cx, key.module_id(), ScopeId::from_u32(key.index)).count();
            Answer::Types(writer.slice(&vec![Type::CYCLE; count]))
        }
        Question::Fields => Answer::Fields(&[]),
        Question::Variance => Answer::Variances(&BIVARIANT),
        Question::Function => {
            let info = initial_function(cx, key);
            Answer::Function(writer.keep(|owned| &owned.functions, info))
        }
        Question::Class => {
            Answer::Class(writer.keep(|owned| &owned.classes, initial_class(cx, key)))
        }
        Question::TypeVar => {
            let info = TypeVarInfo {
                name: name(),
                kind: TypeVarKind::TypeVar,
                bound: None,
                constraints: Box::default(),
                default: None,
                variance: Some(Variance::Invariant),
            };
            Answer::TypeVar(writer.keep(|owned| &owned.type_vars, info))
        }
        Question::Alias => {
            let info = AliasInfo {
                name: name(),
                value: Type::CYCLE,
                type_params: Box::default(),
                is_circular: false,
            };
            Answer::Alias(writer.keep(|owned| &owned.aliases, info))
        }
    }
}

fn initial_function<'t>(cx: &Cx<'t>, key: &Key<'_>) -> FunctionInfo<'t> {
    let (name, name_range) = name_and_range(cx.host.index(key.module_id()), key);
    FunctionInfo {
        definition: key.def_ref(),
        name,
        name_range,
        class: None,
        signature: cx.gradual_signature(Type::CYCLE),
        overloads: Box::default(),
        has_implementation: true,
        flags: FunctionFlags::empty(),
        known: None,
        deprecated: None,
        transform: None,
        decorated: None,
    }
}

fn initial_class(cx: &Cx<'_>, key: &Key<'_>) -> ClassInfo {
    let class = key.class_ref();
    let (name, name_range) = name_and_range(cx.host.index(key.module_id()), key);
    let mut mro = vec![MroEntry::Class(class, Type::class(class))];
    if let Some(object) = cx.host.known(cx, Known::Object)
        && object != class
    {
        mro.push(MroEntry::Class(object, Type::class(object)));
    }
    let flags = ClassFlags::DYNAMIC_MRO;
    ClassInfo { flags, mro: mro.into(), ..infer::empty_class(class, name, name_range) }
}
