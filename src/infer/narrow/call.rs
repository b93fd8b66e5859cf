//! Calls as tests: `isinstance`, `callable`, `hasattr`, `bool`, type guards.

use ruff_python_ast::{Expr, ExprCall};
use smallvec::SmallVec;

use super::instance::{Target, instances, subclasses, targets};
use super::test::{self, matches};
use super::{each_member, passing_members};
use crate::index::PlaceExpr;
use crate::infer::call::CallArguments;
use crate::infer::expr::infer;
use crate::infer::region::Region;
use crate::types::{Cx, Data, Kind, Known, KnownFunction, Type, Variance};

/// `ty`, the type of `place`, after a call turned out true or false.
pub(super) fn narrow(
    region: &Region<'_, '_>,
    call: &ExprCall,
    positive: bool,
    place: &PlaceExpr,
    ty: Type,
) -> Type {
    let cx = region.cx;
    let Some(first) = call.arguments.args.first() else { return ty };
    let is_subject = matches(place, first);
    let callee = infer(region, &call.func, None);
    if let Some(class) = callee.as_class() {
        let is_bool = cx.is_known(class, Known::Bool) && call.arguments.len() == 1;
        return if is_bool { test::narrow(region, first, positive, place, ty) } else { ty };
    }
    if !is_subject {
        return ty;
    }
    let known_of =
        |callee: Type| callee.as_function().and_then(|it| cx.host.function(cx, it).known);
    let sure = surely(cx, callee);
    let known = match sure.kind() {
        // What passes a test that is `isinstance` or another is an instance on one of the ways.
        Kind::Union if positive => cx
            .members(sure)
            .iter()
            .filter_map(known_of)
            .find(|&known| known == KnownFunction::IsInstance),
        _ => known_of(sure),
    };
    match (known, &*call.arguments.args) {
        (Some(KnownFunction::IsInstance), [_, classes]) => match targets(region, classes) {
            Some(targets) => instances(cx, ty, &targets, positive),
            None => ty,
        },
        (Some(KnownFunction::IsSubclass), [_, classes]) => match targets(region, classes) {
            Some(targets) => subclasses(cx, ty, &targets, positive),
            None => ty,
        },
        (Some(KnownFunction::Callable), [_]) => {
            let each = if positive { passing_members } else { each_member };
            each(cx, ty, &|member| callable_part(cx, member, positive))
        }
        (Some(KnownFunction::HasAttr), [_, name]) if positive => {
            match cx.as_str(infer(region, name, None)) {
                Some(name) => each_member(cx, ty, &|member| with_attribute(cx, member, name)),
                None => ty,
            }
        }
        _ => guarded(region, call, callee, positive, ty),
    }
}

/// What is known of a callee beside `Unknown`: `check=isinstance` is meant to be that.
fn surely(cx: &Cx<'_>, callee: Type) -> Type {
    match callee.kind() {
        Kind::Union => cx.filter_union(callee, |member| !member.is_dynamic()),
        _ => callee,
    }
}

/// The part of a member that can be called, or cannot.
pub(super) fn callable_part(cx: &Cx<'_>, member: Type, positive: bool) -> Type {
    if member.is_dynamic() {
        return member;
    }
    let is_object = member.as_instance().is_some_and(|class| cx.is_known(class, Known::Object));
    let callable = !is_object && cx.is_callable(member);
    match (callable, positive) {
        (true, true) => member,
        (true, false) => Type::NEVER,
        (false, false) => member,
        (false, true) => {
            let any = cx.callable(&[cx.gradual_signature(Type::UNKNOWN)]);
            if is_object {
                return any;
            }
            let open = matches!(member.kind(), Kind::Instance | Kind::Generic | Kind::Intersection)
                && !cx.class_of(member).is_some_and(|class| cx.is_final_class(class));
            if open { cx.raw_intersection(&[member, any]) } else { Type::NEVER }
        }
    }
}

/// A member that is found to have an attribute: where nothing says so, it is of unknown type.
pub(super) fn with_attribute(cx: &Cx<'_>, member: Type, name: &str) -> Type {
    if member.is_dynamic() || cx.attribute(member, name).missing.is_empty() {
        return member;
    }
    match member.kind() {
        Kind::None | Kind::Bool | Kind::Int | Kind::Str | Kind::Bytes => Type::NEVER,
        Kind::Instance | Kind::Generic
            if cx.class_of(member).is_some_and(|class| cx.is_final_class(class)) =>
        {
            Type::NEVER
        }
        _ => cx.raw_intersection(&[member, cx.with_attribute(name)]),
    }
}

/// A member without the attributes that it was found to have, and their names, where there are any.
pub(super) fn without_attributes<'s>(
    cx: &Cx<'s>,
    member: Type,
) -> Option<(Type, SmallVec<[&'s str; 2]>)> {
    if member.kind() != Kind::Intersection {
        return None;
    }
    let Data::Intersection(parts) = cx.payload(member) else { return None };
    let is_found = |part: &Type| part.kind() == Kind::WithAttribute;
    let names: SmallVec<[&str; 2]> = parts
        .iter()
        .filter(|part| is_found(part))
        .filter_map(|&part| match cx.payload(part) {
            Data::Text(name) => Some(*name),
            _ => None,
        })
        .collect();
    let rest: SmallVec<[Type; 2]> = parts.iter().copied().filter(|part| !is_found(part)).collect();
    (!names.is_empty() && !rest.is_empty()).then(|| (cx.raw_intersection(&rest), names))
}

/// User-defined type guards. Source: typing spec, "TypeGuard", "TypeIs".
fn guarded(
    region: &Region<'_, '_>,
    call: &ExprCall,
    callee: Type,
    positive: bool,
    ty: Type,
) -> Type {
    let cx = region.cx;
    let may_guard = |callee: Type| {
        cx.signatures(callee).is_some_and(|signatures| {
            signatures
                .iter()
                .any(|each| each.returns.is_some_and(|returns| returns.kind() == Kind::Guard))
        })
    };
    if callee.is_dynamic() || callee.kind() == Kind::Union || !may_guard(callee) {
        return ty;
    }
    if call.arguments.args.iter().any(Expr::is_starred_expr) {
        return ty;
    }
    let arguments = CallArguments::new(region, call);
    let outcome = cx.call(callee, &arguments, None);
    if outcome.returns.kind() != Kind::Guard {
        return ty;
    }
    let Data::Guard { ty: guard, is_exact } = *cx.data(outcome.returns) else { return ty };
    if positive && cx.has_dynamic_member(guard) {
        // What passes may be of a class of which nothing is known.
        return Type::UNKNOWN;
    }
    let told = if is_exact { gradual(cx, guard) } else { guard };
    match (positive, is_exact) {
        (true, false) => guard,
        (false, false) => ty,
        (true, true) => passing_members(cx, ty, &|member| {
            if member.is_dynamic() {
                return told;
            }
            if told.kind() == Kind::Generic && !cx.same(told, guard) {
                let target = Target { class: cx.class_of(told), ty: told, exact: true };
                return instances(cx, member, &[target], true);
            }
            cx.intersect2(member, guard)
        }),
        (false, true) => each_member(cx, ty, &|member| cx.subtract(member, guard)),
    }
}

/// The same class with nothing said of its arguments: `CoroutineType[object, Never, object]`, as the guards of
/// the standard library spell "any coroutine", is a test of the class, like `isinstance`.
fn gradual(cx: &Cx<'_>, guard: Type) -> Type {
    let is_object =
        |ty: Type| ty.as_instance().is_some_and(|class| cx.is_known(class, Known::Object));
    match guard.kind() {
        Kind::Generic => {
            let Some(class) = cx.class_of(guard) else { return guard };
            let says_nothing =
                |(index, &argument): (usize, &Type)| match cx.host.variance(cx, class, index) {
                    Variance::Covariant => is_object(argument),
                    Variance::Contravariant => argument.is_never(),
                    Variance::Bivariant | Variance::Invariant => false,
                };
            let arguments: Vec<Type> = cx
                .arguments_of(guard)
                .iter()
                .enumerate()
                .map(|each| if says_nothing(each) { Type::UNKNOWN } else { *each.1 })
                .collect();
            cx.generic(class, &arguments)
        }
        Kind::SubclassOf if is_object(cx.inner_of(guard)) => cx.subclass_of(Type::UNKNOWN),
        _ => guard,
    }
}
