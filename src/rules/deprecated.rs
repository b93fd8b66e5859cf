//! `deprecated`: a use of something that is marked `@deprecated`.
//!
//! Reports uses of classes, functions and overloads that are marked with `@deprecated`.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "deprecated",
    default_level: Level::Warn,
    summary: "a use of something that is marked `@deprecated`",
    documentation: r#"## What it does
Reports uses of classes, functions and overloads that are marked with `@deprecated`.

## Why is this bad?
It will go away in a later version.

## Example
```python
from warnings import deprecated

@deprecated("use g")
def f(): ...

f()  # error: [deprecated]
```

## Why this level?
The program works today.
"#,
};

/// `kind` is "function", "class" and so on; `message` that of the decorator, or empty.
#[must_use]
pub fn deprecated(kind: impl Display, name: impl Display, message: impl Display) -> Finding {
    // Many messages begin with what is said already.
    let message = message.to_string();
    let rest = message.strip_prefix("Deprecated").and_then(|rest| rest.strip_prefix([';', ':', '.']));
    let message = rest.map_or(message.as_str(), str::trim_start);
    let text = format!("The {kind} `{name}` is deprecated");
    Finding::new(&RULE, if message.is_empty() { text } else { format!("{text}: {message}") })
}
