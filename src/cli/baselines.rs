//! Baselines applied to a run, updated and pruned: each project's findings go by the baseline of the project.
//!
//! Several projects may have one baseline in common. A run says nothing of entries that it could not see.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::check::Findings;
use super::engine::{shown_path, source_text};
use super::high::HiArgs;
use super::low::BaselineArgs;
use super::output::note;
use crate::project::config::{probe, read_text, write_whole};
use crate::report::baseline::Baseline;
use crate::rules::{Diagnostic, Level};

/// What is left after the baselines.
pub struct Kept {
    /// What is not in them.
    pub found: Findings,
    /// How many findings they hide.
    pub hidden: usize,
    /// How many entries are no longer found.
    pub stale: usize,
    /// Whether entries are gone, and that is an error.
    pub stale_is_error: bool,
}

/// Reads the baselines, and looks whether those that are to be written can be.
///
/// # Errors
/// When one of them can't be.
pub fn validate(args: &BaselineArgs, high: &HiArgs) -> anyhow::Result<()> {
    let files: BTreeSet<&Path> =
        high.projects.iter().filter_map(|project| project.baseline.as_deref()).collect();
    for file in files {
        let shown = shown_path(&high.working_directory, file);
        read(args, file, &shown)?;
        if args.update_baseline || args.prune_baseline {
            probe(file).with_context(|| format!("baseline {shown}: cannot write it"))?;
        }
    }
    Ok(())
}

/// The text of a baseline and what it says.
fn read(
    args: &BaselineArgs,
    file: &Path,
    shown: &str,
) -> anyhow::Result<(Option<String>, Baseline)> {
    let text = read_text(file).with_context(|| format!("baseline {shown}"))?;
    let old = match &text {
        Some(text) => {
            Baseline::parse(text).map_err(|error| anyhow::anyhow!("baseline {shown}: {error}"))?
        }
        None if args.update_baseline => Baseline::default(),
        None => anyhow::bail!("baseline {shown}: no such file; --update-baseline makes it"),
    };
    Ok((text, old))
}

/// Takes what is in the baselines out of `found`, and updates them as the flags say. `whole` tells that no
/// single files were named.
///
/// # Errors
/// When a baseline can't be read or written.
pub fn apply(
    args: &BaselineArgs,
    high: &HiArgs,
    whole: bool,
    mut found: Findings,
) -> anyhow::Result<Kept> {
    let files: BTreeSet<&Path> =
        high.projects.iter().filter_map(|project| project.baseline.as_deref()).collect();
    let (mut hidden, mut stale, mut stale_is_error) = (0, 0, false);
    for file in files {
        let all = std::mem::take(&mut found.diagnostics);
        let goes_by = |diagnostic: &Diagnostic| {
            // A folder that can't be read is of the outermost project.
            let project = found.project_of(diagnostic).unwrap_or(0);
            high.projects.get(project).and_then(|project| project.baseline.as_deref()) == Some(file)
        };
        let (inside, outside): (Vec<_>, Vec<_>) = all.into_iter().partition(goes_by);
        let mut kept = apply_one(args, &Scope::new(high, file, whole, &found), inside)?;
        hidden += kept.hidden;
        stale += kept.stale;
        stale_is_error |= kept.stale_is_error;
        kept.left.extend(outside);
        found.diagnostics = kept.left;
    }
    crate::report::sort(&mut found.diagnostics);
    Ok(Kept { found, hidden, stale, stale_is_error })
}

/// A baseline, and what of it a run can see.
struct Scope<'a> {
    file: &'a Path,
    shown: String,
    high: &'a HiArgs,
    /// Files that were checked, as the baseline has them.
    checked: BTreeSet<String>,
    /// Folders that were checked wholly: a file that is gone was in one of them.
    folders: Vec<String>,
}

impl<'a> Scope<'a> {
    fn new(high: &'a HiArgs, file: &'a Path, whole: bool, found: &Findings) -> Self {
        let shown = shown_path(&high.working_directory, file);
        let mut scope = Self { file, shown, high, checked: BTreeSet::new(), folders: Vec::new() };
        scope.checked = found.checked.keys().map(|path| scope.path_of(path)).collect();
        for project in high.projects.iter().filter(|_| whole) {
            let root = project.cells.first().map(|cell| scope.relative(&cell.request.root));
            scope.folders.extend(root.filter(|_| project.baseline.as_deref() == Some(file)));
        }
        scope
    }

    /// A shown path as the baseline has it.
    fn path_of(&self, shown: &str) -> String {
        self.relative(&self.high.working_directory.join(shown))
    }

    /// `path` relative to the folder of the baseline, with `..` where it lies outside.
    fn relative(&self, path: &Path) -> String {
        let folder = self.file.parent().unwrap_or(self.file);
        let mut up = PathBuf::new();
        for ancestor in folder.ancestors() {
            if let Ok(rest) = path.strip_prefix(ancestor) {
                return up.join(rest).to_string_lossy().replace('\\', "/");
            }
            up.push("..");
        }
        path.to_string_lossy().replace('\\', "/")
    }

    /// Whether a file, or a function or class in it, is no longer there.
    fn is_gone(&self, path: &str, symbol: Option<&str>) -> bool {
        let file = self.file.parent().unwrap_or(self.file).join(path);
        let shown = file.to_string_lossy();
        let text = source_text(&self.high.working_directory, &shown);
        let (Some(text), Some(symbol)) = (text, symbol) else {
            return symbol.is_none() && !file.exists();
        };
        // A name that is still defined may be another's, and then the finding is new.
        !symbol.is_empty() && symbol.split('.').any(|name| !defines(&text, name))
    }

    fn is_seen(&self, path: &str) -> bool {
        let is_in = |folder: &String| {
            folder.is_empty()
                || path.strip_prefix(folder.as_str()).is_some_and(|rest| rest.starts_with('/'))
        };
        self.checked.contains(path) || self.folders.iter().any(is_in)
    }
}

struct KeptOfOne {
    left: Vec<Diagnostic>,
    hidden: usize,
    stale: usize,
    stale_is_error: bool,
}

fn apply_one(
    args: &BaselineArgs,
    scope: &Scope<'_>,
    mut diagnostics: Vec<Diagnostic>,
) -> anyhow::Result<KeptOfOne> {
    let (file, shown) = (scope.file, &scope.shown);
    let (text, old) = read(args, file, shown)?;
    let path_of = |path: &str| scope.path_of(path);
    if args.update_baseline {
        let new = Baseline::of(&diagnostics, &path_of).keeping(&old, |path| !scope.is_seen(path));
        write_baseline(file, &new, text.as_deref())?;
        note(format!("baseline {shown}: {}", findings(new.len())));
        diagnostics.retain(|diagnostic| diagnostic.level == Level::Info);
        return Ok(KeptOfOne {
            left: diagnostics,
            hidden: new.len(),
            stale: 0,
            stale_is_error: false,
        });
    }
    let is_gone = |path: &str, symbol: Option<&str>| scope.is_gone(path, symbol);
    let mut applied = old.apply(diagnostics, &path_of, &is_gone);
    applied.stale.retain(|(key, _)| scope.is_seen(&key.path));
    let stale: usize = applied.stale.iter().map(|(_, count)| count).sum();
    if args.prune_baseline && stale > 0 {
        write_baseline(file, &old.pruned(&applied.stale), text.as_deref())?;
        note(format!("baseline {shown}: {} gone and taken out", findings(stale)));
    } else if stale > 0 && scope.high.presentation.quiet == 0 {
        note(format!(
            "baseline {shown}: {} gone; --prune-baseline takes out what is gone",
            findings(stale)
        ));
        if args.error_stale_baseline {
            for (key, count) in &applied.stale {
                note(format!("  {}: {} {} ({count})", key.path, key.rule, key.message));
            }
        }
    }
    let stale_is_error = args.error_stale_baseline && !args.prune_baseline && stale > 0;
    let stale = if args.prune_baseline { 0 } else { stale };
    Ok(KeptOfOne { left: applied.new, hidden: applied.hidden, stale, stale_is_error })
}

/// Whether a text has a function or class of that name.
fn defines(text: &str, name: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    ["def ", "class "].iter().any(|word| {
        text.match_indices(word).any(|(at, _)| {
            let rest = text[at + word.len()..].trim_start();
            rest.strip_prefix(name).is_some_and(|rest| !rest.starts_with(is_part))
        })
    })
}

fn findings(count: usize) -> String {
    format!("{count} {}", if count == 1 { "finding" } else { "findings" })
}

fn write_baseline(file: &Path, baseline: &Baseline, old: Option<&str>) -> anyhow::Result<()> {
    let text = baseline.to_text();
    if old == Some(text.as_str()) {
        return Ok(());
    }
    write_whole(file, text.as_bytes()).with_context(|| format!("cannot write {}", file.display()))
}
