//! Taking the placeholders of cycles out of types before they are published.
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

impl<'s> Cx<'s> {
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
