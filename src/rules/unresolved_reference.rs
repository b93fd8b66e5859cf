//! `unresolved-reference`: a use of a name that is not defined.
//!
//! Reports a use of a name that no reachable binding in the scope, its enclosing scopes, the module
//! or the builtins provides.

use super::words::did_you_mean;
use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "unresolved-reference",
    default_level: Level::Error,
    summary: "a use of a name that is not defined",
    documentation: "\
## What it does
Reports a use of a name that no reachable binding in the scope, its enclosing scopes, the module
or the builtins provides.

## Why is this bad?
Evaluating the name raises `NameError` or `UnboundLocalError` at run time.

## Example
```python
print(undefined_name)  # error: [unresolved-reference]
```

## Why this level?
The program fails whenever it gets there; false reports are rare.
",
};

/// `name` is not defined; `candidates` are the names in sight, for a suggestion.
#[must_use]
pub fn unresolved_reference<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Finding {
    let finding = Finding::new(&RULE, format!("Name `{name}` used when not defined"));
    did_you_mean(finding, name, candidates)
}
