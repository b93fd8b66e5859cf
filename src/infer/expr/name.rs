//! Names: the flow of the scope, enclosing scopes, the module, star imports, builtins.
//! Source: Python reference, "Naming and binding".

use ruff_python_ast::ExprName;

use crate::index::{
    DefinitionId, DefinitionKind, FlowId, NodeId, PlaceId, Reach, ScopeId, ScopeKind,
};
use crate::infer::elsewhere;
use crate::infer::flow::{FlowValue, flow_value};
use crate::infer::region::{Mode, Region, with_region};
use crate::policy::Policy;
use crate::rules;
use crate::types::{Boundness, Cx, DefRef, Kind, ModuleId, PlaceType, Type};

/// The type that a name has where it is read.
pub fn infer(region: &Region<'_, '_>, name: &ExprName) -> Type {
    let scope = region.scope();
    let deferred = region.is_in(Mode::DEFERRED);
    let flow = NodeId::of(name).and_then(|node| region.index.flow_at(scope, node));
    let mut place = lookup_name(region, scope, &name.id, flow);
    if deferred && let Some(flow) = flow.filter(|_| place.boundness == Boundness::Bound) {
        check_later_method(region, name, flow);
    }
    if deferred && place.boundness != Boundness::Bound && flow.is_some() {
        // What is not there yet is there when the annotation is read.
        place = lookup_name(region, scope, &name.id, None);
    }
    if deferred && flow.is_none() && !means_type(place.ty) {
        // A member that is no type does not hide a type of the same name from a quoted annotation.
        if region.index.scopes[scope].kind == ScopeKind::Class {
            let outer = lookup_outside(region, scope, &name.id);
            if outer.boundness == Boundness::Bound && means_type(outer.ty) {
                place = outer;
            }
        }
    }
    match place.boundness {
        Boundness::Bound => {}
        Boundness::PossiblyUnbound => {
            if !region.is_quiet() {
                let finding =
                    rules::possibly_unresolved_reference::possibly_unresolved_reference(&name.id);
                region.report(name, finding);
            }
        }
        Boundness::Unbound => report_unresolved(region, name),
    }
    crate::infer::deprecated::check_read(region, name, place.ty);
    place.ty
}

/// Reports a name in an annotation of a class body that a method further down takes: an annotation that is read late,
/// in the namespace of the class, finds the method.
/// Source: typing spec, "String annotations": names are looked up where defaults of the function would be, once the
/// module has been loaded.
fn check_later_method(region: &Region<'_, '_>, name: &ExprName, flow: FlowId) {
    let scope = region.scope();
    let own = &region.index.scopes[scope];
    if region.is_quiet() || own.kind != ScopeKind::Class {
        return;
    }
    let Some(place) = own.place_by_name(&name.id) else { return };
    // What a decorator makes of it may be anything.
    let is_method = |id: DefinitionId| {
        region.index.definitions[id].kind == DefinitionKind::Function
            && region.definition_types(id).bound.is_some_and(|ty| {
                matches!(ty.kind(), Kind::Function | Kind::Callable | Kind::Property)
            })
    };
    let method = own.place(place).definitions.iter().copied().find(|&id| is_method(id));
    let Some(method) = method else { return };
    let is_stub = region.cx.host.module(region.module).is_stub;
    if is_stub || flow_value(region, scope, place, flow, None).bound {
        return;
    }
    let finding = rules::invalid_type_form::not_a_type(format!("method `{}`", name.id), None);
    let words = format!("`{}` is defined here", name.id);
    let place = region.index.definitions[method].name_range;
    region.report(name, finding.related(place, words));
}

/// Whether a value can stand in a type expression.
fn means_type(ty: Type) -> bool {
    match ty.kind() {
        Kind::Cycle => false,
        Kind::Class
        | Kind::GenericClass
        | Kind::Special
        | Kind::TypeForm
        | Kind::AliasValue
        | Kind::TypeVarValue
        | Kind::SubclassOf
        | Kind::Union => true,
        _ => ty.is_dynamic(),
    }
}

fn report_unresolved(region: &Region<'_, '_>, name: &ExprName) {
    if region.is_quiet() {
        return;
    }
    let names = region
        .index
        .enclosing_scopes(region.scope())
        .chain([region.scope()])
        .flat_map(|scope| region.index.scopes[scope].places.iter())
        .filter(|place| place.expr.is_name() && place.is_bound())
        .map(|place| place.expr.root.as_str());
    let cx = region.cx;
    let builtins = cx.host.resolve_module(region.module, "builtins");
    let of_builtins = builtins.map(|module| cx.host.module_member_names(cx, module));
    let names = names.chain(of_builtins.into_iter().flatten());
    let elsewhere = builtins.and_then(|module| elsewhere::of_module(cx, module, &name.id));
    let finding = match elsewhere {
        Some(note) => rules::unresolved_reference::unresolved_reference(&name.id, []).note(note),
        None => rules::unresolved_reference::unresolved_reference(&name.id, names),
    };
    region.report(name, finding);
}

/// What `name` means in `scope`, with the flow at the use where the scope has one.
pub fn lookup_name(
    region: &Region<'_, '_>,
    scope: ScopeId,
    name: &str,
    flow: Option<FlowId>,
) -> PlaceType {
    let index = region.index;
    let own = &index.scopes[scope];
    if let Some(place) = own.place_by_name(name) {
        let info = own.place(place);
        if let Some(flow) = flow {
            // A free name that is narrowed here, or a class-level or global name: the rest is outside.
            let falls_through = !info.is_bound()
                || info.is_global()
                || info.is_nonlocal()
                || matches!(own.kind, ScopeKind::Class | ScopeKind::Module);
            if falls_through && (!info.is_bound() || info.is_global() || info.is_nonlocal()) {
                let outer = lookup_outside(region, scope, name);
                let value = flow_value(region, scope, place, flow, Some(outer.ty));
                return PlaceType { ty: value.ty, boundness: outer.boundness, ..outer };
            }
            let value = flow_value(region, scope, place, flow, None);
            if own.kind == ScopeKind::Function
                && info.flags.contains(crate::index::PlaceFlags::DECLARED)
            {
                return bound_place(value);
            }
            let by_function =
                !info.foreign_definitions.is_empty() && region.cx.holds(Policy::SetByFunction);
            if !value.bound && value.unbound && by_function {
                // A function that has run by then may have set it.
                return public_place(region, scope, place, name);
            }
            if value.unbound
                && !value.bound
                && own.kind == ScopeKind::Function
                && !info.definitions.is_empty()
                && info.definitions.iter().all(|&each| {
                    !crate::infer::flow::is_reachable(region, index.definitions[each].reach)
                })
            {
                // Nothing binds it where a checker looks (`if not TYPE_CHECKING:`).
                return lookup_outside(region, scope, name);
            }
            if value.unbound && own.kind == ScopeKind::Module && index.star_imports.is_empty() {
                // The module's own name is not there yet.
                return merge_narrowed(region, (scope, place, flow), value, builtin(region, name));
            }
            if value.unbound && matches!(own.kind, ScopeKind::Class | ScopeKind::Module) {
                let outer = lookup_outside(region, scope, name);
                return merge_narrowed(region, (scope, place, flow), value, outer);
            }
            return bound_place(value);
        }
        // `x: "x"` in a class body binds nothing: the annotation means an outer `x`.
        let only_declared = own.kind == ScopeKind::Class
            && info.definitions.iter().all(|&id| !index.definitions[id].category.is_binding());
        if info.is_bound() && !info.is_global() && !info.is_nonlocal() && !only_declared {
            return public_place(region, scope, place, name);
        }
    }
    lookup_outside(region, scope, name)
}

fn bound_place(value: FlowValue) -> PlaceType {
    let ty = if value.bound || !value.unbound { value.ty } else { Type::UNKNOWN };
    PlaceType { boundness: value.boundness(), ..PlaceType::bound(ty) }
}

/// A place that may be unbound, with what a further lookup gives for that case.
fn merge(region: &Region<'_, '_>, own: PlaceType, outer: PlaceType) -> PlaceType {
    match (own.boundness, outer.boundness) {
        (Boundness::Unbound, _) => outer,
        (_, Boundness::Unbound) => own,
        (_, boundness) => PlaceType { ty: region.cx.union2(own.ty, outer.ty), boundness, ..own },
    }
}

/// As [`merge`], where tests on the way have narrowed what is found outside (`if __doc__: __doc__ += ...`).
fn merge_narrowed(
    region: &Region<'_, '_>,
    (scope, place, flow): (ScopeId, PlaceId, FlowId),
    value: FlowValue,
    outer: PlaceType,
) -> PlaceType {
    let merged = merge(region, bound_place(value), outer);
    if outer.boundness == Boundness::Unbound || outer.ty.is_dynamic() {
        return merged;
    }
    let whole = flow_value(region, scope, place, flow, Some(outer.ty));
    PlaceType { ty: whole.ty, ..merged }
}

/// A name that the scope itself does not bind.
fn lookup_outside(region: &Region<'_, '_>, scope: ScopeId, name: &str) -> PlaceType {
    let index = region.index;
    let is_global = index.scopes[scope]
        .place_by_name(name)
        .is_some_and(|place| index.scopes[scope].place(place).is_global());
    if !is_global {
        if !region.is_in(Mode::DEFERRED)
            && let Some((outer, place, flow)) = index.enclosing_flow(scope, name)
            && let Some(around) = region.region_of(outer)
        {
            let info = index.scopes[outer].place(place);
            if info.is_bound() && !info.is_global() && !info.is_nonlocal() {
                let value = flow_value(around, outer, place, flow, None);
                let own = bound_place(value);
                if own.boundness == Boundness::Bound {
                    return own;
                }
                if outer == ScopeId::MODULE
                    && index.star_imports.is_empty()
                    && !region.is_in(Mode::DEFERRED)
                    && !region.cx.host.module(region.module).is_stub
                {
                    // The module's own name is not there yet.
                    return merge(region, own, builtin(region, name));
                }
                return merge(region, own, lookup_outside(around, outer, name));
            }
            let rest = lookup_outside(around, outer, name);
            let value = flow_value(around, outer, place, flow, Some(rest.ty));
            return PlaceType { ty: value.ty, ..rest };
        }
        for outer in index.enclosing_scopes(scope) {
            let outer_scope = &index.scopes[outer];
            let Some(place) = outer_scope.place_by_name(name) else { continue };
            let info = outer_scope.place(place);
            if !info.is_bound() {
                continue;
            }
            if info.is_global() {
                break;
            }
            if info.is_nonlocal() {
                continue;
            }
            if outer_scope.kind == ScopeKind::Module {
                break;
            }
            if let Some(around) = region.region_of(outer) {
                return public_place(around, outer, place, name);
            }
        }
    }
    module_name(region, name)
}

/// What other scopes see of a place.
fn public_place(region: &Region<'_, '_>, scope: ScopeId, place: PlaceId, name: &str) -> PlaceType {
    if scope == ScopeId::MODULE {
        return module_name(region, name);
    }
    let info = region.index.scopes[scope].place(place);
    if info.foreign_definitions.len() >= MANY_FROM_INSIDE
        && let Some(first) = info.definitions.first()
    {
        let first = DefRef { module: region.module, index: first.as_u32() };
        return region.cx.host.seen_within(region.cx, first);
    }
    seen_within(region, scope, place)
}

/// A name that so many functions within its own assign is inferred once for all of them.
const MANY_FROM_INSIDE: usize = 8;

/// Answers [`crate::types::Host::seen_within`].
pub fn compute_seen_within(cx: &Cx<'_>, first: DefRef) -> PlaceType {
    let definition = cx.host.index(first.module).definitions[DefinitionId::from_u32(first.index)];
    with_region(cx, first.module, definition.scope, |region| {
        region.quietly(|| seen_within(region, definition.scope, definition.place))
    })
}

fn seen_within(region: &Region<'_, '_>, scope: ScopeId, place: PlaceId) -> PlaceType {
    let info = region.index.scopes[scope].place(place);
    let declared = declared_type(region, scope, place);
    let value = flow_value(region, scope, place, info.end_flow, None);
    let mut ty = declared.unwrap_or(value.ty);
    if declared.is_none() {
        for &foreign in &info.foreign_definitions {
            if let Some(more) = region.definition_types(foreign).bound {
                ty = region.cx.union2(ty, more);
            }
        }
    }
    // Whether it is bound by the time that an inner function runs cannot be known.
    PlaceType { declared, ..PlaceType::bound(ty) }
}

/// So many definitions are looked through each time.
const FEW_DEFINITIONS: usize = 16;

/// The declared type of a place in a scope: the last declaration that gives one.
pub fn declared_type(region: &Region<'_, '_>, scope: ScopeId, place: PlaceId) -> Option<Type> {
    let info = region.index.scopes[scope].place(place);
    if !info.is_declared() {
        return None;
    }
    let declares = |&definition: &DefinitionId| {
        let entry = &region.index.definitions[definition];
        // What stands under another platform's or version's condition declares nothing here.
        entry.category.is_declaration() && !matches!(region.index.reach(entry.reach), Reach::Never)
    };
    let declared = |definition: DefinitionId| region.definition_types(definition).declared;
    if info.definitions.len() <= FEW_DEFINITIONS {
        return info.definitions.iter().rev().copied().filter(declares).find_map(declared);
    }
    let declarations = region
        .declarations
        .of(scope, place, || info.definitions.iter().rev().copied().filter(declares).collect());
    declarations.iter().copied().find_map(declared)
}

fn module_name(region: &Region<'_, '_>, name: &str) -> PlaceType {
    let cx = region.cx;
    if let Some(place) = cx.host.module_member(cx, region.module, name)
        && place.boundness != Boundness::Unbound
    {
        // Functions run later than the module's body: the name is there by then.
        return PlaceType { boundness: Boundness::Bound, ..place };
    }
    let place = builtin(region, name);
    if place.boundness == Boundness::Unbound && is_set_from_function(region, name) {
        return PlaceType::bound(Type::UNKNOWN);
    }
    place
}

/// Whether a function makes the module's name by `global`: it is there when that has run.
fn is_set_from_function(region: &Region<'_, '_>, name: &str) -> bool {
    let module = &region.index.scopes[ScopeId::MODULE];
    region.cx.holds(Policy::SetByFunction)
        && module
            .place_by_name(name)
            .is_some_and(|place| !module.place(place).foreign_definitions.is_empty())
}

/// A name of `builtins`, or one that every module has.
pub fn builtin(region: &Region<'_, '_>, name: &str) -> PlaceType {
    let cx = region.cx;
    let string = || PlaceType::bound(cx.known_instance(crate::types::Known::Str));
    match name {
        "__name__" | "__file__" => return string(),
        // A class body has these while it runs; its methods and the module do not.
        "__qualname__" if in_class_body(region) => return string(),
        "__module__" if in_class_body(region) => return string(),
        "__doc__" | "__package__" => {
            return PlaceType::bound(cx.optional(cx.known_instance(crate::types::Known::Str)));
        }
        "__path__" | "__spec__" | "__loader__" | "__dict__" | "__builtins__" | "__debug__"
        | "__annotations__" | "WindowsError" => {
            return PlaceType::bound(Type::UNKNOWN);
        }
        "__class__" => {
            // Only functions in a class body get the cell.
            let function = region.index.enclosing_scopes(region.scope());
            let mut within = std::iter::once(region.scope()).chain(function);
            let method = within.find(|&id| region.index.scopes[id].kind == ScopeKind::Function);
            let class = method.and_then(|method| region.enclosing_class(method));
            if let Some(class) = class {
                return PlaceType::bound(Type::class(class));
            }
        }
        "reveal_type" | "reveal_locals" => {
            // `typing` has it since Python 3.11 only.
            for module in ["typing", "typing_extensions"] {
                if let Some(module) = cx.host.resolve_module(region.module, module)
                    && let Some(place) = cx.host.module_member(cx, module, name)
                    && place.boundness != Boundness::Unbound
                {
                    return place;
                }
            }
            return PlaceType::bound(Type::UNKNOWN);
        }
        _ => {}
    }
    let builtins: Option<ModuleId> = cx.host.resolve_module(region.module, "builtins");
    // What a stub calls private is its own: `_T` is no builtin.
    let is_private = name.starts_with('_') && !name.starts_with("__");
    if let Some(builtins) = builtins
        && builtins != region.module
        && !is_private
        && !is_imported(region, builtins, name)
        && let Some(place) = cx.host.module_member(cx, builtins, name)
        && place.boundness != Boundness::Unbound
    {
        return PlaceType { boundness: Boundness::Bound, ..place };
    }
    PlaceType { boundness: Boundness::Unbound, ..PlaceType::bound(Type::UNKNOWN) }
}

/// Whether the walk is directly in the body of a class, or in a comprehension of it.
fn in_class_body(region: &Region<'_, '_>) -> bool {
    let mut current = Some(region.scope());
    while let Some(scope) = current {
        match region.index.scopes[scope].kind {
            ScopeKind::Class => return true,
            ScopeKind::Function | ScopeKind::Lambda | ScopeKind::Module => return false,
            _ => current = region.index.scopes[scope].parent,
        }
    }
    false
}

/// Whether a stub has the name for itself alone: an import does not hand it on.
/// Source: typing spec, "Distributing type information", "Import conventions".
fn is_imported(region: &Region<'_, '_>, module: ModuleId, name: &str) -> bool {
    let index = region.cx.host.index(module);
    let scope = &index.scopes[ScopeId::MODULE];
    let Some(place) = scope.place_by_name(name) else { return false };
    scope.place(place).definitions.iter().all(|&definition| {
        matches!(
            index.definitions[definition].kind,
            DefinitionKind::Import | DefinitionKind::ImportFrom
        )
    })
}
