//! Demands that are too deep are answered first.
//!
//! ```python
//! def f0(): return f1()
//! def f1(): return f2()   # and so on, ten thousand of them
//! ```
//! The answer for `f0` needs that for `f1`, and that the next one: a stack of ten thousand demands. Where there are
//! [`DEEP`] of them, the task unwinds to its root, the demand that was too deep is answered by itself, on an empty
//! stack, and published; then the task starts again, and finds it. Each restart publishes an answer, so it ends, and
//! nothing that comes out depends on how deep somebody was when he asked.
//!
//! A cycle of more questions than that has no demand that can be answered first: one comes back to a demand that
//! waits. Each that waits since then stands for a full stack, and the cycle is about as long as they are together: a
//! stack as deep as that is allowed at once, since to double it step by step makes the same cycle as often.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use rustc_hash::FxHashSet;

use super::keys::Key;
use super::task::Task;

/// With so many demands within each other, one more is too deep.
const DEEP: usize = 400;

/// What a task unwinds with. Nobody but [`shallow`] keeps it.
pub(super) struct TooDeep;

/// Unwinds to the root of the task.
#[cold]
pub(super) fn too_deep<'t>(task: &'t Task<'t>, key: Key<'t>) -> ! {
    task.too_deep.set(Some(key));
    // Without the panic hook: this is no failure.
    resume_unwind(Box::new(TooDeep))
}

/// What `work` gives, after the demands that were too deep on its way.
pub(super) fn shallow<'t, T>(task: &'t Task<'t>, work: impl Fn() -> T) -> T {
    let mut first: Vec<Key<'t>> = Vec::new();
    let mut answered: FxHashSet<Key<'t>> = FxHashSet::default();
    let mut most = DEEP;
    loop {
        let key = first.last().copied();
        task.reset(most, &first[..first.len().saturating_sub(1)]);
        let attempt = catch_unwind(AssertUnwindSafe(|| match key {
            Some(key) => {
                task.demand(key);
                None
            }
            None => Some(work()),
        }));
        match attempt {
            Ok(Some(done)) => return done,
            Ok(None) => answered.extend(first.pop()),
            Err(panic) if !panic.is::<TooDeep>() => resume_unwind(panic),
            Err(_) => {
                let Some(key) = task.too_deep.take() else { continue };
                let begin = first.iter().position(|&waiting| waiting == key);
                if begin.is_some() || answered.contains(&key) {
                    let stacks = begin.map_or(1, |begin| first.len() - begin);
                    first.clear();
                    most *= 1 + stacks;
                } else {
                    first.push(key);
                }
            }
        }
    }
}
