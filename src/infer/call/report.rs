//! What is wrong with a call, in words, at the argument that it is about.

use ruff_python_ast::{Expr, ExprCall};
use ruff_text_size::{Ranged, TextRange};

use super::CallArguments;
use crate::index::DefinitionId;
use crate::infer::because;
use crate::infer::expr;
use crate::infer::region::{Misfit, Region};
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
    for (at, error) in errors.iter().enumerate() {
        let spread = spread_argument(arguments, error);
        let is_again = |other: &CallError| spread_argument(arguments, other) == spread;
        if spread.is_none() {
            report_error(region, call, callee, arguments, error, &[]);
        } else if !errors[..at].iter().any(is_again) {
            let others: Vec<&str> = errors[at + 1..]
                .iter()
                .filter(|other| is_again(other))
                .filter_map(parameter)
                .collect();
            report_error(region, call, callee, arguments, error, &others);
        }
    }
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
                if let Some(bound) = cx.upper_bound(*type_var) {
                    region.report(
                        range,
                        rules::invalid_argument_type::argument_violates_bound(
                            name,
                            cx.display(*type_var),
                            cx.display(bound),
                            cx.display(*found),
                        ),
                    );
                    return;
                }
            }
            let (wanted, given) = cx.display_apart(*expected, *found);
            let finding = rules::invalid_argument_type::invalid_argument_type(
                name,
                parameter.as_deref().unwrap_or(""),
                wanted,
                given,
            );
            let finding = rules::invalid_argument_type::also_for(finding, other_parameters);
            let finding = declared_at(region, finding, signature, parameter.as_deref());
            let finding = match arguments.node(*index) {
                Some(node) => because::none_from(region, finding, node, *found, Some(*expected)),
                None => finding,
            };
            region.report_misfit(range, finding, Misfit::Value(*found, *expected));
        }
        CallError::NoOverload { overloads, .. } => {
            let types: Vec<String> = (0..arguments.len())
                .map(|index| cx.display(arguments.ty(index, None)).to_string())
                .collect();
            let name = called_name(cx, call, callee, overloads.first());
            let (shown, more) = nearest_overloads(region, overloads, Some(arguments));
            let rule = rules::no_matching_overload::no_matching_overload;
            let finding = rule(name, &types, &shown, more);
            region.report(call, none_among(region, finding, call, overloads));
        }
        CallError::NotIterable { index, found, is_mapping } => {
            let finding = if *is_mapping {
                rules::invalid_argument_type::argument_not_mapping(cx.display(*found))
            } else {
                rules::invalid_argument_type::argument_not_iterable(cx.display(*found))
            };
            region.report(at(*index), finding);
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

/// Says so where a call of overloads would work but for the `None` in one of its arguments.
fn none_among<'s>(
    region: &Region<'_, 's>,
    finding: rules::Finding,
    call: &ExprCall,
    overloads: &[Signature<'s>],
) -> rules::Finding {
    let cx = region.cx;
    let nodes = &call.arguments.args;
    let is_plain = call.arguments.keywords.is_empty() && !nodes.iter().any(Expr::is_starred_expr);
    if region.is_quiet() || !is_plain {
        return finding;
    }
    let given: Vec<Type> =
        region.quietly(|| nodes.iter().map(|node| expr::infer(region, node, None)).collect());
    let callee = cx.callable(overloads);
    let culprit = (0..given.len()).find(|&at| {
        let bare = cx.without_none(given[at]);
        let mut types = given.clone();
        types[at] = bare;
        !bare.is_never() && !cx.same(bare, given[at]) && cx.call_outcome(callee, &types).is_ok()
    });
    match culprit {
        Some(at) => {
            let finding = finding.note("it is `None` that does not fit");
            because::test_first(region, finding, &nodes[at], given[at])
        }
        None => finding,
    }
}

/// The overloads that are nearest to what was called, with why each does not match, and how many others there are.
fn nearest_overloads<'s>(
    region: &Region<'_, 's>,
    overloads: &[Signature<'s>],
    arguments: Option<&dyn ArgumentTypes>,
) -> (Vec<(String, String)>, usize) {
    const SHOWN: usize = 3;
    /// So many are tried once more, to see why they do not match.
    const MANY: usize = 12;
    let cx = region.cx;
    if region.is_quiet() {
        return (Vec::new(), overloads.len());
    }
    if let Some(arguments) = arguments {
        let (reasons, count) = cx.why_no_overload(overloads, arguments, MANY);
        let mut shown: Vec<(String, String)> = Vec::new();
        for (signature, error) in &reasons {
            let (signature, reason) = (cx.display_signature(signature), reason(cx, error));
            match shown.iter_mut().find(|(_, known)| *known == reason) {
                // What is wrong in the same way for several is said once.
                Some((names, _)) => "several overloads".clone_into(names),
                None => shown.push((signature, reason)),
            }
        }
        let is_same = shown.len() == 1 && reasons.len() == count && count > 1;
        if is_same && let Some((names, _)) = shown.first_mut() {
            "all overloads that take as many arguments".clone_into(names);
        }
        if !shown.is_empty() {
            let hidden = shown.len().saturating_sub(SHOWN) + count.saturating_sub(reasons.len());
            let others = overloads.len().saturating_sub(count);
            shown.truncate(SHOWN);
            return (shown, hidden + others);
        }
    }
    let shown = overloads.iter().take(SHOWN);
    let shown = shown.map(|each| (cx.display_signature(each), String::new())).collect();
    (shown, overloads.len().saturating_sub(SHOWN))
}

/// Why a signature does not take the arguments, as a clause.
fn reason(cx: &Cx<'_>, error: &CallError<'_>) -> String {
    match error {
        CallError::Argument { expected, found, parameter, .. } => {
            let slot = match parameter.as_deref() {
                Some(name) if !name.is_empty() => format!("`{name}` "),
                _ => String::new(),
            };
            let (expected, found) = cx.display_apart(*expected, *found);
            format!("{slot}expects `{expected}`, found `{found}`")
        }
        CallError::Match { error, .. } => match error {
            MatchError::Missing(names) => {
                let verb = if names.len() == 1 { "is" } else { "are" };
                format!("`{}` {verb} missing", names.join("`, `"))
            }
            MatchError::TooMany { expected, given, .. } => {
                format!("takes {expected} positional, found {given}")
            }
            MatchError::Unknown { name, .. } => format!("does not take `{name}`"),
            MatchError::AlreadyAssigned { name, .. } => format!("`{name}` is given twice"),
            MatchError::PositionalOnly { name, .. } => format!("`{name}` can't be given by name"),
        },
        CallError::Receiver { expected, .. } => {
            format!("is for a `{}` alone", cx.display(*expected))
        }
        CallError::NotIterable { found, is_mapping: true, .. } => {
            format!("`{}` after `**` is no mapping", cx.display(*found))
        }
        CallError::NotIterable { found, .. } => {
            format!("`{}` after `*` is not iterable", cx.display(*found))
        }
        _ => String::new(),
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
            let (shown, _) = nearest_overloads(region, overloads, Some(&given));
            let shown: Vec<String> = shown.into_iter().map(|(_, reason)| reason).collect();
            shown.into_iter().filter(|reason| !reason.is_empty()).collect::<Vec<_>>().join("; ")
        }
        other => reason(region.cx, other),
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
                let (shown, more) = nearest_overloads(region, overloads, None);
                (None, rules::no_matching_overload::no_matching_overload(name, &[], &shown, more))
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
            (at_keyword(*index, argument), finding, Some(argument))
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

/// Reports the errors of a call that an operator or statement makes, at `node`.
pub fn report_implicit<'s>(
    region: &Region<'_, 's>,
    node: &Expr,
    object: Type,
    method: &str,
    errors: &[CallError<'s>],
) {
    let cx = region.cx;
    let Some(error) = errors.first() else { return };
    match error {
        CallError::Argument { expected, found, .. } => region.report_misfit(
            node,
            rules::invalid_argument_type::invalid_argument_type(
                format!("{}.{method}", cx.display(object)),
                "",
                cx.display(*expected),
                cx.display(*found),
            ),
            Misfit::Value(*found, *expected),
        ),
        CallError::NoOverload { overloads, .. } => {
            let types = [cx
                .display(region.quietly(|| crate::infer::expr::infer(region, node, None)))
                .to_string()];
            let given = region.quietly(|| crate::infer::expr::infer(region, node, None));
            let given = KnownArguments::positional(std::slice::from_ref(&given));
            let (shown, more) = nearest_overloads(region, overloads, Some(&given));
            let finding =
                rules::no_matching_overload::no_matching_overload(method, &types, &shown, more);
            let words = format!("`{method}` is that of `{}`", cx.display(object));
            region.report(node, finding.note(words));
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
        CallError::Argument { expected, found, parameter, .. } => {
            rules::invalid_argument_type::invalid_argument_type(
                name,
                parameter.as_deref().unwrap_or_default(),
                cx.display(*expected),
                cx.display(*found),
            )
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
            let (shown, more) = nearest_overloads(region, overloads, None);
            let types = [cx.display(decorated).to_string()];
            rules::no_matching_overload::no_matching_overload(name, &types, &shown, more)
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
