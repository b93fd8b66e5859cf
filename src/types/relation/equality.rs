//! Whether a value of one type may be equal to, or the same as, one of another.
//!
//! What `==` does is known of the builtin classes and of classes that leave it to `object`; of all others, and
//! of whatever is in doubt, the answer is that it may be.

use super::Relation;
use crate::types::{ClassFlags, ClassRef, Cx, Kind, Known, Type};

/// What an object is equal to, as far as its class says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    Text,
    Bytes,
    Number,
    Tuple,
    List,
    Dict,
    Set,
    /// Functions and methods.
    Function,
    /// Classes, with a metaclass that leaves `==` to `object`.
    ClassObject,
    Module,
    /// Nothing but itself: its class leaves `==` to `object`.
    Itself(ClassRef),
}

/// The builtin classes whose `==` is known, with what they are equal to.
const BUILTIN: [(Known, Family); 11] = [
    (Known::Str, Family::Text),
    (Known::Bytes, Family::Bytes),
    (Known::Bytearray, Family::Bytes),
    (Known::Int, Family::Number),
    (Known::Float, Family::Number),
    (Known::Complex, Family::Number),
    (Known::Tuple, Family::Tuple),
    (Known::List, Family::List),
    (Known::Dict, Family::Dict),
    (Known::Set, Family::Set),
    (Known::FrozenSet, Family::Set),
];

impl<'s> Cx<'s> {
    /// Whether a value of `left` may be equal to one of `right`; with `by_identity`, be the same object.
    /// `None` on either side is left out of it.
    pub fn may_be_equal(&self, left: Type, right: Type, by_identity: bool) -> bool {
        let relation = if by_identity { Relation::Identical } else { Relation::Equal };
        self.related(relation, left, right, false, || {
            self.members_may_be_equal(left, right, by_identity)
        })
    }

    fn members_may_be_equal(&self, left: Type, right: Type, by_identity: bool) -> bool {
        let (left, right) = (self.expand_alias(left), self.expand_alias(right));
        let (lefts, rights) = (self.members(left), self.members(right));
        let some = |ty: &Type| !ty.is_none();
        if !lefts.iter().any(|ty| some(&ty)) || !rights.iter().any(|ty| some(&ty)) {
            return true;
        }
        if lefts.iter().any(Type::is_none) && rights.iter().any(Type::is_none) {
            return true;
        }
        lefts.iter().filter(some).any(|left| {
            rights.iter().filter(some).any(|right| self.pair_may_be_equal(left, right, by_identity))
        })
    }

    fn pair_may_be_equal(&self, left: Type, right: Type, by_identity: bool) -> bool {
        let (left, right) = (self.expand_alias(left), self.expand_alias(right));
        if left.kind() == Kind::Union || right.kind() == Kind::Union {
            return self.may_be_equal(left, right, by_identity);
        }
        let (Some(a), Some(b)) =
            (self.equality_family(left, by_identity), self.equality_family(right, by_identity))
        else {
            return true;
        };
        match (a, b) {
            (Family::Itself(a), Family::Itself(b)) => {
                !self.is_disjoint(left, right) || (a == b && !self.both_literals(left, right))
            }
            (Family::Itself(class), _) => self.may_be_instance(right, class),
            (_, Family::Itself(class)) => self.may_be_instance(left, class),
            _ if a != b => false,
            (Family::Tuple, _) => self.tuples_may_be_equal(left, right, by_identity),
            (Family::Text | Family::Bytes, _) => {
                let (left, right) = (self.literal_value(left), self.literal_value(right));
                !self.both_literals(left, right) || self.same(left, right)
            }
            _ => true,
        }
    }

    fn both_literals(&self, left: Type, right: Type) -> bool {
        self.literal_class(left).is_some() && self.literal_class(right).is_some()
    }

    /// What a literal is equal to: of a member of an enum that is text or bytes as well, its value.
    fn literal_value(&self, ty: Type) -> Type {
        let Some((class, member)) = self.as_enum(ty) else { return ty };
        self.enum_value(class, member).unwrap_or(Type::UNKNOWN)
    }

    /// Whether an object of a builtin kind may be of `class` too: the class is one of its bases.
    fn may_be_instance(&self, ty: Type, class: ClassRef) -> bool {
        self.info_of(self.fallback_instance(ty)).is_none_or(|info| info.inherits(class))
    }

    fn tuples_may_be_equal(&self, left: Type, right: Type, by_identity: bool) -> bool {
        let (Some(a), Some(b)) = (self.as_tuple(left), self.as_tuple(right)) else { return true };
        let (Some(n), Some(m)) = (a.fixed_len(), b.fixed_len()) else { return true };
        n == m
            && a.elements
                .iter()
                .zip(b.elements.iter())
                .all(|(&a, &b)| self.may_be_equal(a, b, by_identity))
    }

    fn equality_family(&self, ty: Type, by_identity: bool) -> Option<Family> {
        match ty.kind() {
            Kind::Str | Kind::LiteralString => Some(Family::Text),
            Kind::Bytes => Some(Family::Bytes),
            Kind::Int | Kind::Bool | Kind::Guard => Some(Family::Number),
            Kind::Tuple => Some(Family::Tuple),
            Kind::Function | Kind::Method => Some(Family::Function),
            Kind::Module => Some(Family::Module),
            Kind::Class | Kind::GenericClass => {
                let class = self.class_of(ty)?;
                let meta = self.metaclass_of(self.host.class(self, class));
                let is_plain =
                    self.class_of(meta).is_some_and(|meta| self.is_known(meta, Known::Type));
                is_plain.then_some(Family::ClassObject)
            }
            Kind::Enum | Kind::Instance | Kind::Generic => {
                let instance = self.fallback_instance(ty);
                self.class_family(instance, self.class_of(instance)?, by_identity)
            }
            _ => None,
        }
    }

    fn class_family(&self, instance: Type, class: ClassRef, by_identity: bool) -> Option<Family> {
        let info = self.host.class(self, class);
        let is_open = info.is_dynamic()
            || info.is(ClassFlags::PROTOCOL)
            || info.is(ClassFlags::TYPED_DICT)
            || [Known::Object, Known::Type, Known::FunctionType, Known::ModuleType]
                .iter()
                .any(|&known| self.is_known(class, known));
        if is_open {
            return None;
        }
        let builtin = BUILTIN.iter().find(|(known, _)| {
            self.host.known(self, *known).is_some_and(|known| info.inherits(known))
        });
        let object = self.generic_class_of(instance, class);
        // Of a descriptor without `__get__` the instance's own value comes, whatever it is.
        let says = |name| self.class_lookup_after(object, name, None, false).is_some();
        if says("__set__") && !says("__get__") {
            return None;
        }
        if !by_identity {
            let owner = self.class_lookup_after(object, "__eq__", None, false)?.class?;
            let expected = match builtin {
                Some((known, _)) => *known,
                None => Known::Object,
            };
            if !self.is_known(owner, expected) {
                return None;
            }
        }
        if let Some((_, family)) = builtin {
            return Some(*family);
        }
        // Of an abstract class subclasses are what there is, and they may say otherwise.
        let meta = self.metaclass_of(info);
        let is_plain = self
            .class_of(meta)
            .is_some_and(|meta| self.is_known(meta, Known::Type) || info.is(ClassFlags::ENUM));
        is_plain.then_some(Family::Itself(class))
    }
}
