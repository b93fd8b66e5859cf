//! `invalid-named-tuple`: a misuse of named tuples.
//!
//! Reports `NamedTuple` classes and `namedtuple()` calls with field names, bases or arguments that
//! are not allowed.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "invalid-named-tuple",
    default_level: Level::Error,
    summary: "a misuse of named tuples",
    documentation: "\
## What it does
Reports `NamedTuple` classes and `namedtuple()` calls with field names, bases or arguments that
are not allowed.

## Why is this bad?
The definition raises `TypeError`, `ValueError` or `AttributeError` at run time.

## Example
```python
from typing import NamedTuple

class P(NamedTuple):
    _x: int  # error: [invalid-named-tuple]
```

## Why this level?
The program fails as soon as the module is imported.
",
};

/// A field name that is not allowed; `reason` is a clause.
#[must_use]
pub fn invalid_named_tuple_field(field: impl Display, reason: impl Display) -> Finding {
    Finding::new(&RULE, format!("Field name `{field}` is not allowed in a named tuple: {reason}"))
}

/// Anything else that is wrong with the definition, as a clause.
#[must_use]
pub fn invalid_named_tuple(name: impl Display, reason: impl Display) -> Finding {
    Finding::new(&RULE, format!("Invalid named tuple `{name}`: {reason}"))
}
