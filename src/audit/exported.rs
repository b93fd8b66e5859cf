//! What a published package offers: public names of public modules, what they hand on, and what belongs to it.

use rustc_hash::FxHashSet;

use super::program::{Meaning, Node, Program};
use super::settings::AuditSettings;
use crate::infer::facts::{DefKind, NONE};

/// All definitions that users of published packages may use.
#[must_use]
pub fn exported(
    program: &Program<'_>,
    settings: &AuditSettings,
    is_test: &[bool],
) -> FxHashSet<Node> {
    let mut found: FxHashSet<Node> = FxHashSet::default();
    let mut queue: Vec<Node> = Vec::new();
    for node in 0..u32::try_from(program.len()).unwrap_or(NONE) {
        let module = program.module(node);
        if is_test[program.module_number(node) as usize] || !settings.is_published(&module.path) {
            continue;
        }
        let is_top = program.parent(node).is_some_and(|parent| program.parent(parent).is_none());
        let is_listed = module
            .exports
            .as_ref()
            .is_some_and(|(names, _)| names.contains(&program.def(node).name));
        if is_top && (is_public_top(program, node) || is_listed) {
            queue.push(node);
        }
    }
    with_members(program, queue, &mut found);
    found
}

/// What documentation shows, with what belongs to it.
#[must_use]
pub fn documented(program: &Program<'_>, settings: &AuditSettings) -> FxHashSet<Node> {
    let mut found = FxHashSet::default();
    let shown = settings.documented.iter().filter_map(|text| program.dotted(text));
    let shown = shown.filter_map(|meaning| match meaning {
        Meaning::Node(node) => Some(node),
        Meaning::Module(_) => None,
    });
    with_members(program, shown.collect(), &mut found);
    found
}

/// Adds what is offered with each of these: what an import stands for, the bases and public members of a class.
fn with_members(program: &Program<'_>, mut queue: Vec<Node>, found: &mut FxHashSet<Node>) {
    while let Some(node) = queue.pop() {
        if !found.insert(node) {
            continue;
        }
        match program.def(node).kind {
            DefKind::Import => {
                if let Meaning::Node(end) = program.resolved(Meaning::Node(node)) {
                    queue.push(end);
                }
            }
            DefKind::Class => {
                let mro = program.mro.get(&node).map_or(&[] as &[Node], Vec::as_slice);
                queue.extend(mro);
                let members = program.within(node).iter().copied();
                queue.extend(members.filter(|&each| !is_private(program.name(each))));
            }
            _ => {}
        }
    }
}

fn is_private(name: &str) -> bool {
    name.starts_with('_') && !name.ends_with("__")
}

/// Whether a name of a module is public, in a public module. What a module that is no package imports is there
/// for itself.
fn is_public_top(program: &Program<'_>, node: Node) -> bool {
    let module = program.module(node);
    let is_import = program.def(node).kind == DefKind::Import;
    !is_private(program.name(node))
        && !module.name.split('.').any(is_private)
        && (!is_import || module.is_package)
}
