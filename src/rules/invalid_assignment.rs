//! `invalid-assignment`: a value assigned to a place declared with another type.
//!
//! Reports a value whose type is not assignable to the declared type of the variable, attribute or
//! item that it is assigned to.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "invalid-assignment",
    default_level: Level::Error,
    summary: "a value assigned to a place declared with another type",
    documentation: r#"## What it does
Reports a value whose type is not assignable to the declared type of the variable, attribute or
item that it is assigned to.

## Why is this bad?
All readers of the place rely on its declared type.

## Example
```python
x: int = "1"  # error: [invalid-assignment]
```

## Why this level?
This is what most of type checking is about.
"#,
};

/// A value of type `found` assigned to something declared `declared`.
#[must_use]
pub fn invalid_assignment(declared: impl Display, found: impl Display) -> Finding {
    Finding::new(
        &RULE,
        format!("Object of type `{found}` is not assignable to `{declared}`"),
    )
}

/// The same for an attribute.
#[must_use]
pub fn invalid_attribute_assignment(
    attribute: impl Display,
    declared: impl Display,
    found: impl Display,
) -> Finding {
    Finding::new(
        &RULE,
        format!(
            "Object of type `{found}` is not assignable to attribute `{attribute}` of type `{declared}`"
        ),
    )
}

/// A property without setter, or another attribute that can't be set.
#[must_use]
pub fn read_only_attribute(object: impl Display, attribute: impl Display) -> Finding {
    Finding::new(&RULE, format!("Attribute `{attribute}` of `{object}` is read-only"))
}

/// `del object.attribute`, where a descriptor can be set and not deleted.
#[must_use]
pub fn no_deletion(
    object: impl Display,
    attribute: impl Display,
    descriptor: impl Display,
) -> Finding {
    Finding::new(&RULE, format!("Attribute `{attribute}` of `{object}` cannot be deleted"))
        .note(format!("its descriptor `{descriptor}` has `__set__` and no `__delete__`"))
}

/// A descriptor whose `__set__` does not take the value.
#[must_use]
pub fn invalid_descriptor_assignment(attribute: impl Display, found: impl Display) -> Finding {
    Finding::new(
        &RULE,
        format!("The descriptor of attribute `{attribute}` does not accept a value of type `{found}`"),
    )
}

/// `object[key] = value` where the key or the value does not fit; `part` says which.
#[must_use]
pub fn invalid_part_of_item(
    object: impl Display,
    part: &str,
    expected: impl Display,
    found: impl Display,
) -> Finding {
    const LONG: usize = 60;
    let (mut object, expected) = (object.to_string(), expected.to_string());
    // Of a long type the class is enough: what its items are is said beside it.
    if object.chars().count() > LONG
        && let Some((class, _)) = object.split_once('[')
    {
        object = class.to_owned();
    }
    // `dict[str, int]` says it already.
    let more =
        if object.contains(&expected) { String::new() } else { format!(", which takes `{expected}`") };
    Finding::new(
        &RULE,
        format!("Object of type `{found}` is not assignable to {part} of `{object}`{more}"),
    )
}

/// `object[key] = value` that `__setitem__` does not take.
#[must_use]
pub fn invalid_item_assignment(
    object: impl Display,
    key: impl Display,
    value: impl Display,
) -> Finding {
    Finding::new(
        &RULE,
        format!(
            "Cannot assign a value of type `{value}` to key of type `{key}` on an object of type `{object}`"
        ),
    )
}
