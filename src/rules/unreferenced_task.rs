//! `unreferenced-task`: a task that nothing keeps alive.
//!
//! Reports an expression statement that starts a task of `asyncio` and throws it away.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "unreferenced-task",
    default_level: Level::Error,
    summary: "a task that nothing keeps alive",
    documentation: "\
## What it does
Reports a statement that starts a task with `asyncio.create_task`, `asyncio.ensure_future` or `loop.create_task` and
throws the task away. Task groups keep their tasks, and are left alone.

## Why is this bad?
The event loop has weak references only: the garbage collector may take the task before it is done, and an exception
in it is never seen. The documentation of `asyncio.create_task` says to save a reference.

## Example
```python
import asyncio

async def work() -> None: ...

async def main():
    asyncio.create_task(work())  # error: [unreferenced-task]
```

## Why this level?
The work may stop half way, at random. mypy calls this `unused-awaitable`, which is off there by default.
",
};

/// `starter` made a task that is thrown away.
#[must_use]
pub fn unreferenced_task(starter: impl Display) -> Finding {
    Finding::new(
        &RULE,
        format!("The task that `{starter}` starts may be collected before it is done: nothing refers to it"),
    )
    .hint("keep the task until it is done, or await it")
}
