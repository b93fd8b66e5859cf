//! `frozen-assignment`: an assignment to a field of a frozen object.
//!
//! Reports setting or deleting a field of an instance of a frozen dataclass or of a named tuple.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "frozen-assignment",
    default_level: Level::Error,
    summary: "an assignment to a field of a frozen object",
    documentation: "\
## What it does
Reports setting or deleting a field of an instance of a frozen dataclass or of a named tuple.

## Why is this bad?
It raises `FrozenInstanceError` or `AttributeError` at run time.

## Example
```python
from dataclasses import dataclass

@dataclass(frozen=True)
class A:
    x: int

A(1).x = 2  # error: [frozen-assignment]
```

## Why this level?
The program fails whenever it gets there.
",
};

/// `field` of the frozen class `class` is set or deleted.
#[must_use]
pub fn frozen_assignment(class: impl Display, field: impl Display) -> Finding {
    Finding::new(&RULE, format!("Field `{field}` of frozen `{class}` cannot be assigned to"))
        .hint("make a changed copy with `replace()`")
}
