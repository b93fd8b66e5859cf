//! What a run measures of itself: times by phase and file, what became of demands, spans for a trace.
//!
//! Counts are kept always, for they cost nothing; spans only when a trace is asked for.

use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::memory::MemoryRow;
use super::world::{Counters, Phase, PhaseCounters, World};

/// The times of one phase.
#[derive(Debug, Clone)]
pub struct PhaseTime {
    /// Its name.
    pub name: &'static str,
    /// From its beginning to its end.
    pub wall: Duration,
    /// The time that workers spent in it, summed.
    pub busy: Duration,
    /// The time that workers spent without work, summed.
    pub idle: Duration,
    /// Modules, batches or files.
    pub items: u64,
}

/// The time that one file took in the phases after Load, summed over workers.
#[derive(Debug, Clone)]
pub struct FileTime {
    /// The file, as shown.
    pub path: Arc<str>,
    /// Its lines.
    pub lines: u32,
    /// What its checks took, with all that was first asked for by them.
    pub busy: Duration,
    /// What its checks and the answers about it took, whoever asked for them first.
    pub own: Duration,
}

/// Files in a list of `--timings`, at most.
const SHOWN_FILES: usize = 10;
/// Files that take longer a line than so many times the median are listed by that …
const STEEP: f64 = 20.0;
/// … where they take at least so long.
const FELT: Duration = Duration::from_millis(10);

impl FileTime {
    /// Seconds a line, of its own time.
    fn a_line(&self) -> f64 {
        self.own.as_secs_f64() / f64::from(self.lines.max(1))
    }
}

/// One task of one worker.
#[derive(Debug, Clone)]
pub struct Span {
    /// The module that was sent a message.
    pub name: String,
    /// The message.
    pub message: &'static str,
    /// The phase.
    pub phase: &'static str,
    /// The worker.
    pub worker: u32,
    /// Since the run began.
    pub start: Duration,
    /// How long it took.
    pub length: Duration,
}

/// Times, counts and bytes of a run.
#[derive(Debug, Clone, Default)]
pub struct Measurements {
    /// In order.
    pub phases: Vec<PhaseTime>,
    /// The checked files, if they were asked for; the one that took most itself first.
    pub file_times: Vec<FileTime>,
    /// Modules loaded, checked files, and their lines.
    pub modules: u64,
    /// Files that were checked.
    pub files: u64,
    /// Lines in them.
    pub lines: u64,
    /// Worker threads.
    pub threads: u64,
    /// Work, in ticks.
    pub ticks: u64,
    /// How often the limits of inference were met, by name; those that were not are left out.
    pub limits: Vec<(&'static str, u64)>,
    /// Counts of what became of demands, by name.
    pub demands: Vec<(String, u64)>,
    /// What only the study counts.
    #[cfg(feature = "study")]
    pub extra: Vec<(&'static str, u64)>,
    /// For a trace, if one was asked for.
    pub spans: Vec<Span>,
    /// Bytes by structure, if they were asked for.
    pub memory: Vec<MemoryRow>,
    /// Bytes of the index, the arena and the cells of each module, by the path as shown; most first.
    pub memory_by_module: Vec<(Arc<str>, u64)>,
}

/// What became of demands, summed over the workers.
pub(super) fn demands_of(world: &World) -> Vec<(String, u64)> {
    // Relaxed: the threads have been joined.
    let sum = |counter: &dyn Fn(&Counters) -> &AtomicU64| {
        world.counters.iter().map(|each| counter(each).load(Ordering::Relaxed)).sum::<u64>()
    };
    let mut rows = vec![
        ("answered from a table".to_owned(), sum(&|counters| &counters.hit)),
        ("absent by the index".to_owned(), sum(&|counters| &counters.absent)),
        ("sets iterated".to_owned(), sum(&|counters| &counters.sets)),
    ];
    type Of = fn(&PhaseCounters) -> &AtomicU64;
    let by_phase: [(&str, Of); 6] = [
        ("computed", |phase| &phase.computed),
        ("computed for a cycle", |phase| &phase.provisional),
        ("computed in vain", |phase| &phase.in_vain),
        ("published", |phase| &phase.published),
        ("write rights waited for", |phase| &phase.waits),
        ("nanoseconds waited", |phase| &phase.waited),
    ];
    for (name, of) in by_phase {
        for phase in Phase::ALL {
            let value = sum(&|counters| of(&counters.by_phase[phase as usize]));
            rows.push((format!("{name}, {}", phase.name()), value));
        }
    }
    rows
}

impl Measurements {
    /// The tables of `--timings`.
    #[must_use]
    pub fn timings(&self) -> String {
        let mut out = String::new();
        let seconds = |time: Duration| time.as_secs_f64();
        let _ = writeln!(
            out,
            "{} files, {} lines, {} modules, {} threads",
            self.files, self.lines, self.modules, self.threads
        );
        let _ = writeln!(
            out,
            "{:<12} {:>9} {:>9} {:>9} {:>9}",
            "phase", "wall s", "busy s", "idle s", "items"
        );
        for phase in &self.phases {
            let (wall, busy) = (seconds(phase.wall), seconds(phase.busy));
            let (name, idle, items) = (phase.name, seconds(phase.idle), phase.items);
            let _ = writeln!(out, "{name:<12} {wall:>9.3} {busy:>9.3} {idle:>9.3} {items:>9}");
        }
        let _ = writeln!(out, "demands");
        for (name, count) in &self.demands {
            let _ = writeln!(out, "  {name:<36} {count:>12}");
        }
        let _ = writeln!(out, "work         {:>9} ticks", self.ticks);
        if !self.limits.is_empty() {
            let _ = writeln!(out, "limits met");
            for (name, count) in &self.limits {
                let _ = writeln!(out, "  {name:<28} {count:>12}");
            }
        }
        if !self.file_times.is_empty() {
            self.write_file_times(&mut out);
        }
        out
    }

    /// The slowest files, and those that take far more than the median for their lines.
    fn write_file_times(&self, out: &mut String) {
        let mut a_line: Vec<f64> = self.file_times.iter().map(FileTime::a_line).collect();
        a_line.sort_by(f64::total_cmp);
        let median = a_line[a_line.len() / 2];
        let factor = |file: &FileTime| file.a_line() / median;
        let row = |out: &mut String, file: &FileTime| {
            let (own, busy) = (file.own.as_secs_f64(), file.busy.as_secs_f64());
            let _ = writeln!(out, "  {own:>9.3} {busy:>9.3} {:>8.1}  {}", factor(file), file.path);
        };
        let _ = writeln!(out, "a line takes {:.1} µs, the median of the files", median * 1e6);
        let _ =
            writeln!(out, "  {:>9} {:>9} {:>8}  slowest files", "own s", "checks s", "× median");
        for file in self.file_times.iter().take(SHOWN_FILES) {
            row(out, file);
        }
        let is_steep = |file: &&FileTime| file.own >= FELT && factor(file) > STEEP;
        let mut steep: Vec<&FileTime> = self.file_times.iter().filter(is_steep).collect();
        steep.sort_by(|a, b| factor(b).total_cmp(&factor(a)));
        if steep.is_empty() {
            return;
        }
        let _ = writeln!(out, "{} files take over {STEEP} × the median a line", steep.len());
        for file in steep.into_iter().take(SHOWN_FILES) {
            row(out, file);
        }
    }

    /// The spans in the Trace Event format, one track a worker.
    /// Source: "Trace Event Format", Google, the complete events of its section "Duration Events".
    #[must_use]
    pub fn trace(&self) -> String {
        let micros = |time: Duration| u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        let events: Vec<serde_json::Value> = self
            .spans
            .iter()
            .map(|span| {
                serde_json::json!({
                    "name": span.name,
                    "cat": span.phase,
                    "ph": "X",
                    "ts": micros(span.start),
                    "dur": micros(span.length),
                    "pid": 1,
                    "tid": span.worker,
                    "args": { "message": span.message },
                })
            })
            .collect();
        serde_json::json!({ "traceEvents": events, "displayTimeUnit": "ms" }).to_string()
    }
}

/// Takes times from one beginning.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clock {
    start: Instant,
}

impl Clock {
    pub fn start() -> Self {
        Self { start: Instant::now() }
    }

    pub fn now(self) -> Duration {
        self.start.elapsed()
    }
}
