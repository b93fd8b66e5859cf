//! `syntax-error`: source text that is not Python.
//!
//! Reports what the parser and the compiler would refuse.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "syntax-error",
    default_level: Level::Error,
    summary: "source text that is not Python",
    documentation: "\
## What it does
Reports what the parser and the compiler would refuse.

## Why is this bad?
The module can't be imported.

## Example
```python
x = = 1  # error: [syntax-error]
```

## Why this level?
The program fails as soon as the module is imported.
",
};

/// `error` as the parser words it.
#[must_use]
pub fn syntax_error(error: impl Display) -> Finding {
    Finding::new(&RULE, error.to_string())
}
