//! `invalid-exception-caught`: an `except` clause with something that is not an exception class.
//!
//! Reports an `except` clause whose expression is neither an exception class nor a tuple of them.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "invalid-exception-caught",
    default_level: Level::Error,
    summary: "an `except` clause with something that is not an exception class",
    documentation: "\
## What it does
Reports an `except` clause whose expression is neither an exception class nor a tuple of them.

## Why is this bad?
When an exception gets there, `TypeError` is raised instead.

## Example
```python
try:
    pass
except 1:  # error: [invalid-exception-caught]
    pass
```

## Why this level?
The handler can never work.
",
};

/// `except` of a value of type `found`.
#[must_use]
pub fn invalid_exception_caught(found: impl Display) -> Finding {
    Finding::new(
        &RULE,
        format!("Cannot catch object of type `{found}`: it must be an exception class or a tuple of them"),
    )
}

/// `except*` of an exception group.
#[must_use]
pub fn exception_group_caught(found: impl Display) -> Finding {
    Finding::new(&RULE, format!("`except*` cannot catch the exception group `{found}`"))
}
