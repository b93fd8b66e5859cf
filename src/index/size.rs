//! What an index takes in memory, by table.

use thin_vec::ThinVec;

use super::model::{Scope, SemanticIndex};
use super::place::{Definitions, Place, PlaceSegment};

/// Bytes that a [`ThinVec`] has before its elements.
const THIN_HEADER: usize = 16;
/// Longer names than this are on the heap.
const INLINE_NAME: usize = 24;

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

impl TableSize {
    fn of<T>(entries: &[T]) -> Self {
        Self { count: entries.len(), bytes: size_of_val(entries) }
    }
}

/// The names of the groups of tables in [`SemanticIndex::sizes`].
pub const TABLES: [&str; 7] =
    ["scopes", "places", "flows", "flows by node", "definitions", "conditions", "class members"];

impl SemanticIndex {
    /// The bytes of all its tables together, and its own. Goes over all places: ask once.
    #[must_use]
    pub fn bytes(&self) -> usize {
        size_of::<Self>() + self.sizes().iter().map(|table| table.bytes).sum::<usize>()
    }

    /// The size of each group of [`TABLES`].
    #[must_use]
    pub fn sizes(&self) -> [TableSize; 7] {
        let mut sizes = [TableSize::default(); 7];
        let [scopes, places, flows, by_node, definitions, conditions, members] = &mut sizes;
        for scope in &self.scopes {
            *scopes +=
                TableSize { count: 1, bytes: size_of::<Scope>() + size_of_val(&*scope.returns) };
            scopes.bytes += size_of_val(&*scope.snapshots) + size_of_val(&*scope.milestones);
            for place in &scope.places {
                *places += TableSize { count: 1, bytes: size_of_place(place) };
            }
            places.bytes += size_of_val(&*scope.by_hash);
            *flows += TableSize::of(scope.flows.raw.as_slice());
            flows.bytes += size_of_val(&*scope.operands);
            *by_node += TableSize::of(&scope.flow_at);
        }
        *definitions += TableSize::of(&self.definitions.raw);
        definitions.bytes +=
            size_of_val(&*self.start_definitions) + size_of_val(&*self.node_definitions);
        *conditions += TableSize::of(&self.reach.raw);
        conditions.bytes += size_of_val(&*self.reach_operands)
            + size_of_val(self.predicates.raw.as_slice())
            + size_of_val(&*self.dead_operands);
        *members += TableSize { count: self.members.len(), bytes: self.members.bytes() };
        members.bytes += size_of_val(&*self.instance_attributes);
        scopes.bytes += size_of_val(&*self.node_scopes) + size_of_val(&*self.reads);
        sizes
    }
}

fn size_of_place(place: &Place) -> usize {
    let definitions = match &place.definitions {
        Definitions::Few(_) => 0,
        Definitions::Many(ids) => size_of_val(&**ids),
    };
    size_of::<Place>()
        + name(&place.expr.root)
        + thin(&place.expr.segments)
        + place.expr.segments.iter().map(segment).sum::<usize>()
        + definitions
        + thin(&place.foreign_definitions)
}

fn segment(segment: &PlaceSegment) -> usize {
    match segment {
        PlaceSegment::Attribute(text) | PlaceSegment::Key(text) => name(text),
        PlaceSegment::Index(_) => 0,
    }
}

fn name(text: &str) -> usize {
    if text.len() > INLINE_NAME { text.len() } else { 0 }
}

fn thin<T>(list: &ThinVec<T>) -> usize {
    if list.capacity() == 0 { 0 } else { THIN_HEADER + list.capacity() * size_of::<T>() }
}
