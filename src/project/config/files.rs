//! The few files other than Python sources that a run reads and writes: baselines, owners, reports.
//!
//! Writing goes through a temporary file beside the target, so that Ctrl-C or a full disk never
//! leaves half a file.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The text of a file, or `None` if there is none.
///
/// # Errors
/// When the file is there and can't be read as UTF-8.
pub fn read_text(path: &Path) -> io::Result<Option<String>> {
    // `/dev/null` and its like have nothing to say, some of them without end.
    let is_other = |kind: std::fs::FileType| !kind.is_file() && !kind.is_dir();
    if std::fs::metadata(path).is_ok_and(|found| is_other(found.file_type())) {
        return Ok(None);
    }
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The bytes of a file.
///
/// # Errors
/// When it can't be read.
pub fn read_bytes(path: &Path) -> io::Result<Vec<u8>> {
    std::fs::read(path)
}

/// Replaces the file at `path` by `bytes`, wholly or not at all, keeping its permissions.
///
/// # Errors
/// When the folder can't be written to or the disk is full.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let target = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let existing = std::fs::metadata(&target).ok();
    if existing.as_ref().is_some_and(|existing| !existing.is_file()) {
        // A pipe, a terminal or `/dev/null` is written to, not replaced.
        return std::fs::OpenOptions::new().write(true).open(&target)?.write_all(bytes);
    }
    let name = target.file_name().ok_or_else(|| io::Error::other("not a file name"))?;
    let mut temporary_name = std::ffi::OsString::from(".");
    temporary_name.push(name);
    temporary_name.push(format!(".{}.tmp", std::process::id()));
    let temporary = target.with_file_name(temporary_name);
    let written = (|| {
        let mut file = std::fs::File::create(&temporary)?;
        file.write_all(bytes)?;
        if let Some(existing) = existing {
            file.set_permissions(existing.permissions())?;
        }
        drop(file);
        std::fs::rename(&temporary, &target)
    })();
    if written.is_err() {
        // The first error is the one to tell; a left-over file is all that could go wrong here.
        let _ = std::fs::remove_file(&temporary);
    }
    written
}

/// Whether a file could be written, without changing it: the folder is there and takes files.
///
/// # Errors
/// Says why it could not.
pub fn probe(path: &Path) -> io::Result<()> {
    let target = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if target.is_dir() {
        return Err(io::Error::other("it is a folder"));
    }
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty());
    if folder.is_some_and(|folder| !folder.is_dir()) {
        return Err(io::Error::other("there is no such folder"));
    }
    if target.exists() {
        return std::fs::OpenOptions::new().append(true).open(&target).map(drop);
    }
    let mut name = std::ffi::OsString::from(".");
    name.push(target.file_name().ok_or_else(|| io::Error::other("not a file name"))?);
    name.push(format!(".{}.tmp", std::process::id()));
    let temporary = target.with_file_name(name);
    std::fs::File::create(&temporary)?;
    std::fs::remove_file(&temporary)
}

/// Adds `bytes` to the end of a file that others write to as well.
///
/// # Errors
/// When it can't be written to.
pub fn append_to(path: &Path, bytes: &[u8]) -> io::Result<()> {
    std::fs::OpenOptions::new().append(true).create(true).open(path)?.write_all(bytes)
}

/// The first of GitHub's and GitLab's places for CODEOWNERS that exists below `root` or above it.
///
/// # Errors
/// When the file is there and can't be read.
pub fn read_codeowners(root: &Path) -> io::Result<Option<(PathBuf, String)>> {
    for folder in root.ancestors() {
        for place in [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"] {
            if let Some(text) = read_text(&folder.join(place))? {
                return Ok(Some((folder.to_owned(), text)));
            }
        }
        if folder.join(".git").exists() {
            break;
        }
    }
    Ok(None)
}
