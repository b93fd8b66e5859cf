//! An attribute that an object does not have: which members of a union lack it, and what may have been meant.

use ruff_python_ast::ExprAttribute;

use crate::infer::call::callee_name;
use crate::infer::region::Region;
use crate::infer::{because, elsewhere, import};
use crate::rules::Finding;
use crate::rules::unresolved_attribute as rule;
use crate::types::{AttributeResult, Cx, Data, Kind, Known, MroEntry, Type};

/// Reports an attribute that `object` does not have, or that some members of it do not have.
pub(super) fn report(
    region: &Region<'_, '_>,
    attribute: &ExprAttribute,
    object: Type,
    result: &AttributeResult,
) {
    if region.is_quiet() {
        return;
    }
    let cx = region.cx;
    let name = attribute.attr.id.as_str();
    // The members are what it is about: a name for them says too little.
    let meant = cx.expand_alias(object);
    let object = if meant.kind() == Kind::Union { meant } else { object };
    let missing = cx.union(result.missing.iter().copied());
    let finding = if object.kind() != Kind::Union {
        of_one(region, object, name)
    } else if cx.same(missing, object) {
        let members: Vec<Type> = cx.members(object).iter().collect();
        let shown: Vec<String> = members.iter().map(|&it| cx.display(it).to_string()).collect();
        let names = members.iter().flat_map(|&member| member_names(cx, member));
        let finding = rule::unresolved_attribute_of_all(cx.display(object), &shown, name, names);
        mutable_kind(cx, finding, object, name)
    } else {
        let lacking = cx.display(missing);
        rule::unresolved_attribute_on_union(cx.display(object), name, lacking)
    };
    let finding = match result.missing.iter().any(|ty| ty.is_none()) {
        true => because::none_from(region, finding, &attribute.value, object, None),
        false => finding,
    };
    region.report(&attribute.attr, finding);
}

/// The finding about an object that is no union.
fn of_one(region: &Region<'_, '_>, object: Type, name: &str) -> Finding {
    let cx = region.cx;
    if let Some(module) = object.as_module() {
        return import::member_missing(region, module, &cx.host.module(module).name, name);
    }
    let shown = in_words(cx, object);
    if let Some(note) = elsewhere::of_object(cx, object, name) {
        return rule::unresolved_attribute(shown, name, []).note(note);
    }
    let finding = rule::unresolved_attribute(shown, name, member_names(cx, object));
    let works = |it| cx.attribute(it, name).found_all().is_some();
    let finding = because::await_missing(region, finding, object, works);
    let finding = match *cx.payload(object) {
        Data::Super { pivot, .. } => {
            let owner = &cx.host.class(cx, pivot).name;
            finding.note(format!("no class that comes after `{owner}` in the bases has it"))
        }
        _ => finding,
    };
    mutable_kind(cx, finding, object, name)
}

/// What an object is: functions and classes by their names, all else by type.
fn in_words(cx: &Cx<'_>, object: Type) -> String {
    let (kind, name) = match object.kind() {
        Kind::Function | Kind::Method => ("Function", callee_name(cx, object, None)),
        Kind::Class => ("Class", cx.display_name(object)),
        _ => ("", String::new()),
    };
    match name.is_empty() {
        true if object.kind() == Kind::Super => "`super()`".to_owned(),
        true => format!("Object of type `{}`", cx.display_object(object)),
        false => format!("{kind} `{name}`"),
    }
}

/// Says so where a container is declared to be read alone, and its attribute is one that changes it.
fn mutable_kind(cx: &Cx<'_>, finding: Finding, object: Type, name: &str) -> Finding {
    let kinds = [
        (
            Known::Sequence,
            Known::List,
            "`Sequence` is read-only: declare `list` or `MutableSequence`",
        ),
        (Known::Mapping, Known::Dict, "`Mapping` is read-only: declare `dict` or `MutableMapping`"),
    ];
    let is_a = |known| cx.members(object).iter().any(|member| cx.is_instance_of(member, known));
    let found = kinds.into_iter().find(|&(read_only, mutable, _)| {
        is_a(read_only) && cx.attribute(cx.known_instance(mutable), name).found_all().is_some()
    });
    match found {
        Some((_, _, hint)) => finding.hint(hint),
        None => finding,
    }
}

/// Names of an object's attributes, for suggestions.
pub fn member_names<'s>(cx: &Cx<'s>, object: Type) -> Vec<&'s str> {
    let instance = match object.kind() {
        Kind::Class | Kind::GenericClass => object,
        _ => cx.fallback_instance(object),
    };
    let Some(info) = cx.info_of(instance) else { return Vec::new() };
    info.mro
        .iter()
        .filter_map(|entry| match entry {
            MroEntry::Class(class, _) => Some(cx.host.class_member_names(cx, *class, true)),
            MroEntry::Dynamic(_) => None,
        })
        .flatten()
        .collect()
}
