//! `misplaced-dependency`: a dependency that is declared for the wrong purpose.
//!
//! A rule of the audit.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "misplaced-dependency",
    default_level: Level::Warn,
    summary: "a dependency that is declared for the wrong purpose",
    documentation: "\
## What it does
Reports a dependency of the program that only tests or annotations need, and an import by the program of what is
declared for development.

## Why is this bad?
Users install what they do not need, or miss what they do.

## Example
```toml
dependencies = [\"pytest\"]  # warn: [misplaced-dependency]
```

## Why this level?
The program runs all the same.
",
};

/// A dependency that tests alone import.
#[must_use]
pub fn only_tests(name: impl Display) -> Finding {
    Finding::new(&RULE, format!("dependency `{name}` is needed only for tests and tools"))
        .hint("declare it in a group for development")
}

/// A dependency that is imported for typing alone.
#[must_use]
pub fn only_typing(name: impl Display) -> Finding {
    Finding::new(&RULE, format!("dependency `{name}` is imported only for typing"))
}

/// A package that the program imports and that is declared for development.
#[must_use]
pub fn in_development(name: impl Display, module: impl Display) -> Finding {
    Finding::new(&RULE, format!("`{module}` is imported by the program, and `{name}` is declared for development"))
}
