//! `used-only-by-tests`: a definition that only tests use.
//!
//! A rule of the audit.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "used-only-by-tests",
    default_level: Level::Warn,
    summary: "a definition that only tests use",
    documentation: "\
## What it does
Reports a definition outside of tests that tests alone reach.

## Why is this bad?
The program does without it: the tests keep it alive.

## Example
```python
# app.py
def helper() -> int:  # warning: [used-only-by-tests]
    return 1

# tests/test_app.py
from app import helper

def test_helper() -> None:
    assert helper() == 1
```

## Why this level?
It may be a tool for tests on purpose.
",
};

/// A definition that tests alone use.
#[must_use]
pub fn only_tests(kind: &str, name: impl Display) -> Finding {
    Finding::new(&RULE, format!("{kind} `{name}` is used only by tests"))
}
