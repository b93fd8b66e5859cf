//! `invalid-parameter-default`: a default value that does not fit its parameter.
//!
//! Reports a parameter whose default value is not assignable to its annotation.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "invalid-parameter-default",
    default_level: Level::Error,
    summary: "a default value that does not fit its parameter",
    documentation: r#"## What it does
Reports a parameter whose default value is not assignable to its annotation.

## Why is this bad?
A call that leaves the argument out gives the function a value that it does not expect.

## Example
```python
def f(x: int = "1"): ...  # error: [invalid-parameter-default]
```

## Why this level?
The annotation and the default contradict one another.
"#,
};

/// The default of `parameter`; `annotation` is what its annotation says, where that is a name.
#[must_use]
pub fn invalid_parameter_default(
    parameter: impl Display,
    expected: impl Display,
    found: impl Display,
    annotation: Option<String>,
) -> Finding {
    let finding = Finding::new(
        &RULE,
        format!(
            "Default value of type `{found}` is not assignable to annotated parameter type `{expected}`"
        ),
    );
    if found.to_string() == "None" {
        let written = annotation.unwrap_or_else(|| expected.to_string());
        finding.hint(format!("if `None` is meant to be allowed, write `{parameter}: {written} | None`"))
    } else {
        finding
    }
}
