//! `blanket-ignore`: a suppression comment that names no rule.
//!
//! Reports `# ropewalk: ignore` and `# type: ignore` comments without a list of rules.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "blanket-ignore",
    default_level: Level::Ignore,
    summary: "a suppression comment that names no rule",
    documentation: r#"## What it does
Reports `# ropewalk: ignore` and `# type: ignore` comments without a list of rules.

## Why is this bad?
It also hides mistakes that come later and that nobody looked at.

## Example
```python
x: int = "1"  # type: ignore  # error: [blanket-ignore]
```

## Why this level?
Naming the rules is a convention that a project has to choose.
"#,
};

/// `rules` are the names that the comment hides now.
#[must_use]
pub fn blanket_ignore(comment: impl Display, rules: &[&str]) -> Finding {
    let finding = Finding::new(&RULE, format!("Blanket `{comment}` comment names no rule"));
    if rules.is_empty() {
        finding
    } else {
        finding.hint(format!("write `# ropewalk: ignore[{}]`", rules.join(", ")))
    }
}
