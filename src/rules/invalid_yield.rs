//! `invalid-yield`: a yielded value that does not fit the declared generator type.
//!
//! Reports a `yield` or `yield from` whose value or send type does not fit the declared return type
//! of the generator.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "invalid-yield",
    default_level: Level::Error,
    summary: "a yielded value that does not fit the declared generator type",
    documentation: r#"## What it does
Reports a `yield` or `yield from` whose value or send type does not fit the declared return type
of the generator.

## Why is this bad?
All users of the generator rely on its declared type.

## Example
```python
from collections.abc import Iterator

def f() -> Iterator[int]:
    yield "1"  # error: [invalid-yield]
```

## Why this level?
The annotation and the code contradict one another.
"#,
};

/// A `yield` of a value of type `found`.
#[must_use]
pub fn invalid_yield(expected: impl Display, found: impl Display) -> Finding {
    Finding::new(
        &RULE,
        format!("Yielded value does not match the generator: expected `{expected}`, found `{found}`"),
    )
}

/// A `yield from` of a generator that takes other values by `send()`.
#[must_use]
pub fn invalid_yield_from_send(expected: impl Display, found: impl Display) -> Finding {
    Finding::new(
        &RULE,
        format!(
            "Send type of `yield from` does not match: the outer generator gets `{expected}`, the inner takes `{found}`"
        ),
    )
}
