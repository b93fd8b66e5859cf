//! What is wrong with a `type` statement.

use ruff_python_ast::{Expr, StmtTypeAlias};

use super::region::Region;
use crate::rules;
use crate::types::{Cx, Data, DefRef, Kind, Type};

/// Reports an alias that is nothing but itself.
pub fn check_statement(region: &Region<'_, '_>, node: &StmtTypeAlias) {
    let Expr::Name(name) = &*node.name else { return };
    let Some(id) = region.index.definition_at(name.range.start()) else { return };
    let definition = region.def_ref(id);
    let cx = region.cx;
    let value = cx.host.alias(cx, definition).value;
    if is_circular(cx, value, definition, 0) {
        region.report(&*node.value, rules::cyclic_type_alias::cyclic_type_alias(&name.id));
    }
}

fn is_circular(cx: &Cx<'_>, ty: Type, definition: DefRef, depth: u32) -> bool {
    if depth > 16 {
        return true;
    }
    match ty.kind() {
        Kind::Alias => match *cx.payload(ty) {
            Data::Alias { definition: other, .. } => {
                other == definition
                    || is_circular(cx, cx.host.alias(cx, other).value, definition, depth + 1)
            }
            _ => false,
        },
        Kind::Union => {
            cx.members(ty).iter().any(|member| is_circular(cx, member, definition, depth + 1))
        }
        _ => false,
    }
}
