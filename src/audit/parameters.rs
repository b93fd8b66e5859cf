//! Parameters that functions do not read, where the signature is the function's own.

use super::dead::Dead;
use super::edges::CallShape;
use super::found::Found;
use super::live::Life;
use super::program::{Node, Program};
use super::settings::Confidence;
use crate::infer::facts::{DefFlags, DefKind, NONE, class_flags};
use crate::rules::dead_parameter;

/// The findings.
pub fn unread(question: &Dead<'_, '_>) -> Vec<Found> {
    let program = question.program;
    let mut found = Vec::new();
    for node in 0..u32::try_from(program.len()).unwrap_or(NONE) {
        let def = program.def(node);
        if def.kind != DefKind::Function
            || question.lives.of[node as usize] != Life::Used
            || !has_own_signature(question, node)
        {
            continue;
        }
        let is_method = program.class_of(node).is_some() && !program.has(node, DefFlags::STATIC);
        let parameters: Vec<Node> = program
            .within(node)
            .iter()
            .copied()
            .filter(|&each| program.def(each).kind == DefKind::Parameter)
            .collect();
        let mut position = 0;
        for (at, &parameter) in parameters.iter().enumerate() {
            let flags = program.def(parameter).flags;
            let own = position;
            position += usize::from(!flags.has(DefFlags::KEYWORD_ONLY));
            let name = program.name(parameter);
            let is_receiver = is_method && at == 0;
            if is_receiver
                || name.starts_with('_')
                || flags.has(DefFlags::READ)
                || flags.has(DefFlags::VARIADIC)
            {
                continue;
            }
            let calls = question.edges.calls.get(&node);
            let place = (!flags.has(DefFlags::KEYWORD_ONLY))
                .then_some(own - usize::from(is_method && own > 0));
            let is_passed = calls.is_none_or(|calls| calls.iter().any(|c| passes(c, name, place)));
            found.push(finding(question, node, parameter, is_passed));
        }
    }
    found
}

fn passes(call: &CallShape, name: &str, place: Option<usize>) -> bool {
    call.is_open
        || place.is_some_and(|place| usize::from(call.positional) > place)
        || call.keywords.iter().any(|keyword| **keyword == *name)
}

/// Whether nothing but the function itself decides about its parameters.
fn has_own_signature(question: &Dead<'_, '_>, node: Node) -> bool {
    let program = question.program;
    let name = program.name(node);
    let taken = DefFlags::ABSTRACT
        | DefFlags::STUB_BODY
        | DefFlags::OVERRIDES_OUTSIDE
        | DefFlags::DECLARED_OVERRIDE
        | DefFlags::OVERLOAD
        | DefFlags::FIXTURE
        | DefFlags::USES_LOCALS
        | DefFlags::PROPERTY;
    if program.def(node).flags.0 & taken != 0
        || program.is_opaque(node)
        || name.starts_with("__")
        || !question.edges.only_called[node as usize]
        || question.lives.is_test[program.module_number(node) as usize]
    {
        return false;
    }
    // A function within another is mostly made to be handed on.
    let Some(parent) = program.parent(node) else { return false };
    match program.def(parent).kind {
        DefKind::Module => true,
        DefKind::Class => {
            let is_foreign = class_flags::DYNAMIC
                | class_flags::PROTOCOL
                | class_flags::REGISTERED
                | class_flags::OUTSIDE_BASE;
            !program.class_has(parent, is_foreign) && is_only_one(program, parent, node)
        }
        _ => false,
    }
}

/// Whether a method neither overrides nor is overridden.
fn is_only_one(program: &Program<'_>, class: Node, node: Node) -> bool {
    let name = program.name(node);
    // Others of the same name may be called in its place.
    if program.members.get(name).is_some_and(|all| all.len() > 1) {
        return false;
    }
    let above = program.mro.get(&class).into_iter().flatten();
    let below = program.below.get(&class).into_iter().flatten();
    above.chain(below).all(|&each| {
        program.child(each, name).is_none_or(|other| other == node)
            && !program.class_has(each, class_flags::DYNAMIC)
    })
}

fn finding(question: &Dead<'_, '_>, function: Node, parameter: Node, is_passed: bool) -> Found {
    let program = question.program;
    let name = program.name(parameter);
    let module = program.module(parameter);
    let shown = program.inner_name(function);
    let finding = dead_parameter::unread_parameter(name, shown, is_passed);
    let is_public = question.lives.is_exported(program, function);
    let confidence = match (is_public, is_passed) {
        (true, _) => Confidence::Possible,
        (false, true) => Confidence::Likely,
        (false, false) => Confidence::Certain,
    };
    let at = program.def(parameter).site.at;
    let range = (at, at + u32::try_from(name.len()).unwrap_or(0));
    Found::new(finding, confidence, &module.path, range)
}
