//! What stands where a type should and is none: it is named, with what was probably meant.
//!
//! People write the display of a value for the type of such values (`[int]`, `(int, str)`, `{str: int}`), a call for what it
//! makes, `or` for `|`, and a module for the class that it is named after.

use ruff_python_ast::{BoolOp, Expr};

use super::{Context, type_of};
use crate::index::{DefinitionKind, ScopeKind, dotted};
use crate::infer::expr;
use crate::infer::region::Region;
use crate::rules::Finding;
use crate::rules::invalid_type_form::{invalid_type_expression, not_a_type};
use crate::types::{Boundness, Kind, ModuleId, Type};

/// What has no word of its own.
const OTHER: &str = "this expression";

/// The element of a list that has one alone.
fn only<T>(elements: &[T]) -> Option<&T> {
    match elements {
        [only] => Some(only),
        _ => None,
    }
}

/// A finding about an expression of a form that no type has.
pub(super) fn form(region: &Region<'_, '_>, node: &Expr, context: Context) -> Finding {
    let cx = region.cx;
    let part = |node: &Expr| {
        let ty = region.quietly(|| type_of(region, node, context.inner()));
        (!ty.is_dynamic()).then(|| cx.display(ty).to_string())
    };
    let parts = |nodes: &[Expr], separator: &str| {
        let shown: Option<Vec<String>> = nodes.iter().map(part).collect();
        shown.filter(|shown| !shown.is_empty()).map(|shown| shown.join(separator))
    };
    let value = || region.quietly(|| expr::infer(region, node, None));
    let (what, meant) = match node {
        Expr::List(list) => {
            ("a list", only(&list.elts).and_then(part).map(|only| format!("list[{only}]")))
        }
        Expr::Set(set) => {
            ("a set", only(&set.elts).and_then(part).map(|only| format!("set[{only}]")))
        }
        Expr::Tuple(tuple) => {
            ("a tuple", parts(&tuple.elts, ", ").map(|parts| format!("tuple[{parts}]")))
        }
        Expr::Dict(dict) => {
            let pair = only(&dict.items);
            let pair = pair.and_then(|item| Some((part(item.key.as_ref()?)?, part(&item.value)?)));
            ("a dict", pair.map(|(key, value)| format!("dict[{key}, {value}]")))
        }
        Expr::Slice(slice) => {
            let pair =
                (slice.lower.as_deref().and_then(part), slice.upper.as_deref().and_then(part));
            let meant = match pair {
                (Some(first), Some(second)) => Some(format!("{first}, {second}")),
                _ => None,
            };
            ("a slice", meant)
        }
        Expr::BoolOp(operation) if operation.op == BoolOp::Or => {
            ("`or`", parts(&operation.values, " | "))
        }
        Expr::BoolOp(_) => ("`and`", None),
        Expr::Call(call) => ("a call", called(region, &call.func)),
        Expr::NumberLiteral(_) | Expr::UnaryOp(_) => {
            let ty = value();
            let is_integer = ty.kind() == Kind::Int;
            let what = if is_integer || node.is_number_literal_expr() { "a number" } else { OTHER };
            (what, is_integer.then(|| cx.display(ty).to_string()))
        }
        Expr::BooleanLiteral(_) => ("a truth value", Some(cx.display(value()).to_string())),
        Expr::BytesLiteral(_) => ("a bytes literal", Some(cx.display(value()).to_string())),
        Expr::FString(_) => ("an f-string", None),
        Expr::If(_) => ("a conditional expression", None),
        Expr::Compare(_) => ("a comparison", None),
        Expr::Lambda(_) => ("a lambda", None),
        Expr::ListComp(_) | Expr::SetComp(_) | Expr::DictComp(_) | Expr::Generator(_) => {
            ("a comprehension", None)
        }
        Expr::EllipsisLiteral(_) => ("`...`", None),
        _ => (OTHER, None),
    };
    not_a_type(what, meant)
}

/// The type that a call was probably to name: the class that it calls.
fn called(region: &Region<'_, '_>, callee: &Expr) -> Option<String> {
    let cx = region.cx;
    let callee = region.quietly(|| expr::infer(region, callee, None));
    match callee.kind() {
        Kind::Class => Some(cx.display(cx.instance_of(callee)).to_string()),
        Kind::Special => callee.as_special().map(|form| format!("{}[...]", form.name())),
        _ => None,
    }
}

/// A finding about a function in place of a type.
pub(super) fn function(node: &Expr) -> Finding {
    let Some(name) = dotted(node) else { return not_a_type("a function", None) };
    let meant = match name.as_str() {
        "any" => Some("typing.Any"),
        "callable" => Some("collections.abc.Callable"),
        _ => None,
    };
    not_a_type(format!("function `{name}`"), meant.map(str::to_owned))
}

/// A finding about a module in place of a type.
pub(super) fn module(region: &Region<'_, '_>, node: &Expr, module: Option<ModuleId>) -> Finding {
    let cx = region.cx;
    let Some(name) = dotted(node) else { return not_a_type("a module", None) };
    let class = name.rsplit('.').next().unwrap_or(&name);
    let member = module.and_then(|module| cx.host.module_member(cx, module, class));
    let is_class = member.is_some_and(|member| member.ty.kind() == Kind::Class);
    let meant = is_class.then(|| format!("{name}.{class}"));
    not_a_type(format!("module `{name}`"), meant)
}

/// A finding about an enum member in place of a type.
pub(super) fn member(region: &Region<'_, '_>, member: Type) -> Finding {
    let shown = region.cx.display(member).to_string();
    let name = shown.strip_prefix("Literal[").and_then(|rest| rest.strip_suffix(']'));
    not_a_type(format!("enum member `{}`", name.unwrap_or(&shown)), Some(shown.clone()))
}

/// A finding about a variable in place of a type, with where it is set.
pub(super) fn variable(region: &Region<'_, '_>, node: &Expr) -> Finding {
    let Some(name) = dotted(node) else { return not_a_type("a variable", None) };
    let finding = not_a_type(format!("variable `{name}`"), None);
    defined_at(region, finding, node, &name, "set")
}

/// A finding about type arguments for an alias of `ty`, which has no place for them.
pub(super) fn not_open(region: &Region<'_, '_>, alias: &Expr, ty: Type) -> Finding {
    use crate::rules::invalid_type_arguments::{already_specialised, not_generic};
    let cx = region.cx;
    let has_arguments = matches!(ty.kind(), Kind::Generic | Kind::Tuple | Kind::Callable);
    let name = dotted(alias).filter(|_| has_arguments);
    let Some(name) = name else { return not_generic(cx.display_name(ty)) };
    let finding = already_specialised(&name, cx.display(ty));
    defined_at(region, finding, alias, &name, "defined")
}

/// Adds where the name that `node` is was bound first.
fn defined_at(
    region: &Region<'_, '_>,
    finding: Finding,
    node: &Expr,
    name: &str,
    verb: &str,
) -> Finding {
    let Expr::Name(own) = node else { return finding };
    let place = region.nearest_place(&own.id).and_then(|(_, place)| place.definitions.first());
    match place {
        Some(&first) => finding.related(
            region.index.definitions[first].name_range,
            format!("`{name}` is {verb} here"),
        ),
        None => finding,
    }
}

/// A finding about what is subscripted and is neither a generic class nor an alias. A name of the class itself may hide the
/// builtin that was meant.
pub(super) fn not_subscriptable(region: &Region<'_, '_>, node: &Expr) -> Finding {
    let finding = invalid_type_expression("only a generic class or alias can be subscripted here");
    let Expr::Name(own) = node else { return finding };
    let name = own.id.as_str();
    let Some((scope, place)) = region.nearest_place(name) else { return finding };
    let first = place.definitions.first().map(|&first| region.index.definitions[first].kind);
    let (what, verb) = match first {
        Some(DefinitionKind::Function) => ("a function", "defined"),
        Some(DefinitionKind::Import) => ("a module", "imported"),
        Some(DefinitionKind::ImportFrom) => ("what is imported", "imported"),
        _ => ("a variable", "set"),
    };
    let hides = expr::builtin_name(region, name).boundness != Boundness::Unbound;
    let finding = match region.index.scopes[scope].kind {
        ScopeKind::Class if hides => finding
            .note(format!("`{name}` is the attribute of this class here, and not the builtin")),
        _ if hides => finding.note(format!("`{name}` is {what} here, and not the builtin")),
        _ => finding.note(format!("`{name}` is {what}")),
    };
    defined_at(region, finding, node, name, verb)
}
