//! `non-subscriptable`: a subscript of an object that does not support it.
//!
//! Reports `x[…]`, `x[…] = …` and `del x[…]` where the type of `x` lacks the method for it.

use std::fmt::Display;

use super::words::names;
use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "non-subscriptable",
    default_level: Level::Error,
    summary: "a subscript of an object that does not support it",
    documentation: "\
## What it does
Reports `x[…]`, `x[…] = …` and `del x[…]` where the type of `x` lacks the method for it.

## Why is this bad?
It raises `TypeError` at run time.

## Example
```python
4[0]  # error: [non-subscriptable]
```

## Why this level?
The program fails whenever it gets there.
",
};

/// `method` is `__getitem__`, `__setitem__`, `__delitem__` or `__class_getitem__`.
#[must_use]
pub fn non_subscriptable(found: impl Display, method: impl Display) -> Finding {
    let method = method.to_string();
    let what = match method.as_str() {
        "__setitem__" => "does not support item assignment",
        "__delitem__" => "does not support item deletion",
        _ => "is not subscriptable",
    };
    let found = found.to_string();
    let finding = Finding::new(&RULE, format!("Object of type `{found}` {what}"));
    if found == "None" {
        return finding.hint("test it for `None` first");
    }
    finding.note(format!("its type has no `{method}` method"))
}

/// A subscript of a union of which several members do not have `method`.
#[must_use]
pub fn non_subscriptable_members(
    union: impl Display,
    members: &[impl Display],
    method: impl Display,
) -> Finding {
    let method = method.to_string();
    let what = match method.as_str() {
        "__setitem__" => "do not support item assignment",
        _ => "are not subscriptable",
    };
    Finding::new(&RULE, format!("{} in `{union}` {what}", names(members)))
        .note(format!("their types have no `{method}` method"))
}
