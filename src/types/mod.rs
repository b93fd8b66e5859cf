//! What types are: their values, the data behind them, relations between them, and how they print.
//!
//! Nothing here walks syntax. What is not inferred yet is asked for through [`Host`].

mod build;
pub mod call;
mod class;
mod contents;
mod cycles;
mod data;
mod display;
mod explain;
mod export;
mod fold;
mod function;
mod host;
mod ids;
mod intersection;
mod iterate;
pub mod known;
mod limit;
mod member;
mod mro;
mod places;
mod relation;
mod solve;
mod substitute;
mod ty;
mod under_way;
mod union;

pub use class::{ClassFlags, ClassInfo, DataclassOptions, Field, MroEntry, MroError};
pub use contents::{
    Aliases, Classes, FieldLists, Functions, TypeArena, TypeVars, TypeWriter, Types,
};
pub use data::{
    Data, Parameter, ParameterKind, Signature, TupleData, TypeVarData, TypeVarKind, Variance,
};
pub use display::Display;
pub use explain::Explanation;
pub use function::{FunctionFlags, FunctionInfo, KnownFunction};
pub use host::{Boundness, DefinitionTypes, Host, Member, ModuleInfo, PlaceType, Qualifiers};
pub use ids::{ClassRef, DefRef, ModuleId};
pub use iterate::Truth;
pub use known::{AliasInfo, Known, SpecialForm, TypeVarInfo};
pub use member::{AttributeResult, Lookup};
pub use places::DistinctTypes;
pub use relation::{Judgement, Mode, Relation};
pub use solve::Solver;
pub use substitute::Substitution;
pub use ty::{Kind, Type};
pub use under_way::Step;

use crate::policy::{Off, Policy};

/// What every question about types needs: the host to ask, and the arena to write to.
pub struct Cx<'s> {
    pub host: &'s dyn Host<'s>,
    pub arena: &'s TypeWriter<'s>,
    /// Policies that do not hold in this run.
    off: Off,
    /// Pairs of types whose relation is being decided.
    pub pairs: relation::Pairs,
    /// Other questions about types that are being answered.
    pub under_way: under_way::UnderWay,
    /// What was made before.
    kept: Lent<'s, call::Kept<'s>>,
}

/// What a context has for itself, or shares.
enum Lent<'s, T> {
    Own(T),
    Of(&'s T),
}

impl<T> Lent<'_, T> {
    fn get(&self) -> &T {
        match self {
            Self::Own(own) => own,
            Self::Of(other) => other,
        }
    }
}

impl<'s> Cx<'s> {
    /// A context that writes to `arena`, a scratch.
    pub fn new(host: &'s dyn Host<'s>, arena: &'s TypeWriter<'s>) -> Self {
        let (pairs, under_way, kept) = Default::default();
        Self { host, arena, off: host.policies_off(), pairs, under_way, kept: Lent::Own(kept) }
    }

    /// The same, with what other contexts of the task have made.
    #[must_use]
    pub fn sharing(self, kept: &'s call::Kept<'s>) -> Self {
        Self { kept: Lent::Of(kept), ..self }
    }

    /// Whether a policy holds: all do, unless it is measured what one does.
    #[inline]
    pub const fn holds(&self, policy: Policy) -> bool {
        !self.off.has(policy)
    }
}
