//! `final-without-value`: a `Final` name that never gets a value.
//!
//! Reports a variable or attribute declared `Final` that has no value and, in a class, gets none in
//! `__init__`.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "final-without-value",
    default_level: Level::Error,
    summary: "a `Final` name that never gets a value",
    documentation: "\
## What it does
Reports a variable or attribute declared `Final` that has no value and, in a class, gets none in
`__init__`.

## Why is this bad?
The name can never be used.

## Example
```python
from typing import Final

x: Final[int]  # error: [final-without-value]
```

## Why this level?
The declaration is incomplete.
",
};

/// `name` has no value.
#[must_use]
pub fn final_without_value(name: impl Display) -> Finding {
    Finding::new(&RULE, format!("`Final` symbol `{name}` is not assigned a value"))
}
