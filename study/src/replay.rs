//! More threads than there are: the logged work of a run, done again on paper by more workers.
//!
//! A trace has each message with its module, phase, worker, start and length. A replay hands the messages of a phase in
//! their order to whichever worker is free first, with the barrier between the phases, and the batches of a module only
//! after its message `functions`. It knows nothing of memory bandwidth, of waits, or of answers that two workers compute
//! at once; so it is checked against what runs at 1 and 2 threads took, and what it says of more is the best case.

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::jobs::{Check, Job, count};
use crate::plan::Plan;
use crate::rows::{Row, Rows, Values};

/// Workers that are replayed.
pub const WORKERS: &[usize] = &[1, 2, 4, 8, 16, 32, 64, 128];

#[derive(Deserialize)]
struct Trace {
    #[serde(rename = "traceEvents")]
    events: Vec<Event>,
}

/// A message of a trace.
#[derive(Debug, Clone, Deserialize)]
struct Event {
    cat: String,
    ts: f64,
    dur: f64,
}

/// See the module's documentation.
pub fn run(plan: &Plan) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut rows = Rows::default();
    for tree in &plan.trees {
        let mut of_one: Option<Vec<Event>> = None;
        for threads in [1, 2] {
            let path = folder.path().join("trace.json");
            let job = Job::Check(Check {
                host: "cells".to_owned(),
                root: tree.root.clone(),
                threads,
                trace: Some(path.clone()),
                ..Check::default()
            });
            let answer = job.run_in_child()?;
            let trace: Trace = serde_json::from_str(&std::fs::read_to_string(&path)?)?;
            let start = trace.events.iter().map(|event| event.ts).fold(f64::INFINITY, f64::min);
            let end = trace.events.iter().map(|event| event.ts + event.dur).fold(0.0, f64::max);
            let mut values = Values::new();
            values.insert("seconds".to_owned(), (end - start) / 1e6);
            values.insert("load".to_owned(), start / 1e6);
            values.insert("cpu".to_owned(), answer.values.get("cpu").copied().unwrap_or(0.0));
            rows.0.push(row(tree, "real", threads, values));
            if threads == 1 {
                of_one = Some(trace.events);
            }
        }
        let events = of_one.context("a trace")?;
        for &workers in WORKERS {
            let mut values = Values::new();
            values.insert("seconds".to_owned(), replay(&events, workers) / 1e6);
            let longest = events.iter().map(|event| event.dur).fold(0.0, f64::max);
            values.insert("longest".to_owned(), longest / 1e6);
            values.insert("messages".to_owned(), count(events.len()));
            rows.0.push(row(tree, "replay", workers, values));
        }
    }
    rows.write(&plan.results, "replay")
}

fn row(tree: &crate::trees::Tree, variant: &str, threads: usize, values: Values) -> Row {
    Row {
        variant: variant.to_owned(),
        subject: tree.name.clone(),
        threads,
        input: tree.input.clone(),
        values,
        ..Row::default()
    }
}

/// Microseconds that so many workers would take.
fn replay(events: &[Event], workers: usize) -> f64 {
    let is_body = |event: &&Event| event.cat == "bodies";
    let bodies = schedule(events.iter().filter(is_body), workers);
    bodies + schedule(events.iter().filter(|event| !is_body(event)), workers)
}

/// When the last of some messages ends, each given to whoever is free first.
fn schedule<'e>(events: impl Iterator<Item = &'e Event>, workers: usize) -> f64 {
    let mut events: Vec<&Event> = events.collect();
    events.sort_by(|a, b| a.ts.total_cmp(&b.ts));
    let mut free = vec![0.0_f64; workers];
    for event in events {
        let first = free.iter_mut().min_by(|a, b| a.total_cmp(b));
        if let Some(first) = first {
            *first += event.dur;
        }
    }
    free.into_iter().fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::{Event, replay};

    #[test]
    fn phases_follow_each_other() {
        let event = |cat: &str, ts, dur| Event { cat: cat.to_owned(), ts, dur };
        let events = [
            event("bodies", 0.0, 4.0),
            event("bodies", 4.0, 2.0),
            event("functions", 6.0, 3.0),
            event("functions", 9.0, 3.0),
        ];
        assert!((replay(&events, 1) - 12.0).abs() < 1e-9);
        assert!((replay(&events, 2) - 7.0).abs() < 1e-9);
        assert!((replay(&events, 9) - 7.0).abs() < 1e-9);
    }
}
