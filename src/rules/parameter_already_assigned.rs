//! `parameter-already-assigned`: more than one argument for one parameter.
//!
//! Reports a call that gives two arguments for the same parameter, as a positional and as a keyword
//! argument for instance.

use std::fmt::Display;

use super::words::of;
use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "parameter-already-assigned",
    default_level: Level::Error,
    summary: "more than one argument for one parameter",
    documentation: "\
## What it does
Reports a call that gives two arguments for the same parameter, as a positional and as a keyword
argument for instance.

## Why is this bad?
The call raises `TypeError` at run time.

## Example
```python
def f(x: int): ...

f(1, x=2)  # error: [parameter-already-assigned]
```

## Why this level?
The program fails whenever it gets there.
",
};

/// `parameter` of `callee` got a second argument.
#[must_use]
pub fn parameter_already_assigned(callee: impl Display, parameter: impl Display) -> Finding {
    Finding::new(
        &RULE,
        format!("Multiple values provided for parameter `{parameter}`{}", of(callee)),
    )
}
