//! What a shard leaves behind: one JSON document, written by `-o shard:FILE` and read by `merge`.
//!
//! Its form belongs to the version of ropewalk that wrote it, and no other version reads it: what a finding is may
//! change with every version, and results of two versions are not those of one run. In a file whose name ends in `.zst`
//! it is compressed by Zstandard, to a tenth.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::found::Found;
use crate::infer::facts::ModuleFacts;

/// How a document says that it is one.
const FORMAT: &str = "ropewalk-shard";

/// The version of ropewalk that writes and reads.
const TOOL: &str = env!("CARGO_PKG_VERSION");

/// How much work is put into compression: as much as costs less time than writing what it saves.
const LEVEL: i32 = 1;

/// How a file that is compressed by Zstandard begins.
const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// What was run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// `check`: there are diagnostics.
    Check,
    /// `audit`: there are facts.
    Audit,
}

impl Kind {
    /// The command.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::Audit => "audit",
        }
    }
}

/// The document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShardResult {
    format: String,
    tool: String,
    /// What was run.
    pub kind: Kind,
    /// Which shard it is.
    pub shard: u32,
    /// Of how many.
    pub of: u32,
    /// What all shards of a run have in common.
    pub run: Run,
    /// What came out, by project, Python version and platform.
    pub cells: Vec<CellResult>,
}

/// What all shards of a run have in common. What differs makes a result foreign.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// The flags, without those that say where results go.
    pub command: Value,
    /// The projects with their settings.
    pub settings: Value,
    /// A hash of the files to check, with their paths.
    pub tree: String,
    /// A hash of what else was loaded: the installed packages.
    pub packages: String,
    /// A hash of which file belongs to which shard.
    pub partition: String,
    /// How many files there are to check, counted once for each cell.
    pub files: usize,
}

/// What came out for a project on one Python version and platform.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CellResult {
    /// The Python version and where it was said, the platform, and the environment in words.
    pub checked_for: CheckedFor,
    /// What was set and could not be used, a sentence each.
    pub notes: Vec<String>,
    /// Whether something failed inside.
    pub internal_errors: bool,
    /// The files of the shard.
    pub files: Vec<FileResult>,
    /// What was found in them.
    pub diagnostics: Vec<Found>,
    /// The facts of the files, for an audit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<ModuleFacts>,
    /// The modules of installed distributions by name, for an audit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distributions: Option<BTreeMap<String, Vec<String>>>,
}

/// What a project is checked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckedFor {
    /// The Python version.
    pub python: String,
    /// Where the version was said.
    pub python_origin: String,
    /// The platform.
    pub platform: String,
    /// The environment, in words.
    pub environment: String,
    /// Whether there is one.
    pub has_environment: bool,
    /// Whether somebody said that it is the project's.
    pub environment_is_sure: bool,
}

/// A file that was checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileResult {
    /// As shown.
    pub path: String,
    /// Of its text.
    pub hash: String,
    /// The work that it took, in ticks.
    pub work: u64,
}

/// A hash as it is written.
#[must_use]
pub fn hash_text(hash: u64) -> String {
    format!("{hash:016x}")
}

impl ShardResult {
    /// A result of this version.
    #[must_use]
    pub fn new(kind: Kind, (shard, of): (u32, u32), run: Run, cells: Vec<CellResult>) -> Self {
        Self { format: FORMAT.to_owned(), tool: TOOL.to_owned(), kind, shard, of, run, cells }
    }

    /// The document.
    ///
    /// # Errors
    /// When a path is not text.
    pub fn to_bytes(&self) -> Result<Vec<u8>, String> {
        let mut bytes = serde_json::to_vec(self).map_err(|error| error.to_string())?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// The document, compressed.
    ///
    /// # Errors
    /// When a path is not text, or there is no memory.
    pub fn to_compressed(&self) -> Result<Vec<u8>, String> {
        zstd::encode_all(&*self.to_bytes()?, LEVEL).map_err(|error| error.to_string())
    }

    /// Reads a document, compressed or not.
    ///
    /// # Errors
    /// Says why it is not one, or not one of this version.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        if bytes.starts_with(&MAGIC) {
            let text = zstd::decode_all(bytes);
            return Self::of_text(&text.map_err(|error| format!("it is not complete: {error}"))?);
        }
        Self::of_text(bytes)
    }

    fn of_text(bytes: &[u8]) -> Result<Self, String> {
        #[derive(Deserialize)]
        struct Head {
            format: String,
            tool: String,
        }
        let Ok(head) = serde_json::from_slice::<Head>(bytes) else {
            // A file that was cut off begins as one.
            let begins = bytes.starts_with(format!("{{\"format\":\"{FORMAT}\"").as_bytes());
            return Err(match begins {
                true => "it is not complete: its end is missing".to_owned(),
                false => "it is not the result of a shard, as `-o shard:FILE` writes it".to_owned(),
            });
        };
        if head.format != FORMAT {
            return Err("it is not the result of a shard, as `-o shard:FILE` writes it".to_owned());
        }
        if head.tool != TOOL {
            return Err(format!("it is of ropewalk {}, and this is ropewalk {TOOL}", head.tool));
        }
        serde_json::from_slice(bytes).map_err(|error| format!("it can't be read: {error}"))
    }
}
