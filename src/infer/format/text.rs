//! Values whose text is not what anybody wants to read: `b'...'`, or where an object is in memory.
//!
//! What is put into text with `!r` or `%r` is meant, and so is what has a `__str__` of its own.

use ruff_python_ast::ExprCall;

use super::value::surely;
use super::{ERRORS, Operand};
use crate::infer::generator::is_lazy_iterator;
use crate::infer::region::{Mode, Region};
use crate::policy::Policy;
use crate::rules::{Finding, bytes_in_text, uncalled_in_text};
use crate::types::{Cx, Data, Kind, Known, Type};

/// What is wrong with the text of a value of type `ty` that a format shows.
pub(super) fn check(region: &Region<'_, '_>, ty: Type) -> Option<Finding> {
    check_bytes(region, ty).or_else(|| {
        let cx = region.cx;
        let some = shown(cx, ty)?;
        let is_found =
            !some.is_never() && cx.members(some).iter().all(|object| is_pending(cx, object));
        is_found.then(|| uncalled_in_text::uncalled_in_text(cx.display(ty)))
    })
}

/// What is wrong with the text of bytes. Messages of exceptions and `__repr__` show them as they are.
fn check_bytes(region: &Region<'_, '_>, ty: Type) -> Option<Finding> {
    let cx = region.cx;
    let some = shown(cx, ty)?;
    let is_found = surely(cx, some, |object| is_bytes(cx, object))
        && !(cx.holds(Policy::ShownBytes) && (region.is_in(Mode::MESSAGE) || is_in_repr(region)));
    is_found.then(|| bytes_in_text::bytes_in_text(cx.display(ty)))
}

/// The part of a type that is not `None`, where it can be one that is looked for.
fn shown(cx: &Cx<'_>, ty: Type) -> Option<Type> {
    let kinds = [Kind::Instance, Kind::Generic, Kind::Method, Kind::Union, Kind::Alias];
    kinds.contains(&ty.kind()).then(|| cx.without_none(cx.expand_alias(ty)))
}

fn is_in_repr(region: &Region<'_, '_>) -> bool {
    region.function_of_scope(region.scope()).is_some_and(|function| {
        matches!(&*region.cx.host.function(region.cx, function).name, "__repr__" | "__str__")
    })
}

fn is_bytes(cx: &Cx<'_>, object: Type) -> bool {
    object.as_instance().is_some_and(|class| {
        [Known::Bytes, Known::Bytearray].iter().any(|&known| cx.is_known(class, known))
    })
}

/// Whether an object is one that gives its value only when it is called, awaited or iterated over.
fn is_pending(cx: &Cx<'_>, object: Type) -> bool {
    if object.kind() == Kind::Method {
        return matches!(*cx.data(object), Data::Method { receiver: Some(_), .. });
    }
    let Some(class) = cx.class_of(object) else { return false };
    // What is declared to be a generator may be shown as that.
    if cx.is_known(class, Known::CoroutineType) {
        return true;
    }
    is_lazy_iterator(cx, object)
}

/// Checks `str(value)`.
pub(super) fn check_conversion(region: &Region<'_, '_>, call: &ExprCall, callee: Type) {
    let cx = region.cx;
    let is_str = callee.as_class().is_some_and(|class| cx.is_known(class, Known::Str));
    let ([node], []) = (&*call.arguments.args, &*call.arguments.keywords) else { return };
    if !is_str || node.is_starred_expr() {
        return;
    }
    let operand = Operand::of(region, node);
    if let Some(finding) = check_bytes(region, operand.ty)
        && !region.expects_error(&ERRORS)
    {
        region.report(operand.range, finding);
    }
}
