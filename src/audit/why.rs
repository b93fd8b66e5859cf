//! `audit why NAME`: the way from a root that keeps a definition alive, or what there is instead.

use std::collections::VecDeque;

use rustc_hash::FxHashMap;

use super::dead::{Dead, word};
use super::edges::kind;
use super::live::Life;
use super::program::{Meaning, Node, Program};
use super::sure::Evidence;
use crate::infer::facts::{DefKind, NONE};

/// A step of an explanation: words, and the place they are about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The words.
    pub words: String,
    /// The file and the offset, if it is about a place.
    pub place: Option<(Box<str>, u32)>,
}

/// The definitions that `name` may mean: a full name, the end of one, or a path `package.module:name`.
#[must_use]
pub fn find(question: &Dead<'_, '_>, name: &str) -> Vec<Node> {
    let program = question.program;
    if let Some(Meaning::Node(node)) = program.dotted(name) {
        return vec![node];
    }
    let wanted = name.replace(':', ".");
    let last = wanted.rsplit('.').next().unwrap_or_default();
    (0..u32::try_from(program.len()).unwrap_or(NONE))
        .filter(|&node| program.name(node) == last && program.def(node).kind != DefKind::Import)
        .filter(|&node| {
            let full = program.full_name(node);
            full == wanted || full.strip_suffix(&wanted).is_some_and(|rest| rest.ends_with('.'))
        })
        .collect()
}

/// The full name of the definition whose name is most like the last part of `name`, if one is.
#[must_use]
pub fn near(program: &Program<'_>, name: &str) -> Option<String> {
    let last = name.rsplit(['.', ':']).next().unwrap_or_default();
    let limit = (last.chars().count() / 3).max(1);
    let is_one = |kind| matches!(kind, DefKind::Function | DefKind::Class | DefKind::Variable);
    (0..u32::try_from(program.len()).unwrap_or(NONE))
        .filter(|&node| is_one(program.def(node).kind))
        .map(|node| (strsim::osa_distance(last, program.name(node)), node))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, node)| program.full_name(node))
}

/// Why a definition is alive, or that it is not.
#[must_use]
pub fn explain(question: &Dead<'_, '_>, node: Node) -> Vec<Step> {
    let program = question.program;
    let lives = question.lives;
    let title = format!("{} `{}`", word(program, node), program.full_name(node));
    let place = |node: Node| Some((program.module(node).path.clone(), program.def(node).site.at));
    let say = |text: &str| Step { words: format!("{title} {text}"), place: place(node) };
    let life = lives.of[node as usize];
    let run = kind::RUN | kind::GUARDED | kind::PART;
    let all: Vec<Node> = lives.roots.iter().chain(&lives.test_roots).copied().collect();
    let (roots, kinds, text) = match life {
        Life::Used => (&lives.roots, run, "is used"),
        Life::Tests => (&all, run, "is used by tests alone"),
        Life::Typing => (&all, run | kind::TYPING, "is used in annotations alone"),
        Life::Unreached => {
            (&all, run | kind::TYPING | kind::UNREACHED, "is used by code that is never reached")
        }
        Life::Caught => (&all, !kind::WEAK, "is caught and never raised"),
        Life::Perhaps => (&all, u8::MAX, "may be used: only what is not known keeps it alive"),
        Life::Dead => {
            let mut steps = vec![say("is used by nothing")];
            let (confidence, reason) = Evidence::new(question).of(node);
            let mut words = format!("this is {}", confidence.word());
            if let Some(reason) = reason {
                words.push_str(&format!(": {reason}"));
            }
            steps.push(Step { words, place: None });
            steps.extend(readers(question, node));
            return steps;
        }
    };
    let mut steps = vec![say(text)];
    steps.extend(path(question, roots, kinds, node));
    steps
}

/// The dead definitions that read a dead one.
fn readers(question: &Dead<'_, '_>, node: Node) -> Vec<Step> {
    let program = question.program;
    let count = u32::try_from(program.len()).unwrap_or(NONE);
    let mut steps = Vec::new();
    for from in 0..count {
        let is_reader = question.edges.links.of(from).any(|(to, _)| to == node);
        if is_reader && program.parent(from) != Some(node) {
            let name = program.full_name(from);
            steps.push(Step {
                words: format!("{} `{name}` uses it, and is not used itself", word(program, from)),
                place: Some((program.module(from).path.clone(), program.def(from).site.at)),
            });
        }
    }
    steps
}

/// The shortest way from a root, as steps from the definition back to the root.
fn path(question: &Dead<'_, '_>, roots: &[Node], kinds: u8, node: Node) -> Vec<Step> {
    let program = question.program;
    let edges = question.edges;
    let count = u32::try_from(program.len()).unwrap_or(NONE);
    let mut before: FxHashMap<u32, (u32, u8)> = FxHashMap::default();
    let mut queue: VecDeque<u32> = roots.iter().copied().collect();
    for &root in roots {
        before.insert(root, (NONE, 0));
    }
    'search: while let Some(at) = queue.pop_front() {
        for (to, kind) in edges.links.of(at) {
            if kind & kinds == 0 || before.contains_key(&to) {
                continue;
            }
            before.insert(to, (at, kind));
            if to == node {
                break 'search;
            }
            queue.push_back(to);
        }
    }
    let mut steps = Vec::new();
    let mut current = node;
    while let Some(&(from, kind)) = before.get(&current) {
        if from == NONE {
            steps.push(Step {
                words: format!("`{}` is where the program begins", program.full_name(current)),
                place: None,
            });
            break;
        }
        // Hubs are on the way and no definitions.
        if from < count {
            let how = match kind {
                kind::PART => "is part of",
                kind::TYPING => "is named in an annotation by",
                kind::CAUGHT => "is caught by",
                kind::WEAK => "may be used by",
                kind::GUARDED => "is used on another version or platform by",
                kind::UNREACHED => "is used where nothing gets to by",
                _ => "is used by",
            };
            steps.push(Step {
                words: format!("{how} {} `{}`", word(program, from), program.full_name(from)),
                place: Some((program.module(from).path.clone(), program.def(from).site.at)),
            });
        }
        current = from;
    }
    steps
}
