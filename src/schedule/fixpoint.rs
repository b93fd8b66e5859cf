//! Settling a strongly connected set of questions: all start cold and are iterated in canonical order.
//!
//! What comes out depends on the members alone, not on who asked first. When nothing converges every member
//! takes its fallback. The whole set is published at once.

use rustc_hash::{FxHashMap, FxHashSet};

use super::memo::{Answer, Key, Question};
use super::settle::{same_answer, settle};
use super::world::{Computed, World};
use crate::types::{Cx, Type};

/// From this iteration on a type that still changes becomes `Unknown`.
const WIDEN_AT: u32 = 8;
/// From this iteration on a type that grows becomes `Unknown`.
const WIDEN_GROWING_AT: u32 = 3;
/// After so many iterations every member takes its fallback.
const MAX_ITERATIONS: u32 = 20;
/// So often a set may grow.
const MAX_RESTARTS: u32 = 12;

/// How an attempt to iterate a set ended.
enum End {
    Converged,
    /// New members turned up.
    Grown(Vec<Key<'static>>),
    /// It depends on this frame below the head.
    Below(usize),
    /// Something was given up for lack of stack.
    Cut,
    Diverged,
}

impl World {
    /// Settles the set of the topmost frame, whose key is `head`; returns the head's answer.
    pub(super) fn settle_set(
        &'static self,
        cx: &Cx<'static>,
        head: Key<'static>,
        mut members: Vec<Key<'static>>,
    ) -> Answer {
        let worker = self.worker(cx);
        for restart in 0.. {
            members.sort_unstable();
            members.dedup();
            let mut panics = FxHashMap::default();
            let start = members.iter().map(|&key| (key, self.initial(cx, &key))).collect();
            worker.enter_set(start);
            let end = self.iterate(cx, &members, &mut panics);
            let values = worker.leave_set();
            let in_order = |values: &FxHashMap<Key<'static>, Answer>| {
                let value = |key: &Key<'static>| values.get(key).map(|&answer| (*key, answer));
                members.iter().filter_map(value).collect::<Vec<_>>()
            };
            let head_value =
                || values.get(&head).copied().unwrap_or_else(|| self.initial(cx, &head));
            match end {
                End::Grown(late) if restart < MAX_RESTARTS => {
                    members.extend(late);
                    continue;
                }
                End::Below(low) => {
                    let answer = head_value();
                    worker.stack().merge_down(in_order(&values), low);
                    return answer;
                }
                End::Cut => {
                    let answer = head_value();
                    worker.stack().cut_set(in_order(&values));
                    return answer;
                }
                End::Converged => {
                    worker.stack().leave_head();
                    self.publish_set(cx, in_order(&values), panics);
                }
                End::Diverged | End::Grown(_) => {
                    if let End::Grown(late) = end {
                        members.extend(late);
                        members.sort_unstable();
                        members.dedup();
                    }
                    worker.stack().leave_head();
                    let fallback =
                        members.iter().map(|key| (*key, self.initial(cx, key))).collect();
                    self.publish_set(cx, fallback, panics);
                }
            }
            break;
        }
        self.memos.get(&head).unwrap_or_else(|| settle(cx, self.initial(cx, &head)))
    }

    /// Computes all members until nothing changes.
    fn iterate(
        &'static self,
        cx: &Cx<'static>,
        members: &[Key<'static>],
        panics: &mut FxHashMap<Key<'static>, String>,
    ) -> End {
        let worker = self.worker(cx);
        let mut widened = FxHashSet::default();
        for iteration in 0..MAX_ITERATIONS {
            let mut changed = false;
            for key in members {
                let before = worker.stack().begin_member(key);
                let Computed { mut answer, panic } = self.compute_caught(cx, key);
                worker.counters.again();
                match panic {
                    Some(message) => drop(panics.insert(*key, message)),
                    None => drop(panics.remove(key)),
                }
                if widened.contains(key) {
                    answer = widen(answer);
                }
                let mut is_new = before.is_none_or(|before| !same_answer(cx, before, answer));
                let is_growing = || before.is_some_and(|before| grows(cx, before, answer));
                let widens = iteration >= WIDEN_AT || iteration >= WIDEN_GROWING_AT && is_growing();
                if is_new && widens && widened.insert(*key) {
                    answer = widen(answer);
                    is_new = before.is_none_or(|before| !same_answer(cx, before, answer));
                }
                changed |= is_new;
                let pass = worker.stack().finish_member(key, is_new.then_some(answer));
                if let Some(low) = pass.below {
                    return End::Below(low);
                }
                if pass.is_cut {
                    return End::Cut;
                }
            }
            let late = worker.stack().take_late_members();
            if !late.is_empty() {
                return End::Grown(late);
            }
            if !changed {
                return End::Converged;
            }
        }
        End::Diverged
    }

    fn publish_set(
        &'static self,
        cx: &Cx<'static>,
        values: Vec<(Key<'static>, Answer)>,
        panics: FxHashMap<Key<'static>, String>,
    ) {
        let settled: Vec<_> =
            values.into_iter().map(|(key, answer)| (key, settle(cx, answer))).collect();
        {
            let worker = self.worker(cx);
            // Alone: an answer that another thread made with a part of this set must come second.
            let _alone = self.publication.write();
            for (key, answer) in settled {
                self.publish_lasting(cx, worker, &key, answer);
            }
        }
        let mut panics: Vec<_> = panics.into_iter().collect();
        panics.sort_unstable();
        for (key, message) in panics {
            self.record_failure(&key, message);
        }
    }
}

/// Whether an answer takes in more and more of its own earlier forms.
fn grows(cx: &Cx<'static>, before: Answer, now: Answer) -> bool {
    match (before, now) {
        (Answer::Definition(before), Answer::Definition(now)) => {
            before.bound.zip(now.bound).is_some_and(|(before, now)| cx.grows(before, now))
        }
        (Answer::Type(before), Answer::Type(now)) => cx.grows(before, now),
        (Answer::Member(Some(before)), Answer::Member(Some(now))) => cx.grows(before.ty, now.ty),
        _ => false,
    }
}

/// A type that will not settle is not known.
fn widen(answer: Answer) -> Answer {
    match answer {
        Answer::Definition(mut types) => {
            types.bound = types.bound.map(|_| Type::UNKNOWN);
            types.declared = types.declared.map(|_| Type::UNKNOWN);
            Answer::Definition(types)
        }
        Answer::Type(_) => Answer::Type(Type::UNKNOWN),
        Answer::Member(Some(mut place)) => {
            place.ty = Type::UNKNOWN;
            place.declared = place.declared.map(|_| Type::UNKNOWN);
            Answer::Member(Some(place))
        }
        other => other,
    }
}

/// Whether questions of this kind are members by name.
pub(super) const fn is_member(question: Question) -> bool {
    matches!(question, Question::ClassMember | Question::ModuleMember)
}
