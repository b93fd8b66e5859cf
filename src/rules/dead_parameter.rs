//! `dead-parameter`: a parameter that the function does not read.
//!
//! A rule of the audit.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "dead-parameter",
    default_level: Level::Error,
    summary: "a parameter that the function does not read",
    documentation: "\
## What it does
Reports a parameter that the body never reads, in a function whose signature is nobody else's: no method that
overrides or is overridden, no callback, nothing that a decorator or a protocol asks for.

## Why is this bad?
Callers work out a value that is thrown away.

## Example
```python
def area(width: int, height: int, unit: str = \"m\") -> int:  # error: [dead-parameter]
    return width * height

print(area(1, 2))
```

## Why this level?
Certain findings have the rule's level; likely ones are warnings at most, and possible ones are shown on demand only.
",
};

/// A parameter that is not read. `is_passed` says whether some call gives it.
#[must_use]
pub fn unread_parameter(name: impl Display, function: impl Display, is_passed: bool) -> Finding {
    let message = if is_passed {
        format!("parameter `{name}` of `{function}` is never read")
    } else {
        format!("parameter `{name}` of `{function}` is never read, and no call gives it")
    };
    Finding::new(&RULE, message)
}
