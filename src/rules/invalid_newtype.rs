//! `invalid-newtype`: a `NewType` that is not well formed.
//!
//! Reports `NewType` calls with a wrong name or with a base that is not a class.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "invalid-newtype",
    default_level: Level::Error,
    summary: "a `NewType` that is not well formed",
    documentation: r#"## What it does
Reports `NewType` calls with a wrong name or with a base that is not a class.

## Why is this bad?
The new type does not have the meaning of a distinct subclass.

## Example
```python
from typing import NewType

A = NewType("B", int)  # error: [invalid-newtype]
```

## Why this level?
The typing rules of `NewType` are definite.
"#,
};

/// The name in the call is not that of the variable.
#[must_use]
pub fn newtype_name_mismatch(found: impl Display, expected: impl Display) -> Finding {
    Finding::new(
        &RULE,
        format!("The name of a `NewType` (`{found}`) must be that of the variable it is assigned to (`{expected}`)"),
    )
}

/// The base is not a class that can be subclassed.
#[must_use]
pub fn invalid_newtype_base(name: impl Display, base: impl Display) -> Finding {
    Finding::new(&RULE, format!("`{base}` cannot be the base of `NewType` `{name}`"))
}

/// Anything else, as a clause.
#[must_use]
pub fn invalid_newtype(name: impl Display, reason: impl Display) -> Finding {
    Finding::new(&RULE, format!("Invalid `NewType` `{name}`: {reason}"))
}
