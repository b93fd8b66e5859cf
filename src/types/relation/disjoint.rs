//! Disjointness, intersection and subtraction: what narrowing needs.

use super::Relation;
use crate::types::{ClassFlags, ClassRef, Cx, Data, Kind, Known, Type};

impl<'s> Cx<'s> {
    /// Whether no value is of both types. When in doubt the answer is no.
    pub fn is_disjoint(&self, left: Type, right: Type) -> bool {
        !self.related(Relation::Overlapping, left, right, false, || {
            !self.has_none_of_both(left, right)
        })
    }

    fn has_none_of_both(&self, left: Type, right: Type) -> bool {
        let (left, right) = (self.expand_alias(left), self.expand_alias(right));
        if left.is_never() || right.is_never() {
            return true;
        }
        if left.is_dynamic() || right.is_dynamic() || self.same(left, right) {
            return false;
        }
        if left.kind() == Kind::Union {
            return self.members(left).iter().all(|member| self.is_disjoint(member, right));
        }
        if right.kind() == Kind::Union {
            return self.members(right).iter().all(|member| self.is_disjoint(left, member));
        }
        match (left.kind(), right.kind()) {
            (Kind::Intersection, _) => self.part_disjoint(left, right),
            (_, Kind::Intersection) => self.part_disjoint(right, left),
            (Kind::Not, _) => self.is_subtype(right, self.inner_of(left)),
            (_, Kind::Not) => self.is_subtype(left, self.inner_of(right)),
            (Kind::TypeVar, _) => {
                self.upper_bound(left).is_some_and(|bound| self.is_disjoint(bound, right))
            }
            (_, Kind::TypeVar) => {
                self.upper_bound(right).is_some_and(|bound| self.is_disjoint(left, bound))
            }
            _ => self.single_disjoint(left, right),
        }
    }

    fn part_disjoint(&self, intersection: Type, other: Type) -> bool {
        let Data::Intersection(parts) = *self.data(intersection) else { return false };
        parts.iter().any(|&part| self.is_disjoint(part, other))
    }

    /// Whether a type has one value, such as a literal.
    pub fn is_single_value(ty: Type) -> bool {
        matches!(
            ty.kind(),
            Kind::None | Kind::Bool | Kind::Int | Kind::Str | Kind::Bytes | Kind::Enum
        )
    }

    fn single_disjoint(&self, left: Type, right: Type) -> bool {
        if Self::is_single_value(left) || left.kind() == Kind::LiteralString {
            return self.literal_disjoint(left, right);
        }
        if Self::is_single_value(right) || right.kind() == Kind::LiteralString {
            return self.literal_disjoint(right, left);
        }
        if let (Some(a), Some(b)) = (self.as_tuple(left), self.as_tuple(right))
            && let (Some(n), Some(m)) = (a.fixed_len(), b.fixed_len())
        {
            return n != m
                || a.elements.iter().zip(b.elements.iter()).any(|(&a, &b)| self.is_disjoint(a, b));
        }
        if left.kind() == Kind::SubclassOf && right.kind() == Kind::SubclassOf {
            return self.is_disjoint(self.inner_of(left), self.inner_of(right));
        }
        let class_object =
            |ty: Type| matches!(ty.kind(), Kind::Class | Kind::GenericClass | Kind::SubclassOf);
        if class_object(left) != class_object(right) {
            let other = if class_object(left) { right } else { left };
            let object = if class_object(left) { left } else { right };
            return matches!(other.kind(), Kind::Instance | Kind::Generic | Kind::Tuple)
                && !self.is_assignable(object, other)
                && self.class_of(other).is_some_and(|class| self.is_final_class(class));
        }
        match (self.class_of(left), self.class_of(right)) {
            (Some(a), Some(b)) if a != b => self.classes_disjoint(a, b),
            _ => false,
        }
    }

    fn literal_disjoint(&self, literal: Type, other: Type) -> bool {
        if literal.kind() == Kind::Enum && other.kind() == Kind::Enum {
            return !self.same(literal, other);
        }
        if Self::is_single_value(other) || other.kind() == Kind::LiteralString {
            return !self.is_assignable(literal, other) && !self.is_assignable(other, literal);
        }
        if matches!(other.kind(), Kind::Instance | Kind::Generic) && literal.kind() != Kind::None {
            let (Some(a), Some(b)) =
                (self.class_of(self.fallback_instance(literal)), self.class_of(other))
            else {
                return false;
            };
            let inherits = |sub: ClassRef, base: ClassRef| {
                let info = self.host.class(self, sub);
                info.inherits(base) || info.is_dynamic()
            };
            return !inherits(a, b) && !self.is_assignable(literal, other);
        }
        !self.is_assignable(literal, other)
    }

    /// Whether no class can inherit from both.
    fn classes_disjoint(&self, left: ClassRef, right: ClassRef) -> bool {
        let (a, b) = (self.host.class(self, left), self.host.class(self, right));
        if a.is_dynamic() || b.is_dynamic() || a.inherits(right) || b.inherits(left) {
            return false;
        }
        if a.is(ClassFlags::PROTOCOL) || b.is(ClassFlags::PROTOCOL) {
            let (nominal, protocol) =
                if a.is(ClassFlags::PROTOCOL) { (left, right) } else { (right, left) };
            // Only a final class can be known to lack what a protocol asks for.
            return self.is_final_class(protocol)
                && !self.is_assignable(Type::instance(protocol), self.instance_of_class(nominal));
        }
        self.is_final_class(left)
            || self.is_final_class(right)
            || self.solid_bases_conflict(left, right)
    }

    /// Whether no subclass is possible: `@final`, or an enum with members.
    pub fn is_final_class(&self, class: ClassRef) -> bool {
        let info = self.host.class(self, class);
        info.is(ClassFlags::FINAL)
            || (info.is(ClassFlags::ENUM) && !self.enum_member_names(class).is_empty())
    }

    /// The nearest class in the MRO that instances' memory layout comes from (PEP 800).
    pub fn disjoint_base(&self, class: ClassRef) -> Option<ClassRef> {
        let info = self.host.class(self, class);
        info.mro.iter().find_map(|entry| match *entry {
            crate::types::MroEntry::Class(base, _) => {
                let flags = self.host.class(self, base).flags;
                flags.intersects(ClassFlags::DISJOINT_BASE.union(ClassFlags::SLOTS)).then_some(base)
            }
            crate::types::MroEntry::Dynamic(_) => None,
        })
    }

    fn solid_bases_conflict(&self, left: ClassRef, right: ClassRef) -> bool {
        let (Some(a), Some(b)) = (self.disjoint_base(left), self.disjoint_base(right)) else {
            return false;
        };
        !self.host.class(self, a).inherits(b) && !self.host.class(self, b).inherits(a)
    }

    /// The values of both types, simplified: narrowing by `isinstance` and the like.
    pub fn intersect2(&self, left: Type, right: Type) -> Type {
        let (left, right) = (self.expand_alias(left), self.expand_alias(right));
        if left.kind() == Kind::Union {
            return self.map_union(left, |member| self.intersect2(member, right));
        }
        if right.kind() == Kind::Union {
            return self.map_union(right, |member| self.intersect2(left, member));
        }
        if left.kind() == Kind::WithAttribute || right.kind() == Kind::WithAttribute {
            return self.raw_intersection(&[left, right]);
        }
        if left.is_dynamic() {
            return right;
        }
        if right.is_dynamic() {
            return left;
        }
        if self.is_subtype(left, right) {
            return left;
        }
        if self.is_subtype(right, left) {
            return right;
        }
        if self.is_disjoint(left, right) {
            return Type::NEVER;
        }
        if self.is_assignable(left, right) && !self.is_assignable(right, left) {
            return left;
        }
        if self.is_assignable(right, left) {
            return right;
        }
        if matches!((left.as_instance(), right.kind()), (Some(class), Kind::Bool | Kind::Enum | Kind::Int | Kind::Str) if self.literal_class(right) == Some(class))
        {
            return right;
        }
        self.raw_intersection(&[left, right])
    }

    /// The intersection of several types.
    pub fn intersect(&self, types: &[Type]) -> Type {
        let mut parts = types.iter().copied();
        let Some(first) = parts.next() else { return self.object() };
        parts.fold(first, |left, right| {
            if right.kind() == Kind::Not {
                self.subtract(left, self.inner_of(right))
            } else {
                self.intersect2(left, right)
            }
        })
    }

    /// The values of `ty` that are not of type `removed`.
    pub fn subtract(&self, ty: Type, removed: Type) -> Type {
        let ty = self.expand_alias(ty);
        if ty.kind() == Kind::Union {
            return self.map_union(ty, |member| self.subtract(member, removed));
        }
        if removed.kind() == Kind::Union {
            return self.members(removed).iter().fold(ty, |ty, member| self.subtract(ty, member));
        }
        if ty.is_dynamic() || removed.is_dynamic() {
            return ty;
        }
        if self.is_subtype(ty, removed) {
            return Type::NEVER;
        }
        if self.is_disjoint(ty, removed) {
            return ty;
        }
        if Self::is_single_value(removed)
            && let Some(members) = self.expand_finite(ty)
        {
            let rest: Vec<Type> =
                members.into_iter().filter(|&member| !self.same(member, removed)).collect();
            return self.union(rest);
        }
        if self.is_assignable(ty, removed) {
            return Type::NEVER;
        }
        ty
    }

    /// `ty` without `None`.
    pub fn without_none(&self, ty: Type) -> Type {
        self.filter_union(self.expand_alias(ty), |member| !member.is_none())
    }

    /// Whether `ty` is one class of the standard library or a subclass of it.
    pub fn is_instance_of(&self, ty: Type, known: Known) -> bool {
        self.host
            .known(self, known)
            .is_some_and(|class| self.info_of(ty).is_some_and(|info| info.inherits(class)))
    }
}
