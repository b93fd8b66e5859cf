//! `unresolved-attribute`: an access to an attribute that the object does not have.
//!
//! Reports reading, setting or deleting an attribute that the type of the object does not have.

use std::fmt::Display;

use super::words::did_you_mean;
use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "unresolved-attribute",
    default_level: Level::Error,
    summary: "an access to an attribute that the object does not have",
    documentation: r#"## What it does
Reports reading, setting or deleting an attribute that the type of the object does not have, and
importing a name that a module does not have.

## Why is this bad?
The access raises `AttributeError` at run time, the import `ImportError`.

## Example
```python
"text".uper()  # error: [unresolved-attribute]
from math import sinus  # error: [unresolved-attribute]
```

## Why this level?
The program fails whenever it gets there.
"#,
};

/// Reading `attribute` of something; `what` it is begins the message: `` Class `A` ``. `candidates` are attributes it has.
#[must_use]
pub fn unresolved_attribute<'a>(
    what: impl Display,
    attribute: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Finding {
    let finding = Finding::new(&RULE, format!("{what} has no attribute `{attribute}`"));
    did_you_mean(finding, attribute, candidates)
}

/// Reading a member that `module` does not have; `candidates` are members it has.
#[must_use]
pub fn unresolved_module_attribute<'a>(
    module: impl Display,
    attribute: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Finding {
    let finding = Finding::new(&RULE, format!("Module `{module}` has no member `{attribute}`"));
    did_you_mean(finding, attribute, candidates)
}

/// Reading an attribute of a union, which prints as `union`, none of whose `members` has it; `candidates` are attributes
/// of them.
#[must_use]
pub fn unresolved_attribute_of_all<'a>(
    union: impl Display,
    members: &[String],
    attribute: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Finding {
    const MOST: usize = 4;
    let words = match members {
        [head @ .., last] if members.len() <= MOST => {
            format!("Neither `{}` nor `{last}` has an attribute `{attribute}`", head.join("`, `"))
        }
        _ => format!("No member of `{union}` has an attribute `{attribute}`"),
    };
    did_you_mean(Finding::new(&RULE, words), attribute, candidates)
}

/// Reading an attribute of a union of which only `lacking` do not have it.
#[must_use]
pub fn unresolved_attribute_on_union(
    union: impl Display,
    attribute: impl Display,
    lacking: impl Display,
) -> Finding {
    Finding::new(
        &RULE,
        format!("Attribute `{attribute}` does not exist on `{lacking}` in `{union}`"),
    )
}
