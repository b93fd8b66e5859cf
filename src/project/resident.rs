//! The memory of this process, and the limit that the user sets for it.
//!
//! The system is asked, because only it knows what allocators, stacks and the program itself take.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// Bytes; 0 for no limit.
static LIMIT: AtomicU64 = AtomicU64::new(0);

/// Sets what the process may use; `None` lifts the limit.
pub fn set_memory_limit(bytes: Option<u64>) {
    // Relaxed, here and below: a number that says nothing of other memory.
    LIMIT.store(bytes.unwrap_or(0), Ordering::Relaxed);
}

/// Whether the process uses more memory than it may. False where the system does not tell.
#[must_use]
pub fn is_over_memory_limit() -> bool {
    let limit = LIMIT.load(Ordering::Relaxed);
    limit != 0 && resident_bytes().is_some_and(|bytes| bytes > limit)
}

/// What the program's allocator says of itself.
#[derive(Debug, Clone, Copy)]
pub struct Allocator {
    /// The bytes that it takes for a block of so many.
    pub block: fn(usize) -> usize,
    /// What it holds; asked when one thread is left.
    pub held: fn() -> Held,
}

/// What an allocator holds, in bytes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Held {
    /// In blocks that were handed out.
    pub blocks: usize,
    /// In blocks that were given back, on pages where others were not.
    pub gaps: usize,
}

static ALLOCATOR: OnceLock<Allocator> = OnceLock::new();

/// Tells which allocator the program has; the first word counts.
pub fn set_allocator(allocator: Allocator) {
    let _ = ALLOCATOR.set(allocator);
}

/// The bytes that a block of so many takes; as many, where nobody told which allocator there is.
#[must_use]
pub fn block_bytes(bytes: usize) -> usize {
    match ALLOCATOR.get() {
        Some(allocator) if bytes > 0 => (allocator.block)(bytes),
        _ => bytes,
    }
}

/// What the allocator holds, where it is known.
#[must_use]
pub fn held_by_allocator() -> Option<Held> {
    ALLOCATOR.get().map(|allocator| (allocator.held)())
}

/// The memory of this process that is in RAM.
#[must_use]
pub fn resident_bytes() -> Option<u64> {
    from_status("VmRSS:")
}

/// The most memory of this process that was in RAM at once.
#[must_use]
pub fn peak_bytes() -> Option<u64> {
    from_status("VmHWM:")
}

/// The part of [`resident_bytes`] that is the program's file and others that are mapped.
#[must_use]
pub fn mapped_bytes() -> Option<u64> {
    from_status("RssFile:")
}

/// Source: Linux manual page proc(5), "/proc/pid/status".
fn from_status(field: &str) -> Option<u64> {
    let text = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(field))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1_024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn a_process_has_a_size() {
        let [now, peak, mapped] = [resident_bytes(), peak_bytes(), mapped_bytes()];
        assert!(now.is_some_and(|bytes| bytes > 100_000));
        assert!(mapped.is_some_and(|bytes| bytes > 100_000) && mapped < peak);
    }
}
