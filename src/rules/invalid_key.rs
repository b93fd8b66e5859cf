//! `invalid-key`: a key that the TypedDict does not have.
//!
//! Reports a subscript, call or display with a key that is not in the TypedDict, or that is not a
//! literal string.

use std::fmt::Display;

use super::words::{did_you_mean, names};
use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "invalid-key",
    default_level: Level::Error,
    summary: "a key that the TypedDict does not have",
    documentation: r#"## What it does
Reports a subscript, call or display with a key that is not in the TypedDict, or that is not a
literal string.

## Why is this bad?
Reading it raises `KeyError`; writing it makes a value of another type.

## Example
```python
from typing import TypedDict

class T(TypedDict):
    name: str

def f(t: T):
    t["nmae"]  # error: [invalid-key]
```

## Why this level?
The program fails whenever it gets there.
"#,
};

/// `key` is not among `candidates`, the keys of the TypedDict.
#[must_use]
pub fn invalid_key<'a>(
    typed_dict: impl Display,
    key: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Finding {
    let finding =
        Finding::new(&RULE, format!("Unknown key `{key}` for TypedDict `{typed_dict}`"));
    did_you_mean(finding, key, candidates)
}

/// A key of type `found`, which is not a literal string; `keys` are those that there are.
#[must_use]
pub fn non_literal_key(
    typed_dict: impl Display,
    found: impl Display,
    keys: &[impl AsRef<str>],
) -> Finding {
    const SHOWN: usize = 6;
    let finding = Finding::new(
        &RULE,
        format!("TypedDict `{typed_dict}` can only be subscripted with a literal key, found `{found}`"),
    );
    let shown: Vec<&str> = keys.iter().take(SHOWN).map(AsRef::as_ref).collect();
    match keys.len() {
        0 => finding,
        many if many > SHOWN => {
            finding.note(format!("it has {many} keys, such as {}", names(&shown)))
        }
        1 => finding.note(format!("its only key is {}", names(&shown))),
        _ => finding.note(format!("its keys are {}", names(&shown))),
    }
}
