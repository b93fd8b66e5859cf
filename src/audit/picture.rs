//! What the page of the report draws: projects, packages and what they import of each other, cycles, modules.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::coverage::Coverage;
use super::found::Found;
use super::imports::graph::ImportGraph;
use super::imports::{GRAPHS, cycles};
use super::settings::{AuditSettings, Confidence};
use crate::infer::facts::{ImportWay, ModuleFacts};

/// See the module's documentation.
#[derive(Debug, Default, Serialize)]
pub struct Picture {
    /// By project.
    pub projects: Vec<ProjectRow>,
    /// Packages, lower layers first.
    pub packages: Vec<String>,
    /// Imports between packages: from, to, at run time, later, for typing.
    pub imports: Vec<(usize, usize, u32, u32, u32)>,
    /// Cycles at run time, and those that only later imports close.
    pub cycles: Vec<CycleRow>,
    /// Modules.
    pub modules: Vec<ModuleRow>,
}

/// A project.
#[derive(Debug, Default, Serialize)]
pub struct ProjectRow {
    /// The folder.
    pub name: String,
    /// Modules, and lines in them.
    pub modules: usize,
    /// Lines.
    pub lines: u64,
    /// Lines of dead code, likely ones included.
    pub dead: u64,
    /// Expressions of a known type in percent.
    pub known: f64,
    /// Annotated places in percent.
    pub annotated: f64,
}

/// A cycle.
#[derive(Debug, Serialize)]
pub struct CycleRow {
    /// When it closes.
    pub when: &'static str,
    /// Its modules.
    pub modules: Vec<String>,
    /// The imports to cut.
    pub cut: Vec<String>,
}

/// A module.
#[derive(Debug, Serialize)]
pub struct ModuleRow {
    /// The path.
    pub path: Box<str>,
    /// Lines.
    pub lines: u32,
    /// Lines of dead code.
    pub dead: u32,
    /// Expressions.
    pub expressions: u64,
    /// Those of no known type.
    pub unknown: u64,
}

/// Packages are drawn so many names deep.
const DEPTH: usize = 2;

/// More packages than this are no picture: the busiest are kept.
const MOST_PACKAGES: usize = 60;

/// Draws what facts and findings have. `lines_of` gives the lines of a range of a file.
#[must_use]
pub fn picture(
    facts: &[ModuleFacts],
    graph: &ImportGraph,
    coverage: &Coverage,
    found: &[Found],
    settings: &AuditSettings,
    lines_of: &dyn Fn(&str, (u32, u32)) -> u32,
) -> Picture {
    let mut picture = Picture::default();
    let mut dead: BTreeMap<&str, u32> = BTreeMap::new();
    for each in found.iter().filter(|each| each.confidence >= Confidence::Likely) {
        if let Some(range) = each.removal {
            *dead.entry(&each.path).or_default() += lines_of(&each.path, range);
        }
    }
    let mut projects: BTreeMap<String, ProjectRow> = BTreeMap::new();
    for module in facts {
        let share = coverage.modules.get(&module.path).copied().unwrap_or_default();
        let gone = dead.get(&*module.path).copied().unwrap_or(0).min(module.lines);
        picture.modules.push(ModuleRow {
            path: module.path.clone(),
            lines: module.lines,
            dead: gone,
            expressions: share.expressions,
            unknown: share.unknown,
        });
        let project = settings.project_of(&module.path).map_or("", |project| &project.prefix);
        let row = projects.entry(project.to_owned()).or_default();
        row.modules += 1;
        row.lines += u64::from(module.lines);
        row.dead += u64::from(gone);
    }
    for (prefix, mut row) in projects {
        let share = coverage.projects.get(&prefix).copied().unwrap_or_default();
        row.known = share.known_percent();
        row.annotated = share.annotated_percent();
        row.name = if prefix.is_empty() { ".".to_owned() } else { prefix };
        picture.projects.push(row);
    }
    packages(graph, &mut picture);
    let mut known: BTreeSet<Vec<u32>> = BTreeSet::new();
    for (way, when) in &GRAPHS[..2] {
        let targets = graph.targets(*way);
        for component in cycles::components(&targets) {
            if !known.insert(component.clone()) {
                continue;
            }
            let (cut, _) = cycles::cut(&component, &targets);
            let names = component.iter().map(|&module| graph.name(module).to_owned());
            let cut = cut
                .iter()
                .take(50)
                .map(|&(from, to)| format!("{} → {}", graph.name(from), graph.name(to)));
            picture.cycles.push(CycleRow { when, modules: names.collect(), cut: cut.collect() });
        }
    }
    picture
}

/// Packages in an order in which what is imported comes first, as far as it goes.
fn packages(graph: &ImportGraph, picture: &mut Picture) {
    let all = graph.by_package(DEPTH);
    let mut weight: BTreeMap<&str, u32> = BTreeMap::new();
    for ((from, to), counts) in &all {
        let total: u32 = counts.iter().sum();
        *weight.entry(from).or_default() += total;
        *weight.entry(to).or_default() += total;
    }
    let mut names: Vec<&str> = weight.keys().copied().collect();
    names.sort_by_key(|name| (std::cmp::Reverse(weight[name]), *name));
    names.truncate(MOST_PACKAGES);
    names.sort_unstable();
    let place: BTreeMap<&str, usize> =
        names.iter().enumerate().map(|(at, name)| (*name, at)).collect();
    let mut targets: Vec<Vec<u32>> = vec![Vec::new(); names.len()];
    for ((from, to), counts) in &all {
        if let (Some(&from), Some(&to)) = (place.get(&**from), place.get(&**to))
            && counts[ImportWay::Run as usize] > 0
        {
            targets[from].push(u32::try_from(to).unwrap_or(0));
        }
    }
    let members: Vec<u32> = (0..u32::try_from(names.len()).unwrap_or(0)).collect();
    let order = cycles::layers(&members, &targets);
    let mut position = vec![0; names.len()];
    for (at, &node) in order.iter().enumerate() {
        position[node] = at;
        picture.packages.push(names[node].to_owned());
    }
    for ((from, to), counts) in &all {
        if let (Some(&from), Some(&to)) = (place.get(&**from), place.get(&**to)) {
            let later = counts[ImportWay::Deferred as usize] + counts[ImportWay::Lazy as usize];
            picture.imports.push((
                position[from],
                position[to],
                counts[ImportWay::Run as usize],
                later,
                counts[ImportWay::Typing as usize],
            ));
        }
    }
    picture.imports.sort_unstable();
}
