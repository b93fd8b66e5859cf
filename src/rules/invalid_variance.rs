//! `invalid-variance`: a type variable used against its variance.
//!
//! Reports a covariant type variable where it is consumed, a contravariant one where it is
//! produced, and a protocol whose variables have another variance than its members ask for.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "invalid-variance",
    default_level: Level::Error,
    summary: "a type variable used against its variance",
    documentation: r#"## What it does
Reports a covariant type variable where it is consumed, a contravariant one where it is
produced, and a protocol whose variables have another variance than its members ask for.

## Why is this bad?
Assignments between specialisations are then allowed that are not safe.

## Example
```python
from typing import Generic, TypeVar

T_co = TypeVar("T_co", covariant=True)

class Box(Generic[T_co]):
    def put(self, item: T_co) -> None: ...  # error: [invalid-variance]
```

## Why this level?
The declaration promises what the class does not keep.
"#,
};

/// `variance` is the declared one; `position` where it is used, e.g. "parameter types".
#[must_use]
pub fn invalid_variance(
    variance: impl Display,
    name: impl Display,
    position: impl Display,
) -> Finding {
    Finding::new(&RULE, format!("The {variance} type variable `{name}` cannot be used in {position}"))
}

/// A base class is specialised with a variable of incompatible variance.
#[must_use]
pub fn invalid_variance_in_base(name: impl Display, base: impl Display) -> Finding {
    Finding::new(&RULE, format!("The variance of type variable `{name}` does not fit base `{base}`"))
}

/// A protocol whose variable should be `expected`.
#[must_use]
pub fn protocol_variance(
    name: impl Display,
    protocol: impl Display,
    expected: impl Display,
    found: impl Display,
) -> Finding {
    Finding::new(
        &RULE,
        format!("Type variable `{name}` of protocol `{protocol}` should be {expected}, but is {found}"),
    )
}
