//! What the files of a project say about it besides its configuration: entry points, dependencies, whether it
//! is published. `pyproject.toml` (PEP 621, PEP 735, poetry, uv), `setup.cfg` and requirements files are read.

use std::path::{Path, PathBuf};

use super::files::read_text;
use crate::project::ini::{IniLine, ini_lines};

/// What a dependency is for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// Needed whenever the project runs.
    Main,
    /// An extra of this name.
    Extra(String),
    /// A group for development of this name.
    Group(String),
}

/// A dependency as it is declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependency {
    /// The name, normalised: lower case with `-`.
    pub name: String,
    /// What it is for.
    pub purpose: Purpose,
    /// The file that declares it.
    pub file: PathBuf,
    /// Where, in bytes.
    pub range: (usize, usize),
    /// Whether it is for some platforms or versions only.
    pub has_marker: bool,
}

/// What the files of a project say about it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Manifest {
    /// The project's folder.
    pub folder: PathBuf,
    /// Its name, normalised.
    pub name: Option<String>,
    /// Objects that are named from outside: `package.module:function`.
    pub entry_points: Vec<String>,
    /// Whether it is made for others to import.
    pub is_published: bool,
    /// Folders, relative to the project, that building fills with code that has its home elsewhere.
    pub borrowed: Vec<String>,
    /// All dependencies in order of mention.
    pub dependencies: Vec<Dependency>,
    /// Whether dependencies are declared at all.
    pub declares: bool,
    /// Whether dependencies are found in some other way when the project is built.
    pub is_dynamic: bool,
}

/// Project names are the same up to case and `-`, `_` and `.`.
#[must_use]
pub fn normal_name(name: &str) -> String {
    let mut normal = String::with_capacity(name.len());
    for c in name.chars() {
        let c = if matches!(c, '_' | '.' | '-') { '-' } else { c.to_ascii_lowercase() };
        if !(c == '-' && normal.ends_with('-')) {
            normal.push(c);
        }
    }
    normal
}

/// Reads what the files in `folder` say. What can't be read says nothing.
#[must_use]
pub fn read_manifest(folder: &Path) -> Manifest {
    let mut manifest = Manifest { folder: folder.to_owned(), ..Manifest::default() };
    let file = folder.join("pyproject.toml");
    if let Some(text) = read_text(&file).ok().flatten()
        && let Ok(table) = toml::from_str::<toml::Table>(&text)
    {
        let mut reader = Reader { file: &file, text: &text, manifest: &mut manifest, from: 0 };
        reader.project(&table);
        reader.groups(&table);
        reader.poetry(&table);
        reader.borrowed(&table);
    }
    setup_cfg(folder, &mut manifest);
    setup_py(folder, &mut manifest);
    if !manifest.declares {
        requirements(folder, &mut manifest);
    }
    manifest
}

struct Reader<'r> {
    file: &'r Path,
    text: &'r str,
    manifest: &'r mut Manifest,
    /// Where the search for the next requirement begins.
    from: usize,
}

impl Reader<'_> {
    /// Hatch copies what `force-include` names into the project; what comes from outside of its folder is at home there.
    fn borrowed(&mut self, table: &toml::Table) {
        let tool = table.get("tool").and_then(|tool| tool.get("hatch")?.get("build"));
        let targets = tool.and_then(|build| build.get("targets")?.as_table());
        let all = targets.into_iter().flatten().map(|(_, target)| target).chain(tool);
        for included in all.filter_map(|each| each.get("force-include")?.as_table()) {
            for (from, to) in included {
                if let Some(to) = to.as_str().filter(|_| from.starts_with("../")) {
                    self.manifest.borrowed.push(format!("{}/", to.trim_matches('/')));
                }
            }
        }
    }

    fn project(&mut self, table: &toml::Table) {
        let Some(project) = table.get("project").and_then(toml::Value::as_table) else { return };
        let text = |key: &str| project.get(key).and_then(toml::Value::as_str);
        self.manifest.name = text("name").map(normal_name);
        for key in ["scripts", "gui-scripts"] {
            let scripts = project.get(key).and_then(toml::Value::as_table);
            self.entries(scripts);
        }
        let groups = project.get("entry-points").and_then(toml::Value::as_table);
        for (_, group) in groups.into_iter().flatten() {
            self.entries(group.as_table());
        }
        let classifiers = project.get("classifiers").and_then(toml::Value::as_array);
        let is_private = classifiers
            .into_iter()
            .flatten()
            .any(|each| each.as_str().is_some_and(|text| text.starts_with("Private")));
        let is_built = table.contains_key("build-system");
        let told = ["classifiers", "urls", "keywords"].iter().any(|key| project.contains_key(*key));
        self.manifest.is_published = is_built && told && !is_private;
        let dynamic = project.get("dynamic").and_then(toml::Value::as_array);
        self.manifest.is_dynamic = dynamic
            .into_iter()
            .flatten()
            .any(|each| each.as_str().is_some_and(|text| text.contains("dependencies")));
        if let Some(list) = project.get("dependencies").and_then(toml::Value::as_array) {
            self.manifest.declares = true;
            self.from = self.text.find("dependencies").unwrap_or(0);
            self.requirements(list, &Purpose::Main);
        }
        self.named_lists(project, "optional-dependencies", Purpose::Extra);
    }

    fn groups(&mut self, table: &toml::Table) {
        let uv = table.get("tool").and_then(|tool| tool.get("uv"));
        if let Some(list) = uv.and_then(|uv| uv.get("dev-dependencies")?.as_array()) {
            self.from = self.text.find("dev-dependencies").unwrap_or(0);
            self.requirements(list, &Purpose::Group("dev".to_owned()));
        }
        self.named_lists(table, "dependency-groups", Purpose::Group);
    }

    /// The lists of requirements under `key`, each with a name that says what it is for.
    fn named_lists(&mut self, table: &toml::Table, key: &str, purpose: fn(String) -> Purpose) {
        for (name, list) in table.get(key).and_then(toml::Value::as_table).into_iter().flatten() {
            self.from = self.text.find(key).unwrap_or(0);
            if let Some(list) = list.as_array() {
                self.requirements(list, &purpose(name.clone()));
            }
        }
    }

    fn poetry(&mut self, table: &toml::Table) {
        let poetry = table.get("tool").and_then(|tool| tool.get("poetry")?.as_table());
        let Some(poetry) = poetry else { return };
        if self.manifest.name.is_none() {
            let name = poetry.get("name").and_then(toml::Value::as_str);
            self.manifest.name = name.map(normal_name);
        }
        self.entries(poetry.get("scripts").and_then(toml::Value::as_table));
        let plugins = poetry.get("plugins").and_then(toml::Value::as_table);
        for (_, group) in plugins.into_iter().flatten() {
            self.entries(group.as_table());
        }
        if poetry.contains_key("classifiers") || poetry.contains_key("repository") {
            self.manifest.is_published = true;
        }
        if let Some(main) = poetry.get("dependencies").and_then(toml::Value::as_table) {
            self.manifest.declares = true;
            self.poetry_table(main, &Purpose::Main);
        }
        let dev = poetry.get("dev-dependencies").and_then(toml::Value::as_table);
        if let Some(dev) = dev {
            self.poetry_table(dev, &Purpose::Group("dev".to_owned()));
        }
        let groups = poetry.get("group").and_then(toml::Value::as_table);
        for (name, group) in groups.into_iter().flatten() {
            if let Some(list) = group.get("dependencies").and_then(toml::Value::as_table) {
                self.poetry_table(list, &Purpose::Group(name.clone()));
            }
        }
    }

    fn poetry_table(&mut self, table: &toml::Table, purpose: &Purpose) {
        for (name, value) in table {
            if name == "python" {
                continue;
            }
            let is_optional = value.get("optional").and_then(toml::Value::as_bool) == Some(true);
            let purpose = match purpose {
                Purpose::Main if is_optional => Purpose::Extra("optional".to_owned()),
                other => other.clone(),
            };
            let needle = format!("\n{name}");
            let start = self.text.find(&needle).map_or(0, |at| at + 1);
            let range = (start, start + name.len());
            let file = self.file.to_owned();
            let name = normal_name(name);
            let has_marker = value.get("markers").is_some();
            self.manifest.dependencies.push(Dependency { name, purpose, file, range, has_marker });
        }
    }

    fn entries(&mut self, table: Option<&toml::Table>) {
        for (_, value) in table.into_iter().flatten() {
            let text = value.as_str().or_else(|| value.get("reference")?.as_str());
            if let Some(text) = text {
                let object = text.split(['[', ' ']).next().unwrap_or_default();
                self.manifest.entry_points.push(object.to_owned());
            }
        }
    }

    fn requirements(&mut self, list: &[toml::Value], purpose: &Purpose) {
        for requirement in list.iter().filter_map(toml::Value::as_str) {
            let Some(name) = requirement_name(requirement) else { continue };
            let found = self.text.get(self.from..).and_then(|rest| rest.find(requirement));
            let start = match found {
                Some(at) => self.from + at,
                None => self.text.find(requirement).unwrap_or(0),
            };
            let range = (start, start + requirement.len());
            self.from = range.1.min(self.text.len());
            self.manifest.dependencies.push(Dependency {
                name,
                purpose: purpose.clone(),
                file: self.file.to_owned(),
                range,
                has_marker: requirement.contains(';'),
            });
        }
    }
}

/// The name at the start of a requirement (PEP 508).
#[must_use]
pub fn requirement_name(requirement: &str) -> Option<String> {
    let requirement = requirement.trim();
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    let end = requirement.find(|c| !is_name(c)).unwrap_or(requirement.len());
    let name = &requirement[..end];
    name.starts_with(|c: char| c.is_alphanumeric()).then(|| normal_name(name))
}

fn setup_cfg(folder: &Path, manifest: &mut Manifest) {
    let file = folder.join("setup.cfg");
    let Some(text) = read_text(&file).ok().flatten() else { return };
    for IniLine { section, key, value, line, start } in ini_lines(&text) {
        match section {
            "options.entry_points" => {
                if let Some((_, object)) = value.split_once('=') {
                    let object = object.trim().split(['[', ' ']).next().unwrap_or_default();
                    manifest.entry_points.push(object.to_owned());
                }
            }
            "options" if key == "install_requires" && !manifest.declares => {
                if let Some(name) = requirement_name(value) {
                    let at = start + line.find(value).unwrap_or(0);
                    let range = (at, at + value.len());
                    let file = file.clone();
                    let purpose = Purpose::Main;
                    manifest.dependencies.push(Dependency {
                        name,
                        purpose,
                        file,
                        range,
                        has_marker: line.contains(';'),
                    });
                }
            }
            "metadata" if matches!(key, "classifiers" | "url" | "project_urls" | "keywords") => {
                manifest.is_published |= !text.contains("Private ::");
            }
            "metadata" if key == "name" && manifest.name.is_none() && !value.is_empty() => {
                manifest.name = Some(normal_name(value));
            }
            _ => {}
        }
    }
    manifest.declares |= !manifest.dependencies.is_empty();
}

/// A `setup.py` is not run. What it tells the world of a package stands in it, as in a `pyproject.toml`.
fn setup_py(folder: &Path, manifest: &mut Manifest) {
    let Some(text) = read_text(&folder.join("setup.py")).ok().flatten() else { return };
    let told = ["classifiers", "project_urls", "long_description"];
    manifest.is_published |=
        told.iter().any(|word| text.contains(word)) && !text.contains("Private ::");
}

fn requirements(folder: &Path, manifest: &mut Manifest) {
    let names = [
        ("requirements.txt", Purpose::Main),
        ("requirements.in", Purpose::Main),
        ("requirements-dev.txt", Purpose::Group("dev".to_owned())),
        ("dev-requirements.txt", Purpose::Group("dev".to_owned())),
        ("requirements-test.txt", Purpose::Group("test".to_owned())),
    ];
    for (name, purpose) in names {
        let file = folder.join(name);
        let Some(text) = read_text(&file).ok().flatten() else { continue };
        let mut offset = 0;
        for line in text.split_inclusive('\n') {
            let start = offset;
            offset += line.len();
            let requirement = line.split('#').next().unwrap_or_default().trim();
            if requirement.is_empty() || requirement.starts_with('-') {
                continue;
            }
            if let Some(name) = requirement_name(requirement) {
                manifest.declares = true;
                let range = (start, start + requirement.len());
                let (file, purpose) = (file.clone(), purpose.clone());
                manifest.dependencies.push(Dependency {
                    name,
                    purpose,
                    file,
                    range,
                    has_marker: line.contains(';'),
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_says_what_is_declared() -> std::io::Result<()> {
        let folder = tempfile::tempdir()?;
        std::fs::write(
            folder.path().join("pyproject.toml"),
            "[project]\nname = \"My_App\"\ndependencies = [\"Click>=8\", \"ruamel.yaml\"]\n\
             [project.optional-dependencies]\nfast = [\"uvloop ; sys_platform != 'win32'\"]\n\
             [project.scripts]\napp = \"app.cli:main\"\n\
             [dependency-groups]\ndev = [\"pytest\", { include-group = \"x\" }]\n",
        )?;
        let manifest = read_manifest(folder.path());
        assert_eq!(manifest.name.as_deref(), Some("my-app"));
        assert_eq!(manifest.entry_points, ["app.cli:main"]);
        let names: Vec<&str> =
            manifest.dependencies.iter().map(|each| each.name.as_str()).collect();
        assert_eq!(names, ["click", "ruamel-yaml", "uvloop", "pytest"]);
        assert_eq!(manifest.dependencies[2].purpose, Purpose::Extra("fast".to_owned()));
        assert!(!manifest.is_published);
        Ok(())
    }

    #[test]
    fn a_package_is_published_by_what_it_tells_the_world() -> std::io::Result<()> {
        let published = |file: &str, text: &str| -> std::io::Result<bool> {
            let folder = tempfile::tempdir()?;
            std::fs::write(folder.path().join(file), text)?;
            Ok(read_manifest(folder.path()).is_published)
        };
        assert!(published("setup.py", "setup(name='a', classifiers=['Topic :: Internet'])")?);
        assert!(published("setup.cfg", "[metadata]\nname = a\nurl = https://example.org\n")?);
        assert!(!published("setup.py", "setup(name='a', classifiers=['Private :: No'])")?);
        assert!(!published("setup.py", "setup(name='a', packages=['a'])")?);
        assert!(!published("setup.cfg", "[metadata]\nname = a\n")?);
        Ok(())
    }
}
