//! Small loops that last long enough: threads that share cores have to be scheduled together.

use std::hint::black_box;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::rows::Values;
use crate::statistics::percentile;

/// A step that takes more nanoseconds than this has waited.
const LONG: u64 = 30_000;

/// How long a loop lasts.
pub fn length(quick: bool) -> Duration {
    Duration::from_millis(if quick { 40 } else { 250 })
}

/// Nanoseconds for one `step`, repeated for so long on this thread.
pub fn per_step<T>(length: Duration, mut step: impl FnMut(usize) -> T) -> f64 {
    let start = Instant::now();
    let mut steps = 0;
    loop {
        for _ in 0..64 {
            black_box(step(steps));
            steps += 1;
        }
        let time = start.elapsed();
        if time >= length {
            return time.as_secs_f64() * 1e9 / crate::jobs::count(steps);
        }
    }
}

/// Nanoseconds for one `step` while so many threads do the same, by the time that a thread takes.
pub fn on_threads<T>(
    threads: usize,
    length: Duration,
    step: impl Fn(usize, usize) -> T + Sync,
) -> f64 {
    let times: Vec<f64> = std::thread::scope(|scope| {
        let spawn = |thread| {
            let step = &step;
            scope.spawn(move || per_step(length, |at| step(thread, at)))
        };
        let handles: Vec<_> = (0..threads).map(spawn).collect();
        handles.into_iter().map(|handle| handle.join().expect("a loop ends")).collect()
    });
    times.iter().sum::<f64>() / crate::jobs::count(times.len())
}

/// The times of single steps on one thread while others do something else.
pub fn beside<T>(
    length: Duration,
    step: impl Fn(usize) -> T,
    others: usize,
    other: impl Fn(usize, usize) + Sync,
) -> Values {
    let stop = AtomicBool::new(false);
    let mut times = Vec::new();
    std::thread::scope(|scope| {
        for thread in 0..others {
            let (stop, other) = (&stop, &other);
            scope.spawn(move || {
                let mut at = 0;
                // Relaxed: a sign to stop.
                while !stop.load(Ordering::Relaxed) {
                    other(thread, at);
                    at += 1;
                }
            });
        }
        let start = Instant::now();
        while start.elapsed() < length {
            let before = Instant::now();
            black_box(step(times.len()));
            times.push(u64::try_from(before.elapsed().as_nanos()).unwrap_or(u64::MAX));
        }
        stop.store(true, Ordering::Relaxed);
    });
    let all: u64 = times.iter().sum();
    let long: u64 = times.iter().filter(|time| **time > LONG).sum();
    times.sort_unstable();
    let mut values = Values::new();
    #[expect(clippy::cast_precision_loss, reason = "nanoseconds of one step")]
    for (name, share) in [("p50", 0.5), ("p99", 0.99), ("p99.9", 0.999)] {
        values.insert(name.to_owned(), percentile(&times, share) as f64);
    }
    #[expect(clippy::cast_precision_loss, reason = "nanoseconds of a short run")]
    values.insert("in long waits".to_owned(), long as f64 / all.max(1) as f64);
    values.insert("steps".to_owned(), crate::jobs::count(times.len()));
    values
}

/// Spins for so long, as work would.
pub fn work_for(time: Duration) {
    let start = Instant::now();
    while start.elapsed() < time {
        std::hint::spin_loop();
    }
}

/// One value.
pub fn one(name: &str, value: f64) -> Values {
    Values::from([(name.to_owned(), value)])
}
