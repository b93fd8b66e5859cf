//! `invalid-syntax-for-version`: syntax that the chosen Python version does not have.
//!
//! Reports syntax that is newer (or older) than the Python version that is checked for.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "invalid-syntax-for-version",
    default_level: Level::Error,
    summary: "syntax that the chosen Python version does not have",
    documentation: r#"## What it does
Reports syntax that is newer (or older) than the Python version that is checked for.

## Why is this bad?
The module can't be imported on that version.

## Example
```python
# with python-version = "3.9"
match 1:  # error: [invalid-syntax-for-version]
    case _:
        pass
```

## Why this level?
The program fails as soon as the module is imported.
"#,
};

/// `error` as the parser words it; `version` is the one checked for.
#[must_use]
pub fn invalid_syntax_for_version(error: impl Display, version: impl Display) -> Finding {
    Finding::new(&RULE, error.to_string())
        .hint(format!("it is checked for Python {version}; set `python-version` if another is meant"))
}
