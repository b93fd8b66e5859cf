//! Relations over types that come back to themselves.
//!
//! ```python
//! type J = list[J] | int
//! type K = list[K] | int
//! ```
//! Whether a `J` is a `K` is decided by whether a `list[J]` is a `list[K]`, and that by whether a `J` is a `K`.
//! The relations are read *coinductively*: a pair holds unless something speaks against it, so the pair that comes
//! back holds as far as it is concerned. Source: Amadio and Cardelli, "Subtyping recursive types", 1993.
//!
//! # Terms
//! The *trail* has the pairs that are assumed: those under way and those that were found to hold with them. When
//! a pair does not hold, whatever was found since goes with it, since it may have been found by assuming it; that
//! the pair itself does not hold is certain, and remembered. So each pair is looked at about once in a question,
//! and since types are bounded ([`crate::store::limits`]) there is an end of pairs even where types grow on the
//! way. What is assumed is forgotten with the question.
//!
//! Noting a pair costs more than most pairs do, so not every pair is noted. A type comes back to itself by way of a
//! definition (an alias, a protocol, a typed dict), and one definition can lead to many pairs, each of them to as
//! many: these pairs are noted at once ([`Cx::related_by_definition`]), all others from some depth on.

use std::cell::{Cell, RefCell};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::source::stack;
use crate::store::limits::{Limit, MAX_PAIRS};
use crate::types::{Cx, Mode, Type};

/// Questions less deep than this are noted only where a definition is looked into: few come back, and most are at
/// their end here.
const SHALLOW: u32 = 12;
/// A trail of more pairs than this gives its memory back.
const KEPT: usize = 256;

/// What is asked of a pair. Each holds where nothing speaks against it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Relation {
    Assignable,
    Subtype,
    Equivalent,
    /// Some value may be of both.
    Overlapping,
    /// Values of the two may be equal.
    Equal,
    /// Values of the two may be the same object.
    Identical,
    /// Values of the two can be compared by `<` and its like.
    Ordered,
}

impl Relation {
    /// The mode in which hosts remember its answers, if they do.
    fn mode(self) -> Option<Mode> {
        match self {
            Self::Assignable => Some(Mode::Assignable),
            Self::Subtype => Some(Mode::Subtype),
            _ => None,
        }
    }
}

type Pair = (Relation, u128, u128);

/// A trail that began more pairs than this is worth remembering beyond its question.
const LONG: usize = 8;

#[derive(Default)]
struct Trail {
    /// In order.
    assumed: Vec<Pair>,
    /// The pairs of `assumed`, and how often each is there.
    held: FxHashMap<Pair, u32>,
    refuted: FxHashSet<Pair>,
    /// Pairs that were begun.
    begun: usize,
}

/// See the module's documentation.
#[derive(Default)]
pub struct Pairs {
    depth: Cell<u32>,
    /// Whether some pair of the question was given up.
    is_cut: Cell<bool>,
    trail: RefCell<Trail>,
}

impl Trail {
    /// Ready for another question.
    fn clear(&mut self) {
        if self.begun > KEPT {
            *self = Self::default();
            return;
        }
        self.assumed.clear();
        self.held.clear();
        self.refuted.clear();
        self.begun = 0;
    }

    /// What is certain when a question has ended, as hosts remember it: what was refuted, and, where the question
    /// `holds`, all that was assumed on the way.
    fn certain(&self, holds: bool) -> impl Iterator<Item = ((u128, u128), bool)> {
        let held = self.assumed.iter().filter(move |_| holds).map(|pair| (pair, true));
        let refuted = self.refuted.iter().map(|pair| (pair, false));
        held.chain(refuted).filter_map(|(&(relation, left, right), answer)| {
            Some((relation.mode()?.key(left, right), answer))
        })
    }

    fn forget(&mut self, from: usize) {
        for pair in self.assumed.drain(from..) {
            if let Some(count) = self.held.get_mut(&pair) {
                *count -= 1;
                if *count == 0 {
                    self.held.remove(&pair);
                }
            }
        }
    }
}

impl Pairs {
    /// Whether no question is under way.
    pub(in crate::types) fn is_idle(&self) -> bool {
        self.depth.get() == 0
    }

    /// Whether questions are remembered.
    pub(super) fn is_deep(&self) -> bool {
        self.depth.get() >= SHALLOW
    }

    /// Whether the last question was answered as it is meant, with nothing given up.
    pub(in crate::types) fn is_exact(&self) -> bool {
        !self.is_cut.get()
    }
}

impl Cx<'_> {
    /// Whether a relation holds for a pair, as `answer` finds. One that `learns` has other effects than its
    /// answer, so only what is under way is taken for known.
    pub fn related(
        &self,
        relation: Relation,
        left: Type,
        right: Type,
        learns: bool,
        answer: impl FnOnce() -> bool,
    ) -> bool {
        let is_noted = self.pairs.is_deep();
        self.question(relation, (left, right), learns, is_noted, answer)
    }

    /// As [`Self::related`], for a pair that is decided by what a definition says.
    pub fn related_by_definition(
        &self,
        relation: Relation,
        left: Type,
        right: Type,
        learns: bool,
        answer: impl FnOnce() -> bool,
    ) -> bool {
        let judgement =
            relation.mode().filter(|_| !learns).map(|mode| self.judgement(left, right, mode));
        if let Some(known) = judgement.and_then(|it| self.host.remembered(self, &it)) {
            return known;
        }
        // The question that this one is the answer to is noted when it is deep enough: noted twice, it would be
        // taken for one that comes back.
        let is_noted = self.pairs.depth.get() <= SHALLOW;
        self.question(relation, (left, right), learns, is_noted, answer)
    }

    fn question(
        &self,
        relation: Relation,
        pair: (Type, Type),
        learns: bool,
        is_noted: bool,
        answer: impl FnOnce() -> bool,
    ) -> bool {
        let pairs = &self.pairs;
        let depth = pairs.depth.get();
        if depth == 0 {
            pairs.is_cut.set(false);
        }
        pairs.depth.set(depth + 1);
        let holds = if is_noted { self.noted(relation, pair, learns, answer) } else { answer() };
        pairs.depth.set(depth);
        if depth == 0 && pairs.trail.borrow().begun > 0 {
            let mut trail = pairs.trail.borrow_mut();
            if trail.begun > LONG && pairs.is_exact() && !self.host.is_provisional(self) {
                for (key, answer) in trail.certain(holds && !learns) {
                    self.host.remember(key, answer);
                }
            }
            trail.clear();
        }
        holds
    }

    fn noted(
        &self,
        relation: Relation,
        (left, right): (Type, Type),
        learns: bool,
        answer: impl FnOnce() -> bool,
    ) -> bool {
        let pair = (relation, self.fingerprint(left).0, self.fingerprint(right).0);
        let from = {
            let mut trail = self.pairs.trail.borrow_mut();
            if trail.held.contains_key(&pair) {
                return true;
            }
            if !learns && trail.refuted.contains(&pair) {
                return false;
            }
            trail.begun += 1;
            if trail.begun > MAX_PAIRS {
                Limit::RelationPairs.hit();
                self.pairs.is_cut.set(true);
                return true;
            }
            let from = trail.assumed.len();
            trail.assumed.push(pair);
            *trail.held.entry(pair).or_default() += 1;
            from
        };
        let holds = stack::deeper(answer);
        let mut trail = self.pairs.trail.borrow_mut();
        if !holds || learns {
            trail.forget(from);
        }
        if !holds && !learns {
            trail.refuted.insert(pair);
        }
        holds
    }
}
