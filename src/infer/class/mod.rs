//! stub
use super::region::Region;
use crate::index::DefinitionId;
use crate::types::*;
use ruff_python_ast as ast;
pub fn compute_type_params(_: &Cx<'_>, _: ClassRef) -> Vec<Type> {
    vec![]
}
pub fn compute_class(_: &Cx<'_>, _: ClassRef) -> ClassInfo {
    unimplemented!()
}
pub fn compute_class_member(_: &Cx<'_>, _: ClassRef, _: &str) -> Option<PlaceType> {
    None
}
pub fn class_member_names<'s>(_: &Cx<'s>, _: ClassRef, _: bool) -> Vec<&'s str> {
    vec![]
}
pub fn compute_fields(_: &Cx<'_>, _: ClassRef) -> Vec<Field> {
    vec![]
}
pub fn compute_variance(_: &Cx<'_>, _: ClassRef) -> Vec<Variance> {
    vec![]
}
pub fn class_from_call(
    _: &Region<'_, '_>,
    _: DefinitionId,
    _: &ast::ExprCall,
    _: Type,
) -> Option<Type> {
    None
}
pub fn transform_options(_: &Region<'_, '_>, _: &ast::ExprCall) -> DataclassOptions {
    DataclassOptions::EMPTY
}
pub fn check_class(_: &Region<'_, '_>, _: &ast::StmtClassDef) {}
