//! Types in cycles: taking the placeholders out of them, and telling whether one iteration found what the last did.
//!
//! [`Type::CYCLE`] stands for an answer that is still being found; whatever is left of it becomes `Unknown`.

use super::fold::{Fold, Folded, any_of_signature};
use super::{Cx, Kind, Signature, Type};

/// Replaces placeholders.
#[derive(Default)]
struct Settle {
    folded: Folded,
}

impl<'s> Fold<'s> for Settle {
    const SIMPLIFIES: bool = false;

    fn folded(&mut self) -> &mut Folded {
        &mut self.folded
    }

    fn fold(&mut self, cx: &Cx<'s>, ty: Type) -> Type {
        match ty.kind() {
            Kind::Cycle => Type::UNKNOWN,
            _ => cx.fold_parts(ty, self),
        }
    }
}

/// Puts the members of unions in an order that does not depend on who came first.
#[derive(Default)]
struct Order {
    folded: Folded,
}

impl<'s> Fold<'s> for Order {
    const SIMPLIFIES: bool = false;

    fn folded(&mut self) -> &mut Folded {
        &mut self.folded
    }

    fn fold(&mut self, cx: &Cx<'s>, ty: Type) -> Type {
        let ty = cx.fold_parts(ty, self);
        if ty.kind() != Kind::Union {
            return ty;
        }
        let mut members: Vec<Type> = cx.members(ty).iter().collect();
        members.sort_unstable_by_key(|&member| cx.fingerprint(member).0);
        cx.union(members)
    }
}

impl<'s> Cx<'s> {
    /// Whether two types are the same but for the order in which unions name their members.
    pub fn same_but_for_order(&self, a: Type, b: Type) -> bool {
        let size = |ty: Type| {
            let print = self.fingerprint(ty);
            (print.parts(), print.nesting())
        };
        self.same(a, b)
            || size(a) == size(b)
                && self.same(Order::default().fold(self, a), Order::default().fold(self, b))
    }

    /// `ty` with every placeholder of a cycle replaced by `Unknown`.
    pub fn without_cycles(&self, ty: Type) -> Type {
        if self.has_cycle(ty) { Settle::default().fold(self, ty) } else { ty }
    }

    /// `signature` with every placeholder of a cycle replaced by `Unknown`.
    pub fn signature_without_cycles(&self, signature: &Signature<'s>) -> Signature<'s> {
        if any_of_signature(signature, true, &mut |ty| self.has_cycle(ty)) {
            Settle::default().signature(self, signature)
        } else {
            *signature
        }
    }

    /// Whether a placeholder of a cycle is in `ty`.
    pub fn has_cycle(&self, ty: Type) -> bool {
        self.anywhere(ty, true, &mut |part| part.kind() == Kind::Cycle)
    }
}
