//! Which configuration holds for a path: the nearest `ropewalk.toml` or `[tool.ropewalk]` above it.
//!
//! Paths that are checked together but have different configurations become projects of their own.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use super::error::ConfigError;
use super::options::Options;
use super::parse::{FileKind, parse};
use crate::project::discover::is_excluded_folder;

/// A project: a folder, and what the configuration that holds for it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectConfig {
    /// The folder of the nearest configuration, or of the nearest `pyproject.toml` that describes a
    /// project or a workspace, or the folder that was asked for.
    pub root: PathBuf,
    /// The name in `pyproject.toml`.
    pub name: Option<String>,
    /// The file that the options came from, if there is one; it may lie above `root`.
    pub file: Option<PathBuf>,
    /// What relative paths in the options are relative to.
    pub options_root: PathBuf,
    /// What the configuration says.
    pub options: Options,
    /// The lower bound of `requires-python`, as `3.N`.
    pub requires_python: Option<String>,
    /// What `requires-python` says where no version can be read out of it.
    pub unclear_python: Option<String>,
}

/// What one folder has to say.
#[derive(Debug, Clone, Default)]
struct Folder {
    configured: Option<(PathBuf, Options)>,
    is_project: bool,
    name: Option<String>,
    requires_python: Option<String>,
    unclear_python: Option<String>,
}

/// Finds and reads configurations, each of them once.
pub struct ConfigFinder<'a> {
    rules: &'a [&'a str],
    cache: BTreeMap<PathBuf, Folder>,
}

impl<'a> ConfigFinder<'a> {
    /// `rules` are the names of all the rules.
    #[must_use]
    pub fn new(rules: &'a [&'a str]) -> Self {
        Self { rules, cache: BTreeMap::new() }
    }

    /// The project that `folder` belongs to: its root is the nearest folder upwards that is one, its
    /// options are those of the nearest configuration at or above the root.
    ///
    /// # Errors
    /// When a configuration on the way is malformed or can't be read.
    pub fn project_of(&mut self, folder: &Path) -> Result<ProjectConfig, ConfigError> {
        let mut project: Option<ProjectConfig> = None;
        for ancestor in folder.ancestors() {
            let found = self.at(ancestor)?;
            if found.configured.is_none() && !found.is_project {
                continue;
            }
            let project = project.get_or_insert_with(|| ProjectConfig {
                root: ancestor.to_owned(),
                name: found.name.clone(),
                file: None,
                options_root: ancestor.to_owned(),
                options: Options::default(),
                requires_python: found.requires_python.clone(),
                unclear_python: found.unclear_python.clone(),
            });
            if project.requires_python.is_none() {
                project.requires_python = found.requires_python;
            }
            if let Some((file, options)) = found.configured {
                project.file = Some(file);
                project.options = options;
                project.options_root = ancestor.to_owned();
                break;
            }
        }
        Ok(project.unwrap_or_else(|| ProjectConfig {
            root: folder.to_owned(),
            name: None,
            file: None,
            options_root: folder.to_owned(),
            options: Options::default(),
            requires_python: None,
            unclear_python: None,
        }))
    }

    /// The projects below `root`, without `root` itself, in order of their paths.
    ///
    /// # Errors
    /// When one of their configurations is malformed or can't be read.
    pub fn nested(&mut self, root: &Path) -> Result<Vec<ProjectConfig>, ConfigError> {
        let mut folders = folders_with_config(root);
        folders.sort();
        folders.dedup();
        let mut projects = Vec::new();
        for folder in folders {
            let project = self.project_of(&folder)?;
            if project.root == folder {
                projects.push(project);
            }
        }
        Ok(projects)
    }

    fn at(&mut self, folder: &Path) -> Result<Folder, ConfigError> {
        if let Some(known) = self.cache.get(folder) {
            return Ok(known.clone());
        }
        let own = folder.join("ropewalk.toml");
        let pyproject = folder.join("pyproject.toml");
        let mut found = Folder::default();
        if let Some(text) = read_optional(&pyproject)? {
            let table: toml::Table = toml::from_str(&text).unwrap_or_default();
            let project = table.get("project");
            let poetry = table.get("tool").and_then(|tool| tool.get("poetry"));
            let uv = table.get("tool").and_then(|tool| tool.get("uv"));
            let is_workspace = uv.is_some_and(|uv| uv.get("workspace").is_some());
            found.is_project = project.is_some() || poetry.is_some() || is_workspace;
            found.name = [project, poetry]
                .into_iter()
                .flatten()
                .find_map(|table| table.get("name")?.as_str().map(str::to_owned));
            let stated = requires_python(&table);
            found.requires_python = stated.as_deref().and_then(lower_bound);
            found.unclear_python = stated.filter(|text| !is_specifier(text));
            let origin = pyproject.display().to_string();
            found.configured = parse(&text, &origin, FileKind::PyProject, self.rules)?
                .map(|options| (pyproject, options));
        }
        if let Some(text) = read_optional(&own)? {
            let origin = own.display().to_string();
            let options = parse(&text, &origin, FileKind::Own, self.rules)?.unwrap_or_default();
            found.configured = Some((own, options));
        }
        self.cache.insert(folder.to_owned(), found.clone());
        Ok(found)
    }
}

/// Folders below `root` that hold a configuration file, in any order. Walked in parallel: in a large
/// tree this is the first thing that every run waits for.
fn folders_with_config(root: &Path) -> Vec<PathBuf> {
    let found = parking_lot::Mutex::new(Vec::new());
    let walk = ignore::WalkBuilder::new(root)
        .require_git(false)
        .filter_entry(|entry| entry.depth() == 0 || !is_excluded_folder(entry.path()))
        .build_parallel();
    walk.run(|| {
        Box::new(|entry| {
            // Folders that can't be read are reported by the discovery of files.
            if let Ok(entry) = entry
                && (entry.file_name() == "pyproject.toml" || entry.file_name() == "ropewalk.toml")
                && let Some(folder) = entry.path().parent()
                && folder != root
            {
                found.lock().push(folder.to_owned());
            }
            ignore::WalkState::Continue
        })
    });
    found.into_inner()
}

/// Reads the one configuration file that the user named; its relative paths are relative to the
/// project.
///
/// # Errors
/// When it is missing or malformed or can't be read.
pub fn read_config_file(path: &Path, rules: &[&str]) -> Result<Options, ConfigError> {
    let shown = path.display().to_string();
    let text = read_optional(path)?
        .ok_or_else(|| ConfigError::whole(&shown, "no such configuration file"))?;
    let is_pyproject = path.file_name().is_some_and(|name| name == "pyproject.toml");
    let kind = if is_pyproject { FileKind::PyProject } else { FileKind::Own };
    Ok(parse(&text, &shown, kind, rules)?.unwrap_or_default())
}

fn read_optional(path: &Path) -> Result<Option<String>, ConfigError> {
    match std::fs::read_to_string(path) {
        // Editors of one system write a mark at the start that TOML does not know.
        Ok(text) => Ok(Some(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))),
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

/// What `requires-python` (or poetry's `python` dependency) says.
fn requires_python(pyproject: &toml::Table) -> Option<String> {
    let standard = pyproject.get("project").and_then(|project| project.get("requires-python"));
    let poetry = || pyproject.get("tool")?.get("poetry")?.get("dependencies")?.get("python");
    let stated = standard.or_else(poetry)?;
    Some(stated.as_str().map_or_else(|| stated.to_string(), str::to_owned))
}

/// Whether each clause is an operator, if any, and a version.
fn is_specifier(text: &str) -> bool {
    text.split([',', '|']).map(str::trim).filter(|clause| !clause.is_empty()).all(|clause| {
        let version = clause.trim_start_matches(['~', '=', '<', '>', '!', '^']).trim();
        version == "*"
            || (version.starts_with(|c: char| c.is_ascii_digit())
                && version.chars().all(|c| c.is_ascii_alphanumeric() || ".*+!- <>=".contains(c)))
    })
}

/// The highest of the lower bounds in a version specifier such as `>=3.9,<4`.
fn lower_bound(specifier: &str) -> Option<String> {
    let mut best: Option<(u8, u8)> = None;
    for clause in specifier.split(',') {
        let clause = clause.trim();
        let version = ["~=", "===", "==", ">=", "^", "~", ">"]
            .iter()
            .find_map(|operator| clause.strip_prefix(operator));
        // poetry's `python = "3.11"` is that version.
        let bare = Some(clause).filter(|clause| clause.starts_with(|c: char| c.is_ascii_digit()));
        let Some(version) = version.or(bare) else { continue };
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
        assert_eq!(lower_bound("3.11").as_deref(), Some("3.11"));
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
        assert_eq!(project.root, folder.path().join("services/a"));
        assert_eq!(project.file, Some(folder.path().join("ropewalk.toml")));
        assert_eq!(project.name.as_deref(), Some("a"));
        assert_eq!(project.requires_python.as_deref(), Some("3.10"));
        std::fs::write(folder.path().join("services/a/ropewalk.toml"), "")?;
        let mut finder = ConfigFinder::new(&[]);
        let project = finder.project_of(&inner)?;
        assert_eq!(project.file, Some(folder.path().join("services/a/ropewalk.toml")));
        assert_eq!(finder.nested(folder.path())?, vec![project]);
        Ok(())
    }
}
