//! `invalid-annotated`: an `Annotated` that is not well formed.
//!
//! Reports `Annotated[…]` with fewer than two arguments or with a first argument that is not a
//! type.

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "invalid-annotated",
    default_level: Level::Error,
    summary: "an `Annotated` that is not well formed",
    documentation: "\
## What it does
Reports `Annotated[…]` with fewer than two arguments or with a first argument that is not a
type.

## Why is this bad?
It raises `TypeError` at run time.

## Example
```python
from typing import Annotated

x: Annotated[int]  # error: [invalid-annotated]
```

## Why this level?
The program fails as soon as the annotation is evaluated.
",
};

/// `Annotated` with `found` arguments.
#[must_use]
pub fn invalid_annotated(found: usize) -> Finding {
    Finding::new(
        &RULE,
        format!("`Annotated` requires at least two arguments (a type and metadata), found {found}"),
    )
}
