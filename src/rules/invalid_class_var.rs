//! `invalid-class-var`: a `ClassVar` that is not well formed or not in a class body.
//!
//! Reports `ClassVar` outside of class bodies, nested in other types, with type variables, or with
//! more than one argument.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "invalid-class-var",
    default_level: Level::Error,
    summary: "a `ClassVar` that is not well formed or not in a class body",
    documentation: "\
## What it does
Reports `ClassVar` outside of class bodies, nested in other types, with type variables, or with
more than one argument.

## Why is this bad?
The qualifier has a meaning for attributes of a class only.

## Example
```python
from typing import ClassVar

x: ClassVar[int] = 1  # error: [invalid-class-var]
```

## Why this level?
The typing rules of `ClassVar` are definite.
",
};

/// `reason` is a clause.
#[must_use]
pub fn invalid_class_var(reason: impl Display) -> Finding {
    Finding::new(&RULE, format!("Invalid use of `ClassVar`: {reason}"))
}
