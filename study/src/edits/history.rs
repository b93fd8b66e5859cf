//! Edits that people made: the last commits of a repository, one after the other, in one database.
//!
//! Only the files of one folder of the repository are checked. A commit that changes which files there are, or what one
//! of them imports, needs a program that is loaded anew, which our Salsa hosts cannot do: the database is made again
//! there, and that commit is counted and not timed.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use ropewalk::source::scan_imports;
use serde::{Deserialize, Serialize};

use crate::hosts::{cells, salsa};
use crate::jobs::{Answer, Check, Job, count, tuning};
use crate::plan::{Cell, Plan as Study};
use crate::rows::Values;
use crate::statistics::median;
use crate::{machine, project};

/// What a child does.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Plan {
    pub host: String,
    /// A clone, or the `.git` folder of one.
    pub repository: PathBuf,
    /// The folder that is checked.
    pub folder: String,
    pub commits: usize,
    pub threads: usize,
    /// Whether each answer is compared with a cold run.
    pub compare: bool,
}

/// Commits that are replayed in each round of a run.
const TIMED: usize = 20;
/// Commits after which the answer is compared with a cold run's.
const COMPARED: usize = 60;

/// Replays the repositories of the plan: `name=path:folder` each.
pub fn run_all(study: &Study) -> Result<()> {
    let mut cells = Vec::new();
    for repository in &study.histories {
        let parts = repository.split_once('=').zip(repository.rsplit_once(':'));
        let ((name, _), (_, folder)) = parts.context("a history is written NAME=PATH:FOLDER")?;
        let path = &repository[name.len() + 1..repository.len() - folder.len() - 1];
        for host in super::HOSTS {
            cells.push(Cell {
                variant: host.to_owned(),
                subject: name.to_owned(),
                threads: study.threads,
                input: newest(Path::new(path), folder)?,
                job: Job::History(Plan {
                    host: host.to_owned(),
                    repository: path.into(),
                    folder: folder.to_owned(),
                    commits: if study.quick { 10 } else { TIMED },
                    threads: study.threads,
                    compare: false,
                }),
            });
        }
    }
    let compared: Vec<Cell> = cells
        .iter()
        .cloned()
        .map(|mut cell| {
            if let Job::History(plan) = &mut cell.job {
                plan.compare = true;
                plan.commits = if study.quick { 10 } else { COMPARED };
            }
            cell
        })
        .collect();
    study.interleave("histories-compared", 1, &compared)?;
    study.interleave("histories", study.rounds, &cells)?;
    Ok(())
}

/// Does it, in this process.
pub fn run(plan: &Plan) -> Result<Answer> {
    let temporary = tempfile::tempdir()?;
    let root = temporary.path().join("tree");
    let commits = commits(plan)?;
    let mut database: Option<salsa::Project> = None;
    let mut values = Values::new();
    let (mut warm, mut cold, mut walls, mut files) = (Vec::new(), Vec::new(), Vec::new(), 0);
    let (mut wrong, mut order, mut made_again) = (0, 0, 0);
    for pair in commits.windows(2) {
        let [before, after] = pair else { continue };
        let edits = plain_edits(&changes(plan, before, after)?);
        let (Some(project), Some(edits)) = (database.as_mut(), edits) else {
            // The first one, or one that cannot be had by edits: everything from the start.
            drop(database.take());
            checkout(plan, after, &root)?;
            let used = machine::cpu();
            let host = tuning(&plan.host).context("an engine that has edits")?;
            let project = salsa::Project::load(&root, plan.threads, host)?;
            project.check();
            cold.push(machine::cpu() - used);
            made_again += 1;
            database = Some(project);
            continue;
        };
        let (start, used) = (Instant::now(), machine::cpu());
        for (file, text) in &edits {
            project.edit(file, text)?;
        }
        let found = project.recheck();
        warm.push(machine::cpu() - used);
        walls.push(start.elapsed().as_secs_f64());
        files += edits.len();
        if plan.compare {
            let check = Check { root: root.clone(), threads: plan.threads, ..Check::default() };
            let expected = project::render(&cells::check(&check)?.0);
            let difference = crate::agree::compare(&expected, &project::render(&found));
            order += difference.order;
            wrong += difference.ours.len() + difference.theirs.len();
        }
    }
    std::mem::forget(database);
    warm.sort_by(f64::total_cmp);
    let at = |share: usize| warm.get(warm.len() * share / 100).copied().unwrap_or(f64::NAN);
    values.insert("commits".to_owned(), count(commits.len() - 1));
    values.insert("made again".to_owned(), count(made_again));
    values.insert("edited files".to_owned(), count(files));
    values.insert("cold cpu".to_owned(), median(&cold));
    values.insert("warm cpu, median".to_owned(), at(50));
    values.insert("warm cpu, 90 %".to_owned(), at(90));
    values.insert("warm cpu, most".to_owned(), warm.last().copied().unwrap_or(f64::NAN));
    values.insert("warm wall, median".to_owned(), median(&walls));
    if plan.compare {
        values.insert("wrong lines".to_owned(), count(wrong));
        values.insert("other order".to_owned(), count(order));
    }
    values.insert("cpu".to_owned(), machine::cpu());
    Ok(Answer { values, output: String::new() })
}

/// A changed file, its text before and after; `None` where there was none.
struct Change {
    file: String,
    before: Option<String>,
    after: Option<String>,
}

/// The new texts by file, if the files and what each imports are as before.
fn plain_edits(changes: &[Change]) -> Option<Vec<(String, String)>> {
    changes
        .iter()
        .map(|change| {
            let (before, after) = (change.before.as_deref()?, change.after.as_deref()?);
            let imports = |text: &str| format!("{:?}", scan_imports(text));
            (imports(before) == imports(after)).then(|| (change.file.clone(), after.to_owned()))
        })
        .collect()
}

/// What a commit changes in the folder. What is no text counts as not there.
fn changes(plan: &Plan, before: &str, after: &str) -> Result<Vec<Change>> {
    let names =
        git(plan, &["diff", "--no-renames", "--name-only", before, after, "--", &plan.folder])?;
    let read = |commit: &str, file: &str| {
        let text = git(plan, &["show", &format!("{commit}:{file}")]).ok()?;
        String::from_utf8(text).ok()
    };
    let mut found = Vec::new();
    for file in String::from_utf8(names)?.lines().filter(|file| is_python(file)) {
        let within = file.strip_prefix(&plan.folder).unwrap_or(file).trim_start_matches('/');
        found.push(Change {
            file: within.to_owned(),
            before: read(before, file),
            after: read(after, file),
        });
    }
    Ok(found)
}

fn is_python(file: &str) -> bool {
    Path::new(file).extension().is_some_and(|it| it == "py" || it == "pyi")
}

/// The last commits that touch Python in the folder, the oldest first, and the one before them.
fn commits(plan: &Plan) -> Result<Vec<String>> {
    let files = [format!("{}/**.py", plan.folder), format!("{}/*.py", plan.folder)];
    let most = (plan.commits + 1).to_string();
    let mut arguments = vec!["log", "--first-parent", "--format=%H", "-n", &most, "--"];
    arguments.extend(files.iter().map(String::as_str));
    let text = String::from_utf8(git(plan, &arguments)?)?;
    let mut found: Vec<String> = text.lines().map(str::to_owned).collect();
    found.reverse();
    ensure!(found.len() > 1, "no commits touch {}", plan.folder);
    Ok(found)
}

fn newest(repository: &Path, folder: &str) -> Result<String> {
    let plan = Plan {
        host: String::new(),
        repository: repository.to_owned(),
        folder: folder.to_owned(),
        commits: 1,
        threads: 1,
        compare: false,
    };
    let mut found = commits(&plan)?.pop().unwrap_or_default();
    found.truncate(12);
    Ok(found)
}

/// Writes the folder of a commit to `root`.
fn checkout(plan: &Plan, commit: &str, root: &Path) -> Result<()> {
    if root.exists() {
        std::fs::remove_dir_all(root)?;
    }
    std::fs::create_dir_all(root)?;
    let mut archive = Command::new("git")
        .arg("-C")
        .arg(&plan.repository)
        .args(["archive", &format!("{commit}:{}", plan.folder)])
        .stdout(Stdio::piped())
        .spawn()
        .context("histories take git")?;
    let text = archive.stdout.take().context("its output")?;
    let unpacked = Command::new("tar").arg("-x").current_dir(root).stdin(text).status()?;
    ensure!(archive.wait()?.success() && unpacked.success(), "cannot read {commit}");
    Ok(())
}

fn git(plan: &Plan, arguments: &[&str]) -> Result<Vec<u8>> {
    let output = Command::new("git").arg("-C").arg(&plan.repository).args(arguments).output();
    let output = output.context("histories take git")?;
    let told = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "git {}: {told}", arguments.join(" "));
    Ok(output.stdout)
}
