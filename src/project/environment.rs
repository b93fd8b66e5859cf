//! Python environments: where third-party packages are installed, found by reading folders alone.
//!
//! The order is the one users know: the explicit choice, `VIRTUAL_ENV`, `CONDA_PREFIX`, `.venv` in the
//! project, then `PATH`. No interpreter is ever run.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use ruff_python_ast::PythonVersion;

use super::editable;
use super::listing::{absolute, normalize};
use super::settings::Settings;

/// How an environment was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum EnvironmentOrigin {
    /// The `--python` flag or its setting.
    Flag,
    /// The variable `VIRTUAL_ENV`.
    VirtualEnv,
    /// The variable `CONDA_PREFIX`.
    CondaPrefix,
    /// The folder `.venv` in the project, or above it: in the same repository, where there is one.
    ProjectFolder,
    /// An interpreter on `PATH`.
    Path,
    /// There is none: third-party imports do not resolve.
    #[default]
    None,
}

/// An environment: its folders of packages and what it says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Environment {
    /// How it was found.
    pub origin: EnvironmentOrigin,
    /// The folder above `bin` and `lib`.
    pub prefix: Option<PathBuf>,
    /// The version of its interpreter, where its folders tell.
    pub version: Option<PythonVersion>,
    /// The `site-packages` folders and the folders that `.pth` files add, in order of search.
    pub site_packages: Vec<PathBuf>,
    /// Modules that editable installs map to a folder or file.
    pub editable_modules: BTreeMap<String, PathBuf>,
    /// What was set but could not be used, one sentence each.
    pub notes: Vec<String>,
}

/// Why the environment that the user named cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EnvironmentError {
    /// Nothing is there.
    #[error("no Python environment at `{}`: there is no such file or folder", .0.display())]
    Missing(PathBuf),
    /// Something is there, but it holds no packages folder.
    #[error(
        "no Python environment at `{}`: expected an interpreter, an environment or its `bin` folder, \
         but found no `site-packages` in {}", path.display(), looked.join(", ")
    )]
    NotAnEnvironment {
        /// What the user named.
        path: PathBuf,
        /// The folders that were looked at.
        looked: Vec<String>,
    },
}

/// Variables as they are outside of a hook's own environment: pre-commit installs each Python hook into one and
/// makes it the active one, but what the project imports is not in there.
fn without_hook(variable: impl Fn(&str) -> Option<OsString>) -> impl Fn(&str) -> Option<OsString> {
    let own = variable("PRE_COMMIT").and_then(|_| {
        let folder = PathBuf::from(variable("VIRTUAL_ENV")?);
        let is_hook = folder.file_name()?.to_string_lossy().starts_with("py_env-");
        is_hook.then_some(folder)
    });
    move |name| {
        let value = variable(name)?;
        match (name, &own) {
            ("VIRTUAL_ENV", Some(_)) => None,
            ("PATH", Some(own)) => {
                let folders = std::env::split_paths(&value);
                std::env::join_paths(folders.filter(|folder| !folder.starts_with(own))).ok()
            }
            _ => Some(value),
        }
    }
}

/// The project's folder and those above it that hold a `.venv`: a workspace has one for all of its members.
/// Looks no further up than the repository; outside of one, up to the user's home or the top of the file system, whose
/// own environments belong to no project.
fn folders_with_environment(root: &Path, home: Option<&Path>) -> Vec<PathBuf> {
    let top = root.ancestors().find(|folder| folder.join(".git").exists());
    root.ancestors()
        .enumerate()
        .take_while(|(height, folder)| match top {
            Some(top) => folder.starts_with(top),
            None => *height == 0 || folder.parent().is_some() && Some(*folder) != home,
        })
        .map(|(_, folder)| folder.to_owned())
        .filter(|folder| folder.join(".venv").is_dir())
        .collect()
}

impl Environment {
    /// Finds the environment of a project in the process's own variables.
    ///
    /// # Errors
    /// When the settings name an environment and it is none.
    pub fn discover(settings: &Settings) -> Result<Self, EnvironmentError> {
        Self::discover_with(settings, without_hook(|name| std::env::var_os(name)))
    }

    /// Finds the environment of a project, asking `variable` for environment variables.
    ///
    /// # Errors
    /// When the settings name an environment and it is none.
    pub fn discover_with(
        settings: &Settings,
        variable: impl Fn(&str) -> Option<OsString>,
    ) -> Result<Self, EnvironmentError> {
        if let Some(path) = &settings.python {
            let path = absolute(&settings.root.join(path));
            return Self::at(&path, EnvironmentOrigin::Flag);
        }
        let mut notes = Vec::new();
        for (name, origin) in [
            ("VIRTUAL_ENV", EnvironmentOrigin::VirtualEnv),
            ("CONDA_PREFIX", EnvironmentOrigin::CondaPrefix),
        ] {
            let Some(path) = variable(name).filter(|path| !path.is_empty()) else {
                continue;
            };
            match Self::at(&absolute(Path::new(&path)), origin) {
                Ok(environment) => return Ok(Self { notes, ..environment }),
                Err(error) => notes.push(format!("`{name}` is ignored: {error}")),
            }
        }
        let home = variable("HOME").or_else(|| variable("USERPROFILE")).map(PathBuf::from);
        for folder in folders_with_environment(&settings.root, home.as_deref()) {
            let local = folder.join(".venv");
            match Self::at(&local, EnvironmentOrigin::ProjectFolder) {
                Ok(environment) => return Ok(Self { notes, ..environment }),
                Err(error) => notes.push(format!("`{}` is ignored: {error}", local.display())),
            }
        }
        for interpreter in interpreters_on_path(&settings.root, &variable) {
            if let Ok(environment) = Self::at(&interpreter, EnvironmentOrigin::Path) {
                return Ok(Self { notes, ..environment });
            }
        }
        Ok(Self { notes, ..Self::default() })
    }

    /// Reads the environment at `path`: an interpreter, an environment's folder or its `bin` folder.
    ///
    /// # Errors
    /// When there is none.
    pub fn at(path: &Path, origin: EnvironmentOrigin) -> Result<Self, EnvironmentError> {
        let Ok(metadata) = fs::metadata(path) else {
            return Err(EnvironmentError::Missing(path.to_owned()));
        };
        let mut looked = Vec::new();
        for prefix in prefixes(path, metadata.is_dir()) {
            let configuration = Configuration::read(&prefix);
            let wanted = configuration.version.or_else(|| version_in_name(path));
            let (mut sites, version) = site_folders(&prefix, wanted);
            if sites.is_empty() {
                looked.push(format!("`{}`", prefix.display()));
                continue;
            }
            let version = configuration.version.or(version);
            if let Some(system) = configuration.system_prefix() {
                sites.extend(site_folders(&system, version).0);
            }
            return Ok(Self::with_sites(origin, prefix, version, sites));
        }
        Err(EnvironmentError::NotAnEnvironment { path: path.to_owned(), looked })
    }

    fn with_sites(
        origin: EnvironmentOrigin,
        prefix: PathBuf,
        version: Option<PythonVersion>,
        sites: Vec<PathBuf>,
    ) -> Self {
        let mut site_packages: Vec<PathBuf> = Vec::new();
        let mut editable_modules = BTreeMap::new();
        for site in sites {
            let editables = editable::read(&site);
            for folder in std::iter::once(site).chain(editables.folders) {
                if !site_packages.contains(&folder) {
                    site_packages.push(folder);
                }
            }
            for (name, path) in editables.modules {
                editable_modules.entry(name).or_insert(path);
            }
        }
        let prefix = Some(prefix);
        Self { origin, prefix, version, site_packages, editable_modules, notes: Vec::new() }
    }
}

/// The folders that may be the prefix of what the user named, nearest first.
fn prefixes(path: &Path, is_folder: bool) -> Vec<PathBuf> {
    let mut prefixes = Vec::new();
    let mut add = |folder: Option<&Path>| {
        if let Some(folder) = folder.filter(|folder| !folder.as_os_str().is_empty()) {
            let folder = normalize(folder);
            if !prefixes.contains(&folder) {
                prefixes.push(folder);
            }
        }
    };
    if is_folder {
        add(Some(path));
        if matches!(path.file_name().and_then(|name| name.to_str()), Some("bin" | "Scripts")) {
            add(path.parent());
        }
        return prefixes;
    }
    // `bin/python` of an environment is a link out of it, so the place of the link comes first. On Windows
    // an installation has its interpreter beside `Lib`.
    let follow = |add: &mut dyn FnMut(Option<&Path>), file: &Path| {
        add(file.parent().and_then(Path::parent));
        add(file.parent());
    };
    follow(&mut add, path);
    let mut link = path.to_owned();
    for _ in 0..16 {
        let Ok(target) = fs::read_link(&link) else {
            break;
        };
        link = link.parent().map_or_else(|| target.clone(), |folder| folder.join(&target));
        follow(&mut add, &link);
    }
    if let Ok(real) = fs::canonicalize(path) {
        follow(&mut add, &real);
    }
    prefixes
}

/// What `pyvenv.cfg` says.
#[derive(Debug, Default)]
struct Configuration {
    version: Option<PythonVersion>,
    home: Option<PathBuf>,
    system_packages: bool,
}

impl Configuration {
    fn read(prefix: &Path) -> Self {
        let mut configuration = Self::default();
        let Ok(bytes) = fs::read(prefix.join("pyvenv.cfg")) else {
            return configuration;
        };
        for line in String::from_utf8_lossy(&bytes).lines() {
            let Some((key, value)) = line.split_once('=') else {
                continue;
            };
            let value = value.trim();
            match key.trim().to_ascii_lowercase().as_str() {
                "version" | "version_info" => {
                    configuration.version = configuration.version.or_else(|| loose_version(value));
                }
                "home" => configuration.home = Some(PathBuf::from(value)),
                "include-system-site-packages" => {
                    configuration.system_packages = value.eq_ignore_ascii_case("true");
                }
                _ => {}
            }
        }
        configuration
    }

    /// The prefix of the interpreter that the environment was made from, if its packages are visible.
    fn system_prefix(&self) -> Option<PathBuf> {
        let home = self.home.as_deref().filter(|_| self.system_packages)?;
        let real = fs::canonicalize(home).unwrap_or_else(|_| home.to_owned());
        if real.join("Lib").is_dir() {
            return Some(real);
        }
        real.parent().map(Path::to_owned)
    }
}

/// The first two numbers of a version such as `3.11.7` or `3.14.0rc1`.
fn loose_version(text: &str) -> Option<PythonVersion> {
    let (major, rest) = text.split_once('.')?;
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    Some(PythonVersion { major: major.parse().ok()?, minor: rest[..end].parse().ok()? })
}

/// The version in a name such as `python3.11`, `pypy3.10` or `python3.13t`.
fn version_in_name(path: &Path) -> Option<PythonVersion> {
    let name = path.file_name()?.to_str()?;
    let digits = name.find(|c: char| c.is_ascii_digit())?;
    matches!(&name[..digits], "python" | "pypy").then(|| loose_version(&name[digits..])).flatten()
}

/// The packages folders below `prefix` that exist, for `wanted` or else the newest version that has any.
fn site_folders(
    prefix: &Path,
    wanted: Option<PythonVersion>,
) -> (Vec<PathBuf>, Option<PythonVersion>) {
    let mut versions: Vec<(PythonVersion, PathBuf)> = Vec::new();
    for library in ["lib", "lib64", "local/lib"] {
        let Ok(entries) = fs::read_dir(prefix.join(library)) else {
            continue;
        };
        for path in entries.flatten().map(|entry| entry.path()) {
            if let Some(version) = version_in_name(&path) {
                versions.push((version, path));
            }
        }
    }
    versions.sort();
    let has_site =
        |path: &Path| path.join("site-packages").is_dir() || path.join("dist-packages").is_dir();
    let chosen = versions
        .iter()
        .find(|(version, path)| Some(*version) == wanted && has_site(path))
        .or_else(|| versions.iter().rev().find(|(_, path)| has_site(path)))
        .map(|(version, _)| *version);
    let mut sites: Vec<PathBuf> = Vec::new();
    let mut seen: Vec<PathBuf> = Vec::new();
    let mut add = |folder: PathBuf| {
        // `lib64` is often a link to `lib`; the same folder is not searched twice.
        if let Ok(real) = fs::canonicalize(&folder)
            && real.is_dir()
            && !seen.contains(&real)
        {
            seen.push(real);
            sites.push(folder);
        }
    };
    for (_, path) in versions.iter().filter(|(version, _)| Some(*version) == chosen) {
        add(path.join("site-packages"));
        add(path.join("dist-packages"));
    }
    // Debian shares one folder between its minor versions.
    add(prefix.join("lib/python3/dist-packages"));
    let windows = prefix.join("Lib/site-packages");
    if chosen.is_none() {
        add(windows);
    }
    (sites, chosen)
}

/// The interpreters on `PATH`, in order; pyenv's shims are replaced by what they stand for.
fn interpreters_on_path(root: &Path, variable: &impl Fn(&str) -> Option<OsString>) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Some(path) = variable("PATH") else {
        return found;
    };
    let names: &[&str] =
        if cfg!(windows) { &["python3.exe", "python.exe"] } else { &["python3", "python"] };
    for folder in std::env::split_paths(&path) {
        for name in names {
            let interpreter = folder.join(name);
            if !interpreter.is_file() {
                continue;
            }
            if folder.file_name().is_some_and(|name| name == "shims") {
                found.extend(behind_shim(&folder, root, variable));
            } else {
                found.push(absolute(&interpreter));
            }
        }
    }
    found
}

/// The interpreter that pyenv would choose: by variable, by `.python-version` upwards, by its global choice.
fn behind_shim(
    shims: &Path,
    root: &Path,
    variable: &impl Fn(&str) -> Option<OsString>,
) -> Option<PathBuf> {
    let pyenv = shims.parent()?;
    let choice = variable("PYENV_VERSION")
        .and_then(|choice| choice.into_string().ok())
        .or_else(|| {
            let mut files = root.ancestors().map(|folder| folder.join(".python-version"));
            files.find_map(|file| fs::read_to_string(file).ok())
        })
        .or_else(|| fs::read_to_string(pyenv.join("version")).ok())?;
    let names = choice.split([':', '\n', ' ']).map(str::trim).filter(|name| !name.is_empty());
    names
        .map(|name| pyenv.join("versions").join(name).join("bin/python"))
        .find(|path| path.exists())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folders(root: &Path, names: &[&str]) {
        for name in names {
            fs::create_dir_all(root.join(name)).expect("folders");
        }
    }

    fn nothing(_: &str) -> Option<OsString> {
        None
    }

    #[test]
    fn a_wrong_choice_says_why() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut settings = Settings::new(folder.path());
        settings.python = Some("absent".into());
        let error = Environment::discover_with(&settings, nothing).expect_err("no environment");
        assert!(error.to_string().contains("no such file or folder"), "{error}");
        folders(folder.path(), &["empty"]);
        settings.python = Some("empty".into());
        let error = Environment::discover_with(&settings, nothing).expect_err("no environment");
        assert!(error.to_string().contains("no `site-packages`"), "{error}");
    }

    #[test]
    fn environments_are_found_in_order() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = folder.path();
        folders(
            root,
            &[
                ".venv/lib/python3.10/site-packages",
                "active/lib/python3.12/site-packages",
                "conda/lib/python3.11/site-packages",
            ],
        );
        let settings = Settings::new(root);
        let variable = |active: bool, conda: bool| {
            let root = root.to_owned();
            move |name: &str| match name {
                "VIRTUAL_ENV" if active => Some(root.join("active").into_os_string()),
                "CONDA_PREFIX" if conda => Some(root.join("conda").into_os_string()),
                _ => None,
            }
        };
        let origin = |active, conda| {
            let found = Environment::discover_with(&settings, variable(active, conda));
            found.map(|found| (found.origin, found.version))
        };
        let (active, conda) = (EnvironmentOrigin::VirtualEnv, EnvironmentOrigin::CondaPrefix);
        assert_eq!(origin(true, true), Ok((active, Some(PythonVersion::PY312))));
        assert_eq!(origin(false, true), Ok((conda, Some(PythonVersion::PY311))));
        let local = EnvironmentOrigin::ProjectFolder;
        assert_eq!(origin(false, false), Ok((local, Some(PythonVersion::PY310))));
    }

    #[test]
    fn a_stale_variable_is_noted_and_passed_over() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let settings = Settings::new(folder.path());
        let found = Environment::discover_with(&settings, |name| {
            (name == "VIRTUAL_ENV").then(|| OsString::from("/nowhere/at/all"))
        })
        .expect("not an error");
        assert_eq!(found.origin, EnvironmentOrigin::None);
        assert_eq!(found.notes.len(), 1);
    }

    #[test]
    fn system_packages_and_versions_come_from_pyvenv_cfg() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = folder.path();
        folders(
            root,
            &[
                "v/bin",
                "v/lib/python3.9/site-packages",
                "v/lib/python3.11/site-packages",
                "usr/bin",
            ],
        );
        folders(root, &["usr/lib/python3.9/dist-packages", "usr/lib/python3/dist-packages"]);
        let text = format!(
            "home = {}\nversion_info = 3.9.18\ninclude-system-site-packages = True\n",
            root.join("usr/bin").display()
        );
        fs::write(root.join("v/pyvenv.cfg"), text).expect("a file");
        fs::write(root.join("v/bin/python"), "").expect("a file");
        for path in ["v", "v/bin", "v/bin/python"] {
            let found = Environment::at(&root.join(path), EnvironmentOrigin::Flag).expect(path);
            assert_eq!(found.version, Some(PythonVersion::PY39));
            assert_eq!(found.prefix, Some(root.join("v")));
            let real = fs::canonicalize(root).expect("a folder");
            assert_eq!(
                found.site_packages,
                [
                    root.join("v/lib/python3.9/site-packages"),
                    real.join("usr/lib/python3.9/dist-packages"),
                    real.join("usr/lib/python3/dist-packages"),
                ]
            );
        }
    }

    #[cfg(unix)]
    #[test]
    fn interpreters_on_path_lead_to_their_prefix() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = folder.path();
        folders(root, &["opt/bin", "opt/lib/python3.13/site-packages", "links", "project"]);
        fs::write(root.join("opt/bin/python3.13"), "").expect("a file");
        std::os::unix::fs::symlink("../opt/bin/python3.13", root.join("links/python3"))
            .expect("a link");
        let settings = Settings::new(&root.join("project"));
        let found = Environment::discover_with(&settings, |name| {
            (name == "PATH").then(|| root.join("links").into_os_string())
        })
        .expect("an environment");
        assert_eq!(found.origin, EnvironmentOrigin::Path);
        assert_eq!(found.version, Some(PythonVersion::PY313));
    }

    #[test]
    fn a_hook_has_an_environment_of_its_own() {
        let variables = |hook: &'static str| {
            move |name: &str| match name {
                "PRE_COMMIT" => Some(OsString::from("1")),
                "VIRTUAL_ENV" => Some(OsString::from(hook)),
                "PATH" => {
                    std::env::join_paths([Path::new(hook).join("bin"), "/usr/bin".into()]).ok()
                }
                _ => None,
            }
        };
        let inside = without_hook(variables("/cache/pre-commit/repo1/py_env-python3"));
        assert_eq!(inside("VIRTUAL_ENV"), None);
        assert_eq!(inside("PATH"), Some("/usr/bin".into()));
        let outside = without_hook(variables("/home/me/project/.venv"));
        assert_eq!(outside("VIRTUAL_ENV"), Some("/home/me/project/.venv".into()));
    }

    #[test]
    fn environments_above_a_project_without_a_repository() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = folder.path();
        folders(root, &["work/.venv/lib/python3.12/site-packages", "work/a/b", "c"]);
        let origin = |project: &str, home: &str| {
            let home = root.join(home).into_os_string();
            let settings = Settings::new(&root.join(project));
            let find = |name: &str| (name == "HOME").then(|| home.clone());
            Environment::discover_with(&settings, find).expect("an answer").origin
        };
        assert_eq!(origin("work/a/b", ""), EnvironmentOrigin::ProjectFolder);
        assert_ne!(origin("work/a/b", "work"), EnvironmentOrigin::ProjectFolder);
        assert_ne!(origin("c", ""), EnvironmentOrigin::ProjectFolder);
    }

    #[test]
    fn versions_in_names() {
        assert_eq!(version_in_name(Path::new("python3.13t")), Some(PythonVersion::PY313));
        assert_eq!(version_in_name(Path::new("pypy3.10")), Some(PythonVersion::PY310));
        assert_eq!(version_in_name(Path::new("python3")), None);
        assert_eq!(version_in_name(Path::new("perl5.36")), None);
    }
}
