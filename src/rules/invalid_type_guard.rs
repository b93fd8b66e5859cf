//! `invalid-type-guard`: a type guard that is not well formed.
//!
//! Reports `TypeGuard` and `TypeIs` functions without a positional parameter to narrow, and a
//! `TypeIs` whose type is not a subtype of the parameter's.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "invalid-type-guard",
    default_level: Level::Error,
    summary: "a type guard that is not well formed",
    documentation: "\
## What it does
Reports `TypeGuard` and `TypeIs` functions without a positional parameter to narrow, and a
`TypeIs` whose type is not a subtype of the parameter's.

## Why is this bad?
A call of the function narrows nothing, or narrows to what can't be.

## Example
```python
from typing import TypeIs

def f(x: str) -> TypeIs[int]: ...  # error: [invalid-type-guard]
```

## Why this level?
The typing rules of type guards are definite.
",
};

/// `form` is `TypeGuard` or `TypeIs`; there is no parameter to narrow.
#[must_use]
pub fn type_guard_without_parameter(form: impl Display) -> Finding {
    Finding::new(&RULE, format!("A `{form}` function must have a positional parameter to narrow"))
}

/// The type of `TypeIs` is not assignable to the parameter's.
#[must_use]
pub fn type_is_not_subtype(narrowed: impl Display, declared: impl Display) -> Finding {
    Finding::new(
        &RULE,
        format!("Narrowed type `{narrowed}` is not assignable to the declared parameter type `{declared}`"),
    )
}
