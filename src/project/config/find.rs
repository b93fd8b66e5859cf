//! Which configuration holds for a path: the nearest `ropewalk.toml` or `[tool.ropewalk]` above it.
//!
//! Paths that are checked together but have different configurations become projects of their own.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use super::error::ConfigError;
use super::options::Options;
use super::parse::{FileKind, parse};

/// A project: a folder, what its configuration says, and the paths to check in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectConfig {
    /// The folder of the configuration file; without one, that of the `pyproject.toml` or the start.
    pub root: PathBuf,
    /// The file that the options came from, if there is one.
    pub file: Option<PathBuf>,
    /// What it says.
    pub options: Options,
    /// The lower bound of `requires-python`, as `3.N`.
    pub requires_python: Option<String>,
}

/// Finds and reads configurations, each of them once.
pub struct ConfigFinder<'a> {
    rules: &'a [&'a str],
    cache: BTreeMap<PathBuf, Option<ProjectConfig>>,
}

impl<'a> ConfigFinder<'a> {
    /// `rules` are the names of all the rules.
    #[must_use]
    pub fn new(rules: &'a [&'a str]) -> Self {
        Self { rules, cache: BTreeMap::new() }
    }

    /// The project that `folder` belongs to: that of the nearest configuration upwards, else the
    /// nearest `pyproject.toml` without a table of ours, else `folder` itself.
    ///
    /// # Errors
    /// When a configuration on the way is malformed or can't be read.
    pub fn project_of(&mut self, folder: &Path) -> Result<ProjectConfig, ConfigError> {
        let mut fallback: Option<ProjectConfig> = None;
        for ancestor in folder.ancestors() {
            let Some(found) = self.at(ancestor)? else { continue };
            if found.file.is_some() {
                let requires_python = found
                    .requires_python
                    .or_else(|| fallback.and_then(|inner| inner.requires_python));
                return Ok(ProjectConfig { requires_python, ..found });
            }
            fallback.get_or_insert(found);
        }
        Ok(fallback.unwrap_or_else(|| ProjectConfig {
            root: folder.to_owned(),
            file: None,
            options: Options::default(),
            requires_python: None,
        }))
    }

    /// Reads the configuration in `folder` itself: `None` when there is no file to be a project.
    ///
    /// # Errors
    /// When the configuration is malformed or can't be read.
    pub fn at(&mut self, folder: &Path) -> Result<Option<ProjectConfig>, ConfigError> {
        if let Some(known) = self.cache.get(folder) {
            return Ok(known.clone());
        }
        let own = folder.join("ropewalk.toml");
        let pyproject = folder.join("pyproject.toml");
        let pyproject_text = read_optional(&pyproject)?;
        let requires_python = pyproject_text.as_deref().and_then(requires_python);
        let found = if let Some(text) = read_optional(&own)? {
            let options =
                parse(&text, &own.display().to_string(), FileKind::Own, self.rules)?.unwrap_or_default();
            Some((Some(own), options))
        } else if let Some(text) = pyproject_text {
            let origin = pyproject.display().to_string();
            match parse(&text, &origin, FileKind::PyProject, self.rules)? {
                Some(options) => Some((Some(pyproject), options)),
                None => Some((None, Options::default())),
            }
        } else {
            None
        };
        let found = found.map(|(file, options)| ProjectConfig {
            root: folder.to_owned(),
            file,
            options,
            requires_python,
        });
        self.cache.insert(folder.to_owned(), found.clone());
        Ok(found)
    }
}

/// Reads the one configuration file that the user named.
///
/// # Errors
/// When it is malformed or can't be read.
pub fn read_config_file(path: &Path, rules: &[&str]) -> Result<ProjectConfig, ConfigError> {
    let shown = path.display().to_string();
    let text = read_optional(path)?
        .ok_or_else(|| ConfigError::whole(&shown, "no such configuration file"))?;
    let is_pyproject = path.file_name().is_some_and(|name| name == "pyproject.toml");
    let kind = if is_pyproject { FileKind::PyProject } else { FileKind::Own };
    let root = path.parent().map(Path::to_owned).unwrap_or_default();
    let requires = match kind {
        FileKind::PyProject => requires_python(&text),
        FileKind::Own => read_optional(&root.join("pyproject.toml"))?
            .as_deref()
            .and_then(requires_python),
    };
    Ok(ProjectConfig {
        root,
        file: Some(path.to_owned()),
        options: parse(&text, &shown, kind, rules)?.unwrap_or_default(),
        requires_python: requires,
    })
}

fn read_optional(path: &Path) -> Result<Option<String>, ConfigError> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error)
            if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) =>
        {
            Ok(None)
        }
        Err(error) => {
            Err(ConfigError::whole(path.display().to_string(), format!("cannot read: {error}")))
        }
    }
}

/// The lower bound that `requires-python` (or poetry's `python` dependency) states, as `3.N`.
fn requires_python(pyproject: &str) -> Option<String> {
    let table: toml::Table = toml::from_str(pyproject).ok()?;
    let standard = table.get("project").and_then(|project| project.get("requires-python"));
    let poetry = || table.get("tool")?.get("poetry")?.get("dependencies")?.get("python");
    lower_bound(standard.or_else(poetry)?.as_str()?)
}

/// The highest of the lower bounds in a version specifier such as `>=3.9,<4`.
fn lower_bound(specifier: &str) -> Option<String> {
    let mut best: Option<(u8, u8)> = None;
    for clause in specifier.split(',') {
        let clause = clause.trim();
        let version = ["~=", "===", "==", ">=", "^", "~", ">"]
            .iter()
            .find_map(|operator| clause.strip_prefix(operator));
        let Some(version) = version else { continue };
        let mut parts = version.trim().split('.');
        let Some(major) = parts.next().and_then(|part| part.trim().parse::<u8>().ok()) else {
            continue;
        };
        let minor = parts.next().and_then(|part| part.trim().parse::<u8>().ok()).unwrap_or(0);
        best = best.max(Some((major, minor)));
    }
    let (major, minor) = best?;
    // `>=3` says nothing that would help; neither does Python 2.
    (major == 3 && minor > 0).then(|| format!("{major}.{minor}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lower_bounds() {
        assert_eq!(lower_bound(">=3.9,<4").as_deref(), Some("3.9"));
        assert_eq!(lower_bound("^3.10").as_deref(), Some("3.10"));
        assert_eq!(lower_bound(">= 3.8, != 3.9.1").as_deref(), Some("3.8"));
        assert_eq!(lower_bound("==3.11.*").as_deref(), Some("3.11"));
        assert_eq!(lower_bound("<4"), None);
    }

    #[test]
    fn the_nearest_configuration_wins() -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let inner = folder.path().join("services/a/pkg");
        std::fs::create_dir_all(&inner)?;
        std::fs::write(folder.path().join("ropewalk.toml"), "[src]\nexclude = [\"x\"]\n")?;
        std::fs::write(
            folder.path().join("services/a/pyproject.toml"),
            "[project]\nname = \"a\"\nrequires-python = \">=3.10\"\n",
        )?;
        let mut finder = ConfigFinder::new(&[]);
        let project = finder.project_of(&inner)?;
        assert_eq!(project.root, folder.path());
        assert_eq!(project.requires_python.as_deref(), Some("3.10"));
        std::fs::write(folder.path().join("services/a/ropewalk.toml"), "")?;
        let mut finder = ConfigFinder::new(&[]);
        assert_eq!(finder.project_of(&inner)?.root, folder.path().join("services/a"));
        Ok(())
    }
}
