//! The host that inference talks to while queries run on a thread.
//!
//! A task lasts for one check that the driver asks for, and all queries that run within it share its scratch, as the
//! tasks of our own engine do. What a memo keeps is copied out of the scratch.

use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ropewalk::index::{FlowId, ModuleAst, ScopeId, SemanticIndex};
use ropewalk::infer;
use ropewalk::schedule::study::{Answer, Base, Key, Question, compute, member_slot, settle};
use ropewalk::source::stack;
use ropewalk::store::Scratch;
use ropewalk::types::{
    AliasInfo, ClassInfo, ClassRef, Cx, DefRef, DefinitionTypes, Field, FunctionInfo, Host,
    Judgement, Known, ModuleId, ModuleInfo, PlaceType, Type, TypeArena, TypeVarInfo, TypeWriter,
    Variance,
};
use ruff_text_size::TextRange;
use salsa::plumbing::{AsId, FromId};

use super::queries::{Ask, Engine, Import, Memo, Tuning, answer, imported, key};

/// A query that runs.
struct Frame {
    /// The key of the query, where others may come back to it.
    key: Option<salsa::Id>,
    /// The queries below it whose provisional answers it has read.
    heads: Vec<salsa::Id>,
    /// Whether somebody came back to it.
    is_head: bool,
    /// The file that was read last: recorded already.
    touched: u32,
}

/// See the module's documentation.
pub struct Task<'t> {
    db: Cell<&'t dyn Engine>,
    pub(super) base: &'t Base,
    pub(super) tuning: Tuning,
    writer: TypeWriter<'t>,
    frames: RefCell<Vec<Frame>>,
    /// Members of modules that are computed without a query.
    members: RefCell<Vec<(ModuleId, Box<str>)>>,
    /// The judgement whose query has just begun: the first question of its computation is that judgement again.
    pub(super) judging: Cell<Option<(u128, u128)>>,
}

thread_local! {
    /// The task that runs on this thread.
    static CURRENT: Cell<*const ()> = const { Cell::new(std::ptr::null()) };
}

/// Runs `work` with a task of its own for all queries that it leads to.
pub fn with_task<R>(db: &dyn Engine, work: impl FnOnce() -> R) -> R {
    struct Reset;
    impl Drop for Reset {
        fn drop(&mut self) {
            CURRENT.set(std::ptr::null());
        }
    }
    let scratch = Scratch::default();
    let shared = db.shared();
    let task = Task {
        db: Cell::new(db),
        base: &shared.base,
        tuning: shared.tuning,
        writer: scratch.writer(),
        frames: RefCell::default(),
        members: RefCell::default(),
        judging: Cell::default(),
    };
    CURRENT.set(std::ptr::from_ref(&task).cast());
    let _reset = Reset;
    work()
}

/// The task of this thread.
pub fn with_current<R>(work: impl for<'t> FnOnce(&'t Task<'t>) -> R) -> R {
    let task = CURRENT.get().cast::<Task<'_>>();
    // SAFETY: set by `with_task`, which does not return while a query runs on its thread; `work` takes a task of any
    // lifetime and so keeps nothing of it.
    work(unsafe { task.as_ref() }.expect("queries run within a task"))
}

/// The keys of the questions about the definitions of a module, interned once.
#[derive(Default)]
pub struct KnownAsks(std::sync::OnceLock<Box<[AtomicU64]>>);

/// Questions that are asked of definitions by number alone.
const BY_NUMBER: usize = Question::SeenWithin as usize + 1;

impl KnownAsks {
    fn get(&self, definitions: usize, key: &Key<'_>, make: impl FnOnce() -> Ask) -> Ask {
        let table = self
            .0
            .get_or_init(|| (0..definitions * BY_NUMBER).map(|_| AtomicU64::new(0)).collect());
        let Some(cell) = table.get(key.index as usize * BY_NUMBER + key.question as usize) else {
            return make();
        };
        // Relaxed: the number alone is what is read, and interning has published what is behind it.
        match cell.load(Ordering::Relaxed) {
            0 => {
                let ask = make();
                cell.store(ask.as_id().as_bits(), Ordering::Relaxed);
                ask
            }
            bits => Ask::from_id(salsa::Id::from_bits(bits)),
        }
    }
}

impl<'t> Task<'t> {
    /// A context with nothing assumed.
    pub fn cx(&'t self) -> Cx<'t> {
        Cx::new(self, &self.writer)
    }

    pub(super) fn db(&self) -> &'t dyn Engine {
        self.db.get()
    }

    /// The module whose file the query that runs has read last; any, if none.
    pub(super) fn last_touched(&self) -> u32 {
        let frames = self.frames.borrow();
        frames.last().map(|top| top.touched).filter(|&module| module != u32::MAX).unwrap_or(0)
    }

    /// Records that the query that runs depends on a file.
    fn touch(&self, module: u32) {
        if self.tuning != Tuning::Plain {
            let mut frames = self.frames.borrow_mut();
            if let Some(top) = frames.last_mut() {
                if top.touched == module {
                    return;
                }
                top.touched = module;
            }
        }
        if let Some(file) = self.db().shared().files.get(module as usize) {
            file.version(self.db());
        }
    }

    /// Runs `work` as a query; returns also the queries whose provisional answers it has read.
    pub fn in_frame<R>(
        &self,
        key: Option<salsa::Id>,
        work: impl FnOnce() -> R,
    ) -> (R, Vec<salsa::Id>) {
        struct Depth<'f>(&'f RefCell<Vec<Frame>>, usize);
        impl Drop for Depth<'_> {
            fn drop(&mut self) {
                self.0.borrow_mut().truncate(self.1);
            }
        }
        let depth = self.frames.borrow().len();
        self.frames.borrow_mut().push(Frame {
            key,
            heads: Vec::new(),
            is_head: false,
            touched: u32::MAX,
        });
        let _depth = Depth(&self.frames, depth);
        let result = work();
        let mut heads = self.frames.borrow_mut().pop().map(|frame| frame.heads).unwrap_or_default();
        heads.retain(|head| Some(*head) != key);
        (result, heads)
    }

    /// Computes the answer to a question.
    pub fn compute(&'t self, db: &dyn Engine, ask: Ask) -> Memo {
        let key = key(db, ask);
        let name = if key.name.is_empty() { "" } else { self.writer.string(key.name) };
        let key: Key<'t> = Key { name, ..key };
        let (answer, heads) =
            self.in_frame(Some(ask.as_id()), || stack::deeper(|| compute(&self.cx(), &key)));
        self.memo(&key, answer, heads)
    }

    /// An answer as a memo keeps it.
    pub fn memo(&'t self, key: &Key<'_>, answer: Answer<'t>, heads: Vec<salsa::Id>) -> Memo {
        let cx = self.cx();
        let has_cycle = mentions_cycle(&cx, answer);
        let kept = self.base.keep(&cx, key, answer);
        // SAFETY: what it points to is in an arena of the base, which outlives the database.
        let answer = unsafe { std::mem::transmute::<Answer<'_>, Answer<'static>>(kept) };
        Memo { answer, has_cycle, heads: keep_heads(heads) }
    }

    /// The answer to a question.
    fn demand(&'t self, key: Key<'_>) -> Answer<'t> {
        let db = self.db();
        let shared = db.shared();
        let make = || Ask::new(db, key.module, key.index, key.question, key.slot, key.name);
        let is_numbered = self.tuning != Tuning::Plain
            && key.name.is_empty()
            && key.index & ClassRef::IN_BASES == 0;
        let ask = if is_numbered {
            let definitions = || self.base.index_of(ModuleId(key.module)).definitions.len();
            shared.known_asks[key.module as usize].get(definitions(), &key, make)
        } else {
            make()
        };
        let memo = answer(db, ask);
        if (memo.has_cycle || !memo.heads.is_empty()) && !self.is_under_way(memo.heads, ask.as_id())
        {
            return settle(&self.cx(), memo.answer);
        }
        memo.answer
    }

    /// Whether the answer is that of a cycle that is iterated now; then what reads it is provisional.
    pub(super) fn is_under_way(&self, heads: &[salsa::Id], key: salsa::Id) -> bool {
        let mut frames = self.frames.borrow_mut();
        let mut found = false;
        for head in heads.iter().chain([&key]) {
            let Some(at) = frames.iter().rposition(|frame| frame.key == Some(*head)) else {
                continue;
            };
            found = true;
            frames[at].is_head = true;
            if let Some(top) = frames.last_mut()
                && !top.heads.contains(head)
            {
                top.heads.push(*head);
            }
        }
        found
    }

    /// Notes that a module's member is computed, unless it is already: then it has to be a query, which sees cycles.
    fn begin_member(&self, module: ModuleId, name: &str) -> Option<impl Drop + '_> {
        struct End<'e>(&'e RefCell<Vec<(ModuleId, Box<str>)>>);
        impl Drop for End<'_> {
            fn drop(&mut self) {
                self.0.borrow_mut().pop();
            }
        }
        let mut members = self.members.borrow_mut();
        if members.iter().any(|(other, theirs)| *other == module && **theirs == *name) {
            return None;
        }
        members.push((module, name.into()));
        Some(End(&self.members))
    }

    fn resolve(&self, from: ModuleId, level: u32, name: &str) -> &'t Result<ModuleId, Vec<String>> {
        let db = self.db();
        imported(db, Import::new(db, from.0, level, name))
    }
}

/// The heads of a memo, which stay as long as the process: there are few.
pub(super) fn keep_heads(heads: Vec<salsa::Id>) -> &'static [salsa::Id] {
    if heads.is_empty() { &[] } else { Box::leak(heads.into()) }
}

/// Whether a placeholder of a cycle is in an answer.
fn mentions_cycle<'t>(cx: &Cx<'t>, answer: Answer<'t>) -> bool {
    let found = Cell::new(false);
    let look = |ty: Type| {
        found.set(found.get() || cx.has_cycle(ty));
        ty
    };
    match answer {
        Answer::Definition(types) => drop(types.map(look)),
        Answer::Type(ty) => drop(look(ty)),
        Answer::Types(types) => types.iter().for_each(|&ty| {
            look(ty);
        }),
        Answer::Member(member) => drop(member.map(|place| place.map(look))),
        Answer::Variances(_) => {}
        // The rest is rare or long: settled when it is read within what was a cycle.
        _ => {
            let settled = settle(cx, answer);
            found.set(!ropewalk::schedule::study::same_answer(cx, answer, settled));
        }
    }
    found.get()
}

impl<'t> Host<'t> for Task<'t> {
    fn arena(&self, number: u32) -> &'t TypeArena {
        self.base.arena(number)
    }

    fn module(&self, module: ModuleId) -> &'t ModuleInfo {
        self.base.module(module)
    }

    fn resolve_module(&self, from: ModuleId, name: &str) -> Option<ModuleId> {
        self.resolve(from, u32::MAX, name).as_ref().ok().copied()
    }

    fn index(&self, module: ModuleId) -> &'t SemanticIndex {
        self.touch(module.0);
        self.base.index_of(module)
    }

    fn ast(&self, module: ModuleId) -> Arc<ModuleAst> {
        self.touch(module.0);
        self.base.tree(module)
    }

    fn resolve_import(
        &self,
        from: ModuleId,
        level: u32,
        name: &str,
    ) -> Result<ModuleId, Vec<String>> {
        self.resolve(from, level, name).clone()
    }

    fn definition(&'t self, _: &Cx<'t>, definition: DefRef) -> DefinitionTypes {
        self.demand(Key::definition(Question::Definition, definition)).definition()
    }

    fn type_params(&'t self, _: &Cx<'t>, class: ClassRef) -> &'t [Type] {
        self.demand(Key::class(Question::TypeParams, class)).types()
    }

    fn class(&'t self, _: &Cx<'t>, class: ClassRef) -> &'t ClassInfo {
        self.demand(Key::class(Question::Class, class)).class()
    }

    fn function(&'t self, _: &Cx<'t>, function: DefRef) -> &'t FunctionInfo<'t> {
        self.demand(Key::definition(Question::Function, function)).function()
    }

    fn inferred_return(&'t self, _: &Cx<'t>, function: DefRef) -> Type {
        self.demand(Key::definition(Question::Return, function)).result()
    }

    fn result_of_given(&'t self, _: &Cx<'t>, function: DefRef) -> Type {
        self.demand(Key::definition(Question::ReturnOfGiven, function)).result()
    }

    fn looped(&'t self, _: &Cx<'t>, module: ModuleId, method: ScopeId) -> &'t [Type] {
        self.demand(Key::looped(module, method)).types()
    }

    fn seen_within(&'t self, _: &Cx<'t>, first: DefRef) -> PlaceType {
        let seen = self.demand(Key::definition(Question::SeenWithin, first)).member();
        seen.unwrap_or(PlaceType::bound(Type::UNKNOWN))
    }

    fn milestone(&'t self, _: &Cx<'t>, module: ModuleId, flow: FlowId) -> Option<PlaceType> {
        self.demand(Key::milestone(module, flow)).member()
    }

    fn class_member(&'t self, cx: &Cx<'t>, class: ClassRef, name: &str) -> Option<PlaceType> {
        self.touch(class.module.0);
        let slot = member_slot(self.base.member_name(class, name), name, || self.class(cx, class))?;
        self.demand(Key::class_member(class, name, slot)).member()
    }

    fn class_member_names(&self, cx: &Cx<'t>, class: ClassRef, instance: bool) -> Vec<&'t str> {
        infer::class_member_names(cx, class, instance)
    }

    fn module_member(&'t self, cx: &Cx<'t>, module: ModuleId, name: &str) -> Option<PlaceType> {
        if self.tuning == Tuning::WithoutMembers
            && let Some(_under_way) = self.begin_member(module, name)
        {
            return infer::compute_module_member(cx, module, name);
        }
        self.demand(Key::module_member(module, name)).member()
    }

    fn module_member_names(&'t self, cx: &Cx<'t>, module: ModuleId) -> Vec<&'t str> {
        infer::module_member_names(cx, module)
    }

    fn star_sources(&'t self, cx: &Cx<'t>, module: ModuleId) -> Arc<[ModuleId]> {
        infer::compute_star_sources(cx, module)
    }

    fn is_in_star_ring(&'t self, cx: &Cx<'t>, module: ModuleId) -> bool {
        infer::is_in_star_ring(cx, module)
    }

    fn type_var(&'t self, _: &Cx<'t>, definition: DefRef) -> &'t TypeVarInfo {
        self.demand(Key::definition(Question::TypeVar, definition)).type_var()
    }

    fn alias(&'t self, _: &Cx<'t>, definition: DefRef) -> &'t AliasInfo {
        self.demand(Key::definition(Question::Alias, definition)).alias()
    }

    fn fields(&'t self, _: &Cx<'t>, class: ClassRef) -> &'t [Field] {
        self.demand(Key::class(Question::Fields, class)).fields()
    }

    fn known(&'t self, _: &Cx<'t>, known: Known) -> Option<ClassRef> {
        self.base.known(known)
    }

    fn python_version(&self, module: ModuleId) -> (u8, u8) {
        self.base.python_version(module)
    }

    fn definition_range(&self, definition: DefRef) -> TextRange {
        self.touch(definition.module.0);
        self.base.definition_range(definition)
    }

    fn remembered(&'t self, cx: &Cx<'t>, judgement: &Judgement) -> Option<bool> {
        self.judge(cx, judgement)
    }

    /// In no table: an answer out of it would hide what it depends on. [`Self::remembered`] asks a query, or nobody.
    fn remember(&self, _: (u128, u128), _: bool) {}

    fn is_provisional(&'t self, _: &Cx<'t>) -> bool {
        self.frames.borrow().last().is_some_and(|top| top.is_head || !top.heads.is_empty())
    }

    fn variance(&'t self, _: &Cx<'t>, class: ClassRef, index: usize) -> Variance {
        self.demand(Key::class(Question::Variance, class))
            .variances()
            .get(index)
            .copied()
            .unwrap_or(Variance::Invariant)
    }
}
