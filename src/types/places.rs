//! Where a type is in a list: of few each is looked at, of many a table is kept.

use std::cell::OnceCell;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::{Cx, Type};
use crate::store::Fingerprint;

/// Up to this many, looking at each is quicker than hashing.
const FEW: usize = 16;

/// The places of the types of one list, which somebody else keeps. Of several that are the same the first counts: that
/// does not depend on where each is stored.
#[derive(Debug, Clone, Default)]
pub(super) struct Places(OnceCell<FxHashMap<Fingerprint, u32>>);

impl Places {
    /// Where in the list of `len` types, of which `at` gives each, `wanted` is.
    pub fn find(
        &self,
        cx: &Cx<'_>,
        len: usize,
        at: impl Fn(usize) -> Type,
        wanted: Type,
    ) -> Option<usize> {
        if len <= FEW {
            return (0..len).find(|&place| cx.same(at(place), wanted));
        }
        let table = self.0.get_or_init(|| {
            let mut table = FxHashMap::default();
            for (place, number) in (0..len).zip(0_u32..) {
                table.entry(cx.fingerprint(at(place))).or_insert(number);
            }
            table
        });
        table.get(&cx.fingerprint(wanted)).map(|&place| place as usize)
    }

    /// `ty` was added to the list, at `place`.
    fn add(&mut self, cx: &Cx<'_>, place: usize, ty: Type) {
        if let (Some(table), Ok(number)) = (self.0.get_mut(), u32::try_from(place)) {
            table.entry(cx.fingerprint(ty)).or_insert(number);
        }
    }

    /// The list has changed.
    pub fn forget(&mut self) {
        self.0.take();
    }
}

/// Different types in the order in which they came.
#[derive(Debug, Default)]
pub struct DistinctTypes {
    list: SmallVec<[Type; 4]>,
    places: Places,
}

impl DistinctTypes {
    /// Adds a type that is not there yet.
    pub fn push(&mut self, cx: &Cx<'_>, ty: Type) {
        if !self.contains(cx, ty) {
            self.places.add(cx, self.list.len(), ty);
            self.list.push(ty);
        }
    }

    /// Whether `ty` is one of them.
    pub fn contains(&self, cx: &Cx<'_>, ty: Type) -> bool {
        self.places.find(cx, self.list.len(), |place| self.list[place], ty).is_some()
    }

    /// All of them.
    #[must_use]
    pub fn list(&self) -> &[Type] {
        &self.list
    }

    /// All of them.
    #[must_use]
    pub fn into_list(self) -> SmallVec<[Type; 4]> {
        self.list
    }
}
