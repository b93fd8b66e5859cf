//! `subclass-of-final-class`: a subclass of a class marked `@final`.
//!
//! Reports a class that inherits from one that is marked `@final` or is final by nature, such as
//! `bool` or an enum with members.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "subclass-of-final-class",
    default_level: Level::Error,
    summary: "a subclass of a class marked `@final`",
    documentation: "\
## What it does
Reports a class that inherits from one that is marked `@final` or is final by nature, such as
`bool` or an enum with members.

## Why is this bad?
The base class relies on having no subclasses; builtin ones raise `TypeError`.

## Example
```python
class C(bool): ...  # error: [subclass-of-final-class]
```

## Why this level?
The base class forbids it in so many words.
",
};

/// `class` inherits from the final `base`.
#[must_use]
pub fn subclass_of_final_class(class: impl Display, base: impl Display) -> Finding {
    Finding::new(&RULE, format!("Class `{class}` cannot inherit from final class `{base}`"))
}

/// `class` inherits from the enum `base`, which has members.
#[must_use]
pub fn subclass_of_enum_with_members(class: impl Display, base: impl Display) -> Finding {
    subclass_of_final_class(class, base).hint("an enum that has members is implicitly final")
}
