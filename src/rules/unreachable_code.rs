//! `unreachable-code`: code that is never reached.
//!
//! A rule of the audit.

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "unreachable-code",
    default_level: Level::Error,
    summary: "code that is never reached",
    documentation: "\
## What it does
Reports statements after a `return`, `raise`, `break` or `continue`, and branches that types rule out.

## Why is this bad?
It looks as if it did something.

## Example
```python
def run() -> int:
    return 1
    print(\"never\")  # error: [unreachable-code]

print(run())
```

## Why this level?
Certain findings have the rule's level; likely ones are warnings at most, and possible ones are shown on demand only. What types alone rule out is possible at most: annotations may say less than what callers do.
",
};

/// Statements that are not reached; `by_types` says that only types tell.
#[must_use]
pub fn unreachable(by_types: bool) -> Finding {
    let message = if by_types {
        "this code is never reached, as types have it"
    } else {
        "this code is never reached"
    };
    Finding::new(&RULE, message)
}
