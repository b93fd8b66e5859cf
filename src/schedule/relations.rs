//! Answers to "is this assignable to that", both composite, by fingerprints.

use parking_lot::RwLock;
use rustc_hash::FxHashMap;

const SHARDS: usize = 64;
/// Entries of one shard.
const ROOM: usize = 6_000;

type Shard = FxHashMap<(u128, u128), bool>;

/// See the module's documentation. Bounded: a shard that is full starts again from empty, which costs time and
/// changes no answer.
pub(super) struct Relations {
    shards: Box<[RwLock<Shard>]>,
}

impl Default for Relations {
    fn default() -> Self {
        Self { shards: (0..SHARDS).map(|_| RwLock::default()).collect() }
    }
}

impl Relations {
    fn shard(&self, key: (u128, u128)) -> &RwLock<Shard> {
        // Fingerprints are well mixed already.
        &self.shards[((key.0 ^ key.1) % SHARDS as u128) as usize]
    }

    /// The cached answer.
    pub fn get(&self, key: (u128, u128)) -> Option<bool> {
        #[cfg(feature = "study")]
        if super::study::without_relations() {
            return None;
        }
        self.shard(key).read().get(&key).copied()
    }

    /// Remembers an answer.
    pub fn insert(&self, key: (u128, u128), answer: bool) {
        #[cfg(feature = "study")]
        if super::study::without_relations() {
            return;
        }
        let mut shard = self.shard(key).write();
        if shard.len() >= ROOM {
            shard.clear();
        }
        shard.insert(key, answer);
    }

    /// Count and bytes.
    pub fn usage(&self) -> (usize, usize) {
        let count: usize = self.shards.iter().map(|shard| shard.read().len()).sum();
        let room: usize = self.shards.iter().map(|shard| shard.read().capacity()).sum();
        (count, room * (size_of::<((u128, u128), bool)>() + 1))
    }
}
