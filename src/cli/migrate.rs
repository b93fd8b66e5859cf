//! Other checkers' configurations read into ours: mypy, zuban, pyright, ty and pyrefly.
//!
//! What has no counterpart is named, so that nothing is lost without a word.

use std::path::Path;

use clap::ValueEnum;

use crate::project::config::{
    FormatOption, LevelOption, OneOrMany, Options, OtherTool, OverrideOptions, python_version,
};
use crate::rules::named_elsewhere;

mod json;
mod mypy;
mod pyright;
mod regex;

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
/// pyright, mypy, and the first that says something of a key wins. A file that is broken is named
/// among what is left out.
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
    let ty = migration.own_file("ty.toml", read)?;
    if let Some((origin, table)) = first(ty, tool("ty"), "ty.toml", "tool.ty") {
        migration.take(origin, |it| from_ty(&table, it));
        migration.honour(OtherTool::Ty);
    }
    let pyrefly = migration.own_file("pyrefly.toml", read)?;
    let pyrefly = first(pyrefly, tool("pyrefly"), "pyrefly.toml", "tool.pyrefly");
    if let Some((origin, table)) = pyrefly {
        migration.take(origin, |it| from_pyrefly(&table, it));
        migration.honour(OtherTool::Pyrefly);
    }
    let json = migration.json_file("pyrightconfig.json", read)?;
    let in_tool = tool("pyright").or_else(|| tool("basedpyright"));
    if let Some((origin, table)) = first(json, in_tool, "pyrightconfig.json", "tool.pyright") {
        migration.take(origin, |it| pyright::take(&table, it));
        migration.honour(OtherTool::Pyright);
    }
    for name in ["mypy.ini", ".mypy.ini", "setup.cfg"] {
        if let Some(text) = read(name)? {
            let sections = mypy::sections(without_mark(&text));
            if sections.iter().any(|(section, _)| section == "mypy") {
                migration.take(name.to_owned(), |it| mypy::take_ini(&sections, it));
                migration.honour(OtherTool::Mypy);
                break;
            }
        }
    }
    // zuban reads mypy's configuration, and the same keys in a table of its own.
    for (name, comments) in [("zuban", OtherTool::Zuban), ("mypy", OtherTool::Mypy)] {
        if let Some(table) = tool(name) {
            let origin = format!("[tool.{name}] of pyproject.toml");
            migration.take(origin, |it| mypy::take_table(&table, it));
            migration.honour(comments);
        }
    }
    migration.finish(folder);
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
    /// A TOML file of another checker; one that is broken is named and counts as none.
    fn own_file(&mut self, name: &str, read: Read<'_>) -> anyhow::Result<Option<toml::Table>> {
        let Some(text) = read(name)? else { return Ok(None) };
        let table = toml::from_str(without_mark(&text));
        Ok(table.map_err(|error| self.broken(name, error.message())).ok())
    }

    fn json_file(&mut self, name: &str, read: Read<'_>) -> anyhow::Result<Option<toml::Table>> {
        let Some(text) = read(name)? else { return Ok(None) };
        let table = json::table(without_mark(&text));
        Ok(table.map_err(|error| self.broken(name, &error)).ok())
    }

    fn broken(&mut self, name: &str, error: &str) {
        let error = error.lines().next().unwrap_or_default();
        self.left_out.push(format!("all of {name}, which cannot be read: {error}"));
    }

    /// What is known only once everything has been read.
    fn finish(&mut self, folder: &Path) {
        // A folder that is not there would be reported on every run.
        if let Some(include) = &mut self.options.src.include {
            let is_there = |path: &String| path.contains('*') || folder.join(path).exists();
            let gone: Vec<String> =
                include.iter().filter(|path| !is_there(path)).cloned().collect();
            include.retain(is_there);
            if include.is_empty() {
                self.options.src.include = None;
            }
            for path in gone {
                self.left_out.push(format!("`{path}` of the files to check: it does not exist"));
            }
        }
        let missing = |path: &String| !folder.join(path).exists();
        let environment = &mut self.options.environment;
        for paths in [&mut environment.extra_paths, &mut environment.root] {
            let Some(list) = paths else { continue };
            let gone: Vec<String> = list.iter().filter(|path| missing(path)).cloned().collect();
            list.retain(|path| !missing(path));
            if list.is_empty() {
                *paths = None;
            }
            let words = |path: String| format!("`{path}` of the search path: it does not exist");
            self.left_out.extend(gone.into_iter().map(words));
        }
        // Without the environment that it names no run would begin.
        if let Some(python) = environment.python.take_if(|path| missing(path)) {
            self.left_out.push(format!("the environment `{python}`: it is not there"));
        }
        self.options.overrides = grouped(std::mem::take(&mut self.options.overrides));
    }

    /// Levels for the files that match globs.
    fn override_for(&mut self, include: Vec<String>, rules: Vec<(&'static str, LevelOption)>) {
        if rules.is_empty() || include.is_empty() {
            return;
        }
        let rules = rules.into_iter().map(|(name, level)| (name.to_owned(), level)).collect();
        let table = OverrideOptions { include: Some(include), rules, ..OverrideOptions::default() };
        self.options.overrides.push(table);
    }

    fn take(&mut self, origin: String, read: impl FnOnce(&mut Self)) {
        let before = self.left_out.len();
        read(self);
        for left in &mut self.left_out[before..] {
            // A name is quoted; a whole phrase has its own quotes.
            let name = if left.contains('`') { left.clone() } else { format!("`{left}`") };
            *left = format!("{name} ({origin})");
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

/// Tables in a row with the same levels become one: mypy's users write one section a module.
fn grouped(tables: Vec<OverrideOptions>) -> Vec<OverrideOptions> {
    let mut groups: Vec<OverrideOptions> = Vec::new();
    for table in tables {
        match groups.last_mut() {
            Some(last) if last.rules == table.rules && last.exclude == table.exclude => {
                if let (Some(last), Some(more)) = (&mut last.include, table.include) {
                    last.extend(more);
                }
            }
            _ => groups.push(table),
        }
    }
    groups
}

/// Our rules with the levels of another checker's table; what has no counterpart is left out as
/// `prefix.name`.
fn levels(
    table: Option<&toml::Value>,
    prefix: &str,
    migration: &mut Migration,
) -> Vec<(&'static str, LevelOption)> {
    let mut levels = Vec::new();
    for (name, value) in table.and_then(toml::Value::as_table).into_iter().flatten() {
        match (our_rule(name), level_of(value)) {
            (Some(rule), Some(level)) => levels.push((rule, level)),
            _ => migration.left(&format!("{prefix}.{name}")),
        }
    }
    levels
}

/// Our rule with the meaning of another checker's, or all of them.
fn our_rule(name: &str) -> Option<&'static str> {
    if name == "all" { Some("all") } else { Some(named_elsewhere(name)?.name) }
}

/// Text without a byte order mark.
fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
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
        if section == "overrides" {
            ty_overrides(value, migration);
            continue;
        }
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
                ("analysis", "respect-type-ignore-comments") => {
                    options.analysis.respect_type_ignore_comments = value.as_bool();
                }
                ("terminal", "output-format") => {
                    let format = text.and_then(|text| FormatOption::from_str(text, false).ok());
                    if format.is_none() {
                        migration.left("terminal.output-format");
                    }
                    migration.options.terminal.output_format = format;
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

/// `[[overrides]]` of ty: the same tables as ours.
fn ty_overrides(value: &toml::Value, migration: &mut Migration) {
    for part in value.as_array().into_iter().flatten().filter_map(toml::Value::as_table) {
        let rules = levels(part.get("rules"), "overrides.rules", migration);
        for key in
            part.keys().filter(|key| !["include", "exclude", "rules"].contains(&key.as_str()))
        {
            migration.left(&format!("overrides.{key}"));
        }
        if rules.is_empty() {
            continue;
        }
        let globs = |key: &str| part.get(key).map(strings);
        migration.options.overrides.push(OverrideOptions {
            include: globs("include"),
            exclude: globs("exclude"),
            rules: rules.into_iter().map(|(name, level)| (name.to_owned(), level)).collect(),
        });
    }
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
            "typeshed-path" => options.environment.typeshed = value.as_str().map(str::to_owned),
            "use-ignore-files" => options.src.respect_ignore_files = value.as_bool(),
            "ignore-missing-imports" if strings(value).iter().any(|name| name == "*") => {
                migration.rule("unresolved-import", LevelOption::Ignore);
            }
            "errors" => {
                for (rule, level) in levels(Some(value), "errors", migration) {
                    migration.rule(rule, level);
                }
            }
            "sub-config" => pyrefly_parts(value, migration),
            _ => migration.left(key),
        }
    }
}

/// `[[sub-config]]` of pyrefly: levels for the files that match a glob. Globs are tried in order and the first
/// that matches wins, with us the last: so they are written the other way round.
fn pyrefly_parts(value: &toml::Value, migration: &mut Migration) {
    let parts = value.as_array().into_iter().flatten().filter_map(toml::Value::as_table);
    for part in parts.rev() {
        let matches = part.get("matches").map(strings).unwrap_or_default();
        let rules = levels(part.get("errors"), "sub-config.errors", migration);
        for key in part.keys().filter(|key| !["matches", "errors"].contains(&key.as_str())) {
            migration.left(&format!("sub-config.{key}"));
        }
        migration.override_for(matches, rules);
    }
}
