//! ropewalk: a batch type checker and auditor for whole trees of Python.
//!
//! The folders below are the phases, in the order in which data flows; see `ARCHITECTURE.md`.

pub mod project;
pub mod source;
pub mod index;
pub mod store;
pub mod types;
pub mod rules;
