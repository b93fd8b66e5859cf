//! The same inference with Salsa as its engine.
//!
//! `queries.rs` is the database: inputs, keys, and a tracked function for each thing that is asked;
//! `judgements.rs` has those of relations. `task.rs` is the
//! host that inference talks to while a query runs. `run.rs` spreads the work over threads, edits, and checks again.
//!
//! Types are where they are in our own engine: in arenas by module, by value in one word. So Salsa pays neither for
//! reference counts nor for interning types, and what an edit makes useless stays in the arenas: both are named in the
//! report.

mod judgements;
mod queries;
mod run;
mod task;

pub use queries::Tuning;
pub use run::Project;
