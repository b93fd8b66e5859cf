//! Type variables where they are made: bounds, constraints, defaults, variance.

use ruff_python_ast::{Expr, ExprCall, TypeParam};

use super::annotation::{Context, type_of};
use super::region::{Region, with_region};
use crate::index::{DefinitionId, DefinitionNode};
use crate::types::{Cx, DefRef, Type, TypeVarInfo, TypeVarKind, Variance};

/// Answers [`crate::types::Host::type_var`].
pub fn compute_type_var(cx: &Cx<'_>, definition: DefRef) -> TypeVarInfo {
    super::circular::well_founded(cx, written_type_var(cx, definition), definition)
}

/// A type variable as it is written, whether or not that means anything.
fn written_type_var(cx: &Cx<'_>, definition: DefRef) -> TypeVarInfo {
    let index = cx.host.index(definition.module);
    let id = DefinitionId::from_u32(definition.index);
    let scope = index.definitions[id].scope;
    with_region(cx, definition.module, scope, |region| {
        let entry = &index.definitions[id];
        let name = index.scopes[scope].place(entry.place).expr.root.as_str();
        region.in_scope(scope, || {
            region.quietly(|| match region.nodes().definitions[id] {
                DefinitionNode::TypeParam(param) => from_parameter(region, param),
                DefinitionNode::Assignment { stmt, .. } => match &*stmt.value {
                    Expr::Call(call) => from_call(region, name, call),
                    _ => plain(name),
                },
                DefinitionNode::AnnotatedAssignment { stmt, .. } => match stmt.value.as_deref() {
                    Some(Expr::Call(call)) => from_call(region, name, call),
                    _ => plain(name),
                },
                _ => plain(name),
            })
        })
    })
}

fn plain(name: &str) -> TypeVarInfo {
    TypeVarInfo {
        name: name.into(),
        kind: TypeVarKind::TypeVar,
        bound: None,
        constraints: Box::default(),
        default: None,
        variance: Some(Variance::Invariant),
    }
}

fn context(kind: TypeVarKind) -> Context {
    Context {
        deferred: true,
        keep_free: true,
        parameters: kind == TypeVarKind::ParamSpec,
        unpack: kind == TypeVarKind::TypeVarTuple,
        ..Context::default()
    }
}

fn default_of(region: &Region<'_, '_>, expr: &Expr, kind: TypeVarKind) -> Type {
    let cx = region.cx;
    let ty = type_of(region, expr, context(kind));
    match kind {
        TypeVarKind::TypeVarTuple => {
            let (elements, variadic) = cx.unpack_argument(ty);
            cx.tuple_with(&elements, variadic)
        }
        _ => ty,
    }
}

fn from_parameter(region: &Region<'_, '_>, param: &TypeParam) -> TypeVarInfo {
    let mut info = TypeVarInfo { variance: None, ..plain(param.name().as_str()) };
    info.kind = match param {
        TypeParam::TypeVar(_) => TypeVarKind::TypeVar,
        TypeParam::ParamSpec(_) => TypeVarKind::ParamSpec,
        TypeParam::TypeVarTuple(_) => TypeVarKind::TypeVarTuple,
    };
    info.default = param.default().map(|default| default_of(region, default, info.kind));
    if let TypeParam::TypeVar(param) = param {
        match param.bound.as_deref() {
            Some(Expr::Tuple(tuple)) => {
                info.constraints = tuple
                    .elts
                    .iter()
                    .map(|element| type_of(region, element, context(info.kind)))
                    .collect();
            }
            Some(bound) => info.bound = Some(type_of(region, bound, context(info.kind))),
            None => {}
        }
    }
    info
}

fn from_call(region: &Region<'_, '_>, name: &str, call: &ExprCall) -> TypeVarInfo {
    let cx = region.cx;
    let mut info = plain(name);
    let callee = super::expr::infer(region, &call.func, None);
    info.kind = match cx.info_of(callee).map(|info| &*info.name) {
        Some("ParamSpec") => TypeVarKind::ParamSpec,
        Some("TypeVarTuple") => TypeVarKind::TypeVarTuple,
        _ => TypeVarKind::TypeVar,
    };
    if info.kind == TypeVarKind::TypeVar {
        info.constraints = call
            .arguments
            .args
            .iter()
            .skip(1)
            .map(|argument| type_of(region, argument, context(info.kind)))
            .collect();
    }
    let is_true = |name: &str| {
        call.arguments
            .find_keyword(name)
            .is_some_and(|keyword| matches!(&keyword.value, Expr::BooleanLiteral(b) if b.value))
    };
    info.variance = if is_true("infer_variance") {
        None
    } else if is_true("covariant") {
        Some(Variance::Covariant)
    } else if is_true("contravariant") {
        Some(Variance::Contravariant)
    } else {
        Some(Variance::Invariant)
    };
    if let Some(keyword) = call.arguments.find_keyword("bound") {
        info.bound = Some(type_of(region, &keyword.value, context(info.kind)));
    }
    if let Some(keyword) = call.arguments.find_keyword("default") {
        info.default = Some(default_of(region, &keyword.value, info.kind));
    }
    info
}
