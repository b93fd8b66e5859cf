//! `positional-only-parameter-as-kwarg`: a positional-only parameter passed by keyword.
//!
//! Reports a keyword argument whose name is that of a positional-only parameter.

use std::fmt::Display;

use super::words::of;
use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "positional-only-parameter-as-kwarg",
    default_level: Level::Error,
    summary: "a positional-only parameter passed by keyword",
    documentation: "\
## What it does
Reports a keyword argument whose name is that of a positional-only parameter.

## Why is this bad?
The call raises `TypeError` at run time.

## Example
```python
def f(x: int, /): ...

f(x=1)  # error: [positional-only-parameter-as-kwarg]
```

## Why this level?
The program fails whenever it gets there.
",
};

/// `parameter` of `callee` was passed by keyword.
#[must_use]
pub fn positional_only_parameter_as_kwarg(
    callee: impl Display,
    parameter: impl Display,
) -> Finding {
    Finding::new(
        &RULE,
        format!("Positional-only parameter `{parameter}`{} passed as keyword argument", of(callee)),
    )
}
