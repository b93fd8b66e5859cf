//! `invalid-slots`: a misuse of `__slots__`.
//!
//! Reports an attribute set on instances that `__slots__` does not list, a class variable that
//! collides with a slot, and names that are no identifiers.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "invalid-slots",
    default_level: Level::Error,
    summary: "a misuse of `__slots__`",
    documentation: r#"## What it does
Reports an attribute set on instances that `__slots__` does not list, a class variable that
collides with a slot, and names that are no identifiers.

## Why is this bad?
It raises `AttributeError`, `TypeError` or `ValueError` at run time.

## Example
```python
class A:
    __slots__ = ("x",)

    def __init__(self):
        self.y = 1  # error: [invalid-slots]
```

## Why this level?
The program fails whenever it gets there.
"#,
};

/// `attribute` of `class` is set and not among its slots.
#[must_use]
pub fn not_in_slots(class: impl Display, attribute: impl Display) -> Finding {
    Finding::new(&RULE, format!("Attribute `{attribute}` is not in `__slots__` of class `{class}`"))
}

/// A class variable has the name of a slot.
#[must_use]
pub fn slot_conflicts_with_class_variable(class: impl Display, name: impl Display) -> Finding {
    Finding::new(
        &RULE,
        format!("`{name}` in `__slots__` of class `{class}` conflicts with a class variable"),
    )
}
