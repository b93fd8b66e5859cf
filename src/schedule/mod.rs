//! Running a check: loads a program, drives inference over it with workers, and collects what is found.
//!
//! # The phases of a run
//! 1. *Load*: find the files to check and what they import, by their import statements alone ([`load`]).
//! 2. *Bodies*: modules are actors ([`actors`]); each takes its turn, dependencies first ([`order`]).
//! 3. *Functions*: when the last body is done, functions in batches, which any worker may take ([`crew`]).
//! 4. *Report*: when a module's last batch is done, its findings get places and levels ([`collect`]).
//!
//! What one module needs of another is computed on demand, whoever asks first ([`task`], [`cycle`], [`fixpoint`]),
//! so that the order decides about time and memory, and about no result.

mod actors;
mod charge;
mod collect;
mod crew;
mod cycle;
mod deep;
mod export;
mod fixpoint;
mod hooks;
mod host;
mod keys;
mod limits;
mod load;
mod measure;
mod memo;
mod memory;
mod order;
mod panics;
mod program;
mod questions;
mod relations;
mod request;
mod run;
mod settle;
mod share;
#[cfg(feature = "study")]
pub mod study;
pub mod suppression;
mod task;
#[cfg(test)]
mod tests;
mod trees;
mod world;

pub use hooks::{BEGINS, GIVEN_UP, GivenUp, Hooks, TELL};
pub use load::text_hash;
pub use measure::{FileTime, Measurements, PhaseTime, Span};
pub use memory::{MemoryRow, OwnerOf};
pub use request::{Instruments, Limits, Order, Progress, RunOutcome, RunRequest};
pub use run::{Loaded, LoadedFile, run};
