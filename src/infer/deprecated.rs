//! Uses of what is deprecated: names, attributes, imports, calls, operators, properties.
//! Source: typing spec, "Type checker directives", "@deprecated".

use ruff_python_ast::{Alias, Expr, ExprAttribute};
use ruff_text_size::Ranged;

use super::region::Region;
use crate::rules;
use crate::types::{Cx, Data, FunctionFlags, FunctionInfo, Kind, MroEntry, Signature, Type};

/// What of a value is deprecated: what kind of thing it is, its name, the message.
struct Deprecated<'s> {
    kind: &'static str,
    name: &'s str,
    message: &'s str,
}

/// The function behind a function, a bound method, or what a decorator made of one.
fn function_of<'s>(cx: &Cx<'s>, ty: Type) -> Option<&'s FunctionInfo<'s>> {
    let ty = cx.unbound(ty);
    match ty.kind() {
        Kind::Function => Some(cx.host.function(cx, ty.as_function()?)),
        Kind::Callable => match *cx.payload(ty) {
            Data::Callable(signatures) if signatures.len() == 1 => {
                Some(cx.host.function(cx, signatures[0].definition?))
            }
            _ => None,
        },
        _ => None,
    }
}

/// Overloads are deprecated one by one; what is said of them is said of calls.
fn whole_function<'s>(cx: &Cx<'s>, ty: Type) -> Option<Deprecated<'s>> {
    let info = function_of(cx, ty)?;
    let is_whole = info.flags.contains(FunctionFlags::DEPRECATED)
        && !info.flags.contains(FunctionFlags::OVERLOAD);
    let kind = if info.class.is_some() { "method" } else { "function" };
    is_whole.then(|| Deprecated {
        kind,
        name: &info.name,
        message: info.deprecated.as_deref().unwrap_or(""),
    })
}

fn whole<'s>(cx: &Cx<'s>, ty: Type) -> Option<Deprecated<'s>> {
    match ty.kind() {
        Kind::Class | Kind::GenericClass => {
            let info = cx.info_of(ty)?;
            let message = info.deprecated.as_deref()?;
            Some(Deprecated { kind: "class", name: &info.name, message })
        }
        _ => whole_function(cx, ty),
    }
}

fn report(region: &Region<'_, '_>, node: impl Ranged, found: Option<Deprecated<'_>>) {
    if let Some(Deprecated { kind, name, message }) = found {
        region.report(node.range(), rules::deprecated::deprecated(kind, name, message));
    }
}

/// A name or an attribute was read and is of type `ty`.
pub fn check_read(region: &Region<'_, '_>, node: impl Ranged, ty: Type) {
    if !region.is_quiet() {
        report(region, node, whole(region.cx, ty));
    }
}

/// A name was imported from a module.
pub fn check_import(region: &Region<'_, '_>, alias: &Alias, ty: Type) {
    check_read(region, alias, ty);
}

/// A property was read.
pub fn check_getter(region: &Region<'_, '_>, attribute: &ExprAttribute, property: Type) {
    if let Data::Property { getter: Some(getter), .. } = *region.cx.payload(property)
        && !region.is_quiet()
    {
        report(region, &attribute.attr, whole_function(region.cx, getter));
    }
}

/// A property was written through `setter`.
pub fn check_setter(region: &Region<'_, '_>, attribute: &ExprAttribute, setter: Type) {
    if !region.is_quiet() {
        report(region, &attribute.attr, whole_function(region.cx, setter));
    }
}

/// An operator called the special method `name` of `operand`, with `arguments`.
pub fn check_operator(
    region: &Region<'_, '_>,
    node: impl Ranged,
    operand: Type,
    name: &str,
    arguments: impl FnOnce() -> Vec<Type>,
) {
    let cx = region.cx;
    let operand = cx.expand_alias(operand);
    if region.is_quiet() || !matches!(operand.kind(), Kind::Instance | Kind::Generic) {
        return;
    }
    let Some(info) = cx.info_of(operand) else { return };
    // Operators of the built-in types are by far the most, and none of them is deprecated.
    if cx.is_builtin(info.class) {
        return;
    }
    let member = info.mro.iter().find_map(|entry| match *entry {
        MroEntry::Class(class, _) => cx.host.class_member(cx, class, name),
        MroEntry::Dynamic(_) => None,
    });
    let Some(place) = member else { return };
    let found = whole_function(cx, place.ty)
        .or_else(|| one_of_several(cx, operand, name, place.ty, arguments));
    report(region, node, found);
}

/// The overload of a special method that takes `arguments`, if that one is deprecated.
fn one_of_several<'s>(
    cx: &Cx<'s>,
    operand: Type,
    name: &str,
    method: Type,
    arguments: impl FnOnce() -> Vec<Type>,
) -> Option<Deprecated<'s>> {
    let marked = |signature: &Signature<'s>| {
        let info = cx.host.function(cx, signature.definition?);
        info.flags.contains(FunctionFlags::DEPRECATED).then_some(info)
    };
    let all = &cx.host.function(cx, method.as_function()?).overloads;
    if !all.iter().any(|each| marked(each).is_some()) {
        return None;
    }
    let outcome = cx.call_outcome(cx.dunder(operand, name)?, &arguments());
    let info = outcome.chosen.filter(|_| outcome.errors.is_empty()).as_ref().and_then(marked)?;
    let message = info.deprecated.as_deref().unwrap_or("");
    Some(Deprecated { kind: "method", name: &info.name, message })
}

/// A call resolved to `function`: deprecated overloads, and methods that the call itself finds.
pub fn check_call<'s>(
    region: &Region<'_, 's>,
    func: &Expr,
    callee: Type,
    function: &FunctionInfo<'s>,
) {
    if !function.flags.contains(FunctionFlags::DEPRECATED) {
        return;
    }
    // What the callee names was already told where it was read.
    let is_read = matches!(func, Expr::Name(_) | Expr::Attribute(_))
        && !function.flags.contains(FunctionFlags::OVERLOAD)
        && matches!(callee.kind(), Kind::Function | Kind::Method | Kind::Callable);
    if !is_read {
        let message = function.deprecated.as_deref().unwrap_or("");
        let finding = rules::deprecated::deprecated("function", &function.name, message);
        region.report(func, finding);
    }
}
