//! Functions and classes of the standard library whose calls mean more than their signatures say.

use ruff_python_ast::{Expr, ExprCall};

use super::{CallArguments, finish};
use crate::index::{ScopeId, ScopeNode};
use crate::infer::annotation::{Context, type_of};
use crate::infer::expr::infer;
use crate::infer::region::Region;
use crate::rules;
use crate::types::call::{ArgumentKind, ArgumentTypes, CallError, MatchError};
use crate::types::{
    ClassFlags, ClassInfo, ClassRef, Cx, DataclassOptions, DefRef, Kind, Known, KnownFunction,
    MroEntry, Parameter, ParameterKind, Signature, SpecialForm, Type,
};

/// The result of a call that is special; `None` for ordinary ones.
pub fn call(
    region: &Region<'_, '_>,
    call: &ExprCall,
    callee: Type,
    expected: Option<Type>,
) -> Option<Type> {
    let cx = region.cx;
    match callee.kind() {
        Kind::Function => {
            let known = cx.host.function(cx, callee.as_function()?).known?;
            function(region, call, callee, known)
        }
        Kind::Class => class(region, call, callee, expected),
        Kind::Instance if cx.is_instance_of(callee, Known::NotImplementedType) => {
            // Its stub has an unknown base, so that it can be returned anywhere.
            CallArguments::new(region, call).report_within(&[]);
            let finding = rules::call_non_callable::call_non_callable(cx.display(callee));
            region.report(&*call.func, finding);
            Some(Type::UNKNOWN)
        }
        Kind::Decorator => {
            let arguments = CallArguments::new(region, call);
            arguments.report_within(&[]);
            Some(Type::UNKNOWN)
        }
        Kind::Special => {
            if callee.as_special() == Some(SpecialForm::TypeForm)
                && let [form] = &*call.arguments.args
                && call.arguments.keywords.is_empty()
            {
                let ty = type_of(region, form, Context::of(region));
                return Some(region.cx.type_form_of(ty));
            }
            let arguments = CallArguments::new(region, call);
            arguments.report_within(&[]);
            if callee.as_special().is_some_and(is_never_called) {
                let shown = region.cx.display(callee);
                region.report(&*call.func, rules::call_non_callable::call_non_callable(shown));
            } else if callee.as_special() == Some(SpecialForm::TypedDict) {
                check_named(region, call, "TypedDict");
            }
            Some(Type::UNKNOWN)
        }
        _ => None,
    }
}

/// Special forms whose call fails at run time, or means nothing to the type system.
const fn is_never_called(form: SpecialForm) -> bool {
    use SpecialForm as Form;
    matches!(
        form,
        Form::Annotated
            | Form::Any
            | Form::Never
            | Form::NoReturn
            | Form::Union
            | Form::Optional
            | Form::Literal
            | Form::LiteralString
            | Form::Callable
            | Form::ClassVar
            | Form::Final
            | Form::Concatenate
            | Form::Unpack
            | Form::Required
            | Form::NotRequired
            | Form::ReadOnly
            | Form::SelfType
            | Form::TypeAlias
            | Form::TypeGuard
            | Form::TypeIs
            | Form::Protocol
            | Form::Generic
            | Form::List
            | Form::Dict
            | Form::Set
            | Form::FrozenSet
            | Form::Tuple
            | Form::Type
    )
}

fn function(
    region: &Region<'_, '_>,
    call: &ExprCall,
    callee: Type,
    known: KnownFunction,
) -> Option<Type> {
    match known {
        KnownFunction::RevealType => Some(reveal_type(region, call)),
        KnownFunction::AssertType => assert_type(region, call),
        KnownFunction::AssertNever => assert_never(region, call),
        KnownFunction::Cast => cast(region, call),
        KnownFunction::IsInstance | KnownFunction::IsSubclass => {
            check_class_argument(region, call, known == KnownFunction::IsInstance);
            None
        }
        KnownFunction::Dataclass => {
            check_made_dataclass(region, call);
            None
        }
        KnownFunction::DataclassReplace | KnownFunction::CopyReplace => replaced(region, call),
        KnownFunction::Len => {
            let argument = call.arguments.args.first()?;
            let ty = region.quietly(|| infer(region, argument, None));
            let shape = region.cx.tuple_shape(ty)?;
            let len = i64::try_from(shape.fixed_len()?).ok()?;
            let arguments = CallArguments::new(region, call);
            let outcome = region.cx.call(callee, &arguments, None);
            finish(region, call, callee, &arguments, &outcome);
            Type::small_int(len)
        }
        KnownFunction::NamedTuple => {
            let arguments = CallArguments::new(region, call);
            let outcome = region.cx.call(callee, &arguments, None);
            finish(region, call, callee, &arguments, &outcome);
            // It makes a class, which only an assignment or a base gives a name.
            Some(Type::UNKNOWN)
        }
        _ => None,
    }
}

/// `replace(object, …)` of `dataclasses` or `copy`: the class of the object says what it takes.
/// Source: Python library reference, "dataclasses", "copy".
fn replaced(region: &Region<'_, '_>, call: &ExprCall) -> Option<Type> {
    let cx = region.cx;
    let [argument] = &*call.arguments.args else { return None };
    if argument.is_starred_expr() {
        return None;
    }
    let object = region.quietly(|| infer(region, argument, None));
    let bound = cx.upper_bound(object).unwrap_or(object);
    let info = cx.info_of(bound).filter(|info| !info.is_dynamic())?;
    if !matches!(bound.kind(), Kind::Instance | Kind::Generic) || is_transformed(cx, info) {
        return None;
    }
    let method = cx.dunder(bound, "__replace__")?;
    infer(region, argument, None);
    let arguments = CallArguments::new(region, call).without_first();
    let outcome = cx.call(method, &arguments, None);
    finish(region, call, method, &arguments, &outcome);
    Some(object)
}

/// Whether some other library makes the methods of a class.
fn is_transformed(cx: &Cx<'_>, info: &ClassInfo) -> bool {
    info.mro.iter().any(|entry| {
        let MroEntry::Class(class, _) = *entry else { return true };
        let options = cx.host.class(cx, class).dataclass;
        options.is_some_and(|options| options.contains(DataclassOptions::TRANSFORM))
    })
}

/// `dataclass(C)` of a class that cannot be one.
fn check_made_dataclass(region: &Region<'_, '_>, call: &ExprCall) {
    let cx = region.cx;
    let [argument] = &*call.arguments.args else { return };
    let value = region.quietly(|| infer(region, argument, None));
    let Some(info) = value.as_class().map(|class| cx.host.class(cx, class)) else { return };
    let flavours = [
        (ClassFlags::TYPED_DICT, "a TypedDict"),
        (ClassFlags::NAMED_TUPLE, "a named tuple"),
        (ClassFlags::PROTOCOL, "a protocol"),
        (ClassFlags::ENUM, "an enum"),
    ];
    if let Some((_, kind)) = flavours.iter().find(|(flag, _)| info.is(*flag)) {
        let reason = format!("{kind} cannot be a dataclass");
        region.report(argument, rules::invalid_dataclass::invalid_dataclass(&info.name, reason));
    }
}

fn reveal_type(region: &Region<'_, '_>, call: &ExprCall) -> Type {
    let Some(argument) = call.arguments.args.first().filter(|_| call.arguments.len() == 1) else {
        region.report(
            call,
            rules::too_many_positional_arguments::too_many_positional_arguments(
                "reveal_type",
                1,
                call.arguments.len(),
            ),
        );
        return Type::UNKNOWN;
    };
    let ty = infer(region, argument, None);
    if let Expr::Name(name) = &*call.func
        && region.nearest_place(name.id.as_str()).is_none()
        && region.index.star_imports.is_empty()
    {
        region.report(name, rules::undefined_reveal::undefined_reveal());
    }
    // What an alias stands for says more than its name.
    let shown = format!("{:#}", region.cx.display(region.cx.expand_alias(ty)));
    region.report(argument, rules::revealed_type::revealed_type(shown));
    ty
}

fn assert_type(region: &Region<'_, '_>, call: &ExprCall) -> Option<Type> {
    let cx = region.cx;
    let [value, form] = &*call.arguments.args else {
        let finding = if call.arguments.len() < 2 {
            rules::missing_argument::missing_argument("assert_type", &["typ"])
        } else {
            rules::too_many_positional_arguments::too_many_positional_arguments(
                "assert_type",
                2,
                call.arguments.len(),
            )
        };
        region.report(call, finding);
        return Some(Type::UNKNOWN);
    };
    let expected = type_of(region, form, Context::of(region));
    let found = infer(region, value, None);
    if !same_asserted(cx, found, expected) {
        let finding = rules::type_assertion_failure::assert_type_failure(
            cx.display(expected),
            cx.display(found),
        );
        region.report(call, finding);
    }
    Some(found)
}

/// `assert_type` asks for the same type, where our `Unknown` is the user's `Any`. What a `TypeIs` or `TypeGuard` function
/// gives is also a `bool`: the specification says that nothing else comes out.
fn same_asserted(cx: &crate::types::Cx<'_>, found: Type, expected: Type) -> bool {
    let found =
        if found.kind() == Kind::TypeVarValue { cx.fallback_instance(found) } else { found };
    let found = cx.map_union(found, |part| cx.without_exclusions(part));
    same_as(cx, found, expected) || {
        let plain = cx.map_union(found, |part| match part.kind() {
            Kind::Guard => cx.fallback_instance(part),
            _ => part,
        });
        !plain.is(found) && same_as(cx, plain, expected)
    }
}

fn same_as(cx: &crate::types::Cx<'_>, found: Type, expected: Type) -> bool {
    cx.is_equivalent(found, expected)
        || cx.display(found).to_string().replace("Unknown", "Any")
            == cx.display(expected).to_string().replace("Unknown", "Any")
        || (cx.has_dynamic(found) && cx.has_dynamic(expected) && cx.is_consistent(found, expected))
}

fn assert_never(region: &Region<'_, '_>, call: &ExprCall) -> Option<Type> {
    let argument = call.arguments.args.first()?;
    let ty = infer(region, argument, None);
    if !ty.is_never() && !ty.is_dynamic() {
        let finding = rules::type_assertion_failure::assert_never_failure(region.cx.display(ty));
        region.report(argument, finding);
    }
    Some(Type::NEVER)
}

fn cast(region: &Region<'_, '_>, call: &ExprCall) -> Option<Type> {
    let form = call.arguments.find_argument_value("typ", 0)?;
    let value = call.arguments.find_argument_value("val", 1)?;
    if call.arguments.len() != 2 {
        return None;
    }
    let ty = type_of(region, form, Context::of(region));
    let found = infer(region, value, None);
    if region.cx.same(ty, found) && !region.cx.has_dynamic(ty) {
        region.report(call, rules::redundant_cast::redundant_cast(region.cx.display(found)));
    }
    Some(ty)
}

/// `isinstance` and `issubclass` against what can only be compared by structure.
fn check_class_argument(region: &Region<'_, '_>, call: &ExprCall, is_instance: bool) {
    let Some(argument) = call.arguments.args.get(1) else { return };
    let mut elements: Vec<&Expr> = Vec::new();
    class_arguments(argument, &mut elements);
    let cx = region.cx;
    for element in elements {
        let ty = region.quietly(|| infer(region, element, None));
        let is_generic = ty.kind() == Kind::GenericClass && element.is_subscript_expr()
            || ty.as_special().is_some_and(is_never_tested);
        if is_generic || is_untestable_form(region, element) {
            let finding = rules::invalid_argument_type::invalid_argument_type(
                if is_instance { "isinstance" } else { "issubclass" },
                "class_or_tuple",
                "type",
                cx.display(ty),
            );
            let finding = match cx.info_of(ty).filter(|_| ty.kind() == Kind::GenericClass) {
                Some(info) => finding
                    .note("at run time there are no type arguments")
                    .hint(format!("write `{}`", info.name)),
                None => finding.note("at run time it is no class that could be tested for"),
            };
            region.report(element, finding);
            continue;
        }
        let Some(info) = cx.info_of(ty) else { continue };
        if ty.kind() != Kind::Class {
            continue;
        }
        if info.is(ClassFlags::TYPED_DICT) || info.is(ClassFlags::NEW_TYPE) {
            let name = if is_instance { "isinstance" } else { "issubclass" };
            let finding =
                rules::isinstance_against_protocol::isinstance_against_protocol(name, &info.name);
            region.report(element, finding);
            continue;
        }
        if !info.is(ClassFlags::PROTOCOL) {
            continue;
        }
        if !info.is(ClassFlags::RUNTIME_CHECKABLE) {
            let name = if is_instance { "isinstance" } else { "issubclass" };
            let finding =
                rules::isinstance_against_protocol::isinstance_against_protocol(name, &info.name);
            region.report(element, finding);
        } else if let Some(object) = unsafe_overlap(region, call, ty, is_instance) {
            let finding = rules::isinstance_against_protocol::unsafe_protocol_overlap(
                cx.display(object),
                &info.name,
            );
            region.report(element, finding);
        } else if !is_instance && has_data_member(cx, info.class) {
            let finding =
                rules::isinstance_against_protocol::issubclass_against_data_protocol(&info.name);
            region.report(element, finding);
        }
    }
}

/// The classes that the second argument of `isinstance` lists: in tuples, within one another, and with `|`.
fn class_arguments<'e>(argument: &'e Expr, found: &mut Vec<&'e Expr>) {
    match argument {
        Expr::Tuple(tuple) => tuple.elts.iter().for_each(|each| class_arguments(each, found)),
        Expr::BinOp(binary) if binary.op == ruff_python_ast::Operator::BitOr => {
            class_arguments(&binary.left, found);
            class_arguments(&binary.right, found);
        }
        other => found.push(other),
    }
}

/// Special forms that no object can be tested against, with or without arguments.
const fn is_never_tested(form: SpecialForm) -> bool {
    use SpecialForm as Form;
    matches!(
        form,
        Form::Any
            | Form::Never
            | Form::NoReturn
            | Form::Union
            | Form::Optional
            | Form::Literal
            | Form::LiteralString
            | Form::ClassVar
            | Form::Final
            | Form::Annotated
            | Form::Concatenate
            | Form::TypeGuard
            | Form::TypeIs
            | Form::Required
            | Form::NotRequired
            | Form::ReadOnly
            | Form::SelfType
            | Form::TypeAlias
    )
}

/// Whether an expression is a type form with arguments that no object can be tested against.
fn is_untestable_form(region: &Region<'_, '_>, element: &Expr) -> bool {
    let Expr::Subscript(subscript) = element else { return false };
    let form = region.quietly(|| infer(region, &subscript.value, None)).as_special();
    matches!(
        form,
        Some(
            SpecialForm::Annotated
                | SpecialForm::Literal
                | SpecialForm::Callable
                | SpecialForm::ClassVar
                | SpecialForm::Final
        )
    )
}

/// A possible type of the tested object that has all members of the protocol by name and does not
/// implement it: the test at run time would say that it does.
/// Source: typing spec, "Protocols", "runtime_checkable".
fn unsafe_overlap(
    region: &Region<'_, '_>,
    call: &ExprCall,
    protocol: Type,
    is_instance: bool,
) -> Option<Type> {
    let cx = region.cx;
    let class = protocol.as_class()?;
    // Those of the standard library have tests of their own.
    if cx.host.module(class.module).is_stub || region.is_quiet() {
        return None;
    }
    let tested = call.arguments.args.first()?;
    let tested = region.quietly(|| infer(region, tested, None));
    let wanted = cx.instance_of(protocol);
    cx.members(tested).iter().find_map(|member| {
        let object = match member.kind() {
            Kind::Instance | Kind::Generic if is_instance => member,
            Kind::Class | Kind::GenericClass if !is_instance => cx.instance_of(member),
            Kind::SubclassOf if !is_instance => cx.inner_of(member),
            _ => return None,
        };
        if object.is_dynamic() || cx.is_assignable(object, wanted) {
            return None;
        }
        let members = cx.protocol_members(class);
        let by_name = !members.is_empty()
            && members.iter().all(|(name, _)| {
                cx.instance_member_place(object, name).is_some_and(|place| !place.ty.is_none())
            });
        by_name.then_some(object)
    })
}

fn has_data_member(cx: &crate::types::Cx<'_>, class: crate::types::ClassRef) -> bool {
    cx.protocol_members(class).into_iter().any(|(name, owner)| {
        cx.host
            .class_member(cx, owner, name)
            .is_some_and(|place| !matches!(place.ty.kind(), Kind::Function | Kind::Method))
    })
}

fn class(
    region: &Region<'_, '_>,
    call: &ExprCall,
    callee: Type,
    expected: Option<Type>,
) -> Option<Type> {
    let cx = region.cx;
    let class = callee.as_class()?;
    if !region.is_quiet() {
        crate::infer::type_param_check::check_stray(region, call, callee);
    }
    if cx.is_known(class, Known::Super) {
        return super_call(region, call);
    }
    if cx.is_known(class, Known::Type) && call.arguments.len() == 1 {
        let argument = call.arguments.args.first()?;
        let ty = infer(region, argument, None);
        return Some(cx.class_object_of(ty));
    }
    if cx.is_known(class, Known::Bool) && call.arguments.len() == 1 {
        let argument = call.arguments.args.first()?;
        let ty = infer(region, argument, None);
        return Some(match cx.truth(ty) {
            crate::types::Truth::Always => Type::TRUE,
            crate::types::Truth::Never => Type::FALSE,
            crate::types::Truth::Either => cx.known_instance(Known::Bool),
        });
    }
    if cx.is_known(class, Known::Property) {
        check_constructor(region, call, callee);
        return property_call(region, call);
    }
    if cx.is_known(class, Known::StaticMethod) {
        check_constructor(region, call, callee);
        return Some(cx.instance_of(callee));
    }
    if cx.is_known(class, Known::ClassMethod) {
        // The first parameter of its function is taken for an object of the class, not for the class.
        CallArguments::new(region, call).report_within(&[]);
        return Some(cx.instance_of(callee));
    }
    if cx.is_known(class, Known::Partial) {
        return partial_call(region, call, callee);
    }
    if cx.is_known(class, Known::NamedTuple) || cx.is_known(class, Known::ExtNamedTuple) {
        // It makes a class, which only an assignment or a base gives a name.
        CallArguments::new(region, call).report_within(&[]);
        check_named(region, call, "NamedTuple");
        return Some(Type::UNKNOWN);
    }
    if cx.is_known(class, Known::Tuple) && !call.arguments.is_empty() {
        return tuple_call(region, call);
    }
    let info = cx.host.class(cx, class);
    if info.is(ClassFlags::ENUM) {
        return enum_call(region, call, class);
    }
    if cx.is_known(class, Known::Dict) {
        return match expected {
            Some(expected) => crate::infer::typed_dict::infer_keywords(region, call, expected),
            None => crate::infer::expr::record_of_keywords(region, call),
        };
    }
    None
}

/// A call that makes a class needs at least its name: without, the class itself was meant.
fn check_named(region: &Region<'_, '_>, call: &ExprCall, callee: &str) {
    if call.arguments.is_empty() && !region.is_quiet() {
        region.report(call, rules::missing_argument::missing_argument(callee, &["typename"]));
    }
}

/// `functools.partial(f, ...)`: what is given must fit, what is missing may come later.
fn partial_call(region: &Region<'_, '_>, call: &ExprCall, callee: Type) -> Option<Type> {
    let cx = region.cx;
    let whole = CallArguments::new(region, call);
    let is_plain = |kind: &ArgumentKind<'_>| {
        matches!(kind, ArgumentKind::Positional | ArgumentKind::Keyword(_))
    };
    if whole.len() < 1 || !whole.kinds().iter().all(is_plain) {
        return None;
    }
    let first = call.arguments.args.first()?;
    let function = region.quietly(|| infer(region, first, None));
    // What a partial of a partial is given fills up what the inner one has left.
    let called = cx.partial_rest(function).unwrap_or(function);
    let signatures = cx.signatures(called)?;
    let [signature] = signatures.as_slice() else { return None };
    let given = whole.without_first();
    let mut outcome = cx.call(cx.callable(&[*signature]), &given, None);
    outcome
        .errors
        .retain(|error| !matches!(error, CallError::Match { error: MatchError::Missing(_), .. }));
    if !region.is_quiet() {
        infer(region, first, None);
        given.report_within(&outcome.expected);
        super::report_errors(region, call, function, &given, &outcome.errors);
    }
    let class = cx.class_of(callee)?;
    match remaining(cx, signature, given.kinds(), outcome.returns) {
        Some(rest) => Some(cx.generic(class, &[outcome.returns, cx.callable(&[rest])])),
        None => Some(cx.generic(class, &[outcome.returns])),
    }
}

/// The signature that is left of a function when arguments of these kinds are given. A parameter that is given by name
/// may be given again, and those after it can only be given so.
/// Source: Python library reference, "`functools.partial`".
fn remaining<'s>(
    cx: &Cx<'s>,
    signature: &Signature<'s>,
    given: &[ArgumentKind<'_>],
    returns: Type,
) -> Option<Signature<'s>> {
    let mut parameters = signature.parameters.to_vec();
    let mut bound: Vec<Type> = Vec::new();
    for kind in given {
        match kind {
            ArgumentKind::Positional => match parameters.first()?.kind {
                ParameterKind::PositionalOnly | ParameterKind::Standard => {
                    bound.push(parameters.remove(0).ty);
                }
                ParameterKind::Variadic => bound.push(parameters[0].ty),
                _ => return None,
            },
            ArgumentKind::Keyword(name) => {
                let by_name = |each: &Parameter| {
                    each.name == *name
                        && matches!(each.kind, ParameterKind::Standard | ParameterKind::KeywordOnly)
                };
                let Some(at) = parameters.iter().position(by_name) else {
                    let rest = parameters.iter().find(|it| it.kind == ParameterKind::Keywords)?;
                    bound.push(rest.ty);
                    continue;
                };
                bound.push(parameters[at].ty);
                let default = parameters[at].default.unwrap_or(Type::UNKNOWN);
                parameters[at].default = Some(default);
                for later in &mut parameters[at..] {
                    if later.kind == ParameterKind::Standard {
                        later.kind = ParameterKind::KeywordOnly;
                    }
                }
            }
            ArgumentKind::Star | ArgumentKind::DoubleStar => return None,
        }
    }
    // Keyword-only parameters stand behind `*args`.
    parameters.sort_by_key(|each| each.kind);
    let is_open = |&ty: &Type| cx.has_type_vars_of(ty, signature.type_params);
    let is_solved_later =
        |&param: &Type| parameters.iter().any(|each| cx.has_type_vars_of(each.ty, &[param]));
    let declared = signature.returns.filter(|&returns| {
        let in_result = |param: &&Type| cx.has_type_vars_of(returns, &[**param]);
        signature.type_params.iter().filter(in_result).all(is_solved_later)
    });
    let (returns, type_params) = match bound.iter().any(is_open) {
        // What the given arguments have decided of the type variables is known of the result alone.
        true if parameters.iter().any(|each| is_open(&each.ty)) => return None,
        true => (returns, &[][..]),
        false => (declared.unwrap_or(returns), signature.type_params),
    };
    Some(Signature {
        parameters: cx.slice(&parameters),
        returns: Some(returns),
        type_params,
        ..*signature
    })
}

/// `tuple(x)` of a tuple keeps the shape.
fn tuple_call(region: &Region<'_, '_>, call: &ExprCall) -> Option<Type> {
    let argument = call.arguments.args.first()?;
    let ty = region.quietly(|| infer(region, argument, None));
    let tuple = (ty.kind() == Kind::Tuple).then_some(ty)?;
    infer(region, argument, None);
    Some(tuple)
}

/// `Color(1)` is a look-up by value; an enum without members makes a new enum.
fn enum_call(
    region: &Region<'_, '_>,
    call: &ExprCall,
    class: crate::types::ClassRef,
) -> Option<Type> {
    let cx = region.cx;
    let names = cx.enum_member_names(class);
    let arguments = CallArguments::new(region, call);
    arguments.report_within(&[]);
    if names.is_empty() {
        let is_plain = cx.host.class(cx, class).metaclass.is_none_or(|meta| {
            meta.as_class().is_some_and(|class| cx.is_known(class, Known::EnumMeta))
        });
        let lacks_names = arguments.len() == 1
            && call.arguments.args.first().is_some_and(Expr::is_string_literal_expr);
        if lacks_names && is_plain && cx.host.module(class.module).is_stub {
            let finding = rules::missing_argument::missing_argument("Enum", &["names"]);
            region.report(call, finding);
        } else if arguments.len() == 0 && is_plain && cx.host.module(class.module).is_stub {
            let callee = &cx.host.class(cx, class).name;
            region.report(call, rules::missing_argument::missing_argument(callee, &["value"]));
        } else if arguments.len() > 1 && !region.is_quiet() {
            let variable = &cx.host.class(cx, class).name;
            crate::infer::class::enum_arguments(region, call, variable);
        }
        return Some(Type::UNKNOWN);
    }
    let info = cx.host.class(cx, class);
    let by_enum_meta = info.metaclass.is_none_or(|meta| {
        meta.as_class().is_some_and(|class| cx.is_known(class, Known::EnumMeta))
    });
    if arguments.len() == 0 && by_enum_meta {
        let finding = rules::missing_argument::missing_argument(&info.name, &["value"]);
        region.report(call, finding);
    }
    if arguments.len() == 1 {
        let value = arguments.ty(0, None);
        let hit = names.iter().find(|name| {
            cx.literal_class(value).is_some()
                && cx.enum_value(class, name).is_some_and(|ty| cx.same(ty, value))
        });
        if let Some(name) = hit {
            return Some(cx.enum_literal(class, name));
        }
    }
    Some(Type::instance(class))
}

/// Checks the arguments of a call whose result is found otherwise against what the class takes.
fn check_constructor(region: &Region<'_, '_>, call: &ExprCall, callee: Type) {
    if !region.is_quiet() {
        let arguments = CallArguments::new(region, call);
        let outcome = region.cx.call(callee, &arguments, None);
        super::finish(region, call, callee, &arguments, &outcome);
    }
}

fn property_call(region: &Region<'_, '_>, call: &ExprCall) -> Option<Type> {
    let cx = region.cx;
    let part = |name: &str, at: usize| {
        call.arguments
            .find_argument_value(name, at)
            .map(|node| region.quietly(|| infer(region, node, None)))
            .filter(|ty| !ty.is_none())
    };
    let (getter, setter, deleter) = (part("fget", 0), part("fset", 1), part("fdel", 2));
    Some(cx.property(getter, setter, deleter.is_some()))
}

/// `super()` and `super(C, self)`. Source: Python library reference, "super".
fn super_call(region: &Region<'_, '_>, call: &ExprCall) -> Option<Type> {
    let cx = region.cx;
    if call.arguments.is_empty() {
        return Some(implicit_super(region, call));
    }
    let [pivot_node, receiver] = &*call.arguments.args else {
        return Some(unusual_super(region, call));
    };
    let pivot = infer(region, pivot_node, None);
    let receiver_type = infer(region, receiver, None);
    if is_no_class(cx, pivot) {
        let reason = format!("its first argument is `{}` and no class", cx.display(pivot));
        region.report(pivot_node, rules::invalid_super_argument::invalid_super(reason));
        return Some(Type::UNKNOWN);
    }
    match cx.class_of(pivot) {
        Some(class) if matches!(pivot.kind(), Kind::Class | Kind::GenericClass) => {
            match is_under(cx, receiver_type, class) {
                Under::Yes => Some(cx.super_object(class, receiver_type)),
                // A mixin that knows what it is mixed into.
                Under::Maybe => Some(Type::UNKNOWN),
                Under::No => {
                    let name = &cx.host.class(cx, class).name;
                    let finding = rules::invalid_super_argument::invalid_super_argument(
                        name,
                        cx.display(receiver_type),
                    );
                    region.report(receiver, finding);
                    Some(Type::UNKNOWN)
                }
            }
        }
        _ => Some(Type::UNKNOWN),
    }
}

/// Whether a value is certainly no class object.
fn is_no_class(cx: &Cx<'_>, ty: Type) -> bool {
    let object = cx.fallback_instance(ty);
    matches!(object.kind(), Kind::Instance | Kind::Generic | Kind::None)
        && !object.is_dynamic()
        && !cx.info_of(object).is_some_and(|info| info.is_dynamic())
        && !cx.is_assignable(object, cx.known_instance(Known::Type))
        && !cx.is_assignable(cx.known_instance(Known::Type), object)
        || ty.is_none()
        || ty.kind() == Kind::TypeVar && cx.constraints_of(ty).is_empty() && {
            let bound = cx.upper_bound(ty);
            bound.is_some_and(|bound| is_no_class(cx, bound))
        }
}

/// `super(C)`, which is bound to nothing and has nothing of `C`, and calls with too many arguments.
fn unusual_super(region: &Region<'_, '_>, call: &ExprCall) -> Type {
    let cx = region.cx;
    for argument in &call.arguments.args {
        infer(region, argument, None);
    }
    let has_others = !call.arguments.keywords.is_empty()
        || call.arguments.args.iter().any(Expr::is_starred_expr);
    match call.arguments.args.len() {
        _ if has_others => Type::UNKNOWN,
        1 => cx.known_instance(Known::Super),
        given => {
            let rule = rules::too_many_positional_arguments::too_many_positional_arguments;
            region.report(call, rule("super", 2, given));
            Type::UNKNOWN
        }
    }
}

/// Whether a value is an instance or a subclass of a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Under {
    Yes,
    Maybe,
    No,
}

/// Whether `receiver` is an instance or a subclass of `class`; of a base of it, it may be.
fn is_under(cx: &Cx<'_>, receiver: Type, class: ClassRef) -> Under {
    let members = cx.members(receiver);
    members.iter().map(|member| member_is_under(cx, member, class)).min().unwrap_or(Under::Yes)
}

fn member_is_under(cx: &Cx<'_>, member: Type, class: ClassRef) -> Under {
    let instance = match member.kind() {
        Kind::Class | Kind::GenericClass => cx.instance_of(member),
        Kind::SubclassOf => cx.inner_of(member),
        _ => member,
    };
    let instance = match instance.kind() {
        Kind::TypeVar => cx.upper_bound(instance).unwrap_or(Type::UNKNOWN),
        _ => instance,
    };
    let instance = match instance.kind() {
        Kind::Int | Kind::Str | Kind::Bytes | Kind::Bool => cx.fallback_instance(instance),
        _ => instance,
    };
    if !matches!(instance.kind(), Kind::Instance | Kind::Generic) {
        return Under::Yes;
    }
    let Some(info) = cx.info_of(instance) else { return Under::Yes };
    let target = cx.host.class(cx, class);
    match () {
        () if info.class == class || info.inherits(class) || info.is_dynamic() => Under::Yes,
        () if target.inherits(info.class) || target.is_dynamic() => Under::Maybe,
        () => Under::No,
    }
}

fn implicit_super(region: &Region<'_, '_>, call: &ExprCall) -> Type {
    let cx = region.cx;
    let fails = |reason: &str| {
        region.report(call, rules::invalid_super_argument::invalid_super(reason));
        Type::UNKNOWN
    };
    let Some(class) = region.enclosing_class(region.scope()) else {
        return fails("there is no class around it");
    };
    let Some((function, method)) = functions_around(region) else {
        return fails("there is no method around it");
    };
    if !takes_positional(region, function) {
        return fails("the function around it has no positional parameter");
    }
    let Some(method) = method else { return Type::UNKNOWN };
    let info = cx.host.function(cx, method);
    let self_type = cx.self_type(class);
    let on_class = info.flags.contains(crate::types::FunctionFlags::CLASS_METHOD)
        || &*info.name == "__new__"
        || cx.host.known(cx, Known::Type).is_some_and(|meta| {
            cx.host.class(cx, class).inherits(meta) && &*info.name == "__new__"
        });
    let receiver = if on_class { cx.subclass_of(self_type) } else { self_type };
    // A type variable of the old kind stands for the class of the caller.
    let is_variable = |ty: Type| {
        let inner = if ty.kind() == Kind::SubclassOf { cx.inner_of(ty) } else { ty };
        inner.kind() == Kind::TypeVar && (ty.kind() == Kind::SubclassOf) == on_class
    };
    let first = info.signature.parameters.first();
    let own = first.filter(|first| first.is_annotated && is_variable(first.ty));
    cx.super_object(class, own.map_or(receiver, |own| own.ty))
}

/// The innermost function or lambda around the walk that is in a class, and the method of the class that it is in.
fn functions_around(region: &Region<'_, '_>) -> Option<(ScopeId, Option<DefRef>)> {
    let mut scope = Some(region.scope());
    let mut innermost = None;
    let mut method = None;
    while let Some(id) = scope {
        match region.nodes().scopes[id] {
            ScopeNode::Class(_) => break,
            ScopeNode::Function(_) | ScopeNode::Lambda(_) => {
                innermost = innermost.or(Some(id));
                method = region.function_of_scope(id);
            }
            _ => {}
        }
        scope = region.index.scopes[id].parent;
    }
    Some((innermost?, method))
}

/// Whether a function has a parameter of its own in which `super()` finds its object. `*args` is none.
/// Source: Python reference, "Super", and CPython, which looks at the positional parameters of the frame.
fn takes_positional(region: &Region<'_, '_>, function: ScopeId) -> bool {
    let parameters = match region.nodes().scopes[function] {
        ScopeNode::Function(node) => Some(&*node.parameters),
        ScopeNode::Lambda(node) => node.parameters.as_deref(),
        _ => None,
    };
    parameters.is_some_and(|all| !all.posonlyargs.is_empty() || !all.args.is_empty())
}
