//! `unknown-argument`: a call with a keyword argument that the callable does not take.
//!
//! Reports a keyword argument that matches no parameter of the callable.

use std::fmt::Display;

use super::words::did_you_mean;
use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "unknown-argument",
    default_level: Level::Error,
    summary: "a call with a keyword argument that the callable does not take",
    documentation: "\
## What it does
Reports a keyword argument that matches no parameter of the callable.

## Why is this bad?
The call raises `TypeError` at run time.

## Example
```python
def f(x: int): ...

f(x=1, y=2)  # error: [unknown-argument]
```

## Why this level?
The program fails whenever it gets there.
",
};

/// `candidates` are the keyword names that the callable takes.
#[must_use]
pub fn unknown_argument<'a>(
    callee: impl Display,
    argument: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Finding {
    let callee = callee.to_string();
    let message = match callee.is_empty() {
        true => format!("No parameter is called `{argument}`"),
        false => format!("`{callee}` has no parameter `{argument}`"),
    };
    did_you_mean(Finding::new(&RULE, message), argument, candidates)
}
