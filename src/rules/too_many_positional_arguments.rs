//! `too-many-positional-arguments`: a call with more positional arguments than the callable takes.
//!
//! Reports a call that passes more positional arguments than the callable has positional
//! parameters.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "too-many-positional-arguments",
    default_level: Level::Error,
    summary: "a call with more positional arguments than the callable takes",
    documentation: "\
## What it does
Reports a call that passes more positional arguments than the callable has positional
parameters.

## Why is this bad?
The call raises `TypeError` at run time.

## Example
```python
def f(x: int): ...

f(1, 2)  # error: [too-many-positional-arguments]
```

## Why this level?
The program fails whenever it gets there.
",
};

/// `expected` and `found` count positional arguments, the bound `self` not included.
#[must_use]
pub fn too_many_positional_arguments(
    callee: impl Display,
    expected: usize,
    found: usize,
) -> Finding {
    let callee = callee.to_string();
    let target = if callee.is_empty() { String::new() } else { format!(" to `{callee}`") };
    Finding::new(
        &RULE,
        format!("Too many positional arguments{target}: expected {expected}, found {found}"),
    )
}
