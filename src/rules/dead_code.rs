//! `dead-code`: a definition that nothing uses.
//!
//! A rule of the audit.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "dead-code",
    default_level: Level::Error,
    summary: "a definition that nothing uses",
    documentation: "\
## What it does
Reports a function, class, method or variable that no root of the program reaches: no entry point, no top level of a
module, no test. Reads on objects of known type count for the member that they mean, so that a method whose name is
used elsewhere is found too. Whatever only the reported definition uses is dead with it, and is listed there.

## Why is this bad?
Dead code is read, tested, translated and migrated like the rest, for nothing.

## Example
```python
def helper() -> int:  # error: [dead-code]
    return 1
```

## Why this level?
Certain findings have the rule's level; likely ones are warnings at most, and possible ones are shown on demand only.
",
};

/// A definition that nothing uses; `with_it` are the names of what falls with it, `more` how many more there are.
#[must_use]
pub fn dead_code(kind: &str, name: impl Display, with_it: &[String], lines: usize) -> Finding {
    const SHOWN: usize = 8;
    let mut message = format!("{kind} `{name}` is never used");
    if !with_it.is_empty() {
        let shown: Vec<String> =
            with_it.iter().take(SHOWN).map(|each| format!("`{each}`")).collect();
        message.push_str(&format!("; with it {}", shown.join(", ")));
        if with_it.len() > SHOWN {
            message.push_str(&format!(" and {} more", with_it.len() - SHOWN));
        }
    }
    if lines > 1 {
        message.push_str(&format!(" ({lines} lines)"));
    }
    Finding::new(&RULE, message)
}

/// A definition that only code uses which is never reached.
#[must_use]
pub fn reached_by_unreachable_code(kind: &str, name: impl Display) -> Finding {
    Finding::new(&RULE, format!("{kind} `{name}` is used only by code that is never reached"))
}
