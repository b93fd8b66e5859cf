//! Which modules installed distributions have, as their `RECORD` files list them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::config::{normal_name, read_text};

/// The top-level modules of the distributions in these folders, by normalised name.
#[must_use]
pub fn installed_modules(site_packages: &[PathBuf]) -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for folder in site_packages {
        let Ok(entries) = std::fs::read_dir(folder) else { continue };
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let Some(stem) = name.strip_suffix(".dist-info") else { continue };
            let distribution = stem.rsplit_once('-').map_or(stem, |(name, _)| name);
            let modules = modules_of(&entry.path());
            if !modules.is_empty() {
                found.insert(normal_name(distribution), modules);
            }
        }
    }
    found
}

fn modules_of(folder: &Path) -> Vec<String> {
    let record = read_text(&folder.join("RECORD")).ok().flatten().unwrap_or_default();
    let mut modules: BTreeSet<String> = BTreeSet::new();
    for line in record.lines() {
        let path = line.split(',').next().unwrap_or_default().trim_matches('"');
        let Some(module) = path.strip_suffix(".py").or_else(|| path.strip_suffix(".so")) else {
            continue;
        };
        let mut parts: Vec<&str> = module.split('/').collect();
        if parts.last() == Some(&"__init__") {
            parts.pop();
        }
        let first = parts.first().copied().unwrap_or_default();
        if first.is_empty() || first.starts_with('.') || first.ends_with(".data") || first == ".." {
            continue;
        }
        // Names of compiled modules carry the platform.
        let first = first.split('.').next().unwrap_or_default();
        modules.insert(first.to_owned());
    }
    modules.into_iter().collect()
}
