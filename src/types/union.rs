//! Unions: flat, without doubles, literals absorbed by their class, in the order of first appearance.

use rustc_hash::FxHashSet;

use super::{ClassRef, Cx, Data, Kind, Known, Type};
use crate::store::budget;
use crate::store::limits::{Limit, MAX_LITERALS, MAX_UNION};

/// With more members than this they are found by their fingerprints.
const FEW: usize = 16;

/// Collects the members of a union.
#[derive(Default)]
pub(super) struct UnionBuilder {
    members: Vec<Type>,
    /// The fingerprints of the members, once there are many.
    prints: FxHashSet<u128>,
    /// The classes that literals among the members are of, and how many of each.
    literals: Vec<(ClassRef, usize)>,
    pub(super) saw_cycle: bool,
    saw_unknown: bool,
}

impl UnionBuilder {
    /// Adds a type, or all members of one.
    pub(super) fn add(&mut self, cx: &Cx<'_>, ty: Type) {
        match ty.kind() {
            Kind::Never => {}
            Kind::Cycle => self.saw_cycle = true,
            Kind::Unknown => self.saw_unknown = true,
            Kind::Union => {
                for member in cx.members(ty).iter() {
                    self.add(cx, member);
                }
            }
            _ => self.add_one(cx, ty),
        }
    }

    fn contains(&self, cx: &Cx<'_>, ty: Type) -> bool {
        if self.members.len() <= FEW {
            return self.members.iter().any(|&known| cx.same(known, ty));
        }
        self.prints.contains(&cx.fingerprint(ty).0)
    }

    fn push(&mut self, cx: &Cx<'_>, ty: Type) {
        self.members.push(ty);
        match self.members.len() {
            ..=FEW => {}
            len if len == FEW + 1 => self.index(cx),
            _ => {
                self.prints.insert(cx.fingerprint(ty).0);
            }
        }
        if let Some(class) = cx.literal_class(ty) {
            match self.literals.iter_mut().find(|known| known.0 == class) {
                Some(known) => known.1 += 1,
                None => self.literals.push((class, 1)),
            }
        }
    }

    fn index(&mut self, cx: &Cx<'_>) {
        self.prints.clear();
        self.prints.extend(self.members.iter().map(|&ty| cx.fingerprint(ty).0));
    }

    fn literals_of(&self, class: ClassRef) -> usize {
        self.literals.iter().find(|known| known.0 == class).map_or(0, |known| known.1)
    }

    fn add_one(&mut self, cx: &Cx<'_>, ty: Type) {
        budget::tick();
        if self.contains(cx, ty) {
            return;
        }
        if let Some(class) = cx.literal_class(ty) {
            if self.contains(cx, Type::instance(class))
                || ty.kind() == Kind::Str && self.contains(cx, Type::LITERAL_STRING)
            {
                return;
            }
            if let Some(value) = ty.as_bool()
                && self.contains(cx, Type::bool(!value))
            {
                self.absorb(cx, class, Type::instance(class));
                return;
            }
            if ty.kind() == Kind::Enum && self.completes_enum(cx, class) {
                self.absorb(cx, class, Type::instance(class));
                return;
            }
        } else if let Some(class) = ty.as_instance() {
            if self.literals_of(class) > 0 {
                self.absorb(cx, class, ty);
                return;
            }
        } else if ty.is(Type::LITERAL_STRING) {
            let str_class = cx.host.known(cx, Known::Str);
            if str_class.is_some_and(|class| self.contains(cx, Type::instance(class))) {
                return;
            }
            self.members.retain(|known| known.kind() != Kind::Str);
            self.literals.retain(|known| Some(known.0) != str_class);
            self.index(cx);
        }
        if self.is_full() {
            self.widen(cx);
            if self.contains(cx, ty)
                || cx.literal_class(ty).is_some_and(|c| self.contains(cx, Type::instance(c)))
            {
                return;
            }
            if self.is_full() {
                // Nobody means so many: what more there is, is not known.
                Limit::UnionWidth.hit();
                self.saw_unknown = true;
                return;
            }
        }
        self.push(cx, ty);
    }

    fn is_full(&self) -> bool {
        let len = self.members.len();
        let literals = || self.literals.iter().map(|known| known.1).sum::<usize>();
        len >= MAX_LITERALS || (len >= MAX_UNION && len - literals() >= MAX_UNION)
    }

    /// Replaces the literals of `class` by `ty`, at the place of the first of them.
    fn absorb(&mut self, cx: &Cx<'_>, class: ClassRef, ty: Type) {
        let mut is_first = true;
        self.members.retain_mut(|known| {
            if cx.literal_class(*known) != Some(class) {
                return true;
            }
            *known = ty;
            std::mem::replace(&mut is_first, false)
        });
        self.literals.retain(|known| known.0 != class);
        self.index(cx);
    }

    /// Leaves out `A & B` beside `A`: what a test found out is gone where the ways meet on which it passed and failed.
    fn absorb_intersections(&mut self, cx: &Cx<'_>) {
        let is_absorbed = |ty: Type| {
            let Data::Intersection(parts) = *cx.data(ty) else { return false };
            parts.iter().any(|&part| self.contains(cx, part))
        };
        if self.members.len() < 2 || !self.members.iter().any(|ty| ty.kind() == Kind::Intersection)
        {
            return;
        }
        let kept: Vec<Type> = self
            .members
            .iter()
            .copied()
            .filter(|&ty| ty.kind() != Kind::Intersection || !is_absorbed(ty))
            .collect();
        self.members = kept;
    }

    /// Whether one more member of the enum `class` makes the union all of it. An only member stays: that it
    /// is one value is worth more than the name of its class.
    fn completes_enum(&self, cx: &Cx<'_>, class: ClassRef) -> bool {
        let have = self.literals_of(class);
        have > 0 && cx.enum_len(class) == Some(have + 1)
    }

    fn widen(&mut self, cx: &Cx<'_>) {
        self.prints.clear();
        self.literals.clear();
        for ty in std::mem::take(&mut self.members) {
            let ty = cx.literal_class(ty).map_or(ty, Type::instance);
            if !self.contains(cx, ty) {
                self.push(cx, ty);
            }
        }
    }

    /// The members, and what is not known last: it may be anything, but what is known beside it still must
    /// fit, and the order must not depend on who came first.
    pub(super) fn finish(mut self, cx: &Cx<'_>) -> Vec<Type> {
        self.absorb_intersections(cx);
        if self.saw_unknown {
            self.members.push(Type::UNKNOWN);
        }
        self.members
    }
}
