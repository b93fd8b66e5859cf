//! `dead-fixture`: a fixture that no test asks for.
//!
//! A rule of the audit.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "dead-fixture",
    default_level: Level::Error,
    summary: "a fixture that no test asks for",
    documentation: "\
## What it does
Reports a pytest fixture that no test and no other fixture in its reach takes as a parameter or names.

## Why is this bad?
It is set up for nobody.

## Example
```python
import pytest

@pytest.fixture
def database() -> int:  # error: [dead-fixture]
    return 1
```

## Why this level?
Certain findings have the rule's level; likely ones are warnings at most, and possible ones are shown on demand only.
",
};

/// A fixture that is not asked for.
#[must_use]
pub fn unused_fixture(name: impl Display) -> Finding {
    Finding::new(&RULE, format!("fixture `{name}` is used by no test"))
}
