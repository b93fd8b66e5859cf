//! `Final` names of a class body that never get a value. Source: typing spec, "Final attributes".

use super::Subject;
use crate::index::{DefinitionKind, DefinitionNode};
use crate::rules;
use crate::types::{ClassFlags, Qualifiers};

pub(super) fn check(subject: &Subject<'_, '_, '_>) {
    let region = subject.region;
    let is_stub = region.cx.host.module(region.module).is_stub;
    let by_fields = ClassFlags::DATACLASS
        .union(ClassFlags::NAMED_TUPLE)
        .union(ClassFlags::TYPED_DICT)
        .union(ClassFlags::PROTOCOL);
    if is_stub {
        return;
    }
    let scope = &region.index.scopes[subject.body];
    for place in scope.places.iter().filter(|place| place.expr.is_name()) {
        let Some(&definition) = place.definitions.first() else { continue };
        let entry = &region.index.definitions[definition];
        if entry.kind != DefinitionKind::AnnotatedAssignment || entry.category.is_binding() {
            continue;
        }
        let types = subject.in_body(|body| body.definition_types(definition));
        if !types.qualifiers.contains(Qualifiers::FINAL) {
            continue;
        }
        let DefinitionNode::AnnotatedAssignment { stmt, .. } =
            region.nodes().definitions[definition]
        else {
            continue;
        };
        let bare = stmt.annotation.is_name_expr() || stmt.annotation.is_attribute_expr();
        let by_field = subject.info.flags.intersects(by_fields) && !bare;
        let in_init = region.index.instance_attribute(subject.body, &place.expr.root).any(|each| {
            matches!(
                region.nodes().scopes[each.method_scope],
                crate::index::ScopeNode::Function(function) if function.name.as_str() == "__init__"
            )
        });
        if !by_field && !in_init && place.definitions.len() == 1 {
            let finding = rules::final_without_value::final_without_value(&place.expr.root);
            region.report(entry.name_range, finding);
        }
    }
}
