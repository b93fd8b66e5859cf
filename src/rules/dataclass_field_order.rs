//! `dataclass-field-order`: a field without a default after one with a default.
//!
//! Reports a field of a dataclass or named tuple that has no default and follows one that has.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "dataclass-field-order",
    default_level: Level::Error,
    summary: "a field without a default after one with a default",
    documentation: "\
## What it does
Reports a field of a dataclass or named tuple that has no default and follows one that has.

## Why is this bad?
The decorator raises `TypeError` at run time.

## Example
```python
from dataclasses import dataclass

@dataclass
class A:
    x: int = 1
    y: int  # error: [dataclass-field-order]
```

## Why this level?
The program fails as soon as the module is imported.
",
};

/// `field` follows `earlier`, which has a default.
#[must_use]
pub fn dataclass_field_order(field: impl Display, earlier: impl Display) -> Finding {
    Finding::new(
        &RULE,
        format!("Required field `{field}` cannot be defined after field `{earlier}` with a default value"),
    )
    .hint("reorder the fields, give it a default, or make it keyword-only")
}
