//! A concurrent map for the few small, hot, read-mostly keys, with `flurry` behind one small face.
//!
//! Never a map from type to data: at a million entries a lookup costs ten times what an arena does.

use std::hash::Hash;

use rustc_hash::FxBuildHasher;

/// A map whose values are written once a key and are cheap to copy.
pub struct Directory<K: 'static, V: 'static> {
    map: flurry::HashMap<K, V, FxBuildHasher>,
}

impl<K, V> Directory<K, V>
where
    K: Hash + Ord + Clone + Send + Sync + 'static,
    V: Copy + Send + Sync + 'static,
{
    /// An empty directory with room for `capacity` keys.
    pub fn with_capacity(capacity: usize) -> Self {
        Self { map: flurry::HashMap::with_capacity_and_hasher(capacity, FxBuildHasher) }
    }

    /// The value published under `key`.
    pub fn get(&self, key: &K) -> Option<V> {
        self.map.get(key, &self.map.guard()).copied()
    }

    /// Publishes `value` unless the key is taken; returns what is there.
    pub fn publish(&self, key: K, value: V) -> V {
        match self.map.try_insert(key, value, &self.map.guard()) {
            Ok(_) => value,
            Err(taken) => *taken.current,
        }
    }

    /// Number of keys.
    pub fn len(&self) -> usize {
        self.map.len()
    }

    /// Whether there are no keys.
    pub fn is_empty(&self) -> bool {
        self.map.is_empty()
    }
}
