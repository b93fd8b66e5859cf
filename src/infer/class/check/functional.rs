//! Calls that make classes: `NewType`, functional `TypedDict` and `NamedTuple`.
//! Source: typing spec, "Aliases: NewType", "Typed dictionaries", "Named tuples".

use ruff_python_ast::{Expr, ExprCall};
use ruff_text_size::Ranged;
use rustc_hash::FxHashSet;

use crate::index::DefinitionId;
use crate::infer::annotation::{Context, annotation, type_of};
use crate::infer::call::CallArguments;
use crate::infer::class::functional::{Maker, elements, leads_back, maker, names};
use crate::infer::class::{bool_keyword, string_literal};
use crate::infer::expr::infer;
use crate::infer::region::Region;
use crate::rules;
use crate::types::{ClassFlags, ClassInfo, ClassRef, Kind, Known, Qualifiers};

/// Checks a call whose result is assigned by `definition`, if it makes a class.
pub fn check_class_call(region: &Region<'_, '_>, definition: DefinitionId, call: &ExprCall) {
    let cx = region.cx;
    let callee = region.quietly(|| infer(region, &call.func, None));
    let Some(maker) = maker(cx, callee, call) else { return };
    let entry = &region.index.definitions[definition];
    let variable = region.index.scopes[entry.scope].place(entry.place).expr.to_string();
    let class = ClassRef::from(region.def_ref(definition));
    let info = cx.host.class(cx, class);
    let title = call.arguments.args.first();
    check_title(region, title, &variable, maker);
    match maker {
        Maker::NewType => new_type(region, call, info, &variable),
        Maker::TypedDict => typed_dict(region, call, title, &variable),
        Maker::NamedTuple => typed_named_tuple(region, call),
        Maker::NamedTupleUntyped => untyped_named_tuple(region, call, &variable),
        Maker::Enum(_) => {
            enumeration(region, call, &variable);
            repeated_members(region, info, &variable);
        }
        Maker::Type => super::bases::check_made(region, info, call),
    }
}

/// The name of what is made must be written as a literal.
fn check_title(region: &Region<'_, '_>, title: Option<&Expr>, variable: &str, maker: Maker) {
    let Some(title) = title.filter(|title| !title.is_string_literal_expr()) else { return };
    let reason = "its name must be a string literal";
    let finding = match maker {
        Maker::NewType => rules::invalid_newtype::invalid_newtype(variable, reason),
        Maker::TypedDict => rules::invalid_typed_dict::invalid_typed_dict(variable, reason),
        _ => return,
    };
    if !title.is_starred_expr() {
        region.report(title, finding);
    }
}

/// `Enum("Color", "RED GREEN")`: names, keywords that there are, a number to start from.
/// Source: typing spec, "Enumerations", "Enum Functional Syntax".
fn enumeration(region: &Region<'_, '_>, call: &ExprCall, variable: &str) {
    let cx = region.cx;
    enum_arguments(region, call, variable);
    if let Some(start) = call.arguments.find_keyword("start") {
        let found = region.quietly(|| infer(region, &start.value, None));
        let wanted = cx.known_instance(Known::Int);
        if !cx.is_assignable(found, wanted) {
            let rule = rules::invalid_argument_type::invalid_argument_type;
            let finding = rule("Enum", "start", cx.display(wanted), cx.display(found));
            region.report(&start.value, finding);
        }
    }
}

/// Members of a functional `Enum` that are named twice, which the program refuses to make.
/// Source: Python library reference, "enum".
fn repeated_members(region: &Region<'_, '_>, info: &ClassInfo, variable: &str) {
    let mut seen = FxHashSet::default();
    for field in info.synthesized.as_deref().unwrap_or_default() {
        if !seen.insert(&*field.name) {
            let reason = format!("member `{}` is assigned twice", field.name);
            region.report(field.range, rules::invalid_enum::invalid_enum(variable, reason));
        }
    }
}

/// The keywords and the names of a call that makes an enum.
pub fn enum_arguments(region: &Region<'_, '_>, call: &ExprCall, variable: &str) {
    const KNOWN: [&str; 8] =
        ["value", "names", "module", "qualname", "type", "start", "boundary", "new_class_name"];
    let cx = region.cx;
    for keyword in &call.arguments.keywords {
        let Some(name) = keyword.arg.as_ref().map(|name| name.as_str()) else { continue };
        if !KNOWN.contains(&name) {
            region.report(keyword, rules::unknown_argument::unknown_argument("Enum", name, KNOWN));
        }
    }
    let names = call.arguments.find_argument_value("names", 1);
    if let Some(names) = names.filter(|names| !names.is_starred_expr()) {
        let found = region.quietly(|| infer(region, names, None));
        if !found.is_dynamic() && cx.iterate(found).is_none() {
            let reason = format!("its members cannot be `{}`", cx.display(found));
            region.report(names, rules::invalid_enum::invalid_enum(variable, reason));
        }
    }
    let title = call.arguments.args.first().filter(|title| !title.is_starred_expr());
    if let Some(title) = title {
        let found = region.quietly(|| infer(region, title, None));
        let wanted = cx.known_instance(Known::Str);
        if names.is_some() && !cx.is_assignable(found, wanted) {
            let rule = rules::invalid_argument_type::invalid_argument_type;
            let finding = rule("Enum", "value", cx.display(wanted), cx.display(found));
            region.report(title, finding);
        }
    }
}

fn new_type(region: &Region<'_, '_>, call: &ExprCall, info: &ClassInfo, variable: &str) {
    let cx = region.cx;
    if let Some(title) = call.arguments.args.first()
        && let Some(text) = string_literal(title)
        && text != variable
    {
        region.report(title, rules::invalid_newtype::newtype_name_mismatch(text, variable));
    }
    if call.arguments.len() != 2 {
        let reason = "it takes exactly a name and a class";
        region.report(call, rules::invalid_newtype::invalid_newtype(variable, reason));
        return;
    }
    let Some(base) = info.new_type_base else { return };
    let Some(node) = call.arguments.find_argument_value("tp", 1) else { return };
    if leads_back(cx, base, info.class) {
        region.report(node, rules::cyclic_class_definition::cyclic_class_definition(variable));
        return;
    }
    let is_class = matches!(base.kind(), Kind::Instance | Kind::Generic | Kind::Tuple);
    let structural = cx
        .info_of(base)
        .is_some_and(|info| info.is(ClassFlags::PROTOCOL) || info.is(ClassFlags::TYPED_DICT));
    // Loudly: what is wrong within the type is reported here.
    let open = Context { keep_free: true, ..Context::of(region) };
    let is_generic = cx.has_type_vars(type_of(region, node, open));
    if base.is_unknown() && !is_generic {
        return;
    }
    if !is_class || structural || is_generic {
        region
            .report(node, rules::invalid_newtype::invalid_newtype_base(variable, cx.display(base)));
    }
}

fn typed_dict(region: &Region<'_, '_>, call: &ExprCall, title: Option<&Expr>, variable: &str) {
    let report = |at: &Expr, reason: &str| {
        region.report(at, rules::invalid_typed_dict::invalid_typed_dict(variable, reason));
    };
    if let Some(extra) = call.arguments.args.get(2) {
        let rule = rules::too_many_positional_arguments::too_many_positional_arguments;
        region.report(extra, rule("TypedDict", 2, call.arguments.args.len()));
    }
    if title.is_none() && call.arguments.find_keyword("typename").is_none() {
        region.report(call, rules::missing_argument::missing_argument("TypedDict", &["typename"]));
    }
    if let Some(title) = title
        && let Some(text) = string_literal(title)
        && text != variable
    {
        report(title, &format!("its name `{text}` is not that of the variable"));
    }
    match call.arguments.find_argument_value("fields", 1) {
        Some(Expr::Dict(dict)) => {
            let mut seen: Vec<&str> = Vec::new();
            for item in &dict.items {
                item_type(region, &item.value);
                if let Some(key) = item.key.as_ref()
                    && let Some(name) = string_literal(key)
                {
                    if seen.contains(&name) {
                        report(key, &format!("the key `{name}` is given twice"));
                    }
                    seen.push(name);
                }
                let is_literal = item.key.as_ref().is_some_and(Expr::is_string_literal_expr);
                if !is_literal {
                    let at = item.key.as_ref().unwrap_or(&item.value);
                    report(at, "the keys must be string literals");
                }
            }
        }
        Some(other) => report(other, "the items must be given as a dict display"),
        None if call.arguments.args.iter().any(Expr::is_starred_expr) => {}
        None => {
            region.report(call, rules::missing_argument::missing_argument("TypedDict", &["fields"]))
        }
    }
    for keyword in &call.arguments.keywords {
        let Some(name) = keyword.arg.as_ref().map(|name| name.as_str()) else { continue };
        match name {
            "fields" | "typename" | "extra_items" => {}
            "total" | "closed" if keyword.value.is_boolean_literal_expr() => {}
            "total" | "closed" => {
                report(&keyword.value, &format!("the value of `{name}` must be `True` or `False`"));
            }
            _ => report(&keyword.value, &format!("there is no keyword `{name}`")),
        }
    }
}

/// Reads the annotation of an item, saying what is wrong with it.
fn item_type(region: &Region<'_, '_>, value: &Expr) {
    let allowed = Qualifiers::REQUIRED.union(Qualifiers::NOT_REQUIRED).union(Qualifiers::READ_ONLY);
    annotation(region, value, Context::of(region).allowing(allowed));
}

/// `NamedTuple("P", [("x", int)])`: the names and the types of its fields.
fn typed_named_tuple(region: &Region<'_, '_>, call: &ExprCall) {
    let given = call.arguments.args.len();
    let is_open = call.arguments.args.iter().any(Expr::is_starred_expr)
        || call.arguments.keywords.iter().any(|keyword| keyword.arg.is_none());
    // Fields as keywords were the way before Python 3.13.
    let missing: &[&str] = match given {
        0 => &["typename", "fields"],
        1 if call.arguments.keywords.is_empty() => &["fields"],
        _ => &[],
    };
    if !missing.is_empty() && !is_open {
        region.report(call, rules::missing_argument::missing_argument("NamedTuple", missing));
    }
    if given > 1 {
        for keyword in &call.arguments.keywords {
            let Some(name) = &keyword.arg else { continue };
            let rule = rules::unknown_argument::unknown_argument;
            region.report(keyword, rule("NamedTuple", name.as_str(), []));
        }
    }
    let Some(fields) = call.arguments.find_argument_value("fields", 1).and_then(elements) else {
        return;
    };
    let mut seen: Vec<&str> = Vec::new();
    for field in fields {
        let Some([name, ty]) = elements(field) else { continue };
        type_of(region, ty, Context::of(region));
        let Some(text) = string_literal(name) else { continue };
        field_name(region, text, name, &seen);
        seen.push(text);
    }
}

/// `namedtuple("P", "x y", defaults=...)`: the names of its fields, and how many defaults there are.
fn untyped_named_tuple(region: &Region<'_, '_>, call: &ExprCall, variable: &str) {
    let callee = region.quietly(|| infer(region, &call.func, None));
    let arguments = CallArguments::new(region, call);
    let outcome = region.cx.call(callee, &arguments, None);
    crate::infer::call::report_errors(region, call, callee, &arguments, &outcome.errors);
    let listed = call.arguments.find_argument_value("field_names", 1);
    let Some(fields) = listed.and_then(names) else { return };
    if let Some(defaults) = call.arguments.find_keyword("defaults")
        && let Some(values) = elements(&defaults.value)
        && values.len() > fields.len()
        && !values.iter().any(Expr::is_starred_expr)
    {
        let reason = format!("it has {} fields and {} defaults", fields.len(), values.len());
        let finding = rules::invalid_named_tuple::invalid_named_tuple(variable, reason);
        region.report(&defaults.value, finding);
    }
    let renames = call.arguments.find_keyword("rename").is_some();
    if renames && bool_keyword(&call.arguments, "rename") != Some(false) {
        return;
    }
    let mut seen: Vec<&str> = Vec::new();
    for (name, range) in &fields {
        field_name(region, name, range, &seen);
        seen.push(name);
    }
}

/// A field of a named tuple has a name of its own, which could be that of a parameter.
fn field_name(region: &Region<'_, '_>, name: &str, at: impl Ranged, seen: &[&str]) {
    let reason = if name.starts_with('_') {
        "a field name cannot start with an underscore"
    } else if !ruff_python_stdlib::identifiers::is_identifier(name) {
        "a field name must be an identifier and no keyword"
    } else if seen.contains(&name) {
        "there is another field of that name"
    } else {
        return;
    };
    region.report(at, rules::invalid_named_tuple::invalid_named_tuple_field(name, reason));
}
