//! `low-coverage`: less of the program has types than is asked for.
//!
//! A rule of the audit.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "low-coverage",
    default_level: Level::Error,
    summary: "less of the program has types than is asked for",
    documentation: "\
## What it does
With `audit types --min-coverage PERCENT`: reports the program, and each project of it, of whose expressions less have a
known type than that. With `audit types --since REV`: those that have less than at that git revision.

## Why is this bad?
What has no type is not checked.

## Example
```python
def total(cart):  # error: [low-coverage]
    return cart.sum
```

## Why this level?
It is what was asked for.
",
};

/// Less than `least` percent of the expressions have a known type.
#[must_use]
pub fn too_low(what: impl Display, known: f64, least: f64) -> Finding {
    Finding::new(&RULE, format!("{known:.1} % of the expressions of {what} have a known type, and {least:.1} % are asked for"))
}

/// Less is known than it was.
#[must_use]
pub fn less(what: impl Display, known: f64, before: f64, revision: &str) -> Finding {
    Finding::new(&RULE, format!("{known:.2} % of the expressions of {what} have a known type; at {revision} it was {before:.2} %"))
}
