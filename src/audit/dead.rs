//! `audit dead`: definitions that nothing keeps alive, each group by what begins it.

use rustc_hash::{FxHashMap, FxHashSet};

use super::edges::{Edges, kind};
use super::found::Found;
use super::groups::{Groups, groups};
use super::live::{Life, Lives};
use super::program::{Node, Program};
use super::settings::{AuditSettings, Confidence};
use super::{fixtures, parameters, sure};
use crate::infer::facts::{DefFlags, DefKind, NONE, class_flags};
use crate::rules::{
    Finding, dead_attribute, dead_code, dead_exception, dead_fixture, dead_variable,
    unreachable_code, used_only_by_tests, used_only_for_typing,
};

/// What the question needs.
pub struct Dead<'d, 'f> {
    /// The program.
    pub program: &'d Program<'f>,
    /// Who reads whom.
    pub edges: &'d Edges,
    /// What is alive.
    pub lives: &'d Lives,
    /// What is declared.
    pub settings: &'d AuditSettings,
}

/// All findings of the question, in no order.
#[must_use]
pub fn dead(question: &Dead<'_, '_>) -> Vec<Found> {
    let sure = sure::Evidence::new(question);
    let fixtures = fixtures::used(question.program, question.lives, &question.edges.is_named);
    let is_dead = |node: Node| is_reported(question, &fixtures, node);
    let groups = groups(question.program, question.edges, question.lives, &is_dead);
    let mut found = Vec::new();
    for node in 0..u32::try_from(question.program.len()).unwrap_or(NONE) {
        if is_dead(node) && groups.begins(node) {
            found.push(report(question, &sure, &groups, node));
        }
    }
    found.extend(parameters::parameters(question));
    locals(question, &mut found);
    unreachable(question, &mut found);
    found
}

/// Whether a node is a finding, or part of one.
fn is_reported(question: &Dead<'_, '_>, fixtures: &FxHashSet<Node>, node: Node) -> bool {
    let program = question.program;
    let def = program.def(node);
    let life = question.lives.of[node as usize];
    if matches!(def.kind, DefKind::Module | DefKind::Import | DefKind::Parameter) {
        return false;
    }
    if program.has(node, DefFlags::FIXTURE) {
        return !fixtures.contains(&node);
    }
    let in_tests = question.lives.is_test[program.module_number(node) as usize];
    let name = program.name(node);
    if life == Life::Used || (life == Life::Tests && in_tests) || name == "_" {
        return false;
    }
    let is_dunder = name.starts_with("__") && name.ends_with("__");
    if is_dunder || program.has(node, DefFlags::OVERLOAD) || program.module(node).is_stub {
        return false;
    }
    if def.kind == DefKind::Typing && life < Life::Dead {
        return false;
    }
    // What a class is made of says nothing by itself when it is needed for typing or by tests.
    if matches!(life, Life::Tests | Life::Typing)
        && let Some(class) = program.class_of(node)
        && question.lives.of[class as usize] == life
    {
        return false;
    }
    if life == Life::Typing && def.kind != DefKind::Class {
        return false;
    }
    // Nested definitions go with what they are in, and `_` names of loops are no definitions.
    let is_data = matches!(def.kind, DefKind::Variable | DefKind::Attribute);
    !(is_data && name.starts_with("__"))
}

/// The word for what a node is.
#[must_use]
pub fn word(program: &Program<'_>, node: Node) -> &'static str {
    let def = program.def(node);
    let is_member = program.class_of(node).is_some();
    match def.kind {
        DefKind::Module => "module",
        DefKind::Class => "class",
        DefKind::Function if def.flags.has(DefFlags::PROPERTY) => "property",
        DefKind::Function if is_member => "method",
        DefKind::Function => "function",
        DefKind::Variable if is_member => "class variable",
        DefKind::Variable => "variable",
        DefKind::Attribute => "attribute",
        DefKind::Import => "import",
        DefKind::Typing => "type alias",
        DefKind::Parameter => "parameter",
    }
}

fn report(
    question: &Dead<'_, '_>,
    sure: &sure::Evidence<'_, '_>,
    groups: &Groups,
    node: Node,
) -> Found {
    let program = question.program;
    let def = program.def(node);
    let module = program.module(node);
    let with_it = groups.with(node);
    let names: Vec<String> = with_it.iter().map(|&each| program.inner_name(each)).collect();
    let finding = words(question, node, &names);
    let (confidence, reason) = sure.of(node);
    let name_length = u32::try_from(program.name(node).len()).unwrap_or(0);
    let range = (def.site.at, def.site.at + name_length);
    let mut found = Found::new(finding, confidence, &module.path, range);
    found.removal = Some((def.site.start, def.site.end));
    found.name = Some(program.name(node).into());
    if question.lives.of[node as usize] == Life::Dead {
        found.removable = removable(question, node, with_it);
    }
    for &each in with_it {
        let other = program.def(each);
        let length = u32::try_from(program.name(each).len()).unwrap_or(0);
        let message =
            format!("falls with it: {} `{}`", word(program, each), program.inner_name(each));
        let range = (other.site.at, other.site.at + length);
        found.related.push((program.module(each).path.clone(), range, message));
    }
    for (of, site) in module.sites.iter().filter(|(of, _)| question_node(program, node, *of)) {
        let _ = of;
        if def.kind == DefKind::Function || def.kind == DefKind::Class {
            let range = (site.at, site.at + name_length);
            found.related.push((module.path.clone(), range, "defined here too".to_owned()));
        }
    }
    if let Some(reason) = reason {
        found.finding.hints.push(reason);
    }
    found
}

fn question_node(program: &Program<'_>, node: Node, def: u32) -> bool {
    program.module_node(program.module_number(node)) + def == node
}

/// The statements of a group that can be taken out without touching anything else: functions, classes and variables
/// with one definition that no import names.
fn removable(question: &Dead<'_, '_>, node: Node, with_it: &[Node]) -> Vec<(Box<str>, (u32, u32))> {
    let program = question.program;
    let mut statements = Vec::new();
    for &each in with_it.iter().chain([&node]) {
        let def = program.def(each);
        let module = program.module(each);
        let number = each - program.module_node(program.module_number(each));
        let is_single = module.sites.iter().all(|(of, _)| *of != number);
        let is_simple = match def.kind {
            DefKind::Function | DefKind::Class => true,
            DefKind::Variable => {
                !def.flags.has(DefFlags::CONDITIONAL) && !def.flags.has(DefFlags::HAS_EFFECTS)
            }
            // It goes with the function that sets it, or not at all.
            DefKind::Attribute => program
                .class_of(each)
                .is_some_and(|class| with_it.contains(&class) || class == node),
            _ => false,
        };
        let is_part = std::iter::successors(program.parent(each), |&at| program.parent(at))
            .any(|around| around == node || with_it.contains(&around));
        if is_part {
            continue;
        }
        if !is_single || !is_simple || program.is_imported_by_name(each) {
            return Vec::new();
        }
        statements.push((module.path.clone(), (def.site.start, def.site.end)));
    }
    statements
}

/// The words of a finding, by what the node is and how it lives.
fn words(question: &Dead<'_, '_>, node: Node, with_it: &[String]) -> Finding {
    let program = question.program;
    let def = program.def(node);
    let name = program.inner_name(node);
    let word = word(program, node);
    if program.has(node, DefFlags::FIXTURE) {
        return dead_fixture::unused_fixture(name);
    }
    match question.lives.of[node as usize] {
        Life::Tests => return used_only_by_tests::only_tests(word, name),
        Life::Typing => return used_only_for_typing::only_annotations(word, name),
        Life::Unreached => return dead_code::reached_by_unreachable_code(word, name),
        Life::Caught => return dead_exception::never_raised(name),
        _ => {}
    }
    let class = program.class_of(node);
    let class_has = |flags| class.is_some_and(|class| program.class_has(class, flags));
    match def.kind {
        DefKind::Variable if class_has(class_flags::ENUM) => dead_attribute::unused_member(name),
        DefKind::Variable
            if class_has(class_flags::DATACLASS) && def.flags.has(DefFlags::ANNOTATED) =>
        {
            dead_attribute::unread_field(name)
        }
        DefKind::Attribute => dead_attribute::written_only(name),
        _ => dead_code::dead_code(word, name, with_it, 0),
    }
}

/// Local variables that are never read, in functions that are alive.
fn locals(question: &Dead<'_, '_>, found: &mut Vec<Found>) {
    let program = question.program;
    for (number, module) in program.modules.iter().enumerate() {
        let first = program.first[number];
        for &(function, name, at) in &module.unused_locals {
            let life = question.lives.of[(first + function) as usize];
            if life == Life::Dead {
                continue;
            }
            let name = &module.symbols[name];
            let finding = dead_variable::unread_local(name);
            let range = (at, at + u32::try_from(name.len()).unwrap_or(0));
            let confidence = if question.lives.is_test[number] {
                Confidence::Likely
            } else {
                Confidence::Certain
            };
            found.push(Found::new(finding, confidence, &module.path, range));
        }
    }
}

/// Statements that are not reached.
fn unreachable(question: &Dead<'_, '_>, found: &mut Vec<Found>) {
    for module in &question.program.modules {
        let mut end = 0;
        for &(start, stop, by_types) in &module.unreached {
            // One within another says nothing new.
            if start < end {
                continue;
            }
            end = stop;
            let confidence = if by_types { Confidence::Possible } else { Confidence::Certain };
            let finding = unreachable_code::unreachable(by_types);
            found.push(Found::new(finding, confidence, &module.path, (start, stop)));
        }
    }
}

/// Reads by which kinds count where dead code is grouped.
pub const GROUPING: u8 = kind::RUN | kind::GUARDED | kind::TYPING | kind::UNREACHED | kind::CAUGHT;

/// How many lines a range has is known only to who reads the file; what is known here is its bytes.
#[must_use]
pub fn bytes_of(program: &Program<'_>, nodes: &[Node]) -> u32 {
    let mut by_module: FxHashMap<u32, Vec<(u32, u32)>> = FxHashMap::default();
    for &node in nodes {
        let site = program.def(node).site;
        by_module.entry(program.module_number(node)).or_default().push((site.start, site.end));
    }
    let mut total = 0;
    for ranges in by_module.values_mut() {
        ranges.sort_unstable();
        let mut end = 0;
        for &mut (start, stop) in ranges {
            total += stop.saturating_sub(start.max(end));
            end = end.max(stop);
        }
    }
    total
}
