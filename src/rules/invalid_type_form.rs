//! `invalid-type-form`: an expression that is not a type, used as one.
//!
//! Reports annotations and other type expressions that are not valid types.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "invalid-type-form",
    default_level: Level::Error,
    summary: "an expression that is not a type, used as one",
    documentation: "\
## What it does
Reports annotations and other type expressions that are not valid types.

## Why is this bad?
The checker can't know what is meant, and treats the place as of unknown type.

## Example
```python
x: 1 = 1  # error: [invalid-type-form]
y: [int] = [1]  # error: [invalid-type-form]
```

## Why this level?
A type that is not one checks nothing.
",
};

/// `what` names the form, e.g. "List literals"; it goes before "are not allowed in type expressions".
#[must_use]
pub fn invalid_type_form(what: impl Display) -> Finding {
    Finding::new(&RULE, format!("{what} are not allowed in type expressions"))
}

/// A variable of type `found` used as a type.
#[must_use]
pub fn variable_in_type_expression(found: impl Display) -> Finding {
    Finding::new(&RULE, format!("Variable of type `{found}` is not allowed in a type expression"))
}

/// A module used as a type; `class` when it has a class of the same name.
#[must_use]
pub fn module_in_type_expression(module: impl Display, class: Option<&str>) -> Finding {
    let finding = Finding::new(&RULE, format!("Module `{module}` is not a valid type"));
    match class {
        Some(class) => finding.hint(format!("did you mean `{module}.{class}`?")),
        None => finding,
    }
}

/// A function used as a type, such as `any` for `Any` and `callable` for `Callable`.
#[must_use]
pub fn function_in_type_expression(function: impl Display) -> Finding {
    let function = function.to_string();
    let finding = Finding::new(&RULE, format!("Function `{function}` is not a valid type"));
    match function.as_str() {
        "any" => finding.hint("did you mean `typing.Any`?"),
        "callable" => finding.hint("did you mean `collections.abc.Callable`?"),
        _ => finding,
    }
}

/// The special form `form` with the wrong number of arguments; `expected` in words, e.g. "exactly one".
#[must_use]
pub fn wrong_number_of_form_arguments(
    form: impl Display,
    expected: impl Display,
    found: usize,
) -> Finding {
    Finding::new(
        &RULE,
        format!("Special form `{form}` expects {expected} type argument(s), found {found}"),
    )
}

/// The special form `form` may not be used here; `reason` is a clause.
#[must_use]
pub fn misplaced_special_form(form: impl Display, reason: impl Display) -> Finding {
    Finding::new(&RULE, format!("`{form}` is not allowed here: {reason}"))
}

/// Syntax errors inside of a quoted annotation.
#[must_use]
pub fn forward_annotation_syntax(error: impl Display) -> Finding {
    Finding::new(&RULE, format!("Syntax error in forward annotation: {error}"))
}

/// A quoted annotation that is a bytes, raw-incompatible, implicit concatenated or formatted string.
#[must_use]
pub fn unsupported_string_annotation(kind: impl Display) -> Finding {
    Finding::new(&RULE, format!("Type expressions cannot use {kind} strings"))
}

/// Anything else, as a sentence without full stop.
#[must_use]
pub fn invalid_type_expression(message: impl Display) -> Finding {
    Finding::new(&RULE, message.to_string())
}
