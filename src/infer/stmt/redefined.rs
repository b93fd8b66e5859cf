//! Functions and classes that are defined again in the same block before anybody used them.
//!
//! Definitions with decorators are left alone: a decorator may have kept the function, or dispatch to several.

use ruff_python_ast::helpers::any_over_body;
use ruff_python_ast::name::Name;
use ruff_python_ast::{Expr, ExprList, ExprName, ExprTuple, Identifier, Stmt};
use ruff_text_size::TextRange;
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::index::DefinitionKind;
use crate::infer::region::{Misfit, Region};
use crate::policy::Policy;
use crate::rules::invalid_assignment::invalid_assignment;
use crate::rules::redefined_definition::redefined_definition;
use crate::source::{any_within, is_named, stack};

/// Reports the second of two definitions of a name in `body`, and values that do not fit one.
pub(super) fn check(region: &Region<'_, '_>, body: &[Stmt]) {
    let count = body.iter().filter(|stmt| definition(stmt).is_some()).count();
    if count == 0 || region.cx.host.module(region.module).is_stub {
        return;
    }
    check_assigned(region, body, &mut FxHashMap::default(), true);
    if count < 2 {
        return;
    }
    let mut last: FxHashMap<&str, (usize, &Identifier)> = FxHashMap::default();
    for (at, stmt) in body.iter().enumerate() {
        let Some((kind, name)) = definition(stmt) else { continue };
        if name.as_str() == "_" && region.cx.holds(Policy::DroppedName) {
            continue;
        }
        let Some((before, first)) = last.insert(name.as_str(), (at, name)) else { continue };
        let is_used = || mentions(&body[before + 1..=at], &name.id, TextRange::default());
        let may_be_kept = |stmt| match region.cx.holds(Policy::DecoratedTwice) {
            true => is_decorated(stmt),
            false => is_part(stmt),
        };
        if !may_be_kept(&body[before]) && !may_be_kept(stmt) && !is_used() {
            region.report(name, redefined_definition(kind, name, first.range));
        }
    }
}

/// A `def` or `class` declares its name: what is assigned to it later in the same block, or within a statement there, must
/// fit. A value that mentions the name decorates by hand, and may make anything of it; a definition within a statement is
/// another way to define it.
fn check_assigned<'n>(
    region: &Region<'_, '_>,
    body: &'n [Stmt],
    declared: &mut FxHashMap<&'n str, &'n Identifier>,
    declares: bool,
) {
    let cx = region.cx;
    for stmt in body.iter().take_while(|stmt| super::is_reached(region, stmt)) {
        if let Some((_, name)) = definition(stmt) {
            if is_decorated(stmt) || !declares {
                declared.remove(name.as_str());
            } else {
                declared.insert(name.as_str(), name);
            }
            continue;
        }
        for (target, value) in assigned(stmt) {
            let Some(&first) = declared.get(target.id.as_str()) else { continue };
            let is_itself = |expr: &Expr| matches!(expr, Expr::Name(name) if name.id == target.id);
            let Some(id) = region.index.definition_at(first.range.start()) else { continue };
            let is_class = region.index.definitions[id].kind == DefinitionKind::Class;
            // An object of the class is nothing that decorates it.
            let is_object =
                || matches!(value, Expr::Call(call) if is_class && is_itself(&call.func));
            if cx.holds(Policy::DecoratedByHand) && any_within(value, is_itself) && !is_object() {
                declared.remove(target.id.as_str());
                continue;
            }
            let target = region.index.definition_at(target.range.start());
            let value_of = |id| region.definition_types(id).bound;
            let (Some(bound), Some(found)) = (value_of(id), target.and_then(value_of)) else {
                continue;
            };
            let wanted = match bound.as_class() {
                Some(class) => cx.subclass_of(cx.instance_of_class(class)),
                None => bound,
            };
            if !wanted.is_dynamic() && !found.is_dynamic() && !cx.is_assignable(found, wanted) {
                let finding = invalid_assignment(cx.display(wanted), cx.display(found));
                region.report_misfit(value, finding, Misfit::Value(found, wanted));
            }
        }
        if !declared.is_empty() {
            let mut check = |block| check_assigned(region, block, declared, false);
            stack::deeper(|| blocks(stmt).for_each(&mut check));
        }
    }
}

/// The blocks within a statement that run in the scope that it stands in.
fn blocks(stmt: &Stmt) -> impl Iterator<Item = &[Stmt]> {
    let mut found: SmallVec<[&[Stmt]; 4]> = SmallVec::new();
    match stmt {
        Stmt::If(node) => {
            found.push(&node.body);
            found.extend(node.elif_else_clauses.iter().map(|clause| &*clause.body));
        }
        Stmt::Try(node) => {
            found.push(&node.body);
            let handlers = node.handlers.iter().filter_map(|handler| handler.as_except_handler());
            found.extend(handlers.map(|handler| &*handler.body));
            found.extend([&*node.orelse, &*node.finalbody]);
        }
        Stmt::For(node) => found.extend([&*node.body, &*node.orelse]),
        Stmt::While(node) => found.extend([&*node.body, &*node.orelse]),
        Stmt::With(node) => found.push(&node.body),
        Stmt::Match(node) => found.extend(node.cases.iter().map(|case| &*case.body)),
        _ => {}
    }
    found.into_iter()
}

/// The names that a statement assigns to, with the expression that gives the value.
fn assigned(stmt: &Stmt) -> Vec<(&ExprName, &Expr)> {
    match stmt {
        Stmt::Assign(assign) => {
            let names = assign.targets.iter().flat_map(|target| match target {
                Expr::Tuple(ExprTuple { elts, .. }) | Expr::List(ExprList { elts, .. }) => &**elts,
                _ => std::slice::from_ref(target),
            });
            let names = names.filter_map(Expr::as_name_expr);
            names.map(|name| (name, &*assign.value)).collect()
        }
        Stmt::For(node) => {
            node.target.as_name_expr().map(|name| (name, &*node.iter)).into_iter().collect()
        }
        Stmt::With(node) => {
            let entered = node.items.iter().filter_map(|item| {
                let target = item.optional_vars.as_deref()?.as_name_expr()?;
                Some((target, &item.context_expr))
            });
            entered.collect()
        }
        _ => Vec::new(),
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

/// Whether a function is one of several that its name means together: an overload, or an accessor of a property.
fn is_part(stmt: &Stmt) -> bool {
    let parts = ["overload", "setter", "getter", "deleter"];
    let Stmt::FunctionDef(function) = stmt else { return false };
    let decorators = &function.decorator_list;
    decorators.iter().any(|each| parts.iter().any(|part| is_named(&each.expression, part)))
}

/// Whether statements use a name anywhere in them, be it in a function that runs later; not at `target`.
fn mentions(body: &[Stmt], name: &Name, target: TextRange) -> bool {
    let is_use = |used: &ExprName| used.id == *name && used.range != target;
    any_over_body(body, |expr| matches!(expr, Expr::Name(used) if is_use(used)))
}
