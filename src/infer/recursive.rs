//! Results of functions that call themselves and declare nothing.
//!
//! They walk through whatever they are given: which of the kinds comes out is decided by what goes in.

use ruff_python_ast::helpers::any_over_body;
use ruff_python_ast::{Expr, StmtFunctionDef};

use crate::policy::{Policy, lists};
use crate::types::{ClassRef, Cx, Kind, Type};

/// `result`, or `Unknown` where it is of several kinds beside something unknown and the function, of class `owner`
/// if it is a method, calls itself.
pub fn settled(
    cx: &Cx<'_>,
    owner: Option<ClassRef>,
    function: &StmtFunctionDef,
    result: Type,
) -> Type {
    if result.kind() != Kind::Union || !cx.holds(Policy::SelfCalling) {
        return result;
    }
    let members = cx.members(result);
    // What a cycle has not settled yet is no answer.
    if members.iter().any(|member| member.is(Type::CYCLE)) {
        return result;
    }
    let is_known = |member: &Type| !member.is_dynamic() && !member.is_none();
    let is_open = cx.has_dynamic_member(result)
        && members.iter().filter(is_known).count() >= lists::SEVERAL_RESULTS;
    if is_open && calls_itself(cx, owner, function) { Type::UNKNOWN } else { result }
}

fn calls_itself(cx: &Cx<'_>, owner: Option<ClassRef>, function: &StmtFunctionDef) -> bool {
    let name = &function.name.id;
    let first = function.parameters.iter_non_variadic_params().next();
    let receiver = first.map(|first| first.parameter.name.id.as_str());
    let class = owner.map(|owner| &*cx.host.class(cx, owner).name);
    any_over_body(&function.body, |expr| {
        let Expr::Call(call) = expr else { return false };
        match &*call.func {
            Expr::Name(callee) => owner.is_none() && callee.id == *name,
            Expr::Attribute(callee) => {
                let is_own = |object: &str| Some(object) == receiver || Some(object) == class;
                owner.is_some()
                    && callee.attr.id == *name
                    && matches!(&*callee.value, Expr::Name(object) if is_own(&object.id))
            }
            _ => false,
        }
    })
}
