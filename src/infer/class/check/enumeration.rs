//! Enum classes. Source: typing spec, "Enumerations".

use ruff_python_ast::{Expr, Stmt};
use rustc_hash::FxHashSet;
use smallvec::{SmallVec, smallvec};

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
        .map(|declared| (declared, true))
        .or_else(|| inherited_value(subject));
    let constructors = constructors(subject);
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
            check_constructors(subject, &constructors, &field.name, value);
        }
        let Some((expected, is_own)) = expected else { continue };
        // `IntEnum` and its like make their value of a tuple as `int` and its like do.
        let is_made = !is_own && value.is_tuple_expr();
        let is_open = is_stub && matches!(value, Expr::EllipsisLiteral(_));
        // With a constructor of its own the value of a member is not what is assigned.
        if is_open || is_made || !constructors.is_empty() {
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

/// The declared type of `_value_` that a base says, and whether that is a base of the program: with a constructor of its
/// own, the value of a base is not what is assigned.
fn inherited_value(subject: &Subject<'_, '_, '_>) -> Option<(Type, bool)> {
    let cx = subject.region.cx;
    subject.info.mro.iter().skip(1).find_map(|entry| {
        let MroEntry::Class(class, _) = *entry else { return None };
        let declared = cx.host.class_member(cx, class, "_value_")?.declared?;
        Some((declared, !cx.host.module(class.module).is_stub))
    })
}

/// What is assigned to a member is what `__new__` and `__init__` take: a tuple is spread.
/// Source: typing spec, "Enumerations", "Member Values".
fn check_constructors(
    subject: &Subject<'_, '_, '_>,
    constructors: &[&str],
    name: &str,
    value: &Expr,
) {
    let cx = subject.region.cx;
    if constructors.is_empty() {
        return;
    }
    let found = subject.in_body(|body| infer(body, value, None));
    let is_made = cx.class_of(found).is_some_and(|class| {
        cx.is_known(class, Known::EnumAuto) || cx.is_known(class, Known::EnumMember)
    });
    if is_made || found.is_dynamic() {
        return;
    }
    let arguments: SmallVec<[Type; 4]> = match cx.as_tuple(found) {
        Some(tuple) if tuple.variadic.is_some() => return,
        Some(tuple) => tuple.elements.into(),
        None => smallvec![found],
    };
    let fails = |&&method: &&&str| {
        let mut arguments = arguments.clone();
        if method == "__new__" {
            arguments.insert(0, cx.generic_class(subject.class, &subject.info.type_params));
        }
        let callee = cx.dunder(cx.identity_instance(subject.class), method);
        callee.is_some_and(|callee| cx.call_with(callee, &arguments).is_none())
    };
    if let Some(method) = constructors.iter().find(fails) {
        let finding = rules::invalid_enum::invalid_enum_arguments(name, method, cx.display(found));
        subject.region.report(value, finding);
    }
}

/// The constructors of the members that a class of the program has written.
fn constructors(subject: &Subject<'_, '_, '_>) -> SmallVec<[&'static str; 2]> {
    let cx = subject.region.cx;
    let class_object = cx.generic_class(subject.class, &subject.info.type_params);
    let is_written = |name: &&str| {
        let member = cx.class_lookup(class_object, name).and_then(|member| member.class);
        member.is_some_and(|class| !cx.host.module(class.module).is_stub)
    };
    ["__new__", "__init__"].into_iter().filter(is_written).collect()
}
