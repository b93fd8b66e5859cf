//! `readonly-typed-dict-key`: a write to a read-only key.
//!
//! Reports setting, deleting or updating a key of a TypedDict that is declared `ReadOnly`.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "readonly-typed-dict-key",
    default_level: Level::Error,
    summary: "a write to a read-only key",
    documentation: r#"## What it does
Reports setting, deleting or updating a key of a TypedDict that is declared `ReadOnly`.

## Why is this bad?
Others rely on the value not changing.

## Example
```python
from typing import ReadOnly, TypedDict

class T(TypedDict):
    id: ReadOnly[int]

def f(t: T):
    t["id"] = 2  # error: [readonly-typed-dict-key]
```

## Why this level?
The declaration forbids it in so many words.
"#,
};

/// `key` is read-only.
#[must_use]
pub fn readonly_typed_dict_key(typed_dict: impl Display, key: impl Display) -> Finding {
    Finding::new(&RULE, format!("Key `{key}` of TypedDict `{typed_dict}` is read-only"))
}
