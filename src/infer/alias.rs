//! Aliases that are expanded step by step: PEP 695, `TypeAliasType`, and explicit recursive ones.

use ruff_python_ast::{
    Expr,
    visitor::{self, Visitor},
};

use super::annotation::{Context, open_type_vars, type_of};
use super::region::with_region;
use crate::index::{DefinitionId, DefinitionNode};
use crate::types::{AliasInfo, Cx, DefRef, Substitution, Type, TypeVarData};

/// Answers [`crate::types::Host::alias`].
pub fn compute_alias(cx: &Cx<'_>, definition: DefRef) -> AliasInfo {
    let index = cx.host.index(definition.module);
    let id = DefinitionId::from_u32(definition.index);
    let scope = index.definitions[id].scope;
    with_region(cx, definition.module, scope, |region| {
        let entry = &index.definitions[id];
        let name: Box<str> = index.scopes[scope].place(entry.place).expr.root.as_str().into();
        let context = Context { deferred: true, binder: Some(definition), ..Context::default() };
        region.in_scope(scope, || {
            region.quietly(|| match region.nodes.definitions[id] {
                DefinitionNode::TypeAlias(stmt) => {
                    let inner = index.scope_of_node(region.region, stmt).unwrap_or(scope);
                    let params: Vec<Type> = stmt
                        .type_params
                        .iter()
                        .flat_map(|list| list.iter())
                        .filter_map(|param| {
                            let id = index.definition_at(param.name().range.start())?;
                            let value = region.definition_types(id).bound?;
                            cx.as_type_var(value).map(|data| cx.type_var(*data))
                        })
                        .collect();
                    let value = region.in_scope(inner, || type_of(region, &stmt.value, context));
                    AliasInfo { name, value, type_params: params.into_boxed_slice() }
                }
                DefinitionNode::AnnotatedAssignment { stmt, .. } => {
                    let free = Context { keep_free: true, deferred: true, ..Context::default() };
                    let before = region.in_alias_value.replace(true);
                    let value = stmt
                        .value
                        .as_deref()
                        .map_or(Type::UNKNOWN, |value| type_of(region, value, free));
                    region.in_alias_value.set(before);
                    bind(cx, definition, name, value)
                }
                DefinitionNode::Assignment { stmt, .. } => {
                    let Expr::Call(call) = &*stmt.value else {
                        return AliasInfo {
                            name,
                            value: Type::UNKNOWN,
                            type_params: Box::default(),
                        };
                    };
                    let value = call.arguments.find_argument_value("value", 1);
                    let declared: Vec<Type> = match call.arguments.find_keyword("type_params") {
                        Some(keyword) => match &keyword.value {
                            Expr::Tuple(tuple) => tuple
                                .elts
                                .iter()
                                .filter_map(|element| {
                                    let value = super::expr::infer(region, element, None);
                                    cx.as_type_var(value).map(|data| {
                                        cx.type_var(TypeVarData {
                                            scope: Some(definition),
                                            ..*data
                                        })
                                    })
                                })
                                .collect(),
                            _ => Vec::new(),
                        },
                        None => Vec::new(),
                    };
                    let value =
                        value.map_or(Type::UNKNOWN, |value| type_of(region, value, context));
                    AliasInfo { name, value, type_params: declared.into_boxed_slice() }
                }
                _ => AliasInfo { name, value: Type::UNKNOWN, type_params: Box::default() },
            })
        })
    })
}

/// Free type variables of an alias's value become its parameters.
fn bind(cx: &Cx<'_>, definition: DefRef, name: Box<str>, value: Type) -> AliasInfo {
    let open = open_type_vars(cx, value);
    let own: Vec<Type> = open
        .iter()
        .filter_map(|&type_var| cx.as_type_var(type_var))
        .map(|data| cx.type_var(TypeVarData { scope: Some(definition), ..*data }))
        .collect();
    let value = cx.substitute(value, &Substitution::of(&open, &own));
    AliasInfo { name, value, type_params: own.into_boxed_slice() }
}

struct Mentions<'n> {
    name: &'n str,
    found: bool,
}

impl<'a> Visitor<'a> for Mentions<'_> {
    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Name(name) => self.found |= name.id.as_str() == self.name,
            Expr::StringLiteral(text) => {
                self.found |= text
                    .value
                    .to_str()
                    .split(|c: char| !c.is_alphanumeric() && c != '_')
                    .any(|word| word == self.name);
            }
            _ => visitor::walk_expr(self, expr),
        }
    }
}

/// Whether `name` stands in an expression, quoted or not.
pub fn mentions_name(expr: &Expr, name: &str) -> bool {
    let mut visitor = Mentions { name, found: false };
    visitor.visit_expr(expr);
    visitor.found
}
