//! `instance-layout-conflict`: bases whose instances cannot share one memory layout.
//!
//! Reports a class with two bases that each fix the layout of instances (non-empty `__slots__`,
//! builtin types, PEP 800 disjoint bases).

use std::fmt::Display;

use super::words::names;
use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "instance-layout-conflict",
    default_level: Level::Error,
    summary: "bases whose instances cannot share one memory layout",
    documentation: "\
## What it does
Reports a class with two bases that each fix the layout of instances (non-empty `__slots__`,
builtin types, PEP 800 disjoint bases).

## Why is this bad?
The class statement raises `TypeError` at run time.

## Example
```python
class C(int, str): ...  # error: [instance-layout-conflict]
```

## Why this level?
The program fails as soon as the module is imported.
",
};

/// `bases` are the ones in conflict.
#[must_use]
pub fn instance_layout_conflict(class: impl Display, bases: &[&str]) -> Finding {
    Finding::new(
        &RULE,
        format!("Class `{class}` has bases with incompatible instance layouts: {}", names(bases)),
    )
}
