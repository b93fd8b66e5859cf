//! `invalid-type-variable`: a type variable that is not well formed or not in scope.
//!
//! Reports wrong calls of `TypeVar`, `ParamSpec` and `TypeVarTuple`, and uses of type variables
//! where nothing binds them.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "invalid-type-variable",
    default_level: Level::Error,
    summary: "a type variable that is not well formed or not in scope",
    documentation: r#"## What it does
Reports wrong calls of `TypeVar`, `ParamSpec` and `TypeVarTuple`, and uses of type variables
where nothing binds them.

## Why is this bad?
A type variable without a scope or name has no meaning.

## Example
```python
from typing import TypeVar

T = TypeVar("S")  # error: [invalid-type-variable]
```

## Why this level?
The typing rules of type variables are definite.
"#,
};

/// The call does not name the variable that it is assigned to. `kind` is `TypeVar` and so on.
#[must_use]
pub fn type_variable_name_mismatch(
    kind: impl Display,
    found: impl Display,
    expected: impl Display,
) -> Finding {
    Finding::new(
        &RULE,
        format!("The name of a `{kind}` (`{found}`) must be that of the variable it is assigned to (`{expected}`)"),
    )
}

/// A use of `name` where no class, function or alias binds it.
#[must_use]
pub fn unbound_type_variable(name: impl Display) -> Finding {
    Finding::new(&RULE, format!("Type variable `{name}` has no meaning here: nothing binds it"))
        .hint("use it in the signature or the bases of an enclosing function or class")
}

/// `name` is already bound by an enclosing scope.
#[must_use]
pub fn rebound_type_variable(name: impl Display, owner: impl Display) -> Finding {
    Finding::new(&RULE, format!("Type variable `{name}` is already bound by the enclosing `{owner}`"))
}

/// Anything else, as a clause.
#[must_use]
pub fn invalid_type_variable(name: impl Display, reason: impl Display) -> Finding {
    Finding::new(&RULE, format!("Invalid type variable `{name}`: {reason}"))
}
