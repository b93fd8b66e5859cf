//! What a run is measured on, and whether somebody else is using it.

use std::time::{Duration, Instant};

/// CPU seconds and the most megabytes of this process, or of its children that have ended.
fn usage(of_children: bool) -> (f64, f64) {
    let who = if of_children { libc::RUSAGE_CHILDREN } else { libc::RUSAGE_SELF };
    // SAFETY: fills a plain struct of ours.
    let usage = unsafe {
        let mut usage = std::mem::zeroed::<libc::rusage>();
        libc::getrusage(who, &raw mut usage);
        usage
    };
    let seconds = |time: libc::timeval| {
        let whole = Duration::from_secs(time.tv_sec.unsigned_abs());
        whole + Duration::from_micros(time.tv_usec.unsigned_abs())
    };
    #[expect(clippy::cast_precision_loss, reason = "kilobytes of a process")]
    let peak = usage.ru_maxrss as f64;
    let peak = if cfg!(target_os = "macos") { peak / 1e6 } else { peak * 1024.0 / 1e6 };
    ((seconds(usage.ru_utime) + seconds(usage.ru_stime)).as_secs_f64(), peak)
}

/// CPU seconds of this process, all threads.
pub fn cpu() -> f64 {
    usage(false).0
}

/// The most megabytes that this process had.
pub fn peak_megabytes() -> f64 {
    usage(false).1
}

/// CPU seconds and the most megabytes of the processes that this one has started.
pub fn of_children() -> (f64, f64) {
    usage(true)
}

/// Megabytes that this process has now.
pub fn resident_megabytes() -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "bytes of a process")]
    let bytes = ropewalk::project::resident_bytes().unwrap_or(0) as f64;
    bytes / 1e6
}

/// Seconds that all cores together were busy since the machine started.
fn busy() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/stat").ok()?;
    let line = text.lines().next()?;
    let times: Vec<f64> = line.split_whitespace().skip(1).filter_map(|t| t.parse().ok()).collect();
    // All but `idle` and `iowait`; the kernel counts in hundredths.
    let idle = times.get(3)? + times.get(4)?;
    Some((times.iter().take(8).sum::<f64>() - idle) / 100.0)
}

/// Watches how busy everybody else is.
pub struct Watch {
    start: Instant,
    busy: Option<f64>,
}

impl Watch {
    /// From now on.
    pub fn start() -> Self {
        Self { start: Instant::now(), busy: busy() }
    }

    /// The cores that others have used since, on average, when `own` CPU seconds were ours; `None` where the
    /// system does not say.
    pub fn others(&self, own: f64) -> Option<f64> {
        let used = busy()? - self.busy?;
        Some(((used - own) / self.start.elapsed().as_secs_f64()).max(0.0))
    }
}

/// How many cores others use now.
pub fn load() -> Option<f64> {
    let watch = Watch::start();
    std::thread::sleep(Duration::from_millis(1_500));
    watch.others(0.0)
}

/// Processor, cores and system, in a line.
pub fn describe() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = text.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or("unknown");
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let kernel = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let model = model.trim_start_matches([' ', '\t', ':']);
    format!("{model}, {cores} cores, {} {}", std::env::consts::OS, kernel.trim())
}
