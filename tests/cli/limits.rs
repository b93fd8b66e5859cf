//! Limits: a file that takes too much is given up and named with the limit; the others are checked.
//!
//! Limits of a megabyte are below what the program itself takes, so that they hold on any machine.

use crate::{Case, RIGHT};

/// A file whose tree takes more than a megabyte.
fn large() -> String {
    (0..20_000).map(|number| format!("x{number}: int = {number} + 1\n")).collect()
}

#[test]
fn memory_for_a_file() {
    let case = Case::new(&[("large.py", &large()), ("small.py", "x: int = ''\n")]);
    let run = case.run(&["check", "--output-format", "concise", "--max-file-memory", "2"]);
    assert_eq!((run.code, run.stderr.as_str()), (1, ""));
    insta::assert_snapshot!(run.stdout);
    let setting = ["check", "--output-format", "concise", "-c", "analysis.max-file-memory=2"];
    assert_eq!(case.run(&setting).stdout, run.stdout);
    let wide = case.run(&["check", "--output-format", "concise", "--max-file-memory", "4000"]);
    assert_eq!(wide.stdout.lines().count(), 2, "{}", wide.stdout);
}

#[test]
fn memory_for_the_run() {
    let case = Case::new(&[("a.py", RIGHT), ("b.py", "x: int = ''\n")]);
    let run = case.run(&["check", "--output-format", "concise", "--max-memory", "1"]);
    if cfg!(target_os = "linux") {
        // What was not checked may hold anything.
        assert_eq!(run.code, 1, "{}", run.stdout);
        assert_eq!(run.stdout.matches("[file-skipped]").count(), 2, "{}", run.stdout);
        assert!(run.stdout.ends_with("; 2 files were not checked\n"), "{}", run.stdout);
        assert!(run.stdout.contains("exceeded `max-memory` (1 MB)"), "{}", run.stdout);
        let strict = ["check", "--max-memory", "1", "--error", "file-skipped"];
        assert_eq!(case.run(&strict).code, 1);
    }
    let wide = case.run(&["check", "--output-format", "concise", "--max-memory", "4000"]);
    assert!(wide.stdout.starts_with("b.py:1:10: error[invalid-assignment]"), "{}", wide.stdout);
}

#[test]
fn time_for_a_file() {
    // Each line is united with all those before it.
    let mut slow = String::from("def f(c: bool, x: int):\n    r = [0]\n    while c:\n");
    for number in 0..60_000 {
        slow.push_str(&format!("        r = [*r, x, {number}, len(str(r) + str(x))]\n"));
    }
    let case = Case::new(&[("slow.py", &slow), ("small.py", "x: int = ''\n")]);
    let run = case.run(&["check", "--output-format", "concise", "--max-file-seconds", "1"]);
    assert!(run.stdout.contains("small.py:1:10: error[invalid-assignment]"), "{}", run.stdout);
    let skipped = run.stdout.contains("slow.py:1:1: warning[file-skipped]");
    assert_eq!(skipped, run.stdout.contains("exceeded `max-file-seconds` (1 s)"));
}

#[test]
fn a_skipped_file_is_not_told_that_its_comments_are_unused() {
    let text = format!("{}y: int = ''  # ropewalk: ignore[invalid-assignment]\n", large());
    let case = Case::new(&[("large.py", &text)]);
    let run = case.run(&["check", "--max-file-memory", "1", "--error", "unused-ignore"]);
    assert_eq!(run.code, 1, "{}", run.stdout);
    assert!(!run.stdout.contains("[unused-ignore]"), "{}", run.stdout);
}

#[test]
fn bases_above_a_class() {
    let chain = |classes: usize| -> String {
        let below = (1..classes).map(|at| format!("class C{at}(C{}): ...\n", at - 1));
        std::iter::once("class C0:\n    x: int\n".to_owned()).chain(below).collect()
    };
    // A thousand with itself and `object`, and one more; what those below it inherit is not known either.
    let case = Case::new(&[("a.py", &format!("{}C998().x.no\n", chain(999)))]);
    let run = case.run(&["check", "--output-format", "concise"]);
    assert!(run.stdout.contains("has no attribute `no`"), "{}", run.stdout);
    assert!(!run.stdout.contains("[inconsistent-mro]"), "{}", run.stdout);
    let case = Case::new(&[("a.py", &format!("{}C999().x.no\nC1009().x.no\n", chain(1_010)))]);
    let run = case.run(&["check", "--output-format", "concise", "--timings"]);
    let line = "a.py:1001:7: error[inconsistent-mro] The method resolution order of class `C999` has more than 1000 \
        classes: what it inherits is not known\n";
    assert!(run.stdout.starts_with(line), "{}", run.stdout);
    assert!(run.stdout.ends_with("1 error in 1 file\n"), "{}", run.stdout);
    assert!(run.stderr.contains("classes with too many bases above them"), "{}", run.stderr);
}

#[test]
fn parts_of_the_name_of_a_module() {
    let long = |parts: usize| vec!["a"; parts].join(".");
    let most = format!("from {}.b import x\nreveal_type(x)\n", long(63));
    let more = format!("import {}\n", long(65));
    let case = Case::new(&[("most.py", &most), ("more.py", &more)]);
    for depth in 1..=65 {
        case.write(&format!("{}/__init__.py", vec!["a"; depth].join("/")), "from . import b\n");
    }
    case.write(&format!("{}/b.py", vec!["a"; 63].join("/")), "x = 1\n");
    let run = case.run(&["check", "--output-format", "concise", "most.py"]);
    assert!(run.stdout.contains("Revealed type: `Literal[1]`"), "{}", run.stdout);
    let run = case.run(&["check", "more.py"]);
    let hint = "looked in: nowhere, as a module's name has at most 64 parts";
    assert!(run.stdout.contains(hint), "{}", run.stdout);
}

#[test]
fn cycles_that_do_not_settle() {
    let defined = |functions: usize| -> String {
        let each = |at: usize| format!("if u({at}):\n    def f(x): return f(x), {at}\n");
        (0..functions).map(each).collect::<String>() + "def u(x): return f(x)\nreveal_type(f(1))\n"
    };
    let case = Case::new(&[("a.py", &defined(20))]);
    let run = case.run(&["check", "--output-format", "concise", "--timings"]);
    assert!(run.stdout.contains("Revealed type: `tuple["), "{}", run.stdout);
    assert!(!run.stderr.contains("cycles that do not settle"), "{}", run.stderr);
    let case = Case::new(&[("a.py", &defined(150))]);
    let run = case.run(&["check", "--output-format", "concise", "--timings"]);
    assert!(run.stdout.contains("Revealed type: `Unknown`"), "{}", run.stdout);
    assert!(run.stderr.contains("cycles that do not settle"), "{}", run.stderr);
}
