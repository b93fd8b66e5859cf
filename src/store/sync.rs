//! The atomics and the lock of this folder, under one name: loom's where a model of it is checked (`tests/models`).

#[cfg(not(loom))]
pub(super) use self::real::*;

#[cfg(loom)]
pub(super) use self::model::*;

#[cfg(not(loom))]
mod real {
    pub use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, Ordering};

    pub use parking_lot::Mutex;
}

#[cfg(loom)]
mod model {
    pub use loom::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, Ordering};

    /// loom's lock with the face of `parking_lot`'s.
    #[derive(Default)]
    pub struct Mutex<T>(loom::sync::Mutex<T>);

    impl<T> Mutex<T> {
        pub fn lock(&self) -> loom::sync::MutexGuard<'_, T> {
            self.0.lock().expect("no panic while it was held")
        }

        pub fn try_lock(&self) -> Option<loom::sync::MutexGuard<'_, T>> {
            self.0.try_lock().ok()
        }
    }
}
