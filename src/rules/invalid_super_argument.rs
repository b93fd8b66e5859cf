//! `invalid-super-argument`: wrong arguments to `super()`.
//!
//! Reports a call of `super()` whose second argument is not an instance or subclass of the first,
//! or a bare `super()` where there is nothing to fill it in.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "invalid-super-argument",
    default_level: Level::Error,
    summary: "wrong arguments to `super()`",
    documentation: "\
## What it does
Reports a call of `super()` whose second argument is not an instance or subclass of the first,
or a bare `super()` where there is nothing to fill it in.

## Why is this bad?
The call raises `TypeError` or `RuntimeError` at run time.

## Example
```python
class A: ...
class B: ...

super(A, B())  # error: [invalid-super-argument]
```

## Why this level?
The program fails whenever it gets there.
",
};

/// `owner` is not in the MRO of `object`.
#[must_use]
pub fn invalid_super_argument(pivot: impl Display, object: impl Display) -> Finding {
    Finding::new(
        &RULE,
        format!("`{object}` is not an instance or subclass of `{pivot}` in `super({pivot}, …)`"),
    )
}

/// `super()` cannot work where it stands; `reason` is a clause.
#[must_use]
pub fn invalid_super(reason: impl Display) -> Finding {
    Finding::new(&RULE, format!("Invalid use of `super()`: {reason}"))
}
