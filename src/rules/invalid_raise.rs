//! `invalid-raise`: a `raise` of something that is not an exception.
//!
//! Reports `raise` of an object that is neither an exception nor an exception class, and a cause
//! that is not one either.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "invalid-raise",
    default_level: Level::Error,
    summary: "a `raise` of something that is not an exception",
    documentation: "\
## What it does
Reports `raise` of an object that is neither an exception nor an exception class, and a cause
that is not one either.

## Why is this bad?
It raises `TypeError` instead of the exception that was meant.

## Example
```python
raise NotImplemented  # error: [invalid-raise]
```

## Why this level?
The program does not do what it says.
",
};

/// `raise` of a value of type `found`.
#[must_use]
pub fn invalid_raise(found: impl Display) -> Finding {
    let finding = Finding::new(
        &RULE,
        format!("Cannot raise object of type `{found}`: it must be an exception or an exception class"),
    );
    if found.to_string().contains("NotImplementedType") {
        finding.hint("did you mean `NotImplementedError`?")
    } else {
        finding
    }
}

/// `raise … from` a value of type `found`.
#[must_use]
pub fn invalid_raise_cause(found: impl Display) -> Finding {
    Finding::new(
        &RULE,
        format!("Cannot use object of type `{found}` as cause: it must be an exception or `None`"),
    )
}
