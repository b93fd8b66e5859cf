//! `possibly-unresolved-import`: an import of a name that the module binds on some paths only.
//!
//! Reports `from module import name` where the module binds `name` on some of its control-flow
//! paths only.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "possibly-unresolved-import",
    default_level: Level::Ignore,
    summary: "an import of a name that the module binds on some paths only",
    documentation: "\
## What it does
Reports `from module import name` where the module binds `name` on some of its control-flow
paths only.

## Why is this bad?
If the module took the other path, the import raises `ImportError`.

## Example
```python
# settings.py: `if debug: level = 1`
from settings import level  # error: [possibly-unresolved-import]
```

## Why this level?
Modules often bind names under conditions that always hold in practice, so this is noise for
most projects.
",
};

/// `name` of `module` may be unbound at the module's end.
#[must_use]
pub fn possibly_unresolved_import(module: impl Display, name: impl Display) -> Finding {
    Finding::new(&RULE, format!("Member `{name}` of module `{module}` may be unbound"))
}
