//! Fields: what a dataclass, named tuple, typed dict or enum is made of, inherited ones first.

use ruff_python_ast::StmtAnnAssign;
use ruff_text_size::Ranged;

use super::{Source, dataclass, enumeration, functional, open};
use crate::index::{DefinitionId, DefinitionNode, ScopeId};
use crate::infer::flow::is_reachable;
use crate::infer::region::{Region, with_region};
use crate::types::{ClassFlags, ClassInfo, ClassRef, Cx, Field, MroEntry, Qualifiers, Type};

/// The fields of a class; none for classes that have no such thing.
pub fn compute_fields(cx: &Cx<'_>, class: ClassRef) -> Vec<Field> {
    let info = cx.host.class(cx, class);
    if let Some(fields) = &info.synthesized {
        return fields.to_vec();
    }
    let wanted = ClassFlags::ENUM
        .union(ClassFlags::TYPED_DICT)
        .union(ClassFlags::NAMED_TUPLE)
        .union(ClassFlags::DATACLASS);
    if !info.flags.intersects(wanted) {
        return inherited_named_tuple(cx, info);
    }
    let mut fields = open(cx, class, |_, source| {
        let Source::Statement { body, .. } = source else { return Vec::new() };
        with_region(cx, class.module, body, |inside| {
            inside.quietly(|| own_and_inherited(inside, info, body))
        })
    });
    for field in &mut fields {
        field.class = field.class.or(Some(class));
    }
    fields
}

fn own_and_inherited(region: &Region<'_, '_>, info: &ClassInfo, body: ScopeId) -> Vec<Field> {
    if info.is(ClassFlags::ENUM) {
        return enumeration::members(region, info, body);
    }
    if info.is(ClassFlags::TYPED_DICT) {
        return typed_dict_items(region, info, body);
    }
    if info.is(ClassFlags::NAMED_TUPLE) {
        return named_tuple_fields(region, body);
    }
    dataclass::fields(region, info, body)
}

/// A class that inherits from a named tuple has its fields.
fn inherited_named_tuple(cx: &Cx<'_>, info: &ClassInfo) -> Vec<Field> {
    info.mro
        .iter()
        .skip(1)
        .find_map(|entry| match *entry {
            MroEntry::Class(base, ty) if cx.host.class(cx, base).is(ClassFlags::NAMED_TUPLE) => {
                Some(specialised(cx, base, ty))
            }
            _ => None,
        })
        .unwrap_or_default()
}

/// The fields of a base, in terms of the class that has it as the base `ty`.
pub(super) fn specialised(cx: &Cx<'_>, base: ClassRef, ty: Type) -> Vec<Field> {
    let with = cx.class_substitution(ty);
    let mut fields = cx.host.fields(cx, base).to_vec();
    for field in &mut fields {
        field.ty = cx.substitute(field.ty, &with);
        field.init_type = field.init_type.map(|ty| cx.substitute(ty, &with));
        field.default = field.default.map(|ty| cx.substitute(ty, &with));
    }
    fields
}

/// The fields of the bases that have some, in the order in which they are found; those of the nearest count.
pub(super) fn inherited(
    cx: &Cx<'_>,
    info: &ClassInfo,
    has_fields: impl Fn(&ClassInfo) -> bool,
) -> Vec<Field> {
    let bases = info.mro.iter().skip(1).filter_map(|entry| match *entry {
        MroEntry::Class(base, ty) => has_fields(cx.host.class(cx, base)).then_some((base, ty)),
        MroEntry::Dynamic(_) => None,
    });
    let bases: Vec<(ClassRef, Type)> = bases.collect();
    // An only base has those of all that are behind it already.
    if let ([base], Some(&(nearest, ty))) = (&*info.bases, bases.first())
        && cx.class_of(*base) == Some(nearest)
    {
        return specialised(cx, nearest, ty);
    }
    let mut fields = Vec::new();
    for &(base, ty) in bases.iter().rev() {
        for field in specialised(cx, base, ty) {
            insert(&mut fields, field);
        }
    }
    fields
}

/// Adds a field, or replaces the one of that name at its place.
pub(super) fn insert(fields: &mut Vec<Field>, field: Field) {
    match fields.iter_mut().find(|known| known.name == field.name) {
        Some(known) => *known = field,
        None => fields.push(field),
    }
}

/// Annotated names of a class body in order of their first annotation, each with its last one.
pub(super) fn annotated<'a>(
    region: &Region<'a, '_>,
    body: ScopeId,
) -> Vec<(&'a str, DefinitionId, &'a StmtAnnAssign)> {
    let scope = &region.index.scopes[body];
    let mut found = Vec::new();
    for place in &scope.places {
        if !place.expr.is_name() {
            continue;
        }
        let mut first = None;
        let mut last = None;
        for &definition in &place.definitions {
            let entry = &region.index.definitions[definition];
            let DefinitionNode::AnnotatedAssignment { stmt, target } =
                region.nodes().definitions[definition]
            else {
                continue;
            };
            if !target.is_name_expr() || !is_reachable(region, entry.reach) {
                continue;
            }
            first = first.or(Some(definition));
            last = Some((definition, stmt, target));
        }
        if let (Some(first), Some((definition, stmt, target))) = (first, last)
            && let Some(name) = target.as_name_expr()
        {
            found.push((first, (name.id.as_str(), definition, stmt)));
        }
    }
    found.sort_unstable_by_key(|entry| entry.0);
    found.into_iter().map(|entry| entry.1).collect()
}

fn named_tuple_fields(region: &Region<'_, '_>, body: ScopeId) -> Vec<Field> {
    annotated(region, body)
        .into_iter()
        .map(|(name, definition, stmt)| {
            let types = region.definition_types(definition);
            let mut field = Field::new(name, types.declared.unwrap_or(Type::UNKNOWN));
            field.has_default = stmt.value.is_some();
            field.range = stmt.target.range();
            field
        })
        .collect()
}

fn typed_dict_items(region: &Region<'_, '_>, info: &ClassInfo, body: ScopeId) -> Vec<Field> {
    let cx = region.cx;
    let mut fields = inherited(cx, info, |base| base.is(ClassFlags::TYPED_DICT));
    let total = info.is(ClassFlags::TOTAL);
    for (name, definition, stmt) in annotated(region, body) {
        let types = region.definition_types(definition);
        let mut field = Field::new(name, types.declared.unwrap_or(Type::UNKNOWN));
        field.required = functional::is_required(types.qualifiers, total);
        field.read_only = types.qualifiers.contains(Qualifiers::READ_ONLY);
        field.range = stmt.target.range();
        insert(&mut fields, field);
    }
    fields
}
