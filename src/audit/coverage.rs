//! `audit types`: how much of the program has types, and where what has none comes from.

use std::collections::BTreeMap;

use super::program::{Node, Program};
use super::settings::AuditSettings;
use super::sources;
use crate::infer::facts::{DefFlags, DefKind, NONE};

/// How much of something has types.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Share {
    /// Parameters and results, receivers left out, and fields.
    pub places: u64,
    /// Those that are annotated.
    pub annotated: u64,
    /// Expressions.
    pub expressions: u64,
    /// Those whose type is not known.
    pub unknown: u64,
}

impl Share {
    /// Adds another one.
    pub fn add(&mut self, other: Self) {
        self.places += other.places;
        self.annotated += other.annotated;
        self.expressions += other.expressions;
        self.unknown += other.unknown;
    }

    /// Annotated places in percent.
    #[must_use]
    pub fn annotated_percent(&self) -> f64 {
        percent(self.annotated, self.places)
    }

    /// Expressions of a known type in percent.
    #[must_use]
    pub fn known_percent(&self) -> f64 {
        percent(self.expressions - self.unknown, self.expressions)
    }
}

fn percent(part: u64, whole: u64) -> f64 {
    if whole == 0 { 100.0 } else { part as f64 * 100.0 / whole as f64 }
}

/// A place where a declaration is missing, with the expressions that are not known because of that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// What is missing.
    pub missing: Missing,
    /// The name: of the function and its parameter, the definition, the package.
    pub name: String,
    /// The file and the offset of the place; for a package, of the first import.
    pub place: (Box<str>, u32),
    /// How many expressions.
    pub unknown: u64,
}

/// What a source of unknown types is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Missing {
    /// A parameter without an annotation.
    Parameter,
    /// A function without a declared result.
    Result,
    /// A variable or attribute of no known type.
    Variable,
    /// A package that is not found or has no types.
    Package,
}

/// What the question finds.
#[derive(Debug, Clone, Default)]
pub struct Coverage {
    /// All of it, tests left out.
    pub total: Share,
    /// By module.
    pub modules: BTreeMap<Box<str>, Share>,
    /// By project.
    pub projects: BTreeMap<String, Share>,
    /// The places where a declaration would make most known, most first.
    pub sources: Vec<Source>,
}

/// Measures coverage.
#[must_use]
pub fn coverage(program: &Program<'_>, settings: &AuditSettings, is_test: &[bool]) -> Coverage {
    let mut coverage = Coverage::default();
    for (number, module) in program.modules.iter().enumerate() {
        if is_test[number] {
            continue;
        }
        let mut share = Share::default();
        for (at, def) in module.defs.iter().enumerate() {
            let node = program.first[number] + u32::try_from(at).unwrap_or(NONE);
            share.add(places(program, node, def.kind));
        }
        for entry in &module.coverage {
            share.add(entry.share());
        }
        coverage.total.add(share);
        coverage.modules.insert(module.path.clone(), share);
        let project = settings.project_of(&module.path).map_or("", |project| &project.prefix);
        coverage.projects.entry(project.to_owned()).or_default().add(share);
    }
    coverage.sources = sources::sources(program, is_test);
    coverage
}

/// Coverage of each function and class, and of the rest of each module, tests left out: by the full name.
#[must_use]
pub fn by_symbol(program: &Program<'_>, is_test: &[bool]) -> BTreeMap<String, Share> {
    let mut found: BTreeMap<String, Share> = BTreeMap::new();
    for (number, module) in program.modules.iter().enumerate() {
        if is_test[number] {
            continue;
        }
        let nodes: BTreeMap<u32, Node> = (0..)
            .zip(&module.defs)
            .filter(|(_, def)| matches!(def.kind, DefKind::Function | DefKind::Class))
            .map(|(at, def)| (def.site.at, program.first[number] + at))
            .collect();
        for (&at, &node) in &nodes {
            let mut share = places(program, node, program.def(node).kind);
            let entry = module.coverage.iter().filter(|entry| entry.at == at);
            entry.for_each(|entry| share.add(entry.share()));
            found.entry(program.full_name(node)).or_default().add(share);
        }
        for entry in module.coverage.iter().filter(|entry| !nodes.contains_key(&entry.at)) {
            found.entry(module.name.to_string()).or_default().add(entry.share());
        }
    }
    found
}

impl crate::infer::facts::Coverage {
    fn share(&self) -> Share {
        let (expressions, unknown) = (u64::from(self.all), u64::from(self.unknown));
        Share { expressions, unknown, ..Share::default() }
    }
}

/// The places of a function that an annotation may stand at.
fn places(program: &Program<'_>, node: Node, kind: DefKind) -> Share {
    let mut share = Share::default();
    if kind != DefKind::Function || program.has(node, DefFlags::OVERLOAD) {
        return share;
    }
    for parameter in program.parameters(node) {
        share.places += 1;
        share.annotated += u64::from(program.has(parameter, DefFlags::ANNOTATED));
    }
    // Everybody knows what `__init__` returns.
    if program.name(node) != "__init__" {
        share.places += 1;
        share.annotated += u64::from(program.has(node, DefFlags::RETURNS));
    }
    share
}
