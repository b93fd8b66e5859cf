//! `invalid-unpacking`: an unpacking with the wrong number of targets.
//!
//! Reports an unpacking assignment whose number of targets does not match the length of the value.

use std::fmt::Display;

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

/// A tuple of unknown length, of which only the least length is known.
#[must_use]
pub fn invalid_unpacking_at_least(expected: usize, least: usize) -> Finding {
    Finding::new(
        &RULE,
        format!("Too many values to unpack: expected {expected}, found at least {least}"),
    )
}

/// `x: *Ts` or another unpack of a value of type `found` that is not a tuple.
#[must_use]
pub fn unpacked_not_tuple(found: impl Display) -> Finding {
    Finding::new(&RULE, format!("Cannot unpack `{found}`: it is not a tuple"))
}
