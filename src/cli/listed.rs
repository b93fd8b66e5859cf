//! `-` in place of a path: the paths to check are on standard input.
//!
//! `git diff --name-only -z` is what usually writes there: names that are no Python files are left out, and an empty
//! list is nothing to check and no mistake.

use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::low::CheckArgs;
use crate::project::path_of_bytes;

/// Arguments, and whether they say to check no file at all.
pub struct Listed {
    /// With the paths on standard input in place of `-`.
    pub args: CheckArgs,
    /// Whether the list was empty and no other path was named.
    pub is_empty: bool,
}

/// The arguments with the paths on standard input, one a line or ended by a zero byte, in place of `-`.
///
/// # Errors
/// When standard input can't be read.
pub fn with_listed_paths(args: &CheckArgs) -> anyhow::Result<Listed> {
    let is_list = |path: &PathBuf| path.as_os_str() == "-";
    let mut args = args.clone();
    if !args.paths.iter().any(is_list) {
        return Ok(Listed { args, is_empty: false });
    }
    let mut text = Vec::new();
    std::io::stdin().lock().read_to_end(&mut text).context("cannot read standard input")?;
    args.paths.retain(|path| !is_list(path));
    args.paths.extend(paths(&text));
    let is_empty = args.paths.is_empty();
    Ok(Listed { args, is_empty })
}

fn paths(text: &[u8]) -> Vec<PathBuf> {
    let ends: &[u8] = if text.contains(&0) { b"\0" } else { b"\n\r" };
    let is_python = |path: &PathBuf| {
        path.extension().is_some_and(|kind| kind == "py" || kind == "pyi" || kind == "ipynb")
            || Path::is_dir(path)
    };
    let parts = text.split(|byte| ends.contains(byte)).filter(|path| !path.is_empty());
    parts.map(path_of_bytes).filter(is_python).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn python_files_are_taken() {
        assert_eq!(
            paths(b"a.py\r\nREADME.md\n\nb c.pyi\n"),
            [Path::new("a.py"), Path::new("b c.pyi")]
        );
        assert_eq!(paths(b"a\nb.py\0c.ipynb\0"), [Path::new("a\nb.py"), Path::new("c.ipynb")]);
    }
}
