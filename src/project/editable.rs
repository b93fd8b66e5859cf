//! Editable installs: what `.pth` files and the finder modules that build backends write add to the search path.
//!
//! Nothing is run. A `.pth` line is a folder or is skipped; a finder is read as text, and only literal tables
//! in it count.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use ruff_python_ast::{Expr, PySourceType, Stmt};

use super::listing::normalize;

/// What the files of one `site-packages` folder add.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Editables {
    /// Folders to search, in the order in which Python would add them.
    pub(super) folders: Vec<PathBuf>,
    /// Module names to the folder of their package or the file of their module.
    pub(super) modules: BTreeMap<String, PathBuf>,
}

/// Reads the `.pth` files and editable finders in `site`.
pub(super) fn read(site: &Path) -> Editables {
    let mut editables = Editables::default();
    let Ok(entries) = fs::read_dir(site) else {
        return editables;
    };
    // Python processes `.pth` files in order of name.
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            continue;
        };
        let extension = path.extension().and_then(|extension| extension.to_str());
        if extension == Some("pth") {
            if let Ok(bytes) = fs::read(&path) {
                read_pth(&String::from_utf8_lossy(&bytes), site, &mut editables.folders);
            }
        } else if extension == Some("py")
            && (name.starts_with("__editable__") || name.starts_with("_editable_impl_"))
            && let Ok(text) = fs::read_to_string(&path)
        {
            read_finder(&text, site, &mut editables.modules);
        }
    }
    editables
}

fn read_pth(text: &str, site: &Path, folders: &mut Vec<PathBuf>) {
    for line in text.trim_start_matches('\u{feff}').lines() {
        let line = line.trim_end();
        if line.is_empty() || line.starts_with('#') || is_code(line) {
            continue;
        }
        let folder = normalize(&site.join(line));
        if folder.is_dir() && !folders.contains(&folder) {
            folders.push(folder);
        }
    }
}

/// Whether Python would run this line of a `.pth` file.
fn is_code(line: &str) -> bool {
    line.strip_prefix("import").is_some_and(|rest| rest.starts_with([' ', '\t']))
}

/// Takes `MAPPING = {"name": "path"}` (setuptools) and `F.map_module("name", "path")` (the `editables`
/// library, which hatch uses) out of a finder.
fn read_finder(text: &str, site: &Path, modules: &mut BTreeMap<String, PathBuf>) {
    let parsed = ruff_python_parser::parse_unchecked_source(text, PySourceType::Python);
    for stmt in parsed.suite() {
        match stmt {
            Stmt::Assign(assign) if assign.targets.iter().any(is_mapping) => {
                read_mapping(&assign.value, site, modules);
            }
            Stmt::AnnAssign(assign) if is_mapping(&assign.target) => {
                if let Some(value) = &assign.value {
                    read_mapping(value, site, modules);
                }
            }
            Stmt::Expr(expression) => {
                if let Expr::Call(call) = &*expression.value
                    && let Expr::Attribute(function) = &*call.func
                    && function.attr.as_str() == "map_module"
                    && let [name, path] = &*call.arguments.args
                {
                    insert(name, path, site, modules);
                }
            }
            _ => {}
        }
    }
}

fn is_mapping(target: &Expr) -> bool {
    matches!(target, Expr::Name(name) if name.id.as_str() == "MAPPING")
}

fn read_mapping(value: &Expr, site: &Path, modules: &mut BTreeMap<String, PathBuf>) {
    if let Expr::Dict(dict) = value {
        for item in dict {
            if let Some(key) = &item.key {
                insert(key, &item.value, site, modules);
            }
        }
    }
}

fn insert(name: &Expr, path: &Expr, site: &Path, modules: &mut BTreeMap<String, PathBuf>) {
    let (Expr::StringLiteral(name), Expr::StringLiteral(path)) = (name, path) else {
        return;
    };
    let path = normalize(&site.join(path.value.to_str()));
    // setuptools writes a module's path without its extension, hatch that of a package's `__init__.py`.
    let path = match path.file_name().and_then(|name| name.to_str()) {
        Some("__init__.py") => path.parent().map_or_else(|| path.clone(), Path::to_owned),
        _ if path.exists() => path,
        _ => path.with_added_extension("py"),
    };
    if path.exists() {
        modules.insert(name.value.to_str().to_owned(), path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pth_lines_that_are_folders_count() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (site, code) = (folder.path().join("site"), folder.path().join("code"));
        fs::create_dir_all(&site).expect("a folder");
        fs::create_dir_all(&code).expect("a folder");
        let text =
            format!("# note\nimport os; os.system('x')\n\n{}\n../code\nabsent\n", code.display());
        fs::write(site.join("a.pth"), text).expect("a file");
        fs::write(site.join("b.pth"), [0xff, 0xfe, 0x00]).expect("a file");
        assert_eq!(read(&site).folders, [code]);
    }

    #[test]
    fn finders_are_read_as_text() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let site = folder.path();
        fs::create_dir_all(site.join("code/pack")).expect("a folder");
        fs::write(site.join("code/pack/__init__.py"), "").expect("a file");
        fs::write(site.join("code/single.py"), "").expect("a file");
        let code = site.join("code");
        let text = format!(
            "from __future__ import annotations\nMAPPING: dict[str, str] = {{'pack': {:?}, 'single': {:?}, 'gone': '/none'}}\n",
            code.join("pack"),
            code.join("single"),
        );
        fs::write(site.join("__editable___x_finder.py"), text).expect("a file");
        let text = format!("F.map_module('other', {:?})\n", code.join("pack/__init__.py"));
        fs::write(site.join("_editable_impl_y.py"), text).expect("a file");
        let modules = read(site).modules;
        assert_eq!(modules.get("pack"), Some(&code.join("pack")));
        assert_eq!(modules.get("other"), Some(&code.join("pack")));
        assert_eq!(modules.get("single"), Some(&code.join("single.py")));
        assert_eq!(modules.len(), 3);
    }
}
