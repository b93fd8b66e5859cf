//! Joins: what the places of a scope may hold where several ways come together.
//!
//! The cost is that of the changes on the ways, not of the number of places or of ways times places: an arm of
//! a long `elif` chain is described by what it changed itself, and by how many earlier tests had failed.

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::reach::{ReachGraph, position};
use super::scope::{Branch, LoopFrame, ScopeState};
use crate::index::flow::{Flow, JoinOperand, OperandRange};
use crate::index::ids::{FlowId, PlaceId, ReachId};
use crate::index::model::ScopeKind;

/// Of the joins that a name of a module goes through, one in so many is a milestone.
const MILESTONE: u32 = 16;

/// With more arms than this, conditions on which a value comes from which arm are not kept apart.
const MAX_ARMS: usize = 32;

/// The operands of a join under construction.
pub(super) type Operands = SmallVec<[JoinOperand; 8]>;

/// Ways that come together: the arms, and what changes for all arms from one on, such as failed tests.
#[derive(Debug, Default)]
pub(super) struct Arms {
    arms: Vec<Branch>,
    falls: Vec<(u32, PlaceId, FlowId)>,
}

impl Arms {
    /// Adds an arm; its changes are relative to the state after the falls so far.
    pub fn push(&mut self, branch: Branch) {
        self.arms.push(branch);
    }

    /// Adds changes that every later arm sees.
    pub fn fall(&mut self, branch: &Branch) {
        let from = position(self.arms.len());
        self.falls.extend(branch.delta.iter().map(|&(place, flow)| (from, place, flow)));
    }
}

/// A change of a place, in one arm (`own`) or from one on.
struct Event {
    place: PlaceId,
    arm: u32,
    own: bool,
    flow: FlowId,
}

/// How a stretch of code may be left.
pub(super) struct Exits<'a> {
    /// The point before it.
    pub entry: ReachId,
    /// When it is left by an exception, if not just whenever control is there.
    pub abrupt: Option<ReachId>,
    /// Its end, if that is to be joined too; sorted by place.
    pub normal: Option<&'a Branch>,
}

/// A head of a loop whose other operands are not known yet.
pub(super) struct LoopHead {
    places: Vec<(PlaceId, FlowId, FlowId)>,
    entry: ReachId,
}

impl ScopeState {
    /// Goes on where the arms come together. The state is that before the first arm.
    pub fn join(&mut self, graph: &mut ReachGraph, arms: Arms, entry: ReachId) {
        let Arms { mut arms, falls } = arms;
        let mut live = arms.iter().enumerate().filter(|(_, arm)| arm.is_live());
        let first = live.next().map(|(index, _)| index);
        let many = live.next().is_some();
        let Some(first) = first else {
            self.reach = ReachId::NEVER;
            return;
        };
        if !many {
            for &(from, place, flow) in &falls {
                if from as usize <= first {
                    self.set(place, flow);
                }
            }
            let arm = arms.swap_remove(first);
            self.apply(&arm);
            return;
        }
        let events = collect_events(&arms, &falls);
        let reach = graph.join(arms.iter().map(|arm| arm.reach));
        let mut joiner = Joiner::new(&arms, entry);
        let mut rest = events.as_slice();
        while let Some(event) = rest.first() {
            let place = event.place;
            let length = rest.partition_point(|event| event.place == place);
            let (group, tail) = rest.split_at(length);
            rest = tail;
            let operands = joiner.operands(graph, self.values[place], group);
            let flow = self.merge(graph, operands, joiner.coarse(), Some(reach));
            self.count_join(place, flow);
            self.set(place, flow);
        }
        self.reach = reach;
    }

    /// Notes every 16th join of a module's name. In a loop that binds the name a join depends on what comes after it, and
    /// is none to start from.
    fn count_join(&mut self, place: PlaceId, flow: FlowId) {
        let state = &mut self.places[place];
        let is_name = self.kind == ScopeKind::Module && state.segments.is_empty();
        if is_name && state.loops == 0 && matches!(self.flows[flow], Flow::Join(_)) {
            state.joins += 1;
            if state.joins.is_multiple_of(MILESTONE)
                && self.milestones.last().is_none_or(|last| last.0 < flow)
            {
                self.milestones.push((flow, place));
            }
        }
    }

    /// The same as [`Self::join`], but as a branch: the state does not change.
    pub fn join_branch(&mut self, graph: &mut ReachGraph, arms: Arms, entry: ReachId) -> Branch {
        let mark = self.mark();
        self.join(graph, arms, entry);
        self.take(mark)
    }

    /// One value for several. With `coarse`, the operands' reaches may be given up for it.
    pub fn merge(
        &mut self,
        graph: &mut ReachGraph,
        mut operands: Operands,
        coarse: Option<ReachId>,
        at: Option<ReachId>,
    ) -> FlowId {
        self.take_apart(&mut operands);
        loop {
            merge_equal(graph, &mut operands, coarse);
            if operands.len() < 2 || !self.merge_outcomes(graph, &mut operands, coarse) {
                break;
            }
        }
        match operands.as_slice() {
            [] => FlowId::START,
            [operand] => operand.flow,
            _ => {
                let range = self.push_operands(operands);
                let flow = self.flows.push(Flow::Join(range));
                if let Some(at) = at {
                    self.join_reach.insert(flow, at);
                }
                flow
            }
        }
    }

    /// Replaces operands that are joins themselves, and come straight from where they were joined.
    fn take_apart(&self, operands: &mut Operands) {
        let is_fresh = |operand: &JoinOperand| {
            self.join_reach.get(&operand.flow).is_some_and(|&at| at == operand.reach)
        };
        if operands.len() > MAX_ARMS || !operands.iter().any(is_fresh) {
            return;
        }
        let mut flat = Operands::new();
        for operand in operands.iter() {
            match self.flows[operand.flow] {
                Flow::Join(range) if is_fresh(operand) && flat.len() < MAX_ARMS => {
                    flat.extend_from_slice(&self.operands[range.indices()]);
                }
                _ => flat.push(*operand),
            }
        }
        if flat.len() <= MAX_ARMS {
            *operands = flat;
        }
    }

    /// Replaces the two outcomes of a test by the value before it. Whether there were any.
    fn merge_outcomes(
        &self,
        graph: &ReachGraph,
        operands: &mut Operands,
        coarse: Option<ReachId>,
    ) -> bool {
        let mut kept = Operands::new();
        let before = operands.len();
        for &operand in operands.iter().rev() {
            let mut current = operand;
            while let Some(last) = kept.last() {
                let Some(merged) = self.outcomes(graph, current, *last, coarse) else { break };
                kept.pop();
                current = merged;
            }
            kept.push(current);
        }
        kept.reverse();
        *operands = kept;
        operands.len() < before
    }

    fn outcomes(
        &self,
        graph: &ReachGraph,
        one: JoinOperand,
        other: JoinOperand,
        coarse: Option<ReachId>,
    ) -> Option<JoinOperand> {
        let (low, high) =
            if one.flow < other.flow { (one.flow, other.flow) } else { (other.flow, one.flow) };
        if low.as_u32() + 1 != high.as_u32() {
            return None;
        }
        let Flow::Narrowed { predicate, positive: true, previous } = self.flows[low] else {
            return None;
        };
        if self.flows[high] != (Flow::Narrowed { predicate, positive: false, previous }) {
            return None;
        }
        let reach = if one.reach == other.reach {
            one.reach
        } else if let Some(coarse) = coarse {
            coarse
        } else {
            let (complement, before) = graph.complement(one.reach)?;
            if complement != other.reach {
                return None;
            }
            before
        };
        Some(JoinOperand { flow: previous, reach })
    }

    fn push_operands(&mut self, operands: impl IntoIterator<Item = JoinOperand>) -> OperandRange {
        let start = position(self.operands.len());
        self.operands.extend(operands);
        OperandRange { start, end: position(self.operands.len()) }
    }

    /// What is seen where code is left at any point of a range of the log: for each place bound there, its value
    /// before or any logged one.
    pub fn logged_values(
        &mut self,
        graph: &mut ReachGraph,
        range: std::ops::Range<usize>,
        exits: &Exits<'_>,
    ) -> Vec<(PlaceId, FlowId)> {
        let places = self.logged_places(range.clone());
        let mut logged: Vec<_> = self.log[range].to_vec();
        logged.sort_by_key(|logged| logged.place);
        let mut values = Vec::with_capacity(places.len());
        for place in places {
            let start = logged.partition_point(|logged| logged.place < place);
            let end = logged.partition_point(|logged| logged.place <= place);
            let before = self.values[place];
            let mut operands = Operands::new();
            if let Some(normal) = exits.normal {
                let changed = normal.delta.binary_search_by_key(&place, |entry| entry.0);
                let flow = changed.map_or(before, |index| normal.delta[index].1);
                operands.push(JoinOperand { flow, reach: normal.reach });
            }
            let abrupt = |reach| exits.abrupt.unwrap_or(reach);
            operands.push(JoinOperand { flow: before, reach: abrupt(exits.entry) });
            operands.extend(
                logged[start..end]
                    .iter()
                    .map(|logged| JoinOperand { flow: logged.flow, reach: abrupt(logged.reach) }),
            );
            let coarse = (operands.len() > MAX_ARMS).then_some(exits.entry);
            values.push((place, self.merge(graph, operands, coarse, None)));
        }
        values
    }

    /// Enters a loop that binds the places in `range` of the scope's loop bindings.
    pub fn enter_loop(&mut self, range: (u32, u32)) -> LoopHead {
        let entry = self.reach;
        let mut bound: Vec<PlaceId> =
            self.loop_bindings[range.0 as usize..range.1 as usize].to_vec();
        bound.sort_unstable();
        bound.dedup();
        let mut heads = bound.clone();
        for &place in &bound {
            let longer = self.places[place].longer.iter();
            heads.extend(longer.filter(|&&place| self.values[place] != FlowId::START));
        }
        heads.sort_unstable();
        heads.dedup();
        let mut places = Vec::with_capacity(heads.len());
        for place in heads {
            let before = self.values[place];
            let flow = self.flows.push(Flow::Loop(OperandRange { start: 0, end: 0 }));
            self.set(place, flow);
            self.places[place].loops += 1;
            places.push((place, flow, before));
        }
        let mark = self.mark();
        self.loops.push(LoopFrame { mark, breaks: Vec::new(), continues: Vec::new() });
        LoopHead { places, entry }
    }

    /// Leaves a loop's body, whose end `body` is relative to the head. Gives the `break`s; the state is that of
    /// the head.
    pub fn leave_loop(&mut self, head: &LoopHead, body: Branch) -> Vec<Branch> {
        let Some(frame) = self.loops.pop() else { return Vec::new() };
        self.keep();
        let mut back: FxHashMap<PlaceId, Operands> = FxHashMap::default();
        for branch in std::iter::once(&body).chain(&frame.continues).filter(|b| b.is_live()) {
            for &(place, flow) in &branch.delta {
                let operands = back.entry(place).or_default();
                let many = operands.len() >= MAX_ARMS;
                let reach = if many { head.entry } else { branch.reach };
                operands.push(JoinOperand { flow, reach });
            }
        }
        for &(place, flow, before) in &head.places {
            let mut operands = back.remove(&place).unwrap_or_default();
            operands.retain(|operand| operand.flow != flow);
            let mut all = Operands::new();
            if head.entry != ReachId::NEVER {
                all.push(JoinOperand { flow: before, reach: head.entry });
            }
            all.extend(operands);
            self.flows[flow] = Flow::Loop(self.push_operands(all));
            self.places[place].loops -= 1;
        }
        frame.breaks
    }
}

fn collect_events(arms: &[Branch], falls: &[(u32, PlaceId, FlowId)]) -> Vec<Event> {
    let mut events: Vec<Event> =
        falls.iter().map(|&(arm, place, flow)| Event { place, arm, own: false, flow }).collect();
    for (index, arm) in arms.iter().enumerate().filter(|(_, arm)| arm.is_live()) {
        let arm_index = position(index);
        events.extend(arm.delta.iter().map(|&(place, flow)| Event {
            place,
            arm: arm_index,
            own: true,
            flow,
        }));
    }
    events.sort_by_key(|event| (event.place, event.arm, event.own));
    events
}

/// What is the same for all places of one join.
struct Joiner<'a> {
    arms: &'a [Branch],
    entry: ReachId,
    /// `live[i]`: how many of the first `i` arms are live.
    live: Vec<u32>,
    /// Reaches of sets of arms that were asked for before.
    sets: Vec<(u64, ReachId)>,
}

impl<'a> Joiner<'a> {
    fn new(arms: &'a [Branch], entry: ReachId) -> Self {
        let mut live = Vec::with_capacity(arms.len() + 1);
        let mut count = 0;
        live.push(count);
        for arm in arms {
            count += u32::from(arm.is_live());
            live.push(count);
        }
        Self { arms, entry, live, sets: Vec::new() }
    }

    fn coarse(&self) -> Option<ReachId> {
        (self.arms.len() > MAX_ARMS).then_some(self.entry)
    }

    /// The operands for one place, in the order of the arms.
    fn operands(&mut self, graph: &mut ReachGraph, base: FlowId, events: &[Event]) -> Operands {
        let mut found: SmallVec<[(u32, JoinOperand); 8]> = SmallVec::new();
        let mut flow = base;
        let mut start = 0;
        let mut own: SmallVec<[u32; 8]> = SmallVec::new();
        for event in events {
            if event.own {
                let reach = self.arms[event.arm as usize].reach;
                found.push((event.arm, JoinOperand { flow: event.flow, reach }));
                own.push(event.arm);
            } else {
                found.extend(self.unchanged(graph, flow, start, event.arm, &own));
                own.clear();
                flow = event.flow;
                start = event.arm;
            }
        }
        found.extend(self.unchanged(graph, flow, start, position(self.arms.len()), &own));
        found.sort_by_key(|entry| entry.0);
        found.into_iter().map(|entry| entry.1).collect()
    }

    /// The operand of the live arms from `start` to `end` that do not change the place themselves.
    fn unchanged(
        &mut self,
        graph: &mut ReachGraph,
        flow: FlowId,
        start: u32,
        end: u32,
        own: &[u32],
    ) -> Option<(u32, JoinOperand)> {
        let live = self.live[end as usize] - self.live[start as usize];
        if live as usize <= own.len() {
            return None;
        }
        if self.coarse().is_some() {
            return Some((start, JoinOperand { flow, reach: self.entry }));
        }
        let mut set = 0u64;
        for arm in start..end {
            if self.arms[arm as usize].is_live() && !own.contains(&arm) {
                set |= 1 << arm;
            }
        }
        let known = self.sets.iter().find(|entry| entry.0 == set).map(|entry| entry.1);
        let reach = known.unwrap_or_else(|| {
            let members = (start..end).filter(|arm| set & (1 << arm) != 0);
            let reach = graph.join(members.map(|arm| self.arms[arm as usize].reach));
            self.sets.push((set, reach));
            reach
        });
        Some((set.trailing_zeros(), JoinOperand { flow, reach }))
    }
}

/// Merges operands with the same value.
fn merge_equal(graph: &mut ReachGraph, operands: &mut Operands, coarse: Option<ReachId>) {
    operands.retain(|operand| operand.reach != ReachId::NEVER);
    if operands.len() < 2 {
        return;
    }
    if let Some(coarse) = coarse {
        let mut seen: FxHashMap<FlowId, usize> = FxHashMap::default();
        let mut merged = Operands::new();
        for operand in operands.iter() {
            match seen.get(&operand.flow) {
                Some(&index) => merged[index].reach = coarse,
                None => {
                    seen.insert(operand.flow, merged.len());
                    merged.push(*operand);
                }
            }
        }
        *operands = merged;
        return;
    }
    let mut index = 0;
    while index < operands.len() {
        let flow = operands[index].flow;
        if operands[index + 1..].iter().any(|operand| operand.flow == flow) {
            let same = operands[index..].iter().filter(|operand| operand.flow == flow);
            let reach = graph.join(same.map(|operand| operand.reach));
            let mut position = 0;
            operands.retain(|operand| {
                position += 1;
                position <= index + 1 || operand.flow != flow
            });
            operands[index].reach = reach;
        }
        index += 1;
    }
}
