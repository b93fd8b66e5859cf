//! The atomics of this folder, under one name, so that `tests/models` can put model-checked ones in their place.

pub(super) use std::hint::spin_loop;
pub(super) use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, Ordering};
