//! Abstract methods of classes that are not abstract.
//! Source: Python library reference, "abc", `abstractmethod`.

use super::Subject;
use crate::infer::call::{abstract_methods, is_marked_abstract};
use crate::rules::ineffective_abstract_method::ineffective_abstract_method;
use crate::rules::invalid_final;
use crate::types::{ClassFlags, Type};

/// Nobody can fill what a final class leaves abstract.
/// Source: typing spec, "Type qualifiers", "`@final`".
fn check_final(subject: &Subject<'_, '_, '_>) {
    let (region, cx) = (subject.region, subject.region.cx);
    let is_open = subject.is(ClassFlags::PROTOCOL) || cx.host.module(region.module).is_stub;
    if is_open || !subject.is(ClassFlags::FINAL) {
        return;
    }
    let missing = abstract_methods(cx, Type::class(subject.class));
    if !missing.is_empty() {
        let finding = invalid_final::abstract_in_final(&subject.info.name, &missing);
        region.report(subject.name_range(), finding);
    }
}

/// Reports methods marked as abstract in a class whose metaclass does not look at the mark.
pub(super) fn check(subject: &Subject<'_, '_, '_>) {
    let (region, cx) = (subject.region, subject.region.cx);
    check_final(subject);
    // The metaclass of protocols, which the stubs do not name, looks at the mark, and is inherited.
    let is_open = subject.info.metaclass.is_some()
        || subject.info.is_dynamic()
        || cx.protocols_of(subject.info).next().is_some()
        || subject.is(ClassFlags::TYPED_DICT)
        || cx.host.module(region.module).is_stub;
    if is_open {
        return;
    }
    let marked: Vec<&str> = cx
        .host
        .class_member_names(cx, subject.class, false)
        .into_iter()
        .filter(|name| {
            cx.host
                .class_member(cx, subject.class, name)
                .is_some_and(|place| is_marked_abstract(cx, place.ty))
        })
        .collect();
    if !marked.is_empty() {
        let finding = ineffective_abstract_method(&subject.info.name, &marked);
        region.report(subject.name_range(), finding);
    }
}
