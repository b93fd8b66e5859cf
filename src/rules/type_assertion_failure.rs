//! `type-assertion-failure`: an `assert_type` or `assert_never` that does not hold.
//!
//! Reports `assert_type(value, T)` where the type of the value is not `T`, and
//! `assert_never(value)` where the value can still be something.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "type-assertion-failure",
    default_level: Level::Error,
    summary: "an `assert_type` or `assert_never` that does not hold",
    documentation: "\
## What it does
Reports `assert_type(value, T)` where the type of the value is not `T`, and
`assert_never(value)` where the value can still be something.

## Why is this bad?
The author states what the type is, and it is not so.

## Example
```python
from typing import assert_type

assert_type(1, str)  # error: [type-assertion-failure]
```

## Why this level?
These calls exist to have this reported.
",
};

/// `assert_type` of a value of type `found`.
#[must_use]
pub fn assert_type_failure(expected: impl Display, found: impl Display) -> Finding {
    Finding::new(&RULE, format!("Type `{found}` does not match asserted type `{expected}`"))
}

/// `assert_never` of a value of type `found`.
#[must_use]
pub fn assert_never_failure(found: impl Display) -> Finding {
    Finding::new(&RULE, format!("Argument of `assert_never` is not `Never`: found `{found}`"))
        .hint("some cases are not handled")
}
