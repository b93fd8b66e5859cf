//! `invalid-match-pattern`: a class pattern that can never work.
//!
//! Reports a class pattern over something that is not a class, and one with more positional
//! patterns than `__match_args__` has names.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "invalid-match-pattern",
    default_level: Level::Error,
    summary: "a class pattern that can never work",
    documentation: "\
## What it does
Reports a class pattern over something that is not a class, and one with more positional
patterns than `__match_args__` has names.

## Why is this bad?
It raises `TypeError` when the case is tried.

## Example
```python
match 1:
    case int(a, b):  # error: [invalid-match-pattern]
        pass
```

## Why this level?
The program fails whenever it gets there.
",
};

/// A class pattern of a value of type `found`.
#[must_use]
pub fn pattern_not_a_class(found: impl Display) -> Finding {
    Finding::new(&RULE, format!("Object of type `{found}` cannot be used as a class pattern"))
}

/// Too many positional sub-patterns for `class`.
#[must_use]
pub fn too_many_positional_patterns(class: impl Display, expected: usize, found: usize) -> Finding {
    Finding::new(
        &RULE,
        format!("Too many positional patterns for `{class}`: expected at most {expected}, found {found}"),
    )
}

/// A keyword pattern for an attribute that a positional pattern is for already.
#[must_use]
pub fn attribute_matched_twice(attribute: impl Display) -> Finding {
    Finding::new(&RULE, format!("Attribute `{attribute}` is matched twice in this pattern"))
}
