//! Whether a value may be assigned: to a declared name, to an attribute.

use ruff_python_ast::{Expr, ExprAttribute, ExprName};
use ruff_text_size::{Ranged, TextRange};

use super::because;
use super::expr;
use super::region::{Fixed, Misfit, Region, with_region};
use crate::index::{DefinitionId, DefinitionKind, PlaceId, PredicateNode, ScopeId, ScopeKind};
use crate::policy::Policy;
use crate::rules;
use crate::source::any_within;
use crate::types::{ClassFlags, Cx, DataclassOptions, Kind, MroEntry, PlaceType, Qualifiers, Type};

/// Reports a value that does not fit a declared type.
pub fn check_assignable(
    region: &Region<'_, '_>,
    target: TextRange,
    declared: Type,
    value: Type,
    node: Option<&Expr>,
    declaration: Declaration,
) {
    let cx = region.cx;
    if cx.is_assignable(value, declared) || region.is_quiet() {
        return;
    }
    let (expected, found) = cx.display_apart(declared, value);
    let finding = rules::invalid_assignment::invalid_assignment(expected, found);
    let range = node.map_or(target, Ranged::range);
    let finding = match declaration {
        Declaration::Here => finding,
        Declaration::Of(definition) => because::declared_at(region, finding, definition),
        Declaration::Base(definition) => because::declared_by_base(region, finding, definition),
    };
    let finding = match declaration {
        Declaration::Base(_) => finding,
        _ => because::allow_none(region, finding, "it", value, declared),
    };
    let finding = match node {
        Some(node) => because::none_from(region, finding, node, value, Some(declared)),
        None => finding,
    };
    region.report_misfit(range, finding, Misfit::Value(value, declared));
}

/// Where it is said what a name takes.
#[derive(Clone, Copy)]
pub enum Declaration {
    /// In the statement that is checked.
    Here,
    /// In another one about the name that this definition binds.
    Of(DefinitionId),
    /// In a base of the class whose attribute this definition binds.
    Base(DefinitionId),
}

/// The name of a `type` statement, or of an explicit alias, is not assigned again.
/// Source: typing spec, "Type aliases".
fn check_alias_kept(region: &Region<'_, '_>, definition: DefinitionId, name: &ExprName) {
    let index = region.index;
    let entry = &index.definitions[definition];
    let fixed = fixed(region, entry.scope, entry.place);
    if fixed.alias.is_some_and(|alias| alias < definition) {
        let reason = "it is an alias and cannot be assigned again";
        region.report(name, rules::invalid_type_alias::invalid_type_alias(&name.id, reason));
    }
}

/// What the declarations of a place say of assigning to it again: found once for each place, since it may have
/// thousands of definitions.
fn fixed(region: &Region<'_, '_>, scope: ScopeId, id: PlaceId) -> Fixed {
    let index = region.index;
    let place = index.scopes[scope].place(id);
    if !place.is_declared() {
        return Fixed::default();
    }
    region.fixed((scope, id), || {
        let says = |definition: DefinitionId, qualifier| {
            index.definitions[definition].kind == DefinitionKind::AnnotatedAssignment
                && region.definition_types(definition).qualifiers.contains(qualifier)
        };
        let is_alias = |definition: DefinitionId| {
            let entry = &index.definitions[definition];
            (entry.kind == DefinitionKind::TypeAlias || says(definition, Qualifiers::TYPE_ALIAS))
                && super::flow::is_reachable(region, entry.reach)
        };
        Fixed {
            alias: place.definitions.iter().copied().find(|&each| is_alias(each)),
            r#final: place.definitions.iter().copied().find(|&each| says(each, Qualifiers::FINAL)),
        }
    })
}

/// Reports a second assignment of a `Final` name, and says whether it was one.
pub fn check_final(region: &Region<'_, '_>, definition: DefinitionId, name: &ExprName) -> bool {
    if region.is_quiet() {
        return false;
    }
    let reassigned = |first: Option<DefinitionId>| {
        let declared = first.map(|first| region.index.definitions[first].name_range);
        region.report(name, rules::final_reassignment::final_reassignment(&name.id, declared));
        true
    };
    let entry = &region.index.definitions[definition];
    let place = region.index.scopes[entry.scope].place(entry.place);
    check_alias_kept(region, definition, name);
    // Most names are not imported, and those that are have few definitions.
    let imports = if place.is_imported() { &*place.definitions } else { &[] };
    if super::import::imports_final(region, entry.scope, imports, name) {
        return reassigned(None);
    }
    if let Some(first) = fixed(region, entry.scope, entry.place).r#final {
        return reassigned(Some(first));
    }
    if place.is_global() || place.is_nonlocal() {
        for outer in region.index.enclosing_scopes(entry.scope) {
            let scope = &region.index.scopes[outer];
            if place.is_global() && scope.kind != ScopeKind::Module {
                continue;
            }
            if let Some(id) = scope.place_by_name(&name.id)
                && let Some(first) = fixed(region, outer, id).r#final
            {
                return reassigned(Some(first));
            }
        }
    }
    false
}

/// Checks a write to an attribute whose place was found.
pub fn check_attribute(
    region: &Region<'_, '_>,
    target: &ExprAttribute,
    object: Type,
    place: &PlaceType,
    value: Type,
    node: Option<&Expr>,
) {
    let cx = region.cx;
    let name = target.attr.id.as_str();
    if is_read_only(region, target, object, place) || lacks_slot(region, target, object, place) {
        return;
    }
    match place.ty.kind() {
        Kind::Property => return check_property(region, target, object, place, value),
        Kind::Function | Kind::Method if place.qualifiers.contains(Qualifiers::INSTANCE_ONLY) => {
            return;
        }
        Kind::Function | Kind::Method => {
            return check_method(region, target, object, value, node);
        }
        _ => {}
    }
    let is_class_object = is_class_object(cx, object);
    if !is_class_object
        && place.qualifiers.contains(Qualifiers::CLASS_VAR)
        && object.kind() != Kind::Module
    {
        let finding =
            rules::invalid_attribute_access::class_var_through_instance(cx.display(object), name);
        region.report(&target.attr, finding);
        return;
    }
    if !is_class_object
        && super::definition::is_descriptor(cx, place.ty, place.qualifiers)
        && check_descriptor(region, target, object, place, value)
    {
        return;
    }
    let declared = match super::definition::converter_input(cx, object, name) {
        Some(input) => input,
        None => match place.declared {
            Some(declared) => declared,
            // `x = None` alone says nothing of what comes later, nor does a module of what is unknown.
            None if place.qualifiers.contains(Qualifiers::PLACEHOLDER)
                || place.ty.is_none() && cx.holds(Policy::PlaceholderNone) =>
            {
                return;
            }
            None if object.kind() == Kind::Module
                && (place.ty.is_never() || cx.has_unknown_member(place.ty)) =>
            {
                return;
            }
            // What is made of the attribute itself was left out of its type: nothing declares that it does not hold
            // what wraps it, nor anything of what is not known.
            None if node.is_some_and(|node| {
                cx.holds(Policy::FromItself)
                    && (wraps(node)
                        || calls(node, target)
                        || cx.has_dynamic(place.ty)
                        || cx.has_unknown_member(value))
                    && reads(node, target)
            }) =>
            {
                return;
            }
            None if is_asked_for(cx, place, name, value) => return,
            // What its class or module assigns to an attribute is what it holds.
            None => cx.promote_literals(place.ty),
        },
    };
    check_value(region, target, (declared, Some(place)), value, node);
}

/// Reports a variable of an object from outside of its class, where the class's `__slots__` have no place for it.
/// Source: Python reference, "`__slots__`".
fn lacks_slot(
    region: &Region<'_, '_>,
    target: &ExprAttribute,
    object: Type,
    place: &PlaceType,
) -> bool {
    let cx = region.cx;
    let (Some(class), name) = (object.as_instance(), target.attr.id.as_str()) else {
        return false;
    };
    let is_variable =
        matches!(place.ty.kind(), Kind::Instance | Kind::Generic | Kind::Union | Kind::None)
            || place.qualifiers.contains(Qualifiers::INSTANCE_ONLY);
    // What a stub declares is there; at run time it may be a property.
    let is_in_stub =
        place.definition.is_some_and(|definition| cx.host.module(definition.module).is_stub);
    if !is_variable
        || is_in_stub
        || super::definition::is_descriptor(cx, place.ty, place.qualifiers)
        || !super::class::lacks_slot(cx, class, name)
    {
        return false;
    }
    let class = &cx.host.class(cx, class).name;
    region.report(&target.attr, rules::invalid_slots::not_in_slots(class, name));
    true
}

/// Whether a value is a display, which puts what it is made of into something else.
const fn wraps(value: &Expr) -> bool {
    matches!(value, Expr::Tuple(_) | Expr::List(_) | Expr::Set(_) | Expr::Dict(_))
}

/// Whether a value is the result of a call of the attribute that it is assigned to: a class gives way to its object.
fn calls(value: &Expr, target: &ExprAttribute) -> bool {
    let Expr::Call(call) = value else { return false };
    let Expr::Attribute(called) = &*call.func else { return false };
    called.value.is_name_expr() && reads(&call.func, target)
}

/// Whether a value reads the attribute that it is assigned to.
fn reads(value: &Expr, target: &ExprAttribute) -> bool {
    let Expr::Name(receiver) = &*target.value else { return false };
    any_within(value, |expr| {
        matches!(expr, Expr::Attribute(read) if read.attr.id == target.attr.id
            && matches!(&*read.value, Expr::Name(object) if object.id == receiver.id))
    })
}

/// Whether the class of an object asks its attribute, which nobody declares, if it is of the kind of a value.
fn is_asked_for(cx: &Cx<'_>, place: &PlaceType, name: &str, value: Type) -> bool {
    if !cx.holds(Policy::TestedKind) || cx.is_assignable(value, cx.promote_literals(place.ty)) {
        return false;
    }
    let Some(definition) = place.definition else { return false };
    with_region(cx, definition.module, ScopeId::MODULE, |owner| {
        let scopes = &owner.index.scopes;
        let class_around = |mut scope: ScopeId| loop {
            match scopes[scope].kind {
                ScopeKind::Class => return Some(scope),
                _ => scope = scopes[scope].parent?,
            }
        };
        let id = DefinitionId::from_u32(definition.index);
        let Some(body) = class_around(owner.index.definitions[id].scope) else { return false };
        owner.index.predicates.iter_enumerated().any(|(id, predicate)| {
            class_around(predicate.scope) == Some(body)
                && matches!(owner.nodes().predicates[id], PredicateNode::Test(test)
                    if asks(owner, body, test, name, value))
        })
    })
}

/// Whether a test holds `isinstance(self.name, C)`, where a value is of the class.
fn asks(owner: &Region<'_, '_>, body: ScopeId, test: &Expr, name: &str, value: Type) -> bool {
    let cx = owner.cx;
    let is_of = |class: &Expr| {
        let class = owner.in_scope(body, || owner.quietly(|| expr::infer(owner, class, None)));
        cx.class_of(class).is_some_and(|asked| {
            cx.members(value).iter().all(|part| {
                let class = cx.class_of(cx.promote_literals(part));
                class.is_some_and(|class| cx.host.class(cx, class).inherits(asked))
            })
        })
    };
    any_within(test, |expr| {
        let Expr::Call(call) = expr else { return false };
        let ([Expr::Attribute(read), classes], Expr::Name(callee)) =
            (&*call.arguments.args, &*call.func)
        else {
            return false;
        };
        callee.id == "isinstance"
            && read.attr.id == name
            && read.value.is_name_expr()
            && match classes {
                Expr::Tuple(tuple) => tuple.elts.iter().any(is_of),
                class => is_of(class),
            }
    })
}

/// Whether a value is a class: a variable is what its bound is.
fn is_class_object(cx: &Cx<'_>, ty: Type) -> bool {
    let ty = match ty.kind() {
        Kind::TypeVar => cx.upper_bound(ty).map_or(ty, |bound| cx.expand_alias(bound)),
        _ => ty,
    };
    matches!(ty.kind(), Kind::Class | Kind::GenericClass | Kind::SubclassOf)
}

/// Checks the value that is written to an attribute of a type, and where that is said.
fn check_value(
    region: &Region<'_, '_>,
    target: &ExprAttribute,
    (declared, place): (Type, Option<&PlaceType>),
    value: Type,
    node: Option<&Expr>,
) {
    let cx = region.cx;
    if cx.is_assignable(value, declared) {
        return;
    }
    if let Some(node) = node
        && cx.is_assignable(region.quietly(|| expr::infer(region, node, Some(declared))), declared)
    {
        return;
    }
    report_misfit(region, target, (declared, place), value, node);
}

/// Reports a value that an attribute does not take, with where it is said what it takes.
pub(super) fn report_misfit(
    region: &Region<'_, '_>,
    target: &ExprAttribute,
    (expected, place): (Type, Option<&PlaceType>),
    value: Type,
    node: Option<&Expr>,
) {
    let cx = region.cx;
    if region.is_quiet() {
        return;
    }
    let (wanted, found) = cx.display_apart(expected, value);
    let name = target.attr.id.as_str();
    let finding = rules::invalid_assignment::invalid_attribute_assignment(name, wanted, found);
    let finding = match place {
        Some(place) => because::attribute_declared(region, finding, target, place),
        None => finding,
    };
    let is_own = place.and_then(|place| place.definition).is_some_and(|definition| {
        cx.host.module(definition.module).is_checked
            && place.is_some_and(|it| it.declared.is_some())
    });
    let finding = match is_own {
        true => because::allow_none(region, finding, &format!("`{name}`"), value, expected),
        false => finding,
    };
    let finding = match node {
        Some(node) => because::none_from(region, finding, node, value, Some(expected)),
        None => finding,
    };
    region.report_misfit(target, finding, Misfit::Value(value, expected));
}

/// What replaces a method is called as the method is.
fn check_method(
    region: &Region<'_, '_>,
    target: &ExprAttribute,
    object: Type,
    value: Type,
    node: Option<&Expr>,
) {
    let cx = region.cx;
    let name = target.attr.id.as_str();
    if let Some(method) = cx.attribute(object, name).found_all() {
        check_value(region, target, (method, None), value, node);
    }
}

/// `Final` outside of `__init__`, frozen dataclasses, named tuples.
fn is_read_only(
    region: &Region<'_, '_>,
    target: &ExprAttribute,
    object: Type,
    place: &PlaceType,
) -> bool {
    let cx = region.cx;
    let name = target.attr.id.as_str();
    // What a base made final stays so where a subclass merely assigns it.
    let is_final = place.qualifiers.contains(Qualifiers::FINAL)
        || place.declared.is_none() && inherits_final(cx, object, name);
    if is_final && !may_initialise(region, target, place) {
        let finding =
            rules::invalid_assignment::read_only_attribute(cx.display_object(object), name)
                .note("it is `Final`");
        let finding = because::attribute_declared(region, finding, target, place);
        region.report(&target.attr, finding);
        return true;
    }
    let instance = cx.fallback_instance(object);
    let base = match instance.kind() {
        Kind::TypeVar => cx.upper_bound(instance).unwrap_or(instance),
        _ => instance,
    };
    if matches!(base.kind(), Kind::Class | Kind::GenericClass) {
        return false;
    }
    let Some(info) = cx.info_of(base) else { return false };
    let frozen = info.dataclass.is_some_and(|options| options.contains(DataclassOptions::FROZEN));
    let has_field = |class| cx.host.fields(cx, class).iter().any(|field| &*field.name == name);
    let is_field_of_tuple = |entry: &MroEntry| match *entry {
        MroEntry::Class(class, _) => {
            cx.host.class(cx, class).is(ClassFlags::NAMED_TUPLE) && has_field(class)
        }
        MroEntry::Dynamic(_) => false,
    };
    let is_field = frozen && has_field(info.class) || info.mro.iter().any(is_field_of_tuple);
    if is_field {
        let finding = rules::frozen_assignment::frozen_assignment(&info.name, name);
        region.report(&target.attr, finding);
    }
    is_field
}

/// Whether some class of an object's MRO makes a variable final.
fn inherits_final(cx: &Cx<'_>, object: Type, name: &str) -> bool {
    let base = match object.kind() {
        Kind::TypeVar => cx.upper_bound(object).unwrap_or(object),
        Kind::SubclassOf => cx.inner_of(object),
        _ => object,
    };
    let Some(info) = cx.info_of(base) else { return false };
    info.mro.iter().any(|entry| match *entry {
        MroEntry::Class(class, _) => cx
            .host
            .class_member(cx, class, name)
            .is_some_and(|place| place.qualifiers.contains(Qualifiers::FINAL)),
        MroEntry::Dynamic(_) => false,
    })
}

/// Checks `del object.attr` against what cannot be written.
pub fn check_deletion(
    region: &Region<'_, '_>,
    target: &ExprAttribute,
    object: Type,
    place: &PlaceType,
) {
    let cx = region.cx;
    let is_class_object =
        matches!(object.kind(), Kind::Class | Kind::GenericClass | Kind::SubclassOf);
    let no_deleter = !is_class_object
        && matches!(*cx.payload(place.ty), crate::types::Data::Property { deleter: false, .. });
    let name = target.attr.id.as_str();
    if no_deleter || place.qualifiers.contains(Qualifiers::FINAL) {
        let finding = rules::invalid_assignment::read_only_attribute(cx.display(object), name);
        region.report(&target.attr, finding);
    } else if !is_class_object && keeps_what_it_sets(cx, place) {
        let descriptor = cx.display(place.ty);
        let finding = rules::invalid_assignment::no_deletion(cx.display(object), name, descriptor);
        region.report(&target.attr, finding);
    } else {
        is_read_only(region, target, object, place);
    }
}

/// Whether a place holds a descriptor that can be set and not deleted. One of a stub may not even have its `__set__` at
/// run time: it stands there for what can be stored beside it, which can be deleted.
/// Source: Python reference, "Implementing Descriptors".
fn keeps_what_it_sets(cx: &Cx<'_>, place: &PlaceType) -> bool {
    let is_of_class = !place.qualifiers.contains(Qualifiers::INSTANCE_ONLY);
    is_of_class
        && matches!(place.ty.kind(), Kind::Instance | Kind::Generic)
        && !cx
            .info_of(place.ty)
            .is_some_and(|info| info.is_dynamic() || cx.host.module(info.class.module).is_stub)
        && cx.dunder(place.ty, "__set__").is_some()
        && cx.dunder(place.ty, "__delete__").is_none()
}

/// A `Final` attribute declared without a value is set once in `__init__`.
fn may_initialise(region: &Region<'_, '_>, target: &ExprAttribute, place: &PlaceType) -> bool {
    let cx = region.cx;
    let Some(function) = region.function_of_scope(region.region) else { return false };
    if &*cx.host.function(cx, function).name != "__init__" {
        return false;
    }
    let is_self =
        matches!(&*target.value, Expr::Name(name) if name.id.as_str() == first_parameter(region));
    let is_own = place.qualifiers.contains(Qualifiers::FINAL);
    is_self
        && is_own
        && (!place.has_value
            || place.definition.is_some_and(|definition| {
                definition.module == region.module
                    && region.index.definitions[DefinitionId::from_u32(definition.index)].scope
                        == region.region
            }))
}

fn first_parameter<'a>(region: &Region<'a, '_>) -> &'a str {
    match region.nodes().scopes[region.region] {
        crate::index::ScopeNode::Function(function) => function
            .parameters
            .iter_non_variadic_params()
            .next()
            .map_or("", |parameter| parameter.parameter.name.id.as_str()),
        _ => "",
    }
}

fn check_property(
    region: &Region<'_, '_>,
    target: &ExprAttribute,
    object: Type,
    place: &PlaceType,
    value: Type,
) {
    let cx = region.cx;
    let name = target.attr.id.as_str();
    // That of the metaclass is one for the class.
    let is_class = matches!(object.kind(), Kind::Class | Kind::GenericClass);
    if is_class && cx.class_lookup(object, name).is_some() {
        return;
    }
    let Some(setter) = cx.property_setter(place.ty) else {
        let finding =
            rules::invalid_assignment::read_only_attribute(cx.display_object(object), name)
                .note("it is a property without a setter");
        let finding = because::attribute_declared(region, finding, target, place);
        region.report(&target.attr, finding);
        return;
    };
    let instance = cx.upper_bound(object).unwrap_or_else(|| cx.fallback_instance(object));
    let owner = cx
        .class_of(instance)
        .and_then(|class| cx.class_lookup(cx.generic_class_of(instance, class), name))
        .map(|member| member.owner);
    super::deprecated::check_setter(region, target, setter);
    // A property that a function makes may have one of several setters.
    for setter in cx.members(setter).iter() {
        let bound = cx.method(setter, Some(object), owner);
        if cx.call_outcome(bound, &[value]).is_ok() {
            continue;
        }
        let expected = cx
            .signatures(bound)
            .and_then(|each| each.first().and_then(|s| s.parameters.first().map(|p| p.ty)))
            .unwrap_or(Type::UNKNOWN);
        return report_misfit(region, target, (expected, Some(place)), value, None);
    }
}

/// Calls `__set__`; false when there is none.
fn check_descriptor(
    region: &Region<'_, '_>,
    target: &ExprAttribute,
    object: Type,
    place: &PlaceType,
    value: Type,
) -> bool {
    let cx = region.cx;
    let Some(setter) = cx.dunder(place.ty, "__set__") else { return false };
    let outcome = cx.call_outcome(setter, &[object, value]);
    super::deprecated::check_operator(region, &target.attr, place.ty, "__set__", || {
        vec![object, value]
    });
    if !outcome.is_ok() {
        let finding = rules::invalid_assignment::invalid_descriptor_assignment(
            target.attr.id.as_str(),
            cx.display(value),
        );
        region.report(target, finding);
    }
    true
}
