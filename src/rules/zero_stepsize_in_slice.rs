//! `zero-stepsize-in-slice`: a slice with a step of zero.
//!
//! Reports a slice of a string, bytes or tuple whose step is the constant zero.

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "zero-stepsize-in-slice",
    default_level: Level::Error,
    summary: "a slice with a step of zero",
    documentation: "\
## What it does
Reports a slice of a string, bytes or tuple whose step is the constant zero.

## Why is this bad?
It raises `ValueError` at run time.

## Example
```python
(1, 2, 3)[::0]  # error: [zero-stepsize-in-slice]
```

## Why this level?
The program fails whenever it gets there.
",
};

/// A step of zero.
#[must_use]
pub fn zero_stepsize_in_slice() -> Finding {
    Finding::new(&RULE, "Slice step size cannot be zero")
}
