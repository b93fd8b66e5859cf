//! `redundant-cast`: a `cast` to the type that the value has anyway.
//!
//! Reports `cast(T, value)` where the type of the value is `T` already.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "redundant-cast",
    default_level: Level::Warn,
    summary: "a `cast` to the type that the value has anyway",
    documentation: "\
## What it does
Reports `cast(T, value)` where the type of the value is `T` already.

## Why is this bad?
The cast does nothing but hide later mistakes.

## Example
```python
from typing import cast

def f(x: int):
    cast(int, x)  # error: [redundant-cast]
```

## Why this level?
Nothing is wrong with what the program does.
",
};

/// The value already has type `found`.
#[must_use]
pub fn redundant_cast(found: impl Display) -> Finding {
    Finding::new(&RULE, format!("Value is already of type `{found}`"))
}
