//! `duplicate-base`: the same base twice.
//!
//! Reports a class that lists the same base more than once.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "duplicate-base",
    default_level: Level::Error,
    summary: "the same base twice",
    documentation: "\
## What it does
Reports a class that lists the same base more than once.

## Why is this bad?
The class statement raises `TypeError` at run time.

## Example
```python
class A: ...
class B(A, A): ...  # error: [duplicate-base]
```

## Why this level?
The program fails as soon as the module is imported.
",
};

/// `base` is listed twice.
#[must_use]
pub fn duplicate_base(base: impl Display) -> Finding {
    Finding::new(&RULE, format!("Duplicate base class `{base}`"))
}
