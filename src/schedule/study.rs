//! The first two parts of a run, program and questions, for another engine. Only with the feature `study`: the shipped
//! program has one engine, and nothing of this.
//!
//! Whoever hosts inference implements [`crate::types::Host`] and answers each question with [`compute`] or from what
//! it remembers. A [`Base`] has the program, the trees and an arena for each module.

use std::sync::atomic::{AtomicBool, Ordering};

use ruff_text_size::TextRange;

use super::actors::batches;
use super::collect::{self, Placed};
use super::crew::levels_of;
use super::load::load;
use super::order;
use super::request::RunRequest;
use super::suppression::Honoured;
use super::trees::TreePolicy;
use super::world::World;
use crate::index::{MemberName, ModuleAst, ScopeId, SemanticIndex};
use crate::project::{Resolver, resolve_relative};
use crate::rules::{Diagnostic, Finding};
use crate::types::{ClassRef, Cx, DefRef, Known, ModuleId, ModuleInfo, TypeArena};

pub use super::fixpoint::{grows, widen};
pub use super::keys::{Answer, Key, NO_SLOT, Question};
pub use super::questions::{inferred as compute, initial, member_slot};
pub use super::settle::{same_answer, same_but_for_order, settle};

/// See the module's documentation.
pub struct Base {
    world: World,
    request: RunRequest,
}

/// Set when relations between types are remembered by nobody.
static WITHOUT_RELATIONS: AtomicBool = AtomicBool::new(false);

/// From now on relations between types are not remembered.
pub fn forget_relations() {
    // Relaxed: set before threads are made.
    WITHOUT_RELATIONS.store(true, Ordering::Relaxed);
}

pub(super) fn without_relations() -> bool {
    WITHOUT_RELATIONS.load(Ordering::Relaxed)
}

/// What the study counts at the end of a run: types, how many of them are in more than one arena, trees made again.
pub(super) fn counts(world: &World) -> Vec<(&'static str, u64)> {
    let mut seen = rustc_hash::FxHashSet::default();
    let (mut arenas, mut types, mut bytes) = (0, 0, 0);
    world.store.for_each(|_, room| {
        let usage = room.arena.usage();
        (arenas, types, bytes) = (arenas + 1, types + usage.0, bytes + usage.1);
        let numbers = 0..u32::try_from(usage.0).unwrap_or(u32::MAX);
        seen.extend(numbers.map(|number| room.arena.fingerprint(number)));
    });
    let (parses, _, peak) = world.trees.usage();
    vec![
        ("arenas", arenas),
        ("types", types as u64),
        ("types in another arena too", (types - seen.len()) as u64),
        ("bytes of arenas", bytes as u64),
        ("trees made again", parses),
        ("bytes of trees at the peak", peak as u64),
    ]
}

/// Keeps the tree of a module while it is worked on.
pub struct Pinned<'b> {
    _pin: super::trees::Pin<'b>,
}

impl Base {
    /// Loads the program of a request on so many threads.
    #[must_use]
    pub fn load(request: RunRequest, threads: usize) -> Self {
        let program = load(std::slice::from_ref(&request), threads, false, &|_| {});
        Self { world: World::new(program, 1, TreePolicy::default()), request }
    }

    /// How many modules there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.world.program.modules.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The modules to check, in the order of their turns.
    #[must_use]
    pub fn checked(&self) -> Vec<ModuleId> {
        order::modules_in_order(&self.world.program)
    }

    /// The modules that a module imports.
    #[must_use]
    pub fn imports_of(&self, module: ModuleId) -> Vec<ModuleId> {
        self.world.program.imports_of(module)
    }

    /// The functions of a module, in batches.
    #[must_use]
    pub fn batches(&self, module: ModuleId) -> Vec<Vec<ScopeId>> {
        batches(self.index_of(module))
    }

    /// Static facts about a module.
    #[must_use]
    pub fn module(&self, module: ModuleId) -> &ModuleInfo {
        &self.world.program.module(module).info
    }

    /// The index of a module.
    #[must_use]
    pub fn index_of(&self, module: ModuleId) -> &SemanticIndex {
        self.world.index(module)
    }

    /// The tree of a module.
    #[must_use]
    pub fn tree(&self, module: ModuleId) -> std::sync::Arc<ModuleAst> {
        self.world.tree(module)
    }

    /// Keeps the tree of a module until the result is dropped.
    #[must_use]
    pub fn pin(&self, module: ModuleId) -> Pinned<'_> {
        Pinned { _pin: self.world.trees.pin(module) }
    }

    /// The arena with this number; made when it is first asked for.
    #[must_use]
    pub fn arena(&self, number: u32) -> &TypeArena {
        &self.world.store.open(number).arena
    }

    /// What an absolute name means to a module.
    ///
    /// # Errors
    /// Where it was looked for, when it means nothing.
    pub fn resolve(&self, from: ModuleId, name: &str) -> Result<ModuleId, Vec<String>> {
        self.world.program.resolve(from, name)
    }

    /// What an import statement means.
    ///
    /// # Errors
    /// Where it was looked for, when it means nothing.
    pub fn resolve_import(
        &self,
        from: ModuleId,
        level: u32,
        name: &str,
    ) -> Result<ModuleId, Vec<String>> {
        self.world.program.resolve_import(from, level, name)
    }

    /// Where a name is looked for, on the disk as it is now.
    #[must_use]
    pub fn searched(&self, from: ModuleId, level: u32, name: &str) -> Vec<String> {
        let module = self.world.program.module(from);
        let resolver = Resolver::new(&self.request.settings, &self.request.environment)
            .shown_from(&self.request.working_directory);
        let name = resolve_relative(&module.info.name, module.info.is_package, level, Some(name));
        let found = name.map(|name| resolver.importer(&module.file).resolve(&name));
        found.and_then(Result::err).map_or_else(Vec::new, |error| error.searched.to_vec())
    }

    /// The class of the standard library.
    #[must_use]
    pub fn known(&self, known: Known) -> Option<ClassRef> {
        self.world.known(known)
    }

    /// The version of Python of a module.
    #[must_use]
    pub fn python_version(&self, module: ModuleId) -> (u8, u8) {
        self.world.python_version(module)
    }

    /// Where the name of a definition stands.
    #[must_use]
    pub fn definition_range(&self, definition: DefRef) -> TextRange {
        self.world.definition_range(definition)
    }

    /// What the index says of a class member's name.
    #[must_use]
    pub fn member_name(&self, class: ClassRef, name: &str) -> MemberName {
        self.world.member_name(class, name)
    }

    /// Copies an answer into the arena of its module, where it stays.
    pub fn keep<'b>(&'b self, cx: &Cx<'_>, key: &Key<'_>, answer: Answer<'_>) -> Answer<'b> {
        let arena = self.arena(key.module);
        // SAFETY: written by the writer of an arena of the store, which never gives anything up while it is borrowed.
        let long =
            |answer: Answer<'_>| unsafe { std::mem::transmute::<Answer<'_>, Answer<'b>>(answer) };
        arena.write(|writer| long(super::export::export(cx, answer, writer))).0
    }

    /// The diagnostics of a module, out of what its checks reported.
    #[must_use]
    pub fn diagnostics(
        &self,
        module: ModuleId,
        found: impl IntoIterator<Item = (Finding, TextRange)>,
    ) -> Vec<Diagnostic> {
        let world = &self.world;
        let placed = |(finding, range)| Placed { finding, range };
        let mut diagnostics = collect::diagnostics_of(
            (world.program.module(module), world.content(module)),
            found.into_iter().map(placed).collect(),
            &levels_of(world, &self.request, module),
            Honoured {
                type_ignore: self.request.respect_type_ignore,
                others: &self.request.honour_comments,
            },
            (true, || Some(world.tree(module))),
            collect::Elsewhere::new(&world.program),
        );
        collect::sort(&mut diagnostics);
        diagnostics
    }

    /// The number of the module in this file, by its path as shown.
    #[must_use]
    pub fn by_path(&self, path: &str) -> Option<ModuleId> {
        self.world.program.ids().find(|&id| *self.module(id).path == *path)
    }

    /// The text of a module has changed: it is read again when somebody asks.
    pub fn forget(&mut self, module: ModuleId) {
        self.world.program.modules[module.0 as usize].content = std::sync::OnceLock::new();
        self.world.trees.forget(module);
    }

    /// Bytes of all arenas.
    #[must_use]
    pub fn arena_bytes(&self) -> usize {
        let mut bytes = 0;
        self.world.store.for_each(|_, room| bytes += room.arena.usage().1);
        bytes
    }

    /// Ends what is deep on the stack of whoever calls.
    pub fn clear(&self) {
        self.world.trees.clear();
    }
}
