//! `bytes-in-text`: `bytes` put into text without decoding them.
//!
//! Reports f-strings, `%s`, `str.format` and `str(...)` of a value that is surely `bytes`.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "bytes-in-text",
    default_level: Level::Warn,
    summary: "`bytes` put into text without decoding them",
    documentation: "\
## What it does
Reports `bytes` or a `bytearray` in an f-string, after `%s`, in `str.format` or in `str(...)`. Messages of
exceptions, of `assert` and of logging, and what `__repr__` gives, are left alone.

## Why is this bad?
The text is then `b'...'`, quotes and all: Python shows the bytes as they are written in a program, and does not
decode them. With `python -bb` it raises `BytesWarning`.

## Example
```python
def address(host: bytes) -> str:
    print(f\"host {host!r}\")
    return f\"https://{host}/\"  # error: [bytes-in-text]
```

## Why this level?
Of 33 findings in a hundred libraries two thirds were mistakes; the others showed bytes as they are, and `!r` or
`%r` would say so. mypy calls this `str-bytes-safe`.
",
};

/// A value of type `found` is put into text.
#[must_use]
pub fn bytes_in_text(found: impl Display) -> Finding {
    Finding::new(&RULE, format!("`{found}` in text gives `b'...'`"))
        .hint("decode it, or write `!r` (`%r`, `repr`) to show it as it is")
}
