//! Type arguments of what has a `TypeVarTuple`: those before and after it are taken from the ends.
//! Source: typing spec, "Generics", "TypeVarTuple".

use std::collections::VecDeque;

use ruff_python_ast::{Expr, ExprSubscript};

use super::arguments::{check_bound, is_parameter_list, kind_of, parameter_list, report_number};
use super::{Context, invalid, type_of};
use crate::infer::region::Region;
use crate::types::{Type, TypeVarKind};

/// A type argument on its way to a parameter.
#[derive(Clone, Copy)]
enum Item<'n> {
    One(&'n Expr, Type),
    /// The element of an unpacked tuple without end: any number of parameters may take it.
    Many(&'n Expr, Type),
    /// An unpacked `TypeVarTuple`.
    Pack(&'n Expr, Type),
}

/// One argument for each parameter, of which the one at `pack` takes what the others leave.
pub(super) fn match_with_pack(
    region: &Region<'_, '_>,
    subscript: &ExprSubscript,
    parameters: &[Type],
    pack: usize,
    elements: &[&Expr],
    context: Context,
) -> Vec<Type> {
    let cx = region.cx;
    let (before, after) = (&parameters[..pack], &parameters[pack + 1..]);
    let mut elements = match elements {
        // `X[()]` gives nothing at all.
        [Expr::Tuple(tuple)] if tuple.elts.is_empty() => &[],
        other => other,
    };
    // A list of parameters at the end is for the `ParamSpec` that comes last.
    let mut last = None;
    let specs = after.iter().filter(|&&p| kind_of(region, p) == TypeVarKind::ParamSpec).count();
    if specs == 1
        && let [rest @ .., list] = elements
        && is_parameter_list(region, list, context)
    {
        last = Some(parameter_list(region, list, context));
        elements = rest;
    }
    let mut arguments = Vec::with_capacity(parameters.len());
    for &parameter in before {
        let [element, rest @ ..] = elements else { break };
        if element.is_starred_expr() {
            break;
        }
        elements = rest;
        arguments.push(if kind_of(region, parameter) == TypeVarKind::ParamSpec {
            parameter_list(region, element, context)
        } else {
            let ty = type_of(region, element, context.inner());
            check_bound(region, element, parameter, ty, parameters, &arguments);
            ty
        });
    }
    let mut items = read(region, elements, context);
    let found = arguments.len() + items.len();
    let tail: Vec<Type> =
        after.iter().copied().filter(|&p| kind_of(region, p) == TypeVarKind::TypeVar).collect();
    let required =
        |list: &[Type]| list.iter().filter(|&&p| cx.type_var_default(p).is_none()).count();
    let least = required(before) + required(&tail);
    let endless = items.iter().any(|item| !matches!(item, Item::One(..)));
    if found < least && !endless {
        report_number(region, subscript, least, None, found);
    }
    for &parameter in &before[arguments.len()..] {
        let Some(ty) = take(region, &mut items, parameter, true) else { break };
        arguments.push(ty);
    }
    if arguments.len() < before.len() {
        return cx.default_type_arguments(parameters, &arguments).to_vec();
    }
    let mut ends: Vec<Option<Type>> =
        tail.iter().rev().map(|&parameter| take(region, &mut items, parameter, false)).collect();
    ends.reverse();
    arguments.push(rest(region, &items));
    let mut ends = ends.into_iter();
    for &parameter in after {
        let given = match kind_of(region, parameter) {
            TypeVarKind::ParamSpec => last,
            _ => ends.next().flatten(),
        };
        let Some(given) = given else { break };
        arguments.push(given);
    }
    cx.default_type_arguments(parameters, &arguments).to_vec()
}

/// The arguments as types, unpacked tuples spread out.
fn read<'n>(
    region: &Region<'_, '_>,
    elements: &[&'n Expr],
    context: Context,
) -> VecDeque<Item<'n>> {
    let cx = region.cx;
    let mut items = VecDeque::new();
    let mut endless = false;
    let mut meaningless = None;
    for &element in elements {
        let ty = type_of(region, element, Context { unpack: true, ..context.inner() });
        if ty.kind() != crate::types::Kind::Unpacked {
            items.push_back(Item::One(element, ty));
            continue;
        }
        let (inner, variadic) = cx.unpack_argument(ty);
        if variadic.is_some() && endless {
            invalid(region, element, "only one unbounded part can be unpacked here");
            meaningless = Some(element);
            continue;
        }
        endless |= variadic.is_some();
        for (at, &each) in inner.iter().enumerate() {
            let is_pack =
                cx.as_type_var(each).is_some_and(|data| data.kind == TypeVarKind::TypeVarTuple);
            items.push_back(match variadic {
                Some(end) if end == at && is_pack => Item::Pack(element, each),
                Some(end) if end == at => Item::Many(element, each),
                _ => Item::One(element, each),
            });
        }
    }
    match meaningless {
        Some(element) => VecDeque::from([Item::Many(element, Type::UNKNOWN)]),
        None => items,
    }
}

/// The argument for one parameter, from the front or the back.
fn take(
    region: &Region<'_, '_>,
    items: &mut VecDeque<Item<'_>>,
    parameter: Type,
    front: bool,
) -> Option<Type> {
    let item = if front { items.front() } else { items.back() };
    match *item? {
        Item::One(element, ty) => {
            if front {
                items.pop_front();
            } else {
                items.pop_back();
            }
            check_bound(region, element, parameter, ty, &[], &[]);
            Some(ty)
        }
        Item::Many(element, ty) => {
            check_bound(region, element, parameter, ty, &[], &[]);
            Some(ty)
        }
        Item::Pack(element, _) => {
            invalid(region, element, "an unpacked `TypeVarTuple` cannot stand for one type");
            Some(Type::UNKNOWN)
        }
    }
}

/// What is left, as the value of the `TypeVarTuple`.
fn rest(region: &Region<'_, '_>, items: &VecDeque<Item<'_>>) -> Type {
    let variadic = items.iter().position(|item| !matches!(item, Item::One(..)));
    let types: Vec<Type> = items
        .iter()
        .map(|item| match *item {
            Item::One(_, ty) | Item::Many(_, ty) | Item::Pack(_, ty) => ty,
        })
        .collect();
    region.cx.pack(&types, variadic)
}
