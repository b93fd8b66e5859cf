//! `constant-parameter`: a parameter that is the same in all calls.
//!
//! A rule of the audit.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "constant-parameter",
    default_level: Level::Warn,
    summary: "a parameter that is the same in all calls",
    documentation: "\
## What it does
Reports a parameter with a default that no call gives, and one for which all calls (four or more) give the same literal.
All calls of the function have to be seen: it is no callback, no override, nothing that a decorator or a protocol asks
for, and no public function of a published package.

## Why is this bad?
The function looks more general than it is, and what it does with other values is code that never runs.

## Example
```python
def area(width: int, height: int, unit: str = \"m\") -> str:  # error: [constant-parameter]
    return f\"{width * height} {unit}\"

print(area(1, 2))
```

## Why this level?
It may be there for what comes next.
",
};

/// A parameter that no call gives.
#[must_use]
pub fn never_given(name: impl Display, function: impl Display) -> Finding {
    Finding::new(
        &RULE,
        format!("parameter `{name}` of `{function}` is given by no call, so it is always its default"),
    )
}

/// A parameter for which all `count` calls give the same literal.
#[must_use]
pub fn always_the_same(
    name: impl Display,
    function: impl Display,
    value: impl Display,
    count: usize,
) -> Finding {
    Finding::new(
        &RULE,
        format!("parameter `{name}` of `{function}` is `{value}` in all {count} calls"),
    )
}
