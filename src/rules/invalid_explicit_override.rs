//! `invalid-explicit-override`: an `@override` that overrides nothing.
//!
//! Reports a method marked `@override` where no base class has a method of that name.

use std::fmt::Display;

use super::words::did_you_mean;
use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "invalid-explicit-override",
    default_level: Level::Error,
    summary: "an `@override` that overrides nothing",
    documentation: "\
## What it does
Reports a method marked `@override` where no base class has a method of that name.

## Why is this bad?
The base class was renamed or the name is misspelt: the method is never called.

## Example
```python
from typing import override

class A:
    @override
    def f(self) -> None: ...  # error: [invalid-explicit-override]
```

## Why this level?
The decorator exists to have this reported.
",
};

/// No base of `class` has `method`; `candidates` are methods that they have.
#[must_use]
pub fn invalid_explicit_override<'a>(
    method: &str,
    class: impl Display,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Finding {
    let finding = Finding::new(
        &RULE,
        format!("Method `{method}` is marked `@override`, but no base of `{class}` has it"),
    );
    did_you_mean(finding, method, candidates)
}
