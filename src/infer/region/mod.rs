//! A [`Region`]: one walk over a module, class or function body, with what it has found so far.
//!
//! Definitions of modules and classes are asked of the host; those of functions, lambdas and
//! comprehensions live here and go when the walk ends. A loop makes a local definition depend on
//! itself; see [`super::fixpoint`].

use std::cell::{Cell, OnceCell, RefCell};
use std::sync::Arc;

use ruff_python_ast::Expr;
use ruff_text_size::{Ranged, TextRange, TextSize};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::facts::Observed;
use super::fixpoint::{LocalKey, LocalValue, Locals, NO_FRAME, Remembered};
use crate::index::{
    AstNodes, DefinitionId, ModuleAst, NodeId, Place, PlaceId, ReachId, ScopeId, ScopeKind,
    ScopeNode, SemanticIndex,
};
use crate::rules::Finding;
use crate::store::Handle;
use crate::types::{
    ClassRef, Cx, DefRef, DefinitionTypes, Known, ModuleId, Qualifiers, Substitution, Type,
};

/// A finding with its range in the file of the region.
#[derive(Debug, Clone)]
pub struct Report {
    pub finding: Finding,
    pub range: TextRange,
    /// What was found and what was expected, where that is to be explained.
    why: Option<Misfit>,
}

/// What did not fit, to be explained once it is certain that it is reported.
#[derive(Debug, Clone, Copy)]
pub enum Misfit {
    /// A value of the first type where the second is expected.
    Value(Type, Type),
    /// A member of the first type in place of the second.
    Override(Type, Type),
}

/// What lets the statements of a body fail.
#[derive(Debug, Clone, Copy)]
pub enum Guard {
    /// An `except` clause for instances of this type.
    Handler(Type),
    /// A context manager of this type.
    Manager { ty: Type, is_async: bool },
}

/// An expression by node and scope, what is expected of it, and the lambda round.
type ExpressionKey = (NodeId, ScopeId, Option<Handle>, u32);

/// The subject of a `match` by node and scope, the number of cases before, and the lambda round.
type SubjectKey = (NodeId, ScopeId, usize, u32);

/// Whether a name may be assigned again, as far as declarations say.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Fixed {
    /// The first definition that makes it an alias.
    pub alias: Option<DefinitionId>,
    /// The first definition that makes it `Final`.
    pub r#final: Option<DefinitionId>,
}

/// A lambda by its place, the round around it if that matters, and the types of its parameters.
type RoundKey = (TextSize, u32, SmallVec<[Handle; 4]>);

/// An attribute that a test asks for, with the scope of the test.
pub(super) type AskedFor = (ScopeId, Box<str>);

/// See the module's documentation.
pub struct Region<'a, 's> {
    pub cx: &'a Cx<'s>,
    pub module: ModuleId,
    pub index: &'s SemanticIndex,
    tree: &'a LazyTree,
    /// The scope in which nodes are numbered.
    pub region: ScopeId,
    /// The scope that the walk is in now: the region's, or a comprehension or lambda within it.
    scope: Cell<ScopeId>,
    pub(super) locals: RefCell<Locals>,
    reach: RefCell<FxHashMap<ReachId, Remembered<bool>>>,
    /// Types of expressions that were inferred without reporting.
    expressions: RefCell<FxHashMap<ExpressionKey, Remembered<Type>>>,
    /// What is left of the subject of a `match` before each case.
    subjects: RefCell<FxHashMap<SubjectKey, Remembered<Type>>>,
    fixed: RefCell<FxHashMap<(ScopeId, PlaceId), Fixed>>,
    quiet: Cell<u32>,
    /// Which inference of a lambda's body this is; 0 outside of lambdas.
    pub(super) lambda_round: Cell<u32>,
    rounds: RefCell<FxHashMap<RoundKey, u32>>,
    reports: RefCell<Vec<Report>>,
    /// Names mean what they mean at the end of their scope: a deferred annotation is read.
    pub(super) deferred: Cell<bool>,
    /// The value of an alias is read: type variables stay open.
    pub(super) in_alias_value: Cell<bool>,
    /// The bases of a class are read: its variables stay open, those of an alias without arguments do not.
    pub(super) in_bases: Cell<bool>,
    /// How many loops there are around the statement that is checked.
    loops: Cell<u32>,
    /// The test of an `assert` is checked.
    asserting: Cell<bool>,
    /// Every argument of the function is given: its defaults say nothing.
    pub(super) is_given: Cell<bool>,
    /// The words of a `raise` or of an `assert` are checked.
    telling: Cell<bool>,
    /// What the statements around let fail, the innermost last.
    guards: RefCell<SmallVec<[Guard; 4]>>,
    parent: OnceCell<Option<Box<Region<'a, 's>>>>,
    /// What tests of the region ask for by `hasattr`.
    pub(super) asked_for: OnceCell<Box<[AskedFor]>>,
    /// Expressions whose type is not known, and all expressions: for `--statistics`.
    pub(super) counts: Cell<(u32, u32)>,
    /// What the type variables of the function stand for in this walk, where each constraint has a walk of its own.
    given: Option<Substitution>,
    /// Where the walk notes what the audit asks for, if it does.
    pub(super) observed: Option<&'a RefCell<Observed>>,
}

/// The tree of the module that a region is in, fetched when a node is asked for: most answers that are put together out
/// of others need none, and the tree may have to be made again.
#[derive(Default)]
pub(super) struct LazyTree(OnceCell<Arc<ModuleAst>>);

impl LazyTree {
    /// A tree that is there.
    pub fn of(tree: Arc<ModuleAst>) -> Self {
        Self(OnceCell::from(tree))
    }
}

/// Runs `work` in a region of `module`; findings are dropped unless the work reads them.
pub fn with_region<'s, T>(
    cx: &Cx<'s>,
    module: ModuleId,
    region: ScopeId,
    work: impl FnOnce(&Region<'_, 's>) -> T,
) -> T {
    let tree = LazyTree::default();
    let region = Region::new(cx, module, &tree, region);
    work(&region)
}

/// Runs `work` with `flag`, one of a region, set.
pub(super) fn flagged<T>(flag: &Cell<bool>, work: impl FnOnce() -> T) -> T {
    let outer = flag.replace(true);
    let result = work();
    flag.set(outer);
    result
}

impl<'a, 's> Region<'a, 's> {
    pub(super) fn new(
        cx: &'a Cx<'s>,
        module: ModuleId,
        tree: &'a LazyTree,
        region: ScopeId,
    ) -> Self {
        let index = cx.host.index(module);
        let region = index.scopes[region].region;
        Self {
            cx,
            module,
            index,
            tree,
            region,
            scope: Cell::new(region),
            locals: RefCell::default(),
            reach: RefCell::default(),
            expressions: RefCell::default(),
            subjects: RefCell::default(),
            fixed: RefCell::default(),
            quiet: Cell::new(0),
            lambda_round: Cell::new(0),
            rounds: RefCell::default(),
            reports: RefCell::default(),
            // Forward references are allowed everywhere in a stub.
            // Source: typing spec, "Distributing type information", "Stub files".
            deferred: Cell::new(cx.host.module(module).is_stub),
            in_alias_value: Cell::new(false),
            in_bases: Cell::new(false),
            loops: Cell::new(0),
            asserting: Cell::new(false),
            is_given: Cell::new(false),
            telling: Cell::new(false),
            guards: RefCell::default(),
            parent: OnceCell::new(),
            asked_for: OnceCell::new(),
            counts: Cell::new((0, 0)),
            given: None,
            observed: None,
        }
    }

    /// A region of the same module, whose findings are its own.
    pub(super) fn within(&self, scope: ScopeId) -> Self {
        Self::new(self.cx, self.module, self.tree, scope).observed_by(self.observed)
    }

    /// The nodes of the module by id.
    pub fn nodes(&self) -> &'a AstNodes<'a> {
        self.tree.0.get_or_init(|| self.cx.host.ast(self.module)).nodes()
    }

    /// The region, with type variables that stand for something.
    pub(super) fn given(mut self, given: Substitution) -> Self {
        self.given = Some(given);
        self
    }

    /// A declared type, as this walk has it.
    pub(super) fn settled(&self, ty: Type) -> Type {
        match &self.given {
            Some(given) => self.cx.substitute(ty, given),
            None => ty,
        }
    }

    /// The region, with a place for what the audit asks for.
    pub(super) fn observed_by(mut self, observed: Option<&'a RefCell<Observed>>) -> Self {
        self.observed = observed;
        self
    }

    /// Runs `work` on what is noted for the audit, if anything is and the walk is the one that reports.
    pub(super) fn observe(&self, work: impl FnOnce(&mut Observed)) {
        if let Some(observed) = self.observed
            && !self.is_quiet()
        {
            work(&mut observed.borrow_mut());
        }
    }

    /// The scope that the walk is in.
    pub fn scope(&self) -> ScopeId {
        self.scope.get()
    }

    /// Runs `work` in another scope of the same region.
    pub fn in_scope<T>(&self, scope: ScopeId, work: impl FnOnce() -> T) -> T {
        let before = self.scope.replace(scope);
        let result = work();
        self.scope.set(before);
        result
    }

    /// Runs `work`, which checks the body of a loop.
    pub fn in_loop(&self, work: impl FnOnce()) {
        self.loops.set(self.loops.get() + 1);
        work();
        self.loops.set(self.loops.get() - 1);
    }

    /// Whether the statement that is checked may run again in the same scope.
    pub fn is_in_loop(&self) -> bool {
        self.loops.get() > 0
    }

    /// Runs `work`, which checks the test of an `assert`.
    pub fn in_assert<T>(&self, work: impl FnOnce() -> T) -> T {
        flagged(&self.asserting, work)
    }

    /// Whether the expression that is checked stands in the test of an `assert`.
    pub fn is_asserting(&self) -> bool {
        self.asserting.get()
    }

    /// Runs `work`, which checks what a `raise` or an `assert` says to whoever reads of it.
    pub fn in_message<T>(&self, work: impl FnOnce() -> T) -> T {
        flagged(&self.telling, work)
    }

    /// Whether the expression that is checked is part of what a `raise` or an `assert` says.
    pub fn is_in_message(&self) -> bool {
        self.telling.get()
    }

    /// Runs `work`, which checks a body that may fail as far as `guards` say.
    pub fn guarded<T>(
        &self,
        guards: impl IntoIterator<Item = Guard>,
        work: impl FnOnce() -> T,
    ) -> T {
        let before = self.guards.borrow().len();
        self.guards.borrow_mut().extend(guards);
        let result = work();
        self.guards.borrow_mut().truncate(before);
        result
    }

    /// Whether the statement that is checked may be there to fail: in a `try` with handlers, or under a
    /// context manager that swallows exceptions, like `pytest.raises`.
    pub fn expects_failure(&self) -> bool {
        self.guards.borrow().iter().any(|guard| match *guard {
            Guard::Handler(_) => true,
            Guard::Manager { ty, is_async } => {
                ty.is_dynamic() || super::flow::swallows_exceptions(self, ty, is_async)
            }
        })
    }

    /// Whether code that fails with one of `errors` is expected to: a `try` around it has a handler for
    /// that error, and not just for any, or a `with` around it may swallow what is raised.
    pub fn expects_error(&self, errors: &[Known]) -> bool {
        let cx = self.cx;
        let catches = |caught: Type| {
            let is_named = |part: &Type| {
                let broad = [Known::Exception, Known::BaseException];
                part.as_instance()
                    .is_some_and(|class| !broad.iter().any(|&b| cx.is_known(class, b)))
            };
            cx.members(caught).iter().filter(is_named).any(|part| {
                errors.iter().any(|&error| cx.is_assignable(cx.known_instance(error), part))
            })
        };
        self.guards.borrow().iter().any(|guard| match *guard {
            Guard::Handler(caught) => catches(caught),
            Guard::Manager { ty, is_async } => super::flow::swallows_exceptions(self, ty, is_async),
        })
    }

    /// Runs `work` without reporting anything.
    pub fn quietly<T>(&self, work: impl FnOnce() -> T) -> T {
        self.quiet.set(self.quiet.get() + 1);
        let result = work();
        self.quiet.set(self.quiet.get() - 1);
        result
    }

    /// Whether findings are dropped now.
    pub fn is_quiet(&self) -> bool {
        self.quiet.get() > 0
    }

    /// Reports a finding, unless the walk is quiet.
    pub fn report(&self, at: impl Ranged, finding: Finding) {
        if !self.is_quiet() {
            self.reports.borrow_mut().push(Report { finding, range: at.range(), why: None });
        }
    }

    /// Reports a finding about two types that do not fit; why is found out when the reports are taken.
    pub fn report_misfit(&self, at: impl Ranged, finding: Finding, misfit: Misfit) {
        if !self.is_quiet() {
            let why = Some(misfit);
            self.reports.borrow_mut().push(Report { finding, range: at.range(), why });
        }
    }

    /// Runs `work` and says whether it had anything to report; nothing of that is kept.
    pub fn trial<T>(&self, work: impl FnOnce() -> T) -> (T, bool) {
        let quiet = self.quiet.replace(0);
        let before = self.report_count();
        let result = work();
        let is_fine = self.report_count() == before;
        self.reports.borrow_mut().truncate(before);
        self.quiet.set(quiet);
        (result, is_fine)
    }

    /// Takes what was reported, with its reasons.
    pub fn take_reports(&self) -> Vec<Report> {
        let mut reports = self.reports.take();
        for report in &mut reports {
            if let Some(misfit) = report.why.take() {
                super::because::explain(self.cx, self.module, &mut report.finding, misfit);
            }
        }
        reports
    }

    /// Puts the findings since `start` on another range: those of a quoted annotation.
    pub fn move_reports(&self, start: usize, to: impl Ranged) {
        for report in self.reports.borrow_mut().iter_mut().skip(start) {
            report.range = to.range();
        }
    }

    /// How many findings there are so far.
    pub fn report_count(&self) -> usize {
        self.reports.borrow().len()
    }

    /// A definition of this module as everybody knows it.
    pub fn def_ref(&self, definition: DefinitionId) -> DefRef {
        DefRef { module: self.module, index: definition.as_u32() }
    }

    /// The region around this one, for free names of nested functions.
    pub fn parent(&self) -> Option<&Region<'a, 's>> {
        self.parent
            .get_or_init(|| {
                let parent = self.index.scopes[self.region].parent?;
                let parent = Region::new(self.cx, self.module, self.tree, parent);
                parent.quiet.set(1);
                Some(Box::new(parent))
            })
            .as_deref()
    }

    /// The region that numbers the nodes of `scope`: this one or one around it.
    pub fn region_of(&self, scope: ScopeId) -> Option<&Region<'a, 's>> {
        let wanted = self.index.scopes[scope].region;
        let mut region = self;
        loop {
            if region.region == wanted {
                return Some(region);
            }
            region = region.parent()?;
        }
    }

    /// The class whose body or method this is: the innermost class around `scope`.
    pub fn enclosing_class(&self, scope: ScopeId) -> Option<ClassRef> {
        let mut current = Some(scope);
        while let Some(id) = current {
            if let Some(class) = self.class_of_scope(id) {
                return Some(class);
            }
            current = self.index.scopes[id].parent;
        }
        None
    }

    /// The place called `name` in the scope of the walk, or else in the nearest one around it that has one. A scope that
    /// only reads the name has none.
    pub fn nearest_place(&self, name: &str) -> Option<(ScopeId, &'s Place)> {
        let index = self.index;
        std::iter::once(self.scope()).chain(index.enclosing_scopes(self.scope())).find_map(
            |scope| {
                let info = &index.scopes[scope];
                let place = info.place(info.place_by_name(name)?);
                let is_own = place.is_bound() || place.is_global() || place.is_nonlocal();
                is_own.then_some((scope, place))
            },
        )
    }

    /// The comprehension of this region that `range` stands directly in: its first iterable belongs to what is around
    /// it, and what is in a lambda belongs to the lambda.
    pub fn comprehension_around(&self, range: TextRange) -> Option<ScopeId> {
        let is_in = |expr: &Expr| expr.range().contains_range(range);
        let is_around = |&scope: &ScopeId| match self.nodes().scopes[scope] {
            ScopeNode::Comprehension(node) => {
                let generators = match node {
                    Expr::ListComp(list) => &list.generators,
                    Expr::SetComp(set) => &set.generators,
                    Expr::DictComp(dict) => &dict.generators,
                    Expr::Generator(generator) => &generator.generators,
                    _ => return false,
                };
                is_in(node) && !generators.first().is_some_and(|first| is_in(&first.iter))
            }
            ScopeNode::Lambda(lambda) => is_in(&lambda.body),
            _ => false,
        };
        let scopes = self.index.scopes.indices();
        let within = |&scope: &ScopeId| self.index.scopes[scope].region == self.region;
        let innermost = scopes.filter(within).filter(is_around).last()?;
        matches!(self.nodes().scopes[innermost], ScopeNode::Comprehension(_)).then_some(innermost)
    }

    /// The class whose body `scope` is.
    pub fn class_of_scope(&self, scope: ScopeId) -> Option<ClassRef> {
        match self.nodes().scopes[scope] {
            ScopeNode::Class(class) => {
                let definition = self.index.definition_at(class.name.range().start())?;
                Some(self.def_ref(definition).into())
            }
            _ => None,
        }
    }

    /// Whether `name` is the first parameter of the method whose body this is, or of one around it.
    pub fn is_receiver(&self, name: &str) -> bool {
        let mut current = Some(self.scope());
        while let Some(scope) = current {
            let parent = self.index.scopes[scope].parent;
            if let ScopeNode::Function(function) = self.nodes().scopes[scope]
                && let Some(first) = function.parameters.iter_non_variadic_params().next()
                && first.parameter.name.as_str() == name
                && parent.is_some_and(|it| self.enclosing_class(it).is_some())
            {
                return true;
            }
            current = parent;
        }
        false
    }

    /// The function whose body `scope` is.
    pub fn function_of_scope(&self, scope: ScopeId) -> Option<DefRef> {
        match self.nodes().scopes[scope] {
            ScopeNode::Function(function) => {
                let definition = self.index.definition_at(function.name.range().start())?;
                Some(self.def_ref(definition))
            }
            _ => None,
        }
    }

    /// Whether the walk is in the body of `owner`, a class or function.
    pub fn is_within(&self, owner: DefRef) -> bool {
        if owner.module != self.module {
            return false;
        }
        let mut current = Some(self.scope());
        while let Some(scope) = current {
            let definition = match self.index.scopes[scope].kind {
                ScopeKind::Function => self.function_of_scope(scope),
                ScopeKind::Class => self.class_of_scope(scope).map(ClassRef::definition),
                _ => None,
            };
            if definition == Some(owner) {
                return true;
            }
            current = self.index.scopes[scope].parent;
        }
        false
    }

    /// Whether definitions of `scope` are the host's to remember.
    pub fn is_shared(&self, scope: ScopeId) -> bool {
        matches!(
            self.index.scopes[scope].kind,
            ScopeKind::Module | ScopeKind::Class | ScopeKind::TypeParams | ScopeKind::TypeAlias
        )
    }

    /// The types of a definition of this module.
    pub fn definition_types(&self, definition: DefinitionId) -> DefinitionTypes {
        let scope = self.index.definitions[definition].scope;
        if self.is_shared(scope) {
            return self.cx.host.definition(self.cx, self.def_ref(definition));
        }
        let Some(region) = self.region_of(scope) else {
            return DefinitionTypes {
                bound: Some(Type::UNKNOWN),
                declared: None,
                qualifiers: Qualifiers::EMPTY,
            };
        };
        region.local_definition(definition)
    }

    fn local_definition(&self, definition: DefinitionId) -> DefinitionTypes {
        let unknown = DefinitionTypes {
            bound: Some(Type::CYCLE),
            declared: None,
            qualifiers: Qualifiers::EMPTY,
        };
        let value = self.fixpoint(
            LocalKey::Definition(definition),
            LocalValue::Definition(unknown),
            || {
                let scope = self.index.definitions[definition].scope;
                LocalValue::Definition(self.in_scope(scope, || {
                    self.quietly(|| super::definition::infer_definition(self, definition))
                }))
            },
        );
        match value {
            LocalValue::Definition(types) => types,
            LocalValue::Flow(_) => unknown,
        }
    }

    /// Sets what a local definition is: lambda parameters, comprehension targets, and statements
    /// whose value the walk has just inferred.
    pub fn bind(&self, definition: DefinitionId, types: DefinitionTypes) {
        if self.is_provisional() {
            return;
        }
        let key = LocalKey::Definition(definition);
        self.locals.borrow_mut().set(key, LocalValue::Definition(types));
    }

    /// Forces what a local definition is, also on the way round a cycle (lambda parameters).
    pub fn rebind(&self, definition: DefinitionId, types: DefinitionTypes) {
        let key = LocalKey::Definition(definition);
        self.locals.borrow_mut().set(key, LocalValue::Definition(types));
    }

    /// The number of an inference of a lambda's body: the same for the same types of its parameters.
    pub(super) fn round_of(&self, key: RoundKey) -> u32 {
        let mut rounds = self.rounds.borrow_mut();
        let next = u32::try_from(rounds.len() + 1).unwrap_or(u32::MAX);
        *rounds.entry(key).or_insert(next)
    }

    /// Whether a point is reached, as far as it is remembered.
    pub(super) fn cached_reach(&self, reach: ReachId) -> Option<bool> {
        let entry = self.reach.borrow().get(&reach).copied();
        self.recall(entry)
    }

    /// Finds out whether a point is reached and remembers it; while that goes on, it counts as reached.
    pub(super) fn remember_reach(&self, reach: ReachId, work: impl FnOnce() -> bool) -> bool {
        let open = self.remembered(true, NO_FRAME);
        self.reach.borrow_mut().insert(reach, open);
        let (value, low) = self.tracked(work);
        let entry = self.remembered(value, low);
        self.reach.borrow_mut().insert(reach, entry);
        value
    }

    /// The type of an expression that is inferred without reporting, from memory where possible.
    pub(super) fn remembered_expression(
        &self,
        node: NodeId,
        expected: Option<Type>,
        work: impl FnOnce() -> Type,
    ) -> Type {
        let key = (node, self.scope(), expected.map(Type::handle), self.lambda_round.get());
        let entry = self.expressions.borrow().get(&key).copied();
        if let Some(known) = self.recall(entry) {
            return known;
        }
        let (value, low) = self.tracked(work);
        let entry = self.remembered(value, low);
        self.expressions.borrow_mut().insert(key, entry);
        value
    }

    /// What is left of the subject of a `match` after so many cases, if that is remembered.
    pub(super) fn recall_subject(&self, node: NodeId, cases: usize) -> Option<Type> {
        let key = (node, self.scope(), cases, self.lambda_round.get());
        let entry = self.subjects.borrow().get(&key).copied();
        self.recall(entry)
    }

    /// Remembers what `work` says is left of the subject of a `match` after so many cases.
    pub(super) fn remember_subject(
        &self,
        node: NodeId,
        cases: usize,
        work: impl FnOnce() -> Type,
    ) -> Type {
        let (value, low) = self.tracked(work);
        let key = (node, self.scope(), cases, self.lambda_round.get());
        let entry = self.remembered(value, low);
        self.subjects.borrow_mut().insert(key, entry);
        value
    }

    /// What declarations say of assigning to a place again; `find` finds out. Asked for in the pass that reports.
    pub(super) fn fixed(&self, place: (ScopeId, PlaceId), find: impl FnOnce() -> Fixed) -> Fixed {
        if let Some(&known) = self.fixed.borrow().get(&place) {
            return known;
        }
        let found = find();
        self.fixed.borrow_mut().insert(place, found);
        found
    }

    /// Counts an expression for the statistics.
    pub(super) fn count(&self, ty: Type, range: TextRange) {
        let (unknown, all) = self.counts.get();
        self.counts.set((unknown + u32::from(ty.is_unknown()), all + 1));
        if ty.is_unknown() {
            self.observe(|noted| {
                if noted.wants_unknown {
                    noted.unknown.push(range);
                }
            });
        }
    }
}
