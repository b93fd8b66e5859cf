//! `unsupported-bool-conversion`: a truth test of an object that refuses it.
//!
//! Reports a value used as a condition whose type has a `__bool__` that can't be called or gives no
//! `bool`.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "unsupported-bool-conversion",
    default_level: Level::Error,
    summary: "a truth test of an object that refuses it",
    documentation: "\
## What it does
Reports a value used as a condition whose type has a `__bool__` that can't be called or gives no
`bool`.

## Why is this bad?
It raises `TypeError` at run time.

## Example
```python
class C:
    __bool__ = 1

not C()  # error: [unsupported-bool-conversion]
```

## Why this level?
The program fails whenever it gets there.
",
};

/// A truth test of a value of type `found`.
#[must_use]
pub fn unsupported_bool_conversion(found: impl Display) -> Finding {
    Finding::new(&RULE, format!("Boolean conversion is not supported for type `{found}`"))
        .hint("its `__bool__` must be a method that returns `bool`")
}
