//! `conflicting-metaclass`: bases whose metaclasses do not fit together.
//!
//! Reports a class whose metaclass is not a subclass of the metaclasses of all its bases.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "conflicting-metaclass",
    default_level: Level::Error,
    summary: "bases whose metaclasses do not fit together",
    documentation: "\
## What it does
Reports a class whose metaclass is not a subclass of the metaclasses of all its bases.

## Why is this bad?
The class statement raises `TypeError` at run time.

## Example
```python
class M1(type): ...
class M2(type): ...
class A(metaclass=M1): ...
class B(A, metaclass=M2): ...  # error: [conflicting-metaclass]
```

## Why this level?
The program fails as soon as the module is imported.
",
};

/// `metaclass` of `class` and `base_metaclass` of `base` are unrelated.
#[must_use]
pub fn conflicting_metaclass(
    class: impl Display,
    metaclass: impl Display,
    base: impl Display,
    base_metaclass: impl Display,
) -> Finding {
    Finding::new(
        &RULE,
        format!(
            "Metaclass `{metaclass}` of class `{class}` conflicts with metaclass `{base_metaclass}` of base `{base}`"
        ),
    )
    .hint("the metaclass must be a subclass of the metaclasses of all bases")
}
