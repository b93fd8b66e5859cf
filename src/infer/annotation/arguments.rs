//! Type arguments: matched to the type parameters of a class or alias, lists of parameters, tuples.

use ruff_python_ast::{Expr, ExprSubscript};

use super::{Context, invalid, open_type_vars, pack, plain, type_of, wrong};
use crate::index::ScopeKind;
use crate::infer::region::{Mode, Region};
use crate::rules;
use crate::types::{
    ClassFlags, Cx, Data, Kind, Known, Parameter, ParameterKind, Qualifiers, Signature,
    SpecialForm, Substitution, Type, TypeVarKind,
};

/// The elements of a subscript: a tuple's, or the one.
pub(super) fn slice_elements(slice: &Expr) -> Vec<&Expr> {
    match slice {
        Expr::Tuple(tuple) if !tuple.parenthesized || tuple.elts.is_empty() => {
            if tuple.elts.is_empty() { vec![slice] } else { tuple.elts.iter().collect() }
        }
        Expr::Tuple(tuple) => tuple.elts.iter().collect(),
        _ => vec![slice],
    }
}

/// Looks at arguments of something unknown without complaining.
pub(super) fn each_quietly(region: &Region<'_, '_>, slice: &Expr, context: Context) {
    region.quietly(|| {
        for element in slice_elements(slice) {
            type_of(region, element, Context { parameters: true, unpack: true, ..context.inner() });
        }
    });
}

/// `C[...]` as an instance type.
pub fn specialise_class(
    region: &Region<'_, '_>,
    subscript: &ExprSubscript,
    class_object: Type,
    context: Context,
) -> Type {
    let cx = region.cx;
    let Some(class) = cx.class_of(class_object) else { return Type::UNKNOWN };
    let elements = slice_elements(&subscript.slice);
    if cx.is_known(class, Known::Tuple) {
        return tuple_arguments(region, &elements, context);
    }
    if cx.is_known(class, Known::Type) {
        return super::special::type_argument(region, &elements, context.inner());
    }
    let is_field = context.allowed.contains(Qualifiers::INIT_VAR)
        && region.index.scopes[region.scope()].kind == ScopeKind::Class;
    if cx.is_known(class, Known::DataclassInitVar) && !is_field && !region.is_in(Mode::ALIAS_VALUE)
    {
        // Source: typing spec, "Dataclasses", "Init-only fields".
        let reason = "`InitVar` is only allowed on a field of a dataclass";
        invalid(region, &Expr::Subscript(subscript.clone()), reason);
    }
    let parameters = cx.host.type_params(cx, class);
    if parameters.is_empty() {
        let info = cx.host.class(cx, class);
        // Who takes arguments at run time and declares no type variables says nothing of what they mean.
        let takes_some = cx
            .class_lookup_after(class_object, "__class_getitem__", None, false)
            .and_then(|member| member.class)
            .is_some_and(|owner| !cx.host.module(owner.module).is_stub);
        let tolerant = takes_some
            || info.is_dynamic()
            || info.flags.intersects(ClassFlags::DYNAMIC_MEMBERS | ClassFlags::OPEN_PARAMETERS);
        if !tolerant {
            region.report(
                subscript,
                rules::invalid_type_arguments::not_generic(cx.display_name(class_object)),
            );
        }
        each_quietly(region, &subscript.slice, context);
        return cx.instance_of(class_object);
    }
    let is_open = cx.host.class(cx, class).is(ClassFlags::OPEN_PARAMETERS);
    if is_open && elements.len() > parameters.len() {
        each_quietly(region, &subscript.slice, context);
        let open: Vec<Type> = parameters.iter().map(|&each| cx.unknown_argument(each)).collect();
        return cx.generic(class, &open);
    }
    let arguments = match_arguments(region, subscript, parameters, &elements, context);
    cx.generic(class, &arguments)
}

/// `Alias[...]`
pub(super) fn specialise_alias(
    region: &Region<'_, '_>,
    subscript: &ExprSubscript,
    value: Type,
    context: Context,
) -> Type {
    let cx = region.cx;
    let elements = slice_elements(&subscript.slice);
    let payload = match *cx.payload(value) {
        // `X = list[T]` is an alias too.
        Data::Generic { .. } => Data::TypeForm { ty: cx.instance_of(value) },
        other => other,
    };
    match payload {
        Data::TypeForm { ty } => {
            let parameters = open_type_vars(cx, ty);
            if parameters.is_empty() {
                if !may_be_open(cx, ty) {
                    region.report(subscript, wrong::not_open(region, &subscript.value, ty));
                }
                each_quietly(region, &subscript.slice, context);
                return ty;
            }
            let arguments = match_arguments(region, subscript, &parameters, &elements, context);
            cx.substitute(ty, &Substitution::of(&parameters, &arguments))
        }
        Data::Alias { definition, arguments: [] } => {
            let parameters = &cx.host.alias(cx, definition).type_params;
            if parameters.is_empty() {
                region.report(
                    subscript,
                    rules::invalid_type_arguments::not_generic(cx.display_name(value)),
                );
                each_quietly(region, &subscript.slice, context);
                return cx.alias(definition, &[]);
            }
            let arguments = match_arguments(region, subscript, parameters, &elements, context);
            cx.alias(definition, &arguments)
        }
        _ => {
            region.report(
                subscript,
                rules::invalid_type_arguments::not_generic(cx.display_name(value)),
            );
            Type::UNKNOWN
        }
    }
}

/// Whether a part of an alias is not known that might have left a type variable open. A class whose
/// arguments are all unknown was named without any.
fn may_be_open(cx: &Cx<'_>, ty: Type) -> bool {
    let bare = |member: Type| {
        let arguments = cx.arguments_of(member);
        !arguments.is_empty() && arguments.iter().all(|&ty| ty.is_unknown())
    };
    cx.members(ty).iter().any(|member| cx.has_dynamic(member) && !bare(member))
}

pub(super) fn kind_of(region: &Region<'_, '_>, parameter: Type) -> TypeVarKind {
    region.cx.as_type_var(parameter).map_or(TypeVarKind::TypeVar, |data| data.kind)
}

/// One argument for each parameter; too few are completed, too many reported.
fn match_arguments(
    region: &Region<'_, '_>,
    subscript: &ExprSubscript,
    parameters: &[Type],
    elements: &[&Expr],
    context: Context,
) -> Vec<Type> {
    let cx = region.cx;
    let inner = context.inner();
    // A class with nothing but a `ParamSpec` takes the list without brackets.
    if let [only] = parameters
        && kind_of(region, *only) == TypeVarKind::ParamSpec
    {
        let bare = elements.len() != 1 || !is_parameter_list(region, elements[0], context);
        return vec![if bare {
            list_of(region, elements, context)
        } else {
            parameter_list(region, elements[0], context)
        }];
    }
    let pack = parameters.iter().position(|&p| kind_of(region, p) == TypeVarKind::TypeVarTuple);
    if let Some(at) = pack {
        return pack::match_with_pack(region, subscript, parameters, at, elements, context);
    }
    let required = parameters.iter().filter(|&&p| cx.type_var_default(p).is_none()).count();
    let too_many = elements.len() > parameters.len();
    if too_many || (elements.len() < required && !elements.iter().any(|e| e.is_starred_expr())) {
        report_number(region, subscript, required, Some(parameters.len()), elements.len());
    }
    let mut arguments = Vec::with_capacity(parameters.len());
    for (&parameter, &element) in parameters.iter().zip(elements) {
        let argument = if kind_of(region, parameter) == TypeVarKind::ParamSpec {
            parameter_list(region, element, context)
        } else {
            let ty = type_of(region, element, inner);
            check_bound(region, element, parameter, ty, parameters, &arguments);
            ty
        };
        arguments.push(argument);
    }
    cx.default_type_arguments(parameters, &arguments).to_vec()
}

/// Reports that the number of arguments does not fit; `most` is `None` where there is no limit.
pub(super) fn report_number(
    region: &Region<'_, '_>,
    subscript: &ExprSubscript,
    least: usize,
    most: Option<usize>,
    found: usize,
) {
    let expected = match most {
        Some(most) if most == least => least.to_string(),
        Some(most) => format!("{least} to {most}"),
        None => format!("at least {least}"),
    };
    let generic = super::super::expr::infer(region, &subscript.value, None);
    let finding = rules::invalid_type_arguments::wrong_number_of_type_arguments(
        region.cx.display_name(generic),
        expected,
        found,
    );
    region.report(subscript, finding);
}

pub(super) fn check_bound(
    region: &Region<'_, '_>,
    expr: &Expr,
    parameter: Type,
    argument: Type,
    parameters: &[Type],
    before: &[Type],
) {
    let cx = region.cx;
    if region.is_quiet() || argument.is_dynamic() {
        return;
    }
    let constraints = cx.constraints_of(parameter);
    if let Some(bound) = cx.upper_bound(parameter) {
        let with = Substitution::of(parameters, before).in_any_scope();
        let bound = cx.substitute(bound, &with);
        if !cx.is_assignable(argument, bound) {
            let finding = rules::invalid_type_arguments::type_argument_violates_bound(
                cx.display(parameter),
                cx.display(bound),
                cx.display(argument),
            );
            region.report(expr, finding);
        }
    } else if !constraints.is_empty() {
        let own = cx.constraints_of(argument);
        let fits = constraints.iter().any(|&each| cx.is_equivalent(each, argument))
            || (!own.is_empty()
                && own.iter().all(|&o| constraints.iter().any(|&c| cx.is_equivalent(o, c))));
        if !fits {
            let list: Vec<String> =
                constraints.iter().map(|&each| cx.display(each).to_string()).collect();
            let list: Vec<&str> = list.iter().map(String::as_str).collect();
            let finding = rules::invalid_type_arguments::type_argument_violates_constraints(
                cx.display(parameter),
                &list,
                cx.display(argument),
            );
            region.report(expr, finding);
        }
    }
}

/// Whether an argument is written as a list of parameters.
pub(super) fn is_parameter_list(region: &Region<'_, '_>, expr: &Expr, context: Context) -> bool {
    match expr {
        Expr::List(_) | Expr::EllipsisLiteral(_) => true,
        Expr::StringLiteral(_) => false,
        Expr::Subscript(subscript) => {
            super::special_form(region, &subscript.value) == Some(SpecialForm::Concatenate)
        }
        Expr::Name(_) | Expr::Attribute(_) => {
            let _ = context;
            let value = region.quietly(|| super::super::expr::infer(region, expr, None));
            region.cx.as_type_var(value).is_some_and(|data| data.kind == TypeVarKind::ParamSpec)
                || value.is_dynamic()
        }
        _ => false,
    }
}

/// A list of parameters: `[int, str]`, `...`, `P`, `Concatenate[int, P]`.
pub(super) fn parameter_list(region: &Region<'_, '_>, expr: &Expr, context: Context) -> Type {
    let cx = region.cx;
    match expr {
        Expr::EllipsisLiteral(_) => cx.gradual_parameters(),
        Expr::List(list) => {
            let elements: Vec<&Expr> = list.elts.iter().collect();
            list_of(region, &elements, context)
        }
        Expr::Subscript(subscript)
            if super::special_form(region, &subscript.value) == Some(SpecialForm::Concatenate) =>
        {
            concatenate(region, subscript, context)
        }
        _ => {
            let ty = type_of(region, expr, Context { parameters: true, ..context.inner() });
            let is_list = ty.is_dynamic()
                || ty.kind() == Kind::Parameters
                || cx.as_type_var(ty).is_some_and(|data| data.kind == TypeVarKind::ParamSpec);
            if is_list {
                return if ty.is_dynamic() { cx.gradual_parameters() } else { ty };
            }
            invalid(
                region,
                expr,
                "a list of parameter types, `...` or a `ParamSpec` is needed here",
            );
            cx.gradual_parameters()
        }
    }
}

fn list_of(region: &Region<'_, '_>, elements: &[&Expr], context: Context) -> Type {
    let cx = region.cx;
    let mut parameters = Vec::new();
    let parameter =
        |kind, ty| Parameter { name: cx.string(""), kind, ty, is_annotated: true, default: None };
    for element in elements {
        let ty = type_of(region, element, Context { unpack: true, ..context.inner() });
        if ty.kind() != Kind::Unpacked {
            parameters.push(parameter(ParameterKind::PositionalOnly, ty));
            continue;
        }
        let (inner, variadic) = cx.unpack_argument(ty);
        let has_other = parameters.iter().any(|before| {
            before.kind == ParameterKind::Variadic && cx.unpack_argument(before.ty).1.is_some()
        });
        if variadic.is_some() && has_other {
            invalid(region, element, "only one unbounded part can be unpacked here");
        }
        let all_fixed = variadic.is_none();
        if !all_fixed && inner.len() > 1 || variadic.is_some() {
            parameters.push(parameter(ParameterKind::Variadic, ty));
            continue;
        }
        for &element in &inner {
            parameters.push(parameter(ParameterKind::PositionalOnly, element));
        }
    }
    // Whatever follows an unbounded part belongs to it.
    if let Some(at) = parameters.iter().position(|p| p.kind == ParameterKind::Variadic)
        && at + 1 < parameters.len()
    {
        let (mut inner, variadic) = cx.unpack_argument(parameters[at].ty);
        inner.extend(parameters[at + 1..].iter().map(|p| p.ty));
        let merged = cx.unpacked(cx.tuple_with(&inner, variadic));
        parameters.truncate(at);
        parameters.push(parameter(ParameterKind::Variadic, merged));
    }
    cx.parameters(&Signature {
        parameters: cx.slice(&parameters),
        returns: None,
        definition: None,
        type_params: &[],
        is_gradual: false,
    })
}

pub(super) fn concatenate(
    region: &Region<'_, '_>,
    subscript: &ExprSubscript,
    context: Context,
) -> Type {
    let cx = region.cx;
    let elements = slice_elements(&subscript.slice);
    let Some((last, before)) = elements.split_last() else { return cx.gradual_parameters() };
    let types: Vec<Type> =
        before.iter().map(|element| type_of(region, element, context.inner())).collect();
    if matches!(last, Expr::EllipsisLiteral(_)) {
        let gradual = cx.gradual_signature(Type::UNKNOWN);
        let mut parameters: Vec<Parameter> = types
            .iter()
            .map(|&ty| Parameter {
                name: cx.string(""),
                kind: ParameterKind::PositionalOnly,
                ty,
                is_annotated: true,
                default: None,
            })
            .collect();
        parameters.extend(gradual.parameters.iter().copied());
        return cx.parameters(&Signature { parameters: cx.slice(&parameters), ..gradual });
    }
    let spec = type_of(region, last, Context { parameters: true, ..context.inner() });
    let is_spec = cx.as_type_var(spec).is_some_and(|data| data.kind == TypeVarKind::ParamSpec);
    if !is_spec {
        if !spec.is_dynamic() {
            invalid(
                region,
                last,
                "the last argument of `Concatenate` must be a `ParamSpec` or `...`",
            );
        }
        return cx.gradual_parameters();
    }
    cx.parameters(&cx.param_spec_signature(spec, &types, Type::UNKNOWN))
}

/// The value of a `TypeVarTuple` from the arguments that it takes.
fn tuple_list(region: &Region<'_, '_>, elements: &[&Expr], context: Context) -> Type {
    let cx = region.cx;
    let mut types = Vec::new();
    let mut variadic = None;
    let mut is_known = true;
    for element in elements {
        let ty = type_of(region, element, Context { unpack: true, ..context.inner() });
        if ty.kind() == Kind::Unpacked {
            let (inner, at) = cx.unpack_argument(ty);
            if at.is_some() && variadic.is_some() {
                invalid(region, element, "only one unbounded part can be unpacked here");
                is_known = false;
                continue;
            }
            variadic = variadic.or(at.map(|at| at + types.len()));
            types.extend(inner);
        } else {
            types.push(ty);
        }
    }
    match is_known {
        true => cx.pack(&types, variadic),
        false => cx.pack(&[Type::UNKNOWN], Some(0)),
    }
}

/// `tuple[...]`. Source: typing spec, "Tuples".
pub(super) fn tuple_arguments(
    region: &Region<'_, '_>,
    elements: &[&Expr],
    context: Context,
) -> Type {
    let cx = region.cx;
    if let [Expr::Tuple(tuple)] = elements
        && tuple.elts.is_empty()
    {
        return cx.tuple(&[]);
    }
    if let [element, Expr::EllipsisLiteral(_)] = elements {
        let ty = type_of(region, element, Context { unpack: true, ..context.inner() });
        if ty.kind() == Kind::Unpacked {
            invalid(region, element, "an unpacked type cannot be repeated with `...`");
            return cx.tuple_of(Type::UNKNOWN);
        }
        return cx.tuple_of(ty);
    }
    if let Some(ellipsis) = elements.iter().find(|e| matches!(e, Expr::EllipsisLiteral(_))) {
        invalid(region, ellipsis, "`...` is only allowed as the second of two arguments");
        return cx.tuple_of(Type::UNKNOWN);
    }
    let _ = plain(Type::UNKNOWN);
    tuple_list(region, elements, context)
}
