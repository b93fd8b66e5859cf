//! mypy's configuration: `mypy.ini`, `setup.cfg` or `[tool.mypy]`.
//!
//! Sections of single modules become overrides; those with the same levels are written as one.

use super::{Migration, fill, our_rule, regex, strings};
use crate::project::config::LevelOption;

/// Reads `[tool.mypy]`.
pub(super) fn take_table(table: &toml::Table, migration: &mut Migration) {
    for (key, value) in table {
        if key != "overrides" {
            base_key(key, value, migration);
        }
    }
    let mut untyped = Vec::new();
    let overrides = table.get("overrides").and_then(toml::Value::as_array);
    for part in overrides.into_iter().flatten().filter_map(toml::Value::as_table) {
        let modules = part.get("module").map(strings).unwrap_or_default();
        let keys = part.iter().filter(|(key, _)| *key != "module");
        let keys = keys.map(|(key, value)| (key.as_str(), value.clone()));
        module_section(&modules, keys, (&mut untyped, migration));
    }
    say_left(untyped, migration);
}

/// Reads the sections of an INI file.
pub(super) fn take_ini(sections: &[(String, Vec<(String, String)>)], migration: &mut Migration) {
    let mut untyped = Vec::new();
    for (section, entries) in sections {
        let entries = entries.iter().map(|(key, value)| (key.as_str(), ini_value(value)));
        if section == "mypy" {
            for (key, value) in entries {
                base_key(key, &value, migration);
            }
        } else if let Some(modules) = section.strip_prefix("mypy-") {
            let modules: Vec<String> =
                modules.split(',').map(|name| name.trim().to_owned()).collect();
            module_section(&modules, entries, (&mut untyped, migration));
        }
    }
    say_left(untyped, migration);
}

/// Keys of single modules without a counterpart, each named once with the modules that have it.
type LeftOfModules = Vec<(String, Vec<String>)>;

fn say_left(keys: LeftOfModules, migration: &mut Migration) {
    for (key, modules) in keys {
        let mut shown: Vec<String> =
            modules.iter().take(3).map(|name| format!("`{name}`")).collect();
        if modules.len() > shown.len() {
            shown.push(format!("{} more modules", modules.len() - shown.len()));
        }
        let why = match key.as_str() {
            // In mypy this silences imports *of* the module, wherever they are.
            "ignore_missing_imports" | "follow_imports" | "follow_untyped_imports" => {
                ": an import that does not resolve is reported where it stands"
            }
            _ => "",
        };
        migration.left(&format!("`{key}` of {}{why}", shown.join(", ")));
    }
}

fn ini_value(text: &str) -> toml::Value {
    match text.to_lowercase().as_str() {
        "true" | "yes" | "on" | "1" => toml::Value::Boolean(true),
        "false" | "no" | "off" | "0" => toml::Value::Boolean(false),
        _ => toml::Value::String(text.to_owned()),
    }
}

/// Paths, with the folder of the configuration left out: ours are relative to it.
fn paths(value: &toml::Value) -> Vec<String> {
    let own_folder = |path: String| {
        let mut path = path;
        for name in ["$MYPY_CONFIG_FILE_DIR", "${MYPY_CONFIG_FILE_DIR}"] {
            path = path.replace(&format!("{name}/"), "").replace(name, ".");
        }
        path
    };
    strings(value).into_iter().map(own_folder).collect()
}

fn base_key(key: &str, value: &toml::Value, migration: &mut Migration) {
    let is_on = value.as_bool().unwrap_or(false);
    let options = &mut migration.options;
    match key {
        "python_version" => {
            let number = value.as_float().map(|number| number.to_string());
            migration.version(value.as_str().or(number.as_deref()));
        }
        "platform" => migration.platform(value.as_str()),
        "python_executable" => options.environment.python = value.as_str().map(str::to_owned),
        "files" => fill(&mut options.src.include, paths(value)),
        "packages" | "modules" => {
            let folders = strings(value).iter().map(|name| name.replace('.', "/")).collect();
            fill(&mut options.src.include, folders);
        }
        "mypy_path" => {
            let paths = paths(value);
            let paths = paths.iter().flat_map(|path| path.split(':')).map(str::to_owned).collect();
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
        "exclude" => {
            // One text is one expression, however many lines it has.
            let patterns = match value {
                toml::Value::String(one) => vec![one.clone()],
                many => strings(many),
            };
            for pattern in patterns {
                let (globs, left) = regex::globs(&pattern);
                if !globs.is_empty() {
                    migration.options.src.exclude.get_or_insert_default().extend(globs);
                }
                for part in left {
                    migration.left(&format!("`{part}` of `exclude`, which is no glob"));
                }
            }
        }
        _ => migration.left(key),
    }
}

fn module_section<'a>(
    modules: &[String],
    entries: impl Iterator<Item = (&'a str, toml::Value)>,
    (left, migration): (&mut LeftOfModules, &mut Migration),
) {
    let mut rules = Vec::new();
    let mut leave = |key: String| match left.iter_mut().find(|(known, _)| *known == key) {
        Some((_, known)) => known.extend(modules.iter().cloned()),
        None => left.push((key, modules.to_vec())),
    };
    for (key, value) in entries {
        let is_on = value.as_bool().unwrap_or(false);
        match key {
            "ignore_errors" if is_on => rules.push(("all", LevelOption::Ignore)),
            "disable_error_code" | "enable_error_code" => {
                let level = if key.starts_with("enable") {
                    LevelOption::Error
                } else {
                    LevelOption::Ignore
                };
                for code in strings(&value) {
                    match our_rule(&code) {
                        Some(rule) => rules.push((rule, level)),
                        None => leave(format!("{key}: {code}")),
                    }
                }
            }
            _ => leave(key.to_owned()),
        }
    }
    // One pattern for a module and a package of the name: there is only one of them.
    let globs = modules.iter().map(|module| {
        let path = module.trim_end_matches(".*").replace('.', "/");
        let package = if module.ends_with('*') { "/**" } else { "/__init__.py" };
        format!("**/{path}{{.py,{package}}}")
    });
    migration.override_for(globs.collect(), rules);
}

/// The sections of an INI file as Python's configparser reads it, as far as mypy's go.
pub(super) fn sections(text: &str) -> Vec<(String, Vec<(String, String)>)> {
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
