//! `invalid-enum`: a misuse of enums.
//!
//! Reports annotated members, values that do not fit `_value_`, members assigned to, and other
//! misuse of `Enum` classes.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "invalid-enum",
    default_level: Level::Error,
    summary: "a misuse of enums",
    documentation: "\
## What it does
Reports annotated members, values that do not fit `_value_`, members assigned to, and other
misuse of `Enum` classes.

## Why is this bad?
The class is not the enum that it looks like, or fails at run time.

## Example
```python
from enum import Enum

class Color(Enum):
    RED: int = 1  # error: [invalid-enum]
```

## Why this level?
The typing rules of enums are definite.
",
};

/// An annotated member of the enum `class`.
#[must_use]
pub fn annotated_enum_member(class: impl Display, member: impl Display) -> Finding {
    Finding::new(&RULE, format!("Member `{member}` of enum `{class}` must not have an annotation"))
        .hint("leave the annotation out; declare `_value_` for the type of the values")
}

/// The value of `member` does not fit `_value_` or `__new__`/`__init__`.
#[must_use]
pub fn invalid_enum_value(
    member: impl Display,
    expected: impl Display,
    found: impl Display,
) -> Finding {
    Finding::new(
        &RULE,
        format!("Value of enum member `{member}` is incorrect: expected `{expected}`, found `{found}`"),
    )
}

/// Anything else that is wrong with the enum, as a clause.
#[must_use]
pub fn invalid_enum(class: impl Display, reason: impl Display) -> Finding {
    Finding::new(&RULE, format!("Invalid enum `{class}`: {reason}"))
}

/// The value of `member` cannot be passed to `__new__` or `__init__`.
#[must_use]
pub fn invalid_enum_arguments(
    member: impl Display,
    method: impl Display,
    found: impl Display,
) -> Finding {
    Finding::new(
        &RULE,
        format!("Value of enum member `{member}` does not fit `{method}`: found `{found}`"),
    )
}
