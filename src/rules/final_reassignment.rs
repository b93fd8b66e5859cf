//! `final-reassignment`: an assignment to a `Final` name.
//!
//! Reports an assignment to a variable or attribute that is declared `Final`, other than the one
//! that gives it its value.

use std::fmt::Display;

use ruff_text_size::TextRange;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "final-reassignment",
    default_level: Level::Error,
    summary: "an assignment to a `Final` name",
    documentation: "\
## What it does
Reports an assignment to a variable or attribute that is declared `Final`, other than the one
that gives it its value.

## Why is this bad?
Readers rely on the value not changing.

## Example
```python
from typing import Final

x: Final = 1
x = 2  # error: [final-reassignment]
```

## Why this level?
The declaration forbids it in so many words.
",
};

/// `name` is declared `Final`, in this file at `declared`.
#[must_use]
pub fn final_reassignment(name: impl Display, declared: Option<TextRange>) -> Finding {
    let finding =
        Finding::new(&RULE, format!("Reassignment of `Final` symbol `{name}` is not allowed"));
    match declared {
        Some(range) => finding.related(range, format!("`{name}` is declared `Final` here")),
        None => finding,
    }
}
