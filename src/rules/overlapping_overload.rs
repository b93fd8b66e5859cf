//! `overlapping-overload`: overloads that hide or contradict one another.
//!
//! Reports an overload that is never used because an earlier one takes all its calls, and overloads
//! that overlap with incompatible results.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "overlapping-overload",
    default_level: Level::Error,
    summary: "overloads that hide or contradict one another",
    documentation: "\
## What it does
Reports an overload that is never used because an earlier one takes all its calls, and overloads
that overlap with incompatible results.

## Why is this bad?
Which result a call has depends on what happens to be known of its arguments.

## Example
```python
from typing import overload

@overload
def f(x: object) -> int: ...
@overload
def f(x: str) -> str: ...  # error: [overlapping-overload]
def f(x: object) -> object:
    return x
```

## Why this level?
The declaration does not mean what it says.
",
};

/// Overload `hidden` can never match because of `by` (both from 1).
#[must_use]
pub fn unreachable_overload(function: impl Display, hidden: usize, by: usize) -> Finding {
    Finding::new(
        &RULE,
        format!("Overload {hidden} of `{function}` will never be used: overload {by} accepts all its arguments"),
    )
}

/// Overloads `first` and `second` take common arguments with incompatible results.
#[must_use]
pub fn overlapping_overload(function: impl Display, first: usize, second: usize) -> Finding {
    Finding::new(
        &RULE,
        format!("Overloads {first} and {second} of `{function}` overlap with incompatible return types"),
    )
}
