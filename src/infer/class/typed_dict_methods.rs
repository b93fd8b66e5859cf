//! Methods of a typed dict, with an overload a key.
//! Source: typing spec, "Typed dictionaries", "Supported and Unsupported Operations".

use super::synthesize::Builder;
use crate::types::{
    ClassFlags, ClassInfo, Cx, Field, Kind, Known, ParameterKind, PlaceType, Signature, Type,
    TypeVarData,
};

const POSITIONAL: ParameterKind = ParameterKind::PositionalOnly;

/// The methods that are made for a `TypedDict`.
pub(super) const NAMES: [&str; 12] = [
    "__init__",
    "get",
    "pop",
    "setdefault",
    "update",
    "__getitem__",
    "__delitem__",
    "__setitem__",
    "clear",
    "popitem",
    "items",
    "values",
];

/// The method `name` of a typed dict, when its items say more than the fallback class does.
pub(super) fn member(cx: &Cx<'_>, info: &ClassInfo, name: &str) -> Option<PlaceType> {
    if !NAMES.contains(&name) {
        return None;
    }
    let fields = cx.host.fields(cx, info.class);
    let writable = || fields.iter().filter(|field| !field.read_only);
    let removable = || writable().filter(|field| !field.required);
    let key = |field: &Field| cx.str_literal(&field.name);
    let with = |key: Type| Builder::method(cx, "self").parameter("k", POSITIONAL, key, None);
    let with_key = |field: &Field| with(key(field));
    // Items that are not declared, where their type is and they may be changed. Source: PEP 728.
    let extra =
        info.extra_items.filter(|extra| !extra.is_never() && !info.is(ClassFlags::EXTRA_READ_ONLY));
    let text = cx.known_instance(Known::Str);
    let signatures: Vec<Signature> = match name {
        "__init__" => init(cx, info, fields),
        "get" => get(cx, info, fields),
        "__getitem__" => {
            // Called by its name it is the method of a mapping, and takes any string.
            let known = fields.iter().map(|field| with_key(field).returning(field.ty));
            known.chain([with(text).returning(cx.object())]).collect()
        }
        "__setitem__" => writable()
            .map(|field| {
                with_key(field).parameter("v", POSITIONAL, field.ty, None).returning(Type::NONE)
            })
            .collect(),
        "__delitem__" => removable().map(|field| with_key(field).returning(Type::NONE)).collect(),
        "pop" => removable()
            .map(|field| (key(field), field.ty))
            .chain(extra.map(|extra| (text, extra)))
            .flat_map(|(key, ty)| with_default(cx, info, (key, ty), ty))
            .collect(),
        "setdefault" => writable()
            .map(|field| (key(field), field.ty))
            .chain(extra.map(|extra| (text, extra)))
            .map(|(key, ty)| with(key).parameter("default", POSITIONAL, ty, None).returning(ty))
            .collect(),
        "update" => vec![update(cx, fields)],
        _ => whole(cx, info, fields, name).into_iter().collect(),
    };
    // Items that are not declared may be there: what the fallback class says is left to them.
    if signatures.is_empty() {
        return None;
    }
    Some(PlaceType::bound(cx.callable(&signatures)))
}

fn init<'s>(cx: &Cx<'s>, info: &ClassInfo, fields: &[Field]) -> Vec<Signature<'s>> {
    let own = cx.identity_instance(info.class);
    let extra = info.extra_items.filter(|extra| !extra.is_never());
    let complete = |mut builder: Builder<'_, 's>, all_optional: bool| {
        for field in fields {
            let default = (all_optional || !field.required).then_some(Type::UNKNOWN);
            builder = builder.parameter(&field.name, ParameterKind::KeywordOnly, field.ty, default);
        }
        if let Some(extra) = extra {
            builder = builder.parameter("kwargs", ParameterKind::Keywords, extra, None);
        }
        builder.returning(Type::NONE)
    };
    vec![
        complete(Builder::method(cx, "self"), false),
        complete(Builder::method(cx, "self").parameter("map", POSITIONAL, own, None), true),
    ]
}

/// Methods that concern all items: known types only where no other items can be there.
fn whole<'s>(cx: &Cx<'s>, info: &ClassInfo, fields: &[Field], name: &str) -> Option<Signature<'s>> {
    let extra = info.extra_items.filter(|extra| !extra.is_never());
    if extra.is_none() && !info.is(ClassFlags::CLOSED) {
        return None;
    }
    let text = cx.known_instance(Known::Str);
    let value = cx.union(fields.iter().map(|field| field.ty).chain(extra));
    let builder = Builder::method(cx, "self");
    let may_change = fields.iter().all(|field| !field.required && !field.read_only);
    Some(match name {
        "clear" if may_change => builder.returning(Type::NONE),
        "popitem" if may_change => builder.returning(cx.tuple(&[text, value])),
        "items" | "values" => {
            let mapping = cx.known_generic(Known::Dict, &[text, value]);
            let method = cx.attribute(mapping, name).found_all()?;
            builder.returning(cx.call_with(method, &[])?)
        }
        _ => return None,
    })
}

/// A type variable of `typing` to stand for the type of a default.
fn default_variable(cx: &Cx<'_>, info: &ClassInfo) -> Option<Type> {
    let module = cx.host.known(cx, Known::Iterable)?.module;
    let place = cx.host.module_member(cx, module, "_T")?;
    let data = cx.as_type_var(place.ty).filter(|_| place.ty.kind() == Kind::TypeVarValue)?;
    let scope = Some(info.class.definition());
    Some(cx.type_var(TypeVarData { scope, ..*data }))
}

/// `(k)` and `(k, default)`.
fn with_default<'s>(
    cx: &Cx<'s>,
    info: &ClassInfo,
    (key, ty): (Type, Type),
    without: Type,
) -> Vec<Signature<'s>> {
    let start = || Builder::method(cx, "self").parameter("k", POSITIONAL, key, None);
    let mut signatures = vec![start().returning(without)];
    match default_variable(cx, info) {
        Some(variable) => {
            let either = cx.union2(ty, variable);
            // First the default that is an item itself: it guides what a display is.
            signatures.push(start().parameter("default", POSITIONAL, ty, None).returning(ty));
            signatures.push(
                start()
                    .parameter("default", POSITIONAL, variable, None)
                    .type_param(variable)
                    .returning(either),
            );
        }
        None => signatures.push(
            start().parameter("default", POSITIONAL, Type::UNKNOWN, None).returning(Type::UNKNOWN),
        ),
    }
    signatures
}

fn get<'s>(cx: &Cx<'s>, info: &ClassInfo, fields: &[Field]) -> Vec<Signature<'s>> {
    let mut signatures = Vec::new();
    for field in fields {
        if field.required {
            let key = cx.str_literal(&field.name);
            let builder = Builder::method(cx, "self").parameter("k", POSITIONAL, key, None);
            signatures.push(
                builder
                    .parameter("default", POSITIONAL, cx.object(), Some(Type::NONE))
                    .returning(field.ty),
            );
            continue;
        }
        let item = (cx.str_literal(&field.name), field.ty);
        signatures.extend(with_default(cx, info, item, cx.optional(field.ty)));
    }
    let text = cx.known_instance(Known::Str);
    let mut rest = Field::new("", Type::ANY);
    if let Some(extra) = info.extra_items.filter(|extra| !extra.is_never()) {
        rest.ty = extra;
    } else if info.is(ClassFlags::CLOSED) {
        rest.ty = cx.union(fields.iter().map(|field| field.ty));
    }
    let start = || Builder::method(cx, "self").parameter("k", POSITIONAL, text, None);
    signatures.push(start().returning(cx.optional(rest.ty)));
    if let Some(variable) = default_variable(cx, info) {
        signatures.push(
            start()
                .parameter("default", POSITIONAL, variable, None)
                .type_param(variable)
                .returning(cx.union2(rest.ty, variable)),
        );
    }
    signatures
}

/// Any part of the items may be given, by a mapping or by name.
fn update<'s>(cx: &Cx<'s>, fields: &[Field]) -> Signature<'s> {
    let mut builder =
        Builder::method(cx, "self").parameter("m", POSITIONAL, Type::UNKNOWN, Some(Type::UNKNOWN));
    for field in fields.iter().filter(|field| !field.read_only) {
        let kind = ParameterKind::KeywordOnly;
        builder = builder.parameter(&field.name, kind, field.ty, Some(Type::UNKNOWN));
    }
    builder.returning(Type::NONE)
}
