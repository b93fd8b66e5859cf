//! `invalid-literal`: an argument of `Literal` that is not allowed.
//!
//! Reports `Literal[…]` with anything but ints, strings, bytes, bools, enum members, `None` and
//! nested literals.

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "invalid-literal",
    default_level: Level::Error,
    summary: "an argument of `Literal` that is not allowed",
    documentation: "\
## What it does
Reports `Literal[…]` with anything but ints, strings, bytes, bools, enum members, `None` and
nested literals.

## Why is this bad?
The type does not stand for a value.

## Example
```python
from typing import Literal

x: Literal[1 + 2]  # error: [invalid-literal]
```

## Why this level?
The typing rules of literals are definite.
",
};

/// An argument that is not allowed.
#[must_use]
pub fn invalid_literal() -> Finding {
    Finding::new(
        &RULE,
        "Type arguments for `Literal` must be `None`, a literal int, bool, str or bytes, or an enum member",
    )
}

/// `Literal` without arguments.
#[must_use]
pub fn bare_literal() -> Finding {
    Finding::new(&RULE, "`Literal` requires at least one argument")
}
