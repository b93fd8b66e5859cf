//! Calls: see [`crate::infer::call`].

use ruff_python_ast::ExprCall;

use crate::infer::region::Region;
use crate::types::Type;

/// The type of a call.
pub fn infer(region: &Region<'_, '_>, call: &ExprCall, expected: Option<Type>) -> Type {
    crate::infer::call::infer_call(region, call, expected)
}
