//! Typed dict classes. Source: typing spec, "Typed dictionaries"; PEP 705, PEP 728.

use ruff_python_ast::{Expr, Stmt};
use ruff_text_size::Ranged;
use rustc_hash::FxHashMap;

use super::Subject;
use crate::infer::class::{Source, bool_keyword, open};
use crate::rules;
use crate::types::{ClassFlags, ClassInfo, ClassRef, Cx, Field, MroEntry, SpecialForm, Type};

pub(super) fn check(subject: &Subject<'_, '_, '_>) {
    statements(subject);
    bases(subject);
    keywords(subject);
    overrides(subject);
    merging(subject);
    extra_items(subject);
}

fn invalid(subject: &Subject<'_, '_, '_>, at: impl Ranged, reason: &str) {
    let finding = rules::invalid_typed_dict::invalid_typed_dict(&subject.info.name, reason);
    subject.region.report(at, finding);
}

/// The body holds nothing but items.
fn statements(subject: &Subject<'_, '_, '_>) {
    for stmt in &subject.stmt.body {
        let fine = match stmt {
            Stmt::AnnAssign(item) => item.value.is_none(),
            Stmt::Pass(_) => true,
            Stmt::Expr(expr) => {
                matches!(&*expr.value, Expr::StringLiteral(_) | Expr::EllipsisLiteral(_))
            }
            Stmt::If(_) => true,
            _ => false,
        };
        if !fine {
            let at = match stmt {
                Stmt::FunctionDef(function) => function.name.range,
                other => other.range(),
            };
            let finding = rules::invalid_typed_dict::invalid_typed_dict_statement();
            subject.region.report(at, finding);
        }
    }
    for (range, name) in super::fields::misplaced_qualifiers(subject) {
        invalid(subject, range, &format!("`{name}` is not allowed on an item"));
    }
}

fn bases(subject: &Subject<'_, '_, '_>) {
    let cx = subject.region.cx;
    for (node, value) in subject.base_values() {
        let fine = value.is_dynamic()
            || matches!(value.as_special(), Some(SpecialForm::TypedDict | SpecialForm::Generic))
            || cx.info_of(value).is_some_and(|info| info.is(ClassFlags::TYPED_DICT))
            || cx.info_of(value).is_none();
        if !fine {
            invalid(subject, node, "all of its bases must be TypedDicts");
        }
    }
}

fn keywords(subject: &Subject<'_, '_, '_>) {
    for keyword in subject.stmt.keywords() {
        let Some(name) = keyword.arg.as_ref().map(|name| name.as_str()) else { continue };
        match name {
            "metaclass" => invalid(subject, keyword, "it cannot have a metaclass"),
            "total" | "closed" if !keyword.value.is_boolean_literal_expr() => {
                let reason = format!("the value of `{name}` must be `True` or `False`");
                invalid(subject, &keyword.value, &reason);
            }
            "total" | "closed" | "extra_items" => {}
            _ => invalid(subject, keyword, &format!("there is no keyword `{name}`")),
        }
    }
}

/// Whether `own` may replace the item `base`; if not, why.
fn conflict(cx: &Cx<'_>, own: &Field, base: &Field) -> Option<&'static str> {
    if own.read_only && !base.read_only {
        return Some("a mutable item cannot become read-only");
    }
    if base.required && !own.required {
        return Some("a required item cannot become optional");
    }
    if !base.read_only && own.required != base.required {
        return Some("a mutable item that may be absent cannot become required");
    }
    let fits = if base.read_only {
        cx.is_assignable(own.ty, base.ty)
    } else {
        cx.is_consistent(own.ty, base.ty)
    };
    (!fits).then_some("its type does not fit")
}

fn base_infos<'s>(subject: &Subject<'_, '_, 's>) -> Vec<(Type, &'s ClassInfo)> {
    let cx = subject.region.cx;
    subject
        .info
        .bases
        .iter()
        .filter_map(|&base| Some((base, cx.info_of(base)?)))
        .filter(|(_, info)| info.is(ClassFlags::TYPED_DICT))
        .collect()
}

fn overrides(subject: &Subject<'_, '_, '_>) {
    let region = subject.region;
    let cx = region.cx;
    let fields = cx.host.fields(cx, subject.class);
    for (base, info) in base_infos(subject) {
        for own in fields.iter().filter(|field| field.class == Some(subject.class)) {
            let Some(other) = cx.typed_dict_item(cx.instance_of(base), &own.name) else {
                continue;
            };
            if let Some(reason) = conflict(cx, own, &other) {
                let finding = rules::invalid_typed_dict::invalid_typed_dict_override(
                    &own.name, &info.name, reason,
                );
                region.report(own.range, finding);
            }
        }
    }
}

/// Items that several bases have must be the same, unless the class itself says more.
fn merging(subject: &Subject<'_, '_, '_>) {
    let region = subject.region;
    let cx = region.cx;
    let bases = base_infos(subject);
    if bases.len() < 2 {
        return;
    }
    let mut known: FxHashMap<Box<str>, (Field, &str)> = FxHashMap::default();
    for (base, info) in &bases {
        for field in cx.typed_dict_items(cx.instance_of(*base)).iter() {
            if subject.last_definition(&field.name).is_some() {
                continue;
            }
            let Some((other, owner)) = known.get(&field.name) else {
                known.insert(field.name.clone(), (field.clone(), &info.name));
                continue;
            };
            if let Some(reason) = conflict(cx, other, field).or_else(|| conflict(cx, field, other))
            {
                let reason = format!("{reason} where `{owner}` is merged with it");
                let finding = rules::invalid_typed_dict::invalid_typed_dict_override(
                    &field.name,
                    &info.name,
                    reason,
                );
                region.report(subject.name_range(), finding);
            }
        }
    }
}

/// `closed` and `extra_items` against those of the bases.
fn extra_items(subject: &Subject<'_, '_, '_>) {
    let region = subject.region;
    let cx = region.cx;
    let Some(arguments) = subject.stmt.arguments.as_deref() else { return };
    let closed = bool_keyword(arguments, "closed");
    let extra_node = arguments.find_keyword("extra_items");
    if closed.is_some() && extra_node.is_some() {
        invalid(subject, subject.name_range(), "`closed` and `extra_items` exclude each other");
    }
    if let Some(keyword) = extra_node {
        let form = match &keyword.value {
            Expr::Subscript(subscript) => region
                .quietly(|| crate::infer::expr::infer(region, &subscript.value, None))
                .as_special(),
            _ => None,
        };
        if matches!(form, Some(SpecialForm::Required | SpecialForm::NotRequired)) {
            invalid(
                subject,
                &keyword.value,
                "`extra_items` can be neither required nor not required",
            );
        }
    }
    for (_, base) in base_infos(subject) {
        let base_closed = base.is(ClassFlags::CLOSED);
        if closed == Some(false) && (base_closed || base.extra_items.is_some()) {
            let reason = format!("the base `{}` is closed or has `extra_items`", base.name);
            invalid(subject, subject.name_range(), &reason);
        }
        if !base_closed && base.extra_items.is_none() {
            continue;
        }
        new_items(subject, base);
        let (Some(old), Some(new)) = (base.extra_items, subject.info.extra_items) else { continue };
        if extra_is_read_only(cx, base.class) {
            if !cx.is_assignable(new, old) {
                invalid(
                    subject,
                    subject.name_range(),
                    "its `extra_items` do not fit those of its base",
                );
            }
        } else if closed == Some(true) || extra_node.is_some() && !cx.is_equivalent(old, new) {
            let reason = format!(
                "the `extra_items` of `{}` can only be changed if they are read-only",
                base.name
            );
            invalid(subject, subject.name_range(), &reason);
        }
    }
}

/// Whether the extra items that a class has are declared `ReadOnly`, there or in a base.
fn extra_is_read_only(cx: &Cx<'_>, class: ClassRef) -> bool {
    let info = cx.host.class(cx, class);
    info.mro.iter().find_map(|entry| match *entry {
        MroEntry::Class(base, _) => open(cx, base, |region, source| {
            let arguments = match source {
                Source::Statement { stmt, .. } => stmt.arguments.as_deref()?,
                Source::Call { call, .. } => &call.arguments,
                Source::Unknown => return None,
            };
            let value = &arguments.find_keyword("extra_items")?.value;
            let Expr::Subscript(subscript) = value else { return Some(false) };
            let head = crate::infer::expr::infer(region, &subscript.value, None);
            Some(head.as_special() == Some(SpecialForm::ReadOnly))
        }),
        MroEntry::Dynamic(_) => None,
    }) == Some(true)
}

/// Items that a class adds to a closed base, or to one with extra items.
fn new_items(subject: &Subject<'_, '_, '_>, base: &ClassInfo) {
    let region = subject.region;
    let cx = region.cx;
    let inherited = cx.host.fields(cx, base.class);
    for own in cx.host.fields(cx, subject.class) {
        let is_new = own.class == Some(subject.class)
            && !inherited.iter().any(|field| field.name == own.name);
        if !is_new {
            continue;
        }
        let read_only = extra_is_read_only(cx, base.class);
        let reason = match base.extra_items {
            None => Some("its base is closed".to_owned()),
            Some(extra) if read_only => (!cx.is_assignable(own.ty, extra))
                .then(|| format!("the extra items of its base are `{}`", cx.display(extra))),
            Some(_) if own.required => {
                Some("the extra items of its base are not required".to_owned())
            }
            Some(extra) if !cx.is_consistent(own.ty, extra) => {
                Some(format!("the extra items of its base are `{}`", cx.display(extra)))
            }
            Some(_) => None,
        };
        if let Some(reason) = reason {
            let reason = format!("`{}` cannot be added: {reason}", own.name);
            invalid(subject, own.range, &reason);
        }
    }
}
