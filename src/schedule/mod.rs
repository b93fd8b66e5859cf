//! Running a check: loads a program, drives inference over it with workers, and collects what is found.
//!
//! # The phases of a run
//! 1. *Load*: read, parse and index the files to check and what they import ([`load`]).
//! 2. *Bodies*: modules are actors; each takes its turn ([`actors`]), dependencies first ([`order`]).
//! 3. *Functions*: each module's turn posts its functions in batches, which any worker may take.
//! 4. *Report*: when a module's last batch is done, its findings get places and levels ([`collect`]).
//!
//! The phases of different modules overlap: what one needs of another is computed on demand, whoever asks first
//! ([`world`], [`cycle`], [`fixpoint`]), so that their order decides about time and memory, and about no result.

mod actors;
mod collect;
mod cycle;
mod deep;
mod export;
mod fixpoint;
mod hooks;
mod host;
mod load;
mod measure;
mod memo;
mod memory;
mod order;
mod panics;
mod program;
mod request;
mod run;
mod settle;
mod share;
pub mod suppression;
#[cfg(test)]
mod tests;
mod trees;
mod world;

pub use hooks::{BEGINS, GIVEN_UP, GivenUp, Hooks, TELL};
pub use measure::{FileTime, Measurements, PhaseTime, Span};
pub use memory::MemoryRow;
pub use request::{Instruments, Limits, Progress, RunOutcome, RunRequest};
pub use run::run;
