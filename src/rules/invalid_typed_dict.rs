//! `invalid-typed-dict`: a TypedDict that is not well formed.
//!
//! Reports `TypedDict` classes and calls with statements, bases, keys or arguments that are not
//! allowed.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "invalid-typed-dict",
    default_level: Level::Error,
    summary: "a TypedDict that is not well formed",
    documentation: "\
## What it does
Reports `TypedDict` classes and calls with statements, bases, keys or arguments that are not
allowed.

## Why is this bad?
The definition raises `TypeError` or does not describe the dictionary that is meant.

## Example
```python
from typing import TypedDict

class T(TypedDict):
    def f(self) -> None: ...  # error: [invalid-typed-dict]
```

## Why this level?
The typing rules of typed dictionaries are definite.
",
};

/// `reason` is a clause.
#[must_use]
pub fn invalid_typed_dict(name: impl Display, reason: impl Display) -> Finding {
    Finding::new(&RULE, format!("Invalid TypedDict `{name}`: {reason}"))
}

/// A field that changes what a base says of it.
#[must_use]
pub fn invalid_typed_dict_override(
    field: impl Display,
    base: impl Display,
    reason: impl Display,
) -> Finding {
    Finding::new(
        &RULE,
        format!("Field `{field}` overrides the one of TypedDict `{base}` in an incompatible manner: {reason}"),
    )
}

/// A statement other than a field in the body.
#[must_use]
pub fn invalid_typed_dict_statement() -> Finding {
    Finding::new(&RULE, "A TypedDict class body may contain only annotated fields")
}
