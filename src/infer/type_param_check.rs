//! What is wrong with type variables where they are made: calls of `TypeVar` and its like, and lists of
//! type parameters. Source: typing spec, "Generics".

use ruff_python_ast::{Expr, ExprCall, TypeParam, TypeParams};
use ruff_text_size::Ranged;

use super::annotation::{Context, type_of};
use super::region::{Mode, Region};
use crate::index::{DefinitionId, DefinitionKind, ScopeId, ScopeKind};
use crate::rules::missing_argument::missing_argument;
use crate::rules::unknown_argument::unknown_argument;
use crate::rules::{
    invalid_type_variable as variable, invalid_type_variable_constraints as constraints,
    invalid_type_variable_default as default_of,
};
use crate::source::any_within;
use crate::types::{Cx, Kind, Known, SpecialForm, Type, TypeVarData, TypeVarKind};

/// Checks `TypeVar(...)`, `ParamSpec(...)` or `TypeVarTuple(...)`.
pub fn check_call<'s>(region: &Region<'_, 's>, call: &ExprCall, data: &TypeVarData<'s>) {
    let name = data.name;
    let arguments = &call.arguments;
    let kind = match data.kind {
        TypeVarKind::ParamSpec => "ParamSpec",
        TypeVarKind::TypeVarTuple => "TypeVarTuple",
        TypeVarKind::TypeVar | TypeVarKind::SelfType => "TypeVar",
    };
    if let Some(Expr::StringLiteral(title)) = arguments.find_argument_value("name", 0)
        && title.value.to_str() != name
    {
        let title_text = title.value.to_str();
        region.report(title, variable::type_variable_name_mismatch(kind, title_text, name));
    }
    let has_variance = data.kind != TypeVarKind::TypeVarTuple || packs_have_variance(region, call);
    if has_variance {
        check_variance_keywords(region, call, name);
    }
    check_arguments(region, call, data, kind);
    check_defined_once(region, data);
    let bound = arguments.find_keyword("bound").map(|keyword| &keyword.value);
    let default = arguments.find_keyword("default").map(|keyword| &keyword.value);
    let extra = arguments.args.get(1..).unwrap_or_default();
    if data.kind != TypeVarKind::TypeVar {
        if let Some(first) = extra.first().or(bound.filter(|_| kind == "TypeVarTuple")) {
            let reason = format!("a `{kind}` has no bound and no constraints");
            region.report(first, variable::invalid_type_variable(name, reason));
        }
        if let Some(default) = default {
            check_pack_default(region, default, data.kind, name);
        }
        return;
    }
    if let [only] = extra
        && !only.is_starred_expr()
    {
        region.report(call, constraints::single_constraint(name));
    }
    if let (Some(bound), Some(_)) = (bound, extra.first()) {
        region.report(bound, constraints::bound_and_constraints(name));
    }
    region.in_mode(Mode::DEFERRED, || {
        let accepted: Vec<Type> = extra.iter().map(|each| plain_type(region, each, name)).collect();
        let bound = bound.map(|bound| plain_type(region, bound, name));
        if let Some(default) = default {
            check_default(region, default, name, bound, &accepted);
        }
    });
}

/// What a call that makes a type variable is given: its name, keywords that there are, literals for the variance.
fn check_arguments<'s>(
    region: &Region<'_, 's>,
    call: &ExprCall,
    data: &TypeVarData<'s>,
    kind: &str,
) {
    let name = data.name;
    let arguments = &call.arguments;
    if is_dynamic(call) {
        return;
    }
    let bad = |reason: String| variable::invalid_type_variable(name, reason);
    if arguments.find_argument_value("name", 0).is_none() {
        region.report(call, missing_argument(kind, &["name"]));
    }
    let is_pack = data.kind == TypeVarKind::TypeVarTuple;
    let has_variance = !is_pack || packs_have_variance(region, call);
    let known: &[&str] = if is_pack {
        &["name", "covariant", "contravariant", "infer_variance", "default"]
    } else {
        &["name", "bound", "covariant", "contravariant", "infer_variance", "default"]
    };
    for keyword in &arguments.keywords {
        let Some(given) = &keyword.arg else {
            let reason = "its arguments cannot be unpacked from a mapping".to_owned();
            region.report(&keyword.value, bad(reason));
            continue;
        };
        let given = given.as_str();
        let is_variance = matches!(given, "covariant" | "contravariant" | "infer_variance");
        if is_variance && !has_variance {
            region.report(keyword, bad(format!("a `{kind}` has no variance before Python 3.15")));
            return;
        }
        if !known.contains(&given) {
            region.report(keyword, unknown_argument(kind, given, known.iter().copied()));
        } else if is_variance && !keyword.value.is_boolean_literal_expr() {
            let reason = format!("the value of `{given}` must be `True` or `False`");
            region.report(&keyword.value, bad(reason));
        } else if given == "bound"
            && data.kind == TypeVarKind::ParamSpec
            && !keyword.value.is_none_literal_expr()
        {
            region.report(keyword, bad(format!("a `{kind}` has no bound and no constraints")));
        }
    }
}

/// Whether the name of a type variable is found while the program runs: then it is no declaration for a checker.
fn is_dynamic(call: &ExprCall) -> bool {
    let title = call.arguments.find_argument_value("name", 0);
    title.is_some_and(|title| !title.is_string_literal_expr())
}

/// Whether the `TypeVarTuple` that is called takes a variance: that of `typing` does so since Python 3.15.
fn packs_have_variance(region: &Region<'_, '_>, call: &ExprCall) -> bool {
    let cx = region.cx;
    let callee = region.quietly(|| super::expr::infer(region, &call.func, None));
    let is_extension = callee.as_class().is_some_and(|it| cx.is_known(it, Known::ExtTypeVarTuple));
    is_extension || cx.host.python_version(region.module) >= (3, 15)
}

/// A type variable is made once. Source: typing spec, "Generics", "Introduction".
fn check_defined_once(region: &Region<'_, '_>, data: &TypeVarData<'_>) {
    let index = region.index;
    let own = DefinitionId::from_u32(data.definition.index);
    if data.definition.module != region.module {
        return;
    }
    let entry = &index.definitions[own];
    let place = index.scopes[entry.scope].place(entry.place);
    let is_variable = |&&other: &&DefinitionId| {
        other < own
            && index.definitions[other].kind == DefinitionKind::Assignment
            && super::flow::reaches(region, other, own)
            && region
                .definition_types(other)
                .bound
                .is_some_and(|ty| ty.kind() == Kind::TypeVarValue)
    };
    if place.definitions.iter().find(is_variable).is_some() {
        let finding = variable::invalid_type_variable(data.name, "it is defined already");
        region.report(entry.name_range, finding);
    }
}

/// Reports a type variable that is made where no assignment to one name gives it a meaning.
/// Source: typing spec, "Generics", "Introduction".
pub fn check_stray(region: &Region<'_, '_>, call: &ExprCall, callee: Type) {
    let Some(class) = callee.as_class() else { return };
    let cx = region.cx;
    let kinds = [
        (Known::TypeVar, "TypeVar"),
        (Known::ExtTypeVar, "TypeVar"),
        (Known::ParamSpec, "ParamSpec"),
        (Known::ExtParamSpec, "ParamSpec"),
        (Known::TypeVarTuple, "TypeVarTuple"),
        (Known::ExtTypeVarTuple, "TypeVarTuple"),
    ];
    let Some((_, kind)) = kinds.iter().find(|(known, _)| cx.is_known(class, *known)) else {
        return;
    };
    if is_dynamic(call) {
        return;
    }
    let reason = "it must be assigned directly to one variable";
    region.report(call, variable::invalid_type_variable(*kind, reason));
}

/// The default of a `ParamSpec` is a list of types, `...` or a `ParamSpec`, that of a `TypeVarTuple` what
/// can be unpacked. Source: PEP 696.
fn check_pack_default(region: &Region<'_, '_>, default: &Expr, kind: TypeVarKind, name: &str) {
    let value = |expr: &Expr| region.quietly(|| super::expr::infer(region, expr, None));
    let is_variable = |expr: &Expr| {
        let value = value(expr);
        value.is_dynamic() || region.cx.as_type_var(value).is_some_and(|data| data.kind == kind)
    };
    let is_unpack = |expr: &Expr| {
        expr.as_subscript_expr()
            .is_some_and(|each| value(&each.value).as_special() == Some(SpecialForm::Unpack))
    };
    let (fits, reason) = if kind == TypeVarKind::ParamSpec {
        let is_list = matches!(default, Expr::List(_) | Expr::EllipsisLiteral(_));
        (is_list || is_variable(default), "it is no list of types, `...` or `ParamSpec`")
    } else {
        let is_starred = default.is_starred_expr() || is_unpack(default);
        (is_starred, "it is no unpacked tuple or `TypeVarTuple`")
    };
    if !fits && !default.is_string_literal_expr() {
        region.report(default, default_of::invalid_type_variable_default(name, reason));
    }
}

/// At most one of `covariant`, `contravariant` and `infer_variance`.
fn check_variance_keywords(region: &Region<'_, '_>, call: &ExprCall, name: &str) {
    let set: Vec<&str> = ["covariant", "contravariant", "infer_variance"]
        .into_iter()
        .filter(|keyword| {
            call.arguments.find_keyword(keyword).is_some_and(
                |found| matches!(&found.value, Expr::BooleanLiteral(value) if value.value),
            )
        })
        .collect();
    if let [first, second, ..] = set.as_slice() {
        let reason = format!("`{first}` and `{second}` exclude each other");
        region.report(call, variable::invalid_type_variable(name, reason));
    }
}

/// A bound or constraint: a type without type variables.
fn plain_type(region: &Region<'_, '_>, expr: &Expr, name: &str) -> Type {
    let context = Context { keep_free: true, ..Context::default() };
    let ty = type_of(region, expr, context);
    if region.cx.has_type_vars(ty) {
        region.report(expr, constraints::generic_bound(name));
    }
    ty
}

/// The default must be one that an argument could be. Source: PEP 696.
fn check_default(
    region: &Region<'_, '_>,
    expr: &Expr,
    name: &str,
    bound: Option<Type>,
    accepted: &[Type],
) {
    let cx = region.cx;
    let context = Context { keep_free: true, ..Context::default() };
    let ty = type_of(region, expr, context);
    if ty.is_dynamic() {
        return;
    }
    if let Some(bound) = bound
        && !cx.is_assignable(ty, bound)
    {
        let finding = default_of::default_violates_bound(name, cx.display(bound), cx.display(ty));
        region.report(expr, finding);
    }
    if accepted.is_empty() || accepted.iter().any(|each| each.is_dynamic()) {
        return;
    }
    let own = cx.constraints_of(ty);
    let is_one = |ty: Type| accepted.iter().any(|&each| cx.is_equivalent(each, ty));
    let fits = if own.is_empty() { is_one(ty) } else { own.iter().all(|&each| is_one(each)) };
    if !fits {
        let shown = shown_list(cx, accepted);
        region.report(expr, default_of::default_violates_bound(name, shown, cx.display(ty)));
    }
}

fn shown_list(cx: &Cx<'_>, types: &[Type]) -> String {
    let shown: Vec<String> = types.iter().map(|&ty| cx.display(ty).to_string()).collect();
    shown.join(", ")
}

/// Checks `[T: int, *Ts, **P]` of a class, function or alias; `scope` is where the list is read.
pub fn check_list(region: &Region<'_, '_>, list: &TypeParams, scope: ScopeId) {
    // Bounds and defaults are evaluated when somebody asks for them.
    let check = || {
        for (at, param) in list.type_params.iter().enumerate() {
            check_shadowing(region, param, scope);
            check_place_of_default(region, list, at);
            let name = param.name().as_str();
            let TypeParam::TypeVar(param) = param else {
                if let Some(default) = param.default() {
                    let kind = match param {
                        TypeParam::ParamSpec(_) => TypeVarKind::ParamSpec,
                        _ => TypeVarKind::TypeVarTuple,
                    };
                    check_pack_default(region, default, kind, name);
                }
                continue;
            };
            let (bound, accepted) = match param.bound.as_deref() {
                Some(Expr::Tuple(tuple)) => {
                    if tuple.elts.len() < 2 {
                        region.report(tuple, constraints::single_constraint(name));
                    }
                    let types =
                        tuple.elts.iter().map(|each| plain_type(region, each, name)).collect();
                    (None, types)
                }
                Some(bound) => (Some(plain_type(region, bound, name)), Vec::new()),
                None => (None, Vec::new()),
            };
            if let Some(default) = param.default.as_deref() {
                check_default(region, default, name, bound, &accepted);
            }
        }
    };
    region.in_scope(scope, || region.in_mode(Mode::DEFERRED, check));
}

/// A default refers to earlier parameters only, and a `TypeVar` after a `TypeVarTuple` has none.
/// Source: PEP 696.
fn check_place_of_default(region: &Region<'_, '_>, list: &TypeParams, at: usize) {
    let (earlier, later) = list.type_params.split_at(at);
    let Some((param, default)) = later.first().and_then(|param| Some((param, param.default()?)))
    else {
        return;
    };
    let name = param.name().as_str();
    let pack = earlier.iter().find(|each| each.is_type_var_tuple());
    if let (Some(pack), TypeParam::TypeVar(_)) = (pack, param) {
        let reason = format!("it follows the `TypeVarTuple` `{}`", pack.name());
        region.report(default, default_of::invalid_type_variable_default(name, reason));
    }
    let outside = later.iter().map(|each| each.name().as_str()).find(|later| {
        any_within(default, &|part: &Expr| part.as_name_expr().is_some_and(|n| n.id == *later))
    });
    if let Some(outside) = outside.or_else(|| outer_parameter(region, earlier, default)) {
        region.report(default, default_of::default_out_of_scope(name, outside));
    }
}

/// The name in a default that is a type parameter of a scope around the list.
fn outer_parameter<'i>(
    region: &Region<'_, 'i>,
    earlier: &[TypeParam],
    default: &Expr,
) -> Option<&'i str> {
    let index = region.index;
    let is_parameter =
        |&&id: &&DefinitionId| index.definitions[id].kind == DefinitionKind::TypeParam;
    let is_named = |name: &str| {
        any_within(default, &|part: &Expr| part.as_name_expr().is_some_and(|n| n.id == name))
    };
    index.enclosing_scopes(region.scope()).find_map(|outer| {
        index.scopes[outer].places.iter().find_map(|place| {
            let name = place.expr.root.as_str();
            let is_own = earlier.iter().any(|each| each.name().as_str() == name);
            let is_outer = place.expr.is_name() && !is_own;
            (is_outer && place.definitions.iter().find(is_parameter).is_some() && is_named(name))
                .then_some(name)
        })
    })
}

/// In the order in which a function's variables appear, none without a default follows one that has one.
/// Source: PEP 696.
pub fn check_function_order<'s>(
    region: &Region<'_, 's>,
    at: impl Ranged,
    params: &[Type],
    owner: crate::types::DefRef,
) {
    let cx = region.cx;
    let mut with_default: Option<&str> = None;
    for &param in params {
        let Some(data) = cx.as_type_var(param).filter(|data| data.scope == Some(owner)) else {
            continue;
        };
        match (cx.type_var_default(param), with_default) {
            (Some(_), None) => with_default = Some(data.name),
            (None, Some(earlier)) if data.kind == TypeVarKind::TypeVar => {
                let reason = format!("`{}`, which has no default, follows it", data.name);
                let rule = default_of::invalid_type_variable_default;
                region.report(at, rule(earlier, &reason));
                return;
            }
            _ => {}
        }
    }
}

/// A type parameter may not have the name of one around it.
fn check_shadowing(region: &Region<'_, '_>, param: &TypeParam, scope: ScopeId) {
    let name = param.name().as_str();
    let index = region.index;
    let mut current = index.scopes[scope].parent;
    while let Some(outer) = current {
        let info = &index.scopes[outer];
        let found = info.place_by_name(name).filter(|_| info.kind == ScopeKind::TypeParams);
        let binds = found.is_some_and(|place| {
            info.place(place)
                .definitions
                .iter()
                .any(|&each| index.definitions[each].kind == DefinitionKind::TypeParam)
        });
        if binds {
            let owner = super::annotation::type_param_owner(region, outer)
                .map(|owner| index.definitions[crate::index::DefinitionId::from_u32(owner.index)])
                .map_or_else(String::new, |entry| {
                    index.scopes[entry.scope].place(entry.place).expr.to_string()
                });
            region.report(param.name().range(), variable::rebound_type_variable(name, owner));
            return;
        }
        current = info.parent;
    }
}
