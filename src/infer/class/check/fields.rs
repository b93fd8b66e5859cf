//! Dataclasses and named tuples: the order of their fields, options that do not go together.
//! Source: typing spec, "Dataclasses", "Named tuples".

use ruff_python_ast::Expr;

use ruff_text_size::{Ranged, TextRange};

use super::Subject;
use crate::index::DefinitionKind;
use crate::infer::class::fields::annotated;
use crate::infer::class::known_function;
use crate::infer::expr::infer;
use crate::rules;
use crate::types::{
    ClassFlags, DataclassOptions, Field, Known, KnownFunction, MroEntry, Qualifiers, SpecialForm,
    Type,
};

pub(super) fn check_dataclass(subject: &Subject<'_, '_, '_>) {
    let region = subject.region;
    let cx = region.cx;
    let info = subject.info;
    let Some(options) = info.dataclass else { return };
    let fields = cx.host.fields(cx, subject.class);
    if options.contains(DataclassOptions::INIT) {
        order(subject, fields);
    }
    markers(subject);
    if !options.contains(DataclassOptions::TRANSFORM) {
        without_annotation(subject);
    }
    frozen(subject, options);
    // `dataclasses` writes these methods itself, and refuses those that are there.
    if options.contains(DataclassOptions::FROZEN) && !options.contains(DataclassOptions::TRANSFORM)
    {
        for name in ["__setattr__", "__delattr__"] {
            if subject.last_definition(name).is_some() {
                let reason = format!("`frozen=True` is given and `{name}` is defined");
                let finding =
                    rules::invalid_dataclass::invalid_dataclass(&subject.info.name, reason);
                region.report(subject.range_of(name), finding);
            }
        }
    }
    // Elsewhere (attrs) `order` follows `eq` where it is not given.
    if options.contains(DataclassOptions::ORDER)
        && !options.contains(DataclassOptions::EQ)
        && !options.contains(DataclassOptions::TRANSFORM)
    {
        invalid(subject, "`order=True` needs `eq=True`");
    }
    if options.contains(DataclassOptions::ORDER)
        && !options.contains(DataclassOptions::TRANSFORM)
        && let Some(name) = ["__lt__", "__le__", "__gt__", "__ge__"]
            .iter()
            .find(|name| subject.last_definition(name).is_some())
    {
        invalid(subject, &format!("`order=True` is given and `{name}` is defined"));
    }
    let flavours = [
        (ClassFlags::TYPED_DICT, "a TypedDict"),
        (ClassFlags::NAMED_TUPLE, "a named tuple"),
        (ClassFlags::PROTOCOL, "a protocol"),
        (ClassFlags::ENUM, "an enum"),
    ];
    let is_one = |flag: ClassFlags| {
        info.is(flag)
            || flag == ClassFlags::NAMED_TUPLE
                && info.mro.iter().any(|entry| {
                    matches!(*entry, MroEntry::Class(base, _) if cx.host.class(cx, base).is(flag))
                })
    };
    if !options.contains(DataclassOptions::TRANSFORM)
        && let Some((_, kind)) = flavours.iter().find(|(flag, _)| is_one(*flag))
    {
        invalid(subject, &format!("{kind} cannot be a dataclass"));
    }
    // It adds a slot to those that `slots=True` makes.
    if options.contains(DataclassOptions::WEAKREF_SLOT)
        && !options.contains(DataclassOptions::SLOTS)
        && !options.contains(DataclassOptions::TRANSFORM)
    {
        invalid(subject, "`weakref_slot=True` needs `slots=True`");
    }
    post_init(subject, fields);
}

fn invalid(subject: &Subject<'_, '_, '_>, reason: &str) {
    let finding = rules::invalid_dataclass::invalid_dataclass(&subject.info.name, reason);
    subject.region.report(subject.name_range(), finding);
}

/// `_: KW_ONLY` stands at most once in a class.
fn markers(subject: &Subject<'_, '_, '_>) {
    let cx = subject.region.cx;
    let is_marker =
        |ty: Type| ty.as_instance().is_some_and(|class| cx.is_known(class, Known::KwOnly));
    let second = subject.in_body(|body| {
        annotated(body, subject.body)
            .into_iter()
            .filter(|&(_, definition, _)| {
                body.definition_types(definition).declared.is_some_and(is_marker)
            })
            .nth(1)
            .map(|(_, _, stmt)| stmt.target.range())
    });
    if let Some(range) = second {
        let reason = "`KW_ONLY` is given twice";
        let finding = rules::invalid_dataclass::invalid_dataclass(&subject.info.name, reason);
        subject.region.report(range, finding);
    }
}

/// `x = field()` is no field without an annotation, and `dataclasses` refuses it.
fn without_annotation(subject: &Subject<'_, '_, '_>) {
    let region = subject.region;
    let index = region.index;
    for place in &index.scopes[subject.body].places {
        let &[only] = &*place.definitions else { continue };
        if !place.expr.is_name() || index.definitions[only].kind != DefinitionKind::Assignment {
            continue;
        }
        let Some(Expr::Call(call)) = region.nodes().definitions[only].assigned() else { continue };
        let callee = subject.in_body(|body| body.quietly(|| infer(body, &call.func, None)));
        if known_function(region.cx, callee) == Some(KnownFunction::DataclassField) {
            let reason = format!("field `{}` has no annotation", place.expr.root);
            let finding = rules::invalid_dataclass::invalid_dataclass(&subject.info.name, reason);
            region.report(index.definitions[only].name_range, finding);
        }
    }
}

/// A positional field without a default cannot follow one with a default.
fn order(subject: &Subject<'_, '_, '_>, fields: &[Field]) {
    let mut with_default: Option<&Field> = None;
    for field in fields.iter().filter(|field| field.init && !field.kw_only) {
        match with_default {
            Some(earlier) if !field.has_default => {
                let own = field.class == Some(subject.class);
                let at = if own { field.range } else { subject.name_range() };
                subject.region.report(
                    at,
                    rules::dataclass_field_order::dataclass_field_order(&field.name, &earlier.name),
                );
                if !own {
                    return;
                }
            }
            _ if field.has_default => with_default = with_default.or(Some(field)),
            _ => {}
        }
    }
}

/// Frozen and other dataclasses do not inherit from each other.
fn frozen(subject: &Subject<'_, '_, '_>, options: DataclassOptions) {
    let cx = subject.region.cx;
    let own = options.contains(DataclassOptions::FROZEN);
    // With these libraries the option is inherited, and may differ.
    if crate::infer::library::model_of_options(options).is_some() {
        return;
    }
    for entry in subject.info.mro.iter().skip(1) {
        let MroEntry::Class(base, _) = *entry else { continue };
        let base = cx.host.class(cx, base);
        let Some(other) = base.dataclass else { continue };
        // A class that brings the transform itself is neither frozen nor not.
        let is_origin = other.contains(DataclassOptions::TRANSFORM)
            && cx.host.fields(cx, base.class).is_empty()
            && base
                .bases
                .iter()
                .all(|&each| cx.info_of(each).is_none_or(|info| info.dataclass.is_none()));
        if other.contains(DataclassOptions::FROZEN) != own && !is_origin {
            let finding =
                rules::invalid_dataclass::frozen_mismatch(&subject.info.name, own, &base.name);
            subject.region.report(subject.name_range(), finding);
            return;
        }
    }
}

/// `__post_init__` takes the `InitVar` fields in order.
fn post_init(subject: &Subject<'_, '_, '_>, fields: &[Field]) {
    let region = subject.region;
    let cx = region.cx;
    if subject.last_definition("__post_init__").is_none() {
        return;
    }
    let wanted: Vec<&Field> = fields.iter().filter(|field| field.is_init_var).collect();
    let instance = cx.identity_instance(subject.class);
    let Some(method) = cx.dunder(instance, "__post_init__") else { return };
    let types: Vec<_> = wanted.iter().map(|field| field.ty).collect();
    let returns = cx.signatures(method).and_then(|all| all.first()?.returns);
    if returns.is_some_and(|returns| !cx.is_assignable(returns, Type::NONE)) {
        let reason = "`__post_init__` returns nothing";
        let finding = rules::invalid_dataclass::invalid_dataclass(&subject.info.name, reason);
        region.report(subject.range_of("__post_init__"), finding);
        return;
    }
    if cx.call_with(method, &types).is_none() {
        let shown: Vec<String> = wanted
            .iter()
            .map(|field| format!("{}: {}", field.name, cx.display(field.ty)))
            .collect();
        let finding =
            rules::invalid_dataclass::invalid_post_init(&subject.info.name, shown.join(", "));
        region.report(subject.range_of("__post_init__"), finding);
    }
}

pub(super) fn check_named_tuple(subject: &Subject<'_, '_, '_>) {
    let region = subject.region;
    let cx = region.cx;
    let fields = cx.host.fields(cx, subject.class);
    let mut with_default: Option<&Field> = None;
    for field in fields {
        if field.name.starts_with('_') {
            let reason = "a field name cannot start with an underscore";
            let finding =
                rules::invalid_named_tuple::invalid_named_tuple_field(&field.name, reason);
            region.report(field.range, finding);
        }
        match with_default {
            Some(earlier) if !field.has_default => {
                let reason = format!("it follows `{}`, which has a default", earlier.name);
                let finding =
                    rules::invalid_named_tuple::invalid_named_tuple_field(&field.name, reason);
                region.report(field.range, finding);
            }
            _ if field.has_default => with_default = with_default.or(Some(field)),
            _ => {}
        }
    }
    for (range, qualifier) in misplaced_qualifiers(subject) {
        let reason = format!("`{qualifier}` is not allowed on a field");
        let finding = rules::invalid_named_tuple::invalid_named_tuple(&subject.info.name, &reason);
        region.report(range, finding);
    }
    for (node, value) in subject.base_values() {
        let named = value.as_class().is_some_and(|class| {
            cx.is_known(class, Known::NamedTuple) || cx.is_known(class, Known::ExtNamedTuple)
        });
        let generic = value.as_special() == Some(SpecialForm::Generic)
            || matches!(node, Expr::Subscript(subscript)
                if region.quietly(|| crate::infer::expr::infer(region, &subscript.value, None))
                    .as_special() == Some(SpecialForm::Generic));
        if !named && !generic && !value.is_dynamic() && subject.stmt.bases().len() > 1 {
            let reason = "a named tuple has no other bases than `Generic`";
            let finding =
                rules::invalid_named_tuple::invalid_named_tuple(&subject.info.name, reason);
            region.report(node, finding);
        }
    }
    for name in ["__new__", "__init__", "__slots__", "_fields", "_make", "_asdict", "_replace"] {
        if subject.last_definition(name).is_some() {
            let reason = format!("`{name}` cannot be overwritten");
            let finding =
                rules::invalid_named_tuple::invalid_named_tuple(&subject.info.name, reason);
            region.report(subject.range_of(name), finding);
        }
    }
}

/// Annotations of fields that say `Final` or `ClassVar`.
pub(super) fn misplaced_qualifiers(
    subject: &Subject<'_, '_, '_>,
) -> Vec<(TextRange, &'static str)> {
    let wrong = [(Qualifiers::FINAL, "Final"), (Qualifiers::CLASS_VAR, "ClassVar")];
    subject.in_body(|body| {
        annotated(body, subject.body)
            .into_iter()
            .filter_map(|(_, definition, stmt)| {
                let qualifiers = body.definition_types(definition).qualifiers;
                let (_, name) = wrong.iter().find(|(flag, _)| qualifiers.contains(*flag))?;
                Some((stmt.annotation.range(), *name))
            })
            .collect()
    })
}

/// Fields of named tuples cannot be replaced in a subclass.
pub(super) fn check_subclass_of_named_tuple(subject: &Subject<'_, '_, '_>) {
    let region = subject.region;
    let cx = region.cx;
    let base = subject.info.mro.iter().skip(1).find_map(|entry| match *entry {
        MroEntry::Class(base, _) => {
            let info = cx.host.class(cx, base);
            info.is(ClassFlags::NAMED_TUPLE).then_some(info)
        }
        MroEntry::Dynamic(_) => None,
    });
    let Some(base) = base else { return };
    for field in cx.host.fields(cx, base.class) {
        if subject.last_definition(&field.name).is_some() {
            let reason = format!("it is a field of the named tuple `{}`", base.name);
            let finding =
                rules::invalid_named_tuple::invalid_named_tuple_field(&field.name, reason);
            region.report(subject.range_of(&field.name), finding);
        }
    }
}
