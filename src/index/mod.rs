//! The semantic index of a module: scopes, places, definitions and control flow, before any type is known.
//!
//! [`build`] walks a tree once and gives frozen data ([`SemanticIndex`]) and, apart from it, the nodes behind
//! the data's ids ([`AstNodes`]); [`flow`] explains the core of it.

mod ast;
mod builder;
mod definition;
mod distinct;
mod fill;
pub mod flow;
mod ids;
mod members;
mod model;
mod place;
mod reads;
mod size;
#[cfg(test)]
mod tests;

pub use ast::{AstNodes, FunctionExits, ModuleAst, PredicateNode, ScopeNode};
pub use builder::{build, dotted, integer, is_placeholder};
pub use definition::{
    Definition, DefinitionCategory, DefinitionKind, DefinitionNode, ParameterKind, ParameterOwner,
};
pub use distinct::Distinct;
pub use fill::Numbering;
pub use flow::{Flow, JoinOperand, OperandRange, Predicate, PredicateKind, Reach};
pub use ids::{DefinitionId, FlowId, NodeId, PlaceId, PredicateId, ReachId, ScopeId};
pub use members::MemberName;
pub use model::{
    DunderAll, DunderAllOp, IndexSettings, InstanceAttribute, Scope, ScopeKind, SemanticIndex,
    StarImport,
};
pub use place::{Definitions, MAX_SEGMENTS, Place, PlaceExpr, PlaceFlags, PlaceSegment};
pub use reads::{Read, Way};
pub use size::{TABLES, TableSize};
