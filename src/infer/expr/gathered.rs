//! Records that are gathered: a local name for a display of values of several kinds, filled up key by key.
//!
//! Nobody said that it holds those kinds and no others, so that a write of another one is no mistake.

use ruff_python_ast::Expr;

use crate::index::{DefinitionNode, ScopeKind};
use crate::infer::region::Region;
use crate::types::{Kind, Known, Type};

/// Whether `receiver`, of type `dict`, is such a record. `None` among the values is a place kept free for one of
/// the kinds that there are.
pub(super) fn is_record(region: &Region<'_, '_>, receiver: &Expr, dict: Type) -> bool {
    let cx = region.cx;
    let Expr::Name(name) = receiver else { return false };
    let is_mixed = || match cx.arguments_of(dict) {
        [_, value] if value.kind() == Kind::Union => {
            let members = cx.members(*value);
            let first = members.iter().next().and_then(|member| cx.class_of(member));
            !members.iter().any(Type::is_none)
                && members.iter().any(|member| cx.class_of(member) != first)
        }
        _ => false,
    };
    if !cx.is_instance_of(dict, Known::Dict) || !is_mixed() {
        return false;
    }
    let scope = &region.index.scopes[region.scope()];
    let Some(place) = scope.place_by_name(&name.id).map(|id| scope.place(id)) else { return false };
    let is_display = |node: &DefinitionNode<'_>| match node {
        DefinitionNode::Assignment { stmt, target, top_target } => {
            std::ptr::eq(*target, *top_target) && is_display_of_words(&stmt.value)
        }
        _ => false,
    };
    scope.kind == ScopeKind::Function
        && !place.definitions.is_empty()
        && place.definitions.iter().all(|&id| is_display(&region.nodes().definitions[id]))
}

fn is_display_of_words(value: &Expr) -> bool {
    let Expr::Dict(dict) = value else { return false };
    dict.items.len() > 1
        && dict.items.iter().all(|item| item.key.as_ref().is_some_and(Expr::is_string_literal_expr))
}
