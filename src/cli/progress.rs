//! Progress on a terminal: phase, files, findings so far, time left.
//!
//! It goes to standard error, and only if that is a terminal; a pipe stays quiet.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::engine::Progress;

/// Says nothing.
pub struct Silent;

impl Progress for Silent {
    fn phase(&self, _name: &'static str, _total: u64) {}
    fn advance(&self, _files: u64) {}
    fn found(&self, _count: u64) {}
}

/// A bar over the whole run: reading files is a part of it, and checking them the rest.
pub struct Bar {
    bar: ProgressBar,
    found: AtomicU64,
    files: AtomicU64,
    done: AtomicU64,
    /// Units that a file is worth in this phase.
    worth: AtomicU64,
}

/// What reading a file is worth, of a hundred.
const LOAD: u64 = 15;
const WHOLE: u64 = 100;

impl Bar {
    /// A bar on standard error; it appears with the first phase.
    #[must_use]
    pub fn new() -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(10));
        if let Ok(style) = ProgressStyle::with_template("{prefix:>8} {wide_bar} {msg}, {eta} left")
        {
            bar.set_style(style.progress_chars("=> "));
        }
        let none = || AtomicU64::new(0);
        Self { bar, found: none(), files: none(), done: none(), worth: AtomicU64::new(LOAD) }
    }

    /// Takes the bar off the terminal.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }

    fn say(&self) {
        // Counts for people to look at: no other memory depends on them.
        let [done, files, found] =
            [&self.done, &self.files, &self.found].map(|count| count.load(Ordering::Relaxed));
        self.bar.set_message(format!("{done}/{files} files, {found} found"));
    }
}

impl Default for Bar {
    fn default() -> Self {
        Self::new()
    }
}

impl Progress for Bar {
    fn phase(&self, name: &'static str, total: u64) {
        let (start, worth) = if name == "load" { (0, LOAD) } else { (LOAD, WHOLE - LOAD) };
        self.worth.store(worth, Ordering::Relaxed);
        self.files.store(total, Ordering::Relaxed);
        self.done.store(0, Ordering::Relaxed);
        self.bar.set_prefix(name);
        self.bar.set_length(total * WHOLE);
        self.bar.set_position(total * start);
        self.say();
        self.bar.enable_steady_tick(Duration::from_millis(250));
    }

    fn advance(&self, files: u64) {
        self.done.fetch_add(files, Ordering::Relaxed);
        self.bar.inc(files * self.worth.load(Ordering::Relaxed));
        self.say();
    }

    fn found(&self, count: u64) {
        if count > 0 {
            self.found.fetch_add(count, Ordering::Relaxed);
            self.say();
        }
    }
}
