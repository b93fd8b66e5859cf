//! `invalid-unpacking`: an unpacking with the wrong number of targets.
//!
//! Reports an unpacking assignment whose number of targets does not match the length of the value.

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "invalid-unpacking",
    default_level: Level::Error,
    summary: "an unpacking with the wrong number of targets",
    documentation: "\
## What it does
Reports an unpacking assignment whose number of targets does not match the length of the value.

## Why is this bad?
It raises `ValueError` at run time.

## Example
```python
a, b = (1, 2, 3)  # error: [invalid-unpacking]
```

## Why this level?
The program fails whenever it gets there.
",
};

/// `expected` targets, `found` elements; `starred` when one target takes the rest.
#[must_use]
pub fn invalid_unpacking(expected: usize, found: usize, starred: bool) -> Finding {
    let problem = if found > expected { "Too many" } else { "Not enough" };
    let least = if starred { "at least " } else { "" };
    Finding::new(
        &RULE,
        format!("{problem} values to unpack: expected {least}{expected}, found {found}"),
    )
}
