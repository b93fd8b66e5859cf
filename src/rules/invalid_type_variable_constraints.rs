//! `invalid-type-variable-constraints`: constraints of a type variable that are not allowed.
//!
//! Reports a type variable with a single constraint, with both bound and constraints, or with
//! generic ones.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "invalid-type-variable-constraints",
    default_level: Level::Error,
    summary: "constraints of a type variable that are not allowed",
    documentation: r#"## What it does
Reports a type variable with a single constraint, with both bound and constraints, or with
generic ones.

## Why is this bad?
The runtime refuses it, or the checker can't solve it.

## Example
```python
from typing import TypeVar

T = TypeVar("T", int)  # error: [invalid-type-variable-constraints]
```

## Why this level?
The typing rules of type variables are definite.
"#,
};

/// Only one constraint.
#[must_use]
pub fn single_constraint(name: impl Display) -> Finding {
    Finding::new(&RULE, format!("Type variable `{name}` must have at least two constraints"))
        .hint("use `bound=` for a single type")
}

/// Bound and constraints.
#[must_use]
pub fn bound_and_constraints(name: impl Display) -> Finding {
    Finding::new(&RULE, format!("Type variable `{name}` cannot have both a bound and constraints"))
}

/// A bound or constraint that mentions type variables.
#[must_use]
pub fn generic_bound(name: impl Display) -> Finding {
    Finding::new(&RULE, format!("The bound or constraints of type variable `{name}` cannot be generic"))
}
