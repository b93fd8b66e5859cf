//! What is wrong with the annotation of a variable.

use ruff_python_ast::{Expr, StmtAnnAssign};

use super::annotation::Annotation;
use super::flow::is_reachable;
use super::region::{Mode, Region};
use crate::index::{DefinitionKind, ScopeKind};
use crate::rules;
use crate::types::{ClassFlags, Qualifiers};

/// Checks where qualifiers stand.
pub fn check(region: &Region<'_, '_>, node: &StmtAnnAssign, annotation: &Annotation) {
    let scope = &region.index.scopes[region.scope()];
    let in_class = scope.kind == ScopeKind::Class;
    check_item_qualifiers(region, node, annotation.qualifiers);
    check_declared_before(region, node, annotation);
    if annotation.qualifiers.contains(Qualifiers::CLASS_VAR) && !in_class {
        region.report(
            &*node.annotation,
            rules::invalid_class_var::invalid_class_var(
                "`ClassVar` is only allowed in a class body",
            ),
        );
    }
    if let (Expr::StringLiteral(text), Expr::Name(name)) = (&*node.annotation, &*node.target)
        && annotation.ty.is_unknown()
        && text.value.to_str() == name.id.as_str()
    {
        // The only thing of that name is the variable itself.
        let finding = rules::unresolved_reference::unresolved_reference(&name.id, []);
        region.report(&*node.annotation, finding);
    }
    if annotation.qualifiers.contains(Qualifiers::FINAL)
        && node.target.is_attribute_expr()
        && !in_initialiser(region)
    {
        region.report(
            &*node.annotation,
            rules::invalid_final::invalid_final(
                "an attribute is made `Final` in the class body or in `__init__`",
            ),
        );
    }
    if annotation.qualifiers.contains(Qualifiers::FINAL) && region.is_in(Mode::LOOP) {
        let reason = "a `Final` name cannot be assigned in a loop, which would assign it again";
        region.report(&*node.annotation, rules::invalid_final::invalid_final(reason));
    }
    if annotation.qualifiers.contains(Qualifiers::FINAL)
        && node.value.is_none()
        && !in_class
        && !region.cx.host.module(region.module).is_stub
        && let Some(name) = match &*node.target {
            Expr::Name(name) => Some(name.id.as_str()),
            Expr::Attribute(attribute) if !annotation.has_type => Some(attribute.attr.as_str()),
            _ => None,
        }
    {
        region.report(&*node.target, rules::final_without_value::final_without_value(name));
    }
}

/// A variable has one declared type, and so has a parameter.
fn check_declared_before(region: &Region<'_, '_>, node: &StmtAnnAssign, annotation: &Annotation) {
    let Expr::Name(name) = &*node.target else { return };
    let (cx, index) = (region.cx, region.index);
    let Some(own) = index.definition_of_node(region.region, &*node.target) else { return };
    let entry = &index.definitions[own];
    let place = index.scopes[entry.scope].place(entry.place);
    let mut earlier =
        place.definitions.iter().take_while(|&&other| other != own).filter(|&&other| {
            let entry = &index.definitions[other];
            matches!(entry.kind, DefinitionKind::AnnotatedAssignment | DefinitionKind::Parameter)
                && is_reachable(region, entry.reach)
        });
    // The first that says something is what all later ones are compared with.
    let first = earlier.find_map(|&other| {
        let declared = region.definition_types(other).declared?;
        (!declared.is_dynamic()).then_some((other, declared))
    });
    if let Some((other, declared)) = first
        && !annotation.ty.is_dynamic()
        && !cx.is_equivalent(declared, annotation.ty)
    {
        let shown = [cx.display(declared).to_string(), cx.display(annotation.ty).to_string()];
        let finding = rules::conflicting_declarations::conflicting_declarations(
            &name.id,
            &[&shown[0], &shown[1]],
            index.definitions[other].name_range,
        );
        region.report(name, finding);
    }
}

/// `Required`, `NotRequired` and `ReadOnly` are for the items of typed dicts.
fn check_item_qualifiers(region: &Region<'_, '_>, node: &StmtAnnAssign, qualifiers: Qualifiers) {
    let cx = region.cx;
    let item = [
        (Qualifiers::REQUIRED, "Required"),
        (Qualifiers::NOT_REQUIRED, "NotRequired"),
        (Qualifiers::READ_ONLY, "ReadOnly"),
    ];
    let Some((_, name)) = item.iter().find(|(flag, _)| qualifiers.contains(*flag)) else { return };
    let in_typed_dict = region
        .class_of_scope(region.scope())
        .is_some_and(|class| cx.host.class(cx, class).is(ClassFlags::TYPED_DICT));
    if !in_typed_dict {
        let reason = format!("`{name}` is only allowed in a TypedDict");
        region.report(&*node.annotation, rules::invalid_type_form::invalid_type_expression(reason));
    }
}

fn in_initialiser(region: &Region<'_, '_>) -> bool {
    let cx = region.cx;
    region
        .function_of_scope(region.scope())
        .map(|function| cx.host.function(cx, function))
        .is_some_and(|info| info.class.is_some() && &*info.name == "__init__")
}
