//! Whatever the files hold, the run ends, says so, and checks the others.
//!
//! Every case has a good file with one error in it beside the bad one: the error must be found.

use std::fmt::Write;
use std::time::{Duration, Instant};

use assert_cmd::Command;
use ropewalk::cli::engine::CheckOutcome;

use crate::common::{Program, lines};

const GOOD: &str = "x: int = 'a'\n";
const GOOD_LINE: &str = "good.py:1:10: error[invalid-assignment]";

/// Checks the files beside the good one; nothing may fail inside.
fn check(files: &[(&str, &[u8])]) -> CheckOutcome {
    let mut all: Vec<(&str, &[u8])> = vec![("good.py", GOOD.as_bytes())];
    all.extend_from_slice(files);
    let outcome = Program::new(&all).check();
    let shown = lines(&outcome);
    assert!(!outcome.internal_errors, "{shown:#?}");
    assert!(shown.iter().any(|line| line.starts_with(GOOD_LINE)), "{shown:#?}");
    outcome
}

/// Whether some line begins with `start`.
fn reports(outcome: &CheckOutcome, start: &str) {
    let shown = lines(outcome);
    assert!(shown.iter().any(|line| line.starts_with(start)), "{start} is not in {shown:#?}");
}

/// Checks one text, which takes at most this long even without optimisation.
fn check_text(text: &str, at_most: Duration) -> CheckOutcome {
    let start = Instant::now();
    let outcome = check(&[("big.py", text.as_bytes())]);
    assert!(start.elapsed() < at_most, "took {:?}: {:.40}", start.elapsed(), text);
    outcome
}

#[test]
fn bad_syntax() {
    let bad = b"def f(:\n  x = = 1\nclass\nif True:\nreveal_type(1)\n'unclosed\n";
    reports(&check(&[("bad.py", bad)]), "bad.py:1:");
    for text in [
        "(",
        "]",
        "\\",
        "'''",
        "f'{",
        "match x:\n case",
        "@",
        "lambda",
        "  x",
        "x = yield",
        "\u{1}",
    ] {
        reports(&check(&[("bad.py", text.as_bytes())]), "bad.py:");
    }
}

#[test]
fn what_parses_of_a_broken_file_is_checked() {
    let outcome = check(&[("bad.py", b"y: int = 'a'\ndef (\n")]);
    reports(&outcome, "bad.py:1:10: error[invalid-assignment]");
}

#[test]
fn bad_encodings() {
    reports(&check(&[("bad.py", b"x = '\xff\xfe'\n")]), "bad.py:1:");
    reports(&check(&[("bad.py", b"# coding: no-such-thing\nx = 1\n")]), "bad.py:1:");
    reports(&check(&[("bad.py", b"x = 1\0\n")]), "bad.py:");
    check(&[("fine.py", b"\xef\xbb\xbfx = 1\n"), ("latin.py", b"# coding: latin-1\nx = '\xe9'\n")]);
    check(&[("empty.py", b""), ("newlines.py", b"\r\r\n\n\r"), ("feed.py", b"\x0cx = 1\n")]);
}

#[cfg(unix)]
#[test]
fn unreadable_files_and_links_in_circles() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let program = Program::new(&[("good.py", GOOD), ("closed.py", "x = 1\n")]);
    let closed = program.root().join("closed.py");
    std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o0)).expect("permissions");
    symlink(program.root(), program.root().join("circle")).expect("a link");
    symlink("nowhere", program.root().join("dangling.py")).expect("a link");
    let outcome = program.check();
    let shown = lines(&outcome);
    assert!(!outcome.internal_errors, "{shown:#?}");
    assert!(shown.iter().any(|line| line.starts_with(GOOD_LINE)), "{shown:#?}");
    // Root reads everything.
    let can_read = std::fs::read(&closed).is_ok();
    assert!(can_read || shown.iter().any(|line| line.starts_with("closed.py:")), "{shown:#?}");
}

#[test]
fn what_cannot_be_read_may_define_any_name() {
    let text = "import huge\nfrom huge import a\nhuge.b\ny: int = 'b'\n";
    let star = "from huge import *\nc()\n";
    let program = Program::new(&[("user.py", text), ("star.py", star), ("huge.py", "")]);
    let huge = std::fs::File::create(program.root().join("huge.py")).expect("a file");
    huge.set_len(65 << 20).expect("a length");
    let shown = lines(&program.check());
    let [huge, user] = shown.as_slice() else { panic!("{shown:#?}") };
    assert!(huge.starts_with("huge.py:1:1: warn[file-skipped]"), "{shown:#?}");
    assert!(user.starts_with("user.py:4:10: error[invalid-assignment]"), "{shown:#?}");
}

#[test]
fn a_module_that_makes_the_checker_panic_is_reported_and_the_others_are_checked() {
    let program = Program::new(&[
        ("good.py", GOOD),
        ("bad.py", "def f(): return 1\nclass C: x = 1\n"),
        ("user.py", "import bad\nreveal_type(bad.f())\ny: int = 'b'\n"),
    ]);
    let mut command = Command::new(env!("CARGO_BIN_EXE_ropewalk"));
    command.current_dir(program.root()).env("ROPEWALK_PANIC", "bad");
    let output = command
        .args(["check", "--output-format", "concise", "--no-progress"])
        .output()
        .expect("the command runs");
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(101), "{stdout}");
    assert!(stdout.contains("bad.py:1:1: error[internal-error]"), "{stdout}");
    assert!(stdout.contains("good.py:1:10: error[invalid-assignment]"), "{stdout}");
    assert!(stdout.contains("user.py:3:10: error[invalid-assignment]"), "{stdout}");
}

#[test]
fn deep_nesting() {
    let long = Duration::from_secs(60);
    for (open, close) in [
        ("(", ")"),
        ("[", "]"),
        ("{1: ", "}"),
        ("f(", ")"),
        ("-", ""),
        ("not ", ""),
        ("lambda: ", ""),
    ] {
        for depth in [100, 5_000] {
            let text = format!("x = {}1{}\n", open.repeat(depth), close.repeat(depth));
            check_text(&text, long);
        }
    }
    let attributes = format!("x = y{}\n", ".a".repeat(5_000));
    check_text(&attributes, long);
    let calls = format!("x = y{}\n", "()".repeat(3_000));
    check_text(&calls, long);
    let quoted = format!("x: {}int{}\n", "list[".repeat(500), "]".repeat(500));
    check_text(&quoted, long);
}

#[test]
fn nested_blocks() {
    let mut text = String::new();
    for depth in 0..90 {
        let _ = writeln!(text, "{}if x{depth}:", " ".repeat(depth));
    }
    let _ = writeln!(text, "{}pass", " ".repeat(90));
    check_text(&text, Duration::from_secs(60));
    let mut text = String::new();
    for depth in 0..60 {
        let _ = writeln!(text, "{}def f{depth}(a{depth}=1):", " ".repeat(depth));
    }
    let _ = writeln!(text, "{}return a0", " ".repeat(60));
    check_text(&text, Duration::from_secs(60));
}

#[test]
fn a_long_expression_and_a_long_chain_of_branches() {
    let long = Duration::from_secs(60);
    let sum: Vec<&str> = std::iter::repeat_n("1", 3_000).collect();
    check_text(&format!("x = {}\n", sum.join(" + ")), long);
    let strings: Vec<String> = (0..2_000).map(|n| format!("'{n}'")).collect();
    check_text(&format!("x = {}\n", strings.join(" + ")), long);
    let mut chain = String::from("def f(x: int):\n    if x == 0:\n        y = 0\n");
    for arm in 1..2_000 {
        let _ = write!(chain, "    elif x == {arm}:\n        y = {arm}\n");
    }
    chain.push_str("    return y\n");
    check_text(&chain, long);
    let mut arms = String::from("def f(x: str):\n    match x:\n");
    for arm in 0..1_000 {
        let _ = write!(arms, "        case 'v{arm}':\n            y = {arm}\n");
    }
    check_text(&arms, long);
}

#[test]
fn a_long_file() {
    let mut text = String::new();
    for at in 0..5_000 {
        let _ = write!(
            text,
            "def f{at}(x: int) -> str:\n    y = x + {at}\n    if y > 3:\n        return str(y)\n    \
             return g{at}(x)\n\n\ndef g{at}(x):\n    return f'{{x}}'\n\n"
        );
    }
    assert!(text.lines().count() >= 50_000);
    let outcome = check_text(&text, Duration::from_secs(120));
    assert_eq!(outcome.diagnostics.len(), 1, "{:#?}", lines(&outcome));
}

#[test]
fn many_names_in_an_init() {
    let mut text = String::from("class C:\n    def __init__(self):\n");
    for at in 0..3_000 {
        let _ = writeln!(text, "        self.x{at} = {at}");
    }
    text.push_str("\n\nreveal_type(C().x2999)\n");
    reports(&check_text(&text, Duration::from_secs(60)), "big.py:3005:13: info[revealed-type]");
}

#[test]
fn cyclic_imports_and_classes() {
    check(&[
        ("a.py", b"from b import *\nfrom b import B\nclass A(B): ...\n"),
        ("b.py", b"from a import *\nfrom a import A\nclass B(A): ...\n"),
        ("c.py", b"import c\nfrom c import c\nx = c.c.x\nclass C(c.C): ...\n"),
        ("d.pyi", b"class A(B): ...\nclass B(C): ...\nclass C(A): ...\nx: A\ndef f() -> A: ...\n"),
        ("e.py", b"import d\nd.f().x\nreveal_type(d.x)\nd.A()\nisinstance(1, d.A)\n"),
    ]);
}

#[test]
fn definitions_that_need_themselves() {
    check(&[
        ("a.py", b"x = x\ny = [y]\nz = lambda: z()\ndef f(a=f): return f(a)\n"),
        ("b.py", b"def f(): return g()\ndef g(): return [f()]\nreveal_type(f())\n"),
        ("c.py", b"class C:\n    def __init__(self): self.x = [self.x]\n    y = C.y\nreveal_type(C().x)\n"),
        ("d.py", b"def f(n): return (f(n),)\nreveal_type(f(1))\n"),
        ("e.py", b"T = list[T]\ntype U = list[U]\ntype V = V\nx: U\ny: V\nz: T\n"),
        ("g.py", b"from typing import TypeVar, Generic\nT = TypeVar('T', bound='list[T]')\nclass G(Generic[T], list['G[G[T]]']): ...\nreveal_type(G()[0])\n"),
        ("h.py", b"class M(type, metaclass=M): ...\nclass D(metaclass=D): ...\n@h\ndef h(): ...\n"),
        ("i.py", b"def w(x):\n    while x:\n        x = (x, x)\n        y = {x: y}\n    return x, y\nreveal_type(w(1))\n"),
        ("j.py", b"class A:\n    def m(self): return self.n(), 1\n    def n(self): return self.m(), 'a'\nreveal_type(A().m())\n"),
    ]);
}
