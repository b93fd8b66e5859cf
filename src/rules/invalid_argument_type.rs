//! `invalid-argument-type`: an argument whose type does not fit the parameter.
//!
//! Reports a call with an argument whose type is not assignable to the type of the parameter.

use std::fmt::Display;

use super::words::either;
use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "invalid-argument-type",
    default_level: Level::Error,
    summary: "an argument whose type does not fit the parameter",
    documentation: r#"## What it does
Reports a call with an argument whose type is not assignable to the type of the parameter.

## Why is this bad?
The callee relies on the declared type; with another one it fails or does the wrong thing.

## Example
```python
def f(x: int): ...

f("1")  # error: [invalid-argument-type]
```

## Why this level?
This is what most of type checking is about.
"#,
};

/// `` to `callee` `` with a space before it, or nothing for an empty name.
fn to(callee: impl Display) -> String {
    let callee = callee.to_string();
    if callee.is_empty() { callee } else { format!(" to `{callee}`") }
}

/// `callee` may be empty; `parameter` is the name, or e.g. `*args`; empty for an unnamed one.
#[must_use]
pub fn invalid_argument_type(
    callee: impl Display,
    parameter: impl Display,
    expected: impl Display,
    found: impl Display,
) -> Finding {
    let target = to(callee);
    let parameter = parameter.to_string();
    let slot =
        if parameter.is_empty() { String::new() } else { format!(" for parameter `{parameter}`") };
    Finding::new(
        &RULE,
        format!("Argument{target}{slot} is incorrect: expected `{expected}`, found `{found}`"),
    )
}

/// The same finding, where one argument (`*values`, `**options`) is wrong for other parameters as well.
pub fn also_for(finding: Finding, parameters: &[&str]) -> Finding {
    const SHOWN: usize = 3;
    if parameters.is_empty() {
        return finding;
    }
    let shown: Vec<String> =
        parameters.iter().take(SHOWN).map(|parameter| format!("`{parameter}`")).collect();
    let more = parameters.len().saturating_sub(SHOWN);
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    finding.hint(format!("Nor does it fit {}{more}", shown.join(", ")))
}

/// `found` does not satisfy the upper bound of a type variable.
#[must_use]
pub fn argument_violates_bound(
    callee: impl Display,
    type_variable: impl Display,
    bound: impl Display,
    found: impl Display,
) -> Finding {
    Finding::new(
        &RULE,
        format!(
            "Argument{} is incorrect: expected `{bound}`, the bound of type variable `{type_variable}`, found `{found}`",
            to(callee)
        ),
    )
}

/// `found` is none of the constraints of a type variable.
#[must_use]
pub fn argument_violates_constraints(
    callee: impl Display,
    type_variable: impl Display,
    constraints: &[&str],
    found: impl Display,
) -> Finding {
    Finding::new(
        &RULE,
        format!(
            "Argument{} is incorrect: expected {} for type variable `{type_variable}`, found `{found}`",
            to(callee),
            either(constraints)
        ),
    )
}

/// `*argument` whose value is not iterable.
#[must_use]
pub fn argument_not_iterable(found: impl Display) -> Finding {
    Finding::new(&RULE, format!("Argument after `*` must be iterable, found `{found}`"))
}

/// `**argument` whose value is not a mapping with string keys.
#[must_use]
pub fn argument_not_mapping(found: impl Display) -> Finding {
    Finding::new(
        &RULE,
        format!("Argument after `**` must be a mapping with `str` keys, found `{found}`"),
    )
}

/// `total_ordering` above a class that has no comparison to derive the others from.
#[must_use]
pub fn unordered(class: impl Display) -> Finding {
    Finding::new(
        &RULE,
        format!("`total_ordering` takes a class with `__lt__`, `__le__`, `__gt__` or `__ge__`: `{class}` has none"),
    )
}
