//! `cyclic-type-alias`: a type alias that stands for itself.
//!
//! Reports an alias whose value is the alias itself, directly or through other aliases, without a
//! type around it.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "cyclic-type-alias",
    default_level: Level::Error,
    summary: "a type alias that stands for itself",
    documentation: "\
## What it does
Reports an alias whose value is the alias itself, directly or through other aliases, without a
type around it.

## Why is this bad?
Such an alias never comes to an end.

## Example
```python
type A = A | int  # error: [cyclic-type-alias]
```

## Why this level?
The alias stands for nothing.
",
};

/// `name` is defined by itself.
#[must_use]
pub fn cyclic_type_alias(name: impl Display) -> Finding {
    Finding::new(&RULE, format!("Type alias `{name}` is defined in terms of itself"))
}
