//! What was made before in the same task: the signatures of methods, bound to what they were looked up on, and of
//! constructors; the abstract methods of classes.
//!
//! A call of `names.append` puts the argument of `names` into each parameter, and the next call does it again. What came
//! out is kept, unless it may come out otherwise another time: where something was provisional, a question came back
//! to itself, or a relation was only assumed to hold.

use std::cell::RefCell;

use rustc_hash::FxHashMap;

use super::constructor::Steps;
use super::signatures::Signatures;
use crate::store::Handle;
use crate::types::{ClassRef, Cx, Signature, Type};

/// See the module's documentation.
#[derive(Default)]
pub struct Kept<'s> {
    signatures: Table<&'s [Signature<'s>]>,
    pub(super) constructors: Table<Steps<'s>>,
    abstract_names: Table<&'s [&'s str]>,
}

/// Answers by type.
pub(super) struct Table<T>(RefCell<FxHashMap<Handle, T>>);

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}

impl<'s> Cx<'s> {
    /// The answer for `ty` that `make` makes, or has made.
    pub(super) fn kept<T: Copy>(
        &self,
        table: impl for<'k> Fn(&'k Kept<'s>) -> &'k Table<T>,
        ty: Type,
        make: impl FnOnce() -> Option<T>,
    ) -> Option<T> {
        let table = table(self.kept.get());
        if let Some(kept) = table.0.borrow().get(&ty.handle()) {
            return Some(*kept);
        }
        let turned_back = self.under_way.turned_back();
        let made = make()?;
        let is_sure = turned_back == self.under_way.turned_back()
            && self.pairs.is_idle()
            && self.pairs.is_exact()
            && !self.host.is_provisional(self);
        if is_sure {
            table.0.borrow_mut().insert(ty.handle(), made);
        }
        Some(made)
    }

    /// The names of abstract methods in the body of a class that `make` finds, or has found.
    pub fn kept_abstract_names(
        &self,
        class: ClassRef,
        make: impl FnOnce() -> Vec<&'s str>,
    ) -> &'s [&'s str] {
        let make = || Some(self.slice(&make()));
        self.kept(|kept| &kept.abstract_names, Type::class(class), make).unwrap_or(&[])
    }

    /// The signatures of a method or class that `make` makes, or has made.
    pub(super) fn kept_signatures(
        &self,
        ty: Type,
        make: impl FnOnce() -> Option<Signatures<'s>>,
    ) -> Option<Signatures<'s>> {
        let make = || make().map(|made| self.slice(&made));
        self.kept(|kept| &kept.signatures, ty, make).map(Signatures::from_slice)
    }
}
