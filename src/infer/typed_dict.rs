//! Typed dictionaries where they are made and changed: displays, item assignments, deletions.
//! Source: typing spec, "Typed dictionaries".

use std::borrow::Cow;

use ruff_python_ast::{Expr, ExprCall, ExprDict, ExprSubscript, Keyword};
use rustc_hash::FxHashSet;

use super::expr::infer;
use super::region::{Misfit, Region};
use crate::rules;
use crate::types::{ClassFlags, Cx, Field, Known, Type};

/// In longer lists than this, items are found by a table of their names.
const MANY: usize = 16;

/// What is known of a key of a typed dict.
enum Item<'i> {
    /// A declared item.
    Declared(&'i Field),
    /// An item of the type of extra items.
    Extra(Type),
    Missing,
}

/// The declared items of a typed dict.
struct Items<'s> {
    typed_dict: Type,
    fields: Cow<'s, [Field]>,
    /// The fields by name, where they are so many that it is worth to look them up so.
    by_name: Vec<usize>,
}

impl<'s> Items<'s> {
    fn of(cx: &Cx<'s>, typed_dict: Type) -> Self {
        let fields = cx.typed_dict_items(typed_dict);
        let mut by_name = Vec::new();
        if fields.len() > MANY {
            by_name.extend(0..fields.len());
            by_name.sort_unstable_by_key(|&at| &fields[at].name);
        }
        Self { typed_dict, fields, by_name }
    }

    fn declared(&self, key: &str) -> Option<&Field> {
        if self.by_name.is_empty() {
            return self.fields.iter().find(|field| &*field.name == key);
        }
        let at = self.by_name.binary_search_by_key(&key, |&at| &self.fields[at].name);
        at.ok().map(|at| &self.fields[self.by_name[at]])
    }

    fn get(&self, cx: &Cx<'_>, key: &str) -> Item<'_> {
        if let Some(field) = self.declared(key) {
            return Item::Declared(field);
        }
        match cx.typed_dict_extra(self.typed_dict) {
            Some((extra, false)) => Item::Extra(extra),
            _ => Item::Missing,
        }
    }
}

/// Whether the items that are not declared are of `extra_items=ReadOnly[...]`.
fn extra_is_read_only(cx: &Cx<'_>, typed_dict: Type) -> bool {
    cx.info_of(typed_dict).is_some_and(|info| info.is(ClassFlags::EXTRA_READ_ONLY))
}

/// The keys that a key expression may be, when all of them are known.
fn keys<'s>(cx: &Cx<'s>, key: Type) -> Option<Vec<&'s str>> {
    let parts: Vec<Type> = cx.members(cx.expand_alias(key)).iter().collect();
    parts.into_iter().map(|part| cx.as_str(part)).collect()
}

fn report_unknown_key(
    region: &Region<'_, '_>,
    node: &Expr,
    typed_dict: Type,
    items: &Items<'_>,
    key: &str,
) {
    let names = items.fields.iter().map(|field| &*field.name);
    let finding = rules::invalid_key::invalid_key(region.cx.display(typed_dict), key, names);
    region.report(node, finding);
}

/// A key that is no literal: fine for dynamic types, and where all items are of one kind.
fn check_open_key(region: &Region<'_, '_>, target: &ExprSubscript, object: Type, key: Type) {
    let cx = region.cx;
    let is_uniform = matches!(cx.typed_dict_extra(object), Some((_, false)));
    let is_string = cx.is_assignable(key, cx.known_instance(Known::Str));
    if key.is_dynamic() || is_uniform && is_string {
        return;
    }
    let items = cx.typed_dict_items(object);
    let names: Vec<&str> = items.iter().map(|item| &*item.name).collect();
    let finding = rules::invalid_key::non_literal_key(cx.display(object), cx.display(key), &names);
    region.report(&*target.slice, finding);
}

/// Checks `object[key] = value`.
pub fn check_item_assignment(
    region: &Region<'_, '_>,
    target: &ExprSubscript,
    object: Type,
    key: Type,
    value: Type,
    value_node: Option<&Expr>,
) {
    let cx = region.cx;
    let Some(names) = keys(cx, key) else {
        check_open_key(region, target, object, key);
        return;
    };
    let items = Items::of(cx, object);
    for name in names {
        let wanted = match items.get(cx, name) {
            Item::Declared(field) if field.read_only => {
                let finding = rules::readonly_typed_dict_key::readonly_typed_dict_key(
                    cx.display(object),
                    name,
                );
                region.report(&*target.slice, finding);
                continue;
            }
            Item::Extra(_) if extra_is_read_only(cx, object) => {
                let rule = rules::readonly_typed_dict_key::readonly_typed_dict_key;
                region.report(&*target.slice, rule(cx.display(object), name));
                continue;
            }
            Item::Declared(field) => field.ty,
            Item::Extra(extra) => extra,
            Item::Missing => {
                report_unknown_key(region, &target.slice, object, &items, name);
                continue;
            }
        };
        let fits = cx.is_assignable(value, wanted)
            || value_node.is_some_and(|node| {
                cx.is_assignable(region.quietly(|| infer(region, node, Some(wanted))), wanted)
            });
        if !fits {
            let finding = rules::invalid_assignment::invalid_assignment(
                cx.display(wanted),
                cx.display(value),
            );
            let finding = finding.note(value_of_key(cx, object, name));
            match value_node {
                Some(node) => region.report(node, finding),
                None => region.report(target, finding),
            }
        }
    }
}

/// Checks `del object[key]`.
pub fn check_item_deletion(
    region: &Region<'_, '_>,
    target: &ExprSubscript,
    object: Type,
    key: Type,
) {
    let cx = region.cx;
    let Some(names) = keys(cx, key) else {
        check_open_key(region, target, object, key);
        return;
    };
    let items = Items::of(cx, object);
    for name in names {
        match items.get(cx, name) {
            Item::Declared(field) if field.read_only => {
                let finding = rules::readonly_typed_dict_key::readonly_typed_dict_key(
                    cx.display(object),
                    name,
                );
                region.report(&*target.slice, finding);
            }
            Item::Declared(field) if field.required => {
                let finding =
                    rules::missing_typed_dict_key::required_key_deleted(cx.display(object), name);
                region.report(&*target.slice, finding);
            }
            Item::Extra(_) if extra_is_read_only(cx, object) => {
                let rule = rules::readonly_typed_dict_key::readonly_typed_dict_key;
                region.report(&*target.slice, rule(cx.display(object), name));
            }
            Item::Declared(_) | Item::Extra(_) => {}
            Item::Missing => report_unknown_key(region, &target.slice, object, &items, name),
        }
    }
}

/// What a display gives for the keys of a typed dict.
#[derive(Default)]
struct Given {
    names: FxHashSet<String>,
    /// An unpacked mapping, or a key that is not known, may give any key.
    open: bool,
    fits: bool,
}

/// Whether a display fits a typed dict; nothing is reported.
pub fn dict_fits(region: &Region<'_, '_>, dict: &ExprDict, typed_dict: Type) -> bool {
    region.quietly(|| {
        let given = walk(region, dict, typed_dict);
        given.fits && missing(region.cx, typed_dict, &given).is_empty()
    })
}

/// The type of a display where a typed dict is asked for; reports what does not fit.
pub fn infer_display(region: &Region<'_, '_>, dict: &ExprDict, typed_dict: Type) -> Type {
    let cx = region.cx;
    let given = walk(region, dict, typed_dict);
    let missing = missing(cx, typed_dict, &given);
    if !missing.is_empty() {
        let names: Vec<&str> = missing.iter().map(String::as_str).collect();
        let finding =
            rules::missing_typed_dict_key::missing_typed_dict_key(cx.display(typed_dict), &names);
        region.report(dict, finding);
    }
    typed_dict
}

/// `dict(key=value)` where a typed dict is asked for. Source: PEP 589, "Supported Operations".
pub fn infer_keywords(region: &Region<'_, '_>, call: &ExprCall, expected: Type) -> Option<Type> {
    let cx = region.cx;
    let expected = cx.expand_alias(expected);
    let is_typed_dict =
        |ty: &Type| cx.info_of(*ty).is_some_and(|info| info.is(ClassFlags::TYPED_DICT));
    let named = |keyword: &Keyword| keyword.arg.is_some();
    if !call.arguments.args.is_empty() || !call.arguments.keywords.iter().all(named) {
        return None;
    }
    let typed_dict = cx.members(expected).iter().find(is_typed_dict)?;
    let items = Items::of(cx, typed_dict);
    let mut given = Given { fits: true, ..Given::default() };
    let fits = |region: &Region<'_, '_>, given: &mut Given| {
        for keyword in &call.arguments.keywords {
            let name = keyword.arg.as_ref().map_or("", |name| name.as_str());
            let wanted = match items.get(cx, name) {
                Item::Declared(field) => field.ty,
                Item::Extra(extra) => extra,
                Item::Missing => {
                    given.fits = false;
                    infer(region, &keyword.value, None);
                    continue;
                }
            };
            let value = infer(region, &keyword.value, Some(wanted));
            given.names.insert(name.to_owned());
            check_value(region, &keyword.value, (value, wanted), (typed_dict, name), given);
        }
    };
    region.quietly(|| fits(region, &mut given));
    if !given.fits || !missing(cx, typed_dict, &given).is_empty() {
        return None;
    }
    fits(region, &mut given);
    Some(typed_dict)
}

/// Required keys that a display does not give.
fn missing(cx: &Cx<'_>, typed_dict: Type, given: &Given) -> Vec<String> {
    if given.open {
        return Vec::new();
    }
    cx.typed_dict_items(typed_dict)
        .iter()
        .filter(|field| field.required && !given.names.contains(&*field.name))
        .map(|field| field.name.to_string())
        .collect()
}

fn walk(region: &Region<'_, '_>, dict: &ExprDict, typed_dict: Type) -> Given {
    let cx = region.cx;
    let items = Items::of(cx, typed_dict);
    let mut given = Given { fits: true, ..Given::default() };
    for entry in &dict.items {
        let Some(key_node) = &entry.key else {
            unpacked(region, &entry.value, typed_dict, &items, &mut given);
            continue;
        };
        let key = infer(region, key_node, None);
        let Some(names) = keys(cx, key) else {
            infer(region, &entry.value, None);
            given.open = true;
            if !key.is_dynamic() && !matches!(cx.typed_dict_extra(typed_dict), Some((_, false))) {
                given.fits = false;
                let names: Vec<&str> = items.fields.iter().map(|item| &*item.name).collect();
                let finding = rules::invalid_key::non_literal_key(
                    cx.display(typed_dict),
                    cx.display(key),
                    &names,
                );
                region.report(key_node, finding);
            }
            continue;
        };
        for name in names {
            let wanted = match items.get(cx, name) {
                Item::Declared(field) => field.ty,
                Item::Extra(extra) => extra,
                Item::Missing => {
                    infer(region, &entry.value, None);
                    given.fits = false;
                    report_unknown_key(region, key_node, typed_dict, &items, name);
                    continue;
                }
            };
            let value = infer(region, &entry.value, Some(wanted));
            given.names.insert(name.to_owned());
            check_value(region, &entry.value, (value, wanted), (typed_dict, name), &mut given);
        }
    }
    given
}

/// Checks the value of a key, which is named with its typed dict.
fn check_value(
    region: &Region<'_, '_>,
    node: &Expr,
    (value, wanted): (Type, Type),
    (typed_dict, key): (Type, &str),
    given: &mut Given,
) {
    let cx = region.cx;
    if cx.is_assignable(value, wanted) {
        return;
    }
    given.fits = false;
    let (expected, found) = cx.display_apart(wanted, value);
    let finding = rules::invalid_assignment::invalid_assignment(expected, found);
    let finding = finding.note(value_of_key(cx, typed_dict, key));
    region.report_misfit(node, finding, Misfit::Value(value, wanted));
}

fn value_of_key(cx: &Cx<'_>, typed_dict: Type, key: &str) -> String {
    format!("it is the value of key `{key}` of `{}`", cx.display(typed_dict))
}

/// `**mapping` in a display: another typed dict gives its own keys.
fn unpacked(
    region: &Region<'_, '_>,
    node: &Expr,
    typed_dict: Type,
    items: &Items<'_>,
    given: &mut Given,
) {
    let cx = region.cx;
    if let Expr::Dict(inner) = node {
        let more = walk(region, inner, typed_dict);
        given.names.extend(more.names);
        given.open |= more.open;
        given.fits &= more.fits;
        return;
    }
    let value = infer(region, node, None);
    let is_dict = cx.info_of(value).is_some_and(|info| info.is(ClassFlags::TYPED_DICT));
    if !is_dict {
        given.open = true;
        if !value.is_dynamic() && super::call::mapping_parts(cx, value).is_none() {
            given.fits = false;
            let finding = rules::invalid_argument_type::argument_not_mapping(cx.display(value));
            region.report(node, finding);
        } else if cx.is_instance_of(value, Known::Dict) && !cx.has_dynamic(value) {
            // It may have any keys.
            given.fits = false;
            let rule = rules::invalid_assignment::invalid_assignment;
            region.report(node, rule(cx.display(typed_dict), cx.display(value)));
        }
        return;
    }
    for field in cx.typed_dict_items(value).iter() {
        let wanted = match items.get(cx, &field.name) {
            Item::Declared(wanted) => wanted.ty,
            Item::Extra(extra) => extra,
            Item::Missing if field.required => {
                given.fits = false;
                report_unknown_key(region, node, typed_dict, items, &field.name);
                continue;
            }
            // Extra keys of a structural type cannot be ruled out anyway.
            Item::Missing => continue,
        };
        if field.required {
            given.names.insert(field.name.to_string());
        }
        check_value(region, node, (field.ty, wanted), (typed_dict, &field.name), given);
    }
}

/// The declared type of the item that `object[key] = ...` assigns.
pub fn item_hint(region: &Region<'_, '_>, target: &ExprSubscript, object: Type) -> Option<Type> {
    let cx = region.cx;
    let mut hints = Vec::new();
    for member in cx.members(cx.expand_alias(object)).iter() {
        if !cx.info_of(member).is_some_and(|info| info.is(ClassFlags::TYPED_DICT)) {
            return None;
        }
        let key = region.quietly(|| infer(region, &target.slice, None));
        let items = Items::of(cx, member);
        match items.get(cx, cx.as_str(key)?) {
            Item::Declared(field) => hints.push(field.ty),
            Item::Extra(extra) => hints.push(extra),
            Item::Missing => return None,
        }
    }
    (!hints.is_empty()).then(|| cx.union(hints))
}

/// Whether `object | argument` is an update of a typed dict: by a display that has its keys alone.
/// Source: typing spec, "Typed dictionaries", "Supported and Unsupported Operations".
pub fn takes_update(region: &Region<'_, '_>, object: Type, argument: &Expr) -> bool {
    let cx = region.cx;
    let Expr::Dict(dict) = argument else { return false };
    if !cx.info_of(object).is_some_and(|info| info.is(ClassFlags::TYPED_DICT)) {
        return false;
    }
    let items = Items::of(cx, object);
    dict.items.iter().all(|entry| {
        let Some(Expr::StringLiteral(key)) = &entry.key else { return false };
        items.declared(key.value.to_str()).is_some()
    })
}

/// As [`takes_update`], and what the display gives fits: otherwise `|` makes a plain `dict`.
pub fn takes_fitting(region: &Region<'_, '_>, object: Type, argument: &Expr) -> bool {
    let cx = region.cx;
    let Expr::Dict(dict) = argument else { return false };
    takes_update(region, object, argument) && {
        let items = Items::of(cx, object);
        region.quietly(|| {
            dict.items.iter().all(|entry| {
                let Some(Expr::StringLiteral(key)) = &entry.key else { return false };
                items.declared(key.value.to_str()).is_some_and(|item| {
                    item.read_only
                        || cx.is_assignable(infer(region, &entry.value, Some(item.ty)), item.ty)
                })
            })
        })
    }
}

/// Checks `object.update(other)`: nothing may be written to read-only items, and what another typed
/// dict or a display gives must fit.
pub fn check_update(region: &Region<'_, '_>, object: Type, argument: &Expr) {
    let cx = region.cx;
    let is_typed_dict = |ty| cx.info_of(ty).is_some_and(|info| info.is(ClassFlags::TYPED_DICT));
    if region.is_quiet() || !is_typed_dict(object) {
        return;
    }
    let items = Items::of(cx, object);
    let given: Vec<(String, Type)> = match argument {
        Expr::Dict(dict) => dict
            .items
            .iter()
            .filter_map(|entry| {
                let key = entry.key.as_ref()?;
                let name = cx.as_str(region.quietly(|| infer(region, key, None)))?;
                let hint = items.declared(name).map(|item| item.ty);
                let value = region.quietly(|| infer(region, &entry.value, hint));
                Some((name.to_owned(), value))
            })
            .collect(),
        _ => {
            let other = region.quietly(|| infer(region, argument, None));
            if !is_typed_dict(other) {
                let is_plain = cx.is_instance_of(other, Known::Dict) && !cx.has_dynamic(other);
                let is_open = matches!(cx.typed_dict_extra(object), Some((_, false)));
                if is_plain && !is_open {
                    let finding = rules::invalid_argument_type::invalid_argument_type(
                        "update",
                        "m",
                        cx.display(object),
                        cx.display(other),
                    );
                    region.report(argument, finding);
                }
                return;
            }
            let fields = cx.typed_dict_items(other);
            fields.iter().map(|field| (field.name.to_string(), field.ty)).collect()
        }
    };
    for (name, value) in given {
        let Some(item) = items.declared(&name) else {
            match cx.typed_dict_extra(object) {
                Some((_, false)) if extra_is_read_only(cx, object) && !value.is_never() => {
                    let rule = rules::readonly_typed_dict_key::readonly_typed_dict_key;
                    region.report(argument, rule(cx.display(object), name));
                }
                Some((extra, false)) if !cx.is_assignable(value, extra) => {
                    let rule = rules::invalid_assignment::invalid_assignment;
                    region.report(argument, rule(cx.display(extra), cx.display(value)));
                }
                Some((_, false)) => {}
                _ if argument.is_dict_expr() => {
                    report_unknown_key(region, argument, object, &items, &name);
                }
                _ => {}
            }
            continue;
        };
        if item.read_only && !value.is_never() {
            let finding =
                rules::readonly_typed_dict_key::readonly_typed_dict_key(cx.display(object), name);
            region.report(argument, finding);
        } else if !item.read_only && !cx.is_assignable(value, item.ty) {
            let finding = rules::invalid_assignment::invalid_assignment(
                cx.display(item.ty),
                cx.display(value),
            );
            region.report(argument, finding);
        }
    }
}
