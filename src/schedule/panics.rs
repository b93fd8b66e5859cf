//! Panics of workers: caught, and told as internal errors with the place in our source.
//!
//! The standard hook would write each to standard error from whatever thread; for workers it stays quiet,
//! unless a backtrace was asked for.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Once;

use super::deep::TooDeep;
use crate::store::budget::Exceeded;

/// Name of the threads whose panics are told by us.
pub(super) const WORKER_NAME: &str = "ropewalk worker";

thread_local! {
    /// Where the last panic of this thread was.
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Makes panics of workers quiet. Does so once a process.
pub(super) fn install_hook() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let loud = std::env::var_os("RUST_BACKTRACE").is_some_and(|value| value != "0");
        let previous = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            let is_worker = std::thread::current().name() == Some(WORKER_NAME);
            if is_worker {
                let place = info.location().map(|at| format!("{}:{}", at.file(), at.line()));
                PLACE.with(|slot| slot.replace(place));
            }
            if loud || !is_worker {
                previous(info);
            }
        }));
    });
}

/// What `work` gives, or the words of its panic.
pub(super) fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| {
        if panic.is::<Exceeded>() || panic.is::<TooDeep>() {
            // No failure: it goes on to whoever began the task.
            resume_unwind(panic);
        }
        let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
        let text = text
            .or_else(|| panic.downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "a panic without a message".to_owned());
        match PLACE.with(RefCell::take) {
            Some(place) => format!("{text} ({place})"),
            None => text,
        }
    })
}
