//! `audit dependencies`: what projects declare against what their modules import.

mod names;

use std::collections::{BTreeMap, BTreeSet};

use ruff_python_stdlib::sys::is_known_standard_library;

use self::names::{Names, is_loaded, is_of, stubbed};
use super::conventions::{PathKind, path_kind};
use super::found::Found;
use super::imports::graph::{ImportGraph, Outside};
use super::settings::{AuditProject, AuditSettings, Confidence};
use crate::infer::facts::ImportWay;
use crate::project::config::{Dependency, Purpose};
use crate::rules::{misplaced_dependency, undeclared_dependency, unused_dependency};

/// The newest version whose standard library is known.
const MINOR: u8 = 14;

/// What the question is asked of.
pub struct Question<'q> {
    /// Who imports what.
    pub graph: &'q ImportGraph,
    /// What is declared.
    pub settings: &'q AuditSettings,
    /// The modules of distributions, as the environment and the configuration have them.
    pub told: &'q BTreeMap<String, Vec<String>>,
    /// How a file is shown.
    pub shown: &'q dyn Fn(&std::path::Path) -> String,
}

/// How a project uses something that it imports.
#[derive(Debug, Clone, Copy, Default)]
struct Use {
    /// When the program runs, without a handler.
    run: bool,
    /// Where an import may fail.
    optional: bool,
    /// For typing.
    typing: bool,
    /// In tests, documentation, `setup.py`.
    development: bool,
}

/// An import of a module of others.
struct Imported<'g> {
    name: &'g str,
    path: &'g str,
    at: u32,
    /// In a function: it runs only if that is called.
    is_deferred: bool,
    /// Not in a function, and not in a file beside the packages that nothing imports.
    is_sure: bool,
    used: Use,
}

/// All findings, project by project.
#[must_use]
pub fn check(question: &Question<'_>) -> Vec<Found> {
    let names = Names::new(question.told);
    let mut found = Vec::new();
    for (number, project) in question.settings.projects.iter().enumerate() {
        if !project.manifest.declares || project.manifest.is_dynamic {
            continue;
        }
        let imports = imports_of(question, number);
        let checker = Checker { question, names: &names, project, imports: &imports };
        checker.unused(&mut found);
        checker.undeclared(&mut found);
        checker.siblings(number, &mut found);
    }
    found
}

fn is_development(path: &str) -> bool {
    let file = path.rsplit('/').next().unwrap_or_default();
    path_kind(path) != PathKind::Program
        || path.contains("/testing/")
        || matches!(file, "setup.py" | "conf.py" | "noxfile.py" | "tasks.py" | "fabfile.py")
        // What builds the project has requirements of its own.
        || matches!(file, "hatch_build.py" | "pdm_build.py")
        || path.split('/').any(|part| {
            matches!(
                part,
                "scripts" | "script" | "tools" | "dev" | "ci" | ".github" | "utils_dev" | "infra"
            )
        })
}

fn imports_of<'q>(question: &Question<'q>, project: usize) -> Vec<Imported<'q>> {
    let graph = question.graph;
    let own = |import: &&Outside| graph.modules[import.from as usize].project == project;
    let others = || graph.outside.iter().filter(own).filter(|each| !is_standard(&each.name));
    // A function that goes on where an optional import has not failed imports more of the same.
    let optional: BTreeSet<(u32, &str)> = others()
        .filter(|import| import.is_optional)
        .map(|import| (import.from, top_of(&import.name)))
        .collect();
    let loose = loose(graph, project);
    others()
        .map(|import| {
            let path = &*graph.modules[import.from as usize].path;
            let is_loose = loose.contains(&import.from);
            let is_script = is_loose && graph.modules[import.from as usize].has_main;
            let development = is_development(path) || is_script;
            let typing = import.way == ImportWay::Typing;
            let is_deferred = import.way == ImportWay::Deferred;
            let is_optional = import.is_optional
                || (is_deferred && optional.contains(&(import.from, top_of(&import.name))));
            let used = Use {
                run: !typing && !development && !is_optional,
                optional: is_optional && !development && !typing,
                typing: typing && !development,
                development,
            };
            let is_sure = !is_deferred && !is_loose;
            Imported { name: &import.name, path, at: import.at, is_deferred, is_sure, used }
        })
        .collect()
}

/// What lies beside the packages of a project: modules in no package that nothing imports. Those that run by themselves
/// are scripts.
fn loose(graph: &ImportGraph, project: usize) -> BTreeSet<u32> {
    let folder = |path: &str| path.rsplit_once('/').map_or("", |parts| parts.0).to_owned();
    let own = || graph.modules.iter().enumerate().filter(|(_, each)| each.project == project);
    let packages: BTreeSet<String> = own()
        .filter(|(_, each)| each.path.ends_with("/__init__.py"))
        .map(|(_, each)| folder(&each.path))
        .collect();
    if packages.is_empty() {
        return BTreeSet::new();
    }
    let imported: BTreeSet<u32> = graph.imports.iter().map(|import| import.to).collect();
    own()
        .filter(|(_, each)| !packages.contains(&folder(&each.path)))
        .map(|(at, _)| u32::try_from(at).unwrap_or(u32::MAX))
        .filter(|at| !imported.contains(at))
        .collect()
}

fn top_of(name: &str) -> &str {
    name.split('.').next().unwrap_or_default()
}

fn is_standard(name: &str) -> bool {
    let top = top_of(name);
    is_known_standard_library(MINOR, top)
        || matches!(top, "_typeshed" | "__future__" | "__main__" | "distutils" | "imp" | "asyncore")
        || top.is_empty()
}

struct Checker<'c> {
    question: &'c Question<'c>,
    names: &'c Names<'c>,
    project: &'c AuditProject,
    imports: &'c [Imported<'c>],
}

impl Checker<'_> {
    /// Whether a package that is called like the project, or at least one package, is among its files: what a
    /// project of other files needs cannot be told.
    fn has_package(&self) -> bool {
        let graph = self.question.graph;
        let settings = self.question.settings;
        let own = settings.projects.iter().position(|each| each.prefix == self.project.prefix);
        graph.modules.iter().any(|module| {
            Some(module.project) == own
                && module.path.ends_with("/__init__.py")
                && !is_development(&module.path)
        })
    }

    fn is_own(&self, dependency: &Dependency) -> bool {
        self.project.manifest.name.as_deref() == Some(&dependency.name)
    }

    /// How the project uses a distribution; `None` if nothing imports it.
    fn use_of(&self, distribution: &str) -> Option<Use> {
        let modules = self.names.modules(distribution);
        let mut total: Option<Use> = None;
        for import in self.imports {
            if modules
                .iter()
                .any(|module| is_of(import.name, module) || is_of_any_case(import.name, module))
            {
                let used = total.get_or_insert_default();
                used.run |= import.used.run;
                used.optional |= import.used.optional;
                used.typing |= import.used.typing;
                used.development |= import.used.development;
            }
        }
        total
    }

    /// Whether a module of another project of the workspace is imported by this one.
    fn uses_sibling(&self, distribution: &str) -> bool {
        let settings = self.question.settings;
        let graph = self.question.graph;
        let own = settings.projects.iter().position(|each| each.prefix == self.project.prefix);
        let sibling = settings
            .projects
            .iter()
            .position(|each| each.manifest.name.as_deref() == Some(distribution));
        let (Some(own), Some(sibling)) = (own, sibling) else { return false };
        graph.imports.iter().any(|import| {
            graph.modules[import.from as usize].project == own
                && graph.modules[import.to as usize].project == sibling
        })
    }

    fn is_told_used(&self, name: &str) -> bool {
        self.question.settings.used_dependencies.iter().any(|each| each == name)
    }

    fn unused(&self, found: &mut Vec<Found>) {
        let has_package = self.has_package();
        let mut seen: BTreeSet<(&str, &Purpose)> = BTreeSet::new();
        for dependency in &self.project.manifest.dependencies {
            let name = dependency.name.as_str();
            if self.is_own(dependency)
                || !seen.insert((name, &dependency.purpose))
                || matches!(dependency.purpose, Purpose::Group(_))
                || self.is_told_used(name)
                || self.uses_sibling(name)
            {
                continue;
            }
            let used = match stubbed(name) {
                // Stubs belong to what they describe.
                Some(of) if self.use_of(of).is_some() || self.use_of(name).is_some() => continue,
                _ => self.use_of(name),
            };
            let file = (self.question.shown)(&dependency.file);
            let start = u32::try_from(dependency.range.0).unwrap_or(0);
            let end = u32::try_from(dependency.range.1).unwrap_or(0);
            let mut add = |finding, confidence| {
                let mut each = Found::new(finding, confidence, &file, (start, end));
                if each.finding.rule.name == unused_dependency::RULE.name {
                    each.name = Some(self.word_of(name).into());
                }
                found.push(each);
            };
            let is_main = dependency.purpose == Purpose::Main;
            match used {
                None => add(
                    unused_dependency::unused(name),
                    if !is_main || is_loaded(name) || dependency.has_marker || !has_package {
                        Confidence::Possible
                    } else if self.names.is_known(name) || !self.has_strangers() {
                        Confidence::Certain
                    } else {
                        Confidence::Likely
                    },
                ),
                Some(used) if is_main && !used.run && !used.optional && !is_loaded(name) => {
                    let is_for_tests = is_development(&format!("{}x.py", self.project.prefix));
                    if used.development && !used.typing && !is_for_tests {
                        add(misplaced_dependency::only_tests(name), Confidence::Likely);
                    } else if used.typing && !self.is_runtime_typing(name) {
                        // Something may import it by a name in a string.
                        add(misplaced_dependency::only_typing(name), Confidence::Possible);
                    }
                }
                Some(_) => {}
            }
        }
    }

    /// Packages that are imported for typing and needed all the same.
    fn is_runtime_typing(&self, name: &str) -> bool {
        name == "typing-extensions"
    }

    /// The word that a string would name a distribution by.
    fn word_of(&self, name: &str) -> String {
        let modules = self.names.modules(name);
        modules.first().map_or_else(
            || name.replace('-', "_"),
            |module| module.rsplit('.').next().unwrap_or(module).to_owned(),
        )
    }

    /// Whether something is imported that no declared distribution seems to have: it may be of one with an
    /// unexpected name.
    fn has_strangers(&self) -> bool {
        self.imports
            .iter()
            .any(|import| !import.used.development && self.owner(import.name).is_none())
    }

    /// The declared distribution that has a module. Stubs describe one that another distribution has.
    fn owner(&self, module: &str) -> Option<&Dependency> {
        self.project.manifest.dependencies.iter().find(|dependency| {
            let modules = match stubbed(&dependency.name) {
                Some(_) => return false,
                None => self.names.modules(&dependency.name),
            };
            modules.iter().any(|name| is_of(module, name) || is_of_any_case(module, name))
        })
    }

    /// Whether a project around this one declares what has a module.
    fn is_declared_around(&self, module: &str) -> bool {
        self.question.settings.projects.iter().any(|around| {
            around.prefix.len() < self.project.prefix.len()
                && self.project.prefix.starts_with(&around.prefix)
                && around.manifest.dependencies.iter().any(|dependency| {
                    self.names.modules(&dependency.name).iter().any(|name| is_of(module, name))
                })
        })
    }

    fn undeclared(&self, found: &mut Vec<Found>) {
        let mut seen: BTreeSet<String> = BTreeSet::new();
        let key_of = |import: &Imported<'_>| {
            self.names.owner(import.name).unwrap_or_else(|| top_of(import.name).to_owned())
        };
        let run = self.imports.iter().filter(|import| import.used.run);
        let sure: BTreeSet<String> = run.filter(|import| import.is_sure).map(key_of).collect();
        for import in self.imports {
            let owner = self.owner(import.name);
            let top = import.name.split('.').next().unwrap_or_default();
            let by_name = self.names.owner(import.name);
            let key = by_name.clone().unwrap_or_else(|| top.to_owned());
            let own_name = self.project.manifest.name.as_deref();
            if own_name
                .is_some_and(|own| self.names.modules(own).iter().any(|m| is_of(import.name, m)))
                || self.is_told_used(&key)
            {
                continue;
            }
            match owner {
                Some(dependency) => {
                    let is_group = matches!(dependency.purpose, Purpose::Group(_));
                    let has_main = self.is_in_main(import.name);
                    if import.used.run
                        && is_group
                        && !has_main
                        && seen.insert(format!("group {key}"))
                    {
                        let finding = misplaced_dependency::in_development(&dependency.name, top);
                        let confidence = if import.is_deferred {
                            Confidence::Possible
                        } else {
                            Confidence::Likely
                        };
                        found.push(self.place(finding, confidence, import));
                    }
                }
                // It is told at an import that runs when the program starts, if there is one.
                None if import.used.run && !import.is_sure && sure.contains(&key) => {}
                None if import.used.run && seen.insert(key.clone()) => {
                    // What functions import alone may be there or not: who calls them brings it.
                    let confidence = if !import.is_sure || self.is_declared_around(import.name) {
                        Confidence::Possible
                    } else if by_name.is_some() && !self.has_unmatched() {
                        Confidence::Certain
                    } else if by_name.is_some() || !self.has_unmatched() {
                        Confidence::Likely
                    } else {
                        Confidence::Possible
                    };
                    // `google` says little; `google.auth` says which.
                    let parts = if by_name.is_some() { 2 } else { 1 };
                    let shown: Vec<&str> = import.name.split('.').take(parts).collect();
                    let shown = shown.join(".");
                    let finding = undeclared_dependency::undeclared(shown, by_name.as_deref());
                    found.push(self.place(finding, confidence, import));
                }
                None => {}
            }
        }
    }

    fn is_in_main(&self, module: &str) -> bool {
        self.project.manifest.dependencies.iter().any(|dependency| {
            !matches!(dependency.purpose, Purpose::Group(_))
                && self.names.modules(&dependency.name).iter().any(|name| is_of(module, name))
        })
    }

    /// Whether something is declared whose modules are not known and that nothing seems to import.
    fn has_unmatched(&self) -> bool {
        self.project.manifest.dependencies.iter().any(|dependency| {
            !self.names.is_known(&dependency.name)
                && !is_loaded(&dependency.name)
                && dependency.purpose == Purpose::Main
                && self.use_of(&dependency.name).is_none()
                && !self.uses_sibling(&dependency.name)
        })
    }

    fn place(
        &self,
        finding: crate::rules::Finding,
        confidence: Confidence,
        import: &Imported<'_>,
    ) -> Found {
        let end = import.at + u32::try_from(import.name.len()).unwrap_or(0);
        Found::new(finding, confidence, import.path, (import.at, end.min(import.at + 1)))
    }

    /// Modules of other projects of the workspace that this one imports and does not depend on.
    fn siblings(&self, number: usize, found: &mut Vec<Found>) {
        let graph = self.question.graph;
        let mut seen: BTreeSet<usize> = BTreeSet::new();
        for import in &graph.imports {
            let from = &graph.modules[import.from as usize];
            let to = &graph.modules[import.to as usize];
            if from.project != number || to.project == number || is_development(&from.path) {
                continue;
            }
            let Some(sibling) = self.question.settings.projects.get(to.project) else { continue };
            let Some(name) = sibling.manifest.name.as_deref() else { continue };
            let is_declared =
                self.project.manifest.dependencies.iter().any(|each| each.name == name);
            if is_declared || import.way == ImportWay::Typing || !seen.insert(to.project) {
                continue;
            }
            let finding = undeclared_dependency::sibling(&*to.name, name);
            let range = (import.at, import.at);
            let confidence =
                if self.has_package() { Confidence::Likely } else { Confidence::Possible };
            found.push(Found::new(finding, confidence, &from.path, range));
        }
    }
}

fn is_of_any_case(module: &str, name: &str) -> bool {
    is_of(&module.to_lowercase(), &name.to_lowercase())
}
