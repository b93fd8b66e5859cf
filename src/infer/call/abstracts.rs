//! Abstract methods: classes that cannot be instantiated, bodies that are not there.
//! Source: typing spec, "Protocols", "Explicitly declaring implementation"; `abc` documentation.

use ruff_python_ast::{Expr, ExprCall};
use rustc_hash::FxHashSet;
use smallvec::SmallVec;

use crate::infer::expr::infer;
use crate::infer::region::Region;
use crate::rules;
use crate::types::{
    ClassFlags, ClassInfo, ClassRef, Cx, Data, DefRef, FunctionFlags, Kind, MroEntry, PlaceType,
    Qualifiers, Type,
};

/// Reports calls of protocols and of classes with abstract methods left.
pub fn check_instantiation(region: &Region<'_, '_>, call: &ExprCall, callee: Type) {
    let cx = region.cx;
    if !matches!(callee.kind(), Kind::Class | Kind::GenericClass) {
        return;
    }
    let Some(info) = cx.info_of(callee) else { return };
    if info.is(ClassFlags::PROTOCOL) {
        region.report(call, rules::protocol_instantiation::protocol_instantiation(&info.name));
        return;
    }
    let mut missing = abstract_methods(cx, callee);
    if missing.is_empty() {
        missing.extend(abstract_constructor(cx, callee));
    }
    if !missing.is_empty() {
        region.report(
            call,
            rules::abstract_instantiation::abstract_instantiation(&info.name, &missing),
        );
    }
}

/// A constructor that a stub marks as abstract, whatever the metaclass: it says so that nobody calls it.
fn abstract_constructor(cx: &Cx<'_>, class_object: Type) -> Option<&'static str> {
    ["__new__", "__init__"].into_iter().find(|name| {
        let member = cx.class_lookup(class_object, name);
        member.is_some_and(|member| {
            is_marked_abstract(cx, member.place.ty)
                && member.class.is_some_and(|class| cx.host.module(class.module).is_stub)
        })
    })
}

/// Names of abstract methods that no class of the MRO implements. Only classes whose metaclass is
/// `ABCMeta`, and protocols, can have them.
pub fn abstract_methods<'s>(cx: &Cx<'s>, class_object: Type) -> Vec<&'s str> {
    let Some(info) = cx.info_of(class_object).filter(|info| !info.is(ClassFlags::TYPED_DICT))
    else {
        return Vec::new();
    };
    let is_abc = info.metaclass.is_some_and(|meta| {
        meta.is_dynamic()
            || cx.info_of(meta).is_some_and(|meta| {
                cx.host
                    .known(cx, crate::types::Known::AbcMeta)
                    .is_some_and(|abc| meta.inherits(abc))
            })
    });
    let has_protocol = classes_of(info).any(|class| is_protocol(cx, class));
    if !is_abc && !has_protocol || info.is_dynamic() || info.is(ClassFlags::TYPED_DICT) {
        return Vec::new();
    }
    let mut missing = Vec::new();
    if !info.is(ClassFlags::PROTOCOL) && has_protocol {
        variables_without_value(cx, info, &mut missing);
    }
    let classes: SmallVec<[ClassRef; 8]> = classes_of(info).collect();
    let has_some = |&class: &ClassRef| !own_abstract_names(cx, class).is_empty();
    let Some(last) = classes.iter().rposition(has_some) else { return missing };
    let mut seen: FxHashSet<&str> = FxHashSet::default();
    for &class in &classes[..=last] {
        let own = own_abstract_names(cx, class).iter().copied();
        missing.extend(own.filter(|name| !seen.contains(name)));
        seen.extend(cx.host.class_member_names(cx, class, false));
    }
    missing
}

/// The classes of a method resolution order.
fn classes_of(info: &ClassInfo) -> impl Iterator<Item = ClassRef> + '_ {
    info.mro.iter().filter_map(|entry| match *entry {
        MroEntry::Class(class, _) => Some(class),
        MroEntry::Dynamic(_) => None,
    })
}

fn is_protocol(cx: &Cx<'_>, class: ClassRef) -> bool {
    cx.host.class(cx, class).is(ClassFlags::PROTOCOL)
}

/// Names of the abstract methods that the body of a class has.
fn own_abstract_names<'s>(cx: &Cx<'s>, class: ClassRef) -> &'s [&'s str] {
    let info = cx.host.class(cx, class);
    if info.metaclass.is_none() && !info.is(ClassFlags::PROTOCOL) {
        return &[];
    }
    cx.kept_abstract_names(class, || {
        let mut names = cx.host.class_member_names(cx, class, false);
        names.retain(|name| {
            let member = cx.host.class_member(cx, class, name);
            member.is_some_and(|place| is_abstract(cx, place.ty, class))
        });
        names
    })
}

/// Variables that a protocol declares and that nobody gives a value: an explicit subclass must.
fn variables_without_value<'s>(cx: &Cx<'s>, info: &ClassInfo, missing: &mut Vec<&'s str>) {
    for protocol in classes_of(info).filter(|&class| is_protocol(cx, class)) {
        if cx.host.module(protocol.module).is_stub {
            continue;
        }
        for name in cx.host.class_member_names(cx, protocol, false) {
            let Some(place) = cx.host.class_member(cx, protocol, name) else { continue };
            if !is_bare_declaration(cx, protocol, &place) || missing.contains(&name) {
                continue;
            }
            let is_given = classes_of(info).any(|class| {
                cx.host.class_member(cx, class, name).is_some_and(|place| {
                    !is_protocol(cx, class) || !is_bare_declaration(cx, class, &place)
                })
            });
            if !is_given {
                missing.push(name);
            }
        }
    }
}

/// Whether a protocol only declares a variable. What its `__init__` sets is not seen from outside,
/// so that protocols with one say nothing about instance variables.
fn is_bare_declaration(cx: &Cx<'_>, protocol: ClassRef, place: &PlaceType) -> bool {
    place.declared.is_some()
        && !place.has_value
        && !matches!(place.ty.kind(), Kind::Function | Kind::Property)
        && (place.qualifiers.contains(Qualifiers::CLASS_VAR)
            || cx.host.class_member(cx, protocol, "__init__").is_none())
}

/// Reports `super().method()`, and class and static methods called on the class itself, where the method
/// has no body to run.
pub fn check_super_call(region: &Region<'_, '_>, call: &ExprCall, callee: Type) {
    let cx = region.cx;
    let Expr::Attribute(attribute) = &*call.func else { return };
    let function = match *cx.payload(callee) {
        Data::Method { function, .. } => function,
        _ => callee,
    };
    let Some(definition) = function.as_function() else { return };
    let info = cx.host.function(cx, definition);
    let on_class = FunctionFlags::CLASS_METHOD.union(FunctionFlags::STATIC_METHOD);
    let is_super = matches!(&*attribute.value, Expr::Call(call)
        if matches!(&*call.func, Expr::Name(name) if name.id.as_str() == "super"));
    let is_called_on_class = || {
        info.flags.intersects(on_class)
            && info.flags.contains(FunctionFlags::ABSTRACT.union(FunctionFlags::STUB_BODY))
            && region.quietly(|| infer(region, &attribute.value, None)).kind() == Kind::Class
    };
    if !is_super && !is_called_on_class() {
        return;
    }
    let Some(class) = info.class else { return };
    let owner = cx.host.class(cx, class);
    let has_no_body = info.flags.contains(FunctionFlags::STUB_BODY)
        && (info.flags.contains(FunctionFlags::ABSTRACT) || owner.is(ClassFlags::PROTOCOL))
        && !cx.host.module(class.module).is_stub
        && info.overloads.is_empty()
        && never_implemented(cx, definition);
    if has_no_body {
        region.report(
            &*call.func,
            rules::call_abstract_method::call_abstract_method(&owner.name, &info.name),
        );
    }
}

/// Whether a member of `class` is to be given by a subclass: it is marked, or nobody wrote its body.
fn is_abstract(cx: &Cx<'_>, ty: Type, class: ClassRef) -> bool {
    let is_unwritten = |definition| {
        cx.host.class(cx, class).is(ClassFlags::PROTOCOL)
            && cx.function_flags(definition).contains(FunctionFlags::STUB_BODY)
            && !cx.host.module(class.module).is_stub
            && never_implemented(cx, definition)
    };
    is_marked_abstract(cx, ty) || read_by(cx, ty).is_some_and(is_unwritten)
}

/// Whether a member of a class is marked as abstract: a method, or a property by its getter.
pub fn is_marked_abstract(cx: &Cx<'_>, ty: Type) -> bool {
    read_by(cx, ty)
        .is_some_and(|function| cx.function_flags(function).contains(FunctionFlags::ABSTRACT))
}

/// The function that a member is: of a property, its getter.
fn read_by(cx: &Cx<'_>, ty: Type) -> Option<DefRef> {
    match ty.kind() {
        Kind::Function => ty.as_function(),
        Kind::Property => match *cx.payload(ty) {
            Data::Property { getter: Some(getter), .. } => read_by(cx, getter),
            _ => None,
        },
        _ => None,
    }
}

/// A protocol method without a body counts as abstract unless `None` is a fine result.
fn never_implemented(cx: &Cx<'_>, definition: DefRef) -> bool {
    cx.host
        .function(cx, definition)
        .signature
        .returns
        .is_some_and(|returns| !cx.is_assignable(Type::NONE, returns))
}
