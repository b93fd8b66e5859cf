//! `call-abstract-method`: a call through `super()` of a method that has no body.
//!
//! Reports calls of abstract and protocol methods whose body is empty and whose declared result is
//! not what an empty body gives.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "call-abstract-method",
    default_level: Level::Error,
    summary: "a call through `super()` of a method that has no body",
    documentation: "\
## What it does
Reports calls of abstract and protocol methods whose body is empty and whose declared result is
not what an empty body gives.

## Why is this bad?
The call returns `None` where something else was promised.

## Example
```python
from abc import ABC, abstractmethod

class Shape(ABC):
    @abstractmethod
    def area(self) -> float: ...

class Square(Shape):
    def area(self) -> float:
        return super().area()  # error: [call-abstract-method]
```

## Why this level?
The result is never what the declaration says.
",
};

/// `method` of `class` has no body.
#[must_use]
pub fn call_abstract_method(class: impl Display, method: impl Display) -> Finding {
    Finding::new(
        &RULE,
        format!("Method `{method}` of `{class}` is called through `super()` and has no body"),
    )
}
