//! `file-skipped`: a file that was given up because of a limit, or because its check ended the process.
//!
//! Reports a file whose check took more time, memory or nesting than the limits allow.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "file-skipped",
    default_level: Level::Warn,
    summary: "a file that was given up because of a limit",
    documentation: "\
## What it does
Reports a file whose check took more time, memory or nesting than the limits allow, or ended the process: then the
check is repeated without it. A run that skips a file never ends with exit code 0, whatever the level of this rule,
unless the rule is ignored or `--exit-zero` is given.

## Why is this bad?
Mistakes in the rest of the file are not found.

## Example
```python
# a file of which one function takes minutes to infer
```

## Why this level?
A file that was not checked must be seen, but the limit is the user's.
",
};

/// `limit` names the limit as in the configuration, `value` what it is set to.
#[must_use]
pub fn file_skipped(limit: impl Display, value: impl Display) -> Finding {
    Finding::new(&RULE, format!("File skipped: it exceeded `{limit}` ({value})"))
        .hint(format!("raise `{limit}`, or exclude the file"))
}

/// `reason` says what the process died of in the check of the file.
#[must_use]
pub fn file_died(reason: impl Display) -> Finding {
    Finding::new(&RULE, format!("File skipped: its check ended the process by {reason}"))
        .hint("this is a bug in ropewalk: report it, and exclude the file until it is fixed")
}
