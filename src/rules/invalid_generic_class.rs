//! `invalid-generic-class`: a generic class that is not well formed.
//!
//! Reports a class that repeats type variables, mixes old and new syntax, or leaves variables out
//! of `Generic[…]`.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "invalid-generic-class",
    default_level: Level::Error,
    summary: "a generic class that is not well formed",
    documentation: r#"## What it does
Reports a class that repeats type variables, mixes old and new syntax, or leaves variables out
of `Generic[…]`.

## Why is this bad?
The class statement raises `TypeError`, or the parameters of the class are not what they look
like.

## Example
```python
from typing import Generic, TypeVar

T = TypeVar("T")

class C(Generic[T, T]): ...  # error: [invalid-generic-class]
```

## Why this level?
The program fails as soon as the module is imported.
"#,
};

/// `name` is listed twice.
#[must_use]
pub fn duplicate_type_variable(name: impl Display) -> Finding {
    Finding::new(&RULE, format!("Type variable `{name}` is listed more than once"))
}

/// `Generic` or `Protocol` brackets without `name`, which other bases use.
#[must_use]
pub fn type_variable_left_out(name: impl Display, form: impl Display) -> Finding {
    Finding::new(&RULE, format!("Type variable `{name}` must be listed in `{form}[…]` as well"))
}

/// Anything else, as a clause.
#[must_use]
pub fn invalid_generic_class(class: impl Display, reason: impl Display) -> Finding {
    Finding::new(&RULE, format!("Invalid generic class `{class}`: {reason}"))
}
