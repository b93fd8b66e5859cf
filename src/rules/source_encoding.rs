//! `source-encoding`: a file that cannot be read or decoded.
//!
//! Reports files that can't be opened, name an unknown encoding, or hold bytes that are not in
//! their encoding.

use std::fmt::Display;

use super::{Diagnostic, Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "source-encoding",
    default_level: Level::Error,
    summary: "a file that cannot be read or decoded",
    documentation: "\
## What it does
Reports files that can't be opened, name an unknown encoding, or hold bytes that are not in
their encoding.

## Why is this bad?
Python can't read the file either, and nothing in it is checked.

## Example
```python
# coding: no-such-encoding  # error: [source-encoding]
```

## Why this level?
A file that was not checked must not pass silently.
",
};

/// The file can't be opened or read.
#[must_use]
pub fn unreadable_file(error: impl Display) -> Finding {
    Finding::new(&RULE, format!("{UNREADABLE}{error}"))
}

/// Whether a diagnostic says that a file or folder could not be read at all.
#[must_use]
pub fn is_unreadable(diagnostic: &Diagnostic) -> bool {
    diagnostic.rule.name == RULE.name && diagnostic.message.starts_with(UNREADABLE)
}

/// How messages about files that the system does not give begin.
const UNREADABLE: &str = "Cannot read file: ";

/// A notebook that is not well formed.
#[must_use]
pub fn invalid_notebook(error: impl Display) -> Finding {
    Finding::new(&RULE, format!("Cannot read notebook: {error}"))
}
