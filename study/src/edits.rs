//! Edits: what a database has to do again after each, against a batch run that does all of it.
//!
//! A child copies the tree, checks it cold in a database, and then edits, checks again and takes each edit back. Every
//! answer is compared with that of a cold run of our own engine on the same files.

pub mod history;
mod text;

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::hosts::{cells, salsa};
use crate::jobs::{Answer, Check, Job, count, tuning};
use crate::plan::{Cell, Plan as Study};
use crate::rows::Values;
use crate::{machine, project};

/// The kinds of edits.
pub const KINDS: &[&str] = &[
    "nothing",
    "comment at the end",
    "comment at the top",
    "body",
    "body, new local",
    "signature",
    "new definition",
    "core body",
    "core body, new local",
    "core signature",
    "core new definition",
    "file removed",
    "file added",
];

/// The databases whose edits are timed.
pub const HOSTS: [&str; 2] = ["salsa-plain", "salsa-tuned"];
/// Those whose answers after an edit are compared with a cold run's.
const EDITED: [&str; 3] = ["salsa-plain", "salsa-tuned", "salsa-relations"];
/// Those that are looked at for what stays behind.
const KEEPING: [&str; 4] = ["salsa-plain", "salsa-tuned", "salsa-relations", "salsa-lru"];

/// What a child does.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Plan {
    pub host: String,
    pub root: PathBuf,
    pub threads: usize,
    /// Whether each answer is compared with a cold run.
    pub compare: bool,
    /// So many edits of one body, one after the other, for what memory they leave.
    pub repeat: usize,
}

/// See the module's documentation.
pub fn run_all(study: &Study) -> Result<()> {
    let cell = |tree: &crate::trees::Tree, host: &str, compare: bool, repeat: usize| Cell {
        variant: host.to_owned(),
        subject: tree.name.clone(),
        threads: study.threads,
        input: tree.input.clone(),
        job: Job::Edits(Plan {
            host: host.to_owned(),
            root: tree.root.clone(),
            threads: study.threads,
            compare,
            repeat,
        }),
    };
    let each = |hosts: &[&str], compare: bool, repeat: usize| -> Vec<Cell> {
        let of_tree = |tree| hosts.iter().map(move |host| cell(tree, host, compare, repeat));
        let is_edited = |tree: &&crate::trees::Tree| {
            study.edit_trees.is_empty() || study.edit_trees.contains(&tree.name)
        };
        study.trees.iter().filter(is_edited).flat_map(of_tree).collect()
    };
    study.interleave("edits-compared", 1, &each(&EDITED, true, 0))?;
    study.interleave("edits", study.rounds, &each(&HOSTS, false, 0))?;
    let times = if study.quick { 4 } else { 20 };
    study.interleave("edits-memory", 1, &each(&KEEPING, false, times))?;
    Ok(())
}

/// An edit: the file, and its text afterwards; `None` where it is taken away.
struct Edit {
    kind: &'static str,
    file: String,
    text: Option<String>,
}

/// Does it, in this process.
pub fn run(plan: &Plan) -> Result<Answer> {
    let folder = tempfile::tempdir()?;
    let root = folder.path().join("tree");
    copy(&plan.root, &root)?;
    let tuning = tuning(&plan.host).context("an engine that has edits")?;
    let mut values = Values::new();
    let (start, before) = (Instant::now(), machine::cpu());
    let mut project = salsa::Project::load(&root, plan.threads, tuning)?;
    let found = project.check();
    values.insert("cold wall".to_owned(), start.elapsed().as_secs_f64());
    values.insert("cold cpu".to_owned(), machine::cpu() - before);
    let mut output = project::render(&found);
    let edits = edits(&project, &root)?;
    if plan.repeat > 0 {
        repeat(&mut project, &edits, plan.repeat, &mut values)?;
    } else {
        for edit in &edits {
            let original = std::fs::read_to_string(root.join(&edit.file))?;
            let (start, before) = (Instant::now(), machine::cpu());
            apply(&mut project, edit)?;
            let found = project.recheck();
            measure(&mut values, edit.kind, start, before);
            let text = project::render(&found);
            values.insert(format!("{}: lines that differ", edit.kind), differing(&output, &text));
            compare(plan, &root, edit.kind, &text, &mut values)?;
            // And back.
            let (start, before) = (Instant::now(), machine::cpu());
            match edit.text {
                Some(_) => project.edit(&edit.file, &original)?,
                None => project.restore(&edit.file, &original)?,
            }
            output = project::render(&project.recheck());
            if edit.text.is_none() {
                measure(&mut values, "file added", start, before);
                compare(plan, &root, "file added", &output, &mut values)?;
            }
        }
    }
    values.insert("cpu".to_owned(), machine::cpu());
    values.insert("peak".to_owned(), machine::peak_megabytes());
    std::mem::forget(project);
    Ok(Answer { values, output: project::hash(output.as_bytes()) })
}

fn measure(values: &mut Values, kind: &str, start: Instant, before: f64) {
    values.insert(format!("{kind}: wall"), start.elapsed().as_secs_f64());
    values.insert(format!("{kind}: cpu"), machine::cpu() - before);
}

fn apply(project: &mut salsa::Project, edit: &Edit) -> Result<()> {
    match &edit.text {
        Some(text) => project.edit(&edit.file, text),
        None => project.remove(&edit.file),
    }
}

/// Lines that one of two outputs has and the other has not.
fn differing(before: &str, after: &str) -> f64 {
    let found = crate::agree::compare(before, after);
    count(found.order + found.ours.len() + found.theirs.len())
}

/// Compares an answer with that of a cold run on the files as they are now.
fn compare(plan: &Plan, root: &Path, kind: &str, found: &str, values: &mut Values) -> Result<()> {
    if !plan.compare {
        return Ok(());
    }
    let check = Check { root: root.to_owned(), threads: plan.threads, ..Check::default() };
    let cold = project::render(&cells::check(&check)?.0);
    let difference = crate::agree::compare(&cold, found);
    values.insert(format!("{kind}: other order"), count(difference.order));
    let wrong = difference.ours.len() + difference.theirs.len();
    values.insert(format!("{kind}: wrong lines"), count(wrong));
    for line in difference.ours.iter().map(|line| format!("cold  {line}")).take(2) {
        eprintln!("{kind} ({}): {line}", plan.host);
    }
    for line in difference.theirs.iter().map(|line| format!("salsa {line}")).take(2) {
        eprintln!("{kind} ({}): {line}", plan.host);
    }
    Ok(())
}

/// The same body edited again and again, each time another way.
fn repeat(
    project: &mut salsa::Project,
    edits: &[Edit],
    times: usize,
    values: &mut Values,
) -> Result<()> {
    let Some(edit) = edits.iter().find(|edit| edit.kind == "core body, new local") else {
        return Ok(());
    };
    values.insert("resident before".to_owned(), machine::resident_megabytes());
    crate::jobs::memory_of(project, values);
    for (name, value) in values.clone() {
        if name.ends_with("bytes") {
            values.insert(format!("{name} before"), value);
        }
    }
    let used = machine::cpu();
    for time in 0..times {
        let text = edit.text.as_deref().unwrap_or_default();
        project
            .edit(&edit.file, &text.replace("_edited = 1", &format!("_edited = {}", 10 + time)))?;
        project.recheck();
    }
    values.insert("edits".to_owned(), count(times));
    values.insert("cpu of an edit".to_owned(), (machine::cpu() - used) / times as f64);
    values.insert("resident after".to_owned(), machine::resident_megabytes());
    crate::jobs::memory_of(project, values);
    Ok(())
}

/// The edits of a tree: of a module that nobody imports much, and of the one that most import.
fn edits(project: &salsa::Project, root: &Path) -> Result<Vec<Edit>> {
    let files = project.by_importers();
    let read = |file: &str| std::fs::read_to_string(root.join(file));
    let mut found = Vec::new();
    let usual = files.iter().filter(|(_, importers)| *importers <= 2).map(|(file, _)| file);
    let usual = usual.filter(|file| read(file).is_ok_and(|text| text::has_function(&text)));
    let usual: Vec<&String> = usual.collect();
    let leaf = usual.get(usual.len() / 2).context("a module with a function")?;
    // A package is imported with each of its modules: that says nothing of its own file.
    let is_module = |file: &&String| !file.ends_with("__init__.py");
    let core = files.iter().rev().map(|(file, _)| file).filter(is_module);
    let mut core = core.filter(|file| read(file).is_ok_and(|text| text::has_function(&text)));
    let core = core.next().context("a module with a function")?;
    eprintln!("edits are made in {leaf} and {core}");
    let text = read(leaf)?;
    let mut add = |kind, file: &String, text: Option<String>| {
        if let Some(text) = text {
            found.push(Edit { kind, file: file.clone(), text: Some(text) });
        }
    };
    add("nothing", leaf, Some(text.clone()));
    add("comment at the end", leaf, Some(format!("{text}\n# edited\n")));
    add("comment at the top", leaf, Some(format!("# edited\n{text}")));
    add("body", leaf, text::in_body(&text, "pass"));
    add("body, new local", leaf, text::in_body(&text, "_edited = 1"));
    add("signature", leaf, text::in_signature(&text));
    add("new definition", leaf, text::above(&text, "_edited = 1"));
    let text = read(core)?;
    add("core body", core, text::in_body(&text, "pass"));
    add("core body, new local", core, text::in_body(&text, "_edited = 1"));
    add("core signature", core, text::in_signature(&text));
    add("core new definition", core, text::above(&text, "_edited = 1"));
    found.push(Edit { kind: "file removed", file: (*leaf).clone(), text: None });
    Ok(found)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
