//! `invalid-format-argument`: values that do not fit the format that they are for.
//!
//! Reports `%`, `str.format`, f-strings and logging calls whose values are too few, too many or of a wrong type.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "invalid-format-argument",
    default_level: Level::Error,
    summary: "values that do not fit the format that they are for",
    documentation: "\
## What it does
Reports values that do not fit a constant format: too few or too many for `%` or for a logging call,
a missing argument of `str.format`, a missing key of a dict that is written out, a value of a type that a
conversion (`%d`) or a format specification (`{:d}`) does not take.

Of a union every member must fail, and nothing is said of values that are not known. Classes are taken at
their word: a subclass may have a `__format__` or an `__int__` that its base has not, and hardly any does.

## Why is this bad?
Formatting raises `TypeError`, `ValueError`, `KeyError` or `IndexError`; in a logging call the record is lost,
and a traceback is printed in its place.

## Example
```python
import logging
from pathlib import Path

def show(name: str, sizes: list[int], path: Path) -> None:
    print(\"%s: %s\" % name)  # error: [invalid-format-argument]
    print(\"%d\" % name)  # error: [invalid-format-argument]
    print(\"{} {}\".format(name))  # error: [invalid-format-argument]
    print(f\"{path:>20}\")  # error: [invalid-format-argument]
    print(f\"{sizes!s:>20} {name:>20}\")
    logging.info(\"size of\", name)  # error: [invalid-format-argument]
```

## Why this level?
The line can never work with these values. Where failing is what is wanted, within `pytest.raises` or a
`try` with a handler for just that error, nothing is reported.
",
};

/// A format for `needed` values is given `found`, which are fewer.
#[must_use]
pub fn too_few_values(needed: usize, found: usize) -> Finding {
    wrong_count(needed, found)
}

/// A format for `needed` values is given `found`, which are more.
#[must_use]
pub fn too_many_values(needed: usize, found: usize) -> Finding {
    wrong_count(needed, found)
}

fn wrong_count(needed: usize, found: usize) -> Finding {
    let found = given(found);
    let message = match needed {
        0 => format!("Format takes no value, but {found} given"),
        1 => format!("Format takes 1 value, but {found} given"),
        _ => format!("Format takes {needed} values, but {found} given"),
    };
    Finding::new(&RULE, message)
}

fn given(found: usize) -> String {
    match found {
        0 => "none is".to_owned(),
        1 => "1 is".to_owned(),
        _ => format!("{found} are"),
    }
}

/// A format with keys is given something in which nothing can be looked up.
#[must_use]
pub fn not_a_mapping(key: &str, found: impl Display) -> Finding {
    Finding::new(&RULE, format!("Format takes a mapping for `%({key})`, not {found}"))
}

/// Nothing is given for a name.
#[must_use]
pub fn missing_key(key: &str) -> Finding {
    Finding::new(&RULE, format!("Format has a field `{key}` for which nothing is given"))
}

/// Nothing is given for a position of `str.format`.
#[must_use]
pub fn missing_index(index: usize, found: usize) -> Finding {
    let found = given(found);
    Finding::new(
        &RULE,
        format!("Format has a field for positional argument {index} (from 0), but {found} given"),
    )
}

/// `%letter` takes what `wanted` says.
#[must_use]
pub fn wrong_conversion(letter: char, wanted: &str, found: impl Display) -> Finding {
    Finding::new(&RULE, format!("`%{letter}` takes {wanted}, not `{found}`"))
}

/// The class of the value has no `__format__` that takes a specification.
#[must_use]
pub fn unformattable(spec: &str, found: impl Display) -> Finding {
    Finding::new(&RULE, format!("`{found}` takes no format specification such as `{spec}`"))
        .hint("put `!s` before the colon to format its text")
}

/// `{:code}` does not work for the type.
#[must_use]
pub fn wrong_code(code: char, found: impl Display) -> Finding {
    Finding::new(&RULE, format!("Format code `{code}` does not work for `{found}`"))
}

/// `{:.2}` of an integer.
#[must_use]
pub fn precision_of_integer(spec: &str) -> Finding {
    Finding::new(&RULE, format!("An integer takes no precision: `{spec}`"))
        .hint("put an `f` at the end to show it with decimals")
}

/// A specification that the builtin type cannot read.
#[must_use]
pub fn unreadable_spec(spec: &str, found: impl Display) -> Finding {
    Finding::new(&RULE, format!("`{spec}` is no format specification for `{found}`"))
}
