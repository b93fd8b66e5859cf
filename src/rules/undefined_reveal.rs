//! `undefined-reveal`: a `reveal_type` that is not imported.
//!
//! Reports a use of `reveal_type` without an import from `typing` or `typing_extensions`.

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "undefined-reveal",
    default_level: Level::Ignore,
    summary: "a `reveal_type` that is not imported",
    documentation: "\
## What it does
Reports a use of `reveal_type` without an import from `typing` or `typing_extensions`.

## Why is this bad?
The name exists for checkers only; at run time it raises `NameError`.

## Example
```python
reveal_type(1)  # error: [undefined-reveal]
```

## Why this level?
It is a debugging aid that is not meant to stay, and mypy and pyright accept it without an import too.
",
};

/// `reveal_type` is not imported.
#[must_use]
pub fn undefined_reveal() -> Finding {
    Finding::new(&RULE, "`reveal_type` used without importing it")
        .hint("this is allowed for debugging; at run time it fails")
}
