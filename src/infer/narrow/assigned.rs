//! What a value is taken for where a declaration has a say too.

use crate::policy::Policy;
use crate::types::{Cx, Kind, Known, Type};

/// A declared type without `None`: nothing says that an unknown value is.
fn sure_part(cx: &Cx<'_>, declared: Type) -> Type {
    let has_none = cx.members(cx.expand_alias(declared)).iter().any(Type::is_none);
    if cx.holds(Policy::UnknownIsNotNone) && has_none && !declared.is_none() {
        cx.without_none(declared)
    } else {
        declared
    }
}

/// What a value is taken as where a type is declared: as narrow as it is, but no wider.
pub fn narrowed_on_assignment(cx: &Cx<'_>, declared: Type, value: Type) -> Type {
    // Round a loop the value is on its way: to take what is declared for it would keep that for good.
    if value.is(Type::CYCLE) {
        return value;
    }
    if value.is_dynamic() || declared.is_dynamic() || declared.kind() == Kind::TypeFormOf {
        // `Optional[X]` of an unknown `X`: what is put in is the `X` rather than the `None`.
        let is_vague =
            declared.kind() == Kind::Union && value.is_dynamic() && cx.has_dynamic_member(declared);
        if is_vague {
            return value;
        }
        let sure = sure_part(cx, declared);
        // A test for `None` may still find it: what is unknown stays beside the rest.
        return if value.is_dynamic() && !cx.same(sure, declared) {
            cx.union2(sure, Type::UNKNOWN)
        } else {
            sure
        };
    }
    if !cx.is_assignable(value, declared) {
        return declared;
    }
    let value = fitting_part(cx, declared, value);
    // Something unknown beside what is known: nothing says that it is `None`, or that it is another part of
    // the declaration.
    if value.kind() == Kind::Union && cx.has_dynamic_member(value) {
        let without_none = sure_part(cx, declared);
        let is_known = |member: Type| !member.is_dynamic() && !member.is_none();
        if cx.expand_alias(without_none).kind() == Kind::Union
            && cx.members(value).iter().any(is_known)
        {
            return value;
        }
        if !cx.same(without_none, declared) && cx.is_assignable(value, without_none) {
            return cx.union2(without_none, Type::UNKNOWN);
        }
    }
    // Declared literals, of which there may be any number: the value has some of them by chance.
    let is_row_of_literals = cx.holds(Policy::DeclaredRows)
        && cx.as_tuple(declared).is_some_and(|tuple| tuple.variadic.is_some())
        && cx.wants_literal(declared);
    if is_row_of_literals && value.kind() == Kind::Tuple {
        return declared;
    }
    let value = if matches!(value.kind(), Kind::Int | Kind::Str | Kind::Bytes)
        && !cx.wants_literal(declared)
    {
        cx.promote_literals(value)
    } else {
        value
    };
    let value = keeping_any_class(cx, declared, value);
    let (meant, held) = (cx.expand_alias(declared), cx.expand_alias(value));
    // `list[Any]` does not make a declared `list[int]` vaguer.
    if cx.has_dynamic(held) && cx.is_assignable(meant, held) && !cx.has_dynamic(meant) {
        return declared;
    }
    // Nor does a `type` that a call made say less than a declared `type[C]`.
    if meant.kind() == Kind::SubclassOf
        && held.kind() == Kind::Instance
        && cx.class_of(held).is_some_and(|class| cx.is_known(class, Known::Type))
    {
        return declared;
    }
    // Nor does what is put into a declared `list[Any]` say what more it may hold.
    let is_of_class = |member: Type| {
        matches!(
            (member.kind(), meant.kind()),
            (Kind::Generic, Kind::Generic) | (Kind::Tuple, Kind::Tuple)
        ) && cx.class_of(member) == cx.class_of(meant)
    };
    let is_open = matches!(meant.kind(), Kind::Generic | Kind::Tuple)
        && cx.members(held).iter().all(is_of_class)
        && cx.is_assignable(meant, held);
    if value.is_never() || is_open {
        return declared;
    }
    value
}

/// Where something is unknown on both sides, what is known of the value has to fit what is known of the declaration, if
/// any of it does: the rest is a guess.
fn fitting_part(cx: &Cx<'_>, declared: Type, value: Type) -> Type {
    let is_open = |ty: Type| ty.kind() == Kind::Union && cx.has_dynamic_member(ty);
    if !is_open(declared) || !is_open(value) {
        return value;
    }
    let known = cx.filter_union(declared, |member| !member.is_dynamic());
    let fits = |member: Type| {
        !member.is_dynamic() && (member.is_none() || cx.is_assignable(member, known))
    };
    let is_sure = |member: Type| !member.is_none() && fits(member);
    match cx.members(value).iter().any(is_sure) {
        true => cx.filter_union(value, |member| member.is_dynamic() || fits(member)),
        false => value,
    }
}

/// Who declares `type[Any]` wants to do anything with it: `type[T]` is not taken for less.
fn keeping_any_class(cx: &Cx<'_>, declared: Type, value: Type) -> Type {
    let is_any = |ty: &Type| ty.kind() == Kind::SubclassOf && cx.inner_of(*ty).is_dynamic();
    let any = cx.members(declared).iter().find(is_any);
    let Some(any) = any.filter(|_| cx.holds(Policy::AnyClass)) else { return value };
    cx.map_union(value, |member| {
        let is_open =
            member.kind() == Kind::SubclassOf && cx.inner_of(member).kind() == Kind::TypeVar;
        if is_open { any } else { member }
    })
}
