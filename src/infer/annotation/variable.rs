//! Type variables in type expressions: what they belong to, and where they may stand.
//! Source: typing spec, "Generics", "Scoping rules for type variables".

use ruff_python_ast::Expr;

use super::{Context, invalid};
use crate::index::{DefinitionId, ScopeId, ScopeKind, ScopeNode};
use crate::infer::region::Region;
use crate::rules;
use crate::types::{Cx, DefRef, Type, TypeVarData, TypeVarKind};

/// Type variables of an alias that belong to nothing yet.
pub fn open_type_vars(cx: &Cx<'_>, ty: Type) -> Vec<Type> {
    cx.free_type_vars(ty)
        .into_iter()
        .filter(|&type_var| cx.as_type_var(type_var).is_some_and(|data| data.scope.is_none()))
        .collect()
}

/// A type variable in an annotation, bound to what it belongs to.
pub(super) fn type_variable(
    region: &Region<'_, '_>,
    expr: &Expr,
    value: Type,
    context: Context,
) -> Type {
    let cx = region.cx;
    let Some(data) = cx.as_type_var(value).copied() else { return Type::UNKNOWN };
    let misplaced = match data.kind {
        TypeVarKind::ParamSpec if !context.parameters => "a `ParamSpec` is not allowed here",
        TypeVarKind::TypeVarTuple if !context.unpacked => "a `TypeVarTuple` must be unpacked here",
        _ => "",
    };
    let ty = bind_type_var(region, &data, context);
    if !misplaced.is_empty() {
        invalid(region, expr, misplaced);
        // Where a list of types is read, it is taken as if it were unpacked.
        let unpacks = data.kind == TypeVarKind::TypeVarTuple && context.unpack;
        return if unpacks { cx.unpacked(ty) } else { Type::UNKNOWN };
    }
    if context.report_unbound
        && !context.keep_free
        && cx.as_type_var(ty).is_some_and(|data| data.scope.is_none())
    {
        region.report(expr, rules::invalid_type_variable::unbound_type_variable(data.name));
        return Type::UNKNOWN;
    }
    ty
}

/// The type variable `data` bound to the class or function around, or to the context's binder.
pub fn bind_type_var<'s>(
    region: &Region<'_, 's>,
    data: &TypeVarData<'s>,
    context: Context,
) -> Type {
    let cx = region.cx;
    if data.scope.is_some() {
        return cx.type_var(*data);
    }
    if let Some(scope) = owner_of(region, data.definition) {
        return cx.type_var(TypeVarData { scope: Some(scope), ..*data });
    }
    let scope = if context.keep_free { None } else { context.binder };
    cx.type_var(TypeVarData { scope, ..*data })
}

/// The nearest class or function around the walk that has the type variable as its own. A class does
/// not lend its variables to the classes within it.
fn owner_of(region: &Region<'_, '_>, definition: DefRef) -> Option<DefRef> {
    let mut current: Option<ScopeId> = Some(region.scope());
    let mut in_class = false;
    while let Some(scope) = current {
        let info = &region.index.scopes[scope];
        let is_class = info.kind == ScopeKind::Class;
        if !(is_class && in_class)
            && let Some(owner) = owner_at(region, scope, definition)
        {
            return Some(owner);
        }
        in_class |= is_class;
        current = info.parent;
    }
    None
}

/// The name of a class or function around `scope` that binds the type variable, whether or not it may
/// be used here.
pub fn bound_around(
    region: &Region<'_, '_>,
    scope: Option<ScopeId>,
    definition: DefRef,
) -> Option<String> {
    let mut current = scope;
    while let Some(scope) = current {
        if let Some(owner) = owner_at(region, scope, definition) {
            let entry = &region.index.definitions[DefinitionId::from_u32(owner.index)];
            return Some(region.index.scopes[entry.scope].place(entry.place).expr.to_string());
        }
        current = region.index.scopes[scope].parent;
    }
    None
}

/// The class or function whose body `scope` is, if the type variable is its own.
fn owner_at(region: &Region<'_, '_>, scope: ScopeId, definition: DefRef) -> Option<DefRef> {
    let cx = region.cx;
    let is_it =
        |&param: &Type| cx.as_type_var(param).is_some_and(|data| data.definition == definition);
    match region.index.scopes[scope].kind {
        ScopeKind::Class => {
            let class = region.class_of_scope(scope)?;
            cx.host.type_params(cx, class).iter().any(is_it).then(|| class.definition())
        }
        ScopeKind::Function => {
            let function = region.function_of_scope(scope)?;
            let signature = &cx.host.function(cx, function).signature;
            let param = signature.type_params.iter().copied().find(is_it)?;
            cx.as_type_var(param)?.scope
        }
        _ => None,
    }
}

/// The owner of a PEP 695 type parameter.
pub fn type_param_owner(region: &Region<'_, '_>, scope: ScopeId) -> Option<DefRef> {
    let start = match region.nodes().scopes[scope] {
        ScopeNode::FunctionTypeParams(function, _) => function.name.range.start(),
        ScopeNode::ClassTypeParams(class, _) => class.name.range.start(),
        ScopeNode::AliasTypeParams(alias, _) => {
            let Expr::Name(name) = &*alias.name else { return None };
            name.range.start()
        }
        _ => return None,
    };
    Some(region.def_ref(region.index.definition_at(start)?))
}
