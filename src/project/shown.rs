//! Paths as text: what is no UTF-8 in a name is written out, so that two files never look alike.
//!
//! On Unix a name is any bytes: `caf\xE9.py` is how a Latin-1 name is shown.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// A path or a part of one as text.
#[must_use]
pub fn shown(path: &OsStr) -> Cow<'_, str> {
    if let Some(text) = path.to_str() {
        return Cow::Borrowed(text);
    }
    let mut text = String::new();
    for chunk in path.as_encoded_bytes().utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            text.push_str(&format!("\\x{byte:02X}"));
        }
    }
    Cow::Owned(text)
}

/// A path as other programs write it, which need not be text.
#[must_use]
pub fn path_of_bytes(bytes: &[u8]) -> PathBuf {
    #[cfg(unix)]
    let path = PathBuf::from(<OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(bytes));
    #[cfg(not(unix))]
    let path = PathBuf::from(String::from_utf8_lossy(bytes).into_owned());
    path
}

/// The file below `folder` that is shown as `text`.
#[must_use]
pub fn find_shown(folder: &Path, text: &str) -> PathBuf {
    let plain = folder.join(text);
    if !text.contains("\\x") || plain.exists() { plain } else { folder.join(written_in(text)) }
}

#[cfg(unix)]
fn written_in(text: &str) -> PathBuf {
    use std::os::unix::ffi::OsStringExt;
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("\\x") {
        bytes.extend_from_slice(&rest.as_bytes()[..at]);
        let digits = rest.get(at + 2..at + 4);
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &rest[at + 4..];
            }
            None => {
                bytes.extend_from_slice(b"\\x");
                rest = &rest[at + 2..];
            }
        }
    }
    bytes.extend_from_slice(rest.as_bytes());
    PathBuf::from(std::ffi::OsString::from_vec(bytes))
}

#[cfg(not(unix))]
fn written_in(text: &str) -> PathBuf {
    PathBuf::from(text)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_shown_and_found_again() {
        use std::os::unix::ffi::OsStrExt;
        let name = OsStr::from_bytes(b"a/caf\xe9\xff.py");
        assert_eq!(shown(name), r"a/caf\xE9\xFF.py");
        assert_eq!(find_shown(Path::new("/no"), &shown(name)), Path::new("/no").join(name));
        assert_eq!(find_shown(Path::new("/no"), r"\xy"), Path::new(r"/no/\xy"));
        assert_eq!(shown(OsStr::new("ünï.py")), "ünï.py");
    }
}
