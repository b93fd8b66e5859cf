//! `ineffective-abstract-method`: an abstract method that nothing enforces.
//!
//! Reports a class with methods marked `@abstractmethod` whose metaclass is not `ABCMeta`.

use std::fmt::Display;

use super::{Finding, Level, Rule, words};

/// The rule's fixed part.
pub static RULE: Rule = Rule {
    name: "ineffective-abstract-method",
    default_level: Level::Warn,
    summary: "an abstract method that nothing enforces",
    documentation: "\
## What it does
Reports a class with methods marked `@abstractmethod` whose metaclass is not `ABCMeta`.

## Why is this bad?
The mark has no effect: only `ABCMeta` refuses to make instances of a class with abstract methods left, so
that a subclass that forgets one is found when the method is called, if at all.

## Example
```python
from abc import abstractmethod

class Task:  # error: [ineffective-abstract-method]
    @abstractmethod
    def run(self) -> None: ...
```

## Why this level?
The class says that it cannot be instantiated without the method, and it can; nothing fails for that alone, and
mixins use the mark as a word to the reader.
",
};

/// The methods `names` of `class` are marked as abstract.
#[must_use]
pub fn ineffective_abstract_method(class: impl Display, names: &[&str]) -> Finding {
    let (first, rest) = names.split_at(names.len().min(3));
    let listed = words::names(first);
    let more = if rest.is_empty() { String::new() } else { format!(" ({} more)", rest.len()) };
    Finding::new(
        &RULE,
        format!("`@abstractmethod` has no effect in `{class}`, which is not an ABC: {listed}{more}"),
    )
    .hint("inherit from `abc.ABC`, or set `metaclass=abc.ABCMeta`")
}
