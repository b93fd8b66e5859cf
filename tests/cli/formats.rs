//! Every output format, as a snapshot and against its schema where there is one.
//!
//! SARIF's schema comes with the `serde-sarif` crate; those of GitLab and JUnit are written in our words
//! from what is published, see `tests/schemas`.

use std::path::PathBuf;

use crate::{Case, RIGHT, WRONG};

fn case() -> Case {
    Case::new(&[("a.py", WRONG), ("pkg/b ü.py", "def f():\n    return = 1\n"), ("c.py", RIGHT)])
}

fn output(format: &str) -> String {
    let run = case().run(&["check", "--output-format", format]);
    assert_eq!((run.code, run.stderr.as_str()), (1, ""), "{format}");
    run.stdout
}

fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).expect("JSON")
}

fn validate(schema: &serde_json::Value, value: &serde_json::Value) {
    let validator = jsonschema::validator_for(schema).expect("a schema");
    let errors: Vec<String> = validator.iter_errors(value).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn full() {
    insta::assert_snapshot!(output("full"));
}

#[test]
fn concise() {
    insta::assert_snapshot!(output("concise"));
}

#[test]
fn json_document() {
    insta::assert_snapshot!(output("json"));
}

#[test]
fn json_lines() {
    let text = output("json-lines");
    assert_eq!(text.lines().map(json).count(), 2);
    insta::assert_snapshot!(text);
}

#[test]
fn github() {
    insta::assert_snapshot!(output("github"));
}

#[test]
fn github_annotations_are_capped_and_rolled_up() {
    let many: String = (0..14).map(|_| "x = = 1\n").collect();
    let run = Case::new(&[("a.py", &many)]).run(&["check", "--output-format", "github"]);
    assert_eq!(run.stdout.lines().filter(|line| line.starts_with("::error ")).count(), 10);
    assert_eq!(run.stdout.lines().filter(|line| line.starts_with("a.py:")).count(), 4);
    assert!(run.stdout.contains("::notice title=ropewalk::4 more diagnostics without annotation"));
    let few = ["check", "--output-format", "github", "-c", "terminal.github-annotations=2"];
    let run = Case::new(&[("a.py", &many)]).run(&few);
    assert_eq!(run.stdout.lines().filter(|line| line.starts_with("::error ")).count(), 2);
}

#[test]
fn gitlab_is_valid_and_its_fingerprints_differ() {
    let many = "x = = 1\ny = = 2\n";
    let run = Case::new(&[("a.py", many)]).run(&["check", "--output-format", "gitlab"]);
    let value = json(&run.stdout);
    validate(&json(include_str!("../schemas/gitlab-code-quality.json")), &value);
    let fingerprints: std::collections::BTreeSet<String> = value
        .as_array()
        .expect("a list")
        .iter()
        .map(|issue| issue["fingerprint"].to_string())
        .collect();
    assert_eq!(fingerprints.len(), 2);
    insta::assert_snapshot!(output("gitlab"));
}

#[test]
fn junit_is_valid() {
    let schema = json(include_str!("../schemas/junit.json"));
    let text = output("junit");
    let (problems, counts) = crate::xml::validate(&schema, &text);
    assert_eq!(problems, Vec::<String>::new());
    assert_eq!((counts["testsuite"], counts["failure"]), (2, 2));
    insta::assert_snapshot!(text);
    let run = Case::new(&[("a.py", RIGHT)]).run(&["check", "--output-format", "junit"]);
    let (problems, counts) = crate::xml::validate(&schema, &run.stdout);
    assert_eq!((problems, counts["testcase"]), (Vec::new(), 1));
    let special = Case::new(&[("a.py", "reveal_type('<&>\\x01')\nx: int = '\"<&>\\x00'\n")]);
    let run = special.run(&["check", "--output-format", "junit"]);
    let (problems, counts) = crate::xml::validate(&schema, &run.stdout);
    assert_eq!((problems, counts["system-out"]), (Vec::new(), 1), "{}", run.stdout);
}

#[test]
fn paths_for_a_forge_begin_at_the_top_of_the_checkout() {
    let case = Case::new(&[("services/a/x.py", WRONG)]);
    let top = case.path().canonicalize().expect("a folder");
    let run = |variable: &str, format: &str| {
        let mut command = case.command();
        command.current_dir(top.join("services/a")).env(variable, &top);
        let output = command.args(["check", "--output-format", format]).output().expect("a run");
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    assert!(run("GITHUB_WORKSPACE", "github").starts_with("::error file=services/a/x.py,line=1"));
    assert_eq!(json(&run("CI_PROJECT_DIR", "gitlab"))[0]["location"]["path"], "services/a/x.py");
    let sarif = json(&run("GITHUB_WORKSPACE", "sarif"));
    let place = &sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "services/a/x.py");
    assert!(run("GITHUB_WORKSPACE", "concise").starts_with("x.py:1:5"));
}

#[test]
fn sarif_is_valid() {
    let value = json(&output("sarif"));
    let _: serde_sarif::sarif::Sarif = serde_json::from_value(value.clone()).expect("SARIF");
    let mut schema = json(&std::fs::read_to_string(sarif_schema()).expect("the schema"));
    // The published schema has a regular expression with an unbalanced bracket.
    fix_patterns(&mut schema);
    validate(&schema, &value);
    let result = &value["runs"][0]["results"][1];
    assert_eq!(
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
        "pkg/b%20%C3%BC.py"
    );
    assert!(result["partialFingerprints"]["ropewalk/v1"].is_string());
    let clean = Case::new(&[("a.py", RIGHT)]).run(&["check", "--output-format", "sarif"]);
    assert_eq!(json(&clean.stdout)["runs"][0]["results"], serde_json::json!([]));
}

/// Takes out that expression, wherever it is.
fn fix_patterns(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Object(entries) => {
            let is_broken = |pattern: &serde_json::Value| {
                pattern.as_str().is_some_and(|pattern| pattern.ends_with("{2}]?$"))
            };
            if entries.get("pattern").is_some_and(is_broken) {
                entries.remove("pattern");
            }
            entries.values_mut().for_each(fix_patterns);
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(fix_patterns),
        _ => {}
    }
}

/// The schema that lies in the sources of `serde-sarif`, where cargo has unpacked them to build.
fn sarif_schema() -> PathBuf {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo")));
    let registry = home.expect("cargo's home").join("registry/src");
    let folders = |path: &PathBuf| -> Vec<PathBuf> {
        let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
        let mut folders: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
        folders.sort();
        folders
    };
    let crates = folders(&registry).into_iter().flat_map(|index| folders(&index));
    let is_ours = |path: &PathBuf| {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        name.is_some_and(|name| name.starts_with("serde-sarif-"))
    };
    crates.filter(is_ours).max().expect("the sources of serde-sarif").join("src/schema.json")
}

#[test]
fn several_outputs_in_one_run() {
    let case = case();
    let run = case.run(&["check", "-o", "sarif:out.sarif", "-o", "json:out.json", "-o", "concise"]);
    assert_eq!(run.code, 1);
    assert!(run.stdout.starts_with("a.py:1:5: error[syntax-error]"));
    assert_eq!(json(&case.read("out.sarif"))["version"], "2.1.0");
    assert_eq!(json(&case.read("out.json"))["summary"]["errors"], 2);
    let run = case.run(&["check", "-o", "gitlab:no/such/folder/x.json"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("no/such/folder/x.json"), "{}", run.stderr);
}

#[test]
fn markdown_is_added_to_the_page_of_a_job() {
    let case = case();
    let page = case.path().join("summary.md").display().to_string();
    case.write("summary.md", "# Job\n\n");
    let output = format!("markdown:{page}");
    let run = case.run_with(("GITHUB_STEP_SUMMARY", &page), &["check", "-q", "-o", &output]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    insta::assert_snapshot!(case.read("summary.md"));
    // Any other file is replaced.
    let run = case.run(&["check", "-q", "-o", &output]);
    assert_eq!(run.code, 1);
    assert!(case.read("summary.md").starts_with("## "));
}
