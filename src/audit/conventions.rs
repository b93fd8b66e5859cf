//! What lives by convention: members that the language, the standard library or a framework calls by name.

use super::edges::kind;
use super::program::{Node, Program};
use crate::infer::facts::{DefFlags, DefKind, class_flags};

/// Names that objects of the standard library look for, on whatever is given to them.
const IMPLICIT: &[&str] = &[
    "read",
    "readline",
    "readlines",
    "readinto",
    "write",
    "writelines",
    "flush",
    "close",
    "fileno",
    "isatty",
    "seek",
    "tell",
    "truncate",
    "keys",
    "items",
    "values",
    "get",
    "send",
    "throw",
    "emit",
    "filter",
    "format",
    "acquire",
    "release",
    "encoding",
    "errors",
    "closed",
    "name",
    "mode",
];

/// Beginnings of names that dispatchers put together, in classes that are made for it.
const DISPATCHED: &[&str] = &[
    "visit_",
    "depart_",
    "leave_",
    "do_",
    "help_",
    "complete_",
    "handle_",
    "test",
    "on_",
    "generic_",
    "on",
];

/// Classes within classes that frameworks read.
const INNER: &[&str] = &["Meta", "Config", "Media", "Params", "Arguments"];

/// What a member is worth just because its class is there; 0 for nothing.
pub fn part_of_class(program: &Program<'_>, class: Node, node: Node) -> u8 {
    let name = program.name(node);
    let def = program.def(node);
    let has = |flags| program.class_has(class, flags);
    if name.starts_with("__") && name.ends_with("__") {
        return kind::RUN;
    }
    if program.has(node, DefFlags::OVERRIDES_OUTSIDE) || program.is_opaque(node) {
        return kind::RUN;
    }
    if has(class_flags::ENUM) && name.starts_with('_') {
        return kind::RUN;
    }
    if has(class_flags::PROTOCOL | class_flags::TYPED_DICT | class_flags::NAMED_TUPLE) {
        return kind::RUN;
    }
    if def.kind == DefKind::Class && INNER.contains(&name) {
        return kind::RUN;
    }
    if has(class_flags::OUTSIDE_BASE | class_flags::DYNAMIC)
        && def.kind == DefKind::Function
        && DISPATCHED.iter().any(|start| name.starts_with(start))
    {
        return kind::RUN;
    }
    let is_data = matches!(def.kind, DefKind::Variable | DefKind::Class | DefKind::Attribute);
    // Fields of models that something else reads and writes.
    if has(class_flags::DYNAMIC) && def.kind == DefKind::Variable {
        return kind::RUN;
    }
    if has(class_flags::DYNAMIC)
        || (has(class_flags::REGISTERED | class_flags::OPAQUE) && !has(class_flags::ENUM))
        || (has(class_flags::OUTSIDE_BASE) && is_data)
        || (has(class_flags::GETATTR) && is_data)
    {
        return kind::WEAK;
    }
    if IMPLICIT.contains(&name)
        || ["visit_", "depart_", "leave_"].iter().any(|start| name.starts_with(start))
    {
        return kind::WEAK;
    }
    0
}

/// Names of a module that tools look for.
const OF_MODULES: &[&str] = &["setup", "application", "app", "main", "upgrade", "downgrade"];

/// Whether a name of a module is there for those who load the module by its name.
pub fn is_loaded_by_name(name: &str) -> bool {
    (name.starts_with("__") && name.ends_with("__")) || OF_MODULES.contains(&name)
}

/// What a file is for, by its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathKind {
    /// Part of the program.
    Program,
    /// Tests, or what they work on.
    Test,
    /// Documentation, examples, code that others wrote.
    Aside,
}

/// What a file is for.
pub fn path_kind(path: &str) -> PathKind {
    let mut parts = path.split('/').rev();
    parts.next();
    let folders = || path.split('/').rev().skip(1);
    let is_aside = |part: &str| {
        matches!(
            part,
            "docs"
                | "doc"
                | "examples"
                | "example"
                | "_vendor"
                | "vendor"
                | "vendored"
                | "_vendored"
                | "third_party"
                | "extern"
                | "externals"
                | "templates"
                | "cookiecutter"
        )
    };
    if folders().any(is_aside) {
        return PathKind::Aside;
    }
    let is_test = |part: &str| {
        matches!(
            part,
            "tests"
                | "test"
                | "integration-tests"
                | "integration_tests"
                | "benches"
                | "benchmarks"
                | "testdata"
                | "compat-tests"
                | "load_testing"
        ) || part.starts_with("tests_")
    };
    if is_run_by_tests(path) || folders().any(is_test) { PathKind::Test } else { PathKind::Program }
}

/// Whether a test runner looks into a file, going by its name.
pub fn is_run_by_tests(path: &str) -> bool {
    let file = path.rsplit('/').next().unwrap_or_default();
    let stem = file.strip_suffix(".py").unwrap_or(file);
    stem.starts_with("test_")
        || stem.starts_with("bench_")
        || stem.ends_with("_test")
        || matches!(stem, "conftest" | "tests" | "test" | "noxfile")
}
