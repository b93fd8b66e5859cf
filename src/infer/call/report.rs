//! What is wrong with a call, in words, at the argument that it is about.

use ruff_python_ast::{Expr, ExprCall};
use ruff_text_size::{Ranged, TextRange};

use super::CallArguments;
use crate::infer::region::Region;
use crate::rules;
use crate::types::call::{ArgumentKind, ArgumentTypes, CallError, CallOutcome, MatchError};
use crate::types::{Cx, Data, Kind, Signature, Type};

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

/// Reports the errors of a call expression.
pub fn report_errors<'s>(
    region: &Region<'_, 's>,
    call: &ExprCall,
    callee: Type,
    arguments: &CallArguments<'_, '_, '_>,
    errors: &[CallError<'s>],
) {
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
        CallError::NotCallable(ty) => {
            let finding = if callee.kind() == Kind::Union {
                rules::call_non_callable::call_non_callable_union(
                    cx.display(callee),
                    cx.display(*ty),
                )
            } else {
                rules::call_non_callable::call_non_callable(cx.display(*ty))
            };
            region.report(&*call.func, finding);
        }
        CallError::Match { error, signature } => {
            let name = callee_name(cx, callee, Some(signature));
            match_error(region, call, &name, error, signature, &at);
        }
        CallError::Argument { index, expected, found, parameter, signature, type_var } => {
            let name = callee_name(cx, callee, Some(signature));
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
            let finding = rules::invalid_argument_type::invalid_argument_type(
                name,
                parameter.as_deref().unwrap_or(""),
                cx.display(*expected),
                cx.display(*found),
            );
            region.report(range, rules::invalid_argument_type::also_for(finding, other_parameters));
        }
        CallError::NoOverload { overloads, .. } => {
            let types: Vec<String> = (0..arguments.len())
                .map(|index| cx.display(arguments.ty(index, None)).to_string())
                .collect();
            let shown: Vec<String> =
                overloads.iter().map(|each| cx.display_signature(each)).collect();
            let name = callee_name(cx, callee, overloads.first());
            region.report(
                call,
                rules::no_matching_overload::no_matching_overload(name, &types, &shown),
            );
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
                    callee_name(cx, callee, None),
                    "self",
                    cx.display(*expected),
                    cx.display(*found),
                ),
            );
        }
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
                let shown: Vec<String> =
                    overloads.iter().map(|each| cx.display_signature(each)).collect();
                (None, rules::no_matching_overload::no_matching_overload(name, &[], &shown))
            }
            CallError::NotIterable { .. } | CallError::Receiver { .. } => continue,
        };
        region.report(at(index), finding);
    }
}

fn match_error<'s>(
    region: &Region<'_, 's>,
    call: &ExprCall,
    name: &str,
    error: &MatchError,
    signature: &Signature<'s>,
    at: &dyn Fn(usize) -> ruff_text_size::TextRange,
) {
    match error {
        MatchError::Missing(names) => {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            region.report(call, rules::missing_argument::missing_argument(name, &names));
        }
        MatchError::TooMany { index, expected, given } => region.report(
            at(*index),
            rules::too_many_positional_arguments::too_many_positional_arguments(
                name, *expected, *given,
            ),
        ),
        MatchError::Unknown { index, name: argument } => {
            let known = signature.parameters.iter().map(|parameter| parameter.name);
            region.report(
                keyword_range(call, argument).unwrap_or_else(|| at(*index)),
                rules::unknown_argument::unknown_argument(name, argument, known),
            );
        }
        MatchError::AlreadyAssigned { index, name: argument } => region.report(
            keyword_range(call, argument).unwrap_or_else(|| at(*index)),
            rules::parameter_already_assigned::parameter_already_assigned(name, argument),
        ),
        MatchError::PositionalOnly { index, name: argument } => region.report(
            keyword_range(call, argument).unwrap_or_else(|| at(*index)),
            rules::positional_only_parameter_as_kwarg::positional_only_parameter_as_kwarg(
                name, argument,
            ),
        ),
    }
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
        CallError::Argument { expected, found, .. } => region.report(
            node,
            rules::invalid_argument_type::invalid_argument_type(
                format!("{}.{method}", cx.display(object)),
                "",
                cx.display(*expected),
                cx.display(*found),
            ),
        ),
        CallError::NoOverload { overloads, .. } => {
            let types = [cx
                .display(region.quietly(|| crate::infer::expr::infer(region, node, None)))
                .to_string()];
            let shown: Vec<String> =
                overloads.iter().map(|each| cx.display_signature(each)).collect();
            region.report(
                node,
                rules::no_matching_overload::no_matching_overload(method, &types, &shown),
            );
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
            let shown: Vec<String> =
                overloads.iter().map(|each| cx.display_signature(each)).collect();
            let types = [cx.display(decorated).to_string()];
            rules::no_matching_overload::no_matching_overload(name, &types, &shown)
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
