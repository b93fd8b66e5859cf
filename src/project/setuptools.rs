//! Where setuptools takes packages from: `package-dir` of `pyproject.toml`, and the same in `setup.cfg` and `setup.py`.
//!
//! The empty name stands for all packages: its folder is a root. A package in a folder that ends with its name makes
//! what is above a root, too; one in any other folder is called what it is told to be called.

use std::fs;
use std::path::Path;

use toml::{Table, Value};

use super::ini::ini_lines;
use super::roots::at;

/// What setuptools is told, relative to the project.
pub(super) struct Folders {
    /// Those that packages are imported from.
    pub roots: Vec<String>,
    /// Packages, by name, with folders that are not called what the packages are.
    pub renamed: Vec<(String, String)>,
}

/// Reads what a project says to setuptools.
pub(super) fn folders(root: &Path, pyproject: &Table) -> Folders {
    let read = |name: &str| fs::read_to_string(root.join(name)).unwrap_or_default();
    let settings = read("setup.cfg");
    let mut found = Folders { roots: Vec::new(), renamed: Vec::new() };
    for (name, folder) in package_folders(pyproject, &settings, &read("setup.py")) {
        if name.is_empty() {
            found.roots.push(folder);
        } else if let Some(above) = above(&name, &folder) {
            found.roots.push(above.to_owned());
        } else {
            found.renamed.push((name, folder));
        }
    }
    let places = ini_values(&settings, "options.packages.find", "where");
    let places = places.flat_map(|value| value.split(','));
    found.roots.extend(places.map(|value| value.trim().to_owned()));
    found.roots.retain(|folder| !folder.is_empty());
    found
}

/// What is before the name of a package in its folder, where the folder ends with it.
fn above<'f>(name: &str, folder: &'f str) -> Option<&'f str> {
    let folder = folder.trim_end_matches('/');
    let rest = folder.strip_suffix(&name.replace('.', "/"))?;
    match rest {
        "" => Some("."),
        _ => rest.strip_suffix('/'),
    }
}

fn package_folders(pyproject: &Table, settings: &str, script: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    if let Some(Value::Table(table)) = at(pyproject, &["tool", "setuptools", "package-dir"]) {
        let texts = table.iter().filter_map(|(name, folder)| Some((name, folder.as_str()?)));
        found.extend(texts.map(|(name, folder)| (name.clone(), folder.to_owned())));
    }
    for value in ini_values(settings, "options", "package_dir") {
        if let Some((name, folder)) = value.split_once('=') {
            found.push((name.trim().to_owned(), folder.trim().to_owned()));
        }
    }
    found.extend(of_script(script));
    found
}

/// The lines of a value in a section of an INI file.
fn ini_values<'t>(text: &'t str, section: &'t str, key: &'t str) -> impl Iterator<Item = &'t str> {
    ini_lines(text)
        .filter(move |it| it.section == section && it.key == key && !it.value.is_empty())
        .map(|it| it.value)
}

/// `package_dir={"": "src"}` in a `setup.py`, as far as it is written out.
fn of_script(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let Some((_, rest)) = text.split_once("package_dir") else { return found };
    let Some(rest) = rest.trim_start().strip_prefix('=') else { return found };
    let Some(rest) = rest.trim_start().strip_prefix('{') else { return found };
    let Some((inside, _)) = rest.split_once('}') else { return found };
    for pair in inside.split(',') {
        let Some((name, folder)) = pair.split_once(':') else { continue };
        if let (Some(name), Some(folder)) = (quoted(name), quoted(folder)) {
            found.push((name, folder));
        }
    }
    found
}

/// The text of a string that is written without prefix or escape.
fn quoted(text: &str) -> Option<String> {
    let text = text.trim();
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let inner = text.strip_prefix(quote)?.strip_suffix(quote)?;
    (!inner.contains(['\\', quote])).then(|| inner.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(found: &[(String, String)]) -> Vec<(&str, &str)> {
        found.iter().map(|(name, folder)| (&**name, &**folder)).collect()
    }

    #[test]
    fn scripts_and_settings() {
        let script = "setup(name='x', package_dir={'': 'src', 'a.b': 'lib/b'}, packages=find())";
        assert_eq!(pairs(&of_script(script)), [("", "src"), ("a.b", "lib/b")]);
        assert!(of_script("package_dir=folders").is_empty());
        let settings = "[options]\npackage_dir =\n    = src\n    tool = code\nzip_safe = no\n";
        let found: Vec<_> = ini_values(settings, "options", "package_dir").collect();
        assert_eq!(found, ["= src", "tool = code"]);
    }

    #[test]
    fn folders_that_end_with_the_name() {
        assert_eq!(above("a.b", "lib/a/b"), Some("lib"));
        assert_eq!(above("tool", "tool"), Some("."));
        assert_eq!(above("tool", "my_tool"), None);
        assert_eq!(above("tool", "code"), None);
    }
}
