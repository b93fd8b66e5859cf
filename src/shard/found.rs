//! Diagnostics as they stand in a result: everything that any output needs of them.
//!
//! Words may name files by their whole path. Shards run on other machines, where the folder that a run began in may have
//! another name: it is written as a mark ([`Here`]).

use std::path::{MAIN_SEPARATOR, Path};
use std::sync::Arc;

use ruff_text_size::TextSize;
use serde::{Deserialize, Serialize};

use crate::rules::{self, Diagnostic, Level, LineColumn, Location};

/// The folder that a run begins in, in texts.
pub struct Here {
    folder: String,
}

/// Stands for the folder.
const MARK: &str = "\0here\0";

impl Here {
    /// A folder by its absolute path.
    #[must_use]
    pub fn new(folder: &Path) -> Self {
        let folder = folder.to_string_lossy();
        Self { folder: folder.trim_end_matches(MAIN_SEPARATOR).to_owned() }
    }

    /// A text with the mark in place of the folder.
    #[must_use]
    pub fn without(&self, text: &str) -> String {
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
        let mut result = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find(&self.folder).filter(|_| !self.folder.is_empty()) {
            let (before, after) = (&rest[..at], &rest[at + self.folder.len()..]);
            // Another folder may begin or end like this one.
            let whole = !before.ends_with(is_name) && !after.starts_with(is_name);
            result.push_str(before);
            result.push_str(if whole { MARK } else { &self.folder });
            rest = after;
        }
        result + rest
    }

    /// A text with the folder in place of the mark.
    #[must_use]
    pub fn within(&self, text: String) -> String {
        if text.contains(MARK) { text.replace(MARK, &self.folder) } else { text }
    }
}

/// A diagnostic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Found {
    rule: String,
    level: String,
    place: Place,
    message: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    notes: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    related: Vec<(Place, String)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    hints: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    only_for: Vec<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    symbol: String,
}

/// A place: offsets in bytes, and lines with columns, both of the beginning and of the end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    path: String,
    offsets: (u32, u32),
    start: (u32, u32),
    end: (u32, u32),
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cell: Option<u32>,
}

impl Place {
    fn of(location: &Location, here: &Here) -> Self {
        let pair = |at: LineColumn| (at.line, at.column);
        Self {
            path: here.without(&location.path),
            offsets: (location.start_offset.to_u32(), location.end_offset.to_u32()),
            start: pair(location.start),
            end: pair(location.end),
            cell: location.cell,
        }
    }

    fn location(self, here: &Here) -> Location {
        let at = |(line, column): (u32, u32)| LineColumn { line, column };
        Location {
            path: here.within(self.path).into(),
            start_offset: TextSize::new(self.offsets.0),
            end_offset: TextSize::new(self.offsets.1),
            start: at(self.start),
            end: at(self.end),
            cell: self.cell,
        }
    }
}

impl Found {
    /// A diagnostic, to be written.
    #[must_use]
    pub fn of(diagnostic: &Diagnostic, here: &Here) -> Self {
        let related = diagnostic.related.iter();
        let all = |texts: &[String]| texts.iter().map(|text| here.without(text)).collect();
        Self {
            rule: diagnostic.rule.name.to_owned(),
            level: diagnostic.level.name().to_owned(),
            place: Place::of(&diagnostic.location, here),
            message: here.without(&diagnostic.message),
            notes: all(&diagnostic.notes),
            related: related
                .map(|(place, words)| (Place::of(place, here), here.without(words)))
                .collect(),
            hints: all(&diagnostic.hints),
            only_for: diagnostic.only_for.clone(),
            symbol: diagnostic.symbol.to_string(),
        }
    }

    /// The diagnostic again.
    ///
    /// # Errors
    /// When there is no such rule or level.
    pub fn diagnostic(self, here: &Here) -> Result<Diagnostic, String> {
        let all = |texts: Vec<String>| texts.into_iter().map(|text| here.within(text)).collect();
        let rule =
            rules::find(&self.rule).ok_or_else(|| format!("there is no rule `{}`", self.rule))?;
        let level = Level::from_name(&self.level)
            .ok_or_else(|| format!("there is no level `{}`", self.level))?;
        let related = self.related.into_iter();
        Ok(Diagnostic {
            rule,
            level,
            location: self.place.location(here),
            message: here.within(self.message),
            notes: all(self.notes),
            related: related
                .map(|(place, words)| (place.location(here), here.within(words)))
                .collect(),
            hints: all(self.hints),
            only_for: self.only_for,
            symbol: Arc::from(self.symbol),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::unresolved_import;

    #[test]
    fn a_diagnostic_comes_back_as_it_was() {
        let place = |offset: u32| Location {
            path: "a/ä.ipynb".into(),
            start_offset: TextSize::new(offset),
            end_offset: TextSize::new(offset + 1),
            start: LineColumn { line: 1, column: offset },
            end: LineColumn { line: 2, column: 3 },
            cell: Some(offset),
        };
        let diagnostic = Diagnostic {
            rule: &unresolved_import::RULE,
            level: Level::Warn,
            location: place(1),
            message: "\"quoted\"\n".to_owned(),
            notes: vec!["looked in /old/place, /old/place/a, /old/places, /x/old/place".to_owned()],
            related: vec![(place(7), "there".to_owned())],
            hints: vec!["how".to_owned()],
            only_for: vec!["win32".to_owned()],
            symbol: "A.f".into(),
        };
        let (old, new) = (Here::new(Path::new("/old/place")), Here::new(Path::new("/new/")));
        let text = serde_json::to_string(&Found::of(&diagnostic, &old)).expect("JSON");
        let found = || serde_json::from_str::<Found>(&text).expect("what was written");
        let expected = format!("{:?}", Ok::<_, ()>(diagnostic));
        assert_eq!(format!("{:?}", found().diagnostic(&old)), expected);
        // Where the folder has another name.
        let expected = expected.replace("/old/place, /old/place/a", "/new, /new/a");
        assert_eq!(format!("{:?}", found().diagnostic(&new)), expected);
    }
}
