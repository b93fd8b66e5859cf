//! The level of each rule in each file: defaults, then configuration, then overrides by glob.
//!
//! A set of levels is resolved once; asking it for a file's levels costs a few glob matches.

use std::path::Path;

use globset::{Glob, GlobSet, GlobSetBuilder};

use super::{ALL, Level, Rule};

/// The levels of a project's rules.
#[derive(Debug, Clone)]
pub struct RuleLevels {
    /// Parallel to [`ALL`].
    base: Box<[Level]>,
    overrides: Vec<Override>,
}

#[derive(Debug, Clone)]
struct Override {
    include: Option<GlobSet>,
    /// The globs of `include` as they are written.
    written: Vec<String>,
    exclude: GlobSet,
    levels: Vec<(usize, Level)>,
}

impl Default for RuleLevels {
    fn default() -> Self {
        Self { base: ALL.iter().map(|rule| rule.default_level).collect(), overrides: Vec::new() }
    }
}

impl RuleLevels {
    /// Sets a rule, or with `all` every rule but those that only inform, to `level`.
    ///
    /// Returns false when there is no such rule.
    #[must_use]
    pub fn set(&mut self, name: &str, level: Level) -> bool {
        let indices = indices_of(name);
        for index in &indices {
            self.base[*index] = level;
        }
        !indices.is_empty()
    }

    /// Adds levels for the files that match `include` (all, when `None`) and not `exclude`; paths
    /// are relative to the project. Later overrides win.
    ///
    /// # Errors
    /// When a glob is malformed.
    pub fn add_override(
        &mut self,
        include: Option<&[String]>,
        exclude: &[String],
        levels: &[(&str, Level)],
    ) -> Result<(), globset::Error> {
        let written = include.map(<[String]>::to_vec).unwrap_or_default();
        let include = include.map(glob_set).transpose()?;
        let exclude = glob_set(exclude)?;
        let levels = levels
            .iter()
            .flat_map(|(name, level)| indices_of(name).into_iter().map(|index| (index, *level)))
            .collect();
        self.overrides.push(Override { include, written, exclude, levels });
        Ok(())
    }

    /// The levels that hold in the file at `path`, relative to the project.
    #[must_use]
    pub fn for_file(&self, path: &Path) -> FileLevels {
        let mut levels = self.base.clone();
        for table in &self.overrides {
            let included = table.include.as_ref().is_none_or(|globs| globs.is_match(path));
            if included && !table.exclude.is_match(path) {
                for (index, level) in &table.levels {
                    levels[*index] = *level;
                }
            }
        }
        FileLevels { levels }
    }

    /// The globs of overrides that match none of the files at `paths`, relative to the project.
    #[must_use]
    pub fn idle_globs<'a>(&self, paths: impl Iterator<Item = &'a Path> + Clone) -> Vec<&str> {
        let mut idle = Vec::new();
        for table in &self.overrides {
            let Some(include) = &table.include else { continue };
            let mut used = vec![false; include.len()];
            for path in paths.clone() {
                for at in include.matches(path) {
                    used[at] = true;
                }
            }
            let mut at = 0;
            for glob in &table.written {
                let end = at + patterns(glob).len();
                if !used[at..end].contains(&true) {
                    idle.push(glob.as_str());
                }
                at = end;
            }
        }
        idle
    }

    /// The levels outside of all overrides, in order of the rules' names.
    pub fn base(&self) -> impl Iterator<Item = (&'static Rule, Level)> + '_ {
        ALL.iter().copied().zip(self.base.iter().copied())
    }
}

/// The levels that hold in one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileLevels {
    levels: Box<[Level]>,
}

impl FileLevels {
    /// The level of `rule`.
    #[must_use]
    pub fn level(&self, rule: &Rule) -> Level {
        match ALL.binary_search_by(|candidate| candidate.name.cmp(rule.name)) {
            Ok(index) => self.levels[index],
            Err(_) => rule.default_level,
        }
    }
}

/// Indices into [`ALL`]. `all` leaves out `revealed-type`, which is an answer and not a finding.
fn indices_of(name: &str) -> Vec<usize> {
    if name == "all" {
        return (0..ALL.len()).filter(|index| ALL[*index].default_level != Level::Info).collect();
    }
    ALL.binary_search_by(|rule| rule.name.cmp(name)).into_iter().collect()
}

fn glob_set(globs: &[String]) -> Result<GlobSet, globset::Error> {
    let mut builder = GlobSetBuilder::new();
    for pattern in globs.iter().flat_map(|glob| patterns(glob)) {
        builder.add(Glob::new(&pattern)?);
    }
    builder.build()
}

/// What a glob means as users write them: a bare name or folder matches at any depth, and all below it.
fn patterns(glob: &str) -> Vec<String> {
    let trimmed = glob.trim_start_matches("./");
    let (anchored, body) = match trimmed.strip_prefix('/') {
        Some(rest) => (true, rest),
        None => (trimmed.trim_end_matches('/').contains('/'), trimmed),
    };
    let body = body.trim_end_matches('/');
    let prefixes: &[&str] = if anchored { &[""] } else { &["", "**/"] };
    prefixes
        .iter()
        .flat_map(|prefix| [format!("{prefix}{body}"), format!("{prefix}{body}/**")])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{deprecated, unresolved_import};

    #[test]
    fn later_settings_win() -> Result<(), globset::Error> {
        let mut levels = RuleLevels::default();
        assert!(levels.set("all", Level::Warn));
        assert!(levels.set("deprecated", Level::Error));
        assert!(!levels.set("no-such-rule", Level::Error));
        levels.add_override(
            Some(&["tests".to_owned()]),
            &["tests/keep/*.py".to_owned()],
            &[("unresolved-import", Level::Ignore)],
        )?;
        let plain = levels.for_file(Path::new("src/a.py"));
        assert_eq!(plain.level(&unresolved_import::RULE), Level::Warn);
        assert_eq!(plain.level(&deprecated::RULE), Level::Error);
        let test = levels.for_file(Path::new("a/tests/b.py"));
        assert_eq!(test.level(&unresolved_import::RULE), Level::Ignore);
        let kept = levels.for_file(Path::new("tests/keep/b.py"));
        assert_eq!(kept.level(&unresolved_import::RULE), Level::Warn);
        Ok(())
    }
}
