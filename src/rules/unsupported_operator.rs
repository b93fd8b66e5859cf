//! `unsupported-operator`: an operator between types that do not support it.
//!
//! Reports unary, binary, comparison and augmented operators for which neither operand has a
//! fitting method.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "unsupported-operator",
    default_level: Level::Error,
    summary: "an operator between types that do not support it",
    documentation: r#"## What it does
Reports unary, binary, comparison and augmented operators for which neither operand has a
fitting method.

## Why is this bad?
It raises `TypeError` at run time.

## Example
```python
1 + "1"  # error: [unsupported-operator]
```

## Why this level?
The program fails whenever it gets there.
"#,
};

/// A binary or comparison operator.
#[must_use]
pub fn unsupported_operator(
    operator: impl Display,
    left: impl Display,
    right: impl Display,
) -> Finding {
    Finding::new(
        &RULE,
        format!("Operator `{operator}` is not supported between `{left}` and `{right}`"),
    )
}

/// A unary operator.
#[must_use]
pub fn unsupported_unary_operator(operator: impl Display, operand: impl Display) -> Finding {
    Finding::new(&RULE, format!("Unary operator `{operator}` is not supported for `{operand}`"))
}
