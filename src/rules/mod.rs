//! The rules: one file a diagnostic, holding its name, default level, message and documentation.
//!
//! [`ALL`] is the one table that everything else (levels, `explain`, rule pages, SARIF) is made from.

mod finding;

pub use finding::{Diagnostic, Finding, LineColumn, Location, Related};

/// How loud a rule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    Ignore,
    /// Shown, but does not by itself make the exit code 1. Used by `reveal_type`.
    Info,
    Warn,
    Error,
}

/// A rule's fixed part. Two rules are the same when their names are.
#[derive(Debug)]
pub struct Rule {
    /// Kebab-case name, as in `error[unresolved-import]`.
    pub name: &'static str,
    pub default_level: Level,
    /// One line, no full stop.
    pub summary: &'static str,
    /// Markdown: what it does, why it is bad, an example, why this default level.
    pub documentation: &'static str,
}

/// Declares the rule files below this folder and the table of them, in order of name.
macro_rules! rules {
    ($($module:ident),* $(,)?) => {
        $(pub mod $module;)*
        /// Every rule, sorted by name.
        pub static ALL: &[&Rule] = &[$(&$module::RULE),*];
    };
}

rules! {
    unresolved_import,
}

/// The rule called `name`.
#[must_use]
pub fn find(name: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.name == name)
}
