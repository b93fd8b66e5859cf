//! A limit on what is inferred: a function that calls itself for the parts of its argument returns lists
//! of lists of lists, each round of inference one more. Beyond a size what is within is `Unknown`.

use smallvec::SmallVec;

use super::{ClassRef, Cx, Kind, Type};

/// More parts than this and a type is cut.
const MAX_PARTS: u32 = 96;
/// This many specialised types within each other stay when one is cut.
const KEPT_DEPTH: u32 = 2;

/// Types of fewer parts than this may still be on their way to what they are.
const SMALL_PARTS: u16 = 64;

impl<'s> Cx<'s> {
    /// Whether an answer in a cycle grows for good: what comes now is large, and larger than what came
    /// `before`, so that it is most likely made of its own earlier form.
    pub fn grows(&self, before: Type, now: Type) -> bool {
        if !now.is_composite() {
            return false;
        }
        let (before, now) = (self.fingerprint(before), self.fingerprint(now));
        now.parts() > SMALL_PARTS && now.nesting() > before.nesting()
    }

    /// `ty` where it is of a size that somebody may have meant, else with its inner parts unknown.
    pub fn limited(&self, ty: Type) -> Type {
        let mut left = MAX_PARTS;
        if self.spend(ty, &mut left) { ty } else { self.cut(ty, KEPT_DEPTH) }
    }

    /// A union of collections, with `Unknown` for each type argument that is of several kinds where another collection of the
    /// same class has it. What one `return` does not say of a record, the record of another one does not say either.
    fn evened(&self, ty: Type) -> Type {
        let mut open: SmallVec<[(ClassRef, usize); 2]> = SmallVec::new();
        let class_of =
            |member: Type| self.class_of(member).filter(|_| member.kind() == Kind::Generic);
        for member in self.members(ty).iter() {
            let Some(class) = class_of(member) else { continue };
            let arguments = self.arguments_of(member).iter().enumerate();
            open.extend(arguments.filter(|(_, each)| each.is_unknown()).map(|(at, _)| (class, at)));
        }
        if open.is_empty() {
            return ty;
        }
        self.map_union(ty, |member| {
            let Some(class) = class_of(member) else { return member };
            let even = |(at, &each): (usize, &Type)| match each.kind() {
                Kind::Union if open.contains(&(class, at)) => Type::UNKNOWN,
                _ => each,
            };
            let arguments: SmallVec<[Type; 4]> =
                self.arguments_of(member).iter().enumerate().map(even).collect();
            self.generic(class, &arguments)
        })
    }

    /// `ty` with `Unknown` for each type argument that is a union with it. What a function that declares
    /// nothing puts in a collection says little of the one thing that a caller takes out.
    pub fn softened(&self, ty: Type) -> Type {
        match ty.kind() {
            Kind::Union => self.evened(self.map_union(ty, |member| self.softened(member))),
            Kind::Generic => {
                let Some(class) = self.class_of(ty) else { return ty };
                let arguments: SmallVec<[Type; 4]> = self
                    .arguments_of(ty)
                    .iter()
                    .map(|&each| match self.has_unknown_member(each) {
                        true => Type::UNKNOWN,
                        false => self.softened(each),
                    })
                    .collect();
                self.generic(class, &arguments)
            }
            _ => ty,
        }
    }

    /// Counts the parts of `ty`; false when there are more than are left.
    fn spend(&self, ty: Type, left: &mut u32) -> bool {
        let Some(rest) = left.checked_sub(1) else { return false };
        *left = rest;
        match ty.kind() {
            Kind::Union => self.members(ty).iter().all(|member| self.spend(member, left)),
            Kind::Generic => self.arguments_of(ty).iter().all(|&each| self.spend(each, left)),
            Kind::Tuple => self
                .as_tuple(ty)
                .is_none_or(|tuple| tuple.elements.iter().all(|&each| self.spend(each, left))),
            _ => true,
        }
    }

    fn cut(&self, ty: Type, depth: u32) -> Type {
        match ty.kind() {
            Kind::Union => self.map_union(ty, |member| self.cut(member, depth)),
            Kind::Generic | Kind::Tuple if depth == 0 => Type::UNKNOWN,
            Kind::Generic => {
                let Some(class) = self.class_of(ty) else { return ty };
                let arguments: SmallVec<[Type; 4]> =
                    self.arguments_of(ty).iter().map(|&each| self.cut(each, depth - 1)).collect();
                self.generic(class, &arguments)
            }
            Kind::Tuple => {
                let Some(tuple) = self.as_tuple(ty) else { return ty };
                let elements: SmallVec<[Type; 8]> =
                    tuple.elements.iter().map(|&each| self.cut(each, depth - 1)).collect();
                self.tuple_with(&elements, tuple.variadic.map(|at| at as usize))
            }
            _ => ty,
        }
    }
}
