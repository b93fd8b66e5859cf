//! What the page of the report draws: projects, packages and what they import of each other, cycles, modules.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::coverage::{Coverage, Share};
use super::found::Found;
use super::imports::graph::{self, GraphImport, ImportGraph};
use super::imports::{GRAPHS, cycles};
use super::settings::{AuditSettings, Confidence};
use crate::infer::facts::{ImportWay, ModuleFacts};

/// See the module's documentation.
#[derive(Debug, Default, Serialize)]
pub struct Picture {
    /// By project.
    pub projects: Vec<PartRow>,
    /// By owner, where there is a CODEOWNERS file.
    pub owners: Vec<PartRow>,
    /// Packages, lower layers first.
    pub packages: Vec<String>,
    /// Imports between packages.
    pub imports: Vec<PackageImports>,
    /// Cycles at run time, and those that only later imports close.
    pub cycles: Vec<CycleRow>,
    /// Modules.
    pub modules: Vec<ModuleRow>,
}

/// A project, or what somebody owns.
#[derive(Debug, Default, Serialize)]
pub struct PartRow {
    /// The folder, or the owner.
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

/// What the modules of one package import of those of another.
#[derive(Debug, Serialize)]
pub struct PackageImports {
    /// Who imports: a place in the list of packages.
    pub from: usize,
    /// What.
    pub to: usize,
    /// How many at run time.
    pub run: u32,
    /// In functions, and lazy ones.
    pub later: u32,
    /// For typing.
    pub typing: u32,
    /// The first of them, those at run time before others.
    pub places: Vec<ImportPlace>,
}

/// An import: who (a place in the list of modules), the line, and what.
pub type ImportPlace = (usize, u32, usize);

/// A cycle.
#[derive(Debug, Serialize)]
pub struct CycleRow {
    /// When it closes.
    pub when: &'static str,
    /// Its modules.
    pub modules: Vec<String>,
    /// The imports to cut.
    pub cut: Vec<ImportPlace>,
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
    /// The owner: a place in the list of owners.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<usize>,
}

/// What a picture needs to know of files.
pub struct Files<'a> {
    /// The line of an offset in the file at a path.
    pub line_at: &'a dyn Fn(&str, u32) -> u32,
    /// The owner of a path.
    pub owner_of: &'a dyn Fn(&str) -> Option<String>,
}

/// Packages are drawn so many names deep.
const DEPTH: usize = 2;

/// More packages than this are no picture: the busiest are kept.
const MOST_PACKAGES: usize = 60;

/// Imports that are listed for two packages.
const MOST_PLACES: usize = 12;

/// Imports to cut that are listed for a cycle.
const MOST_CUT: usize = 50;

/// Draws what facts and findings have.
#[must_use]
pub fn picture(
    facts: &[ModuleFacts],
    graph: &ImportGraph,
    coverage: &Coverage,
    found: &[Found],
    settings: &AuditSettings,
    files: &Files<'_>,
) -> Picture {
    let mut picture = Picture::default();
    let dead = dead_lines(found, files);
    let mut projects: BTreeMap<String, PartRow> = BTreeMap::new();
    let mut owners: BTreeMap<String, (PartRow, Share, Vec<usize>)> = BTreeMap::new();
    for module in facts {
        let share = coverage.modules.get(&module.path).copied().unwrap_or_default();
        let gone = dead.get(&*module.path).copied().unwrap_or(0).min(module.lines);
        let project = settings.project_of(&module.path).map_or("", |project| &project.prefix);
        projects.entry(project.to_owned()).or_default().add(module.lines, gone);
        if let Some(owner) = (files.owner_of)(&module.path) {
            let (row, sum, modules) = owners.entry(owner).or_default();
            row.add(module.lines, gone);
            sum.add(share);
            modules.push(picture.modules.len());
        }
        picture.modules.push(ModuleRow {
            path: module.path.clone(),
            lines: module.lines,
            dead: gone,
            expressions: share.expressions,
            unknown: share.unknown,
            owner: None,
        });
    }
    for (prefix, row) in projects {
        let share = coverage.projects.get(&prefix).copied().unwrap_or_default();
        let name = if prefix.is_empty() { ".".to_owned() } else { prefix };
        picture.projects.push(row.finished(name, share));
    }
    for (name, (row, share, modules)) in owners {
        for module in modules {
            picture.modules[module].owner = Some(picture.owners.len());
        }
        picture.owners.push(row.finished(name, share));
    }
    packages(graph, files, &mut picture);
    draw_cycles(graph, files, &mut picture);
    picture
}

impl PartRow {
    fn add(&mut self, lines: u32, dead: u32) {
        self.modules += 1;
        self.lines += u64::from(lines);
        self.dead += u64::from(dead);
    }

    fn finished(self, name: String, share: Share) -> Self {
        let (known, annotated) = (share.known_percent(), share.annotated_percent());
        Self { name, known, annotated, ..self }
    }
}

/// Lines of dead code by file.
fn dead_lines<'f>(found: &'f [Found], files: &Files<'_>) -> BTreeMap<&'f str, u32> {
    let mut dead: BTreeMap<&str, u32> = BTreeMap::new();
    for each in found.iter().filter(|each| each.confidence >= Confidence::Likely) {
        if let Some((start, end)) = each.removal {
            let line = |at| (files.line_at)(&each.path, at);
            *dead.entry(&each.path).or_default() += line(end).saturating_sub(line(start)) + 1;
        }
    }
    dead
}

/// Cycles at run time, and those that only later imports close.
fn draw_cycles(graph: &ImportGraph, files: &Files<'_>, picture: &mut Picture) {
    let mut known: BTreeSet<Vec<u32>> = BTreeSet::new();
    let rows = rows_of(graph, picture);
    for (way, when) in &GRAPHS[..2] {
        let targets = graph.targets(*way);
        for component in cycles::components(&targets) {
            if !known.insert(component.clone()) {
                continue;
            }
            let (cut, _) = cycles::cut(&component, &targets);
            let names = component.iter().map(|&module| graph.name(module).to_owned());
            let cut = cut.iter().filter_map(|&(from, to)| graph.import(from, to, *way));
            let cut = cut.take(MOST_CUT).map(|import| place_of(graph, &rows, files, import));
            picture.cycles.push(CycleRow { when, modules: names.collect(), cut: cut.collect() });
        }
    }
}

/// Where the modules of the graph stand in the picture's list.
fn rows_of(graph: &ImportGraph, picture: &Picture) -> Vec<usize> {
    let paths: BTreeMap<&str, usize> =
        picture.modules.iter().enumerate().map(|(at, row)| (&*row.path, at)).collect();
    graph.modules.iter().map(|module| paths.get(&*module.path).copied().unwrap_or(0)).collect()
}

fn place_of(
    graph: &ImportGraph,
    rows: &[usize],
    files: &Files<'_>,
    import: &GraphImport,
) -> ImportPlace {
    let line = (files.line_at)(&graph.modules[import.from as usize].path, import.at);
    (rows[import.from as usize], line, rows[import.to as usize])
}

/// Packages in an order in which what is imported comes first, as far as it goes.
fn packages(graph: &ImportGraph, files: &Files<'_>, picture: &mut Picture) {
    let all = graph.imports_by_package(DEPTH);
    let mut weight: BTreeMap<&str, u32> = BTreeMap::new();
    for ((from, to), imports) in &all {
        let total = u32::try_from(imports.len()).unwrap_or(u32::MAX);
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
    for ((from, to), imports) in &all {
        if let (Some(&from), Some(&to)) = (place.get(&**from), place.get(&**to))
            && imports.iter().any(|import| import.way == ImportWay::Run)
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
    let rows = rows_of(graph, picture);
    for ((from, to), imports) in &all {
        let (Some(&from), Some(&to)) = (place.get(&**from), place.get(&**to)) else { continue };
        let counts = graph::by_way(imports);
        let mut imports = imports.clone();
        imports.sort_by_key(|import| graph::rank(import.way));
        let places = imports.iter().take(MOST_PLACES);
        picture.imports.push(PackageImports {
            from: position[from],
            to: position[to],
            run: counts[ImportWay::Run as usize],
            later: counts[ImportWay::Deferred as usize] + counts[ImportWay::Lazy as usize],
            typing: counts[ImportWay::Typing as usize],
            places: places.map(|import| place_of(graph, &rows, files, import)).collect(),
        });
    }
    picture.imports.sort_by_key(|each| (each.from, each.to));
}
