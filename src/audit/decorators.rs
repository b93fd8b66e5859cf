//! Which decorators of the program change nothing about who uses what they decorate.
//!
//! A function says by itself whether it only hands on what it gets (`DefFlags::HANDS_ON`). Two things are seen only where
//! the whole program is: whether what it and the functions within are decorated with hands on too, and whether somebody
//! looks for the marks that it leaves.
//!
//! ```python
//! def command(function):                   # leaves the mark `is_command`
//!     function.is_command = True
//!     return function
//!
//! def commands(handler):                   # looks for it among all members: what has it may be called
//!     return [each for name, each in getmembers(handler) if hasattr(each, "is_command")]
//! ```

use rustc_hash::{FxHashMap, FxHashSet};

use super::conventions::{PathKind, path_kind};
use super::program::{Meaning, Node, Program};
use crate::infer::facts::{DefFlags, DefKind, ModuleFacts, NONE, Role, Target};

/// Functions all of whose unknown decorators are functions of the program that only hand on what they get.
#[must_use]
pub fn handed_on(program: &Program<'_>) -> FxHashSet<Node> {
    let mut decorators: FxHashMap<Node, Vec<Option<Node>>> = FxHashMap::default();
    for (number, module) in program.modules.iter().enumerate() {
        let number = u32::try_from(number).unwrap_or(NONE);
        for &(def, read) in &module.decorators {
            let found = match program.named_by(number, read) {
                Some(Meaning::Node(node)) => Some(node),
                _ => None,
            };
            decorators.entry(program.module_node(number) + def).or_default().push(found);
        }
    }
    let mut judge = Judge {
        program,
        decorators: &decorators,
        wanted: wanted(program),
        known: FxHashMap::default(),
    };
    let found = decorators.iter().filter(|&(&node, all)| {
        // Outside of a class, a property is an object that means something to somebody else.
        let is_member = program.class_of(node).is_some();
        (is_member || !program.has(node, DefFlags::PROPERTY))
            && !is_decorated_by_a_test(program, node)
            && all.iter().all(|each| each.is_some_and(|each| judge.hands_on(each)))
    });
    found.map(|(&node, _)| node).collect()
}

/// Whether a definition is made within a function of a test: to decorate it may be all that the test is there for.
fn is_decorated_by_a_test(program: &Program<'_>, node: Node) -> bool {
    let is_local =
        program.parent(node).is_some_and(|parent| program.def(parent).kind == DefKind::Function);
    is_local && path_kind(&program.module(node).path) == PathKind::Test
}

/// What is known of decorators.
struct Judge<'p, 'f> {
    program: &'p Program<'f>,
    /// The unknown decorators of each decorated function.
    decorators: &'p FxHashMap<Node, Vec<Option<Node>>>,
    /// Decorators that leave marks which somebody looks for.
    wanted: FxHashSet<Node>,
    known: FxHashMap<Node, bool>,
}

impl Judge<'_, '_> {
    /// Whether a function hands on what it decorates.
    fn hands_on(&mut self, node: Node) -> bool {
        if let Some(&known) = self.known.get(&node) {
            return known;
        }
        // One that decorates itself hands on nothing.
        self.known.insert(node, false);
        let found = self.program.has(node, DefFlags::HANDS_ON)
            && !self.wanted.contains(&node)
            && self.parts_hand_on(node, 0);
        self.known.insert(node, found);
        found
    }

    /// Whether what a function, and those within, are decorated with hands on.
    fn parts_hand_on(&mut self, node: Node, depth: u32) -> bool {
        const DEEPEST: u32 = 8;
        let program = self.program;
        let decorators = self.decorators;
        let own = decorators.get(&node).map_or(&[] as &[Option<Node>], Vec::as_slice);
        depth < DEEPEST
            && own.iter().all(|each| each.is_some_and(|each| self.hands_on(each)))
            && program
                .within(node)
                .iter()
                .filter(|&&each| program.def(each).kind == DefKind::Function)
                .all(|&each| self.parts_hand_on(each, depth + 1))
    }
}

/// The decorators that leave a mark which somebody looks for among the members of something, or which nothing of the
/// program reads: then it is there for others.
fn wanted(program: &Program<'_>) -> FxHashSet<Node> {
    let mut left: FxHashMap<&str, Vec<Node>> = FxHashMap::default();
    for (number, module) in program.modules.iter().enumerate() {
        for &(def, mark) in &module.marks {
            let mark = &module.symbols[mark];
            left.entry(mark).or_default().push(program.first[number] + def);
        }
    }
    if left.is_empty() {
        return FxHashSet::default();
    }
    let readers = readers(program, &left);
    let looking = looking(program, readers.values().flatten().copied().collect());
    let is_wanted = |mark: &str| {
        readers.get(mark).is_none_or(|readers| readers.iter().any(|node| looking.contains(node)))
    };
    left.into_iter().filter(|(mark, _)| is_wanted(mark)).flat_map(|(_, nodes)| nodes).collect()
}

/// Who reads attributes that are called like a mark.
fn readers<'f>(
    program: &Program<'f>,
    marks: &FxHashMap<&'f str, Vec<Node>>,
) -> FxHashMap<&'f str, Vec<Node>> {
    let mut readers: FxHashMap<&str, Vec<Node>> = FxHashMap::default();
    for (number, &module) in program.modules.iter().enumerate() {
        if !module.symbols.iter().any(|symbol| marks.contains_key(symbol)) {
            continue;
        }
        for read in module.reads.iter().filter(|read| read.role != Role::Store) {
            let Target::Attribute(name, _) = read.target() else { continue };
            if let Some((&mark, _)) = marks.get_key_value(&module.symbols[name]) {
                let reader = outermost(program, program.first[number] + read.from);
                readers.entry(mark).or_default().push(reader);
            }
        }
    }
    readers
}

/// Those of some functions that look at all members of something, are called by a function that does, or are given to
/// one.
fn looking(program: &Program<'_>, mut readers: Vec<Node>) -> FxHashSet<Node> {
    readers.sort_unstable();
    readers.dedup();
    let mut by_name: FxHashMap<&str, Vec<Node>> = FxHashMap::default();
    for &node in &readers {
        by_name.entry(program.name(node)).or_default().push(node);
    }
    let mut looking: FxHashSet<Node> = FxHashSet::default();
    let mut callers: Vec<(Node, Node)> = Vec::new();
    let mut searches: FxHashSet<Node> = FxHashSet::default();
    for (number, &module) in program.modules.iter().enumerate() {
        let first = program.first[number];
        let has_names = module.symbols.iter().any(|symbol| by_name.contains_key(symbol));
        searches.extend(module.searches.iter().map(|&from| outermost(program, first + from)));
        for read in module.reads.iter().filter(|_| has_names) {
            let within = || outermost(program, first + read.from);
            let Some(name) = name_of(module, read.target()) else { continue };
            for &node in by_name.get(name).into_iter().flatten() {
                match read.role {
                    Role::Call => callers.push((within(), node)),
                    _ => drop(looking.insert(node)),
                }
            }
        }
    }
    looking.extend(readers.into_iter().filter(|node| searches.contains(node)));
    looking
        .extend(callers.into_iter().filter(|(from, _)| searches.contains(from)).map(|(_, to)| to));
    looking
}

/// The name of what is read, as the module that defines it calls it.
fn name_of(module: &ModuleFacts, target: Target) -> Option<&str> {
    let name = match target {
        Target::Def(def) => {
            let def = &module.defs[def as usize];
            match module.imports.get(def.import as usize).filter(|import| import.name != NONE) {
                Some(import) => import.name,
                None => def.name,
            }
        }
        Target::Free(name) | Target::Attribute(name, _) => name,
        Target::Prefix(_) | Target::Spelled(_) | Target::Fields => return None,
    };
    Some(&module.symbols[name])
}

/// The function of a module or class that a node is part of; itself, if it is part of none.
fn outermost(program: &Program<'_>, node: Node) -> Node {
    let is_scope = |node: Node| matches!(program.def(node).kind, DefKind::Module | DefKind::Class);
    let mut current = node;
    while let Some(parent) = program.parent(current).filter(|&parent| !is_scope(parent)) {
        current = parent;
    }
    current
}
