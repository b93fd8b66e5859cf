//! The state of one scope during the walk: its places, the value of each at this point, and a trail of changes.
//!
//! Branches are not walked on copies of the state: a mark is set, changes go on the trail, and when the branch
//! is left its changes are taken off as a [`Branch`], so that a branch costs as much as it changes.

use ruff_index::IndexVec;
use ruff_text_size::TextSize;
use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use super::kept::KeptTest;
use super::names::{NameId, Names, Path, SegmentKey};
use crate::index::flow::{Flow, JoinOperand};
use crate::index::ids::{DefinitionId, FlowId, NodeId, PlaceId, PredicateId, ReachId, ScopeId};
use crate::index::model::ScopeKind;
use crate::index::place::{MAX_SEGMENTS, PlaceFlags};
use ruff_python_ast::Expr;

/// A place and what is known of it so far.
#[derive(Debug)]
pub(super) struct PlaceState {
    pub root: NameId,
    pub segments: SmallVec<[SegmentKey; 1]>,
    pub flags: PlaceFlags,
    /// How often it was bound or deleted, itself or by way of what it starts with.
    pub bindings: u32,
    /// How many of the loops around the current point bind it.
    pub loops: u32,
    /// The places that start with this one.
    pub longer: Vec<PlaceId>,
    pub definitions: SmallVec<[DefinitionId; 2]>,
    pub foreign_definitions: Vec<DefinitionId>,
    /// The flow of its first binding definition.
    pub first_binding: Option<FlowId>,
    /// How many joins it has been through outside of loops that bind it.
    pub joins: u32,
}

/// What a branch changed, and when control gets to its end.
#[derive(Debug, Clone)]
pub(super) struct Branch {
    pub delta: Vec<(PlaceId, FlowId)>,
    pub reach: ReachId,
}

impl Branch {
    /// A branch that changes nothing.
    pub fn empty(reach: ReachId) -> Self {
        Self { delta: Vec::new(), reach }
    }

    /// Whether control gets to its end at all.
    pub fn is_live(&self) -> bool {
        self.reach != ReachId::NEVER
    }

    /// Replaces or adds the values of some places.
    pub fn overlay(&mut self, changes: &[(PlaceId, FlowId)]) {
        for &(place, flow) in changes {
            match self.delta.iter_mut().find(|entry| entry.0 == place) {
                Some(entry) => entry.1 = flow,
                None => self.delta.push((place, flow)),
            }
        }
    }
}

/// A point to which the state can be taken back.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    trail: usize,
    pub reach: ReachId,
}

/// A loop around the current point.
#[derive(Debug)]
pub(super) struct LoopFrame {
    /// The state at its head.
    pub mark: Mark,
    pub breaks: Vec<Branch>,
    pub continues: Vec<Branch>,
}

/// A use of an enclosing scope's place by an inner scope, kept in the enclosing one until it is known whether
/// the place is bound again.
#[derive(Debug)]
pub(super) struct PendingSnapshot {
    pub inner: ScopeId,
    pub place: PlaceId,
    pub flow: FlowId,
    pub holds: Holds,
}

/// How long what a scope inside saw of a place stays true.
#[derive(Debug, Clone, Copy)]
pub(super) enum Holds {
    /// The scope inside runs at once.
    AtOnce,
    /// It runs later: as long as the place is bound no more often than now.
    UntilBound(u32),
    /// It runs later, and is made by the statement that leaves the function: nothing there binds the place any more.
    Left,
}

/// The method whose body a scope is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Method {
    pub class: ScopeId,
    pub first_parameter: NameId,
    pub on_class: bool,
}

/// A binding that exception handlers may see.
#[derive(Debug, Clone, Copy)]
pub(super) struct Logged {
    pub place: PlaceId,
    pub flow: FlowId,
    pub reach: ReachId,
}

/// A scope that is being walked.
#[derive(Debug)]
pub(super) struct ScopeState {
    pub id: ScopeId,
    pub kind: ScopeKind,
    pub parent: Option<ScopeId>,
    pub region: ScopeId,
    /// Where in the stack of scopes the enclosing region is; restored when this scope ends.
    pub outer_region: usize,
    pub outer_stmt: Option<NodeId>,

    pub names: FxHashMap<NameId, PlaceId>,
    pub children: FxHashMap<(PlaceId, SegmentKey), PlaceId>,
    pub places: IndexVec<PlaceId, PlaceState>,
    pub flows: IndexVec<FlowId, Flow>,
    pub operands: Vec<JoinOperand>,
    /// The reach at which a join was made, for those that later joins may take apart.
    pub join_reach: FxHashMap<FlowId, ReachId>,
    /// See [`crate::index::Scope::milestone`].
    pub milestones: Vec<(FlowId, PlaceId)>,

    pub values: IndexVec<PlaceId, FlowId>,
    pub reach: ReachId,
    trail: Vec<(PlaceId, FlowId)>,
    marks: u32,
    seen: Vec<u32>,
    generation: u32,
    pub log: Vec<Logged>,
    pub log_frames: u32,
    pub loops: Vec<LoopFrame>,

    /// What loops bind, by the start of the loop statement: a range in `loop_bindings`.
    pub loop_ranges: FxHashMap<TextSize, (u32, u32)>,
    pub loop_bindings: Vec<PlaceId>,

    pub flow_at: Vec<u32>,
    pub is_async: bool,
    pub is_generator: bool,
    /// Whether the value of a `return` that really ends the function is being walked.
    pub is_leaving: bool,
    pub returns: Vec<(NodeId, ReachId)>,
    pub method: Option<Method>,
    pub free_names: FxHashSet<NameId>,
    pub free_places: FxHashSet<(u32, PlaceId)>,
    pub pending: Vec<PendingSnapshot>,
    /// The tests that names stand for.
    pub kept_tests: FxHashMap<PlaceId, KeptTest>,
}

impl ScopeState {
    pub fn new(id: ScopeId, kind: ScopeKind, parent: Option<ScopeId>, region: ScopeId) -> Self {
        let mut flows = IndexVec::new();
        flows.push(Flow::Start);
        Self {
            id,
            kind,
            parent,
            region,
            outer_region: 0,
            outer_stmt: None,
            names: FxHashMap::default(),
            children: FxHashMap::default(),
            places: IndexVec::new(),
            flows,
            operands: Vec::new(),
            join_reach: FxHashMap::default(),
            milestones: Vec::new(),
            values: IndexVec::new(),
            reach: ReachId::ALWAYS,
            trail: Vec::new(),
            marks: 0,
            seen: Vec::new(),
            generation: 0,
            log: Vec::new(),
            log_frames: 0,
            loops: Vec::new(),
            loop_ranges: FxHashMap::default(),
            loop_bindings: Vec::new(),
            flow_at: Vec::new(),
            is_async: false,
            is_generator: false,
            is_leaving: false,
            returns: Vec::new(),
            method: None,
            free_names: FxHashSet::default(),
            free_places: FxHashSet::default(),
            pending: Vec::new(),
            kept_tests: FxHashMap::default(),
        }
    }

    /// The place that is a bare name, new or not.
    pub fn name_place(&mut self, name: NameId) -> PlaceId {
        if let Some(&place) = self.names.get(&name) {
            return place;
        }
        let place = self.new_place(name, SmallVec::new());
        self.names.insert(name, place);
        place
    }

    /// The place for a path, with all that it starts with.
    pub fn path_place(&mut self, path: &Path) -> PlaceId {
        let mut prefixes: SmallVec<[PlaceId; MAX_SEGMENTS]> = SmallVec::new();
        let mut place = self.name_place(path.root);
        for (index, &segment) in path.segments.iter().enumerate() {
            prefixes.push(place);
            place = match self.children.get(&(place, segment)) {
                Some(&child) => child,
                None => {
                    let segments = path.segments[..=index].iter().copied().collect();
                    let child = self.new_place(path.root, segments);
                    self.children.insert((place, segment), child);
                    for &prefix in &prefixes {
                        self.places[prefix].longer.push(child);
                    }
                    child
                }
            };
        }
        place
    }

    fn new_place(&mut self, root: NameId, segments: SmallVec<[SegmentKey; 1]>) -> PlaceId {
        self.values.push(FlowId::START);
        self.seen.push(0);
        self.places.push(PlaceState {
            root,
            segments,
            flags: PlaceFlags::default(),
            bindings: 0,
            loops: 0,
            longer: Vec::new(),
            definitions: SmallVec::new(),
            foreign_definitions: Vec::new(),
            first_binding: None,
            joins: 0,
        })
    }

    /// The place that `expr` spells, if it is one already.
    pub fn find_expr(&self, names: &Names, expr: &Expr) -> Option<PlaceId> {
        self.find_within(names, expr, MAX_SEGMENTS)
    }

    fn find_within(&self, names: &Names, expr: &Expr, depth: usize) -> Option<PlaceId> {
        let value = match expr {
            Expr::Name(name) => return self.names.get(&names.get(name.id.as_str())?).copied(),
            Expr::Named(named) => return self.find_within(names, &named.target, depth),
            _ if depth == 0 => return None,
            Expr::Attribute(attribute) => &attribute.value,
            Expr::Subscript(subscript) => &subscript.value,
            _ => return None,
        };
        let place = self.find_within(names, value, depth - 1)?;
        if self.places[place].longer.is_empty() {
            return None;
        }
        self.children.get(&(place, names.last_segment(expr)?)).copied()
    }

    /// Changes the value of a place.
    pub fn set(&mut self, place: PlaceId, flow: FlowId) {
        let old = self.values[place];
        if old != flow {
            if self.marks > 0 {
                self.trail.push((place, old));
            }
            self.values[place] = flow;
        }
    }

    /// Binds or deletes a place: what starts with it loses what is known of it.
    pub fn assign(&mut self, place: PlaceId, flow: FlowId) {
        self.set(place, flow);
        self.note(place, flow);
        if matches!(self.flows[flow], Flow::Definition(_)) {
            self.places[place].first_binding.get_or_insert(flow);
        }
        self.forget_longer(place, |_| true);
    }

    /// Forgets the places that start with `place` and go on with such a segment.
    pub fn forget_longer(&mut self, place: PlaceId, mut next: impl FnMut(SegmentKey) -> bool) {
        if self.places[place].longer.is_empty() {
            return;
        }
        let depth = self.places[place].segments.len();
        let longer = std::mem::take(&mut self.places[place].longer);
        for &other in &longer {
            if next(self.places[other].segments[depth]) {
                self.set(other, FlowId::START);
                self.note(other, FlowId::START);
            }
        }
        self.places[place].longer = longer;
    }

    fn note(&mut self, place: PlaceId, flow: FlowId) {
        self.places[place].bindings += 1;
        if self.log_frames > 0 && self.reach != ReachId::NEVER {
            self.log.push(Logged { place, flow, reach: self.reach });
        }
    }

    /// The two values of a place after a test. They are neighbours.
    pub fn narrow(&mut self, place: PlaceId, predicate: PredicateId) -> (FlowId, FlowId) {
        let previous = self.values[place];
        let positive = self.flows.push(Flow::Narrowed { predicate, positive: true, previous });
        let negative = self.flows.push(Flow::Narrowed { predicate, positive: false, previous });
        (positive, negative)
    }

    /// Sets a point to come back to. Every mark is closed by [`Self::take`], [`Self::undo`] or [`Self::keep`].
    pub fn mark(&mut self) -> Mark {
        self.marks += 1;
        Mark { trail: self.trail.len(), reach: self.reach }
    }

    /// What has changed since the mark.
    pub fn peek(&mut self, mark: Mark) -> Branch {
        let mut delta = Vec::new();
        if self.trail.len() > mark.trail {
            self.generation += 1;
            for &(place, old) in &self.trail[mark.trail..] {
                let seen = &mut self.seen[place.as_usize()];
                if *seen != self.generation {
                    *seen = self.generation;
                    // The first entry of a place holds its value at the mark.
                    if self.values[place] != old {
                        delta.push((place, self.values[place]));
                    }
                }
            }
        }
        Branch { delta, reach: self.reach }
    }

    /// Goes back to the mark and gives what had changed.
    pub fn take(&mut self, mark: Mark) -> Branch {
        let branch = self.peek(mark);
        self.undo(mark);
        branch
    }

    /// Goes back to the mark.
    pub fn undo(&mut self, mark: Mark) {
        while self.trail.len() > mark.trail {
            if let Some((place, old)) = self.trail.pop() {
                self.values[place] = old;
            }
        }
        self.reach = mark.reach;
        self.keep();
    }

    /// Closes the innermost mark and stays where we are.
    pub fn keep(&mut self) {
        self.marks -= 1;
        if self.marks == 0 {
            self.trail.clear();
        }
    }

    /// Goes on where a branch ended.
    pub fn apply(&mut self, branch: &Branch) {
        for &(place, flow) in &branch.delta {
            self.set(place, flow);
        }
        self.reach = branch.reach;
    }

    /// Starts to log bindings. Gives the position in the log.
    pub fn open_log(&mut self) -> usize {
        self.log_frames += 1;
        self.log.len()
    }

    /// Ends what the matching [`Self::open_log`] began.
    pub fn close_log(&mut self) {
        self.log_frames -= 1;
        if self.log_frames == 0 {
            self.log.clear();
        }
    }

    /// The places bound in a range of the log, each once, in order.
    pub fn logged_places(&mut self, range: std::ops::Range<usize>) -> Vec<PlaceId> {
        self.generation += 1;
        let mut places = Vec::new();
        for logged in &self.log[range] {
            let seen = &mut self.seen[logged.place.as_usize()];
            if *seen != self.generation {
                *seen = self.generation;
                places.push(logged.place);
            }
        }
        places
    }
}
