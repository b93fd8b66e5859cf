//! The table of edges: for each node and hub, what it leads to.
//!
//! Edges are most of what the question about dead code needs, so one takes four bytes: what it leads to, and which of the
//! few kinds it is of. They are added in the order of where they begin, so that nothing but the table is ever there.

/// How many bits say where an edge leads to; the others say its kind.
const WIDTH: u32 = 29;

/// See the module's documentation.
pub struct Links {
    /// For each node and hub, where its edges begin in `targets`.
    starts: Vec<u32>,
    targets: Vec<u32>,
}

impl Links {
    /// What a node or hub leads to, with the kind of the edge.
    pub fn of(&self, node: u32) -> impl Iterator<Item = (u32, u8)> + '_ {
        let at = node as usize;
        let range = self.starts[at] as usize..self.starts[at + 1] as usize;
        self.targets[range]
            .iter()
            .map(|&packed| (packed & ((1 << WIDTH) - 1), 1 << (packed >> WIDTH)))
    }

    /// How many nodes and hubs there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A table that is being made.
pub struct LinksBuilder {
    links: Links,
    /// Edges that begin at the next nodes, in any order.
    pending: Vec<(u32, u32, u8)>,
}

impl Default for LinksBuilder {
    fn default() -> Self {
        let links = Links { starts: vec![0], targets: Vec::new() };
        Self { links, pending: Vec::new() }
    }
}

impl LinksBuilder {
    /// Adds an edge of a kind that is one bit. Where it begins has not been closed.
    pub fn add(&mut self, from: u32, to: u32, kind: u8) {
        debug_assert!(kind.is_power_of_two() && to >> WIDTH == 0, "it fits into its bits");
        if from != to {
            self.pending.push((from, to, kind));
        }
    }

    /// No edge will be added any more that begins before `end`.
    pub fn close(&mut self, end: u32) {
        self.pending.sort_unstable();
        self.pending.dedup();
        let Links { starts, targets } = &mut self.links;
        let mut pending = self.pending.iter().peekable();
        while starts.len() <= end as usize {
            let node = starts.len() - 1;
            while let Some(&(_, to, kind)) = pending.next_if(|edge| edge.0 as usize == node) {
                targets.push(to | (kind.trailing_zeros() << WIDTH));
            }
            starts.push(u32::try_from(targets.len()).unwrap_or(u32::MAX));
        }
        self.pending.clear();
    }

    /// The table.
    #[must_use]
    pub fn finish(self) -> Links {
        self.links
    }
}

#[cfg(test)]
mod tests {
    use super::LinksBuilder;

    #[test]
    fn edges_are_sorted_and_there_once() {
        let mut builder = LinksBuilder::default();
        for (from, to, kind) in [(1, 4, 16), (0, 2, 1), (1, 4, 1), (1, 1, 1), (0, 2, 1), (1, 3, 64)]
        {
            builder.add(from, to, kind);
        }
        builder.close(3);
        builder.add(4, 0, 2);
        builder.close(5);
        let links = builder.finish();
        let all: Vec<Vec<(u32, u8)>> = (0..5).map(|node| links.of(node).collect()).collect();
        assert_eq!(
            all,
            [vec![(2, 1)], vec![(3, 64), (4, 1), (4, 16)], vec![], vec![], vec![(0, 2)],]
        );
        assert_eq!(links.len(), 5);
    }
}
