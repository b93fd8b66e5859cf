//! `unused-dependency`: a dependency that nothing imports.
//!
//! A rule of the audit.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "unused-dependency",
    default_level: Level::Error,
    summary: "a dependency that nothing imports",
    documentation: "\
## What it does
Reports a dependency of a project that no module of the project imports. Stub packages belong to what they describe;
dependencies of groups for development are tools and left alone.

## Why is this bad?
It is downloaded, audited and updated for nothing.

## Example
```toml
dependencies = [\"requests\"]  # error: [unused-dependency]
```

## Why this level?
Certain findings have the rule's level; likely ones are warnings at most, and possible ones are shown on demand only.
",
};

/// A dependency that nothing imports.
#[must_use]
pub fn unused(name: impl Display) -> Finding {
    Finding::new(&RULE, format!("dependency `{name}` is declared and never imported"))
}
