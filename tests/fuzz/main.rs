//! Nothing kills a run: programs that were made to do so, by the thousand.
//!
//! Each round writes a folder of programs from a seed and checks it with the binary. A program that ends the
//! process, fails inside or meets the limit of time is named with its seed, and kept in the folder for temporary
//! files. `FUZZ_SEED` is the first seed (1). Without `FUZZ_SECONDS` there are as many rounds on every machine; with it
//! they go on for so long. `FUZZ_BINARY` is another binary than that of this build. The long run:
//!
//! ```text
//! FUZZ_SEED=1000 FUZZ_SECONDS=3600 cargo test --profile quick --test fuzz -- --nocapture
//! ```

mod mutate;
mod program;
mod random;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use random::Random;

/// Programs of one round.
const PROGRAMS: usize = 100;
/// Rounds at least.
const ROUNDS: u64 = 30;
/// No program takes as long; most take some milliseconds.
const SECONDS: &str = "5";

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(otherwise)
}

/// Runs rounds from the first seed on until the time is over.
fn rounds(what: &str, make: impl Fn(&mut Random) -> String) {
    let start = Instant::now();
    let time = Duration::from_secs(number("FUZZ_SECONDS", 0));
    let mut failures = Vec::new();
    let first = number("FUZZ_SEED", 1);
    let mut seed = first;
    loop {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut random = Random::new(seed);
        for at in 0..PROGRAMS {
            let path = folder.path().join(format!("p{at:03}.py"));
            std::fs::write(path, make(&mut random)).expect("a file");
        }
        let bad = misbehaving(folder.path(), what, seed);
        failures.extend(bad);
        seed += 1;
        if seed - first >= ROUNDS && start.elapsed() >= time {
            break;
        }
    }
    println!("{} {what}, seeds {first} to {}", (seed - first) as usize * PROGRAMS, seed - 1);
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// What went wrong in the check of a folder, a line each; such programs are kept.
fn misbehaving(folder: &Path, what: &str, seed: u64) -> Vec<String> {
    let own = || env!("CARGO_BIN_EXE_ropewalk").to_owned();
    let output = Command::new(std::env::var("FUZZ_BINARY").unwrap_or_else(|_| own()))
        .args(["check", ".", "--no-progress", "--output-format", "concise"])
        .args(["--max-file-seconds", SECONDS, "--python-version", "3.14"])
        .current_dir(folder)
        .output()
        .expect("the binary runs");
    let text = String::from_utf8_lossy(&output.stdout);
    let mut bad: Vec<String> = Vec::new();
    for line in text.lines() {
        let is_deep = line.contains("exceeded `nesting`");
        if is_deep || !(line.contains("[file-skipped]") || line.contains("[internal-error]")) {
            continue;
        }
        let name = line.split(':').next().unwrap_or_default();
        bad.push(format!("{} seed {seed}: {line}", kept(&folder.join(name), what, seed).display()));
    }
    let is_fine = matches!(output.status.code(), Some(0 | 1));
    if bad.is_empty() && !is_fine {
        let error = String::from_utf8_lossy(&output.stderr);
        bad.push(format!("{what} seed {seed}: {} {error}", output.status));
    }
    bad
}

fn kept(path: &Path, what: &str, seed: u64) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let kept = std::env::temp_dir().join(format!("ropewalk-fuzz-{what}-{seed}-{name}"));
    let _ = std::fs::copy(path, &kept);
    kept
}

#[test]
fn programs_full_of_loops_end() {
    rounds("programs", |random| program::Writer::program(random));
}

#[test]
fn broken_real_code_ends() {
    let mut texts = Vec::new();
    snippets(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures"), &mut texts);
    texts.sort();
    rounds("mutants", |random| mutate::mutant(random, &texts));
}

/// The Python in the fixtures: files, and the code blocks of documents.
fn snippets(folder: &Path, texts: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            snippets(&path, texts);
            continue;
        }
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("py" | "pyi") => texts.push(text),
            Some("md") => {
                let blocks = text.split("```python\n").skip(1);
                texts.extend(blocks.filter_map(|it| it.split("\n```").next().map(str::to_owned)));
            }
            _ => {}
        }
    }
}
