//! Demands on one worker's stack, and how cycles among them are found.
//!
//! # Terms
//! A *demand* is a question whose answer is not published yet; the demands that are being computed form a stack
//! of *frames*. A frame is *tainted* when its answer was made with that of a frame further down, which is not
//! known yet: its `low` says how far down. A *set* is a strongly connected set of questions whose answers are
//! being found together, by iteration; see [`super::fixpoint`].
//!
//! ```python
//! def even(n): return n == 0 or odd(n - 1)
//! def odd(n): return n != 0 and even(n - 1)
//! ```
//! The result of `even` asks for that of `odd`, which asks for that of `even`: on the stack. It is told the
//! *initial* answer, which taints `odd`; the answer of `odd` goes to the *discovery*, which keeps tainted answers
//! so that nobody computes them twice. Back in `even`, nothing further down is touched: `even` is the *head*,
//! and the set is `even` with all that was discovered since.
//!
//! # Questions it answers
//! Is this known, under way, or to be computed; and when a frame is done: is its answer final, tainted, or is it
//! the head of a set, and of which.

use rustc_hash::{FxHashMap, FxHashSet};

use super::keys::{Answer, Key};
use crate::store::limits::Limit;

/// More demands within each other than this are given up: only a cycle of so many questions gets here.
const MAX_FRAMES: usize = 20_000;

/// A demand under way.
struct Frame<'t> {
    key: Key<'t>,
    /// The lowest frame that the answer depends on; the frame itself at most.
    low: usize,
    /// Whether some demand came back to this frame.
    is_head: bool,
    /// Whether something was given up on the way, so that the answer may not be published.
    is_cut: bool,
    /// Where the discovery began when the frame did.
    start: usize,
}

/// A tainted answer.
struct Found<'t> {
    key: Key<'t>,
    answer: Answer<'t>,
    low: usize,
}

/// Questions whose answers are being iterated, numbered in canonical order.
struct Set<'t> {
    /// The frame of its head.
    head: usize,
    /// The number of each, and its answer so far.
    members: FxHashMap<Key<'t>, (usize, Answer<'t>)>,
    /// By number, who has read the answer since it changed last.
    readers: Vec<Vec<usize>>,
    /// The number of the one that is computed now.
    current: usize,
}

impl<'t> Set<'t> {
    fn read(&mut self, key: &Key<'t>) -> Option<Answer<'t>> {
        let &(number, answer) = self.members.get(key)?;
        let readers = &mut self.readers[number];
        // One that has read it in an earlier round may be there once more, which harms nobody.
        if readers.last() != Some(&self.current) {
            readers.push(self.current);
        }
        Some(answer)
    }
}

/// See the module's documentation.
#[derive(Default)]
pub(super) struct Stack<'t> {
    frames: Vec<Frame<'t>>,
    on_stack: FxHashMap<Key<'t>, usize>,
    discovery: Vec<Found<'t>>,
    discovered: FxHashMap<Key<'t>, usize>,
    sets: Vec<Set<'t>>,
    /// Answers that were cut short, kept to the end of the task.
    cut: FxHashMap<Key<'t>, Answer<'t>>,
    /// With so many frames a demand is too deep; with 0, none is.
    most: usize,
    /// Demands that were too deep and that wait for the one that is answered now: who asks for them closes a cycle.
    waiting: FxHashSet<Key<'t>>,
}

/// What to do about a demand.
pub(super) enum Step<'t> {
    /// Here is the answer, final or not.
    Known(Answer<'t>),
    /// It is on the stack, or the stack is full: use the initial answer.
    Initial,
    /// It is to be answered first, before the task goes on from its beginning: see [`super::deep`].
    TooDeep,
    /// A frame was pushed; compute, then [`Stack::finish`].
    Compute,
}

/// What to do with the answer of a frame.
pub(super) enum Done<'t> {
    /// Nothing provisional is in it.
    Final,
    /// Use it, and publish nothing.
    Tainted,
    /// The frame is the head of a set and stays on the stack until [`Stack::leave_head`].
    Head(Vec<Key<'t>>),
}

/// What came of computing a member of a set.
pub(super) struct Pass {
    /// A frame below the head that the answer depends on.
    pub below: Option<usize>,
    pub is_cut: bool,
    /// The numbers of those that have read what is no longer the answer.
    pub readers: Vec<usize>,
}

impl Pass {
    /// Of a set that is not there any more.
    fn cut() -> Self {
        Self { below: None, is_cut: true, readers: Vec::new() }
    }
}

impl<'t> Stack<'t> {
    /// Asks for `key`; `published` looks into the tables.
    pub fn begin(
        &mut self,
        key: &Key<'t>,
        published: impl FnOnce() -> Option<Answer<'t>>,
    ) -> Step<'t> {
        // Before what is published: another thread may publish the set that is iterated here, and this
        // iteration must take the course that it would take alone.
        let in_set = self
            .sets
            .iter_mut()
            .rev()
            .find_map(|set| set.read(key).map(|answer| (answer, set.head)));
        if let Some((answer, head)) = in_set {
            self.taint(head);
            return Step::Known(answer);
        }
        if let Some(answer) = published() {
            return Step::Known(answer);
        }
        if let Some(&at) = self.on_stack.get(key) {
            self.frames[at].is_head = true;
            self.taint(at);
            return Step::Initial;
        }
        if let Some(&at) = self.discovered.get(key) {
            let (answer, low) = (self.discovery[at].answer, self.discovery[at].low);
            self.taint(low);
            return Step::Known(answer);
        }
        if let Some(&answer) = self.cut.get(key) {
            self.mark_cut();
            return Step::Known(answer);
        }
        if self.frames.len() >= MAX_FRAMES {
            Limit::DemandDepth.hit();
            self.mark_cut();
            return Step::Initial;
        }
        if self.most > 0 && self.frames.len() >= self.most || self.waiting.contains(key) {
            return Step::TooDeep;
        }
        self.on_stack.insert(*key, self.frames.len());
        self.push(*key);
        Step::Compute
    }

    fn push(&mut self, key: Key<'t>) {
        let (low, start) = (self.frames.len(), self.discovery.len());
        self.frames.push(Frame { key, low, is_head: false, is_cut: false, start });
    }

    fn taint(&mut self, low: usize) {
        if let Some(top) = self.frames.last_mut() {
            top.low = top.low.min(low);
        }
    }

    fn mark_cut(&mut self) {
        if let Some(top) = self.frames.last_mut() {
            top.is_cut = true;
        }
    }

    /// Whether what is computed in the topmost frame may still change.
    pub fn is_provisional(&self) -> bool {
        self.frames
            .last()
            .is_some_and(|top| top.low + 1 < self.frames.len() || top.is_head || top.is_cut)
    }

    /// Whether a set is being iterated.
    pub fn is_iterating(&self) -> bool {
        !self.sets.is_empty()
    }

    /// Number of frames, to come back to after a panic.
    pub fn depth(&self) -> usize {
        self.frames.len()
    }

    /// The topmost frame has its answer.
    pub fn finish(&mut self, answer: Answer<'t>) -> Done<'t> {
        let at = self.frames.len().saturating_sub(1);
        let Some(frame) = self.frames.last() else { return Done::Tainted };
        let (key, low) = (frame.key, frame.low);
        let tainted = low < at;
        let start = frame.start;
        if frame.is_cut {
            for found in self.discovery.drain(start..) {
                self.discovered.remove(&found.key);
                self.cut.insert(found.key, found.answer);
            }
            self.pop(&key);
            self.cut.insert(key, answer);
            self.mark_cut();
            if tainted {
                self.taint(low);
            }
            return Done::Tainted;
        }
        if tainted {
            self.pop(&key);
            self.sink(start, low);
            self.discover(key, answer, low);
            self.taint(low);
            return Done::Tainted;
        }
        if frame.is_head {
            let mut members = self.forget_discovery(start);
            members.push(key);
            return Done::Head(members);
        }
        self.pop(&key);
        Done::Final
    }

    fn pop(&mut self, key: &Key<'t>) {
        self.frames.pop();
        self.on_stack.remove(key);
    }

    /// A frame is part of a set further down, and so is what was discovered since it began.
    fn sink(&mut self, start: usize, low: usize) {
        for found in self.discovery.iter_mut().skip(start) {
            found.low = found.low.min(low);
        }
    }

    fn discover(&mut self, key: Key<'t>, answer: Answer<'t>, low: usize) {
        self.discovered.insert(key, self.discovery.len());
        self.discovery.push(Found { key, answer, low });
    }

    /// Throws away what was discovered since `start`; returns the keys.
    fn forget_discovery(&mut self, start: usize) -> Vec<Key<'t>> {
        let start = start.min(self.discovery.len());
        let keys: Vec<_> = self.discovery.drain(start..).map(|found| found.key).collect();
        for key in &keys {
            self.discovered.remove(key);
        }
        keys
    }

    /// Starts to iterate a set whose head is the topmost frame: its members in order, with what they begin with.
    pub fn enter_set(&mut self, members: Vec<(Key<'t>, Answer<'t>)>) {
        let head = self.frames.len().saturating_sub(1);
        let readers = vec![Vec::new(); members.len()];
        let numbered = members.into_iter().enumerate();
        let members = numbered.map(|(number, (key, answer))| (key, (number, answer))).collect();
        self.sets.push(Set { head, members, readers, current: 0 });
    }

    /// Begins to compute a member of the innermost set; returns its value so far.
    pub fn begin_member(&mut self, key: &Key<'t>) -> Option<Answer<'t>> {
        self.push(*key);
        let set = self.sets.last_mut()?;
        let &(number, answer) = set.members.get(key)?;
        set.current = number;
        Some(answer)
    }

    /// The member has a new value, if there is one.
    pub fn finish_member(&mut self, key: &Key<'t>, answer: Option<Answer<'t>>) -> Pass {
        let Some(frame) = self.frames.pop() else { return Pass::cut() };
        let Some(set) = self.sets.last_mut() else { return Pass::cut() };
        let mut readers = Vec::new();
        if let Some(answer) = answer
            && let Some(member) = set.members.get_mut(key)
        {
            member.1 = answer;
            readers = std::mem::take(&mut set.readers[member.0]);
        }
        Pass { below: (frame.low < set.head).then_some(frame.low), is_cut: frame.is_cut, readers }
    }

    /// Questions that turned out to belong to the innermost set.
    pub fn take_late_members(&mut self) -> Vec<Key<'t>> {
        let Some(set) = self.sets.last() else { return Vec::new() };
        let Some(start) = self.frames.get(set.head).map(|frame| frame.start) else {
            return Vec::new();
        };
        self.forget_discovery(start)
    }

    /// Ends the iteration of the innermost set; returns its values.
    pub fn leave_set(&mut self) -> FxHashMap<Key<'t>, Answer<'t>> {
        let members = self.sets.pop().map(|set| set.members).unwrap_or_default();
        members.into_iter().map(|(key, (_, answer))| (key, answer)).collect()
    }

    /// Takes the head of a set off the stack: the set is settled.
    pub fn leave_head(&mut self) {
        if let Some(frame) = self.frames.pop() {
            self.on_stack.remove(&frame.key);
        }
    }

    /// The head's set is part of one further down: all its members are only discovered.
    pub fn merge_down(&mut self, members: Vec<(Key<'t>, Answer<'t>)>, low: usize) {
        let start = self.frames.last().map_or(self.discovery.len(), |frame| frame.start);
        self.leave_head();
        self.sink(start, low);
        for (key, answer) in members {
            self.discover(key, answer, low);
        }
        self.taint(low);
    }

    /// The set was cut short: its members are kept to the end of the task.
    pub fn cut_set(&mut self, members: Vec<(Key<'t>, Answer<'t>)>) {
        let start = self.frames.last().map_or(self.discovery.len(), |frame| frame.start);
        self.leave_head();
        for found in self.discovery.drain(start..) {
            self.discovered.remove(&found.key);
            self.cut.insert(found.key, found.answer);
        }
        self.cut.extend(members);
        self.mark_cut();
    }

    /// Puts the stack back to `depth` frames after a panic; what hung on the frames above is forgotten.
    pub fn unwind_to(&mut self, depth: usize) {
        self.sets.retain(|set| set.head < depth);
        if let Some(start) = self.frames.get(depth).map(|frame| frame.start) {
            let low = self.frames[depth..].iter().map(|frame| frame.low).min().unwrap_or(depth);
            self.forget_discovery(start);
            for frame in self.frames.drain(depth..) {
                if self.on_stack.get(&frame.key).is_some_and(|&at| at >= depth) {
                    self.on_stack.remove(&frame.key);
                }
            }
            if low < depth {
                self.taint(low);
            }
        }
    }

    /// A check begins or ends, of which so many demands within each other are not too deep, or any number with 0;
    /// nothing may be left of the last.
    pub fn reset(&mut self, most: usize, waiting: &[Key<'t>]) {
        let waiting = waiting.iter().copied().collect();
        *self = Self { most, waiting, ..Self::default() };
    }
}
