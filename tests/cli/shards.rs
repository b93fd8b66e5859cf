//! Runs in shards: what is merged is what one run gives, byte for byte, and what does not belong together is refused.

use std::path::{Path, PathBuf};

use crate::{Case, RIGHT, Run, WRONG};

/// Several projects, Python versions, circles of imports, suppressions and a notebook.
fn monorepo() -> Case {
    let case = Case::new(&[
        (
            "a.py",
            "import b\n\ndef f(n: int) -> str:\n    return b.g(n)\n\nimport missing_one\nx = 1  # type: ignore\n",
        ),
        ("b.py", "import a\n\ndef g(n):\n    return a.f(n) if n else 1\n\nreveal_type(g(2))\n"),
        ("c/__init__.py", "from . import d\n"),
        ("c/d.py", "import missing_one.sub\nimport c\ny: int = c.d.z\nz = ''\n"),
        ("e.py", "x = = 1\n"),
        ("n.ipynb", NOTEBOOK),
    ]);
    copy(&fixture("monorepo"), &case, "m");
    case
}

const NOTEBOOK: &str = r#"{"cells": [{"cell_type": "code", "execution_count": null, "metadata": {}, "outputs": [],
"source": ["x: int = ''"]}, {"cell_type": "code", "execution_count": null, "metadata": {}, "outputs": [],
"source": ["y: int = x + ''"]}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}"#;

fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}

fn copy(from: &Path, case: &Case, to: &str) {
    for entry in std::fs::read_dir(from).expect("a folder").flatten() {
        let name = format!("{to}/{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            copy(&entry.path(), case, &name);
        } else {
            case.write(&name, &std::fs::read_to_string(entry.path()).expect("text"));
        }
    }
}

const FORMATS: &[&str] =
    &["json", "json-lines", "sarif", "gitlab", "junit", "html", "markdown", "concise", "github"];

/// Runs a command with outputs of all formats in a folder beside the program; gives them by format.
fn outputs(case: &Case, folder: &Path, arguments: &[&str]) -> (Run, Vec<String>) {
    let files: Vec<PathBuf> = FORMATS.iter().map(|format| folder.join(format)).collect();
    let flags: Vec<String> = FORMATS
        .iter()
        .zip(&files)
        .flat_map(|(format, file)| ["-o".to_owned(), format!("{format}:{}", file.display())])
        .collect();
    let mut all = arguments.to_vec();
    all.extend(flags.iter().map(String::as_str));
    let run = case.run(&all);
    let read = |file: &PathBuf| std::fs::read_to_string(file).unwrap_or_default();
    (run, files.iter().map(read).collect())
}

/// The results of `command` in `count` shards, in files beside the program.
fn shards(case: &Case, folder: &Path, command: &[&str], count: u32) -> Vec<String> {
    let mut files = Vec::new();
    for number in 1..=count {
        // Compressed or not, as the name says.
        let kind = if number % 2 == 0 { "json.zst" } else { "json" };
        let file = folder.join(format!("{number}-of-{count}.{kind}")).display().to_string();
        let (shard, output) = (format!("{number}/{count}"), format!("shard:{file}"));
        let mut arguments = command.to_vec();
        arguments.extend(["--shard", &shard, "-o", &output]);
        let run = case.run(&arguments);
        assert_eq!((run.code, &*run.stdout), (0, ""), "{}", run.stderr);
        files.push(file);
    }
    // Merged in any order.
    files.reverse();
    files
}

/// Runs `command` as a whole and in shards; both must give the same on standard output and in all formats.
fn same(case: &Case, command: &[&str], flags: &[&str], counts: &[u32]) {
    let folder = tempfile::TempDir::new().expect("a temporary folder");
    let mut whole = command.to_vec();
    whole.extend(flags);
    let (one, reports) = outputs(case, folder.path(), &whole);
    for &count in counts {
        let files = shards(case, folder.path(), command, count);
        let mut merge = vec!["merge"];
        merge.extend(files.iter().map(String::as_str));
        merge.extend(flags);
        let (merged, merged_reports) = outputs(case, folder.path(), &merge);
        assert_eq!(merged.stdout, one.stdout, "{command:?} in {count} shards");
        assert_eq!(merged.stderr, one.stderr, "{command:?} in {count} shards");
        assert_eq!(merged.code, one.code, "{command:?} in {count} shards");
        for ((format, one), merged) in FORMATS.iter().zip(&reports).zip(merged_reports) {
            assert_eq!(merged, *one, "{format} of {command:?} in {count} shards");
        }
    }
}

#[test]
fn merged_shards_say_what_one_run_says() {
    let case = monorepo();
    same(&case, &["check"], &["--statistics"], &[1, 3, 16]);
    same(&case, &["check", "m/services", "a.py"], &[], &[2]);
    same(&case, &["check", "--error", "all", "--ignore", "unused-ignore"], &["--exit-zero"], &[3]);
    let matrix = ["check", "--python-version", "3.9,3.12", "--python-platform", "linux,win32"];
    same(&case, &matrix, &[], &[1, 3]);
    // Several folders with a settings file of their own; one where everything imports everything.
    for name in ["demo", "cyclic"] {
        let case = Case::new(&[]);
        copy(&fixture(name), &case, "p");
        same(&case, &["check"], &["--error-on-warning"], &[1, 3, 16]);
    }
}

#[test]
fn a_merged_audit_says_what_one_audit_says() {
    let case = monorepo();
    case.write("pyproject.toml", "[project]\nname = \"top\"\ndependencies = [\"requests\"]\n");
    case.write(
        "b2.py",
        "import c.d\n\ndef dead(): return c.d.z.upper()\n\nclass A:\n    def m(self): ...\n",
    );
    for command in [
        &["audit"][..],
        &["audit", "dead", "--confidence", "possible"],
        &["audit", "imports"],
        &["audit", "imports", "--graph", "dot"],
        &["audit", "dependencies"],
        &["audit", "types", "--by", "module", "--min-coverage", "99"],
        &["audit", "api"],
        &["audit", "why", "b.g"],
    ] {
        same(&case, command, &[], &[1, 3]);
    }
}

#[test]
fn shards_may_run_in_a_folder_of_another_name() {
    let folder = tempfile::TempDir::new().expect("a temporary folder");
    let (here, there) = (monorepo(), monorepo());
    let mut files = shards(&there, folder.path(), &["check"], 2);
    files.pop();
    let own = folder.path().join("own.json").display().to_string();
    here.run(&["check", "--shard", "1/2", "-o", &format!("shard:{own}")]);
    let merged = here.run(&["merge", &own, &files[0]]);
    let one = here.run(&["check"]);
    assert!(one.stdout.contains("looked in: . (first-party code)"), "{}", one.stdout);
    assert_eq!((merged.code, merged.stdout), (one.code, one.stdout), "{}", merged.stderr);
}

#[test]
fn baselines_are_applied_to_the_whole() {
    let case = monorepo();
    let folder = tempfile::TempDir::new().expect("a temporary folder");
    let merge = |flags: &[&str]| {
        let files = shards(&case, folder.path(), &["check"], 3);
        let mut arguments = vec!["merge"];
        arguments.extend(files.iter().map(String::as_str));
        arguments.extend(flags);
        case.run(&arguments)
    };
    let update = ["--baseline", "one.json", "--update-baseline", "-q"];
    case.run(&[&["check"][..], &update].concat());
    merge(&["--baseline", "merged.json", "--update-baseline", "-q"]);
    assert_eq!(case.read("one.json"), case.read("merged.json"));
    // One finding is gone, one has moved to another file, one is new.
    case.write("e.py", RIGHT);
    std::fs::rename(case.path().join("c"), case.path().join("k")).expect("a new name");
    case.write("new.py", WRONG);
    let flags = ["--baseline", "one.json", "--error-stale-baseline"];
    let one = case.run(&[&["check"][..], &flags].concat());
    let merged = merge(&flags);
    assert_eq!((merged.stdout, merged.stderr), (one.stdout, one.stderr));
    let flags = ["--baseline", "one.json", "--prune-baseline"];
    merge(&["--baseline", "merged.json", "--prune-baseline"]);
    case.run(&[&["check"][..], &flags].concat());
    assert_eq!(case.read("one.json"), case.read("merged.json"));
}

#[test]
fn a_module_that_ends_the_process_is_skipped_in_its_shard() {
    let case = Case::new(&[("a.py", "x: int = ''\n"), ("b.py", RIGHT), ("c.py", "y: int = ''\n")]);
    let die = ("ROPEWALK_DIE", "b=abort");
    let one = case.run_with(die, &["check"]);
    assert!(one.stdout.contains("file-skipped"), "{}{}", one.stdout, one.stderr);
    for number in ["1", "2"] {
        let (shard, output) = (format!("{number}/2"), format!("shard:{number}.json"));
        case.run_with(die, &["check", "--shard", &shard, "-o", &output]);
    }
    let merged = case.run(&["merge", "1.json", "2.json"]);
    assert_eq!((merged.code, merged.stdout), (one.code, one.stdout));
}

#[test]
fn a_failure_inside_is_a_failure_of_the_whole() {
    let case = Case::new(&[("a.py", RIGHT), ("b.py", RIGHT)]);
    let panic = ("ROPEWALK_PANIC", "b");
    let one = case.run_with(panic, &["check"]);
    for number in ["1", "2"] {
        let (shard, output) = (format!("{number}/2"), format!("shard:{number}.json"));
        let run = case.run_with(panic, &["check", "--shard", &shard, "-o", &output]);
        assert_eq!(run.code, 0);
    }
    let merged = case.run(&["merge", "1.json", "2.json"]);
    assert_eq!((merged.code, merged.stdout), (one.code, one.stdout));
    assert_eq!(merged.code, 101);
}

/// Three shards of a small program, `1.json` to `3.json`.
fn small() -> Case {
    let case = Case::new(&[
        ("p/a.py", RIGHT),
        ("p/b.py", WRONG),
        ("p/c.py", RIGHT),
        ("ropewalk.toml", ""),
    ]);
    for number in 1..=3 {
        make(&case, number, 3, &[]);
    }
    case
}

fn make(case: &Case, number: u32, of: u32, flags: &[&str]) {
    let (shard, output) = (format!("{number}/{of}"), format!("shard:{number}.json"));
    let run = case.run(&[&["check", "--shard", &shard, "-o", &output][..], flags].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
}

/// `merge` of these files fails, and says so.
fn refused(case: &Case, files: &[&str], words: &str) {
    let run = case.run(&[&["merge"][..], files].concat());
    assert_eq!((run.code, &*run.stdout), (2, ""), "{}", run.stderr);
    assert!(run.stderr.contains(words), "{words:?} is not in {:?}", run.stderr);
}

const ALL: &[&str] = &["1.json", "2.json", "3.json"];

#[test]
fn what_does_not_belong_together_is_refused() {
    let case = small();
    assert_eq!(case.run(&[&["merge"][..], ALL].concat()).code, 1);
    refused(&case, &["1.json", "3.json"], "error: shard 2/3 is missing");
    refused(&case, &["3.json"], "error: shards 1/3, 2/3 are missing");
    refused(&case, &["1.json", "1.json", "2.json", "3.json"], "shard 1/3 is there twice");
    refused(&case, &["4.json"], "cannot read 4.json");
    refused(&case, &["p/a.py"], "p/a.py: it is not the result of a shard");
    let text = case.read("2.json");
    case.write("2.json", &text[..text.len() / 2]);
    refused(&case, ALL, "2.json: it is not complete");
    case.write("2.json", &text.replace(env!("CARGO_PKG_VERSION"), "0.0.9"));
    refused(&case, ALL, "2.json: it is of ropewalk 0.0.9, and this is ropewalk ");
    make(&case, 2, 4, &[]);
    refused(&case, ALL, "1.json and 2.json are not of one run: one is of 3 shards, the other of 4");
    make(&case, 2, 3, &["--error", "all"]);
    refused(&case, ALL, "not of one run: the flags differ");
    make(&case, 2, 3, &["--python-version", "3.9"]);
    refused(&case, ALL, "not of one run: the flags differ: `environment.python_version.0`");
    case.run(&["audit", "--shard", "2/3", "-o", "shard:2.json"]);
    refused(&case, ALL, "not of one run: one is of `check`, the other of `audit`");
    let run = case.run(&["merge", "1.json", "-o", "shard:x.json"]);
    assert!(run.code == 2 && run.stderr.contains("writes none"), "{}", run.stderr);
}

#[test]
fn results_of_another_tree_are_refused() {
    let case = small();
    // One is of a later revision.
    case.write("p/c.py", "y = 2\n");
    make(&case, 2, 3, &[]);
    refused(&case, ALL, "not of one run: they have checked different files");
    // All are of an earlier one.
    let case = small();
    case.write("p/c.py", "y = 2\n");
    refused(&case, ALL, "the results are stale: p/c.py has changed; merge where the shards ran");
    std::fs::remove_file(case.path().join("p/c.py")).expect("a file");
    refused(&case, ALL, "the results are stale: p/c.py is gone");
    case.write("p/c.py", RIGHT);
    case.write("p/d.py", RIGHT);
    refused(&case, ALL, "the results are stale: p/d.py is new");
    // The settings have changed: for one, or for all.
    let case = small();
    case.write("ropewalk.toml", "environment.python-version = \"3.9\"\n");
    refused(
        &case,
        ALL,
        "not of what is here: the settings of project `.` differ: `environment` is not set in one",
    );
    make(&case, 2, 3, &[]);
    refused(&case, ALL, "1.json and 2.json are not of one run: the settings of project `.` differ");
}

#[test]
fn what_a_part_can_not_say_is_refused() {
    let case = small();
    for (arguments, words) in [
        (&["check", "--shard", "4/3"][..], "expected K/N"),
        (&["check", "--shard", "1"], "expected K/N"),
        (&["check", "--shard", "1/2", "--changed-since", "HEAD"], "compares two whole runs"),
        (
            &["check", "--shard", "1/2", "--baseline", "b", "--update-baseline"],
            "give it to `merge`",
        ),
        (&["check", "--shard", "1/2", "--shards", "auto:3"], "cannot be used with"),
        (&["check", "--shards", "3"], "expected auto:SECONDS"),
        (&["check", "--shard-times", "t.json"], "required"),
        (&["check", "--shard", "1/2", "--shard-times", "t.json"], "t.json: no such file"),
        (&["check", "--shard", "1/2", "--shard-times", "1.json"], "--shard-times: 1.json: "),
        (&["check", "--shard", "1/2", "-o", "shard:no/x.json"], "-o: cannot write no/x.json"),
        (&["audit", "--shard", "1/2"], "answers no question"),
        (&["audit", "--shard", "1/2", "-o", "shard:x", "--remove"], "--remove changes files"),
        (
            &["audit", "api", "--since", "HEAD", "--shard", "1/2", "-o", "shard:x"],
            "--since compares",
        ),
        (&["merge"], "required"),
    ] {
        let run = case.run(arguments);
        assert_eq!((run.code, &*run.stdout), (2, ""), "{arguments:?}: {}", run.stderr);
        assert!(run.stderr.contains(words), "{words:?} is not in {:?}", run.stderr);
    }
}

#[test]
fn a_part_alone_reports_what_it_has_found() {
    let case = small();
    let codes: Vec<i32> = (1..=3)
        .map(|number| case.run(&["check", "--shard", &format!("{number}/3")]).code)
        .collect();
    assert_eq!(codes.iter().sum::<i32>(), 1, "{codes:?}");
    // With a result it reports if asked, and leaves the exit code to `merge`.
    let flags = ["--output-format", "concise", "-o", "shard:x.json"];
    let runs = (1..=3).map(|number| {
        case.run(&[&["check", "--shard", &format!("{number}/3")][..], &flags].concat())
    });
    let runs: Vec<Run> = runs.collect();
    assert!(runs.iter().all(|run| run.code == 0));
    assert_eq!(runs.iter().filter(|run| run.stdout.contains("p/b.py:1:5")).count(), 1);
    // The result may go to standard output.
    let run = case.run(&["check", "--shard", "1/3", "-o", "shard", "-q"]);
    assert_eq!((run.stdout, run.stderr), (case.read("1.json"), String::new()));
}

#[test]
fn an_empty_list_of_files_has_shards_as_well() {
    let case = small();
    let json = ["--output-format", "json"];
    let one = case.run_on("README.md\n", &[&["check", "-"][..], &json].concat());
    assert_eq!(one.code, 0, "{}", one.stderr);
    assert!(one.stdout.contains("\"files_checked\": 0"), "{}", one.stdout);
    for number in 1..=2 {
        let (shard, output) = (format!("{number}/2"), format!("shard:{number}.json"));
        let run = case.run_on("", &["check", "-", "--shard", &shard, "-o", &output]);
        assert_eq!(run.code, 0, "{}", run.stderr);
    }
    let merged = case.run(&[&["merge", "1.json", "2.json"][..], &json].concat());
    assert_eq!((merged.code, merged.stdout), (0, one.stdout), "{}", merged.stderr);
    // It does not go together with results of files.
    make(&case, 2, 2, &[]);
    refused(&case, &["1.json", "2.json"], "differ");
}

#[test]
fn shards_are_balanced_by_times_of_an_earlier_run() {
    let case = small();
    let times = ["--write-shard-times", "times.json"];
    let run = case.run(&[&["merge"][..], ALL, &times, &["-q"]].concat());
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert!(case.read("times.json").contains("\"p/a.py\": "));
    case.write("times.json", r#"{"version": 1, "work": {"p/a.py": 9, "p/b.py": 1, "p/c.py": 1}}"#);
    let flags = ["--shard-times", "times.json"];
    make(&case, 1, 2, &flags);
    make(&case, 2, 2, &flags);
    assert!(case.read("1.json").contains("\"path\":\"p/a.py\""));
    assert!(!case.read("1.json").contains("\"path\":\"p/c.py\",\"hash\""));
    assert_eq!(case.run(&["merge", "1.json", "2.json"]).code, 1);
    // Balanced in another way.
    case.write("times.json", r#"{"version": 1, "work": {"p/a.py": 1, "p/b.py": 1, "p/c.py": 9}}"#);
    make(&case, 2, 2, &flags);
    refused(&case, &["1.json", "2.json"], "divided in another way; was --shard-times another?");
}

#[test]
fn it_is_said_how_many_shards_are_worth_it() {
    let case = small();
    let run = case.run(&["check", "--shards", "auto:60"]);
    assert_eq!((run.code, &*run.stdout), (0, "1\n"), "{}", run.stderr);
    assert!(run.stderr.contains("3 files"), "{}", run.stderr);
}
