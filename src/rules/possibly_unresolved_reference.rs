//! `possibly-unresolved-reference`: a use of a name that is defined on some paths only.
//!
//! Reports a use of a name that is bound on some, not all, of the control-flow paths that lead to
//! it.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "possibly-unresolved-reference",
    default_level: Level::Ignore,
    summary: "a use of a name that is defined on some paths only",
    documentation: "\
## What it does
Reports a use of a name that is bound on some, not all, of the control-flow paths that lead to
it.

## Why is this bad?
On the other paths the use raises `NameError` or `UnboundLocalError`.

## Example
```python
def f(flag: bool) -> int:
    if flag:
        x = 1
    return x  # error: [possibly-unresolved-reference]
```

## Why this level?
Correlated conditions make many of these reports false, so the rule has to be asked for.
",
};

/// `name` may be unbound here.
#[must_use]
pub fn possibly_unresolved_reference(name: impl Display) -> Finding {
    Finding::new(&RULE, format!("Name `{name}` used when possibly not defined"))
        .hint(format!("bind `{name}` on every path that leads here"))
}
