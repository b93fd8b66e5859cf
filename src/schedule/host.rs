//! A task as the host of inference: answers the questions of types and inference out of the store.
//!
//! Everything that may have to be computed goes through [`Task::demand`], which pairs each question with an answer
//! of its kind, so that the arms for others can't be reached.

use std::sync::Arc;

use ruff_text_size::TextRange;

use super::keys::{Answer, Key, NO_SLOT, Question};
use super::task::Task;
use super::world::count;
use crate::index::{DefinitionId, MemberName, ModuleAst, SemanticIndex};
use crate::infer;
use crate::types::{
    AliasInfo, ClassInfo, ClassRef, Cx, DefRef, DefinitionTypes, Field, FunctionInfo, Host, Known,
    ModuleId, ModuleInfo, PlaceType, Type, TypeArena, TypeVarInfo, Variance,
};

impl Task<'_> {
    fn member_name(&self, class: ClassRef, name: &str) -> MemberName {
        if class.index & ClassRef::IN_BASES != 0 {
            return MemberName::Unknown;
        }
        let index = self.world.index(class.module);
        index.member_name(DefinitionId::from_u32(class.index), name)
    }
}

/// Says that a table holds an answer of the wrong kind: a bug, told as an internal error.
#[cold]
fn mismatch(key: &str) -> ! {
    panic!("an answer of the wrong kind to a question for {key}")
}

impl<'t> Host<'t> for Task<'t> {
    #[inline]
    fn arena(&self, number: u32) -> &'t TypeArena {
        match self.room(number) {
            Some(room) => &room.arena,
            None => self.world.arena(number),
        }
    }

    fn module(&self, module: ModuleId) -> &'t ModuleInfo {
        &self.world.program.module(module).info
    }

    fn resolve_module(&self, from: ModuleId, name: &str) -> Option<ModuleId> {
        self.world.program.resolve(from, name).ok()
    }

    fn index(&self, module: ModuleId) -> &'t SemanticIndex {
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

    fn definition(&'t self, _: &Cx<'t>, definition: DefRef) -> DefinitionTypes {
        match self.demand(Key::definition(Question::Definition, definition)) {
            Answer::Definition(types) => types,
            _ => mismatch("a definition"),
        }
    }

    fn type_params(&'t self, _: &Cx<'t>, class: ClassRef) -> &'t [Type] {
        match self.demand(Key::class(Question::TypeParams, class)) {
            Answer::Types(types) => types,
            _ => mismatch("type parameters"),
        }
    }

    fn class(&'t self, _: &Cx<'t>, class: ClassRef) -> &'t ClassInfo {
        match self.demand(Key::class(Question::Class, class)) {
            Answer::Class(info) => info,
            _ => mismatch("a class"),
        }
    }

    fn function(&'t self, _: &Cx<'t>, function: DefRef) -> &'t FunctionInfo<'t> {
        match self.demand(Key::definition(Question::Function, function)) {
            Answer::Function(info) => info,
            _ => mismatch("a function"),
        }
    }

    fn inferred_return(&'t self, _: &Cx<'t>, function: DefRef) -> Type {
        match self.demand(Key::definition(Question::Return, function)) {
            Answer::Type(ty) => ty,
            _ => mismatch("a result"),
        }
    }

    fn result_of_given(&'t self, _: &Cx<'t>, function: DefRef) -> Type {
        match self.demand(Key::definition(Question::ReturnOfGiven, function)) {
            Answer::Type(ty) => ty,
            _ => mismatch("a result"),
        }
    }

    fn class_member(&'t self, cx: &Cx<'t>, class: ClassRef, name: &str) -> Option<PlaceType> {
        let slot = match self.member_name(class, name) {
            MemberName::Written(slot) => slot,
            MemberName::NotWritten
                if !infer::may_be_made(name) || !infer::has_made(self.class(cx, class)) =>
            {
                count(&self.counters.absent, 1);
                return None;
            }
            MemberName::NotWritten | MemberName::Unknown => NO_SLOT,
        };
        match self.demand(Key::class_member(class, name, slot)) {
            Answer::Member(member) => member,
            _ => mismatch("a class member"),
        }
    }

    fn class_member_names(&self, cx: &Cx<'t>, class: ClassRef, instance: bool) -> Vec<&'t str> {
        infer::class_member_names(cx, class, instance)
    }

    fn module_member(&'t self, _: &Cx<'t>, module: ModuleId, name: &str) -> Option<PlaceType> {
        match self.demand(Key::module_member(module, name)) {
            Answer::Member(member) => member,
            _ => mismatch("a module member"),
        }
    }

    fn module_member_names(&'t self, cx: &Cx<'t>, module: ModuleId) -> Vec<&'t str> {
        infer::module_member_names(cx, module)
    }

    fn type_var(&'t self, _: &Cx<'t>, definition: DefRef) -> &'t TypeVarInfo {
        match self.demand(Key::definition(Question::TypeVar, definition)) {
            Answer::TypeVar(info) => info,
            _ => mismatch("a type variable"),
        }
    }

    fn alias(&'t self, _: &Cx<'t>, definition: DefRef) -> &'t AliasInfo {
        match self.demand(Key::definition(Question::Alias, definition)) {
            Answer::Alias(info) => info,
            _ => mismatch("an alias"),
        }
    }

    fn fields(&'t self, _: &Cx<'t>, class: ClassRef) -> &'t [Field] {
        match self.demand(Key::class(Question::Fields, class)) {
            Answer::Fields(fields) => fields,
            _ => mismatch("fields"),
        }
    }

    fn known(&'t self, _cx: &Cx<'t>, known: Known) -> Option<ClassRef> {
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

    fn is_provisional(&'t self, _: &Cx<'t>) -> bool {
        self.stack.borrow().is_provisional()
    }

    fn variance(&'t self, _: &Cx<'t>, class: ClassRef, index: usize) -> Variance {
        match self.demand(Key::class(Question::Variance, class)) {
            Answer::Variances(list) => list.get(index).copied().unwrap_or(Variance::Invariant),
            _ => mismatch("a variance"),
        }
    }
}
