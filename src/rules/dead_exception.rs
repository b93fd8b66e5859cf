//! `dead-exception`: an exception that is caught and never raised.
//!
//! A rule of the audit.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "dead-exception",
    default_level: Level::Error,
    summary: "an exception that is caught and never raised",
    documentation: "\
## What it does
Reports an exception class that `except` clauses name and that nothing raises or uses otherwise.

## Why is this bad?
The handler never runs.

## Example
```python
class Gone(Exception):  # error: [dead-exception]
    pass

try:
    print(\"hi\")
except Gone:
    pass
```

## Why this level?
Certain findings have the rule's level; likely ones are warnings at most, and possible ones are shown on demand only.
",
};

/// An exception that is caught only.
#[must_use]
pub fn never_raised(name: impl Display) -> Finding {
    Finding::new(&RULE, format!("exception `{name}` is caught and never raised"))
}
