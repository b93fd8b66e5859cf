//! What is wrong with the annotation of a variable.

use ruff_python_ast::{Expr, StmtAnnAssign};

use super::annotation::Annotation;
use super::region::Region;
use crate::index::ScopeKind;
use crate::rules;
use crate::types::Qualifiers;

/// Checks where qualifiers stand.
pub fn check(region: &Region<'_, '_>, node: &StmtAnnAssign, annotation: &Annotation) {
    let scope = &region.index.scopes[region.scope()];
    let in_class = scope.kind == ScopeKind::Class;
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
        && node.value.is_none()
        && !in_class
        && !region.cx.host.module(region.module).is_stub
        && node.target.is_name_expr()
    {
        let name = node.target.as_name_expr().map_or("", |name| name.id.as_str());
        region.report(&*node.target, rules::final_without_value::final_without_value(name));
    }
}
