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
mod export;
mod function;
mod host;
mod ids;
mod intersection;
mod iterate;
pub mod known;
mod limit;
mod member;
mod mro;
mod relation;
mod solve;
mod substitute;
mod ty;

pub use class::{ClassFlags, ClassInfo, DataclassOptions, Field, MroEntry};
pub use contents::{
    Aliases, Classes, FieldLists, Functions, TypeArena, TypeVars, TypeWriter, Types,
};
pub use data::{
    Data, Parameter, ParameterKind, Signature, TupleData, TypeVarData, TypeVarKind, Variance,
};
pub use display::Display;
pub use function::{FunctionFlags, FunctionInfo, KnownFunction};
pub use host::{Boundness, DefinitionTypes, Host, Member, ModuleInfo, PlaceType, Qualifiers};
pub use ids::{ClassRef, DefRef, ModuleId};
pub use iterate::Truth;
pub use known::{AliasInfo, Known, SpecialForm, TypeVarInfo};
pub use member::{AttributeResult, Lookup};
pub use solve::Solver;
pub use substitute::Substitution;
pub use ty::{Kind, Type};

/// What every question about types needs: the host to ask, and the arena to write to.
pub struct Cx<'s> {
    pub host: &'s dyn Host<'s>,
    pub arena: &'s TypeWriter<'s>,
    /// Pairs of protocol questions under way, so that recursive protocols end.
    pub assumptions: std::cell::RefCell<Vec<(Type, Type)>>,
    /// How deep relations and substitutions are nested now.
    pub depth: std::cell::Cell<u32>,
}

impl<'s> Cx<'s> {
    /// A context that writes to `arena`, a scratch.
    pub fn new(host: &'s dyn Host<'s>, arena: &'s TypeWriter<'s>) -> Self {
        Self {
            host,
            arena,
            assumptions: std::cell::RefCell::default(),
            depth: std::cell::Cell::new(0),
        }
    }
}
