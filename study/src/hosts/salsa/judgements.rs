//! Judgements of relations as queries: is a value of the one type assignable to the other, is the one a subtype.
//!
//! Only the outermost judgement of a walk is a query. One within it may assume pairs of types that are under way
//! (relations are read coinductively), and an answer that depends on an assumption belongs to nobody else.

use std::hash::{Hash, Hasher};

use ropewalk::schedule::study::{Answer, Key, NO_SLOT, Question};
use ropewalk::source::stack;
use ropewalk::types::{Cx, Judgement};
use salsa::plumbing::{AsId, HashEqLike, Lookup};

use super::queries::{Engine, Tuning, WIDEN_AT};
use super::task::{self, Task, keep_heads};

/// A judgement whose types are in arenas that stay. Equal by its key alone: the types have one identity in many arenas.
#[derive(Debug, Clone, Copy)]
pub struct Kept(Judgement);

impl PartialEq for Kept {
    fn eq(&self, other: &Self) -> bool {
        self.0.key == other.0.key
    }
}

impl Eq for Kept {}

impl Hash for Kept {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.key.hash(state);
    }
}

/// A judgement that is looked for, whose types may be in the scratch of a task: copied where nobody has asked before.
struct Asked<'a, 't> {
    task: &'t Task<'t>,
    cx: &'a Cx<'t>,
    judgement: &'a Judgement,
}

impl Hash for Asked<'_, '_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.judgement.key.hash(state);
    }
}

impl HashEqLike<Asked<'_, '_>> for Kept {
    fn eq(&self, asked: &Asked<'_, '_>) -> bool {
        self.0.key == asked.judgement.key
    }
}

impl Lookup<Kept> for Asked<'_, '_> {
    fn into_owned(self) -> Kept {
        let kept = |ty| {
            // Any module's arena does: the one that the query has read last has its lines in the cache.
            let module = self.task.last_touched();
            let key = Key { module, index: 0, question: Question::Return, name: "", slot: NO_SLOT };
            self.task.base.keep(self.cx, &key, Answer::Type(ty)).result()
        };
        let Judgement { source, target, .. } = *self.judgement;
        Kept(Judgement { source: kept(source), target: kept(target), ..*self.judgement })
    }
}

/// The key of the query.
#[salsa::interned(unsafe(no_lifetime), revisions = usize::MAX)]
pub struct Pair {
    #[returns(copy)]
    pub kept: Kept,
}

/// What the memo of a judgement holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judged {
    holds: bool,
    /// See [`super::queries::Memo`].
    heads: &'static [salsa::Id],
}

#[salsa::tracked(returns(copy), cycle_fn = again, cycle_initial = first)]
fn judged(db: &dyn Engine, pair: Pair) -> Judged {
    task::with_current(|task| task.compute_judgement(pair.as_id(), pair.kept(db).0))
}

/// Coinductive: it holds unless something speaks against it.
fn first(_: &dyn Engine, id: salsa::Id, _: Pair) -> Judged {
    Judged { holds: true, heads: keep_heads(vec![id]) }
}

fn again(_: &dyn Engine, cycle: &salsa::Cycle<'_>, _: &Judged, now: Judged, _: Pair) -> Judged {
    // What will not settle has nothing certain against it.
    Judged { holds: now.holds || cycle.iteration() >= WIDEN_AT, ..now }
}

impl<'t> Task<'t> {
    /// The answer to a judgement, by a query where this database has queries for judgements.
    pub fn judge(&'t self, cx: &Cx<'t>, judgement: &Judgement) -> Option<bool> {
        if self.tuning != Tuning::Relations
            || cx.is_relating()
            || self.judging.take() == Some(judgement.key)
        {
            return None;
        }
        let db = self.db();
        let pair = Pair::new(db, Asked { task: self, cx, judgement });
        let judged = judged(db, pair);
        if !judged.heads.is_empty() {
            self.is_under_way(judged.heads, pair.as_id());
        }
        Some(judged.holds)
    }

    fn compute_judgement(&'t self, id: salsa::Id, judgement: Judgement) -> Judged {
        let Judgement { source, target, mode, key } = judgement;
        let compute = || {
            self.judging.set(Some(key));
            self.cx().relate(source, target, mode)
        };
        let (holds, heads) = self.in_frame(Some(id), || stack::deeper(compute));
        Judged { holds, heads: keep_heads(heads) }
    }
}
