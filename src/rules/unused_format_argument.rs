//! `unused-format-argument`: an argument of `str.format` that no field is for.
//!
//! Reports positional and keyword arguments that a constant format does not name.

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "unused-format-argument",
    default_level: Level::Warn,
    summary: "an argument of `str.format` that no field is for",
    documentation: "\
## What it does
Reports arguments of `str.format` that no field of a constant format is for.

## Why is this bad?
Python drops them without a word: a field was forgotten, or the argument was.

## Example
```python
def show(name: str, size: int) -> str:
    return \"size of {}\".format(name, size)  # error: [unused-format-argument]
```

## Why this level?
The line works, and its text says less than was meant.
",
};

/// The positional argument at `index`, counted from 0, is not used.
#[must_use]
pub fn unused_positional(index: usize) -> Finding {
    Finding::new(&RULE, format!("Format has no field for positional argument {index} (from 0)"))
}

/// A keyword argument is not used.
#[must_use]
pub fn unused_keyword(name: &str) -> Finding {
    Finding::new(&RULE, format!("Format has no field `{name}`"))
}
