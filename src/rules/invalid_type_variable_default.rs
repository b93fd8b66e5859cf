//! `invalid-type-variable-default`: a default of a type variable that does not fit.
//!
//! Reports a default that violates the bound or constraints, refers to later type variables, or
//! comes before a variable without one.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "invalid-type-variable-default",
    default_level: Level::Error,
    summary: "a default of a type variable that does not fit",
    documentation: r#"## What it does
Reports a default that violates the bound or constraints, refers to later type variables, or
comes before a variable without one.

## Why is this bad?
The runtime refuses it, or the default can't be used.

## Example
```python
from typing import TypeVar

T = TypeVar("T", bound=str, default=int)  # error: [invalid-type-variable-default]
```

## Why this level?
The typing rules of defaults (PEP 696) are definite.
"#,
};

/// The default is not assignable to the bound, or not among the constraints.
#[must_use]
pub fn default_violates_bound(
    name: impl Display,
    bound: impl Display,
    default: impl Display,
) -> Finding {
    Finding::new(
        &RULE,
        format!("Default `{default}` of type variable `{name}` does not fit `{bound}`"),
    )
}

/// `name` has no default and follows `earlier`, which has.
#[must_use]
pub fn default_before_required(name: impl Display, earlier: impl Display) -> Finding {
    Finding::new(
        &RULE,
        format!("Type variable `{name}` without a default cannot follow `{earlier}` with a default"),
    )
}

/// The default of `name` refers to `other`, which is not in scope before it.
#[must_use]
pub fn default_out_of_scope(name: impl Display, other: impl Display) -> Finding {
    Finding::new(
        &RULE,
        format!("Default of type variable `{name}` refers to `{other}`, which does not come before it"),
    )
}

/// Anything else, as a clause.
#[must_use]
pub fn invalid_type_variable_default(name: impl Display, reason: impl Display) -> Finding {
    Finding::new(&RULE, format!("Invalid default of type variable `{name}`: {reason}"))
}
