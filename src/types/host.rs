//! [`Host`]: the one trait through which types and inference ask for what is not inferred yet.
//!
//! The host in `schedule/` answers from memo cells or by running inference; another host, a Salsa
//! database say, could run the same inference for comparison.

use std::sync::Arc;

use bitflags::bitflags;
use ruff_text_size::TextRange;

use super::{
    ClassInfo, ClassRef, Cx, DefRef, FunctionInfo, Judgement, Known, ModuleId, Type, TypeArena,
};
use crate::index::{FlowId, ModuleAst, ScopeId, SemanticIndex};
use crate::policy::Off;
use crate::store::Fingerprint;

bitflags! {
    /// Type qualifiers of a declaration.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
    pub struct Qualifiers: u32 {
        const CLASS_VAR = 1;
        const FINAL = 1 << 1;
        const REQUIRED = 1 << 2;
        const NOT_REQUIRED = 1 << 3;
        const READ_ONLY = 1 << 4;
        const INIT_VAR = 1 << 5;
        /// Set through an instance in a method, not in the class body.
        const INSTANCE_ONLY = 1 << 6;
        const TYPE_ALIAS = 1 << 7;
        /// Has a value in the class body, and methods set it on instances: a function there is not bound.
        const SET_ON_INSTANCE = 1 << 8;
        /// `None` in the class body, and nobody says what else it may be.
        const PLACEHOLDER = 1 << 9;
    }
}

/// Whether a place has a value where it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Boundness {
    Bound,
    PossiblyUnbound,
    Unbound,
}

/// What is known of a place: a name in a scope, an attribute of a class.
#[derive(Debug, Clone, Copy)]
pub struct PlaceType {
    /// The type that a read gives.
    pub ty: Type,
    /// The declared type, where there is a declaration.
    pub declared: Option<Type>,
    pub qualifiers: Qualifiers,
    pub boundness: Boundness,
    /// The declaration, or the last binding.
    pub definition: Option<DefRef>,
    /// Whether the declaration or class body gives a value.
    pub has_value: bool,
}

impl PlaceType {
    /// A bound place of this type, not declared.
    #[must_use]
    pub const fn bound(ty: Type) -> Self {
        Self {
            ty,
            declared: None,
            qualifiers: Qualifiers::empty(),
            boundness: Boundness::Bound,
            definition: None,
            has_value: true,
        }
    }
}

impl PlaceType {
    /// The place with its types changed by `one`.
    #[must_use]
    pub fn map(self, one: impl Fn(Type) -> Type) -> Self {
        Self { ty: one(self.ty), declared: self.declared.map(one), ..self }
    }
}

/// A member found on a class: the place, and the class in whose body it was found, specialised.
#[derive(Debug, Clone, Copy)]
pub struct Member {
    pub place: PlaceType,
    /// `Class` or `GenericClass`, in terms of the class that the lookup started at; dynamic when
    /// the member came from an unknown base.
    pub owner: Type,
    pub class: Option<ClassRef>,
}

impl Member {
    /// Whether only methods set it, on `self`: the class itself does not have it.
    #[must_use]
    pub const fn is_only_on_instances(&self) -> bool {
        self.place.qualifiers.contains(Qualifiers::INSTANCE_ONLY)
    }
}

/// What a definition gives its place.
#[derive(Debug, Clone, Copy)]
pub struct DefinitionTypes {
    /// The type of the value that it binds.
    pub bound: Option<Type>,
    /// The type that it declares.
    pub declared: Option<Type>,
    pub qualifiers: Qualifiers,
}

impl DefinitionTypes {
    /// The same with its types changed by `one`.
    #[must_use]
    pub fn map(self, one: impl Fn(Type) -> Type) -> Self {
        Self { bound: self.bound.map(&one), declared: self.declared.map(&one), ..self }
    }
}

/// What everybody may know of a module without inferring anything.
pub struct ModuleInfo {
    pub name: Box<str>,
    /// The path as shown in messages.
    pub path: std::sync::Arc<str>,
    /// Hash of the path: stands for the module in fingerprints.
    pub fingerprint: Fingerprint,
    pub is_stub: bool,
    pub is_package: bool,
    /// Whether the user asked for this module to be checked.
    pub is_checked: bool,
    pub is_third_party: bool,
    /// A namespace package has no file.
    pub has_file: bool,
}

/// Answers what types and inference need to know. Every answer depends on the input alone.
pub trait Host<'s> {
    /// The arena, other than the scratch, that handles with this owner number point into.
    fn arena(&self, number: u32) -> &'s TypeArena;
    /// Static facts about a module.
    fn module(&self, module: ModuleId) -> &'s ModuleInfo;
    /// The module that the absolute name `name` means to `from`.
    fn resolve_module(&self, from: ModuleId, name: &str) -> Option<ModuleId>;
    /// The semantic index of a module that has a file.
    fn index(&self, module: ModuleId) -> &'s SemanticIndex;
    /// The tree of a module that has a file; parsed again when it was dropped.
    fn ast(&self, module: ModuleId) -> std::sync::Arc<ModuleAst>;
    /// The module that `level` dots and `name` mean in an import statement of `from`; the error is
    /// where it was looked for.
    fn resolve_import(
        &self,
        from: ModuleId,
        level: u32,
        name: &str,
    ) -> Result<ModuleId, Vec<String>>;
    /// The declared and bound types of a definition.
    fn definition(&'s self, cx: &Cx<'s>, definition: DefRef) -> DefinitionTypes;
    /// The type parameters of a class in order, without looking at what its bases are.
    fn type_params(&'s self, cx: &Cx<'s>, class: ClassRef) -> &'s [Type];
    /// The class's bases, MRO, flavour.
    fn class(&'s self, cx: &Cx<'s>, class: ClassRef) -> &'s ClassInfo;
    /// The function's signature and decorations.
    fn function(&'s self, cx: &Cx<'s>, function: DefRef) -> &'s FunctionInfo<'s>;
    /// The inferred result of an unannotated function.
    fn inferred_return(&'s self, cx: &Cx<'s>, function: DefRef) -> Type;
    /// The inferred result of a function whose every argument is given, so that no default comes out of it.
    fn result_of_given(&'s self, cx: &Cx<'s>, function: DefRef) -> Type;
    /// What a method, by its scope, assigns in loops to each attribute of its first parameter:
    /// [`crate::infer::looped_attributes`].
    fn looped(&'s self, cx: &Cx<'s>, module: ModuleId, method: ScopeId) -> &'s [Type];
    /// What the functions within a function see of one of its names, by the name's first definition.
    fn seen_within(&'s self, cx: &Cx<'s>, first: DefRef) -> PlaceType;
    /// The value of a name of a module at a join that is one of its milestones ([`crate::index::Scope::milestone`]); `None`
    /// where control does not get.
    fn milestone(&'s self, cx: &Cx<'s>, module: ModuleId, flow: FlowId) -> Option<PlaceType>;
    /// A name in the class's own body, or set on `self` in its methods.
    fn class_member(&'s self, cx: &Cx<'s>, class: ClassRef, name: &str) -> Option<PlaceType>;
    /// Names in the class's own body and, when asked, those set on `self`; in source order.
    fn class_member_names(&'s self, cx: &Cx<'s>, class: ClassRef, instance: bool) -> Vec<&'s str>;
    /// Whether a module may bind a name; only what can be said without its index is a no.
    fn may_bind(&self, _module: ModuleId, _name: &str) -> bool {
        true
    }
    /// A name in a module's scope as seen from outside, submodules included.
    fn module_member(&'s self, cx: &Cx<'s>, module: ModuleId, name: &str) -> Option<PlaceType>;
    /// Names of a module's scope, for suggestions.
    fn module_member_names(&'s self, cx: &Cx<'s>, module: ModuleId) -> Vec<&'s str>;
    /// The modules that a module imports all names of, in order.
    fn star_sources(&'s self, cx: &Cx<'s>, module: ModuleId) -> Arc<[ModuleId]>;
    /// Whether one of the modules that a module imports all names of imports all names of it, maybe by way of others.
    fn is_in_star_ring(&'s self, cx: &Cx<'s>, module: ModuleId) -> bool;
    /// Bound, constraints and default of a type variable.
    fn type_var(&'s self, cx: &Cx<'s>, definition: DefRef) -> &'s super::known::TypeVarInfo;
    /// Value of a PEP 695 or recursive alias with its type parameters, unspecialised.
    fn alias(&'s self, cx: &Cx<'s>, definition: DefRef) -> &'s super::known::AliasInfo;
    /// Fields of a dataclass, named tuple or typed dict, inherited ones first.
    fn fields(&'s self, cx: &Cx<'s>, class: ClassRef) -> &'s [super::Field];
    /// The class of the standard library, `None` when the typeshed in use lacks it.
    fn known(&'s self, cx: &Cx<'s>, known: Known) -> Option<ClassRef>;
    /// The version of Python that a module is checked for, as major and minor.
    fn python_version(&self, module: ModuleId) -> (u8, u8);
    /// Where a definition's name stands.
    fn definition_range(&self, definition: DefRef) -> TextRange;
    /// A remembered answer to a judgement.
    fn remembered(&'s self, cx: &Cx<'s>, judgement: &Judgement) -> Option<bool>;
    /// Remembers the answer to a judgement, by its key, that nothing provisional is in.
    fn remember(&self, key: (u128, u128), answer: bool);
    /// Policies that do not hold in this run.
    fn policies_off(&self) -> Off {
        Off::default()
    }
    /// Whether an answer that is computed now may still change.
    fn is_provisional(&'s self, cx: &Cx<'s>) -> bool;
    /// The declared or inferred variance of a class's type parameter.
    fn variance(&'s self, cx: &Cx<'s>, class: ClassRef, index: usize) -> super::Variance;
}
