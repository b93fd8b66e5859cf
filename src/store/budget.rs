//! What a task may use up: work, bytes in arenas, memory of the whole process.
//!
//! # Terms
//! A *budget* holds for what a thread does between [`spend_within`] and its end. Work *ticks*: at each
//! statement, expression, type that is made, and pair of types that are compared. A tick is a decrement of a
//! thread-local counter; once in [`TICKS`] the budget is looked at. Time is counted in ticks, a million of which
//! stand for a second, and never read from a clock: what a file may use must not depend on what else the machine
//! does.
//!
//! When a budget is used up the task unwinds with [`Exceeded`], which nobody but [`spend_within`] may keep.
//! It unwinds from a tick alone, so never out of a publication, which does not tick.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// The budget is looked at once in so many ticks.
const TICKS: u32 = 256;
/// The memory of the process is asked for once in so many looks.
const READINGS: u32 = 16;
/// Ticks that stand for a second.
pub const TICKS_PER_SECOND: u64 = 1_000_000;

/// What may be used up.
#[derive(Debug, Clone, Copy, Default)]
pub struct Budget {
    /// It does at most so many ticks.
    pub ticks: Option<u64>,
    /// It writes at most so many bytes into arenas.
    pub bytes: Option<usize>,
    /// Says whether the process uses more than it may.
    pub is_process_over: Option<fn() -> bool>,
}

/// What was used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exceeded {
    /// Its time.
    Time,
    /// Its bytes.
    Bytes,
    /// The memory of the process.
    Process,
    /// The process: it died in the check of the module.
    Died,
}

#[derive(Clone, Copy)]
struct State {
    budget: Budget,
    readings: u32,
}

thread_local! {
    /// Ticks until the next look at the budget.
    static LEFT: Cell<u32> = const { Cell::new(TICKS) };
    /// Ticks since the budget began, up to the last look.
    static TICKED: Cell<u64> = const { Cell::new(0) };
    /// Bytes written since the budget began.
    static SPENT: Cell<usize> = const { Cell::new(0) };
    static STATE: Cell<Option<State>> = const { Cell::new(None) };
}

/// Counts a step of work.
///
/// # Panics
/// Unwinds with [`Exceeded`] when the budget of this thread is used up.
#[inline]
pub fn tick() {
    LEFT.with(|left| match left.get() {
        0 => look(),
        ticks => left.set(ticks - 1),
    });
}

/// Counts bytes written into an arena; the next look sees them.
#[inline]
pub fn spend(bytes: usize) {
    SPENT.with(|spent| spent.set(spent.get().wrapping_add(bytes)));
}

#[cold]
fn look() {
    LEFT.set(TICKS);
    TICKED.set(TICKED.get() + u64::from(TICKS));
    let Some(mut state) = STATE.get() else { return };
    state.readings = state.readings.wrapping_add(1);
    STATE.set(Some(state));
    let Budget { ticks, bytes, is_process_over } = state.budget;
    let exceeded = if bytes.is_some_and(|bytes| SPENT.get() > bytes) {
        Exceeded::Bytes
    } else if ticks.is_some_and(|ticks| TICKED.get() > ticks) {
        Exceeded::Time
    } else if state.readings % READINGS == 1 && is_process_over.is_some_and(|is_over| is_over()) {
        Exceeded::Process
    } else {
        return;
    };
    // Without the panic hook: this is no failure.
    resume_unwind(Box::new(exceeded));
}

/// Runs `work` within a budget; also gives the ticks that it took.
///
/// # Errors
/// When the budget is used up before `work` is done.
pub fn spend_within<T>(budget: Budget, work: impl FnOnce() -> T) -> (Result<T, Exceeded>, u64) {
    STATE.set(Some(State { budget, readings: 0 }));
    SPENT.set(0);
    TICKED.set(0);
    // The first tick looks: a budget of nothing lasts for nothing.
    LEFT.set(0);
    let done = catch_unwind(AssertUnwindSafe(work));
    STATE.set(None);
    let ticks = TICKED.get().saturating_sub(u64::from(LEFT.replace(TICKS)));
    let done = done.map_err(|panic| match panic.downcast::<Exceeded>() {
        Ok(exceeded) => *exceeded,
        Err(other) => resume_unwind(other),
    });
    (done, ticks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_and_bytes_run_out_and_nothing_is_left_behind() {
        let many = || (0..4 * TICKS).for_each(|_| tick());
        let ticks = spend_within(Budget { ticks: Some(500), ..Budget::default() }, many);
        assert_eq!(ticks.0, Err(Exceeded::Time));
        let bytes = spend_within(Budget { bytes: Some(100), ..Budget::default() }, || {
            spend(101);
            many();
        });
        assert_eq!(bytes.0, Err(Exceeded::Bytes));
        let process =
            spend_within(Budget { is_process_over: Some(|| true), ..Budget::default() }, tick);
        assert_eq!(process.0, Err(Exceeded::Process));
        let budget = Budget { ticks: Some(5_000), bytes: Some(1_000), is_process_over: None };
        let (done, ticks) = spend_within(budget, || (0..1_000).for_each(|_| tick()));
        assert_eq!(done, Ok(()));
        assert!((900..1_100).contains(&ticks), "{ticks}");
        many();
    }
}
