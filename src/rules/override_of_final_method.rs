//! `override-of-final-method`: an override of a method marked `@final`.
//!
//! Reports a method that overrides one that a base class marks `@final`.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "override-of-final-method",
    default_level: Level::Error,
    summary: "an override of a method marked `@final`",
    documentation: "\
## What it does
Reports a method that overrides one that a base class marks `@final`.

## Why is this bad?
The base class relies on the method not being replaced.

## Example
```python
from typing import final

class A:
    @final
    def f(self) -> None: ...

class B(A):
    def f(self) -> None: ...  # error: [override-of-final-method]
```

## Why this level?
The base class forbids it in so many words.
",
};

/// `method` is final in `base`.
#[must_use]
pub fn override_of_final_method(method: impl Display, base: impl Display) -> Finding {
    Finding::new(&RULE, format!("Cannot override final method `{method}` of class `{base}`"))
}
