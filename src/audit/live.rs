//! What is alive: which definitions are reached from the roots, and by what kind of edges at least.

use rustc_hash::FxHashSet;

use super::conventions::{Conventions, PathKind, path_kind};
use super::edges::{Edges, kind};
use super::exported;
use super::program::{Meaning, Node, Program};
use super::settings::AuditSettings;
use crate::infer::facts::{DefFlags, NONE};

/// How a definition is kept alive: the first of these that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Life {
    /// By what the program runs.
    Used,
    /// By tests alone.
    Tests,
    /// By annotations alone.
    Typing,
    /// By code that is never reached.
    Unreached,
    /// By `except` clauses alone: it is never raised.
    Caught,
    /// By reads of its name on objects that are not known.
    Perhaps,
    /// By nothing.
    Dead,
}

/// The answer for each node, and the roots.
pub struct Lives {
    /// By node.
    pub of: Vec<Life>,
    /// Where the program begins, sorted.
    pub roots: Vec<Node>,
    /// Where tests begin, sorted.
    pub test_roots: Vec<Node>,
    /// Whether each module holds tests.
    pub is_test: Vec<bool>,
    /// What the program itself may reach, counting reads on objects that are not known.
    perhaps: Vec<bool>,
    /// What users of published packages may use.
    exported: FxHashSet<Node>,
}

/// Whether a file holds tests.
#[must_use]
pub fn is_test(path: &str) -> bool {
    path_kind(path) == PathKind::Test
}

/// Finds out what is alive.
#[must_use]
pub fn lives(
    program: &Program<'_>,
    edges: &Edges,
    settings: &AuditSettings,
    conventions: &Conventions,
) -> Lives {
    let is_test: Vec<bool> =
        program.modules.iter().map(|module| path_kind(&module.path) == PathKind::Test).collect();
    let exported = exported::exported(program, settings, &is_test);
    let (roots, test_roots) = roots(program, settings, conventions, &is_test, &exported);
    let of = by_life(program, edges, &roots, &test_roots);
    let run = kind::RUN | kind::GUARDED | kind::PART;
    let perhaps = reached(edges, run | kind::WEAK, &roots);
    Lives { of, roots, test_roots, is_test, perhaps, exported }
}

impl Lives {
    /// Whether the program, tests aside, may use a definition when it runs.
    #[must_use]
    pub fn may_run(&self, node: Node) -> bool {
        self.perhaps[node as usize]
    }

    /// Whether those who import a published package may use a definition.
    #[must_use]
    pub fn is_exported(&self, program: &Program<'_>, node: Node) -> bool {
        let _ = program;
        self.exported.contains(&node)
    }
}

/// What keeps definitions alive besides the program itself, from the strongest to the weakest.
const KEEPERS: [Life; 6] =
    [Life::Used, Life::Tests, Life::Typing, Life::Unreached, Life::Caught, Life::Perhaps];

/// The place in [`KEEPERS`] of an edge of a kind.
const fn keeper(kind: u8) -> usize {
    match kind {
        kind::TYPING => 2,
        kind::UNREACHED => 3,
        kind::CAUGHT => 4,
        kind::WEAK => 5,
        _ => 0,
    }
}

/// How each definition lives: by the strongest of all ways to it, where a way is as strong as the weakest of its edges.
fn by_life(program: &Program<'_>, edges: &Edges, roots: &[Node], test_roots: &[Node]) -> Vec<Life> {
    let mut of = vec![Life::Dead; edges.links.len()];
    let mut queues: [Vec<u32>; KEEPERS.len()] = Default::default();
    queues[0].extend(roots);
    queues[1].extend(test_roots);
    for (at, life) in KEEPERS.into_iter().enumerate() {
        while let Some(node) = queues[at].pop() {
            if of[node as usize] != Life::Dead {
                continue;
            }
            of[node as usize] = life;
            for (to, kind) in edges.links.of(node) {
                if of[to as usize] == Life::Dead {
                    queues[keeper(kind).max(at)].push(to);
                }
            }
        }
    }
    of.truncate(program.len());
    of
}

/// What is reached from the roots by edges of these kinds; by node and hub.
#[must_use]
pub fn reached(edges: &Edges, kinds: u8, roots: &[Node]) -> Vec<bool> {
    let mut found = vec![false; edges.links.len()];
    let mut queue: Vec<u32> = Vec::new();
    for &root in roots {
        if !std::mem::replace(&mut found[root as usize], true) {
            queue.push(root);
        }
    }
    while let Some(node) = queue.pop() {
        for (to, kind) in edges.links.of(node) {
            if kind & kinds != 0 && !std::mem::replace(&mut found[to as usize], true) {
                queue.push(to);
            }
        }
    }
    found
}

/// The roots of the program and those of its tests, sorted.
fn roots(
    program: &Program<'_>,
    settings: &AuditSettings,
    conventions: &Conventions,
    is_test: &[bool],
    exported: &FxHashSet<Node>,
) -> (Vec<Node>, Vec<Node>) {
    let mut roots: FxHashSet<Node> = FxHashSet::default();
    let mut test_roots: FxHashSet<Node> = FxHashSet::default();
    for text in &settings.entry_points {
        if let Some(Meaning::Node(node)) = program.dotted(text) {
            roots.insert(node);
            if let Meaning::Node(end) = program.resolved(Meaning::Node(node)) {
                roots.insert(end);
            }
        }
    }
    roots.extend(exported::documented(program, settings));
    for (number, module) in program.modules.iter().enumerate() {
        let number = u32::try_from(number).unwrap_or(NONE);
        let first = program.module_node(number);
        let in_tests = is_test[number as usize];
        let into = if in_tests { &mut test_roots } else { &mut roots };
        into.insert(first);
        if let Some((names, _)) = &module.exports {
            let names = names.iter().map(|&name| &module.symbols[name]);
            into.extend(names.filter_map(|name| program.child(first, name)));
        }
        let is_published = settings.is_exported(&module.path) && !in_tests;
        for (at, def) in module.defs.iter().enumerate() {
            let node = first + u32::try_from(at).unwrap_or(NONE);
            let name = &module.symbols[def.name];
            if def.flags.has(DefFlags::REEXPORT) && def.parent == 0 {
                into.insert(node);
            }
            if is_published && exported.contains(&node) {
                into.insert(node);
            }
            if settings.is_kept(name) {
                into.insert(node);
            }
            if in_tests && conventions.is_test(program, node) {
                into.insert(node);
            }
        }
    }
    let sorted = |set: FxHashSet<Node>| {
        let mut all: Vec<Node> = set.into_iter().collect();
        all.sort_unstable();
        all
    };
    (sorted(roots), sorted(test_roots))
}
