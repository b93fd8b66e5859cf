//! What a walk remembers of its own answers.

use std::cell::{Cell, RefCell};

use ruff_text_size::TextSize;
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::Region;
use crate::index::{DefinitionId, NodeId, PlaceId, ReachId, ScopeId};
use crate::infer::fixpoint::{NO_FRAME, Remembered};
use crate::store::Handle;
use crate::types::Type;

/// An expression by node and scope, what is expected of it, and the lambda round.
type ExpressionKey = (NodeId, ScopeId, Option<Handle>, u32);

/// The subject of a `match` by node and scope, the number of cases before, and the lambda round.
type SubjectKey = (NodeId, ScopeId, usize, u32);

/// A lambda by its place, the round around it if that matters, and the types of its parameters.
type RoundKey = (TextSize, u32, SmallVec<[Handle; 4]>);

/// Whether a name may be assigned again, as far as declarations say.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::infer) struct Fixed {
    /// The first definition that makes it an alias.
    pub alias: Option<DefinitionId>,
    /// The first definition that makes it `Final`.
    pub r#final: Option<DefinitionId>,
}

/// What a walk remembers, but for definitions and flows (see [`crate::infer::fixpoint`]).
#[derive(Default)]
pub(super) struct Answers {
    reach: RefCell<FxHashMap<ReachId, Remembered<bool>>>,
    /// Types of expressions that were inferred without reporting.
    expressions: RefCell<FxHashMap<ExpressionKey, Remembered<Type>>>,
    /// What is left of the subject of a `match` before each case.
    subjects: RefCell<FxHashMap<SubjectKey, Remembered<Type>>>,
    fixed: RefCell<FxHashMap<(ScopeId, PlaceId), Fixed>>,
    /// Which inference of a lambda's body this is; 0 outside of lambdas.
    lambda_round: Cell<u32>,
    rounds: RefCell<FxHashMap<RoundKey, u32>>,
}

impl Region<'_, '_> {
    /// Which inference of a lambda's body this is; 0 outside of lambdas.
    pub(in crate::infer) fn lambda_round(&self) -> u32 {
        self.answers.lambda_round.get()
    }

    /// Runs `work`, the inference of a lambda's body with this number.
    pub(in crate::infer) fn in_lambda_round<T>(&self, round: u32, work: impl FnOnce() -> T) -> T {
        let before = self.answers.lambda_round.replace(round);
        let result = work();
        self.answers.lambda_round.set(before);
        result
    }

    /// The number of an inference of a lambda's body: the same for the same types of its parameters.
    pub(in crate::infer) fn round_of(&self, key: RoundKey) -> u32 {
        let mut rounds = self.answers.rounds.borrow_mut();
        let next = u32::try_from(rounds.len() + 1).unwrap_or(u32::MAX);
        *rounds.entry(key).or_insert(next)
    }

    /// Whether a point is reached, as far as it is remembered.
    pub(in crate::infer) fn cached_reach(&self, reach: ReachId) -> Option<bool> {
        let entry = self.answers.reach.borrow().get(&reach).copied();
        self.recall(entry)
    }

    /// Finds out whether a point is reached and remembers it; while that goes on, it counts as reached.
    pub(in crate::infer) fn remember_reach(
        &self,
        reach: ReachId,
        work: impl FnOnce() -> bool,
    ) -> bool {
        let open = self.remembered(true, NO_FRAME);
        self.answers.reach.borrow_mut().insert(reach, open);
        let (value, low) = self.tracked(work);
        let entry = self.remembered(value, low);
        self.answers.reach.borrow_mut().insert(reach, entry);
        value
    }

    /// The type of an expression that is inferred without reporting, from memory where possible.
    pub(in crate::infer) fn remembered_expression(
        &self,
        node: NodeId,
        expected: Option<Type>,
        work: impl FnOnce() -> Type,
    ) -> Type {
        let key = (node, self.scope(), expected.map(Type::handle), self.lambda_round());
        let entry = self.answers.expressions.borrow().get(&key).copied();
        if let Some(known) = self.recall(entry) {
            return known;
        }
        let (value, low) = self.tracked(work);
        let entry = self.remembered(value, low);
        self.answers.expressions.borrow_mut().insert(key, entry);
        value
    }

    /// What is left of the subject of a `match` after so many cases, if that is remembered.
    pub(in crate::infer) fn recall_subject(&self, node: NodeId, cases: usize) -> Option<Type> {
        let key = (node, self.scope(), cases, self.lambda_round());
        let entry = self.answers.subjects.borrow().get(&key).copied();
        self.recall(entry)
    }

    /// Remembers what `work` says is left of the subject of a `match` after so many cases.
    pub(in crate::infer) fn remember_subject(
        &self,
        node: NodeId,
        cases: usize,
        work: impl FnOnce() -> Type,
    ) -> Type {
        let (value, low) = self.tracked(work);
        let key = (node, self.scope(), cases, self.lambda_round());
        let entry = self.remembered(value, low);
        self.answers.subjects.borrow_mut().insert(key, entry);
        value
    }

    /// What declarations say of assigning to a place again; `find` finds out. Asked for in the pass that reports.
    pub(in crate::infer) fn fixed(
        &self,
        place: (ScopeId, PlaceId),
        find: impl FnOnce() -> Fixed,
    ) -> Fixed {
        if let Some(&known) = self.answers.fixed.borrow().get(&place) {
            return known;
        }
        let found = find();
        self.answers.fixed.borrow_mut().insert(place, found);
        found
    }
}
