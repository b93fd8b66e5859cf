//! Cycles within a region: a loop makes a local definition depend on itself.
//!
//! # Terms
//! A *frame* is a question under way. A question that comes back to an open frame gets what is *assumed* of
//! it, at first the placeholder of cycles, and makes that frame a *head*. The outermost frame that its answers
//! depend on iterates: a *pass* computes every question of the cycle once, and a head inside whose answer is not
//! what was assumed carries the new one into the next pass. When nothing changes in a pass, all of its answers
//! are final. Heads inside do not iterate on their own, or nested loops would multiply.
//!
//! Frames are known by serial numbers. An answer that depends on open frames remembers the lowest; when that
//! is closed, the number leads on to what its answer depends on in turn.

use rustc_hash::FxHashMap;

use super::flow::FlowValue;
use super::region::Region;
use crate::index::{DefinitionId, FlowId, ScopeId};
use crate::store::Handle;
use crate::types::{DefinitionTypes, Type};

/// After this many changes an answer is given up.
const MAX_CHANGES: u32 = 12;

/// After this many changes literals are widened.
const WIDEN_CHANGES: u32 = 4;

/// After this many changes a type that grows is given up.
const MAX_GROWTH: u32 = 3;

/// After this many passes everything that still changes is given up.
const MAX_PASSES: u32 = 40;

/// Depends on no frame.
pub(super) const NO_FRAME: u32 = u32::MAX;

/// What a local cycle may run through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum LocalKey {
    Definition(DefinitionId),
    /// A flow, the type that an unassigned longer place starts from, and the lambda round.
    Flow(ScopeId, FlowId, Option<Handle>, u32),
}

/// An answer on the way round a local cycle.
#[derive(Debug, Clone, Copy)]
pub(super) enum LocalValue {
    Definition(DefinitionTypes),
    Flow(FlowValue),
}

/// What is assumed of a head.
struct Assumed {
    value: LocalValue,
    changes: u32,
    /// Whether it is in the list of those to be forgotten when the cycle is done.
    is_listed: bool,
}

/// The state of all cycles of a region.
pub(super) struct Locals {
    done: FxHashMap<LocalKey, LocalValue>,
    assumed: FxHashMap<LocalKey, Assumed>,
    /// The open frames.
    open: FxHashMap<LocalKey, u32>,
    /// By serial number: the number itself while the frame is open, then the lowest frame that its answer
    /// depends on.
    forward: Vec<u32>,
    /// The lowest frame that the answers depend on since the innermost frame was opened.
    taint: u32,
    /// Answers of this pass with the lowest frame that they depend on.
    pass: FxHashMap<LocalKey, (LocalValue, u32)>,
    /// The keys of `pass` in the order in which they came.
    log: Vec<LocalKey>,
    /// Heads inside of open cycles.
    heads: Vec<LocalKey>,
    /// Whether a head inside of the innermost frame got another answer than was assumed.
    changed: bool,
    /// Counts the passes.
    epoch: u32,
}

impl Default for Locals {
    fn default() -> Self {
        Self {
            done: FxHashMap::default(),
            assumed: FxHashMap::default(),
            open: FxHashMap::default(),
            forward: Vec::new(),
            taint: NO_FRAME,
            pass: FxHashMap::default(),
            log: Vec::new(),
            heads: Vec::new(),
            changed: false,
            epoch: 0,
        }
    }
}

impl Locals {
    /// Sets an answer from outside.
    pub(super) fn set(&mut self, key: LocalKey, value: LocalValue) {
        self.done.insert(key, value);
    }

    /// The open frame that `serial` has come to mean.
    fn resolve(&mut self, serial: u32) -> u32 {
        let mut at = serial;
        while let Some(&next) = self.forward.get(at as usize) {
            if next == at {
                break;
            }
            at = next;
        }
        if let Some(entry) = self.forward.get_mut(serial as usize) {
            *entry = at;
        }
        at
    }

    fn known(&mut self, key: LocalKey, cold: LocalValue) -> Option<LocalValue> {
        if let Some(&done) = self.done.get(&key) {
            return Some(done);
        }
        if let Some(&serial) = self.open.get(&key) {
            self.taint = self.taint.min(serial);
            let new = || Assumed { value: cold, changes: 0, is_listed: false };
            return Some(self.assumed.entry(key).or_insert_with(new).value);
        }
        let &(value, low) = self.pass.get(&key)?;
        let low = self.resolve(low);
        self.taint = self.taint.min(low);
        Some(value)
    }

    fn open_frame(&mut self, key: LocalKey) -> Frame {
        let serial = u32::try_from(self.forward.len()).unwrap_or(NO_FRAME - 1);
        self.forward.push(serial);
        self.open.insert(key, serial);
        Frame {
            key,
            serial,
            outer_taint: std::mem::replace(&mut self.taint, NO_FRAME),
            outer_changed: std::mem::replace(&mut self.changed, false),
            log_start: self.log.len(),
            heads_start: self.heads.len(),
        }
    }

    /// Forgets the answers of the pass that has just ended.
    fn next_pass(&mut self, frame: &Frame) {
        for key in self.log.split_off(frame.log_start) {
            self.pass.remove(&key);
        }
        self.taint = NO_FRAME;
        self.changed = false;
        self.epoch += 1;
    }

    /// The frame's answer depends on frames further out.
    fn close_within(&mut self, frame: &Frame, value: LocalValue) {
        let low = self.taint;
        self.open.remove(&frame.key);
        self.forward[frame.serial as usize] = low;
        self.pass.insert(frame.key, (value, low));
        self.log.push(frame.key);
        if let Some(assumed) = self.assumed.get_mut(&frame.key)
            && !assumed.is_listed
        {
            assumed.is_listed = true;
            self.heads.push(frame.key);
        }
        self.taint = low.min(frame.outer_taint);
        self.changed |= frame.outer_changed;
    }

    /// The frame's answer is final, and so is what was found with it.
    fn close_final(&mut self, frame: &Frame, value: LocalValue) {
        self.open.remove(&frame.key);
        self.forward[frame.serial as usize] = NO_FRAME;
        for key in self.log.split_off(frame.log_start) {
            if let Some((value, _)) = self.pass.remove(&key) {
                self.done.entry(key).or_insert(without_cycle(value));
            }
        }
        for key in self.heads.split_off(frame.heads_start) {
            self.assumed.remove(&key);
        }
        self.assumed.remove(&frame.key);
        self.done.insert(frame.key, value);
        self.taint = frame.outer_taint;
        self.changed = frame.outer_changed;
    }
}

/// A question under way.
struct Frame {
    key: LocalKey,
    serial: u32,
    outer_taint: u32,
    outer_changed: bool,
    log_start: usize,
    heads_start: usize,
}

/// An answer with the lowest frame that it depends on, and the pass it is from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Remembered<T> {
    value: T,
    low: u32,
    epoch: u32,
}

impl Region<'_, '_> {
    /// Whether answers now may depend on a cycle that is not finished.
    pub fn is_provisional(&self) -> bool {
        self.locals.borrow().taint != NO_FRAME
    }

    /// The answer for `key`, computed by `compute`. While it is under way, it is `cold` to whoever asks.
    pub(super) fn fixpoint(
        &self,
        key: LocalKey,
        cold: LocalValue,
        compute: impl Fn() -> LocalValue,
    ) -> LocalValue {
        let frame = {
            let mut locals = self.locals.borrow_mut();
            if let Some(known) = locals.known(key, cold) {
                return known;
            }
            locals.open_frame(key)
        };
        let mut passes = 0;
        loop {
            let value = compute();
            let (value, changed) = self.assume(key, value, passes);
            let mut locals = self.locals.borrow_mut();
            if locals.taint < frame.serial {
                locals.changed |= changed;
                locals.close_within(&frame, value);
                return value;
            }
            passes += 1;
            if !changed && !locals.changed || passes > MAX_PASSES + 2 {
                let value = without_cycle(value);
                locals.close_final(&frame, value);
                return value;
            }
            locals.next_pass(&frame);
        }
    }

    /// Holds an answer against what was assumed of it; what counts now, and whether that is new.
    fn assume(&self, key: LocalKey, value: LocalValue, passes: u32) -> (LocalValue, bool) {
        let mut locals = self.locals.borrow_mut();
        let Some(assumed) = locals.assumed.get_mut(&key) else { return (value, false) };
        if self.same_value(assumed.value, value) {
            return (value, false);
        }
        assumed.changes += 1;
        let next = match assumed.changes {
            _ if passes >= MAX_PASSES => give_up(value),
            changes if changes >= MAX_GROWTH && self.grows(assumed.value, value) => give_up(value),
            ..WIDEN_CHANGES => value,
            WIDEN_CHANGES..MAX_CHANGES => self.widen(value),
            _ => give_up(value),
        };
        let changed = !self.same_value(assumed.value, next);
        assumed.value = next;
        (next, changed)
    }

    /// Runs `work` and says on which frame of a cycle its answer depends.
    pub(super) fn tracked<T>(&self, work: impl FnOnce() -> T) -> (T, u32) {
        let outer = std::mem::replace(&mut self.locals.borrow_mut().taint, NO_FRAME);
        let value = work();
        let mut locals = self.locals.borrow_mut();
        let low = locals.taint;
        locals.taint = low.min(outer);
        (value, low)
    }

    /// An answer as it is remembered.
    pub(super) fn remembered<T>(&self, value: T, low: u32) -> Remembered<T> {
        Remembered { value, low, epoch: self.locals.borrow().epoch }
    }

    /// A remembered answer, if what it assumed still holds.
    pub(super) fn recall<T: Copy>(&self, entry: Option<Remembered<T>>) -> Option<T> {
        let entry = entry?;
        if entry.low == NO_FRAME {
            return Some(entry.value);
        }
        let mut locals = self.locals.borrow_mut();
        if entry.epoch != locals.epoch {
            return None;
        }
        let low = locals.resolve(entry.low);
        locals.taint = locals.taint.min(low);
        Some(entry.value)
    }

    /// Literals that a loop keeps adding to become their class.
    fn widen(&self, value: LocalValue) -> LocalValue {
        match value {
            LocalValue::Definition(types) => LocalValue::Definition(DefinitionTypes {
                bound: types.bound.map(|ty| self.cx.promote_literals(ty)),
                ..types
            }),
            LocalValue::Flow(flow) => {
                LocalValue::Flow(FlowValue { ty: self.cx.promote_literals(flow.ty), ..flow })
            }
        }
    }

    fn grows(&self, before: LocalValue, now: LocalValue) -> bool {
        match (before, now) {
            (LocalValue::Definition(before), LocalValue::Definition(now)) => {
                before.bound.zip(now.bound).is_some_and(|(before, now)| self.cx.grows(before, now))
            }
            (LocalValue::Flow(before), LocalValue::Flow(now)) => self.cx.grows(before.ty, now.ty),
            _ => false,
        }
    }

    fn same_value(&self, left: LocalValue, right: LocalValue) -> bool {
        let same = |left: Option<Type>, right: Option<Type>| match (left, right) {
            (Some(left), Some(right)) => self.cx.same(left, right),
            (None, None) => true,
            _ => false,
        };
        match (left, right) {
            (LocalValue::Definition(left), LocalValue::Definition(right)) => {
                same(left.bound, right.bound) && same(left.declared, right.declared)
            }
            (LocalValue::Flow(left), LocalValue::Flow(right)) => {
                self.cx.same(left.ty, right.ty)
                    && left.unbound == right.unbound
                    && left.bound == right.bound
            }
            _ => false,
        }
    }
}

fn give_up(value: LocalValue) -> LocalValue {
    match value {
        LocalValue::Definition(types) => LocalValue::Definition(DefinitionTypes {
            bound: types.bound.map(|_| Type::UNKNOWN),
            ..types
        }),
        LocalValue::Flow(flow) => LocalValue::Flow(FlowValue { ty: Type::UNKNOWN, ..flow }),
    }
}

/// A finished answer holds no placeholder.
fn without_cycle(value: LocalValue) -> LocalValue {
    let clean = |ty: Type| if ty.is(Type::CYCLE) { Type::UNKNOWN } else { ty };
    match value {
        LocalValue::Definition(types) => {
            LocalValue::Definition(DefinitionTypes { bound: types.bound.map(clean), ..types })
        }
        LocalValue::Flow(flow) => LocalValue::Flow(FlowValue { ty: clean(flow.ty), ..flow }),
    }
}
