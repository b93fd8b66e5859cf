//! `invalid-format-string`: a format that fails whenever it is used.
//!
//! Reports constant formats of `%`, `str.format` and logging calls that cannot be read.

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "invalid-format-string",
    default_level: Level::Error,
    summary: "a format that fails whenever it is used",
    documentation: "\
## What it does
Reports constant formats that cannot be read: an unknown or unfinished conversion of `%`, a brace of
`str.format` without its other half, fields that are numbered partly by hand.

## Why is this bad?
Whatever the values are, formatting raises `ValueError`; in a logging call the record is lost.

## Example
```python
def show(share: float, name: str) -> None:
    print(\"%s has %.2f%%\" % (name, share))
    print(\"%s has %.2f%\" % (name, share))  # error: [invalid-format-string]
    print(\"{} and {0}\".format(name))  # error: [invalid-format-string]
```

## Why this level?
The line can never work. Where failing is what is wanted, within `pytest.raises` or a `try` with a handler
for just that error, nothing is reported.
",
};

/// `%` followed by a letter that is no conversion.
#[must_use]
pub fn unknown_conversion(letter: char) -> Finding {
    Finding::new(&RULE, format!("Format cannot be read: `%{letter}` is no conversion"))
        .hint("write `%%` for a percent sign")
}

/// `!` followed by a letter that is no conversion of `str.format`.
#[must_use]
pub fn unknown_field_conversion(letter: char) -> Finding {
    Finding::new(
        &RULE,
        format!("Format cannot be read: `!{letter}` is no conversion, only `!r`, `!s` and `!a` are"),
    )
}

/// Something of the format has no end or no beginning.
#[must_use]
pub fn incomplete(problem: &str) -> Finding {
    Finding::new(&RULE, format!("Format cannot be read: {problem}"))
}

/// `{}` and `{0}` in one format.
#[must_use]
pub fn mixed_numbering() -> Finding {
    Finding::new(
        &RULE,
        "Format cannot be read: some of its fields are numbered and some are not".to_owned(),
    )
}
