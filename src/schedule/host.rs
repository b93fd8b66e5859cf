//! A task as the host of inference: answers the questions of types and inference out of the store.
//!
//! Everything that may have to be computed goes through [`Task::demand`], which pairs each question with an answer
//! of its kind, so that the arms for others can't be reached.

use std::sync::Arc;

use ruff_text_size::TextRange;

use super::keys::{Key, Question};
use super::questions::member_slot;
use super::task::Task;
use super::world::count;
use crate::index::{FlowId, ModuleAst, ScopeId, SemanticIndex};
use crate::infer;
use crate::policy::Off;
use crate::types::{
    AliasInfo, ClassInfo, ClassRef, Cx, DefRef, DefinitionTypes, Field, FunctionInfo, Host,
    Judgement, Known, ModuleId, ModuleInfo, PlaceType, Type, TypeArena, TypeVarInfo, Variance,
};

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

    fn policies_off(&self) -> Off {
        self.world.off
    }

    fn resolve_module(&self, from: ModuleId, name: &str) -> Option<ModuleId> {
        self.world.program.resolve(from, name).ok()
    }

    fn index(&self, module: ModuleId) -> &'t SemanticIndex {
        let _charge = self.world.is_to_be_read(module).then(|| self.charge(module));
        self.world.index(module)
    }

    fn ast(&self, module: ModuleId) -> Arc<ModuleAst> {
        let _charge = self.charge(module);
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
        let found = self.world.member_name(class, name);
        let Some(slot) = member_slot(found, name, || self.class(cx, class)) else {
            count(&self.counters.absent, 1);
            return None;
        };
        self.demand(Key::class_member(class, name, slot)).member()
    }

    fn class_member_names(&self, cx: &Cx<'t>, class: ClassRef, instance: bool) -> Vec<&'t str> {
        infer::class_member_names(cx, class, instance)
    }

    fn may_bind(&self, module: ModuleId, name: &str) -> bool {
        self.world.may_bind(module, name)
    }

    fn module_member(&'t self, _: &Cx<'t>, module: ModuleId, name: &str) -> Option<PlaceType> {
        self.demand(Key::module_member(module, name)).member()
    }

    fn star_sources(&'t self, cx: &Cx<'t>, module: ModuleId) -> Arc<[ModuleId]> {
        if let Some(known) = self.world.star_sources.get(&module) {
            return known.clone();
        }
        let found = infer::compute_star_sources(cx, module);
        self.world.star_sources.insert(module, found.clone());
        found
    }

    fn is_in_star_ring(&'t self, cx: &Cx<'t>, module: ModuleId) -> bool {
        if let Some(known) = self.world.star_rings.get(&module) {
            return *known;
        }
        let found = infer::is_in_star_ring(cx, module);
        self.world.star_rings.insert(module, found);
        found
    }

    fn module_member_names(&'t self, cx: &Cx<'t>, module: ModuleId) -> Vec<&'t str> {
        infer::module_member_names(cx, module)
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

    fn known(&'t self, _cx: &Cx<'t>, known: Known) -> Option<ClassRef> {
        self.world.known(known)
    }

    fn python_version(&self, module: ModuleId) -> (u8, u8) {
        self.world.python_version(module)
    }

    fn definition_range(&self, definition: DefRef) -> TextRange {
        self.world.definition_range(definition)
    }

    fn remembered(&'t self, _: &Cx<'t>, judgement: &Judgement) -> Option<bool> {
        self.world.relations.get(judgement.key)
    }

    fn remember(&self, key: (u128, u128), answer: bool) {
        self.world.relations.insert(key, answer);
    }

    fn is_provisional(&'t self, _: &Cx<'t>) -> bool {
        self.stack.borrow().is_provisional()
    }

    fn variance(&'t self, _: &Cx<'t>, class: ClassRef, index: usize) -> Variance {
        self.demand(Key::class(Question::Variance, class))
            .variances()
            .get(index)
            .copied()
            .unwrap_or(Variance::Invariant)
    }
}
