//! `unused-type-ignore`: a `# type: ignore` without rules that suppresses nothing.
//!
//! Reports such comments on lines where we find nothing; another checker may still need them.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "unused-type-ignore",
    default_level: Level::Ignore,
    summary: "a `# type: ignore` comment that suppresses nothing here",
    documentation: "\
## What it does
Reports `# type: ignore` comments that name no rule of ours, on lines where we find nothing.

## Why is this bad?
A comment that is left behind hides the next mistake on its line.

## Example
```python
x = 1  # type: ignore  # warning: [unused-type-ignore]
```

## Why this level?
The comment is shared by all checkers: what we do not find, another one may.
",
};

/// The whole comment is unused.
#[must_use]
pub fn unused_type_ignore(comment: impl Display) -> Finding {
    Finding::new(&RULE, format!("Unused `{comment}` comment")).hint("remove it")
}
