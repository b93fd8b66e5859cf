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

/// A bar.
pub struct Bar {
    bar: ProgressBar,
    found: AtomicU64,
}

impl Bar {
    /// A bar on standard error; it appears with the first phase.
    #[must_use]
    pub fn new() -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(10));
        let template = "{prefix:>8} {wide_bar} {pos}/{len} files, {msg} found, {eta} left";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.set_message("0");
        Self { bar, found: AtomicU64::new(0) }
    }

    /// Takes the bar off the terminal.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Default for Bar {
    fn default() -> Self {
        Self::new()
    }
}

impl Progress for Bar {
    fn phase(&self, name: &'static str, total: u64) {
        self.bar.set_prefix(name);
        self.bar.set_length(total);
        self.bar.set_position(0);
        self.bar.set_message(self.found.load(Ordering::Relaxed).to_string());
        self.bar.reset_eta();
        self.bar.enable_steady_tick(Duration::from_millis(250));
    }

    fn advance(&self, files: u64) {
        self.bar.inc(files);
    }

    fn found(&self, count: u64) {
        if count > 0 {
            // A count for people to look at: no other memory depends on it.
            let found = self.found.fetch_add(count, Ordering::Relaxed) + count;
            self.bar.set_message(found.to_string());
        }
    }
}
