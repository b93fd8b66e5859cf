//! Protocol classes. Source: typing spec, "Protocols".

use super::Subject;
use crate::infer::class::variance::inferred;
use crate::rules;
use crate::types::{ClassFlags, Known, TypeVarKind, Variance};

pub(super) fn check(subject: &Subject<'_, '_, '_>) {
    let region = subject.region;
    let cx = region.cx;
    for &base in &subject.info.bases {
        let Some(info) = cx.info_of(base) else { continue };
        let is_object = cx.is_known(info.class, Known::Object);
        if !info.is(ClassFlags::PROTOCOL) && !is_object {
            let finding =
                rules::invalid_protocol::protocol_with_other_base(&subject.info.name, &info.name);
            region.report(subject.name_range(), finding);
        }
    }
    undeclared_members(subject);
    for (range, qualifier) in super::fields::misplaced_qualifiers(subject) {
        // Nothing says what it would mean for a class that implements it.
        if qualifier == "Final" {
            let reason = "a member of a protocol cannot be `Final`";
            let finding = rules::invalid_protocol::invalid_protocol(&subject.info.name, reason);
            region.report(range, finding);
        }
    }
    if !cx.host.module(region.module).is_stub {
        variance(subject);
    }
}

/// All members must be declared in the body, not only assigned to `self`.
fn undeclared_members(subject: &Subject<'_, '_, '_>) {
    let region = subject.region;
    let cx = region.cx;
    for attribute in region.index.instance_attributes(subject.body) {
        let declared = subject.last_definition(&attribute.name).is_some()
            || subject.info.mro.iter().skip(1).any(|entry| match *entry {
                crate::types::MroEntry::Class(base, _) => {
                    cx.host.class_member(cx, base, &attribute.name).is_some()
                }
                crate::types::MroEntry::Dynamic(_) => true,
            });
        if !declared {
            let range = region.index.definitions[attribute.definition].name_range;
            region.report(
                range,
                rules::invalid_protocol::undeclared_protocol_member(
                    &subject.info.name,
                    &attribute.name,
                ),
            );
        }
    }
}

/// The variance that is declared must be the one that the members allow.
fn variance(subject: &Subject<'_, '_, '_>) {
    let region = subject.region;
    let cx = region.cx;
    if subject.is(ClassFlags::PEP695) || subject.info.is_dynamic() {
        return;
    }
    for &param in &subject.info.type_params {
        let Some(data) = cx.as_type_var(param) else { continue };
        let Some(found) = cx.host.type_var(cx, data.definition).variance else { continue };
        if data.kind != TypeVarKind::TypeVar {
            continue;
        }
        let expected = inferred(cx, subject.class, param);
        if found != Variance::Invariant || expected == Variance::Invariant {
            continue;
        }
        let word = |variance| match variance {
            Variance::Covariant | Variance::Bivariant => "covariant",
            Variance::Contravariant => "contravariant",
            Variance::Invariant => "invariant",
        };
        region.report(
            subject.name_range(),
            rules::invalid_variance::protocol_variance(
                data.name,
                &subject.info.name,
                word(expected),
                word(found),
            ),
        );
    }
}
