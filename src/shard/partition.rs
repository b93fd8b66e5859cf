//! Which file belongs to which shard.
//!
//! Files come in order of project and path, and stay in it: a shard is a stretch of that list, so that what lies in one
//! folder, and mostly imports the same, is checked by one shard. Two things bend the order. Files that import each other in a
//! circle stand together, at the place of the first, unless they are so many that no shard would be
//! like another. And a cut is made near its place where neighbours have least in common: between two projects
//! if there is such a place, else between folders as near to the top as there are.
//!
//! The result is a function of this list alone, and thus the same on every machine.

use std::collections::BTreeMap;
use std::sync::Arc;

/// A file to be given to a shard.
#[derive(Debug, Clone)]
pub struct Item {
    /// The number of its project, Python version and platform.
    pub project: usize,
    /// The number of the group of files that import each other.
    pub group: usize,
    /// The path, with `/`.
    pub path: Arc<str>,
    /// What it costs to check, in any unit.
    pub cost: u64,
}

/// A group of files is kept together if it costs at most one over this of an average shard.
const LARGEST_GROUP: u64 = 4;

/// A cut may be moved by one over this of an average shard.
const LARGEST_MOVE: u64 = 10;

/// For each item the number of its shard, counted from 0.
#[must_use]
pub fn partition(items: &[Item], shards: u32) -> Vec<u32> {
    let order = in_order(items, shards);
    // `until[at]` is the cost of all that stands before the place `at`.
    let mut until: Vec<u64> = vec![0];
    for &item in &order {
        until.push(until[until.len() - 1].saturating_add(items[item].cost));
    }
    let total = until[order.len()];
    let mut shard_of = vec![0; items.len()];
    let mut begin = 0;
    for shard in 0..shards {
        let share = |number: u32| scaled(total, number, shards);
        let end = match shard + 1 == shards {
            true => order.len(),
            false => cut(items, &order, &until, share(shard + 1), total / u64::from(shards)),
        };
        for &item in &order[begin.min(end)..end] {
            shard_of[item] = shard;
        }
        begin = begin.max(end);
    }
    shard_of
}

/// `total * number / of`, without overflow.
fn scaled(total: u64, number: u32, of: u32) -> u64 {
    let scaled = u128::from(total) * u128::from(number) / u128::from(of.max(1));
    u64::try_from(scaled).unwrap_or(u64::MAX)
}

/// The items in their order, with those of a group at the place of its first one.
fn in_order(items: &[Item], shards: u32) -> Vec<usize> {
    let total: u64 = items.iter().fold(0, |sum, item| sum.saturating_add(item.cost));
    let most = total / u64::from(shards.max(1)) / LARGEST_GROUP;
    let mut groups: BTreeMap<(usize, usize), (u64, Vec<usize>)> = BTreeMap::new();
    for (at, item) in items.iter().enumerate() {
        let group = groups.entry((item.project, item.group)).or_default();
        group.0 = group.0.saturating_add(item.cost);
        group.1.push(at);
    }
    let mut order = Vec::with_capacity(items.len());
    for (at, item) in items.iter().enumerate() {
        match groups.get(&(item.project, item.group)) {
            Some((cost, members)) if *cost <= most => {
                if members.first() == Some(&at) {
                    order.extend(members);
                }
            }
            _ => order.push(at),
        }
    }
    order
}

/// The place of a cut: within reach of `wanted`, where the neighbours have least in common; of equal ones the nearest.
fn cut(items: &[Item], order: &[usize], until: &[u64], wanted: u64, average: u64) -> usize {
    let reach = average / LARGEST_MOVE;
    let first = until.partition_point(|&cost| cost < wanted.saturating_sub(reach));
    let last = until.partition_point(|&cost| cost <= wanted.saturating_add(reach));
    let distance = |at: usize| until[at].abs_diff(wanted);
    let nearest = || {
        let above = until.partition_point(|&cost| cost < wanted).min(order.len());
        let below = above.saturating_sub(1);
        if distance(below) < distance(above) { below } else { above }
    };
    (first..last)
        .min_by_key(|&at| (in_common(items, order, at), distance(at)))
        .unwrap_or_else(nearest)
}

/// How many folders the items before and after a place have in common; 0 for those of different projects, too.
fn in_common(items: &[Item], order: &[usize], at: usize) -> usize {
    let (Some(before), Some(after)) = (at.checked_sub(1).map(|at| order[at]), order.get(at)) else {
        return 0;
    };
    let (before, after) = (&items[before], &items[*after]);
    if before.project != after.project {
        return 0;
    }
    // A group is not cut through if there is another place.
    if before.group == after.group {
        return usize::MAX;
    }
    let folders = before.path.split('/').zip(after.path.split('/'));
    1 + folders.take_while(|(before, after)| before == after).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(paths: &[(&str, usize, usize, u64)]) -> Vec<Item> {
        let item = |&(path, project, group, cost): &(&str, usize, usize, u64)| Item {
            project,
            group,
            path: path.into(),
            cost,
        };
        paths.iter().map(item).collect()
    }

    #[test]
    fn shards_cost_about_the_same() {
        let paths: Vec<String> = (0..100).map(|n| format!("p{}/m{n:02}.py", n / 10)).collect();
        let list: Vec<(&str, usize, usize, u64)> =
            paths.iter().enumerate().map(|(n, path)| (&**path, 0, n, 10 + n as u64 % 7)).collect();
        let list = items(&list);
        for shards in [1, 2, 3, 7, 16] {
            let shard_of = partition(&list, shards);
            assert!(shard_of.is_sorted());
            let cost = |shard: u32| -> u64 {
                let own = list.iter().zip(&shard_of).filter(|(_, of)| **of == shard);
                own.map(|(item, _)| item.cost).sum()
            };
            let costs: Vec<u64> = (0..shards).map(cost).collect();
            let average = costs.iter().sum::<u64>() / u64::from(shards);
            assert!(costs.iter().all(|&cost| cost * 2 < average * 3), "{costs:?}");
        }
    }

    #[test]
    fn a_cut_is_made_where_little_is_in_common() {
        let list = [
            ("a/b/1.py", 0, 0, 20),
            ("a/b/2.py", 0, 1, 20),
            ("a/b/3.py", 0, 2, 9),
            ("a/c/1.py", 0, 3, 11),
            ("a/c/2.py", 0, 4, 20),
            ("a/c/3.py", 0, 5, 20),
        ];
        assert_eq!(partition(&items(&list), 2), [0, 0, 0, 1, 1, 1]);
        // Not so near, but between projects.
        let costs = [22, 22, 3, 9, 20, 20];
        let list =
            list.map(|(path, _, group, _)| (path, usize::from(group > 1), group, costs[group]));
        assert_eq!(partition(&items(&list), 2), [0, 0, 1, 1, 1, 1]);
    }

    #[test]
    fn files_that_import_each_other_stay_together() {
        let list =
            [("a.py", 0, 0, 10), ("b.py", 0, 1, 100), ("c.py", 0, 2, 100), ("z.py", 0, 0, 10)];
        assert_eq!(partition(&items(&list), 2), [0, 0, 1, 0]);
        // All of one group: it is cut all the same.
        let list = list.map(|(path, project, _, cost)| (path, project, 0, cost));
        assert_eq!(partition(&items(&list), 2), [0, 0, 1, 1]);
    }

    #[test]
    fn there_may_be_more_shards_than_files() {
        assert_eq!(partition(&[], 3), Vec::<u32>::new());
        let list = items(&[("a.py", 0, 0, 1), ("b.py", 0, 1, 1)]);
        let mut shard_of = partition(&list, 9);
        shard_of.dedup();
        assert_eq!(shard_of.len(), 2);
        assert_eq!(partition(&items(&[("a.py", 0, 0, 0), ("b.py", 0, 1, 0)]), 4).len(), 2);
    }
}
