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

/// A method without a parameter for what it is called on.
#[must_use]
pub fn no_receiver(method: impl Display, receiver: impl Display) -> Finding {
    Finding::new(&RULE, format!("Method `{method}` has no parameter for `{receiver}`"))
}

/// The first parameter of a method is declared as something that its class is not.
#[must_use]
pub fn wrong_receiver(class: impl Display, declared: impl Display) -> Finding {
    Finding::new(
        &RULE,
        format!("A method of `{class}` is called on it, and `{class}` is no `{declared}`"),
    )
}
