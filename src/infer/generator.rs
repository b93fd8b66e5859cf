//! Generators: what `yield` takes and gives. Source: typing spec, "Generators".

use ruff_python_ast::{Expr, ExprYield, ExprYieldFrom};

use ruff_text_size::Ranged;

use super::expr;
use super::region::{Misfit, Region};
use crate::index::{ScopeId, ScopeKind};
use crate::rules;
use crate::types::{Cx, FunctionFlags, Kind, Known, Type};

/// Yield, send and return types of a declared generator result.
pub fn declared_parts(cx: &Cx<'_>, returns: Type, is_async: bool) -> Option<(Type, Type, Type)> {
    let families: &[Known] = if is_async {
        &[Known::AsyncGenerator, Known::AsyncIterator, Known::AsyncIterable]
    } else {
        &[Known::Generator, Known::Iterator, Known::Iterable]
    };
    let mut found: Option<(Type, Type, Type)> = None;
    for member in cx.members(cx.expand_alias(returns)).iter() {
        let parts = families.iter().find_map(|&known| {
            let class = cx.host.known(cx, known)?;
            let base = cx.as_super(member, class)?;
            let arguments = cx.arguments_of(base);
            let at = |index: usize| arguments.get(index).copied();
            let first = at(0)?;
            Some(if is_async {
                (first, at(1).unwrap_or(Type::UNKNOWN), Type::NONE)
            } else {
                (first, at(1).unwrap_or(Type::UNKNOWN), at(2).unwrap_or(Type::UNKNOWN))
            })
        });
        let parts = parts.or_else(|| {
            // A protocol says no more than what a generator among the members said.
            found.is_none().then(|| protocol_parts(cx, member, is_async)).flatten()
        });
        let join = |a: (Type, Type, Type), b: (Type, Type, Type)| {
            (cx.union2(a.0, b.0), cx.union2(a.1, b.1), cx.union2(a.2, b.2))
        };
        found = match (found, parts) {
            (Some(found), Some(parts)) => Some(join(found, parts)),
            (found, parts) => found.or(parts),
        };
    }
    found
}

/// Whether a function that yields can return `declared`: a generator, or any supertype of one, `object` too.
pub fn may_declare(cx: &Cx<'_>, declared: Type, is_async: bool) -> bool {
    let any = [Type::UNKNOWN; 3];
    let made = if is_async {
        cx.known_generic(Known::AsyncGenerator, &any[..2])
    } else {
        cx.known_generic(Known::Generator, &any)
    };
    cx.is_assignable(made, declared)
}

/// The parts of a generator that is declared as a protocol with `__next__` or `__anext__`.
fn protocol_parts(cx: &Cx<'_>, member: Type, is_async: bool) -> Option<(Type, Type, Type)> {
    if !cx.is_protocol(cx.class_of(member)?) {
        return None;
    }
    let any = [Type::UNKNOWN; 3];
    let (known, arguments, method) = if is_async {
        (Known::AsyncGenerator, &any[..2], "__anext__")
    } else {
        (Known::Generator, &any[..], "__next__")
    };
    if !cx.is_assignable(cx.known_generic(known, arguments), member) {
        return None;
    }
    let step = match cx.call_dunder(member, method, &[]) {
        Some(step) if is_async => cx.awaited(step).unwrap_or(Type::UNKNOWN),
        Some(step) => step,
        None => cx.object(),
    };
    Some((step, Type::UNKNOWN, Type::UNKNOWN))
}

/// The declared parts of the generator that the walk is in.
fn current_parts(region: &Region<'_, '_>) -> Option<(Type, Type, Type)> {
    let cx = region.cx;
    let scope = &region.index.scopes[region.region];
    if scope.kind != ScopeKind::Function {
        return None;
    }
    let function = region.function_of_scope(region.region)?;
    let info = cx.host.function(cx, function);
    let returns = info.signature.returns?;
    declared_parts(cx, returns, info.flags.contains(FunctionFlags::ASYNC))
}

/// `yield x`: checks what is yielded; the expression's value is what is sent.
pub fn infer_yield(region: &Region<'_, '_>, node: &ExprYield) -> Type {
    let cx = region.cx;
    let parts = current_parts(region);
    let hint = parts.map(|parts| parts.0);
    let found = match &node.value {
        Some(value) => expr::infer(region, value, hint),
        None => Type::NONE,
    };
    let Some((wanted, send, _)) = parts else { return Type::UNKNOWN };
    if !cx.is_assignable(found, wanted) {
        let (expected, given) = cx.display_apart(wanted, found);
        let finding = rules::invalid_yield::invalid_yield(expected, given);
        let range = node.value.as_deref().map_or(node.range(), Ranged::range);
        region.report_misfit(range, finding, Misfit::Value(found, wanted));
    }
    send
}

/// `yield from x`: its value is what the inner generator returns.
pub fn infer_yield_from(region: &Region<'_, '_>, node: &ExprYieldFrom) -> Type {
    let cx = region.cx;
    let parts = current_parts(region);
    let hint = parts.map(|parts| cx.known_generic(Known::Iterable, &[parts.0]));
    let inner = expr::infer(region, &node.value, hint);
    let element = super::stmt::iterate(region, &node.value, inner);
    if let Some((wanted, send, _)) = parts {
        if !cx.is_assignable(element, wanted) {
            let (expected, given) = cx.display_apart(wanted, element);
            let finding = rules::invalid_yield::invalid_yield(expected, given);
            region.report_misfit(&*node.value, finding, Misfit::Value(element, wanted));
        }
        if let Some(class) = cx.host.known(cx, Known::Generator)
            && let Some(generator) = cx.as_super(inner, class)
            && let Some(&takes) = cx.arguments_of(generator).get(1)
            && !cx.is_assignable(send, takes)
        {
            let finding =
                rules::invalid_yield::invalid_yield_from_send(cx.display(send), cx.display(takes));
            region.report(&*node.value, finding);
        }
    }
    cx.generator_return(inner)
}

/// What a generator returns gets to nobody who sees a mere iterator. A value that could be yielded there was meant to be;
/// `__await__` gives it to who awaits.
pub fn check_result(region: &Region<'_, '_>, value: &Expr, found: Type) {
    let cx = region.cx;
    let Some(function) = region.function_of_scope(region.region) else { return };
    let info = cx.host.function(cx, function);
    let is_async = info.flags.contains(FunctionFlags::ASYNC);
    let Some(returns) = info.signature.returns.filter(|_| !region.is_quiet() && !is_async) else {
        return;
    };
    if found.is_none() || cx.has_dynamic(found) || &*info.name == "__await__" {
        return;
    }
    let families = [Known::Iterator, Known::Iterable].map(|known| cx.host.known(cx, known));
    let is_iterator =
        |member: Type| cx.class_of(member).is_some_and(|it| families.contains(&Some(it)));
    let Some((wanted, ..)) = declared_parts(cx, returns, false) else { return };
    if !cx.members(cx.expand_alias(returns)).iter().all(is_iterator) || cx.has_dynamic(wanted) {
        return;
    }
    let fits = |ty: Type| cx.is_assignable(ty, wanted);
    let is_many = !fits(found) && cx.iterate(found).is_some_and(fits);
    if is_many || fits(found) {
        let shown = cx.display(returns);
        region.report(value, rules::invalid_return_type::lost_result(shown, is_many));
    }
}

/// The union of what a body yields.
pub fn yielded_type(region: &Region<'_, '_>, body: ScopeId) -> Type {
    let cx = region.cx;
    let mut types = Vec::new();
    for node in region.nodes().yields(body) {
        match node {
            Expr::Yield(node) => types.push(match &node.value {
                Some(value) => expr::infer(region, value, None),
                None => Type::NONE,
            }),
            Expr::YieldFrom(node) => {
                let inner = expr::infer(region, &node.value, None);
                types.push(cx.iterate(inner).unwrap_or(Type::UNKNOWN));
            }
            _ => {}
        }
    }
    cx.promote_literals(cx.union(types))
}

/// Builtin iterators that do nothing before they are iterated over.
const LAZY: [&str; 5] = ["enumerate", "filter", "map", "reversed", "zip"];

/// Whether `ty` is one of the builtin iterators that do nothing before they are iterated over.
pub fn is_lazy_iterator(cx: &Cx<'_>, ty: Type) -> bool {
    is_instance_named(cx, ty, "builtins", &LAZY)
}

/// Whether `ty` is an instance of one of the classes `names` of `module`.
pub fn is_instance_named(cx: &Cx<'_>, ty: Type, module: &str, names: &[&str]) -> bool {
    matches!(ty.kind(), Kind::Instance | Kind::Generic)
        && cx.class_of(ty).is_some_and(|class| {
            names.contains(&&*cx.host.class(cx, class).name)
                && *cx.host.module(class.module).name == *module
        })
}
