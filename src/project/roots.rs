//! First-party roots: the folders whose modules a project's own imports name.
//!
//! Roots follow from the usual layouts (`.`, `src`, `python`, `<name>/<name>`) and from what build backends
//! are told in `pyproject.toml`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use super::listing::normalize;
use super::setuptools;

/// Where the packages of a project are.
pub(super) struct Layout {
    /// The roots, in order of search, without repetition.
    pub roots: Vec<PathBuf>,
    /// Packages whose folder has another name or place than its import has, by name.
    pub packages: BTreeMap<String, PathBuf>,
}

/// The layout of the project at `root`.
pub(super) fn detect(root: &Path) -> Layout {
    let mut roots = vec![above_packages(root)];
    let mut add = |folder: PathBuf| {
        let folder = normalize(&folder);
        if folder.is_dir() && !roots.contains(&folder) {
            roots.push(folder);
        }
    };
    for name in ["src", "python"] {
        let folder = root.join(name);
        if !is_package(&folder) {
            add(folder);
        }
    }
    let pyproject = fs::read_to_string(root.join("pyproject.toml"))
        .ok()
        .and_then(|text| text.parse::<Table>().ok())
        .unwrap_or_default();
    let mut names = Vec::new();
    names.extend(root.file_name().and_then(|name| name.to_str()).map(str::to_owned));
    names.extend(text_at(&pyproject, &["project", "name"]).map(str::to_owned));
    names.extend(text_at(&pyproject, &["tool", "poetry", "name"]).map(str::to_owned));
    for name in names {
        for name in [name.replace(['-', '.'], "_").to_lowercase(), name] {
            let folder = root.join(&name);
            if !is_package(&folder) && is_package(&folder.join(&name)) {
                add(folder);
            }
        }
    }
    let told = setuptools::folders(root, &pyproject);
    for hint in hints(&pyproject).into_iter().chain(told.roots) {
        add(root.join(hint));
    }
    let renamed = told.renamed.into_iter();
    let packages = renamed
        .map(|(name, folder)| (name, normalize(&root.join(folder))))
        .filter(|(_, folder)| folder.is_dir())
        .collect();
    Layout { roots, packages }
}

/// The first folder from `folder` upwards that is not a package: when the inside of a package is given as
/// the project, its modules are still named from outside.
fn above_packages(folder: &Path) -> PathBuf {
    folder.ancestors().find(|folder| !is_package(folder)).unwrap_or(folder).to_owned()
}

fn is_package(folder: &Path) -> bool {
    folder.join("__init__.py").is_file() || folder.join("__init__.pyi").is_file()
}

/// The folders, relative to the project, that build backends are told to take packages from.
fn hints(pyproject: &Table) -> Vec<String> {
    let mut hints = Vec::new();
    let mut add = |text: &str| hints.push(text.to_owned());

    // setuptools: `packages.find.where = ["lib"]`.
    texts_at(pyproject, &["tool", "setuptools", "packages", "find", "where"]).for_each(&mut add);
    // poetry: `packages = [{include = "name", from = "lib"}]`.
    for package in items(at(pyproject, &["tool", "poetry", "packages"])) {
        package.get("from").and_then(Value::as_str).into_iter().for_each(&mut add);
    }
    // maturin: `python-source = "python"`.
    text_at(pyproject, &["tool", "maturin", "python-source"]).into_iter().for_each(&mut add);
    // hatch: `packages = ["lib/name"]` names the packages, `sources` what is stripped from their paths.
    for target in ["wheel", "sdist"] {
        let build = ["tool", "hatch", "build", "targets", target];
        for package in texts_at(pyproject, &[&build[..], &["packages"]].concat()) {
            let parent = Path::new(package).parent().and_then(Path::to_str);
            parent.filter(|parent| !parent.is_empty()).into_iter().for_each(&mut add);
        }
    }
    for build in [&["tool", "hatch", "build"][..], &["tool", "hatch", "build", "targets", "wheel"]]
    {
        texts_at(pyproject, &[build, &["sources"]].concat()).for_each(&mut add);
        texts_at(pyproject, &[build, &["dev-mode-dirs"]].concat()).for_each(&mut add);
    }
    // pdm and flit-like backends: `package-dir = "lib"`; uv: `module-root = "lib"`.
    text_at(pyproject, &["tool", "pdm", "build", "package-dir"]).into_iter().for_each(&mut add);
    text_at(pyproject, &["tool", "uv", "build-backend", "module-root"])
        .into_iter()
        .for_each(&mut add);
    hints
}

pub(super) fn at<'t>(table: &'t Table, keys: &[&str]) -> Option<&'t Value> {
    let (first, rest) = keys.split_first()?;
    rest.iter().try_fold(table.get(*first)?, |value, key| value.get(*key))
}

fn text_at<'t>(table: &'t Table, keys: &[&str]) -> Option<&'t str> {
    at(table, keys)?.as_str()
}

fn items(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    value.and_then(Value::as_array).into_iter().flatten()
}

fn texts_at<'t>(table: &'t Table, keys: &[&str]) -> impl Iterator<Item = &'t str> {
    items(at(table, keys)).filter_map(Value::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for (path, text) in files {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
            fs::write(path, text).expect("a file");
        }
        folder
    }

    fn relative(folder: &tempfile::TempDir) -> Vec<String> {
        detect(folder.path())
            .roots
            .iter()
            .map(|root| {
                root.strip_prefix(folder.path()).expect("below").to_string_lossy().into_owned()
            })
            .collect()
    }

    #[test]
    fn usual_layouts() {
        let folder = tree(&[("src/a/__init__.py", ""), ("python/b.py", "")]);
        assert_eq!(relative(&folder), ["", "src", "python"]);
        let package = tree(&[("src/__init__.py", "")]);
        assert_eq!(relative(&package), [""]);
    }

    #[test]
    fn build_backends_are_heard() {
        let folder = tree(&[
            (
                "pyproject.toml",
                "[project]\nname = 'My-App'\n[tool.setuptools.packages.find]\nwhere = ['lib']\n[tool.maturin]\npython-source = 'py'\n[[tool.poetry.packages]]\ninclude = 'x'\nfrom = 'code'\n",
            ),
            ("lib/a.py", ""),
            ("py/a.py", ""),
            ("code/a.py", ""),
            ("my_app/my_app/__init__.py", ""),
        ]);
        assert_eq!(relative(&folder), ["", "my_app", "lib", "code", "py"]);
    }

    #[test]
    fn setuptools_is_heard_wherever_it_is_told() {
        let folder = tree(&[
            (
                "pyproject.toml",
                "[tool.setuptools.package-dir]\n'' = 'lib'\ntool = 'code/tool'\nother = 'elsewhere'\n",
            ),
            ("setup.cfg", "[options.packages.find]\nwhere = packages\n"),
            ("setup.py", "setup(package_dir={'': 'sources'})"),
            ("lib/a.py", ""),
            ("code/tool/__init__.py", ""),
            ("elsewhere/__init__.py", ""),
            ("packages/b.py", ""),
            ("sources/c.py", ""),
        ]);
        assert_eq!(relative(&folder), ["", "lib", "code", "sources", "packages"]);
        let packages = detect(folder.path()).packages;
        assert_eq!(packages.keys().collect::<Vec<_>>(), ["other"]);
    }

    #[test]
    fn inside_of_a_package_the_root_is_above_it() {
        let folder = tree(&[("a/__init__.py", ""), ("a/b/__init__.py", "")]);
        assert_eq!(detect(&folder.path().join("a/b")).roots, [folder.path()]);
    }

    #[test]
    fn a_broken_pyproject_is_no_hint() {
        let folder = tree(&[("pyproject.toml", "[[[")]);
        assert_eq!(relative(&folder), [""]);
    }
}
