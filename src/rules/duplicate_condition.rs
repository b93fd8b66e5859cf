//! `duplicate-condition`: a condition that was tested already.
//!
//! Reports an `elif` with the very test of an earlier branch, and an `and` or `or` with the same operand twice.
//! Tests that may give another answer the second time (calls, walrus, `await`) are left alone.

use std::fmt::Display;

use ruff_text_size::TextRange;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "duplicate-condition",
    default_level: Level::Error,
    summary: "a condition that was tested already",
    documentation: "\
## What it does
Reports an `elif` with the very test of an earlier branch, and an `and` or `or` with the same operand twice.
Tests that may give another answer the second time (calls, walrus, `await`) are left alone.

## Why is this bad?
The branch can never be taken, the operand says nothing new: mostly one of the two was meant to be another.

## Example
```python
def f(a: int, b: int) -> str:
    if a > b:
        return \"more\"
    elif a > b:  # error: [duplicate-condition]
        return \"less\"
    return \"equal\"
```

## Why this level?
A copy that was not adapted: what it was meant to test is not tested.
",
};

/// The `elif` tests what an earlier branch tests, at `first`.
#[must_use]
pub fn duplicate_branch(first: TextRange) -> Finding {
    Finding::new(&RULE, "This was tested by an earlier branch: the branch is never taken")
        .related(first, "it is tested here")
}

/// An operand of `and` or `or` is there twice, the first time at `first`.
#[must_use]
pub fn duplicate_operand(operator: impl Display, first: TextRange) -> Finding {
    Finding::new(&RULE, format!("This is an operand of the same `{operator}` already"))
        .related(first, "it is here")
}
