//! `unused-coroutine`: a coroutine that is neither awaited nor kept.
//!
//! Reports an expression statement whose value is a coroutine.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "unused-coroutine",
    default_level: Level::Error,
    summary: "a coroutine that is neither awaited nor kept",
    documentation: "\
## What it does
Reports an expression statement whose value is a coroutine.

## Why is this bad?
The coroutine never runs; Python warns only when it is collected.

## Example
```python
async def work() -> None: ...

async def f():
    work()  # error: [unused-coroutine]
```

## Why this level?
What was asked for is never done. mypy and pyright report it as an error too.
",
};

/// The statement throws away a value of type `found`.
#[must_use]
pub fn unused_coroutine(found: impl Display) -> Finding {
    Finding::new(&RULE, format!("Coroutine of type `{found}` is never awaited"))
        .hint("put `await` before the call, or keep the result")
}
