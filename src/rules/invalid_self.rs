//! `invalid-self`: a `Self` in a place where it has no meaning.
//!
//! Reports `Self` outside of classes, in static methods, metaclasses and aliases, and on methods
//! whose `self` is annotated otherwise.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "invalid-self",
    default_level: Level::Error,
    summary: "a `Self` in a place where it has no meaning",
    documentation: "\
## What it does
Reports `Self` outside of classes, in static methods, metaclasses and aliases, and on methods
whose `self` is annotated otherwise.

## Why is this bad?
There is no class that it could stand for.

## Example
```python
from typing import Self

def f(x: Self): ...  # error: [invalid-self]
```

## Why this level?
The typing rules of `Self` are definite.
",
};

/// `reason` is a clause.
#[must_use]
pub fn invalid_self(reason: impl Display) -> Finding {
    Finding::new(&RULE, format!("Invalid use of `Self`: {reason}"))
}
