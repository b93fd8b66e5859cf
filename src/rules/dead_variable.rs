//! `dead-variable`: a local variable that is never read.
//!
//! A rule of the audit.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "dead-variable",
    default_level: Level::Error,
    summary: "a local variable that is never read",
    documentation: "\
## What it does
Reports a local variable that is assigned and never read.

## Why is this bad?
Either the value is not needed, or it was meant to be used.

## Example
```python
def run() -> int:
    unused = 1  # error: [dead-variable]
    return 2

print(run())
```

## Why this level?
Certain findings have the rule's level; likely ones are warnings at most, and possible ones are shown on demand only.
",
};

/// A local variable.
#[must_use]
pub fn unread_local(name: impl Display) -> Finding {
    Finding::new(&RULE, format!("variable `{name}` is assigned and never read"))
}
