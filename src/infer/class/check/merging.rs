//! Several bases: what one of them defines must fit what the others promise.
//! Source: typing spec, "Class type assignability"; the member found first stands for all.

use rustc_hash::FxHashSet;

use super::Subject;
use super::overrides::{function_of, is_free, with_names_of, without_inferred_result};
use crate::infer::because;
use crate::infer::region::Misfit;
use crate::policy::Policy;
use crate::rules;
use crate::types::{
    ClassFlags, Cx, FunctionFlags, Kind, Lookup, Member, MroEntry, ParameterKind, Qualifiers,
    Signature, Type,
};

pub(super) fn check(subject: &Subject<'_, '_, '_>) {
    let cx = subject.region.cx;
    let flavoured = ClassFlags::TYPED_DICT.union(ClassFlags::ENUM).union(ClassFlags::NAMED_TUPLE);
    let is_open = subject.info.mro.iter().any(|entry| matches!(entry, MroEntry::Dynamic(_)));
    if subject.info.bases.len() < 2 || is_open || subject.info.flags.intersects(flavoured) {
        return;
    }
    let mut seen: FxHashSet<&str> = FxHashSet::default();
    seen.extend(cx.host.class_member_names(cx, subject.class, true));
    let class_object = cx.generic_class(subject.class, &subject.info.type_params);
    for entry in subject.info.mro.iter().skip(1) {
        let MroEntry::Class(class, _) = *entry else { continue };
        let module = cx.host.module(class.module);
        if module.is_stub && !module.is_checked {
            continue;
        }
        for name in cx.host.class_member_names(cx, class, true) {
            let is_own = name.starts_with("__") && !name.ends_with("__");
            if !seen.insert(name) || is_own || is_free(cx, name) {
                continue;
            }
            let Some(found) = cx.class_lookup(class_object, name) else { continue };
            if conflict(subject, name, &found) {
                return;
            }
        }
    }
}

fn is_callable(ty: Type) -> bool {
    matches!(ty.kind(), Kind::Method | Kind::Function | Kind::Callable)
}

/// Reports the first base that promises something else of `name` than `found`.
fn conflict(subject: &Subject<'_, '_, '_>, name: &str, found: &Member) -> bool {
    let cx = subject.region.cx;
    let Some(first) = found.class else { return false };
    for &base in &subject.info.bases {
        let Some(other) = cx.class_lookup(base, name) else { continue };
        let Some(second) = other.class else { continue };
        if second == first || cx.host.class(cx, first).inherits(second) {
            continue;
        }
        if let Some(misfit) = misfit(subject, name, found, &other) {
            let [one, two] = [first, second].map(|class| &cx.host.class(cx, class).name);
            let class = &subject.info.name;
            let finding = match misfit {
                Misfit::Value(own, wanted) if !cx.same(own, wanted) => {
                    let (wanted, own) = cx.display_apart(wanted, own);
                    let rule = rules::invalid_attribute_override::conflicting_bases;
                    rule(class, name, (one, own), (two, wanted))
                }
                _ => rules::invalid_attribute_override::incompatible_bases(class, name, one, two),
            };
            let finding = because::declared_in_base(subject.region, finding, found, name);
            let finding = because::declared_in_base(subject.region, finding, &other, name);
            subject.region.report_misfit(subject.name_range(), finding, misfit);
            return true;
        }
    }
    false
}

/// A method whose positional parameters nobody passes by name.
fn without_names(cx: &Cx<'_>, method: Type) -> Type {
    let Some(signatures) = cx.signatures(method).filter(|_| is_callable(method)) else {
        return method;
    };
    let open: Vec<Signature> = signatures
        .iter()
        .map(|each| {
            let mut parameters = each.parameters.to_vec();
            for parameter in &mut parameters {
                if parameter.kind == ParameterKind::Standard {
                    parameter.kind = ParameterKind::PositionalOnly;
                }
            }
            Signature { parameters: cx.slice(&parameters), ..*each }
        })
        .collect();
    cx.callable(&open)
}

/// Whether the member that wins may stand for that of another base.
/// What does not fit, if something does not.
fn misfit(
    subject: &Subject<'_, '_, '_>,
    name: &str,
    found: &Member,
    other: &Member,
) -> Option<Misfit> {
    let cx = subject.region.cx;
    let is_method = |ty: Type| matches!(ty.kind(), Kind::Function | Kind::Callable);
    let is_promise = |member: &Member| {
        member.place.declared.is_some()
            || is_method(member.place.ty)
            || member.place.ty.kind() == Kind::Property
    };
    if !is_promise(found) || !is_promise(other) {
        return None;
    }
    let is_final = |member: &Member| {
        member.place.qualifiers.contains(Qualifiers::FINAL)
            || function_of(cx, member.place.ty)
                .is_some_and(|function| function.flags.contains(FunctionFlags::FINAL))
    };
    let is_settable = other.place.declared.is_some()
        && !is_method(other.place.ty)
        && other.place.ty.kind() != Kind::Property;
    let makes_final = found.place.qualifiers.contains(Qualifiers::FINAL) && is_settable;
    if is_final(other) || makes_final {
        return Some(Misfit::Value(found.place.ty, found.place.ty));
    }
    let instance = cx.identity_instance(subject.class);
    let class = cx.generic_class(subject.class, &subject.info.type_params);
    let bind = |member: &Member| {
        without_inferred_result(
            cx,
            cx.bind_member(member, Lookup { receiver: Some(instance), class }),
        )
    };
    let (own, wanted) = (bind(found), bind(other));
    // Stubs name positional parameters as they like.
    let in_stub =
        |member: &Member| member.class.is_some_and(|class| cx.host.module(class.module).is_stub);
    let is_free = cx.holds(Policy::NamesInStubs) && (in_stub(found) || in_stub(other));
    let wanted = if is_free { without_names(cx, wanted) } else { wanted };
    let own = with_names_of(cx, name, own, wanted);
    if own.is_dynamic() || wanted.is_dynamic() || cx.is_assignable(own, wanted) {
        return None;
    }
    Some(if is_callable(own) && is_callable(wanted) {
        Misfit::Override(own, wanted)
    } else {
        Misfit::Value(own, wanted)
    })
}
