//! `used-only-for-typing`: a class that only annotations use.
//!
//! A rule of the audit.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "used-only-for-typing",
    default_level: Level::Warn,
    summary: "a class that only annotations use",
    documentation: "\
## What it does
Reports a class that nothing but annotations names: no instance of it is ever made, as far as the program shows.

## Why is this bad?
What it describes does not exist.

## Example
```python
class Ghost:  # warning: [used-only-for-typing]
    pass

def look(ghost: Ghost | None = None) -> None:
    print(ghost)

look()
```

## Why this level?
It may be made by code that is not seen.
",
};

/// A class that annotations alone use.
#[must_use]
pub fn only_annotations(kind: &str, name: impl Display) -> Finding {
    Finding::new(&RULE, format!("{kind} `{name}` is needed only in annotations"))
}
