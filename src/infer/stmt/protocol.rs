//! The protocols behind `for`, `with` and `except`, with what is wrong put into words.

use ruff_python_ast::{ExceptHandlerExceptHandler, Expr};

use crate::infer::because;
use crate::infer::expr;
use crate::infer::region::Region;
use crate::rules;
use crate::types::{Cx, Kind, Known, Step, Type};

/// The elements of an iterable; reports when it is not one.
pub fn iterate(region: &Region<'_, '_>, node: &Expr, ty: Type) -> Type {
    let cx = region.cx;
    if let Some(element) = cx.iterate(ty) {
        crate::infer::deprecated::check_operator(region, node, ty, "__iter__", Vec::new);
        return element;
    }
    if !region.is_quiet() {
        let finding = if cx.iterate_async(ty).is_some() {
            rules::not_iterable::only_async_iterable(cx.display(ty))
        } else if ty.kind() == Kind::Union {
            let members = cx.members(ty);
            let failing: Vec<Type> =
                members.iter().filter(|&member| cx.iterate(member).is_none()).collect();
            let shown: Vec<_> = failing.iter().map(|&member| cx.display(member)).collect();
            let finding = match failing.len() == members.iter().count() {
                true => rules::not_iterable::not_iterable(cx.display(ty)),
                false => rules::not_iterable::not_iterable_union(cx.display(ty), &shown),
            };
            match failing.as_slice() {
                [only] if only.is_none() => because::test_first(region, finding, node, ty),
                _ => finding,
            }
        } else {
            rules::not_iterable::not_iterable(cx.display(ty))
        };
        let finding = because::await_missing(region, finding, ty, |it| cx.iterate(it).is_some());
        region.report(node, finding);
    }
    let parts: Vec<Type> = cx.members(ty).iter().filter_map(|member| cx.iterate(member)).collect();
    if parts.is_empty() { Type::UNKNOWN } else { cx.union(parts) }
}

/// The elements of an asynchronous iterable; reports when it is not one.
pub fn iterate_async(region: &Region<'_, '_>, node: &Expr, ty: Type) -> Type {
    let cx = region.cx;
    cx.iterate_async(ty).unwrap_or_else(|| {
        let sync = cx.iterate(ty).is_some();
        let finding = rules::not_iterable::not_async_iterable(cx.display(ty), sync);
        let works = |it| cx.iterate_async(it).is_some();
        region.report(node, because::members_fail(region, finding, node, ty, works));
        Type::UNKNOWN
    })
}

/// What `with manager as x` gives `x`; `None` when it is no context manager.
pub fn enter(cx: &Cx<'_>, manager: Type, is_async: bool) -> Option<Type> {
    let (enter, exit) = names(is_async);
    let mut results = Vec::new();
    for member in cx.members(cx.expand_alias(manager)).iter() {
        if member.is_dynamic() {
            results.push(member);
            continue;
        }
        cx.dunder(member, exit)?;
        let entered = cx.call_dunder(member, enter, &[])?;
        results.push(if is_async { cx.awaited(entered)? } else { entered });
    }
    Some(cx.union(results))
}

const fn names(is_async: bool) -> (&'static str, &'static str) {
    if is_async { ("__aenter__", "__aexit__") } else { ("__enter__", "__exit__") }
}

/// As [`enter`]; reports what is missing.
pub(super) fn enter_checked(
    region: &Region<'_, '_>,
    node: &Expr,
    manager: Type,
    is_async: bool,
) -> Type {
    let cx = region.cx;
    if let Some(entered) = enter(cx, manager, is_async) {
        check_exit(region, node, manager, is_async);
        for method in <[&str; 2]>::from(names(is_async)) {
            crate::infer::deprecated::check_operator(region, node, manager, method, Vec::new);
        }
        let is_refused = || enter(cx, manager, !is_async).is_some_and(|other| !other.is_never());
        if entered.is_never() && !region.is_quiet() && is_refused() {
            // It is there to say that the other kind is meant.
            let shown = cx.display(manager);
            region
                .report(node, rules::invalid_context_manager::wrong_kind_of_with(shown, is_async));
        }
        return entered;
    }
    if !region.is_quiet() {
        let finding = if enter(cx, manager, !is_async).is_some() {
            rules::invalid_context_manager::wrong_kind_of_with(cx.display(manager), is_async)
        } else {
            let missing: Vec<&str> = <[&str; 2]>::from(names(is_async))
                .into_iter()
                .filter(|name| {
                    cx.members(manager).iter().any(|member| cx.dunder(member, name).is_none())
                })
                .collect();
            let finding = rules::invalid_context_manager::invalid_context_manager(
                cx.display(manager),
                &missing,
                is_async,
            );
            let rest = cx.without_none(manager);
            if !cx.same(rest, manager) && enter(cx, rest, is_async).is_some() {
                because::test_first(region, finding, node, manager)
            } else {
                finding
            }
        };
        let works = |it| enter(cx, it, is_async).is_some();
        region.report(node, because::await_missing(region, finding, manager, works));
    }
    Type::UNKNOWN
}

/// Python calls the method that leaves with three arguments, and awaits what that of `async with` gives.
/// Source: Python reference, "With Statement Context Managers".
fn check_exit(region: &Region<'_, '_>, node: &Expr, manager: Type, is_async: bool) {
    if region.is_quiet() {
        return;
    }
    let cx = region.cx;
    let (_, exit) = names(is_async);
    for member in cx.members(cx.expand_alias(manager)).iter() {
        let Some(method) = cx.dunder(member, exit).filter(|method| !method.is_dynamic()) else {
            continue;
        };
        let left = cx.call_with(method, &[Type::UNKNOWN; 3]);
        let fits = left.is_some_and(|left| !is_async || cx.awaited(left).is_some());
        if !fits {
            let shown = cx.display(member);
            let finding = rules::invalid_context_manager::invalid_exit(shown, exit, is_async);
            region.report(node, finding);
            return;
        }
    }
}

/// The instance that an `except` clause with this class or tuple of classes catches; `None` when
/// it is neither.
pub fn exception_instance(cx: &Cx<'_>, ty: Type) -> Option<Type> {
    // A tuple that holds itself catches nothing more than what else is in it.
    cx.once(Step::Caught, ty, || instance_caught(cx, ty)).unwrap_or(Some(Type::NEVER))
}

fn instance_caught(cx: &Cx<'_>, ty: Type) -> Option<Type> {
    let base = cx.known_instance(Known::BaseException);
    let mut instances = Vec::new();
    for member in cx.members(cx.expand_alias(ty)).iter() {
        if member.is_dynamic() {
            instances.push(member);
            continue;
        }
        if let Some(shape) = cx.tuple_shape(member) {
            for &element in shape.elements.iter() {
                instances.push(exception_instance(cx, element)?);
            }
            continue;
        }
        let instance = match member.kind() {
            Kind::Class | Kind::GenericClass => cx.instance_of(member),
            Kind::SubclassOf => cx.inner_of(member),
            Kind::Instance | Kind::Generic if cx.is_instance_of(member, Known::Type) => {
                Type::UNKNOWN
            }
            _ => return None,
        };
        if !cx.is_assignable(instance, base) {
            return None;
        }
        instances.push(instance);
    }
    Some(cx.union(instances))
}

/// The type that `except ... as x` gives `x`.
pub fn caught_type(
    region: &Region<'_, '_>,
    handler: &ExceptHandlerExceptHandler,
    is_star: bool,
) -> Type {
    let cx = region.cx;
    let Some(caught) = &handler.type_ else { return cx.known_instance(Known::BaseException) };
    let ty = expr::infer(region, caught, None);
    let instance = exception_instance(cx, ty).unwrap_or(Type::UNKNOWN);
    if !is_star {
        return instance;
    }
    let exception = cx.known_instance(Known::Exception);
    let known = if cx.is_assignable(instance, exception) {
        Known::ExceptionGroup
    } else {
        Known::BaseExceptionGroup
    };
    cx.known_generic(known, &[instance])
}
