//! Which names other files than Python's mention: configuration, templates, scripts, documentation.
//!
//! What a YAML file or a template calls by its name is used, whatever the Python files say.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;
use rayon::prelude::*;
use rustc_hash::FxHashSet;

/// Endings of files that a program may act on.
const ACTING: &[&str] = &[
    "yaml", "yml", "toml", "cfg", "ini", "json", "jinja", "jinja2", "j2", "html", "htm", "xml",
    "tmpl", "mako", "sh", "template", "conf", "txt_t", "rst_t", "tex_t", "py_t", "in", "pyx",
    "pxd", "js", "ts",
];

/// Endings of files that people read.
const TELLING: &[&str] = &["rst", "md", "mdx", "ipynb"];

/// Files of more bytes are data.
const MOST_BYTES: u64 = 400_000;

/// Folders whose texts name nothing of a program.
const SKIPPED: &[&str] = &[
    "translations",
    "locale",
    "locales",
    "node_modules",
    "CHANGES",
    "changes",
    "htmlcov",
    "coverage.xml",
];

/// Endings of files that reports and baselines have.
const REPORTING: &[&str] = &["json", "html", "htm", "xml", "md"];

/// Where a name is mentioned.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mention {
    /// Whether a program may act on the file.
    pub is_acting: bool,
    /// The first such file in order of path.
    pub file: PathBuf,
}

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MentionScope {
    /// Names of definitions: in everything but Python files.
    Definitions,
    /// Names of packages: in Python files and what a program acts on, but not where dependencies are declared.
    Packages,
}

/// The names among `names` that files below `roots` mention. A file that acts counts before one that tells. A report or a
/// baseline of an earlier run names everything that was found: it is known by the names of `rules`.
#[must_use]
pub fn mentions(
    roots: &[PathBuf],
    names: &FxHashSet<String>,
    rules: &BTreeSet<&str>,
    scope: MentionScope,
) -> BTreeMap<String, Mention> {
    let files = files_below(roots, |path| kind_of(path, scope).map(|is_acting| !is_acting));
    let found: Vec<Vec<(&str, usize)>> = files
        .par_iter()
        .enumerate()
        .map(|(at, (_, path))| {
            let Ok(bytes) = std::fs::read(path) else { return Vec::new() };
            let text = String::from_utf8_lossy(&bytes);
            let ending = path.extension().and_then(|ending| ending.to_str());
            if ending.is_some_and(|ending| REPORTING.contains(&ending))
                && rules.iter().any(|rule| text.contains(rule))
            {
                return Vec::new();
            }
            let mut here: Vec<(&str, usize)> = Vec::new();
            for word in text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')) {
                if let Some(name) = names.get(word) {
                    here.push((name.as_str(), at));
                }
            }
            here.sort_unstable();
            here.dedup();
            here
        })
        .collect();
    let mut first: BTreeMap<String, usize> = BTreeMap::new();
    for (name, at) in found.into_iter().flatten() {
        let known = first.entry(name.to_owned()).or_insert(at);
        *known = (*known).min(at);
    }
    first
        .into_iter()
        .map(|(name, at)| {
            let (is_telling, file) = &files[at];
            (name, Mention { is_acting: !is_telling, file: file.clone() })
        })
        .collect()
}

/// The files below folders that `pick` takes, with what it says of them, in order of that and of path. What is too large
/// to be text, and folders whose texts name nothing, are left out.
pub(super) fn files_below<T: Ord>(
    roots: &[PathBuf],
    pick: impl Fn(&Path) -> Option<T>,
) -> Vec<(T, PathBuf)> {
    let mut files: Vec<(T, PathBuf)> = Vec::new();
    for root in roots {
        let walk = WalkBuilder::new(root)
            .filter_entry(|entry| {
                let name = entry.file_name().to_string_lossy();
                !SKIPPED.contains(&&*name)
            })
            .build();
        for entry in walk.flatten() {
            if let Some(kind) = pick(entry.path())
                && entry.metadata().is_ok_and(|found| found.is_file() && found.len() <= MOST_BYTES)
            {
                files.push((kind, entry.into_path()));
            }
        }
    }
    files.sort();
    files.dedup();
    files
}

/// Whether a program may act on a file; `None` for files that are not looked at.
fn kind_of(path: &Path, scope: MentionScope) -> Option<bool> {
    let ending = path.extension()?.to_str()?;
    if scope == MentionScope::Packages {
        let acts = ACTING.contains(&ending) || ending == "py";
        return (acts && !matches!(ending, "toml" | "json" | "txt" | "in" | "js" | "ts" | "html"))
            .then_some(true);
    }
    if ACTING.contains(&ending) {
        return Some(true);
    }
    TELLING.contains(&ending).then_some(false)
}
