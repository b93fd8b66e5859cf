//! `redefined-definition`: a function or class that is defined twice in a row.
//!
//! Reports a function or class whose name was already defined in the same scope, without a use in
//! between.

use std::fmt::Display;

use ruff_text_size::TextRange;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "redefined-definition",
    default_level: Level::Error,
    summary: "a function or class that is defined twice in a row",
    documentation: "\
## What it does
Reports a function or class whose name was already defined in the same block, without a use in
between. Definitions with decorators are left alone: some frameworks redefine names on purpose (dispatch,
registration).

## Why is this bad?
The first definition is lost, mostly by oversight.

## Example
```python
def f(): ...
def f(): ...  # error: [redefined-definition]
```

## Why this level?
Part of what is written there never runs, a test with the name of another most often. mypy calls this `no-redef`,
pyright `reportRedeclaration`.
",
};

/// `name`, a `kind` ("function" or "class"), was defined at `first` already.
#[must_use]
pub fn redefined_definition(
    kind: impl Display,
    name: impl Display,
    first: TextRange,
) -> Finding {
    Finding::new(&RULE, format!("Redefinition of {kind} `{name}`"))
        .related(first, "first defined here")
}
