//! `call-non-callable`: a call of an object that is not callable.
//!
//! Reports a call of an object whose type has no `__call__` method.

use std::fmt::Display;

use super::words::names;
use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "call-non-callable",
    default_level: Level::Error,
    summary: "a call of an object that is not callable",
    documentation: "\
## What it does
Reports a call of an object whose type has no `__call__` method.

## Why is this bad?
The call raises `TypeError` at run time.

## Example
```python
4()  # error: [call-non-callable]
```

## Why this level?
The program fails whenever it gets there.
",
};

/// Calling a value of type `found`.
#[must_use]
pub fn call_non_callable(found: impl Display) -> Finding {
    Finding::new(&RULE, format!("Object of type `{found}` is not callable"))
}

/// Calling a union of which `members` are not callable.
#[must_use]
pub fn call_non_callable_union(union: impl Display, members: &[impl Display]) -> Finding {
    let verb = if members.len() == 1 { "is" } else { "are" };
    Finding::new(&RULE, format!("{} in `{union}` {verb} not callable", names(members)))
}
