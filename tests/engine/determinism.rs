//! The same bytes on any number of threads and in any order of work and of phases.
//!
//! The corpus is small and all cycles: of imports, of classes, of inferred returns and attributes. It runs
//! through the binary, because the order of work is shuffled by a variable of the process.

use std::path::{Path, PathBuf};

use assert_cmd::Command;

use crate::fuzz::program::Writer;
use crate::fuzz::random::Random;

fn corpus(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}

fn output(folder: &Path, order: &str, threads: u32, shuffle: Option<u32>) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ropewalk"));
    command.current_dir(folder).env_remove("ROPEWALK_PANIC").env_remove("ROPEWALK_SHUFFLE");
    command.env_remove("VIRTUAL_ENV").env_remove("CONDA_PREFIX");
    if let Some(seed) = shuffle {
        command.env("ROPEWALK_SHUFFLE", seed.to_string());
    }
    let threads = threads.to_string();
    command.args(["check", "--output-format", "concise", "--no-progress", "-j", &threads]);
    command.args(["--python-version", "3.13", "--python-platform", "linux", "--order", order]);
    let output = command.output().expect("the command runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(matches!(output.status.code(), Some(0 | 1)), "{:?}: {errors}", output.status);
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn is_stable(folder: &Path) {
    let first = output(folder, "two-phase", 1, None);
    assert!(first.lines().count() > 5, "the corpus says something: {first}");
    for order in ["two-phase", "overlapped", "mixed"] {
        for (threads, seed) in [(1, 1), (1, 2), (2, 3), (2, 4), (8, 5), (8, 6)] {
            let other = output(folder, order, threads, Some(seed));
            let how = format!("{order}, -j {threads}, shuffle {seed}");
            assert!(other == first, "{how}:\n{other}\nand two-phase, -j 1:\n{first}");
        }
    }
}

#[test]
fn cycles_are_resolved_alike_on_any_threads_and_in_any_order() {
    is_stable(&corpus("cyclic"));
}

#[test]
fn the_demo_is_reported_alike() {
    is_stable(&corpus("demo"));
}

#[test]
fn a_ring_of_generated_modules_is_resolved_alike() {
    let folder = tempfile::TempDir::new().expect("a temporary folder");
    const RING: usize = 12;
    for at in 0..RING {
        let (next, over) = ((at + 1) % RING, (at + 5) % RING);
        let text = format!(
            "import m{next}\nfrom m{over} import C{over}\n\n\nclass C{at}:\n    def __init__(self):\n        \
             self.next = m{next}.C{next}()\n        self.count = {at}\n\n    def step(self, n):\n        \
             if n == {at}:\n            return self\n        return self.next.step(n)\n\n\n\
             def make(n):\n    if n:\n        return m{next}.make(n - 1)\n    return C{over}()\n\n\n\
             reveal_type(make(3))\nreveal_type(C{at}().next.next)\nreveal_type(C{over}().step(2))\n"
        );
        std::fs::write(folder.path().join(format!("m{at}.py")), text).expect("a file");
    }
    is_stable(folder.path());
}

/// Chains that are deeper than any stack of demands, a cycle that is, and programs full of loops.
#[test]
fn depth_and_order_change_nothing() {
    use std::fmt::Write;
    let folder = tempfile::TempDir::new().expect("a temporary folder");
    let mut functions = String::new();
    let mut methods = String::from("class A:\n");
    let mut cycle = String::new();
    for at in 0..3_000 {
        let _ = writeln!(functions, "def f{at}(): return f{}()", at + 1);
        let _ = writeln!(methods, "    def f{at}(self): return self.f{}()", at + 1);
        let next = (at + 1) % 600;
        if at < 600 {
            let _ = writeln!(cycle, "def f{at}(x): return f{next}(x) if x else [{at}]");
        }
    }
    functions += "def f3000(): return 1\nreveal_type(f0())\nreveal_type(f1500())\n";
    methods += "    def f3000(self): return 1\nreveal_type(A().f0())\n";
    cycle += "reveal_type(f0(1))\nreveal_type(f300(1))\n";
    let texts = [("functions.py", functions), ("methods.py", methods), ("cycle.py", cycle)];
    for (name, text) in texts {
        std::fs::write(folder.path().join(name), text).expect("a file");
    }
    let mut random = Random::new(7);
    for at in 0..60 {
        let path = folder.path().join(format!("p{at:02}.py"));
        std::fs::write(path, Writer::program(&mut random)).expect("a file");
    }
    let first = output(folder.path(), "two-phase", 1, None);
    assert_eq!(first.matches("Revealed type: `Literal[1]`").count(), 3, "{first}");
    is_stable(folder.path());
}

/// Methods that differ in their names alone: messages name the one that was called, whoever was first to publish it.
#[test]
fn methods_with_one_signature_keep_their_names() {
    let methods = "from typing import Self\n\n\nclass A:\n    def m(self, other: Self) -> int: ...\n    \
                   def n(self, other: Self) -> int: ...\n\n\ndef get_m():\n    return A.m\n\n\n\
                   def get_n():\n    return A.n\n";
    let call = |name: &str| {
        format!("from a import get_{name}\nget_{name}()(1)\nget_{name}()(1, 2)\nget_{name}().x\n")
    };
    let folder = tempfile::TempDir::new().expect("a temporary folder");
    let files = [("a.py", methods.to_owned()), ("b.py", call("m")), ("c.py", call("n"))];
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).expect("a file");
    }
    let first = output(folder.path(), "two-phase", 1, None);
    assert!(first.contains("of `m`") && first.contains("of `n`"), "{first}");
    is_stable(folder.path());
}
