//! Expressions in the place of a condition: those that are always true, and those that are there twice.
//!
//! Only what is surely an oversight is looked for: a condition may be decided by types for many reasons.

use std::cell::OnceCell;
use std::hash::{Hash, Hasher};

use ruff_python_ast::comparable::ComparableExpr;
use ruff_python_ast::{BoolOp, Expr, ExprBoolOp, StmtIf};
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::FxHashMap;

use crate::index::{DefinitionId, DefinitionKind, PlaceExpr};
use crate::infer::region::Region;
use crate::policy::Policy;
use crate::rules::unsupported_bool_conversion::unsupported_bool_conversion;
use crate::rules::{always_true_condition as always, duplicate_condition as duplicate};
use crate::source::any_within;
use crate::types::{Kind, Known, ParameterKind, Signature, Type};

/// The type of an expression that is tested for its truth.
pub fn infer_test(region: &Region<'_, '_>, test: &Expr) -> Type {
    let ty = super::infer(region, test, None);
    if region.is_quiet() {
        return ty;
    }
    // The operands before the last are looked at where the whole is inferred.
    let mut last = test;
    while let Expr::BoolOp(boolean) = last
        && let Some(value) = boolean.values.last()
    {
        last = value;
    }
    if std::ptr::eq(last, test) {
        check(region, test, ty);
    } else if matches!(last, Expr::Name(_) | Expr::Attribute(_) | Expr::Call(_)) {
        check(region, last, region.quietly(|| super::infer(region, last, None)));
    }
    ty
}

/// Reports `expr` of type `ty`, which is tested for its truth, when it is something that has no false values
/// and that nobody means to test.
pub(super) fn check(region: &Region<'_, '_>, expr: &Expr, ty: Type) {
    if region.is_quiet() {
        return;
    }
    let cx = region.cx;
    let finding = match (expr, ty.kind()) {
        (Expr::Name(_), Kind::Function) | (Expr::Attribute(_), Kind::Function | Kind::Method) => {
            let Some(name) = PlaceExpr::from_expr(expr).filter(|_| is_uncalled(region, expr, ty))
            else {
                return;
            };
            let is_method = ty.kind() == Kind::Method;
            always::function_as_condition(if is_method { "method" } else { "function" }, name)
        }
        (Expr::Call(_), Kind::Generic) if cx.is_instance_of(ty, Known::CoroutineType) => {
            always::coroutine_as_condition(cx.display(ty))
        }
        (Expr::Tuple(tuple), _) if tuple.elts.iter().any(|each| !each.is_starred_expr()) => {
            always::tuple_as_condition()
        }
        (Expr::Generator(_), _) => always::generator_as_condition(),
        _ if cx.holds(Policy::UnsureTruth) && cx.has_dynamic_member(ty) => return,
        _ => match cx.members(ty).iter().find(|&member| has_no_truth(region, member)) {
            Some(member) => unsupported_bool_conversion(cx.display(member)),
            None => return,
        },
    };
    region.report(expr, finding);
}

/// Reports a result that Python itself asks for its truth: of the comparisons of a chain, of `in`. What operators give
/// is often inferred; where a part of it can be tested, that part may be meant.
pub(super) fn check_truth(region: &Region<'_, '_>, range: TextRange, ty: Type) {
    if region.is_quiet() {
        return;
    }
    let cx = region.cx;
    if cx.members(ty).iter().all(|member| has_no_truth(region, member)) {
        region.report(range, unsupported_bool_conversion(cx.display(ty)));
    }
}

/// Whether the `__bool__` of a class cannot be called, or is declared to return no `bool`, or not at all.
fn has_no_truth(region: &Region<'_, '_>, ty: Type) -> bool {
    let cx = region.cx;
    if !matches!(ty.kind(), Kind::Instance | Kind::Generic) {
        return false;
    }
    let Some(method) = cx.dunder(ty, "__bool__").filter(|method| !method.is_dynamic()) else {
        return false;
    };
    let Some(signatures) = cx.signatures(method) else { return true };
    signatures.iter().all(|signature| {
        let is_declared = signature
            .definition
            .is_some_and(|definition| cx.host.function(cx, definition).signature.returns.is_some());
        // What `ty` puts into the place of its class's parameters.
        signature.returns.filter(|_| is_declared).is_some_and(|returns| {
            returns.is_never() || !cx.is_assignable(returns, cx.known_instance(Known::Bool))
        })
    })
}

/// Whether a function that is tested may have been meant to be called: under the name that its `def` gives it (a
/// variable, or an attribute that is set, may hold something else another time), and without arguments, or surely.
fn is_uncalled(region: &Region<'_, '_>, expr: &Expr, ty: Type) -> bool {
    let cx = region.cx;
    if !cx.holds(Policy::UncalledFunction) {
        return true;
    }
    let written = match expr {
        Expr::Name(name) => name.id.as_str(),
        // That a module has a function is asked of versions of it.
        Expr::Attribute(attribute) if !is_module(region, &attribute.value) => {
            attribute.attr.as_str()
        }
        _ => return false,
    };
    let is_its_own = cx
        .unbound(ty)
        .as_function()
        .is_some_and(|function| &*cx.host.function(cx, function).name == written);
    let takes_none = || cx.signatures(ty).is_some_and(|all| all.iter().any(takes_nothing));
    is_its_own && (takes_none() || is_surely_function(region, expr))
}

/// Whether a name stands for a function whatever happens: nothing else is ever bound to it, or a builtin has it.
fn is_surely_function(region: &Region<'_, '_>, expr: &Expr) -> bool {
    let Expr::Name(name) = expr else { return false };
    region.nearest_place(&name.id).is_none_or(|(_, place)| {
        let is_own = place.is_bound() && place.foreign_definitions.is_empty();
        let is_function = |&id: &DefinitionId| {
            let kind = region.index.definitions[id].kind;
            matches!(kind, DefinitionKind::Function | DefinitionKind::ImportFrom)
        };
        is_own && !place.definitions.is_empty() && place.definitions.iter().all(is_function)
    })
}

fn is_module(region: &Region<'_, '_>, expr: &Expr) -> bool {
    region.quietly(|| super::infer(region, expr, None)).kind() == Kind::Module
}

/// Whether a signature can be called without arguments.
fn takes_nothing<'s>(signature: &Signature<'s>) -> bool {
    signature.parameters.iter().all(|parameter| {
        parameter.default.is_some()
            || matches!(parameter.kind, ParameterKind::Variadic | ParameterKind::Keywords)
    })
}

/// Reports the branches of an `if` statement whose test is that of an earlier one.
pub fn check_branches(region: &Region<'_, '_>, stmt: &StmtIf) {
    if region.is_quiet() || !stmt.elif_else_clauses.iter().any(|clause| clause.test.is_some()) {
        return;
    }
    let mut seen: FxHashMap<ComparableExpr<'_>, TextRange> = FxHashMap::default();
    seen.insert(ComparableExpr::from(&*stmt.test), stmt.test.range());
    let mut is_steady = is_repeatable(region, &stmt.test);
    for test in stmt.elif_else_clauses.iter().filter_map(|clause| clause.test.as_ref()) {
        is_steady = is_steady && is_repeatable(region, test);
        if let Some(first) = seen.insert(ComparableExpr::from(test), test.range())
            && is_steady
        {
            region.report(test, duplicate::duplicate_branch(first));
        }
    }
}

/// Reports the operands of `and` or `or` that are there already.
#[expect(clippy::mutable_key_type, reason = "nothing changes a tree while it is looked at")]
pub(super) fn check_operands(region: &Region<'_, '_>, boolean: &ExprBoolOp) {
    if region.is_quiet() {
        return;
    }
    let operator = if boolean.op == BoolOp::And { "and" } else { "or" };
    let mut seen: FxHashMap<Operand<'_>, TextRange> = FxHashMap::default();
    let is_steady = OnceCell::new();
    let all_repeatable = || boolean.values.iter().all(|value| is_repeatable(region, value));
    for value in &boolean.values {
        if let Some(first) = seen.insert(Operand(value), value.range())
            && *is_steady.get_or_init(all_repeatable)
        {
            region.report(value, duplicate::duplicate_operand(operator, first));
        }
    }
}

/// An operand, told from others by its first parts: one that holds all operands of a long chain but the last is not read to
/// its end at each level.
struct Operand<'a>(&'a Expr);

/// Operands that agree in so many parts are compared.
const FIRST_PARTS: usize = 24;

impl Hash for Operand<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let mut left = FIRST_PARTS;
        any_within(self.0, |part| {
            std::mem::discriminant(part).hash(state);
            match part {
                Expr::Attribute(attribute) => attribute.attr.as_str().hash(state),
                Expr::Name(_) => ComparableExpr::from(part).hash(state),
                _ if part.is_literal_expr() => ComparableExpr::from(part).hash(state),
                _ => {}
            }
            left -= 1;
            left == 0
        });
    }
}

impl PartialEq for Operand<'_> {
    fn eq(&self, other: &Self) -> bool {
        ComparableExpr::from(self.0) == ComparableExpr::from(other.0)
    }
}

impl Eq for Operand<'_> {}

/// Whether an expression gives the same answer when it is asked again right away.
fn is_repeatable(region: &Region<'_, '_>, expr: &Expr) -> bool {
    !any_within(expr, |part| match part {
        Expr::Named(_) | Expr::Await(_) | Expr::Yield(_) | Expr::YieldFrom(_) => true,
        Expr::Call(call) => {
            let callee = region.quietly(|| super::infer(region, &call.func, None));
            let function = callee.as_function().map(|it| region.cx.host.function(region.cx, it));
            function.is_none_or(|function| function.known.is_none())
        }
        _ => false,
    })
}
