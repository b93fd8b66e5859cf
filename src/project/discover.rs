//! File discovery: from the paths of the command line to a sorted list of Python files.
//!
//! Folders are walked in parallel. What cannot be read becomes an error in the result, never the end of the run.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use ignore::gitignore::{Gitignore, GitignoreBuilder, Glob};
use ignore::{DirEntry, WalkBuilder, WalkState};
use parking_lot::Mutex;

use super::ignored;
use super::listing::absolute;
use super::settings::Settings;

/// Folders that hold no code of the project's own, wherever they are.
const EXCLUDED_FOLDERS: &[&str] = &[
    ".bzr",
    ".direnv",
    ".eggs",
    ".git",
    ".hg",
    ".ipynb_checkpoints",
    ".mypy_cache",
    ".nox",
    ".pants.d",
    ".pyenv",
    ".pytest_cache",
    ".pytype",
    ".ruff_cache",
    ".svn",
    ".tox",
    ".venv",
    ".vscode",
    "__pycache__",
    "__pypackages__",
    "_build",
    "buck-out",
    "build",
    "dist",
    "node_modules",
    "site-packages",
    "venv",
];

/// A path that was given or met and could not be used.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct DiscoverError {
    /// The path, where one is known.
    pub path: Option<PathBuf>,
    /// Why not, without the path.
    pub message: String,
}

/// The files to check, and what went wrong on the way; both sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Discovered {
    /// Absolute paths without repetition.
    pub files: Vec<PathBuf>,
    /// Missing paths, unreadable folders, bad patterns.
    pub errors: Vec<DiscoverError>,
    /// Patterns of `include` that no file matched, in order.
    pub idle_includes: Vec<String>,
    /// Patterns of `exclude` that nothing on the way matched, in order.
    pub idle_excludes: Vec<String>,
}

/// Finds every `.py`, `.pyi` and `.ipynb` file below `paths`, or below the project's folder if there are none.
///
/// Paths given bypass the excludes unless `force_exclude` is set; a file given counts whatever its name is.
/// Links to folders are followed only when they are given themselves, so that loops cannot arise.
#[must_use]
pub fn discover(paths: &[PathBuf], settings: &Settings) -> Discovered {
    let mut found = Discovered::default();
    let filter = Filter::new(settings, &mut found.errors);
    let mut folders = Vec::new();
    let whole = [settings.root.clone()];
    for path in if paths.is_empty() { &whole[..] } else { paths } {
        let path = absolute(path);
        let metadata = match std::fs::metadata(&path) {
            Ok(metadata) => metadata,
            Err(error) => {
                found.errors.push(DiscoverError { path: Some(path), message: io_message(&error) });
                continue;
            }
        };
        if settings.force_exclude && filter.excludes_given(&path, metadata.is_dir()) {
            continue;
        }
        let is_ignored =
            || settings.respect_ignore_files && ignored::names(&path, metadata.is_dir());
        if settings.force_exclude && path != settings.root && is_ignored() {
            continue;
        }
        if metadata.is_dir() {
            folders.push(path);
        } else {
            found.files.push(path);
        }
    }
    walk(&folders, settings, &filter, &mut found);
    found.idle_includes = idle_includes(settings, &found.files);
    found.idle_excludes = filter.idle(&settings.exclude);
    found.files.sort_unstable();
    found.files.dedup();
    found.errors.sort_unstable();
    found.errors.dedup();
    found
}

fn walk(folders: &[PathBuf], settings: &Settings, filter: &Filter, found: &mut Discovered) {
    let Some((first, rest)) = folders.split_first() else {
        return;
    };
    let mut builder = WalkBuilder::new(first);
    for folder in rest {
        builder.add(folder);
    }
    builder
        .standard_filters(settings.respect_ignore_files)
        .hidden(false)
        .require_git(false)
        .follow_links(false)
        .threads(std::thread::available_parallelism().map_or(1, usize::from).min(8));
    let walked = Mutex::new(std::mem::take(found));
    builder.build_parallel().run(|| {
        Box::new(|entry| match entry {
            Ok(entry) => {
                let is_folder = is_folder(&entry);
                if entry.depth() > 0 && filter.excludes(entry.path(), is_folder) {
                    return WalkState::Skip;
                }
                if entry.depth() > 0 && is_folder && is_carried(entry.path(), settings) {
                    return WalkState::Skip;
                }
                if !is_folder && is_python(entry.path()) && filter.includes(entry.path()) {
                    // A link may lead to a folder or nowhere; everything else is a file or is no
                    // concern of ours (sockets, devices).
                    if entry.path().is_file() {
                        walked.lock().files.push(entry.into_path());
                    }
                }
                WalkState::Continue
            }
            Err(error) => {
                walked.lock().errors.push(walk_error(&error));
                WalkState::Continue
            }
        })
    });
    *found = walked.into_inner();
}

/// The patterns of `include` that match none of the files.
fn idle_includes(settings: &Settings, files: &[PathBuf]) -> Vec<String> {
    let is_idle = |pattern: &&String| {
        let mut builder = GitignoreBuilder::new(&settings.root);
        let line = pattern.strip_prefix("./").unwrap_or(pattern);
        let valid = builder.add_line(None, line).is_ok();
        let Ok(matcher) = builder.build() else { return false };
        let matches = |file: &PathBuf| {
            file.strip_prefix(&settings.root).is_ok_and(|relative| {
                !matcher.matched_path_or_any_parents(relative, false).is_none()
            })
        };
        valid && !files.iter().any(matches)
    };
    settings.include.iter().filter(is_idle).cloned().collect()
}

/// Whether a folder is a tree of stubs that a project carries as its data, as tools for Python code do: a copy of
/// typeshed, or a stub package where nothing is imported from.
fn is_carried(folder: &Path, settings: &Settings) -> bool {
    let stdlib = folder.join("stdlib");
    let is_typeshed = stdlib.is_dir()
        && ["VERSIONS", "builtins.pyi", "2and3", "3"].iter().any(|name| stdlib.join(name).exists());
    if is_typeshed {
        return settings.typeshed.as_ref().is_none_or(|own| settings.root.join(own) != folder);
    }
    let is_stub_package =
        folder.file_name().is_some_and(|name| name.to_string_lossy().ends_with("-stubs"));
    if !is_stub_package || is_project(folder) {
        return false;
    }
    let Some(parent) = folder.parent() else { return false };
    let roots = settings.first_party_roots.iter().chain(&settings.extra_search_paths);
    let is_root = roots.map(|root| settings.root.join(root)).any(|root| root == parent);
    !is_root && parent != settings.root && !is_project(parent) && !parent.ends_with("typings")
}

/// Whether a folder says how it is built.
fn is_project(folder: &Path) -> bool {
    ["pyproject.toml", "setup.py", "setup.cfg", "METADATA.toml"]
        .iter()
        .any(|name| folder.join(name).is_file())
}

/// Whether the walk descends here: a folder, or a link to one that was given.
fn is_folder(entry: &DirEntry) -> bool {
    entry.file_type().is_some_and(|kind| kind.is_dir())
        || (entry.depth() == 0 && entry.path().is_dir())
}

fn is_python(path: &Path) -> bool {
    matches!(path.extension().and_then(OsStr::to_str), Some("py" | "pyi" | "ipynb"))
}

/// The patterns of the settings, compiled.
struct Filter {
    root: PathBuf,
    exclude: Gitignore,
    include: Gitignore,
    /// The patterns that matched something, as they are written.
    used: Mutex<BTreeSet<String>>,
}

impl Filter {
    fn new(settings: &Settings, errors: &mut Vec<DiscoverError>) -> Self {
        let mut compile = |patterns: &[String]| {
            let mut builder = GitignoreBuilder::new(&settings.root);
            for pattern in patterns {
                let pattern = pattern.strip_prefix("./").unwrap_or(pattern);
                if let Err(error) = builder.add_line(None, pattern) {
                    let message = format!("the pattern `{pattern}` is not valid: {error}");
                    errors.push(DiscoverError { path: None, message });
                }
            }
            builder.build().unwrap_or_else(|error| {
                errors.push(DiscoverError { path: None, message: error.to_string() });
                Gitignore::empty()
            })
        };
        let exclude = compile(&settings.exclude);
        let include = compile(&settings.include);
        Self { root: settings.root.clone(), exclude, include, used: Mutex::default() }
    }

    fn note(&self, matched: &ignore::Match<&Glob>) {
        if let Some(glob) = matched.inner() {
            let mut used = self.used.lock();
            if !used.contains(glob.original()) {
                used.insert(glob.original().to_owned());
            }
        }
    }

    /// The patterns that matched nothing.
    fn idle(&self, patterns: &[String]) -> Vec<String> {
        let used = self.used.lock();
        // What lies in an excluded folder is never come by.
        let is_idle = |pattern: &&String| {
            !used.contains(pattern.strip_prefix("./").unwrap_or(pattern))
                && !self.root.join(pattern).exists()
        };
        patterns.iter().filter(is_idle).cloned().collect()
    }

    /// Whether an entry met on the way is left out.
    fn excludes(&self, path: &Path, is_folder: bool) -> bool {
        let matched = self.exclude.matched(path, is_folder);
        self.note(&matched);
        if matched.is_whitelist() {
            return false;
        }
        matched.is_ignore() || (is_folder && is_excluded_folder(path))
    }

    /// Whether a path that was given is left out, by its own name or that of a folder around it.
    fn excludes_given(&self, path: &Path, is_folder: bool) -> bool {
        let Ok(relative) = path.strip_prefix(&self.root) else {
            return false;
        };
        let matched = self.exclude.matched_path_or_any_parents(relative, is_folder);
        self.note(&matched);
        // A path that is named may be a project of its own: what counts is where it lies in its repository.
        let top = ignored::top(path).filter(|top| path.starts_with(top));
        let top = top.unwrap_or(&self.root);
        let mut folders = path.ancestors().skip(usize::from(!is_folder));
        matched.is_ignore()
            || folders.by_ref().take_while(|folder| *folder != top).any(is_excluded_folder)
    }

    fn includes(&self, path: &Path) -> bool {
        if self.include.is_empty() {
            return true;
        }
        path.strip_prefix(&self.root).is_ok_and(|relative| {
            self.include.matched_path_or_any_parents(relative, false).is_ignore()
        })
    }
}

/// Whether a folder holds no code of the project's own: by its name, unless it is a package that is called so
/// (`tools/build/__init__.py`).
pub(super) fn is_excluded_folder(folder: &Path) -> bool {
    let Some(name) = folder.file_name().and_then(OsStr::to_str) else { return false };
    let is_package =
        || ["__init__.py", "__init__.pyi"].iter().any(|file| folder.join(file).is_file());
    EXCLUDED_FOLDERS.binary_search(&name).is_ok() && !is_package()
}

fn walk_error(error: &ignore::Error) -> DiscoverError {
    let mut path = None;
    let mut inner = error;
    loop {
        match inner {
            ignore::Error::WithPath { path: at, err } => {
                path = Some(at.clone());
                inner = err;
            }
            ignore::Error::WithLineNumber { err, .. } | ignore::Error::WithDepth { err, .. } => {
                inner = err;
            }
            _ => break,
        }
    }
    let message = inner.io_error().map_or_else(|| inner.to_string(), io_message);
    DiscoverError { path, message }
}

/// The system's words without its error number.
fn io_message(error: &std::io::Error) -> String {
    let message = error.to_string();
    message.split(" (os error").next().unwrap_or(&message).to_lowercase()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn stubs_that_are_data_are_left_out() {
        let folder = tree(&[
            "tool/data/typeshed/stdlib/VERSIONS",
            "tool/data/typeshed/stdlib/builtins.pyi",
            "tool/data/typeshed/stubs/six/six.pyi",
            "tool/data/web-stubs/web.pyi",
            "tool/main.py",
            "own-stubs/__init__.pyi",
        ]);
        let found = discover(&[], &Settings::new(folder.path()));
        let names: Vec<_> = found
            .files
            .iter()
            .map(|file| file.strip_prefix(folder.path()).expect("below").to_string_lossy())
            .collect();
        assert_eq!(names, ["own-stubs/__init__.pyi", "tool/main.py"]);
        let data = folder.path().join("tool/data/typeshed");
        assert_eq!(discover(&[data], &Settings::new(folder.path())).files.len(), 2);
    }

    fn tree(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for path in files {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
            fs::write(path, "").expect("a file");
        }
        folder
    }

    fn names(folder: &Path, found: &Discovered) -> Vec<String> {
        let relative =
            |path: &PathBuf| path.strip_prefix(folder).expect("below").display().to_string();
        found.files.iter().map(relative).collect()
    }

    #[test]
    fn the_table_is_sorted() {
        assert!(EXCLUDED_FOLDERS.is_sorted());
    }

    #[test]
    fn excludes_ignore_files_and_given_paths() {
        let folder = tree(&[
            "a.py",
            "b.pyi",
            "c.ipynb",
            "d.txt",
            "build/e.py",
            ".venv/f.py",
            "gen/g.py",
            "old/h.py",
            ".h/i.py",
        ]);
        fs::write(folder.path().join(".gitignore"), "gen/\n").expect("a file");
        let mut settings = Settings::new(folder.path());
        settings.exclude = vec!["old".into()];
        let found = discover(&[], &settings);
        assert_eq!(names(folder.path(), &found), [".h/i.py", "a.py", "b.pyi", "c.ipynb"]);
        assert!(found.errors.is_empty());

        settings.respect_ignore_files = false;
        let found = discover(&[], &settings);
        assert!(names(folder.path(), &found).contains(&"gen/g.py".to_owned()));

        let given = ["build", "old", "d.txt"].map(|name| folder.path().join(name));
        let found = discover(&given, &settings);
        assert_eq!(names(folder.path(), &found), ["build/e.py", "d.txt", "old/h.py"]);
        settings.force_exclude = true;
        assert_eq!(names(folder.path(), &discover(&given, &settings)), ["d.txt"]);
    }

    #[test]
    fn a_package_is_no_output() {
        let folder = tree(&[
            "build/lib/a.py",
            "dist/__init__.py",
            "tools/build/__init__.py",
            "tools/build/a.py",
        ]);
        let mut settings = Settings::new(folder.path());
        let all = ["dist/__init__.py", "tools/build/__init__.py", "tools/build/a.py"];
        assert_eq!(names(folder.path(), &discover(&[], &settings)), all);
        settings.force_exclude = true;
        let given = ["build/lib/a.py", "tools/build/a.py"].map(|name| folder.path().join(name));
        assert_eq!(names(folder.path(), &discover(&given, &settings)), ["tools/build/a.py"]);
    }

    #[test]
    fn includes_and_anchored_excludes() {
        let folder = tree(&["a/x.py", "b/x.py", "b/a/x.py"]);
        let mut settings = Settings::new(folder.path());
        settings.include = vec!["/b".into()];
        assert_eq!(names(folder.path(), &discover(&[], &settings)), ["b/a/x.py", "b/x.py"]);
        settings.exclude = vec!["b/a".into()];
        assert_eq!(names(folder.path(), &discover(&[], &settings)), ["b/x.py"]);
    }

    #[test]
    fn errors_do_not_end_the_run() {
        let folder = tree(&["a.py"]);
        let mut settings = Settings::new(folder.path());
        settings.exclude = vec!["{a".into()];
        let given = [folder.path().join("absent.py"), folder.path().join("a.py")];
        let found = discover(&given, &settings);
        assert_eq!(names(folder.path(), &found), ["a.py"]);
        assert_eq!(found.errors.len(), 2, "{:?}", found.errors);
    }

    #[cfg(unix)]
    #[test]
    fn links_do_not_loop() {
        let folder = tree(&["a/x.py"]);
        std::os::unix::fs::symlink("..", folder.path().join("a/up")).expect("a link");
        std::os::unix::fs::symlink("x.py", folder.path().join("a/y.py")).expect("a link");
        let settings = Settings::new(folder.path());
        let found = discover(&[], &settings);
        assert_eq!(names(folder.path(), &found), ["a/x.py", "a/y.py"]);
        std::os::unix::fs::symlink("a", folder.path().join("b")).expect("a link");
        let found = discover(&[folder.path().join("b")], &settings);
        assert_eq!(names(folder.path(), &found), ["b/x.py", "b/y.py"]);
    }
}
