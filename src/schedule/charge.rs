//! Whom time is charged to: the module that a question is about, whoever asks it first.
//!
//! The first file that imports a library would otherwise seem to take all the time that the library's declarations
//! need. Time is charged only where a run is asked for its times: two looks at the clock an answer.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::types::ModuleId;

/// Nanoseconds by module.
pub(super) struct Charges(Box<[AtomicU64]>);

impl Charges {
    /// Nothing is charged to any of so many modules.
    pub fn new(modules: usize) -> Self {
        Self((0..modules).map(|_| AtomicU64::new(0)).collect())
    }

    /// What was charged to a module, summed over workers.
    pub fn of(&self, module: ModuleId) -> Duration {
        // Relaxed: asked for when the workers have ended.
        Duration::from_nanos(self.0[module.0 as usize].load(Ordering::Relaxed))
    }

    fn add(&self, module: ModuleId, time: Duration) {
        let nanos = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        self.0[module.0 as usize].fetch_add(nanos, Ordering::Relaxed);
    }
}

/// From its making to its drop, time is charged to one module, but for what lies within another charge of the task.
pub(super) struct Charge<'t> {
    charges: &'t Charges,
    module: ModuleId,
    /// The time of the charges within this one.
    within: &'t Cell<Duration>,
    /// What was within the charge around this one when it began.
    around: Duration,
    start: Instant,
}

impl<'t> Charge<'t> {
    pub fn begin(charges: &'t Charges, module: ModuleId, within: &'t Cell<Duration>) -> Self {
        Self { charges, module, within, around: within.take(), start: Instant::now() }
    }
}

impl Drop for Charge<'_> {
    fn drop(&mut self) {
        let length = self.start.elapsed();
        self.charges.add(self.module, length.saturating_sub(self.within.get()));
        self.within.set(self.around + length);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_within_is_charged_once() {
        let charges = Charges::new(2);
        let within = Cell::new(Duration::ZERO);
        let pause = Duration::from_millis(20);
        let all = Instant::now();
        {
            let _outer = Charge::begin(&charges, ModuleId(0), &within);
            {
                let _inner = Charge::begin(&charges, ModuleId(1), &within);
                std::thread::sleep(pause);
            }
            std::thread::sleep(pause);
        }
        let (outer, inner) = (charges.of(ModuleId(0)), charges.of(ModuleId(1)));
        assert!(outer >= pause && inner >= pause);
        assert!(outer + inner <= all.elapsed());
    }
}
