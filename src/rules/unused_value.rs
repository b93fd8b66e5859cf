//! `unused-value`: a value that is made for nothing.
//!
//! Reports a statement that makes a value, throws it away, and does nothing else: the call of a generator function, a
//! context manager that is not entered, an exception that is not raised, `map` or `filter` that nobody iterates over.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "unused-value",
    default_level: Level::Error,
    summary: "a value that is made for nothing",
    documentation: "\
## What it does
Reports a statement that makes a value, throws it away, and does nothing else: the call of a generator function, a
context manager that is not entered, an exception that is not raised, and `map` or `filter` that nobody iterates over.

Statements that are expected to fail are left alone: in a `try` with handlers and under `pytest.raises`.

## Why is this bad?
What was meant does not happen: the body of a generator runs when it is iterated over, a lock is taken when it is
entered.

## Example
```python
def f(text: str) -> str:
    if not text:
        ValueError(\"empty\")  # error: [unused-value]
    return text
```

## Why this level?
The statement has no effect.
",
};

/// A generator function was called: its body does not run.
#[must_use]
pub fn unused_generator(name: impl Display) -> Finding {
    Finding::new(&RULE, format!("Calling `{name}` only makes a generator, which is not used: its body never runs"))
        .hint("iterate over it, or use `yield from`")
}

/// A context manager of type `found` is not entered.
#[must_use]
pub fn unused_context_manager(found: impl Display) -> Finding {
    Finding::new(&RULE, format!("Context manager `{found}` is never entered")).hint("use it in a `with` statement")
}

/// An exception of type `found` is not raised.
#[must_use]
pub fn unused_exception(found: impl Display) -> Finding {
    Finding::new(&RULE, format!("Exception `{found}` is made and not raised")).hint("put `raise` before it")
}

/// An iterator of type `found` does nothing before somebody iterates over it.
#[must_use]
pub fn unused_iterator(found: impl Display) -> Finding {
    Finding::new(&RULE, format!("`{found}` does nothing until it is iterated over, and it is not used"))
}
