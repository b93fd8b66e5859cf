//! `always-true-condition`: a condition that is true whatever happens.
//!
//! Reports a function or method that is tested and not called, a coroutine that is tested and not awaited, and a
//! tuple display or generator expression that is tested itself: each of them is true.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "always-true-condition",
    default_level: Level::Error,
    summary: "a condition that is true whatever happens",
    documentation: "\
## What it does
Reports a function or method that is tested and not called, a coroutine that is tested and not awaited, and a
tuple display or generator expression that is tested itself: each of them is true.

## Why is this bad?
The test decides nothing; mostly a pair of parentheses, an `await` or an `any` is missing.

## Example
```python
class Job:
    def is_done(self) -> bool: ...

def wait(job: Job):
    while not job.is_done:  # error: [always-true-condition]
        pass
```

## Why this level?
What was asked is never looked at. mypy calls this `truthy-function`.
",
};

/// A function or method called `name` is tested, and not what it returns.
#[must_use]
pub fn function_as_condition(kind: impl Display, name: impl Display) -> Finding {
    Finding::new(&RULE, format!("This condition is always true: `{name}` is a {kind} that is not called"))
        .hint(format!("call it: `{name}()`"))
}

/// A coroutine of type `found` is tested, and not its result.
#[must_use]
pub fn coroutine_as_condition(found: impl Display) -> Finding {
    Finding::new(&RULE, format!("This condition is always true: `{found}` is not awaited"))
        .hint("put `await` before the call")
}

/// A tuple with elements is tested.
#[must_use]
pub fn tuple_as_condition() -> Finding {
    Finding::new(&RULE, "This condition is always true: a tuple that is not empty")
        .hint("remove the parentheses and the comma")
}

/// A generator expression is tested.
#[must_use]
pub fn generator_as_condition() -> Finding {
    Finding::new(&RULE, "This condition is always true: a generator is not what it yields")
        .hint("put it into `any(...)` or `all(...)`")
}
