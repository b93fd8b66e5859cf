//! `override-of-final-variable`: an override of an attribute declared `Final`.
//!
//! Reports an attribute that overrides one that a base class declares `Final`.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "override-of-final-variable",
    default_level: Level::Error,
    summary: "an override of an attribute declared `Final`",
    documentation: "\
## What it does
Reports an attribute that overrides one that a base class declares `Final`.

## Why is this bad?
The base class relies on the value not being replaced.

## Example
```python
from typing import Final

class A:
    x: Final = 1

class B(A):
    x = 2  # error: [override-of-final-variable]
```

## Why this level?
The base class forbids it in so many words.
",
};

/// `attribute` is `Final` in `base`.
#[must_use]
pub fn override_of_final_variable(attribute: impl Display, base: impl Display) -> Finding {
    Finding::new(&RULE, format!("Cannot override final attribute `{attribute}` of class `{base}`"))
}
