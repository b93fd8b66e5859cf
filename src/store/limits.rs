//! The one table of limits: where inference could grow or go on without end, what ends it, and how often it did.
//!
//! Each is set so that code which somebody wrote does not meet it; `--timings` prints those that were met. A limit
//! is a property of the value or of the set of questions it holds for, never of the way there: what one gives must
//! not depend on who asked first.

use std::sync::atomic::{AtomicU64, Ordering};

/// More types than this within each other, and the outer one is `Unknown`.
pub const MAX_NESTING: u8 = 200;
/// A type of more parts than this, written out, is `Unknown`.
pub const MAX_PARTS: u16 = 4_000;
/// In unions with more members than this that are no literals, literals become their class, and what is
/// more than this is `Unknown`.
pub const MAX_UNION: usize = 256;
/// In unions wider than this literals become their class. A declared `Literal` may well name hundreds.
pub const MAX_LITERALS: usize = 1_024;
/// In unions wider than this that results and attributes which lead to each other have, literals become their class; if
/// it still is wider, it is `Unknown`. Else a ring of functions hands all of its members round.
pub const MAX_UNION_OF_CYCLE: usize = 128;
/// Results and attributes that lead to each other are inferred so often each, on average; if they still change, what is
/// inferred for all of them is their fallback.
pub const MAX_ROUNDS_OF_CYCLE: usize = 16;
/// A tuple with more elements than this becomes `tuple[T, ...]`.
pub const MAX_TUPLE: usize = 256;

/// A class whose method resolution order would have more classes than this has bases that are not known.
pub const MAX_MRO: usize = 1_000;

/// A question whether one type is another looks at so many pairs of types; with more, the answer is yes.
pub const MAX_PAIRS: usize = 10_000;

/// Whether a name from `import *` is declared is looked for in so many modules.
pub const MAX_STARS: usize = 256;

/// So many modules are looked at to see whether star imports lead back to one; with more, they are taken not to.
pub const MAX_STAR_RING: usize = 64;

macro_rules! limits {
    ($($(#[$doc:meta])* $name:ident: $label:literal),* $(,)?) => {
        /// What was cut off.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(usize)]
        pub enum Limit { $($(#[$doc])* $name),* }
        const LABELS: &[&str] = &[$($label),*];
    };
}

limits! {
    /// [`MAX_NESTING`].
    TypeNesting: "types nested too deeply",
    /// [`MAX_PARTS`].
    TypeParts: "types of too many parts",
    /// [`MAX_UNION`], [`MAX_LITERALS`] and [`MAX_UNION_OF_CYCLE`].
    UnionWidth: "unions too wide",
    /// [`MAX_TUPLE`].
    TupleWidth: "tuples too wide",
    /// [`MAX_MRO`].
    MroLength: "classes with too many bases above them",
    /// [`MAX_PAIRS`].
    RelationPairs: "relations of too many pairs",
    /// [`MAX_STARS`].
    StarImports: "names by way of too many star imports",
    /// [`MAX_ROUNDS_OF_CYCLE`].
    CycleRounds: "cycles that do not settle",
    /// So many questions within each other that none can be answered first.
    DemandDepth: "cycles of too many questions",
}

static HITS: [AtomicU64; LABELS.len()] = [const { AtomicU64::new(0) }; LABELS.len()];

impl Limit {
    /// Counts that this limit was met.
    #[cold]
    pub fn hit(self) {
        // Relaxed: a count for people, read when the threads have ended.
        HITS[self as usize].fetch_add(1, Ordering::Relaxed);
    }
}

/// Each limit that this process has met, and how often.
#[must_use]
pub fn hits() -> Vec<(&'static str, u64)> {
    LABELS
        .iter()
        .zip(&HITS)
        .map(|(&label, count)| (label, count.load(Ordering::Relaxed)))
        .filter(|&(_, count)| count > 0)
        .collect()
}
