//! A [`Region`]: one walk over a module, class or function body, with what it has found so far.
//!
//! Definitions of modules and classes are asked of the host; those of functions, lambdas and
//! comprehensions live here and go when the walk ends. A loop makes a local definition depend on
//! itself; see [`super::fixpoint`].
//!
//! Beside what it walks, a region has a [`Mode`], which says how code is read, [`Answers`], which it remembers,
//! [`Guards`] around a statement, and [`Reports`].

mod answers;
mod guards;
mod mode;
mod report;
mod scopes;

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use ruff_text_size::TextRange;
use rustc_hash::FxHashMap;

use self::answers::Answers;
pub(super) use self::answers::Fixed;
pub use self::guards::Guard;
use self::guards::Guards;
pub(super) use self::mode::Mode;
use self::report::Reports;
pub use self::report::{Misfit, Report};
use super::facts::Observed;
use super::fixpoint::{LocalKey, LocalValue, Locals};
use crate::index::{AstNodes, DefinitionId, ModuleAst, PlaceId, ScopeId, ScopeKind, SemanticIndex};
use crate::types::{Cx, DefRef, DefinitionTypes, ModuleId, Qualifiers, Substitution, Type};

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
    answers: Answers,
    mode: Cell<Mode>,
    guards: Guards,
    reports: Reports,
    parent: OnceCell<Option<Box<Region<'a, 's>>>>,
    pub(super) declarations: Declarations,
    /// What tests of the region ask for by `hasattr`.
    pub(super) asked_for: OnceCell<Box<[AskedFor]>>,
    /// Expressions whose type is not known, and all expressions: for `--statistics`.
    pub(super) counts: Cell<(u32, u32)>,
    /// What the type variables of the function stand for in this walk, where each constraint has a walk of its own.
    given: Option<Substitution>,
    /// Where the walk notes what the audit asks for, if it does.
    pub(super) observed: Option<&'a RefCell<Observed>>,
}

/// Which definitions of a place declare it, the last one first: for places that are assigned many times.
#[derive(Default)]
pub(super) struct Declarations(RefCell<ByPlace<Rc<[DefinitionId]>>>);

type ByPlace<T> = FxHashMap<(ScopeId, PlaceId), T>;

impl Declarations {
    pub fn of(
        &self,
        scope: ScopeId,
        place: PlaceId,
        find: impl FnOnce() -> Rc<[DefinitionId]>,
    ) -> Rc<[DefinitionId]> {
        self.0.borrow_mut().entry((scope, place)).or_insert_with(find).clone()
    }
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
            answers: Answers::default(),
            mode: Cell::new(Mode::of_module(cx.host.module(module).is_stub)),
            guards: Guards::default(),
            reports: Reports::default(),
            parent: OnceCell::new(),
            declarations: Declarations::default(),
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
                Some(Box::new(parent.in_mode_from_now(Mode::QUIET)))
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

    /// Whether the scope that is being read runs where it stands, so that what is known around it of attributes and items
    /// holds in it.
    pub fn sees_around(&self) -> bool {
        let scope = self.scope();
        scope != self.region || self.index.scopes[scope].kind == ScopeKind::Class
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
                qualifiers: Qualifiers::empty(),
            };
        };
        region.local_definition(definition)
    }

    fn local_definition(&self, definition: DefinitionId) -> DefinitionTypes {
        let unknown = DefinitionTypes {
            bound: Some(Type::CYCLE),
            declared: None,
            qualifiers: Qualifiers::empty(),
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
