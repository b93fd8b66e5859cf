//! Which fixtures tests ask for: by the names of parameters, within reach, and by strings.

use rustc_hash::{FxHashMap, FxHashSet};

use super::live::Lives;
use super::program::{Node, Program};
use crate::infer::facts::{DefFlags, DefKind, NONE};

/// The fixtures that something asks for.
#[must_use]
pub fn used(program: &Program<'_>, lives: &Lives, is_named: &[bool]) -> FxHashSet<Node> {
    let mut asked: FxHashMap<&str, FxHashSet<u32>> = FxHashMap::default();
    let mut fixtures: Vec<Node> = Vec::new();
    for (number, module) in program.modules.iter().enumerate() {
        let at = u32::try_from(number).unwrap_or(NONE);
        for (def, entry) in module.defs.iter().enumerate() {
            if entry.flags.has(DefFlags::FIXTURE) {
                fixtures.push(program.first[number] + u32::try_from(def).unwrap_or(NONE));
            }
            let asks = || {
                lives.is_test[number]
                    || module.defs[entry.parent as usize].flags.has(DefFlags::FIXTURE)
            };
            if entry.kind == DefKind::Parameter && asks() {
                let name = &*module.symbols[entry.name as usize];
                asked.entry(name).or_default().insert(at);
            }
        }
        for &(_, text) in module.strings.iter().filter(|_| lives.is_test[number]) {
            asked.entry(&module.symbols[text as usize]).or_default().insert(at);
        }
    }
    let is_asked = |fixture: &Node| {
        let module = program.module(*fixture);
        if program.has(*fixture, DefFlags::AUTO_FIXTURE) || is_named[*fixture as usize] {
            return true;
        }
        let Some(askers) = asked.get(program.name(*fixture)) else { return false };
        let own = program.module_number(*fixture);
        let folder = module.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let is_conftest = module.path.ends_with("conftest.py");
        // Other files are plugins, or have their fixtures imported.
        let is_far =
            !is_conftest && (program.imported.contains(&own) || !lives.is_test[own as usize]);
        is_far
            || askers.contains(&own)
            || (is_conftest
                && askers
                    .iter()
                    .any(|&each| program.modules[each as usize].path.starts_with(folder)))
    };
    fixtures.into_iter().filter(is_asked).collect()
}
