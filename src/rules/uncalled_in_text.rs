//! `uncalled-in-text`: a method, coroutine or generator put into text in place of its result.
//!
//! Reports f-strings, `%s`, `str.format` and `str(...)` of an object whose text is where it is in memory.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "uncalled-in-text",
    default_level: Level::Error,
    summary: "a method, coroutine or generator put into text in place of its result",
    documentation: "\
## What it does
Reports a bound method, a coroutine, a generator, or what `map`, `filter`, `zip`, `enumerate` and `reversed`
give, in an f-string, after `%s`, in `str.format` or in `str(...)`.

## Why is this bad?
The text is `<bound method User.name of ...>` or `<generator object ... at 0x7f...>`: a call, an `await`
or a `list(...)` was forgotten.

## Example
```python
class User:
    def name(self) -> str:
        return \"Ada\"

def greet(user: User) -> str:
    return f\"Hello {user.name}\"  # error: [uncalled-in-text]
```

## Why this level?
Who wants to see the object writes `!r` or `%r`.
",
};

/// A value of type `found` is put into text.
#[must_use]
pub fn uncalled_in_text(found: impl Display) -> Finding {
    Finding::new(&RULE, format!("`{found}` in text says only where the object is in memory"))
        .hint("put its result into the text, or write `!r` (`%r`, `repr`) to show the object")
}
