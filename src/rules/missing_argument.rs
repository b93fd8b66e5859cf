//! `missing-argument`: a call without an argument for a required parameter.
//!
//! Reports a call that gives no argument for a parameter without a default.

use std::fmt::Display;

use super::words::{names, of};
use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "missing-argument",
    default_level: Level::Error,
    summary: "a call without an argument for a required parameter",
    documentation: "\
## What it does
Reports a call that gives no argument for a parameter without a default.

## Why is this bad?
The call raises `TypeError` at run time.

## Example
```python
def f(x: int): ...

f()  # error: [missing-argument]
```

## Why this level?
The program fails whenever it gets there.
",
};

/// `callee` may be empty when it has no name; `parameters` are the missing ones in order.
#[must_use]
pub fn missing_argument(callee: impl Display, parameters: &[&str]) -> Finding {
    let (noun, parameter_noun) = if parameters.len() == 1 {
        ("argument", "parameter")
    } else {
        ("arguments", "parameters")
    };
    Finding::new(
        &RULE,
        format!(
            "Missing {noun} for required {parameter_noun} {}{}",
            names(parameters),
            of(callee)
        ),
    )
}
