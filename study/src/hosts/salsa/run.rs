//! Spreads the checks of a tree over threads; edits it; checks it again.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result};
use ropewalk::index::{DefinitionKind, ScopeId};
use ropewalk::rules::Diagnostic;
use ropewalk::schedule::study::{Answer, Base, Key, NO_SLOT, Question};
use ropewalk::source::stack;
use ropewalk::types::{ClassInfo, DefRef, FunctionInfo, ModuleId};
use salsa::{Durability, Setter};

use super::queries::{
    Ask, Body, Db, Engine, File, Folder, Shared, Tuning, answer, diagnostics, function, keep_few,
    turn,
};
use super::task::{KnownAsks, with_task};
use crate::project;

/// A tree in a database.
pub struct Project {
    db: Db,
    root: PathBuf,
    threads: usize,
    checked: Vec<ModuleId>,
}

impl Project {
    /// Loads a tree.
    pub fn load(root: &Path, threads: usize, tuning: Tuning) -> Result<Self> {
        let request = project::request(root, threads)?;
        let root = request.settings.root.clone();
        let base = Base::load(request, threads);
        let checked = base.checked();
        let known_asks = (0..base.len()).map(|_| KnownAsks::default()).collect();
        let is_checked: Vec<bool> = (0..base.len())
            .map(|number| base.module(ModuleId(u32::try_from(number).unwrap_or(0))).is_checked)
            .collect();
        let shared = Shared {
            base,
            files: Vec::new(),
            folder: None,
            tuning,
            hidden: Vec::new(),
            known_asks,
        };
        let mut db = Db { storage: salsa::Storage::default(), shared: Arc::new(shared) };
        let durability = |is_checked: bool| match tuning {
            Tuning::Plain => Durability::LOW,
            Tuning::Batch => Durability::NEVER_CHANGE,
            _ if is_checked => Durability::LOW,
            _ => Durability::HIGH,
        };
        let files = (0..).zip(is_checked);
        let files: Vec<File> = files
            .map(|(number, is_checked)| {
                File::builder(number, 0).durability(durability(is_checked)).new(&db)
            })
            .collect();
        let folder = Folder::builder(0).durability(durability(false)).new(&db);
        let shared = Arc::get_mut(&mut db.shared).context("nobody else has it yet")?;
        shared.files = files;
        shared.folder = Some(folder);
        if tuning == Tuning::Lru {
            keep_few(&mut db);
        }
        Ok(Self { db, root, threads, checked })
    }

    fn base(&self) -> &Base {
        &self.db.shared.base
    }

    /// Checks all of it, in the order of our own engine: bodies, then functions.
    pub fn check(&self) -> Vec<Diagnostic> {
        let (shared, checked) = (&*self.db.shared, &self.checked);
        self.each(checked.len(), |db, at| {
            let _pin = shared.base.pin(checked[at]);
            with_task(db, || turn(db, shared.file(checked[at])).0.len());
        });
        let mut work: Vec<(ModuleId, Vec<ScopeId>)> = Vec::new();
        for &module in self.checked.iter().rev() {
            work.extend(self.base().batches(module).into_iter().map(|batch| (module, batch)));
        }
        self.each(work.len(), |db, at| {
            let (module, scopes) = &work[at];
            let _pin = shared.base.pin(*module);
            with_task(db, || {
                for scope in scopes {
                    function(db, Body::new(db, shared.file(*module), scope.as_u32()));
                }
            });
        });
        self.recheck()
    }

    /// Asks for the diagnostics of every file: what an editor or a watcher does after an edit.
    pub fn recheck(&self) -> Vec<Diagnostic> {
        let shared = &*self.db.shared;
        let is_there = |module: &ModuleId| !shared.hidden.contains(module);
        let checked: Vec<ModuleId> = self.checked.iter().copied().filter(is_there).collect();
        let found = parking_lot::Mutex::new(Vec::new());
        self.each(checked.len(), |db, at| {
            let of_file = with_task(db, || diagnostics(db, shared.file(checked[at])).clone());
            found.lock().extend(of_file);
        });
        let mut found = found.into_inner();
        found.sort_by(|a: &Diagnostic, b| a.sort_key().cmp(&b.sort_key()));
        found
    }

    /// Runs `work` for each number below `len`, on all threads.
    fn each(&self, len: usize, work: impl Fn(&dyn Engine, usize) + Sync) {
        let next = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..self.threads {
                let db = self.db.clone();
                let (next, work) = (&next, &work);
                let thread = std::thread::Builder::new().stack_size(stack::FIRST);
                let run = move || {
                    let db = db;
                    loop {
                        // Relaxed: a number for each, and nothing more.
                        let at = next.fetch_add(1, Ordering::Relaxed);
                        if at >= len {
                            return;
                        }
                        work(&db, at);
                    }
                };
                thread.spawn_scoped(scope, run).expect("the system gives a thread");
            }
        });
    }

    fn module_of(&self, file: &str) -> Result<ModuleId> {
        self.base().by_path(file).with_context(|| format!("no module in {file}"))
    }

    fn change(&mut self, change: impl FnOnce(&mut Shared)) -> Result<()> {
        let shared = Arc::get_mut(&mut self.db.shared).context("a handle is still there")?;
        change(shared);
        Ok(())
    }

    /// Writes a new text of a file, and says that it changed.
    pub fn edit(&mut self, file: &str, text: &str) -> Result<()> {
        let module = self.module_of(file)?;
        std::fs::write(self.root.join(file), text)?;
        self.change(|shared| {
            shared.base.forget(module);
            shared.known_asks[module.0 as usize] = KnownAsks::default();
        })?;
        let file = self.db.shared.file(module);
        let version = file.version(&self.db);
        file.set_version(&mut self.db).to(version + 1);
        Ok(())
    }

    /// Says that a file has changed, which it has not.
    pub fn touch(&mut self, file: &str) -> Result<()> {
        let file = self.db.shared.file(self.module_of(file)?);
        let version = file.version(&self.db);
        file.set_version(&mut self.db).to(version + 1);
        Ok(())
    }

    /// Visits what is known of the classes and functions of all checked files.
    pub fn infos(
        &self,
        class: &mut dyn FnMut(&ClassInfo),
        function: &mut dyn FnMut(&FunctionInfo<'_>),
    ) {
        for &module in &self.checked {
            let definitions = &self.base().index_of(module).definitions;
            for (id, definition) in definitions.iter_enumerated() {
                let at = DefRef { module, index: id.as_u32() };
                let key = match definition.kind {
                    DefinitionKind::Class => Key::definition(Question::Class, at),
                    DefinitionKind::Function => Key::definition(Question::Function, at),
                    _ => continue,
                };
                let ask = Ask::new(&self.db, module.0, key.index, key.question, NO_SLOT, "");
                match with_task(&self.db, || answer(&self.db, ask)).answer {
                    Answer::Class(info) => class(info),
                    Answer::Function(info) => function(info),
                    _ => {}
                }
            }
        }
    }

    /// Takes a file away.
    pub fn remove(&mut self, file: &str) -> Result<()> {
        let module = self.module_of(file)?;
        std::fs::remove_file(self.root.join(file))?;
        self.change(|shared| shared.hidden.push(module))?;
        self.folder_changed();
        Ok(())
    }

    /// Gives a file back that was there when the tree was loaded.
    pub fn restore(&mut self, file: &str, text: &str) -> Result<()> {
        let module = self.module_of(file)?;
        std::fs::write(self.root.join(file), text)?;
        self.change(|shared| shared.hidden.retain(|&hidden| hidden != module))?;
        self.folder_changed();
        Ok(())
    }

    fn folder_changed(&mut self) {
        let Some(folder) = self.db.shared.folder else { return };
        let version = folder.version(&self.db);
        folder.set_version(&mut self.db).to(version + 1);
    }

    /// The checked files with the number of checked modules that import each; those that most import last.
    pub fn by_importers(&self) -> Vec<(String, usize)> {
        let base = self.base();
        let mut importers = vec![0; base.len()];
        for &module in &self.checked {
            for target in base.imports_of(module) {
                importers[target.0 as usize] += 1;
            }
        }
        let of = |module: &ModuleId| {
            (base.module(*module).path.to_string(), importers[module.0 as usize])
        };
        let mut files: Vec<(String, usize)> = self.checked.iter().map(of).collect();
        files.sort_by(|a, b| (a.1, &a.0).cmp(&(b.1, &b.0)));
        files
    }

    /// Bytes of the arenas, and of what Salsa keeps: what it stores for us, and what it stores for itself.
    pub fn memory(&mut self) -> (usize, usize, usize) {
        let info = <dyn salsa::Database>::memory_usage(&mut self.db);
        let (mut data, mut metadata) = (0, 0);
        for each in info.structs.iter().chain(info.queries.values()) {
            data += each.size_of_fields();
            metadata += each.size_of_metadata();
        }
        (self.base().arena_bytes(), data, metadata)
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        self.base().clear();
    }
}
