//! `invalid-final`: a `Final` or `@final` in a place where it has no meaning.
//!
//! Reports `Final` on parameters, nested in other types, in loops, together with `ClassVar`, and
//! `@final` on functions that are no methods.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "invalid-final",
    default_level: Level::Error,
    summary: "a `Final` or `@final` in a place where it has no meaning",
    documentation: "\
## What it does
Reports `Final` on parameters, nested in other types, in loops, together with `ClassVar`, and
`@final` on functions that are no methods.

## Why is this bad?
The qualifier does not protect anything there.

## Example
```python
from typing import Final

def f(x: Final[int]): ...  # error: [invalid-final]
```

## Why this level?
The typing rules of `Final` are definite.
",
};

/// `reason` is a clause.
#[must_use]
pub fn invalid_final(reason: impl Display) -> Finding {
    Finding::new(&RULE, format!("Invalid use of `Final`: {reason}"))
}

/// `@final` on a function outside of a class.
#[must_use]
pub fn final_on_function(function: impl Display) -> Finding {
    Finding::new(&RULE, format!("`@final` cannot be applied to `{function}`: it is not a method or class"))
}

/// A final class leaves methods abstract.
#[must_use]
pub fn abstract_in_final(class: impl Display, methods: &[&str]) -> Finding {
    let methods = super::words::names(methods);
    Finding::new(&RULE, format!("Final class `{class}` leaves {methods} abstract"))
}
