//! Typeshed: the stubs of the standard library, built into the binary or taken from a folder.
//!
//! The build script packs them; the first use unpacks them once, and every text then lives as long as the run.

use std::path::Path;
use std::sync::OnceLock;

use ruff_python_ast::PythonVersion;
use rustc_hash::{FxHashMap, FxHashSet};

/// Not compressed: only the stubs that are looked at take memory.
static BLOB: &str = include_str!(concat!(env!("OUT_DIR"), "/typeshed.txt"));

/// The built-in typeshed, unpacked.
#[derive(Debug)]
pub struct Typeshed {
    /// Path and text, sorted by path.
    files: Vec<(&'static str, &'static str)>,
    by_path: FxHashMap<&'static str, &'static str>,
    folders: FxHashSet<&'static str>,
    versions: VersionTable,
}

impl Typeshed {
    /// The one built-in typeshed, unpacked on first use.
    #[must_use]
    pub fn get() -> &'static Self {
        static TYPESHED: OnceLock<Typeshed> = OnceLock::new();
        TYPESHED.get_or_init(|| Self::unpack(BLOB))
    }

    fn unpack(blob: &'static str) -> Self {
        let (index, mut texts) = blob.split_once("\n\n").unwrap_or((blob, ""));
        let mut files = Vec::new();
        let mut folders = FxHashSet::default();
        for line in index.lines() {
            let Some((path, length)) = line.split_once('\t') else {
                continue;
            };
            let Some((text, rest)) = length.parse().ok().and_then(|at| texts.split_at_checked(at))
            else {
                continue;
            };
            files.push((path, text));
            texts = rest;
            let mut folder = path;
            while let Some((parent, _)) = folder.rsplit_once('/') {
                if !folders.insert(parent) {
                    break;
                }
                folder = parent;
            }
        }
        let by_path: FxHashMap<_, _> = files.iter().copied().collect();
        let versions =
            VersionTable::parse(by_path.get("stdlib/VERSIONS").copied().unwrap_or_default());
        Self { files, by_path, folders, versions }
    }

    /// The text of the stub at `path`, as in `stdlib/os/__init__.pyi`.
    #[must_use]
    pub fn text(&self, path: &str) -> Option<&'static str> {
        self.by_path.get(path).copied()
    }

    /// The lasting spelling of `path`, if there is such a file.
    #[must_use]
    pub fn path(&self, path: &str) -> Option<&'static str> {
        self.by_path.get_key_value(path).map(|(path, _)| *path)
    }

    /// Whether there is a folder at `path`, as in `stdlib/os`.
    #[must_use]
    pub fn is_folder(&self, path: &str) -> bool {
        self.folders.contains(path)
    }

    /// Every file with its text, sorted by path.
    #[must_use]
    pub fn files(&self) -> &[(&'static str, &'static str)] {
        &self.files
    }

    /// Since when and until when each module of the standard library exists.
    #[must_use]
    pub fn versions(&self) -> &VersionTable {
        &self.versions
    }

    /// The licence that the stubs are distributed under.
    #[must_use]
    pub fn licence(&self) -> &'static str {
        self.text("LICENSE").unwrap_or_default()
    }

    /// The commit of typeshed that the stubs were taken from.
    #[must_use]
    pub fn commit() -> &'static str {
        env!("ROPEWALK_TYPESHED_COMMIT")
    }
}

/// The versions of Python that have a module; both ends are included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VersionRange {
    /// The first version that has it.
    pub first: PythonVersion,
    /// The last version that has it, if it was removed.
    pub last: Option<PythonVersion>,
}

impl VersionRange {
    /// Whether `version` has the module.
    #[must_use]
    pub fn contains(self, version: PythonVersion) -> bool {
        self.first <= version && self.last.is_none_or(|last| version <= last)
    }
}

/// Typeshed's `VERSIONS` file.
#[derive(Debug, Clone, Default)]
pub struct VersionTable {
    ranges: FxHashMap<Box<str>, VersionRange>,
}

impl VersionTable {
    /// Reads the table; lines that it does not understand are left out.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut ranges = FxHashMap::default();
        for line in text.lines() {
            let line = line.split_once('#').map_or(line, |(line, _)| line).trim();
            let Some((module, range)) = line.split_once(':') else {
                continue;
            };
            let Some((first, last)) = range.trim().split_once('-') else {
                continue;
            };
            let (Ok(first), last) = (first.trim().parse(), last.trim()) else {
                continue;
            };
            let last = (!last.is_empty()).then(|| last.parse()).transpose();
            if let Ok(last) = last {
                ranges.insert(module.trim().into(), VersionRange { first, last });
            }
        }
        Self { ranges }
    }

    /// Reads the table of the typeshed in `folder`.
    #[must_use]
    pub fn read(folder: &Path) -> Self {
        let text = std::fs::read_to_string(folder.join("stdlib/VERSIONS")).unwrap_or_default();
        Self::parse(&text)
    }

    /// The range of `module`: its own, or that of the nearest package around it that is listed.
    #[must_use]
    pub fn range(&self, module: &str) -> Option<VersionRange> {
        let mut name = module;
        loop {
            if let Some(range) = self.ranges.get(name) {
                return Some(*range);
            }
            name = name.rsplit_once('.')?.0;
        }
    }

    /// Whether `version` has `module`; a module that is not listed counts as always there.
    #[must_use]
    pub fn has(&self, module: &str, version: PythonVersion) -> bool {
        self.range(module).is_none_or(|range| range.contains(version))
    }
}

#[cfg(test)]
mod tests {
    use ruff_python_ast::PySourceType;

    use super::*;

    #[test]
    fn the_blob_unpacks() {
        let typeshed = Typeshed::get();
        assert!(typeshed.files().len() > 600);
        assert!(typeshed.files().is_sorted());
        assert!(
            typeshed.text("stdlib/builtins.pyi").is_some_and(|text| text.contains("class int"))
        );
        assert!(typeshed.is_folder("stdlib/os") && !typeshed.is_folder("stdlib/os/path.pyi"));
        assert!(typeshed.licence().contains("Apache License"));
        assert_eq!(Typeshed::commit().len(), 40);
    }

    #[test]
    fn stubs_parse_and_hold_no_docstrings_or_foreign_forms() {
        for (path, text) in Typeshed::get().files() {
            if path.ends_with(".pyi") {
                let parsed = ruff_python_parser::parse_unchecked_source(text, PySourceType::Stub);
                assert!(parsed.has_valid_syntax(), "{path}: {:?}", parsed.errors());
                assert!(!text.contains("ty_extensions"), "{path}");
            }
        }
        let builtins = Typeshed::get().text("stdlib/builtins.pyi").unwrap_or_default();
        assert!(!builtins.contains("\"\"\""));
        assert!(builtins.contains("TypeIs[Callable[..., object]]"));
    }

    #[test]
    fn versions_are_honoured() {
        let versions = Typeshed::get().versions();
        assert!(versions.has("tomllib", PythonVersion::PY311));
        assert!(!versions.has("tomllib", PythonVersion::PY310));
        assert!(!versions.has("distutils.core", PythonVersion::PY312));
        assert!(versions.has("os.path", PythonVersion::PY38));
        assert!(versions.has("never_heard_of", PythonVersion::PY38));
        let table = VersionTable::parse("a: 3.9-3.11 # why\nnonsense\nb: x-\na.b: 3.10-\n");
        assert!(table.has("b", PythonVersion::PY38));
        assert!(!table.has("a.b", PythonVersion::PY39));
        assert!(!table.has("a.c", PythonVersion::PY312));
    }
}
