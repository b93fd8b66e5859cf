//! What is surely so of a value: what its class has no method for, and what it is not.
//!
//! A declared type leaves open which subclass a value is of; that subclass is taken to have no more special methods.

use crate::types::{ClassFlags, ClassRef, Cx, Kind, Known, MroEntry, Type};

/// Whether every value of type `ty` is one of which `holds`; never where some member may be of any class.
pub(super) fn surely(cx: &Cx<'_>, ty: Type, holds: impl Fn(Type) -> bool) -> bool {
    let ty = cx.expand_alias(ty);
    !ty.is_never() && cx.members(ty).iter().all(|member| known(cx, member).is_some_and(&holds))
}

/// Whether no value of type `ty` has one of the special methods `names`.
pub(super) fn lacks(cx: &Cx<'_>, ty: Type, names: &[&str]) -> bool {
    surely(cx, ty, |object| names.iter().all(|name| cx.dunder(object, name).is_none()))
}

/// The type that says all about the values of `member`; `None` where they may be of any class.
pub(super) fn known(cx: &Cx<'_>, member: Type) -> Option<Type> {
    match member.kind() {
        Kind::None
        | Kind::Bool
        | Kind::Int
        | Kind::BigInt
        | Kind::Str
        | Kind::LiteralString
        | Kind::Bytes
        | Kind::Function
        | Kind::Method
        | Kind::Module
        | Kind::Tuple => Some(member),
        Kind::Enum => {
            let (class, _) = cx.as_enum(member)?;
            is_whole(cx, class).then_some(member)
        }
        Kind::Class | Kind::GenericClass => {
            cx.info_of(member)?.metaclass.is_none().then_some(member)
        }
        Kind::Instance | Kind::Generic => {
            let class = cx.class_of(member)?;
            (is_whole(cx, class) && !is_open(cx, class)).then_some(member)
        }
        _ => None,
    }
}

/// Whether everything that a class has is known: no base is missing, and no stub of somebody else leaves it out.
fn is_whole(cx: &Cx<'_>, class: ClassRef) -> bool {
    let info = cx.host.class(cx, class);
    let partial = ClassFlags::PROTOCOL
        .union(ClassFlags::DYNAMIC_MRO)
        .union(ClassFlags::DYNAMIC_MEMBERS)
        .union(ClassFlags::METACLASS_DYNAMIC)
        .union(ClassFlags::TYPED_DICT);
    !info.flags.intersects(partial)
        && info.mro.iter().all(|entry| match *entry {
            MroEntry::Class(owner, _) => {
                let module = cx.host.module(owner.module);
                !module.is_stub || !(module.is_third_party || module.is_checked)
            }
            MroEntry::Dynamic(_) => false,
        })
}

/// Whether a class stands for values of unrelated classes: `object`, those that text or numbers inherit
/// from, and the abstract numbers.
fn is_open(cx: &Cx<'_>, class: ClassRef) -> bool {
    let is_base = |known: Known| {
        cx.host
            .known(cx, known)
            .is_some_and(|each| each != class && cx.host.class(cx, each).inherits(class))
    };
    [Known::Str, Known::Int, Known::Float].into_iter().any(is_base)
        || matches!(&*cx.host.module(class.module).name, "numbers" | "fractions")
}

/// The class that the instance methods of a value come from, as a class object.
pub(super) fn class_object(cx: &Cx<'_>, object: Type) -> Option<Type> {
    let instance = match object.kind() {
        Kind::Tuple => cx.tuple_as_generic(object),
        Kind::Class | Kind::GenericClass => cx.known_instance(Known::Type),
        Kind::Instance | Kind::Generic => object,
        _ => cx.fallback_instance(object),
    };
    let class = cx.class_of(instance)?;
    Some(cx.generic_class_of(instance, class))
}

/// Whether a value is an instance of the builtin class or of one below it.
pub(super) fn is_a(cx: &Cx<'_>, object: Type, known: Known) -> bool {
    let info = class_object(cx, object).and_then(|class| cx.info_of(class));
    info.zip(cx.host.known(cx, known)).is_some_and(|(info, known)| info.inherits(known))
}
