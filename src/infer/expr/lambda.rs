//! Lambdas: parameters from the expected callable, result from the body.

use ruff_python_ast::{AnyParameterRef, Expr, ExprLambda};
use ruff_text_size::Ranged;
use smallvec::SmallVec;

use crate::index::ScopeId;
use crate::infer::region::Region;
use crate::source::any_within;
use crate::types::{
    Cx, DefinitionTypes, Kind, Parameter, ParameterKind, Qualifiers, Signature, Type,
};

/// The type of a lambda, as a callable.
pub fn infer(region: &Region<'_, '_>, lambda: &ExprLambda, expected: Option<Type>) -> Type {
    let cx = region.cx;
    let Some(scope) = region.index.scope_of_node(region.region, lambda) else {
        return Type::UNKNOWN;
    };
    let wanted = expected.and_then(|expected| expected_signature(cx, expected));
    let parameters = parameters(region, lambda, wanted.as_ref());
    let types = parameters.iter().map(|parameter| parameter.ty.handle()).collect();
    let around = if reads_around(region, lambda, scope) { region.lambda_round() } else { 0 };
    let round = region.round_of((lambda.range.start(), around, types));
    let hint =
        wanted.and_then(|wanted| wanted.returns).filter(|returns| !cx.has_type_vars(*returns));
    let returns = region.in_lambda_round(round, || {
        let nodes = lambda.parameters.iter().flat_map(|list| list.iter());
        for (node, parameter) in nodes.zip(&parameters) {
            bind(region, node, parameter.kind, parameter.ty);
        }
        region.in_scope(scope, || super::infer(region, &lambda.body, hint))
    });
    cx.callable(&[Signature {
        parameters: cx.slice(&parameters),
        returns: Some(returns),
        definition: None,
        type_params: &[],
        is_gradual: false,
    }])
}

/// The parameters of a lambda that is asked to have the signature `wanted`.
fn parameters<'s>(
    region: &Region<'_, 's>,
    lambda: &ExprLambda,
    wanted: Option<&Signature<'s>>,
) -> SmallVec<[Parameter<'s>; 4]> {
    let cx = region.cx;
    let Some(list) = &lambda.parameters else { return SmallVec::new() };
    let first_keyword = list.posonlyargs.len() + list.args.len();
    let one = |(at, parameter): (usize, AnyParameterRef<'_>)| {
        let kind = match parameter {
            AnyParameterRef::Variadic(p)
                if list.vararg.as_deref().is_some_and(|v| v.range() == p.range()) =>
            {
                ParameterKind::Variadic
            }
            AnyParameterRef::Variadic(_) => ParameterKind::Keywords,
            AnyParameterRef::NonVariadic(_) if at < list.posonlyargs.len() => {
                ParameterKind::PositionalOnly
            }
            AnyParameterRef::NonVariadic(_) if at < first_keyword => ParameterKind::Standard,
            AnyParameterRef::NonVariadic(_) => ParameterKind::KeywordOnly,
        };
        let default = parameter
            .default()
            .map(|default| cx.promote_literals(super::infer(region, default, None)));
        let name = parameter.name().as_str();
        let ty = wanted
            .and_then(|wanted| parameter_from(cx, wanted, at, kind, name))
            .or_else(|| default.filter(|ty| !ty.is_none()))
            .unwrap_or(Type::UNKNOWN);
        Parameter { name: cx.string(name), kind, ty, is_annotated: wanted.is_some(), default }
    };
    list.iter().enumerate().map(one).collect()
}

/// A lambda with more lambdas and comprehensions around it counts as one that reads them: finding out would cost the square
/// of how deep they nest.
const MOST_AROUND: usize = 64;

/// Whether a lambda may read what a lambda or comprehension around it binds: then its type depends on theirs. One that
/// does not is the same in all of them, so that lambdas in calls in lambdas do not multiply.
fn reads_around(region: &Region<'_, '_>, lambda: &ExprLambda, scope: ScopeId) -> bool {
    let index = region.index;
    let mut around: SmallVec<[ScopeId; 4]> = SmallVec::new();
    let mut current = index.scopes[scope].parent;
    while let Some(id) = current
        && id != region.region
        && index.scopes[id].region == region.region
    {
        if around.len() == MOST_AROUND {
            return true;
        }
        around.push(id);
        current = index.scopes[id].parent;
    }
    let binds = |scope: ScopeId, name: &str| {
        let scope = &index.scopes[scope];
        scope.place_by_name(name).is_some_and(|place| scope.place(place).is_bound())
    };
    !around.is_empty()
        && any_within(&lambda.body, |expr| match expr {
            Expr::Name(name) => {
                !binds(scope, &name.id) && around.iter().any(|&outer| binds(outer, &name.id))
            }
            _ => false,
        })
}

/// The signature that a lambda is asked to have, of a union the first.
fn expected_signature<'s>(cx: &Cx<'s>, expected: Type) -> Option<Signature<'s>> {
    cx.members(cx.expand_alias(expected)).iter().find_map(|member| {
        let member = cx.expand_alias(member);
        let callable = matches!(member.kind(), Kind::Callable | Kind::Instance | Kind::Generic);
        if !callable || member.is_dynamic() {
            return None;
        }
        cx.signatures(member)?.first().copied()
    })
}

fn parameter_from<'s>(
    cx: &Cx<'s>,
    wanted: &Signature<'s>,
    at: usize,
    kind: ParameterKind,
    name: &str,
) -> Option<Type> {
    let list = wanted.parameters;
    if kind == ParameterKind::KeywordOnly {
        return list.iter().find(|p| p.name == name).map(|p| open(p.ty));
    }
    let positional =
        |p: &&Parameter| matches!(p.kind, ParameterKind::PositionalOnly | ParameterKind::Standard);
    if kind == ParameterKind::Variadic {
        let rest: Vec<Type> = list.iter().filter(positional).skip(at).map(|p| open(p.ty)).collect();
        let star = list.iter().find(|p| p.kind == ParameterKind::Variadic).map(|p| open(p.ty));
        return Some(cx.union(rest.into_iter().chain(star))).filter(|ty| !ty.is_never());
    }
    if kind == ParameterKind::Keywords {
        return list.iter().find(|p| p.kind == ParameterKind::Keywords).map(|p| open(p.ty));
    }
    let found = list
        .iter()
        .filter(positional)
        .nth(at)
        .or_else(|| list.iter().find(|p| p.kind == ParameterKind::Variadic));
    found.map(|p| open(p.ty))
}

/// A type variable that is not solved yet says nothing about the parameter.
fn open(ty: Type) -> Type {
    match ty.kind() {
        Kind::ParamSpecPart | Kind::Unpacked => Type::UNKNOWN,
        _ => ty,
    }
}

fn bind(region: &Region<'_, '_>, parameter: AnyParameterRef<'_>, kind: ParameterKind, ty: Type) {
    let cx = region.cx;
    let Some(definition) = region.index.definition_at(parameter.name().start()) else { return };
    let inside = match kind {
        ParameterKind::Variadic => cx.tuple_of(ty),
        ParameterKind::Keywords => {
            let string = cx.known_instance(crate::types::Known::Str);
            cx.known_generic(crate::types::Known::Dict, &[string, ty])
        }
        _ => ty,
    };
    region.rebind(
        definition,
        DefinitionTypes { bound: Some(inside), declared: None, qualifiers: Qualifiers::empty() },
    );
}
