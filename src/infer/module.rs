//! Modules from outside: what a name in one means, and which names it has.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::expr::declared_type;
use super::flow::flow_value;
use super::region::{Region, with_region};
use crate::index::{DefinitionId, DefinitionKind, DunderAllOp, PlaceId, ReachId, ScopeId};
use crate::policy::Policy;
use crate::store::limits::{Limit, MAX_STAR_RING, MAX_STARS};
use crate::types::{Boundness, Cx, DefRef, Kind, ModuleId, PlaceType, Qualifiers, Type};

/// Answers [`crate::types::Host::module_member`].
pub fn compute_module_member(cx: &Cx<'_>, module: ModuleId, name: &str) -> Option<PlaceType> {
    if cx.host.module(module).has_file {
        let index = cx.host.index(module);
        let scope = &index.scopes[ScopeId::MODULE];
        if let Some(place) = scope.place_by_name(name) {
            let entry = scope.place(place);
            if entry.is_bound() || !entry.foreign_definitions.is_empty() {
                let found = own_member(cx, module, place);
                if found.boundness != Boundness::Unbound {
                    return Some(found);
                }
            }
        }
    }
    beside_own(cx, module, name, &mut Around::of(cx, module))
}

/// What a name means in a module that binds none of this name: it comes by a star import, or it is a submodule.
fn beside_own(cx: &Cx<'_>, module: ModuleId, name: &str, around: &mut Around) -> Option<PlaceType> {
    let has_file = cx.host.module(module).has_file;
    let found = has_file.then(|| from_star(cx, module, name, around)).flatten();
    if found.is_some_and(|found| !found.ty.is(Type::CYCLE)) {
        return found;
    }
    let full = format!("{}.{name}", cx.host.module(module).name);
    if let Some(submodule) = cx.host.resolve_module(module, &full) {
        return Some(PlaceType::bound(Type::module(submodule)));
    }
    // `from .parts import *` brings `base` where `parts` has it by `from . import base`, which asks for it here again: that
    // is the submodule. Without one the question has come back, and another round answers it.
    if found.is_some() {
        return found;
    }
    let is_unknown = has_file && cx.host.index(module).is_unknown;
    is_unknown.then(|| PlaceType::bound(Type::UNKNOWN))
}

/// How a module is asked for a name that another one imports of it by `import *`.
///
/// Where modules import all names of each other, the question comes back, and what it is taken for at first would be
/// handed round for ever: no statement of the ring gives another answer. So the modules of a ring are walked, each once,
/// until one binds the name itself.
enum Around {
    /// The module is asked, and the answer kept.
    Asked,
    /// The modules walked so far.
    Walked(FxHashSet<ModuleId>),
}

impl Around {
    fn of(cx: &Cx<'_>, module: ModuleId) -> Self {
        match cx.host.is_in_star_ring(cx, module) {
            true => Self::Walked(FxHashSet::from_iter([module])),
            false => Self::Asked,
        }
    }

    fn has_walked(&self, module: ModuleId) -> bool {
        matches!(self, Self::Walked(seen) if seen.contains(&module))
    }

    fn member(&mut self, cx: &Cx<'_>, module: ModuleId, name: &str) -> Option<PlaceType> {
        match self {
            Self::Walked(seen)
                if seen.len() < MAX_STARS
                    && cx.host.is_in_star_ring(cx, module)
                    && !binds(cx, module, name) =>
            {
                seen.insert(module);
                beside_own(cx, module, name, self)
            }
            _ => cx.host.module_member(cx, module, name),
        }
    }
}

/// Answers [`crate::types::Host::is_in_star_ring`].
pub fn is_in_star_ring(cx: &Cx<'_>, module: ModuleId) -> bool {
    let mut seen = FxHashSet::default();
    let mut open = vec![module];
    while let Some(at) = open.pop() {
        for &source in &*cx.host.star_sources(cx, at) {
            if source == module {
                if at != module {
                    return true;
                }
                continue;
            }
            // A text without a star import has no such word.
            let leads_on = cx.host.module(source).has_file && cx.host.may_bind(source, "*");
            if leads_on && seen.insert(source) {
                if seen.len() > MAX_STAR_RING {
                    Limit::StarImports.hit();
                    return false;
                }
                open.push(source);
            }
        }
    }
    false
}

/// Whether a module has a statement that binds a name of it.
fn binds(cx: &Cx<'_>, module: ModuleId, name: &str) -> bool {
    let scope = &cx.host.index(module).scopes[ScopeId::MODULE];
    let place = scope.place_by_name(name).map(|place| scope.place(place));
    place.is_some_and(|place| place.is_bound() || !place.foreign_definitions.is_empty())
}

fn own_member(cx: &Cx<'_>, module: ModuleId, place: PlaceId) -> PlaceType {
    let index = cx.host.index(module);
    let entry = index.scopes[ScopeId::MODULE].place(place);
    let is_stub = cx.host.module(module).is_stub;
    if let Some(found) = only_definition(cx, module, place) {
        return found;
    }
    let mut definitions = entry.definitions.iter().map(|&id| index.definitions[id].reach);
    if entry.foreign_definitions.is_empty() && definitions.all(|reach| reach == ReachId::NEVER) {
        // All of it is for another platform or version.
        return PlaceType { boundness: Boundness::Unbound, ..PlaceType::bound(Type::UNKNOWN) };
    }
    with_region(cx, module, ScopeId::MODULE, |region| {
        region.quietly(|| {
            let declared = declared_type(region, ScopeId::MODULE, place);
            let qualifiers = qualifiers_of(cx, module, &entry.definitions);
            let definition = entry.definitions.last().map(|&definition| region.def_ref(definition));
            if let Some(declared) = declared
                && !qualifiers.contains(Qualifiers::FINAL)
            {
                return PlaceType {
                    declared: Some(declared),
                    qualifiers,
                    definition,
                    ..PlaceType::bound(declared)
                };
            }
            let value = flow_value(
                region,
                ScopeId::MODULE,
                place,
                index.public(ScopeId::MODULE, place),
                None,
            );
            let mut ty = value.ty;
            let is_final = qualifiers.contains(Qualifiers::FINAL);
            let several = entry.definitions.len() > 1 || !entry.foreign_definitions.is_empty();
            for &foreign in &entry.foreign_definitions {
                if let Some(more) = foreign_type(cx, module, foreign) {
                    ty = cx.union2(ty, more);
                }
            }
            if several && cx.holds(Policy::SubstituteClass) {
                ty = without_substitutes(region, &entry.definitions, ty);
            }
            if !is_final && !is_stub && (several || ty.kind() == Kind::Bool) {
                ty = cx.promote_literals(ty);
            }
            let bound = value.bound || !entry.foreign_definitions.is_empty();
            PlaceType {
                ty: if bound { ty } else { Type::UNKNOWN },
                declared,
                qualifiers,
                boundness: if bound { value.boundness() } else { Boundness::Unbound },
                definition,
                has_value: true,
            }
        })
    })
}

/// A name that a class statement declares stays that class where some way assigns another one to it: what is
/// assigned stands in for it.
fn without_substitutes(region: &Region<'_, '_>, definitions: &[DefinitionId], ty: Type) -> Type {
    let cx = region.cx;
    let bound = |kind: DefinitionKind| -> Vec<Type> {
        definitions
            .iter()
            .filter(|&&each| region.index.definitions[each].kind == kind)
            .filter_map(|&each| region.definition_types(each).bound)
            .collect()
    };
    if ty.kind() != Kind::Union {
        return ty;
    }
    let classes = bound(DefinitionKind::Class);
    let has = |list: &[Type], ty: Type| list.iter().any(|&each| cx.same(each, ty));
    if !cx.members(ty).iter().any(|member| has(&classes, member)) {
        return ty;
    }
    let substitutes = bound(DefinitionKind::Assignment);
    cx.filter_union(ty, |member| {
        member.kind() != Kind::Class || has(&classes, member) || !has(&substitutes, member)
    })
}

/// The common case, which needs no tree: one unconditional `def`, `class` or import.
fn only_definition(cx: &Cx<'_>, module: ModuleId, place: PlaceId) -> Option<PlaceType> {
    use crate::index::Flow;
    let index = cx.host.index(module);
    let scope = &index.scopes[ScopeId::MODULE];
    let entry = scope.place(place);
    let (&[only], []) = (&*entry.definitions, &*entry.foreign_definitions) else { return None };
    let definition = &index.definitions[only];
    let simple = matches!(
        definition.kind,
        DefinitionKind::Function
            | DefinitionKind::Class
            | DefinitionKind::Import
            | DefinitionKind::ImportFrom
    );
    if !simple
        || definition.reach != ReachId::ALWAYS
        || !matches!(scope.flow(entry.end_flow), Flow::Definition(at) if at == only)
    {
        return None;
    }
    let definition = DefRef { module, index: only.as_u32() };
    let ty = cx.host.definition(cx, definition).bound?;
    Some(PlaceType { definition: Some(definition), ..PlaceType::bound(ty) })
}

/// What a function binds to a global name.
fn foreign_type(cx: &Cx<'_>, module: ModuleId, definition: DefinitionId) -> Option<Type> {
    let scope = cx.host.index(module).definitions[definition].scope;
    with_region(cx, module, scope, |region| {
        region.quietly(|| region.definition_types(definition).bound)
    })
}

fn qualifiers_of(cx: &Cx<'_>, module: ModuleId, definitions: &[DefinitionId]) -> Qualifiers {
    let index = cx.host.index(module);
    let mut qualifiers = Qualifiers::empty();
    for &definition in definitions {
        let entry = &index.definitions[definition];
        if entry.kind == DefinitionKind::AnnotatedAssignment {
            let types = cx.host.definition(cx, DefRef { module, index: definition.as_u32() });
            qualifiers.insert(types.qualifiers);
        }
    }
    qualifiers
}

/// A name that a star import brings, from the last one that has it.
fn from_star(cx: &Cx<'_>, module: ModuleId, name: &str, around: &mut Around) -> Option<PlaceType> {
    let index = cx.host.index(module);
    if index.star_imports.is_empty() {
        return None;
    }
    for &source in cx.host.star_sources(cx, module).iter().rev() {
        if source == module || around.has_walked(source) {
            continue;
        }
        if !cx.host.may_bind(source, name) || !exports(cx, source, name) {
            continue;
        }
        if let Some(place) = around.member(cx, source, name)
            && place.boundness != Boundness::Unbound
        {
            return Some(place);
        }
        // What `__all__` lists is asked of the module, which may have a function for names that it lacks.
        // Source: Python reference, "Customizing module attribute access".
        if is_listed(cx, source, name)
            && let Some(given) = cx.attribute(Type::module(source), name).found_all()
        {
            return Some(PlaceType::bound(given));
        }
    }
    None
}

/// Whether `__all__` of a module has the name, written out: then the text has it too, and it is not ruled out by
/// [`crate::types::Host::may_bind`] before the module is indexed.
fn is_listed(cx: &Cx<'_>, module: ModuleId, name: &str) -> bool {
    let lists = |op: &DunderAllOp| matches!(op, DunderAllOp::Add(names) if names.iter().any(|each| each == name));
    cx.host.index(module).dunder_all.as_ref().is_some_and(|all| all.ops.iter().any(lists))
}

/// Whether a module, or one that it has the name from by `import *`, declares `name` by an annotation: read off the
/// indexes. Where a module binds the name itself, what it imports is not looked at.
pub fn is_declared_in(cx: &Cx<'_>, module: ModuleId, name: &str) -> bool {
    let mut seen = FxHashSet::default();
    let mut open = vec![module];
    while let Some(module) = open.pop() {
        if !cx.host.module(module).has_file || !seen.insert(module) {
            continue;
        }
        if seen.len() > MAX_STARS {
            Limit::StarImports.hit();
            return false;
        }
        let index = cx.host.index(module);
        let scope = &index.scopes[ScopeId::MODULE];
        let own = scope.place_by_name(name).map(|place| scope.place(place));
        match own.filter(|place| place.is_bound()) {
            Some(place) => {
                let is_annotated = |&id: &DefinitionId| {
                    index.definitions[id].kind == DefinitionKind::AnnotatedAssignment
                };
                if place.definitions.iter().any(is_annotated) {
                    return true;
                }
            }
            None => {
                let sources = cx.host.star_sources(cx, module);
                let sources = sources.iter().copied();
                open.extend(sources.filter(|&source| cx.host.may_bind(source, name)));
            }
        }
    }
    false
}

/// Answers [`crate::types::Host::star_sources`].
pub fn compute_star_sources(cx: &Cx<'_>, module: ModuleId) -> Arc<[ModuleId]> {
    let stars = cx.host.index(module).star_imports.iter();
    stars.filter_map(|star| cx.host.resolve_import(module, star.level, &star.module).ok()).collect()
}

/// Whether `from module import *` brings `name`.
fn exports(cx: &Cx<'_>, module: ModuleId, name: &str) -> bool {
    if !cx.host.module(module).has_file {
        return false;
    }
    let index = cx.host.index(module);
    match &index.dunder_all {
        Some(all) => {
            let mut listed = false;
            for op in &all.ops {
                match op {
                    DunderAllOp::Add(names) => listed |= names.iter().any(|each| each == name),
                    DunderAllOp::Remove(removed) if removed.as_str() == name => listed = false,
                    DunderAllOp::Remove(_) => {}
                    DunderAllOp::AddModule(_) | DunderAllOp::Unknown => listed = true,
                }
            }
            listed
        }
        None => !name.starts_with('_'),
    }
}

/// Answers [`crate::types::Host::module_member_names`].
pub fn module_member_names<'s>(cx: &Cx<'s>, module: ModuleId) -> Vec<&'s str> {
    if !cx.host.module(module).has_file {
        return Vec::new();
    }
    let index = cx.host.index(module);
    // What the settings rule out is not there.
    let is_there = |id: &DefinitionId| index.definitions[*id].reach != ReachId::NEVER;
    index.scopes[ScopeId::MODULE]
        .places
        .iter()
        .filter(|place| place.expr.is_name() && place.is_bound())
        .filter(|place| place.definitions.iter().any(is_there))
        .map(|place| place.expr.root.as_str())
        .collect()
}
