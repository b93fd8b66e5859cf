//! The files of `src/store/`, as they are, in a crate of their own: for Miri (`cargo +nightly miri test -p
//! ropewalk-models`) and for loom (`RUSTFLAGS="--cfg loom" cargo test -p ropewalk-models --release`).

#![allow(dead_code, missing_docs, unreachable_pub)]
#[path = "../../../src/store/mod.rs"]
pub mod store;

#[cfg(all(test, loom))]
mod models;
