//! `undeclared-dependency`: an import of a package that the project does not declare.
//!
//! A rule of the audit.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "undeclared-dependency",
    default_level: Level::Error,
    summary: "an import of a package that the project does not declare",
    documentation: "\
## What it does
Reports an import of a package that no dependency of the project has, or of another project of the workspace that it
does not depend on.

## Why is this bad?
It works only as long as something else happens to install it.

## Example
```python
import requests  # error: [undeclared-dependency]
```

## Why this level?
Certain findings have the rule's level; likely ones are warnings at most, and possible ones are shown on demand only.
",
};

/// A package that is not declared; `distribution` is what has it, if that is known.
#[must_use]
pub fn undeclared(module: impl Display, distribution: Option<&str>) -> Finding {
    let finding = Finding::new(&RULE, format!("`{module}` is imported, and no dependency of the project has it"));
    match distribution {
        Some(distribution) => finding.hint(format!("declare `{distribution}`")),
        None => finding,
    }
}

/// Another project of the workspace.
#[must_use]
pub fn sibling(module: impl Display, name: impl Display) -> Finding {
    Finding::new(&RULE, format!("`{module}` is of `{name}`, which this project does not depend on"))
        .hint(format!("declare `{name}`"))
}
