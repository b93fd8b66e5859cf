//! `invalid-parameter-order`: a positional-only parameter after one that a keyword may name.
//!
//! Reports parameters that are positional-only by the old naming convention and follow a parameter
//! that is not.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "invalid-parameter-order",
    default_level: Level::Error,
    summary: "a positional-only parameter after one that a keyword may name",
    documentation: "\
## What it does
Reports parameters that are positional-only by the old naming convention (`__x`) and follow a
parameter that is not.

## Why is this bad?
Python has no such signature: whoever names the first parameter cannot pass the second.

## Example
```python
def f(x: int, __y: int) -> None: ...  # error: [invalid-parameter-order]
```

## Why this level?
The convention has one meaning, and this is outside of it.
",
};

/// The parameter `name` follows one that may be passed by keyword.
#[must_use]
pub fn positional_only_after_keyword(name: impl Display) -> Finding {
    Finding::new(
        &RULE,
        format!("Positional-only parameter `{name}` follows a parameter that may be passed by keyword"),
    )
    .hint("use `/` to say which parameters are positional-only")
}
