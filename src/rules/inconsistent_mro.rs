//! `inconsistent-mro`: bases that allow no method resolution order.
//!
//! Reports a class whose bases can't be brought into one consistent order (C3 linearisation).

use std::fmt::Display;

use super::words::names;
use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "inconsistent-mro",
    default_level: Level::Error,
    summary: "bases that allow no method resolution order",
    documentation: "\
## What it does
Reports a class whose bases can't be brought into one consistent order (C3 linearisation), and one that inherits from
more than 1,000 classes: ropewalk does not look further.

## Why is this bad?
The class statement raises `TypeError` at run time, or what the class inherits is not checked.

## Example
```python
class A: ...
class B(A): ...
class C(A, B): ...  # error: [inconsistent-mro]
```

## Why this level?
The program fails as soon as the module is imported.
",
};

/// `bases` as shown, in order.
#[must_use]
pub fn inconsistent_mro(class: impl Display, bases: &[&str]) -> Finding {
    Finding::new(
        &RULE,
        format!(
            "Cannot create a consistent method resolution order for class `{class}` with bases {}",
            names(bases)
        ),
    )
    .hint("put more derived bases before the classes that they inherit from")
}

/// The order would have more than `most` classes.
#[must_use]
pub fn too_long(class: impl Display, most: usize) -> Finding {
    Finding::new(
        &RULE,
        format!(
            "The method resolution order of class `{class}` has more than {most} classes: what it inherits is not known"
        ),
    )
    .note("this is a limit of ropewalk and not of Python")
}
