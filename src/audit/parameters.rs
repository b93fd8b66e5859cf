//! Parameters that say nothing: those that a function does not read, those that no call gives, and those that are the same
//! in all calls. Only functions whose signature is their own are looked at.

use super::conventions::{PathKind, path_kind};
use super::dead::Dead;
use super::edges::CallSite;
use super::found::Found;
use super::live::Life;
use super::program::{Node, Program};
use super::settings::Confidence;
use crate::infer::facts::{Call, DefFlags, DefKind, ModuleFacts, NONE, class_flags};
use crate::rules::{Finding, constant_parameter, dead_parameter};

/// The findings.
pub fn parameters(question: &Dead<'_, '_>) -> Vec<Found> {
    let program = question.program;
    let mut found = Vec::new();
    for node in 0..u32::try_from(program.len()).unwrap_or(NONE) {
        let def = program.def(node);
        // Where no call is seen, somebody calls it who decides what it gets.
        if def.kind != DefKind::Function
            || question.lives.of[node as usize] != Life::Used
            || !has_own_signature(question, node)
        {
            continue;
        }
        let Some(sites) = question.edges.calls.get(&node) else { continue };
        let calls = Calls { program, sites };
        for parameter in own_parameters(program, node) {
            found.extend(of_parameter(question, node, &parameter, &calls));
        }
    }
    found
}

/// A parameter that calls give.
struct Parameter<'f> {
    node: Node,
    name: &'f str,
    flags: DefFlags,
    /// Its place among the arguments, if it may be given by place.
    place: Option<usize>,
}

/// The parameters of a function that may be findings: neither the receiver, nor `*args`, nor one whose name says that
/// nobody needs it.
fn own_parameters<'f>(program: &Program<'f>, function: Node) -> Vec<Parameter<'f>> {
    let mut place = 0;
    let mut found = Vec::new();
    for node in program.parameters(function) {
        let flags = program.def(node).flags;
        let own = (!flags.has(DefFlags::KEYWORD_ONLY)).then_some(place);
        place += usize::from(own.is_some());
        let name = program.name(node);
        if !name.starts_with('_') && !flags.has(DefFlags::VARIADIC) {
            found.push(Parameter { node, name, flags, place: own });
        }
    }
    found
}

fn of_parameter(
    question: &Dead<'_, '_>,
    function: Node,
    parameter: &Parameter<'_>,
    calls: &Calls<'_, '_>,
) -> Option<Found> {
    let shown = question.program.inner_name(function);
    let name = parameter.name;
    let is_public = question.lives.is_exported(question.program, function);
    let is_passed = calls.any(|facts, call| passes(facts, call, parameter));
    if !parameter.flags.has(DefFlags::READ) {
        let finding = dead_parameter::unread_parameter(name, shown, is_passed);
        let confidence = match (is_public, is_passed) {
            (true, _) => Confidence::Possible,
            (false, true) => Confidence::Likely,
            (false, false) => Confidence::Certain,
        };
        return Some(place(question, parameter, finding, confidence));
    }
    if is_public || question.program.has(function, DefFlags::USES_LOCALS) {
        return None;
    }
    let finding = if !is_passed && parameter.flags.has(DefFlags::HAS_DEFAULT) {
        constant_parameter::never_given(name, shown)
    } else {
        let value = calls.only_value(parameter)?;
        constant_parameter::always_the_same(name, shown, value, calls.sites.len())
    };
    Some(place(question, parameter, finding, Confidence::Likely))
}

/// The calls of a function.
struct Calls<'p, 'f> {
    program: &'p Program<'f>,
    sites: &'p [CallSite],
}

impl<'f> Calls<'_, 'f> {
    fn all(&self) -> impl Iterator<Item = (&'f ModuleFacts, &'f Call)> {
        self.sites.iter().map(|site| {
            let facts = self.program.modules[site.module as usize];
            (facts, &facts.calls[site.call as usize])
        })
    }

    fn any(&self, test: impl Fn(&ModuleFacts, &Call) -> bool) -> bool {
        self.all().any(|(facts, call)| test(facts, call))
    }

    /// The literal that all calls give, if there are enough of them to say so.
    fn only_value(&self, parameter: &Parameter<'_>) -> Option<&'f str> {
        const FEWEST: usize = 4;
        if self.sites.len() < FEWEST {
            return None;
        }
        let mut values = self.all().map(|(facts, call)| value(facts, call, parameter));
        let first = values.next()??;
        values.all(|each| each == Some(first)).then_some(first)
    }
}

/// Which argument of a call is that for a parameter.
fn argument(facts: &ModuleFacts, call: &Call, parameter: &Parameter<'_>) -> Option<usize> {
    let positional = usize::from(call.positional);
    let by_place = parameter.place.filter(|&place| place < positional);
    let (start, count) = (call.keywords.0 as usize, usize::from(call.keywords.1));
    let names = &facts.keywords[start..start + count];
    let by_name = || names.iter().position(|&name| facts.symbols[name] == *parameter.name);
    by_place.or_else(|| by_name().map(|at| positional + at))
}

fn passes(facts: &ModuleFacts, call: &Call, parameter: &Parameter<'_>) -> bool {
    call.is_open || argument(facts, call, parameter).is_some()
}

/// The literal that a call gives.
fn value<'f>(facts: &'f ModuleFacts, call: &Call, parameter: &Parameter<'_>) -> Option<&'f str> {
    if call.is_open {
        return None;
    }
    let at = call.arguments as usize + argument(facts, call, parameter)?;
    let text = *facts.arguments.get(at)?;
    (text != NONE).then(|| &facts.symbols[text])
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
        || program.has(node, DefFlags::OPAQUE)
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

fn place(
    question: &Dead<'_, '_>,
    parameter: &Parameter<'_>,
    finding: Finding,
    confidence: Confidence,
) -> Found {
    let program = question.program;
    let path = &program.module(parameter.node).path;
    let is_at_home = path_kind(path) == PathKind::Program && !question.settings.is_borrowed(path);
    let confidence = if is_at_home { confidence } else { Confidence::Possible };
    let at = program.def(parameter.node).site.at;
    let range = (at, at + u32::try_from(parameter.name.len()).unwrap_or(0));
    Found::new(finding, confidence, path, range)
}
