//! `invalid-protocol`: a protocol class that is not well formed.
//!
//! Reports a protocol that inherits from a class that is not one, assigns attributes that it does
//! not declare, or misuses `Protocol` otherwise.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "invalid-protocol",
    default_level: Level::Error,
    summary: "a protocol class that is not well formed",
    documentation: "\
## What it does
Reports a protocol that inherits from a class that is not one, assigns attributes that it does
not declare, or misuses `Protocol` otherwise.

## Why is this bad?
The class raises `TypeError` or does not describe an interface.

## Example
```python
from typing import Protocol

class A: ...

class P(A, Protocol): ...  # error: [invalid-protocol]
```

## Why this level?
The typing rules of protocols are definite.
",
};

/// Protocol `class` has the base `base`, which is not a protocol.
#[must_use]
pub fn protocol_with_other_base(class: impl Display, base: impl Display) -> Finding {
    Finding::new(
        &RULE,
        format!("Protocol class `{class}` cannot inherit from non-protocol class `{base}`"),
    )
}

/// `self.member` assigned in a protocol that does not declare it.
#[must_use]
pub fn undeclared_protocol_member(class: impl Display, member: impl Display) -> Finding {
    Finding::new(
        &RULE,
        format!("Member `{member}` is not declared in the body of protocol `{class}`"),
    )
}

/// Anything else that is wrong with the protocol, as a clause.
#[must_use]
pub fn invalid_protocol(class: impl Display, reason: impl Display) -> Finding {
    Finding::new(&RULE, format!("Invalid protocol `{class}`: {reason}"))
}
