//! Bases and metaclass: what may be inherited from, and together.

use ruff_python_ast::{Expr, ExprCall};

use super::Subject;
use crate::infer::class::bases::{Base, base_of};
use crate::infer::class::functional;
use crate::infer::expr::infer;
use crate::infer::region::Region;
use crate::rules;
use crate::store::limits::MAX_MRO;
use crate::types::{
    ClassFlags, ClassInfo, ClassRef, Cx, Kind, Known, MroEntry, MroError, SpecialForm, Type,
};

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
    starred(subject, &mut seen.iter().map(|(class, _)| *class).collect());
    match subject.info.mro_error {
        Some(MroError::TooLong) => {
            let finding = rules::inconsistent_mro::too_long(&*subject.info.name, MAX_MRO);
            subject.region.report(subject.name_range(), finding);
        }
        Some(MroError::Inconsistent) if !is_cycle => check_linearisation(subject, has_duplicate),
        _ => {}
    }
    metaclass(subject);
    if let Some(finding) = layout(subject.region.cx, subject.info) {
        subject.region.report(subject.name_range(), finding);
    }
    arguments_agree(subject);
    tuples(subject);
    misplaced_decorators(subject);
}

/// Bases that are unpacked from a display.
fn starred(subject: &Subject<'_, '_, '_>, seen: &mut Vec<ClassRef>) {
    let region = subject.region;
    let cx = region.cx;
    for base in subject.stmt.bases() {
        let Expr::Starred(starred) = base else { continue };
        let Expr::Tuple(tuple) = &*starred.value else { continue };
        for node in tuple.elts.iter().filter(|node| !node.is_starred_expr()) {
            let value = region.quietly(|| infer(region, node, None));
            if matches!(value.kind(), Kind::Int | Kind::Str | Kind::Bytes | Kind::None) {
                region.report(node, rules::invalid_base::invalid_base(cx.display(value)));
            }
            let Some(class) = value.as_class() else { continue };
            if seen.contains(&class) {
                let name = &cx.host.class(cx, class).name;
                region.report(node, rules::duplicate_base::duplicate_base(name));
            }
            seen.push(class);
        }
    }
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
    let is_cycle = class == subject.class
        || cx
            .host
            .class(cx, class)
            .mro
            .iter()
            .any(|entry| matches!(entry, MroEntry::Class(other, _) if *other == subject.class));
    if is_cycle {
        region.report(node, rules::cyclic_class_definition::cyclic_class_definition(own));
        return true;
    }
    if let Some(finding) = refused(cx, own, class) {
        region.report(node, finding);
    }
    false
}

/// Why nothing can be derived from a class.
fn refused(cx: &Cx<'_>, own: &str, class: ClassRef) -> Option<rules::Finding> {
    let base = cx.host.class(cx, class);
    let name = &base.name;
    if base.is(ClassFlags::NEW_TYPE) {
        let reason = "a `NewType` cannot be inherited from";
        Some(rules::invalid_base::unsupported_base(name, reason))
    } else if base.is(ClassFlags::FINAL) {
        Some(rules::subclass_of_final_class::subclass_of_final_class(own, name))
    } else if base.is(ClassFlags::ENUM) && !cx.enum_member_names(class).is_empty() {
        Some(rules::subclass_of_final_class::subclass_of_enum_with_members(own, name))
    } else {
        None
    }
}

/// Checks the bases in `type("X", (A, B), {})` and `types.new_class("X", (A, B))`.
/// Source: Python library reference, "type".
pub(super) fn check_made(region: &Region<'_, '_>, info: &ClassInfo, call: &ExprCall) {
    let cx = region.cx;
    let Some(listed) = call.arguments.find_argument_value("bases", 1) else { return };
    let nodes = match listed {
        Expr::Tuple(tuple) => &tuple.elts,
        Expr::List(_) => {
            let found = region.quietly(|| infer(region, listed, None));
            let wanted = "tuple[type, ...]";
            let rule = rules::invalid_argument_type::invalid_argument_type;
            region.report(listed, rule("type", "bases", wanted, cx.display(found)));
            return;
        }
        _ => return,
    };
    let mut seen: Vec<ClassRef> = Vec::new();
    let mut has_duplicate = false;
    for node in nodes.iter().filter(|node| !node.is_starred_expr()) {
        let value = region.quietly(|| infer(region, node, None));
        let is_value = matches!(value.kind(), Kind::Int | Kind::Str | Kind::Bytes | Kind::None);
        if is_value {
            region.report(node, rules::invalid_base::invalid_base(cx.display(value)));
            continue;
        }
        let Some(class) = value.as_class() else { continue };
        if seen.contains(&class) {
            has_duplicate = true;
            let name = &cx.host.class(cx, class).name;
            region.report(node, rules::duplicate_base::duplicate_base(name));
        }
        seen.push(class);
        if let Some(finding) = refused(cx, &info.name, class) {
            region.report(node, finding);
        }
    }
    let finding = if info.mro_error == Some(MroError::Inconsistent) && !has_duplicate {
        let shown = |&base: &Type| {
            cx.info_of(base).map_or_else(|| cx.display(base).to_string(), |it| it.name.to_string())
        };
        let shown: Vec<String> = info.bases.iter().map(shown).collect();
        let shown: Vec<&str> = shown.iter().map(String::as_str).collect();
        Some(rules::inconsistent_mro::inconsistent_mro(&*info.name, &shown))
    } else {
        conflicting_metaclasses(cx, info).or_else(|| layout(cx, info))
    };
    if let Some(finding) = finding {
        region.report(listed, finding);
    }
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
        let is_any = value.as_special() == Some(SpecialForm::Any);
        let is_type = cx.is_callable(value) && !is_any;
        if !is_type && !value.is_dynamic() {
            let finding = rules::invalid_metaclass::invalid_metaclass(cx.display(value));
            region.report(&keyword.value, finding);
            return;
        }
    }
    if let Some(finding) = conflicting_metaclasses(cx, info) {
        region.report(subject.name_range(), finding);
    }
}

/// The metaclass of a class and that of a base, neither of which is derived from the other.
fn conflicting_metaclasses(cx: &Cx<'_>, info: &ClassInfo) -> Option<rules::Finding> {
    let winner = info.metaclass.filter(|winner| !winner.is_dynamic())?;
    let winner_info = cx.info_of(winner)?;
    let abc = cx.host.known(cx, Known::AbcMeta);
    let of_protocols = || abc.map(|abc| cx.host.class(cx, abc));
    if info.is(ClassFlags::PROTOCOL)
        && let Some(abc) = of_protocols()
        && winner_info.class != abc.class
        && !winner_info.inherits(abc.class)
        && !winner_info.is_dynamic()
    {
        let rule = rules::conflicting_metaclass::conflicting_metaclass;
        return Some(rule(&info.name, &winner_info.name, "Protocol", &abc.name));
    }
    for &base in &info.bases {
        let Some(base_info) = cx.info_of(base) else { continue };
        // Stubs call things protocols that are none when the program runs.
        let is_real = |class: ClassRef| !cx.host.module(class.module).is_stub;
        // Protocols are made by a metaclass that is derived from `ABCMeta`.
        let made_by = match base_info.metaclass {
            Some(meta) => cx.info_of(meta),
            None if cx.protocols_of(base_info).any(is_real) => of_protocols(),
            None => None,
        };
        let Some(other) = made_by else { continue };
        if winner_info.class == other.class
            || winner_info.inherits(other.class)
            || winner_info.is_dynamic()
            || other.is_dynamic()
        {
            continue;
        }
        return Some(rules::conflicting_metaclass::conflicting_metaclass(
            &info.name,
            &winner_info.name,
            &base_info.name,
            &other.name,
        ));
    }
    None
}

/// Two bases whose instances are laid out differently. Source: PEP 800.
fn layout(cx: &Cx<'_>, own: &ClassInfo) -> Option<rules::Finding> {
    let mut solid: Vec<(ClassRef, &str)> = Vec::new();
    for &base in &own.bases {
        let Some(info) = cx.info_of(base) else { continue };
        let Some(disjoint) = cx.disjoint_base(info.class) else { continue };
        let conflict = solid.iter().find(|(other, _)| {
            *other != disjoint
                && !cx.host.class(cx, *other).inherits(disjoint)
                && !cx.host.class(cx, disjoint).inherits(*other)
        });
        if let Some((_, first)) = conflict {
            return Some(rules::instance_layout_conflict::instance_layout_conflict(
                &own.name,
                &[first, &info.name],
            ));
        }
        solid.push((disjoint, &info.name));
    }
    None
}

/// Two bases that are tuples of different lengths.
fn tuples(subject: &Subject<'_, '_, '_>) {
    let cx = subject.region.cx;
    let length = |&base: &Type| cx.tuple_shape(cx.instance_of(base))?.fixed_len();
    let mut lengths = subject.info.bases.iter().filter_map(length);
    let Some(first) = lengths.next() else { return };
    if lengths.any(|other| other != first) {
        let reason = "its bases are tuples of different lengths";
        let rule = rules::invalid_generic_class::invalid_generic_class;
        subject.region.report(subject.name_range(), rule(&subject.info.name, reason));
    }
}

/// A generic class that is inherited from twice must be specialised alike.
fn arguments_agree(subject: &Subject<'_, '_, '_>) {
    let cx = subject.region.cx;
    let info = subject.info;
    if info.bases.len() < 2 || info.mro_error.is_some() {
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
