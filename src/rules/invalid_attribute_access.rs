//! `invalid-attribute-access`: an access that the attribute does not allow through this object.
//!
//! Reports setting a `ClassVar` through an instance, and reaching a pure instance attribute through
//! the class.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "invalid-attribute-access",
    default_level: Level::Error,
    summary: "an access that the attribute does not allow through this object",
    documentation: "\
## What it does
Reports setting a `ClassVar` through an instance, and reaching a pure instance attribute through
the class.

## Why is this bad?
A class variable set on an instance hides the shared value; an instance attribute is not there
on the class.

## Example
```python
from typing import ClassVar

class C:
    x: ClassVar[int] = 1

C().x = 2  # error: [invalid-attribute-access]
```

## Why this level?
The code breaks the contract that the annotation states.
",
};

/// Setting the class variable `attribute` through an instance of `object`.
#[must_use]
pub fn class_var_through_instance(object: impl Display, attribute: impl Display) -> Finding {
    Finding::new(
        &RULE,
        format!("Cannot assign to class variable `{attribute}` through an instance of `{object}`"),
    )
    .hint("assign to it on the class")
}

/// Using the instance attribute `attribute` through the class `object`.
#[must_use]
pub fn instance_attribute_through_class(object: impl Display, attribute: impl Display) -> Finding {
    Finding::new(
        &RULE,
        format!("Attribute `{attribute}` is only available on instances of `{object}`"),
    )
}

/// The `__get__` of a descriptor does not take what it is read through.
#[must_use]
pub fn unreadable_descriptor(
    descriptor: impl Display,
    attribute: impl Display,
    object: impl Display,
) -> Finding {
    Finding::new(
        &RULE,
        format!(
            "Attribute `{attribute}` of `{object}` cannot be read: \
             the `__get__` of `{descriptor}` does not accept it"
        ),
    )
}
