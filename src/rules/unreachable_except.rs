//! `unreachable-except`: an `except` clause for what a clause before it catches.
//!
//! Reports an `except` clause all of whose exception classes are subclasses of what was caught already.

use std::fmt::Display;

use ruff_text_size::TextRange;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "unreachable-except",
    default_level: Level::Error,
    summary: "an `except` clause for what a clause before it catches",
    documentation: "\
## What it does
Reports an `except` clause all of whose exception classes are caught by a clause before it.

## Why is this bad?
Its body never runs: what it was to handle is handled otherwise.

## Example
```python
try:
    open(\"settings.toml\")
except OSError:
    pass
except FileNotFoundError:  # error: [unreachable-except]
    pass
```

## Why this level?
The clause can never work. pyright calls this `reportUnusedExcept`.
",
};

/// The clause catches `found`, which the clause at `before` catches as `by`.
#[must_use]
pub fn unreachable_except(found: impl Display, by: impl Display, before: TextRange) -> Finding {
    Finding::new(&RULE, format!("`except` clause is never reached: `{found}` is caught before"))
        .related(before, format!("`{by}` is caught here"))
}
