//! `isinstance-against-protocol`: `isinstance` or `issubclass` against a protocol that does not
//! allow it.
//!
//! Reports `isinstance()` and `issubclass()` against a protocol that is not `@runtime_checkable`,
//! or `issubclass()` against one with members that are not methods.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "isinstance-against-protocol",
    default_level: Level::Error,
    summary: "`isinstance` or `issubclass` against a protocol that does not allow it",
    documentation: "\
## What it does
Reports `isinstance()` and `issubclass()` against a protocol that is not `@runtime_checkable`,
or `issubclass()` against one with members that are not methods.

## Why is this bad?
The call raises `TypeError` at run time.

## Example
```python
from typing import Protocol

class P(Protocol):
    x: int

def f(o: object):
    isinstance(o, P)  # error: [isinstance-against-protocol]
```

## Why this level?
The program fails whenever it gets there.
",
};

/// `function` is `isinstance` or `issubclass`; the protocol is not runtime checkable.
#[must_use]
pub fn isinstance_against_protocol(function: impl Display, class: impl Display) -> Finding {
    Finding::new(
        &RULE,
        format!("Protocol `{class}` cannot be used as the second argument of `{function}`"),
    )
    .hint("decorate the protocol with `@runtime_checkable`")
}

/// `issubclass` against a protocol with data members.
#[must_use]
pub fn issubclass_against_data_protocol(class: impl Display) -> Finding {
    Finding::new(
        &RULE,
        format!("Protocol `{class}` has non-method members and cannot be used with `issubclass`"),
    )
}

/// The class overlaps with the protocol by name while its members have other types.
#[must_use]
pub fn unsafe_protocol_overlap(object: impl Display, class: impl Display) -> Finding {
    Finding::new(
        &RULE,
        format!("`{object}` has the members of protocol `{class}` by name, with incompatible types"),
    )
}
