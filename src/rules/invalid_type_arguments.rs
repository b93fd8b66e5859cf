//! `invalid-type-arguments`: type arguments that do not fit the type parameters.
//!
//! Reports too many or too few type arguments, and arguments outside of the bound or constraints of
//! their parameter.

use std::fmt::Display;

use super::words::names;
use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "invalid-type-arguments",
    default_level: Level::Error,
    summary: "type arguments that do not fit the type parameters",
    documentation: "\
## What it does
Reports too many or too few type arguments, and arguments outside of the bound or constraints of
their parameter.

## Why is this bad?
The specialised type does not mean anything.

## Example
```python
x: dict[int, int, int]  # error: [invalid-type-arguments]
```

## Why this level?
The annotation is wrong whatever the program does.
",
};

/// `found` arguments where `expected` (in words or digits) are taken.
#[must_use]
pub fn wrong_number_of_type_arguments(
    generic: impl Display,
    expected: impl Display,
    found: usize,
) -> Finding {
    Finding::new(
        &RULE,
        format!("Wrong number of type arguments for `{generic}`: expected {expected}, found {found}"),
    )
}

/// `found` is not a subtype of the upper bound of `type_variable`.
#[must_use]
pub fn type_argument_violates_bound(
    type_variable: impl Display,
    bound: impl Display,
    found: impl Display,
) -> Finding {
    Finding::new(
        &RULE,
        format!("Type `{found}` is not assignable to upper bound `{bound}` of type variable `{type_variable}`"),
    )
}

/// `found` is none of the constraints of `type_variable`.
#[must_use]
pub fn type_argument_violates_constraints(
    type_variable: impl Display,
    constraints: &[&str],
    found: impl Display,
) -> Finding {
    Finding::new(
        &RULE,
        format!(
            "Type `{found}` is none of the constraints {} of type variable `{type_variable}`",
            names(constraints)
        ),
    )
}

/// Type arguments for something that is not generic.
#[must_use]
pub fn not_generic(found: impl Display) -> Finding {
    Finding::new(&RULE, format!("`{found}` is not generic and takes no type arguments"))
}

/// Anything else, such as a list for a parameter that is no `ParamSpec`, as a clause.
#[must_use]
pub fn invalid_type_arguments(generic: impl Display, reason: impl Display) -> Finding {
    Finding::new(&RULE, format!("Invalid type arguments for `{generic}`: {reason}"))
}

/// Type arguments for `alias`, which has been given all of them: it is `meaning`.
#[must_use]
pub fn already_specialised(alias: impl Display, meaning: impl Display) -> Finding {
    Finding::new(
        &RULE,
        format!("`{alias}` already has its type arguments and takes no more: it is `{meaning}`"),
    )
}
