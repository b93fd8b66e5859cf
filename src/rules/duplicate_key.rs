//! `duplicate-key`: a key that is in a dict display twice.
//!
//! Reports a key of a dict display that an earlier item has too, with another value. Keys are compared as they are
//! written: constants and dotted names.

use ruff_text_size::TextRange;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "duplicate-key",
    default_level: Level::Error,
    summary: "a key that is in a dict display twice",
    documentation: "\
## What it does
Reports a key of a dict display that an earlier item has too, with another value. Keys are compared as they are
written: constants and dotted names.

## Why is this bad?
The first value is lost.

## Example
```python
sizes = {
    \"small\": 1,
    \"large\": 2,
    \"small\": 3,  # error: [duplicate-key]
}
```

## Why this level?
One of the values that are written there is not in the dict.
",
};

/// A key is written twice with different values, the first time at `first`.
#[must_use]
pub fn duplicate_key(first: TextRange) -> Finding {
    Finding::new(&RULE, "This key is in the dict already: the first value is lost")
        .related(first, "the first value is here")
}
