//! `conflicting-declarations`: declarations of one name with different types.
//!
//! Reports a name that is declared with different types on different paths or in one scope.

use std::fmt::Display;

use ruff_text_size::TextRange;

use super::words::names;
use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "conflicting-declarations",
    default_level: Level::Error,
    summary: "declarations of one name with different types",
    documentation: "\
## What it does
Reports a name that is declared with different types on different paths or in one scope.

## Why is this bad?
What may be assigned to the name depends on the path taken.

## Example
```python
def f(flag: bool):
    if flag:
        x: int
    else:
        x: str
    x = 1  # error: [conflicting-declarations]
```

## Why this level?
The declarations contradict one another.
",
};

/// `types` as shown, in order; `first` is where the first of them stands.
#[must_use]
pub fn conflicting_declarations(
    name: impl Display,
    types: &[&str],
    first: TextRange,
) -> Finding {
    let message = format!("Conflicting declared types for `{name}`: {}", names(types));
    Finding::new(&RULE, message).related(first, format!("`{name}` is declared here as well"))
}
