//! `invalid-type-alias`: a type alias that is not well formed.
//!
//! Reports alias definitions whose value is not a type, that are not where aliases may be, or that
//! use type variables wrongly.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "invalid-type-alias",
    default_level: Level::Error,
    summary: "a type alias that is not well formed",
    documentation: "\
## What it does
Reports alias definitions whose value is not a type, that are not where aliases may be, or that
use type variables wrongly.

## Why is this bad?
The alias does not stand for a type.

## Example
```python
from typing import TypeAlias

X: TypeAlias = 1  # error: [invalid-type-alias]
```

## Why this level?
The typing rules of aliases are definite.
",
};

/// `reason` is a clause.
#[must_use]
pub fn invalid_type_alias(name: impl Display, reason: impl Display) -> Finding {
    Finding::new(&RULE, format!("Invalid type alias `{name}`: {reason}"))
}
