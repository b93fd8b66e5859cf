//! What a definition binds and declares, one function a syntax form.

use ruff_python_ast::{self as ast, Expr};
use ruff_text_size::Ranged;

use super::annotation::{Annotation, Context, annotation};
use super::expr;
use super::narrow::narrowed_on_assignment;
use super::region::{Mode, Region, with_region};
use crate::index::{DefinitionId, DefinitionNode, ParameterKind, ParameterOwner, ScopeId};
use crate::policy::Policy;
use crate::types::{
    ClassRef, Cx, DefRef, DefinitionTypes, Kind, Known, Qualifiers, SpecialForm, Type, TypeVarData,
    TypeVarKind,
};

/// Qualifiers that a variable's annotation may carry.
pub const VARIABLE_QUALIFIERS: Qualifiers = Qualifiers::CLASS_VAR
    .union(Qualifiers::FINAL)
    .union(Qualifiers::REQUIRED)
    .union(Qualifiers::NOT_REQUIRED)
    .union(Qualifiers::READ_ONLY)
    .union(Qualifiers::INIT_VAR)
    .union(Qualifiers::TYPE_ALIAS);

/// Answers [`crate::types::Host::definition`].
pub fn compute_definition(cx: &Cx<'_>, definition: DefRef) -> DefinitionTypes {
    let index = cx.host.index(definition.module);
    let id = DefinitionId::from_u32(definition.index);
    let scope = index.definitions[id].scope;
    // A class is itself; only `typing` gives some of its classes another meaning.
    if index.definitions[id].kind == crate::index::DefinitionKind::Class
        && !cx.host.module(definition.module).name.starts_with("typing")
    {
        return bound(Type::class(definition.into()));
    }
    with_region(cx, definition.module, scope, |region| {
        region.in_scope(scope, || region.quietly(|| infer_definition(region, id)))
    })
}

const fn bound(ty: Type) -> DefinitionTypes {
    DefinitionTypes { bound: Some(ty), declared: None, qualifiers: Qualifiers::empty() }
}

/// The types of a definition of the region's module, from its syntax.
pub fn infer_definition(region: &Region<'_, '_>, definition: DefinitionId) -> DefinitionTypes {
    let cx = region.cx;
    if let Some(form) = special_form(region, definition) {
        return bound(Type::special(form));
    }
    match region.nodes().definitions[definition] {
        DefinitionNode::Import { alias, .. } => bound(super::import::import_type(region, alias)),
        DefinitionNode::ImportFrom { stmt, alias } => {
            bound(super::import::import_from_type(region, stmt, alias).unwrap_or(Type::UNKNOWN))
        }
        DefinitionNode::StarImport { .. } => bound(Type::UNKNOWN),
        DefinitionNode::Function(_) => {
            let function = region.def_ref(definition);
            bound(cx.host.function(cx, function).visible())
        }
        DefinitionNode::Class(_) => bound(Type::class(region.def_ref(definition).into())),
        DefinitionNode::TypeAlias(_) => bound(cx.alias_value(region.def_ref(definition), &[])),
        DefinitionNode::Assignment { stmt, target, top_target } => {
            assignment(region, definition, stmt, target, top_target)
        }
        DefinitionNode::AnnotatedAssignment { stmt, target } => {
            annotated_assignment(region, definition, stmt, target)
        }
        DefinitionNode::AugmentedAssignment { stmt, .. } => {
            with_refusal(region, definition, super::stmt::augmented_type(region, stmt))
        }
        DefinitionNode::NamedExpression(named) => {
            let declared = declared_of(region, definition);
            // In a comprehension, the name is bound around it and the value is found in it.
            let scope = region.comprehension_around(named.range());
            let value = || expr::infer(region, &named.value, declared);
            bound(scope.map_or_else(value, |scope| region.in_scope(scope, value)))
        }
        DefinitionNode::For { stmt, target } => {
            let iterable = expr::infer(region, &stmt.iter, None);
            let element =
                if stmt.is_async { cx.iterate_async(iterable) } else { cx.iterate(iterable) };
            leaf(region, definition, &stmt.target, target, element.unwrap_or(Type::UNKNOWN))
        }
        node @ DefinitionNode::Comprehension { comprehension, target, .. } => {
            let element = expr::target_element(region, definition, &node);
            leaf(region, definition, &comprehension.target, target, element)
        }
        DefinitionNode::WithItem { item, is_async, target } => {
            let manager = expr::infer(region, &item.context_expr, None);
            let entered = super::stmt::enter(cx, manager, is_async).unwrap_or(Type::UNKNOWN);
            match &item.optional_vars {
                Some(top) => leaf(region, definition, top, target, entered),
                None => bound(entered),
            }
        }
        DefinitionNode::ExceptHandler { handler, try_stmt } => {
            bound(super::stmt::caught_type(region, handler, try_stmt.is_star))
        }
        DefinitionNode::Parameter { function, parameter, default, kind, index } => {
            parameter_types(region, function, parameter, default, kind, index)
        }
        DefinitionNode::MatchCapture { stmt, case_index, name, .. } => {
            bound(super::narrow::pattern_bindings(region, stmt, case_index as usize, name))
        }
        DefinitionNode::TypeParam(param) => bound(type_param(region, definition, param)),
    }
}

/// Objects that `typing` defines and whose meaning the type system gives.
fn special_form(region: &Region<'_, '_>, definition: DefinitionId) -> Option<SpecialForm> {
    let module = region.cx.host.module(region.module);
    if !matches!(&*module.name, "typing" | "typing_extensions") || !module.is_stub {
        return None;
    }
    let entry = &region.index.definitions[definition];
    if entry.scope != ScopeId::MODULE
        || matches!(
            region.nodes().definitions[definition],
            DefinitionNode::Function(_)
                | DefinitionNode::Import { .. }
                | DefinitionNode::ImportFrom { .. }
        )
    {
        return None;
    }
    let place = region.index.scopes[entry.scope].place(entry.place);
    place.expr.is_name().then(|| SpecialForm::find(&place.expr.root)).flatten()
}

/// The declared type of the place that a definition binds, declared elsewhere in its scope.
pub fn declared_of(region: &Region<'_, '_>, definition: DefinitionId) -> Option<Type> {
    let entry = &region.index.definitions[definition];
    let place = region.index.scopes[entry.scope].place(entry.place);
    if place.is_global() {
        let cx = region.cx;
        return cx.host.module_member(cx, region.module, &place.expr.root)?.declared;
    }
    if place.is_nonlocal() {
        let outer = expr::lookup_name(region, entry.scope, &place.expr.root, None);
        return outer.declared;
    }
    expr::declared_type(region, entry.scope, entry.place)
}

fn with_declared(
    region: &Region<'_, '_>,
    definition: DefinitionId,
    value: Type,
) -> DefinitionTypes {
    match declared_of(region, definition) {
        Some(declared) => bound(narrowed_on_assignment(region.cx, declared, value)),
        None => bound(value),
    }
}

/// What a value is bound to where a declaration may refuse it: then what is declared stays.
/// So it does where there is no value, because the operator failed.
fn with_refusal(
    region: &Region<'_, '_>,
    definition: DefinitionId,
    value: Option<Type>,
) -> DefinitionTypes {
    let declared = declared_of(region, definition);
    let stays = |it: &Type| value.is_none_or(|value| !region.cx.is_assignable(value, *it));
    bound(declared.filter(stays).or(value).unwrap_or(Type::UNKNOWN))
}

/// One leaf of an unpacking target.
fn leaf(
    region: &Region<'_, '_>,
    definition: DefinitionId,
    top: &Expr,
    target: &Expr,
    value: Type,
) -> DefinitionTypes {
    let ty = unpacked_leaf(region, top, target, value).unwrap_or(Type::UNKNOWN);
    with_declared(region, definition, ty)
}

fn unpacked_leaf(region: &Region<'_, '_>, top: &Expr, leaf: &Expr, value: Type) -> Option<Type> {
    if top.range() == leaf.range() {
        return Some(value);
    }
    let elements = match top {
        Expr::Tuple(tuple) => &tuple.elts,
        Expr::List(list) => &list.elts,
        Expr::Starred(starred) => {
            return unpacked_leaf(region, &starred.value, leaf, value);
        }
        _ => return Some(value),
    };
    let types = super::unpack::unpack(region, elements, value);
    let at = elements.iter().position(|element| element.range().contains_range(leaf.range()))?;
    let ty = types.get(at).copied()?;
    unpacked_leaf(region, &elements[at], leaf, ty)
}

fn assignment(
    region: &Region<'_, '_>,
    definition: DefinitionId,
    stmt: &ast::StmtAssign,
    target: &Expr,
    top_target: &Expr,
) -> DefinitionTypes {
    let cx = region.cx;
    let declared = declared_of(region, definition);
    let is_whole = top_target.range() == target.range();
    if is_whole
        && let Expr::Name(_) = target
        && let Some(ty) = assigned_special(region, definition, &stmt.value)
    {
        return bound(ty);
    }
    if is_whole
        && declared.is_none()
        && target.is_name_expr()
        && super::alias::is_recursive(region, definition, &stmt.value)
    {
        return bound(cx.alias_value(region.def_ref(definition), &[]));
    }
    let hint = if is_whole { declared.or_else(|| attribute_hint(region, target)) } else { None };
    let (unpacked, source) = super::unpack::counterparts(top_target, target, &stmt.value);
    let value = super::unpack::paired(region, unpacked, source)
        .unwrap_or_else(|| expr::infer(region, source, hint));
    let ty = unpacked_leaf(region, unpacked, target, value).unwrap_or(Type::UNKNOWN);
    if let Some(declared) = declared {
        return bound(narrowed_on_assignment(cx, declared, ty));
    }
    if is_kept(region, definition, target) {
        return bound(ty);
    }
    if let Some(read) = read_back(region, target) {
        return bound(read);
    }
    match attribute_hint(region, target).or_else(|| refusing(region, target, ty)) {
        Some(declared) => bound(narrowed_on_assignment(cx, declared, ty)),
        None => bound(ty),
    }
}

/// Whether an assignment to an attribute of `self` gives it what is read back: nothing declares the attribute, so that what
/// it holds is what the methods assign.
fn is_kept(region: &Region<'_, '_>, definition: DefinitionId, target: &Expr) -> bool {
    let cx = region.cx;
    let Expr::Attribute(attribute) = target else { return false };
    let name = attribute.attr.id.as_str();
    let Some(class) = plain_owner(region, attribute) else { return false };
    let own =
        |body| region.index.instance_attribute(body, name).any(|it| it.definition == definition);
    class.module == region.module && super::class::body_of(cx, class).is_some_and(own)
}

/// The class of the object of an attribute, where its methods alone give it the attribute.
pub fn plain_owner(region: &Region<'_, '_>, attribute: &ast::ExprAttribute) -> Option<ClassRef> {
    let cx = region.cx;
    let object = region.quietly(|| expr::infer(region, &attribute.value, None));
    let object = cx.upper_bound(object).unwrap_or(object);
    let class =
        cx.class_of(object).filter(|_| matches!(object.kind(), Kind::Instance | Kind::Generic))?;
    super::class::is_plain_attribute(cx, class, &attribute.attr.id).then_some(class)
}

/// The inferred type of an attribute that `value` does not fit: it was refused, and what is read back is what the
/// class puts there.
fn refusing(region: &Region<'_, '_>, target: &Expr, value: Type) -> Option<Type> {
    let cx = region.cx;
    let Expr::Attribute(attribute) = target else { return None };
    let object = cx.expand_alias(region.quietly(|| expr::infer(region, &attribute.value, None)));
    if !matches!(object.kind(), Kind::Instance | Kind::Generic) {
        return None;
    }
    let place = expr::writable_place(cx, object, &attribute.attr.id)?;
    let is_vague = cx.has_dynamic_member(place.ty)
        || matches!(place.ty.kind(), Kind::None | Kind::Function | Kind::Method | Kind::Property)
        || place.qualifiers.contains(Qualifiers::PLACEHOLDER);
    let ty = cx.promote_literals(place.ty);
    (place.declared.is_none() && !is_vague && !cx.is_assignable(value, ty)).then_some(ty)
}

/// What an attribute gives after an assignment that went through a setter, a descriptor or a
/// converter: not what was assigned.
fn read_back(region: &Region<'_, '_>, target: &Expr) -> Option<Type> {
    let cx = region.cx;
    let Expr::Attribute(attribute) = target else { return None };
    let object = cx.expand_alias(region.quietly(|| expr::infer(region, &attribute.value, None)));
    if !matches!(object.kind(), Kind::Instance | Kind::Generic | Kind::TypeVar) {
        return None;
    }
    let name = attribute.attr.id.as_str();
    let place = expr::writable_place(cx, object, name)?;
    let goes_through = place.ty.kind() == Kind::Property
        || is_descriptor(cx, place.ty, place.qualifiers)
        || converter_input(cx, object, name).is_some();
    goes_through.then(|| cx.attribute(object, name).ty)
}

/// The declared type of `object.attr` that is assigned to.
pub fn attribute_hint(region: &Region<'_, '_>, target: &Expr) -> Option<Type> {
    let cx = region.cx;
    match target {
        Expr::Attribute(attribute) => {
            if plain_owner(region, attribute).is_some() {
                return None;
            }
            let object = region.quietly(|| expr::infer(region, &attribute.value, None));
            if object.is_dynamic() {
                return None;
            }
            let mut hints = Vec::new();
            for member in cx.meant_members(object) {
                let place = expr::writable_place(cx, member, &attribute.attr.id)?;
                let declared = place.declared?;
                if place.ty.kind() == Kind::Property || declared.is_dynamic() {
                    return None;
                }
                if let Some(input) = converter_input(cx, member, &attribute.attr.id) {
                    hints.push(input);
                    continue;
                }
                hints.push(if is_descriptor(cx, declared, place.qualifiers) {
                    return None;
                } else {
                    declared
                });
            }
            (!hints.is_empty()).then(|| cx.union(hints))
        }
        Expr::Subscript(subscript) => {
            let object = region.quietly(|| expr::infer(region, &subscript.value, None));
            super::typed_dict::item_hint(region, subscript, object)
        }
        _ => None,
    }
}

/// What a converter of a field takes: an assignment to the field goes through it.
/// Source: typing spec, "Dataclasses", "Converters".
pub fn converter_input(cx: &Cx<'_>, object: Type, name: &str) -> Option<Type> {
    let info = cx.info_of(object)?;
    let is_transformed = info
        .dataclass
        .is_some_and(|options| options.contains(crate::types::DataclassOptions::TRANSFORM));
    if !is_transformed || matches!(object.kind(), Kind::Class | Kind::GenericClass) {
        return None;
    }
    let field = cx.host.fields(cx, info.class).iter().find(|field| &*field.name == name)?;
    let input = field.init_type?;
    Some(cx.substitute(input, &cx.class_substitution(object)))
}

/// Whether reading an attribute of this type calls `__get__` or `__set__`.
pub fn is_descriptor(cx: &Cx<'_>, ty: Type, qualifiers: Qualifiers) -> bool {
    if qualifiers.contains(Qualifiers::INSTANCE_ONLY) {
        return false;
    }
    matches!(ty.kind(), Kind::Instance | Kind::Generic)
        && ["__get__", "__set__"].iter().any(|name| {
            cx.class_of(ty).is_some_and(|class| {
                cx.class_lookup_after(Type::class(class), name, None, false)
                    .is_some_and(|member| member.class.is_some())
            })
        })
}

/// Values whose call makes a type: `TypeVar(...)`, `NewType(...)`, `namedtuple(...)`, and so on.
fn assigned_special(
    region: &Region<'_, '_>,
    definition: DefinitionId,
    value: &Expr,
) -> Option<Type> {
    let Expr::Call(call) = value else { return None };
    let callee = expr::infer(region, &call.func, None);
    type_variable_call(region, definition, call, callee)
        .or_else(|| super::sentinel::sentinel_call(region, definition, call, callee))
        .or_else(|| super::class::class_from_call(region, definition, call, callee))
}

fn type_variable_call(
    region: &Region<'_, '_>,
    definition: DefinitionId,
    call: &ast::ExprCall,
    callee: Type,
) -> Option<Type> {
    let cx = region.cx;
    let is_alias = callee.as_class().is_some_and(|class| {
        cx.is_known(class, Known::TypeAliasType) || cx.is_known(class, Known::ExtTypeAliasType)
    });
    if is_alias {
        return Some(cx.alias_value(region.def_ref(definition), &[]));
    }
    // `typing` or else `typing_extensions`: whichever could be imported, it is the same kind.
    let members = cx.members(callee);
    let mut kinds = members.iter().map(|member| type_variable_kind(cx, member));
    let kind = kinds.next()??;
    if kinds.any(|other| other != Some(kind)) {
        return None;
    }
    let entry = &region.index.definitions[definition];
    let name = region.index.scopes[entry.scope].place(entry.place).expr.root.as_str();
    let _ = call;
    Some(cx.type_var_value(TypeVarData {
        name: cx.string(name),
        kind,
        definition: region.def_ref(definition),
        scope: None,
    }))
}

/// What a class makes when it is called, where that is a type variable.
fn type_variable_kind(cx: &Cx<'_>, class: Type) -> Option<TypeVarKind> {
    let class = class.as_class()?;
    let is = |known: [Known; 2]| known.iter().any(|&known| cx.is_known(class, known));
    if is([Known::TypeVar, Known::ExtTypeVar]) {
        Some(TypeVarKind::TypeVar)
    } else if is([Known::ParamSpec, Known::ExtParamSpec]) {
        Some(TypeVarKind::ParamSpec)
    } else if is([Known::TypeVarTuple, Known::ExtTypeVarTuple]) {
        Some(TypeVarKind::TypeVarTuple)
    } else {
        None
    }
}

fn type_param(region: &Region<'_, '_>, definition: DefinitionId, param: &ast::TypeParam) -> Type {
    let cx = region.cx;
    let kind = match param {
        ast::TypeParam::TypeVar(_) => TypeVarKind::TypeVar,
        ast::TypeParam::ParamSpec(_) => TypeVarKind::ParamSpec,
        ast::TypeParam::TypeVarTuple(_) => TypeVarKind::TypeVarTuple,
    };
    let scope = region.index.definitions[definition].scope;
    cx.type_var_value(TypeVarData {
        name: cx.string(param.name().as_str()),
        kind,
        definition: region.def_ref(definition),
        scope: super::annotation::type_param_owner(region, scope),
    })
}

/// The annotation of a variable, read once for its type and qualifiers.
pub fn variable_annotation(region: &Region<'_, '_>, stmt: &ast::StmtAnnAssign) -> Annotation {
    let cx = region.cx;
    let context = Context::of(region).allowing(VARIABLE_QUALIFIERS);
    let mut found = annotation(region, &stmt.annotation, context);
    let is_init_var = found.ty.kind() == Kind::Generic
        && cx.class_of(found.ty).is_some_and(|class| cx.is_known(class, Known::DataclassInitVar));
    if is_init_var {
        found.ty = cx.arguments_of(found.ty).first().copied().unwrap_or(Type::UNKNOWN);
        found.qualifiers.insert(Qualifiers::INIT_VAR);
    }
    found
}

fn annotated_assignment(
    region: &Region<'_, '_>,
    definition: DefinitionId,
    stmt: &ast::StmtAnnAssign,
    target: &Expr,
) -> DefinitionTypes {
    let cx = region.cx;
    let annotation = variable_annotation(region, stmt);
    let _ = target;
    if annotation.qualifiers.contains(Qualifiers::TYPE_ALIAS) {
        return super::alias::explicit_alias(region, definition, stmt);
    }
    if !annotation.has_type {
        // `x: Final = 1`: the value says what it is.
        let value = stmt.value.as_deref().map(|value| expr::infer(region, value, None));
        let declared = value.map(|value| {
            if annotation.qualifiers.contains(Qualifiers::FINAL) {
                value
            } else {
                cx.promote_literals(value)
            }
        });
        return DefinitionTypes {
            bound: value.or(Some(Type::UNKNOWN)).filter(|_| stmt.value.is_some()),
            declared: Some(declared.unwrap_or(Type::UNKNOWN)),
            qualifiers: annotation.qualifiers,
        };
    }
    let declared = annotation.ty;
    let value = stmt.value.as_deref().map(|value| {
        let value = expr::infer(region, value, Some(declared));
        narrowed_on_assignment(cx, declared, value)
    });
    DefinitionTypes { bound: value, declared: Some(declared), qualifiers: annotation.qualifiers }
}

fn parameter_types(
    region: &Region<'_, '_>,
    owner: ParameterOwner<'_>,
    parameter: &ast::Parameter,
    default: Option<&Expr>,
    kind: ParameterKind,
    index: u32,
) -> DefinitionTypes {
    let ParameterOwner::Function(function) = owner else {
        // A lambda's parameter is bound where the lambda is inferred.
        return bound(Type::UNKNOWN);
    };
    let cx = region.cx;
    let Some(function_ref) = region.index.definition_at(function.name.range.start()) else {
        return bound(Type::UNKNOWN);
    };
    let info = cx.host.function(cx, region.def_ref(function_ref));
    let own = info
        .signature
        .parameters
        .iter()
        .enumerate()
        .find(|(at, each)| *at == index as usize || each.name == parameter.name.id.as_str())
        .and_then(|_| {
            info.signature.parameters.iter().find(|each| each.name == parameter.name.id.as_str())
        });
    let Some(own) = own else {
        return bound(super::function::keyword_dict(region, info, kind));
    };
    let written = region.settled(own.ty);
    let inside = match kind {
        ParameterKind::Variadic => super::function::inside_variadic(cx, written),
        ParameterKind::KeywordVariadic => super::function::inside_keywords(cx, written),
        _ => written,
    };
    if own.is_annotated {
        DefinitionTypes {
            bound: Some(inside),
            declared: Some(inside),
            qualifiers: Qualifiers::empty(),
        }
    } else {
        // What it is where nothing is passed: that much is known, but for a mark that the body looks for.
        let name = parameter.name.id.as_str();
        let is_mark = |ty: &Type| {
            cx.holds(Policy::DefaultMark)
                && matches!(ty.kind(), Kind::Instance | Kind::Generic)
                && default.is_some_and(|node| super::sentinel::is_mark(&function.body, name, node))
        };
        let known = own.default.filter(|_| {
            cx.holds(Policy::DefaultKind) && inside.is_unknown() && !region.is_in(Mode::GIVEN)
        });
        bound(match known.filter(|default| !is_mark(default)) {
            Some(default) => cx.union2(inside, cx.promote_literals(default)),
            None => inside,
        })
    }
}
