//! Which members the classes of a module have, by name, before any type is known.
//!
//! "This class has no such member" is by far the most frequent answer about classes. It is found here, without
//! asking anybody, and is remembered by nobody.

use std::hash::{BuildHasher, Hash, Hasher};

use hashbrown::HashTable;
use ruff_index::IndexVec;
use rustc_hash::FxBuildHasher;

use super::ids::{DefinitionId, PlaceId, ScopeId};
use super::model::{InstanceAttribute, Scope};

/// A name that the body of a class binds or declares, or that its methods set on the instance.
#[derive(Debug, Clone, Copy)]
struct Entry {
    class: DefinitionId,
    source: Source,
}

/// Where the name of an entry stands.
#[derive(Debug, Clone, Copy)]
enum Source {
    Place(ScopeId, PlaceId),
    Attribute(u32),
}

/// What the index knows of a name in a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MemberName {
    /// The class statement or its methods give it; all such names of the module are numbered.
    Written(u32),
    /// Nothing written gives it.
    NotWritten,
    /// Not a class statement, or one that control never gets to.
    Unknown,
}

/// The members of all classes of a module.
#[derive(Debug, Default)]
pub(super) struct Members {
    /// The classes that there is something to say about, sorted.
    classes: Box<[DefinitionId]>,
    entries: Box<[Entry]>,
    by_name: HashTable<u32>,
}

fn hash(class: DefinitionId, name: &str) -> u64 {
    let mut hasher = FxBuildHasher.build_hasher();
    class.hash(&mut hasher);
    hasher.write(name.as_bytes());
    hasher.finish()
}

/// What the names of entries are read from.
#[derive(Clone, Copy)]
pub(super) struct Names<'i> {
    pub scopes: &'i IndexVec<ScopeId, Scope>,
    pub attributes: &'i [(ScopeId, InstanceAttribute)],
}

impl<'i> Names<'i> {
    fn of(self, entry: Entry) -> &'i str {
        match entry.source {
            Source::Place(scope, place) => self.scopes[scope].places[place].expr.root.as_str(),
            Source::Attribute(at) => self.attributes[at as usize].1.name.as_str(),
        }
    }
}

impl Members {
    /// The members of these classes, each with the scope of its body.
    pub fn new(mut classes: Vec<(DefinitionId, ScopeId)>, names: Names<'_>) -> Self {
        classes.sort_unstable();
        let mut members = Self::default();
        let mut entries = Vec::new();
        for &(class, body) in &classes {
            for (place, of) in names.scopes[body].places.iter_enumerated() {
                if of.expr.is_name() && (of.is_bound() || of.is_declared()) {
                    members.add(
                        Entry { class, source: Source::Place(body, place) },
                        &mut entries,
                        names,
                    );
                }
            }
            let start = names.attributes.partition_point(|entry| entry.0 < body);
            let end = names.attributes.partition_point(|entry| entry.0 <= body);
            for at in start..end {
                let source = Source::Attribute(u32::try_from(at).unwrap_or(u32::MAX));
                members.add(Entry { class, source }, &mut entries, names);
            }
        }
        let known = &entries;
        members.by_name.shrink_to_fit(|&at| {
            let entry: Entry = known[at as usize];
            hash(entry.class, names.of(entry))
        });
        members.classes = classes.into_iter().map(|(class, _)| class).collect();
        members.entries = entries.into();
        members
    }

    fn add(&mut self, entry: Entry, entries: &mut Vec<Entry>, names: Names<'_>) {
        let name = names.of(entry);
        let key = hash(entry.class, name);
        let is_same = |&at: &u32| {
            let other = entries[at as usize];
            other.class == entry.class && names.of(other) == name
        };
        if self.by_name.find(key, is_same).is_some() {
            return;
        }
        let number = u32::try_from(entries.len()).unwrap_or(u32::MAX);
        entries.push(entry);
        self.by_name.insert_unique(key, number, |&at| {
            let entry = entries[at as usize];
            hash(entry.class, names.of(entry))
        });
    }

    /// What is known of `name` in `class`.
    pub fn find(&self, class: DefinitionId, name: &str, names: Names<'_>) -> MemberName {
        let is_wanted = |&at: &u32| {
            let entry = self.entries[at as usize];
            entry.class == class && names.of(entry) == name
        };
        match self.by_name.find(hash(class, name), is_wanted) {
            Some(&number) => MemberName::Written(number),
            None if self.classes.binary_search(&class).is_ok() => MemberName::NotWritten,
            None => MemberName::Unknown,
        }
    }

    /// How many names there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Bytes that they take.
    pub fn bytes(&self) -> usize {
        size_of_val(&*self.classes) + size_of_val(&*self.entries) + self.by_name.allocation_size()
    }
}
