//! `internal-error`: a failure of the checker itself.
//!
//! Reports that ropewalk failed on a file; the rest of the program is still checked.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "internal-error",
    default_level: Level::Error,
    summary: "a failure of the checker itself",
    documentation: "\
## What it does
Reports that ropewalk failed on a file; the rest of the program is still checked.

## Why is this bad?
What was found in the file is not complete.

## Example
```python
# no program should cause this
```

## Why this level?
A file that was not checked must not pass silently. The run exits with 101.
",
};

/// `what` was being done, e.g. "checking function `f`".
#[must_use]
pub fn internal_error(what: impl Display, panic: impl Display) -> Finding {
    Finding::new(&RULE, format!("Internal error while {what}: {panic}"))
        .hint("this is a bug in ropewalk; please report it")
}
