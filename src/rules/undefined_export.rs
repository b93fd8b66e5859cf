//! `undefined-export`: a name in `__all__` that the module does not have.
//!
//! Reports a string of `__all__` that names nothing in the module: no variable, function, class, import or submodule.
//! Modules with a `__getattr__`, or that write to `globals()`, are left alone.

use std::fmt::Display;

use super::{Finding, Level, Rule};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "undefined-export",
    default_level: Level::Error,
    summary: "a name in `__all__` that the module does not have",
    documentation: "\
## What it does
Reports a string of `__all__` that names nothing in the module: no variable, function, class, import or submodule.
Modules with a `__getattr__`, or that write to `globals()`, are left alone.

## Why is this bad?
`from module import *` raises `AttributeError`, and what the module promises to export is not there.

## Example
```python
__all__ = [\"start\", \"stop\"]  # error: [undefined-export]

def start() -> None: ...
```

## Why this level?
The program fails at the first star import.
",
};

/// `__all__` lists `name`, which `module` does not have.
#[must_use]
pub fn undefined_export(name: impl Display, module: impl Display) -> Finding {
    Finding::new(&RULE, format!("`__all__` lists `{name}`, which module `{module}` does not have"))
}
