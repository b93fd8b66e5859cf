//! Who owns a file, by the CODEOWNERS file around the working directory.

use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::project::config::read_codeowners;
use crate::report::owners::Owners;

/// The owners of files whose paths are shown relative to a folder.
pub struct ShownOwners<'p> {
    owners: Owners,
    root: PathBuf,
    shown_from: &'p Path,
}

impl<'p> ShownOwners<'p> {
    /// The owners that hold in `folder`; `None` where there is no CODEOWNERS file.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn around(folder: &'p Path) -> anyhow::Result<Option<Self>> {
        let found = read_codeowners(folder).context("CODEOWNERS")?;
        Ok(found.map(|(root, text)| Self {
            owners: Owners::parse(&text, &root),
            root,
            shown_from: folder,
        }))
    }

    /// The owners of the file at `path`, as shown.
    pub fn of(&self, path: &str) -> Option<String> {
        let path = self.shown_from.join(path);
        self.owners.of(path.strip_prefix(&self.root).unwrap_or(&path)).map(str::to_owned)
    }
}
