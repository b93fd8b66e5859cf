//! `invalid-method-override`: a method that does not fit the one it overrides.
//!
//! Reports a method that can't be used in place of the base class's: it takes fewer or narrower
//! arguments, or returns something wider.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "invalid-method-override",
    default_level: Level::Error,
    summary: "a method that does not fit the one it overrides",
    documentation: "\
## What it does
Reports a method that can't be used in place of the base class's: it takes fewer or narrower
arguments, or returns something wider.

## Why is this bad?
Code that has an object of the base class calls it in ways that the subclass does not support.

## Example
```python
class A:
    def f(self, x: int) -> int:
        return x

class B(A):
    def f(self) -> int:  # error: [invalid-method-override]
        return 1
```

## Why this level?
It breaks the substitution on which subtyping rests.
",
};

/// `reasons` say what does not fit; where they are not known yet, the first one completes the message later.
#[must_use]
pub fn invalid_method_override(
    method: impl Display,
    base: impl Display,
    reasons: impl IntoIterator<Item = String>,
) -> Finding {
    let finding = Finding::new(&RULE, format!("Method `{method}` does not fit `{base}.{method}`"));
    let mut finding = reasons.into_iter().fold(finding, Finding::note);
    finding.complete();
    finding
}
