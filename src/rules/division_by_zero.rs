//! `division-by-zero`: a division by the constant zero.
//!
//! Reports `/`, `//` and `%` of an integer or float by the constant zero.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "division-by-zero",
    default_level: Level::Ignore,
    summary: "a division by the constant zero",
    documentation: "\
## What it does
Reports `/`, `//` and `%` of an integer or float by the constant zero.

## Why is this bad?
It raises `ZeroDivisionError` at run time.

## Example
```python
1 / 0  # error: [division-by-zero]
```

## Why this level?
Code that does it does it on purpose (tests, mostly), and the rule knows the type `int` but
rarely the value.
",
};

/// `operator` between a value of type `left` and zero.
#[must_use]
pub fn division_by_zero(operator: impl Display, left: impl Display) -> Finding {
    let operation = match operator.to_string().as_str() {
        "//" => "floor divide",
        "%" => "take the remainder of",
        _ => "divide",
    };
    Finding::new(&RULE, format!("Cannot {operation} object of type `{left}` by zero"))
}
