//! `invalid-overload`: overloads that are not well formed.
//!
//! Reports a single `@overload`, overloads without an implementation outside of stubs and
//! protocols, and decorators that are not the same on all of them.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "invalid-overload",
    default_level: Level::Error,
    summary: "overloads that are not well formed",
    documentation: "\
## What it does
Reports a single `@overload`, overloads without an implementation outside of stubs and
protocols, and decorators that are not the same on all of them.

## Why is this bad?
The overloads do not describe a function that can be called.

## Example
```python
from typing import overload

@overload
def f(x: int) -> int: ...  # error: [invalid-overload]
```

## Why this level?
The declaration is incomplete.
",
};

/// Only one overload.
#[must_use]
pub fn single_overload(function: impl Display) -> Finding {
    Finding::new(&RULE, format!("Overloaded function `{function}` requires at least two overloads"))
}

/// No implementation where one is needed.
#[must_use]
pub fn overload_without_implementation(function: impl Display) -> Finding {
    Finding::new(&RULE, format!("Overloads of function `{function}` must be followed by an implementation"))
        .hint("only stubs, protocols and abstract methods may leave it out")
}

/// `decorator` must be on all overloads and the implementation, or on none.
#[must_use]
pub fn inconsistent_overload_decorator(function: impl Display, decorator: impl Display) -> Finding {
    Finding::new(
        &RULE,
        format!("Overloads of `{function}` do not use the decorator `@{decorator}` consistently"),
    )
}

/// `@final` or `@override` on an overload instead of where it belongs.
#[must_use]
pub fn misplaced_overload_decorator(decorator: impl Display, place: impl Display) -> Finding {
    Finding::new(&RULE, format!("Decorator `@{decorator}` should be applied to {place} only"))
}
