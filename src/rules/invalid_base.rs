//! `invalid-base`: a base of a class that cannot be one.
//!
//! Reports a base class expression that is not a class, or that may not be inherited from.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "invalid-base",
    default_level: Level::Error,
    summary: "a base of a class that cannot be one",
    documentation: "\
## What it does
Reports a base class expression that is not a class, or that may not be inherited from.

## Why is this bad?
The class statement raises `TypeError` at run time, or makes a class that the checker can't
know.

## Example
```python
class C(1): ...  # error: [invalid-base]
```

## Why this level?
The program fails as soon as the module is imported.
",
};

/// A base of type `found` that is not a class.
#[must_use]
pub fn invalid_base(found: impl Display) -> Finding {
    Finding::new(&RULE, format!("Invalid class base with type `{found}`"))
}

/// A base that is a class or form which refuses to be inherited from; `reason` says why.
#[must_use]
pub fn unsupported_base(base: impl Display, reason: impl Display) -> Finding {
    Finding::new(&RULE, format!("Cannot inherit from `{base}`: {reason}"))
}
