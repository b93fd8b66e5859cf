//! What is wrong with a call, in words, at the argument that it is about.

use ruff_python_ast::{Expr, ExprCall, ExprSubscript};
use ruff_text_size::{Ranged, TextRange};
use smallvec::SmallVec;

use super::{CallArguments, overloads};
use crate::index::DefinitionId;
use crate::infer::because;
use crate::infer::expr;
use crate::infer::region::{Misfit, Region};
use crate::policy::Policy;
use crate::rules;
use crate::types::call::{
    ArgumentKind, ArgumentTypes, CallError, CallOutcome, KnownArguments, MatchError,
};
use crate::types::{Cx, Data, Kind, Signature, Type, TypeVarKind};

/// The name of what is called, for messages.
pub fn callee_name<'s>(cx: &Cx<'s>, callee: Type, signature: Option<&Signature<'s>>) -> String {
    let of_function = |definition| cx.host.function(cx, definition).name.to_string();
    match callee.kind() {
        Kind::Function => callee.as_function().map(of_function).unwrap_or_default(),
        Kind::Method => match *cx.payload(callee) {
            Data::Method { function, .. } => callee_name(cx, function, signature),
            _ => String::new(),
        },
        Kind::Class | Kind::GenericClass => {
            cx.info_of(callee).map(|info| info.name.to_string()).unwrap_or_default()
        }
        _ => signature
            .and_then(|signature| signature.definition)
            .map(of_function)
            .unwrap_or_default(),
    }
}

/// What a call calls; where no function is known (a decorator made it), the name that is written.
fn called_name<'s>(
    cx: &Cx<'s>,
    call: &ExprCall,
    callee: Type,
    signature: Option<&Signature<'s>>,
) -> String {
    let name = callee_name(cx, callee, signature);
    match &*call.func {
        _ if !name.is_empty() => name,
        Expr::Name(written) => written.id.to_string(),
        Expr::Attribute(written) => written.attr.id.to_string(),
        _ => name,
    }
}

/// Reports the errors of a call expression.
pub fn report_errors<'s>(
    region: &Region<'_, 's>,
    call: &ExprCall,
    callee: Type,
    arguments: &CallArguments<'_, '_, '_>,
    errors: &[CallError<'s>],
) {
    report_not_callable(region, call, callee, errors);
    let errors: SmallVec<[&CallError<'s>; 4]> =
        errors.iter().filter(|error| !is_of_record(region, arguments, error)).collect();
    for (at, &error) in errors.iter().enumerate() {
        let spread = spread_argument(arguments, error);
        let is_again = |other: &&CallError<'s>| spread_argument(arguments, other) == spread;
        if spread.is_none() {
            report_error(region, call, callee, arguments, error, &[]);
        } else if !errors[..at].iter().any(is_again) {
            let others: Vec<&str> = errors[at + 1..]
                .iter()
                .filter(|other| is_again(other))
                .filter_map(|&other| parameter(other))
                .collect();
            report_error(region, call, callee, arguments, error, &others);
        }
    }
}

/// Whether an error is about one of several kinds of values that `**` unpacks from a name that nobody declares: under the name
/// of the parameter stands one that fits.
fn is_of_record(
    region: &Region<'_, '_>,
    arguments: &CallArguments<'_, '_, '_>,
    error: &CallError<'_>,
) -> bool {
    let cx = region.cx;
    let CallError::Argument { index, expected, found, .. } = error else { return false };
    let Some(Expr::Name(name)) = arguments.value(*index) else { return false };
    arguments.kinds().get(*index) == Some(&ArgumentKind::DoubleStar)
        && cx.holds(Policy::UnpackedRecord)
        && found.kind() == Kind::Union
        && expr::declared_name(region, name).is_none()
        && cx.members(*found).iter().any(|member| cx.is_assignable(member, *expected))
}

/// Reports the members of a callee that cannot be called, once for all of them.
fn report_not_callable(
    region: &Region<'_, '_>,
    call: &ExprCall,
    callee: Type,
    errors: &[CallError<'_>],
) {
    let cx = region.cx;
    let not_callable = |error: &CallError<'_>| match error {
        CallError::NotCallable(ty) => Some(*ty),
        _ => None,
    };
    let failing: Vec<Type> = errors.iter().filter_map(not_callable).collect();
    let Some(&first) = failing.first() else { return };
    let whole = cx.union(failing.iter().copied());
    let finding = if callee.kind() != Kind::Union {
        rules::call_non_callable::call_non_callable(cx.display(first))
    } else if cx.same(whole, callee) {
        rules::call_non_callable::call_non_callable(cx.display(callee))
    } else {
        let members: Vec<_> = failing.iter().map(|&ty| cx.display(ty)).collect();
        rules::call_non_callable::call_non_callable_union(cx.display(callee), &members)
    };
    let finding = match failing.iter().any(|ty| ty.is_none()) {
        true if failing.len() == 1 => because::test_first(region, finding, &call.func, callee),
        true => because::none_from(region, finding, &call.func, callee, None),
        false => finding,
    };
    region.report(&*call.func, finding);
}

/// The type variable that an argument stands for alone, and its bound, where the argument does not keep to it.
fn violated_bound<'s>(cx: &Cx<'s>, error: &CallError<'s>) -> Option<(Type, Type)> {
    let CallError::Argument { found, parameter, signature, type_var, .. } = error else {
        return None;
    };
    let declared = || {
        let name = parameter.as_deref()?;
        let of_name = signature.parameters.iter().find(|each| each.name == name)?;
        Some(of_name.ty).filter(|ty| ty.kind() == Kind::TypeVar)
    };
    let variable = type_var.or_else(declared)?;
    let bound = cx.upper_bound(variable).filter(|&bound| !cx.has_type_vars(bound))?;
    (type_var.is_some() || !cx.is_assignable(*found, bound)).then_some((variable, bound))
}

/// The `*` or `**` argument that an error is about: it gives values to several parameters, and is wrong once.
fn spread_argument<'s>(
    arguments: &CallArguments<'_, '_, '_>,
    error: &CallError<'s>,
) -> Option<usize> {
    let CallError::Argument { index, .. } = error else { return None };
    let is_spread =
        |kind: &&ArgumentKind<'_>| matches!(kind, ArgumentKind::Star | ArgumentKind::DoubleStar);
    arguments.kinds().get(*index).filter(is_spread).map(|_| *index)
}

/// Reports a call that no overload takes.
fn no_overload<'s>(
    region: &Region<'_, 's>,
    (call, callee): (&ExprCall, Type),
    arguments: &CallArguments<'_, '_, '_>,
    signatures: &[Signature<'s>],
) {
    let cx = region.cx;
    let types: Vec<String> = (0..arguments.len())
        .map(|index| cx.display(arguments.ty(index, None)).to_string())
        .collect();
    let name = called_name(cx, call, callee, signatures.first());
    let refusal = overloads::refusal(region, signatures, Some(arguments));
    let finding = match callee.kind() {
        Kind::Union => refusal.finding_of_member(name, &types),
        _ => refusal.finding(name, &types),
    };
    let finding = match &refusal.culprit {
        Some(culprit) => {
            let node = arguments.node(culprit.index);
            let finding = culprit.explained(region, finding, node);
            match node {
                Some(node) => culprit.shown_at(region, finding, node, arguments.len() > 1),
                None => finding,
            }
        }
        None => overloads::none_among(region, finding, call, signatures),
    };
    let unpacked = refusal.unpacked.and_then(|(at, ty)| Some((arguments.value(at)?, ty)));
    let finding = match unpacked {
        Some((node, ty)) => {
            let works = |ty| cx.iterate(ty).is_some();
            because::members_fail(region, finding, node, ty, works)
        }
        None => finding,
    };
    region.report(call, finding);
}

/// Reports an argument after `*` that is not iterable, or one after `**` that is no mapping.
fn not_unpackable(
    region: &Region<'_, '_>,
    arguments: &CallArguments<'_, '_, '_>,
    range: TextRange,
    (index, found, is_mapping): (usize, Type, bool),
) {
    let cx = region.cx;
    let finding = if is_mapping {
        rules::invalid_argument_type::argument_not_mapping(cx.display(found))
    } else {
        rules::invalid_argument_type::argument_not_iterable(cx.display(found))
    };
    let works = |ty| match is_mapping {
        true => cx.mapping_value(ty).is_some(),
        false => cx.iterate(ty).is_some(),
    };
    let value = arguments.value(index);
    let finding = match value {
        Some(node) => because::members_fail(region, finding, node, found, works),
        None => finding,
    };
    let finding = match value.filter(|_| found.is_none()) {
        Some(node) => because::none_from(region, finding, node, found, None),
        None => finding,
    };
    region.report(range, finding);
}

fn parameter<'e>(error: &'e CallError<'_>) -> Option<&'e str> {
    match error {
        CallError::Argument { parameter, .. } => parameter.as_deref(),
        _ => None,
    }
}

fn report_error<'s>(
    region: &Region<'_, 's>,
    call: &ExprCall,
    callee: Type,
    arguments: &CallArguments<'_, '_, '_>,
    error: &CallError<'s>,
    other_parameters: &[&str],
) {
    let cx = region.cx;
    let at = |index: usize| arguments.range(index).unwrap_or_else(|| call.range());
    match error {
        // All of them are reported together.
        CallError::NotCallable(_) => {}
        CallError::Match { error, signature } => {
            let name = called_name(cx, call, callee, Some(signature));
            match_error(region, (call, callee), &name, error, signature, &at);
        }
        CallError::Argument { index, expected, found, parameter, signature, type_var } => {
            let name = called_name(cx, call, callee, Some(signature));
            let range = at(*index);
            if let Some(type_var) = type_var {
                let constraints = cx.constraints_of(*type_var);
                if !constraints.is_empty() {
                    let list: Vec<String> =
                        constraints.iter().map(|&each| cx.display(each).to_string()).collect();
                    let list: Vec<&str> = list.iter().map(String::as_str).collect();
                    region.report(
                        range,
                        rules::invalid_argument_type::argument_violates_constraints(
                            name,
                            cx.display(*type_var),
                            &list,
                            cx.display(*found),
                        ),
                    );
                    return;
                }
            }
            if let Some((variable, bound)) = violated_bound(cx, error) {
                let finding = rules::invalid_argument_type::argument_violates_bound(
                    name,
                    cx.display(variable),
                    cx.display(bound),
                    cx.display(*found),
                );
                let finding = match arguments.node(*index) {
                    Some(node) => because::none_from(region, finding, node, *found, Some(bound)),
                    None => finding,
                };
                region.report_misfit(range, finding, Misfit::Value(*found, bound));
                return;
            }
            let open = overloads::unsolved(cx, signature, *expected, *found);
            let (wanted, given) = cx.display_apart(*expected, *found);
            let finding = rules::invalid_argument_type::invalid_argument_type(
                name,
                parameter.as_deref().unwrap_or(""),
                wanted,
                given,
            );
            let finding = rules::invalid_argument_type::also_for(finding, other_parameters);
            let finding = declared_at(region, finding, signature, parameter.as_deref());
            let finding = match (signature.definition, parameter) {
                (None, Some(name)) => field_at(region, finding, callee, name),
                _ => finding,
            };
            let finding = match arguments.node(*index) {
                Some(node) => because::none_from(region, finding, node, *found, Some(open)),
                None => finding,
            };
            region.report_misfit(range, finding, Misfit::Value(*found, open));
        }
        CallError::NoOverload { overloads, .. } => {
            no_overload(region, (call, callee), arguments, overloads);
        }
        CallError::NotIterable { index, found, is_mapping } => {
            not_unpackable(region, arguments, at(*index), (*index, *found, *is_mapping));
        }
        CallError::Receiver { expected, found } => {
            region.report(
                &*call.func,
                rules::invalid_argument_type::invalid_argument_type(
                    called_name(cx, call, callee, None),
                    "self",
                    cx.display(*expected),
                    cx.display(*found),
                ),
            );
        }
    }
}

/// A finding with the reason for which a call that it is about fails.
pub fn with_reason<'s>(
    region: &Region<'_, 's>,
    finding: rules::Finding,
    error: &CallError<'s>,
    given: &[Type],
) -> rules::Finding {
    if region.is_quiet() {
        return finding;
    }
    let words = match error {
        CallError::NoOverload { overloads, .. } => {
            let given = KnownArguments::positional(given);
            let refusal = overloads::refusal(region, overloads, Some(&given));
            let shown: Vec<String> = refusal.shown.into_iter().map(|(_, reason)| reason).collect();
            shown.into_iter().filter(|reason| !reason.is_empty()).collect::<Vec<_>>().join("; ")
        }
        other => overloads::reason(region.cx, other),
    };
    if words.is_empty() { finding } else { finding.note(words) }
}

/// Where the parameter is declared that an argument is for.
fn declared_at(
    region: &Region<'_, '_>,
    mut finding: rules::Finding,
    signature: &Signature<'_>,
    parameter: Option<&str>,
) -> rules::Finding {
    let Some(definition) = signature.definition.filter(|_| !region.is_quiet()) else {
        return finding;
    };
    let cx = region.cx;
    let function = &cx.host.function(cx, definition).name;
    let name = parameter.filter(|name| !name.is_empty());
    let range = name.and_then(|name| {
        let index = cx.host.index(definition.module);
        index.parameter_range(DefinitionId::from_u32(definition.index), name)
    });
    match (name, range) {
        (Some(name), Some(range)) if definition.module == region.module => {
            finding.related(range, format!("parameter `{name}` is declared here"))
        }
        (Some(name), Some(range)) => {
            let words = format!("parameter `{name}` of `{function}` is declared here");
            finding.related_in(definition.module.0, range, words)
        }
        _ => {
            let words = format!("`{function}` is declared here");
            because::add_place(cx, region.module, &mut finding, definition, words);
            finding
        }
    }
}

/// Where a class declares the field that a parameter of its constructor is made from.
fn field_at(
    region: &Region<'_, '_>,
    mut finding: rules::Finding,
    callee: Type,
    name: &str,
) -> rules::Finding {
    let cx = region.cx;
    if region.is_quiet() || !matches!(callee.kind(), Kind::Class | Kind::GenericClass) {
        return finding;
    }
    let field = cx.class_lookup(callee, name);
    if let Some(definition) = field.and_then(|member| member.place.definition) {
        let words = format!("field `{name}` is declared here");
        because::add_place(cx, region.module, &mut finding, definition, words);
    }
    finding
}

/// Where a class is declared whose constructor is made from its fields.
fn class_at(region: &Region<'_, '_>, finding: rules::Finding, callee: Type) -> rules::Finding {
    let cx = region.cx;
    let is_class = matches!(callee.kind(), Kind::Class | Kind::GenericClass);
    let Some(info) = cx.info_of(callee).filter(|_| is_class && !region.is_quiet()) else {
        return finding;
    };
    let words = format!("`{}` is declared here", info.name);
    if info.class.module == region.module {
        finding.related(info.name_range, words)
    } else {
        finding.related_in(info.class.module.0, info.name_range, words)
    }
}

/// Reports the errors of a call without a call expression: a decorator, the header of a class.
/// `at` says where each argument stands, or the whole.
pub fn report_errors_at<'s>(
    region: &Region<'_, 's>,
    at: &dyn Fn(Option<usize>) -> TextRange,
    name: &str,
    errors: &[CallError<'s>],
) {
    let cx = region.cx;
    for error in errors {
        let (index, finding) = match error {
            CallError::NotCallable(ty) => {
                (None, rules::call_non_callable::call_non_callable(cx.display(*ty)))
            }
            CallError::Match { error: MatchError::Missing(names), .. } => {
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                (None, rules::missing_argument::missing_argument(name, &names))
            }
            CallError::Match { error: MatchError::TooMany { index, expected, given }, .. } => (
                Some(*index),
                rules::too_many_positional_arguments::too_many_positional_arguments(
                    name, *expected, *given,
                ),
            ),
            CallError::Match {
                error: MatchError::Unknown { index, name: argument },
                signature,
            } => {
                let known = signature.parameters.iter().map(|parameter| parameter.name);
                (Some(*index), rules::unknown_argument::unknown_argument(name, argument, known))
            }
            CallError::Match { .. } => continue,
            CallError::Argument { index, expected, found, parameter, .. } => (
                Some(*index),
                rules::invalid_argument_type::invalid_argument_type(
                    name,
                    parameter.as_deref().unwrap_or(""),
                    cx.display(*expected),
                    cx.display(*found),
                ),
            ),
            CallError::NoOverload { overloads, .. } => {
                (None, overloads::refusal(region, overloads, None).finding(name, &[]))
            }
            CallError::NotIterable { .. } | CallError::Receiver { .. } => continue,
        };
        region.report(at(index), finding);
    }
}

fn match_error<'s>(
    region: &Region<'_, 's>,
    (call, callee): (&ExprCall, Type),
    name: &str,
    error: &MatchError,
    signature: &Signature<'s>,
    at: &dyn Fn(usize) -> ruff_text_size::TextRange,
) {
    let at_keyword =
        |index: usize, name: &str| keyword_range(call, name).unwrap_or_else(|| at(index));
    let (range, finding, parameter) = match error {
        MatchError::Missing(names) => {
            let shown: Vec<&str> = names.iter().map(String::as_str).collect();
            let finding = rules::missing_argument::missing_argument(name, &shown);
            // A method of the class, with nothing to call it on.
            let finding = match (&*call.func, shown.first()) {
                (Expr::Attribute(function), Some(&"self")) => {
                    let class = region.quietly(|| expr::infer(region, &function.value, None));
                    let is_class = matches!(class.kind(), Kind::Class | Kind::GenericClass);
                    if is_class { finding.hint("call it on an instance") } else { finding }
                }
                _ => finding,
            };
            (call.range(), finding, names.first())
        }
        MatchError::TooMany { index, expected, given } => {
            let finding = rules::too_many_positional_arguments::too_many_positional_arguments(
                name, *expected, *given,
            );
            (at(*index), finding, None)
        }
        MatchError::Unknown { index, name: argument } => {
            let known = signature.parameters.iter().map(|parameter| parameter.name);
            let finding = rules::unknown_argument::unknown_argument(name, argument, known);
            (at_keyword(*index, argument), finding, None)
        }
        MatchError::AlreadyAssigned { index, name: argument } => {
            let finding =
                rules::parameter_already_assigned::parameter_already_assigned(name, argument);
            // A mapping that is unpacked comes after what was given by name.
            let unpacks = |range: TextRange| {
                let keywords = &call.arguments.keywords;
                keywords.iter().any(|it| it.arg.is_none() && it.range.contains_range(range))
            };
            let second = Some(at(*index)).filter(|&range| unpacks(range));
            let range = second.unwrap_or_else(|| at_keyword(*index, argument));
            (range, finding, Some(argument))
        }
        MatchError::PositionalOnly { index, name: argument } => {
            let finding =
                rules::positional_only_parameter_as_kwarg::positional_only_parameter_as_kwarg(
                    name, argument,
                );
            (at_keyword(*index, argument), finding, Some(argument))
        }
    };
    let finding = if callee.kind() == Kind::Union && !region.is_quiet() {
        let (one, whole) = (region.cx.display_signature(signature), region.cx.display(callee));
        finding.note(format!("it is `{one}` in `{whole}` that is called so"))
    } else if !region.is_quiet()
        && signature.definition.is_none()
        && matches!(callee.kind(), Kind::Callable | Kind::Instance | Kind::Generic)
    {
        // There is no declaration to be shown.
        finding.note(format!("what is called is `{}`", region.cx.display_signature(signature)))
    } else {
        finding
    };
    let finding = declared_at(region, finding, signature, parameter.map(String::as_str));
    let finding = match signature.definition {
        Some(_) => finding,
        None => class_at(region, finding, callee),
    };
    region.report(range, finding);
}

fn keyword_range(call: &ExprCall, name: &str) -> Option<ruff_text_size::TextRange> {
    call.arguments
        .keywords
        .iter()
        .find(|keyword| keyword.arg.as_ref().is_some_and(|arg| arg.id.as_str() == name))
        .map(Ranged::range)
}

/// Reports the errors of the call of `method` of `object` that a subscript makes; `object` is what its value is, or one
/// member of it.
pub fn report_subscript<'s>(
    region: &Region<'_, 's>,
    subscript: &ExprSubscript,
    object: Type,
    method: &str,
    errors: &[CallError<'s>],
) {
    let cx = region.cx;
    let node = &*subscript.slice;
    let Some(error) = errors.first() else { return };
    let member = |finding| because::member_fails(region, finding, &subscript.value, object);
    match error {
        CallError::Argument { expected, found, .. } => {
            let finding = rules::invalid_argument_type::invalid_argument_type(
                format!("{}.{method}", cx.display(object)),
                "",
                cx.display(*expected),
                cx.display(*found),
            );
            let finding = because::none_from(region, finding, node, *found, Some(*expected));
            region.report_misfit(node, member(finding), Misfit::Value(*found, *expected));
        }
        CallError::NoOverload { overloads, .. } => {
            let given = region.quietly(|| expr::infer(region, node, None));
            let types = [cx.display(given).to_string()];
            let given = KnownArguments::positional(std::slice::from_ref(&given));
            let refusal = overloads::refusal(region, overloads, Some(&given));
            let callee = format!("{}.{method}", cx.display(object));
            let finding = refusal.finding(callee, &types);
            let finding = match &refusal.culprit {
                Some(culprit) => culprit.explained(region, finding, Some(node)),
                None => finding,
            };
            region.report(node, member(finding));
        }
        _ => region
            .report(node, rules::non_subscriptable::non_subscriptable(cx.display(object), method)),
    }
}

/// Reports a decorator that does not take what it decorates.
pub fn report_decorator<'s>(
    region: &Region<'_, 's>,
    node: &Expr,
    callee: Type,
    decorated: Type,
    error: &CallError<'s>,
) {
    let cx = region.cx;
    let name = callee_name(cx, callee, None);
    let finding = match error {
        CallError::NotCallable(ty) => rules::call_non_callable::call_non_callable(cx.display(*ty)),
        CallError::Argument { expected, found, parameter, signature, .. } => {
            let (wanted, given) = cx.display_apart(*expected, *found);
            let finding = rules::invalid_argument_type::invalid_argument_type(
                name,
                parameter.as_deref().unwrap_or_default(),
                wanted,
                given,
            );
            let open = overloads::unsolved(cx, signature, *expected, *found);
            return region.report_misfit(node, finding, Misfit::Value(*found, open));
        }
        CallError::Match { error: MatchError::Missing(names), .. } => {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            rules::missing_argument::missing_argument(name, &names)
        }
        CallError::Match { error: MatchError::TooMany { expected, given, .. }, .. } => {
            rules::too_many_positional_arguments::too_many_positional_arguments(
                name, *expected, *given,
            )
        }
        CallError::NoOverload { overloads, .. } => {
            let types = [cx.display(decorated).to_string()];
            overloads::refusal(region, overloads, None).finding(name, &types)
        }
        _ => return,
    };
    region.report(node, finding);
}

/// Reports calls of what is deprecated.
pub fn check_deprecated<'s>(
    region: &Region<'_, 's>,
    call: &ExprCall,
    callee: Type,
    outcome: &CallOutcome<'s>,
) {
    let cx = region.cx;
    let Some(definition) = outcome.chosen.and_then(|signature| signature.definition) else {
        return;
    };
    let info = cx.host.function(cx, definition);
    crate::infer::deprecated::check_call(region, &call.func, callee, info);
}

/// Reports the second of two unpacked arguments that stand for all of what one `ParamSpec` or `TypeVarTuple` is.
/// Source: typing spec, "Generics", "The components of a ParamSpec", "Unpacking".
pub fn check_unpacked_twice(
    region: &Region<'_, '_>,
    callee: Type,
    arguments: &CallArguments<'_, '_, '_>,
) {
    let cx = region.cx;
    let is_spread =
        |kind: &ArgumentKind<'_>| matches!(kind, ArgumentKind::Star | ArgumentKind::DoubleStar);
    if arguments.kinds().iter().filter(|kind| is_spread(kind)).count() < 2 {
        return;
    }
    let takes_pack = cx.signatures(callee).is_some_and(|all| {
        all.iter().flat_map(|each| each.parameters).any(|each| {
            each.ty.kind() == Kind::ParamSpecPart
                || each.ty.kind() == Kind::Unpacked
                || cx.as_type_var(each.ty).is_some_and(|it| it.kind == TypeVarKind::TypeVarTuple)
        })
    });
    if !takes_pack {
        return;
    }
    let pack = |ty: Type| match *cx.payload(ty) {
        Data::ParamSpecPart { type_var, .. } => Some(type_var),
        _ => cx.tuple_shape(ty).and_then(|shape| shape.parts().1).filter(|&part| {
            cx.as_type_var(part).is_some_and(|it| it.kind == TypeVarKind::TypeVarTuple)
        }),
    };
    let mut seen: Vec<(ArgumentKind<'_>, Type)> = Vec::new();
    for (index, &kind) in arguments.kinds().iter().enumerate() {
        if !is_spread(&kind) {
            continue;
        }
        let Some(part) = pack(arguments.ty(index, None)) else { continue };
        let is_again = |&(other, ty): &(ArgumentKind<'_>, Type)| {
            std::mem::discriminant(&other) == std::mem::discriminant(&kind) && cx.same(ty, part)
        };
        if seen.iter().any(is_again)
            && let Some(data) = cx.as_type_var(part)
            && let Some(range) = arguments.range(index)
        {
            let reason = "what it stands for can be unpacked once in a call";
            region.report(range, rules::invalid_param_spec::invalid_param_spec(data.name, reason));
        }
        seen.push((kind, part));
    }
}
