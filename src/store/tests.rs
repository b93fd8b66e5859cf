//! Tests of the store by itself: what it keeps, who may write, and what becomes visible when.
//!
//! Miri runs them in CI. Each misuse that was possible once has a test here or an example in the
//! documentation of the room that does not compile.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

/// A payload that points into its arena.
#[derive(Debug, Clone, Copy)]
enum Shape<'a> {
    Leaf(u64),
    Text(&'a str),
    List(&'a [u64]),
}

/// Owns memory, and points into its arena.
struct Large<'a> {
    name: Box<str>,
    list: &'a [u64],
}

impl HeldBytes for Large<'_> {
    fn held_bytes(&self) -> usize {
        self.name.len()
    }
}

family!(Shapes = Shape<'a>);
family!(Larges = Large<'a>);
family!(Numbers = u64);

enum Content {}

impl Contents for Content {
    type Payload = Shapes;
    type Owned = Typed<Larges>;
}

struct Memos {
    numbers: MemoTable<Numbers>,
    larges: MemoTable<Larges>,
    others: MemoMap<String, Numbers>,
}

impl Memos {
    /// # Safety
    /// As for [`MemoTable::new`].
    unsafe fn new(owner: u32) -> Self {
        // SAFETY: the caller vouches.
        unsafe {
            Self {
                numbers: MemoTable::new(4, owner),
                larges: MemoTable::new(4, owner),
                others: MemoMap::new(owner),
            }
        }
    }
}

type Store = TypeStore<Content, Memos>;

fn room(store: &Store, module: u32) -> (&Arena<Content>, &Memos) {
    let room = store.open(module);
    // SAFETY: kept beside the arena with this number.
    (&room.arena, room.memos_or(|| unsafe { Memos::new(module) }))
}

const fn print(value: u128) -> Fingerprint {
    Fingerprint(value)
}

#[test]
fn an_append_only_vector_keeps_elements_in_place() {
    let vector = AppendVec::default();
    let first = vector.get(vector.push(7_u64));
    for value in 0..2_000_u64 {
        vector.push(value);
    }
    assert_eq!(*first, 7);
    assert_eq!(*vector.get(2_000), 1_999);
    assert_eq!(vector.len(), 2_001);
    assert!(std::panic::catch_unwind(|| *AppendVec::<u8>::default().get(0)).is_err());
}

#[test]
fn several_threads_may_push() {
    let vector = AppendVec::default();
    std::thread::scope(|scope| {
        for thread in 0..4_u64 {
            let vector = &vector;
            scope.spawn(move || {
                for value in 0..50 {
                    let at = vector.push(thread * 1_000 + value);
                    assert_eq!(*vector.get(at), thread * 1_000 + value);
                }
            });
        }
    });
    let mut all: Vec<u64> = (0..vector.len()).map(|at| *vector.get(at)).collect();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), 200);
}

#[test]
fn equal_payloads_are_written_once_and_read_from_the_arena() {
    let store = Store::default();
    let arena = &store.open(3).arena;
    let write = |text: &str| {
        arena.write(|writer| writer.intern(print(1), || Shape::Text(writer.string(text)))).0
    };
    assert_eq!((write("a"), write("a")), (0, 0));
    let (list, _) =
        arena.write(|writer| writer.intern(print(2), || Shape::List(writer.slice(&[1, 2, 3]))));
    assert!(matches!(arena.get(0), Shape::Text("a")));
    assert!(matches!(arena.get(list), Shape::List([1, 2, 3])));
    assert_eq!(arena.fingerprint(list), print(2));
    assert!(arena.usage().1 > 0);
}

#[test]
fn a_scratch_holds_what_its_task_made() {
    let scratch = Scratch::<Content>::default();
    let writer = scratch.writer();
    let text = writer.string("scratch");
    let at = writer.intern(print(1), || Shape::Text(text));
    let leaf = writer.intern(print(2), || Shape::Leaf(7));
    let large = writer.keep(|typed| typed, Large { name: "n".into(), list: writer.slice(&[4]) });
    assert!(matches!(writer.get(at), Shape::Text("scratch")));
    assert!(matches!(writer.get(leaf), Shape::Leaf(7)));
    assert_eq!((&*large.name, large.list), ("n", &[4_u64][..]));
    assert!(scratch.bytes() > 0);
}

#[test]
fn what_is_published_outlives_the_write() {
    let store = Store::default();
    let (arena, memos) = room(&store, 7);
    let seals = &store.seals;
    assert!(memos.larges.find(0, seals, false).is_none());
    arena.write(|writer| {
        let list = writer.slice(&[1, 2]);
        let large = writer.keep(|typed| typed, Large { name: "large".into(), list });
        assert!(memos.larges.publish(writer, 0, large, None));
        assert!(memos.others.publish(writer, "key".to_owned(), writer.value(5), None));
    });
    let large = memos.larges.find(0, seals, false).expect("published");
    assert_eq!((&*large.name, large.list), ("large", &[1_u64, 2][..]));
    assert_eq!(memos.others.find("key", seals, false), Some(&5));
    // The first one stays.
    arena.write(|writer| {
        assert!(!memos.others.publish(writer, "key".to_owned(), writer.value(6), None));
    });
    assert_eq!(memos.others.find("key", seals, false), Some(&5));
    assert_eq!(memos.larges.find(9, seals, false).map(|large| large.list), None);
}

#[test]
fn a_value_of_another_arena_is_refused() {
    let store = Store::default();
    let (_, memos) = room(&store, 1);
    let (other, _) = room(&store, 2);
    let publish = || {
        other.write(|writer| memos.numbers.publish(writer, 0, writer.value(1), None));
    };
    assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(publish)).is_err());
    assert!(memos.numbers.find(0, &store.seals, true).is_none());
}

#[test]
fn a_set_becomes_visible_at_once() {
    let store = Store::default();
    let seals = &store.seals;
    let seal = seals.seal();
    for module in [1, 2] {
        let (arena, memos) = room(&store, module);
        arena.write(|writer| {
            assert!(memos.numbers.publish(writer, 0, writer.value(u64::from(module)), Some(seal)));
        });
        // Taken, and not to be seen.
        assert_eq!(memos.numbers.find(0, seals, false), None);
        assert_eq!(memos.numbers.find(0, seals, true), Some(&u64::from(module)));
        arena.write(|writer| {
            assert!(!memos.numbers.publish(writer, 0, writer.value(9), None));
        });
    }
    seals.break_seal(seal);
    for module in [1, 2] {
        let memos = room(&store, module).1;
        assert_eq!(memos.numbers.find(0, seals, false), Some(&u64::from(module)));
        memos.numbers.open(0, seals);
        assert_eq!(memos.numbers.find(0, seals, false), Some(&u64::from(module)));
    }
}

#[test]
fn readers_see_whole_answers_while_writers_write() {
    let store = Store::default();
    let seen = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for module in 0..3_u32 {
            let store = &store;
            scope.spawn(move || {
                let (arena, memos) = room(store, module);
                for at in 0..4 {
                    arena.write(|writer| {
                        let list = writer.slice(&[at as u64; 5]);
                        let large = writer.keep(|typed| typed, Large { name: "x".into(), list });
                        memos.larges.publish(writer, at, large, None);
                    });
                }
            });
        }
        for _ in 0..2 {
            let (store, seen) = (&store, &seen);
            scope.spawn(move || {
                for round in 0..200_u32 {
                    let Some(memos) = store.get(round % 3).and_then(ModuleArena::memos) else {
                        continue;
                    };
                    let at = (round / 3 % 4) as usize;
                    if let Some(large) = memos.larges.find(at, &store.seals, false) {
                        assert_eq!(large.list, [at as u64; 5]);
                        seen.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
        }
    });
    let mut rooms = 0;
    store.for_each(|_, _| rooms += 1);
    assert_eq!(rooms, 3);
}

#[test]
fn an_arena_without_types_is_small() {
    let size = size_of::<ModuleArena<Content, Memos>>();
    assert!(size < 300, "{size} bytes");
}
