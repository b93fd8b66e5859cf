//! Reading files: from a path to text, whether on disk, in typeshed, or a notebook.
//!
//! Only what yields no text at all is an error here; everything less is a problem inside the text.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use ruff_notebook::Notebook;
use ruff_text_size::TextSize;

use super::encoding;
use super::text::{NotebookMap, SourceText};
use crate::project::{FilePath, Typeshed};

/// Files with more bytes are not read: no program is that long, and a tree takes many times its text.
pub const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// Why there is no text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The system does not give it.
    #[error("cannot read the file: {message}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's words.
        message: String,
    },
    /// It is longer than [`MAX_BYTES`].
    #[error("the file is too large to check: {bytes} bytes, and at most {MAX_BYTES} are read")]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Its length.
        bytes: u64,
    },
    /// It is called a notebook and is none.
    #[error("cannot read the notebook: {message}")]
    Notebook {
        /// The file.
        path: PathBuf,
        /// Why not.
        message: String,
    },
    /// The built-in typeshed has no such stub.
    #[error("there is no stub `{0}` in the built-in typeshed")]
    NotVendored(&'static str),
}

/// Reads a module's text. A namespace package has the empty text.
///
/// # Errors
/// When there is no text to be had.
pub fn read(path: &FilePath) -> Result<SourceText, ReadError> {
    match path {
        FilePath::Disk(path) => read_file(path),
        FilePath::Vendored(path) => {
            let text = Typeshed::get().text(path).ok_or(ReadError::NotVendored(path))?;
            Ok(SourceText::lasting(text))
        }
        FilePath::Namespace(_) => Ok(SourceText::lasting("")),
    }
}

fn read_file(path: &Path) -> Result<SourceText, ReadError> {
    let unreadable = |message: String| ReadError::Unreadable { path: path.to_owned(), message };
    let words = |error: &std::io::Error| {
        let text = error.to_string();
        text.split(" (os error").next().unwrap_or(&text).to_lowercase()
    };
    let metadata = fs::metadata(path).map_err(|error| unreadable(words(&error)))?;
    if !metadata.is_file() {
        return Err(unreadable("it is not a regular file".to_owned()));
    }
    let too_large = |bytes| ReadError::TooLarge { path: path.to_owned(), bytes };
    if metadata.len() > MAX_BYTES {
        return Err(too_large(metadata.len()));
    }
    // The file may grow meanwhile, and those of `/proc` do not say how long they are.
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len() + 1).unwrap_or_default());
    open(path)
        .and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes))
        .map_err(|error| unreadable(words(&error)))?;
    match bytes.len() as u64 {
        length if length > MAX_BYTES => Err(too_large(length)),
        _ => from_bytes(path, bytes),
    }
}

/// Opens a file that is not waited for: there are some (`/proc/kmsg`) that look like files and have a reader wait until
/// somebody writes.
fn open(path: &Path) -> std::io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.custom_flags(rustix::fs::OFlags::NONBLOCK.bits().cast_signed());
    }
    options.open(path)
}

/// Text out of bytes as if they were in the file at `path`.
///
/// # Errors
/// When it should be a notebook and is none.
pub fn from_bytes(path: &Path, bytes: Vec<u8>) -> Result<SourceText, ReadError> {
    if path.extension().is_some_and(|extension| extension == "ipynb") {
        return read_notebook(path, bytes);
    }
    let decoded = encoding::decode(bytes);
    Ok(SourceText::new(decoded.text, None, decoded.problems, decoded.byte_order_mark))
}

/// Text that never was in a file.
#[must_use]
pub fn from_text(text: impl Into<String>) -> SourceText {
    SourceText::new(text.into(), None, Vec::new(), false)
}

fn read_notebook(path: &Path, bytes: Vec<u8>) -> Result<SourceText, ReadError> {
    let decoded = encoding::decode(bytes);
    let mark = decoded.byte_order_mark;
    if decoded.text.trim().is_empty() {
        return Ok(SourceText::new(String::new(), None, Vec::new(), mark));
    }
    let notebook = Notebook::from_source_code(&decoded.text).map_err(|error| {
        ReadError::Notebook { path: path.to_owned(), message: error.to_string() }
    })?;
    if !notebook.is_python_notebook() {
        return Ok(SourceText::new(String::new(), None, Vec::new(), mark));
    }
    let offsets = notebook.cell_offsets().clone();
    let text = notebook.source_code().to_owned();
    if TextSize::try_from(text.len()).is_err() {
        return Err(ReadError::TooLarge { path: path.to_owned(), bytes: text.len() as u64 });
    }
    let map = NotebookMap { index: notebook.into_index(), offsets };
    // Problems of the encoding are told at offsets of the JSON, which mean nothing here: keep their words.
    let mut problems = decoded.problems;
    for problem in &mut problems {
        problem.range = ruff_text_size::TextRange::default();
    }
    Ok(SourceText::new(text, Some(map), problems, mark))
}

#[cfg(test)]
mod tests {
    use ruff_text_size::TextRange;

    use super::*;

    const NOTEBOOK: &str = r##"{"cells": [
        {"cell_type": "markdown", "metadata": {}, "source": ["# Title"]},
        {"cell_type": "code", "execution_count": null, "metadata": {}, "outputs": [], "source": ["a = 1\n", "b = 2"]},
        {"cell_type": "code", "execution_count": null, "metadata": {}, "outputs": [], "source": ["c = 3"]}
    ], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}"##;

    #[test]
    fn stubs_come_from_typeshed() {
        let text = read(&FilePath::Vendored("stdlib/os/__init__.pyi")).expect("a stub");
        assert!(text.text().contains("def getcwd"));
        assert!(read(&FilePath::Vendored("stdlib/absent.pyi")).is_err());
        assert_eq!(read(&FilePath::Namespace(vec![])).expect("a text").text(), "");
    }

    #[test]
    fn notebooks_are_joined_and_mapped() {
        let source = from_bytes(Path::new("x.ipynb"), NOTEBOOK.into()).expect("a notebook");
        assert_eq!(source.text(), "a = 1\nb = 2\nc = 3\n");
        let span = source.location(TextRange::new(12.into(), 13.into()));
        assert_eq!((span.cell, span.start.line, span.end.column), (Some(3), 1, 2));
        let span = source.location(TextRange::new(6.into(), 7.into()));
        assert_eq!((span.cell, span.start.line), (Some(2), 2));
        assert_eq!(source.notebook().map(|map| map.cells().count()), Some(2));
    }

    #[test]
    fn what_is_not_there_or_is_none() {
        assert!(read(&FilePath::Disk("/absent/x.py".into())).is_err());
        assert!(read(&FilePath::Disk("/".into())).is_err());
        let error = from_bytes(Path::new("x.ipynb"), b"{".to_vec()).expect_err("no notebook");
        assert!(error.to_string().contains("notebook"), "{error}");
        let text = NOTEBOOK.replace("\"metadata\": {}, \"nbformat\"", "\"metadata\": {\"kernelspec\": {\"display_name\": \"R\", \"name\": \"ir\", \"language\": \"R\"}}, \"nbformat\"");
        assert_eq!(from_bytes(Path::new("x.ipynb"), text.into()).expect("a notebook").text(), "");
        assert_eq!(from_bytes(Path::new("x.ipynb"), Vec::new()).expect("empty").text(), "");
    }
}
