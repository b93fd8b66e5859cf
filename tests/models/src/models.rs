//! What threads may see of the store, over every order in which they can run.
//!
//! A set of two answers, *even* and *odd* of two modules, is published by one thread while another looks and
//! publishes what it has made of half of it.

use loom::sync::Arc;
use loom::thread;

use crate::store::{AppendVec, Arena, Contents, Family, HeldBytes, MemoTable, Seals, Typed};

enum Payload {}

impl Family for Payload {
    type At<'a> = u64;
    fn shorten<'a, 'b: 'a>(value: &'a Self::At<'b>) -> &'a Self::At<'a> {
        value
    }
}

#[derive(Debug)]
enum Content {}

impl Contents for Content {
    type Payload = Payload;
    type Owned = Typed<Payload>;
}

impl HeldBytes for u64 {
    fn held_bytes(&self) -> usize {
        0
    }
}

/// Two modules, each with an arena and one cell, and the seals.
struct Store {
    arenas: [Arena<Content>; 2],
    cells: [MemoTable<Payload>; 2],
    seals: Seals,
}

impl Store {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            arenas: [Arena::new(0), Arena::new(1)],
            // SAFETY: beside the arenas with these numbers, in one value that is dropped as one.
            cells: unsafe { [MemoTable::new(1, 0), MemoTable::new(1, 1)] },
            seals: Seals::default(),
        })
    }

    fn seen(&self, module: usize) -> Option<u64> {
        self.cells[module].find(0, &self.seals, false).copied()
    }

    /// The first answer, seen or not.
    fn first(&self, module: usize) -> Option<u64> {
        self.cells[module].find(0, &self.seals, true).copied()
    }

    fn publish(&self, module: usize, value: u64) {
        self.arenas[module].write(|writer| {
            self.cells[module].publish(writer, 0, writer.value(value), None);
        });
    }

    fn publish_set(&self, values: [u64; 2]) {
        let seal = self.seals.seal();
        for (module, value) in values.into_iter().enumerate() {
            self.arenas[module].write(|writer| {
                self.cells[module].publish(writer, 0, writer.value(value), Some(seal));
            });
        }
        self.seals.break_seal(seal);
        self.cells[0].open(0, &self.seals);
        self.cells[1].open(0, &self.seals);
    }
}

#[test]
fn whoever_sees_one_member_of_a_set_finds_the_other_taken() {
    loom::model(|| {
        let store = Store::new();
        let writer = {
            let store = Arc::clone(&store);
            thread::spawn(move || store.publish_set([10, 11]))
        };
        // Whatever is seen of one is what the set says, and then the other one is there too.
        if let Some(even) = store.seen(0) {
            assert_eq!(even, 10);
            assert_eq!(store.first(1), Some(11));
            // Made with half of the set: comes too late.
            store.publish(1, 99);
        }
        writer.join().expect("the writer");
        assert_eq!((store.seen(0), store.seen(1)), (Some(10), Some(11)));
    });
}

#[test]
fn two_publish_the_same_set() {
    loom::model(|| {
        let store = Store::new();
        let other = {
            let store = Arc::clone(&store);
            thread::spawn(move || store.publish_set([10, 11]))
        };
        store.publish_set([10, 11]);
        other.join().expect("the other");
        assert_eq!((store.seen(0), store.seen(1)), (Some(10), Some(11)));
    });
}

#[test]
fn one_of_two_publications_stays() {
    loom::model(|| {
        let store = Store::new();
        let other = {
            let store = Arc::clone(&store);
            thread::spawn(move || {
                store.publish(0, 1);
                store.seen(0)
            })
        };
        store.publish(0, 2);
        let here = store.seen(0);
        let there = other.join().expect("the other");
        assert_eq!(here, there);
        assert!(matches!(here, Some(1 | 2)));
    });
}

#[test]
fn pushes_take_turns() {
    loom::model(|| {
        let vector = Arc::new(AppendVec::default());
        let other = {
            let vector = Arc::clone(&vector);
            thread::spawn(move || {
                let at = vector.push(1_u64);
                assert_eq!(*vector.get(at), 1);
            })
        };
        let at = vector.push(2_u64);
        assert_eq!(*vector.get(at), 2);
        other.join().expect("the other");
        assert_eq!(vector.len(), 2);
        assert_eq!(*vector.get(0) + *vector.get(1), 3);
    });
}
