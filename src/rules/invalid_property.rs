//! `invalid-property`: a property that is not well formed.
//!
//! Reports a setter or deleter whose signature or name does not fit its getter.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "invalid-property",
    default_level: Level::Error,
    summary: "a property that is not well formed",
    documentation: "\
## What it does
Reports a setter or deleter whose signature or name does not fit its getter.

## Why is this bad?
The property can't be used, or replaces another attribute.

## Example
```python
class A:
    @property
    def x(self) -> int:
        return 1

    @x.setter
    def x(self) -> None: ...  # error: [invalid-property]
```

## Why this level?
The property fails whenever it is used.
",
};

/// `reason` is a clause.
#[must_use]
pub fn invalid_property(name: impl Display, reason: impl Display) -> Finding {
    Finding::new(&RULE, format!("Invalid property `{name}`: {reason}"))
}
