//! `--changed-since REV`: everything is checked, but only what the changes bring is reported.
//!
//! In changed files all findings are. Elsewhere a finding is reported if the same program at REV
//! did not have it, so the files of REV are checked too, in a temporary folder.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use anyhow::{Context, bail};

use super::engine::CheckRequest;
use super::high::HiArgs;
use crate::project::{EnvironmentOrigin, path_of_bytes, shown};
use crate::report::baseline::Baseline;
use crate::rules::Diagnostic;

/// Checks all projects with their requests changed.
pub type CheckAt<'a> =
    &'a dyn Fn(&dyn Fn(&CheckRequest) -> CheckRequest) -> anyhow::Result<Vec<Diagnostic>>;

/// Runs something over all projects with their requests changed.
pub type RunAt<'a, T> = &'a dyn Fn(&dyn Fn(&CheckRequest) -> CheckRequest) -> anyhow::Result<T>;

/// A revision that is there.
pub struct Revision {
    /// The top of the repository.
    top: PathBuf,
    commit: String,
}

impl Revision {
    /// Finds the revision called `name`.
    ///
    /// # Errors
    /// When this is not a git repository, the revision does not exist, or git can't be run.
    pub fn find(here: &Path, name: &str) -> anyhow::Result<Self> {
        Self::named(here, name).context("--changed-since")
    }

    /// The same, for another flag.
    ///
    /// # Errors
    /// When this is not a git repository, the revision does not exist, or git can't be run.
    pub fn named(here: &Path, name: &str) -> anyhow::Result<Self> {
        let top = git(here, &["rev-parse", "--show-toplevel"], None)?;
        let top = PathBuf::from(text(&top).trim_end_matches(['\n', '\r']));
        let commit = git(
            here,
            &["rev-parse", "--verify", "--end-of-options", &format!("{name}^{{commit}}")],
            None,
        )
        .with_context(|| format!("`{name}` is not a revision"))?;
        Ok(Self { top, commit: text(&commit).trim().to_owned() })
    }
}

/// Keeps what lies in files changed since `revision`, and what was not there at `revision`.
///
/// # Errors
/// When git can't be run.
pub fn filter(
    high: &HiArgs,
    revision: &Revision,
    diagnostics: Vec<Diagnostic>,
    check_at: CheckAt<'_>,
) -> anyhow::Result<Vec<Diagnostic>> {
    let here = &high.working_directory;
    let Revision { top, commit } = revision;
    let mut changed = BTreeSet::new();
    let diff = git(top, &["diff", "--name-only", "-z", commit, "--"], None)?;
    let untracked = git(top, &["ls-files", "--others", "--exclude-standard", "-z"], None)?;
    for output in [diff, untracked] {
        let names = output.stdout.split(|byte| *byte == 0).filter(|name| !name.is_empty());
        // As findings name them.
        let named = |name: &[u8]| PathBuf::from(&*shown(top.join(path_of_bytes(name)).as_os_str()));
        changed.extend(names.map(named));
    }
    let is_changed =
        |diagnostic: &Diagnostic| changed.contains(&here.join(&*diagnostic.location.path));
    if changed.is_empty() {
        return Ok(Vec::new());
    }
    if diagnostics.iter().all(is_changed) {
        return Ok(diagnostics);
    }
    let before = findings_at(top, here, commit, check_at)?;
    let known = Baseline::of(&before, &str::to_owned);
    let (inside, outside): (Vec<_>, Vec<_>) = diagnostics.into_iter().partition(is_changed);
    let mut kept = inside;
    kept.extend(known.apply(outside, &str::to_owned, &|_, _| false).new);
    crate::report::sort(&mut kept);
    Ok(kept)
}

/// What is found in the files of `commit`, with paths as shown here.
fn findings_at(
    top: &Path,
    here: &Path,
    commit: &str,
    check_at: CheckAt<'_>,
) -> anyhow::Result<Vec<Diagnostic>> {
    let (mut found, tree) = in_tree_of(top, here, commit, check_at)?;
    // Files outside of the working directory are shown by their whole path.
    for diagnostic in &mut found {
        if let Ok(rest) = Path::new(&*diagnostic.location.path).strip_prefix(&tree) {
            diagnostic.location.path = shown(top.join(rest).as_os_str()).into();
        }
    }
    Ok(found)
}

/// Runs something over the files of `revision`, with requests that mean these files.
///
/// # Errors
/// When this is not a git repository, the revision does not exist, or git can't be run.
pub fn at_revision<T>(here: &Path, revision: &str, run: RunAt<'_, T>) -> anyhow::Result<T> {
    let Revision { top, commit } = Revision::named(here, revision)?;
    Ok(in_tree_of(&top, here, &commit, run)?.0)
}

/// Runs something over the files of `commit`; gives the folder that they were in, too.
fn in_tree_of<T>(
    top: &Path,
    here: &Path,
    commit: &str,
    run: RunAt<'_, T>,
) -> anyhow::Result<(T, PathBuf)> {
    let folder = TemporaryFolder::new()?;
    let tree = folder.path.join("tree");
    let index = folder.path.join("index");
    // An index of its own keeps the user's untouched.
    git(top, &["read-tree", commit], Some(&index))?;
    let prefix = format!("--prefix={}/", tree.display());
    git(top, &["checkout-index", "--all", "--force", &prefix], Some(&index))?;
    let moved = |path: &Path| match path.strip_prefix(top) {
        Ok(rest) => tree.join(rest),
        Err(_) => path.to_owned(),
    };
    let found = run(&|request| {
        let mut request = request.clone();
        // The environment is not part of the commit: it stays where it is.
        let found = request.settings().ok().map(|(_, environment)| environment);
        let found = found.filter(|found| found.origin != EnvironmentOrigin::Path);
        let found = found.and_then(|found| found.prefix);
        let environment = &mut request.environment;
        environment.python = environment.python.take().or(found);
        for path in environment.extra_paths.iter_mut().chain(environment.roots.iter_mut().flatten())
        {
            *path = moved(path);
        }
        request.paths =
            request.paths.iter().map(|path| moved(path)).filter(|path| path.exists()).collect();
        request.nested_projects = request.nested_projects.iter().map(|path| moved(path)).collect();
        request.root = moved(&request.root);
        request.working_directory = moved(here);
        request.instruments = super::engine::Instruments::default();
        request
    })?;
    Ok((found, tree))
}

struct TemporaryFolder {
    path: PathBuf,
}

impl TemporaryFolder {
    fn new() -> anyhow::Result<Self> {
        let path = std::env::temp_dir().join(format!("ropewalk-{}", std::process::id()));
        std::fs::create_dir_all(path.join("tree")).context("cannot make a temporary folder")?;
        Ok(Self { path })
    }
}

impl Drop for TemporaryFolder {
    fn drop(&mut self) {
        // What is left behind lies in the system's folder for such things.
        let _ = std::fs::remove_dir_all(&self.path);
    }
}

fn git(folder: &Path, arguments: &[&str], index: Option<&Path>) -> anyhow::Result<Output> {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).args(arguments);
    if let Some(index) = index {
        command.env("GIT_INDEX_FILE", index);
    }
    let output = command.output().context("cannot run git")?;
    if !output.status.success() {
        let error = String::from_utf8_lossy(&output.stderr);
        bail!("git {}: {}", arguments.first().unwrap_or(&""), error.trim());
    }
    Ok(output)
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}
