//! A reference held into a shard of a dashmap blocks its writers.

use std::path::Path;
use std::time::Duration;

use anyhow::{Result, bail};
use rustc_hash::FxBuildHasher;

use super::{Claim, Verdict, bench, product};
use crate::rows::{Rows, Values};
use crate::statistics::median;

/// See the module's documentation.
pub const CLAIM: Claim = Claim {
    name: "shard-blocking",
    sentence: "A reference held into a shard of a dashmap blocks its writers.",
    cells: |_| product(&["dashmap", "flurry", "papaya", "scc", "locked"], &["held", "hot"], &[2]),
    counts: false,
    run,
    judge,
};

/// Keys that are there from the beginning.
const KEYS: u32 = 4_096;
/// How long a reader holds what it has read.
const HOLD: Duration = Duration::from_micros(100);

/// A map as this experiment uses it.
trait Map: Default + Sync {
    /// Reads a key and holds what was read while `work` runs.
    fn read(&self, key: u32, work: impl FnOnce(&u64));
    fn write(&self, key: u32, value: u64);
}

type Dashmap = dashmap::DashMap<u32, Box<u64>, FxBuildHasher>;
type Flurry = flurry::HashMap<u32, Box<u64>, FxBuildHasher>;
type Papaya = papaya::HashMap<u32, Box<u64>, FxBuildHasher>;
type Scc = scc::HashMap<u32, Box<u64>, FxBuildHasher>;
type Locked = parking_lot::RwLock<rustc_hash::FxHashMap<u32, Box<u64>>>;

impl Map for Dashmap {
    fn read(&self, key: u32, work: impl FnOnce(&u64)) {
        if let Some(value) = self.get(&key) {
            work(&value);
        }
    }

    fn write(&self, key: u32, value: u64) {
        self.insert(key, Box::new(value));
    }
}

impl Map for Flurry {
    fn read(&self, key: u32, work: impl FnOnce(&u64)) {
        if let Some(value) = self.pin().get(&key) {
            work(value);
        }
    }

    fn write(&self, key: u32, value: u64) {
        self.pin().insert(key, Box::new(value));
    }
}

impl Map for Papaya {
    fn read(&self, key: u32, work: impl FnOnce(&u64)) {
        if let Some(value) = self.pin().get(&key) {
            work(value);
        }
    }

    fn write(&self, key: u32, value: u64) {
        self.pin().insert(key, Box::new(value));
    }
}

impl Map for Scc {
    fn read(&self, key: u32, work: impl FnOnce(&u64)) {
        self.read_sync(&key, |_, value| work(value));
    }

    fn write(&self, key: u32, value: u64) {
        drop(self.upsert_sync(key, Box::new(value)));
    }
}

impl Map for Locked {
    fn read(&self, key: u32, work: impl FnOnce(&u64)) {
        if let Some(value) = self.read().get(&key) {
            work(value);
        }
    }

    fn write(&self, key: u32, value: u64) {
        self.write().insert(key, Box::new(value));
    }
}

fn run(variant: &str, subject: &str, threads: usize, quick: bool) -> Result<Values> {
    match variant {
        "dashmap" => Ok(measure::<Dashmap>(subject, threads, quick)),
        "flurry" => Ok(measure::<Flurry>(subject, threads, quick)),
        "papaya" => Ok(measure::<Papaya>(subject, threads, quick)),
        "scc" => Ok(measure::<Scc>(subject, threads, quick)),
        "locked" => Ok(measure::<Locked>(subject, threads, quick)),
        _ => bail!("no such map"),
    }
}

/// Writes of one thread, timed, while others read: `held` for long, or one `hot` key again and again.
fn measure<M: Map>(subject: &str, threads: usize, quick: bool) -> Values {
    let map = M::default();
    for key in 0..KEYS {
        map.write(key, u64::from(key));
    }
    let key_of = |at: usize| u32::try_from(at % KEYS as usize).unwrap_or(0);
    let write = |at: usize| map.write(key_of(at), at as u64);
    let read = |thread: usize, at: usize| match subject {
        "held" => map.read(key_of(thread * 997 + at * 31), |_| bench::work_for(HOLD)),
        _ => map.read(7, |value| {
            std::hint::black_box(*value);
        }),
    };
    bench::beside(bench::length(quick), write, threads - 1, read)
}

fn judge(rows: &Rows, _: &Path) -> Result<Verdict> {
    let at = |variant: &str, value: &str| median(&rows.values(variant, "held", 2, value));
    if at("dashmap", "p99").is_nan() {
        return Ok(Verdict::not_measured());
    }
    let share = |map: &str| at(map, "in long waits");
    let blocks = share("dashmap") > 0.2 && share("dashmap") > 2.0 * share("flurry");
    let figures: Vec<String> = ["dashmap", "scc", "locked", "flurry", "papaya"]
        .iter()
        .map(|map| {
            let (p50, p99, most) = (at(map, "p50"), at(map, "p99"), at(map, "p99.9"));
            format!("{map} {p50:.0}/{p99:.0}/{most:.0}, {:.0} %", share(map) * 100.0)
        })
        .collect();
    Ok(Verdict::new(
        if blocks { "holds" } else { "does not hold here" },
        format!(
            "A write while another thread holds what it read for 100 µs: ns at p50/p99/p99.9, and the share of the \
             writer's time that went into waits of more than 30 µs: {}.",
            figures.join("; ")
        ),
    ))
}
