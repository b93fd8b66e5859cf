//! `invalid-attribute-override`: an attribute that does not fit the one it overrides.
//!
//! Reports an attribute whose declared type, mutability or kind (class variable, instance variable,
//! property) does not fit the base class's, and bases that contradict one another.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "invalid-attribute-override",
    default_level: Level::Error,
    summary: "an attribute that does not fit the one it overrides",
    documentation: "\
## What it does
Reports an attribute whose declared type, mutability or kind (class variable, instance variable,
property) does not fit the base class's, and bases that contradict one another.

## Why is this bad?
Code that has an object of the base class reads or sets the attribute in ways that the subclass
does not support.

## Example
```python
class A:
    x: int

class B(A):
    x: str  # error: [invalid-attribute-override]
```

## Why this level?
It breaks the substitution on which subtyping rests.
",
};

/// The type of `attribute` differs from that of `base`.
#[must_use]
pub fn invalid_attribute_override(
    attribute: impl Display,
    base: impl Display,
    expected: impl Display,
    found: impl Display,
) -> Finding {
    Finding::new(
        &RULE,
        format!(
            "`{attribute}` is `{found}` here, but `{expected}` in base class `{base}`"
        ),
    )
}

/// A variable of a narrower type than that of `base`, through which it may be set. `can_change_base` where the base is
/// part of what is checked.
#[must_use]
pub fn narrowed_mutable_attribute(
    attribute: impl Display,
    base: impl Display,
    expected: impl Display,
    found: impl Display,
    can_change_base: bool,
) -> Finding {
    let finding = Finding::new(
        &RULE,
        format!(
            "`{attribute}` is `{found}` here, but may be set to any `{expected}` through base class `{base}`"
        ),
    );
    finding.hint(match can_change_base {
        true => "make it read-only in the base class, or keep its type",
        false => "keep the type that it has in the base class",
    })
}

/// An override of another kind, such as "a class variable" by "an instance variable".
#[must_use]
pub fn invalid_override_kind(
    attribute: impl Display,
    base: impl Display,
    expected: impl Display,
    found: impl Display,
) -> Finding {
    Finding::new(
        &RULE,
        format!("`{attribute}` is {found} here, but {expected} in base class `{base}`"),
    )
}

/// Two bases that define `attribute`, each named with what the attribute is in it, with types that do not fit.
#[must_use]
pub fn conflicting_bases(
    class: impl Display,
    attribute: impl Display,
    (first, found): (impl Display, impl Display),
    (second, expected): (impl Display, impl Display),
) -> Finding {
    Finding::new(
        &RULE,
        format!(
            "Bases of class `{class}` contradict each other: `{attribute}` is `{found}` in `{first}`, but `{expected}` in `{second}`"
        ),
    )
}

/// Two bases that define `attribute` in ways that do not fit, for a reason that is said beside it.
#[must_use]
pub fn incompatible_bases(
    class: impl Display,
    attribute: impl Display,
    first: impl Display,
    second: impl Display,
) -> Finding {
    Finding::new(
        &RULE,
        format!(
            "Bases `{first}` and `{second}` of class `{class}` define `{attribute}` in incompatible ways"
        ),
    )
}
