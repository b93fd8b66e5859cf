//! `unresolved-import`: an import of a module that is not there.
//!
//! Reports an `import` of a module that is in none of the places where modules are looked for.

use std::fmt::Display;

use super::{Diagnostic, Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "unresolved-import",
    default_level: Level::Error,
    summary: "an import of a module that is not there",
    documentation: "\
## What it does
Reports an `import` of a module that is in none of the places where modules are looked for. A name
that a module which was found does not have is an `unresolved-attribute`.

## Why is this bad?
The import fails at run time, or the environment that the checker was given is not the one that
the program runs in; either way nothing can be said of what comes out of the module.

## Example
```python
import does_not_exist  # error: [unresolved-import]
```

## Why this level?
A wrong environment hides every other mistake that involves the module, so it must be seen.
",
};

/// `module` as written; `searched` are the folders that were looked in, in order.
#[must_use]
pub fn unresolved_import(module: impl Display, searched: &[String]) -> Finding {
    let mut finding = Finding::new(&RULE, format!("Cannot resolve import `{module}`"));
    if !searched.is_empty() {
        finding = finding.hint(format!("looked in: {}", searched.join(", ")));
    }
    finding
}

/// The package at the top of what a diagnostic of this rule could not import; `None` for relative imports, which are
/// the project's own.
#[must_use]
pub fn package(diagnostic: &Diagnostic) -> Option<&str> {
    if diagnostic.rule.name != RULE.name {
        return None;
    }
    let module = diagnostic.message.split('`').nth(1)?;
    module.split('.').next().filter(|package| !package.is_empty())
}
