//! Results of functions that call themselves and declare nothing.
//!
//! They walk through whatever they are given: which of the kinds comes out is decided by what goes in.

use ruff_python_ast::helpers::any_over_body;
use ruff_python_ast::{Expr, StmtFunctionDef};

use crate::types::{Cx, Kind, Type};

/// `result` where it is one kind, or where all of it is known; of several kinds beside something unknown no more
/// than `None` stays, when the function calls itself.
pub fn settled(cx: &Cx<'_>, function: &StmtFunctionDef, result: Type) -> Type {
    if result.kind() != Kind::Union {
        return result;
    }
    let members = cx.members(result);
    // What a cycle has not settled yet is no answer.
    if members.iter().any(|member| member == Type::CYCLE) {
        return result;
    }
    let is_known = |member: &Type| !member.is_dynamic() && !member.is_none();
    let is_open =
        members.iter().any(Type::is_dynamic) && members.iter().filter(is_known).count() > 1;
    if !is_open || !calls_itself(function) {
        return result;
    }
    cx.map_union(result, |member| if member.is_none() { member } else { Type::UNKNOWN })
}

fn calls_itself(function: &StmtFunctionDef) -> bool {
    let name = &function.name.id;
    let mut parameters = function.parameters.iter_non_variadic_params();
    let receiver = parameters.next().map(|first| &first.parameter.name.id);
    any_over_body(&function.body, |expr| {
        let Expr::Call(call) = expr else { return false };
        match &*call.func {
            Expr::Name(callee) => callee.id == *name,
            Expr::Attribute(callee) => {
                callee.attr.id == *name
                    && matches!(&*callee.value, Expr::Name(object) if Some(&object.id) == receiver)
            }
            _ => false,
        }
    })
}
