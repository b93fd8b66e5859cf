//! Which modules several projects of one run have in common.
//!
//! # Terms
//! Each project loads its modules by itself, with its own search path: what it finds is what it would find
//! alone. Two projects' modules of one file *mean the same* when all that their code can ask of other
//! modules means the same, in both. Such modules become one, and are parsed and inferred once.
//!
//! ```text
//! a/  imports requests, which imports idna      b/  has a module `idna` of its own, and imports requests
//! ```
//! Here `idna` means another module to `requests` in `b`, so `a` and `b` each have their own `requests`, while
//! `urllib3`, which does not import it, is common.
//!
//! This is partition refinement: modules of one file begin in one class, and a class is split by the classes
//! of what its members import until nothing changes. Modules of a project itself are never common.

use rustc_hash::FxHashMap;

use super::load::Loaded;
use super::program::ImportTarget;
use crate::project::Origin;
use crate::store::Hasher;
use crate::types::ModuleId;

/// Stands for a name that means nothing.
const NOTHING: usize = usize::MAX;

/// The place of each claim of each project in `loaded`.
pub(super) fn claims(loaded: &[Loaded], projects: usize) -> Vec<Vec<usize>> {
    let mut claims: Vec<Vec<usize>> = vec![Vec::new(); projects];
    for (at, module) in loaded.iter().enumerate() {
        let places = &mut claims[module.project as usize];
        let claim = module.claim as usize;
        if places.len() <= claim {
            places.resize(claim + 1, NOTHING);
        }
        places[claim] = at;
    }
    claims
}

/// For each of the sorted modules the first one that means the same.
///
/// `general` holds what a name means in each project, as a place in `loaded`.
pub(super) fn stands_for(
    loaded: &[Loaded],
    names: &FxHashMap<Box<str>, u32>,
    general: &[FxHashMap<u32, usize>],
) -> Vec<usize> {
    if general.len() < 2 {
        return (0..loaded.len()).collect();
    }
    let claims = claims(loaded, general.len());
    let asks: Vec<Vec<(u32, usize)>> = questions(loaded, names, general, &claims);
    let mut class: Vec<usize> = Vec::with_capacity(loaded.len());
    for (at, module) in loaded.iter().enumerate() {
        // Sorted by key: those of one file and name are neighbours.
        let first = match at.checked_sub(1) {
            Some(previous) if may_be_common(module) && loaded[previous].key == module.key => {
                class[previous]
            }
            _ => at,
        };
        class.push(first);
    }
    let mut classes = count(&class);
    loop {
        let mut by_signature: FxHashMap<u128, usize> = FxHashMap::default();
        let mut next = Vec::with_capacity(class.len());
        for (at, asked) in asks.iter().enumerate() {
            let mut hasher = Hasher::new(0).word(class[at] as u64);
            for &(name, target) in asked {
                let target = class.get(target).copied().unwrap_or(NOTHING);
                hasher = hasher.word(u64::from(name)).word(target as u64);
            }
            next.push(*by_signature.entry(hasher.finish().0).or_insert(at));
        }
        class = next;
        let now = count(&class);
        if now == classes {
            return class;
        }
        classes = now;
    }
}

/// What is the same in all tables: what code that all projects share may find.
pub(super) fn common(mut tables: Vec<FxHashMap<u32, ModuleId>>) -> FxHashMap<u32, ModuleId> {
    let Some(mut common) = tables.pop() else { return FxHashMap::default() };
    common.retain(|name, module| tables.iter().all(|table| table.get(name) == Some(module)));
    common
}

fn may_be_common(module: &Loaded) -> bool {
    !module.module.info.is_checked
        && matches!(module.key.origin, Origin::Stdlib | Origin::ThirdParty { .. })
}

fn count(class: &[usize]) -> usize {
    class.iter().enumerate().filter(|(at, class)| at == *class).count()
}

/// Names that each module's code may ask for, and the places of what they mean.
fn questions(
    loaded: &[Loaded],
    names: &FxHashMap<Box<str>, u32>,
    general: &[FxHashMap<u32, usize>],
    claims: &[Vec<usize>],
) -> Vec<Vec<(u32, usize)>> {
    let mut asks: Vec<Vec<(u32, usize)>> = loaded
        .iter()
        .map(|module| {
            if !may_be_common(module) {
                return Vec::new();
            }
            let project = module.project as usize;
            let imports = module.module.imports.iter().map(|&(name, target)| match target {
                ImportTarget::Module(claim) => {
                    (name, claims[project].get(claim as usize).copied().unwrap_or(NOTHING))
                }
                ImportTarget::Missing(_) => (name, NOTHING),
            });
            let meant = |name: &u32| general[project].get(name).copied().unwrap_or(NOTHING);
            imports.chain(module.lazy.iter().map(|name| (*name, meant(name)))).collect()
        })
        .collect();
    // A package also has the submodules that anybody imported. Typeshed's are left to whoever asks: its
    // packages would never be common otherwise.
    for (at, module) in loaded.iter().enumerate() {
        let Some((parent, _)) = module.key.name.rsplit_once('.') else { continue };
        let table = &general[module.project as usize];
        let parent = names.get(parent).and_then(|name| table.get(name));
        if let (Some(&parent), Some(&name)) = (parent, names.get(&module.key.name))
            && loaded[parent].key.origin != Origin::Stdlib
            && may_be_common(&loaded[parent])
        {
            asks[parent].push((name, at));
        }
    }
    asks
}
