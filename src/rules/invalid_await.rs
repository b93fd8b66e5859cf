//! `invalid-await`: an `await` of an object that is not awaitable.
//!
//! Reports `await` of a value without an `__await__` method that returns an iterator.

use std::fmt::Display;

use super::words::names;
use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "invalid-await",
    default_level: Level::Error,
    summary: "an `await` of an object that is not awaitable",
    documentation: "\
## What it does
Reports `await` of a value without an `__await__` method that returns an iterator.

## Why is this bad?
It raises `TypeError` at run time.

## Example
```python
async def f():
    await 1  # error: [invalid-await]
```

## Why this level?
The program fails whenever it gets there.
",
};

/// Awaiting a value of type `found`.
#[must_use]
pub fn invalid_await(found: impl Display) -> Finding {
    Finding::new(&RULE, format!("Object of type `{found}` is not awaitable"))
}

/// Awaiting a value of which only `members` of the union cannot be awaited.
#[must_use]
pub fn invalid_await_of_members(union: impl Display, members: &[impl Display]) -> Finding {
    let verb = if members.len() == 1 { "is" } else { "are" };
    Finding::new(&RULE, format!("{} in `{union}` {verb} not awaitable", names(members)))
}
