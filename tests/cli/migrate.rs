//! `init`: what it writes is a valid configuration, and says what other checkers' said.
//!
//! Each migration is a snapshot, and is then read by the command itself.

use crate::{Case, RIGHT};

fn init(files: &[(&str, &str)], written: &str) -> String {
    let case = Case::new(files);
    let run = case.run(&["init"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let text = case.read(written);
    let check = case.run(&["check", "--show-settings"]);
    assert_eq!(check.code, 0, "{}\n{text}", check.stderr);
    text
}

#[test]
fn from_nothing() {
    insta::assert_snapshot!(init(&[("a.py", RIGHT)], "ropewalk.toml"));
}

#[test]
fn from_mypy_ini() {
    let ini = "[mypy]\npython_version = 3.11\nfiles = src, tests\nexclude = ^build/$\n\
        warn_unused_ignores = True\nstrict = True\ndisable_error_code = arg-type, no-such-code\n\
        [mypy-legacy.*]\nignore_errors = True\n[mypy-other]\ndisallow_untyped_defs = True\n";
    let files = [("mypy.ini", ini), ("src/a.py", RIGHT), ("tests/b.py", RIGHT)];
    insta::assert_snapshot!(init(&files, "ropewalk.toml"));
}

#[test]
fn from_mypy_in_pyproject() {
    let text = "[project]\nname = \"x\"\n\n[tool.mypy]\npython_version = \"3.12\"\nplatform = \"linux\"\n\
        ignore_missing_imports = true\n\n[[tool.mypy.overrides]]\nmodule = [\"a.*\", \"b\"]\nignore_errors = true\n";
    insta::assert_snapshot!(init(&[("pyproject.toml", text)], "pyproject.toml"));
}

#[test]
fn what_is_not_there_is_named_and_left_out() {
    let text = "[environment]\nextra-paths = [\"gone\", \"lib\"]\npython = \"nowhere\"\n[rules]\n\
        missing-union-attribute = \"warn\"\n[analysis]\nrespect-type-ignore-comments = false\n\
        [terminal]\noutput-format = \"concise\"\n";
    let written = init(&[("ty.toml", text), ("lib/a.py", RIGHT)], "ropewalk.toml");
    let table: toml::Table = toml::from_str(&written).expect("TOML");
    assert_eq!(table["environment"]["extra-paths"].to_string(), "[\"lib\"]");
    assert!(table["environment"].get("python").is_none(), "{written}");
    assert_eq!(table["rules"]["unresolved-attribute"].as_str(), Some("warn"));
    assert_eq!(table["analysis"]["respect-type-ignore-comments"].as_bool(), Some(false));
    assert_eq!(table["terminal"]["output-format"].as_str(), Some("concise"));
    for left in ["`gone` of the search path", "the environment `nowhere`"] {
        assert!(written.contains(left), "{written}");
    }
}

#[test]
fn from_zuban() {
    let text = "[project]\nname = \"x\"\n\n[tool.zuban]\npython_version = \"3.12\"\nmode = \"default\"\n\
        disable_error_code = [\"arg-type\"]\n";
    let written = init(&[("pyproject.toml", text), ("a.py", RIGHT)], "pyproject.toml");
    let table: toml::Table = toml::from_str(&written).expect("TOML");
    let ours = &table["tool"]["ropewalk"];
    assert_eq!(ours["environment"]["python-version"].as_str(), Some("3.12"));
    assert_eq!(ours["rules"]["invalid-argument-type"].as_str(), Some("ignore"));
    assert_eq!(ours["analysis"]["honour-comments"].to_string(), "[\"zuban\"]");
    assert!(
        written.contains("not taken over: `mode` ([tool.zuban] of pyproject.toml)"),
        "{written}"
    );
}

#[test]
fn from_pyright() {
    let text = "{\n  // strict\n  \"pythonVersion\": \"3.10\",\n  \"pythonPlatform\": \"Linux\",\n  \
        \"include\": [\"src\"],\n  \"exclude\": [\"**/old\"],\n  \"venvPath\": \".\", \"venv\": \".venv\",\n  \
        \"reportDeprecated\": \"warning\",\n  \"reportUnusedImport\": true,\n  \"strict\": [\"src\"],\n}\n";
    let files = [("pyrightconfig.json", text), ("src/a.py", RIGHT)];
    insta::assert_snapshot!(init(&files, "ropewalk.toml"));
}

#[test]
fn from_ty_and_pyrefly() {
    let ty = "[environment]\npython-version = \"3.13\"\nextra-paths = [\"lib\"]\n[rules]\n\
        possibly-missing-attribute = \"error\"\nno-such = \"warn\"\n[src]\nexclude = [\"gen\"]\n";
    insta::assert_snapshot!("ty", init(&[("ty.toml", ty)], "ropewalk.toml"));
    let pyrefly = "project-includes = [\"src\"]\nproject-excludes = [\"**/old\"]\n\
        python-version = \"3.12\"\nsearch-path = [\"lib\"]\n[errors]\nbad-return = false\n";
    let files = [("pyrefly.toml", pyrefly), ("src/a.py", RIGHT)];
    insta::assert_snapshot!("pyrefly", init(&files, "ropewalk.toml"));
}

#[test]
fn init_does_not_overwrite_unless_told() {
    let case = Case::new(&[("ropewalk.toml", "[src]\nexclude = [\"a\"]\n")]);
    let run = case.run(&["init"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("--force"), "{}", run.stderr);
    let run = case.run(&["init", "--dry-run"]);
    assert_eq!(run.code, 0);
    assert!(run.stdout.contains("[rules]"));
    assert!(case.read("ropewalk.toml").contains("exclude"));
    assert_eq!(case.run(&["init", "--force"]).code, 0);
    assert!(!case.read("ropewalk.toml").contains("exclude"));
    assert_eq!(case.run(&["init", "no-such"]).code, 2);
}

#[test]
fn excludes_that_are_expressions_become_globs() {
    let ini = "[mypy]\nmypy_path = $MYPY_CONFIG_FILE_DIR/src:stubs\nfiles = ${MYPY_CONFIG_FILE_DIR}/src\nexclude = (?x)(\n    \
        ^build/   # made by the build\n    | ^docs/conf\\.py$\n    | /migrations/\n    | a[0-9]+\\.py$\n  )\n";
    let files = [("mypy.ini", ini), ("src/a.py", RIGHT), ("stubs/b.py", RIGHT)];
    let text = init(&files, "ropewalk.toml");
    let table: toml::Table = toml::from_str(&text).expect("TOML");
    let list = |section: &str, key: &str| table[section][key].to_string();
    assert_eq!(list("src", "exclude"), r#"["/build", "/docs/conf.py", "migrations"]"#);
    assert_eq!(list("src", "include"), r#"["src"]"#);
    assert_eq!(list("environment", "extra-paths"), r#"["src", "stubs"]"#);
    assert!(text.contains(r"not taken over: `a[0-9]+\.py$` of `exclude`"), "{text}");
}

#[test]
fn many_sections_are_grouped() {
    let mut ini = String::from("[mypy]\n");
    for n in 0..200 {
        ini.push_str(&format!("[mypy-old{n}.*]\nignore_errors = True\n"));
        ini.push_str(&format!("[mypy-lib{n}.*]\nignore_missing_imports = True\n"));
    }
    let text = init(&[("mypy.ini", &ini), ("a.py", RIGHT)], "ropewalk.toml");
    assert_eq!(text.matches("[[overrides]]").count(), 1, "{text}");
    assert!(text.contains("**/old199{.py,/**}"));
    assert_eq!(text.matches("not taken over").count(), 1, "{text}");
    let left = "`ignore_missing_imports` of `lib0.*`, `lib1.*`, `lib2.*`, 197 more modules";
    assert!(text.contains(left), "{text}");
}

#[test]
fn json_may_begin_with_a_mark_and_have_comments() {
    let text = "\u{feff}// ours\n{ /* old */ \"pythonVersion\": \"3.10\", // and\n \"reportDeprecated\": \"error\", }\n";
    let written = init(&[("pyrightconfig.json", text), ("a.py", RIGHT)], "ropewalk.toml");
    assert!(written.contains("python-version = \"3.10\""), "{written}");
    assert!(written.contains("deprecated = \"error\""), "{written}");
}

#[test]
fn broken_files_are_named() {
    let case = Case::new(&[
        ("ty.toml", "[rules\n"),
        ("pyrefly.toml", "x = = 1\n"),
        ("pyrightconfig.json", "{"),
        ("a.py", RIGHT),
    ]);
    let run = case.run(&["init"]);
    assert_eq!(run.code, 0);
    for file in ["ty.toml", "pyrefly.toml", "pyrightconfig.json"] {
        let words = format!("not taken over: all of {file}, which cannot be read: ");
        assert!(run.stderr.contains(&words), "{}", run.stderr);
        assert!(case.read("ropewalk.toml").contains(&words));
    }
}

#[test]
fn settings_for_some_files_become_overrides() {
    let ty = "[[overrides]]\ninclude = [\"tests/**\"]\nexclude = [\"tests/a.py\"]\n[overrides.rules]\n\
        possibly-missing-attribute = \"ignore\"\nno-such = \"warn\"\n";
    let files = [("ty.toml", ty), ("tests/b.py", RIGHT)];
    insta::assert_snapshot!("ty_overrides", init(&files, "ropewalk.toml"));
    let pyrefly = "[[sub-config]]\nmatches = \"tests/**\"\nuntyped-def-behavior = \"skip\"\n[sub-config.errors]\nbad-return = false\n";
    let files = [("pyrefly.toml", pyrefly), ("tests/b.py", RIGHT)];
    insta::assert_snapshot!("pyrefly_sub_config", init(&files, "ropewalk.toml"));
    let pyright = "{\"strict\": [\"src\"], \"typeCheckingMode\": \"standard\", \"executionEnvironments\": [\n\
        {\"root\": \"src\", \"extraPaths\": [\"lib\"]},\n{\"root\": \"tests\", \"pythonVersion\": \"3.9\", \
        \"reportDeprecated\": \"none\"}]}";
    let files = [
        ("pyrightconfig.json", pyright),
        ("src/a.py", RIGHT),
        ("tests/b.py", RIGHT),
        ("lib/c.py", RIGHT),
    ];
    insta::assert_snapshot!("pyright_environments", init(&files, "ropewalk.toml"));
}
