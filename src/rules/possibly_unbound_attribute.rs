//! `possibly-unbound-attribute`: an access to an attribute that is bound on some paths only.
//!
//! Reports reading an attribute that its class or module binds on some control-flow paths only.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "possibly-unbound-attribute",
    default_level: Level::Warn,
    summary: "an access to an attribute that is bound on some paths only",
    documentation: "\
## What it does
Reports reading an attribute that its class or module binds on some control-flow paths only.

## Why is this bad?
If the other path was taken, the access raises `AttributeError`.

## Example
```python
import random

class C:
    if random.random() > 0.5:
        x = 1

C.x  # error: [possibly-unbound-attribute]
```

## Why this level?
The program may be right thanks to a condition that the checker can't see, so it warns.
",
};

/// `attribute` of `object` may be unbound.
#[must_use]
pub fn possibly_unbound_attribute(object: impl Display, attribute: impl Display) -> Finding {
    Finding::new(&RULE, format!("Attribute `{attribute}` on type `{object}` may be missing"))
}
