//! TOML to [`Options`], with errors that say where and what was meant.
//!
//! The tree with spans is kept beside the typed value: it answers in which key an error lies, and
//! where a rule that does not exist was named.

use std::ops::Range;

use serde::Deserialize;
use toml::de::{DeTable, DeValue};

use super::error::{ConfigError, nearest, place_of};
use super::options::{LevelOption, Options};
use super::values::wrong_value;

/// Which part of a file is ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// All of it: `ropewalk.toml`.
    Own,
    /// `[tool.ropewalk]` of a `pyproject.toml`.
    PyProject,
}

#[derive(Deserialize)]
struct PyProject {
    tool: Option<Tool>,
}

#[derive(Deserialize)]
struct Tool {
    ropewalk: Option<Options>,
}

/// Reads the options out of `text`; `None` when a `pyproject.toml` has no table of ours.
///
/// `rules` are the names of all the rules.
///
/// # Errors
/// When the text is not TOML, or a key, value or rule name in it is not known.
pub fn parse(
    text: &str,
    origin: &str,
    kind: FileKind,
    rules: &[&str],
) -> Result<Option<Options>, ConfigError> {
    let tree = DeTable::parse(text).map_err(|error| located(text, origin, None, &error))?;
    let options = match kind {
        FileKind::Own => toml::from_str::<Options>(text).map(Some),
        FileKind::PyProject => {
            toml::from_str::<PyProject>(text).map(|file| file.tool.and_then(|tool| tool.ropewalk))
        }
    }
    .map_err(|error| located(text, origin, Some(tree.get_ref()), &error))?;
    if let Some(options) = &options {
        check_values(options, text, origin, kind, tree.get_ref(), rules)?;
    }
    Ok(options)
}

/// Reads one `KEY=VALUE` of the command line. A value that is not TOML is taken as a string.
///
/// # Errors
/// When there is no `=`, or the key or value is not known.
pub fn parse_override(argument: &str, rules: &[&str]) -> Result<Options, ConfigError> {
    let origin = format!("-c {argument}");
    let Some((key, value)) = argument.split_once('=') else {
        return Err(ConfigError::whole(origin, "expected KEY=VALUE"));
    };
    let (key, value) = (key.trim(), value.trim());
    let read = |text: &str| match parse(text, &origin, FileKind::Own, rules) {
        Ok(options) => Ok(options.unwrap_or_default()),
        // Positions in a text that we made up ourselves help nobody.
        Err(error) => Err(ConfigError { place: None, ..error }),
    };
    let as_string = format!("{key} = {}", toml::Value::String(value.to_owned()));
    let as_toml = format!("{key} = {value}");
    if DeTable::parse(&as_toml).is_err() {
        return read(&as_string);
    }
    // `3.12` is a number in TOML, and a version here: what is wrong is then said of the string.
    let of_form = |error: &ConfigError| {
        error.message.starts_with("invalid type") || error.message.starts_with("expected a string")
    };
    read(&as_toml).or_else(|first| {
        read(&as_string).map_err(|second| if of_form(&second) { first } else { second })
    })
}

fn check_values(
    options: &Options,
    text: &str,
    origin: &str,
    kind: FileKind,
    tree: &DeTable<'_>,
    rules: &[&str],
) -> Result<(), ConfigError> {
    let prefix: &[&str] = match kind {
        FileKind::Own => &[],
        FileKind::PyProject => &["tool", "ropewalk"],
    };
    if let Some((key, message)) = wrong_value(options) {
        let path = [prefix, &["environment", key]].concat();
        return Err(ConfigError {
            origin: origin.to_owned(),
            place: find(tree, &path).map(|span| place_of(text, &span)),
            key: path.join("."),
            message,
            hint: None,
        });
    }
    let unknown = |name: &String| name != "all" && !rules.contains(&name.as_str());
    let fail = |name: &str, shown: String, path: &[&str]| ConfigError {
        origin: origin.to_owned(),
        place: find(tree, path).map(|span| place_of(text, &span)),
        key: shown,
        message: format!("unknown rule `{name}`"),
        hint: nearest(name, rules.iter().copied())
            .map(|nearest| format!("did you mean `{nearest}`?")),
    };
    if let Some(name) = options.rules.keys().find(|name| unknown(name)) {
        let path = [prefix, &["rules", name]].concat();
        return Err(fail(name, path.join("."), &path));
    }
    for (index, table) in options.overrides.iter().enumerate() {
        if let Some(name) = table.rules.keys().find(|name| unknown(name)) {
            let index = index.to_string();
            let path = [prefix, &["overrides", &index, "rules", name]].concat();
            return Err(fail(name, path.join("."), &path));
        }
    }
    Ok(())
}

/// Where the key at `path` is written.
fn find(table: &DeTable<'_>, path: &[&str]) -> Option<Range<usize>> {
    let (first, rest) = path.split_first()?;
    let (key, value) = table.iter().find(|(key, _)| key.get_ref().as_ref() == *first)?;
    if rest.is_empty() {
        return Some(key.span());
    }
    match value.get_ref() {
        DeValue::Table(inner) => find(inner, rest),
        DeValue::Array(items) => {
            let (index, rest) = rest.split_first()?;
            match items.get(index.parse::<usize>().ok()?)?.get_ref() {
                DeValue::Table(inner) => find(inner, rest),
                _ => None,
            }
        }
        _ => None,
    }
}

/// Our words for an error of the TOML library.
fn located(
    text: &str,
    origin: &str,
    tree: Option<&DeTable<'_>>,
    error: &toml::de::Error,
) -> ConfigError {
    let span = error.span();
    let mut path = Vec::new();
    if let (Some(tree), Some(span)) = (tree, &span) {
        enclosing(tree, span, &mut path);
    }
    let raw = error.message().lines().next().unwrap_or_default().trim();
    let quoted: Vec<&str> = raw.split('`').skip(1).step_by(2).collect();
    let (message, hint) = match (raw.split(' ').next(), quoted.as_slice()) {
        (Some("unknown"), [found, candidates @ ..]) => {
            let what = if raw.starts_with("unknown field") { "key" } else { "value" };
            let hint = match nearest(found, candidates.iter().copied()) {
                Some(nearest) => format!("did you mean `{nearest}`?"),
                None => format!("expected one of {}", list(candidates)),
            };
            (format!("unknown {what} `{found}`"), Some(hint))
        }
        _ => (raw.replace("a sequence", "a list").replace("a map", "a table"), None),
    };
    ConfigError {
        origin: origin.to_owned(),
        place: span.map(|span| place_of(text, &span)),
        key: path.join("."),
        message,
        hint,
    }
}

fn list(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// The path of keys whose text contains `span`, outermost first.
fn enclosing(table: &DeTable<'_>, span: &Range<usize>, path: &mut Vec<String>) {
    // An inner table's own span may be only its header, so every branch is tried.
    for (key, value) in table.iter() {
        let key_span = key.span();
        if key_span.start <= span.start && span.end <= key_span.end {
            path.push(key.get_ref().to_string());
            return;
        }
        path.push(key.get_ref().to_string());
        let depth = path.len();
        match value.get_ref() {
            DeValue::Table(inner) => enclosing(inner, span, path),
            DeValue::Array(items) => {
                for item in items.iter() {
                    if let DeValue::Table(inner) = item.get_ref() {
                        enclosing(inner, span, path);
                    }
                    if path.len() > depth {
                        break;
                    }
                }
            }
            _ => {}
        }
        let value_span = value.span();
        let inside = value_span.start <= span.start && span.end <= value_span.end;
        if path.len() > depth || inside {
            return;
        }
        path.pop();
    }
}

/// The levels of `options` in the order in which they apply: `all` first, then by name.
#[must_use]
pub fn levels_in_order(
    rules: &std::collections::BTreeMap<String, LevelOption>,
) -> Vec<(&str, LevelOption)> {
    let all = rules.get("all").map(|level| ("all", *level));
    let named = rules.iter().filter(|(name, _)| *name != "all");
    all.into_iter().chain(named.map(|(name, level)| (name.as_str(), *level))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: &[&str] = &["invalid-await", "unresolved-import"];

    fn error(text: &str) -> String {
        match parse(text, "ropewalk.toml", FileKind::Own, RULES) {
            Ok(options) => panic!("no error in {options:?}"),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn unknown_keys_name_place_and_nearest() {
        assert_eq!(
            error("[environment]\npython-verson = \"3.12\"\n"),
            "ropewalk.toml:2:1: `environment.python-verson`: unknown key `python-verson`; did you mean `python-version`?"
        );
    }

    #[test]
    fn unknown_rules_name_place_and_nearest() {
        assert_eq!(
            error("[rules]\nunresolved-imports = \"warn\"\n"),
            "ropewalk.toml:2:1: `rules.unresolved-imports`: unknown rule `unresolved-imports`; did you mean `unresolved-import`?"
        );
        assert_eq!(
            error("[[overrides]]\ninclude = [\"a\"]\n[overrides.rules]\nx = \"warn\"\n"),
            "ropewalk.toml:4:1: `overrides.0.rules.x`: unknown rule `x`"
        );
    }

    #[test]
    fn unknown_values_name_the_choices() {
        assert_eq!(
            error("[rules]\ninvalid-await = \"warning\"\n"),
            "ropewalk.toml:2:17: `rules.invalid-await`: unknown value `warning`; expected one of `ignore`, `info`, `warn`, `error`"
        );
    }

    #[test]
    fn wrong_types_and_bad_syntax_are_located() {
        assert!(error("[src]\nexclude = 3\n").starts_with("ropewalk.toml:2:11: `src.exclude`: "));
        assert!(error("[src\n").starts_with("ropewalk.toml:1:"));
    }

    #[test]
    fn pyproject_tables_are_found_or_not() {
        let none = parse("[tool.other]\nx = 1\n", "pyproject.toml", FileKind::PyProject, RULES);
        assert_eq!(none, Ok(None));
        let some = parse(
            "[tool.ropewalk.src]\nexclude = [\"a\"]\n",
            "pyproject.toml",
            FileKind::PyProject,
            RULES,
        );
        assert_eq!(
            some.ok().flatten().and_then(|options| options.src.exclude),
            Some(vec!["a".to_owned()])
        );
    }

    #[test]
    fn overrides_take_bare_strings() {
        let options = parse_override("environment.python-platform=linux", RULES);
        assert_eq!(
            options.ok().and_then(|options| options.environment.python_platform),
            Some(super::super::options::OneOrMany::One("linux".to_owned()))
        );
        let version = parse_override("environment.python-version=3.12", RULES);
        assert!(version.is_ok_and(|options| options.environment.python_version.is_some()));
        let wrong = parse_override("src.exlude=[]", RULES).map_err(|error| error.to_string());
        assert_eq!(
            wrong.err().as_deref(),
            Some("-c src.exlude=[]: `src.exlude`: unknown key `exlude`; did you mean `exclude`?")
        );
    }
}
