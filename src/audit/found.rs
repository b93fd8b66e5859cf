//! What a question finds, before it has lines and levels.

use super::settings::Confidence;
use crate::rules::Finding;

/// A finding of the audit.
#[derive(Debug, Clone)]
pub struct Found {
    /// The rule and its words; other places are in `related`.
    pub finding: Finding,
    /// How sure it is.
    pub confidence: Confidence,
    /// The file, as shown.
    pub path: Box<str>,
    /// Where, in bytes.
    pub range: (u32, u32),
    /// Other places: path, range, words.
    pub related: Vec<(Box<str>, (u32, u32), String)>,
    /// What could be removed: the whole statement.
    pub removal: Option<(u32, u32)>,
}

impl Found {
    /// A finding without other places.
    #[must_use]
    pub fn new(finding: Finding, confidence: Confidence, path: &str, range: (u32, u32)) -> Self {
        Self {
            finding,
            confidence,
            path: path.into(),
            range,
            related: Vec::new(),
            removal: None,
        }
    }
}
