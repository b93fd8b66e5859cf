//! `invalid-return-type`: a returned value that does not fit the declared return type.
//!
//! Reports a `return` of a value that is not assignable to the declared return type, and a function
//! that may end without returning what it declares.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "invalid-return-type",
    default_level: Level::Error,
    summary: "a returned value that does not fit the declared return type",
    documentation: r#"## What it does
Reports a `return` of a value that is not assignable to the declared return type, and a function
that may end without returning what it declares.

## Why is this bad?
All callers rely on the declared type.

## Example
```python
def f() -> int:
    return "1"  # error: [invalid-return-type]
```

## Why this level?
This is what most of type checking is about.
"#,
};

/// A `return` of a value of type `found`.
#[must_use]
pub fn invalid_return_type(expected: impl Display, found: impl Display) -> Finding {
    Finding::new(
        &RULE,
        format!("Return type does not match returned value: expected `{expected}`, found `{found}`"),
    )
}

/// The end of the function can be reached without `return`; `always` where no `return` is ever reached.
#[must_use]
pub fn implicit_return(expected: impl Display, always: bool) -> Finding {
    let (verb, hint) = match always {
        true => ("always implicitly returns", "return a value, or declare that it returns `None`"),
        false => ("can implicitly return", "return a value on every path, or raise at the end"),
    };
    Finding::new(
        &RULE,
        format!(
            "Function {verb} `None`, which is not assignable to return type `{expected}`"
        ),
    )
    .hint(hint)
}

/// A generator function whose declared return type is no iterator or iterable.
#[must_use]
pub fn invalid_generator_return(expected: impl Display, found: impl Display) -> Finding {
    Finding::new(
        &RULE,
        format!("Function with `yield` returns `{found}`, which is not assignable to `{expected}`"),
    )
}

/// A generator that is declared as a mere iterator, `declared`, returns what it could yield: one value, or `many`.
#[must_use]
pub fn lost_result(declared: impl Display, many: bool) -> Finding {
    let meant = if many { "yield from" } else { "yield" };
    Finding::new(
        &RULE,
        format!("The returned value is lost: the function is a generator, declared as `{declared}`"),
    )
    .hint(format!("did you mean `{meant}`?"))
}

/// A function declared `NoReturn` or `Never` that can return.
#[must_use]
pub fn no_return_returns() -> Finding {
    Finding::new(&RULE, "Function declared to never return can return implicitly")
}

/// `__init__` that is said to return something.
#[must_use]
pub fn initialiser_returns(found: impl Display) -> Finding {
    Finding::new(&RULE, format!("`__init__` must return `None`, but is declared to return `{found}`"))
}
