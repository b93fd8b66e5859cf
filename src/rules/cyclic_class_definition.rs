//! `cyclic-class-definition`: a class that inherits from itself.
//!
//! Reports a class that is among its own bases, directly or through others; stubs allow writing
//! this.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "cyclic-class-definition",
    default_level: Level::Error,
    summary: "a class that inherits from itself",
    documentation: "\
## What it does
Reports a class that is among its own bases, directly or through others; stubs allow writing
this.

## Why is this bad?
No such class can exist at run time.

## Example
```python
# in a stub file
class A(B): ...  # error: [cyclic-class-definition]
class B(A): ...  # error: [cyclic-class-definition]
```

## Why this level?
Nothing true can be said of the class.
",
};

/// `class` inherits from itself.
#[must_use]
pub fn cyclic_class_definition(class: impl Display) -> Finding {
    Finding::new(&RULE, format!("Class `{class}` inherits from itself"))
}
