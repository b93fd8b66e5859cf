//! `no-matching-overload`: a call that matches none of the overloads.
//!
//! Reports a call of an overloaded function whose arguments fit none of its overloads.

use std::fmt::Display;

use super::words::of;
use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "no-matching-overload",
    default_level: Level::Error,
    summary: "a call that matches none of the overloads",
    documentation: "\
## What it does
Reports a call of an overloaded function whose arguments fit none of its overloads.

## Why is this bad?
The function does not support such a call; it fails or gives an undeclared result.

## Example
```python
max()  # error: [no-matching-overload]
```

## Why this level?
The call is outside of what the function states that it takes.
",
};

/// `arguments` are the shown argument types; `overloads` the shown signatures that are nearest, each with a clause
/// that says why it does not match, or nothing; words in place of a signature stand for a group. `more` is how many
/// others there are, and `is_one` says whether one thing is called and not each member of a union.
#[must_use]
pub fn no_matching_overload(
    callee: impl Display,
    arguments: &[String],
    overloads: &[(String, String)],
    more: usize,
    is_one: bool,
) -> Finding {
    /// As long as the types of the arguments may be, to be written out.
    const LONGEST: usize = 160;
    let callee = of(callee);
    // What is wrong with one argument for all of them is the whole matter.
    if let ([(overload, reason)], 0, true) = (overloads, more, is_one)
        && !overload.starts_with('(')
        && !reason.is_empty()
    {
        let mut finding =
            Finding::new(&RULE, format!("No overload{callee} matches")).note(reason.clone());
        finding.complete();
        return finding;
    }
    let types = arguments.join("`, `");
    let message = match types.len() {
        0 => format!("No overload{callee} matches arguments ()"),
        length if length > LONGEST => format!("No overload{callee} matches these arguments"),
        _ => format!("No overload{callee} matches arguments (`{types}`)"),
    };
    let mut finding = Finding::new(&RULE, message);
    for (overload, reason) in overloads {
        let is_group = !overload.starts_with('(');
        finding = match (is_group, reason.is_empty()) {
            (true, true) => finding,
            (true, false) => finding.note(format!("{overload}: {reason}")),
            (false, true) => finding.note(format!("overload `{}`", shortened(overload))),
            (false, false) => {
                finding.note(format!("overload `{}`: {reason}", shortened(overload)))
            }
        };
    }
    if more > 0 {
        let noun = if more == 1 { "overload" } else { "overloads" };
        finding = finding.note(format!("and {more} more {noun}"));
    }
    finding
}

/// A signature, cut where it is long: the reason is what matters.
fn shortened(signature: &str) -> String {
    const LONG: usize = 90;
    let Some((at, _)) = signature.char_indices().nth(LONG) else { return signature.to_owned() };
    let kept = &signature[..at];
    let kept = kept.rsplit_once(", ").map_or(kept, |(kept, _)| kept);
    format!("{kept}, …")
}
