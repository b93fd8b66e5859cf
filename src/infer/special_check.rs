//! What is wrong with assignments that make types: `TypeVar`, `NewType`, `namedtuple` and their like.

use ruff_python_ast::{Expr, StmtAssign};

use super::annotation::{Context, type_of};
use super::expr;
use super::region::Region;
use crate::index::DefinitionId;
use crate::rules;
use crate::types::{Kind, TypeVarKind};

/// Checks the call and the name that it is assigned to.
pub fn check(region: &Region<'_, '_>, definition: DefinitionId, node: &StmtAssign) {
    let cx = region.cx;
    let Expr::Call(call) = &*node.value else {
        expr::infer(region, &node.value, None);
        return;
    };
    super::class::check_class_call(region, definition, call);
    let ty = region.definition_types(definition).bound;
    if let Some(ty) = ty
        && ty.kind() == Kind::TypeVarValue
        && let Some(data) = cx.as_type_var(ty)
    {
        let kind = match data.kind {
            TypeVarKind::ParamSpec => "ParamSpec",
            TypeVarKind::TypeVarTuple => "TypeVarTuple",
            _ => "TypeVar",
        };
        if let Some(Expr::StringLiteral(name)) = call.arguments.args.first()
            && name.value.to_str() != data.name.as_str()
        {
            region.report(
                name,
                rules::invalid_type_variable::type_variable_name_mismatch(
                    kind,
                    name.value.to_str(),
                    data.name.as_str(),
                ),
            );
        }
        if let Some(bound) = call.arguments.find_keyword("bound") {
            let context = Context { keep_free: true, ..Context::of(region) };
            type_of(region, &bound.value, context);
        }
        if data.kind == TypeVarKind::TypeVar && call.arguments.args.len() == 2 {
            region.report(
                call,
                rules::invalid_type_variable_constraints::single_constraint(data.name.as_str()),
            );
        }
    }
}
