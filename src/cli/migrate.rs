//! Other checkers' configurations read into ours: mypy, pyright, ty and pyrefly.
//!
//! What has no counterpart is named, so that nothing is lost without a word.

use std::path::Path;

use crate::project::config::{
    LevelOption, OneOrMany, Options, OtherTool, OverrideOptions, python_version,
};

/// The options, where they came from, and what was left out.
#[derive(Debug, Default)]
pub struct Migration {
    /// Ours.
    pub options: Options,
    /// Files and tables that something was taken from.
    pub origins: Vec<String>,
    /// Keys without a counterpart.
    pub left_out: Vec<String>,
}

type Read<'a> = &'a dyn Fn(&str) -> anyhow::Result<Option<String>>;

/// Reads the configurations in `folder`; the checkers are looked for in the order ty, pyrefly,
/// pyright, mypy, and the first that says something of a key wins.
///
/// # Errors
/// When a file can't be read.
pub fn migrate(
    folder: &Path,
    pyproject: &toml::Table,
    read: Read<'_>,
) -> anyhow::Result<Migration> {
    let mut migration = Migration::default();
    let tool = |name: &str| {
        pyproject
            .get("tool")
            .and_then(|tool| tool.get(name))
            .and_then(toml::Value::as_table)
            .cloned()
    };
    let own_file = |name: &str| -> anyhow::Result<Option<toml::Table>> {
        Ok(read(name)?.and_then(|text| toml::from_str(&text).ok()))
    };
    if let Some((origin, table)) = first(own_file("ty.toml")?, tool("ty"), "ty.toml", "tool.ty") {
        migration.take(origin, |it| from_ty(&table, it));
        migration.honour(OtherTool::Ty);
    }
    let pyrefly = first(own_file("pyrefly.toml")?, tool("pyrefly"), "pyrefly.toml", "tool.pyrefly");
    if let Some((origin, table)) = pyrefly {
        migration.take(origin, |it| from_pyrefly(&table, it));
        migration.honour(OtherTool::Pyrefly);
    }
    let json = read("pyrightconfig.json")?.and_then(|text| {
        let value: serde_json::Value = serde_json::from_str(&without_comments(&text)).ok()?;
        toml::Table::try_from(without_nulls(value)).ok()
    });
    let in_tool = tool("pyright").or_else(|| tool("basedpyright"));
    if let Some((origin, table)) = first(json, in_tool, "pyrightconfig.json", "tool.pyright") {
        migration.take(origin, |it| from_pyright(&table, it));
        migration.honour(OtherTool::Pyright);
    }
    for name in ["mypy.ini", ".mypy.ini", "setup.cfg"] {
        if let Some(text) = read(name)? {
            let sections = ini(&text);
            if sections.iter().any(|(section, _)| section == "mypy") {
                migration.take(name.to_owned(), |it| from_mypy_ini(&sections, it));
                migration.honour(OtherTool::Mypy);
                break;
            }
        }
    }
    if let Some(table) = tool("mypy") {
        migration.take("tool.mypy".to_owned(), |it| from_mypy_table(&table, it));
        migration.honour(OtherTool::Mypy);
    }
    // A folder that is not there would be reported on every run.
    if let Some(include) = &mut migration.options.src.include {
        include.retain(|path| path.contains('*') || folder.join(path).exists());
        if include.is_empty() {
            migration.options.src.include = None;
        }
    }
    Ok(migration)
}

fn first(
    file: Option<toml::Table>,
    tool: Option<toml::Table>,
    file_name: &str,
    tool_name: &str,
) -> Option<(String, toml::Table)> {
    match (file, tool) {
        (Some(table), _) => Some((file_name.to_owned(), table)),
        (None, Some(table)) => Some((format!("[{tool_name}] of pyproject.toml"), table)),
        (None, None) => None,
    }
}

impl Migration {
    fn take(&mut self, origin: String, read: impl FnOnce(&mut Self)) {
        let before = self.left_out.len();
        read(self);
        for left in &mut self.left_out[before..] {
            *left = format!("`{left}` ({origin})");
        }
        self.origins.push(origin);
    }

    fn left(&mut self, key: &str) {
        self.left_out.push(key.to_owned());
    }

    fn version(&mut self, value: Option<&str>) {
        let Some(value) = value.filter(|_| self.options.environment.python_version.is_none())
        else {
            return;
        };
        // A version that we do not check for would stop every run.
        if python_version(value).is_err() {
            self.left(&format!("python-version {value}"));
            return;
        }
        self.options.environment.python_version = Some(OneOrMany::One(value.to_owned()));
    }

    fn platform(&mut self, value: Option<&str>) {
        let platform = match value.map(str::to_lowercase).as_deref() {
            Some("linux") => "linux",
            Some("darwin" | "macos") => "darwin",
            Some("win32" | "windows") => "win32",
            Some("all") => "all",
            _ => return,
        };
        let slot = &mut self.options.environment.python_platform;
        slot.get_or_insert_with(|| OneOrMany::One(platform.to_owned()));
    }

    /// The comments of the checker that somebody comes from go on counting.
    fn honour(&mut self, tool: OtherTool) {
        let honoured = self.options.analysis.honour_comments.get_or_insert_default();
        if !honoured.contains(&tool) {
            honoured.push(tool);
        }
    }

    fn rule(&mut self, name: &str, level: LevelOption) {
        self.options.rules.entry(name.to_owned()).or_insert(level);
    }
}

fn fill(slot: &mut Option<Vec<String>>, values: Vec<String>) {
    if slot.is_none() && !values.is_empty() {
        *slot = Some(values);
    }
}

fn strings(value: &toml::Value) -> Vec<String> {
    match value {
        toml::Value::String(one) => one
            .split([',', '\n'])
            .map(str::trim)
            .filter(|it| !it.is_empty())
            .map(str::to_owned)
            .collect(),
        toml::Value::Array(items) => {
            items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect()
        }
        _ => Vec::new(),
    }
}

fn level_of(value: &toml::Value) -> Option<LevelOption> {
    match value {
        toml::Value::Boolean(true) => Some(LevelOption::Error),
        toml::Value::Boolean(false) => Some(LevelOption::Ignore),
        toml::Value::String(text) => match text.as_str() {
            "error" | "true" => Some(LevelOption::Error),
            "warn" | "warning" => Some(LevelOption::Warn),
            "information" | "info" | "hint" => Some(LevelOption::Info),
            "ignore" | "none" | "false" => Some(LevelOption::Ignore),
            _ => None,
        },
        _ => None,
    }
}

fn from_ty(table: &toml::Table, migration: &mut Migration) {
    for (section, value) in table {
        let Some(inner) = value.as_table() else {
            migration.left(section);
            continue;
        };
        for (key, value) in inner {
            let text = value.as_str();
            let options = &mut migration.options;
            match (section.as_str(), key.as_str()) {
                ("environment", "python-version") => migration.version(text),
                ("environment", "python-platform") => migration.platform(text),
                ("environment", "python") => {
                    options.environment.python = text.map(str::to_owned);
                }
                ("environment", "typeshed") => {
                    options.environment.typeshed = text.map(str::to_owned);
                }
                ("environment", "root") => fill(&mut options.environment.root, strings(value)),
                ("environment", "extra-paths") => {
                    fill(&mut options.environment.extra_paths, strings(value));
                }
                ("src", "include") => fill(&mut options.src.include, strings(value)),
                ("src", "exclude") => fill(&mut options.src.exclude, strings(value)),
                ("src", "respect-ignore-files") => {
                    options.src.respect_ignore_files = value.as_bool();
                }
                ("terminal", "error-on-warning") => {
                    options.terminal.error_on_warning = value.as_bool();
                }
                ("rules", name) => match (our_rule(name), level_of(value)) {
                    (Some(rule), Some(level)) => migration.rule(rule, level),
                    _ => migration.left(&format!("rules.{name}")),
                },
                _ => migration.left(&format!("{section}.{key}")),
            }
        }
    }
}

/// Our rule with the meaning of another checker's; most of ty's and pyrefly's names are ours.
fn our_rule(name: &str) -> Option<&'static str> {
    let same = match name {
        "all" => return Some("all"),
        "possibly-missing-attribute" => "possibly-unbound-attribute",
        "possibly-missing-import" => "possibly-unresolved-import",
        "not-subscriptable" => "non-subscriptable",
        "unused-ignore-comment" => "unused-ignore",
        "unused-type-ignore-comment" => "unused-type-ignore",
        "ignore-comment-unknown-rule" | "invalid-ignore-comment" => "invalid-ignore",
        "missing-import"
        | "import-error"
        | "reportMissingImports"
        | "import-not-found"
        | "import" => "unresolved-import",
        "missing-attribute" | "reportAttributeAccessIssue" | "attr-defined" => {
            "unresolved-attribute"
        }
        "unknown-name" | "reportUndefinedVariable" | "name-defined" => "unresolved-reference",
        "unbound-name" | "reportPossiblyUnbound" | "possibly-undefined" => {
            "possibly-unresolved-reference"
        }
        "bad-argument-type" | "reportArgumentType" | "arg-type" => "invalid-argument-type",
        "bad-assignment" | "reportAssignmentType" | "assignment" => "invalid-assignment",
        "bad-return" | "reportReturnType" | "return-value" | "return" => "invalid-return-type",
        "bad-override" | "reportIncompatibleMethodOverride" | "override" => {
            "invalid-method-override"
        }
        "reportIncompatibleVariableOverride" => "invalid-attribute-override",
        "missing-arguments" => "missing-argument",
        "bad-argument-count" => "too-many-positional-arguments",
        "unexpected-keyword" => "unknown-argument",
        "not-callable" => "call-non-callable",
        "no-overload" | "reportNoOverloadImplementation" | "call-overload" => {
            "no-matching-overload"
        }
        "unsupported-operation" | "reportOperatorIssue" | "operator" => "unsupported-operator",
        "not-iterable" => "not-iterable",
        "reportIndexIssue" | "index" => "non-subscriptable",
        "reportAbstractUsage" | "abstract" => "abstract-instantiation",
        "reportInvalidTypeForm" | "valid-type" | "not-a-type" => "invalid-type-form",
        "reportUnusedCoroutine" | "unused-coroutine" => "unused-coroutine",
        "reportUnusedExcept" => "unreachable-except",
        "reportUnnecessaryComparison" | "reportUnnecessaryContains" | "comparison-overlap" => {
            "non-overlapping-comparison"
        }
        "reportUnsupportedDunderAll" | "bad-dunder-all" => "undefined-export",
        "truthy-function" => "always-true-condition",
        "unused-awaitable" => "unreferenced-task",
        "str-format" => "invalid-format-argument",
        "str-bytes-safe" => "bytes-in-text",
        "reportDeprecated" | "deprecated" => "deprecated",
        "reportInconsistentOverload" => "invalid-overload",
        "reportOverlappingOverload" | "overload-overlap" => "overlapping-overload",
        "reportUnnecessaryCast" | "redundant-cast" => "redundant-cast",
        "reportUnnecessaryTypeIgnoreComment" | "unused-ignore" => "unused-ignore",
        "reportRedeclaration" | "no-redef" => "redefined-definition",
        "reportImplicitOverride" | "explicit-override" => "missing-override-decorator",
        "reportTypedDictNotRequiredAccess" | "typeddict-item" => "missing-typed-dict-key",
        "reportInvalidTypeVarUse" | "type-var" => "invalid-type-variable",
        "ignore-without-code" | "reportBlanketIgnore" => "blanket-ignore",
        other => other,
    };
    crate::rules::find(same).map(|rule| rule.name)
}

fn from_pyrefly(table: &toml::Table, migration: &mut Migration) {
    for (key, value) in table {
        let options = &mut migration.options;
        match key.replace('_', "-").as_str() {
            "python-version" => migration.version(value.as_str()),
            "python-platform" => migration.platform(value.as_str()),
            "python-interpreter-path" | "python-interpreter" => {
                options.environment.python = value.as_str().map(str::to_owned);
            }
            "project-includes" => fill(&mut options.src.include, strings(value)),
            "project-excludes" => fill(&mut options.src.exclude, strings(value)),
            "search-path" => fill(&mut options.environment.extra_paths, strings(value)),
            "errors" => {
                for (name, value) in value.as_table().into_iter().flatten() {
                    match (our_rule(name), level_of(value)) {
                        (Some(rule), Some(level)) => migration.rule(rule, level),
                        _ => migration.left(&format!("errors.{name}")),
                    }
                }
            }
            _ => migration.left(key),
        }
    }
}

fn from_pyright(table: &toml::Table, migration: &mut Migration) {
    for (key, value) in table {
        let options = &mut migration.options;
        match key.as_str() {
            "pythonVersion" => migration.version(value.as_str()),
            "pythonPlatform" => migration.platform(value.as_str()),
            "include" => fill(&mut options.src.include, strings(value)),
            "exclude" | "ignore" => {
                options.src.exclude.get_or_insert_default().extend(strings(value));
            }
            "extraPaths" => fill(&mut options.environment.extra_paths, strings(value)),
            "venv" => {
                let parent = table.get("venvPath").and_then(toml::Value::as_str);
                let venv = value.as_str().unwrap_or(".venv");
                options.environment.python = Some(
                    parent.map_or_else(|| venv.to_owned(), |parent| format!("{parent}/{venv}")),
                );
            }
            "venvPath" => {}
            "typeshedPath" => options.environment.typeshed = value.as_str().map(str::to_owned),
            "enableTypeIgnoreComments" => {
                options.analysis.respect_type_ignore_comments = value.as_bool();
            }
            name if name.starts_with("report") => match (our_rule(name), level_of(value)) {
                (Some(rule), Some(level)) => migration.rule(rule, level),
                _ => migration.left(name),
            },
            other => migration.left(other),
        }
    }
}

fn from_mypy_table(table: &toml::Table, migration: &mut Migration) {
    for (key, value) in table {
        if key != "overrides" {
            mypy_key(key, value, migration);
        }
    }
    let overrides = table.get("overrides").and_then(toml::Value::as_array);
    for part in overrides.into_iter().flatten().filter_map(toml::Value::as_table) {
        let modules = part.get("module").map(strings).unwrap_or_default();
        let keys = part.iter().filter(|(key, _)| *key != "module");
        mypy_override(&modules, keys.map(|(key, value)| (key.as_str(), value.clone())), migration);
    }
}

fn from_mypy_ini(sections: &[(String, Vec<(String, String)>)], migration: &mut Migration) {
    for (section, entries) in sections {
        let entries = entries.iter().map(|(key, value)| (key.as_str(), ini_value(value)));
        if section == "mypy" {
            for (key, value) in entries {
                mypy_key(key, &value, migration);
            }
        } else if let Some(modules) = section.strip_prefix("mypy-") {
            let modules: Vec<String> =
                modules.split(',').map(|name| name.trim().to_owned()).collect();
            mypy_override(&modules, entries, migration);
        }
    }
}

fn ini_value(text: &str) -> toml::Value {
    match text.to_lowercase().as_str() {
        "true" | "yes" | "on" | "1" => toml::Value::Boolean(true),
        "false" | "no" | "off" | "0" => toml::Value::Boolean(false),
        _ => toml::Value::String(text.to_owned()),
    }
}

fn mypy_key(key: &str, value: &toml::Value, migration: &mut Migration) {
    let is_on = value.as_bool().unwrap_or(false);
    let options = &mut migration.options;
    match key {
        "python_version" => {
            let number = value.as_float().map(|number| number.to_string());
            migration.version(value.as_str().or(number.as_deref()));
        }
        "platform" => migration.platform(value.as_str()),
        "python_executable" => options.environment.python = value.as_str().map(str::to_owned),
        "files" | "packages" => fill(&mut options.src.include, strings(value)),
        "mypy_path" => {
            let paths =
                strings(value).iter().flat_map(|path| path.split(':')).map(str::to_owned).collect();
            fill(&mut options.environment.extra_paths, paths);
        }
        "custom_typeshed_dir" => options.environment.typeshed = value.as_str().map(str::to_owned),
        "ignore_missing_imports" if is_on => {
            migration.rule("unresolved-import", LevelOption::Ignore)
        }
        "warn_unused_ignores" => {
            migration
                .rule("unused-ignore", if is_on { LevelOption::Warn } else { LevelOption::Ignore });
        }
        "warn_redundant_casts" => {
            migration.rule(
                "redundant-cast",
                if is_on { LevelOption::Warn } else { LevelOption::Ignore },
            );
        }
        "disable_error_code" | "enable_error_code" => {
            let level =
                if key.starts_with("enable") { LevelOption::Error } else { LevelOption::Ignore };
            for code in strings(value) {
                match our_rule(&code) {
                    Some(rule) => migration.rule(rule, level),
                    None => migration.left(&format!("{key}: {code}")),
                }
            }
        }
        // A regular expression: only what is plainly a path can be a glob.
        "exclude" => {
            for pattern in strings(value) {
                let plain = pattern.trim_matches(['^', '$', '(', ')']).replace("\\.", ".");
                if plain.contains(['*', '+', '?', '[', '|', '\\', '(']) {
                    migration.left(&format!("exclude: {pattern}"));
                } else {
                    let excludes = migration.options.src.exclude.get_or_insert_default();
                    excludes.push(plain.trim_end_matches('/').to_owned());
                }
            }
        }
        _ => migration.left(key),
    }
}

fn mypy_override<'a>(
    modules: &[String],
    entries: impl Iterator<Item = (&'a str, toml::Value)>,
    migration: &mut Migration,
) {
    let mut table = OverrideOptions::default();
    for (key, value) in entries {
        let is_on = value.as_bool().unwrap_or(false);
        match key {
            "ignore_errors" if is_on => {
                table.rules.insert("all".to_owned(), LevelOption::Ignore);
            }
            // In mypy this silences imports *of* the module, wherever they are.
            "disable_error_code" => {
                for code in strings(&value) {
                    match our_rule(&code) {
                        Some(rule) => {
                            table.rules.insert(rule.to_owned(), LevelOption::Ignore);
                        }
                        None => migration.left(&format!("{}: {key}: {code}", modules.join(", "))),
                    }
                }
            }
            _ => migration.left(&format!("{}: {key}", modules.join(", "))),
        }
    }
    if !table.rules.is_empty() {
        let globs = modules.iter().flat_map(|module| {
            let path = module.trim_end_matches(".*").replace('.', "/");
            if module.ends_with('*') {
                vec![format!("**/{path}.py"), format!("**/{path}/**")]
            } else {
                vec![format!("**/{path}.py"), format!("**/{path}/__init__.py")]
            }
        });
        table.include = Some(globs.collect());
        migration.options.overrides.push(table);
    }
}

/// The sections of an INI file as Python's configparser reads it, as far as mypy's go.
fn ini(text: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut sections: Vec<(String, Vec<(String, String)>)> = Vec::new();
    for line in text.lines() {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with(['#', ';']) {
            continue;
        }
        if let Some(name) = trimmed.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            sections.push((name.trim().to_owned(), Vec::new()));
            continue;
        }
        let Some((_, entries)) = sections.last_mut() else { continue };
        let continued = line.starts_with([' ', '\t']);
        match (trimmed.split_once(['=', ':']), entries.last_mut()) {
            (_, Some((_, value))) if continued => {
                value.push('\n');
                value.push_str(trimmed);
            }
            (Some((key, value)), _) => {
                entries.push((key.trim().to_owned(), value.trim().to_owned()));
            }
            (None, _) => {}
        }
    }
    sections
}

/// JSON as pyright reads it: without `//` and `/* */` comments and trailing commas.
fn without_comments(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    let mut in_string = false;
    while let Some(c) = chars.next() {
        match c {
            '\\' if in_string => {
                result.push(c);
                result.extend(chars.next());
            }
            '"' => {
                in_string = !in_string;
                result.push(c);
            }
            '/' if !in_string && chars.peek() == Some(&'/') => {
                while chars.next_if(|c| *c != '\n').is_some() {}
            }
            '/' if !in_string && chars.peek() == Some(&'*') => {
                let mut previous = ' ';
                for c in chars.by_ref() {
                    if previous == '*' && c == '/' {
                        break;
                    }
                    previous = c;
                }
            }
            '}' | ']' if !in_string => {
                let length = result.trim_end().len();
                if result[..length].ends_with(',') {
                    result.truncate(length - 1);
                }
                result.push(c);
            }
            _ => result.push(c),
        }
    }
    result
}

/// TOML has no null.
fn without_nulls(value: serde_json::Value) -> serde_json::Value {
    match value {
        serde_json::Value::Object(entries) => entries
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(key, value)| (key, without_nulls(value)))
            .collect(),
        serde_json::Value::Array(items) => {
            items.into_iter().filter(|item| !item.is_null()).map(without_nulls).collect()
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_with_comments_is_read() {
        let text = without_comments("{ // c\n \"a\": \"//\\\"\", /* x */ \"b\": [1, 2,],\n}");
        let value: Result<serde_json::Value, _> = serde_json::from_str(&text);
        assert_eq!(value.ok(), Some(serde_json::json!({ "a": "//\"", "b": [1, 2] })));
    }

    #[test]
    fn every_counterpart_exists() {
        for name in ["arg-type", "reportDeprecated", "bad-return", "possibly-missing-attribute"] {
            assert!(our_rule(name).is_some(), "{name}");
        }
        assert_eq!(our_rule("no-such"), None);
    }
}
