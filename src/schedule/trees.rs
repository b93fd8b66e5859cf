//! The trees that are in memory, and the policy that says which.
//!
//! A tree is there when its module was indexed, and goes when there is no room for it. It is made again when
//! somebody asks for it, with the same ids. All trees share a budget, and the one that was not asked for the
//! longest goes first, but for those of tasks that are under way ([`TreeCache::pin`]). Whoever holds the `Arc` keeps a tree alive anyway.

use std::collections::VecDeque;
use std::hash::Hasher as _;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Weak};

use parking_lot::Mutex;

use super::program::{Content, Module};
use crate::index::{ModuleAst, ScopeId};
use crate::source;
use crate::types::ModuleId;

/// A tree takes about this many times the bytes of its text, together with the nodes by id.
pub(super) const BYTES_PER_TEXT_BYTE: usize = 8;

/// How much of memory trees without work left may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct TreePolicy {
    /// Bytes, estimated.
    pub budget: usize,
}

impl Default for TreePolicy {
    fn default() -> Self {
        Self { budget: 48 * 1024 * 1024 }
    }
}

impl TreePolicy {
    /// The policy of a run that may take so many bytes in all.
    pub fn within(limit: Option<usize>) -> Self {
        let usual = Self::default();
        Self { budget: limit.map_or(usual.budget, |limit| usual.budget.min(limit / 4)) }
    }
}

#[derive(Default)]
struct Slot {
    tree: Mutex<Held>,
    /// Tasks of the module that are under way.
    pins: AtomicU32,
    /// Asked for since the last round of eviction.
    used: AtomicBool,
}

#[derive(Default)]
struct Held {
    strong: Option<Arc<ModuleAst>>,
    weak: Weak<ModuleAst>,
    /// What was added to the budget for `strong`.
    bytes: usize,
}

#[derive(Default)]
struct Resident {
    queue: VecDeque<ModuleId>,
    bytes: usize,
}

/// Keeps a tree from going.
pub(super) struct Pin<'c>(&'c Slot);

impl Drop for Pin<'_> {
    fn drop(&mut self) {
        self.0.pins.fetch_sub(1, Ordering::Relaxed);
    }
}

/// See the module's documentation.
pub(super) struct TreeCache {
    slots: Box<[Slot]>,
    resident: Mutex<Resident>,
    policy: TreePolicy,
    parses: AtomicU64,
    /// Trees that were made again and had to be indexed again for it.
    indexed: AtomicU64,
    peak: AtomicU64,
}

impl TreeCache {
    /// A cache for so many modules.
    pub fn new(modules: usize, policy: TreePolicy) -> Self {
        Self {
            slots: (0..modules).map(|_| Slot::default()).collect(),
            resident: Mutex::default(),
            policy,
            parses: AtomicU64::new(0),
            indexed: AtomicU64::new(0),
            peak: AtomicU64::new(0),
        }
    }

    /// The tree of a module.
    ///
    /// # Panics
    /// When the file is not the one that was loaded any more; the task that asked then fails.
    pub fn get(&self, id: ModuleId, module: &Module, content: &Content) -> Arc<ModuleAst> {
        let slot = &self.slots[id.0 as usize];
        // Relaxed, here and below: a hint about what to evict, and counters.
        if !slot.used.load(Ordering::Relaxed) {
            slot.used.store(true, Ordering::Relaxed);
        }
        let mut held = slot.tree.lock();
        if let Some(tree) = &held.strong {
            return Arc::clone(tree);
        }
        // Made under the slot's lock: whoever else wants this tree had better wait than parse as well.
        // No other lock is taken meanwhile.
        let tree = held.weak.upgrade().unwrap_or_else(|| {
            self.parses.fetch_add(1, Ordering::Relaxed);
            let (tree, is_filled) = parse(module, content);
            self.indexed.fetch_add(u64::from(!is_filled), Ordering::Relaxed);
            Arc::new(tree)
        });
        held.strong = Some(Arc::clone(&tree));
        held.weak = Arc::downgrade(&tree);
        held.bytes = module.text_bytes as usize * BYTES_PER_TEXT_BYTE;
        let bytes = held.bytes;
        drop(held);
        self.admit(id, bytes);
        tree
    }

    /// Takes the tree of a module that was indexed just now.
    pub fn seed(&self, id: ModuleId, module: &Module, tree: ModuleAst) {
        let slot = &self.slots[id.0 as usize];
        let tree = Arc::new(tree);
        let mut held = slot.tree.lock();
        held.weak = Arc::downgrade(&tree);
        held.strong = Some(tree);
        held.bytes = module.text_bytes as usize * BYTES_PER_TEXT_BYTE;
        let bytes = held.bytes;
        drop(held);
        self.admit(id, bytes);
    }

    fn admit(&self, id: ModuleId, bytes: usize) {
        let mut evicted = Vec::new();
        {
            let mut resident = self.resident.lock();
            resident.bytes += bytes;
            resident.queue.push_back(id);
            self.peak.fetch_max(resident.bytes as u64, Ordering::Relaxed);
            let mut looks = resident.queue.len() * 2;
            while resident.bytes > self.policy.budget && looks > 0 {
                looks -= 1;
                let Some(first) = resident.queue.pop_front() else { break };
                let slot = &self.slots[first.0 as usize];
                let is_used = slot.used.swap(false, Ordering::Relaxed);
                if is_used || slot.pins.load(Ordering::Relaxed) > 0 {
                    resident.queue.push_back(first);
                    continue;
                }
                // Never wait for a slot while the queue is locked.
                let Some(mut held) = slot.tree.try_lock() else {
                    resident.queue.push_back(first);
                    continue;
                };
                if let Some(tree) = held.strong.take() {
                    resident.bytes = resident.bytes.saturating_sub(held.bytes);
                    evicted.push(tree);
                }
            }
        }
        // Dropped without a lock held.
        drop(evicted);
    }

    /// Keeps the tree of a module, once it is there, until the pin is dropped.
    pub fn pin(&self, id: ModuleId) -> Pin<'_> {
        let slot = &self.slots[id.0 as usize];
        // Relaxed: a hint about what to evict.
        slot.pins.fetch_add(1, Ordering::Relaxed);
        Pin(slot)
    }

    /// Drops every tree that the cache holds. Trees are deep: call it where the stack is large.
    pub fn clear(&self) {
        let mut resident = self.resident.lock();
        resident.queue.clear();
        resident.bytes = 0;
        drop(resident);
        for slot in &self.slots {
            drop(slot.tree.lock().strong.take());
        }
    }

    /// Drops the tree of a module whose text has changed.
    #[cfg(feature = "study")]
    pub fn forget(&mut self, id: ModuleId) {
        let held = std::mem::take(self.slots[id.0 as usize].tree.get_mut());
        if held.strong.is_some() {
            let resident = self.resident.get_mut();
            resident.bytes = resident.bytes.saturating_sub(held.bytes);
        }
    }

    /// The bytes of a module's tree, estimated; 0 if it is not there.
    pub fn bytes_of(&self, id: ModuleId) -> usize {
        let held = self.slots[id.0 as usize].tree.lock();
        if held.strong.is_some() { held.bytes } else { 0 }
    }

    /// How often a tree was made again, how often it had to be indexed for that, and the most bytes that there were
    /// at once, estimated.
    pub fn usage(&self) -> (u64, u64, u64) {
        let [parses, indexed, peak] = [&self.parses, &self.indexed, &self.peak]
            .map(|counter| counter.load(Ordering::Relaxed));
        (parses, indexed, peak)
    }
}

/// A hash of a text that tells whether a file was changed since.
pub(super) fn hash(text: &str) -> u64 {
    let mut hasher = rustc_hash::FxHasher::default();
    hasher.write(text.as_bytes());
    hasher.finish()
}

fn parse(module: &Module, content: &Content) -> (ModuleAst, bool) {
    let empty = || source::from_text("");
    let text = match content.text_hash {
        // A module that could not be read or indexed is the empty module.
        None => empty(),
        Some(_) if content.read_error.is_some() => empty(),
        Some(expected) => {
            let text = source::read(&module.file).unwrap_or_else(|_| empty());
            assert!(hash(text.text()) == expected, "`{}` was changed during the run", module.file);
            text
        }
    };
    let version = module.settings.python_version;
    // A text that is too deep has an empty tree; of any other it is known that it is not.
    let has_nodes = content.index.scopes[ScopeId::MODULE].node_count > 0;
    let tree = match has_nodes {
        true => source::parse_known(&text, module.kind, version),
        false => source::parse_again(&text, module.kind, version),
    };
    ModuleAst::again(tree, &content.index, &content.numbering, &module.settings)
}
