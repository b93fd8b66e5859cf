//! Settling a strongly connected set of questions: all start cold and are iterated in canonical order.
//!
//! A member is computed again when one whose answer it has read has another answer since, and not otherwise. What comes
//! out depends on the members alone, not on who asked first. When nothing converges every member takes its fallback. The
//! whole set is published at once.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::cycle::Pass;
use super::keys::{Answer, Key};
use super::questions::initial;
use super::settle::same_but_for_order;
use super::task::{Computed, Task};
use super::world::count;
use crate::store::limits::{Limit, MAX_ROUNDS_OF_CYCLE, MAX_UNION_OF_CYCLE};
use crate::types::{Cx, Kind, Type};

/// A type that has changed so often, and still does, becomes `Unknown`.
const WIDEN_AT: u32 = 8;
/// A type that has changed so often, and grows, becomes `Unknown`.
const WIDEN_GROWING_AT: u32 = 3;
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

    /// Computes all members, and again those that have read what has changed since, until nothing changes.
    ///
    /// In a set whose members all read each other, each change makes all of them anew, and what does not settle goes
    /// round for as long as it has members: so there is a limit for the set, not for one of them.
    fn iterate(&'t self, members: &[Key<'t>], panics: &mut FxHashMap<Key<'t>, String>) -> End<'t> {
        let mut changes = vec![0; members.len()];
        let mut open: BTreeSet<usize> = (0..members.len()).collect();
        let mut left = members.len() * MAX_ROUNDS_OF_CYCLE;
        let mut is_back = false;
        while !open.is_empty() {
            // There and back: what comes in at one end of a long ring reaches the other in one round or the next.
            let mut next = if is_back { open.last() } else { open.first() }.copied();
            while let Some(number) = next {
                open.remove(&number);
                let Some(less) = left.checked_sub(1) else {
                    Limit::CycleRounds.hit();
                    return End::Diverged;
                };
                left = less;
                let pass = self.compute_member(&members[number], &mut changes[number], panics);
                if let Some(low) = pass.below {
                    return End::Below(low);
                }
                if pass.is_cut {
                    return End::Cut;
                }
                open.extend(pass.readers);
                next = match is_back {
                    true => open.range(..number).next_back().copied(),
                    false => open.range(number + 1..).next().copied(),
                };
            }
            let late = self.stack.borrow_mut().take_late_members();
            if !late.is_empty() {
                return End::Grown(late);
            }
            is_back = !is_back;
        }
        End::Converged
    }

    /// Computes a member of the innermost set, whose answer has changed so often.
    fn compute_member(
        &'t self,
        key: &Key<'t>,
        changes: &mut u32,
        panics: &mut FxHashMap<Key<'t>, String>,
    ) -> Pass {
        let cx = self.cx();
        let before = self.stack.borrow_mut().begin_member(key);
        let Computed { mut answer, panic } = self.compute_caught(key);
        if *changes > 0 {
            answer = thinned(&cx, answer);
        }
        count(&self.world.phase_counters(self.counters).provisional, 1);
        match panic {
            Some(message) => drop(panics.insert(*key, message)),
            None => drop(panics.remove(key)),
        }
        let is_new = |answer| before.is_none_or(|before| !same_but_for_order(&cx, before, answer));
        let is_growing = |answer| before.is_some_and(|before| grows(&cx, before, answer));
        let widens = *changes >= WIDEN_AT || *changes >= WIDEN_GROWING_AT && is_growing(answer);
        if widens && is_new(answer) {
            answer = widen(answer);
            // Once widened it stays so: it would change for ever otherwise.
            *changes = (*changes).max(WIDEN_AT);
        }
        let changed = is_new(answer).then_some(answer);
        *changes += u32::from(changed.is_some());
        self.stack.borrow_mut().finish_member(key, changed)
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
    let declared = |ty: Option<Type>| ty.map(|_| Type::UNKNOWN);
    match with_type(answer, |_| Type::UNKNOWN) {
        Answer::Definition(mut types) => {
            types.declared = declared(types.declared);
            Answer::Definition(types)
        }
        Answer::Member(Some(mut place)) => {
            place.declared = declared(place.declared);
            Answer::Member(Some(place))
        }
        other => other,
    }
}

/// An answer that a cycle has changed: the larger it gets, the more each round costs all others.
fn thinned<'t>(cx: &Cx<'t>, answer: Answer<'t>) -> Answer<'t> {
    let is_wide = |ty: Type| ty.kind() == Kind::Union && cx.members(ty).len() > MAX_UNION_OF_CYCLE;
    with_type(answer, |ty| {
        let ty = if is_wide(ty) { cx.promote_literals(ty) } else { ty };
        if is_wide(ty) {
            Limit::UnionWidth.hit();
            return Type::UNKNOWN;
        }
        cx.limited(ty)
    })
}

/// An answer with another type in the place of the one that was inferred.
fn with_type(answer: Answer<'_>, map: impl Fn(Type) -> Type) -> Answer<'_> {
    match answer {
        Answer::Definition(mut types) => {
            types.bound = types.bound.map(map);
            Answer::Definition(types)
        }
        Answer::Type(ty) => Answer::Type(map(ty)),
        Answer::Member(Some(mut place)) => {
            place.ty = map(place.ty);
            Answer::Member(Some(place))
        }
        other => other,
    }
}
