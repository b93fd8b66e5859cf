//! Functions and classes that are defined again in the same block before anybody used them.
//!
//! Definitions with decorators are left alone: a decorator may have kept the function, or dispatch to several.

use ruff_python_ast::helpers::any_over_body;
use ruff_python_ast::name::Name;
use ruff_python_ast::{Expr, Identifier, Stmt};
use rustc_hash::FxHashMap;

use crate::infer::region::Region;
use crate::rules::redefined_definition::redefined_definition;

/// Reports the second of two definitions of a name in `body`.
pub(super) fn check(region: &Region<'_, '_>, body: &[Stmt]) {
    let count = body.iter().filter(|stmt| definition(stmt).is_some()).count();
    if count < 2 || region.cx.host.module(region.module).is_stub {
        return;
    }
    let mut last: FxHashMap<&str, (usize, &Identifier)> = FxHashMap::default();
    for (at, stmt) in body.iter().enumerate() {
        let Some((kind, name)) = definition(stmt) else { continue };
        if name.as_str() == "_" {
            continue;
        }
        let Some((before, first)) = last.insert(name.as_str(), (at, name)) else { continue };
        let is_used = || mentions(&body[before + 1..=at], &name.id);
        if !is_decorated(&body[before]) && !is_decorated(stmt) && !is_used() {
            region.report(name, redefined_definition(kind, name, first.range));
        }
    }
}

fn definition(stmt: &Stmt) -> Option<(&'static str, &Identifier)> {
    match stmt {
        Stmt::FunctionDef(function) => Some(("function", &function.name)),
        Stmt::ClassDef(class) => Some(("class", &class.name)),
        _ => None,
    }
}

fn is_decorated(stmt: &Stmt) -> bool {
    match stmt {
        Stmt::FunctionDef(function) => !function.decorator_list.is_empty(),
        Stmt::ClassDef(class) => !class.decorator_list.is_empty(),
        _ => false,
    }
}

/// Whether statements use a name anywhere in them, be it in a function that runs later.
fn mentions(body: &[Stmt], name: &Name) -> bool {
    any_over_body(body, |expr| matches!(expr, Expr::Name(used) if used.id == *name))
}
