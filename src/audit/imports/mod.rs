//! `audit imports`: cycles by when imports run, contracts between packages, and the graph for other tools.

pub mod contracts;
pub mod cycles;
pub mod draw;
pub mod graph;

use rustc_hash::FxHashSet;

use self::graph::ImportGraph;
use super::found::Found;
use super::settings::Confidence;
use crate::infer::facts::ImportWay;
use crate::rules::import_cycle;

/// The three graphs, each holding the one before it, with the words for them.
pub const GRAPHS: [(ImportWay, &str); 3] = [
    (ImportWay::Run, "at run time"),
    (ImportWay::Deferred, "with imports in functions"),
    (ImportWay::Typing, "with imports for typing"),
];

/// How many cycles there are in one of the graphs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CycleCount {
    /// Components with a cycle.
    pub components: usize,
    /// Modules in them.
    pub modules: usize,
    /// Modules in the largest.
    pub largest: usize,
}

/// The cycles of each graph, counted.
#[must_use]
pub fn counts(graph: &ImportGraph) -> [CycleCount; 3] {
    GRAPHS.map(|(way, _)| {
        let found = cycles::components(&graph.targets(way));
        CycleCount {
            components: found.len(),
            modules: found.iter().map(Vec::len).sum(),
            largest: found.iter().map(Vec::len).max().unwrap_or(0),
        }
    })
}

/// A finding for each component of each graph that none of the graphs before it has.
#[must_use]
pub fn cycle_findings(graph: &ImportGraph) -> Vec<Found> {
    let mut found = Vec::new();
    let mut known: FxHashSet<Vec<u32>> = FxHashSet::default();
    for (way, words) in GRAPHS {
        let targets = graph.targets(way);
        for component in cycles::components(&targets) {
            if known.insert(component.clone()) {
                found.extend(finding(graph, way, words, &component, &targets));
            }
        }
    }
    found
}

fn finding(
    graph: &ImportGraph,
    way: ImportWay,
    words: &str,
    component: &[u32],
    targets: &[Vec<u32>],
) -> Option<Found> {
    let (cut, is_exact) = cycles::cut(component, targets);
    // An import that the narrower graphs do not have is what closes the cycle here.
    let place = |&(from, to): &(u32, u32)| graph.import(from, to, way).copied();
    let first = cut
        .iter()
        .find_map(|edge| place(edge).filter(|import| import.way == way))
        .or_else(|| cut.first().and_then(place))?;
    let path = cycles::cycle_through(targets, first.from, first.to);
    let names: Vec<&str> = path.iter().map(|&module| graph.name(module)).collect();
    let finding = import_cycle::cycle(words, component.len(), &names, cut.len(), is_exact);
    // Only what fails when the program starts is sure to be in the way.
    let confidence = if way == ImportWay::Run { Confidence::Certain } else { Confidence::Possible };
    let file = |module: u32| graph.modules[module as usize].path.clone();
    let range = (first.at, first.at);
    let mut found = Found::new(finding, confidence, &file(first.from), range);
    const SHOWN: usize = 20;
    for &(from, to) in cut.iter().take(SHOWN) {
        if let Some(import) = place(&(from, to)) {
            let words = import_cycle::to_cut(graph.name(from), graph.name(to));
            found.related.push((file(from), (import.at, import.at), words));
        }
    }
    for pair in path.windows(2).chain(std::iter::once([path[path.len() - 1], path[0]].as_slice())) {
        if let Some(import) = graph.import(pair[0], pair[1], way)
            && !cut.contains(&(pair[0], pair[1]))
        {
            let words = import_cycle::on_the_way(graph.name(pair[0]), graph.name(pair[1]));
            found.related.push((file(pair[0]), (import.at, import.at), words));
        }
    }
    Some(found)
}
