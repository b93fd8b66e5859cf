//! `--statistics`: how many findings there are by rule, by project and by owner.
//!
//! The largest come first, equal ones by name.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::severity;
use crate::rules::{Diagnostic, Level};
use crate::schedule::OwnerOf;

/// Counts by three keys.
#[derive(Debug, Default)]
pub struct Statistics {
    rules: BTreeMap<(&'static str, Level), usize>,
    projects: BTreeMap<String, usize>,
    owners: BTreeMap<String, usize>,
    levels: BTreeMap<Level, usize>,
}

impl Statistics {
    /// Counts `diagnostics`; an owner is looked up only when there are owners at all.
    #[must_use]
    pub fn of(
        diagnostics: &[Diagnostic],
        project_of: &dyn Fn(&str) -> String,
        owner_of: Option<OwnerOf<'_>>,
    ) -> Self {
        let mut statistics = Self::default();
        for diagnostic in diagnostics {
            let path = &diagnostic.location.path;
            let level = diagnostic.level;
            *statistics.rules.entry((diagnostic.rule.name, level)).or_default() += 1;
            *statistics.levels.entry(level).or_default() += 1;
            *statistics.projects.entry(project_of(path)).or_default() += 1;
            if let Some(owner_of) = owner_of {
                let owner = owner_of(path).unwrap_or_else(|| "(nobody)".to_owned());
                *statistics.owners.entry(owner).or_default() += 1;
            }
        }
        statistics
    }

    /// Writes a table a key; projects only when there are several.
    ///
    /// # Errors
    /// When `out` can't be written to.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let rules: Vec<(String, usize)> = self
            .rules
            .iter()
            .map(|((name, level), count)| (format!("{:<7}  {name}", severity(*level)), *count))
            .collect();
        table("rule", rules.iter().map(|(name, count)| (name.as_str(), *count)), out)?;
        if self.projects.len() > 1 {
            let rows = self.projects.iter().map(|(name, count)| (name.as_str(), *count));
            table("project", rows, out)?;
        }
        let rows = self.owners.iter().map(|(name, count)| (name.as_str(), *count));
        table("owner", rows, out)?;
        let rows = self.levels.iter().map(|(level, count)| (severity(*level), *count));
        table("severity", rows, out)?;
        let total: usize = self.levels.values().sum();
        writeln!(out, "\n{total:>8}  in all")
    }
}

fn table<'a>(
    title: &str,
    rows: impl Iterator<Item = (&'a str, usize)>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut rows: Vec<(&str, usize)> = rows.collect();
    rows.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    if rows.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nby {title}:")?;
    for (name, count) in rows {
        writeln!(out, "{count:>8}  {name}")?;
    }
    Ok(())
}
