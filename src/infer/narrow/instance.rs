//! Narrowing to classes: `isinstance`, `issubclass`, `type(x) is C`, class patterns.
//! Source: typing spec, "Type narrowing".

use ruff_python_ast::Expr;

use super::call::{with_attribute, without_attributes};
use super::{each_member, passing_members};
use crate::index::{DefinitionId, DefinitionKind};
use crate::infer::expr::infer;
use crate::infer::region::Region;
use crate::policy::Policy;
use crate::types::{ClassFlags, ClassRef, Cx, Data, Kind, Known, MroEntry, SpecialForm, Type};

/// Something that a value is tested to be an instance of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Target {
    /// The class, when it is one.
    pub class: Option<ClassRef>,
    /// Its instances, with unknown type arguments.
    pub ty: Type,
    /// Whether a failed test says that the value is no instance: not for `type[T]`, which may be
    /// any subclass.
    pub exact: bool,
}

/// The classes that the second argument of `isinstance` names; `None` when they are not known.
pub(super) fn targets(region: &Region<'_, '_>, expr: &Expr) -> Option<Vec<Target>> {
    let mut found = Vec::new();
    match expr {
        Expr::Tuple(tuple) => {
            for element in &tuple.elts {
                let inner = match element {
                    Expr::Starred(_) => return None,
                    other => other,
                };
                found.extend(targets(region, inner)?);
            }
        }
        Expr::BinOp(binary) if binary.op == ruff_python_ast::Operator::BitOr => {
            found.extend(targets(region, &binary.left)?);
            found.extend(targets(region, &binary.right)?);
        }
        Expr::NoneLiteral(_) => {
            found.push(Target { class: None, ty: Type::NONE, exact: true });
        }
        _ => {
            let value = infer(region, expr, None);
            of_value(region.cx, value, &mut found)?;
            if region.cx.holds(Policy::OneOfTwo) && is_one_of_several(region, expr, value) {
                found.iter_mut().for_each(|target| target.exact = target.class.is_some());
            }
        }
    }
    Some(found)
}

/// Whether several statements bind a name, each to a class: whichever of them was carried out, the name stands for that
/// class everywhere.
fn is_one_of_several(region: &Region<'_, '_>, expr: &Expr, value: Type) -> bool {
    let Expr::Name(name) = expr else { return false };
    let is_class = |member: Type| matches!(member.kind(), Kind::Class | Kind::GenericClass);
    let is_statement = |&id: &DefinitionId| {
        let kind = region.index.definitions[id].kind;
        matches!(kind, DefinitionKind::Class | DefinitionKind::ImportFrom)
    };
    value.kind() == Kind::Union
        && region.cx.members(value).iter().all(|member| member.is_dynamic() || is_class(member))
        && region.nearest_place(&name.id).is_some_and(|(_, place)| {
            place.definitions.len() > 1 && place.definitions.iter().all(is_statement)
        })
}

/// The classes that a value names.
pub(super) fn of_value(cx: &Cx<'_>, value: Type, found: &mut Vec<Target>) -> Option<()> {
    match value.kind() {
        Kind::Class | Kind::GenericClass => {
            let class = cx.class_of(value)?;
            if cx.is_known(class, Known::NoneType) {
                found.push(Target { class: None, ty: Type::NONE, exact: true });
                return Some(());
            }
            let ty = if cx.is_known(class, Known::Tuple) {
                cx.tuple_of(Type::UNKNOWN)
            } else {
                cx.generic(class, &unknown_arguments(cx, class))
            };
            found.push(Target { class: Some(class), ty, exact: true });
        }
        Kind::SubclassOf => {
            // Of `type` alone nothing follows: every value is an instance of some class.
            let inner = cx.inner_of(value);
            let inner = if inner.is_dynamic() { Type::UNKNOWN } else { inner };
            found.push(Target { class: cx.class_of(inner), ty: inner, exact: false });
        }
        Kind::Tuple => {
            let shape = cx.as_tuple(value)?;
            let fixed = shape.fixed_len().is_some();
            let start = found.len();
            for &element in shape.elements.iter() {
                of_value(cx, element, found)?;
            }
            if !fixed {
                found[start..].iter_mut().for_each(|target| target.exact = false);
            }
        }
        Kind::Union => {
            let start = found.len();
            for member in cx.members(value).iter() {
                of_value(cx, member, found)?;
            }
            found[start..].iter_mut().for_each(|target| target.exact = false);
        }
        Kind::TypeForm => {
            let Data::TypeForm { ty } = *cx.payload(value) else { return None };
            for member in cx.members(ty).iter() {
                found.push(Target { class: cx.class_of(member), ty: member, exact: true });
            }
        }
        Kind::None => found.push(Target { class: None, ty: Type::NONE, exact: true }),
        Kind::Special => special(cx, value.as_special()?, found)?,
        Kind::Instance
            if cx.class_of(value).is_some_and(|class| cx.is_known(class, Known::Type)) =>
        {
            found.push(Target { class: None, ty: Type::UNKNOWN, exact: false });
        }
        // Some class that nothing is known of: a value of it has more than was known of it before.
        _ if value.is_dynamic() => {
            found.push(Target { class: None, ty: Type::ANY, exact: false });
        }
        _ => return None,
    }
    Some(())
}

fn special(cx: &Cx<'_>, form: SpecialForm, found: &mut Vec<Target>) -> Option<()> {
    let known = match form {
        SpecialForm::Callable => {
            let ty = cx.callable(&[cx.gradual_signature(Type::UNKNOWN)]);
            found.push(Target { class: None, ty, exact: true });
            return Some(());
        }
        SpecialForm::Tuple => Known::Tuple,
        SpecialForm::Type => Known::Type,
        SpecialForm::List => Known::List,
        SpecialForm::Dict => Known::Dict,
        SpecialForm::Set => Known::Set,
        SpecialForm::FrozenSet => Known::FrozenSet,
        SpecialForm::DefaultDict => Known::DefaultDict,
        SpecialForm::OrderedDict => Known::OrderedDict,
        SpecialForm::Counter => Known::Counter,
        SpecialForm::Deque => Known::Deque,
        SpecialForm::ChainMap => Known::ChainMap,
        _ => return None,
    };
    of_value(cx, Type::class(cx.host.known(cx, known)?), found)
}

/// Unknown type arguments for every parameter: defaults do not hold for any instance.
fn unknown_arguments(cx: &Cx<'_>, class: ClassRef) -> Vec<Type> {
    cx.host.type_params(cx, class).iter().map(|&param| cx.unknown_argument(param)).collect()
}

/// A type after `isinstance(x, targets)`.
pub(super) fn instances(cx: &Cx<'_>, ty: Type, targets: &[Target], positive: bool) -> Type {
    if positive {
        let is_open = targets.iter().any(|target| target.ty.is_dynamic());
        // Of a value that is not known whole, a test for some class may find anything.
        let finds_anything = is_open && cx.members(ty).iter().any(Type::is_dynamic);
        return passing_members(cx, ty, &|member| {
            if is_open && member.is_dynamic() {
                return member;
            }
            let narrowed = |target: &Target| match finds_anything && target.ty.is_unknown() {
                true => to_type(cx, member, Type::ANY),
                false => to_target(cx, member, target),
            };
            cx.union(targets.iter().map(narrowed).collect::<Vec<_>>())
        });
    }
    each_member(cx, ty, &|member| {
        if let Some(parts) = promoted(cx, member)
            && targets.iter().any(|each| each.exact && each.class == cx.class_of(parts[0]))
        {
            // Not the class itself: what it also stands for is tested against all targets again.
            let rest = parts[1..].iter().map(|&part| instances(cx, part, targets, false));
            return cx.union(rest.collect::<Vec<_>>());
        }
        targets.iter().fold(member, |left, target| {
            if left.is_never() {
                left
            } else {
                each_member(cx, left, &|part| without(cx, part, target))
            }
        })
    })
}

fn is_instance_of(cx: &Cx<'_>, ty: Type, known: Known) -> bool {
    ty.as_instance().is_some_and(|class| cx.is_known(class, known))
}

/// `float` stands for `float | int`, `complex` for all three: what is left when it is not the class.
fn promoted(cx: &Cx<'_>, member: Type) -> Option<Vec<Type>> {
    let all = if is_instance_of(cx, member, Known::Float) {
        [Known::Float, Known::Int].as_slice()
    } else if is_instance_of(cx, member, Known::Complex) {
        [Known::Complex, Known::Float, Known::Int].as_slice()
    } else {
        return None;
    };
    Some(all.iter().map(|&known| cx.known_instance(known)).collect())
}

fn to_target(cx: &Cx<'_>, member: Type, target: &Target) -> Type {
    if let Some((rest, names)) = without_attributes(cx, member) {
        return each_member(cx, to_target(cx, rest, target), &|narrowed| {
            names.iter().fold(narrowed, |ty, name| with_attribute(cx, ty, name))
        });
    }
    let Some(class) = target.class else {
        return to_type(cx, member, target.ty);
    };
    if member.is_dynamic() {
        // Some class, and nothing says which.
        let is_class = target.exact && cx.is_known(class, Known::Type);
        return if is_class { cx.subclass_of(member) } else { target.ty };
    }
    if let Some(parts) = promoted(cx, member)
        && let Some(&part) = parts[1..].iter().find(|&&part| cx.class_of(part) == Some(class))
    {
        return part;
    }
    to_class(cx, member, class, target.ty)
}

/// A member that is found to be of a type that is no class.
pub(super) fn to_type(cx: &Cx<'_>, member: Type, ty: Type) -> Type {
    if ty.kind() == Kind::Callable && !member.is_dynamic() {
        return super::call::callable_part(cx, member, true);
    }
    if ty.is_unknown() || member.is_dynamic() && ty.is_dynamic() {
        return member;
    }
    if ty.is_dynamic() {
        return cx.raw_intersection(&[member, Type::UNKNOWN]);
    }
    cx.intersect2(member, ty)
}

/// Whether every value of `member` is an instance of `class`.
fn is_within(cx: &Cx<'_>, member: Type, class: ClassRef) -> bool {
    if member.is_dynamic() {
        return false;
    }
    let instance = match member.kind() {
        Kind::Intersection => {
            let Data::Intersection(parts) = *cx.data(member) else { return false };
            return parts
                .iter()
                .any(|&part| part.kind() != Kind::Not && is_within(cx, part, class));
        }
        Kind::Class | Kind::GenericClass => {
            match cx.info_of(member).map(|info| cx.metaclass_of(info)) {
                Some(meta) if !meta.is_dynamic() => cx.instance_of(meta),
                _ => return false,
            }
        }
        Kind::SubclassOf => cx.known_instance(Known::Type),
        Kind::TypeVar => {
            return cx.upper_bound(member).is_some_and(|bound| is_within(cx, bound, class));
        }
        _ => cx.fallback_instance(member),
    };
    let Some(info) = cx.info_of(instance) else { return false };
    if info.class == class || info.inherits(class) {
        return true;
    }
    // At run time a typed dict is a `dict`.
    if info.is(ClassFlags::TYPED_DICT) && cx.is_known(class, Known::Dict) {
        return true;
    }
    let target = cx.host.class(cx, class);
    target.is(ClassFlags::PROTOCOL)
        && cx.is_assignable(member, cx.generic(class, &unknown_arguments(cx, class)))
}

/// A member that is found to be an instance of `class`, whose instances are `ty`.
pub(super) fn to_class(cx: &Cx<'_>, member: Type, class: ClassRef, ty: Type) -> Type {
    if is_within(cx, member, class) {
        return member;
    }
    let is_object = is_instance_of(cx, member, Known::Object);
    if is_object {
        return ty;
    }
    if let Some(specialised) = specialise(cx, member, class) {
        // `Sequence[bytes]` that is a `str` is both: the arguments of one do not follow.
        let follows = cx.is_assignable(specialised, member);
        return if follows { specialised } else { cx.intersect2(member, specialised) };
    }
    if member.kind() == Kind::SubclassOf
        || matches!(member.kind(), Kind::Class | Kind::GenericClass)
    {
        // A class may have a metaclass that inherits from anything that is a `type`.
        let is_meta = cx
            .host
            .known(cx, Known::Type)
            .is_some_and(|known| cx.host.class(cx, class).inherits(known));
        return if is_meta { member } else { cx.intersect2(member, ty) };
    }
    if cx.is_disjoint(member, ty) {
        return Type::NEVER;
    }
    if cx.host.class(cx, class).is_dynamic() || cx.info_of(member).is_some_and(|i| i.is_dynamic()) {
        return ty;
    }
    cx.intersect2(member, ty)
}

/// `class` as a subclass of the class of `member`, with the type arguments that follow from it.
fn specialise(cx: &Cx<'_>, member: Type, class: ClassRef) -> Option<Type> {
    let base = cx.class_of(member)?;
    let info = cx.host.class(cx, class);
    let entry = info.mro.iter().find_map(|entry| match *entry {
        MroEntry::Class(other, ty) if other == base => Some(ty),
        _ => None,
    })?;
    let params = cx.host.type_params(cx, class);
    if params.is_empty() {
        return Some(Type::instance(class));
    }
    let have: Vec<Type> = match member.kind() {
        Kind::Tuple => vec![cx.tuple_element_union(member)],
        _ => cx.arguments_of(member).to_vec(),
    };
    let mut arguments = unknown_arguments(cx, class);
    for (&pattern, &argument) in cx.arguments_of(entry).iter().zip(&have) {
        if let Some(at) = params.iter().position(|&param| cx.same(param, pattern)) {
            arguments[at] = argument;
        }
    }
    Some(cx.generic(class, &arguments))
}

fn without(cx: &Cx<'_>, member: Type, target: &Target) -> Type {
    if !target.exact || member.is_dynamic() {
        return member;
    }
    let Some(class) = target.class else {
        if target.ty.kind() == Kind::Callable {
            return super::call::callable_part(cx, member, false);
        }
        return cx.subtract(member, target.ty);
    };
    if is_within(cx, member, class) {
        return Type::NEVER;
    }
    match promoted(cx, member) {
        // `float` stands for `int` too, but not after that was ruled out.
        Some(parts) if parts[1..].iter().any(|&part| cx.class_of(part) == Some(class)) => {
            cx.raw_intersection(&[member, cx.not(target.ty)])
        }
        _ => member,
    }
}

/// A type of class objects after `issubclass(x, targets)`.
pub(super) fn subclasses(cx: &Cx<'_>, ty: Type, targets: &[Target], positive: bool) -> Type {
    let each = if positive { passing_members } else { each_member };
    each(cx, ty, &|member| match member.kind() {
        Kind::SubclassOf => {
            let inner = instances(cx, cx.inner_of(member), targets, positive);
            if inner.is_never() { Type::NEVER } else { cx.subclass_of(inner) }
        }
        Kind::Class | Kind::GenericClass => {
            let instance = cx.instance_of(member);
            let all = targets.iter().filter_map(|target| Some((target.class?, target.exact)));
            let hit = all.clone().any(|(class, _)| is_within(cx, instance, class));
            let sure = all.clone().any(|(class, exact)| exact && is_within(cx, instance, class));
            let dynamic = cx.info_of(member).is_some_and(|info| info.is_dynamic());
            let inexact = targets.iter().any(|target| !target.exact || target.class.is_none());
            match positive {
                true if hit || dynamic || inexact => member,
                true => Type::NEVER,
                false if sure => Type::NEVER,
                false => member,
            }
        }
        // What is no class at all makes `issubclass` raise.
        Kind::None | Kind::Bool | Kind::Int | Kind::Str | Kind::Bytes => Type::NEVER,
        _ if !positive => member,
        _ if member.is_dynamic() => {
            cx.union(targets.iter().map(|target| cx.subclass_of(target.ty)).collect::<Vec<_>>())
        }
        Kind::Instance | Kind::Generic => {
            let is_type =
                cx.is_instance_of(member, Known::Type) || is_instance_of(cx, member, Known::Object);
            if !is_type {
                return member;
            }
            cx.union(targets.iter().map(|target| cx.subclass_of(target.ty)).collect::<Vec<_>>())
        }
        _ => member,
    })
}

/// A type after `type(x) is C`.
pub(super) fn exact_class(cx: &Cx<'_>, ty: Type, value: Type, positive: bool) -> Type {
    let mut found = Vec::new();
    if of_value(cx, value, &mut found).is_none() {
        return ty;
    }
    if positive {
        return each_member(cx, ty, &|member| {
            // An exact class rules out everything that is not a base of it or the class itself.
            cx.union(
                found
                    .iter()
                    .map(|target| match target.class {
                        Some(class) if target.exact => exactly(cx, member, class, target),
                        _ => to_target(cx, member, target),
                    })
                    .collect::<Vec<_>>(),
            )
        });
    }
    // A subclass passes the negative test, unless there can be none.
    let is_final = found
        .iter()
        .all(|target| target.exact && target.class.is_none_or(|class| cx.is_final_class(class)));
    if is_final { instances(cx, ty, &found, false) } else { ty }
}

fn exactly(cx: &Cx<'_>, member: Type, class: ClassRef, target: &Target) -> Type {
    let narrowed = to_target(cx, member, target);
    let own = cx.class_of(cx.fallback_instance(member));
    let is_strict_subclass =
        own.is_some_and(|own| own != class && cx.host.class(cx, own).inherits(class));
    // A subclass is not exactly the class; `bool` literals and enum members are their own.
    if is_strict_subclass || narrowed.kind() == Kind::Intersection { Type::NEVER } else { narrowed }
}
