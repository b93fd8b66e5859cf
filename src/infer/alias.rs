//! Aliases that are expanded step by step: PEP 695, `TypeAliasType`, and explicit recursive ones.

use ruff_python_ast::{
    Expr, ExprCall, Operator, StmtAnnAssign,
    visitor::{self, Visitor},
};
use ruff_python_parser::parse_expression;

use super::annotation::{Context, is_deferred, open_type_vars, type_of};
use super::region::{Mode, Region, with_region};
use crate::index::{DefinitionId, DefinitionNode, ScopeKind};
use crate::source::is_named;
use crate::types::{
    AliasInfo, Cx, DefRef, DefinitionTypes, Kind, Qualifiers, Substitution, Type, TypeVarData,
};

/// Answers [`crate::types::Host::alias`].
pub fn compute_alias(cx: &Cx<'_>, definition: DefRef) -> AliasInfo {
    let info = written_alias(cx, definition);
    let is_circular = super::circular::is_circular(cx, &info, definition);
    AliasInfo { is_circular, ..info }
}

fn new_alias(name: Box<str>, value: Type, params: Vec<Type>) -> AliasInfo {
    AliasInfo { name, value, type_params: params.into(), is_circular: false }
}

/// An alias as it is written, whether or not that means anything.
fn written_alias(cx: &Cx<'_>, definition: DefRef) -> AliasInfo {
    let index = cx.host.index(definition.module);
    let id = DefinitionId::from_u32(definition.index);
    let scope = index.definitions[id].scope;
    with_region(cx, definition.module, scope, |region| {
        let entry = &index.definitions[id];
        let name: Box<str> = index.scopes[scope].place(entry.place).expr.root.as_str().into();
        let context = Context { deferred: true, binder: Some(definition), ..Context::default() };
        region.in_scope(scope, || {
            region.quietly(|| match region.nodes().definitions[id] {
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
                    new_alias(name, value, params)
                }
                DefinitionNode::AnnotatedAssignment { stmt, .. } => {
                    let value = stmt.value.as_deref();
                    of_value(region, definition, name, value)
                }
                DefinitionNode::Assignment { stmt, .. } => match &*stmt.value {
                    Expr::Call(call) => of_call(region, definition, name, call),
                    value => of_value(region, definition, name, Some(value)),
                },
                _ => new_alias(name, Type::UNKNOWN, Vec::new()),
            })
        })
    })
}

/// An alias that is an assignment: what its value leaves open are its type parameters.
fn of_value(
    region: &Region<'_, '_>,
    definition: DefRef,
    name: Box<str>,
    value: Option<&Expr>,
) -> AliasInfo {
    let free = Context { keep_free: true, deferred: true, ..Context::default() };
    let value = region.in_mode(Mode::ALIAS_VALUE, || {
        value.map_or(Type::UNKNOWN, |value| type_of(region, value, free))
    });
    bind(region.cx, definition, name, value)
}

/// `TypeAliasType(name, value, type_params=...)`
fn of_call(
    region: &Region<'_, '_>,
    definition: DefRef,
    name: Box<str>,
    call: &ExprCall,
) -> AliasInfo {
    let context = Context { deferred: true, binder: Some(definition), ..Context::default() };
    let value = call
        .arguments
        .find_argument_value("value", 1)
        .map_or(Type::UNKNOWN, |value| type_of(region, value, context));
    new_alias(name, value, declared_params(region, definition, call))
}

/// The type parameters that a call of `TypeAliasType` lists.
pub fn declared_params(region: &Region<'_, '_>, definition: DefRef, call: &ExprCall) -> Vec<Type> {
    let cx = region.cx;
    let Some(keyword) = call.arguments.find_keyword("type_params") else { return Vec::new() };
    let Expr::Tuple(tuple) = &keyword.value else { return Vec::new() };
    tuple
        .elts
        .iter()
        .filter_map(|element| {
            let value = super::expr::infer(region, element, None);
            let data = cx.as_type_var(value)?;
            Some(cx.type_var(TypeVarData { scope: Some(definition), ..*data }))
        })
        .collect()
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
    new_alias(name, value, own)
}

/// `X: TypeAlias = ...`
pub fn explicit_alias(
    region: &Region<'_, '_>,
    definition: DefinitionId,
    stmt: &StmtAnnAssign,
) -> DefinitionTypes {
    let cx = region.cx;
    let bound = stmt.value.as_deref().map_or(Type::UNKNOWN, |value| {
        if reaches_itself(region, definition, value) {
            cx.alias_value(region.def_ref(definition), &[])
        } else {
            alias_value(region, value)
        }
    });
    DefinitionTypes { bound: Some(bound), declared: None, qualifiers: Qualifiers::TYPE_ALIAS }
}

/// The value of an alias, as a value: a class object where it is one, else a type form.
fn alias_value(region: &Region<'_, '_>, value: &Expr) -> Type {
    let cx = region.cx;
    if matches!(value, Expr::Name(_) | Expr::Attribute(_)) {
        let plain = super::expr::infer(region, value, None);
        if let Some(class) = plain.as_class()
            && !cx.host.type_params(cx, class).is_empty()
        {
            // Without arguments it means those that are left out, and takes none any more.
            return cx.generic_class(class, &cx.default_arguments(class));
        }
        if matches!(
            plain.kind(),
            Kind::Class | Kind::Special | Kind::TypeForm | Kind::AliasValue | Kind::TypeVarValue
        ) {
            return plain;
        }
    }
    let context = Context { keep_free: true, deferred: is_deferred(region), ..Context::default() };
    let ty = region.in_mode(Mode::ALIAS_VALUE, || type_of(region, value, context));
    super::annotation::form_value(region, value, ty)
}

/// Whether an assignment without annotation is an alias that comes back to itself through quotes:
/// `Json = dict[str, "Json"] | str`.
pub fn is_recursive(region: &Region<'_, '_>, definition: DefinitionId, value: &Expr) -> bool {
    let scope = region.index.definitions[definition].scope;
    if !matches!(region.index.scopes[scope].kind, ScopeKind::Module | ScopeKind::Class) {
        return false;
    }
    quotes_anything(value)
        && is_alias_form(region, value)
        && reaches_itself(region, definition, value)
}

/// Whether an expression can only be a type: `C[...]`, or a union with one.
fn is_alias_form(region: &Region<'_, '_>, value: &Expr) -> bool {
    match value {
        Expr::Subscript(subscript) => {
            matches!(&*subscript.value, Expr::Name(_) | Expr::Attribute(_))
                && matches!(
                    region.quietly(|| super::expr::infer(region, &subscript.value, None)).kind(),
                    Kind::Class | Kind::Special
                )
        }
        Expr::BinOp(binary) if binary.op == Operator::BitOr => {
            let (left, right) = (&*binary.left, &*binary.right);
            let (left_form, right_form) =
                (is_alias_form(region, left), is_alias_form(region, right));
            match (left_form, right_form) {
                (true, true) => true,
                (true, false) => is_union_part(right),
                (false, true) => is_union_part(left),
                (false, false) => false,
            }
        }
        _ => false,
    }
}

/// Whether an expression may be a type beside others in a union.
fn is_union_part(expr: &Expr) -> bool {
    match expr {
        Expr::Name(_) | Expr::Attribute(_) | Expr::StringLiteral(_) | Expr::NoneLiteral(_) => true,
        Expr::BinOp(binary) if binary.op == Operator::BitOr => {
            is_union_part(&binary.left) && is_union_part(&binary.right)
        }
        _ => false,
    }
}

/// Whether an alias comes back to itself through the aliases that it names; one of the names on the
/// way must then be quoted, or the module a stub.
fn reaches_itself(region: &Region<'_, '_>, definition: DefinitionId, value: &Expr) -> bool {
    let is_stub = region.cx.host.module(region.module).is_stub;
    let scope = region.index.definitions[definition].scope;
    let info = &region.index.scopes[scope];
    let place = region.index.definitions[definition].place;
    let mut seen = vec![place];
    let mut names = names_in(value);
    if !is_stub && names.iter().all(|name| !name.quoted) {
        return false;
    }
    while let Some(name) = names.pop() {
        let Some(found) = info.place_by_name(&name.text) else { continue };
        if found == place {
            return true;
        }
        if seen.contains(&found) || seen.len() > MAX_ALIASES {
            continue;
        }
        seen.push(found);
        for &other in &info.place(found).definitions {
            let value = match region.nodes().definitions[other] {
                DefinitionNode::AnnotatedAssignment { stmt, .. } => stmt.value.as_deref(),
                DefinitionNode::Assignment { stmt, .. } => Some(&*stmt.value)
                    .filter(|value| value.is_subscript_expr() || value.is_bin_op_expr()),
                _ => None,
            };
            names.extend(value.into_iter().flat_map(names_in));
        }
    }
    false
}

/// More aliases than this are not followed to see whether they come back.
const MAX_ALIASES: usize = 64;

/// A name in the value of an alias, and whether it stands in quotes.
struct Mention {
    text: String,
    quoted: bool,
}

#[derive(Default)]
struct Mentions {
    found: Vec<Mention>,
    depth: u32,
}

impl<'a> Visitor<'a> for Mentions {
    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Name(name) => {
                self.found
                    .push(Mention { text: name.id.as_str().to_owned(), quoted: self.depth > 0 });
            }
            Expr::StringLiteral(text) => {
                if self.depth < 4
                    && let Ok(parsed) = parse_expression(text.value.to_str().trim())
                {
                    self.depth += 1;
                    let body = *parsed.into_syntax().body;
                    let mut inner = Mentions { found: Vec::new(), depth: self.depth };
                    inner.visit_expr(&body);
                    self.found.append(&mut inner.found);
                    self.depth -= 1;
                }
            }
            Expr::Subscript(subscript) if is_named(&subscript.value, "Literal") => {}
            Expr::Subscript(subscript) if is_named(&subscript.value, "Annotated") => {
                match &*subscript.slice {
                    Expr::Tuple(tuple) => {
                        if let Some(first) = tuple.elts.first() {
                            self.visit_expr(first);
                        }
                    }
                    other => self.visit_expr(other),
                }
            }
            _ => visitor::walk_expr(self, expr),
        }
    }
}

/// The names in an expression, quoted ones included.
fn names_in(expr: &Expr) -> Vec<Mention> {
    let mut visitor = Mentions::default();
    visitor.visit_expr(expr);
    visitor.found
}

/// Whether a string stands anywhere in the arguments: the cheap question before the others.
fn quotes_anything(expr: &Expr) -> bool {
    match expr {
        Expr::StringLiteral(_) => true,
        Expr::Subscript(subscript) => quotes_anything(&subscript.slice),
        Expr::BinOp(binary) => quotes_anything(&binary.left) || quotes_anything(&binary.right),
        Expr::Tuple(tuple) => tuple.elts.iter().any(quotes_anything),
        Expr::List(list) => list.elts.iter().any(quotes_anything),
        _ => false,
    }
}
