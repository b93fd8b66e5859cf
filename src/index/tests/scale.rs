//! Large and deep programs, and the whole standard library if there is one on the machine.
//!
//! Times are compared with each other, loosely; counts of what is built are compared exactly.

use std::fmt::Write as _;
use std::time::Duration;

use ruff_python_parser::parse_unchecked_source;
use rustix::time::{ClockId, clock_gettime};

use super::{SETTINGS, index};
use crate::index::{ScopeId, SemanticIndex, build};

/// Builds, and how much it built.
fn measure(source: &str) -> (usize, Duration) {
    let parsed = parse_unchecked_source(source, ruff_python_ast::PySourceType::Python);
    let module = parsed.into_syntax();
    let start = worked();
    let (index, _nodes) = build(&module, &SETTINGS);
    (size(&index), worked().saturating_sub(start))
}

/// What this thread has worked: other processes do not count.
fn worked() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    let part = |number: i64| u64::try_from(number).expect("not negative");
    Duration::from_secs(part(time.tv_sec)) + Duration::from_nanos(part(time.tv_nsec))
}

fn size(index: &SemanticIndex) -> usize {
    let flows = index.scopes.iter().map(|scope| {
        let operands: usize = scope.operands.len();
        scope.flows.len() + operands + scope.flow_at.len()
    });
    flows.sum::<usize>() + index.reach.len() + index.reach_operands.len()
}

fn on_large_stack(run: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new()
        .stack_size(512 << 20)
        .spawn(run)
        .expect("a thread")
        .join()
        .expect("no panic");
}

/// Four times the program may cost at most five times as much to hold, and not much more time than that.
fn is_linear(program: impl Fn(usize) -> String, small: usize) {
    let (few, short) = measure(&program(small));
    let (many, long) = measure(&program(4 * small));
    assert!(many < 5 * few, "{few} -> {many}");
    assert!(long < 12 * short + Duration::from_millis(200), "{short:?} -> {long:?}");
}

#[test]
fn long_module() {
    is_linear(
        |lines| {
            (0..lines / 5).fold(String::new(), |mut text, i| {
                let _ = write!(
                    text,
                    "x{i} = f(x{})\nif x{i} is None and y:\n    y = x{i}\nelse:\n    g(y)\n",
                    i / 2
                );
                text
            })
        },
        50_000,
    );
}

#[test]
fn many_elifs() {
    for arm in ["y = {i}", "y{i} = 1", "return", "pass"] {
        is_linear(
            |arms| {
                let mut text = "def f(x):\n    if x == -1:\n        pass\n".to_owned();
                for i in 0..arms {
                    let body = arm.replace("{i}", &i.to_string());
                    let _ = write!(text, "    elif x{} == {i}:\n        {body}\n", i % 7);
                }
                text
            },
            10_000,
        );
    }
}

#[test]
fn many_different_elif_tests() {
    is_linear(
        |arms| {
            let mut text = "if x:\n    pass\n".to_owned();
            for i in 0..arms {
                let _ = write!(text, "elif x{i}:\n    pass\n");
            }
            text
        },
        5_000,
    );
}

#[test]
fn many_cases() {
    is_linear(
        |cases| {
            let mut text = "match x:\n".to_owned();
            for i in 0..cases {
                let _ = write!(text, "    case {i}:\n        y = {i}\n");
            }
            text
        },
        2_500,
    );
}

#[test]
fn many_operands() {
    let source = |count: usize| {
        let terms: Vec<String> = (0..count).map(|i| format!("x{} == {i}", i % 100)).collect();
        format!("if {}:\n    pass\n", terms.join(" or "))
    };
    is_linear(source, 3_000);
}

#[test]
fn many_handlers_and_assignments() {
    is_linear(
        |count| {
            let mut text = "try:\n".to_owned();
            for i in 0..count {
                let _ = writeln!(text, "    x = {i}");
            }
            text.push_str("except E:\n    pass\nfinally:\n    f(x)\n");
            text
        },
        5_000,
    );
}

#[test]
fn deep_programs() {
    on_large_stack(|| {
        let mut nested = String::new();
        for depth in 0..500 {
            let _ = writeln!(
                nested,
                "{}if x{depth}:\n{}y{depth} = 1",
                " ".repeat(depth),
                " ".repeat(depth + 1)
            );
        }
        index(&nested);
        let sum = vec!["x"; 3_000].join(" + ");
        index(&format!("y = {sum}\n"));
        let chain = vec!["x"; 3_000].join(".");
        index(&format!("y = {chain}\n{chain} = 1\n"));
        let mut functions = String::new();
        for depth in 0..200 {
            let _ = writeln!(functions, "{}def f{depth}(x{depth}):", " ".repeat(depth));
        }
        let _ = writeln!(functions, "{}return x0 + x199", " ".repeat(200));
        index(&functions);
    });
}

#[test]
fn nested_loops() {
    let mut source = String::new();
    for depth in 0..18 {
        let _ = writeln!(source, "{}for x{depth} in x:", " ".repeat(depth));
    }
    for i in 0..1_000 {
        let _ = writeln!(source, "{}y{i} = 1", " ".repeat(18));
    }
    let (index, _ast) = index(&source);
    assert_eq!(index.scopes[ScopeId::MODULE].places.len(), 1_018);
}

#[test]
fn broken_programs() {
    for source in [
        "def f(\n",
        "class :\n  x",
        "x = = 1",
        "for in x: pass",
        "match x:\n case",
        "f(x) = 1",
        "del f()",
        "(a, b) += 1",
        "lambda x=: 1",
        "[x for",
        "x.y[",
        "global x\nx = 1",
        "nonlocal y\n",
        "break\ncontinue\n",
        "with :\n  pass",
        "try:\n  x\n",
        "import\nfrom . import\nfrom x import",
        "return 1\nyield 2",
        "type X = ",
        "(x.y := 1)",
        "del (a, [b, c.d])",
        "class C[T, *U, **V](T): pass",
        "f\"{x!r:>{y}}\"",
        "except* E: pass",
        "async def f():\n  async for x in y:\n    await z\n  else:\n    pass\n  async with a as (b, c): pass",
    ] {
        index(source);
    }
}

#[test]
fn standard_library() {
    let root = std::path::Path::new("/root/.pyenv/versions/3.11.7/lib/python3.11");
    if !root.exists() {
        return;
    }
    let root = root.to_owned();
    on_large_stack(move || {
        let mut files = Vec::new();
        let mut folders = vec![root];
        while let Some(folder) = folders.pop() {
            let Ok(entries) = std::fs::read_dir(folder) else { continue };
            for entry in entries.flatten() {
                let path = entry.path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|extension| extension == "py") {
                    files.push(path);
                }
            }
        }
        files.sort();
        let (mut bytes, mut walking) = (0, Duration::ZERO);
        for path in files {
            let Ok(source) = std::fs::read_to_string(&path) else { continue };
            bytes += source.len();
            let (_, took) = measure(&source);
            walking += took;
        }
        println!("{bytes} bytes indexed in {walking:?}");
    });
}
