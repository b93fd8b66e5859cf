//! `not-iterable`: an iteration over an object that is not iterable.
//!
//! Reports `for`, unpacking, `yield from` and comprehensions over a value that has neither
//! `__iter__` nor `__getitem__`, or whose iterator is not one.

use std::fmt::Display;

use super::words::names;
use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "not-iterable",
    default_level: Level::Error,
    summary: "an iteration over an object that is not iterable",
    documentation: "\
## What it does
Reports `for`, unpacking, `yield from` and comprehensions over a value that has neither
`__iter__` nor `__getitem__`, or whose iterator is not one.

## Why is this bad?
It raises `TypeError` at run time.

## Example
```python
for i in 10:  # error: [not-iterable]
    pass
```

## Why this level?
The program fails whenever it gets there.
",
};

/// Iterating over a value of type `found`.
#[must_use]
pub fn not_iterable(found: impl Display) -> Finding {
    Finding::new(&RULE, format!("Object of type `{found}` is not iterable"))
}

/// `async for` over a value of type `found`; `sync` when plain `for` would do.
#[must_use]
pub fn not_async_iterable(found: impl Display, sync: bool) -> Finding {
    let finding = Finding::new(&RULE, format!("Object of type `{found}` is not async-iterable"));
    if sync { finding.hint("it is iterable: use a plain `for`") } else { finding }
}

/// Plain `for` over what only `async for` can iterate.
#[must_use]
pub fn only_async_iterable(found: impl Display) -> Finding {
    not_iterable(found).hint("it is async-iterable: use `async for`")
}

/// A union of which `members` are not iterable.
#[must_use]
pub fn not_iterable_union(union: impl Display, members: &[impl Display]) -> Finding {
    let verb = if members.len() == 1 { "is" } else { "are" };
    Finding::new(&RULE, format!("{} in `{union}` {verb} not iterable", names(members)))
}
