//! Abstract methods of classes that are not abstract.
//! Source: Python library reference, "abc", `abstractmethod`.

use super::Subject;
use crate::infer::call::is_marked_abstract;
use crate::rules::ineffective_abstract_method::ineffective_abstract_method;
use crate::types::ClassFlags;

/// Reports methods marked as abstract in a class whose metaclass does not look at the mark.
pub(super) fn check(subject: &Subject<'_, '_, '_>) {
    let (region, cx) = (subject.region, subject.region.cx);
    let is_open = subject.info.metaclass.is_some()
        || subject.info.is_dynamic()
        || subject.is(ClassFlags::PROTOCOL)
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
