//! From bytes to parsed modules: reading, decoding, notebooks, parsing, suppression comments.
//!
//! Whatever a file holds, something comes out: text with problems, and a tree as far as it parses.

mod comments;
mod depth;
mod encoding;
mod import_rows;
mod imports;
mod parse;
mod read;
mod scopes;
mod semantic;
mod signatures;
pub mod stack;
mod text;
mod within;
mod words;

pub use comments::{Suppression, SuppressionKind, Suppressions};
pub use depth::MAX_DEPTH;
pub use import_rows::{ImportRow, RowWay, import_rows, is_named, is_type_checking};
pub use imports::{ScannedImport, asks_for_main, scan_exports, scan_imports};
pub use parse::{
    ParsedSource, parse, parse_again, parse_imports, parse_known, parse_signatures, source_type_of,
};
pub use read::{MAX_BYTES, ReadError, from_bytes, from_text, read};
pub use text::{LinePosition, NotebookMap, ProblemKind, SourceProblem, SourceText, Span};
pub use within::any_within;
pub use words::Words;
