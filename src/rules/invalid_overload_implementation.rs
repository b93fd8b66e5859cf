//! `invalid-overload-implementation`: an implementation that does not fit its overloads.
//!
//! Reports an implementation of an overloaded function that does not accept the arguments, or can't
//! return the result, of one of the overloads.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "invalid-overload-implementation",
    default_level: Level::Error,
    summary: "an implementation that does not fit its overloads",
    documentation: "\
## What it does
Reports an implementation of an overloaded function that does not accept the arguments, or can't
return the result, of one of the overloads.

## Why is this bad?
Calls that the overload allows fail in the implementation.

## Example
```python
from typing import overload

@overload
def f(x: int) -> int: ...
@overload
def f(x: str) -> str: ...
def f(x: int) -> int:  # error: [invalid-overload-implementation]
    return x
```

## Why this level?
The declaration contradicts itself.
",
};

/// The implementation does not fit overload number `overload` (from 1), for `reason`.
#[must_use]
pub fn invalid_overload_implementation(
    function: impl Display,
    overload: usize,
    reason: impl Display,
) -> Finding {
    Finding::new(
        &RULE,
        format!(
            "Implementation of `{function}` is not consistent with overload {overload}: {reason}"
        ),
    )
}
