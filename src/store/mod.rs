//! Ids, arenas, memo cells and directories: machinery that knows no Python.
//!
//! Everything that crosses threads does so through the types of this folder: data is written once
//! into an append-only arena, then published by a single atomic store, then only read.

mod append;
mod arena;
pub mod budget;
mod cell;
mod directory;
mod family;
mod fingerprint;
mod handle;
pub mod limits;
mod sync;
#[cfg(test)]
mod tests;
mod type_store;
#[cfg(feature = "study")]
pub mod variants;

pub use append::AppendVec;
pub use arena::{Arena, Contents, HeldBytes, Scratch, Typed, Wait, Writer};
pub use cell::{MemoMap, MemoTable, Seal, Seals};
pub use directory::{Directory, Flurry};
pub use family::Family;
pub(crate) use family::family;
pub use fingerprint::{Fingerprint, Hasher};
pub use handle::Handle;
pub use type_store::{ArenaCache, ModuleArena, TypeStore};

/// The directory of a run.
#[cfg(not(feature = "study"))]
pub type RunDirectory<A> = Flurry<A>;
/// The directory of a run: the one that was chosen.
#[cfg(feature = "study")]
pub type RunDirectory<A> = variants::Chosen<A>;
