//! Classes: bases, flavour, members and fields, whether a statement or a call makes the class.
//!
//! Each question is answered from scratch in a region of its own; the host remembers the answers.

mod bases;
mod check;
mod dataclass;
mod decorators;
mod enumeration;
mod fields;
mod functional;
mod members;
mod params;
mod synthesize;
mod transform;
mod typed_dict_methods;
mod variance;

use ruff_python_ast::{Expr, ExprCall, StmtClassDef};
use ruff_text_size::{Ranged, TextRange};

use super::region::{Region, with_region};
use crate::index::{DefinitionId, DefinitionKind, DefinitionNode, ScopeId};
use crate::types::{ClassRef, Cx, KnownFunction, Type};

pub use bases::{compute_class, empty_class};
pub use check::{check_class, check_class_call, enum_arguments, lacks_slot};
pub use dataclass::converted_default;
pub use fields::compute_fields;
pub use functional::class_from_call;
pub use members::{
    body_of, class_member_names, compute_class_member, compute_looped, inherited_type,
    is_plain_attribute, looped_attributes,
};
pub use params::compute_type_params;
pub use synthesize::{has_made, may_be_made};
pub use variance::compute_variance;

/// What a class is made by.
#[derive(Clone, Copy)]
enum Source<'a> {
    /// A class statement and the scope of its body.
    Statement { stmt: &'a StmtClassDef, body: ScopeId },
    /// A call, and the range of the name that its result is assigned to.
    Call { call: &'a ExprCall, name: TextRange },
    /// A call that cannot be found.
    Unknown,
}

/// Runs `work` in the scope in which the bases of `class` are evaluated, without reporting.
fn open<'s, T>(
    cx: &Cx<'s>,
    class: ClassRef,
    work: impl FnOnce(&Region<'_, 's>, Source<'_>) -> T,
) -> T {
    let index = cx.host.index(class.module);
    let definition = DefinitionId::from_u32(class.definition().index);
    let scope = index.definitions[definition].scope;
    with_region(cx, class.module, scope, |region| {
        let source = source_of(region, class, definition);
        let outer = match source {
            Source::Statement { body, .. } => index.scopes[body].parent.unwrap_or(scope),
            _ => scope,
        };
        region.quietly(|| region.in_scope(outer, || work(region, source)))
    })
}

fn source_of<'a>(region: &Region<'a, '_>, class: ClassRef, definition: DefinitionId) -> Source<'a> {
    let in_bases = class.index & ClassRef::IN_BASES != 0;
    match region.nodes().definitions[definition] {
        DefinitionNode::Class(stmt) if in_bases => {
            match stmt.bases().iter().find_map(Expr::as_call_expr) {
                Some(call) => Source::Call { call, name: stmt.name.range },
                None => Source::Unknown,
            }
        }
        DefinitionNode::Class(stmt) => match region.index.scope_of_node(region.region, stmt) {
            Some(body) => {
                debug_assert_eq!(region.index.class_body(definition), Some(body));
                Source::Statement { stmt, body }
            }
            None => Source::Unknown,
        },
        DefinitionNode::Assignment { stmt, target, .. } => {
            assigned_call(&stmt.value, target.range())
        }
        DefinitionNode::AnnotatedAssignment { stmt, target } => match &stmt.value {
            Some(value) => assigned_call(value, target.range()),
            None => Source::Unknown,
        },
        DefinitionNode::NamedExpression(named) => assigned_call(&named.value, named.target.range()),
        _ => Source::Unknown,
    }
}

fn assigned_call(value: &Expr, name: TextRange) -> Source<'_> {
    match value {
        Expr::Call(call) => Source::Call { call, name },
        _ => Source::Unknown,
    }
}

/// The function of the standard library that `ty` is, found by its name alone.
pub(super) fn known_function(cx: &Cx<'_>, ty: Type) -> Option<KnownFunction> {
    let function = ty.as_function()?;
    let module = cx.host.module(function.module);
    let index = cx.host.index(function.module);
    let definition = &index.definitions[DefinitionId::from_u32(function.index)];
    if definition.kind != DefinitionKind::Function {
        return None;
    }
    let place = index.scopes[definition.scope].place(definition.place);
    KnownFunction::find(&module.name, &place.expr.root)
}

/// The text of a string literal.
fn string_literal(expr: &Expr) -> Option<&str> {
    expr.as_string_literal_expr().map(|string| string.value.to_str())
}

/// The value of a keyword argument that is `True` or `False`.
fn bool_keyword(arguments: &ruff_python_ast::Arguments, name: &str) -> Option<bool> {
    let value = &arguments.find_keyword(name)?.value;
    value.as_boolean_literal_expr().map(|literal| literal.value)
}

/// The options of a call of `dataclass_transform`.
pub fn transform_options(
    region: &Region<'_, '_>,
    call: &ExprCall,
) -> crate::types::DataclassOptions {
    transform::read(region, call).options
}
