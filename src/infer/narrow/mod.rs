//! stub
use super::region::Region;
use crate::index::*;
use crate::types::*;
use ruff_python_ast as ast;
pub fn narrow(_: &Region<'_, '_>, _: PredicateId, _: bool, _: &PlaceExpr, ty: Type) -> Type {
    ty
}
pub fn is_possible(_: &Region<'_, '_>, _: PredicateId, _: bool) -> bool {
    true
}
pub fn pattern_bindings(
    _: &Region<'_, '_>,
    _: &ast::StmtMatch,
    _: usize,
    _: &ast::Identifier,
) -> Type {
    Type::UNKNOWN
}
