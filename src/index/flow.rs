//! Flow: which definitions reach a use, under which conditions, and whether control reaches a point at all.
//!
//! # Terms
//!
//! A *place* is a name or a short path from a name. A scope keeps, for each of its places, a small graph of
//! [`Flow`] nodes, the *value* of the place at the different points of the scope: a definition, an older value
//! narrowed by a test, or a join of older values. [`FlowId::START`] is the value at the scope's start. A
//! [`Reach`] node says under which conditions control gets to a point. A [`Predicate`] is a question about a
//! node of the tree that only inference can answer: is this test true, does this pattern match, does this call
//! return, does this context manager swallow exceptions.
//!
//! ```python
//! def f(x: int | None, flag: bool):
//!     if x is None:          # predicate p0
//!         x = 1              # d2
//!     elif flag:             # predicate p1
//!         sys.exit()         # predicate p2
//!     return x
//! ```
//!
//! At the `return`, `x` is `Join[(d2, r1), (p0- of d0, r4)]`: the definition in the first branch, which is
//! taken under `r1 = Condition(ALWAYS, p0, true)`, or the parameter `d0` narrowed by `x is None` being false.
//!
//! # Questions it answers
//!
//! * *What may this name be here?* Take the use's flow ([`super::Scope::flow_at`]) and follow it: union the
//!   operands of joins whose reach is not impossible, apply the predicate at a `Narrowed`, stop at definitions.
//! * *May it be unbound?* `START` of a bound name, or `Deleted`, is among what was found.
//! * *Is this statement reachable?* Evaluate its `Reach`.
//! * *What do others see of it?* [`super::SemanticIndex::public`].
//!
//! # Why this shape
//!
//! A value is shared by every use between two changes, a join touches only the places that its branches
//! changed, and a loop's header only those that its body binds, so the graph is linear in the code; and since
//! nothing refers to the tree, it outlives it. The only cycles go through [`Flow::Loop`]: every other node's
//! operands have smaller ids.

use super::ids::{DefinitionId, FlowId, NodeId, PredicateId, ReachId, ScopeId};

/// A run of elements in a shared table of operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OperandRange {
    /// The first element.
    pub start: u32,
    /// One past the last element.
    pub end: u32,
}

impl OperandRange {
    /// The range as indices.
    #[must_use]
    pub fn indices(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A value of one place. Operands of joins are in the scope's table ([`super::Scope::operands`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// Nothing happened in this scope. For a bare name bound here: unbound here (in a class body, and for names
    /// declared `global` or `nonlocal`, the lookup goes on outside). For a free name: look in the enclosing
    /// scopes. For a longer place: no assignment and no narrowing is known, do an ordinary lookup.
    Start,
    /// Just bound by this definition.
    Definition(DefinitionId),
    /// A name deleted by `del`, or unbound at the end of an `except … as` clause.
    Deleted,
    /// `previous`, where the predicate turned out to be true (`positive`) or false.
    Narrowed {
        /// The test, pattern, ….
        predicate: PredicateId,
        /// How it turned out.
        positive: bool,
        /// The value before.
        previous: FlowId,
    },
    /// Control comes from several places: two operands or more.
    Join(OperandRange),
    /// The head of a loop: first the value on entry, then those at the ends of the body (perhaps none). The
    /// only flow whose operands may be newer than itself.
    Loop(OperandRange),
}

/// A value that may arrive at a join, and when it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JoinOperand {
    /// The value.
    pub flow: FlowId,
    /// When control comes this way; never [`ReachId::NEVER`].
    pub reach: ReachId,
}

/// A condition under which control gets to a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Whenever the scope runs.
    Always,
    /// Never.
    Never,
    /// `previous`, and then the call ([`PredicateKind::Call`]) returned.
    AfterCall {
        /// When the call is reached.
        previous: ReachId,
        /// The call.
        predicate: PredicateId,
    },
    /// `previous`, and then the predicate turned out this way.
    Condition {
        /// When the test is reached.
        previous: ReachId,
        /// The test.
        predicate: PredicateId,
        /// How it turned out.
        positive: bool,
    },
    /// `previous` (the start of a `with`), and then a context manager swallowed an exception.
    Swallows {
        /// When the `with` is reached.
        previous: ReachId,
        /// The context managers ([`PredicateKind::ContextManager`]).
        predicate: PredicateId,
    },
    /// Any of these (in [`super::SemanticIndex::reach_operands`]).
    Join(OperandRange),
}

/// What kind of question a predicate is, and which kind of node it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PredicateKind {
    /// Is the expression true? It is neither `and`, `or` nor `not`.
    Test,
    /// Does the pattern of this case match? The node is the `match` statement. Guards are tests of their own.
    Pattern {
        /// Which of its cases.
        case_index: u32,
    },
    /// Does the call return? The node is the call, without the `await` around it.
    Call,
    /// Does one of the managers swallow exceptions? The node is the `with` statement.
    ContextManager,
}

/// A question for inference; the node itself is in [`super::AstNodes::predicates`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Predicate {
    /// The scope in which it is evaluated.
    pub scope: ScopeId,
    /// What is asked.
    pub kind: PredicateKind,
    /// The node that it is asked about, in the scope's region.
    pub node: NodeId,
}

const _: () = assert!(size_of::<Flow>() == 12);
const _: () = assert!(size_of::<JoinOperand>() == 8);
const _: () = assert!(size_of::<Reach>() == 12);
