//! Imports: what they bind, and what of them does not resolve.

use ruff_python_ast::{Alias, ExprName, StmtGlobal, StmtImport, StmtImportFrom};

use super::because;
use super::elsewhere;
use super::region::Region;
use crate::index::{DefinitionId, DefinitionKind, DefinitionNode, DunderAllOp, ScopeId};
use crate::policy::Policy;
use crate::rules::{self, Finding};
use crate::types::{Boundness, ModuleId, Qualifiers, Type};

/// What `import a.b` or `import a.b as c` binds.
pub fn import_type(region: &Region<'_, '_>, alias: &Alias) -> Type {
    let cx = region.cx;
    let name = alias.name.id.as_str();
    let top = name.split('.').next().unwrap_or(name);
    // What is missing below the package is said where it is imported, and not of each use again.
    if alias.asname.is_none()
        && top.len() < name.len()
        && cx.host.resolve_import(region.module, 0, name).is_err()
    {
        return Type::UNKNOWN;
    }
    let name = if alias.asname.is_some() { name } else { top };
    match cx.host.resolve_import(region.module, 0, name) {
        Ok(module) => Type::module(module),
        Err(_) => Type::UNKNOWN,
    }
}

fn imported_module(
    region: &Region<'_, '_>,
    stmt: &StmtImportFrom,
) -> Result<ModuleId, Vec<String>> {
    let name = stmt.module.as_ref().map_or("", |name| name.id.as_str());
    region.cx.host.resolve_import(region.module, stmt.level, name)
}

/// What `from a import b` binds; `None` when `a` has no `b`.
pub fn import_from_type(
    region: &Region<'_, '_>,
    stmt: &StmtImportFrom,
    alias: &Alias,
) -> Option<Type> {
    let cx = region.cx;
    let Ok(module) = imported_module(region, stmt) else { return Some(Type::UNKNOWN) };
    let name = alias.name.id.as_str();
    // `from . import x` in a package's own `__init__` means the submodule before the name.
    if module != region.module
        && let Some(place) = cx.host.module_member(cx, module, name)
        && place.boundness != Boundness::Unbound
    {
        return Some(place.ty);
    }
    if let Some(submodule) = submodule(region, module, name) {
        return Some(Type::module(submodule));
    }
    let found = cx.attribute(Type::module(module), name);
    found.found_all()
}

/// The submodule `name` of a package.
pub fn submodule(region: &Region<'_, '_>, module: ModuleId, name: &str) -> Option<ModuleId> {
    let cx = region.cx;
    let full = format!("{}.{name}", cx.host.module(module).name);
    cx.host.resolve_module(region.module, &full)
}

/// Whether one of the definitions of `name`, or a star import of its scope before it, imports a
/// `Final` name of another module.
pub fn imports_final(
    region: &Region<'_, '_>,
    scope: ScopeId,
    definitions: &[DefinitionId],
    name: &ExprName,
) -> bool {
    let cx = region.cx;
    let stars = region.index.star_imports.iter().filter(|_| scope == ScopeId::MODULE);
    definitions.iter().copied().chain(stars.map(|star| star.definition)).any(|id| {
        let (stmt, name) = match region.nodes().definitions[id] {
            DefinitionNode::ImportFrom { stmt, alias } => (stmt, alias.name.id.as_str()),
            DefinitionNode::StarImport { stmt } if stmt.range.end() <= name.range.start() => {
                (stmt, name.id.as_str())
            }
            _ => return false,
        };
        let Ok(module) = imported_module(region, stmt) else { return false };
        let is_star = matches!(region.nodes().definitions[id], DefinitionNode::StarImport { .. });
        module != region.module
            && (!is_star || super::module::is_declared_in(cx, module, name))
            && cx
                .host
                .module_member(cx, module, name)
                .is_some_and(|place| place.qualifiers.contains(Qualifiers::FINAL))
    })
}

/// Reports an `import` that does not resolve.
pub fn check_import(region: &Region<'_, '_>, stmt: &StmtImport) {
    for alias in &stmt.names {
        let name = alias.name.id.as_str();
        if let Err(searched) = region.cx.host.resolve_import(region.module, 0, name) {
            let finding = rules::unresolved_import::unresolved_import(name, &searched);
            region.report(alias, missing_below(region, finding, &searched, (0, name), name));
        } else if let Some(as_name) = &alias.asname {
            super::stmt::check_bound_name(region, alias.range.start(), as_name.range);
        }
    }
}

/// Says which package is there and lacks what is imported, in place of all the folders that were looked in.
fn missing_below(
    region: &Region<'_, '_>,
    mut finding: Finding,
    searched: &[String],
    (level, name): (u32, &str),
    written: &str,
) -> Finding {
    let mut parents =
        std::iter::successors(name.rsplit_once('.'), |(parent, _)| parent.rsplit_once('.'));
    let resolve = |parent: &str| region.cx.host.resolve_import(region.module, level, parent);
    let found = parents.find_map(|(parent, rest)| Some((resolve(parent).ok()?, parent, rest)));
    // One place is a reason for which nothing was looked for.
    let Some((module, parent, rest)) = found.filter(|_| searched.len() > 1) else { return finding };
    let info = region.cx.host.module(module);
    let below = written.strip_suffix(name).unwrap_or_default();
    finding.hints.clear();
    finding.note(format!("`{below}{parent}` is {}, and has no module `{rest}`", info.path))
}

/// Reports a `from ... import` that does not resolve, or names that the module does not have.
pub fn check_import_from(region: &Region<'_, '_>, stmt: &StmtImportFrom) {
    let cx = region.cx;
    let written = format!(
        "{}{}",
        ".".repeat(stmt.level as usize),
        stmt.module.as_ref().map_or("", |name| name.id.as_str())
    );
    let module = match imported_module(region, stmt) {
        Ok(module) => module,
        Err(searched) => {
            let finding = rules::unresolved_import::unresolved_import(&written, &searched);
            let name = stmt.module.as_ref().map_or("", |name| name.id.as_str());
            let finding = missing_below(region, finding, &searched, (stmt.level, name), &written);
            match &stmt.module {
                Some(name) => region.report(name, finding),
                None => region.report(stmt, finding),
            }
            return;
        }
    };
    for alias in &stmt.names {
        if alias.name.id.as_str() == "*" {
            continue;
        }
        let imported = import_from_type(region, stmt, alias);
        if is_private_import(region, module, alias.name.id.as_str()) {
            let names = cx.host.module_member_names(cx, module);
            let name = alias.name.id.as_str();
            let finding = rules::unresolved_attribute::unresolved_module_attribute(
                &written,
                name,
                names.iter().copied().filter(|each| *each != name),
            );
            region.report(alias, finding);
            continue;
        }
        if let Some(ty) = imported {
            super::deprecated::check_import(region, alias, ty);
            check_bound(region, module, alias);
        }
        if imported.is_none() {
            let finding = member_missing(region, module, &written, alias.name.id.as_str());
            region.report(alias, finding);
        }
    }
}

/// The finding that a module, called as it is `written`, has no member of that name.
pub fn member_missing(
    region: &Region<'_, '_>,
    module: ModuleId,
    written: &str,
    name: &str,
) -> Finding {
    let cx = region.cx;
    let note = elsewhere::of_module(cx, module, name);
    let names = match note {
        Some(_) => Vec::new(),
        None => cx.host.module_member_names(cx, module),
    };
    let finding = rules::unresolved_attribute::unresolved_module_attribute(written, name, names);
    match note {
        Some(note) => finding.note(note),
        None => because::hidden_by_stub(finding, cx.host.module(module)),
    }
}

/// Whether a stub of the standard library imports a name for itself alone.
/// Source: typing spec, "Distributing type information", "Import conventions".
pub fn is_private_import(region: &Region<'_, '_>, module: ModuleId, name: &str) -> bool {
    let host = region.cx.host;
    let info = host.module(module);
    // What packages hand on by mistake is there all the same; these stubs say what there is.
    let is_free = info.is_third_party && region.cx.holds(Policy::HandedOnImports);
    if !info.is_stub || info.is_checked || is_free || region.is_quiet() {
        return false;
    }
    let index = host.index(module);
    let scope = &index.scopes[ScopeId::MODULE];
    let Some(place) = scope.place_by_name(name).map(|id| scope.place(id)) else { return false };
    let is_import = |&id: &DefinitionId| {
        matches!(index.definitions[id].kind, DefinitionKind::Import | DefinitionKind::ImportFrom)
    };
    if place.definitions.is_empty()
        || !place.definitions.iter().all(is_import)
        || submodule(region, module, name).is_some()
    {
        return false;
    }
    // What `__all__` lists is handed on, however it came in.
    let lists = |op: &DunderAllOp| match op {
        DunderAllOp::Add(names) => names.iter().any(|each| each == name),
        DunderAllOp::AddModule(_) | DunderAllOp::Unknown => true,
        DunderAllOp::Remove(_) => false,
    };
    if index.dunder_all.as_ref().is_some_and(|all| all.ops.iter().any(lists)) {
        return false;
    }
    let ast = host.ast(module);
    let is_as_itself = |alias: &Alias| {
        alias.asname.as_ref().is_some_and(|own| own.as_str() == alias.name.as_str())
    };
    place.definitions.iter().all(|&id| match ast.nodes().definitions[id] {
        DefinitionNode::Import { alias, .. } => !is_as_itself(alias),
        DefinitionNode::ImportFrom { stmt, alias } => {
            !(is_as_itself(alias) || stmt.level > 0 && stmt.module.is_none())
        }
        _ => false,
    })
}

/// Reports an imported name that the module binds on some of its ways only, and that is no submodule.
fn check_bound(region: &Region<'_, '_>, module: ModuleId, alias: &Alias) {
    let cx = region.cx;
    let name = alias.name.id.as_str();
    let may_be_missing = cx
        .host
        .module_member(cx, module, name)
        .is_some_and(|place| place.boundness == Boundness::PossiblyUnbound);
    if may_be_missing && submodule(region, module, name).is_none() {
        let module = &cx.host.module(module).name;
        let finding = rules::possibly_unresolved_import::possibly_unresolved_import(module, name);
        region.report(alias, finding);
    }
}

/// Reports the names of a `global` statement that the module does not bind or declare at its top level.
pub fn check_global(region: &Region<'_, '_>, stmt: &StmtGlobal) {
    let module = &region.index.scopes[ScopeId::MODULE];
    let is_there = |name: &str| {
        !region.index.star_imports.is_empty()
            || module.place_by_name(name).is_some_and(|id| {
                module
                    .place(id)
                    .definitions
                    .iter()
                    .any(|&id| region.index.definitions[id].scope == ScopeId::MODULE)
            })
    };
    for name in stmt.names.iter().filter(|name| !is_there(name.as_str())) {
        region.report(name, rules::unresolved_global::unresolved_global(name));
    }
}
