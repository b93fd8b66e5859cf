//! Questions about the whole program, asked of the facts that a check leaves behind.
//!
//! Every question is a pure function of facts and of what the files of the projects declare: nothing here reads
//! a file, and the same facts give the same findings in the same order.

pub mod api;
pub mod conventions;
pub mod coverage;
pub mod dead;
mod decorators;
pub mod dependencies;
pub mod edges;
mod exported;
mod fixtures;
mod found;
mod groups;
pub mod imports;
pub mod links;
pub mod live;
mod parameters;
pub mod picture;
pub mod program;
pub mod settings;
mod sources;
mod sure;
pub mod why;

pub use found::{Found, apply_mentions};
