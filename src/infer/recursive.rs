//! Results that are of several kinds, and not known in part, of functions that declare nothing.
//!
//! Which of the kinds comes out is decided by what goes in. Functions that call themselves walk through whatever they are
//! given, and those that give one of many kinds choose it by what the caller gives.

use ruff_python_ast::helpers::any_over_body;
use ruff_python_ast::{Expr, StmtFunctionDef};
use smallvec::SmallVec;

use crate::policy::{Policy, lists};
use crate::types::{ClassRef, Cx, Kind, Type};

/// `result`, or what is left of it where it is of several kinds beside something unknown: nothing if the function, of class
/// `owner` if it is a method, calls itself, and that it may be `None` if the kinds are many. That `__getattr__` gives `None`
/// for one attribute is no part of the others.
pub fn settled(
    cx: &Cx<'_>,
    owner: Option<ClassRef>,
    function: &StmtFunctionDef,
    result: Type,
) -> Type {
    if result.kind() != Kind::Union || !cx.has_dynamic_member(result) {
        return result;
    }
    let members = cx.members(result);
    // What a cycle has not settled yet is no answer.
    if members.iter().any(|member| member.is(Type::CYCLE)) {
        return result;
    }
    let is_known = |member: &Type| !member.is_dynamic() && !member.is_none();
    let many = members.iter().filter(is_known).count();
    if many >= lists::SEVERAL_RESULTS
        && cx.holds(Policy::SelfCalling)
        && calls_itself(cx, owner, function)
    {
        return Type::UNKNOWN;
    }
    let class_of = |member: Type| cx.class_of(cx.fallback_instance(member));
    let mut classes: SmallVec<[ClassRef; 8]> =
        members.iter().filter(is_known).filter_map(class_of).collect();
    classes.sort_unstable();
    classes.dedup();
    // What one attribute is says nothing of another one.
    let is_getter = function.name.id == "__getattr__" && cx.holds(Policy::GetterResult);
    let is_open = classes.len() >= lists::MANY_RESULTS && cx.holds(Policy::ManyResults)
        || classes.len() > 1 && is_getter;
    cx.filter_union(result, |member| {
        let is_kept = if member.is_none() { !is_getter } else { !is_open };
        member.is_dynamic() || is_kept
    })
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
