//! `api-change`: a change of what others may use.
//!
//! A rule of the audit.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "api-change",
    default_level: Level::Error,
    summary: "a change of what others may use",
    documentation: "\
## What it does
With `audit api --since REV`: reports what the public surface had at that revision and has no more, parameters that
break calls, and types that are not what they were. What is new is shown on demand.

## Why is this bad?
Those who use it find out when it breaks.

## Example
```python
# was `def total(cart, unit=\"EUR\")`
def total(cart):  # error: [api-change]
    return cart
```

## Why this level?
What breaks callers is certain; a new type is likely to; what is new breaks nobody.
",
};

/// Something is gone.
#[must_use]
pub fn removed(kind: &str, name: impl Display) -> Finding {
    Finding::new(&RULE, format!("{kind} `{name}` is gone"))
}

/// Something is new.
#[must_use]
pub fn added(kind: &str, name: impl Display) -> Finding {
    Finding::new(&RULE, format!("{kind} `{name}` is new"))
}

/// Something is another kind of thing now.
#[must_use]
pub fn kind(name: impl Display, before: &str, now: &str) -> Finding {
    Finding::new(&RULE, format!("`{name}` was a {before} and is a {now}"))
}

/// Calls that were right are not any more.
#[must_use]
pub fn parameters(name: impl Display, reason: &str) -> Finding {
    Finding::new(&RULE, format!("calls of `{name}` break: {reason}"))
}

/// The type is another one.
#[must_use]
pub fn type_of(name: impl Display, before: &str, now: &str) -> Finding {
    Finding::new(&RULE, format!("the type of `{name}` was `{before}` and is `{now}`"))
}
