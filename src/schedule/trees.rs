//! The trees that are in memory, and the policy that says which.
//!
//! A tree is there when its module was indexed, and goes when there is no room for it. It is made again when
//! somebody asks for it, with the same ids. All trees share a budget, and the one that was not asked for the
//! longest goes first, but for those of tasks that are under way ([`TreeCache::pin`]). A module that is done gives its tree
//! back. Whoever holds the `Arc` keeps a tree alive anyway.

use std::collections::VecDeque;
use std::hash::Hasher as _;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize, Ordering};
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
    /// What [`TreeCache::bytes`] counts for `strong`.
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
    /// Whose tree may go, in turn. A module may stand here more than once, and without a tree.
    queue: Mutex<VecDeque<ModuleId>>,
    /// Of all trees that the slots hold; changed under the lock of the slot.
    bytes: AtomicUsize,
    policy: TreePolicy,
    parses: AtomicU64,
    /// Trees that were made again and had to be indexed again for it.
    indexed: AtomicU64,
    /// The most that `bytes` was.
    peak: AtomicUsize,
}

impl TreeCache {
    /// A cache for so many modules.
    pub fn new(modules: usize, policy: TreePolicy) -> Self {
        Self {
            slots: (0..modules).map(|_| Slot::default()).collect(),
            queue: Mutex::default(),
            bytes: AtomicUsize::new(0),
            policy,
            parses: AtomicU64::new(0),
            indexed: AtomicU64::new(0),
            peak: AtomicUsize::new(0),
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
        self.put(&mut held, Arc::clone(&tree), size_of(module, content));
        drop(held);
        self.admit(id);
        tree
    }

    /// Takes the tree of a module that was indexed just now.
    pub fn seed(&self, id: ModuleId, module: &Module, content: &Content, tree: ModuleAst) {
        let slot = &self.slots[id.0 as usize];
        self.put(&mut slot.tree.lock(), Arc::new(tree), size_of(module, content));
        self.admit(id);
    }

    fn put(&self, held: &mut Held, tree: Arc<ModuleAst>, bytes: usize) {
        drop(self.take(held));
        held.weak = Arc::downgrade(&tree);
        held.strong = Some(tree);
        held.bytes = bytes;
        let others = self.bytes.fetch_add(held.bytes, Ordering::Relaxed);
        self.peak.fetch_max(others + held.bytes, Ordering::Relaxed);
    }

    /// Takes the tree out of a slot; it is to be dropped without a lock held.
    fn take(&self, held: &mut Held) -> Option<Arc<ModuleAst>> {
        let tree = held.strong.take()?;
        self.bytes.fetch_sub(held.bytes, Ordering::Relaxed);
        Some(tree)
    }

    /// Queues a module whose tree is there now, and has others give theirs back as long as there are too many.
    fn admit(&self, id: ModuleId) {
        let mut evicted = Vec::new();
        {
            let mut queue = self.queue.lock();
            queue.push_back(id);
            let mut looks = queue.len() * 2;
            while self.bytes.load(Ordering::Relaxed) > self.policy.budget && looks > 0 {
                looks -= 1;
                let Some(first) = queue.pop_front() else { break };
                let slot = &self.slots[first.0 as usize];
                let is_used = slot.used.swap(false, Ordering::Relaxed);
                if is_used || slot.pins.load(Ordering::Relaxed) > 0 {
                    queue.push_back(first);
                    continue;
                }
                // Never wait for a slot while the queue is locked.
                let Some(mut held) = slot.tree.try_lock() else {
                    queue.push_back(first);
                    continue;
                };
                evicted.extend(self.take(&mut held));
            }
        }
        drop(evicted);
    }

    /// Keeps the tree of a module, once it is there, until the pin is dropped.
    pub fn pin(&self, id: ModuleId) -> Pin<'_> {
        let slot = &self.slots[id.0 as usize];
        // Relaxed: a hint about what to evict.
        slot.pins.fetch_add(1, Ordering::Relaxed);
        Pin(slot)
    }

    /// Drops the tree of a module that is done: hardly anybody asks for it any more.
    pub fn release(&self, id: ModuleId) {
        let tree = self.take(&mut self.slots[id.0 as usize].tree.lock());
        drop(tree);
    }

    /// Drops every tree that the cache holds. Trees are deep: call it where the stack is large.
    pub fn clear(&self) {
        self.queue.lock().clear();
        for slot in &self.slots {
            let tree = self.take(&mut slot.tree.lock());
            drop(tree);
        }
    }

    /// Drops the tree of a module whose text has changed.
    #[cfg(feature = "study")]
    pub fn forget(&mut self, id: ModuleId) {
        let mut held = std::mem::take(self.slots[id.0 as usize].tree.get_mut());
        drop(self.take(&mut held));
    }

    /// Bytes of the trees that are there, estimated.
    pub fn bytes(&self) -> usize {
        self.bytes.load(Ordering::Relaxed)
    }

    /// How often a tree was made again, how often it had to be indexed for that, and the most bytes that there were
    /// at once, estimated.
    pub fn usage(&self) -> (u64, u64, usize) {
        let [parses, indexed] =
            [&self.parses, &self.indexed].map(|counter| counter.load(Ordering::Relaxed));
        (parses, indexed, self.peak.load(Ordering::Relaxed))
    }
}

/// A hash of a text that tells whether a file was changed since.
pub(super) fn hash(text: &str) -> u64 {
    let mut hasher = rustc_hash::FxHasher::default();
    hasher.write(text.as_bytes());
    hasher.finish()
}

/// About how many bytes the tree of a module takes.
fn size_of(module: &Module, content: &Content) -> usize {
    let taken: usize = content.taken_bodies.iter().map(|range| range.len().to_usize()).sum();
    (module.text_bytes as usize).saturating_sub(taken) * BYTES_PER_TEXT_BYTE
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
        true => source::parse_known(&text, module.kind, version, &content.taken_bodies),
        false => source::parse_again(&text, module.kind, version),
    };
    ModuleAst::again(tree, &content.index, &content.numbering, &module.settings)
}
