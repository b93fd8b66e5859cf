//! Settling a strongly connected set of questions: all start cold and are iterated in canonical order.
//!
//! What comes out depends on the members alone, not on who asked first. When nothing converges every member
//! takes its fallback. The whole set is published at once.

use rustc_hash::{FxHashMap, FxHashSet};

use super::keys::{Answer, Key};
use super::questions::initial;
use super::settle::same_but_for_order;
use super::task::{Computed, Task};
use super::world::count;
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
enum End<'t> {
    Converged,
    /// New members turned up.
    Grown(Vec<Key<'t>>),
    /// It depends on this frame below the head.
    Below(usize),
    /// Something was given up for lack of stack.
    Cut,
    Diverged,
}

impl<'t> Task<'t> {
    /// Settles the set of the topmost frame, whose key is `head`; returns the head's answer.
    pub(super) fn settle_set(&'t self, head: Key<'t>, mut members: Vec<Key<'t>>) -> Answer<'t> {
        for restart in 0.. {
            members.sort_unstable();
            members.dedup();
            let mut panics = FxHashMap::default();
            self.enter_set(members.iter().map(|&key| (key, initial(&self.cx(), &key))).collect());
            let end = self.iterate(&members, &mut panics);
            let values = self.leave_set();
            let in_order = || {
                let value = |key: &Key<'t>| values.get(key).map(|&answer| (*key, answer));
                members.iter().filter_map(value).collect::<Vec<_>>()
            };
            let head_value =
                || values.get(&head).copied().unwrap_or_else(|| initial(&self.cx(), &head));
            let published = match end {
                End::Grown(late) if restart < MAX_RESTARTS => {
                    members.extend(late);
                    continue;
                }
                End::Below(low) => {
                    self.stack.borrow_mut().merge_down(in_order(), low);
                    return head_value();
                }
                End::Cut => {
                    self.stack.borrow_mut().cut_set(in_order());
                    return head_value();
                }
                End::Converged => in_order(),
                End::Diverged | End::Grown(_) => {
                    if let End::Grown(late) = end {
                        members.extend(late);
                        members.sort_unstable();
                        members.dedup();
                    }
                    members.iter().map(|key| (*key, initial(&self.cx(), key))).collect()
                }
            };
            self.stack.borrow_mut().leave_head();
            if self.publish_set(&published) {
                self.record_failures(panics);
            }
            break;
        }
        // Published now, or else by another task, with more than was known of the set here: ask again.
        self.demand(head)
    }

    /// Computes all members until nothing changes.
    fn iterate(&'t self, members: &[Key<'t>], panics: &mut FxHashMap<Key<'t>, String>) -> End<'t> {
        let cx = self.cx();
        let mut widened = FxHashSet::default();
        for iteration in 0..MAX_ITERATIONS {
            let mut changed = false;
            // There and back: what comes in at one end of a long ring reaches the other in one pass or the next.
            let back = iteration % 2 == 1;
            for at in 0..members.len() {
                let key = &members[if back { members.len() - 1 - at } else { at }];
                let before = self.stack.borrow_mut().begin_member(key);
                let Computed { mut answer, panic } = self.compute_caught(key);
                count(&self.world.phase_counters(self.counters).provisional, 1);
                match panic {
                    Some(message) => drop(panics.insert(*key, message)),
                    None => drop(panics.remove(key)),
                }
                if widened.contains(key) {
                    answer = widen(answer);
                }
                let mut is_new =
                    before.is_none_or(|before| !same_but_for_order(&cx, before, answer));
                let is_growing = || before.is_some_and(|before| grows(&cx, before, answer));
                let widens = iteration >= WIDEN_AT || iteration >= WIDEN_GROWING_AT && is_growing();
                if is_new && widens && widened.insert(*key) {
                    answer = widen(answer);
                    is_new = before.is_none_or(|before| !same_but_for_order(&cx, before, answer));
                }
                changed |= is_new;
                let mut stack = self.stack.borrow_mut();
                let pass = stack.finish_member(key, is_new.then_some(answer));
                if let Some(low) = pass.below {
                    return End::Below(low);
                }
                if pass.is_cut {
                    return End::Cut;
                }
            }
            let late = self.stack.borrow_mut().take_late_members();
            if !late.is_empty() {
                return End::Grown(late);
            }
            if !changed {
                return End::Converged;
            }
        }
        End::Diverged
    }

    fn record_failures(&self, panics: FxHashMap<Key<'t>, String>) {
        let mut panics: Vec<_> = panics.into_iter().collect();
        panics.sort_unstable();
        for (key, message) in panics {
            self.world.record_failure(&key, message);
        }
    }
}

/// Whether an answer takes in more and more of its own earlier forms.
pub fn grows<'t>(cx: &Cx<'t>, before: Answer<'t>, now: Answer<'t>) -> bool {
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
pub fn widen(answer: Answer<'_>) -> Answer<'_> {
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
