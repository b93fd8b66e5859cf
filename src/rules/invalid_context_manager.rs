//! `invalid-context-manager`: a `with` over an object that is not a context manager.
//!
//! Reports `with` and `async with` over a value that lacks the enter or exit method, or whose
//! methods can't be called so.

use std::fmt::Display;

use super::words::names;
use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "invalid-context-manager",
    default_level: Level::Error,
    summary: "a `with` over an object that is not a context manager",
    documentation: "\
## What it does
Reports `with` and `async with` over a value that lacks the enter or exit method, or whose
methods can't be called so.

## Why is this bad?
It raises `TypeError` or `AttributeError` at run time.

## Example
```python
with 4:  # error: [invalid-context-manager]
    pass
```

## Why this level?
The program fails whenever it gets there.
",
};

/// `missing` are the methods that the type lacks, such as `__enter__`.
#[must_use]
pub fn invalid_context_manager(found: impl Display, missing: &[&str], is_async: bool) -> Finding {
    let with = if is_async { "async with" } else { "with" };
    let mut message = format!("Object of type `{found}` cannot be used with `{with}`");
    if !missing.is_empty() {
        message = format!("{message} because it does not implement {}", names(missing));
    }
    Finding::new(&RULE, message)
}

/// The method that leaves, called `exit`, cannot be called as Python does.
#[must_use]
pub fn invalid_exit(found: impl Display, exit: &str, is_async: bool) -> Finding {
    let with = if is_async { "async with" } else { "with" };
    let awaited = if is_async { " or gives nothing to await" } else { "" };
    Finding::new(
        &RULE,
        format!(
            "Object of type `{found}` cannot be used with `{with}`: \
             its `{exit}` does not take three arguments{awaited}"
        ),
    )
}

/// `__exit__` declares `bool` and only ever returns `False`.
#[must_use]
pub fn exit_never_swallows(exit: impl Display) -> Finding {
    Finding::new(
        &RULE,
        format!(
            "`{exit}` declares `bool`, which says that it may swallow exceptions, \
             and always returns `False`"
        ),
    )
    .hint("declare `Literal[False]` or `None`")
}

/// The object supports the other kind of `with`; `is_async` tells what was written.
#[must_use]
pub fn wrong_kind_of_with(found: impl Display, is_async: bool) -> Finding {
    invalid_context_manager(found, &[], is_async)
        .hint(if is_async { "did you mean plain `with`?" } else { "did you mean `async with`?" })
}
