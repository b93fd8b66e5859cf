//! Subscripts: specialisation of classes, tuples by index, typed dicts by key, `__getitem__`.

use ruff_python_ast::{Expr, ExprSubscript};
use ruff_text_size::{Ranged, TextSize};

use crate::index::{NodeId, PlaceExpr, PlaceSegment};
use crate::infer::annotation;
use crate::infer::because;
use crate::infer::call;
use crate::infer::flow::{flow_value, is_only_tested};
use crate::infer::region::{Misfit, Region};
use crate::policy::{Policy, lists};
use crate::rules;
use crate::types::call::CallError;
use crate::types::{ClassFlags, Cx, Kind, Known, TupleData, Type};

/// The type of `value[slice]`.
pub fn infer(region: &Region<'_, '_>, subscript: &ExprSubscript) -> Type {
    let object = super::infer(region, &subscript.value, None);
    if let Some(ty) = annotation::subscript_value(region, subscript, object) {
        return ty;
    }
    let declared = subscript_type(region, subscript, object);
    let mut first = declared;
    if declared.kind() == Kind::Union
        && let Some(class) = super::gathered::class_at_key(region, subscript)
    {
        first = only_of(region.cx, declared, class);
    }
    check_step(region, subscript, object);
    let key = || vec![region.quietly(|| super::infer(region, &subscript.slice, None))];
    crate::infer::deprecated::check_operator(region, subscript, object, "__getitem__", key);
    narrowed(region, subscript, object, (declared, first))
}

/// What is known of an item that is declared as `declared` and begins as `first`, here and around a comprehension,
/// lambda or class body.
fn narrowed(
    region: &Region<'_, '_>,
    subscript: &ExprSubscript,
    object: Type,
    (declared, first): (Type, Type),
) -> Type {
    let scope = region.scope();
    let flow = NodeId::of(subscript).and_then(|node| region.index.flow_at(scope, node));
    if flow.is_none() && !region.sees_around() {
        return first;
    }
    let Some(expr) = place_of(subscript) else { return first };
    let known_by = |within: &Region<'_, '_>, (scope, place, flow), start: Type| {
        let value = flow_value(within, scope, place, flow, Some(start));
        // What was put in comes out, but for classes whose `__getitem__` makes something else of it.
        let fits = match declared.is_dynamic() {
            // Of what is not known only tests say what an item is.
            true if object.is_dynamic() => is_only_tested(within, scope, flow),
            true => gives_back(region.cx, object),
            false => region.cx.is_assignable(value.ty, declared),
        };
        if value.bound && fits { value.ty } else { start }
    };
    let mut known = first;
    if region.sees_around()
        && let Some(around) = region.index.enclosing_place_flow(scope, &expr)
        && let Some(owner) = region.region_of(around.0)
    {
        known = known_by(owner, around, known);
    }
    match (flow, region.index.scopes[scope].find_place(&expr)) {
        (Some(flow), Some(place)) => known_by(region, (scope, place, flow), known),
        _ => known,
    }
}

/// The members of a union that are of a class, if there are any.
fn only_of(cx: &Cx<'_>, ty: Type, class: Known) -> Type {
    let is_of = |member: &Type| cx.is_instance_of(cx.fallback_instance(*member), class);
    let members: Vec<Type> = cx.members(ty).iter().filter(is_of).collect();
    if members.is_empty() { ty } else { cx.union(members) }
}

/// Reports a step of zero in a slice of a builtin sequence.
fn check_step(region: &Region<'_, '_>, subscript: &ExprSubscript, object: Type) {
    const SEQUENCES: [Known; 5] =
        [Known::Tuple, Known::List, Known::Str, Known::Bytes, Known::Range];
    let cx = region.cx;
    let Expr::Slice(slice) = &*subscript.slice else { return };
    let Some(step) = slice.step.as_deref().filter(|_| !region.is_quiet()) else { return };
    let is_zero = region.quietly(|| super::infer(region, step, None)).as_int() == Some(0);
    let sequence = cx.class_of(cx.fallback_instance(object));
    let is_builtin =
        sequence.is_some_and(|class| SEQUENCES.iter().any(|&known| cx.is_known(class, known)));
    if is_zero && is_builtin {
        region.report(step, rules::zero_stepsize_in_slice::zero_stepsize_in_slice());
    }
}

/// Whether what is put into an object is what comes out: of collections of the standard library. A class of
/// one's own may make a value of `Any` from what it is given.
fn gives_back(cx: &Cx<'_>, object: Type) -> bool {
    !cx.holds(Policy::OwnItems)
        || cx.members(cx.expand_alias(object)).iter().all(|member| {
            let instance = cx.fallback_instance(member);
            let Some(class) = cx.class_of(instance) else { return true };
            let found = cx.class_lookup(cx.generic_class_of(instance, class), "__getitem__");
            found.and_then(|member| member.class).is_none_or(|owner| {
                lists::GIVES_BACK.contains(&&*cx.host.module(owner.module).name)
            })
        })
}

/// What an item of `object` is, as its type says it.
pub fn subscript_type(region: &Region<'_, '_>, subscript: &ExprSubscript, object: Type) -> Type {
    let cx = region.cx;
    let object = cx.expand_alias(object);
    if object.kind() == Kind::Union {
        let members = cx.opened_members(object);
        let failing = several_without(region, (object, &members), &subscript.value, "__getitem__");
        let parts: Vec<Type> = members
            .into_iter()
            .map(|member| {
                if failing.iter().any(|it| cx.same(*it, member)) {
                    return Type::UNKNOWN;
                }
                let generic = matches!(member.kind(), Kind::Class | Kind::GenericClass);
                Some(member)
                    .filter(|_| generic)
                    .and_then(|class| annotation::subscript_value(region, subscript, class))
                    .unwrap_or_else(|| subscript_type(region, subscript, member))
            })
            .collect();
        return cx.union(parts);
    }
    if object.is_dynamic() || object.is_never() || is_part_of_itself(region, subscript, object) {
        super::infer(region, &subscript.slice, None);
        return object;
    }
    if let Some(ty) = tuple_item(region, subscript, object) {
        return ty;
    }
    let is_typed_dict = cx.info_of(object).is_some_and(|info| info.is(ClassFlags::TYPED_DICT));
    if is_typed_dict && let Some(ty) = typed_dict_item(region, subscript, object) {
        return ty;
    }
    let index = super::infer(region, &subscript.slice, None);
    let Some(method) = cx.dunder(object, "__getitem__") else {
        return class_getitem(region, subscript, object, index);
    };
    let outcome = cx.call_outcome(method, &[index]);
    if !outcome.is_ok() {
        let errors = &outcome.errors;
        call::report_subscript(region, subscript, object, "__getitem__", errors);
    }
    outcome.returns
}

/// The `members` of a union that do not have the special method, if they are several: they are reported together. Classes
/// and forms have ways of their own.
fn several_without(
    region: &Region<'_, '_>,
    (union, members): (Type, &[Type]),
    node: &Expr,
    method: &str,
) -> Vec<Type> {
    let cx = region.cx;
    let lacks = |member: &Type| {
        !matches!(
            member.kind(),
            Kind::Class
                | Kind::GenericClass
                | Kind::SubclassOf
                | Kind::Special
                | Kind::TypeForm
                | Kind::AliasValue
                | Kind::TypeVar
                | Kind::Union
        ) && !member.is_dynamic()
            && !member.is_never()
            && !cx.info_of(*member).is_some_and(|info| info.is(ClassFlags::TYPED_DICT))
            && cx.dunder(*member, method).is_none()
    };
    let failing: Vec<Type> = members.iter().copied().filter(lacks).collect();
    if failing.len() < 2 {
        return Vec::new();
    }
    if !region.is_quiet() {
        let members: Vec<_> = failing.iter().map(|&ty| cx.display(ty)).collect();
        let rule = rules::non_subscriptable::non_subscriptable_members;
        let finding = rule(cx.display(union), &members, method);
        let finding = match failing.iter().any(|ty| ty.is_none()) {
            true => because::none_from(region, finding, node, union, None),
            false => finding,
        };
        region.report(node, finding);
    }
    failing
}

/// Whether a part of a constrained type variable is of its type again, whichever constraint it stands for.
/// Source: typing spec, "Generics", "Type variables with constraints".
fn is_part_of_itself(region: &Region<'_, '_>, subscript: &ExprSubscript, object: Type) -> bool {
    let cx = region.cx;
    if object.kind() != Kind::TypeVar {
        return false;
    }
    let constraints = cx.constraints_of(object);
    let part = |each: Type| region.quietly(|| subscript_type(region, subscript, each));
    !constraints.is_empty() && constraints.iter().all(|&each| cx.is_equivalent(part(each), each))
}

fn class_getitem(
    region: &Region<'_, '_>,
    subscript: &ExprSubscript,
    object: Type,
    index: Type,
) -> Type {
    let cx = region.cx;
    if matches!(object.kind(), Kind::Class | Kind::GenericClass | Kind::SubclassOf) {
        if let Some(method) = cx.attribute(object, "__class_getitem__").found_all()
            && !method.is_unknown()
        {
            let outcome = cx.call_outcome(method, &[index]);
            if !outcome.is_ok() {
                let name = "__class_getitem__";
                let errors = &outcome.errors;
                call::report_subscript(region, subscript, object, name, errors);
            }
            return outcome.returns;
        }
        let dynamic = cx.info_of(object).is_none_or(|info| info.is_dynamic());
        if dynamic || object.kind() == Kind::SubclassOf {
            return Type::UNKNOWN;
        }
    }
    if matches!(object.kind(), Kind::Special | Kind::TypeForm | Kind::AliasValue) {
        return Type::UNKNOWN;
    }
    let finding = rules::non_subscriptable::non_subscriptable(cx.display(object), "__getitem__");
    let finding = because::member_fails(region, finding, &subscript.value, object);
    let works = |it| cx.dunder(it, "__getitem__").is_some();
    let finding = because::await_missing(region, finding, object, works);
    region.report(&*subscript.value, finding);
    Type::UNKNOWN
}

/// A tuple by a literal index or slice.
fn tuple_item(region: &Region<'_, '_>, subscript: &ExprSubscript, object: Type) -> Option<Type> {
    let cx = region.cx;
    let shape = cx.tuple_shape(object)?;
    let (before, part, after) = shape.parts();
    if let Expr::Slice(slice) = &*subscript.slice {
        return match part {
            None => slice_tuple(region, slice, before),
            Some(part) => slice_open_tuple(region, slice, (before, part, after)),
        };
    }
    let index = super::infer(region, &subscript.slice, None);
    if index.kind() != Kind::Union {
        return tuple_element(region, subscript, object, &shape, index.as_int()?);
    }
    // Each literal of a union picks its own element.
    let indexes: Option<Vec<i64>> = cx.members(index).iter().map(Type::as_int).collect();
    let found: Option<Vec<Type>> = indexes?
        .into_iter()
        .map(|index| tuple_element(region, subscript, object, &shape, index))
        .collect();
    Some(cx.union(found?))
}

/// The element of a tuple at a literal index.
fn tuple_element<'s>(
    region: &Region<'_, 's>,
    subscript: &ExprSubscript,
    object: Type,
    shape: &TupleData<'s>,
    index: i64,
) -> Option<Type> {
    let cx = region.cx;
    let (before, part, after) = shape.parts();
    let pick =
        |list: &[Type], at: i64| usize::try_from(at).ok().and_then(|at| list.get(at)).copied();
    let Some(part) = part else {
        let len = i64::try_from(before.len()).ok()?;
        let at = if index < 0 { index + len } else { index };
        let found = pick(before, at);
        if found.is_none() {
            let finding = rules::index_out_of_bounds::index_out_of_bounds(
                cx.display(object),
                index,
                before.len(),
            );
            region.report(&*subscript.slice, finding);
            return Some(Type::UNKNOWN);
        }
        return found;
    };
    let is_pack = part.kind() == Kind::TypeVar
        && cx.as_type_var(part).is_some_and(|d| d.kind == crate::types::TypeVarKind::TypeVarTuple);
    let least = i64::try_from(before.len() + after.len()).ok()?;
    if is_pack && (index >= least || index < -least) {
        // The variable may stand for nothing.
        let rule = rules::index_out_of_bounds::index_out_of_bounds;
        let finding = rule(cx.display(object), index, before.len() + after.len());
        region.report(&*subscript.slice, finding);
    }
    let element = if is_pack { cx.object() } else { part };
    if index >= 0 {
        return pick(before, index).or_else(|| {
            let rest: Vec<Type> = std::iter::once(element).chain(after.iter().copied()).collect();
            Some(cx.union(rest))
        });
    }
    let len = i64::try_from(after.len()).ok()?;
    pick(after, index + len)
        .filter(|_| index + len >= 0)
        .or_else(|| Some(cx.union(before.iter().copied().chain([element]).collect::<Vec<_>>())))
}

fn slice_tuple(
    region: &Region<'_, '_>,
    slice: &ruff_python_ast::ExprSlice,
    elements: &[Type],
) -> Option<Type> {
    let bound = |expr| slice_bound(region, expr);
    let (lower, upper, step) = (bound(&slice.lower)?, bound(&slice.upper)?, bound(&slice.step)?);
    let (len, step) = (i64::try_from(elements.len()).ok()?, step.unwrap_or(1));
    if step == 0 {
        return None;
    }
    // Where a slice may begin and end: backwards, both lie one place lower.
    let (least, most) = if step > 0 { (0, len) } else { (-1, len - 1) };
    let clamp = |value: i64| {
        let value = if value < 0 { value.saturating_add(len) } else { value };
        value.clamp(least, most)
    };
    let mut at = lower.map_or(if step > 0 { least } else { most }, clamp);
    let end = upper.map_or(if step > 0 { most } else { least }, clamp);
    let mut taken = Vec::new();
    while if step > 0 { at < end } else { at > end } {
        taken.push(*elements.get(usize::try_from(at).ok()?)?);
        at = at.saturating_add(step);
    }
    Some(region.cx.tuple(&taken))
}

/// A bound of a slice as far as it is written: `None` when it is not a literal integer.
fn slice_bound(region: &Region<'_, '_>, expr: &Option<Box<Expr>>) -> Option<Option<i64>> {
    match expr {
        None => Some(None),
        Some(expr) => super::infer(region, expr, None).as_int().map(Some),
    }
}

/// A slice that takes away some of the elements before or after the part without end.
fn slice_open_tuple(
    region: &Region<'_, '_>,
    slice: &ruff_python_ast::ExprSlice,
    (before, part, after): (&[Type], Type, &[Type]),
) -> Option<Type> {
    if slice.step.is_some() {
        return None;
    }
    let lower = slice_bound(region, &slice.lower)?.unwrap_or(0);
    let upper = slice_bound(region, &slice.upper)?.unwrap_or(0);
    let has_upper = slice.upper.is_some();
    let head = before.get(usize::try_from(lower).ok()?..)?;
    if has_upper && upper >= 0 {
        return None;
    }
    let cut = usize::try_from(-upper).ok()?;
    let tail = after.get(..after.len().checked_sub(cut)?)?;
    let elements: Vec<Type> =
        head.iter().copied().chain([part]).chain(tail.iter().copied()).collect();
    Some(region.cx.tuple_with(&elements, Some(head.len())))
}

/// An item of a typed dict by its key. Source: typing spec, "Typed dictionaries".
fn typed_dict_item(
    region: &Region<'_, '_>,
    subscript: &ExprSubscript,
    object: Type,
) -> Option<Type> {
    let cx = region.cx;
    let key = super::infer(region, &subscript.slice, None);
    let items = cx.typed_dict_items(object);
    let mut results = Vec::new();
    for part in cx.members(key).iter() {
        let Some(text) = cx.as_str(part) else {
            if part.is_dynamic() {
                return Some(Type::UNKNOWN);
            }
            if let Some((extra, false)) = cx.typed_dict_extra(object)
                && cx.is_assignable(part, cx.known_instance(crate::types::Known::Str))
            {
                results.push(cx.union(items.iter().map(|item| item.ty).chain([extra])));
                continue;
            }
            let names: Vec<&str> = items.iter().map(|item| &*item.name).collect();
            let finding =
                rules::invalid_key::non_literal_key(cx.display(object), cx.display(part), &names);
            region.report(&*subscript.slice, finding);
            return Some(Type::UNKNOWN);
        };
        if let Some(item) = items.iter().find(|item| &*item.name == text) {
            results.push(item.ty);
            continue;
        }
        if let Some((extra, false)) = cx.typed_dict_extra(object) {
            results.push(extra);
            continue;
        }
        let finding = rules::invalid_key::invalid_key(
            cx.display(object),
            text,
            items.iter().map(|item| &*item.name),
        );
        region.report(&*subscript.slice, finding);
        results.push(Type::UNKNOWN);
    }
    Some(cx.union(results))
}

/// Checks `object[key] = value`.
pub fn assign_subscript(
    region: &Region<'_, '_>,
    target: &ExprSubscript,
    value: Type,
    value_node: Option<&Expr>,
) {
    let cx = region.cx;
    let object = super::infer(region, &target.value, None);
    let key = super::infer(region, &target.slice, None);
    let object = cx.expand_alias(object);
    let members = cx.opened_members(object);
    let failing = several_without(region, (object, &members), &target.value, "__setitem__");
    for member in members {
        let is_reported = failing.iter().any(|it| cx.same(*it, member));
        if member.is_dynamic() || member.is_never() || is_reported {
            continue;
        }
        if cx.info_of(member).is_some_and(|info| info.is(ClassFlags::TYPED_DICT)) {
            crate::infer::typed_dict::check_item_assignment(
                region, target, member, key, value, value_node,
            );
            continue;
        }
        let Some(method) = cx.dunder(member, "__setitem__") else {
            let finding =
                rules::non_subscriptable::non_subscriptable(cx.display(member), "__setitem__");
            let finding = because::member_fails(region, finding, &target.value, member);
            region.report(&*target.value, finding);
            continue;
        };
        crate::infer::deprecated::check_operator(region, target, member, "__setitem__", || {
            vec![key, value]
        });
        let outcome = cx.call_outcome(method, &[key, value]);
        if !outcome.is_ok()
            && !retry_with_context(region, method, key, value_node)
            && !super::gathered::is_record(region, &target.value, member)
        {
            report_item(region, target, member, (key, value, value_node), outcome.errors.first());
        }
    }
}

/// How many bytes are between a target and its value on one line.
const WITH_BLANKS: TextSize = TextSize::new(3);

/// Reports an item that `object` does not take, and whether it is the key or the value that does not fit.
fn report_item<'s>(
    region: &Region<'_, 's>,
    target: &ExprSubscript,
    object: Type,
    (key, value, value_node): (Type, Type, Option<&Expr>),
    error: Option<&CallError<'s>>,
) {
    let cx = region.cx;
    if region.is_quiet() {
        return;
    }
    if let Some(CallError::Argument { index, expected, found, .. }) = error {
        let part = if *index == 0 { "a key" } else { "an item" };
        let (wanted, given) = cx.display_apart(*expected, *found);
        let rule = rules::invalid_assignment::invalid_part_of_item;
        let finding = rule(cx.display(object), part, wanted, given);
        let culprit = match value_node {
            Some(value) if *index == 1 => Some(value),
            _ => None,
        };
        let finding = match culprit {
            Some(value) => because::none_from(region, finding, value, *found, Some(*expected)),
            None => finding,
        };
        let finding = because::held_by(region, finding, &target.value);
        // What stands on a line of its own is reported where the statement begins, as everybody does.
        let is_beside = |value: &&Expr| {
            let between = value.start().checked_sub(target.end());
            between.is_some_and(|between| between <= WITH_BLANKS)
        };
        let range = culprit.filter(is_beside).map_or(target.range(), Ranged::range);
        region.report_misfit(range, finding, Misfit::Value(*found, *expected));
        return;
    }
    let finding = rules::invalid_assignment::invalid_item_assignment(
        cx.display(object),
        cx.display(key),
        cx.display(value),
    );
    let finding = match error {
        Some(error) => call::with_reason(region, finding, error, &[key, value]),
        None => finding,
    };
    region.report(target, finding);
}

/// A display on the right may fit once it is known what it is for.
fn retry_with_context(
    region: &Region<'_, '_>,
    method: Type,
    key: Type,
    value_node: Option<&Expr>,
) -> bool {
    let cx = region.cx;
    let Some(node) = value_node else { return false };
    let Some(signatures) = cx.signatures(method) else { return false };
    signatures.iter().any(|signature| {
        let Some(parameter) = signature.parameters.get(1) else { return false };
        let value = region.quietly(|| super::infer(region, node, Some(parameter.ty)));
        cx.call_with(method, &[key, value]).is_some()
    })
}

/// Checks `del object[key]`.
pub fn delete_subscript(region: &Region<'_, '_>, target: &ExprSubscript) {
    let cx = region.cx;
    let object = super::infer(region, &target.value, None);
    let key = super::infer(region, &target.slice, None);
    for member in cx.members(cx.expand_alias(object)).iter() {
        if member.is_dynamic() {
            continue;
        }
        if cx.info_of(member).is_some_and(|info| info.is(ClassFlags::TYPED_DICT)) {
            crate::infer::typed_dict::check_item_deletion(region, target, member, key);
            continue;
        }
        crate::infer::deprecated::check_operator(region, target, member, "__delitem__", || {
            vec![key]
        });
        if cx.call_dunder(member, "__delitem__", &[key]).is_none() {
            let finding =
                rules::non_subscriptable::non_subscriptable(cx.display(member), "__delitem__");
            let finding = because::member_fails(region, finding, &target.value, member);
            region.report(&*target.value, finding);
        }
    }
}

/// The place that a subscript spells.
fn place_of(subscript: &ExprSubscript) -> Option<PlaceExpr> {
    let mut place = PlaceExpr::from_expr(&subscript.value)?;
    if place.segments.len() >= crate::index::MAX_SEGMENTS {
        return None;
    }
    place.segments.push(match &*subscript.slice {
        Expr::StringLiteral(key) => PlaceSegment::Key(key.value.to_str().into()),
        slice => PlaceSegment::Index(literal_index(slice)?),
    });
    Some(place)
}

/// The integer that a subscript is written as.
fn literal_index(slice: &Expr) -> Option<i64> {
    match slice {
        Expr::NumberLiteral(number) => match &number.value {
            ruff_python_ast::Number::Int(value) => value.as_i64(),
            _ => None,
        },
        Expr::UnaryOp(unary) if unary.op == ruff_python_ast::UnaryOp::USub => {
            literal_index(&unary.operand).map(|value| -value)
        }
        _ => None,
    }
}
