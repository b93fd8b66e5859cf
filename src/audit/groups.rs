//! Dead code in groups: what only dead code uses falls with it, and what begins a group is reported.

use rustc_hash::{FxHashMap, FxHashSet};

use super::dead::GROUPING;
use super::edges::Edges;
use super::live::{Life, Lives};
use super::program::{Node, Program};
use crate::infer::facts::{DefKind, NONE};

/// The groups. A group is begun by a definition that no other dead one uses, or that only those use which it
/// uses itself.
pub struct Groups {
    /// For each dead node, what begins its group.
    leader: FxHashMap<Node, Node>,
    members: FxHashMap<Node, Vec<Node>>,
}

impl Groups {
    /// Whether a node begins a group.
    #[must_use]
    pub fn begins(&self, node: Node) -> bool {
        self.leader.get(&node) == Some(&node)
    }

    /// What falls with a node that begins a group, in order.
    #[must_use]
    pub fn with(&self, node: Node) -> &[Node] {
        self.members.get(&node).map_or(&[], Vec::as_slice)
    }
}

/// Puts dead nodes in groups. Only what is dead beyond doubt falls with something else: what is used by tests,
/// perhaps, or in annotations is a finding of its own.
#[must_use]
pub fn groups(
    program: &Program<'_>,
    edges: &Edges,
    lives: &Lives,
    is_dead: &dyn Fn(Node) -> bool,
) -> Groups {
    let mut groups = Groups { leader: FxHashMap::default(), members: FxHashMap::default() };
    let count = u32::try_from(program.len()).unwrap_or(NONE);
    let joins = |node: Node| node < count && lives.of[node as usize] == Life::Dead && is_dead(node);
    // Members of a dead class are part of it.
    let mut used = vec![false; program.len()];
    for node in 0..count {
        if !joins(node) {
            continue;
        }
        for other in uses(program, edges, node) {
            if joins(other) && !is_around(program, other, node) {
                used[other as usize] = true;
            }
        }
    }
    let claim = |leader: Node, groups: &mut Groups| {
        let mut queue = vec![leader];
        groups.leader.insert(leader, leader);
        let mut members = Vec::new();
        while let Some(node) = queue.pop() {
            for other in uses(program, edges, node) {
                if joins(other) && !groups.leader.contains_key(&other) {
                    groups.leader.insert(other, leader);
                    members.push(other);
                    queue.push(other);
                }
            }
        }
        members.sort_unstable();
        if !members.is_empty() {
            groups.members.insert(leader, members);
        }
    };
    for node in (0..count).filter(|&node| joins(node) && !used[node as usize]) {
        claim(node, &mut groups);
    }
    // What is left goes round in circles: the first in order begins.
    for node in (0..count).filter(|&node| joins(node)) {
        if !groups.leader.contains_key(&node) {
            claim(node, &mut groups);
        }
    }
    for node in (0..count).filter(|&node| is_dead(node) && !joins(node)) {
        groups.leader.insert(node, node);
    }
    groups
}

/// Whether `outer` is around `node`: a class is not used by its own members.
fn is_around(program: &Program<'_>, outer: Node, node: Node) -> bool {
    let mut current = program.parent(node);
    while let Some(at) = current {
        if at == outer {
            return true;
        }
        current = program.parent(at);
    }
    false
}

/// A definition that uses more than this uses everything.
const MOST_HUBS: usize = 2_000;

/// What a node uses, hubs followed, and what is defined in it.
fn uses(program: &Program<'_>, edges: &Edges, node: Node) -> Vec<Node> {
    let count = u32::try_from(program.len()).unwrap_or(NONE);
    let mut found: Vec<Node> = program.within(node).to_vec();
    // Imported names lead on to what they stand for, and are followed before anything else.
    let (mut names, mut hubs) = (vec![node], Vec::new());
    let mut seen: FxHashSet<u32> = FxHashSet::default();
    while let Some(at) = names.pop().or_else(|| hubs.pop()) {
        if !seen.insert(at) {
            continue;
        }
        if seen.len() > MOST_HUBS {
            break;
        }
        for (to, kind) in edges.links.of(at) {
            if kind & GROUPING == 0 {
                continue;
            }
            if to >= count {
                hubs.push(to);
            } else {
                found.push(to);
                if program.def(to).kind == DefKind::Import {
                    names.push(to);
                }
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}
