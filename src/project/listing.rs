//! One `read_dir` a folder: listings that many threads share, and the lexical arithmetic on paths.
//!
//! Import resolution asks about the same few folders hundreds of thousands of times; answering from a
//! listing also makes names case-sensitive on systems whose files are not, as Python's own import is.

use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use dashmap::DashMap;
use rustc_hash::{FxBuildHasher, FxHashMap};

/// What a folder's entry is, with symbolic links followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Entry {
    File,
    Folder,
}

/// The entries of one folder by name. A folder that does not exist or cannot be read has none.
#[derive(Debug, Default)]
pub(super) struct Listing {
    entries: FxHashMap<Box<str>, Entry>,
}

impl Listing {
    fn read(folder: &Path) -> Self {
        let Ok(found) = fs::read_dir(folder) else {
            return Self::default();
        };
        let mut entries = FxHashMap::default();
        for entry in found.flatten() {
            let Ok(name) = entry.file_name().into_string() else {
                continue;
            };
            let kind = match entry.file_type() {
                Ok(kind) if !kind.is_symlink() => Ok(kind.is_dir()),
                Ok(_) => fs::metadata(entry.path()).map(|data| data.is_dir()),
                Err(error) => Err(error),
            };
            match kind {
                Ok(true) => entries.insert(name.into(), Entry::Folder),
                Ok(false) => entries.insert(name.into(), Entry::File),
                Err(_) => None,
            };
        }
        Self { entries }
    }

    /// Whether there is a file of that name.
    pub(super) fn has_file(&self, name: &str) -> bool {
        self.entries.get(name) == Some(&Entry::File)
    }

    /// Whether there is a folder of that name.
    pub(super) fn has_folder(&self, name: &str) -> bool {
        self.entries.get(name) == Some(&Entry::Folder)
    }

    /// The first file name, in order of names, that `wanted` accepts.
    pub(super) fn find_file(&self, wanted: impl Fn(&str) -> bool) -> Option<&str> {
        self.entries
            .iter()
            .filter(|(name, kind)| **kind == Entry::File && wanted(name))
            .map(|(name, _)| &**name)
            .min()
    }

    /// The names of the folders in it, in no particular order.
    pub(super) fn folders(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().filter(|(_, kind)| **kind == Entry::Folder).map(|(name, _)| &**name)
    }
}

/// Listings by folder, read on first use.
#[derive(Debug, Default)]
pub(super) struct Listings {
    folders: DashMap<PathBuf, Arc<Listing>, FxBuildHasher>,
}

impl Listings {
    /// The listing of `folder`.
    pub(super) fn of(&self, folder: &Path) -> Arc<Listing> {
        if let Some(listing) = self.folders.get(folder) {
            return Arc::clone(&listing);
        }
        // Two threads may both read it; either answer is right, and no lock is held meanwhile.
        let listing = Arc::new(Listing::read(folder));
        Arc::clone(self.folders.entry(folder.to_owned()).or_insert(listing).value())
    }
}

/// The path made absolute and freed of `.` and `..`, without asking the file system about links.
pub(super) fn absolute(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    normalize(&path)
}

/// The path without `.` and `..`.
pub(super) fn normalize(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                normal.pop();
            }
            other => normal.push(other),
        }
    }
    normal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lose_their_dots() {
        assert_eq!(normalize(Path::new("/a/./b/../c")), Path::new("/a/c"));
        assert_eq!(normalize(Path::new("/../a")), Path::new("/a"));
    }

    #[test]
    fn listings_tell_files_from_folders_and_survive_absence() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::create_dir(folder.path().join("package")).expect("a folder");
        fs::write(folder.path().join("module.py"), "").expect("a file");
        let listings = Listings::default();
        let listing = listings.of(folder.path());
        assert!(listing.has_folder("package") && !listing.has_file("package"));
        assert!(listing.has_file("module.py") && !listing.has_file("Module.py"));
        assert!(!listings.of(&folder.path().join("absent")).has_file("module.py"));
    }
}
