//! `abstract-instantiation`: an abstract class that is instantiated.
//!
//! Reports a call of a class that has abstract methods left.

use std::fmt::Display;

use super::words::names;
use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "abstract-instantiation",
    default_level: Level::Error,
    summary: "an abstract class that is instantiated",
    documentation: "\
## What it does
Reports a call of a class that has abstract methods left.

## Why is this bad?
The call raises `TypeError` at run time.

## Example
```python
from abc import ABC, abstractmethod

class Shape(ABC):
    @abstractmethod
    def area(self) -> float: ...

Shape()  # error: [abstract-instantiation]
```

## Why this level?
The program fails whenever it gets there.
",
};

/// `methods` are the names still abstract, in order.
#[must_use]
pub fn abstract_instantiation(class: impl Display, methods: &[&str]) -> Finding {
    let noun = if methods.len() == 1 { "method" } else { "methods" };
    Finding::new(
        &RULE,
        format!("Cannot instantiate abstract class `{class}`: abstract {noun} {}", names(methods)),
    )
}
