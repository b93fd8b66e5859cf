//! `revealed-type`: what `reveal_type` shows.
//!
//! Shows the type that is inferred for the argument of `reveal_type()`.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "revealed-type",
    default_level: Level::Info,
    summary: "what `reveal_type` shows",
    documentation: "\
## What it does
Shows the type that is inferred for the argument of `reveal_type()`.

## Why is this bad?
It is not a mistake but the answer to a question; calls left in the program fail on older
Pythons without an import.

## Example
```python
reveal_type(1 + 1)  # revealed: Literal[2]
```

## Why this level?
The answer must be seen, and must not make a run fail.
",
};

/// The answer.
#[must_use]
pub fn revealed_type(found: impl Display) -> Finding {
    Finding::new(&RULE, format!("Revealed type: `{found}`"))
}
