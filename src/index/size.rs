//! What an index takes in memory, by table.

use ruff_python_ast::name::Name;
use thin_vec::ThinVec;

use super::model::SemanticIndex;
use super::place::{Definitions, Place, PlaceSegment};

/// Bytes that a [`ThinVec`] has before its elements.
const THIN_HEADER: usize = 16;
/// Longer names than this are on the heap, once for all places that share them; each counts them.
const INLINE_NAME: usize = size_of::<Name>();

/// How many entries tables have, and the bytes that they take, with what belongs to them on the heap.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TableSize {
    /// Entries.
    pub count: usize,
    /// Bytes.
    pub bytes: usize,
}

impl std::ops::AddAssign for TableSize {
    fn add_assign(&mut self, more: Self) {
        self.count += more.count;
        self.bytes += more.bytes;
    }
}

/// Counts what is on the heap, each block as large as `block` says.
#[derive(Clone, Copy)]
struct Blocks(fn(usize) -> usize);

impl Blocks {
    fn list<T>(self, entries: &[T]) -> usize {
        self.0(size_of_val(entries))
    }

    fn table<T>(self, entries: &[T]) -> TableSize {
        TableSize { count: entries.len(), bytes: self.list(entries) }
    }

    fn name(self, text: &str) -> usize {
        if text.len() > INLINE_NAME { self.0(text.len()) } else { 0 }
    }

    fn thin<T>(self, list: &ThinVec<T>) -> usize {
        if list.capacity() == 0 {
            0
        } else {
            self.0(THIN_HEADER + list.capacity() * size_of::<T>())
        }
    }

    /// What a place has besides itself.
    fn place(self, place: &Place) -> usize {
        let definitions = match &place.definitions {
            Definitions::Few(_) => 0,
            Definitions::Many(ids) => self.list(ids),
        };
        let segment = |segment: &PlaceSegment| match segment {
            PlaceSegment::Attribute(text) | PlaceSegment::Key(text) => self.name(text),
            PlaceSegment::Index(_) => 0,
        };
        self.name(&place.expr.root)
            + self.thin(&place.expr.segments)
            + place.expr.segments.iter().map(segment).sum::<usize>()
            + definitions
            + self.thin(&place.foreign_definitions)
    }
}

/// The names of the groups of tables in [`SemanticIndex::sizes`].
pub const TABLES: [&str; 7] =
    ["scopes", "places", "flows", "flows by node", "definitions", "conditions", "class members"];

impl SemanticIndex {
    /// The bytes of all its tables together, and its own. Goes over all places: ask once.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let tables = self.sizes(|bytes| bytes);
        size_of::<Self>() + tables.iter().map(|table| table.bytes).sum::<usize>()
    }

    /// The size of each group of [`TABLES`], where `block` says how much memory a block of so many bytes takes.
    #[must_use]
    pub fn sizes(&self, block: fn(usize) -> usize) -> [TableSize; 7] {
        let heap = Blocks(block);
        let mut sizes = [TableSize::default(); 7];
        let [scopes, places, flows, by_node, definitions, conditions, members] = &mut sizes;
        *scopes += heap.table(&self.scopes.raw);
        for scope in &self.scopes {
            scopes.bytes += heap.list(&scope.returns)
                + heap.list(&scope.snapshots)
                + heap.list(&scope.milestones);
            *places += heap.table(&scope.places.raw);
            places.bytes += scope.places.iter().map(|place| heap.place(place)).sum::<usize>();
            places.bytes += heap.list(&scope.by_hash);
            *flows += heap.table(scope.flows.raw.as_slice());
            flows.bytes += heap.list(&scope.operands);
            *by_node += heap.table(&scope.flow_at);
        }
        *definitions += heap.table(&self.definitions.raw);
        definitions.bytes += heap.list(&self.start_definitions) + heap.list(&self.node_definitions);
        *conditions += heap.table(&self.reach.raw);
        conditions.bytes += heap.list(&self.reach_operands)
            + heap.list(self.predicates.raw.as_slice())
            + heap.list(&self.dead_operands);
        *members += TableSize { count: self.members.len(), bytes: self.members.bytes() };
        members.bytes += heap.list(&self.instance_attributes);
        scopes.bytes += heap.list(&self.node_scopes) + heap.list(&self.reads);
        sizes
    }
}
