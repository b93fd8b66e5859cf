//! Inference: what definitions, functions, classes and expressions are; findings on the way.
//!
//! Each `compute_*` function answers one question of [`crate::types::Host`] from scratch; the host
//! remembers the answers. Each `check_*` function walks a scope and reports what is wrong in it.
#![allow(missing_docs, unused)]

use crate::index::{ScopeId, SemanticIndex};
use crate::rules::Finding;
use crate::types::{
    AliasInfo, ClassInfo, ClassRef, Cx, DefRef, DefinitionTypes, Field, FunctionInfo, ModuleId,
    PlaceType, Type, TypeVarInfo, Variance,
};
use ruff_text_size::TextRange;

pub fn compute_definition<'s>(cx: &Cx<'s>, definition: DefRef) -> DefinitionTypes {
    todo!()
}
pub fn compute_type_params<'s>(cx: &Cx<'s>, class: ClassRef) -> Vec<Type> {
    todo!()
}
pub fn compute_class<'s>(cx: &Cx<'s>, class: ClassRef) -> ClassInfo {
    todo!()
}
pub fn compute_function<'s>(cx: &Cx<'s>, function: DefRef) -> FunctionInfo {
    todo!()
}
pub fn compute_return<'s>(cx: &Cx<'s>, function: DefRef) -> Type {
    todo!()
}
pub fn compute_class_member<'s>(cx: &Cx<'s>, class: ClassRef, name: &str) -> Option<PlaceType> {
    todo!()
}
pub fn compute_module_member<'s>(cx: &Cx<'s>, module: ModuleId, name: &str) -> Option<PlaceType> {
    todo!()
}
pub fn class_member_names<'s>(cx: &Cx<'s>, class: ClassRef, instance: bool) -> Vec<&'s str> {
    todo!()
}
pub fn module_member_names<'s>(cx: &Cx<'s>, module: ModuleId) -> Vec<&'s str> {
    todo!()
}
pub fn compute_type_var<'s>(cx: &Cx<'s>, definition: DefRef) -> TypeVarInfo {
    todo!()
}
pub fn compute_alias<'s>(cx: &Cx<'s>, definition: DefRef) -> AliasInfo {
    todo!()
}
pub fn compute_fields<'s>(cx: &Cx<'s>, class: ClassRef) -> Vec<Field> {
    todo!()
}
pub fn compute_variance<'s>(cx: &Cx<'s>, class: ClassRef) -> Vec<Variance> {
    todo!()
}
pub struct Report {
    pub finding: Finding,
    pub range: TextRange,
}
pub fn check_module<'s>(cx: &Cx<'s>, module: ModuleId) -> Vec<Report> {
    Vec::new()
}
pub fn check_function<'s>(cx: &Cx<'s>, module: ModuleId, scope: ScopeId) -> Vec<Report> {
    Vec::new()
}
pub fn functions_to_check(index: &SemanticIndex) -> Vec<ScopeId> {
    index
        .scopes
        .iter_enumerated()
        .filter(|(_, scope)| scope.kind == crate::index::ScopeKind::Function)
        .map(|(id, _)| id)
        .collect()
}
