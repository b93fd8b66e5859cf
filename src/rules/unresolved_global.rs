//! `unresolved-global`: a `global` statement for a name that the module never binds.
//!
//! Reports `global name` where the module has no binding or declaration of `name` at its top level.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "unresolved-global",
    default_level: Level::Warn,
    summary: "a `global` statement for a name that the module never binds",
    documentation: "\
## What it does
Reports `global name` where the module has no binding or declaration of `name` at its top level.

## Why is this bad?
The name exists only after the function ran, and its type can't be known elsewhere.

## Example
```python
def f():
    global counter  # error: [unresolved-global]
    counter = 1
```

## Why this level?
The program can work, so it is only a warning.
",
};

/// `global name` without a binding in the module's scope.
#[must_use]
pub fn unresolved_global(name: impl Display) -> Finding {
    Finding::new(&RULE, format!("`global {name}` has no binding at module level"))
        .hint(format!("declare it there, for instance `{name}: int`"))
}
