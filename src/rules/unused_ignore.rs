//! `unused-ignore`: a suppression comment that suppresses nothing.
//!
//! Reports `# ropewalk: ignore` comments, and `# type: ignore` comments that name rules of ours, on
//! lines without a matching diagnostic.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "unused-ignore",
    default_level: Level::Warn,
    summary: "a suppression comment that suppresses nothing",
    documentation: "\
## What it does
Reports `# ropewalk: ignore` comments, and `# type: ignore` comments that name rules of ours, on
lines without a matching diagnostic.

## Why is this bad?
A comment that is left behind hides the next mistake on its line.

## Example
```python
x = 1  # ropewalk: ignore  # error: [unused-ignore]
```

## Why this level?
Nothing is wrong with the code itself.
",
};

/// The whole comment is unused.
#[must_use]
pub fn unused_ignore(comment: impl Display) -> Finding {
    Finding::new(&RULE, format!("Unused `{comment}` comment")).hint("remove it")
}

/// Only `rule` of the comment's rules is unused.
#[must_use]
pub fn unused_ignore_rule(comment: impl Display, rule: impl Display) -> Finding {
    Finding::new(&RULE, format!("Unused `{comment}` comment: no `{rule}` on this line"))
        .hint(format!("remove `{rule}` from it"))
}
