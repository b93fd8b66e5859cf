//! What a module's tasks may use up, and what is said of a module that was given up.

use super::actors::Actor;
use super::request::Limits;
use super::trees::BYTES_PER_TEXT_BYTE;
use super::world::World;
use crate::project::is_over_memory_limit;
use crate::rules::{Finding, file_skipped};
use crate::store::budget::{Budget, Exceeded, TICKS_PER_SECOND};
use crate::types::ModuleId;

/// What a task of a module may use up now, or what is used up already.
pub(super) fn budget(
    world: &World,
    module: ModuleId,
    actor: &Actor,
    limits: Limits,
) -> Result<Budget, Exceeded> {
    if limits == Limits::default() {
        return Ok(Budget::default());
    }
    let content = world.content(module);
    let has_process_limit = limits.process_bytes.is_some();
    if content.is_skipped || (has_process_limit && is_over_memory_limit()) {
        return Err(Exceeded::Process);
    }
    let mut budget = Budget::default();
    if let Some(limit) = limits.file_time {
        let limit = limit.as_secs().saturating_mul(TICKS_PER_SECOND);
        budget.ticks = Some(limit.checked_sub(actor.ticks()).ok_or(Exceeded::Time)?);
    }
    if let Some(limit) = limits.file_bytes {
        let text = world.program.module(module).text_bytes as usize;
        let held = text * BYTES_PER_TEXT_BYTE + content.index_bytes;
        budget.bytes = Some(limit.checked_sub(held).ok_or(Exceeded::Bytes)?);
    }
    budget.is_process_over = has_process_limit.then_some(is_over_memory_limit);
    Ok(budget)
}

/// Says that a module was given up; `reason` is what its check ended the process by, if it did.
pub(super) fn skipped(limits: Limits, exceeded: Exceeded, reason: Option<&str>) -> Finding {
    let megabytes = |bytes: Option<usize>| format!("{} MB", bytes.unwrap_or(0) / 1_000_000);
    match exceeded {
        Exceeded::Time => {
            let seconds = limits.file_time.unwrap_or_default().as_secs();
            file_skipped::file_skipped("max-file-seconds", format!("{seconds} s"))
        }
        Exceeded::Bytes => {
            file_skipped::file_skipped("max-file-memory", megabytes(limits.file_bytes))
        }
        Exceeded::Process => {
            file_skipped::file_skipped("max-memory", megabytes(limits.process_bytes))
        }
        Exceeded::Died => file_skipped::file_died(reason.unwrap_or("a signal")),
    }
}
