//! Cycles: strongly connected components of the graph, and the fewest imports whose removal leaves none.

use rustc_hash::FxHashMap;

use crate::infer::facts::NONE;

/// The strongly connected components with more than one member; members and components in order.
#[must_use]
pub fn components(targets: &[Vec<u32>]) -> Vec<Vec<u32>> {
    let mut search = Search {
        targets,
        index: vec![NONE; targets.len()],
        low: vec![0; targets.len()],
        on_stack: vec![false; targets.len()],
        stack: Vec::new(),
        next: 0,
        found: Vec::new(),
    };
    for node in 0..targets.len() {
        if search.index[node] == NONE {
            search.run(u32::try_from(node).unwrap_or(NONE));
        }
    }
    let mut found = search.found;
    found.sort_unstable();
    found
}

/// Tarjan's search, with a stack of its own.
struct Search<'t> {
    targets: &'t [Vec<u32>],
    index: Vec<u32>,
    low: Vec<u32>,
    on_stack: Vec<bool>,
    stack: Vec<u32>,
    next: u32,
    found: Vec<Vec<u32>>,
}

impl Search<'_> {
    fn enter(&mut self, node: u32) {
        self.index[node as usize] = self.next;
        self.low[node as usize] = self.next;
        self.next += 1;
        self.stack.push(node);
        self.on_stack[node as usize] = true;
    }

    fn run(&mut self, root: u32) {
        self.enter(root);
        let mut work: Vec<(u32, usize)> = vec![(root, 0)];
        while let Some(&mut (node, ref mut at)) = work.last_mut() {
            let next = self.targets[node as usize].get(*at).copied();
            *at += 1;
            match next {
                Some(next) if self.index[next as usize] == NONE => {
                    self.enter(next);
                    work.push((next, 0));
                }
                Some(next) => {
                    if self.on_stack[next as usize] {
                        let low = self.low[node as usize].min(self.index[next as usize]);
                        self.low[node as usize] = low;
                    }
                }
                None => {
                    work.pop();
                    self.leave(node, work.last().map(|&(parent, _)| parent));
                }
            }
        }
    }

    fn leave(&mut self, node: u32, parent: Option<u32>) {
        let low = self.low[node as usize];
        if let Some(parent) = parent {
            self.low[parent as usize] = self.low[parent as usize].min(low);
        }
        if low != self.index[node as usize] {
            return;
        }
        let mut members = Vec::new();
        while let Some(member) = self.stack.pop() {
            self.on_stack[member as usize] = false;
            members.push(member);
            if member == node {
                break;
            }
        }
        if members.len() > 1 {
            members.sort_unstable();
            self.found.push(members);
        }
    }
}

/// Components of up to so many members are cut exactly.
const EXACT: usize = 15;

/// A smallest set of imports whose removal leaves no cycle among `members`, in order; for large components, a small
/// one. The second part says whether it is known to be smallest.
#[must_use]
pub fn cut(members: &[u32], targets: &[Vec<u32>]) -> (Vec<(u32, u32)>, bool) {
    let inner = within(members, targets);
    let (order, is_exact) = if members.len() <= EXACT {
        (best_order(&inner), true)
    } else {
        (good_order(&inner), false)
    };
    let mut position = vec![0; members.len()];
    for (at, &node) in order.iter().enumerate() {
        position[node] = at;
    }
    // In an order in which what is imported comes first, the imports that lead forwards are in the way.
    let mut back: Vec<(usize, usize)> = Vec::new();
    for (from, list) in inner.iter().enumerate() {
        back.extend(list.iter().filter(|&&to| position[to] > position[from]).map(|&to| (from, to)));
    }
    let kept = if is_exact { back } else { needed(&inner, back) };
    let mut cut: Vec<(u32, u32)> =
        kept.into_iter().map(|(from, to)| (members[from], members[to])).collect();
    cut.sort_unstable();
    (cut, is_exact)
}

/// The imports of `members` from each other, as numbers into them.
fn within(members: &[u32], targets: &[Vec<u32>]) -> Vec<Vec<usize>> {
    let place: FxHashMap<u32, usize> =
        members.iter().enumerate().map(|(at, &member)| (member, at)).collect();
    members
        .iter()
        .map(|&member| {
            targets[member as usize].iter().filter_map(|to| place.get(to).copied()).collect()
        })
        .collect()
}

/// An order of `members`, as numbers into them, in which what is imported comes first as far as it goes.
#[must_use]
pub fn layers(members: &[u32], targets: &[Vec<u32>]) -> Vec<usize> {
    good_order(&within(members, targets))
}

/// The order with the fewest imports in the way, over all subsets.
fn best_order(targets: &[Vec<usize>]) -> Vec<usize> {
    let count = targets.len();
    let masks: Vec<u32> =
        targets.iter().map(|list| list.iter().fold(0_u32, |mask, &to| mask | (1 << to))).collect();
    // For each set that comes first: the fewest imports in the way, and who comes last of it.
    let mut best: Vec<(u32, u8)> = vec![(u32::MAX, 0); 1 << count];
    best[0] = (0, 0);
    for set in 0..(1_u32 << count) {
        let (cost, _) = best[set as usize];
        for (next, &mask) in masks.iter().enumerate() {
            let bit = 1_u32 << next;
            if set & bit != 0 {
                continue;
            }
            let in_the_way = (mask & !(set | bit)).count_ones();
            let entry = &mut best[(set | bit) as usize];
            if cost + in_the_way < entry.0 {
                *entry = (cost + in_the_way, u8::try_from(next).unwrap_or(0));
            }
        }
    }
    let mut order = Vec::with_capacity(count);
    let mut set = (1_u32 << count) - 1;
    while set != 0 {
        let last = usize::from(best[set as usize].1);
        order.push(last);
        set &= !(1 << last);
    }
    order.reverse();
    order
}

/// An order with few imports in the way: who imports nothing of the rest goes first, who is imported by nobody of the
/// rest goes last, and then whoever is imported most and imports least (Eades, Lin and Smyth).
fn good_order(targets: &[Vec<usize>]) -> Vec<usize> {
    let count = targets.len();
    let mut sources: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (from, list) in targets.iter().enumerate() {
        list.iter().for_each(|&to| sources[to].push(from));
    }
    let mut outgoing: Vec<i64> = targets.iter().map(|list| list.len() as i64).collect();
    let mut incoming: Vec<i64> = sources.iter().map(|list| list.len() as i64).collect();
    let mut is_left = vec![true; count];
    let (mut first, mut last) = (Vec::new(), Vec::new());
    for _ in 0..count {
        let left = (0..count).filter(|&node| is_left[node]);
        let chosen = left.min_by_key(|&node| match (outgoing[node], incoming[node]) {
            (0, _) => (0, 0, node),
            (_, 0) => (1, 0, node),
            (out, into) => (2, out - into, node),
        });
        let Some(node) = chosen else { break };
        is_left[node] = false;
        let goes_last = outgoing[node] != 0 && incoming[node] == 0;
        if goes_last {
            last.push(node)
        } else {
            first.push(node)
        }
        targets[node].iter().for_each(|&to| incoming[to] -= 1);
        sources[node].iter().for_each(|&from| outgoing[from] -= 1);
    }
    last.reverse();
    first.extend(last);
    first
}

/// Those of `cut` that are really needed: one after the other is put back where that closes no cycle.
fn needed(targets: &[Vec<usize>], cut: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
    /// More would take too long; what is cut too much is cut in vain, but cuts.
    const MOST: usize = 2_000;
    if cut.len() > MOST {
        return cut;
    }
    let mut is_cut: rustc_hash::FxHashSet<(usize, usize)> = cut.iter().copied().collect();
    let mut kept = Vec::new();
    for &(from, to) in &cut {
        is_cut.remove(&(from, to));
        if leads(targets, &is_cut, to, from) {
            is_cut.insert((from, to));
            kept.push((from, to));
        }
    }
    kept
}

fn leads(
    targets: &[Vec<usize>],
    is_cut: &rustc_hash::FxHashSet<(usize, usize)>,
    from: usize,
    to: usize,
) -> bool {
    let mut seen = vec![false; targets.len()];
    let mut queue = vec![from];
    seen[from] = true;
    while let Some(node) = queue.pop() {
        if node == to {
            return true;
        }
        for &next in &targets[node] {
            if !seen[next] && !is_cut.contains(&(node, next)) {
                seen[next] = true;
                queue.push(next);
            }
        }
    }
    false
}

/// A shortest cycle through the import of `to` by `from`, beginning with `from`.
#[must_use]
pub fn cycle_through(targets: &[Vec<u32>], from: u32, to: u32) -> Vec<u32> {
    let mut before: FxHashMap<u32, u32> = FxHashMap::default();
    let mut queue = std::collections::VecDeque::from([to]);
    before.insert(to, to);
    while let Some(node) = queue.pop_front() {
        if node == from {
            let mut path = vec![node];
            let mut current = node;
            while current != to {
                current = before[&current];
                path.push(current);
            }
            // From `from` to `to`, and on along the way that was found.
            path.reverse();
            path.rotate_right(1);
            return path;
        }
        for &next in &targets[node as usize] {
            if let std::collections::hash_map::Entry::Vacant(entry) = before.entry(next) {
                entry.insert(node);
                queue.push_back(next);
            }
        }
    }
    vec![from, to]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_cycles_with_an_edge_in_common_are_cut_there() {
        // 0 -> 1 -> 2 -> 0 and 0 -> 1 -> 3 -> 0.
        let targets = vec![vec![1], vec![2, 3], vec![0], vec![0]];
        let found = components(&targets);
        assert_eq!(found, [vec![0, 1, 2, 3]]);
        assert_eq!(cut(&found[0], &targets), (vec![(0, 1)], true));
        assert_eq!(cycle_through(&targets, 0, 1), [0, 1, 2]);
    }

    #[test]
    fn a_large_component_is_cut_too() {
        let count = 40;
        let targets: Vec<Vec<u32>> = (0..count).map(|at| vec![(at + 1) % count]).collect();
        let found = components(&targets);
        assert_eq!(found.len(), 1);
        let (cut, is_exact) = cut(&found[0], &targets);
        assert_eq!(cut.len(), 1);
        assert!(!is_exact);
    }
}
