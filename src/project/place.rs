//! Places to import from: a folder on the search path, or a package's own folder, on disk or in typeshed.
//!
//! A place answers one question, what a name is there, in the order that the typing specification asks for:
//! a package before a module before a namespace, and within each a stub before its source.

use std::path::{Path, PathBuf};

use super::listing::Listings;
use super::resolve::FilePath;
use super::typeshed::Typeshed;

/// Which stage of the search a place belongs to, in the order of the stages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    Extra,
    FirstParty,
    Stdlib,
    Site,
}

/// A folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Folder {
    Disk(PathBuf),
    /// Below the built-in typeshed, as in `stdlib/os`.
    Vendored(String),
}

/// A folder to look for modules in, with what is known of the packages around it.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) folder: Folder,
    pub(super) stage: Stage,
    /// Below a `name-stubs` folder.
    pub(super) stub: bool,
    /// Below a stub package that says it is partial: what it lacks is looked for elsewhere.
    pub(super) partial: bool,
    /// Below a package with a `py.typed` file.
    pub(super) py_typed: bool,
}

/// What a name is in a place.
pub(super) enum Found {
    /// A package with its `__init__` file, and the place of its submodules.
    Package(FilePath, Place),
    /// A module in one file.
    Module(FilePath),
    /// A folder without `__init__`: a part of a namespace package.
    Namespace(Place),
}

impl Place {
    /// A folder on the search path.
    pub(super) fn root(folder: PathBuf, stage: Stage) -> Self {
        let folder = Folder::Disk(folder);
        Self { folder, stage, stub: false, partial: false, py_typed: false }
    }

    /// The built-in standard library.
    pub(super) fn vendored() -> Self {
        let folder = Folder::Vendored("stdlib".to_owned());
        Self { folder, stage: Stage::Stdlib, stub: false, partial: false, py_typed: true }
    }

    /// How the place is named to users who are in the folder `from`.
    pub(super) fn describe(&self, from: &Path) -> String {
        let stage = match self.stage {
            Stage::Extra => "extra search path",
            Stage::FirstParty => "first-party code",
            Stage::Stdlib => "standard library",
            Stage::Site => "installed packages",
        };
        match &self.folder {
            Folder::Disk(folder) => {
                let folder = match folder.strip_prefix(from) {
                    Ok(below) if below.as_os_str().is_empty() => Path::new("."),
                    Ok(below) => below,
                    Err(_) => folder,
                };
                format!("{} ({stage})", folder.display())
            }
            Folder::Vendored(folder) => format!("built-in typeshed/{folder} ({stage})"),
        }
    }

    /// What `name` is here; `entry` is what it is called in the folder (`name-stubs` for a stub package).
    pub(super) fn find(&self, entry: &str, listings: &Listings) -> Option<Found> {
        match &self.folder {
            Folder::Disk(folder) => self.find_on_disk(folder, entry, listings),
            Folder::Vendored(folder) => self.find_vendored(folder, entry),
        }
    }

    fn find_on_disk(&self, folder: &Path, entry: &str, listings: &Listings) -> Option<Found> {
        // No identifier has a hyphen: only the caller's own spelling of a stub package does.
        if !self.stub && entry.ends_with("-stubs") {
            return Self { stub: true, ..self.clone() }.find_on_disk(folder, entry, listings);
        }
        let listing = listings.of(folder);
        let path = folder.join(entry);
        let inner = if listing.has_folder(entry) { Some(listings.of(&path)) } else { None };
        if let Some(inner) = &inner {
            let inits = ["__init__.pyi", "__init__.py"];
            if let Some(init) = inits.into_iter().find(|init| inner.has_file(init)) {
                let file = FilePath::Disk(path.join(init));
                return Some(Found::Package(file, self.below(path, listings)));
            }
        }
        for extension in [".pyi", ".py"] {
            let name = format!("{entry}{extension}");
            if listing.has_file(&name) {
                return Some(Found::Module(FilePath::Disk(folder.join(name))));
            }
        }
        if inner.is_some() && holds_python(&path, listings, 4) {
            return Some(Found::Namespace(self.below(path, listings)));
        }
        None
    }

    fn find_vendored(&self, folder: &str, entry: &str) -> Option<Found> {
        let typeshed = Typeshed::get();
        let path = format!("{folder}/{entry}");
        let below = |path| Self { folder: Folder::Vendored(path), ..self.clone() };
        if let Some(file) = typeshed.path(&format!("{path}/__init__.pyi")) {
            return Some(Found::Package(FilePath::Vendored(file), below(path)));
        }
        if let Some(file) = typeshed.path(&format!("{path}.pyi")) {
            return Some(Found::Module(FilePath::Vendored(file)));
        }
        typeshed.is_folder(&path).then(|| Found::Namespace(below(path)))
    }

    /// The place of the submodules of the package in `folder`.
    pub(super) fn below(&self, folder: PathBuf, listings: &Listings) -> Self {
        let marked = listings.of(&folder).has_file("py.typed");
        let partial = self.partial || (self.stub && marked && says_partial(&folder));
        let py_typed = self.py_typed || self.stub || marked;
        Self { folder: Folder::Disk(folder), partial, py_typed, ..*self }
    }

    /// A file that is a compiled module called `name`, which cannot be read.
    pub(super) fn compiled(&self, name: &str, listings: &Listings) -> Option<PathBuf> {
        let Folder::Disk(folder) = &self.folder else {
            return None;
        };
        let listing = listings.of(folder);
        let file = listing.find_file(|file| {
            file.strip_prefix(name).is_some_and(|rest| {
                rest.starts_with('.') && (rest.ends_with(".so") || rest.ends_with(".pyd"))
            })
        })?;
        Some(folder.join(file))
    }
}

/// Whether there are Python files in the folder or not far below: a folder of data is no namespace package,
/// though Python would import it.
fn holds_python(folder: &Path, listings: &Listings, depth: u32) -> bool {
    let listing = listings.of(folder);
    let is_python = |name: &str| {
        [".py", ".pyi", ".so", ".pyd"].iter().any(|extension| name.ends_with(extension))
    };
    listing.find_file(is_python).is_some()
        || (depth > 0
            && listing.folders().any(|name| {
                !name.starts_with('.') && holds_python(&folder.join(name), listings, depth - 1)
            }))
}

fn says_partial(folder: &Path) -> bool {
    std::fs::read_to_string(folder.join("py.typed"))
        .is_ok_and(|text| text.lines().any(|line| line.trim() == "partial"))
}
