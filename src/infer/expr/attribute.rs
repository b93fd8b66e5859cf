//! Attribute reads, writes and deletions.

use ruff_python_ast::{Expr, ExprAttribute};
use ruff_text_size::Ranged;
use smallvec::SmallVec;

use super::missing;
use crate::index::{Flow, NodeId, PlaceExpr, PredicateNode};
use crate::infer::because;
use crate::infer::definition::plain_owner;
use crate::infer::flow::{flow_value, is_assigned};
use crate::infer::import::is_private_import;
use crate::infer::library;
use crate::infer::region::{AskedFor, Region};
use crate::policy::Policy;
use crate::rules;
use crate::source::any_within;
use crate::types::{AttributeResult, Cx, Data, Kind, Known, Member, PlaceType, Type};

/// The type of `value.attr`, narrowed by what is known of the place.
pub fn infer(region: &Region<'_, '_>, attribute: &ExprAttribute) -> Type {
    if library::is_field_method(region, attribute) {
        return Type::UNKNOWN;
    }
    if let Some(assigned) = assigned_before(region, attribute) {
        return assigned;
    }
    let object = super::infer(region, &attribute.value, None);
    let name = attribute.attr.id.as_str();
    let mut result = region.cx.attribute(object, name);
    if !result.missing.is_empty()
        && let Some(submodule) = submodule(region, object, name)
    {
        result = AttributeResult { ty: submodule, missing: SmallVec::new(), ..result };
    }
    if let Some(made) = made_by_library(region.cx, &result, name) {
        result = AttributeResult { ty: made, missing: SmallVec::new(), ..result };
    }
    region.observe(|noted| {
        noted.receiver(region.cx, attribute.attr.start(), object);
        if !result.missing.is_empty() {
            noted.receiver(region.cx, attribute.attr.start(), Type::UNKNOWN);
        }
    });
    let declared = result.ty;
    check_descriptor(region, attribute, object, &result);
    check_generic_access(region, attribute, object);
    let ty = narrowed(region, attribute, declared);
    crate::infer::deprecated::check_read(region, &attribute.attr, ty);
    if let Some(place) = &result.place
        && place.ty.kind() == Kind::Property
    {
        crate::infer::deprecated::check_getter(region, attribute, place.ty);
    }
    if !result.missing.is_empty() {
        // What was tested was reported there. The class lacks it after an assignment that was refused as before.
        let is_narrowed = !region.cx.same(ty, declared) && !ty.is_unknown();
        let is_refused = || is_set_before(region, attribute) && !is_asked_for(region, name);
        if !region.is_quiet() && (!is_narrowed || is_refused()) {
            missing::report(region, attribute, object, &result);
        }
        if is_narrowed {
            return ty;
        }
    } else if is_only_on_instances(region, &attribute.value, object, name)
        && region.cx.same(ty, declared)
    {
        missing::report(region, attribute, object, &lacking(object, result));
        return Type::UNKNOWN;
    } else if object.as_module().is_some_and(|module| is_private_import(region, module, name)) {
        missing::report(region, attribute, object, &lacking(object, result));
    } else if result.possibly_unbound && !region.is_quiet() && region.cx.same(ty, declared) {
        let finding = rules::possibly_unbound_attribute::possibly_unbound_attribute(
            region.cx.display_object(object),
            name,
        );
        region.report(&attribute.attr, because::bound_at(region, finding, object, name));
    }
    ty
}

/// What was assigned to an attribute on every way here, where nothing declares it: what else its class puts there need not
/// be known then, which may depend on this. Where something is reported, it is.
fn assigned_before(region: &Region<'_, '_>, attribute: &ExprAttribute) -> Option<Type> {
    if !region.is_quiet() || region.sees_around() {
        return None;
    }
    let scope = region.scope();
    let flow = region.index.flow_at(scope, NodeId::of(attribute)?)?;
    if matches!(region.index.scopes[scope].flow(flow), Flow::Start | Flow::Deleted) {
        return None;
    }
    let place = region.index.scopes[scope].find_place(&place_of(attribute)?)?;
    plain_owner(region, attribute)?;
    let value = flow_value(region, scope, place, flow, None);
    (value.bound && !value.unbound).then_some(value.ty)
}

/// Whether something may have been put into the attribute on the way here, in this scope or one around it.
fn is_set_before(region: &Region<'_, '_>, attribute: &ExprAttribute) -> bool {
    let scope = region.scope();
    let flow = NodeId::of(attribute).and_then(|node| region.index.flow_at(scope, node));
    if let Some(flow) = flow {
        return is_assigned(region, scope, flow);
    }
    place_of(attribute)
        .and_then(|place| region.index.enclosing_place_flow(scope, &place))
        .is_some_and(|(outer, _, flow)| is_assigned(region, outer, flow))
}

/// Whether a test of this scope asks if something has the attribute: where it has not, it may be given it.
fn is_asked_for(region: &Region<'_, '_>, name: &str) -> bool {
    if !region.cx.holds(Policy::AskedFor) {
        return false;
    }
    let asked_for = region.asked_for.get_or_init(|| attributes_asked_for(region));
    asked_for.iter().any(|(scope, asked)| *scope == region.scope() && **asked == *name)
}

fn attributes_asked_for(region: &Region<'_, '_>) -> Box<[AskedFor]> {
    let index = region.index;
    let mut found = Vec::new();
    for (id, predicate) in index.predicates.iter_enumerated() {
        if index.scopes[predicate.scope].region != region.region {
            continue;
        }
        let PredicateNode::Test(test) = region.nodes().predicates[id] else { continue };
        any_within(test, &mut |expr: &Expr| {
            if let Expr::Call(call) = expr
                && matches!(&*call.func, Expr::Name(callee) if callee.id.as_str() == "hasattr")
                && let Some(Expr::StringLiteral(text)) = call.arguments.args.get(1)
            {
                found.push((predicate.scope, text.value.to_str().into()));
            }
            false
        });
    }
    found.into()
}

/// What an attribute is that a library makes for all classes that seem to lack it.
fn made_by_library(cx: &Cx<'_>, result: &AttributeResult, name: &str) -> Option<Type> {
    if result.missing.is_empty() {
        return None;
    }
    let made: Option<Vec<Type>> = result
        .missing
        .iter()
        .map(|&object| {
            let object = cx.upper_bound(object).unwrap_or(object);
            if matches!(object.kind(), Kind::Class | Kind::GenericClass) {
                return None;
            }
            library::made_member(cx, cx.info_of(object)?, name)
        })
        .collect();
    let known = (!result.ty.is_unknown()).then_some(result.ty);
    Some(cx.union(made?.into_iter().chain(known)))
}

/// Reports a descriptor whose `__get__` does not take the object or class that it is read through, and uses of
/// deprecated ones. Source: Python reference, "Invoking Descriptors".
fn check_descriptor(
    region: &Region<'_, '_>,
    attribute: &ExprAttribute,
    object: Type,
    result: &AttributeResult,
) {
    let cx = region.cx;
    let Some(place) = result.place.filter(|_| !region.is_quiet()) else { return };
    let on_class = matches!(object.kind(), Kind::Class | Kind::GenericClass);
    // `self` is some object of its class.
    let bound = cx.upper_bound(object).unwrap_or(object);
    let on_object = matches!(bound.kind(), Kind::Instance | Kind::Generic);
    if !(on_class || on_object)
        || !matches!(place.ty.kind(), Kind::Instance | Kind::Generic)
        || !crate::infer::definition::is_descriptor(cx, place.ty, place.qualifiers)
    {
        return;
    }
    let read_through = || match on_class {
        true => vec![Type::NONE, object],
        false => vec![object, cx.class_object_of(object)],
    };
    let attr = &attribute.attr;
    crate::infer::deprecated::check_operator(region, attr, place.ty, "__get__", read_through);
    let Some(getter) = cx.dunder(place.ty, "__get__").filter(|_| result.ty.is_unknown()) else {
        return;
    };
    let outcome = cx.call_outcome(getter, &read_through());
    let is_surely = outcome.errors.iter().all(|error| {
        use crate::types::call::CallError;
        matches!(error, CallError::Match { .. } | CallError::Argument { .. })
    });
    if !outcome.is_ok() && is_surely {
        let finding = rules::invalid_attribute_access::unreadable_descriptor(
            cx.display(place.ty),
            attribute.attr.as_str(),
            cx.display(object),
        );
        region.report(&attribute.attr, finding);
    }
}

/// Whether a class that is named has an attribute only by what its methods set on `self`. What a variable holds may
/// be an instance that was put there later.
fn is_only_on_instances(region: &Region<'_, '_>, value: &Expr, object: Type, name: &str) -> bool {
    let cx = region.cx;
    if region.is_quiet() {
        return false;
    }
    let class = match object.kind() {
        Kind::Class => object,
        Kind::SubclassOf => {
            let inner = cx.inner_of(object);
            let instance = cx.upper_bound(inner).unwrap_or(inner);
            let Some(class) = cx.class_of(instance) else { return false };
            Type::class(class)
        }
        _ => return false,
    };
    let is_named = || match value {
        // Whatever the variable holds is a class, and is asked for what its objects have.
        _ if object.kind() == Kind::SubclassOf => true,
        Expr::Name(name) => region.nearest_place(&name.id).is_some_and(|(_, place)| {
            place.definitions.iter().all(|&id| {
                use crate::index::DefinitionKind as Form;
                let kind = region.index.definitions[id].kind;
                matches!(kind, Form::Class | Form::ImportFrom)
            })
        }),
        // A module may hold something else another time under any name but that of the class.
        Expr::Attribute(named) => {
            let owner = region.quietly(|| super::infer(region, &named.value, None));
            let own_name = cx.info_of(class).map(|info| &*info.name);
            owner.kind() == Kind::Module && own_name == Some(named.attr.as_str())
        }
        _ => false,
    };
    (!cx.holds(Policy::NamedClass) || is_named())
        && cx.class_lookup(class, name).is_some_and(|member| {
            // A stub says what there is.
            member.is_only_on_instances()
                && member.class.is_some_and(|class| !cx.host.module(class.module).is_stub)
        })
        && cx.class_lookup_after(class, name, None, false).is_none()
        && of_metaclass(cx, class, name).is_none()
        && !is_of_type(cx, name)
        && !answers_for_all(cx, class)
        && !is_asked_for(region, name)
}

/// Whether each class object has an attribute by `type`, such as `__name__`, whatever its instances have.
fn is_of_type(cx: &Cx<'_>, name: &str) -> bool {
    let of_type = cx.host.known(cx, Known::Type);
    of_type.is_some_and(|class| cx.class_lookup(Type::class(class), name).is_some())
}

/// Whether the metaclass of a class answers for attributes that are not there.
fn answers_for_all(cx: &Cx<'_>, class: Type) -> bool {
    let meta = cx.info_of(class).and_then(|info| info.metaclass);
    meta.is_some_and(|meta| meta.is_dynamic() || cx.class_lookup(meta, "__getattr__").is_some())
}

/// The same answer for an object that lacks the attribute.
fn lacking(object: Type, result: AttributeResult) -> AttributeResult {
    AttributeResult { missing: SmallVec::from_slice(&[object]), ..result }
}

/// A module of that name below the module `object`, which this project imports somewhere.
fn submodule(region: &Region<'_, '_>, object: Type, name: &str) -> Option<Type> {
    let host = region.cx.host;
    let full = format!("{}.{name}", host.module(object.as_module()?).name);
    host.resolve_module(region.module, &full).map(Type::module)
}

/// A variable of a generic class whose type is not the same for all specialisations cannot be reached
/// through the class. Source: typing spec, "Generics", "Instantiating generic classes and type erasure".
fn check_generic_access(region: &Region<'_, '_>, attribute: &ExprAttribute, object: Type) {
    let cx = region.cx;
    if region.is_quiet() || !matches!(object.kind(), Kind::Class | Kind::GenericClass) {
        return;
    }
    let name = attribute.attr.id.as_str();
    let Some(member) = cx.class_lookup(object, name) else { return };
    let (Some(class), Some(declared)) = (member.class, member.place.declared) else { return };
    let params = cx.host.type_params(cx, class);
    if params.is_empty()
        || matches!(member.place.ty.kind(), Kind::Function | Kind::Method | Kind::Property)
        || !cx.has_type_vars_of(declared, params)
        || crate::infer::definition::is_descriptor(cx, declared, member.place.qualifiers)
    {
        return;
    }
    let shown = cx.display(cx.instance_of(object));
    region.report(
        &attribute.attr,
        rules::invalid_attribute_access::instance_attribute_through_class(shown, name),
    );
}

fn narrowed(region: &Region<'_, '_>, attribute: &ExprAttribute, declared: Type) -> Type {
    let scope = region.scope();
    let flow = NodeId::of(attribute).and_then(|node| region.index.flow_at(scope, node));
    let mut known = declared;
    // A comprehension, lambda or class body sees what is known around it, and narrows that.
    if region.sees_around()
        && let Some(place) = place_of(attribute)
        && let Some((outer, place, flow)) = region.index.enclosing_place_flow(scope, &place)
        && let Some(around) = region.region_of(outer)
    {
        let value = flow_value(around, outer, place, flow, Some(declared));
        known = if value.bound { value.ty } else { declared };
    }
    let Some(flow) = flow else { return known };
    let Some(place) = place_of(attribute).and_then(|e| region.index.scopes[scope].find_place(&e))
    else {
        return known;
    };
    let value = flow_value(region, scope, place, flow, Some(known));
    // Where no way leads, there is no value.
    let is_nowhere = value.ty.is_never() && !value.unbound;
    if value.bound || is_nowhere { value.ty } else { known }
}

/// Checks `object.attr = value`; gives the type that a value must have, to infer it with.
pub fn assign_attribute(
    region: &Region<'_, '_>,
    target: &ExprAttribute,
    value: Type,
    value_node: Option<&Expr>,
) {
    let object = super::infer(region, &target.value, None);
    let cx = region.cx;
    region.observe(|noted| noted.receiver(cx, target.attr.start(), object));
    check_generic_access(region, target, object);
    let lacks = |&member: &Type| !assign_to(region, target, member, value, value_node);
    let missing = written_members(cx, object).into_iter().filter(lacks).collect();
    report_missing(region, target, object, missing);
}

/// Reports the members of an object that lack the attribute that is written or deleted, in one go.
fn report_missing(
    region: &Region<'_, '_>,
    target: &ExprAttribute,
    object: Type,
    missing: SmallVec<[Type; 2]>,
) {
    if !missing.is_empty() {
        let read = region.cx.attribute(object, target.attr.id.as_str());
        let result = AttributeResult { missing, ..read };
        missing::report(region, target, object, &result);
    }
}

/// What an object may be, as far as that decides where an attribute is written: what an alias stands for, and of a type
/// variable a part of the union that it is bound to, or one of its constraints.
fn written_members(cx: &Cx<'_>, object: Type) -> Vec<Type> {
    if object.kind() != Kind::TypeVar {
        return cx.meant_members(object);
    }
    let constraints = cx.constraints_of(object);
    if !constraints.is_empty() {
        return constraints.to_vec();
    }
    let bound = cx.upper_bound(object).map(|bound| cx.expand_alias(bound));
    match bound.filter(|bound| bound.kind() == Kind::Union) {
        Some(bound) => cx.meant_members(bound),
        None => vec![object],
    }
}

/// Checks a write to an attribute of a member of a union; false if the member lacks the attribute.
fn assign_to(
    region: &Region<'_, '_>,
    target: &ExprAttribute,
    member: Type,
    value: Type,
    value_node: Option<&Expr>,
) -> bool {
    let cx = region.cx;
    let name = target.attr.id.as_str();
    if member.kind() == Kind::Super {
        // It only reads. Source: Python library reference, "super".
        let finding = rules::invalid_assignment::read_only_attribute(cx.display(member), name);
        region.report(&target.attr, finding);
        return true;
    }
    if member.is_dynamic() || matches!(member.kind(), Kind::Special | Kind::Decorator) {
        return true;
    }
    if member.kind() == Kind::Intersection
        && let Data::Intersection(parts) = *cx.data(member)
        && let Some(&part) = parts
            .iter()
            .find(|part| !part.is_dynamic() && writable_place(cx, **part, name).is_some())
    {
        return assign_to(region, target, part, value, value_node);
    }
    // The class may give itself what it has not, for all its objects.
    let is_own = || {
        let instance = match member.kind() {
            Kind::SubclassOf => cx.inner_of(member),
            _ => cx.instance_of(member),
        };
        let class = cx.class_of(cx.upper_bound(instance).unwrap_or(instance));
        class.is_some_and(|class| region.is_within(class.definition()))
    };
    if is_only_on_instances(region, &target.value, member, name) && !is_own() {
        return false;
    }
    let Some(place) = writable_place(cx, member, name) else {
        let setter = cx.dunder(member, "__setattr__").filter(|&method| !is_from_object(cx, method));
        if let Some(setter) = setter {
            check_setter(region, target, setter, value);
            return true;
        }
        let result = cx.attribute(member, name);
        // What `__getattr__` gives is not there to be written; `__class__` is.
        let by_getter = result.missing.is_empty() && result.place.is_none();
        return result.missing.is_empty() && !(by_getter && has_plain_getter(cx, member));
    };
    super::super::assign::check_attribute(region, target, member, &place, value, value_node);
    true
}

/// Whether an object of a known class answers for attributes that are not there.
fn has_plain_getter(cx: &Cx<'_>, object: Type) -> bool {
    matches!(object.kind(), Kind::Instance | Kind::Generic)
        && cx.info_of(object).is_some_and(|info| {
            !info.is_dynamic() && !info.is(crate::types::ClassFlags::DYNAMIC_MEMBERS)
        })
        && cx.dunder(object, "__getattr__").is_some()
}

/// `__setattr__` takes the name and the value of what nothing declares.
fn check_setter(region: &Region<'_, '_>, target: &ExprAttribute, setter: Type, value: Type) {
    let cx = region.cx;
    let name = target.attr.id.as_str();
    if cx.call_with(setter, &[cx.str_literal(name), value]).is_some() {
        return;
    }
    let expected = cx
        .signatures(setter)
        .and_then(|signatures| Some(signatures.first()?.parameters.get(1)?.ty))
        .unwrap_or(Type::UNKNOWN);
    crate::infer::assign::report_misfit(region, target, (expected, None), value, None);
}

fn is_from_object(cx: &Cx<'_>, method: Type) -> bool {
    let crate::types::Data::Method { owner: Some(owner), .. } = *cx.payload(method) else {
        return false;
    };
    cx.class_of(owner).is_some_and(|class| {
        cx.is_known(class, crate::types::Known::Object)
            || cx.is_known(class, crate::types::Known::Type)
    })
}

/// The place that a write to an attribute goes to, with its type as the object has it.
pub fn writable_place(cx: &Cx<'_>, object: Type, name: &str) -> Option<PlaceType> {
    let object = cx.expand_alias(object);
    place_for(cx, object, object, name)
}

fn place_for(cx: &Cx<'_>, object: Type, receiver: Type, name: &str) -> Option<PlaceType> {
    match object.kind() {
        Kind::Module => {
            let place = cx.host.module_member(cx, object.as_module()?, name)?;
            Some(place)
        }
        Kind::Class | Kind::GenericClass => {
            let member =
                cx.class_lookup(object, name).or_else(|| of_metaclass(cx, object, name))?;
            let ty = cx.member_type(&member, cx.instance_of(object));
            Some(PlaceType { ty, declared: member.place.declared.map(|_| ty), ..member.place })
        }
        Kind::SubclassOf => {
            let inner = cx.inner_of(object);
            let bound = match inner.kind() {
                Kind::TypeVar => cx.upper_bound(inner)?,
                _ => inner,
            };
            let class_object = cx.generic_class_of(bound, cx.class_of(bound)?);
            let member = cx.class_lookup(class_object, name)?;
            let ty = cx.member_type(&member, inner);
            Some(PlaceType { ty, declared: member.place.declared.map(|_| ty), ..member.place })
        }
        // `Self` in the declaration is the one of the receiver.
        Kind::TypeVar => place_for(cx, cx.upper_bound(object)?, receiver, name),
        _ => {
            let instance = match object.kind() {
                Kind::Tuple => cx.tuple_as_generic(object),
                _ => cx.fallback_instance(object),
            };
            let class = cx.class_of(instance)?;
            let class_object = cx.generic_class_of(instance, class);
            let member = cx.class_lookup(class_object, name)?;
            let PlaceType { ty, declared, .. } = member.place;
            if !declared.unwrap_or(ty).is_composite() {
                return Some(PlaceType { ty: declared.unwrap_or(ty), ..member.place });
            }
            let with = cx.class_substitution(member.owner).with_self(receiver);
            let declared = declared.map(|ty| cx.substitute(ty, &with));
            let ty = declared.unwrap_or_else(|| cx.substitute(ty, &with));
            Some(PlaceType { ty, declared, ..member.place })
        }
    }
}

/// A variable or property that the metaclass of a class declares, which the class has like any object of it.
fn of_metaclass(cx: &Cx<'_>, class_object: Type, name: &str) -> Option<Member> {
    let meta = cx.info_of(class_object)?.metaclass?;
    let member = cx.class_lookup(meta, name)?;
    let is_own = member.class.is_some_and(|class| !cx.is_builtin(class));
    let is_given = member.place.declared.is_some() || member.place.ty.kind() == Kind::Property;
    (is_own && is_given).then_some(member)
}

/// Checks `del object.attr`.
pub fn delete_attribute(region: &Region<'_, '_>, target: &ExprAttribute) {
    let object = super::infer(region, &target.value, None);
    let cx = region.cx;
    region.observe(|noted| noted.receiver(cx, target.attr.start(), object));
    let name = target.attr.id.as_str();
    let mut missing: SmallVec<[Type; 2]> = SmallVec::new();
    for member in written_members(cx, object) {
        if let Some(place) = writable_place(cx, member, name) {
            super::super::assign::check_deletion(region, target, member, &place);
        }
        let setattr = cx.dunder(member, "__delattr__").is_some_and(|m| !is_from_object(cx, m));
        if !setattr {
            missing.extend(cx.attribute(member, name).missing);
        }
    }
    report_missing(region, target, object, missing);
}

/// The place that an attribute spells.
fn place_of(attribute: &ExprAttribute) -> Option<PlaceExpr> {
    let mut place = PlaceExpr::from_expr(&attribute.value)?;
    if place.segments.len() >= crate::index::MAX_SEGMENTS {
        return None;
    }
    place.segments.push(crate::index::PlaceSegment::Attribute(attribute.attr.id.clone()));
    Some(place)
}
