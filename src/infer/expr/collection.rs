//! Displays: lists, sets, dicts and tuples, guided by what is expected.
//! Source: typing spec, "Type inference" of displays is left to checkers; ours is bidirectional.

use ruff_python_ast::{DictItem, Expr, ExprCall, ExprDict, ExprTuple};

use crate::infer::region::Region;
use crate::policy::Policy;
use crate::types::{ClassFlags, Cx, Kind, Known, Substitution, Type};

/// The type of a display.
pub fn infer(region: &Region<'_, '_>, expr: &Expr, expected: Option<Type>) -> Type {
    match expr {
        Expr::List(list) => elements(region, &list.elts, Known::List, expected),
        Expr::Set(set) => elements(region, &set.elts, Known::Set, expected),
        Expr::Tuple(tuple) => infer_tuple(region, tuple, expected),
        Expr::Dict(dict) => infer_dict(region, dict, expected),
        _ => Type::UNKNOWN,
    }
}

/// The arguments that `expected` asks of an instance of `class`: of a union, the first member that
/// such an instance could be.
pub fn expected_arguments(cx: &Cx<'_>, expected: Type, class: Known) -> Option<Vec<Type>> {
    for member in cx.meant_members(expected) {
        if member.is_dynamic() || member.is_none() {
            continue;
        }
        let known = cx.host.known(cx, class)?;
        let parameters = cx.host.type_params(cx, known);
        if cx.class_of(member) == Some(known) && member.kind() == Kind::Generic {
            return Some(cx.arguments_of(member).to_vec());
        }
        // `Iterable[T]` of a list: solve `list[X]` against it.
        let own = cx.generic_raw(known, parameters);
        let mut solver = crate::types::Solver::new(parameters);
        solver.keep_literals = true;
        solver.bounds_tell = true;
        if matches!(member.kind(), Kind::Instance | Kind::Generic)
            && cx.assign_solving(own, member, &mut solver)
        {
            let with: Substitution = solver.partial_solution(cx);
            let arguments: Vec<Type> =
                parameters.iter().map(|&each| cx.substitute(each, &with)).collect();
            if !arguments.iter().any(|&each| cx.has_type_vars_of(each, parameters)) {
                return Some(arguments);
            }
        }
    }
    None
}

fn elements(
    region: &Region<'_, '_>,
    elements: &[Expr],
    class: Known,
    expected: Option<Type>,
) -> Type {
    let cx = region.cx;
    if let Some(expected) = expected {
        // Each member of a union that could be meant is tried in order.
        let candidates = cx.meant_members(expected);
        let several = candidates.len() > 1;
        for member in candidates {
            let Some(arguments) = expected_arguments(cx, member, class) else { continue };
            let wanted = arguments[0];
            let fits = |region: &Region<'_, '_>| {
                elements.iter().all(|element| {
                    let ty = element_type(region, element, Some(wanted));
                    // What is not known does not say what an open variable is.
                    cx.is_assignable(ty, wanted) && !(ty.is_dynamic() && cx.has_type_vars(wanted))
                })
            };
            if region.quietly(|| fits(region)) {
                if !region.is_quiet() {
                    fits(region);
                }
                return cx.known_generic(class, &[wanted]);
            }
            if !several {
                break;
            }
        }
    }
    let hint = expected.and_then(|expected| expected_arguments(cx, expected, class)).map(|a| a[0]);
    let mut types: Vec<Type> =
        elements.iter().map(|element| element_type(region, element, hint)).collect();
    if let Some(same) = unpacked_element(region, elements, &types) {
        return cx.known_generic(class, &[same]);
    }
    for (element, ty) in elements.iter().zip(&mut types) {
        *ty = widened(cx, element, *ty);
    }
    let is_row =
        expected.is_none() && cx.holds(Policy::RowWithUnknown) && is_row(cx, elements, &types);
    let element = if is_row { Type::UNKNOWN } else { join_elements(cx, &types) };
    cx.known_generic(class, &[element])
}

/// Whether a display is a row of things of several kinds, one of which is not known at all: what stands at one place is
/// none of the others' business.
fn is_row(cx: &Cx<'_>, elements: &[Expr], types: &[Type]) -> bool {
    types.iter().any(|ty| ty.is_unknown())
        && !types.iter().any(|&ty| is_open(cx, ty))
        && !elements.iter().any(Expr::is_starred_expr)
}

/// What a cycle has not settled yet is no answer.
fn is_open(cx: &Cx<'_>, ty: Type) -> bool {
    cx.members(ty).iter().any(|member| member.is(Type::CYCLE))
}

/// What a list holds that is unpacked in a display, if it is declared to be of literals and all else fits it.
fn unpacked_element(region: &Region<'_, '_>, elements: &[Expr], types: &[Type]) -> Option<Type> {
    let cx = region.cx;
    if !cx.holds(Policy::UnpackedLiterals) {
        return None;
    }
    let (unpacked, same) = elements.iter().zip(types).find_map(|(element, &ty)| match element {
        Expr::Starred(starred) if !cx.same(ty, cx.promote_literals(ty)) => Some((starred, ty)),
        _ => None,
    })?;
    let whole = region.quietly(|| super::infer(region, &unpacked.value, None));
    let is_declared = whole.kind() == Kind::Generic;
    let fits = |&ty: &Type| !ty.is_dynamic() && cx.is_assignable(ty, same);
    (is_declared && types.iter().all(fits)).then_some(same)
}

/// The type of an element of a display, literals widened, those that a lambda returns among them. What a call declares to
/// return stays a tuple of what it is; a tuple written here, or kept in a variable, does not mean its literals.
fn widened(cx: &Cx<'_>, element: &Expr, ty: Type) -> Type {
    let ty = match (element, ty.kind()) {
        (Expr::Lambda(_), Kind::Callable) => cx.with_wide_results(ty),
        _ if !cx.holds(Policy::TuplesOfCalls) => cx.promote_literals(ty),
        (Expr::Call(_) | Expr::Await(_), Kind::Tuple) => ty,
        (Expr::Call(_) | Expr::Await(_), Kind::Union) => cx.map_union(ty, |member| {
            if member.kind() == Kind::Tuple { member } else { cx.promote_literals(member) }
        }),
        _ => cx.promote_literals(ty),
    };
    cx.promote_classes(ty)
}

/// The type of the elements together; `Unknown` when there are none.
fn join_elements(cx: &Cx<'_>, types: &[Type]) -> Type {
    if types.is_empty() {
        return Type::UNKNOWN;
    }
    // An element that is never reached says nothing of what others put there.
    let held = |ty: Type| if ty.is_never() { Type::UNKNOWN } else { cx.promote_classes(ty) };
    cx.union(types.iter().copied().map(held).collect::<Vec<_>>())
}

fn element_type(region: &Region<'_, '_>, element: &Expr, expected: Option<Type>) -> Type {
    match element {
        Expr::Starred(starred) => {
            let iterable_hint =
                expected.map(|expected| region.cx.known_generic(Known::Iterable, &[expected]));
            let ty = super::infer(region, &starred.value, iterable_hint);
            crate::infer::stmt::iterate(region, &starred.value, ty)
        }
        _ => super::infer(region, element, expected),
    }
}

fn infer_tuple(region: &Region<'_, '_>, tuple: &ExprTuple, expected: Option<Type>) -> Type {
    let cx = region.cx;
    let shape = expected.and_then(|expected| {
        cx.meant_members(expected).into_iter().filter_map(|member| cx.tuple_shape(member)).find(
            |shape| {
                shape.fixed_len().is_none_or(|len| {
                    len == tuple.elts.len() || tuple.elts.iter().any(Expr::is_starred_expr)
                })
            },
        )
    });
    let hint = |at: usize| -> Option<Type> {
        let shape = shape?;
        match shape.variadic {
            None => shape.elements.get(at).copied(),
            Some(0) if shape.elements.len() == 1 => Some(shape.elements[0]),
            Some(variadic) if at < variadic as usize => shape.elements.get(at).copied(),
            Some(_) => None,
        }
    };
    let element_of = expected
        .and_then(|expected| (shape.is_none()).then(|| iterable_argument(cx, expected)).flatten());
    let mut types = Vec::new();
    let mut variadic = None;
    for (at, element) in tuple.elts.iter().enumerate() {
        let Expr::Starred(starred) = element else {
            types.push(super::infer(region, element, hint(at).or(element_of)));
            continue;
        };
        // What is unpacked into elements of one type is asked for them.
        let each =
            element_of.or_else(|| shape.filter(|shape| shape.elements.len() == 1).and(hint(at)));
        let wanted = each.map(|each| cx.known_generic(Known::Iterable, &[each]));
        let ty = super::infer(region, &starred.value, wanted);
        if ty.kind() == Kind::ParamSpecPart || ty.kind() == Kind::TypeVarValue {
            return Type::UNKNOWN;
        }
        match cx.tuple_shape(ty) {
            Some(inner) if inner.fixed_len().is_some() => types.extend(inner.elements.iter()),
            Some(inner) if variadic.is_none() => {
                variadic = inner.variadic.map(|at| at as usize + types.len());
                types.extend(inner.elements.iter());
            }
            _ => {
                let element = crate::infer::stmt::iterate(region, &starred.value, ty);
                if let Some(at) = variadic {
                    let last = types.split_off(at);
                    types.push(cx.union(last.into_iter().chain([element])));
                } else {
                    variadic = Some(types.len());
                    types.push(element);
                }
            }
        }
    }
    cx.tuple_with(&types, variadic)
}

fn iterable_argument(cx: &Cx<'_>, expected: Type) -> Option<Type> {
    let iterable = cx.host.known(cx, Known::Iterable)?;
    cx.meant_members(expected).into_iter().find_map(|member| {
        let base = cx.as_super(member, iterable)?;
        cx.arguments_of(base).first().copied()
    })
}

fn infer_dict(region: &Region<'_, '_>, dict: &ExprDict, expected: Option<Type>) -> Type {
    let cx = region.cx;
    super::keys::check(region, dict);
    if let Some(expected) = expected {
        let members = cx.meant_members(expected);
        let typed = |ty: Type| cx.info_of(ty).is_some_and(|info| info.is(ClassFlags::TYPED_DICT));
        let dicts: Vec<Type> = members.iter().copied().filter(|&ty| typed(ty)).collect();
        for &member in &dicts {
            let fits = region.quietly(|| crate::infer::typed_dict::dict_fits(region, dict, member));
            if fits || (dicts.len() == 1 && members.iter().all(|ty| typed(*ty) || ty.is_none())) {
                return crate::infer::typed_dict::infer_display(region, dict, member);
            }
        }
        for member in members {
            let Some(arguments) = expected_arguments(cx, member, Known::Dict) else { continue };
            let fits = |region: &Region<'_, '_>| {
                let (keys, values) = items(region, dict, Some((arguments[0], arguments[1])));
                keys.iter().all(|&ty| cx.is_assignable(ty, arguments[0]))
                    && values.iter().all(|&ty| cx.is_assignable(ty, arguments[1]))
            };
            if region.quietly(|| fits(region)) {
                if !region.is_quiet() {
                    fits(region);
                }
                return cx.known_generic(Known::Dict, &[arguments[0], arguments[1]]);
            }
        }
    }
    let hint = expected
        .and_then(|expected| expected_arguments(cx, expected, Known::Dict))
        .map(|arguments| (arguments[0], arguments[1]));
    let (mut keys, mut values) = items(region, dict, hint);
    for (at, item) in dict.items.iter().enumerate() {
        keys[at] = cx.promote_literals(keys[at]);
        values[at] = widened(cx, &item.value, values[at]);
    }
    let is_record = cx.holds(Policy::RecordWithUnknown) && is_record(cx, dict, &keys, &values);
    let value = if is_record { Type::UNKNOWN } else { join_elements(cx, &values) };
    cx.known_generic(Known::Dict, &[join_elements(cx, &keys), value])
}

/// Whether a display is a record of which some is not known: all its keys are words, or those of what is unpacked,
/// and what comes out under one is none of the others' business.
fn is_record(cx: &Cx<'_>, dict: &ExprDict, keys: &[Type], values: &[Type]) -> bool {
    let is_text = |ty: Type| {
        ty.is_dynamic() || ty.as_instance().is_some_and(|class| cx.is_known(class, Known::Str))
    };
    let is_word = |(item, &ty): (&DictItem, &Type)| match &item.key {
        Some(key) => key.is_string_literal_expr(),
        None => is_text(ty),
    };
    values.len() > 1
        && values.iter().any(|&ty| cx.has_unknown_member(ty))
        && !values.iter().any(|&ty| is_open(cx, ty))
        && dict.items.iter().zip(keys).all(is_word)
}

/// `dict(name=…, size=…)`, where it is such a record.
pub fn record_of_keywords(region: &Region<'_, '_>, call: &ExprCall) -> Option<Type> {
    let cx = region.cx;
    let keywords = &call.arguments.keywords;
    let is_plain = keywords.iter().all(|keyword| keyword.arg.is_some());
    if !call.arguments.args.is_empty() || keywords.len() < 2 || !is_plain {
        return None;
    }
    let infer_all = || -> Vec<Type> {
        keywords.iter().map(|keyword| super::infer(region, &keyword.value, None)).collect()
    };
    let values = region.quietly(infer_all);
    let is_record = cx.holds(Policy::RecordWithUnknown)
        && values.iter().any(|&ty| cx.has_dynamic_member(ty))
        && !values.iter().any(|&ty| is_open(cx, ty));
    is_record.then(|| {
        infer_all();
        cx.known_generic(Known::Dict, &[cx.known_instance(Known::Str), Type::UNKNOWN])
    })
}

fn items(
    region: &Region<'_, '_>,
    dict: &ExprDict,
    hint: Option<(Type, Type)>,
) -> (Vec<Type>, Vec<Type>) {
    let cx = region.cx;
    let (mut keys, mut values) = (Vec::new(), Vec::new());
    for item in &dict.items {
        let Some(key) = &item.key else {
            let mapping = hint.map(|(k, v)| cx.known_generic(Known::Dict, &[k, v]));
            let ty = super::infer(region, &item.value, mapping);
            let unpacked = crate::infer::call::mapping_parts(cx, ty);
            let (key, value) = unpacked.unwrap_or_else(|| {
                let finding =
                    crate::rules::invalid_argument_type::argument_not_mapping(cx.display(ty));
                region.report(&item.value, finding);
                (Type::UNKNOWN, Type::UNKNOWN)
            });
            keys.push(key);
            values.push(value);
            continue;
        };
        keys.push(super::infer(region, key, hint.map(|hint| hint.0)));
        values.push(super::infer(region, &item.value, hint.map(|hint| hint.1)));
    }
    (keys, values)
}
