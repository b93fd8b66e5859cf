//! stub
use super::region::Region;
use crate::types::*;
use ruff_python_ast as ast;
pub fn check_item_assignment(
    _: &Region<'_, '_>,
    _: &ast::ExprSubscript,
    _: Type,
    _: Type,
    _: Type,
    _: Option<&ast::Expr>,
) {
}
pub fn check_item_deletion(_: &Region<'_, '_>, _: &ast::ExprSubscript, _: Type, _: Type) {}
pub fn dict_fits(_: &Region<'_, '_>, _: &ast::ExprDict, _: Type) -> bool {
    false
}
pub fn infer_display(_: &Region<'_, '_>, _: &ast::ExprDict, t: Type) -> Type {
    t
}
pub fn item_hint(_: &Region<'_, '_>, _: &ast::ExprSubscript, _: Type) -> Option<Type> {
    None
}
