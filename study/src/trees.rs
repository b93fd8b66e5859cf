//! The trees that are checked: real packages at fixed versions, the programs of our fixtures, and a small one.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// A tree.
#[derive(Debug, Clone)]
pub struct Tree {
    pub name: String,
    pub root: PathBuf,
    pub files: usize,
    pub lines: usize,
    /// Hash of all of it.
    pub input: String,
}

/// The packages, with their versions.
const PACKAGES: &[(&str, &str)] = &[
    ("black", "26.10.1"),
    ("sphinx", "9.2.0"),
    ("prefect", "3.9.1"),
    ("sympy", "1.14.0"),
    ("homeassistant", "2025.4.4"),
];

/// The names of the default trees.
pub fn names(quick: bool) -> Vec<String> {
    let packages = PACKAGES.iter().map(|package| package.0.to_owned());
    if quick { vec!["small".to_owned(), "fixtures".to_owned()] } else { packages.collect() }
}

/// The repository that this program was built from.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Finds trees below `folder`; makes or fetches those that are not there.
pub fn find(names: &[String], folder: &Path) -> Result<Vec<Tree>> {
    std::fs::create_dir_all(folder)?;
    names.iter().map(|name| find_one(name, folder)).collect()
}

fn find_one(name: &str, folder: &Path) -> Result<Tree> {
    let root = folder.join(name);
    match name {
        "small" => write_all(&root, &small())?,
        "fixtures" => write_all(&root, &fixtures()?)?,
        _ if !root.is_dir() => fetch(name, folder)?,
        _ => {}
    }
    let (files, lines, input) = crate::project::input(&root)?;
    ensure!(files > 0, "{} has no files to check", root.display());
    Ok(Tree { name: name.to_owned(), root, files, lines, input })
}

fn fetch(name: &str, folder: &Path) -> Result<()> {
    let package = PACKAGES.iter().find(|package| package.0 == name);
    let wanted = package.map_or_else(|| name.to_owned(), |(name, at)| format!("{name}=={at}"));
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("fetch.py");
    let status = Command::new("python3").arg(script).arg(folder).arg(&wanted).status();
    let status = status.context("fetching packages takes python3 with pip")?;
    ensure!(status.success(), "cannot fetch {wanted}");
    Ok(())
}

fn write_all(root: &Path, files: &[(PathBuf, String)]) -> Result<()> {
    if root.is_dir() {
        std::fs::remove_dir_all(root)?;
    }
    for (path, text) in files {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().context("a folder around it")?)?;
        std::fs::write(path, text)?;
    }
    Ok(())
}

/// A package whose modules need each other in a circle, with functions that declare nothing.
fn small() -> Vec<(PathBuf, String)> {
    const MODULES: usize = 24;
    let mut files = vec![(PathBuf::from("small/__init__.py"), String::new())];
    for at in 0..MODULES {
        let next = (at + 1) % MODULES;
        let mut text = format!("from __future__ import annotations\nfrom small import m{next}\n\n");
        for unit in 0..12 {
            let _ = write!(
                text,
                "\nclass Item{unit}:\n    limit = {unit}\n    def __init__(self, name: str, size=0):\n        \
                 self.name = name\n        self.size = size\n    def grow(self, by):\n        self.size += by\n        \
                 return self\n    def other(self):\n        return m{next}.make{unit}(self.name)\n\n\
                 def make{unit}(name):\n    item = Item{unit}(name)\n    while item.size < item.limit:\n        \
                 item = item.grow(1)\n    return item\n\n\
                 def ring{unit}(depth):\n    if depth > {unit}:\n        return depth\n    \
                 return m{next}.ring{unit}(depth + 1)\n\n\
                 def total{unit}(items: list[Item{unit}]) -> int:\n    result = 0\n    for item in items:\n        \
                 result += item.grow(1).size\n    return str(result)\n"
            );
        }
        files.push((PathBuf::from(format!("small/m{at}.py")), text));
    }
    files
}

/// The programs of our own fixtures, each block a module.
fn fixtures() -> Result<Vec<(PathBuf, String)>> {
    let mut files = Vec::new();
    let root = repository().join("fixtures");
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                let name = path
                    .strip_prefix(&root)?
                    .with_extension("")
                    .to_string_lossy()
                    .replace(['/', '-', '.'], "_");
                let text = std::fs::read_to_string(&path)?;
                let blocks = text.split("```py").skip(1);
                let bodies =
                    blocks.filter_map(|block| block.split_once('\n')?.1.split("\n```").next());
                for (number, body) in bodies.enumerate() {
                    files.push((PathBuf::from(format!("{name}_{number}.py")), format!("{body}\n")));
                }
            }
        }
    }
    files.sort();
    Ok(files)
}
