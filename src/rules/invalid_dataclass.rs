//! `invalid-dataclass`: a misuse of dataclasses.
//!
//! Reports decorators and fields of dataclasses that contradict one another: a frozen one that
//! inherits from one that is not, `order` with hand-written comparisons, `slots` twice, a wrong
//! `__post_init__`.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "invalid-dataclass",
    default_level: Level::Error,
    summary: "a misuse of dataclasses",
    documentation: "\
## What it does
Reports decorators and fields of dataclasses that contradict one another: a frozen one that
inherits from one that is not, `order` with hand-written comparisons, `slots` twice, a wrong
`__post_init__`.

## Why is this bad?
The decorator raises `TypeError`, or the class behaves differently from what it says.

## Example
```python
from dataclasses import dataclass

@dataclass
class A: ...

@dataclass(frozen=True)
class B(A): ...  # error: [invalid-dataclass]
```

## Why this level?
The program fails as soon as the module is imported.
",
};

/// `class` and its base `base` do not agree on `frozen`.
#[must_use]
pub fn frozen_mismatch(class: impl Display, class_frozen: bool, base: impl Display) -> Finding {
    let (kind, base_kind) =
        if class_frozen { ("Frozen", "non-frozen") } else { ("Non-frozen", "frozen") };
    Finding::new(
        &RULE,
        format!("{kind} dataclass `{class}` cannot inherit from {base_kind} dataclass `{base}`"),
    )
}

/// `__post_init__` does not take what the `InitVar` fields give it.
#[must_use]
pub fn invalid_post_init(class: impl Display, expected: impl Display) -> Finding {
    Finding::new(
        &RULE,
        format!("`__post_init__` of dataclass `{class}` does not accept its `InitVar` fields"),
    )
    .hint(format!("expected a method that can be called with ({expected})"))
}

/// Anything else that is wrong with the dataclass, as a clause.
#[must_use]
pub fn invalid_dataclass(class: impl Display, reason: impl Display) -> Finding {
    Finding::new(&RULE, format!("Invalid dataclass `{class}`: {reason}"))
}
