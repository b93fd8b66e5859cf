//! Bases and metaclass: what may be inherited from, and together.

use ruff_python_ast::Expr;

use super::Subject;
use crate::infer::class::bases::{Base, base_of};
use crate::infer::class::functional;
use crate::infer::expr::infer;
use crate::rules;
use crate::types::{ClassFlags, ClassRef, Kind, MroEntry, Type};

pub(super) fn check(subject: &Subject<'_, '_, '_>) {
    let region = subject.region;
    let cx = region.cx;
    let mut seen: Vec<(ClassRef, &Expr)> = Vec::new();
    let mut has_duplicate = false;
    let mut is_cycle = false;
    for (node, value) in subject.base_values() {
        let base =
            region.quietly(|| base_of(region, subject.class, &subject.info.type_params, node));
        if matches!(base, Base::Invalid) && !is_made_class(subject, node) {
            let finding = rules::invalid_base::invalid_base(cx.display(value));
            let is_no_class = |member: Type| {
                !member.is_dynamic()
                    && !matches!(member.kind(), Kind::Class | Kind::GenericClass | Kind::SubclassOf)
            };
            let failing = cx.filter_union(value, is_no_class);
            let finding = if value.kind() == Kind::Union && !cx.same(failing, value) {
                finding.note(format!("what is no class is `{}`", cx.display(failing)))
            } else {
                finding
            };
            region.report(node, finding);
            continue;
        }
        let Base::Class(ty) = base else { continue };
        let Some(class) = cx.class_of(ty) else { continue };
        if seen.iter().any(|(known, _)| *known == class) {
            has_duplicate = true;
            let name = &cx.host.class(cx, class).name;
            region.report(node, rules::duplicate_base::duplicate_base(name));
        }
        seen.push((class, node));
        is_cycle |= check_base(subject, node, class);
    }
    if subject.info.mro_error && !is_cycle {
        check_linearisation(subject, has_duplicate);
    }
    metaclass(subject);
    layout(subject);
    arguments_agree(subject);
    misplaced_decorators(subject);
}

fn shown_base(subject: &Subject<'_, '_, '_>, base: Type) -> String {
    let cx = subject.region.cx;
    cx.info_of(base).map_or_else(|| cx.display(base).to_string(), |info| info.name.to_string())
}

/// Whether a base is a call that makes a class.
fn is_made_class(subject: &Subject<'_, '_, '_>, node: &Expr) -> bool {
    let Expr::Call(call) = node else { return false };
    let region = subject.region;
    let callee = region.quietly(|| infer(region, &call.func, None));
    functional::maker(region.cx, callee, call).is_some()
}

/// Says why there is no MRO, unless a base was said to lead back to the class or to be there twice.
fn check_linearisation(subject: &Subject<'_, '_, '_>, has_duplicate: bool) {
    let info = subject.info;
    let finding = if info.bases.len() == 1 {
        // One base alone cannot be in the way of another.
        rules::cyclic_class_definition::cyclic_class_definition(&info.name)
    } else if has_duplicate {
        return;
    } else {
        let shown: Vec<String> = info.bases.iter().map(|&base| shown_base(subject, base)).collect();
        let shown: Vec<&str> = shown.iter().map(String::as_str).collect();
        rules::inconsistent_mro::inconsistent_mro(&*info.name, &shown)
    };
    subject.region.report(subject.name_range(), finding);
}

/// Checks a base; says whether it leads back to the class itself.
fn check_base(subject: &Subject<'_, '_, '_>, node: &Expr, class: ClassRef) -> bool {
    let region = subject.region;
    let cx = region.cx;
    let own = &subject.info.name;
    let base = cx.host.class(cx, class);
    let is_cycle = class == subject.class
        || base
            .mro
            .iter()
            .any(|entry| matches!(entry, MroEntry::Class(other, _) if *other == subject.class));
    if is_cycle {
        region.report(node, rules::cyclic_class_definition::cyclic_class_definition(own));
        return true;
    }
    if base.is(ClassFlags::NEW_TYPE) {
        let reason = "a `NewType` cannot be inherited from";
        region.report(node, rules::invalid_base::unsupported_base(&base.name, reason));
    } else if base.is(ClassFlags::FINAL) {
        region
            .report(node, rules::subclass_of_final_class::subclass_of_final_class(own, &base.name));
    } else if base.is(ClassFlags::ENUM) && !cx.enum_member_names(class).is_empty() {
        let finding =
            rules::subclass_of_final_class::subclass_of_enum_with_members(own, &base.name);
        region.report(node, finding);
    }
    false
}

/// The metaclass must be a class, and derived from the metaclasses of all bases.
fn metaclass(subject: &Subject<'_, '_, '_>) {
    let region = subject.region;
    let cx = region.cx;
    let info = subject.info;
    let keyword = subject
        .stmt
        .keywords()
        .iter()
        .find(|keyword| keyword.arg.as_ref().is_some_and(|name| name.as_str() == "metaclass"));
    if let Some(keyword) = keyword {
        let value = region.quietly(|| infer(region, &keyword.value, None));
        if cx.has_type_vars(value) {
            region.report(&keyword.value, rules::invalid_metaclass::generic_metaclass());
            return;
        }
        let is_type = cx.is_callable(value);
        if !is_type && !value.is_dynamic() {
            let finding = rules::invalid_metaclass::invalid_metaclass(cx.display(value));
            region.report(&keyword.value, finding);
            return;
        }
    }
    let Some(winner) = info.metaclass.filter(|winner| !winner.is_dynamic()) else { return };
    let Some(winner_info) = cx.info_of(winner) else { return };
    for &base in &info.bases {
        let Some(base_info) = cx.info_of(base) else { continue };
        let Some(other) = base_info.metaclass.and_then(|meta| cx.info_of(meta)) else { continue };
        if winner_info.class == other.class
            || winner_info.inherits(other.class)
            || winner_info.is_dynamic()
            || other.is_dynamic()
        {
            continue;
        }
        region.report(
            subject.name_range(),
            rules::conflicting_metaclass::conflicting_metaclass(
                &info.name,
                &winner_info.name,
                &base_info.name,
                &other.name,
            ),
        );
        return;
    }
}

/// Two bases whose instances are laid out differently. Source: PEP 800.
fn layout(subject: &Subject<'_, '_, '_>) {
    let cx = subject.region.cx;
    let mut solid: Vec<(ClassRef, &str)> = Vec::new();
    for &base in &subject.info.bases {
        let Some(info) = cx.info_of(base) else { continue };
        let Some(disjoint) = cx.disjoint_base(info.class) else { continue };
        let conflict = solid.iter().find(|(other, _)| {
            *other != disjoint
                && !cx.host.class(cx, *other).inherits(disjoint)
                && !cx.host.class(cx, disjoint).inherits(*other)
        });
        if let Some((_, first)) = conflict {
            subject.region.report(
                subject.name_range(),
                rules::instance_layout_conflict::instance_layout_conflict(
                    &subject.info.name,
                    &[first, &info.name],
                ),
            );
            return;
        }
        solid.push((disjoint, &info.name));
    }
}

/// A generic class that is inherited from twice must be specialised alike.
fn arguments_agree(subject: &Subject<'_, '_, '_>) {
    let cx = subject.region.cx;
    let info = subject.info;
    if info.bases.len() < 2 || info.mro_error {
        return;
    }
    let mut known: Vec<(ClassRef, Type)> = Vec::new();
    for &base in &info.bases {
        for entry in cx.mro_of(base) {
            let MroEntry::Class(class, ty) = entry else { continue };
            let Some((_, other)) = known.iter().find(|(other, _)| *other == class) else {
                known.push((class, ty));
                continue;
            };
            let (left, right) = (cx.arguments_of(*other), cx.arguments_of(ty));
            let differ = left.len() == right.len()
                && left.iter().zip(right).any(|(&a, &b)| {
                    !cx.has_dynamic(a) && !cx.has_dynamic(b) && !cx.is_consistent(a, b)
                });
            let both_variables = left.iter().chain(right).all(|&ty| cx.has_type_vars(ty));
            if differ && both_variables {
                let reason = format!(
                    "its bases disagree on the type arguments of `{}`",
                    cx.host.class(cx, class).name
                );
                subject.region.report(
                    subject.name_range(),
                    rules::invalid_generic_class::invalid_generic_class(&info.name, reason),
                );
                return;
            }
        }
    }
}

/// `@runtime_checkable` is for protocols; `@disjoint_base` makes no sense for classes without instances
/// of their own.
fn misplaced_decorators(subject: &Subject<'_, '_, '_>) {
    if subject.is(ClassFlags::RUNTIME_CHECKABLE)
        && !subject.is(ClassFlags::PROTOCOL)
        && let Some(decorator) = subject.stmt.decorator_list.first()
    {
        let reason = "`@runtime_checkable` is only for protocols";
        let finding = rules::invalid_protocol::invalid_protocol(&subject.info.name, reason);
        subject.region.report(decorator, finding);
    }
    let is_structural = subject.is(ClassFlags::PROTOCOL) || subject.is(ClassFlags::TYPED_DICT);
    if !subject.is(ClassFlags::DISJOINT_BASE) || !is_structural {
        return;
    }
    let kind = if subject.is(ClassFlags::PROTOCOL) { "protocol" } else { "TypedDict" };
    let base = &subject.info.name;
    let at = subject
        .stmt
        .decorator_list
        .first()
        .map_or(subject.name_range(), ruff_text_size::Ranged::range);
    let finding =
        rules::invalid_base::unsupported_base(base, format!("a {kind} cannot be a disjoint base"));
    subject.region.report(at, finding);
}
