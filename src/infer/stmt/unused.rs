//! Expression statements: values that are made and thrown away.
//!
//! Only values whose making does nothing else are reported.

use ruff_python_ast::{self as ast, Expr, ExprCall};

use crate::infer::expr;
use crate::infer::generator::{is_instance_named, is_lazy_iterator};
use crate::infer::region::Region;
use crate::policy::Policy;
use crate::rules::unused_value as rule;
use crate::rules::{Finding, unreferenced_task, unused_coroutine};
use crate::types::{Cx, FunctionFlags, Kind, Known, ModuleId, Type};

/// Classes of `contextlib` that do nothing before they are entered.
const CONTEXT_MANAGERS: [&str; 9] = [
    "_GeneratorContextManager",
    "_AsyncGeneratorContextManager",
    "aclosing",
    "chdir",
    "closing",
    "nullcontext",
    "redirect_stderr",
    "redirect_stdout",
    "suppress",
];

pub(super) fn check_expression(region: &Region<'_, '_>, stmt: &ast::StmtExpr) {
    let ty = expr::infer(region, &stmt.value, None);
    let Expr::Call(call) = &*stmt.value else { return };
    let cx = region.cx;
    if cx.is_instance_of(ty, Known::CoroutineType) {
        region.report(&*stmt.value, unused_coroutine::unused_coroutine(cx.display(ty)));
        return;
    }
    if let Some(starter) = task_starter(region, call, ty) {
        region.report(&*stmt.value, unreferenced_task::unreferenced_task(starter));
        return;
    }
    // Nothing in a stub is ever run.
    let is_stub = cx.host.module(region.module).is_stub;
    if region.is_quiet() || is_stub || region.expects_failure() || ty.is_dynamic() || ty.is_none() {
        return;
    }
    if let Some(finding) = made_for_nothing(region, call, ty) {
        region.report(&*stmt.value, finding);
    }
}

/// The function or method of `asyncio` that makes the task of type `ty`, when it is one of those that do not keep it.
fn task_starter<'s>(region: &Region<'_, 's>, call: &ExprCall, ty: Type) -> Option<&'s str> {
    let cx = region.cx;
    let of_asyncio = |module: ModuleId| {
        let name = &cx.host.module(module).name;
        matches!(name.split('.').next(), Some("asyncio" | "_asyncio"))
    };
    let class = cx.host.class(cx, cx.class_of(ty)?);
    let is_task = matches!(&*class.name, "Task" | "Future") && of_asyncio(class.class.module);
    if !is_task || region.is_quiet() {
        return None;
    }
    let callee = region.quietly(|| expr::infer(region, &call.func, None));
    // A function of somebody's own may keep what it starts, and a task group does.
    let info = cx.host.function(cx, cx.unbound(callee).as_function()?);
    let starts = matches!(&*info.name, "create_task" | "ensure_future")
        && of_asyncio(info.definition.module)
        && info.class.is_none_or(|owner| &*cx.host.class(cx, owner).name != "TaskGroup");
    starts.then_some(&*info.name)
}

/// What there is to say of a call whose result of type `ty` is thrown away.
fn made_for_nothing(region: &Region<'_, '_>, call: &ExprCall, ty: Type) -> Option<Finding> {
    let cx = region.cx;
    if is_instance_named(cx, ty, "contextlib", &CONTEXT_MANAGERS) {
        return Some(rule::unused_context_manager(cx.display(ty)));
    }
    let callee = region.quietly(|| expr::infer(region, &call.func, None));
    match callee.kind() {
        Kind::Class | Kind::GenericClass if is_lazy_iterator(cx, ty) => {
            Some(rule::unused_iterator(cx.display(ty)))
        }
        Kind::Class | Kind::GenericClass => {
            is_plain_exception(cx, callee).then(|| rule::unused_exception(cx.display(ty)))
        }
        Kind::Function | Kind::Method => {
            let info = cx.host.function(cx, cx.unbound(callee).as_function()?);
            let runs_later = info.is(FunctionFlags::GENERATOR) && info.decorated.is_none();
            runs_later.then(|| rule::unused_generator(&info.name))
        }
        _ => None,
    }
}

/// Whether `class` is an exception that only keeps what it is called with: an `__init__` of its own may do more.
fn is_plain_exception(cx: &Cx<'_>, class: Type) -> bool {
    let (Some(info), Some(exception)) =
        (cx.info_of(class), cx.host.known(cx, Known::BaseException))
    else {
        return false;
    };
    let is_builtin = |name| {
        cx.class_lookup_after(class, name, None, false)
            .and_then(|found| found.class)
            .is_some_and(|owner| cx.host.module(owner.module).is_stub)
    };
    info.inherits(exception)
        && !info.is_dynamic()
        && (!cx.holds(Policy::OwnExceptions) || ["__init__", "__new__"].into_iter().all(is_builtin))
}
