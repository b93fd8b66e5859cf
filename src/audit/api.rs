//! `audit api`: what a program offers to others, and what of it has changed.

use std::collections::BTreeMap;

use super::found::Found;
use super::program::{Node, Program};
use super::settings::Confidence;
use crate::infer::facts::{DefFlags, DefKind, NONE};
use crate::rules::api_change;

/// A parameter, as callers see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiParameter {
    /// Its name.
    pub name: String,
    /// Whether it can be given by name, by place, or is `*args` or `**kwargs`.
    pub by_name: bool,
    /// Whether it can be given by place.
    pub by_place: bool,
    /// Whether it takes any number.
    pub is_variadic: bool,
    /// Whether it may be left out.
    pub has_default: bool,
}

/// Something that others may use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiEntry {
    /// `class`, `function`, ….
    pub kind: &'static str,
    /// Its type as printed; empty where there is none.
    pub ty: String,
    /// The parameters of a function.
    pub parameters: Vec<ApiParameter>,
    /// Where it is.
    pub path: Box<str>,
    /// The offset of its name.
    pub at: u32,
}

/// The public surface by full name.
#[must_use]
pub fn surface(program: &Program<'_>, is_test: &[bool]) -> BTreeMap<String, ApiEntry> {
    let mut found = BTreeMap::new();
    for node in 0..u32::try_from(program.len()).unwrap_or(NONE) {
        let def = program.def(node);
        let number = program.module_number(node) as usize;
        let is_kind = matches!(
            def.kind,
            DefKind::Class | DefKind::Function | DefKind::Variable | DefKind::Typing
        );
        if is_test[number] || !is_kind || !is_public(program, node) {
            continue;
        }
        let module = program.module(node);
        let first = program.module_node(program.module_number(node));
        let ty = module
            .surface
            .binary_search_by_key(&(node - first), |entry| entry.0)
            .ok()
            .map_or("", |at| &module.symbols[module.surface[at].1]);
        found.insert(
            program.full_name(node),
            ApiEntry {
                kind: super::dead::word(program, node),
                ty: ty.to_owned(),
                parameters: parameters(program, node),
                path: module.path.clone(),
                at: def.site.at,
            },
        );
    }
    found
}

/// Whether no part of a full name is private and nothing around it is a function.
fn is_public(program: &Program<'_>, node: Node) -> bool {
    let is_private = |name: &str| name.starts_with('_') && !name.ends_with("__");
    let mut current = node;
    loop {
        if program.name(current).split('.').any(is_private) {
            return false;
        }
        let Some(parent) = program.parent(current) else { return true };
        if program.def(parent).kind == DefKind::Function {
            return false;
        }
        current = parent;
    }
}

fn parameters(program: &Program<'_>, node: Node) -> Vec<ApiParameter> {
    if program.def(node).kind != DefKind::Function {
        return Vec::new();
    }
    program
        .parameters(node)
        .map(|each| {
            let flags = program.def(each).flags;
            ApiParameter {
                name: program.name(each).to_owned(),
                by_name: !flags.has(DefFlags::POSITIONAL_ONLY) && !flags.has(DefFlags::VARIADIC),
                by_place: !flags.has(DefFlags::KEYWORD_ONLY) && !flags.has(DefFlags::VARIADIC),
                is_variadic: flags.has(DefFlags::VARIADIC),
                has_default: flags.has(DefFlags::HAS_DEFAULT),
            }
        })
        .collect()
}

/// What has changed between two surfaces. What callers notice is certain; a new type is likely to be noticed; what is
/// new is shown on demand.
#[must_use]
pub fn changes(
    before: &BTreeMap<String, ApiEntry>,
    now: &BTreeMap<String, ApiEntry>,
) -> Vec<Found> {
    let mut found = Vec::new();
    for (name, old) in before {
        match now.get(name) {
            None => {
                // What belonged to something that is gone went with it.
                let around = name.rsplit_once('.').map(|(around, _)| around);
                if around
                    .is_some_and(|around| before.contains_key(around) && !now.contains_key(around))
                {
                    continue;
                }
                let finding = api_change::removed(old.kind, name);
                found.push(Found::new(finding, Confidence::Certain, &old.path, (0, 0)));
            }
            Some(new) => {
                let place = (new.at, new.at);
                let mut add = |finding, confidence| {
                    found.push(Found::new(finding, confidence, &new.path, place));
                };
                if old.kind != new.kind {
                    add(api_change::kind(name, old.kind, new.kind), Confidence::Certain);
                } else if let Some(reason) = breaks(&old.parameters, &new.parameters) {
                    add(api_change::parameters(name, &reason), Confidence::Certain);
                } else if old.ty != new.ty && !old.ty.is_empty() && !new.ty.is_empty() {
                    add(api_change::type_of(name, &old.ty, &new.ty), Confidence::Likely);
                }
            }
        }
    }
    for (name, new) in now.iter().filter(|(name, _)| !before.contains_key(*name)) {
        let finding = api_change::added(new.kind, name);
        found.push(Found::new(finding, Confidence::Possible, &new.path, (new.at, new.at)));
    }
    found
}

/// Why a call that was right is not any more.
fn breaks(old: &[ApiParameter], new: &[ApiParameter]) -> Option<String> {
    let takes_names = new.iter().any(|each| each.is_variadic);
    for parameter in old.iter().filter(|each| !each.is_variadic) {
        let same = new.iter().find(|each| each.name == parameter.name);
        match same {
            None if parameter.by_name && !takes_names => {
                return Some(format!("parameter `{}` is gone", parameter.name));
            }
            Some(same) if parameter.by_name && !same.by_name => {
                return Some(format!("`{}` can not be given by name any more", parameter.name));
            }
            Some(same) if parameter.by_place && !same.by_place => {
                return Some(format!("`{}` can not be given by place any more", parameter.name));
            }
            Some(same) if parameter.has_default && !same.has_default => {
                return Some(format!("`{}` has to be given now", parameter.name));
            }
            _ => {}
        }
    }
    let added = new.iter().find(|each| {
        !each.is_variadic && !each.has_default && !old.iter().any(|other| other.name == each.name)
    });
    if let Some(added) = added {
        return Some(format!("parameter `{}` is new and has to be given", added.name));
    }
    let order = |list: &[ApiParameter]| -> Vec<String> {
        list.iter().filter(|each| each.by_place).map(|each| each.name.clone()).collect()
    };
    let (before, after) = (order(old), order(new));
    let kept: Vec<&String> = after.iter().filter(|name| before.contains(name)).collect();
    let moved = before.iter().zip(&after).any(|(a, b)| a != b && kept.contains(&a));
    moved.then(|| "its parameters come in another order".to_owned())
}
