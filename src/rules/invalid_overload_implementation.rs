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

/// The implementation does not take what overload number `overload` (from 1) takes.
#[must_use]
pub fn parameters_of_implementation(function: impl Display, overload: usize) -> Finding {
    let message =
        format!("Implementation of `{function}` does not accept all arguments of overload {overload}");
    Finding::new(&RULE, message)
}

/// The implementation returns `found`, and overload number `overload` (from 1) `expected`.
#[must_use]
pub fn result_of_implementation(
    function: impl Display,
    overload: usize,
    found: impl Display,
    expected: impl Display,
) -> Finding {
    let message = format!(
        "Implementation of `{function}` returns `{found}`, which does not fit overload {overload}: that returns `{expected}`"
    );
    Finding::new(&RULE, message)
}
