//! Contracts: what packages may import of each other, as the configuration has it.
//!
//! A chain of imports counts like an import, unless it passes through another package that the contract names: what
//! `a` reaches through `helper` it depends on. Names stand for a module and all that is below it.

use std::collections::VecDeque;

use rustc_hash::{FxHashMap, FxHashSet};

use super::graph::{GraphImport, ImportGraph};
use crate::audit::found::Found;
use crate::audit::settings::Confidence;
use crate::infer::facts::{ImportWay, NONE};
use crate::project::config::{ContractKind, ContractOptions};
use crate::rules::{import_contract, stale_exception};

/// The findings of all contracts. `file` is the configuration they are from.
#[must_use]
pub fn check(
    graph: &ImportGraph,
    contracts: &[ContractOptions],
    file: &str,
    place_of: &dyn Fn(&str) -> (u32, u32),
) -> Vec<Found> {
    let mut found = Vec::new();
    for contract in contracts {
        let mut checker = Checker::new(graph, contract);
        checker.run(&mut found);
        for (exception, used) in contract.ignore.iter().zip(&checker.used) {
            if !used {
                let finding = stale_exception::stale(&contract.name, exception);
                let range = place_of(exception);
                found.push(Found::new(finding, Confidence::Certain, file, range));
            }
        }
        for name in contract.names() {
            if !checker.exists(name) {
                let finding = import_contract::unknown_module(&contract.name, name);
                let range = place_of(name);
                found.push(Found::new(finding, Confidence::Certain, file, range));
            }
        }
    }
    found
}

struct Checker<'c> {
    graph: &'c ImportGraph,
    contract: &'c ContractOptions,
    /// The imports of each module that count, without exceptions.
    imports: Vec<Vec<GraphImport>>,
    /// Whether each exception was needed.
    used: Vec<bool>,
}

impl<'c> Checker<'c> {
    fn new(graph: &'c ImportGraph, contract: &'c ContractOptions) -> Self {
        let mut used = vec![false; contract.ignore.len()];
        let mut imports: Vec<Vec<GraphImport>> = vec![Vec::new(); graph.modules.len()];
        let counts = |way: ImportWay| match way {
            ImportWay::Run => true,
            ImportWay::Deferred | ImportWay::Lazy => contract.deferred.unwrap_or(true),
            ImportWay::Typing => contract.typing.unwrap_or(false),
        };
        for import in graph.imports.iter().filter(|import| counts(import.way)) {
            let (from, to) = (graph.name(import.from), graph.name(import.to));
            let exception = contract.ignore.iter().position(|text| {
                text.split_once("->")
                    .is_some_and(|(a, b)| fits(from, a.trim()) && fits(to, b.trim()))
            });
            match exception {
                Some(at) => used[at] = true,
                None => imports[import.from as usize].push(*import),
            }
        }
        Self { graph, contract, imports, used }
    }

    /// Whether some module has this name or is below it.
    fn exists(&self, name: &str) -> bool {
        self.graph.modules.iter().any(|module| is_in(&module.name, name))
            || self.graph.outside.iter().any(|import| is_in(&import.name, name))
    }

    fn run(&mut self, found: &mut Vec<Found>) {
        let contract = self.contract;
        match contract.kind {
            ContractKind::Layers => {
                for (at, lower) in contract.layers.iter().enumerate() {
                    for higher in &contract.layers[..at] {
                        self.forbid(lower, higher, &contract.layers, found);
                    }
                }
            }
            ContractKind::Independence => {
                for (at, one) in contract.modules.iter().enumerate() {
                    for other in &contract.modules[at + 1..] {
                        self.forbid(one, other, &contract.modules, found);
                        self.forbid(other, one, &contract.modules, found);
                    }
                }
            }
            ContractKind::Forbidden => {
                for from in &contract.from {
                    for to in &contract.to {
                        self.forbid(from, to, &[], found);
                        self.forbid_outside(from, |name| is_in(name, to), found);
                    }
                }
            }
            ContractKind::Allowed => self.allowed(found),
            ContractKind::Interface => self.interface(found),
        }
    }

    fn report(&self, chain: &[GraphImport], found: &mut Vec<Found>) {
        let Some(first) = chain.first() else { return };
        let mut names = vec![self.graph.name(first.from)];
        names.extend(chain.iter().map(|import| self.graph.name(import.to)));
        let finding = import_contract::broken(&self.contract.name, &names);
        let path = &self.graph.modules[first.from as usize].path;
        let mut broken = Found::new(finding, Confidence::Certain, path, (first.at, first.at));
        for import in &chain[1..] {
            let words = import_contract::on_the_way(
                self.graph.name(import.from),
                self.graph.name(import.to),
            );
            let path = self.graph.modules[import.from as usize].path.clone();
            broken.related.push((path, (import.at, import.at), words));
        }
        found.push(broken);
    }

    /// Reports the shortest chain from each module of `from` that has one to `to`, round the packages in `around`.
    fn forbid(&self, from: &str, to: &str, around: &[String], found: &mut Vec<Found>) {
        let graph = self.graph;
        let is_named = |module: u32| {
            let name = graph.name(module);
            around.iter().any(|each| is_in(name, each)) || is_in(name, from)
        };
        for start in 0..u32::try_from(graph.modules.len()).unwrap_or(NONE) {
            if !is_in(graph.name(start), from) || is_in(graph.name(start), to) {
                continue;
            }
            let mut before: FxHashMap<u32, GraphImport> = FxHashMap::default();
            let mut queue = VecDeque::from([start]);
            let mut seen: FxHashSet<u32> = FxHashSet::from_iter([start]);
            'search: while let Some(module) = queue.pop_front() {
                for import in &self.imports[module as usize] {
                    if is_in(graph.name(import.to), to) {
                        let mut chain = vec![*import];
                        let mut current = module;
                        while let Some(step) = before.get(&current) {
                            chain.push(*step);
                            current = step.from;
                        }
                        chain.reverse();
                        self.report(&chain, found);
                        break 'search;
                    }
                    if !is_named(import.to) && seen.insert(import.to) {
                        before.insert(import.to, *import);
                        queue.push_back(import.to);
                    }
                }
            }
        }
    }

    /// Reports imports by `from` of modules outside of the program that `is_bad` picks.
    fn forbid_outside(&self, from: &str, is_bad: impl Fn(&str) -> bool, found: &mut Vec<Found>) {
        for import in &self.graph.outside {
            let name = self.graph.name(import.from);
            let counts = import.way != ImportWay::Typing || self.contract.typing == Some(true);
            if counts && is_in(name, from) && is_bad(&import.name) {
                let finding = import_contract::broken(&self.contract.name, &[name, &import.name]);
                let path = &self.graph.modules[import.from as usize].path;
                found.push(Found::new(finding, Confidence::Certain, path, (import.at, import.at)));
            }
        }
    }

    /// `from` may import itself and what `to` lists, and of the program nothing else.
    fn allowed(&self, found: &mut Vec<Found>) {
        for from in &self.contract.from {
            let may = |name: &str| {
                is_in(name, from) || self.contract.to.iter().any(|each| is_in(name, each))
            };
            for import in self.imports.iter().flatten() {
                if is_in(self.graph.name(import.from), from) && !may(self.graph.name(import.to)) {
                    self.report(&[*import], found);
                }
            }
            if self.contract.outside == Some(true) {
                self.forbid_outside(from, |name| !may(name), found);
            }
        }
    }

    /// Others may import of `modules` only what `public` lists.
    fn interface(&self, found: &mut Vec<Found>) {
        for package in &self.contract.modules {
            for import in self.imports.iter().flatten() {
                let (from, to) = (self.graph.name(import.from), self.graph.name(import.to));
                let is_public = self.contract.public.iter().any(|each| fits(to, each));
                if is_in(to, package) && !is_in(from, package) && !is_public {
                    self.report(&[*import], found);
                }
            }
        }
    }
}

/// Whether a module is `package` or below it.
fn is_in(module: &str, package: &str) -> bool {
    module.strip_prefix(package).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// Whether a module is what `pattern` says: a name, or the beginning of names (`a.b.*`).
fn fits(module: &str, pattern: &str) -> bool {
    match pattern.strip_suffix(".*") {
        Some(package) => is_in(module, package),
        None => pattern == "*" || module == pattern,
    }
}
