//! The host of a run: answers the questions of types and inference out of the world's tables.
//!
//! Everything that may have to be computed goes through [`World::demand`].

use std::sync::Arc;

use ruff_text_size::TextRange;

use super::memo::{Answer, Key, Question};
use super::world::World;
use crate::index::{DefinitionId, ModuleAst, SemanticIndex};
use crate::infer;
use crate::store::Arena;
use crate::types::{
    AliasInfo, ClassInfo, ClassRef, Cx, Data, DefRef, DefinitionTypes, Field, FunctionInfo, Host,
    Known, ModuleId, ModuleInfo, PlaceType, Type, TypeVarInfo, Variance,
};

/// A world as a [`Host`].
pub(super) struct WorldHost {
    pub world: &'static World,
}

impl WorldHost {
    /// The answer to a question of a kind that always has an answer of that kind: [`World::demand`] and
    /// [`World::initial`] pair them, so that the arms for the others can't be reached.
    fn demand(&self, cx: &Cx<'static>, key: Key<'_>) -> Answer {
        self.world.demand(cx, key)
    }
}

/// Says that a table holds an answer of the wrong kind: a bug, told as an internal error.
#[cold]
fn mismatch(key: &str) -> ! {
    panic!("an answer of the wrong kind to a question for {key}")
}

impl Host<'static> for WorldHost {
    fn arena(&self, number: u32) -> &'static Arena<Data> {
        self.world.arena(number)
    }

    fn module(&self, module: ModuleId) -> &'static ModuleInfo {
        &self.world.program.module(module).info
    }

    fn resolve_module(&self, from: ModuleId, name: &str) -> Option<ModuleId> {
        self.world.program.resolve(from, name).ok()
    }

    fn index(&self, module: ModuleId) -> &'static SemanticIndex {
        self.world.index(module)
    }

    fn ast(&self, module: ModuleId) -> Arc<ModuleAst> {
        self.world.tree(module)
    }

    fn resolve_import(
        &self,
        from: ModuleId,
        level: u32,
        name: &str,
    ) -> Result<ModuleId, Vec<String>> {
        self.world.program.resolve_import(from, level, name)
    }

    fn definition(&self, cx: &Cx<'static>, definition: DefRef) -> DefinitionTypes {
        match self.demand(cx, Key::definition(Question::Definition, definition)) {
            Answer::Definition(types) => types,
            _ => mismatch("a definition"),
        }
    }

    fn type_params(&self, cx: &Cx<'static>, class: ClassRef) -> &'static [Type] {
        match self.demand(cx, Key::class(Question::TypeParams, class)) {
            Answer::Types(types) => types.as_slice(),
            _ => mismatch("type parameters"),
        }
    }

    fn class(&self, cx: &Cx<'static>, class: ClassRef) -> &'static ClassInfo {
        match self.demand(cx, Key::class(Question::Class, class)) {
            Answer::Class(info) => info,
            _ => mismatch("a class"),
        }
    }

    fn function(&self, cx: &Cx<'static>, function: DefRef) -> &'static FunctionInfo {
        match self.demand(cx, Key::definition(Question::Function, function)) {
            Answer::Function(info) => info,
            _ => mismatch("a function"),
        }
    }

    fn inferred_return(&self, cx: &Cx<'static>, function: DefRef) -> Type {
        match self.demand(cx, Key::definition(Question::Return, function)) {
            Answer::Type(ty) => ty,
            _ => mismatch("a result"),
        }
    }

    fn result_of_given(&self, cx: &Cx<'static>, function: DefRef) -> Type {
        match self.demand(cx, Key::definition(Question::ReturnOfGiven, function)) {
            Answer::Type(ty) => ty,
            _ => mismatch("a result"),
        }
    }

    fn class_member(&self, cx: &Cx<'static>, class: ClassRef, name: &str) -> Option<PlaceType> {
        let key = Key { name, ..Key::class(Question::ClassMember, class) };
        match self.demand(cx, key) {
            Answer::Member(member) => member,
            _ => mismatch("a class member"),
        }
    }

    fn class_member_names(
        &self,
        cx: &Cx<'static>,
        class: ClassRef,
        instance: bool,
    ) -> Vec<&'static str> {
        infer::class_member_names(cx, class, instance)
    }

    fn module_member(&self, cx: &Cx<'static>, module: ModuleId, name: &str) -> Option<PlaceType> {
        match self.demand(cx, Key::module_member(module, name)) {
            Answer::Member(member) => member,
            _ => mismatch("a module member"),
        }
    }

    fn module_member_names(&self, cx: &Cx<'static>, module: ModuleId) -> Vec<&'static str> {
        infer::module_member_names(cx, module)
    }

    fn type_var(&self, cx: &Cx<'static>, definition: DefRef) -> &'static TypeVarInfo {
        match self.demand(cx, Key::definition(Question::TypeVar, definition)) {
            Answer::TypeVar(info) => info,
            _ => mismatch("a type variable"),
        }
    }

    fn alias(&self, cx: &Cx<'static>, definition: DefRef) -> &'static AliasInfo {
        match self.demand(cx, Key::definition(Question::Alias, definition)) {
            Answer::Alias(info) => info,
            _ => mismatch("an alias"),
        }
    }

    fn fields(&self, cx: &Cx<'static>, class: ClassRef) -> &'static [Field] {
        match self.demand(cx, Key::class(Question::Fields, class)) {
            Answer::Fields(fields) => fields,
            _ => mismatch("fields"),
        }
    }

    fn known(&self, _cx: &Cx<'static>, known: Known) -> Option<ClassRef> {
        self.world.known(known)
    }

    fn python_version(&self, module: ModuleId) -> (u8, u8) {
        let version = self.world.program.module(module).settings.python_version;
        (version.major, version.minor)
    }

    fn definition_range(&self, definition: DefRef) -> TextRange {
        let index = self.world.index(definition.module);
        let number = definition.index & !ClassRef::IN_BASES;
        if number as usize >= index.definitions.len() {
            return TextRange::default();
        }
        index.definitions[DefinitionId::from_u32(number)].name_range
    }

    fn cached_relation(&self, key: (u128, u128)) -> Option<bool> {
        self.world.relations.get(key)
    }

    fn cache_relation(&self, key: (u128, u128), answer: bool) {
        self.world.relations.insert(key, answer);
    }

    fn is_provisional(&self, cx: &Cx<'static>) -> bool {
        self.world.worker(cx).stack().is_provisional()
    }

    fn variance(&self, cx: &Cx<'static>, class: ClassRef, index: usize) -> Variance {
        match self.demand(cx, Key::class(Question::Variance, class)) {
            Answer::Variances(list) => list.get(index).copied().unwrap_or(Variance::Invariant),
            _ => mismatch("a variance"),
        }
    }
}
