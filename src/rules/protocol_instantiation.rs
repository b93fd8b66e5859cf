//! `protocol-instantiation`: a protocol class that is instantiated.
//!
//! Reports a call of a class that is itself a protocol.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "protocol-instantiation",
    default_level: Level::Error,
    summary: "a protocol class that is instantiated",
    documentation: "\
## What it does
Reports a call of a class that is itself a protocol.

## Why is this bad?
The call raises `TypeError` at run time.

## Example
```python
from typing import Protocol

class Closer(Protocol):
    def close(self) -> None: ...

Closer()  # error: [protocol-instantiation]
```

## Why this level?
The program fails whenever it gets there.
",
};

/// Instantiating the protocol `class`.
#[must_use]
pub fn protocol_instantiation(class: impl Display) -> Finding {
    Finding::new(&RULE, format!("Cannot instantiate protocol class `{class}`"))
        .hint("instantiate a class that implements it")
}
