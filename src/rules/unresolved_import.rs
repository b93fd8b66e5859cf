//! `unresolved-import`: a module, or a name in a module, that is not there.

use super::{Finding, Level, Rule};

pub static RULE: Rule = Rule {
    name: "unresolved-import",
    default_level: Level::Error,
    summary: "an import that does not resolve to a module",
    documentation: "\
## What it does
Reports an `import` of a module that is in none of the places where modules are looked for.

## Why is this bad?
The import fails at run time, or the environment that the checker was given is not the one that
the program runs in; either way nothing can be said of what comes out of the module.

## Example
```python
import does_not_exist  # error: [unresolved-import]
```
",
};

/// `module` as written; `searched` are the folders that were looked in, in order.
#[must_use]
pub fn unresolved_import(module: &str, searched: &[String]) -> Finding {
    let mut finding = Finding::new(&RULE, format!("Cannot resolve import `{module}`"));
    if !searched.is_empty() {
        finding = finding.hint(format!("looked in: {}", searched.join(", ")));
    }
    finding
}
