//! `invalid-param-spec`: a `ParamSpec` in a place where it has no meaning.
//!
//! Reports `P.args` and `P.kwargs` that are not used together on `*args` and `**kwargs`, and `P`
//! where a type is expected.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "invalid-param-spec",
    default_level: Level::Error,
    summary: "a `ParamSpec` in a place where it has no meaning",
    documentation: "\
## What it does
Reports `P.args` and `P.kwargs` that are not used together on `*args` and `**kwargs`, and `P`
where a type is expected.

## Why is this bad?
The signature can't be expressed.

## Example
```python
from typing import Callable

def f[**P](c: Callable[P, int], *args: P.args): ...  # error: [invalid-param-spec]
```

## Why this level?
The typing rules of `ParamSpec` are definite.
",
};

/// `name.args` without `name.kwargs` or the other way round.
#[must_use]
pub fn param_spec_components_apart(name: impl Display) -> Finding {
    Finding::new(
        &RULE,
        format!("`*args: {name}.args` and `**kwargs: {name}.kwargs` must be used together"),
    )
}

/// Anything else, as a clause.
#[must_use]
pub fn invalid_param_spec(name: impl Display, reason: impl Display) -> Finding {
    Finding::new(&RULE, format!("Invalid use of ParamSpec `{name}`: {reason}"))
}
