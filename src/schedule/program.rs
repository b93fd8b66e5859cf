//! The loaded program: its modules by number, and what their imports mean.
//!
//! Frozen after Load, but for the contents of modules: they are parsed and indexed when somebody asks for them, at
//! the latest at their turn; for most modules that are not checked that is never.

use std::sync::{Arc, OnceLock};

use parking_lot::Mutex;
use ruff_python_ast::PySourceType;
use ruff_text_size::TextRange;
use rustc_hash::FxHashMap;

use crate::index::{IndexSettings, Numbering, Read, SemanticIndex};
use crate::project::{FilePath, resolve_relative};
use crate::source::{ReadError, SourceProblem, Suppressions, Words};
use crate::types::{ModuleId, ModuleInfo};

/// What an absolute name in an import of a module means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ImportTarget {
    /// The module with this number.
    Module(u32),
    /// Nothing; an index into the module's list of where it was looked for.
    Missing(u32),
}

/// A module as Load leaves it.
pub(super) struct Module {
    /// The number of the request that it belongs to; the first one where several share it.
    pub project: u32,
    pub info: ModuleInfo,
    pub file: FilePath,
    pub settings: IndexSettings,
    pub kind: PySourceType,
    pub text_bytes: u32,
    /// Of the text; 0 unless asked for.
    pub text_hash: u64,
    /// Whether this run checks it: all files to check, but for those of other shards.
    pub has_turn: bool,
    /// There when somebody has asked for it.
    pub content: OnceLock<Content>,
    /// The words of its text, if somebody has asked for them before it was indexed.
    pub words: Mutex<Option<Words>>,
    /// Numbers of absolute names, sorted, with what they mean here.
    pub imports: Box<[(u32, ImportTarget)]>,
    pub missing: Box<[Arc<[String]>]>,
}

/// What is in a module.
pub(super) struct Content {
    /// Tells whether the file is still the same when it is read again; `None` if it was not indexed.
    pub text_hash: Option<u64>,
    /// Counted for checked modules alone.
    pub lines: u32,
    pub index: SemanticIndex,
    /// Every use of a name, for facts: taken out when they are written down.
    pub reads: Mutex<Box<[Read]>>,
    /// What the index takes.
    pub index_bytes: usize,
    /// For a tree that is made again.
    pub numbering: Numbering,
    /// Where bodies of functions were taken out of the tree.
    pub taken_bodies: Box<[TextRange]>,
    pub suppressions: Suppressions,
    pub problems: Vec<SourceProblem>,
    pub read_error: Option<ReadError>,
    /// The words of a panic while it was loaded.
    pub failure: Option<String>,
    /// Whether there are holes in its tree.
    pub is_broken: bool,
    /// Whether it was not read because the run uses more memory than it may.
    pub is_skipped: bool,
}

impl Content {
    /// What is kept to make the tree again.
    pub fn bytes_for_trees(&self) -> usize {
        self.numbering.bytes() + size_of_val(&*self.taken_bodies)
    }
}

/// See the module's documentation.
pub(super) struct Program {
    pub modules: Vec<Module>,
    /// Numbers of all module names that occur.
    names: FxHashMap<Box<str>, u32>,
    /// What a name means outside of typeshed, by project.
    general: Vec<FxHashMap<u32, ModuleId>>,
    /// What a name means within typeshed.
    stdlib: FxHashMap<u32, ModuleId>,
}

impl Program {
    /// A program of numbered modules.
    pub fn new(
        modules: Vec<Module>,
        names: FxHashMap<Box<str>, u32>,
        general: Vec<FxHashMap<u32, ModuleId>>,
        stdlib: FxHashMap<u32, ModuleId>,
    ) -> Self {
        Self { modules, names, general, stdlib }
    }

    /// The module with this number.
    pub fn module(&self, id: ModuleId) -> &Module {
        &self.modules[id.0 as usize]
    }

    /// The modules that this run checks.
    pub fn with_turn(&self) -> impl Iterator<Item = &Module> {
        self.modules.iter().filter(|module| module.has_turn)
    }

    /// The ids of all modules, in order.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = ModuleId> + use<> {
        (0..u32::try_from(self.modules.len()).unwrap_or(u32::MAX)).map(ModuleId)
    }

    /// The module of typeshed with this name.
    pub fn stdlib(&self, name: &str) -> Option<ModuleId> {
        self.stdlib.get(self.names.get(name)?).copied()
    }

    /// The module that the absolute name means to `from`.
    pub fn resolve(&self, from: ModuleId, name: &str) -> Result<ModuleId, Vec<String>> {
        let number = *self.names.get(name).ok_or_else(Vec::new)?;
        let importer = self.module(from);
        if let Ok(at) = importer.imports.binary_search_by_key(&number, |entry| entry.0) {
            return match importer.imports[at].1 {
                ImportTarget::Module(id) => Ok(ModuleId(id)),
                ImportTarget::Missing(at) => {
                    Err(importer.missing.get(at as usize).map_or(Vec::new(), |list| list.to_vec()))
                }
            };
        }
        let in_typeshed = matches!(importer.file, FilePath::Vendored(_));
        let general = self.general.get(importer.project as usize);
        let table = if in_typeshed { Some(&self.stdlib) } else { general };
        table.and_then(|table| table.get(&number)).copied().ok_or_else(Vec::new)
    }

    /// The module that an import statement of `from` means.
    pub fn resolve_import(
        &self,
        from: ModuleId,
        level: u32,
        name: &str,
    ) -> Result<ModuleId, Vec<String>> {
        let info = &self.module(from).info;
        let name = resolve_relative(&info.name, info.is_package, level, Some(name));
        self.resolve(from, &name.ok_or_else(Vec::new)?)
    }

    /// The modules that `from` imports, in order of number.
    pub fn imports_of(&self, from: ModuleId) -> Vec<ModuleId> {
        let mut targets: Vec<ModuleId> = self
            .module(from)
            .imports
            .iter()
            .filter_map(|(_, target)| match target {
                ImportTarget::Module(id) => Some(ModuleId(*id)),
                ImportTarget::Missing(_) => None,
            })
            .collect();
        targets.sort_unstable();
        targets.dedup();
        targets
    }

    /// Bytes of the tables that belong to no single module.
    pub fn table_bytes(&self) -> usize {
        let names: usize = self.names.keys().map(|name| name.len() + 32).sum();
        let general: usize = self.general.iter().map(FxHashMap::len).sum();
        names + (general + self.stdlib.len()) * 12
    }
}
