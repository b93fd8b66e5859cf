//! What files are for, by their paths: the program, its tests, what is beside it.

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
