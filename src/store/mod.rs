//! Ids, arenas, memo cells and directories: machinery that knows no Python.
//!
//! Everything that crosses threads does so through the types of this folder: data is written once
//! into an append-only arena, then published by a single atomic store, then only read.
//!
//! # What does not compile
//! What is made with a writer does not leave the write but through a memo cell:
//! ```compile_fail
//! use ropewalk::store::{Arena, Contents};
//! fn leave<C: Contents>(arena: &Arena<C>) -> &str {
//!     arena.write(|writer| writer.string("text")).0
//! }
//! ```
//! One write is one thread's:
//! ```compile_fail,E0277
//! use ropewalk::store::{Arena, Contents};
//! fn share<C: Contents>(arena: &Arena<C>) {
//!     arena.write(|writer| {
//!         std::thread::scope(|scope| {
//!             scope.spawn(|| writer.value(1).to_owned());
//!         });
//!     });
//! }
//! ```
//! A cell takes nothing that its arena does not keep:
//! ```compile_fail,E0597
//! use ropewalk::store::{Arena, Contents, Family, MemoTable};
//! fn dropped<C: Contents, F: for<'a> Family<At<'a> = u64>>(arena: &Arena<C>, table: &MemoTable<F>) {
//!     arena.write(|writer| {
//!         let value = 1;
//!         table.publish(writer, 0, &value, None);
//!     });
//! }
//! ```
//! (with `writer.value(1)` in place of `&value` it does:)
//! ```
//! use ropewalk::store::{Arena, Contents, Family, MemoTable};
//! fn kept<C: Contents, F: for<'a> Family<At<'a> = u64>>(arena: &Arena<C>, table: &MemoTable<F>) {
//!     arena.write(|writer| {
//!         table.publish(writer, 0, writer.value(1), None);
//!     });
//! }
//! ```
//! What threads must not share is in no table:
//! ```compile_fail,E0277
//! use ropewalk::store::Family;
//! enum Cells {}
//! impl Family for Cells {
//!     type At<'a> = std::cell::Cell<u64>;
//!     fn shorten<'a, 'b: 'a>(value: &'a Self::At<'b>) -> &'a Self::At<'a> {
//!         value
//!     }
//! }
//! ```
//! Nor are there vectors of what has no size:
//! ```compile_fail,E0080
//! ropewalk::store::AppendVec::<()>::default().push(());
//! ```
//! A world is lent to tasks for as long as it lives, and no longer: nothing in `schedule` has the lifetime `'static`.

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
