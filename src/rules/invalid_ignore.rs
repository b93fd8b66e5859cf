//! `invalid-ignore`: a suppression comment that is malformed or names an unknown rule.
//!
//! Reports `# ropewalk: ignore[…]` comments that can't be read or that name rules which do not
//! exist.

use std::fmt::Display;

use super::words::did_you_mean;
use super::{Finding, Level, Rule, named_elsewhere};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "invalid-ignore",
    default_level: Level::Warn,
    summary: "a suppression comment that is malformed or names an unknown rule",
    documentation: "\
## What it does
Reports `# ropewalk: ignore[…]` comments that can't be read or that name rules which do not
exist.

## Why is this bad?
The comment does not suppress what it was written for.

## Example
```python
x = 1  # ropewalk: ignore[no-such-rule]  # error: [invalid-ignore]
```

## Why this level?
Nothing is wrong with the code itself.
",
};

/// `rule` does not exist; `candidates` are rules that do.
#[must_use]
pub fn unknown_rule_in_ignore<'a>(
    rule: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Finding {
    let finding = Finding::new(&RULE, format!("Unknown rule `{rule}` in suppression comment"));
    if let Some(ours) = named_elsewhere(rule) {
        return finding.hint(format!("`{rule}` of other checkers is `{}` here", ours.name));
    }
    did_you_mean(finding, rule, candidates)
}

/// The comment can't be read; `reason` is a clause.
#[must_use]
pub fn malformed_ignore(reason: impl Display) -> Finding {
    Finding::new(&RULE, format!("Malformed suppression comment: {reason}"))
}
