//! `__all__`: names that a module promises and does not have.
//! Source: the Python reference, "The import statement"; typing spec, "Library interface".

use ruff_python_ast::Expr;
use ruff_python_ast::helpers::any_over_body;

use super::region::Region;
use crate::index::ScopeId;
use crate::rules::undefined_export::undefined_export;
use crate::types::{Boundness, Type};

/// Builtins by which a module may get names that no statement binds.
const DYNAMIC: [&str; 6] = ["__import__", "exec", "globals", "locals", "setattr", "vars"];

/// Reports the strings of `value`, which is put into `__all__` of the module, that name nothing in it.
pub fn check(region: &Region<'_, '_>, target: &Expr, value: &Expr) {
    let is_all = matches!(target, Expr::Name(name) if name.id.as_str() == "__all__");
    if !is_all || region.is_quiet() || region.scope() != ScopeId::MODULE {
        return;
    }
    let elements = match value {
        Expr::List(list) => &list.elts,
        Expr::Tuple(tuple) => &tuple.elts,
        _ => return,
    };
    let missing: Vec<(&Expr, &str)> = elements
        .iter()
        .filter_map(|element| Some((element, element.as_string_literal_expr()?.value.to_str())))
        .filter(|(_, name)| !has(region, name))
        .collect();
    if missing.is_empty() || is_open(region) {
        return;
    }
    let module = &region.cx.host.module(region.module).name;
    for (element, name) in missing {
        region.report(element, undefined_export(name, module));
    }
}

fn has(region: &Region<'_, '_>, name: &str) -> bool {
    let cx = region.cx;
    let is_bound = cx
        .host
        .module_member(cx, region.module, name)
        .is_some_and(|place| place.boundness != Boundness::Unbound);
    is_bound
        || super::import::submodule(region, region.module, name).is_some()
        || cx.attribute(Type::module(region.module), name).found_all().is_some()
}

/// Whether the module may have names that nothing here says.
fn is_open(region: &Region<'_, '_>) -> bool {
    let cx = region.cx;
    if cx.host.module(region.module).is_stub || !region.index.star_imports.is_empty() {
        return true;
    }
    let ast = cx.host.ast(region.module);
    any_over_body(&ast.module().body, |expr| match expr {
        Expr::Name(name) => DYNAMIC.contains(&name.id.as_str()),
        // `sys.modules[__name__] = …`
        Expr::Attribute(attribute) => attribute.attr.as_str() == "modules",
        _ => false,
    })
}
