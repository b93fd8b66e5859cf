//! Checking scopes: module and class bodies in one walk, each function body in a walk of its own.

use std::cell::RefCell;
use std::sync::Arc;

use ruff_python_ast::{self as ast, Stmt};
use ruff_text_size::{Ranged, TextSize};

use super::annotation::{Annotation, Context, type_of};
use super::facts::Observed;
use super::flow::is_reachable;
use super::region::{LazyTree, Region, Report};
use super::{expr, generator, stmt};
use crate::index::{DefinitionId, ScopeId, ScopeKind, ScopeNode, SemanticIndex};
use crate::policy::Policy;
use crate::rules;
use crate::source::is_type_checking;
use crate::types::{
    ClassRef, Cx, FunctionFlags, FunctionInfo, Kind, Known, KnownFunction, ModuleId, Qualifiers,
    Type,
};

/// Checks a module's body and the bodies of its classes, all but the bodies of functions.
pub fn check_module(
    cx: &Cx<'_>,
    module: ModuleId,
    observed: Option<&RefCell<Observed>>,
) -> Vec<Report> {
    let ast = cx.host.ast(module);
    let tree = LazyTree::of(Arc::clone(&ast));
    let region = Region::new(cx, module, &tree, ScopeId::MODULE).observed_by(observed);
    stmt::check_body(&region, &ast.module().body);
    region.observe(|noted| noted.counts.push((TextSize::default(), region.counts.get())));
    region.take_reports()
}

/// Checks the body of a function.
pub fn check_function(
    cx: &Cx<'_>,
    module: ModuleId,
    scope: ScopeId,
    observed: Option<&RefCell<Observed>>,
) -> Vec<Report> {
    let tree = LazyTree::default();
    let region = &Region::new(cx, module, &tree, scope).observed_by(observed);
    let ScopeNode::Function(function) = region.nodes().scopes[scope] else { return Vec::new() };
    if !is_checked(region, scope) {
        return Vec::new();
    }
    stmt::check_body(region, &function.body);
    check_implicit_return(region, scope, function);
    region.observe(|noted| noted.counts.push((function.name.start(), region.counts.get())));
    let reports = region.take_reports();
    match region.function_of_scope(scope) {
        Some(definition) if !reports.is_empty() => {
            let info = cx.host.function(cx, definition);
            super::constrained::possible(region, info, reports, |region| {
                stmt::check_body(region, &function.body);
            })
        }
        _ => reports,
    }
}

/// Functions with `@no_type_check`, what stands in them, and functions that are never defined, are not checked.
fn is_checked(region: &Region<'_, '_>, scope: ScopeId) -> bool {
    let cx = region.cx;
    let Some(function) = region.function_of_scope(scope) else { return false };
    let id = DefinitionId::from_u32(function.index);
    let entry = &region.index.definitions[id];
    let Some(around) = region.region_of(entry.scope) else { return true };
    let reached = around.quietly(|| is_reachable(around, entry.reach));
    let is_off = |scope: ScopeId| {
        region.function_of_scope(scope).is_some_and(|function| {
            cx.host.function(cx, function).flags.contains(FunctionFlags::NO_TYPE_CHECK)
        })
    };
    let parent = |&scope: &ScopeId| region.index.scopes[scope].parent;
    reached && !std::iter::successors(Some(scope), parent).any(is_off)
}

/// Every function scope of a module, in order.
pub fn functions_to_check(index: &SemanticIndex) -> Vec<ScopeId> {
    index
        .scopes
        .iter_enumerated()
        .filter(|(_, scope)| scope.kind == ScopeKind::Function)
        .map(|(id, _)| id)
        .collect()
}

/// What `return` must give in a function with a declared result.
pub fn declared_body_result<'s>(cx: &Cx<'s>, info: &FunctionInfo<'s>) -> Option<Type> {
    let returns = info.signature.returns?;
    if info.flags.contains(FunctionFlags::GENERATOR) {
        let is_async = info.flags.contains(FunctionFlags::ASYNC);
        return generator::declared_parts(cx, returns, is_async).map(|parts| parts.2);
    }
    if info.flags.contains(FunctionFlags::ASYNC) {
        return cx.arguments_of(returns).get(2).copied();
    }
    Some(returns)
}

fn check_implicit_return(region: &Region<'_, '_>, scope: ScopeId, function: &ast::StmtFunctionDef) {
    let cx = region.cx;
    let Some(returns) = &function.returns else { return };
    let Some(function_ref) = region.function_of_scope(scope) else { return };
    let info = cx.host.function(cx, function_ref);
    if info.flags.contains(FunctionFlags::GENERATOR) {
        let is_async = info.flags.contains(FunctionFlags::ASYNC);
        if let Some(declared) = info.signature.returns
            && !declared.is_dynamic()
            && !generator::may_declare(cx, declared, is_async)
        {
            let found = if is_async { Known::AsyncGenerator } else { Known::Generator };
            let shown = cx.display(cx.known_instance(found)).to_string();
            region.report(
                &**returns,
                rules::invalid_return_type::invalid_generator_return(cx.display(declared), shown),
            );
            return;
        }
    }
    let Some(declared) = declared_body_result(cx, info) else { return };
    if may_be_empty(region, info, function) || cx.is_assignable(Type::NONE, declared) {
        return;
    }
    if is_reachable(region, region.index.scopes[scope].end_reach) {
        let shown =
            if declared.kind() == Kind::Guard { cx.known_instance(Known::Bool) } else { declared };
        let body = &region.index.scopes[scope];
        let never = !body.returns.iter().any(|&(_, reach)| is_reachable(region, reach));
        let finding = rules::invalid_return_type::implicit_return(cx.display(shown), never);
        let finding = match super::function::is_stub_body(&function.body) {
            true => finding.note(
                "only stubs, protocols, abstract methods, overloads and what is under `TYPE_CHECKING` may have an empty body",
            ),
            false => finding,
        };
        region.report(&**returns, finding);
    }
}

/// Stubs, overloads, abstract methods and protocol methods need no body.
fn may_be_empty<'s>(
    region: &Region<'_, 's>,
    info: &FunctionInfo<'s>,
    function: &ast::StmtFunctionDef,
) -> bool {
    let cx = region.cx;
    if cx.host.module(region.module).is_stub || info.flags.contains(FunctionFlags::OVERLOAD) {
        return true;
    }
    let only_stub = super::function::is_stub_body(&function.body)
        && !function.body.iter().any(|stmt| matches!(stmt, Stmt::Raise(_)));
    if !only_stub {
        return false;
    }
    let in_protocol = info
        .class
        .is_some_and(|class| cx.host.class(cx, class).is(crate::types::ClassFlags::PROTOCOL));
    // `...` says that the body is elsewhere: under `TYPE_CHECKING`, or still to be written.
    let has_ellipsis = cx.holds(Policy::BodyElsewhere)
        && function
            .body
            .iter()
            .any(|stmt| matches!(stmt, Stmt::Expr(stmt) if stmt.value.is_ellipsis_literal_expr()));
    in_protocol
        || info.flags.contains(FunctionFlags::ABSTRACT)
        || has_ellipsis
        || in_type_checking_block(region, info)
}

/// Whether a function stands in an `if TYPE_CHECKING:` block, where bodies are never run.
pub fn in_type_checking_block<'s>(region: &Region<'_, 's>, info: &FunctionInfo<'s>) -> bool {
    let ast = region.cx.host.ast(region.module);
    let mut body: &[Stmt] = &ast.module().body;
    loop {
        let inside = |stmt: &&Stmt| stmt.range().contains_range(info.name_range);
        let Some(stmt) = body.iter().find(inside) else { return false };
        body = match stmt {
            Stmt::If(node) => {
                let in_body = node.body.iter().any(|stmt| inside(&stmt));
                if in_body && is_type_checking(&node.test) {
                    return true;
                }
                let clause = node
                    .elif_else_clauses
                    .iter()
                    .find(|clause| clause.range.contains_range(info.name_range));
                match clause {
                    Some(clause) => &clause.body,
                    None => &node.body,
                }
            }
            Stmt::ClassDef(node) => &node.body,
            Stmt::FunctionDef(node) => &node.body,
            Stmt::With(node) => &node.body,
            Stmt::Try(node) => &node.body,
            _ => return false,
        };
    }
}

/// Checks what of a function runs where the `def` stands: decorators, defaults, annotations.
pub fn check_function_header(region: &Region<'_, '_>, node: &ast::StmtFunctionDef) {
    let cx = region.cx;
    for decorator in &node.decorator_list {
        expr::infer(region, &decorator.expression, None);
    }
    let Some(id) = region.index.definition_of_node(region.region, node) else { return };
    if let Some(body) = region.index.scope_of_node(region.region, node) {
        check_type_params(region, node.type_params.as_deref(), body);
    }
    let function = region.def_ref(id);
    let info = cx.host.function(cx, function);
    super::function::check_decorators(region, node, info);
    super::function_check::check_function(region, node, info);
}

/// Checks a class statement and its body.
pub fn check_class_statement(region: &Region<'_, '_>, node: &ast::StmtClassDef) {
    for decorator in &node.decorator_list {
        expr::infer(region, &decorator.expression, None);
    }
    let Some(scope) = region.index.scope_of_node(region.region, node) else { return };
    check_type_params(region, node.type_params.as_deref(), scope);
    check_class_decorators(region, node);
    super::class::check_class(region, node);
    let body = region.within(scope);
    stmt::check_body(&body, &node.body);
    for report in body.take_reports() {
        region.report(report.range, report.finding);
    }
}

/// A decorator is called with the class, and the one above it with what that gives.
/// Source: Python reference, "Class definitions".
fn check_class_decorators(region: &Region<'_, '_>, node: &ast::StmtClassDef) {
    let cx = region.cx;
    let Some(id) = region.index.definition_of_node(region.region, node) else { return };
    let mut current = Type::class(region.def_ref(id).into());
    for decorator in node.decorator_list.iter().rev() {
        let callee = region.quietly(|| expr::infer(region, &decorator.expression, None));
        if current.as_class().is_some_and(|class| orders_nothing(cx, callee, class)) {
            let name = &node.name;
            region.report(&decorator.expression, rules::invalid_argument_type::unordered(name));
        }
        let is_known = matches!(callee.kind(), Kind::Decorator | Kind::Special)
            || callee.as_function().is_some_and(|it| cx.host.function(cx, it).known.is_some());
        if is_known || callee.is_dynamic() {
            continue;
        }
        let outcome = cx.call_outcome(callee, &[current]);
        if let Some(error) = outcome.errors.first() {
            let at = &decorator.expression;
            super::call::report_decorator(region, at, callee, current, error);
            return;
        }
        if outcome.returns.is_dynamic() {
            return;
        }
        current = outcome.returns;
    }
}

/// Whether a decorator derives comparisons, and the class has none to derive them from.
/// Source: Python library reference, "functools.total_ordering".
fn orders_nothing(cx: &Cx<'_>, decorator: Type, class: ClassRef) -> bool {
    let known = decorator.as_function().and_then(|it| cx.host.function(cx, it).known);
    let has = |name: &&str| {
        cx.class_lookup(Type::class(class), name)
            .is_some_and(|member| !member.class.is_some_and(|it| cx.is_known(it, Known::Object)))
    };
    // Where there is one, the others are made and found as well.
    let info = cx.host.class(cx, class);
    let names = ["__lt__", "__le__", "__gt__", "__ge__"];
    known == Some(KnownFunction::TotalOrdering) && !info.is_dynamic() && !names.iter().any(has)
}

/// Checks a `type` statement.
pub fn check_type_alias(region: &Region<'_, '_>, node: &ast::StmtTypeAlias) {
    let Some(scope) = region.index.scope_of_node(region.region, node) else { return };
    check_type_params(region, node.type_params.as_deref(), scope);
    region.in_scope(scope, || {
        type_of(region, &node.value, Context { deferred: true, ..Context::of(region) });
    });
    super::alias_check::check_statement(region, node);
}

/// Checks the list of type parameters that the scope `inner` follows.
fn check_type_params(region: &Region<'_, '_>, list: Option<&ast::TypeParams>, inner: ScopeId) {
    if let Some(list) = list
        && let Some(scope) = region.index.scopes[inner].parent
    {
        super::type_param_check::check_list(region, list, scope);
    }
}

/// Checks the value of an explicit alias.
pub fn check_alias_value(region: &Region<'_, '_>, node: &ast::StmtAnnAssign) {
    super::alias_check::check_explicit(region, node);
}

/// Checks the annotation of a variable, apart from its value.
pub fn check_variable_annotation(
    region: &Region<'_, '_>,
    node: &ast::StmtAnnAssign,
    annotation: &Annotation,
) {
    super::variable_check::check(region, node, annotation);
    let _ = Qualifiers::empty();
}

/// Checks `T = TypeVar("T")`, `X = NewType(...)` and their like.
pub fn check_special_assignment(
    region: &Region<'_, '_>,
    definition: DefinitionId,
    node: &ast::StmtAssign,
) {
    super::special_check::check(region, definition, node);
}
