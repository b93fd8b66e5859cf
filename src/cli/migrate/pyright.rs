//! pyright's configuration: `pyrightconfig.json` or `[tool.pyright]`.
//!
//! Folders with stricter rules become overrides; execution environments become roots and overrides.

use super::{Migration, fill, level_of, our_rule, strings};
use crate::project::config::LevelOption;

/// What pyright's strict mode switches on and we have a rule for.
const STRICT: &[&str] =
    &["deprecated", "non-overlapping-comparison", "redundant-cast", "unused-value"];

/// Reads the table.
pub(super) fn take(table: &toml::Table, migration: &mut Migration) {
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
            "venvPath" if table.contains_key("venv") => {}
            "$schema" => {}
            "typeshedPath" => options.environment.typeshed = value.as_str().map(str::to_owned),
            "enableTypeIgnoreComments" => {
                options.analysis.respect_type_ignore_comments = value.as_bool();
            }
            // There is one way of checking here, and it is that.
            "typeCheckingMode" if matches!(value.as_str(), Some("basic" | "standard")) => {}
            "typeCheckingMode" if value.as_str() == Some("strict") => {
                for rule in STRICT {
                    migration.rule(rule, LevelOption::Error);
                }
            }
            "strict" => migration.override_for(strings(value), strict()),
            "executionEnvironments" => environments(value, migration),
            name if name.starts_with("report") => match (our_rule(name), level_of(value)) {
                (Some(rule), Some(level)) => migration.rule(rule, level),
                _ => migration.left(name),
            },
            other => migration.left(other),
        }
    }
}

fn strict() -> Vec<(&'static str, LevelOption)> {
    STRICT.iter().map(|rule| (*rule, LevelOption::Error)).collect()
}

/// Folders with settings of their own. Modules of each are imported from its root; what else differs needs a
/// configuration in that folder, and is named.
fn environments(value: &toml::Value, migration: &mut Migration) {
    for part in value.as_array().into_iter().flatten().filter_map(toml::Value::as_table) {
        let root = part.get("root").and_then(toml::Value::as_str).unwrap_or(".");
        let mut rules = Vec::new();
        for (key, value) in part {
            match key.as_str() {
                "root" => {
                    let roots = migration.options.environment.root.get_or_insert_default();
                    if !roots.iter().any(|known| known == root) {
                        roots.push(root.to_owned());
                    }
                }
                "extraPaths" => {
                    let paths = migration.options.environment.extra_paths.get_or_insert_default();
                    for path in strings(value) {
                        if !paths.contains(&path) {
                            paths.push(path);
                        }
                    }
                }
                "name" => {}
                name if name.starts_with("report") => match (our_rule(name), level_of(value)) {
                    (Some(rule), Some(level)) => rules.push((rule, level)),
                    _ => migration.left(&format!("executionEnvironments.{name}")),
                },
                name => migration.left(&format!(
                    "`{name}` of the execution environment `{root}`: a ropewalk.toml in that folder can set it"
                )),
            }
        }
        migration.override_for(vec![format!("{}/**", root.trim_end_matches('/'))], rules);
    }
}
