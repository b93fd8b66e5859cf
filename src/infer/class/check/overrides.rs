//! Members that replace those of bases: types that do not fit, `Final`, `@override`.
//! Source: typing spec, "Class type assignability"; PEP 698.

use ruff_python_ast::Expr;
use ruff_text_size::TextRange;

use super::Subject;
use crate::index::{DefinitionId, DefinitionNode};
use crate::infer::because;
use crate::infer::region::{Misfit, Region};
use crate::policy::{Policy, lists};
use crate::rules;
use crate::types::{
    ClassFlags, ClassRef, Cx, Data, DataclassOptions, FunctionFlags, FunctionInfo, Kind, Known,
    Lookup, Member, MroEntry, ParameterKind, PlaceType, Qualifiers, Signature, Type,
};

/// Whether a subclass may change what is called `name` as it likes.
pub(super) fn is_free(cx: &Cx<'_>, name: &str) -> bool {
    cx.holds(Policy::FreeMembers) && lists::FREE.contains(&name)
}

pub(super) fn check(subject: &Subject<'_, '_, '_>) {
    let cx = subject.region.cx;
    for name in cx.host.class_member_names(cx, subject.class, true) {
        let Some(place) = cx.host.class_member(cx, subject.class, name) else { continue };
        let function = function_of(cx, place.ty).filter(|info| info.class == Some(subject.class));
        let base = base_member(subject, name);
        if let Some(function) = function {
            explicit_override(subject, name, function, base.as_ref());
        }
        let Some(base) = base else { continue };
        if name.starts_with("__") && !name.ends_with("__") {
            continue;
        }
        if subject.is(ClassFlags::TYPED_DICT) {
            continue;
        }
        // What is said of one base is not said again of another.
        let is_said = compare(subject, name, &place, &base);
        if !is_said && declares(subject, &place) {
            for other in other_bases(subject, name, &base) {
                if compare(subject, name, &place, &other) {
                    break;
                }
            }
        }
    }
}

/// Whether the class itself says what a member is, so that what it says can be wrong.
fn declares(subject: &Subject<'_, '_, '_>, place: &PlaceType) -> bool {
    let region = subject.region;
    let cx = region.cx;
    match function_of(cx, place.ty).filter(|info| info.class == Some(subject.class)) {
        Some(function) => !function.flags.contains(FunctionFlags::UNANNOTATED),
        None => place.definition.is_some_and(|definition| {
            let id = DefinitionId::from_u32(definition.index);
            definition.module == region.module
                && region.index.definitions[id].category.is_declaration()
        }),
    }
}

/// The members of that name in the bases whose own one is not what the class would have without its own.
fn other_bases<'a>(
    subject: &'a Subject<'_, '_, '_>,
    name: &'a str,
    found: &'a Member,
) -> impl Iterator<Item = Member> + 'a {
    let cx = subject.region.cx;
    let is_among = |first: ClassRef, second: ClassRef| {
        first == second || cx.host.class(cx, first).inherits(second)
    };
    let bases: &[Type] = if subject.info.bases.len() > 1 { &subject.info.bases } else { &[] };
    bases.iter().filter_map(move |&base| {
        let other = cx.class_lookup(base, name)?;
        (!is_among(found.class?, other.class?)).then_some(other)
    })
}

/// The function behind a method or property.
pub(super) fn function_of<'s>(cx: &Cx<'s>, ty: Type) -> Option<&'s FunctionInfo<'s>> {
    match ty.kind() {
        Kind::Function => Some(cx.host.function(cx, ty.as_function()?)),
        Kind::Property => match *cx.payload(ty) {
            Data::Property { getter: Some(getter), .. } => function_of(cx, getter),
            _ => None,
        },
        Kind::Callable => {
            let signatures = cx.signatures(ty)?;
            let definition = signatures.first()?.definition?;
            Some(cx.host.function(cx, definition))
        }
        _ => None,
    }
}

/// The `def` that `@final` and `@override` stand on: without an implementation, the first overload.
fn first_overload<'s>(cx: &Cx<'s>, info: &'s FunctionInfo<'s>) -> &'s FunctionInfo<'s> {
    let first = info.overloads.first().filter(|_| !info.has_implementation);
    first
        .and_then(|first| first.definition)
        .map_or(info, |definition| cx.host.function(cx, definition))
}

/// The member of that name that the class would have without its own.
fn base_member(subject: &Subject<'_, '_, '_>, name: &str) -> Option<Member> {
    let cx = subject.region.cx;
    cx.class_lookup_after(own_class_object(subject), name, Some(subject.class), true)
}

fn own_class_object(subject: &Subject<'_, '_, '_>) -> Type {
    let cx = subject.region.cx;
    cx.generic_class(subject.class, &subject.info.type_params)
}

fn base_name(cx: &Cx<'_>, member: &Member) -> String {
    cx.info_of(member.owner).map_or_else(String::new, |info| info.name.to_string())
}

/// `@override` needs something to override.
fn explicit_override<'s>(
    subject: &Subject<'_, '_, 's>,
    name: &str,
    function: &'s FunctionInfo<'s>,
    base: Option<&Member>,
) {
    let cx = subject.region.cx;
    let first = first_overload(cx, function);
    let is_marked = first.flags.contains(FunctionFlags::OVERRIDE);
    match base {
        None if is_marked => {
            let mut candidates: Vec<&str> = Vec::new();
            for entry in subject.info.mro.iter().skip(1) {
                if let MroEntry::Class(class, _) = *entry {
                    candidates.extend(cx.host.class_member_names(cx, class, false));
                }
            }
            subject.region.report(
                first.name_range,
                rules::invalid_explicit_override::invalid_explicit_override(
                    name,
                    &*subject.info.name,
                    candidates,
                ),
            );
        }
        Some(base) if !is_marked && base.class.is_some() => {
            let is_dunder = name.starts_with("__") && name.ends_with("__");
            if !is_dunder {
                subject.region.report(
                    function.name_range,
                    rules::missing_override_decorator::missing_override_decorator(
                        name,
                        base_name(cx, base),
                    ),
                );
            }
        }
        _ => {}
    }
}

/// Whether a protocol says what the class of those is that implement it: nothing that `object` says of its own.
fn asks_for_class(subject: &Subject<'_, '_, '_>, name: &str, place: &PlaceType) -> bool {
    name == "__class__"
        && subject.is(ClassFlags::PROTOCOL)
        && place.ty.kind() == Kind::Property
        && subject.region.cx.property_setter(place.ty).is_some()
}

/// Checks a member against that of a base; says whether something was reported.
fn compare(subject: &Subject<'_, '_, '_>, name: &str, place: &PlaceType, base: &Member) -> bool {
    let region = subject.region;
    let cx = region.cx;
    let Some(_) = base.class else { return false };
    let owner = base_name(cx, base);
    let range = subject.range_of(name);
    if let Some(overridden) = function_of(cx, base.place.ty)
        && first_overload(cx, overridden).flags.contains(FunctionFlags::FINAL)
    {
        let finding = rules::override_of_final_method::override_of_final_method(name, &owner);
        let finding = because::declared_in_base(subject.region, finding, base, name);
        region.report(range, finding);
        return true;
    }
    let is_enum = subject.is(ClassFlags::ENUM);
    if let Some((class, origin)) = final_in_base(subject, name).filter(|_| !is_enum) {
        // What methods assign to `self` is checked where it is assigned.
        if place.declared.is_none() && place.qualifiers.contains(Qualifiers::INSTANCE_ONLY) {
            return true;
        }
        let owner = &cx.host.class(cx, class).name;
        let finding = rules::override_of_final_variable::override_of_final_variable(name, owner);
        let origin = Member { place: origin, class: Some(class), ..*base };
        let finding = because::declared_in_base(subject.region, finding, &origin, name);
        region.report(range, finding);
        return true;
    }
    let is_marked = function_of(cx, place.ty)
        .is_some_and(|function| function.flags.contains(FunctionFlags::OVERRIDE));
    if is_marked && matches!(name, "__init__" | "__new__") {
        compare_constructors(subject, name, place, base, &owner);
        return true;
    }
    let refuses_hash = name == "__hash__"
        && base.place.declared.is_some_and(Type::is_none)
        && base.class.is_some_and(|class| !cx.host.module(class.module).is_stub);
    // A hash is a number, whoever makes it.
    let is_hash = name == "__hash__"
        && place.ty.kind() == Kind::Function
        && base.class.is_some_and(|class| cx.is_known(class, Known::Object));
    if is_free(cx, name) && !refuses_hash && !is_hash
        || asks_for_class(subject, name, place)
        || is_enum && !matches!(place.ty.kind(), Kind::Function | Kind::Property)
    {
        return false;
    }
    let is_method = |ty: Type| matches!(ty.kind(), Kind::Function | Kind::Callable);
    if !is_method(place.ty) && place.declared.is_none() && place.ty.kind() != Kind::Property {
        // A plain assignment is checked against the declaration where it stands.
        if base.place.declared.is_some() || !is_method(base.place.ty) {
            return false;
        }
    }
    let is_inferred = base.place.declared.is_none()
        && !is_method(base.place.ty)
        && base.place.ty.kind() != Kind::Property;
    let is_new_form = place.declared.is_some() || is_method(place.ty);
    if is_inferred && is_new_form && cx.holds(Policy::PlainValue) && is_plain_value(cx, base) {
        let wanted = cx.promote_literals(base.place.ty);
        let own = place.declared.unwrap_or(place.ty);
        let fits = cx.is_assignable(own, wanted);
        if !fits {
            report_attribute(subject, range, name, base, &owner, (own, wanted));
        }
        return !fits;
    }
    if is_inferred && cx.holds(Policy::AssignedIsNoPromise) {
        // What a base merely happens to assign is no promise. Nor is that of a `cached_property` to be set:
        // nobody sets it, and large code bases put a property in its place thousands of times.
        return false;
    }
    if kinds_differ(subject, name, place, base, &owner) {
        return true;
    }
    let instance = cx.identity_instance(subject.class);
    let own = bound(cx, subject, place, own_class_object(subject), instance);
    let other =
        cx.bind_member(base, Lookup { receiver: Some(instance), class: own_class_object(subject) });
    let other = promised_coroutine(cx, without_inferred_result(cx, other));
    let is_inferred_property = cx.holds(Policy::InferredIsNoPromise)
        && base.place.ty.kind() == Kind::Property
        && function_of(cx, base.place.ty).is_some_and(|getter| getter.signature.returns.is_none());
    if is_inferred_property || is_for_others(cx, base, instance) {
        return false;
    }
    // One body for several overloads: what is inferred of it says nothing of each.
    let is_overloaded = cx.signatures(other).is_some_and(|each| each.as_slice().len() > 1);
    let own = if is_overloaded { without_inferred_result(cx, own) } else { own };
    let own = with_names_of(cx, name, own, other);
    // What a property without annotations gives is a guess where part of it is not known.
    let is_guess = cx.holds(Policy::InferredIsNoPromise)
        && place.ty.kind() == Kind::Property
        && cx.has_unknown_member(own)
        && function_of(cx, place.ty).is_some_and(|getter| getter.signature.returns.is_none());
    if own.is_dynamic() || other.is_dynamic() || is_guess {
        return false;
    }
    if cx.is_assignable(own, other) {
        return mutable_narrowed(subject, name, (place, own), (base, other), &owner);
    }
    if is_method(place.ty) && is_method(base.place.ty) {
        let reasons = cx.override_differences(own, other);
        let is_clear = !reasons.is_empty();
        let finding =
            rules::invalid_method_override::invalid_method_override(name, &owner, reasons);
        let finding = base_says(subject, finding, (base, other), &owner, name);
        if is_clear {
            region.report(range, finding);
        } else {
            region.report_misfit(range, finding, Misfit::Override(own, other));
        }
    } else {
        report_attribute(subject, range, name, base, &owner, (own, other));
    }
    true
}

/// Reports an attribute of type `own` where the base has `wanted`.
fn report_attribute(
    subject: &Subject<'_, '_, '_>,
    range: TextRange,
    name: &str,
    base: &Member,
    owner: &str,
    (own, wanted): (Type, Type),
) {
    let cx = subject.region.cx;
    let rule = rules::invalid_attribute_override::invalid_attribute_override;
    let (expected, found) = cx.display_apart(wanted, own);
    let finding = rule(name, owner, expected, found);
    let finding = because::declared_in_base(subject.region, finding, base, name);
    subject.region.report_misfit(range, finding, Misfit::Value(own, wanted));
}

/// Whether the body of a base gives a variable a value of a built-in class: who replaces it by something else says so
/// by a declaration of its own.
fn is_plain_value(cx: &Cx<'_>, base: &Member) -> bool {
    let place = &base.place;
    let set_later =
        Qualifiers::INSTANCE_ONLY.union(Qualifiers::SET_ON_INSTANCE).union(Qualifiers::PLACEHOLDER);
    let is_plain = [Known::Int, Known::Str, Known::Bytes, Known::Float, Known::Bool];
    let ty = cx.promote_literals(place.ty);
    !place.qualifiers.intersects(set_later)
        && base.class.is_some_and(|class| !cx.host.module(class.module).is_stub)
        && is_plain.iter().any(|&known| cx.same(ty, cx.known_instance(known)))
}

/// The variable of that name that some base makes final, however many classes are between.
fn final_in_base(subject: &Subject<'_, '_, '_>, name: &str) -> Option<(ClassRef, PlaceType)> {
    let cx = subject.region.cx;
    subject.info.mro.iter().skip(1).find_map(|entry| match *entry {
        MroEntry::Class(class, _) => cx
            .host
            .class_member(cx, class, name)
            .filter(|place| place.qualifiers.contains(Qualifiers::FINAL))
            .map(|place| (class, place)),
        MroEntry::Dynamic(_) => None,
    })
}

/// Longer signatures of a base are not repeated.
const LONG_SIGNATURE: usize = 160;

/// What the method of the base says, and where.
fn base_says(
    subject: &Subject<'_, '_, '_>,
    finding: rules::Finding,
    (base, bound): (&Member, Type),
    owner: &str,
    name: &str,
) -> rules::Finding {
    let finding = match subject.region.cx.signatures(bound) {
        Some(each) if each.len() == 1 => {
            let shown = subject.region.cx.display_signature(&each.as_slice()[0]);
            // A long one is better read where it stands.
            if shown.len() > LONG_SIGNATURE {
                finding
            } else {
                finding.note(format!("`{owner}.{name}` is `{shown}`"))
            }
        }
        _ => finding,
    };
    because::declared_in_base(subject.region, finding, base, name)
}

/// Whether all overloads of a base's method say what `self` is, and none of them means `instance`: who
/// has one cannot call the method through the base.
fn is_for_others(cx: &Cx<'_>, base: &Member, instance: Type) -> bool {
    let Some(function) = function_of(cx, base.place.ty) else { return false };
    let with = cx.class_substitution(base.owner).with_self(instance);
    let is_for_other = |overload: &Signature| {
        overload.parameters.first().is_some_and(|first| {
            let wanted = cx.substitute(first.ty, &with);
            first.is_annotated && !cx.has_type_vars(wanted) && !cx.is_assignable(instance, wanted)
        })
    };
    !function.overloads.is_empty() && function.overloads.iter().all(is_for_other)
}

/// A variable that everybody may set keeps its type: what is set through the base must fit too.
/// Source: typing spec, "Class type assignability"; attributes that can be set are invariant.
fn mutable_narrowed(
    subject: &Subject<'_, '_, '_>,
    name: &str,
    (place, own): (&PlaceType, Type),
    (base, other): (&Member, Type),
    owner: &str,
) -> bool {
    let cx = subject.region.cx;
    if place.declared.is_none() || base.place.declared.is_none() {
        return false;
    }
    if place.qualifiers.contains(Qualifiers::CLASS_VAR) && !says_type(subject.region, place) {
        return false;
    }
    let fixed = Qualifiers::FINAL.union(Qualifiers::READ_ONLY);
    let is_fixed = place.qualifiers.intersects(fixed)
        || is_frozen(cx, base.class)
        || subject.is(ClassFlags::NAMED_TUPLE);
    if is_fixed || cx.is_assignable(other, own) {
        return false;
    }
    let finding = rules::invalid_attribute_override::narrowed_mutable_attribute(
        name,
        owner,
        cx.display(other),
        cx.display(own),
        base.class.is_some_and(|class| cx.host.module(class.module).is_checked),
    );
    let finding = because::declared_in_base(subject.region, finding, base, name);
    subject.region.report(subject.range_of(name), finding);
    true
}

/// Whether an annotation says more than `ClassVar`: what the value is declares nothing.
fn says_type(region: &Region<'_, '_>, place: &PlaceType) -> bool {
    let Some(definition) = place.definition.filter(|it| it.module == region.module) else {
        return true;
    };
    match region.nodes().definitions[DefinitionId::from_u32(definition.index)] {
        DefinitionNode::AnnotatedAssignment { stmt, .. } => {
            !matches!(&*stmt.annotation, Expr::Name(_) | Expr::Attribute(_))
        }
        _ => true,
    }
}

/// A method that is an `async def` promises a coroutine to be awaited, and not the class that makes it one: what a
/// decorator makes of an override is often declared as any `Coroutine`.
fn promised_coroutine(cx: &Cx<'_>, base: Type) -> Type {
    let is_method = matches!(base.kind(), Kind::Method | Kind::Function | Kind::Callable);
    if !is_method || !cx.holds(Policy::AnyCoroutine) {
        return base;
    }
    let Some(signatures) = cx.signatures(base) else { return base };
    let concrete = |each: &Signature| {
        each.returns.filter(|&returns| {
            returns.kind() == Kind::Generic && cx.is_instance_of(returns, Known::CoroutineType)
        })
    };
    if !signatures.iter().any(|each| concrete(each).is_some()) {
        return base;
    }
    let open: Vec<Signature> = signatures
        .iter()
        .map(|each| match concrete(each) {
            Some(returns) => {
                let returns = cx.known_generic(Known::Coroutine, cx.arguments_of(returns));
                Signature { returns: Some(returns), ..*each }
            }
            None => *each,
        })
        .collect();
    cx.callable(&open)
}

/// A method of a base without the result that was only inferred from its body: that is no promise.
pub(super) fn without_inferred_result(cx: &Cx<'_>, base: Type) -> Type {
    let is_method = matches!(base.kind(), Kind::Method | Kind::Function | Kind::Callable);
    if !is_method || !cx.holds(Policy::InferredIsNoPromise) {
        return base;
    }
    let is_inferred = |signature: &Signature| {
        signature
            .definition
            .is_some_and(|definition| cx.host.function(cx, definition).signature.returns.is_none())
    };
    match cx.signatures(base) {
        Some(signatures) if signatures.iter().any(is_inferred) => {
            let open: Vec<Signature> = signatures
                .iter()
                .map(|each| match is_inferred(each) {
                    true => Signature { returns: Some(Type::UNKNOWN), ..*each },
                    false => *each,
                })
                .collect();
            cx.callable(&open)
        }
        _ => base,
    }
}

fn is_frozen(cx: &Cx<'_>, class: Option<ClassRef>) -> bool {
    class.is_some_and(|class| {
        cx.host
            .class(cx, class)
            .dataclass
            .is_some_and(|options| options.contains(DataclassOptions::FROZEN))
    })
}

/// A method with those positional parameters named as in the method that it overrides that nobody
/// calls by name: those of special methods, and those that the base calls private.
pub(super) fn with_names_of(cx: &Cx<'_>, name: &str, own: Type, base: Type) -> Type {
    let is_method = |ty: Type| matches!(ty.kind(), Kind::Method | Kind::Function | Kind::Callable);
    if !is_method(own) || !is_method(base) || !cx.holds(Policy::NamesOfOthers) {
        return own;
    }
    let is_special = name.starts_with("__") && name.ends_with("__");
    let (Some(own_signatures), Some(base_signatures)) = (cx.signatures(own), cx.signatures(base))
    else {
        return own;
    };
    let ([mine], [wanted]) = (own_signatures.as_slice(), base_signatures.as_slice()) else {
        return own;
    };
    let mut parameters = mine.parameters.to_vec();
    for at in 0..parameters.len() {
        let Some(other) = wanted.parameters.get(at) else { break };
        let positional =
            parameters[at].kind == ParameterKind::Standard && other.kind == ParameterKind::Standard;
        if !positional {
            break;
        }
        let taken = parameters.iter().any(|each| each.name == other.name);
        if !taken && (is_special || other.name.starts_with('_')) {
            parameters[at].name = other.name;
        }
    }
    cx.callable(&[Signature { parameters: cx.slice(&parameters), ..*mine }])
}

/// Constructors that say `@override` themselves; the receiver does not count.
fn compare_constructors(
    subject: &Subject<'_, '_, '_>,
    name: &str,
    place: &PlaceType,
    base: &Member,
    owner: &str,
) {
    let cx = subject.region.cx;
    let instance = cx.identity_instance(subject.class);
    let with = cx.class_substitution(base.owner).with_self(instance);
    let arguments = |ty: Type, with: &crate::types::Substitution| {
        let signatures = cx.signatures(ty)?;
        let bare: Vec<Signature> = signatures
            .iter()
            .map(|signature| {
                let signature = cx.substitute_signature(signature, with);
                let rest = signature.parameters.get(1..).unwrap_or(&[]);
                Signature {
                    parameters: cx.slice(rest),
                    returns: Some(Type::UNKNOWN),
                    definition: None,
                    ..signature
                }
            })
            .collect();
        Some(cx.callable(&bare))
    };
    let own_with = crate::types::Substitution::new().with_self(instance);
    let (Some(own), Some(other)) =
        (arguments(place.ty, &own_with), arguments(base.place.ty, &with))
    else {
        return;
    };
    if !cx.is_assignable(own, other) {
        let reasons = cx.override_differences(own, other);
        let finding = rules::invalid_method_override::invalid_method_override(name, owner, reasons);
        let finding = because::declared_in_base(subject.region, finding, base, name);
        subject.region.report(subject.range_of(name), finding);
    }
}

fn bound(
    cx: &Cx<'_>,
    subject: &Subject<'_, '_, '_>,
    place: &PlaceType,
    class_object: Type,
    instance: Type,
) -> Type {
    let member = Member { place: *place, owner: class_object, class: Some(subject.class) };
    cx.bind_member(&member, Lookup { receiver: Some(instance), class: class_object })
}

/// A class variable stays one, and what could be set must be settable still.
fn kinds_differ(
    subject: &Subject<'_, '_, '_>,
    name: &str,
    place: &PlaceType,
    base: &Member,
    owner: &str,
) -> bool {
    let cx = subject.region.cx;
    let is_variable = |place: &PlaceType| place.declared.is_some();
    let class_var = |place: &PlaceType| place.qualifiers.contains(Qualifiers::CLASS_VAR);
    let report = |expected: &str, found: &str| {
        let finding =
            rules::invalid_attribute_override::invalid_override_kind(name, owner, expected, found);
        let finding = because::declared_in_base(subject.region, finding, base, name);
        subject.region.report(subject.range_of(name), finding);
        true
    };
    let both = is_variable(place) && is_variable(&base.place);
    // Where the value comes from a mere assignment, the qualifier is the base's.
    let own_annotation = subject.last_definition(name).is_some();
    if both && own_annotation && class_var(&base.place) != class_var(place) {
        return if class_var(&base.place) {
            report("a class variable", "an instance variable")
        } else {
            report("an instance variable", "a class variable")
        };
    }
    if is_bound_to_instances(cx, place.ty) {
        let on_class = function_of(cx, base.place.ty).map(|function| function.flags);
        let of = |flag| on_class.is_some_and(|flags: FunctionFlags| flags.contains(flag));
        if of(FunctionFlags::CLASS_METHOD) {
            return report("a class method", "an instance method");
        }
        if of(FunctionFlags::STATIC_METHOD) {
            return report("a static method", "an instance method");
        }
    }
    let frozen = is_frozen(cx, base.class);
    let settable = is_variable(&base.place)
        && !base.place.qualifiers.intersects(Qualifiers::READ_ONLY.union(Qualifiers::CLASS_VAR))
        && !frozen;
    let read_only_property =
        place.ty.kind() == Kind::Property && cx.property_setter(place.ty).is_none();
    if read_only_property && settable {
        return report("a variable that may be set", "a read-only property");
    }
    if both && own_annotation && settable && place.qualifiers.contains(Qualifiers::FINAL) {
        return report("a variable that may be set", "a final variable");
    }
    if read_only_property
        && base.place.ty.kind() == Kind::Property
        && cx.property_setter(base.place.ty).is_some()
    {
        return report("a property with a setter", "a read-only property");
    }
    false
}

/// Whether a member is a plain `def`, which needs an instance.
fn is_bound_to_instances(cx: &Cx<'_>, ty: Type) -> bool {
    let on_class = FunctionFlags::CLASS_METHOD.union(FunctionFlags::STATIC_METHOD);
    ty.kind() == Kind::Function
        && function_of(cx, ty).is_some_and(|function| !function.flags.intersects(on_class))
}
