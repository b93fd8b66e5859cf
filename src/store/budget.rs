//! What a task may use up: time, bytes in arenas, memory of the whole process.
//!
//! # Terms
//! A *budget* holds for what a thread does between [`spend_within`] and its end. Work *ticks*: at each
//! statement, expression and pair of types that are compared. A tick is a decrement of a thread-local
//! counter; once in [`TICKS`] the clock is read. There is no timer thread, and without a budget no clock.
//!
//! When a budget is used up the task unwinds with [`Exceeded`], which nobody but [`spend_within`] may keep.
//! It unwinds from a tick alone, so never out of a publication, which does not tick.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::time::Instant;

/// The clock is read once in so many ticks: some microseconds to a few milliseconds apart.
const TICKS: u32 = 256;
/// The memory of the process is asked for once in so many readings of the clock.
const READINGS: u32 = 16;

/// What may be used up.
#[derive(Debug, Clone, Copy, Default)]
pub struct Budget {
    /// The task ends before this.
    pub deadline: Option<Instant>,
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
    static LEFT: Cell<u32> = const { Cell::new(u32::MAX) };
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
    let Some(mut state) = STATE.get() else {
        LEFT.set(u32::MAX);
        return;
    };
    LEFT.set(TICKS);
    state.readings = state.readings.wrapping_add(1);
    STATE.set(Some(state));
    let Budget { deadline, bytes, is_process_over } = state.budget;
    let exceeded = if bytes.is_some_and(|bytes| SPENT.get() > bytes) {
        Exceeded::Bytes
    } else if deadline.is_some_and(|deadline| Instant::now() >= deadline) {
        Exceeded::Time
    } else if state.readings % READINGS == 1 && is_process_over.is_some_and(|is_over| is_over()) {
        Exceeded::Process
    } else {
        return;
    };
    // Without the panic hook: this is no failure.
    resume_unwind(Box::new(exceeded));
}

/// Runs `work` within a budget.
///
/// # Errors
/// When the budget is used up before `work` is done.
pub fn spend_within<T>(budget: Budget, work: impl FnOnce() -> T) -> Result<T, Exceeded> {
    let has_limit =
        budget.deadline.is_some() || budget.bytes.is_some() || budget.is_process_over.is_some();
    if !has_limit {
        return Ok(work());
    }
    STATE.set(Some(State { budget, readings: 0 }));
    SPENT.set(0);
    LEFT.set(0);
    let done = catch_unwind(AssertUnwindSafe(work));
    STATE.set(None);
    LEFT.set(u32::MAX);
    done.map_err(|panic| match panic.downcast::<Exceeded>() {
        Ok(exceeded) => *exceeded,
        Err(other) => resume_unwind(other),
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn time_and_bytes_run_out_and_nothing_is_left_behind() {
        let past = Some(Instant::now());
        let time = spend_within(Budget { deadline: past, ..Budget::default() }, || {
            (0..2 * TICKS).for_each(|_| tick());
        });
        assert_eq!(time, Err(Exceeded::Time));
        let bytes = spend_within(Budget { bytes: Some(100), ..Budget::default() }, || {
            spend(101);
            (0..2 * TICKS).for_each(|_| tick());
        });
        assert_eq!(bytes, Err(Exceeded::Bytes));
        let process =
            spend_within(Budget { is_process_over: Some(|| true), ..Budget::default() }, tick);
        assert_eq!(process, Err(Exceeded::Process));
        let future = Some(Instant::now() + Duration::from_secs(3_600));
        let budget = Budget { deadline: future, bytes: Some(1_000), is_process_over: None };
        assert_eq!(spend_within(budget, || 1), Ok(1));
        (0..2 * TICKS).for_each(|_| tick());
    }
}
