//! `non-overlapping-comparison`: a comparison whose outcome the types decide.
//!
//! Reports `==`, `!=`, `is`, `is not`, `in` and `not in` between types that have no value in common.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "non-overlapping-comparison",
    default_level: Level::Error,
    summary: "a comparison between types that have no value in common",
    documentation: "\
## What it does
Reports `==`, `!=`, `is`, `is not`, `in` and `not in` where no value of the one type can be equal to
one of the other: a `str` with an `int`, a value of a declared `Literal` with one that it does not
name, an enum member with a plain string, a method that was not called with what it returns.

What narrowing knows of a place counts only as far as its declaration does not say more, classes with
an `__eq__` of their own and comparisons with `None` are left alone. So is all that stands in an `assert`: a test
says so where things differ, and one that passes shows that a value is another one than its type says.

## Why is this bad?
The branch is dead, or always taken: either the comparison or a declaration is wrong.

## Example
```python
from typing import Literal

def f(code: int, mode: Literal[\"r\", \"w\"]):
    if code == \"404\":  # error: [non-overlapping-comparison]
        pass
    if mode == \"rw\":  # error: [non-overlapping-comparison]
        pass
```

## Why this level?
It contradicts a declaration. mypy calls this `comparison-overlap` (`--strict-equality`), pyright
`reportUnnecessaryComparison` and `reportUnnecessaryContains`.
",
};

/// A comparison of `left` with `right`, whose outcome is always `outcome`.
#[must_use]
pub fn non_overlapping_comparison(
    left: impl Display,
    right: impl Display,
    outcome: bool,
) -> Finding {
    let outcome = word(outcome);
    Finding::new(
        &RULE,
        format!(
            "Comparison is always `{outcome}`: `{left}` and `{right}` have no value in common"
        ),
    )
}

/// `item in container`, where no element of the container, of type `element`, can be equal to the item.
#[must_use]
pub fn non_overlapping_containment(
    item: impl Display,
    container: impl Display,
    element: impl Display,
    outcome: bool,
) -> Finding {
    let outcome = word(outcome);
    Finding::new(
        &RULE,
        format!(
            "Comparison is always `{outcome}`: `{container}` holds `{element}`, which no `{item}` is equal to"
        ),
    )
}

fn word(outcome: bool) -> &'static str {
    if outcome { "True" } else { "False" }
}
