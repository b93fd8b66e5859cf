//! The graph of imports for other tools: Graphviz, JSON, Mermaid.

use std::fmt::Write;

use serde::Serialize;

use super::cycles;
use super::graph::ImportGraph;
use crate::infer::facts::ImportWay;

/// A notation for graphs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notation {
    /// Graphviz.
    Dot,
    /// JSON.
    Json,
    /// Mermaid.
    Mermaid,
}

#[derive(Serialize)]
struct Document<'g> {
    version: u32,
    modules: Vec<Module<'g>>,
    imports: Vec<Import<'g>>,
}

#[derive(Serialize)]
struct Module<'g> {
    name: &'g str,
    path: &'g str,
    /// The cycle at run time that it is in, if it is in one.
    #[serde(skip_serializing_if = "Option::is_none")]
    cycle: Option<usize>,
}

#[derive(Serialize)]
struct Import<'g> {
    from: &'g str,
    to: &'g str,
    way: &'static str,
}

/// Draws the graph. Packages `depth` names deep are drawn as one, modules where there is no depth.
#[must_use]
pub fn draw(graph: &ImportGraph, notation: Notation, depth: Option<usize>) -> String {
    match notation {
        Notation::Json => json(graph),
        Notation::Dot => dot(graph, depth.unwrap_or(usize::MAX)),
        Notation::Mermaid => mermaid(graph, depth.unwrap_or(usize::MAX)),
    }
}

fn way_name(way: ImportWay) -> &'static str {
    match way {
        ImportWay::Run => "run",
        ImportWay::Deferred => "deferred",
        ImportWay::Lazy => "lazy",
        ImportWay::Typing => "typing",
    }
}

fn json(graph: &ImportGraph) -> String {
    let components = cycles::components(&graph.targets(ImportWay::Run));
    let mut cycle = vec![None; graph.modules.len()];
    for (number, component) in components.iter().enumerate() {
        component.iter().for_each(|&module| cycle[module as usize] = Some(number));
    }
    let modules = graph.modules.iter().zip(cycle);
    let mut imports: Vec<Import<'_>> = graph
        .imports
        .iter()
        .map(|import| Import {
            from: graph.name(import.from),
            to: graph.name(import.to),
            way: way_name(import.way),
        })
        .collect();
    imports.dedup_by(|a, b| (a.from, a.to, a.way) == (b.from, b.to, b.way));
    let document = Document {
        version: 1,
        modules: modules
            .map(|(module, cycle)| Module { name: &module.name, path: &module.path, cycle })
            .collect(),
        imports,
    };
    serde_json::to_string_pretty(&document).unwrap_or_default() + "\n"
}

fn dot(graph: &ImportGraph, depth: usize) -> String {
    let mut text = String::from("digraph imports {\n  rankdir=LR;\n  node [shape=box];\n");
    for ((from, to), counts) in graph.by_package(depth) {
        let total: u32 = counts.iter().sum();
        let style = if counts[ImportWay::Run as usize] > 0 {
            "solid"
        } else if counts[ImportWay::Deferred as usize] + counts[ImportWay::Lazy as usize] > 0 {
            "dashed"
        } else {
            "dotted"
        };
        let _ = writeln!(text, "  \"{from}\" -> \"{to}\" [label={total}, style={style}];");
    }
    text.push_str("}\n");
    text
}

fn mermaid(graph: &ImportGraph, depth: usize) -> String {
    let mut text = String::from("flowchart LR\n");
    for ((from, to), counts) in graph.by_package(depth) {
        let total: u32 = counts.iter().sum();
        let arrow = if counts[ImportWay::Run as usize] > 0 { "-->" } else { "-.->" };
        let _ = writeln!(text, "  {from}[\"{from}\"] {arrow}|{total}| {to}[\"{to}\"]");
    }
    text
}
