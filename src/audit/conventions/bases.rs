//! The bases of classes that are not part of the program, by their full names.
//!
//! Where a package is installed, types know the names of all bases. Where it is not, what the class statement names is
//! followed through the module's imports.

use rustc_hash::FxHashMap;

use crate::audit::program::{Meaning, Node, Program};
use crate::infer::facts::{DefKind, ModuleFacts, NONE, Role, Target, class_flags};

/// See the module's documentation.
#[derive(Default)]
pub(super) struct Bases {
    /// The names of what comes from outside, by class, for classes that have it among their own bases.
    of: FxHashMap<Node, Vec<String>>,
}

impl Bases {
    /// Gathers the bases of all classes.
    pub fn new(program: &Program<'_>) -> Self {
        let mut found = Self::default();
        for (number, module) in program.modules.iter().enumerate() {
            let first = program.first[number];
            for class in &module.classes {
                let all = class.mro.iter().map(|&base| &module.named[base as usize]);
                let outside = all.filter(|base| !base.is_ours);
                let names = outside.map(|base| module.symbols[base.name].to_string());
                found.of.entry(first + class.def).or_default().extend(names);
            }
            let is_open = |class: u32| program.class_has(first + class, class_flags::DYNAMIC);
            for (at, read) in module.reads.iter().enumerate() {
                if read.role == Role::Base
                    && is_open(read.from)
                    && let Some(name) = name_of(program, module, first, at)
                {
                    found.of.entry(first + read.from).or_default().push(name);
                }
            }
        }
        found
    }

    /// Whether a class has a base from outside that fits one of these patterns.
    pub fn fits(&self, program: &Program<'_>, class: Node, patterns: &[String]) -> bool {
        let is_open = program.class_has(class, class_flags::DYNAMIC | class_flags::OUTSIDE_BASE);
        if is_open && patterns.iter().any(|pattern| pattern == "*") {
            return true;
        }
        let own = [class];
        let all = program.mro.get(&class).map_or(&own[..], Vec::as_slice);
        all.iter().filter_map(|each| self.of.get(each)).flatten().any(|name| {
            patterns.iter().any(|pattern| match pattern.strip_suffix('*') {
                Some("") => false,
                Some(start) => name.starts_with(start),
                None => name == pattern || is_handed_on(name, pattern),
            })
        })
    }
}

/// A package hands on what it defines elsewhere: `django.views.View` is `django.views.generic.base.View`.
fn is_handed_on(name: &str, pattern: &str) -> bool {
    let (package, last) = pattern.split_once('.').unwrap_or((pattern, ""));
    name.split_once('.').is_some_and(|(own, _)| own == package)
        && !last.is_empty()
        && name.rsplit('.').next() == pattern.rsplit('.').next()
}

/// The full name of what is read, as far as the module's imports tell.
fn name_of(
    program: &Program<'_>,
    module: &ModuleFacts,
    first: Node,
    read: usize,
) -> Option<String> {
    match module.reads.get(read)?.target() {
        Target::Def(def) if module.defs[def as usize].kind == DefKind::Import => {
            let import = program.import(first + def)?;
            if matches!(program.resolved(Meaning::Node(first + def)), Meaning::Node(end) if end != first + def)
            {
                return None;
            }
            let from = &module.symbols[import.module];
            Some(match import.name {
                NONE => from.to_string(),
                name => format!("{from}.{}", &module.symbols[name]),
            })
        }
        Target::Attribute(name, true) => {
            let object = name_of(program, module, first, read.checked_sub(1)?)?;
            Some(format!("{object}.{}", &module.symbols[name]))
        }
        _ => None,
    }
}
