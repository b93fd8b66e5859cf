//! `--shards auto:SECONDS`: how many shards a run is worth.
//!
//! A shard costs what its own files cost, and three things that every shard pays again: the start, the look at the
//! imports of the whole program, and what its files need of files of other shards. The first shards save the most; when what
//! every shard pays outweighs what is its own, another one saves hardly anything.

use super::part::{divided, files_of};
use crate::cli::engine::{CheckRequest, Prepared, prepare};
use crate::report::counted;
use crate::schedule::Loaded;
use crate::shard::times::Times;

/// CPU seconds for a start.
const START: f64 = 0.05;
/// CPU seconds to look at the imports of a byte of text.
const LOAD: f64 = 0.013e-6;
/// CPU seconds to check a byte of text.
const CHECK: f64 = 0.18e-6;
/// CPU seconds of what a shard needs of a byte that is in reach of its imports, and not its own.
const REACH: f64 = 0.015e-6;
/// CPU seconds for a tick of work.
const TICK: f64 = 0.65e-6;
/// How much of several processors is used.
const USED: f64 = 0.9;
/// As many shards as are thought of.
const MOST: u32 = 1_000;
/// Shards whose own files cost less than this share of what every shard pays are too many.
const LEAST_OWN: f64 = 0.25;

/// An answer, and its reasons.
pub struct Estimate {
    /// How many.
    pub shards: u32,
    /// What it was made from.
    pub words: String,
}

/// How many shards it takes for each to end within `seconds` on a machine like this.
///
/// # Errors
/// When an environment is wrong or a path does not exist.
pub fn estimate(
    requests: &[CheckRequest],
    times: &Times,
    seconds: u32,
) -> anyhow::Result<Estimate> {
    let Prepared { groups, .. } = prepare(requests)?;
    let loaded: Vec<Loaded<'_>> =
        groups.iter().map(|(_, runs)| Loaded::new(runs, false, &|_| {})).collect();
    let members: Vec<&[usize]> = groups.iter().map(|(members, _)| &**members).collect();
    let files = files_of(&loaded, &members);
    let texts: u64 = loaded.iter().map(Loaded::bytes).sum();
    let (costs, unit) = (times.costs(&files), if times.is_empty() { CHECK } else { TICK });
    let all = START + LOAD * float(texts);
    let cost = |shards: u32| {
        let shard_of = divided(&files, times, shards);
        // The shards are alike: the middle one stands for all.
        let owns = |at: usize| shard_of[at] == shards / 2;
        let own: u64 = costs.iter().enumerate().filter(|(at, _)| owns(*at)).map(|it| it.1).sum();
        let reach: u64 = (0..loaded.len())
            .map(|run| {
                let mut is_own = vec![false; files.len()];
                for (at, file) in files.iter().enumerate().filter(|(_, file)| file.run == run) {
                    is_own[file.place] = owns(at);
                }
                loaded[run].bytes_in_reach(&|place| is_own[place])
            })
            .sum();
        Cost { every: all + REACH * float(reach), own: unit * float(own) }
    };
    let threads = requests.first().and_then(|request| request.limits.threads);
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    let threads = threads.map_or_else(cores, |threads| threads as usize);
    let speed = if threads == 1 { 1.0 } else { float(threads as u64) * USED };
    let (shards, found) = fewest(f64::from(seconds) * speed, &cost);
    let mut words = format!(
        "{}: {} of about {:.1} s on {}, {:.1} s of it in every shard again",
        counted(files.len(), "file"),
        counted(shards as usize, "shard"),
        found.total() / speed,
        counted(threads, "thread"),
        found.every / speed,
    );
    if found.total() / speed > f64::from(seconds) {
        words.push_str(&format!("; more shards would not get much below, and not to {seconds} s"));
    }
    Ok(Estimate { shards, words })
}

#[expect(clippy::cast_precision_loss, reason = "an estimate")]
fn float(number: u64) -> f64 {
    number as f64
}

/// CPU seconds of a shard.
#[derive(Debug, Clone, Copy)]
struct Cost {
    /// What every shard pays.
    every: f64,
    /// What its own files cost.
    own: f64,
}

impl Cost {
    fn total(self) -> f64 {
        self.every + self.own
    }
}

/// The smallest number of shards that cost at most `wanted` each, or else so many that more would save hardly anything.
fn fewest(wanted: f64, cost: &dyn Fn(u32) -> Cost) -> (u32, Cost) {
    let is_enough = |cost: Cost| cost.total() <= wanted || cost.own < cost.every * LEAST_OWN;
    let (mut low, mut high) = (0, 1);
    while high < MOST && !is_enough(cost(high)) {
        (low, high) = (high, (high * 2).min(MOST));
    }
    while low + 1 < high {
        let middle = low.midpoint(high);
        if is_enough(cost(middle)) { high = middle } else { low = middle }
    }
    (high, cost(high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_few_shards_as_are_quick_enough() {
        let cost = |shards: u32| Cost { every: 2.0, own: 100.0 / f64::from(shards) };
        assert_eq!(fewest(200.0, &cost).0, 1);
        assert_eq!(fewest(52.0, &cost).0, 2);
        assert_eq!(fewest(12.0, &cost).0, 10);
        // It can't be had: as many as still save something.
        assert_eq!(fewest(1.0, &cost).0, 201);
    }
}
