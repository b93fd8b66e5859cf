//! The audit as users meet it: gates, the public surface, removal, reports, and the same bytes on any threads.

use std::process::Command;

use crate::Case;

const APP: &[(&str, &str)] = &[
    ("app.py", "import core\n\nprint(core.used())\n"),
    (
        "core.py",
        "def used() -> int:\n    return 1\n\n\ndef dead() -> int:\n    return helper()\n\n\n\
         def helper() -> int:\n    return 2\n\n\nclass Box:\n    def dead_too(self) -> int:\n        \
         return 3\n\n\nprint(Box())\n",
    ),
];

#[test]
fn only_what_is_certain_fails_the_gate() {
    let run = Case::new(APP).run(&["audit", "dead", "--output-format", "concise"]);
    assert_eq!(run.code, 1);
    insta::assert_snapshot!(run.stdout, @r"
    core.py:5:5: error[dead-code] Function `dead` is never used; with it `helper` (2 lines) (certain)
    core.py:14:9: error[dead-code] Method `Box.dead_too` is never used (2 lines) (certain)
    2 errors in 2 files
    ");
    let tests = [
        ("core.py", "def f() -> int:\n    return 1\n"),
        ("tests/test_a.py", "import core\n\ndef test_f() -> None:\n    core.f()\n"),
    ];
    let run = Case::new(&tests).run(&["audit", "dead", "--output-format", "concise"]);
    assert_eq!(run.code, 0, "{}", run.stdout);
    assert!(run.stdout.contains("warning[used-only-by-tests]"), "{}", run.stdout);
}

#[test]
fn what_is_certain_can_be_taken_out() {
    let case = Case::new(APP);
    case.run(&["audit", "dead", "--remove", "--dry-run"]);
    assert_eq!(case.read("core.py"), APP[1].1);
    case.run(&["audit", "dead", "--remove"]);
    assert_eq!(
        case.read("core.py"),
        "def used() -> int:\n    return 1\n\n\nclass Box:\n    pass\n\n\nprint(Box())\n"
    );
    let run = case.run(&["audit", "dead"]);
    assert_eq!(run.code, 0, "{}", run.stdout);
}

#[test]
#[cfg(unix)]
fn taking_out_goes_on_after_a_file_that_cannot_be_written() {
    use std::os::unix::fs::PermissionsExt;
    let text = "def dead():\n    pass\n";
    let main = ("main.py", "import a.x\nimport b.x\nprint(a.x, b.x)\n");
    let case = Case::new(&[main, ("a/x.py", text), ("b/x.py", text)]);
    for (path, mode) in [("a", 0o555), ("b", 0o777), ("b/x.py", 0o666)] {
        let mode = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(case.path().join(path), mode).expect("a mode");
    }
    let run = case.run_as_nobody(&["audit", "dead", "--remove"]);
    let open = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(case.path().join("a"), open).expect("a mode");
    let Some(run) = run else { return };
    assert_eq!(run.code, 2, "{}", run.stderr);
    assert!(run.stderr.contains("b/x.py: took 1 definition out\n"), "{}", run.stderr);
    assert!(
        run.stderr.contains("error: cannot write a/x.py: permission denied\n"),
        "{}",
        run.stderr
    );
    assert_eq!(case.read("b/x.py"), "");
}

#[test]
fn statements_that_do_something_stay() {
    let text = "ALL: list[str] = []\n\n\ndef add(name: str) -> str:\n    ALL.append(name)\n    return name\n\n\n\
                first = add('a')\nsecond = 'b'\nif __name__ == '__main__':\n    print(ALL)\n";
    let case = Case::new(&[("core.py", text)]);
    let run = case.run(&["audit", "dead", "--output-format", "concise"]);
    assert!(run.stdout.contains("`first`") && run.stdout.contains("`second`"), "{}", run.stdout);
    case.run(&["audit", "dead", "--remove"]);
    assert_eq!(case.read("core.py"), text.replace("second = 'b'\n", ""));
}

#[test]
fn conventions_of_your_own_keep_names() {
    let text = "from jobs import Job\n\n\nclass Clean(Job):\n    def at_night(self) -> int:\n        return 1\n\n    \
                def other(self) -> int:\n        return 2\n\n\n\
                def nightly() -> int:\n    return 3\n\n\nif __name__ == '__main__':\n    print(Clean())\n";
    let config = "[[audit.conventions]]\nname = 'jobs'\nmodules = ['jobs']\n\n[[audit.conventions.keep]]\n\
                  in = 'class'\nnames = ['at_*']\nbases = ['jobs.Job']\n\n[[audit.conventions.keep]]\n\
                  in = 'module'\nnames = ['nightly']\nperhaps = true\n";
    let arguments = ["audit", "dead", "--confidence", "possible", "--output-format", "concise"];
    let run = Case::new(&[("app.py", text), ("ropewalk.toml", config)]).run(&arguments);
    assert!(!run.stdout.contains("at_night"), "{}", run.stdout);
    assert!(run.stdout.contains("`nightly` is never used (2 lines) (possible)"), "{}", run.stdout);
    let run = Case::new(&[("app.py", text)]).run(&arguments);
    assert!(run.stdout.contains("`nightly` is never used (2 lines) (certain)"), "{}", run.stdout);
    let wrong = config.replace("perhaps", "maybe");
    let run = Case::new(&[("app.py", text), ("ropewalk.toml", &wrong)]).run(&arguments);
    assert_eq!(run.code, 2, "{}", run.stdout);
}

#[test]
fn what_is_unknown_is_followed_to_where_it_comes_from() {
    let files = [
        (
            "a.py",
            "from b import make\nimport gone\n\ndef f(x):\n    y = x.size\n    z = y\n    return z\n\nprint(f(1), make().a, gone.b)\n",
        ),
        (
            "b.py",
            "def make():\n    return eval('1')\n\n\nlimit = eval('2')\nlow = limit\nprint(low)\n",
        ),
    ];
    let run = Case::new(&files).run(&["audit", "types", "--output-format", "concise"]);
    let has = |text: &str| assert!(run.stderr.contains(text), "{text}\n{}", run.stderr);
    has("  an annotation of the parameter `f.x` (a.py:4)");
    has("  `gone` (a.py:2)");
}

#[test]
fn the_way_that_keeps_something_alive_is_told() {
    let run = Case::new(APP).run(&["audit", "why", "core.used"]);
    assert!(run.stdout.starts_with("function `core.used` is used (core.py:1)"), "{}", run.stdout);
    let run = Case::new(APP).run(&["audit", "why", "helper"]);
    assert!(run.stdout.contains("function `core.dead` uses it"), "{}", run.stdout);
    assert_eq!(Case::new(APP).run(&["audit", "why", "nothing"]).code, 2);
}

#[test]
fn coverage_has_a_gate() {
    let files = [("a.py", "def f(x):\n    return x.y\n\nprint(f(1))\n")];
    let run = Case::new(&files).run(&["audit", "types", "--output-format", "concise"]);
    assert_eq!(run.code, 0);
    assert!(run.stderr.contains("declarations that would help most"), "{}", run.stderr);
    let gate = ["audit", "types", "--min-coverage", "99", "--output-format", "concise"];
    let run = Case::new(&files).run(&gate);
    assert_eq!(run.code, 1);
    assert!(run.stdout.contains("error[low-coverage]"), "{}", run.stdout);
}

fn git(case: &Case, arguments: &[&str]) {
    let identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"];
    let status = Command::new("git")
        .current_dir(case.path())
        .args(identity)
        .args(arguments)
        .output()
        .expect("git runs");
    assert!(status.status.success(), "{}", String::from_utf8_lossy(&status.stderr));
}

#[test]
fn changes_of_the_surface_are_told() {
    let case = Case::new(&[(
        "a.py",
        "def f(x: int, y: int = 1) -> int:\n    return x + y\n\ndef g() -> int:\n    return 1\n",
    )]);
    git(&case, &["init", "-q"]);
    git(&case, &["add", "."]);
    git(&case, &["commit", "-qm", "one"]);
    case.write("a.py", "def f(x: int) -> int:\n    return x\n");
    let run = case.run(&["audit", "api", "--since", "HEAD", "--output-format", "concise"]);
    assert_eq!(run.code, 1);
    assert!(
        run.stdout.contains("error[api-change] Calls of `a.f` break: parameter `y` is gone"),
        "{}",
        run.stdout
    );
    assert!(run.stdout.contains("error[api-change] Function `a.g` is gone"), "{}", run.stdout);
    assert!(case.run(&["audit", "api"]).stdout.contains("function a.f"));
}

#[test]
fn stale_exceptions_of_contracts_are_told() {
    let settings = "[[audit.contracts]]\nname = \"apart\"\nkind = \"independence\"\nmodules = [\"a\", \"b\"]\nignore = [\"a -> b\"]\n";
    let case = Case::new(&[("ropewalk.toml", settings), ("a.py", ""), ("b.py", "")]);
    let run = case.run(&["audit", "imports", "--output-format", "concise"]);
    assert!(run.stdout.contains("ropewalk.toml:5:12: warning[stale-exception]"), "{}", run.stdout);
    let graph = Case::new(APP).run(&["audit", "imports", "--graph", "dot"]);
    assert!(graph.stdout.contains("\"app\" -> \"core\""), "{}", graph.stdout);
}

#[test]
fn reports_have_a_page_and_a_summary() {
    let case = Case::new(APP);
    case.run(&["audit", "-o", "html:page.html", "-o", "markdown:summary.md"]);
    let page = case.read("page.html");
    let (_, rest) = page.split_once("id=\"data\">").expect("the data");
    let (data, _) = rest.split_once("</script>").expect("its end");
    let data: serde_json::Value = serde_json::from_str(data).expect("JSON");
    assert_eq!(data["picture"]["modules"].as_array().map(Vec::len), Some(2));
    assert!(!page.contains("src=\"http"));
    assert!(case.read("summary.md").contains("| Project | Modules |"));
}

#[test]
fn threads_and_order_change_nothing() {
    let arguments = ["audit", "--output-format", "json", "--confidence", "possible", "-j"];
    let case = Case::new(APP);
    let run = |threads: &str, seed: &str| {
        let arguments: Vec<&str> = arguments.iter().copied().chain([threads]).collect();
        case.run_with(("ROPEWALK_SHUFFLE", seed), &arguments).stdout
    };
    let first = run("1", "1");
    for (threads, seed) in [("1", "2"), ("2", "3"), ("8", "4")] {
        assert_eq!(run(threads, seed), first);
    }
}

#[test]
fn settings_keep_what_they_name() {
    let settings = "[audit]\nentry-points = [\"core:dead\"]\nkeep = [\"dead_*\"]\nused-dependencies = [\"pyyaml\"]\n";
    let case = Case::new(APP);
    case.write("ropewalk.toml", settings);
    case.write("pyproject.toml", "[project]\nname = \"app\"\ndependencies = [\"pyyaml\"]\n");
    let run = case.run(&["audit", "--output-format", "concise"]);
    assert_eq!(run.code, 0, "{}", run.stdout);
    let contract =
        "[[audit.contracts]]\nname = \"order\"\nkind = \"layers\"\nlayers = [\"core\", \"app\"]\n";
    case.write("ropewalk.toml", contract);
    let run = case.run(&["audit", "imports", "--output-format", "concise"]);
    assert!(run.stdout.contains("Contract `order` is broken: app -> core"), "{}", run.stdout);
    case.write("app.py", "def f() -> None:\n    import core\n    print(core)\n\nf()\n");
    case.write("ropewalk.toml", &format!("{contract}deferred = false\n"));
    let run = case.run(&["audit", "imports", "--output-format", "concise"]);
    assert_eq!(run.code, 0, "{}", run.stdout);
}

#[test]
fn what_an_earlier_run_has_written_changes_nothing() {
    let case = Case::new(APP);
    let arguments = ["audit", "dead", "--output-format", "json"];
    let first = case.run(&arguments).stdout;
    case.run(&["audit", "-o", "html:page.html", "-o", "json:found.json", "-o", "junit:found.xml"]);
    case.run(&["audit", "dead", "--baseline", "base.json", "--update-baseline"]);
    case.run(&["audit", "-o", "markdown:summary.md"]);
    assert_eq!(case.run(&arguments).stdout, first);
    let again = ["audit", "dead", "--baseline", "base.json", "--error-stale-baseline"];
    assert_eq!(case.run(&again).code, 0);
}

#[test]
fn owners_have_coverage_and_a_place_on_the_page() {
    let case = Case::new(APP);
    case.write("CODEOWNERS", "/core.py @core\n");
    let run = case.run(&["audit", "types", "--by", "owner"]);
    assert!(run.stderr.contains("@core") && run.stderr.contains("(no owner)"), "{}", run.stderr);
    let run = case.run(&["audit", "types", "--by", "symbol"]);
    assert!(run.stderr.contains("core.Box.dead_too"), "{}", run.stderr);
    case.run(&["audit", "-o", "html:page.html"]);
    let page = case.read("page.html");
    assert!(page.contains("\"owners\":[{\"name\":\"@core\",\"modules\":1"), "{page}");
    assert!(page.contains("\"def dead() -> int:\""), "{page}");
}

#[test]
fn coverage_may_not_get_less() {
    let case = Case::new(&[("a.py", "def f(x: int) -> int:\n    return x\n\nprint(f(1))\n")]);
    git(&case, &["init", "-q"]);
    git(&case, &["add", "."]);
    git(&case, &["commit", "-qm", "one"]);
    let arguments = ["audit", "types", "--since", "HEAD", "--output-format", "concise"];
    assert_eq!(case.run(&arguments).code, 0);
    case.write("a.py", "def f(x):\n    return x.y\n\nprint(f(1))\n");
    let run = case.run(&arguments);
    assert_eq!(run.code, 1);
    assert!(run.stdout.contains("at HEAD it was 100.00 %"), "{}", run.stdout);
}

#[test]
fn flags_that_mean_nothing_are_refused_before_the_work() {
    let case = Case::new(APP);
    let stderr = |arguments: &[&str]| {
        let run = case.run(arguments);
        assert_eq!(run.code, 2, "{}", run.stdout);
        assert!(run.stdout.is_empty(), "{}", run.stdout);
        run.stderr
    };
    assert!(stderr(&["audit", "imports", "--remove"]).contains("ropewalk audit dead"));
    assert!(stderr(&["audit", "ded"]).contains("did you mean `ropewalk audit dead`?"));
    assert!(stderr(&["audit", "why", "core.deed"]).contains("did you mean `core.dead`?"));
    assert!(stderr(&["audit", "-o", "html:no/page.html"]).contains("there is no such folder"));
    assert!(stderr(&["audit", "types", "--min-coverage", "101"]).contains("between 0 and 100"));
    assert!(stderr(&["audit", "types", "--by", "owner"]).contains("no CODEOWNERS file"));
    assert!(stderr(&["audit", "api", "--since", "no"]).contains("error: --since: git rev-parse"));
    let nothing = Case::new(&[]);
    let run = nothing.run(&["audit"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("nothing was checked"), "{}", run.stderr);
    assert_eq!(nothing.run(&["audit", "api"]).code, 2);
}
