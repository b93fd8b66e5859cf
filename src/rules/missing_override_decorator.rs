//! `missing-override-decorator`: an override without `@override`.
//!
//! Reports a method that overrides one of a base class and is not marked `@override`.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "missing-override-decorator",
    default_level: Level::Ignore,
    summary: "an override without `@override`",
    documentation: "\
## What it does
Reports a method that overrides one of a base class and is not marked `@override`.

## Why is this bad?
Once all overrides are marked, a method that has lost its base is found.

## Example
```python
class A:
    def f(self) -> None: ...

class B(A):
    def f(self) -> None: ...  # error: [missing-override-decorator]
```

## Why this level?
It is a convention that a project has to choose.
",
};

/// `method` overrides that of `base`.
#[must_use]
pub fn missing_override_decorator(method: impl Display, base: impl Display) -> Finding {
    Finding::new(
        &RULE,
        format!("Method `{method}` overrides class `{base}` but is not marked `@override`"),
    )
}
