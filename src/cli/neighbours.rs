//! Imports that do not resolve, and that another project of the same run has: what a monorepo forgot to write down.

use std::collections::BTreeMap;
use std::path::Path;

use super::check::Unfound;
use super::high::HiArgs;

/// A sentence for each project that has what another one imports in vain. `unfound` has the packages by the number of
/// the project that imports them.
pub fn hints(high: &HiArgs, unfound: &Unfound) -> Vec<String> {
    let root = |at: usize| high.projects[at].cells.first().map(|cell| cell.request.root.as_path());
    let mut hints = Vec::new();
    for (&importer, packages) in unfound {
        let mut by_owner: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
        for package in packages {
            let has_it = |at: &usize| {
                *at != importer && root(*at).is_some_and(|folder| has_package(folder, package))
            };
            if let Some(owner) = (0..high.projects.len()).find(has_it) {
                by_owner.entry(owner).or_default().push(package);
            }
        }
        for (owner, packages) in by_owner {
            let named: Vec<String> = packages.iter().map(|name| format!("`{name}`")).collect();
            let verb = if named.len() == 1 { "is" } else { "are" };
            hints.push(format!(
                "project {}: {} {verb} in the project {}, which it does not name by path: `[tool.uv.sources]`, poetry's \
                 `path`, or `environment.extra-paths` do that",
                high.projects[importer].shown_root,
                named.join(", "),
                high.projects[owner].shown_root,
            ));
        }
    }
    hints
}

/// Whether a project has a module or package of that name at one of the usual places.
fn has_package(project: &Path, name: &str) -> bool {
    [project.to_path_buf(), project.join("src")].iter().any(|root| {
        root.join(format!("{name}.py")).is_file() || root.join(name).join("__init__.py").is_file()
    })
}
