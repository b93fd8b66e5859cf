//! The members of a class's own body, those set on `self` in its methods, and those made for it.

use ruff_python_ast::{Expr, UnaryOp};
use rustc_hash::FxHashSet;

use super::{enumeration, synthesize};
use crate::index::{
    DefinitionId, DefinitionKind, DefinitionNode, InstanceAttribute, MemberName, Place, Reach,
    ScopeId, ScopeKind,
};
use crate::infer::expr;
use crate::infer::flow::{flow_value, is_reachable};
use crate::infer::region::{Region, with_region};
use crate::policy::Policy;
use crate::source::any_within;
use crate::types::{
    Boundness, ClassFlags, ClassInfo, ClassRef, Cx, Kind, Known, ModuleId, MroEntry, PlaceType,
    Qualifiers, Substitution, Type,
};

/// The scope of the body of a class that a statement makes. It is read off the index: the tree may be gone.
pub fn body_of(cx: &Cx<'_>, class: ClassRef) -> Option<ScopeId> {
    if class.index & ClassRef::IN_BASES != 0 {
        return None;
    }
    cx.host.index(class.module).class_body(DefinitionId::from_u32(class.definition().index))
}

/// A name in the class's own body, or set on `self` in its methods, or synthesised.
pub fn compute_class_member(cx: &Cx<'_>, class: ClassRef, name: &str) -> Option<PlaceType> {
    let Some(body) = body_of(cx, class) else { return synthesize::of_call(cx, class, name) };
    with_region(cx, class.module, body, |region| {
        region.quietly(|| {
            written(region, class, body, name).or_else(|| synthesize::of_statement(cx, class, name))
        })
    })
}

fn written(
    region: &Region<'_, '_>,
    class: ClassRef,
    body: ScopeId,
    name: &str,
) -> Option<PlaceType> {
    let scope = &region.index.scopes[body];
    let own = scope
        .place_by_name(name)
        .map(|place| (place, scope.place(place)))
        .filter(|(_, place)| place.is_bound() || place.is_declared());
    if let Some((id, place)) = own
        && let Some(found) = body_place(region, class, body, id, place, name)
    {
        return Some(found);
    }
    instance_place(region, class, body, name)
}

/// What the declarations of a place say: type, qualifiers, and the definition.
struct Declared {
    ty: Option<Type>,
    qualifiers: Qualifiers,
    definition: DefinitionId,
}

fn declaration(region: &Region<'_, '_>, place: &Place) -> Option<Declared> {
    place.definitions.iter().rev().find_map(|&definition| {
        let entry = &region.index.definitions[definition];
        if entry.kind != DefinitionKind::AnnotatedAssignment || !is_reachable(region, entry.reach) {
            return None;
        }
        let types = region.definition_types(definition);
        let ty = types.declared.filter(|_| !types.qualifiers.contains(Qualifiers::TYPE_ALIAS));
        Some(Declared { ty, qualifiers: types.qualifiers, definition })
    })
}

fn body_place(
    region: &Region<'_, '_>,
    class: ClassRef,
    body: ScopeId,
    id: crate::index::PlaceId,
    place: &Place,
    name: &str,
) -> Option<PlaceType> {
    let cx = region.cx;
    let info = cx.host.class(cx, class);
    if info.is(ClassFlags::TYPED_DICT) && place.is_declared() {
        // An item is a key and no attribute.
        return None;
    }
    if info.is(ClassFlags::ENUM)
        && let Some(definition) = enumeration::member_definition(region, body, name)
    {
        let fields = cx.host.fields(cx, class);
        let member = enumeration::canonical(region, fields, definition, name);
        let ty = cx.enum_literal(class, member);
        return Some(PlaceType {
            definition: Some(region.def_ref(definition)),
            qualifiers: Qualifiers::FINAL,
            ..PlaceType::bound(ty)
        });
    }
    let declared = declaration(region, place);
    let value = flow_value(region, body, id, place.end_flow, None);
    if declared.is_none() && !value.bound && value.unbound {
        return None;
    }
    let last = last_definition(region, place);
    let mut qualifiers = declared.as_ref().map_or(Qualifiers::empty(), |each| each.qualifiers);
    if info.is(ClassFlags::NAMED_TUPLE) && declared.is_some() {
        qualifiers.insert(Qualifiers::READ_ONLY);
    }
    let definition = declared.as_ref().map(|each| each.definition).or(last);
    let result = |ty: Type, declared: Option<Type>| PlaceType {
        ty,
        declared,
        qualifiers,
        boundness: if declared.is_some() { Boundness::Bound } else { value.boundness() },
        definition: definition.map(|definition| region.def_ref(definition)),
        has_value: value.bound,
    };
    if let Some(ty) = declared.as_ref().and_then(|each| each.ty) {
        // An `InitVar` is only passed on; what stays is its default.
        if qualifiers.contains(Qualifiers::INIT_VAR) && !value.bound {
            return None;
        }
        return Some(result(ty, Some(ty)));
    }
    let kind = last.map(|definition| region.index.definitions[definition].kind);
    let is_variable = matches!(
        kind,
        Some(
            DefinitionKind::Assignment
                | DefinitionKind::AugmentedAssignment
                | DefinitionKind::For
                | DefinitionKind::WithItem
                | DefinitionKind::NamedExpression
        )
    );
    if !is_variable {
        // A method that does nothing but raise stands for the one that instances are given.
        let is_replaced = cx.holds(Policy::ReplacedMethod)
            && kind == Some(DefinitionKind::Function)
            && region.index.instance_attribute(body, name).len() > 0
            && never_returns(cx, value.ty);
        return Some(result(if is_replaced { Type::UNKNOWN } else { value.ty }, None));
    }
    if let Some((ty, more)) = inherited_declaration(cx, info, name) {
        let mut place = result(ty, Some(ty));
        place.qualifiers.insert(more);
        return Some(place);
    }
    if name == "__slots__" {
        return Some(result(slots(region, last).unwrap_or(value.ty), None));
    }
    if qualifiers.contains(Qualifiers::FINAL) || name == "__match_args__" {
        return Some(result(value.ty, None));
    }
    let own = widened(cx, unwrap_nonmember(cx, value.ty));
    if is_descriptor(cx, own) || region.cx.host.module(region.module).is_stub {
        return Some(result(own, None));
    }
    let set_in_methods = assigned_in_methods(region, body, name, Some(own));
    let Some((ty, on_class)) = set_in_methods else {
        // By `name = None` alone is meant that subclasses say more; a library that declares nothing is
        // never `None` where it matters.
        let is_placeholder = own.is_none() && name != "__hash__";
        let own = match is_placeholder && cx.holds(Policy::PlaceholderNone) {
            true if !region.cx.host.module(region.module).is_checked => Type::UNKNOWN,
            true => cx.union2(Type::UNKNOWN, own),
            false => own,
        };
        return Some(result(own, None));
    };
    let mut place = result(cx.union2(own, ty), None);
    if !on_class {
        place.qualifiers.insert(Qualifiers::SET_ON_INSTANCE);
    }
    if own.is_none() && cx.holds(Policy::PlaceholderNone) {
        place.qualifiers.insert(Qualifiers::PLACEHOLDER);
    }
    Some(place)
}

fn never_returns(cx: &Cx<'_>, ty: Type) -> bool {
    let signatures = cx.signatures(ty).unwrap_or_default();
    !signatures.is_empty() && signatures.iter().all(|each| cx.return_of(each).is_never())
}

/// What an attribute that was given `ty` holds: any `int` for `1`, any tuple for `()`.
fn widened(cx: &Cx<'_>, ty: Type) -> Type {
    cx.map_union(cx.promote_literals(ty), |member| {
        let is_empty = cx.holds(Policy::EmptyTuple)
            && member.kind() == Kind::Tuple
            && cx.tuple_shape(member).is_some_and(|shape| shape.fixed_len() == Some(0));
        if is_empty { cx.tuple_with(&[Type::UNKNOWN], Some(0)) } else { member }
    })
}

/// `__slots__` as a list of strings, with the names that it lists.
fn slots(region: &Region<'_, '_>, definition: Option<DefinitionId>) -> Option<Type> {
    let cx = region.cx;
    let DefinitionNode::Assignment { stmt, .. } = region.nodes().definitions[definition?] else {
        return None;
    };
    let Expr::List(list) = &*stmt.value else { return None };
    let names: Option<Vec<Type>> = list
        .elts
        .iter()
        .map(|element| super::string_literal(element).map(|name| cx.str_literal(name)))
        .collect();
    names.filter(|names| !names.is_empty()).map(|n| cx.known_generic(Known::List, &[cx.union(n)]))
}

fn unwrap_nonmember(cx: &Cx<'_>, ty: Type) -> Type {
    let hit = ty.kind() == Kind::Generic
        && cx.class_of(ty).is_some_and(|class| cx.is_known(class, Known::EnumNonMember));
    if hit { cx.arguments_of(ty).first().copied().unwrap_or(Type::UNKNOWN) } else { ty }
}

fn last_definition(region: &Region<'_, '_>, place: &Place) -> Option<DefinitionId> {
    place.definitions.iter().rev().copied().find(|&definition| {
        let entry = &region.index.definitions[definition];
        entry.category.is_binding() && is_reachable(region, entry.reach)
    })
}

fn is_descriptor(cx: &Cx<'_>, ty: Type) -> bool {
    let Some(class) =
        cx.class_of(ty).filter(|_| matches!(ty.kind(), Kind::Instance | Kind::Generic))
    else {
        return matches!(ty.kind(), Kind::Property | Kind::Function | Kind::Method);
    };
    let class_object = cx.generic_class_of(ty, class);
    ["__get__", "__set__"].iter().any(|name| {
        cx.class_lookup_after(class_object, name, None, false).is_some_and(|m| m.class.is_some())
    })
}

/// The type that a base declares for the name that `definition` assigns in a class body.
pub fn inherited_type(region: &Region<'_, '_>, definition: DefinitionId) -> Option<Type> {
    let entry = &region.index.definitions[definition];
    let class = region.class_of_scope(entry.scope)?;
    let info = region.cx.host.class(region.cx, class);
    if info.is(ClassFlags::ENUM) || info.is(ClassFlags::TYPED_DICT) {
        return None;
    }
    let name = region.index.scopes[entry.scope].place(entry.place).expr.root.as_str();
    let (ty, _) = inherited_declaration(region.cx, info, name)?;
    let of_this_class = Substitution::new().with_self(region.cx.identity_instance(class));
    Some(region.cx.substitute(ty, &of_this_class))
}

/// The type that a base declares for a name that the class itself only assigns.
fn inherited_declaration(cx: &Cx<'_>, info: &ClassInfo, name: &str) -> Option<(Type, Qualifiers)> {
    if name.starts_with("__")
        && (!name.ends_with("__")
            || matches!(name, "__slots__" | "__match_args__" | "__hash__" | "__doc__"))
    {
        return None;
    }
    for entry in info.mro.iter().skip(1) {
        // A base that is not known may have the name too, and has to fit what the others declare.
        let MroEntry::Class(base, ty) = *entry else { continue };
        let Some(place) = cx.host.class_member(cx, base, name) else { continue };
        // That a final name is replaced at all is said by a rule of its own.
        let declared = place.declared.filter(|_| !place.qualifiers.contains(Qualifiers::FINAL))?;
        let kept = place.qualifiers & (Qualifiers::CLASS_VAR | Qualifiers::READ_ONLY);
        return Some((cx.substitute(declared, &cx.class_substitution(ty)), kept));
    }
    None
}

/// Whether methods alone give the objects of `class` an attribute, and nothing declares it: no class that it has above it
/// binds the name or annotates it. What is assigned to such an attribute is what is read back. It is seen without
/// inferring anything, so that an attribute does not depend on itself.
pub fn is_plain_attribute(cx: &Cx<'_>, class: ClassRef, name: &str) -> bool {
    if synthesize::may_be_made(name) {
        return false;
    }
    let mut is_made = false;
    for entry in &cx.host.class(cx, class).mro {
        let MroEntry::Class(class, _) = *entry else { continue };
        let Some(body) = body_of(cx, class) else { return false };
        let index = cx.host.index(class.module);
        if index.member_name(DefinitionId::from_u32(class.index), name) == MemberName::NotWritten {
            continue;
        }
        let scope = &index.scopes[body];
        let own = scope.place_by_name(name).map(|place| scope.place(place));
        let is_annotated = |attribute: &InstanceAttribute| {
            let kind = index.definitions[attribute.definition].kind;
            kind == DefinitionKind::AnnotatedAssignment
        };
        let mut assigned = index.instance_attribute(body, name);
        if own.is_some_and(|place| place.is_bound() || place.is_declared())
            || assigned.len() == 0
            || assigned.any(is_annotated)
        {
            return false;
        }
        is_made = true;
    }
    is_made
}

/// The union of what the methods assign to an attribute of `self`, and whether all of it is
/// assigned to the class.
fn assigned_in_methods(
    region: &Region<'_, '_>,
    body: ScopeId,
    name: &str,
    on_body: Option<Type>,
) -> Option<(Type, bool)> {
    let attributes = region.index.instance_attribute(body, name);
    if attributes.len() == 0 {
        return None;
    }
    let cx = region.cx;
    let on_class = attributes.clone().all(|attribute| attribute.on_class);
    let type_of = |method: &Region<'_, '_>, attribute: &InstanceAttribute| {
        let bound = match attribute.in_loop {
            true => looped(cx, region.module, attribute),
            false => method.quietly(|| method.definition_types(attribute.definition).bound),
        };
        let bound = bound.unwrap_or(Type::UNKNOWN);
        declared_literals(method, attribute, bound).unwrap_or_else(|| widened(cx, bound))
    };
    // Those of one method in one go: each may be made of the one before.
    let types_of = |attributes: &[&InstanceAttribute]| -> Vec<Type> {
        let of_method = |chunk: &[&InstanceAttribute]| -> Vec<Type> {
            with_region(cx, region.module, chunk[0].method_scope, |method| {
                chunk.iter().map(|attribute| type_of(method, attribute)).collect()
            })
        };
        let of_one_method =
            |a: &&InstanceAttribute, b: &&InstanceAttribute| a.method_scope == b.method_scope;
        attributes.chunk_by(of_one_method).flat_map(of_method).collect()
    };
    // What is made of the attribute itself (`self.n = self.n + 1`) says little that the other
    // assignments do not say, and would depend on itself.
    let is_reached = |attribute: &&InstanceAttribute| {
        let reach = region.index.definitions[attribute.definition].reach;
        region.index.reach(reach) != Reach::Never
    };
    let (from_itself, others): (Vec<_>, Vec<_>) =
        attributes.filter(is_reached).partition(|attribute| {
            cx.holds(Policy::FromItself) && is_from_itself(region, attribute, name)
        });
    let mut types = types_of(&others);
    let says_something = types
        .iter()
        .chain(on_body.iter())
        .any(|ty| !ty.is_none() && !ty.is_never() && !ty.is_dynamic());
    if !says_something {
        types.extend(types_of(&from_itself));
    }
    Some((cx.union(types), on_class))
}

/// The attributes that a method assigns in loops. Each may hold what another one held a round before, so that they are
/// inferred together: one by one, each would be inferred for all.
pub fn looped_attributes<'s>(
    cx: &Cx<'s>,
    module: ModuleId,
    method: ScopeId,
) -> impl Iterator<Item = &'s InstanceAttribute> + use<'s> {
    let index = cx.host.index(module);
    let mut around = std::iter::successors(Some(method), |&scope| index.scopes[scope].parent);
    let class = around.find(|&scope| index.scopes[scope].kind == ScopeKind::Class);
    let attributes = class.map(|class| index.instance_attributes(class));
    let is_looped = move |it: &&InstanceAttribute| it.in_loop && it.method_scope == method;
    attributes.into_iter().flatten().filter(is_looped)
}

/// Answers [`crate::types::Host::looped`].
pub fn compute_looped(cx: &Cx<'_>, module: ModuleId, method: ScopeId) -> Vec<Type> {
    with_region(cx, module, method, |region| {
        let bound = |attribute: &InstanceAttribute| {
            let types = region.quietly(|| region.definition_types(attribute.definition));
            types.bound.unwrap_or(Type::UNKNOWN)
        };
        looped_attributes(cx, module, method).map(bound).collect()
    })
}

fn looped(cx: &Cx<'_>, module: ModuleId, attribute: &InstanceAttribute) -> Option<Type> {
    let method = attribute.method_scope;
    let is_it = |it: &InstanceAttribute| it.definition == attribute.definition;
    let at = looped_attributes(cx, module, method).position(is_it)?;
    cx.host.looped(cx, module, method).get(at).copied()
}

/// What `self.mode = mode` gives an attribute where the literals of `mode` (or `other.mode`) are declared: somebody
/// chose them, and they are not an accident of the first value.
fn declared_literals(
    method: &Region<'_, '_>,
    attribute: &InstanceAttribute,
    bound: Type,
) -> Option<Type> {
    let cx = method.cx;
    if !cx.holds(Policy::ChosenLiterals) {
        return None;
    }
    let DefinitionNode::Assignment { stmt, target, top_target } =
        method.nodes().definitions[attribute.definition]
    else {
        return None;
    };
    if !std::ptr::eq(target, top_target) || cx.same(cx.promote_literals(bound), bound) {
        return None;
    }
    let declared = match &*stmt.value {
        Expr::Name(name) => {
            let scope = attribute.method_scope;
            let place = method.index.scopes[scope].place_by_name(&name.id)?;
            expr::declared_type(method, scope, place)?
        }
        // As the class says it: what was assigned just before is no declaration.
        Expr::Attribute(read) => {
            let object = method.quietly(|| expr::infer(method, &read.value, None));
            cx.attribute(object, &read.attr).found_all()?
        }
        _ => return None,
    };
    if !cx.wants_literal(declared) {
        return None;
    }
    let has_none = cx.members(bound).iter().any(Type::is_none);
    Some(if has_none { declared } else { cx.without_none(cx.expand_alias(declared)) })
}

/// Whether an assignment to an attribute of `self` reads that attribute.
fn is_from_itself(region: &Region<'_, '_>, attribute: &InstanceAttribute, name: &str) -> bool {
    match region.nodes().definitions[attribute.definition] {
        DefinitionNode::AugmentedAssignment { .. } => true,
        DefinitionNode::Assignment { stmt, target, top_target }
            if std::ptr::eq(target, top_target) =>
        {
            let Expr::Attribute(target) = target else { return false };
            let Expr::Name(receiver) = &*target.value else { return false };
            any_within(&stmt.value, |expr| {
                matches!(expr, Expr::Attribute(read) if read.attr.as_str() == name
                    && matches!(&*read.value, Expr::Name(object) if object.id == receiver.id))
            }) && !is_of_one_class(region, attribute, &stmt.value)
        }
        _ => false,
    }
}

/// Whether a value is of the same class whatever it is made of: `int(self.size)`, `not self.done`, a text with `self.name`
/// in it.
fn is_of_one_class(region: &Region<'_, '_>, attribute: &InstanceAttribute, value: &Expr) -> bool {
    let cx = region.cx;
    match value {
        Expr::FString(_) => true,
        Expr::UnaryOp(unary) => unary.op == UnaryOp::Not,
        Expr::Call(call) if call.func.is_name_expr() => {
            with_region(cx, region.module, attribute.method_scope, |method| {
                let called = method.quietly(|| expr::infer(method, &call.func, None));
                called.kind() == Kind::Class
                    && cx.info_of(called).is_some_and(|info| info.type_params.is_empty())
            })
        }
        _ => false,
    }
}

/// Whether a class declares a name as an `InitVar` without a default: no instance has it.
fn is_only_passed_on(region: &Region<'_, '_>, body: ScopeId, name: &str) -> bool {
    let scope = &region.index.scopes[body];
    let Some(place) = scope.place_by_name(name).map(|place| scope.place(place)) else {
        return false;
    };
    declaration(region, place).is_some_and(|each| each.qualifiers.contains(Qualifiers::INIT_VAR))
}

fn instance_place(
    region: &Region<'_, '_>,
    class: ClassRef,
    body: ScopeId,
    name: &str,
) -> Option<PlaceType> {
    let cx = region.cx;
    let attributes = region.index.instance_attribute(body, name);
    // `self.x += 1` alone makes no attribute: it reads one.
    let is_made = |attribute: &InstanceAttribute| {
        region.index.definitions[attribute.definition].kind != DefinitionKind::AugmentedAssignment
    };
    if !attributes.clone().any(is_made) || is_only_passed_on(region, body, name) {
        return None;
    }
    let first = attributes.clone().next().map(|each| region.def_ref(each.definition));
    let place = |ty: Type, declared: Option<Type>, qualifiers: Qualifiers| PlaceType {
        ty,
        declared,
        qualifiers,
        boundness: Boundness::Bound,
        definition: first,
        has_value: true,
    };
    let flag =
        |on_class: bool| if on_class { Qualifiers::empty() } else { Qualifiers::INSTANCE_ONLY };
    for attribute in attributes {
        let entry = &region.index.definitions[attribute.definition];
        if entry.kind != DefinitionKind::AnnotatedAssignment {
            continue;
        }
        let types = with_region(cx, region.module, attribute.method_scope, |method| {
            method.quietly(|| method.definition_types(attribute.definition))
        });
        let qualifiers = types.qualifiers.union(flag(attribute.on_class));
        let definition = Some(region.def_ref(attribute.definition));
        let has_value = matches!(
            region.nodes().definitions[attribute.definition],
            DefinitionNode::AnnotatedAssignment { stmt, .. } if stmt.value.is_some()
        );
        let found = match types.declared {
            Some(ty) => place(ty, Some(ty), qualifiers),
            None => place(types.bound.unwrap_or(Type::UNKNOWN), None, qualifiers),
        };
        return Some(PlaceType { definition, has_value, ..found });
    }
    let info = cx.host.class(cx, class);
    if set_through_descriptor(cx, info, name) {
        return None;
    }
    if let Some((ty, more)) = inherited_declaration(cx, info, name) {
        return Some(place(ty, Some(ty), more.union(Qualifiers::INSTANCE_ONLY)));
    }
    let (ty, on_class) = assigned_in_methods(region, body, name, None)?;
    Some(place(ty, None, flag(on_class)))
}

/// Whether assigning to the name on `self` runs a property or descriptor of a base.
fn set_through_descriptor(cx: &Cx<'_>, info: &ClassInfo, name: &str) -> bool {
    for entry in info.mro.iter().skip(1) {
        let MroEntry::Class(base, _) = *entry else { return false };
        let Some(place) = cx.host.class_member(cx, base, name) else { continue };
        if place.qualifiers.contains(Qualifiers::INSTANCE_ONLY) {
            return false;
        }
        if place.ty.kind() == Kind::Property {
            return true;
        }
        let Some(class) = cx.class_of(place.ty) else { return false };
        return matches!(place.ty.kind(), Kind::Instance | Kind::Generic)
            && cx
                .class_lookup_after(cx.generic_class_of(place.ty, class), "__set__", None, false)
                .is_some_and(|member| member.class.is_some());
    }
    false
}

/// Names in the class's own body and, when asked, those set on `self`; in source order.
pub fn class_member_names<'s>(cx: &Cx<'s>, class: ClassRef, instance: bool) -> Vec<&'s str> {
    let index = cx.host.index(class.module);
    let Some(body) = body_of(cx, class) else {
        return cx.host.fields(cx, class).iter().map(|field| &*field.name).collect();
    };
    let mut found: Vec<(DefinitionId, &'s str)> = index.scopes[body]
        .places
        .iter()
        .filter(|place| place.expr.is_name() && (place.is_bound() || place.is_declared()))
        .filter_map(|place| Some((*place.definitions.first()?, place.expr.root.as_str())))
        .collect();
    found.sort_unstable();
    if instance {
        let mut set: Vec<(DefinitionId, &'s str)> = index
            .instance_attributes(body)
            .map(|attribute| (attribute.definition, attribute.name.as_str()))
            .collect();
        set.sort_unstable();
        let mut known: FxHashSet<&str> = found.iter().map(|entry| entry.1).collect();
        found.extend(set.into_iter().filter(|entry| known.insert(entry.1)));
    }
    found.into_iter().map(|entry| entry.1).collect()
}
