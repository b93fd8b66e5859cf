//! Enum classes. Source: typing spec, "Enumerations".

use ruff_python_ast::{Expr, Stmt};
use rustc_hash::FxHashSet;

use super::Subject;
use crate::index::{DefinitionKind, DefinitionNode};
use crate::infer::class::enumeration::{declared_value, member_definition};
use crate::infer::expr::infer;
use crate::rules;
use crate::types::{Known, MroEntry, Type};

pub(super) fn check(subject: &Subject<'_, '_, '_>) {
    let region = subject.region;
    let cx = region.cx;
    let is_stub = cx.host.module(region.module).is_stub;
    if !subject.info.type_params.is_empty() {
        let reason = "an enum cannot be generic";
        let finding = rules::invalid_enum::invalid_enum(&subject.info.name, reason);
        region.report(subject.name_range(), finding);
    }
    assigned_twice(subject);
    let expected = subject
        .in_body(|body| declared_value(body, subject.body))
        .or_else(|| inherited_value(subject));
    for field in cx.host.fields(cx, subject.class) {
        let Some(definition) =
            subject.in_body(|body| member_definition(body, subject.body, &field.name))
        else {
            continue;
        };
        let entry = &region.index.definitions[definition];
        if entry.kind == DefinitionKind::AnnotatedAssignment && !is_stub {
            let finding =
                rules::invalid_enum::annotated_enum_member(&subject.info.name, &field.name);
            region.report(entry.name_range, finding);
        }
        let value = match region.nodes().definitions[definition] {
            DefinitionNode::Assignment { stmt, .. } => &*stmt.value,
            _ => continue,
        };
        if !is_stub {
            constructor(subject, &field.name, value);
        }
        let Some(expected) = expected else { continue };
        if is_stub && matches!(value, Expr::EllipsisLiteral(_)) || has_constructor(subject) {
            continue;
        }
        let found = subject.in_body(|body| infer(body, value, None));
        let is_auto = cx.class_of(found).is_some_and(|class| cx.is_known(class, Known::EnumAuto));
        if !is_auto && !cx.is_assignable(found, expected) {
            region.report(
                value,
                rules::invalid_enum::invalid_enum_value(
                    &field.name,
                    cx.display(expected),
                    cx.display(found),
                ),
            );
        }
    }
}

/// A member that is assigned again raises `TypeError`. Source: Python library reference, "enum".
fn assigned_twice(subject: &Subject<'_, '_, '_>) {
    let region = subject.region;
    let fields = region.cx.host.fields(region.cx, subject.class);
    let members: FxHashSet<&str> = fields.iter().map(|field| &*field.name).collect();
    let mut seen: FxHashSet<&str> = FxHashSet::default();
    for stmt in &subject.stmt.body {
        let Stmt::Assign(assign) = stmt else { continue };
        let [Expr::Name(target)] = &*assign.targets else { continue };
        let name = target.id.as_str();
        if members.contains(name) && !seen.insert(name) {
            let reason = format!("member `{name}` is assigned twice");
            let finding = rules::invalid_enum::invalid_enum(&subject.info.name, reason);
            region.report(target, finding);
        }
    }
}

/// The declared type of `_value_` that a base outside of the standard library says.
fn inherited_value(subject: &Subject<'_, '_, '_>) -> Option<Type> {
    let cx = subject.region.cx;
    subject.info.mro.iter().skip(1).find_map(|entry| match *entry {
        MroEntry::Class(class, _) if !cx.host.module(class.module).is_stub => {
            cx.host.class_member(cx, class, "_value_")?.declared
        }
        _ => None,
    })
}

/// What is assigned to a member is what `__init__` takes: a tuple is spread.
/// Source: typing spec, "Enumerations", "Member Values".
fn constructor(subject: &Subject<'_, '_, '_>, name: &str, value: &Expr) {
    let cx = subject.region.cx;
    let class_object = cx.generic_class(subject.class, &subject.info.type_params);
    let is_written = cx
        .class_lookup(class_object, "__init__")
        .and_then(|member| member.class)
        .is_some_and(|class| !cx.host.module(class.module).is_stub);
    if !is_written {
        return;
    }
    let found = subject.in_body(|body| infer(body, value, None));
    let is_made = cx.class_of(found).is_some_and(|class| {
        cx.is_known(class, Known::EnumAuto) || cx.is_known(class, Known::EnumMember)
    });
    let Some(method) = cx.dunder(cx.identity_instance(subject.class), "__init__") else { return };
    let arguments: Vec<Type> = match cx.as_tuple(found) {
        Some(tuple) if tuple.variadic.is_some() => return,
        Some(tuple) => tuple.elements.to_vec(),
        None => vec![found],
    };
    if !is_made && !found.is_dynamic() && cx.call_with(method, &arguments).is_none() {
        let finding = rules::invalid_enum::invalid_enum_arguments(name, cx.display(found));
        subject.region.report(value, finding);
    }
}

/// With a constructor of its own the value of a member is not what is assigned.
fn has_constructor(subject: &Subject<'_, '_, '_>) -> bool {
    ["__new__", "__init__"].iter().any(|name| subject.last_definition(name).is_some())
}
