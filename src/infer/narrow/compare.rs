//! Comparisons with what is known: identity, equality, membership, the length of a tuple.

use std::cell::OnceCell;

use ruff_python_ast::{CmpOp, Expr};

use super::test::matches;
use crate::index::PlaceExpr;
use crate::infer::expr::infer;
use crate::infer::region::Region;
use crate::policy::{Policy, lists};
use crate::types::{ClassFlags, ClassRef, Cx, Kind, Known, Type, TypeVarKind};

/// Longer tuples are not spelled out.
const MAX_LENGTH: i64 = 32;

/// A place that is the same as one of more alternatives than this is not narrowed to each of them.
const MAX_ONE_OF: usize = 32;

/// Whether a type has one value only, so that `is` tells everything.
fn is_singleton(cx: &Cx<'_>, ty: Type) -> bool {
    match ty.kind() {
        Kind::None | Kind::Bool | Kind::Enum | Kind::Class => true,
        Kind::Instance => {
            ty.as_instance().is_some_and(|class| {
                cx.is_known(class, Known::EllipsisType)
                    || cx.is_known(class, Known::NotImplementedType)
            }) || crate::infer::sentinel::is_sentinel(cx, ty)
        }
        _ => false,
    }
}

/// A member after `member is value`.
pub(super) fn identity(cx: &Cx<'_>, member: Type, value: Type, positive: bool) -> Type {
    let value = cx.expand_alias(value);
    // Where paths meet the one member of an enum looks like the whole enum.
    let value = cx.only_member(value).unwrap_or(value);
    if member.kind() == Kind::Enum && value.kind() == Kind::Enum {
        // Decided at once: a chain of tests compares each member of an enum with each.
        return if cx.same(member, value) == positive { member } else { Type::NEVER };
    }
    // The same as something that is known in part only: nothing is learnt of what is not known itself.
    let is_careful = cx.holds(Policy::UnknownIdentity);
    let is_open = positive && is_careful && member.is_dynamic() && cx.has_unknown_member(value);
    if value.is_dynamic() || value.is_never() || is_open {
        return member;
    }
    let is_class = |ty: Type| matches!(ty.kind(), Kind::Class | Kind::GenericClass);
    if positive && (is_class(member) || is_singleton(cx, member)) {
        // What is one value only is nothing less than itself.
        return if cx.is_disjoint(member, value) { Type::NEVER } else { member };
    }
    if positive && is_class(value) && member.kind() == Kind::SubclassOf {
        if cx.inner_of(member).kind() == Kind::TypeVar {
            return class_of_variable(cx, member, value);
        }
        return if cx.is_assignable(value, member) { value } else { Type::NEVER };
    }
    if positive {
        // What a place is declared to hold (`sys.stdout`) says less of an unknown value than one object would.
        let tells = |part: Type| !is_careful || !member.is_dynamic() || is_singleton(cx, part);
        // What was narrowed to two classes at once does not become one of many threes.
        let is_few = member.kind() != Kind::Intersection && cx.members(value).len() <= MAX_ONE_OF;
        if is_singleton(cx, value)
            || value.kind() == Kind::Union && is_few && cx.members(value).iter().all(tells)
        {
            return cx.intersect2(member, value);
        }
        let is_function = value.kind() == Kind::Function && member.kind() == Kind::Callable;
        if is_function || !member.is_dynamic() && cx.is_subtype(value, member) {
            return value;
        }
        return if !member.is_dynamic() && cannot_be_same(cx, member, value) {
            Type::NEVER
        } else {
            member
        };
    }
    if is_singleton(cx, value) || value.kind() == Kind::Function {
        remove(cx, member, value)
    } else {
        member
    }
}

/// `type[T]` when it is a certain class: what was passed for a variable is of that variable still.
fn class_of_variable(cx: &Cx<'_>, member: Type, value: Type) -> Type {
    let inner = cx.inner_of(member);
    let fits = |bound: Type| match (cx.class_of(bound), cx.info_of(value)) {
        (Some(class), Some(info)) => {
            info.class == class || info.inherits(class) || info.is_dynamic()
        }
        _ => true,
    };
    let constraints = cx.constraints_of(inner);
    let is_possible = match cx.upper_bound(inner) {
        Some(bound) => fits(bound),
        None => constraints.is_empty() || constraints.iter().any(|&each| fits(each)),
    };
    if is_possible { member } else { Type::NEVER }
}

/// Whether no object is of both types; numbers are left alone, as `float` stands for `int` too.
fn cannot_be_same(cx: &Cx<'_>, member: Type, value: Type) -> bool {
    let is_number = |ty: Type| {
        ty.as_instance().is_some_and(|class| {
            cx.is_known(class, Known::Float) || cx.is_known(class, Known::Complex)
        })
    };
    !is_number(member) && !is_number(value) && cx.is_disjoint(member, value)
}

/// `member` without the one value of `value`.
fn remove(cx: &Cx<'_>, member: Type, value: Type) -> Type {
    if matches!(value.kind(), Kind::Class | Kind::Function) {
        let is_known = value.kind() == Kind::Function || cx.info_of(value).is_some();
        return if cx.same(member, value) && is_known { Type::NEVER } else { member };
    }
    cx.subtract(member, value)
}

fn is_literal(ty: Type) -> bool {
    matches!(ty.kind(), Kind::None | Kind::Bool | Kind::Int | Kind::Str | Kind::Bytes | Kind::Enum)
}

/// Whether the class of a value compares with an `__eq__` of the standard library.
fn has_plain_eq(cx: &Cx<'_>, ty: Type) -> bool {
    let instance = cx.fallback_instance(ty);
    let Some(class) = cx.class_of(instance) else { return false };
    if !cx.holds(Policy::PlainEquality) {
        return true;
    }
    match cx.class_lookup_after(cx.generic_class_of(instance, class), "__eq__", None, false) {
        Some(member) => member.class.is_some_and(|owner| {
            let is_made =
                cx.host.class(cx, owner).dataclass.is_some() && member.place.definition.is_none();
            is_made || lists::PLAIN_EQUALITY.contains(&&*cx.host.module(owner.module).name)
        }),
        None => true,
    }
}

/// Whether an instance of a class that compares as usual can equal a literal: of a class below or
/// above its own, or another number.
fn may_equal_literal(cx: &Cx<'_>, member: Type, literal: Type) -> bool {
    let instance = cx.fallback_instance(member);
    let value = match cx.literal_class(literal) {
        Some(class) => class,
        None => match cx.as_enum(literal) {
            Some((class, _)) => class,
            None => return true,
        },
    };
    let (Some(own), Some(info)) = (cx.class_of(instance), cx.info_of(instance)) else {
        return true;
    };
    let is_a =
        |class: ClassRef, base: ClassRef| class == base || cx.host.class(cx, class).inherits(base);
    let is_number = |class: ClassRef| {
        [Known::Int, Known::Float, Known::Complex]
            .iter()
            .any(|&known| cx.host.known(cx, known).is_some_and(|known| is_a(class, known)))
    };
    info.is_dynamic()
        || info.is(ClassFlags::PROTOCOL)
        || is_a(own, value)
        || is_a(value, own)
        || is_number(own) && is_number(value)
}

/// Whether two literals may compare equal.
fn may_be_equal(cx: &Cx<'_>, left: Type, right: Type) -> bool {
    if cx.same(left, right) {
        return true;
    }
    let number = |ty: Type| ty.as_int().or_else(|| ty.as_bool().map(i64::from));
    match (left.kind(), right.kind()) {
        (Kind::Int | Kind::Bool, Kind::Int | Kind::Bool) => number(left) == number(right),
        (Kind::Enum, Kind::Enum) => {
            cx.as_enum(left).map(|e| e.0) != cx.as_enum(right).map(|e| e.0)
                && !(has_plain_eq(cx, left) && has_plain_eq(cx, right))
                || !has_plain_eq(cx, left)
        }
        (Kind::Enum, _) => enum_equals(cx, left, right),
        (_, Kind::Enum) => enum_equals(cx, right, left),
        _ => false,
    }
}

/// Whether a member of an enum may equal a literal: it does when the enum mixes in the type.
fn enum_equals(cx: &Cx<'_>, member: Type, literal: Type) -> bool {
    let Some((class, name)) = cx.as_enum(member) else { return true };
    let info = cx.host.class(cx, class);
    if info.is_dynamic() {
        return true;
    }
    let mixes = cx.literal_class(literal).is_some_and(|base| info.inherits(base));
    if !mixes {
        return !has_plain_eq(cx, member);
    }
    match cx.enum_value(class, name) {
        Some(value) if is_literal(value) => cx.same(value, literal),
        _ => true,
    }
}

/// A comparison with one value, of many members: what their class says of `==` is asked once.
pub(super) struct Equality {
    value: Type,
    positive: bool,
    is_plain: OnceCell<bool>,
}

impl Equality {
    /// What is the case (or is not) when something equals `value`.
    pub(super) fn with(value: Type, positive: bool) -> Self {
        Self { value, positive, is_plain: OnceCell::new() }
    }

    /// A member after the comparison.
    pub(super) fn narrow(&self, cx: &Cx<'_>, member: Type) -> Type {
        let class = |ty: Type| cx.as_enum(ty).map(|literal| literal.0).or(ty.as_instance());
        let is_plain = || *self.is_plain.get_or_init(|| has_plain_eq(cx, self.value));
        if self.positive
            && matches!(member.kind(), Kind::Enum | Kind::Instance)
            && self.value.kind() == Kind::Enum
            && class(member) == class(self.value)
            && class(member).is_some_and(|class| cx.enum_len(class).is_some())
            && is_plain()
        {
            // The one member that is equal is the value itself.
            let is_possible = member.kind() == Kind::Instance || cx.same(member, self.value);
            return if is_possible { self.value } else { Type::NEVER };
        }
        equality(cx, member, self.value, self.positive)
    }
}

/// A member after `member == value`.
pub(super) fn equality(cx: &Cx<'_>, member: Type, value: Type, positive: bool) -> Type {
    if value.kind() == Kind::Union && positive {
        let parts: Vec<Type> = cx
            .members(value)
            .iter()
            .map(|part| if is_literal(part) { equality(cx, member, part, true) } else { member })
            .collect();
        return cx.union(parts);
    }
    if !is_literal(value) {
        return member;
    }
    if let Some(parts) = cx.expand_finite(member) {
        let all = parts.len();
        let kept: Vec<Type> =
            parts.into_iter().filter(|&part| keeps(cx, part, value, positive)).collect();
        return if kept.len() == all { member } else { cx.union_of_distinct(&kept) };
    }
    if is_literal(member) {
        return if keeps(cx, member, value, positive) { member } else { Type::NEVER };
    }
    if positive
        && matches!(member.kind(), Kind::Instance | Kind::Generic | Kind::Tuple)
        && has_plain_eq(cx, member)
        && !may_equal_literal(cx, member, value)
    {
        return Type::NEVER;
    }
    if positive && value.is_none() {
        // Only `None` equals `None`, unless a class says otherwise.
        let instance = matches!(member.kind(), Kind::Instance | Kind::Generic | Kind::Tuple);
        let is_object = member.as_instance().is_some_and(|class| cx.is_known(class, Known::Object));
        if is_object {
            return Type::NONE;
        }
        let protocol = cx.info_of(member).is_some_and(|info| info.is(ClassFlags::PROTOCOL));
        if instance && !protocol && has_plain_eq(cx, member) {
            return Type::NEVER;
        }
    }
    if positive && value.kind() == Kind::Str && member.is(Type::LITERAL_STRING) {
        return value;
    }
    member
}

fn keeps(cx: &Cx<'_>, literal: Type, value: Type, positive: bool) -> bool {
    if positive {
        return may_be_equal(cx, literal, value);
    }
    !(cx.same(literal, value) && has_plain_eq(cx, literal))
}

/// What a container is known to hold.
pub(super) struct Elements {
    types: Vec<Type>,
    /// Whether each of the types is one value, and all of them are in the container.
    complete: bool,
    /// Whether the container looks for what is equal to one of its elements.
    is_plain: bool,
}

/// The elements of the right side of `in`.
pub(super) fn elements(region: &Region<'_, '_>, expr: &Expr) -> Elements {
    let cx = region.cx;
    let display = match expr {
        Expr::Tuple(tuple) => Some(tuple.elts.iter().collect::<Vec<_>>()),
        Expr::List(list) => Some(list.elts.iter().collect()),
        Expr::Set(set) => Some(set.elts.iter().collect()),
        Expr::Dict(dict) => dict.items.iter().map(|item| item.key.as_ref()).collect(),
        _ => None,
    };
    if let Some(display) = display
        && !display.iter().any(|element| element.is_starred_expr())
    {
        let types: Vec<Type> =
            display.into_iter().map(|element| infer(region, element, None)).collect();
        let complete = types.iter().all(|&ty| is_literal(ty));
        return Elements { types, complete, is_plain: true };
    }
    let container = infer(region, expr, None);
    if matches!(container.kind(), Kind::Str | Kind::LiteralString)
        || container.as_instance().is_some_and(|class| cx.is_known(class, Known::Str))
    {
        return Elements {
            types: vec![cx.known_instance(Known::Str)],
            complete: false,
            is_plain: false,
        };
    }
    if let Some(shape) = cx.tuple_shape(container)
        && shape.fixed_len().is_some()
    {
        let types = shape.elements.to_vec();
        let complete = types.iter().all(|&ty| is_literal(ty));
        return Elements { types, complete, is_plain: true };
    }
    let element = cx.iterate(container).unwrap_or(Type::UNKNOWN);
    let is_plain = cx.class_of(container).is_some_and(|class| {
        matches!(&*cx.host.module(class.module).name, "builtins" | "collections" | "typing")
    });
    Elements { types: cx.members(element).iter().collect(), complete: false, is_plain }
}

/// The members of a type after `x in elements`. Where none of them can be there, the test says nothing:
/// what is done with `x` is wrong all the same.
pub(super) fn members_of(cx: &Cx<'_>, ty: Type, elements: &Elements, positive: bool) -> Type {
    let found = super::each_member(cx, ty, &|member| member_of(cx, member, elements, positive));
    let is_open = !elements.types.iter().any(|&ty| is_literal(ty));
    let says_nothing = cx.holds(Policy::ImpossibleMember) && found.is_never() && is_open;
    if says_nothing && positive && !ty.is_none() { ty } else { found }
}

/// A member after `member in elements`.
fn member_of(cx: &Cx<'_>, member: Type, elements: &Elements, positive: bool) -> Type {
    if !positive {
        if !elements.complete {
            return member;
        }
        return elements.types.iter().fold(member, |left, &value| {
            super::each_member(cx, left, &|part| equality(cx, part, value, false))
        });
    }
    if elements.types.iter().any(|&ty| ty.is_dynamic()) {
        return member;
    }
    let all_literal = elements.types.iter().all(|&ty| is_literal(ty));
    if all_literal && (is_literal(member) || cx.expand_finite(member).is_some()) {
        return cx.union(
            elements
                .types
                .iter()
                .map(|&value| equality(cx, member, value, true))
                .collect::<Vec<_>>(),
        );
    }
    let could_be_none = elements
        .types
        .iter()
        .any(|&ty| ty.is_none() || !is_literal(ty) && cx.is_assignable(Type::NONE, ty));
    if member.is_none() {
        return if could_be_none { member } else { Type::NEVER };
    }
    // `str` among string literals is one of them.
    if all_literal && let Some(class) = member.as_instance() {
        let own: Vec<Type> = elements
            .types
            .iter()
            .copied()
            .filter(|&ty| cx.literal_class(ty) == Some(class))
            .collect();
        let is_basic =
            [Known::Str, Known::Int, Known::Bytes].iter().any(|&known| cx.is_known(class, known));
        let others_differ =
            elements.types.iter().all(|&ty| cx.literal_class(ty) == Some(class) || ty.is_none());
        if is_basic && others_differ && (elements.complete || elements.is_plain) {
            return cx.union(own);
        }
    }
    if elements.is_plain && !elements.types.iter().any(|&ty| is_literal(ty)) {
        return also_element(cx, member, &elements.types);
    }
    member
}

/// A member that was found in a container is of the type of its elements, too. Where another type may
/// compare equal, that says nothing.
fn also_element(cx: &Cx<'_>, member: Type, elements: &[Type]) -> Type {
    let all = cx.union(elements.iter().copied());
    let is_number = |ty: Type| {
        ty.as_instance().is_some_and(|class| {
            [Known::Int, Known::Float, Known::Complex].iter().any(|&each| cx.is_known(class, each))
        })
    };
    let is_class = matches!(member.kind(), Kind::Class | Kind::GenericClass | Kind::SubclassOf);
    let is_plain = is_class || has_plain_eq(cx, member);
    if is_number(member) || cx.is_assignable(member, all) || !is_plain {
        return member;
    }
    cx.intersect2(member, all)
}

/// Whether a member may have the key, or may lack it.
pub(super) fn may_have_key(cx: &Cx<'_>, member: Type, key: &str, positive: bool) -> bool {
    let Some(info) = cx.info_of(member).filter(|info| info.is(ClassFlags::TYPED_DICT)) else {
        return true;
    };
    let items = cx.typed_dict_items(member);
    let item = items.iter().find(|field| &*field.name == key);
    if positive {
        item.is_some() || !(info.is(ClassFlags::FINAL) || cx.typed_dict_extra(member).is_none())
    } else {
        item.is_none_or(|item| !item.required)
    }
}

/// Tuples after `len(x) == len`.
pub(super) fn length(cx: &Cx<'_>, ty: Type, len: i64, positive: bool) -> Type {
    super::each_member(cx, ty, &|member| {
        let Some(shape) = cx.tuple_shape(member) else { return member };
        let (before, part, after) = shape.parts();
        let fixed = i64::try_from(before.len() + after.len()).unwrap_or(i64::MAX);
        let Some(part) = part else {
            return if (fixed == len) == positive { member } else { Type::NEVER };
        };
        if len < fixed {
            return if positive { Type::NEVER } else { member };
        }
        let is_pack = cx.as_type_var(part).is_some_and(|d| d.kind == TypeVarKind::TypeVarTuple);
        if !positive || is_pack || len > MAX_LENGTH || member.kind() != Kind::Tuple {
            return member;
        }
        let repeated = usize::try_from(len - fixed).unwrap_or(0);
        let all: Vec<Type> = before
            .iter()
            .copied()
            .chain(std::iter::repeat_n(part, repeated))
            .chain(after.iter().copied())
            .collect();
        cx.tuple(&all)
    })
}

/// Tuples after `len(x) < n` and the like: those whose length is known stay or go.
pub(super) fn length_order(
    region: &Region<'_, '_>,
    left: &Expr,
    op: CmpOp,
    right: &Expr,
    positive: bool,
    place: &PlaceExpr,
    ty: Type,
) -> Type {
    let argument = |expr: &Expr| match expr {
        Expr::Call(call) => match (&*call.func, &*call.arguments.args) {
            (Expr::Name(name), [argument]) if name.id.as_str() == "len" => matches(place, argument),
            _ => false,
        },
        _ => false,
    };
    let cx = region.cx;
    let (other, flipped) = if argument(left) {
        (right, false)
    } else if argument(right) {
        (left, true)
    } else {
        return ty;
    };
    let Some(limit) = infer(region, other, None).as_int() else { return ty };
    cx.filter_union(cx.expand_alias(ty), |member| {
        let Some(shape) = cx.tuple_shape(member) else { return true };
        let Some(len) = shape.fixed_len().and_then(|len| i64::try_from(len).ok()) else {
            return true;
        };
        let (a, b) = if flipped { (limit, len) } else { (len, limit) };
        let holds = match op {
            CmpOp::Lt => a < b,
            CmpOp::LtE => a <= b,
            CmpOp::Gt => a > b,
            _ => a >= b,
        };
        holds == positive
    })
}
