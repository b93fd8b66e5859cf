//! `import-contract`: an import that a contract of the configuration rules out.
//!
//! A rule of the audit.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "import-contract",
    default_level: Level::Error,
    summary: "an import that a contract of the configuration rules out",
    documentation: "\
## What it does
Reports an import, or a chain of them, that breaks a contract in `[[audit.contracts]]`: `layers`, `independence`,
`forbidden`, `allowed` or `interface`.

## Why is this bad?
Structure that nothing holds is gone in a year.

## Example
```python
# low.py, where the configuration has `layers = [\"high\", \"low\"]`
import high  # error: [import-contract]
```

## Why this level?
The contract is there because somebody wants it kept.
",
};

/// A chain of imports that a contract rules out.
#[must_use]
pub fn broken(contract: impl Display, chain: &[&str]) -> Finding {
    Finding::new(&RULE, format!("Contract `{contract}` is broken: {}", chain.join(" -> ")))
}

/// Another import of the chain.
#[must_use]
pub fn on_the_way(from: impl Display, to: impl Display) -> String {
    format!("`{from}` imports `{to}`")
}

/// A contract names a module that is not there.
#[must_use]
pub fn unknown_module(contract: impl Display, module: impl Display) -> Finding {
    Finding::new(&RULE, format!("the contract `{contract}` names `{module}`, and there is no such module"))
}
