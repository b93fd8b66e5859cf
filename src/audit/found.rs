//! What a question finds, before it has lines and levels.

use std::collections::BTreeMap;

use super::settings::Confidence;
use crate::project::Mention;
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
    /// The statements that can be taken out for it, with what falls with it; empty if that takes more thought.
    pub removable: Vec<(Box<str>, (u32, u32))>,
    /// The name that other files may mention.
    pub name: Option<Box<str>>,
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
            removable: Vec::new(),
            name: None,
        }
    }

    /// Makes it less sure for a reason.
    pub fn doubt(&mut self, confidence: Confidence, reason: String) {
        if confidence < self.confidence {
            self.confidence = confidence;
            self.finding.hints = vec![reason];
        }
    }
}

/// Lowers findings whose names other files mention.
pub fn apply_mentions(found: &mut [Found], mentions: &BTreeMap<String, Mention>) {
    for each in found {
        let Some(mention) = each.name.as_deref().and_then(|name| mentions.get(name)) else {
            continue;
        };
        let confidence = if mention.is_acting { Confidence::Possible } else { Confidence::Likely };
        let file = mention.file.file_name().unwrap_or_default().to_string_lossy();
        each.doubt(confidence, format!("`{file}` mentions its name"));
    }
}
