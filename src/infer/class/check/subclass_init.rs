//! The keywords of a class statement, which `__init_subclass__` of a base takes.
//! Source: Python reference, "Customizing class creation".

use ruff_python_ast::Keyword;
use ruff_text_size::Ranged;

use super::Subject;
use crate::infer::call::{CallArguments, report_errors_at};
use crate::types::{ClassFlags, DataclassOptions, Known, Lookup};

pub(super) fn check(subject: &Subject<'_, '_, '_>) {
    let region = subject.region;
    let cx = region.cx;
    let keywords: Vec<&Keyword> = subject
        .stmt
        .keywords()
        .iter()
        .filter(|keyword| keyword.arg.as_ref().is_none_or(|name| name.as_str() != "metaclass"))
        .collect();
    if region.is_quiet() || has_own_meaning(subject) || keywords.iter().any(|k| k.arg.is_none()) {
        return;
    }
    let own = cx.generic_class(subject.class, &subject.info.type_params);
    let Some(member) = cx.class_lookup_after(own, "__init_subclass__", Some(subject.class), false)
    else {
        return;
    };
    if member.class.is_none() {
        return;
    }
    let method = cx.bind_member(&member, Lookup { receiver: None, class: own });
    let arguments = CallArguments::of_keywords(region, &keywords);
    let outcome = cx.call(method, &arguments, None);
    let at = |index: Option<usize>| {
        index.and_then(|index| keywords.get(index)).map_or(subject.name_range(), |k| k.range())
    };
    report_errors_at(region, &at, "__init_subclass__", &outcome.errors);
}

/// Whether something else than `__init_subclass__` reads the keywords: a form of `typing`, a
/// transform, or a metaclass with a `__new__` or `__init__` of its own.
fn has_own_meaning(subject: &Subject<'_, '_, '_>) -> bool {
    let cx = subject.region.cx;
    let info = subject.info;
    let special = ClassFlags::TYPED_DICT
        .union(ClassFlags::NAMED_TUPLE)
        .union(ClassFlags::ENUM)
        .union(ClassFlags::NEW_TYPE);
    let transformed =
        info.dataclass.is_some_and(|options| options.contains(DataclassOptions::TRANSFORM));
    if info.flags.intersects(special) || info.is_dynamic() || transformed {
        return true;
    }
    let meta = cx.metaclass_of(info);
    ["__new__", "__init__", "__call__"].iter().any(|name| {
        cx.class_lookup_after(meta, name, None, false).is_none_or(|member| {
            member.class.is_none_or(|class| {
                !cx.is_known(class, Known::Type)
                    && !cx.is_known(class, Known::Object)
                    && !cx.is_known(class, Known::AbcMeta)
            })
        })
    })
}
