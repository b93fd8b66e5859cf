//! Sentinel values: each is a type of its own with one value. Source: PEP 661.
//!
//! They are kept as enum members are: by the class `Sentinel` and the dotted name of where they
//! were made.

use ruff_python_ast::comparable::ComparableExpr;
use ruff_python_ast::helpers::any_over_body;
use ruff_python_ast::{Expr, ExprCall, Stmt};

use super::region::Region;
use crate::index::{DefinitionId, ScopeKind};
use crate::types::{Cx, Kind, Type};

/// Whether `ty` is a sentinel, which stands for itself in type expressions.
pub fn is_sentinel(cx: &Cx<'_>, ty: Type) -> bool {
    ty.kind() == Kind::Enum && cx.as_enum(ty).is_some_and(|(class, _)| cx.is_sentinel_class(class))
}

/// What `NAME = Sentinel("NAME")` makes in a module or a class.
pub fn sentinel_call(
    region: &Region<'_, '_>,
    definition: DefinitionId,
    call: &ExprCall,
    callee: Type,
) -> Option<Type> {
    let cx = region.cx;
    let class = callee.as_class().filter(|&class| cx.is_sentinel_class(class))?;
    call.arguments.args.first().filter(|name| name.is_string_literal_expr())?;
    let index = region.index;
    let entry = &index.definitions[definition];
    let mut path = vec![index.scopes[entry.scope].place(entry.place).expr.root.to_string()];
    let mut scope = Some(entry.scope);
    while let Some(current) = scope {
        match index.scopes[current].kind {
            ScopeKind::Class => {
                let around = cx.host.class(cx, region.class_of_scope(current)?);
                path.push(around.name.to_string());
            }
            ScopeKind::Module | ScopeKind::TypeParams => {}
            _ => return None,
        }
        scope = index.scopes[current].parent;
    }
    path.push(cx.host.module(region.module).name.to_string());
    path.reverse();
    Some(cx.enum_literal(class, &path.join(".")))
}

/// Whether the default of a parameter is a mark for an argument that is not given: a name that the body compares the
/// parameter with. No test for identity tells types apart, but where it fails the mark is not there.
pub fn is_mark(body: &[Stmt], parameter: &str, default: &Expr) -> bool {
    if !matches!(default, Expr::Name(_) | Expr::Attribute(_)) {
        return false;
    }
    let mark = ComparableExpr::from(default);
    let is_parameter = |expr: &Expr| matches!(expr, Expr::Name(name) if name.id == *parameter);
    any_over_body(body, |expr| {
        let Expr::Compare(compare) = expr else { return false };
        let among = |found: &dyn Fn(&Expr) -> bool| {
            std::iter::once(&*compare.left).chain(&compare.comparators).any(|each| match each {
                Expr::Tuple(tuple) => tuple.elts.iter().any(found),
                other => found(other),
            })
        };
        among(&is_parameter) && among(&|each| ComparableExpr::from(each) == mark)
    })
}
