//! The database: one input a file, interned keys, and a tracked function for each kind of question.

use std::sync::Arc;

use ropewalk::index::ScopeId;
use ropewalk::infer;
use ropewalk::rules::{Diagnostic, Finding};
use ropewalk::schedule::study::{
    Answer, Base, Key, Question, grows, same_answer, same_but_for_order, settle, widen,
};
use ropewalk::types::ModuleId;
use ruff_text_size::TextRange;
use salsa::plumbing::AsId;

use super::task::{self, Task};

/// How the database is set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tuning {
    /// As one would write it first.
    Plain,
    /// Files that are not checked are durable, keys of definitions are interned once, and a query records a file once.
    Tuned,
    /// As tuned, but the members of modules are computed wherever they are asked for. What is under way decides whether
    /// that can be done, and Salsa does not know of it: for measuring alone.
    WithoutMembers,
    /// As tuned, and judgements of relations are queries.
    Relations,
    /// As tuned, and few of the values that are large and seldom read again are kept.
    Lru,
    /// As tuned, and nothing ever changes: what a batch run could say.
    Batch,
}

/// A file. Its text is on the disk; a new version says that it is another.
#[salsa::input]
pub struct File {
    #[returns(copy)]
    pub number: u32,
    #[returns(copy)]
    pub version: u32,
}

/// Which files there are.
#[salsa::input]
pub struct Folder {
    #[returns(copy)]
    pub version: u32,
}

/// A question.
#[salsa::interned(unsafe(no_lifetime), revisions = usize::MAX)]
pub struct Ask {
    #[returns(copy)]
    pub module: u32,
    #[returns(copy)]
    pub index: u32,
    #[returns(copy)]
    pub question: Question,
    #[returns(copy)]
    pub slot: u32,
    #[returns(deref)]
    pub name: Box<str>,
}

/// The body of a function.
#[salsa::interned(unsafe(no_lifetime), revisions = usize::MAX)]
pub struct Body {
    #[returns(copy)]
    pub file: File,
    #[returns(copy)]
    pub scope: u32,
}

/// A name in an import statement.
#[salsa::interned(unsafe(no_lifetime), revisions = usize::MAX)]
pub struct Import {
    #[returns(copy)]
    pub importer: u32,
    /// `u32::MAX` for an absolute name.
    #[returns(copy)]
    pub level: u32,
    #[returns(deref)]
    pub name: Box<str>,
}

/// All that the handles of a database share.
pub struct Shared {
    pub base: Base,
    pub files: Vec<File>,
    pub folder: Option<Folder>,
    pub tuning: Tuning,
    /// Files that are not there at the moment.
    pub hidden: Vec<ModuleId>,
    /// For each module, the keys of its definitions' questions, as far as they were asked.
    pub known_asks: Vec<task::KnownAsks>,
}

impl Shared {
    /// The input of a module.
    pub fn file(&self, module: ModuleId) -> File {
        self.files[module.0 as usize]
    }
}

/// What the queries need.
#[salsa::db]
pub trait Engine: salsa::Database {
    fn shared(&self) -> &Shared;
}

/// A handle, one a thread.
#[salsa::db]
#[derive(Clone)]
pub struct Db {
    pub storage: salsa::Storage<Self>,
    pub shared: Arc<Shared>,
}

#[salsa::db]
impl salsa::Database for Db {}

#[salsa::db]
impl Engine for Db {
    fn shared(&self) -> &Shared {
        &self.shared
    }
}

/// What a question's memo holds.
#[derive(Clone, Copy)]
pub struct Memo {
    /// In the arena of its module.
    pub answer: Answer<'static>,
    /// Whether a placeholder of a cycle is in it.
    pub has_cycle: bool,
    /// The queries that it was computed with a provisional answer of.
    pub heads: &'static [salsa::Id],
}

impl PartialEq for Memo {
    /// Whether nobody who has read the one has to read the other.
    fn eq(&self, other: &Self) -> bool {
        task::with_current(|task| same_answer(&task.cx(), self.answer, other.answer))
            && same_places(self.answer, other.answer)
    }
}

impl Eq for Memo {}

/// Some answers say where they stand, and messages show it.
fn same_places(a: Answer<'_>, b: Answer<'_>) -> bool {
    match (a, b) {
        (Answer::Function(a), Answer::Function(b)) => a.name_range == b.name_range,
        (Answer::Class(a), Answer::Class(b)) => a.name_range == b.name_range,
        _ => true,
    }
}

/// What checking a scope reported.
pub struct Reports(pub Vec<(Finding, TextRange)>);

#[salsa::tracked(returns(copy), cycle_fn = again, cycle_initial = first)]
pub fn answer(db: &dyn Engine, ask: Ask) -> Memo {
    task::with_current(|task| task.compute(db, ask))
}

fn first(db: &dyn Engine, _: salsa::Id, ask: Ask) -> Memo {
    task::with_current(|task| {
        let key = key(db, ask);
        // In a frame of its own: what it reads is not what the query that asks has read.
        let initial = || ropewalk::schedule::study::initial(&task.cx(), &key);
        let answer = task.in_frame(None, initial).0;
        task.memo(&key, answer, vec![ask.as_id()])
    })
}

/// From this iteration on an answer that still changes becomes `Unknown`; the numbers are those of our own engine.
pub const WIDEN_AT: u32 = 8;
const WIDEN_GROWING_AT: u32 = 3;
const MAX_ITERATIONS: u32 = 20;

fn again(db: &dyn Engine, cycle: &salsa::Cycle<'_>, last: &Memo, now: Memo, ask: Ask) -> Memo {
    task::with_current(|task| {
        let cx = task.cx();
        if same_answer(&cx, last.answer, now.answer) {
            return now;
        }
        if same_but_for_order(&cx, last.answer, now.answer) {
            return Memo { heads: now.heads, ..*last };
        }
        let iteration = cycle.iteration();
        let key = key(db, ask);
        if iteration >= MAX_ITERATIONS {
            let initial = || ropewalk::schedule::study::initial(&cx, &key);
            let fallback = settle(&cx, task.in_frame(None, initial).0);
            return task.memo(&key, fallback, Vec::new());
        }
        let is_growing = || iteration >= WIDEN_GROWING_AT && grows(&cx, last.answer, now.answer);
        if iteration >= WIDEN_AT || is_growing() {
            return task.memo(&key, widen(now.answer), now.heads.to_vec());
        }
        now
    })
}

/// A question as inference knows it.
pub fn key(db: &dyn Engine, ask: Ask) -> Key<'_> {
    Key {
        module: ask.module(db),
        index: ask.index(db),
        question: ask.question(db),
        name: ask.name(db),
        slot: ask.slot(db),
    }
}

#[salsa::tracked(returns(ref))]
pub fn imported(db: &dyn Engine, import: Import) -> Result<ModuleId, Vec<String>> {
    let shared = db.shared();
    if let Some(folder) = shared.folder {
        folder.version(db);
    }
    let (from, level, name) = (ModuleId(import.importer(db)), import.level(db), import.name(db));
    let found = match level {
        u32::MAX => shared.base.resolve(from, name),
        level => shared.base.resolve_import(from, level, name),
    };
    match found {
        Ok(module) if shared.hidden.contains(&module) => {
            Err(shared.base.searched(from, if level == u32::MAX { 0 } else { level }, name))
        }
        found => found,
    }
}

#[salsa::tracked(returns(ref), no_eq, lru = 0)]
pub fn turn(db: &dyn Engine, file: File) -> Reports {
    task::with_current(|task| {
        let module = ModuleId(file.number(db));
        report(task, |task| infer::check_module(&task.cx(), module, None))
    })
}

#[salsa::tracked(returns(ref), no_eq, lru = 0)]
pub fn function(db: &dyn Engine, body: Body) -> Reports {
    task::with_current(|task| {
        let (module, scope) =
            (ModuleId(body.file(db).number(db)), ScopeId::from_u32(body.scope(db)));
        report(task, |task| infer::check_function(&task.cx(), module, scope, None))
    })
}

fn report<'t>(
    task: &'t Task<'t>,
    check: impl FnOnce(&'t Task<'t>) -> Vec<infer::Report>,
) -> Reports {
    let found = task.in_frame(None, || check(task)).0;
    Reports(found.into_iter().map(|report| (report.finding, report.range)).collect())
}

#[salsa::tracked(returns(ref), no_eq, lru = 0)]
pub fn diagnostics(db: &dyn Engine, file: File) -> Vec<Diagnostic> {
    let module = ModuleId(file.number(db));
    file.version(db);
    let base = &db.shared().base;
    let mut found: Vec<_> = turn(db, file).0.clone();
    for batch in base.batches(module) {
        for scope in batch {
            found.extend(function(db, Body::new(db, file, scope.as_u32())).0.iter().cloned());
        }
    }
    base.diagnostics(module, found)
}

/// So many values of each query that is evicted stay.
const KEPT: usize = 64;

/// Has the queries whose values are lists forget those that were not read for long.
pub fn keep_few(db: &mut Db) {
    diagnostics::set_lru_capacity(db, KEPT);
    function::set_lru_capacity(db, KEPT);
    turn::set_lru_capacity(db, KEPT);
}
