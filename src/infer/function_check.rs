//! What of a function is wrong where its `def` stands: annotations, defaults.

use ruff_python_ast::{self as ast, AnyParameterRef};
use ruff_text_size::Ranged;

use super::annotation::{Context, type_of};
use super::expr;
use super::region::Region;
use crate::index::{ScopeId, ScopeKind};
use crate::rules;
use crate::types::{
    Data, FunctionFlags, FunctionInfo, Kind, KnownFunction, ParameterKind, Type, TypeVarKind,
};

/// The scope in which a function's annotations are read.
pub fn annotation_scope(region: &Region<'_, '_>, node: &ast::StmtFunctionDef) -> ScopeId {
    region
        .index
        .scope_of_node(region.region, node)
        .and_then(|body| region.index.scopes[body].parent)
        .filter(|&parent| region.index.scopes[parent].kind == ScopeKind::TypeParams)
        .unwrap_or(region.scope())
}

/// Checks parameters and result of a `def`.
pub fn check_function(region: &Region<'_, '_>, node: &ast::StmtFunctionDef, info: &FunctionInfo) {
    let scope = annotation_scope(region, node);
    let vararg = node.parameters.vararg.as_deref().map(Ranged::range);
    for parameter in node.parameters.iter() {
        let annotation = parameter.annotation();
        if let Some(annotation) = annotation {
            let variadic = matches!(parameter, AnyParameterRef::Variadic(_));
            region.in_scope(scope, || {
                check_annotation(region, annotation, info, variadic);
            });
        }
        if let Some(default) = parameter.default() {
            check_default(region, parameter, default, info);
        }
        let _ = vararg;
    }
    super::overload_check::check(region, node, info);
    check_decorators(region, node, info);
    check_receiver(region, node, info);
    check_guard(region, node, info);
    if let Some(returns) = &node.returns {
        region.in_scope(scope, || {
            let context = Context::of(region).binding(info.definition);
            type_of(region, returns, context);
        });
    }
}

/// Decorators of methods and classes on other functions.
fn check_decorators(region: &Region<'_, '_>, node: &ast::StmtFunctionDef, info: &FunctionInfo) {
    let cx = region.cx;
    if info.class.is_none() && info.flags.contains(FunctionFlags::FINAL) {
        region.report(&node.name, rules::invalid_final::final_on_function(&node.name.id));
    }
    for decorator in &node.decorator_list {
        let value = region.quietly(|| expr::infer(region, &decorator.expression, None));
        let known = value.as_function().and_then(|function| cx.host.function(cx, function).known);
        if known == Some(KnownFunction::DisjointBase) {
            let finding = rules::invalid_argument_type::invalid_argument_type(
                "disjoint_base",
                "cls",
                "type",
                cx.display(Type::function(info.definition)),
            );
            region.report(decorator, finding);
        }
    }
}

/// An annotation of `self` in `__init__` says what is made; with the class's own variables in
/// another order it would contradict itself. Source: typing spec, "Constructors".
fn check_receiver(region: &Region<'_, '_>, node: &ast::StmtFunctionDef, info: &FunctionInfo) {
    let cx = region.cx;
    let Some(class) = info.class.filter(|_| &*info.name == "__init__") else { return };
    let Some(first) = info.signature.parameters.first().filter(|first| first.is_annotated) else {
        return;
    };
    let own = cx.host.type_params(cx, class);
    if own.is_empty() || cx.class_of(first.ty) != Some(class) {
        return;
    }
    let moved = cx.arguments_of(first.ty).iter().enumerate().any(|(at, &argument)| {
        cx.mentions(argument, &|ty| {
            own.iter()
                .position(|&param| cx.same(param, ty))
                .is_some_and(|param| param != at || !cx.same(argument, ty))
        })
    });
    if moved {
        let reason = "the class's own type variables cannot be used in the annotation of `self`";
        let annotation = node.parameters.iter().next().and_then(AnyParameterRef::annotation);
        match annotation {
            Some(annotation) => {
                region.report(annotation, rules::invalid_self::invalid_self(reason))
            }
            None => region.report(&node.name, rules::invalid_self::invalid_self(reason)),
        }
    }
}

fn check_annotation(
    region: &Region<'_, '_>,
    annotation: &ast::Expr,
    info: &FunctionInfo,
    variadic: bool,
) {
    let context = Context { variadic, ..Context::of(region).binding(info.definition) };
    if let ast::Expr::Attribute(attribute) = annotation {
        let value = region.quietly(|| expr::infer(region, &attribute.value, None));
        let is_spec =
            region.cx.as_type_var(value).is_some_and(|data| data.kind == TypeVarKind::ParamSpec);
        if is_spec && variadic {
            return;
        }
    }
    if let ast::Expr::StringLiteral(text) = annotation
        && variadic
        && (text.value.to_str().ends_with(".args") || text.value.to_str().ends_with(".kwargs"))
    {
        return;
    }
    type_of(region, annotation, context);
}

fn check_default(
    region: &Region<'_, '_>,
    parameter: AnyParameterRef<'_>,
    default: &ast::Expr,
    info: &FunctionInfo,
) {
    let cx = region.cx;
    let own = info
        .signature
        .parameters
        .iter()
        .find(|each| each.name.as_str() == parameter.name().as_str());
    let hint = own.filter(|own| own.is_annotated).map(|own| own.ty);
    let found = expr::infer(region, default, hint);
    let Some(declared) = hint else { return };
    if matches!(default, ast::Expr::EllipsisLiteral(_)) {
        let may_be_stub = cx.host.module(region.module).is_stub
            || info.flags.intersects(
                crate::types::FunctionFlags::STUB_BODY
                    .union(crate::types::FunctionFlags::OVERLOAD)
                    .union(crate::types::FunctionFlags::ABSTRACT),
            );
        if may_be_stub {
            return;
        }
    }
    if !cx.is_assignable(found, declared) {
        let finding = rules::invalid_parameter_default::invalid_parameter_default(
            parameter.name().as_str(),
            cx.display(declared),
            cx.display(found),
        );
        region.report(default, finding);
    }
}

/// A type guard needs a parameter to narrow, and `TypeIs` must narrow it.
/// Source: typing spec, "Type narrowing".
fn check_guard(region: &Region<'_, '_>, node: &ast::StmtFunctionDef, info: &FunctionInfo) {
    let cx = region.cx;
    let Some(returns) = info.signature.returns else { return };
    if returns.kind() != Kind::Guard {
        return;
    }
    let Data::Guard { ty: narrowed, is_exact } = *cx.payload(returns) else { return };
    let skip =
        usize::from(info.class.is_some() && !info.flags.contains(FunctionFlags::STATIC_METHOD));
    let form = if is_exact { "TypeIs" } else { "TypeGuard" };
    let first = info.signature.parameters.iter().skip(skip).find(|parameter| {
        matches!(
            parameter.kind,
            ParameterKind::PositionalOnly | ParameterKind::Standard | ParameterKind::Variadic
        )
    });
    let Some(first) = first else {
        region.report(&node.name, rules::invalid_type_guard::type_guard_without_parameter(form));
        return;
    };
    if is_exact && !cx.is_assignable(narrowed, first.ty) {
        let finding = rules::invalid_type_guard::type_is_not_subtype(
            cx.display(narrowed),
            cx.display(first.ty),
        );
        match &node.returns {
            Some(returns) => region.report(&**returns, finding),
            None => region.report(&node.name, finding),
        }
    }
}
