//! Calls that make classes: `NewType`, functional `TypedDict` and `NamedTuple`.
//! Source: typing spec, "Aliases: NewType", "Typed dictionaries", "Named tuples".

use ruff_python_ast::{Expr, ExprCall};

use crate::index::DefinitionId;
use crate::infer::annotation::{Context, type_of};
use crate::infer::class::functional::{Maker, maker};
use crate::infer::class::string_literal;
use crate::infer::expr::infer;
use crate::infer::region::Region;
use crate::rules;
use crate::types::{ClassFlags, ClassInfo, ClassRef, Kind};

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
    match maker {
        Maker::NewType => new_type(region, call, info, &variable),
        Maker::TypedDict => typed_dict(region, call, title, &variable),
        Maker::NamedTuple | Maker::NamedTupleUntyped => {
            for field in info.synthesized.iter().flat_map(|fields| fields.iter()) {
                if field.name.starts_with('_') && maker == Maker::NamedTuple {
                    let reason = "a field name cannot start with an underscore";
                    let finding =
                        rules::invalid_named_tuple::invalid_named_tuple_field(&field.name, reason);
                    region.report(field.range, finding);
                }
            }
        }
        Maker::Enum(_) | Maker::Type => {}
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
    let is_class = matches!(base.kind(), Kind::Instance | Kind::Generic | Kind::Tuple);
    let structural = cx
        .info_of(base)
        .is_some_and(|info| info.is(ClassFlags::PROTOCOL) || info.is(ClassFlags::TYPED_DICT));
    if base.is_unknown() {
        return;
    }
    let open = Context { keep_free: true, ..Context::default() };
    let is_generic = cx.has_type_vars(region.quietly(|| type_of(region, node, open)));
    if !is_class || structural || is_generic {
        region
            .report(node, rules::invalid_newtype::invalid_newtype_base(variable, cx.display(base)));
    }
}

fn typed_dict(region: &Region<'_, '_>, call: &ExprCall, title: Option<&Expr>, variable: &str) {
    let report = |at: &Expr, reason: &str| {
        region.report(at, rules::invalid_typed_dict::invalid_typed_dict(variable, reason));
    };
    if let Some(title) = title
        && let Some(text) = string_literal(title)
        && text != variable
    {
        report(title, &format!("its name `{text}` is not that of the variable"));
    }
    match call.arguments.find_argument_value("fields", 1) {
        Some(Expr::Dict(dict)) => {
            for item in &dict.items {
                let is_literal = item.key.as_ref().is_some_and(Expr::is_string_literal_expr);
                if !is_literal {
                    let at = item.key.as_ref().unwrap_or(&item.value);
                    report(at, "the keys must be string literals");
                }
            }
        }
        Some(other) => report(other, "the items must be given as a dict display"),
        None => {}
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
