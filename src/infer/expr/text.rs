//! The values of literals of text: a line break within one is `\n`, whatever the file's own line breaks are.
//!
//! The parser keeps line breaks as they are in the file. That an escaped `\r\n` stands in triple quotes is told by the
//! lengths: an escape is shorter as a value than as it is written.

use std::borrow::Cow;

use ruff_python_ast::{ExprBytesLiteral, ExprStringLiteral, StringFlags};
use ruff_text_size::{Ranged, TextRange};

/// The value of a string.
pub(super) fn of_string(string: &ExprStringLiteral) -> Cow<'_, str> {
    let value = string.value.to_str();
    let breaks = |part: &ruff_python_ast::StringLiteral| {
        has_raw_breaks(part.flags, part.range(), part.value.len())
    };
    if value.contains('\r') && string.value.iter().any(breaks) {
        return Cow::Owned(value.replace("\r\n", "\n").replace('\r', "\n"));
    }
    Cow::Borrowed(value)
}

/// The value of bytes.
pub(super) fn of_bytes(bytes: &ExprBytesLiteral) -> Vec<u8> {
    let value: Vec<u8> = bytes.value.bytes().collect();
    let breaks = |part: &ruff_python_ast::BytesLiteral| {
        has_raw_breaks(part.flags, part.range(), part.value.len())
    };
    if !value.contains(&b'\r') || !bytes.value.iter().any(breaks) {
        return value;
    }
    let mut result = Vec::with_capacity(value.len());
    for (at, byte) in value.iter().enumerate() {
        match byte {
            b'\r' if value.get(at + 1) == Some(&b'\n') => {}
            b'\r' => result.push(b'\n'),
            other => result.push(*other),
        }
    }
    result
}

/// Whether a literal in triple quotes is as long as it is written, so that nothing in it is an escape.
fn has_raw_breaks(flags: impl StringFlags, range: TextRange, length: usize) -> bool {
    let written = range.len().to_usize();
    let around = (flags.opener_len() + flags.closer_len()).to_usize();
    flags.is_triple_quoted() && written == around + length
}
