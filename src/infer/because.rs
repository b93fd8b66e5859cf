//! Reasons added to a finding: what of two types does not fit, and where the parts are declared.

use ruff_python_ast::{Expr, ExprAttribute, ExprName};
use ruff_text_size::{Ranged, TextRange};

use super::expr;
use super::region::{Misfit, Region};
use crate::index::{DefinitionId, DefinitionKind, ScopeNode};
use crate::rules::Finding;
use crate::types::{
    ClassInfo, ClassRef, Cx, DefRef, DefinitionTypes, Explanation, Kind, Known, Member, ModuleId,
    ModuleInfo, MroEntry, PlaceType, Type,
};

/// Adds to a finding of `module` why two types do not fit.
pub fn explain(cx: &Cx<'_>, module: ModuleId, finding: &mut Finding, misfit: Misfit) {
    let explanation = match misfit {
        Misfit::Value(found, expected) => cx.explain(found, expected),
        Misfit::Override(own, base) => cx.explain_override(own, base),
    };
    let Explanation { notes, places, hints } = explanation;
    match misfit {
        Misfit::Override(..) if !notes.is_empty() => {
            finding.notes.splice(0..0, notes);
            finding.complete();
        }
        _ => finding.notes.extend(notes),
    }
    for (definition, words) in places {
        add_place(cx, module, finding, definition, words);
    }
    // What is said of the place that the value is for is nearer than what can be said of any two types.
    if finding.hints.is_empty() {
        finding.hints = hints;
    }
}

/// A secondary place at a definition. Built-in stubs have no file that anybody could look into.
pub fn add_place(
    cx: &Cx<'_>,
    module: ModuleId,
    finding: &mut Finding,
    definition: DefRef,
    words: impl Into<String>,
) {
    let range = cx.host.definition_range(definition);
    let other = (definition.module != module).then_some(definition.module.0);
    let place = crate::rules::Related { module: other, range, message: words.into() };
    finding.related.push(place);
}

/// Says so where a member was looked for in a stub of the program's own: the module beside it may well have it.
#[must_use]
pub fn hidden_by_stub(finding: Finding, module: &ModuleInfo) -> Finding {
    if module.is_stub && module.is_checked {
        finding.note(format!(
            "it is looked for in the stub {}, which does not declare it",
            module.path
        ))
    } else {
        finding
    }
}

/// Adds where the attribute that is assigned to is declared, or set if nothing declares it.
#[must_use]
pub fn attribute_declared(
    region: &Region<'_, '_>,
    mut finding: Finding,
    target: &ExprAttribute,
    place: &PlaceType,
) -> Finding {
    let cx = region.cx;
    let name = target.attr.id.as_str();
    let Some(own) = place.definition.filter(|_| !region.is_quiet()) else { return finding };
    let is_declared = place.declared.is_some();
    let object = || {
        let object = region.quietly(|| expr::infer(region, &target.value, None));
        cx.class_of(cx.upper_bound(object).unwrap_or(object))
    };
    let found = match is_declared {
        true => declaration(cx, own, object, name).map(|(found, _)| found),
        false => Some(own),
    };
    let Some(found) = found else { return finding };
    let is_here = found.module == region.module
        && target.range().contains_range(cx.host.definition_range(found));
    if !is_here {
        let verb = match place.ty.kind() {
            _ if is_declared => "declared",
            Kind::Property => "defined",
            _ => "set",
        };
        add_place(cx, region.module, &mut finding, found, format!("`{name}` is {verb} here"));
    }
    finding
}

/// Adds where an attribute is bound that may be missing.
#[must_use]
pub fn bound_at(
    region: &Region<'_, '_>,
    mut finding: Finding,
    object: Type,
    name: &str,
) -> Finding {
    let cx = region.cx;
    if region.is_quiet() {
        return finding;
    }
    let place = cx.instance_member_place(object, name);
    if let Some(definition) = place.and_then(|place| place.definition) {
        let words = format!("`{name}` is bound here, and not on every path");
        add_place(cx, region.module, &mut finding, definition, words);
    }
    finding
}

/// Adds where the object is declared or set that an item is put into, if it is an attribute or a name.
#[must_use]
pub fn held_by(region: &Region<'_, '_>, finding: Finding, object: &Expr) -> Finding {
    let cx = region.cx;
    if region.is_quiet() {
        return finding;
    }
    match object {
        Expr::Attribute(attribute) => {
            let owner = region.quietly(|| expr::infer(region, &attribute.value, None));
            match cx.instance_member_place(owner, attribute.attr.id.as_str()) {
                Some(place) => attribute_declared(region, finding, attribute, &place),
                None => finding,
            }
        }
        Expr::Name(name) => match definitions_before(region, name).next() {
            Some(id) => {
                let declared = region.quietly(|| region.definition_types(id)).declared;
                let verb = if declared.is_some() { "declared" } else { "set" };
                let range = region.index.definitions[id].name_range;
                finding.related(range, format!("`{}` is {verb} here", name.id))
            }
            None => finding,
        },
        _ => finding,
    }
}

/// Where an attribute is declared that `own` binds: there, or in the first base that declares what `class` assigns;
/// with that base.
pub fn declaration(
    cx: &Cx<'_>,
    own: DefRef,
    class: impl FnOnce() -> Option<ClassRef>,
    name: &str,
) -> Option<(DefRef, Option<ClassRef>)> {
    if declares(cx, own) {
        return Some((own, None));
    }
    let member = declaring_base(cx, cx.host.class(cx, class()?), name)?;
    Some((member.place.definition?, member.class))
}

/// Adds where the result of the function is declared whose body this is.
#[must_use]
pub fn result_declared(region: &Region<'_, '_>, finding: Finding) -> Finding {
    match region.nodes().scopes[region.region] {
        ScopeNode::Function(function) => match &function.returns {
            Some(annotation) => finding.related(annotation.range(), "the result is declared here"),
            None => finding,
        },
        _ => finding,
    }
}

fn declares(cx: &Cx<'_>, definition: DefRef) -> bool {
    cx.host.definition(cx, definition).declared.is_some()
}

/// The attribute as the first class of an MRO has it that declares it.
fn declaring_base(cx: &Cx<'_>, info: &ClassInfo, name: &str) -> Option<Member> {
    info.mro.iter().find_map(|entry| {
        let MroEntry::Class(class, _) = *entry else { return None };
        let place = cx.host.class_member(cx, class, name)?;
        let member = Member { place, owner: Type::class(class), class: Some(class) };
        declares(cx, place.definition?).then_some(member)
    })
}

/// So many bindings of a name are looked at for its declaration.
const FIRST: usize = 64;

/// Adds where the name that `definition` binds is declared, which is another statement.
#[must_use]
pub fn declared_at(region: &Region<'_, '_>, finding: Finding, definition: DefinitionId) -> Finding {
    let index = region.index;
    let entry = &index.definitions[definition];
    let own = index.scopes[entry.scope].place(entry.place);
    let name = own.expr.root.as_str();
    let is_elsewhere = own.is_global() || own.is_nonlocal();
    let outer = index.enclosing_scopes(entry.scope).filter(|_| is_elsewhere);
    let declaration = std::iter::once(entry.scope).chain(outer).find_map(|scope| {
        let place = index.scopes[scope].place(index.scopes[scope].place_by_name(name)?);
        let declares = |id: &&DefinitionId| {
            **id != definition
                && region.quietly(|| region.definition_types(**id)).declared.is_some()
        };
        // A name may be bound thousands of times, and is declared near the first of them. Of several declarations the
        // one before counts.
        let declarations = || place.definitions.iter().take(FIRST).filter(declares);
        declarations().rfind(|id| **id < definition).or_else(|| declarations().next()).copied()
    });
    match declaration {
        Some(id) => {
            finding.related(index.definitions[id].name_range, format!("`{name}` is declared here"))
        }
        None => finding,
    }
}

/// Adds where a base declares the attribute that `definition` binds in the body of a class.
#[must_use]
pub fn declared_by_base(
    region: &Region<'_, '_>,
    finding: Finding,
    definition: DefinitionId,
) -> Finding {
    let cx = region.cx;
    let entry = &region.index.definitions[definition];
    let name = region.index.scopes[entry.scope].place(entry.place).expr.root.as_str();
    let class = region.class_of_scope(entry.scope);
    match class.and_then(|class| declaring_base(cx, cx.host.class(cx, class), name)) {
        Some(member) => declared_in_base(region, finding, &member, name),
        None => finding,
    }
}

/// Adds where the member of a base is declared, or where it is set if nothing declares it.
#[must_use]
pub fn declared_in_base(
    region: &Region<'_, '_>,
    mut finding: Finding,
    base: &Member,
    name: &str,
) -> Finding {
    let cx = region.cx;
    let Some(own) = base.place.definition.filter(|_| !region.is_quiet()) else { return finding };
    let Some(class) = base.class else { return finding };
    // The base itself may assign what a base of it declares.
    let is_defined =
        matches!(base.place.ty.kind(), Kind::Function | Kind::Callable | Kind::Property);
    let declaration = match is_defined {
        true => None,
        false => declaration(cx, own, || Some(class), name),
    };
    let (definition, further) = declaration.unwrap_or((own, None));
    let owner = &cx.host.class(cx, further.unwrap_or(class)).name;
    let verb = if is_defined || base.place.declared.is_some() { "declared" } else { "set" };
    let words = format!("`{name}` of `{owner}` is {verb} here");
    add_place(cx, region.module, &mut finding, definition, words);
    finding
}

/// Adds where the value of `node` got its `None` from, where it has one and `expected` takes none.
#[must_use]
pub fn none_from(
    region: &Region<'_, '_>,
    finding: Finding,
    node: &Expr,
    found: Type,
    expected: Option<Type>,
) -> Finding {
    let cx = region.cx;
    let is_optional =
        |ty: Type| ty.is_none() || cx.members(cx.expand_alias(ty)).iter().any(Type::is_none);
    let takes_none = expected.is_some_and(|expected| cx.is_assignable(Type::NONE, expected));
    // Where the rest of it does not fit either, `None` is not the matter.
    let rest = if found.is_none() { Type::NEVER } else { cx.without_none(found) };
    let rest_fails = expected.is_some_and(|expected| {
        !cx.has_type_vars(expected) && !rest.is_never() && !cx.is_assignable(rest, expected)
    });
    if region.is_quiet() || takes_none || rest_fails || !is_optional(found) {
        return finding;
    }
    origin(region, finding, node)
}

/// Says how a declaration of the program's own, which `what` names, may take the `None` that alone does not fit it.
#[must_use]
pub fn allow_none(
    region: &Region<'_, '_>,
    finding: Finding,
    what: &str,
    found: Type,
    declared: Type,
) -> Finding {
    /// A longer type is not written out.
    const LONGEST: usize = 60;
    let cx = region.cx;
    let rest = if found.is_none() { Type::NEVER } else { cx.without_none(found) };
    let is_it = found.is_none() || !cx.same(rest, found) && cx.is_assignable(rest, declared);
    if region.is_quiet() || !is_it {
        return finding;
    }
    let wider = cx.display(cx.union([declared, Type::NONE])).to_string();
    let declare = match wider.len() > LONGEST {
        true => format!("declare that {what} may be `None`"),
        false => format!("declare {what} as `{wider}`"),
    };
    finding.hint(match found.is_none() {
        true => format!("{declare} if that is meant"),
        false => format!("{declare}, or test for `None` first"),
    })
}

/// Says so where a coroutine is used as what it gives.
#[must_use]
pub fn await_missing(
    region: &Region<'_, '_>,
    finding: Finding,
    object: Type,
    works: impl Fn(Type) -> bool,
) -> Finding {
    let cx = region.cx;
    if region.is_quiet() || !cx.is_instance_of(object, Known::CoroutineType) {
        return finding;
    }
    let result = cx.arguments_of(object).get(2).filter(|result| !result.is_dynamic());
    match result {
        Some(&result) if works(result) => finding.hint("`await` is missing"),
        _ => finding,
    }
}

/// Says what to do about a value of `node` that may be `None`, and where that is from.
#[must_use]
pub fn test_first(region: &Region<'_, '_>, finding: Finding, node: &Expr, found: Type) -> Finding {
    none_from(region, finding.hint("test it for `None` first"), node, found, None)
}

/// A note that names the member of a union that fails, and where its `None` came from.
#[must_use]
pub fn member_fails(
    region: &Region<'_, '_>,
    finding: Finding,
    node: &Expr,
    failing: Type,
) -> Finding {
    let cx = region.cx;
    if region.is_quiet() {
        return finding;
    }
    let whole = region.quietly(|| expr::infer(region, node, None));
    let known = cx.members(whole).iter().filter(|member| !member.is_dynamic()).count();
    let finding = if known > 1 && !cx.same(whole, failing) {
        finding.note(format!(
            "it is `{}` in `{}` that fails",
            cx.display(failing),
            cx.display(whole)
        ))
    } else {
        finding
    };
    if failing.is_none() { none_from(region, finding, node, failing, None) } else { finding }
}

fn origin(region: &Region<'_, '_>, mut finding: Finding, node: &Expr) -> Finding {
    let cx = region.cx;
    match node {
        Expr::Name(name) => match binding_with_none(region, name) {
            Some((range, words)) => finding.related(range, words),
            None => finding,
        },
        Expr::Await(awaited) => origin(region, finding, &awaited.value),
        Expr::Call(call) => {
            let callee = region.quietly(|| expr::infer(region, &call.func, None));
            let function = cx.signatures(callee).and_then(|each| each.first()?.definition);
            if let Some(function) = function {
                let name = cx.host.function(cx, function).name.clone();
                let words = format!("`{name}` may return `None`");
                add_place(cx, region.module, &mut finding, function, words);
            }
            finding
        }
        Expr::Attribute(attribute) => {
            let object = region.quietly(|| expr::infer(region, &attribute.value, None));
            let name = attribute.attr.id.as_str();
            if let Some((definition, types)) = attribute_with_none(cx, object, name) {
                // What is declared counts, whatever value it begins with.
                let is_declared = types.declared.is_some_and(|ty| !ty.is_none());
                let bound = types.bound.filter(|_| !is_declared);
                let words = gives_none(name, &DefinitionTypes { bound, ..types });
                add_place(cx, region.module, &mut finding, definition, words);
            }
            finding
        }
        _ => finding,
    }
}

/// What gives an attribute `None`: its declaration, or of several assignments the first that can.
fn attribute_with_none(cx: &Cx<'_>, object: Type, name: &str) -> Option<(DefRef, DefinitionTypes)> {
    let own = cx.instance_member_place(object, name)?.definition?;
    let gives = |definition: DefRef| {
        let types = cx.host.definition(cx, definition);
        let given = types.declared.or(types.bound)?;
        let is_it = cx.members(cx.expand_alias(given)).iter().any(Type::is_none);
        (given.is_none() || is_it).then_some((definition, types))
    };
    let found = gives(own);
    if found.is_some() || declares(cx, own) {
        return found;
    }
    let instance = cx.upper_bound(object).unwrap_or(object);
    let class = cx.class_of(cx.fallback_instance(instance))?;
    let class = cx.class_lookup(cx.generic_class_of(instance, class), name)?.class?;
    let (index, body) = (cx.host.index(class.module), super::class::body_of(cx, class)?);
    let set = index.instance_attribute(body, name).map(|attribute| attribute.definition);
    set.take(FIRST).find_map(|id| gives(DefRef { module: class.module, index: id.as_u32() }))
}

/// A note that names the methods that an operator asks its operands for, where nothing else says why it fails.
#[must_use]
pub fn method_missing(
    region: &Region<'_, '_>,
    finding: Finding,
    [left, right]: [(Type, &str); 2],
) -> Finding {
    if region.is_quiet() || !finding.notes.is_empty() {
        return finding;
    }
    match super::operands::method_missing(region.cx, left, right) {
        Some(words) => finding.note(words),
        None => finding,
    }
}

/// A note that says so where the right operand of `in` has no way to be looked into.
#[must_use]
pub fn container_missing(region: &Region<'_, '_>, finding: Finding, container: Type) -> Finding {
    let cx = region.cx;
    let is_known = cx.expand_alias(container).kind() != Kind::Union && !container.is_dynamic();
    let lacks_both =
        || cx.dunder(container, "__contains__").is_none() && cx.iterate(container).is_none();
    if region.is_quiet() || !finding.notes.is_empty() || !is_known || !lacks_both() {
        return finding;
    }
    finding.note(format!("`{}` has no `__contains__` and is not iterable", cx.display(container)))
}

/// A note that names the members of a union that fail, and where their `None` is from.
#[must_use]
pub fn members_fail(
    region: &Region<'_, '_>,
    finding: Finding,
    node: &Expr,
    whole: Type,
    works: impl Fn(Type) -> bool,
) -> Finding {
    let cx = region.cx;
    let whole = cx.expand_alias(whole);
    if region.is_quiet() {
        return finding;
    }
    let works = |ty: Type, _| ty.is_dynamic() || !ty.is_never() && works(ty);
    none_fails(region, finding, [(node, whole), (node, Type::NONE)], works)
}

/// Where a declaration allows `None`.
const DECLARED: &str = "it is declared so here";

/// How a definition that can give `None` gives it.
fn gives_none(name: &str, types: &DefinitionTypes) -> String {
    if types.bound.is_some_and(Type::is_none) {
        format!("`{name}` is set to `None` here")
    } else if types.declared.is_some() {
        format!("`{name}` may be `None`: {DECLARED}")
    } else {
        format!("`{name}` may be `None` since it is set here")
    }
}

/// The definitions of a name of the scope that stand before a use of it, the last one first.
fn definitions_before<'r>(
    region: &'r Region<'_, '_>,
    name: &'r ExprName,
) -> impl Iterator<Item = DefinitionId> + 'r {
    let scope = &region.index.scopes[region.scope()];
    let place = scope.place_by_name(&name.id).map(|id| scope.place(id));
    let definitions = place.map_or(&[][..], |place| &place.definitions);
    let is_before =
        |id: &DefinitionId| region.index.definitions[*id].name_range.end() <= name.range().start();
    definitions.iter().rev().copied().filter(is_before)
}

/// The last binding before a use that gives the name `None`, among other things.
fn binding_with_none(region: &Region<'_, '_>, name: &ExprName) -> Option<(TextRange, String)> {
    let cx = region.cx;
    let is_optional = |ty: Type| cx.members(cx.expand_alias(ty)).iter().any(Type::is_none);
    for id in definitions_before(region, name) {
        let types = region.quietly(|| region.definition_types(id));
        let definition = &region.index.definitions[id];
        let given = types.bound.or(types.declared);
        if given.is_some_and(|ty| ty.is_none() || is_optional(ty)) {
            let is_parameter = definition.kind == DefinitionKind::Parameter;
            let words = match types.declared {
                None if is_parameter => format!("`{}` is `None` by default", name.id),
                _ => gives_none(&name.id, &types),
            };
            return Some((definition.name_range, words));
        }
    }
    None
}

/// A note where an operation works but for the `None` in one of its operands.
#[must_use]
pub fn none_fails(
    region: &Region<'_, '_>,
    mut finding: Finding,
    sides: [(&Expr, Type); 2],
    works: impl Fn(Type, Type) -> bool,
) -> Finding {
    let cx = region.cx;
    if region.is_quiet() {
        return finding;
    }
    let [(left_node, left), (right_node, right)] = sides;
    let without = |ty: Type| if ty.is_none() { Type::NEVER } else { cx.without_none(ty) };
    let (bare_left, bare_right) = (without(left), without(right));
    for (side, node, ty, fixed) in [
        ("left", left_node, left, (bare_left, right)),
        ("right", right_node, right, (left, bare_right)),
    ] {
        let has_none = ty.kind() == Kind::Union && !cx.same(cx.without_none(ty), ty);
        if has_none && works(fixed.0, fixed.1) {
            // With one operand, what can be done about it says so.
            if !std::ptr::eq(left_node, right_node) {
                finding = finding.note(format!("it is the `None` on the {side} that fails"));
            }
            return test_first(region, finding, node, ty);
        }
    }
    let both_have = [left, right].iter().all(|&ty| ty.kind() == Kind::Union)
        && !cx.same(bare_left, left)
        && !cx.same(bare_right, right);
    if both_have && works(bare_left, bare_right) {
        finding = finding.note("it is `None` on both sides that fails");
        let finding = test_first(region, finding, left_node, left);
        let of_both = none_from(region, finding.clone(), right_node, right, None);
        // Two declarations say the same, and one of them is enough to see what is meant.
        let is_declared =
            |it: &Finding| it.related.last().is_some_and(|it| it.message.ends_with(DECLARED));
        return if is_declared(&finding) && is_declared(&of_both) { finding } else { of_both };
    }
    let is_one = std::ptr::eq(left_node, right_node);
    let finding = match super::operands::failing_members(cx, [left, right], is_one, &works) {
        Some(words) => finding.note(words),
        None => finding,
    };
    let finding = await_missing(region, finding, left, |it| works(it, right));
    await_missing(region, finding, right, |it| works(left, it))
}
