//! Records that are gathered: a local name for a display of values of several kinds, filled up key by key.
//!
//! Nobody said that it holds those kinds and no others, so that a write of another one is no mistake.

use ruff_python_ast::{Expr, ExprName, ExprSubscript, Number};
use smallvec::SmallVec;

use crate::index::{DefinitionNode, ScopeId, ScopeKind};
use crate::infer::region::Region;
use crate::policy::{Policy, lists};
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
    let is_asked = cx.holds(Policy::GatheredRecord) && cx.is_instance_of(dict, Known::Dict);
    if !is_asked || !is_mixed() {
        return false;
    }
    let scope = region.scope();
    region.index.scopes[scope].kind == ScopeKind::Function
        && displays(region, scope, name)
            .is_some_and(|all| all.iter().all(|&value| is_display_of_words(value)))
}

/// The class of what a record has for a literal key, where that can be told by its form: not what other keys have is found
/// there.
pub(super) fn class_at_key(region: &Region<'_, '_>, subscript: &ExprSubscript) -> Option<Known> {
    let (Expr::Name(name), Expr::StringLiteral(key)) = (&*subscript.value, &*subscript.slice)
    else {
        return None;
    };
    let class_in = |value: &Expr| {
        let dict = value.as_dict_expr().filter(|dict| dict.items.len() <= lists::MOST_ITEMS)?;
        let mut items = dict.items.iter().rev();
        let item = items.find(|item| match &item.key {
            Some(Expr::StringLiteral(text)) => text.value.to_str() == key.value.to_str(),
            // What is unpacked may have it.
            _ => true,
        })?;
        item.key.as_ref().filter(|key| key.is_string_literal_expr())?;
        class_by_form(&item.value)
    };
    if !region.cx.holds(Policy::RecordKey) {
        return None;
    }
    let all = displays(region, owner(region, name)?, name)?;
    let class = class_in(all.first()?)?;
    all[1..].iter().all(|&value| class_in(value) == Some(class)).then_some(class)
}

const fn class_by_form(expr: &Expr) -> Option<Known> {
    Some(match expr {
        Expr::Dict(_) | Expr::DictComp(_) => Known::Dict,
        Expr::List(_) | Expr::ListComp(_) => Known::List,
        Expr::Set(_) | Expr::SetComp(_) => Known::Set,
        Expr::StringLiteral(_) | Expr::FString(_) => Known::Str,
        Expr::BytesLiteral(_) => Known::Bytes,
        Expr::BooleanLiteral(_) => Known::Bool,
        Expr::NumberLiteral(number) => match number.value {
            Number::Int(_) => Known::Int,
            Number::Float(_) => Known::Float,
            Number::Complex { .. } => Known::Complex,
        },
        _ => return None,
    })
}

/// The scope whose name is read.
fn owner(region: &Region<'_, '_>, name: &ExprName) -> Option<ScopeId> {
    let index = region.index;
    let is_bound = |&scope: &ScopeId| {
        let scope = &index.scopes[scope];
        scope.place_by_name(&name.id).is_some_and(|id| scope.place(id).is_bound())
    };
    let scope = region.scope();
    std::iter::once(scope).chain(index.enclosing_scopes(scope)).find(is_bound)
}

/// The values of all assignments to a name of a scope; `None` if something else binds it.
fn displays<'r>(
    region: &'r Region<'_, '_>,
    scope: ScopeId,
    name: &ExprName,
) -> Option<SmallVec<[&'r Expr; 2]>> {
    let scope = &region.index.scopes[scope];
    let place = scope.place_by_name(&name.id).map(|id| scope.place(id))?;
    let value = |node: &DefinitionNode<'r>| match node {
        DefinitionNode::Assignment { stmt, target, top_target } => {
            std::ptr::eq(*target, *top_target).then_some(&*stmt.value)
        }
        _ => None,
    };
    let values = place.definitions.iter().map(|&id| value(&region.nodes().definitions[id]));
    let is_few = (1..=lists::MOST_DISPLAYS).contains(&place.definitions.len());
    is_few.then(|| values.collect())?
}

fn is_display_of_words(value: &Expr) -> bool {
    let Expr::Dict(dict) = value else { return false };
    dict.items.len() > 1
        && dict.items.iter().all(|item| item.key.as_ref().is_some_and(Expr::is_string_literal_expr))
}
