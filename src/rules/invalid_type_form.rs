//! `invalid-type-form`: an expression that is not a type, used as one.
//!
//! Reports annotations and other type expressions that are not valid types.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "invalid-type-form",
    default_level: Level::Error,
    summary: "an expression that is not a type, used as one",
    documentation: "\
## What it does
Reports annotations and other type expressions that are not valid types.

## Why is this bad?
The checker can't know what is meant, and treats the place as of unknown type.

## Example
```python
x: 1 = 1  # error: [invalid-type-form]
y: [int] = [1]  # error: [invalid-type-form]
```

## Why this level?
A type that is not one checks nothing.
",
};

/// `what` names what stands there; `meant` is the type that it was probably to be.
#[must_use]
pub fn not_a_type(what: impl Display, meant: Option<String>) -> Finding {
    let finding = Finding::new(&RULE, format!("{what} is not allowed in a type expression"));
    match meant {
        Some(meant) => finding.hint(format!("did you mean `{meant}`?")),
        None => finding,
    }
}

/// Anything else, as a sentence without full stop.
#[must_use]
pub fn invalid_type_expression(message: impl Display) -> Finding {
    Finding::new(&RULE, message.to_string())
}
