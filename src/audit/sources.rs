//! Where what is not known comes from, over the whole program: what each module says of itself, with imports and reads
//! followed to the definitions that they lead to.

use std::collections::BTreeMap;

use super::coverage::{Missing, Source};
use super::edges::receivers_at;
use super::program::{Meaning, Node, Program};
use crate::infer::facts::{DefFlags, DefKind, ModuleFacts, NONE, Origin, Receiver, Target};

/// What a source is told apart by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key<'f> {
    Node(Node),
    Package(&'f str),
}

/// The places where a declaration would make most known, most first.
#[must_use]
pub fn sources(program: &Program<'_>, is_test: &[bool]) -> Vec<Source> {
    let mut counts: BTreeMap<Key<'_>, (u64, (Box<str>, u32))> = BTreeMap::new();
    for (number, module) in program.modules.iter().enumerate().filter(|(at, _)| !is_test[*at]) {
        let number = u32::try_from(number).unwrap_or(NONE);
        for entry in &module.unknowns {
            let Some((key, at)) = key_of(program, number, module, entry.origin) else { continue };
            let found = counts.entry(key).or_insert_with(|| (0, (module.path.clone(), at)));
            found.0 += u64::from(entry.count);
        }
    }
    let mut all: Vec<Source> = counts
        .into_iter()
        .map(|(key, (unknown, place))| match key {
            Key::Package(name) => {
                Source { missing: Missing::Package, name: name.to_owned(), place, unknown }
            }
            Key::Node(node) => of_node(program, node, unknown),
        })
        .collect();
    all.sort_by(|a, b| {
        b.unknown.cmp(&a.unknown).then_with(|| (&a.place, &a.name).cmp(&(&b.place, &b.name)))
    });
    all
}

fn of_node(program: &Program<'_>, node: Node, unknown: u64) -> Source {
    let missing = match program.def(node).kind {
        DefKind::Parameter => Missing::Parameter,
        DefKind::Function => Missing::Result,
        _ => Missing::Variable,
    };
    let place = (program.module(node).path.clone(), program.def(node).site.at);
    Source { missing, name: program.inner_name(node), place, unknown }
}

/// What an origin is, and where in the module it shows.
fn key_of<'f>(
    program: &Program<'f>,
    number: u32,
    module: &'f ModuleFacts,
    origin: Origin,
) -> Option<(Key<'f>, u32)> {
    let first = program.module_node(number);
    match origin {
        Origin::Def(def) => {
            let at = module.defs[def as usize].site.at;
            of_meaning(program, Meaning::Node(first + def)).map(|key| (key, at))
        }
        Origin::Read(read) => {
            let at = module.reads.get(read as usize)?.at;
            let meaning = meaning_of(program, number, module, read)?;
            of_meaning(program, meaning).map(|key| (key, at))
        }
        Origin::Elsewhere => None,
    }
}

/// The definition at the end of all imports, if a declaration is missing there; the package, where that is not part of
/// the program.
fn of_meaning<'f>(program: &Program<'f>, meaning: Meaning) -> Option<Key<'f>> {
    let Meaning::Node(node) = program.resolved(meaning) else { return None };
    let is_declared = match program.def(node).kind {
        DefKind::Import => {
            let import = program.import(node)?;
            let name = &program.module(node).symbols[import.module];
            return Some(Key::Package(name.split('.').next().unwrap_or(name)));
        }
        DefKind::Function => program.has(node, DefFlags::RETURNS),
        DefKind::Parameter | DefKind::Variable | DefKind::Attribute => {
            program.has(node, DefFlags::ANNOTATED)
        }
        DefKind::Module | DefKind::Class | DefKind::Typing => true,
    };
    (!is_declared).then_some(Key::Node(node))
}

/// What a read leads to: by the type of its object, else by its name.
fn meaning_of(
    program: &Program<'_>,
    number: u32,
    module: &ModuleFacts,
    read: u32,
) -> Option<Meaning> {
    let entry = module.reads.get(read as usize)?;
    if let Target::Attribute(name, _) = entry.target() {
        let name = &module.symbols[name];
        let here = receivers_at(module, entry.at).iter();
        let mut by_type = here.filter_map(|(_, receiver)| match receiver {
            Receiver::Class(class) => {
                program.member(program.class(number as usize, *class)?, name).map(Meaning::Node)
            }
            Receiver::Module(path) => {
                let path = program.at_path(&module.symbols[*path])?;
                program.member_of_module(path, name)
            }
            _ => None,
        });
        if let Some(found) = by_type.next() {
            return Some(found);
        }
    }
    program.named_by(number, read)
}
