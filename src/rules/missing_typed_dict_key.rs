//! `missing-typed-dict-key`: a TypedDict without a required key.
//!
//! Reports a dictionary display or constructor call that leaves out a required key, and the
//! deletion or unchecked read of a key that may or must be there.

use std::fmt::Display;

use super::words::names;
use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "missing-typed-dict-key",
    default_level: Level::Error,
    summary: "a TypedDict without a required key",
    documentation: "\
## What it does
Reports a dictionary display or constructor call that leaves out a required key, and the
deletion or unchecked read of a key that may or must be there.

## Why is this bad?
Readers rely on the key being there.

## Example
```python
from typing import TypedDict

class T(TypedDict):
    name: str

t: T = {}  # error: [missing-typed-dict-key]
```

## Why this level?
The value is not of the declared type.
",
};

/// `keys` are the missing ones.
#[must_use]
pub fn missing_typed_dict_key(typed_dict: impl Display, keys: &[&str]) -> Finding {
    let noun = if keys.len() == 1 { "key" } else { "keys" };
    Finding::new(&RULE, format!("Missing required {noun} {} in TypedDict `{typed_dict}`", names(keys)))
}

/// `del` or `pop` of a required key.
#[must_use]
pub fn required_key_deleted(typed_dict: impl Display, key: impl Display) -> Finding {
    Finding::new(&RULE, format!("Cannot delete required key `{key}` of TypedDict `{typed_dict}`"))
}
