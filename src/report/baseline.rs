//! The baseline: findings that are known and not to be reported until somebody mends them.
//!
//! An entry is a path, a rule, the enclosing symbol, the normalised message and a count; no lines and
//! no columns. Entries are sorted and stand on a line each, so that edits give small diffs.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde::Deserialize;

use super::{Key, moved};
use crate::rules::{Diagnostic, Level};

/// Whether a file by its path in the baseline, or the function or class of a dotted name in it, is gone.
pub type IsGone<'a> = &'a dyn Fn(&str, Option<&str>) -> bool;

/// The version of the file's form.
const VERSION: u32 = 1;

/// How often each known finding occurs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Baseline {
    counts: BTreeMap<Key, usize>,
}

/// What a baseline made of a run's findings.
#[derive(Debug)]
pub struct Applied {
    /// The findings that are not in the baseline.
    pub new: Vec<Diagnostic>,
    /// How many are.
    pub hidden: usize,
    /// How often each entry is in the baseline and no longer in the program.
    pub stale: Vec<(Key, usize)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    findings: BTreeMap<String, Vec<Entry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    rule: String,
    #[serde(default)]
    symbol: String,
    message: String,
    #[serde(default = "one")]
    count: usize,
}

fn one() -> usize {
    1
}

impl Baseline {
    /// The baseline in which all of `diagnostics` are known. What only informs is left out.
    ///
    /// `path_of` makes the path in the file out of the path as shown, which depends on the folder
    /// that the command runs in.
    #[must_use]
    pub fn of(diagnostics: &[Diagnostic], path_of: &dyn Fn(&str) -> String) -> Self {
        let mut counts: BTreeMap<Key, usize> = BTreeMap::new();
        for diagnostic in diagnostics.iter().filter(|found| found.level != Level::Info) {
            let key = Key::at(diagnostic, path_of(&diagnostic.location.path));
            *counts.entry(key).or_default() += 1;
        }
        Self { counts }
    }

    /// Reads a baseline.
    ///
    /// # Errors
    /// Says what is wrong with the text, with line and column.
    pub fn parse(text: &str) -> Result<Self, String> {
        let file: File = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if file.version != VERSION {
            return Err(format!("version {} is not known, expected {VERSION}", file.version));
        }
        let mut counts: BTreeMap<Key, usize> = BTreeMap::new();
        for (path, entries) in file.findings {
            for Entry { rule, symbol, message, count } in entries {
                *counts.entry(Key { path: path.clone(), symbol, rule, message }).or_default() +=
                    count;
            }
        }
        Ok(Self { counts })
    }

    /// The text of the file: JSON, sorted, one entry a line.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = format!("{{\n  \"version\": {VERSION},\n  \"findings\": {{");
        let mut path: Option<&str> = None;
        for (key, count) in &self.counts {
            if path == Some(&key.path) {
                text.push(',');
            } else {
                if path.is_some() {
                    text.push_str("\n    ],");
                }
                // Writing to a string does not fail.
                let _ = write!(text, "\n    {}: [", json(&key.path));
                path = Some(&key.path);
            }
            let _ = write!(text, "\n      {{\"rule\": {}", json(&key.rule));
            if !key.symbol.is_empty() {
                let _ = write!(text, ", \"symbol\": {}", json(&key.symbol));
            }
            let _ = write!(text, ", \"message\": {}", json(&key.message));
            if *count != 1 {
                let _ = write!(text, ", \"count\": {count}");
            }
            text.push('}');
        }
        text.push_str(if path.is_some() { "\n    ]\n  }\n}\n" } else { "}\n}\n" });
        text
    }

    /// Takes the known findings out of `diagnostics`, which are sorted: of several with the same key
    /// the first ones are the known ones. `is_gone` says whether a file, or a function or class in it, is no
    /// longer there: what is known of it may then be known under a new name.
    #[must_use]
    pub fn apply(
        &self,
        diagnostics: Vec<Diagnostic>,
        path_of: &dyn Fn(&str) -> String,
        is_gone: IsGone<'_>,
    ) -> Applied {
        let mut left = self.counts.clone();
        let before = diagnostics.len();
        let mut take = |diagnostic: Diagnostic| {
            let key = Key::at(&diagnostic, path_of(&diagnostic.location.path));
            match left.get_mut(&key) {
                Some(count) if *count > 0 && diagnostic.level != Level::Info => {
                    *count -= 1;
                    None
                }
                _ => Some((key, diagnostic)),
            }
        };
        let new: Vec<(Key, Diagnostic)> = diagnostics.into_iter().filter_map(&mut take).collect();
        left.retain(|_, count| *count > 0);
        let new = moved::apply(self.paths(), &mut left, new, is_gone);
        let hidden = before - new.len();
        Applied { new, hidden, stale: left.into_iter().filter(|(_, count)| *count > 0).collect() }
    }

    /// The files that something is known of.
    fn paths(&self) -> BTreeSet<String> {
        self.counts.keys().map(|key| key.path.clone()).collect()
    }

    /// The baseline without what `stale` says is gone.
    #[must_use]
    pub fn pruned(mut self, stale: &[(Key, usize)]) -> Self {
        for (key, gone) in stale {
            if let Some(count) = self.counts.get_mut(key) {
                *count = count.saturating_sub(*gone);
            }
        }
        self.counts.retain(|_, count| *count > 0);
        self
    }

    /// This baseline with the entries for files that `keep` names taken from `other`: what a run
    /// that saw only some of the files leaves alone.
    #[must_use]
    pub fn keeping(mut self, other: &Baseline, keep: impl Fn(&str) -> bool) -> Self {
        for (key, count) in &other.counts {
            if keep(&key.path) {
                self.counts.insert(key.clone(), *count);
            }
        }
        self
    }

    /// How many findings are known.
    #[must_use]
    pub fn len(&self) -> usize {
        self.counts.values().sum()
    }

    /// Whether none are.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }
}

fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
