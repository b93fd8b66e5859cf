//! The module's graph of reachability while it is built, and how its nodes are joined.
//!
//! Joins are simplified exactly: a test's two outcomes together are the point before it, and a point absorbs
//! what only follows it.

use ruff_index::IndexVec;
use smallvec::SmallVec;

use crate::index::flow::{OperandRange, Reach};
use crate::index::ids::{PredicateId, ReachId};

/// How many steps back absorption looks.
const LOOK_BACK: usize = 16;

/// How deep nested joins are flattened.
const FLATTEN_ROUNDS: usize = 4;

/// Above this many operands, nested joins are not flattened.
const FLATTEN_LIMIT: usize = 32;

/// The nodes so far.
#[derive(Debug)]
pub(super) struct ReachGraph {
    pub nodes: IndexVec<ReachId, Reach>,
    pub operands: Vec<ReachId>,
}

type List = SmallVec<[ReachId; 8]>;

impl ReachGraph {
    pub fn new() -> Self {
        let mut nodes = IndexVec::new();
        nodes.push(Reach::Always);
        nodes.push(Reach::Never);
        Self { nodes, operands: Vec::new() }
    }

    /// After a call that may not return.
    pub fn after_call(&mut self, previous: ReachId, predicate: PredicateId) -> ReachId {
        self.nodes.push(Reach::AfterCall { previous, predicate })
    }

    /// After a context manager has swallowed an exception.
    pub fn swallows(&mut self, previous: ReachId, predicate: PredicateId) -> ReachId {
        self.nodes.push(Reach::Swallows { previous, predicate })
    }

    /// Both outcomes of a predicate. They are neighbours, which is how [`Self::complement`] finds them.
    pub fn condition(&mut self, previous: ReachId, predicate: PredicateId) -> (ReachId, ReachId) {
        let positive = self.nodes.push(Reach::Condition { previous, predicate, positive: true });
        let negative = self.nodes.push(Reach::Condition { previous, predicate, positive: false });
        (positive, negative)
    }

    /// The other outcome of the same test, and the point before it.
    pub fn complement(&self, reach: ReachId) -> Option<(ReachId, ReachId)> {
        match self.nodes[reach] {
            Reach::Condition { previous, positive, .. } => {
                let id = reach.as_u32();
                Some((ReachId::from_u32(if positive { id + 1 } else { id - 1 }), previous))
            }
            _ => None,
        }
    }

    /// `reach`, which follows `from`, as if it followed `onto`. What comes after a join of branches is lost.
    pub fn rebase(&mut self, reach: ReachId, from: ReachId, onto: ReachId) -> ReachId {
        let mut steps: SmallVec<[Reach; 8]> = SmallVec::new();
        let mut current = reach;
        while current != from {
            let step = self.nodes[current];
            let Some(previous) = previous(step) else { break };
            steps.push(step);
            current = previous;
        }
        let mut result = onto;
        for step in steps.into_iter().rev() {
            result = match step {
                Reach::AfterCall { predicate, .. } => self.after_call(result, predicate),
                Reach::Swallows { predicate, .. } => self.swallows(result, predicate),
                Reach::Condition { predicate, positive, .. } => {
                    let (yes, no) = self.condition(result, predicate);
                    if positive { yes } else { no }
                }
                Reach::Always | Reach::Never | Reach::Join(_) => result,
            };
        }
        result
    }

    /// Any of `items`.
    pub fn join(&mut self, items: impl IntoIterator<Item = ReachId>) -> ReachId {
        let mut list: List = items.into_iter().filter(|&item| item != ReachId::NEVER).collect();
        if let Some(single) = self.simplify(&mut list) {
            return single;
        }
        // A reduced list may hold a join that was there before a test, hence the rounds.
        for _ in 0..FLATTEN_ROUNDS {
            let is_join = |&item: &ReachId| matches!(self.nodes[item], Reach::Join(_));
            let flat = if list.iter().any(is_join) { self.flatten(&list) } else { break };
            if flat.len() > FLATTEN_LIMIT {
                break;
            }
            list = flat;
            if let Some(single) = self.simplify(&mut list) {
                return single;
            }
        }
        let start = position(self.operands.len());
        self.operands.extend(list);
        let end = position(self.operands.len());
        self.nodes.push(Reach::Join(OperandRange { start, end }))
    }

    fn flatten(&self, list: &List) -> List {
        let mut flat = List::new();
        for &item in list {
            match self.nodes[item] {
                Reach::Join(range) if flat.len() <= FLATTEN_LIMIT => {
                    flat.extend_from_slice(&self.operands[range.indices()]);
                }
                _ => flat.push(item),
            }
        }
        flat
    }

    /// Sorts the list and reduces it. `Some` if at most one element is left.
    fn simplify(&self, list: &mut List) -> Option<ReachId> {
        list.sort_unstable();
        list.dedup();
        match list.as_slice() {
            [] => return Some(ReachId::NEVER),
            [single] => return Some(*single),
            [ReachId::ALWAYS, ..] => return Some(ReachId::ALWAYS),
            _ => {}
        }
        // From the newest to the oldest: a pair of outcomes makes way for the point before it, which is older.
        let mut kept = List::new();
        while let Some(item) = list.pop() {
            match self.complement(item) {
                Some((other, previous)) if list.last() == Some(&other) => {
                    list.pop();
                    if let Err(at) = list.binary_search(&previous) {
                        list.insert(at, previous);
                    }
                }
                _ => kept.push(item),
            }
        }
        kept.reverse();
        if kept.len() > 1 {
            let all = kept.clone();
            kept.retain(|item| !self.follows_any(*item, &all));
        }
        *list = kept;
        match list.as_slice() {
            [single] => Some(*single),
            _ => None,
        }
    }

    fn follows_any(&self, item: ReachId, sorted: &[ReachId]) -> bool {
        let mut current = item;
        for _ in 0..LOOK_BACK {
            let Some(previous) = previous(self.nodes[current]) else { return false };
            if sorted.binary_search(&previous).is_ok() {
                return true;
            }
            current = previous;
        }
        false
    }
}

fn previous(reach: Reach) -> Option<ReachId> {
    match reach {
        Reach::AfterCall { previous, .. }
        | Reach::Condition { previous, .. }
        | Reach::Swallows { previous, .. } => Some(previous),
        Reach::Always | Reach::Never | Reach::Join(_) => None,
    }
}

/// A table position as the `u32` that ranges hold; a module can't have that many operands (4 GiB of source).
pub(super) fn position(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
