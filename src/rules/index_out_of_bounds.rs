//! `index-out-of-bounds`: an index beyond the end of a tuple or string of known length.
//!
//! Reports a constant index that lies outside of a tuple, string or bytes of known length.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "index-out-of-bounds",
    default_level: Level::Error,
    summary: "an index beyond the end of a tuple or string of known length",
    documentation: "\
## What it does
Reports a constant index that lies outside of a tuple, string or bytes of known length.

## Why is this bad?
It raises `IndexError` at run time.

## Example
```python
t = (1, 2)
t[2]  # error: [index-out-of-bounds]
```

## Why this level?
The program fails whenever it gets there.
",
};

/// `index` into a value of type `object` with `length` elements.
#[must_use]
pub fn index_out_of_bounds(object: impl Display, index: i64, length: usize) -> Finding {
    let noun = if length == 1 { "element" } else { "elements" };
    Finding::new(
        &RULE,
        format!("Index {index} is out of bounds for `{object}` with {length} {noun}"),
    )
}
