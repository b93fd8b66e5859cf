//! `invalid-metaclass`: a metaclass that cannot be one.
//!
//! Reports a `metaclass=` argument that is not callable or, if it is generic, not fully specified.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "invalid-metaclass",
    default_level: Level::Error,
    summary: "a metaclass that cannot be one",
    documentation: "\
## What it does
Reports a `metaclass=` argument that is not callable or, if it is generic, not fully specified.

## Why is this bad?
The class statement raises `TypeError` at run time.

## Example
```python
class C(metaclass=1): ...  # error: [invalid-metaclass]
```

## Why this level?
The program fails as soon as the module is imported.
",
};

/// A metaclass of type `found`.
#[must_use]
pub fn invalid_metaclass(found: impl Display) -> Finding {
    Finding::new(&RULE, format!("Object of type `{found}` cannot be used as a metaclass"))
}

/// A generic metaclass, which the typing spec does not allow.
#[must_use]
pub fn generic_metaclass() -> Finding {
    Finding::new(&RULE, "A metaclass cannot be generic over the type variables of its class")
}
