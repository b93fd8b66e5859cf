//! `stale-exception`: an exception of a contract that nothing needs any more.
//!
//! A rule of the audit.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "stale-exception",
    default_level: Level::Warn,
    summary: "an exception of a contract that nothing needs any more",
    documentation: "\
## What it does
Reports an entry in `ignore` of a contract that no import matches.

## Why is this bad?
The next import that breaks the contract there goes unseen.

## Example
```text
ignore = [\"a.old -> b\"]  warn: [stale-exception]
```

## Why this level?
The contract holds all the same.
",
};

/// An exception that no import matches.
#[must_use]
pub fn stale(contract: impl Display, exception: impl Display) -> Finding {
    Finding::new(&RULE, format!("the exception `{exception}` of the contract `{contract}` is not needed any more"))
}
