//! ropewalk: a batch type checker and auditor for whole trees of Python.
//!
//! The folders below are the phases, in the order in which data flows; see `ARCHITECTURE.md`.

pub mod audit;
pub mod cli;
pub mod index;
pub mod infer;
pub mod policy;
pub mod project;
pub mod report;
pub mod rules;
pub mod schedule;
pub mod shard;
pub mod source;
pub mod store;
pub mod types;
