//! Decoding as Python does it: byte order mark, the coding comment of PEP 263, UTF-8 otherwise.
//!
//! Bytes that do not decode never stop a file from being checked: they are replaced, and a problem says where.

use encoding_rs::Encoding;
use ruff_text_size::{TextRange, TextSize};

use super::text::{ProblemKind, SourceProblem};

/// Text and what was wrong with its bytes.
pub(super) struct Decoded {
    pub(super) text: String,
    pub(super) problems: Vec<SourceProblem>,
    pub(super) byte_order_mark: bool,
}

/// What a coding comment asks for.
enum Codec {
    Utf8,
    Latin1,
    Ascii,
    Table(&'static Encoding),
}

/// Decodes the bytes of a Python file.
pub(super) fn decode(bytes: Vec<u8>) -> Decoded {
    let mut problems = Vec::new();
    if let Some((encoding, _)) = Encoding::for_bom(&bytes)
        && encoding != encoding_rs::UTF_8
    {
        let (text, _, _) = encoding.decode(&bytes);
        let message = format!("the file is in {}, which Python does not read", encoding.name());
        problems.push(problem(0, 0, message));
        return finish(text.into_owned(), problems, true);
    }
    let (bytes, mark) = match bytes.strip_prefix(b"\xef\xbb\xbf") {
        Some(rest) => (rest.to_vec(), true),
        None => (bytes, false),
    };
    let cookie = coding_comment(&bytes);
    let codec = match &cookie {
        None => Codec::Utf8,
        Some((name, start, end)) => match codec(name) {
            Some(codec) => codec,
            None => {
                problems.push(problem(*start, *end, format!("unknown encoding `{name}`")));
                Codec::Utf8
            }
        },
    };
    if let Some((name, start, end)) = &cookie
        && mark
        && !matches!(codec, Codec::Utf8)
    {
        let message = format!("encoding `{name}` contradicts the UTF-8 byte order mark");
        problems.push(problem(*start, *end, message));
        return finish(utf8(bytes, &mut problems, "UTF-8"), problems, true);
    }
    let text = match codec {
        Codec::Utf8 => utf8(bytes, &mut problems, "UTF-8"),
        Codec::Latin1 => encoding_rs::mem::decode_latin1(&bytes).into_owned(),
        Codec::Ascii => {
            if let Some(at) = bytes.iter().position(|byte| !byte.is_ascii()) {
                let message = format!("byte 0x{:02x} is not ASCII", bytes[at]);
                problems.push(problem(at, at, message));
            }
            let mut later = Vec::new();
            utf8(bytes, &mut later, "ASCII")
        }
        Codec::Table(encoding) => {
            let (text, _, failed) = encoding.decode(&bytes);
            if failed {
                let at = text.find('\u{fffd}').unwrap_or_default();
                let message = format!("the file is not valid {}", encoding.name());
                problems.push(problem(at, at + '\u{fffd}'.len_utf8(), message));
            }
            text.into_owned()
        }
    };
    finish(text, problems, mark)
}

fn finish(mut text: String, mut problems: Vec<SourceProblem>, byte_order_mark: bool) -> Decoded {
    if let Some(at) = memchr::memchr(0, text.as_bytes()) {
        // What is no text is that once.
        if problems.is_empty() {
            let message = "source code cannot contain null bytes".to_owned();
            problems.push(problem(at, at + 1, message));
        }
        text = text.replace('\0', " ");
    }
    Decoded { text, problems, byte_order_mark }
}

fn utf8(bytes: Vec<u8>, problems: &mut Vec<SourceProblem>, name: &str) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| {
        let at = error.utf8_error().valid_up_to();
        let byte = error.as_bytes().get(at).copied().unwrap_or_default();
        let message = format!("byte 0x{byte:02x} is not valid {name}");
        problems.push(problem(at, at + '\u{fffd}'.len_utf8(), message));
        String::from_utf8_lossy(error.as_bytes()).into_owned()
    })
}

fn problem(start: usize, end: usize, message: String) -> SourceProblem {
    let at = |offset| TextSize::try_from(offset).unwrap_or_default();
    let (start, end) = (at(start), at(end));
    SourceProblem {
        kind: ProblemKind::Encoding,
        range: TextRange::new(start, end.max(start)),
        message,
    }
}

/// The name in a coding comment on the first two lines, with its place.
fn coding_comment(bytes: &[u8]) -> Option<(String, usize, usize)> {
    let mut start = 0;
    for _ in 0..2 {
        let rest = bytes.get(start..)?;
        let length =
            rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(rest.len());
        let line = &rest[..length];
        let blank = line.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | 0x0c)).count();
        match line.get(blank) {
            Some(b'#') => {
                if let Some((from, to)) = coding_name(line) {
                    let name = String::from_utf8_lossy(&line[from..to]).into_owned();
                    return Some((name, start + from, start + to));
                }
            }
            // Only a blank or comment line may go before.
            Some(_) => return None,
            None => {}
        }
        start += length + if rest[length..].starts_with(b"\r\n") { 2 } else { 1 };
    }
    None
}

/// The range of the name after `coding:` or `coding=` in a comment line.
fn coding_name(line: &[u8]) -> Option<(usize, usize)> {
    let word = b"coding";
    (0..line.len().saturating_sub(word.len())).find_map(|at| {
        let mark = at + word.len();
        if &line[at..mark] != word || !matches!(line[mark], b':' | b'=') {
            return None;
        }
        let blank = line[mark + 1..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let from = mark + 1 + blank;
        let is_name =
            |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        let length = line[from..].iter().take_while(is_name).count();
        (length > 0).then_some((from, from + length))
    })
}

/// The codec that Python means by `name`.
fn codec(name: &str) -> Option<Codec> {
    let name = name.to_ascii_lowercase().replace('_', "-");
    let alias = match name.as_str() {
        "utf-8" | "utf8" | "u8" | "utf" | "cp65001" | "utf-8-sig" => return Some(Codec::Utf8),
        "latin-1" | "latin1" | "iso-8859-1" | "iso8859-1" | "8859" | "l1" | "iso-latin-1"
        | "cp819" => {
            return Some(Codec::Latin1);
        }
        "ascii" | "us-ascii" | "646" => return Some(Codec::Ascii),
        "cp932" | "ms932" | "mskanji" => "shift_jis",
        "cp949" | "uhc" => "euc-kr",
        "cp936" | "ms936" => "gbk",
        "cp950" => "big5",
        "mac-roman" | "macroman" => "macintosh",
        "eucjp" | "ujis" => "euc-jp",
        "euckr" => "euc-kr",
        other => other,
    };
    // Emacs adds line endings to the names of UTF-8 and Latin-1.
    if name.starts_with("utf-8-") {
        return Some(Codec::Utf8);
    }
    if ["latin-1-", "iso-8859-1-", "iso-latin-1-"].iter().any(|prefix| name.starts_with(prefix)) {
        return Some(Codec::Latin1);
    }
    let windows = alias.strip_prefix("cp125").map(|digit| format!("windows-125{digit}"));
    let label = windows.as_deref().unwrap_or(alias);
    let found = Encoding::for_label(label.as_bytes())
        .or_else(|| Encoding::for_label(label.replace('-', "_").as_bytes()))?;
    // Python reads no source in an encoding that is not a superset of ASCII.
    found.is_ascii_compatible().then_some(Codec::Table(found))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8]) -> (String, Vec<String>) {
        let decoded = decode(bytes.to_vec());
        (decoded.text, decoded.problems.into_iter().map(|problem| problem.message).collect())
    }

    #[test]
    fn utf8_and_its_mark() {
        assert_eq!(check("é".as_bytes()), ("é".to_owned(), vec![]));
        assert_eq!(check(b"\xef\xbb\xbfx"), ("x".to_owned(), vec![]));
        assert!(decode(b"\xef\xbb\xbfx".to_vec()).byte_order_mark);
    }

    #[test]
    fn coding_comments() {
        let latin = |head: &str| [head.as_bytes(), b"\xe9"].concat();
        assert_eq!(check(&latin("# -*- coding: latin-1 -*-\n")).0.chars().last(), Some('é'));
        assert_eq!(check(&latin("#!/bin/python\n# vim: fileencoding=cp1252\n")).1, [""; 0]);
        assert_eq!(check(&latin("# coding: iso-8859-15\r\n")).1, [""; 0]);
        assert_eq!(check(b"# coding: shift_jis\n\x82\xa0").0, "# coding: shift_jis\n\u{3042}");
        assert_eq!(check(&latin("x = 1\n# coding: latin-1\n")).1.len(), 1);
        assert_eq!(check(&latin("\n\n# coding: latin-1\n")).1.len(), 1);
        assert_eq!(check(b"# coding: klingon\n").1, ["unknown encoding `klingon`"]);
        assert_eq!(check(b"# coding: utf-16\n").1, ["unknown encoding `utf-16`"]);
        assert_eq!(check(b"\xef\xbb\xbf# coding: latin-1\n").1.len(), 1);
    }

    #[test]
    fn bad_bytes_are_placed() {
        let decoded = decode(b"ab\xffcd".to_vec());
        assert_eq!(decoded.text, "ab\u{fffd}cd");
        assert_eq!(decoded.problems[0].range, TextRange::new(2.into(), 5.into()));
        assert_eq!(check(b"# coding: ascii\n\xe9").1, ["byte 0xe9 is not ASCII"]);
        assert_eq!(check(b"\xff\xfea\0").1.len(), 1);
        assert_eq!(
            check(b"a\0b"),
            ("a b".into(), vec!["source code cannot contain null bytes".into()])
        );
        assert_eq!(check(b""), (String::new(), vec![]));
        assert_eq!(check(b"#"), ("#".to_owned(), vec![]));
    }
}
