//! `import-cycle`: modules that import each other in a circle.
//!
//! A rule of the audit.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "import-cycle",
    default_level: Level::Error,
    summary: "modules that import each other in a circle",
    documentation: "\
## What it does
Reports each group of modules that import each other in a circle, once, with a shortest circle and the fewest imports
that have to go. Circles that close at run time are told from those that need an import in a function, and from those
that need one for typing: the latter two are shown on demand.

## Why is this bad?
A module of a circle may see another one half made, depending on who is imported first, and none of them can be used or
tested alone.

## Example
```python
# a.py
import b  # error: [import-cycle]

# b.py
import a
```

## Why this level?
A circle at run time is a fact; the others work as they are.
",
};

/// A cycle of modules in one of the graphs; `path` is one of its shortest circles.
#[must_use]
pub fn cycle(when: impl Display, size: usize, path: &[&str], cut: usize, is_exact: bool) -> Finding {
    let mut circle: Vec<&str> = path.to_vec();
    circle.extend(path.first());
    let imports = if cut == 1 { "import" } else { "imports" };
    let least = if is_exact { "" } else { "at most " };
    let message = format!(
        "import cycle of {size} modules {when}: {}; without {least}{cut} {imports} there is none",
        circle.join(" -> ")
    );
    Finding::new(&RULE, message)
}

/// An import whose removal breaks cycles.
#[must_use]
pub fn to_cut(from: impl Display, to: impl Display) -> String {
    format!("cut here: `{from}` imports `{to}`")
}

/// Another import of the circle that is shown.
#[must_use]
pub fn on_the_way(from: impl Display, to: impl Display) -> String {
    format!("`{from}` imports `{to}`")
}
