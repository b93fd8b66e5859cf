//! How many instructions a run takes, counted by `valgrind`, beside the counts that are kept in `instructions.tsv`: a
//! change of 2 % shows in review, on a machine that is busy with other things as well.
//!
//! `cargo bench --bench instructions` compares and fails where a count is more than 2 % away from what is kept;
//! `ROPEWALK_KEEP=1` keeps the new ones. Where there is no `valgrind` nothing is counted, and it says so. Counts depend a
//! little on the compiler and the processor: keep them on one machine, before and after a change.

#[path = "common/mod.rs"]
#[allow(dead_code)]
mod common;

use std::fmt::Write;
use std::path::Path;
use std::process::Command;

const KEPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/instructions.tsv");

/// How far a count may be from what is kept.
const TOLERANCE: f64 = 0.02;

/// A name, and the files to check.
type Load = (&'static str, Vec<(String, String)>);

fn loads() -> Vec<Load> {
    let one = |text: String| vec![("main.py".to_owned(), text)];
    let circle = |files: usize| {
        let file = |at: usize| {
            let next = (at + 1) % files;
            let text = format!(
                "import m{next}\nfrom m{next} import Item0 as Next\n{}\n\n\ndef use(item: Next):\n    return m{next}.use(item)\n",
                common::module(10)
            );
            (format!("m{at}.py"), text)
        };
        (0..files).map(file).collect()
    };
    let tests = (0..400).fold(String::new(), |mut text, at| {
        let _ = write!(
            text,
            "def pick{at}(x: int | str | None, y: list[int] | dict[str, int]):\n    if x is None:\n        return y\n    \
             if isinstance(x, str) and isinstance(y, dict):\n        return y.get(x, {at})\n    \
             return [each for each in y if each != x]\n\n"
        );
        text
    });
    vec![
        ("nothing", one("x = 1\n".to_owned())),
        ("library", one("import asyncio, dataclasses, pathlib, subprocess, unittest\nprint(asyncio.run, pathlib.Path().stat())\n".to_owned())),
        ("classes", one(common::module(300))),
        ("circle", circle(40)),
        ("narrowing", one(tests)),
    ]
}

/// The instructions of one check on one thread.
fn count(folder: &Path) -> Option<u64> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(env!("CARGO_BIN_EXE_ropewalk"))
        .args(["check", "--exit-zero", "--quiet", "--threads", "1", "--python-version", "3.14"])
        .current_dir(folder)
        // Without the process that waits for it.
        .env("ROPEWALK_SUPERVISED", "1")
        .env_remove("VIRTUAL_ENV")
        .output()
        .ok()?;
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "the check failed: {told}");
    let line = told.lines().find_map(|line| line.split("Collected :").nth(1))?;
    line.trim().parse().ok()
}

fn kept() -> Vec<(String, u64)> {
    let text = std::fs::read_to_string(KEPT).unwrap_or_default();
    let rows = text.lines().filter_map(|line| line.split_once('\t'));
    rows.filter_map(|(name, count)| Some((name.to_owned(), count.parse().ok()?))).collect()
}

fn main() {
    // `cargo test --benches` only asks whether it starts.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    if Command::new("valgrind").arg("--version").output().is_err() {
        println!("there is no valgrind: no instructions are counted");
        return;
    }
    let kept = kept();
    let keeps = std::env::var_os("ROPEWALK_KEEP").is_some();
    let mut table = String::new();
    let mut is_near = true;
    for (name, files) in loads() {
        let folder = tempfile::TempDir::new().expect("a temporary folder");
        for (path, text) in files {
            std::fs::write(folder.path().join(path), text).expect("a file");
        }
        let count = count(folder.path()).expect("valgrind says how many");
        let _ = writeln!(table, "{name}\t{count}");
        match kept.iter().find(|entry| entry.0 == name) {
            None => println!("{name:12} {count:>15}  nothing is kept"),
            Some(&(_, before)) => {
                let change = count as f64 / before as f64 - 1.0;
                println!("{name:12} {count:>15}  {:+.2} %", change * 100.0);
                is_near &= change.abs() <= TOLERANCE;
            }
        }
    }
    if keeps {
        std::fs::write(KEPT, table).expect("the file is written");
    } else {
        assert!(is_near, "a count is more than 2 % away from what is kept in {KEPT}");
    }
}
