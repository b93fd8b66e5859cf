//! `dead-attribute`: an attribute, field or enum member that nothing reads.
//!
//! A rule of the audit.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "dead-attribute",
    default_level: Level::Error,
    summary: "an attribute, field or enum member that nothing reads",
    documentation: "\
## What it does
Reports an attribute that is written and never read, a field of a dataclass that nobody looks at, and a member of an
enum that is neither named nor reached by iterating over the enum or calling it.

## Why is this bad?
It is kept up to date for nobody.

## Example
```python
class Writer:
    def __init__(self) -> None:
        self.written = 1  # error: [dead-attribute]
```

## Why this level?
Certain findings have the rule's level; likely ones are warnings at most, and possible ones are shown on demand only.
",
};

/// An attribute that is written only.
#[must_use]
pub fn written_only(name: impl Display) -> Finding {
    Finding::new(&RULE, format!("attribute `{name}` is written and never read"))
}

/// A field of a dataclass or the like.
#[must_use]
pub fn unread_field(name: impl Display) -> Finding {
    Finding::new(&RULE, format!("field `{name}` is never read"))
}

/// A member of an enum.
#[must_use]
pub fn unused_member(name: impl Display) -> Finding {
    Finding::new(&RULE, format!("enum member `{name}` is never used"))
}
