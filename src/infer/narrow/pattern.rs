//! `match`: what a pattern says of its subject, and what it binds.
//! Source: Python reference, "Patterns".

use ruff_python_ast::{
    Expr, Identifier, Pattern, PatternMatchClass, PatternMatchMapping, PatternMatchSequence,
    Singleton, StmtMatch,
};
use ruff_text_size::Ranged;

use super::compare::{Equality, identity};
use super::each_member;
use super::instance::{self, Target};
use super::test::{self, matches};
use crate::index::{NodeId, PlaceExpr};
use crate::infer::expr::infer;
use crate::infer::region::Region;
use crate::types::{ClassFlags, ClassRef, Cx, Kind, Known, Member, MroEntry, TupleData, Type};

/// How many values of one element of a tuple are looked at by themselves.
const MAX_SPLIT: usize = 16;

/// Classes whose pattern takes one positional argument: the subject itself.
const SELF_MATCHING: [Known; 11] = [
    Known::Bool,
    Known::Bytearray,
    Known::Bytes,
    Known::Dict,
    Known::Float,
    Known::FrozenSet,
    Known::Int,
    Known::List,
    Known::Set,
    Known::Str,
    Known::Tuple,
];

/// The type of `place` after the pattern of a case matched, or did not.
pub(super) fn narrow_place(
    region: &Region<'_, '_>,
    stmt: &StmtMatch,
    case_index: usize,
    positive: bool,
    place: &PlaceExpr,
    ty: Type,
) -> Type {
    let Some(case) = stmt.cases.get(case_index) else { return ty };
    narrow_subject(region, &stmt.subject, &case.pattern, positive, place, ty)
}

fn narrow_subject(
    region: &Region<'_, '_>,
    subject: &Expr,
    pattern: &Pattern,
    positive: bool,
    place: &PlaceExpr,
    ty: Type,
) -> Type {
    if matches(place, subject) {
        return apply(region, pattern, ty, positive);
    }
    match (subject, pattern) {
        (Expr::Tuple(tuple), Pattern::MatchSequence(sequence))
            if tuple.elts.len() == sequence.patterns.len()
                && !sequence.patterns.iter().any(Pattern::is_match_star) =>
        {
            let mut result = ty;
            for (at, (element, part)) in tuple.elts.iter().zip(&sequence.patterns).enumerate() {
                // A failed match says something of an element only when all others match.
                let others_match = || {
                    let rest = tuple.elts.iter().zip(&sequence.patterns).enumerate();
                    rest.filter(|(other, _)| *other != at).all(|(_, (element, part))| {
                        part.is_irrefutable()
                            || always_matches(region, part, infer(region, element, None))
                    })
                };
                if positive || others_match() {
                    result = narrow_subject(region, element, part, positive, place, result);
                }
            }
            result
        }
        (Expr::Tuple(_), Pattern::MatchAs(alias)) => match &alias.pattern {
            Some(inner) => narrow_subject(region, subject, inner, positive, place, ty),
            None => ty,
        },
        (Expr::Tuple(_), Pattern::MatchOr(alternatives)) if positive => {
            let parts: Vec<Type> = alternatives
                .patterns
                .iter()
                .map(|part| narrow_subject(region, subject, part, true, place, ty))
                .collect();
            region.cx.union(parts)
        }
        (Expr::Attribute(_) | Expr::Subscript(_), _) => {
            test::by_part(region, subject, place, ty, &|part| {
                apply(region, pattern, part, positive)
            })
        }
        (Expr::Call(call), Pattern::MatchValue(value)) => {
            let is_type = matches!(&*call.func, Expr::Name(name) if name.id.as_str() == "type");
            match &*call.arguments.args {
                [argument] if is_type && matches(place, argument) => {
                    let class = infer(region, &value.value, None);
                    instance::exact_class(region.cx, ty, class, positive)
                }
                _ => ty,
            }
        }
        _ => ty,
    }
}

/// The type of the subject when a case is reached: what the cases before have left.
///
/// Every case asks, so what was left before each is remembered: a long `match` costs what it is long.
fn subject_before(region: &Region<'_, '_>, stmt: &StmtMatch, case_index: usize) -> Type {
    let subject = || infer(region, &stmt.subject, None);
    let Some(node) = NodeId::of(&*stmt.subject) else { return subject() };
    let mut at = case_index;
    let mut ty = loop {
        if at == 0 {
            break subject();
        }
        if let Some(known) = region.recall_subject(node, at) {
            break known;
        }
        at -= 1;
    };
    for (at, case) in stmt.cases.iter().enumerate().take(case_index).skip(at) {
        ty = region.remember_subject(node, at + 1, || {
            let before =
                if at == 0 { subject() } else { region.recall_subject(node, at).unwrap_or(ty) };
            if before.is_never() || before.is_dynamic() || case.guard.is_some() {
                return before;
            }
            apply(region, &case.pattern, before, false)
        });
    }
    ty
}

/// Whether a case can match, or fail to.
pub(super) fn is_possible(
    region: &Region<'_, '_>,
    stmt: &StmtMatch,
    case_index: usize,
    positive: bool,
) -> bool {
    let Some(case) = stmt.cases.get(case_index) else { return true };
    if case.pattern.is_irrefutable() {
        return positive;
    }
    let ty = subject_before(region, stmt, case_index);
    if ty.is_never() {
        return true;
    }
    match positive {
        true => !apply(region, &case.pattern, ty, true).is_never(),
        false => !always_matches(region, &case.pattern, ty),
    }
}

/// What is bound to a captured name.
pub(super) fn binding(
    region: &Region<'_, '_>,
    stmt: &StmtMatch,
    case_index: usize,
    name: &Identifier,
) -> Type {
    let Some(case) = stmt.cases.get(case_index) else { return Type::UNKNOWN };
    let ty = subject_before(region, stmt, case_index);
    bound(region, &case.pattern, ty, name).unwrap_or(Type::UNKNOWN)
}

/// A type after a pattern matched it, or did not.
fn apply(region: &Region<'_, '_>, pattern: &Pattern, ty: Type, positive: bool) -> Type {
    let cx = region.cx;
    match pattern {
        Pattern::MatchAs(alias) => match &alias.pattern {
            Some(inner) => apply(region, inner, ty, positive),
            None if positive => ty,
            None => Type::NEVER,
        },
        Pattern::MatchStar(_) => {
            if positive {
                ty
            } else {
                Type::NEVER
            }
        }
        Pattern::MatchOr(alternatives) => {
            let mut left = ty;
            let mut matched = Vec::new();
            for part in &alternatives.patterns {
                matched.push(apply(region, part, left, true));
                left = apply(region, part, left, false);
            }
            if positive { cx.union(matched) } else { left }
        }
        Pattern::MatchValue(value) => {
            let value = infer(region, &value.value, None);
            let equality = Equality::with(value, positive);
            each_member(cx, ty, &|member| equality.narrow(cx, member))
        }
        Pattern::MatchSingleton(singleton) => {
            let value = match singleton.value {
                Singleton::None => Type::NONE,
                Singleton::True => Type::TRUE,
                Singleton::False => Type::FALSE,
            };
            each_member(cx, ty, &|member| identity(cx, member, value, positive))
        }
        Pattern::MatchClass(class) => class_pattern(region, class, ty, positive),
        Pattern::MatchSequence(sequence) => {
            each_member(cx, ty, &|member| sequence_pattern(region, sequence, member, positive))
        }
        Pattern::MatchMapping(mapping) => {
            each_member(cx, ty, &|member| mapping_pattern(region, mapping, member, positive))
        }
    }
}

/// Whether nothing is left of a type after a pattern failed: known as soon as one of its members is left.
fn always_matches(region: &Region<'_, '_>, pattern: &Pattern, ty: Type) -> bool {
    let cx = region.cx;
    let ty = cx.expand_alias(ty);
    if ty.kind() == Kind::Union {
        return cx.members(ty).iter().all(|member| always_matches(region, pattern, member));
    }
    // One value is not all there is of an enum with several.
    let is_one_of_several = matches!(pattern, Pattern::MatchValue(_))
        && ty.as_instance().and_then(|class| cx.enum_len(class)).is_some_and(|len| len > 1);
    !is_one_of_several && apply(region, pattern, ty, false).is_never()
}

fn class_targets(region: &Region<'_, '_>, pattern: &PatternMatchClass) -> Option<Vec<Target>> {
    let mut found = Vec::new();
    instance::of_value(region.cx, infer(region, &pattern.cls, None), &mut found)?;
    Some(found)
}

/// The attribute that each sub-pattern looks at; `None` stands for the subject itself.
/// The member that names the attributes which positional patterns stand for.
fn match_args(cx: &Cx<'_>, class: ClassRef) -> Option<Member> {
    cx.class_lookup_after(Type::class(class), "__match_args__", None, false)
        .filter(|member| member.class.is_some())
}

/// Whether the positional pattern of a class is matched against the subject itself.
fn matches_self(cx: &Cx<'_>, class: ClassRef) -> bool {
    let info = cx.host.class(cx, class);
    SELF_MATCHING.iter().any(|&known| {
        cx.host.known(cx, known).is_some_and(|known| info.inherits(known) || class == known)
    })
}

/// How many positional patterns a class takes, if that can be told.
pub fn positional_limit(cx: &Cx<'_>, class: ClassRef) -> Option<usize> {
    if let Some(member) = match_args(cx, class) {
        let names = cx.as_tuple(member.place.ty)?;
        return names.variadic.is_none().then_some(names.elements.len());
    }
    let info = cx.host.class(cx, class);
    let is_open = info.is(ClassFlags::DYNAMIC_MEMBERS)
        || info.mro.iter().any(|entry| !matches!(entry, MroEntry::Class(..)));
    (!is_open).then(|| usize::from(matches_self(cx, class)))
}

fn class_parts<'p>(
    region: &Region<'_, '_>,
    pattern: &'p PatternMatchClass,
    targets: &[Target],
) -> Option<Vec<(Option<String>, &'p Pattern)>> {
    let cx = region.cx;
    let mut parts = Vec::new();
    let positional = &pattern.arguments.patterns;
    if !positional.is_empty() {
        let class = targets.first().and_then(|target| target.class)?;
        let names = match_args(cx, class).and_then(|member| cx.as_tuple(member.place.ty));
        match names {
            Some(names) => {
                for (part, &name) in positional.iter().zip(names.elements.iter()) {
                    parts.push((Some(cx.as_str(name)?.to_owned()), part));
                }
            }
            None => {
                let ([only], true) = (&**positional, matches_self(cx, class)) else { return None };
                parts.push((None, only));
            }
        }
    }
    for keyword in &pattern.arguments.keywords {
        parts.push((Some(keyword.attr.to_string()), &keyword.pattern));
    }
    Some(parts)
}

fn class_pattern(
    region: &Region<'_, '_>,
    pattern: &PatternMatchClass,
    ty: Type,
    positive: bool,
) -> Type {
    let cx = region.cx;
    let Some(targets) = class_targets(region, pattern) else { return ty };
    let parts = class_parts(region, pattern, &targets);
    let part_of = |member: Type, name: &Option<String>| match name {
        Some(name) => cx.attribute(member, name).found_all(),
        None => Some(member),
    };
    if positive {
        let narrowed = instance::instances(cx, ty, &targets, true);
        let Some(parts) = parts else { return narrowed };
        return each_member(cx, narrowed, &|member| {
            let mut result = member;
            for (name, part) in &parts {
                let Some(value) = part_of(result, name) else { continue };
                let inner = apply(region, part, value, true);
                if inner.is_never() && !value.is_never() {
                    return Type::NEVER;
                }
                if name.is_none() {
                    result = inner;
                }
            }
            result
        });
    }
    let Some(parts) = parts else { return ty };
    each_member(cx, ty, &|member| {
        let left = instance::instances(cx, member, &targets, false);
        if parts.is_empty() || cx.same(left, member) {
            return left;
        }
        // The class matches: the pattern fails only if a part of it does.
        if let [(None, part)] = parts.as_slice() {
            let inside = instance::instances(cx, member, &targets, true);
            return cx.union2(left, apply(region, part, inside, false));
        }
        let covered = parts.iter().all(|(name, part)| {
            part_of(member, name).is_some_and(|value| always_matches(region, part, value))
        });
        if covered { left } else { member }
    })
}

/// A tuple shape cut or stretched to the patterns: one type a pattern, and the starred part.
fn spread<'s>(shape: &TupleData<'s>, patterns: &[Pattern]) -> Option<Vec<Vec<Type>>> {
    let star = patterns.iter().position(Pattern::is_match_star);
    let (before, part, after) = shape.parts();
    let fixed = before.len() + after.len();
    let wanted = patterns.len() - usize::from(star.is_some());
    match (part, star) {
        (None, None) => (fixed == wanted).then(|| before.iter().map(|&ty| vec![ty]).collect()),
        (None, Some(at)) => {
            let rest = fixed.checked_sub(wanted)?;
            let mut result: Vec<Vec<Type>> = before[..at].iter().map(|&ty| vec![ty]).collect();
            result.push(before[at..at + rest].to_vec());
            result.extend(before[at + rest..].iter().map(|&ty| vec![ty]));
            Some(result)
        }
        (Some(part), None) => {
            let repeated = wanted.checked_sub(fixed)?;
            let all = before
                .iter()
                .copied()
                .chain(std::iter::repeat_n(part, repeated))
                .chain(after.iter().copied());
            Some(all.map(|ty| vec![ty]).collect())
        }
        (Some(part), Some(at)) => {
            let tail = patterns.len() - at - 1;
            let all: Vec<Type> =
                before.iter().chain(std::iter::once(&part)).chain(after).copied().collect();
            let mut result = Vec::new();
            for index in 0..at {
                result.push(vec![before.get(index).copied().unwrap_or(part)]);
            }
            let start = at.min(before.len());
            let end = all.len() - tail.min(after.len());
            result.push(all[start..end.max(start)].to_vec());
            for index in (0..tail).rev() {
                let from_end = after.len().checked_sub(index + 1);
                result.push(vec![from_end.map_or(part, |at| after[at])]);
            }
            Some(result)
        }
    }
}

fn is_text(cx: &Cx<'_>, ty: Type) -> bool {
    let instance = cx.fallback_instance(ty);
    [Known::Str, Known::Bytes, Known::Bytearray]
        .iter()
        .any(|&known| cx.is_instance_of(instance, known))
}

/// The element type of a sequence that is no tuple.
fn sequence_element(cx: &Cx<'_>, member: Type) -> Option<Type> {
    let sequence = cx.host.known(cx, Known::Sequence)?;
    let base = cx.as_super(member, sequence)?;
    cx.arguments_of(base).first().copied()
}

fn sequence_pattern(
    region: &Region<'_, '_>,
    pattern: &PatternMatchSequence,
    member: Type,
    positive: bool,
) -> Type {
    let cx = region.cx;
    if member.is_dynamic() {
        return member;
    }
    if is_text(cx, member) {
        return if positive { Type::NEVER } else { member };
    }
    if let Some(shape) = cx.tuple_shape(member) {
        return tuple_pattern(region, pattern, member, &shape, positive);
    }
    let only_star = matches!(&*pattern.patterns, [Pattern::MatchStar(_)]);
    if let Some(element) = sequence_element(cx, member) {
        if !positive {
            return if only_star { Type::NEVER } else { member };
        }
        let impossible = pattern.patterns.iter().any(|part| {
            !part.is_match_star()
                && !element.is_never()
                && apply(region, part, element, true).is_never()
        });
        return if impossible { Type::NEVER } else { member };
    }
    if !positive {
        return member;
    }
    let Some(sequence) = cx.host.known(cx, Known::Sequence) else { return member };
    if mapping_arguments(cx, member).is_some() {
        return Type::NEVER;
    }
    let element = if member.as_instance().is_some_and(|c| cx.is_known(c, Known::Object)) {
        cx.object()
    } else {
        Type::UNKNOWN
    };
    instance::to_class(cx, member, sequence, cx.generic(sequence, &[element]))
}

fn tuple_pattern<'s>(
    region: &Region<'_, 's>,
    pattern: &PatternMatchSequence,
    member: Type,
    shape: &TupleData<'s>,
    positive: bool,
) -> Type {
    let cx = region.cx;
    let Some(columns) = spread(shape, &pattern.patterns) else {
        return if positive { Type::NEVER } else { member };
    };
    if !positive {
        let covers_length = shape.variadic.is_none()
            || pattern.patterns.iter().any(Pattern::is_match_star)
                && pattern.patterns.len() - 1 < shape.elements.len();
        if !covers_length {
            return member;
        }
        let open: Vec<usize> = pattern
            .patterns
            .iter()
            .zip(&columns)
            .enumerate()
            .filter(|(_, (part, types))| {
                !part.is_match_star() && !types.iter().all(|&ty| always_matches(region, part, ty))
            })
            .map(|(at, _)| at)
            .collect();
        if open.len() > 1 && member.kind() == Kind::Tuple {
            return split_tuple(region, pattern, shape, open[0]).unwrap_or(member);
        }
        return match open.as_slice() {
            [] => Type::NEVER,
            // Only one element decides: it is what the pattern leaves of it.
            [at] if member.kind() == Kind::Tuple
                && shape.variadic.is_none()
                && columns.len() == shape.elements.len() =>
            {
                let mut elements = shape.elements.to_vec();
                elements[*at] = apply(region, &pattern.patterns[*at], elements[*at], false);
                cx.tuple(&elements)
            }
            _ => member,
        };
    }
    let mut elements = Vec::new();
    for (part, types) in pattern.patterns.iter().zip(&columns) {
        if part.is_match_star() {
            elements.extend_from_slice(types);
            continue;
        }
        for &ty in types {
            let inner = apply(region, part, ty, true);
            if inner.is_never() {
                return Type::NEVER;
            }
            elements.push(inner);
        }
    }
    let starred_variadic =
        shape.variadic.is_some() && pattern.patterns.iter().any(Pattern::is_match_star);
    if member.kind() == Kind::Tuple && !starred_variadic { cx.tuple(&elements) } else { member }
}

/// Where several elements decide, each value that the first of them may have is looked at by itself:
/// what the pattern leaves of all of them.
fn split_tuple<'s>(
    region: &Region<'_, 's>,
    pattern: &PatternMatchSequence,
    shape: &TupleData<'s>,
    at: usize,
) -> Option<Type> {
    let cx = region.cx;
    let elements = shape.elements;
    if shape.variadic.is_some() || elements.len() != pattern.patterns.len() {
        return None;
    }
    let element = *elements.get(at)?;
    let mut values: Vec<Type> = Vec::new();
    for part in cx.members(element).iter() {
        match cx.finite_len(part) {
            Some(len) if values.len() + len <= MAX_SPLIT => {
                values.extend(cx.expand_finite(part).into_iter().flatten());
            }
            None if element.kind() == Kind::Union && values.len() < MAX_SPLIT => values.push(part),
            _ => return None,
        }
    }
    if values.len() < 2 {
        return None;
    }
    let left = values.into_iter().map(|value| {
        let mut elements = elements.to_vec();
        elements[at] = value;
        let part = cx.tuple(&elements);
        let Some(shape) = cx.tuple_shape(part) else { return part };
        tuple_pattern(region, pattern, part, &shape, false)
    });
    Some(cx.union(left.collect::<Vec<_>>()))
}

/// The type of the value at a key of a mapping.
fn mapping_value(region: &Region<'_, '_>, member: Type, key: &Expr) -> Option<Type> {
    let cx = region.cx;
    if cx.info_of(member).is_some_and(|info| info.is(ClassFlags::TYPED_DICT)) {
        let key = infer(region, key, None);
        let name = cx.as_str(key)?;
        return match cx.typed_dict_item(member, name) {
            Some(field) => Some(field.ty),
            None => cx.typed_dict_extra(member).map_or(Some(Type::NEVER), |extra| Some(extra.0)),
        };
    }
    mapping_arguments(cx, member).map(|arguments| arguments.1)
}

fn mapping_arguments(cx: &Cx<'_>, member: Type) -> Option<(Type, Type)> {
    let mapping = cx.host.known(cx, Known::Mapping)?;
    let base = cx.as_super(member, mapping)?;
    match cx.arguments_of(base) {
        [key, value] => Some((*key, *value)),
        _ => None,
    }
}

fn mapping_pattern(
    region: &Region<'_, '_>,
    pattern: &PatternMatchMapping,
    member: Type,
    positive: bool,
) -> Type {
    let cx = region.cx;
    if member.is_dynamic() {
        return member;
    }
    let is_mapping = mapping_arguments(cx, member).is_some();
    let is_dict = cx.info_of(member).is_some_and(|info| info.is(ClassFlags::TYPED_DICT));
    if !positive {
        if !is_mapping && !is_dict {
            return member;
        }
        let covered = pattern.keys.iter().zip(&pattern.patterns).all(|(key, part)| {
            let name = infer(region, key, None);
            let required = is_dict
                && cx.as_str(name).is_some_and(|name| {
                    cx.typed_dict_items(member).iter().any(|f| &*f.name == name && f.required)
                });
            required
                && mapping_value(region, member, key)
                    .is_some_and(|value| always_matches(region, part, value))
        });
        return if covered { Type::NEVER } else { member };
    }
    if is_mapping || is_dict {
        let impossible = pattern.keys.iter().zip(&pattern.patterns).any(|(key, part)| {
            mapping_value(region, member, key).is_some_and(|value| {
                value.is_never() || apply(region, part, value, true).is_never()
            })
        });
        return if impossible { Type::NEVER } else { member };
    }
    let Some(mapping) = cx.host.known(cx, Known::Mapping) else { return member };
    if sequence_element(cx, member).is_some() {
        return Type::NEVER;
    }
    let part = if member.as_instance().is_some_and(|c| cx.is_known(c, Known::Object)) {
        cx.object()
    } else {
        Type::UNKNOWN
    };
    let ty = cx.generic(mapping, &[part, part]);
    instance::to_class(cx, member, mapping, ty)
}

/// What `pattern`, matched against `ty`, binds to `name`; `None` when it does not.
fn bound(region: &Region<'_, '_>, pattern: &Pattern, ty: Type, name: &Identifier) -> Option<Type> {
    let cx = region.cx;
    let is_name = |other: &Identifier| other.range == name.range;
    match pattern {
        Pattern::MatchValue(_) | Pattern::MatchSingleton(_) => None,
        Pattern::MatchStar(star) => {
            let own = star.name.as_ref().is_some_and(is_name);
            own.then(|| cx.known_generic(Known::List, &[ty]))
        }
        Pattern::MatchAs(alias) => {
            if alias.name.as_ref().is_some_and(is_name) {
                return Some(match &alias.pattern {
                    Some(inner) => apply(region, inner, ty, true),
                    None => ty,
                });
            }
            bound(region, alias.pattern.as_deref()?, ty, name)
        }
        Pattern::MatchOr(alternatives) => {
            // Every alternative binds the same names, but a definition is made for each.
            let mut left = ty;
            let mut found = Vec::new();
            for part in &alternatives.patterns {
                found.extend(bound(region, part, left, name));
                left = apply(region, part, left, false);
            }
            (!found.is_empty()).then(|| cx.union(found))
        }
        Pattern::MatchSequence(sequence) => sequence_binding(region, sequence, ty, name),
        Pattern::MatchMapping(mapping) => mapping_binding(region, mapping, ty, name),
        Pattern::MatchClass(class) => class_binding(region, class, ty, name),
    }
}

fn sequence_binding(
    region: &Region<'_, '_>,
    pattern: &PatternMatchSequence,
    ty: Type,
    name: &Identifier,
) -> Option<Type> {
    let cx = region.cx;
    let at = pattern.patterns.iter().position(|part| part.range().contains_range(name.range))?;
    let part = &pattern.patterns[at];
    let narrowed = each_member(cx, ty, &|member| sequence_pattern(region, pattern, member, true));
    let elements: Vec<Type> = cx
        .members(narrowed)
        .iter()
        .map(|member| {
            if member.is_dynamic() {
                return member;
            }
            match cx.tuple_shape(member).and_then(|shape| spread(&shape, &pattern.patterns)) {
                Some(columns) => match columns.get(at) {
                    Some(types) => cx.union(types.iter().copied()),
                    None => Type::NEVER,
                },
                None => sequence_element(cx, member)
                    .or_else(|| cx.iterate(member))
                    .unwrap_or(Type::UNKNOWN),
            }
        })
        .collect();
    bound(region, part, cx.union(elements), name)
}

fn mapping_binding(
    region: &Region<'_, '_>,
    pattern: &PatternMatchMapping,
    ty: Type,
    name: &Identifier,
) -> Option<Type> {
    let cx = region.cx;
    let narrowed = each_member(cx, ty, &|member| mapping_pattern(region, pattern, member, true));
    if pattern.rest.as_ref().is_some_and(|rest| rest.range == name.range) {
        let (mut keys, mut values) = (Vec::new(), Vec::new());
        for member in cx.members(narrowed).iter() {
            let (key, value) =
                mapping_arguments(cx, member).unwrap_or((Type::UNKNOWN, Type::UNKNOWN));
            keys.push(key);
            values.push(value);
        }
        return Some(cx.known_generic(Known::Dict, &[cx.union(keys), cx.union(values)]));
    }
    let at = pattern.patterns.iter().position(|part| part.range().contains_range(name.range))?;
    let values: Vec<Type> = cx
        .members(narrowed)
        .iter()
        .map(|member| mapping_value(region, member, &pattern.keys[at]).unwrap_or(Type::UNKNOWN))
        .collect();
    bound(region, &pattern.patterns[at], cx.union(values), name)
}

fn class_binding(
    region: &Region<'_, '_>,
    pattern: &PatternMatchClass,
    ty: Type,
    name: &Identifier,
) -> Option<Type> {
    let cx = region.cx;
    let Some(targets) = class_targets(region, pattern) else {
        let inner = argument_with(pattern, name)?;
        return bound(region, inner, Type::UNKNOWN, name);
    };
    let narrowed = class_pattern(region, pattern, ty, true);
    let Some(parts) = class_parts(region, pattern, &targets) else {
        let inner = argument_with(pattern, name)?;
        return bound(region, inner, Type::UNKNOWN, name);
    };
    let (attribute, part) =
        parts.into_iter().find(|(_, part)| part.range().contains_range(name.range))?;
    let value = match attribute {
        Some(attribute) => cx.attribute(narrowed, &attribute).ty,
        None => narrowed,
    };
    bound(region, part, value, name)
}

fn argument_with<'p>(pattern: &'p PatternMatchClass, name: &Identifier) -> Option<&'p Pattern> {
    let positional = pattern.arguments.patterns.iter();
    let keywords = pattern.arguments.keywords.iter().map(|keyword| &keyword.pattern);
    positional.chain(keywords).find(|part| part.range().contains_range(name.range))
}
