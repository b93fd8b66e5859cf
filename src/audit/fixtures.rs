//! Which fixtures tests ask for: by the names of parameters and by strings, in the scope that pytest looks in.
//!
//! A name means the fixture of the class, else of the module, else that of the nearest `conftest.py` above, else that of
//! a plugin. What only an unused fixture asks for is not used. Plugins ask for some by names of their own, which are
//! conventions.

use rustc_hash::{FxHashMap, FxHashSet};

use super::live::Lives;
use super::program::{Node, Program};
use crate::infer::facts::{DefFlags, DefKind, NONE};

/// The fixtures that something asks for.
#[must_use]
pub fn used(program: &Program<'_>, lives: &Lives, is_named: &[bool]) -> FxHashSet<Node> {
    let scopes = Scopes::new(program, lives);
    let mut queue: Vec<Node> = Vec::new();
    for &fixture in scopes.by_name.values().flatten() {
        let is_kept = || lives.test_roots.binary_search(&fixture).is_ok();
        if program.has(fixture, DefFlags::AUTO_FIXTURE) || is_named[fixture as usize] || is_kept() {
            queue.push(fixture);
        }
    }
    for (number, module) in program.modules.iter().enumerate() {
        let asks = |def: u32| !module.defs[def as usize].flags.has(DefFlags::FIXTURE);
        if !lives.is_test[number] {
            continue;
        }
        for (def, entry) in module.defs.iter().enumerate() {
            if entry.kind == DefKind::Parameter && asks(entry.parent) {
                let node = program.first[number] + u32::try_from(def).unwrap_or(NONE);
                queue.extend(scopes.meaning(&module.symbols[entry.name], node));
            }
        }
        for &(from, text) in &module.strings {
            let node = program.first[number] + from;
            queue.extend(scopes.meaning(&module.symbols[text], node));
        }
    }
    let mut used: FxHashSet<Node> = FxHashSet::default();
    while let Some(fixture) = queue.pop() {
        if !used.insert(fixture) {
            continue;
        }
        // What it asks for is looked up from where the test is, which may be anywhere.
        for &parameter in program.within(fixture) {
            if program.def(parameter).kind == DefKind::Parameter {
                let all = scopes.by_name.get(program.name(parameter));
                queue.extend(all.into_iter().flatten().filter(|&&each| each != fixture));
            }
        }
    }
    used
}

/// All fixtures, by what names mean where.
struct Scopes<'p, 'f> {
    program: &'p Program<'f>,
    lives: &'p Lives,
    by_name: FxHashMap<&'f str, Vec<Node>>,
}

impl<'p, 'f> Scopes<'p, 'f> {
    fn new(program: &'p Program<'f>, lives: &'p Lives) -> Self {
        let mut by_name: FxHashMap<&str, Vec<Node>> = FxHashMap::default();
        for node in 0..u32::try_from(program.len()).unwrap_or(NONE) {
            if program.has(node, DefFlags::FIXTURE) {
                by_name.entry(program.name(node)).or_default().push(node);
            }
        }
        Self { program, lives, by_name }
    }

    /// The fixtures that a name may mean for who asks: one, or several where how they get there is not seen.
    fn meaning(&self, name: &str, asker: Node) -> Vec<Node> {
        let Some(all) = self.by_name.get(name) else { return Vec::new() };
        let mut best: Vec<(u32, Node)> = Vec::new();
        for &fixture in all {
            if let Some(distance) = self.distance(fixture, asker) {
                best.push((distance, fixture));
            }
        }
        // How plugins come in is not seen, so what is nearer hides none of them.
        let nearest = best.iter().map(|&(distance, _)| distance).min();
        let fits = |&&(distance, _): &&(u32, Node)| Some(distance) == nearest || distance == FAR;
        best.iter().filter(fits).map(|&(_, fixture)| fixture).collect()
    }

    /// How far a fixture is from who asks for it, if it is in reach at all.
    fn distance(&self, fixture: Node, asker: Node) -> Option<u32> {
        let program = self.program;
        let (own, asking) = (program.module_number(fixture), program.module_number(asker));
        let module = program.module(fixture);
        if own == asking {
            // In a class a fixture is there for that class and those within.
            return match program.class_of(fixture) {
                Some(class) if !is_around(program, class, asker) => self.inherited(class),
                Some(_) => Some(0),
                None => Some(1),
            };
        }
        if let Some(class) = program.class_of(fixture) {
            return self.inherited(class);
        }
        let folder = module.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let path = &program.module(asker).path;
        let is_above = folder.is_empty()
            || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        if module.path.ends_with("conftest.py") {
            let depth = u32::try_from(folder.split('/').count()).unwrap_or(0);
            return is_above.then_some(1_000 - u32::from(!folder.is_empty()) * depth.min(900));
        }
        // Other files are plugins, or have their fixtures imported.
        let is_handed_on = program.imported.contains(&own) || !self.lives.is_test[own as usize];
        is_handed_on.then_some(FAR)
    }

    /// Fixtures of a class are there for classes derived from it.
    fn inherited(&self, class: Node) -> Option<u32> {
        self.program.below.get(&class).is_some_and(|below| !below.is_empty()).then_some(FAR)
    }
}

/// The distance of what comes in ways that are not seen.
const FAR: u32 = 10_000;

fn is_around(program: &Program<'_>, outer: Node, node: Node) -> bool {
    std::iter::successors(program.parent(node), |&at| program.parent(at)).any(|at| at == outer)
}
