//! The order in which modules take their turns: strongly connected groups of the import graph, dependencies
//! first.
//!
//! The order saves work, since what a module imports is mostly known by then; it never changes a result.

use super::program::Program;
use crate::types::ModuleId;

/// The modules that the run checks, dependencies first.
pub(super) fn modules_in_order(program: &Program) -> Vec<ModuleId> {
    let order = groups_of(program);
    order.into_iter().flatten().filter(|&id| program.module(id).has_turn).collect()
}

/// All modules in strongly connected groups, dependencies first.
pub(super) fn groups_of(program: &Program) -> Vec<Vec<ModuleId>> {
    postorder_of_groups(program.modules.len(), &|module| program.imports_of(module))
}

/// Pseudo-random but the same for the same seed: tests run the work in many orders.
pub(super) fn shuffle<T>(items: &mut [T], seed: u64) {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    for end in (1..items.len()).rev() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let other = state % (end as u64 + 1);
        items.swap(end, usize::try_from(other).unwrap_or(end));
    }
}

/// Tarjan's algorithm without recursion: the graph is as deep as a program is long.
/// Source: Tarjan, "Depth-First Search and Linear Graph Algorithms", SIAM J. Comput. 1(2), 1972.
fn postorder_of_groups(
    count: usize,
    edges: &dyn Fn(ModuleId) -> Vec<ModuleId>,
) -> Vec<Vec<ModuleId>> {
    const UNSEEN: usize = usize::MAX;
    let mut index = vec![UNSEEN; count];
    let mut low = vec![0; count];
    let mut on_stack = vec![false; count];
    let mut stack: Vec<usize> = Vec::new();
    let mut groups = Vec::with_capacity(count);
    let mut next = 0;
    let mut work: Vec<(usize, std::vec::IntoIter<ModuleId>)> = Vec::new();
    let id = |node: usize| ModuleId(u32::try_from(node).unwrap_or(u32::MAX));
    for root in 0..count {
        if index[root] != UNSEEN {
            continue;
        }
        let mut enter = Some(root);
        while let Some(node) = enter.take() {
            (index[node], low[node]) = (next, next);
            next += 1;
            stack.push(node);
            on_stack[node] = true;
            work.push((node, edges(id(node)).into_iter()));
            while let Some((node, targets)) = work.last_mut() {
                let node = *node;
                if let Some(target) = targets.next() {
                    let target = target.0 as usize;
                    if index[target] == UNSEEN {
                        enter = Some(target);
                        break;
                    }
                    if on_stack[target] {
                        low[node] = low[node].min(index[target]);
                    }
                    continue;
                }
                work.pop();
                if let Some((parent, _)) = work.last() {
                    low[*parent] = low[*parent].min(low[node]);
                }
                if low[node] == index[node] {
                    let start = stack.iter().rposition(|&other| other == node).unwrap_or(0);
                    let mut group = stack.split_off(start);
                    group.sort_unstable();
                    for &member in &group {
                        on_stack[member] = false;
                    }
                    groups.push(group.into_iter().map(id).collect());
                }
            }
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dependencies_come_first_and_groups_together() {
        // 0 → 1 ⇄ 2 → 3, 4 → 0
        let edges: [&[u32]; 5] = [&[1], &[2], &[1, 3], &[], &[0]];
        let of = |id: ModuleId| edges[id.0 as usize].iter().map(|&to| ModuleId(to)).collect();
        let groups: Vec<Vec<ModuleId>> = postorder_of_groups(5, &of);
        let number = |group: Vec<ModuleId>| group.into_iter().map(|id| id.0).collect::<Vec<u32>>();
        let groups: Vec<Vec<u32>> = groups.into_iter().map(number).collect();
        assert_eq!(groups, [vec![3], vec![1, 2], vec![0], vec![4]]);
    }

    #[test]
    fn a_seed_gives_one_order() {
        let mut first: Vec<u32> = (0..50).collect();
        let mut second = first.clone();
        shuffle(&mut first, 7);
        shuffle(&mut second, 7);
        assert_eq!(first, second);
        assert!(!first.is_sorted());
    }
}
