//! What is wrong with assignments that make types: `TypeVar`, `NewType`, `namedtuple` and their like.

use ruff_python_ast::{Expr, StmtAssign};

use super::expr;
use super::region::Region;
use crate::index::DefinitionId;
use crate::types::Kind;

/// Checks the call and the name that it is assigned to.
pub fn check(region: &Region<'_, '_>, definition: DefinitionId, node: &StmtAssign) {
    let cx = region.cx;
    let Expr::Call(call) = &*node.value else {
        expr::infer(region, &node.value, None);
        return;
    };
    super::class::check_class_call(region, definition, call);
    let ty = region.definition_types(definition).bound;
    match ty.map(|ty| (ty.kind(), ty)) {
        Some((Kind::TypeVarValue, ty)) => {
            if let Some(data) = cx.as_type_var(ty) {
                super::type_param_check::check_call(region, call, data);
            }
        }
        Some((Kind::AliasValue, _)) => super::alias_check::check_call(region, definition, call),
        _ => {}
    }
}
