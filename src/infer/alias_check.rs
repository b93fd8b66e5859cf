//! What is wrong with aliases: `type` statements, `TypeAliasType`, explicit ones, and names that are none.
//! Source: typing spec, "Type aliases".

use ruff_python_ast::{Expr, ExprCall, ExprName, StmtAnnAssign, StmtTypeAlias};

use super::annotation::{Context, type_of};
use super::region::{Mode, Region};
use crate::index::{DefinitionId, DefinitionNode};
use crate::rules;
use crate::types::{Kind, Type, TypeVarKind};

/// Reports an alias that is nothing but itself.
pub fn check_statement(region: &Region<'_, '_>, node: &StmtTypeAlias) {
    let Expr::Name(name) = &*node.name else { return };
    let Some(id) = region.index.definition_at(name.range.start()) else { return };
    let definition = region.def_ref(id);
    let cx = region.cx;
    if cx.host.alias(cx, definition).is_circular {
        region.report(&*node.value, rules::cyclic_type_alias::cyclic_type_alias(&name.id));
    }
}

/// Checks `X: TypeAlias = value`.
pub fn check_explicit(region: &Region<'_, '_>, node: &StmtAnnAssign) {
    let (Some(value), Expr::Name(name)) = (node.value.as_deref(), &*node.target) else { return };
    let context = Context { keep_free: true, ..Context::of(region) };
    region.in_mode(Mode::ALIAS_VALUE, || type_of(region, value, context));
    let Some(id) = region.index.definition_of_node(region.region, &*node.target) else { return };
    if region.definition_types(id).bound.is_some_and(|ty| ty.kind() == Kind::AliasValue) {
        check_cycle(region, id, value, &name.id);
        return;
    }
    let Some(outer) = borrowed_variable(region, value) else { return };
    let reason = format!("it uses the type variable `{outer}` of the class or function around it");
    region.report(value, rules::invalid_type_alias::invalid_type_alias(&name.id, reason));
}

fn check_cycle(region: &Region<'_, '_>, id: DefinitionId, value: &Expr, name: &str) {
    let definition = region.def_ref(id);
    if region.cx.host.alias(region.cx, definition).is_circular {
        region.report(value, rules::cyclic_type_alias::cyclic_type_alias(name));
    }
}

/// A type variable in the value of an alias that a class or function around the alias binds.
fn borrowed_variable(region: &Region<'_, '_>, value: &Expr) -> Option<String> {
    let cx = region.cx;
    let context = Context { keep_free: true, deferred: true, ..Context::default() };
    let mode = Mode::ALIAS_VALUE | Mode::QUIET;
    let ty = region.in_mode(mode, || type_of(region, value, context));
    cx.free_type_vars(ty).into_iter().find_map(|type_var| {
        let data = cx.as_type_var(type_var).filter(|data| data.scope.is_some())?;
        (data.kind != crate::types::TypeVarKind::SelfType).then(|| data.name.to_owned())
    })
}

/// Checks `X = TypeAliasType("X", value, type_params=...)`.
pub fn check_call(region: &Region<'_, '_>, id: DefinitionId, call: &ExprCall) {
    let cx = region.cx;
    let entry = &region.index.definitions[id];
    let name = region.index.scopes[entry.scope].place(entry.place).expr.to_string();
    let definition = region.def_ref(id);
    let bad = |reason: &str| rules::invalid_type_alias::invalid_type_alias(&name, reason);
    if let Some(title) = call.arguments.args.first().and_then(Expr::as_string_literal_expr)
        && title.value.to_str() != name
    {
        let text = title.value.to_str();
        region.report(title, bad(&format!("its name `{text}` is not that of the variable")));
    }
    if let Some(keyword) = call.arguments.find_keyword("type_params")
        && !keyword.value.is_tuple_expr()
    {
        region.report(&keyword.value, bad("its type parameters must be listed in a tuple display"));
    }
    check_alias_arguments(region, call, &name);
    let Some(value) = call.arguments.find_argument_value("value", 1) else { return };
    let context = Context { binder: Some(definition), ..Context::default() };
    let ty = type_of(region, value, context);
    let declared = super::alias::declared_params(region, definition, call);
    let stray = cx.free_type_vars(ty).into_iter().find(|&type_var| {
        cx.as_type_var(type_var).is_some_and(|data| data.scope == Some(definition))
            && !declared.iter().any(|&param| cx.same(param, type_var))
    });
    if let Some(data) = stray.and_then(|type_var| cx.as_type_var(type_var)) {
        let finding = rules::invalid_type_variable::unbound_type_variable(data.name);
        region.report(value, finding);
    }
    check_cycle(region, id, value, &name);
}

/// The arguments of `TypeAliasType`: a literal name, one value, and type variables, each once.
/// Source: typing spec, "Type aliases", "`TypeAliasType`".
fn check_alias_arguments(region: &Region<'_, '_>, call: &ExprCall, name: &str) {
    let cx = region.cx;
    let arguments = &call.arguments;
    let bad = |reason: &str| rules::invalid_type_alias::invalid_type_alias(name, reason);
    if arguments.args.iter().any(Expr::is_starred_expr) {
        return;
    }
    if let Some(title) = arguments.args.first().filter(|title| !title.is_string_literal_expr()) {
        region.report(title, bad("its name must be a string literal"));
    }
    if arguments.find_argument_value("value", 1).is_none() {
        let finding = rules::missing_argument::missing_argument("TypeAliasType", &["value"]);
        region.report(call, finding);
    }
    if let Some(extra) = arguments.args.get(2) {
        let rule = rules::too_many_positional_arguments::too_many_positional_arguments;
        region.report(extra, rule("TypeAliasType", 2, arguments.args.len()));
    }
    let Some(Expr::Tuple(list)) = arguments.find_keyword("type_params").map(|it| &it.value) else {
        return;
    };
    let mut seen: Vec<Type> = Vec::new();
    let mut packs = 0;
    for param in &list.elts {
        let value = region.quietly(|| super::expr::infer(region, param, None));
        let Some(data) = cx.as_type_var(value).filter(|_| value.kind() == Kind::TypeVarValue)
        else {
            if !value.is_dynamic() {
                region.report(param, bad("its type parameters must be type variables"));
            }
            continue;
        };
        packs += usize::from(data.kind == TypeVarKind::TypeVarTuple);
        if data.kind == TypeVarKind::TypeVarTuple && packs == 2 {
            region.report(param, bad("it can have one `TypeVarTuple`"));
        }
        if seen.iter().any(|&other| cx.same(other, value)) {
            region.report(param, bad(&format!("the type variable `{}` is given twice", data.name)));
        }
        seen.push(value);
    }
}

/// Reports a name in a type expression that was assigned something that no alias can be.
/// Source: typing spec, "Type aliases".
pub fn check_use(region: &Region<'_, '_>, name: &ExprName, value: Type) -> bool {
    if region.is_quiet() || value.is_unknown() {
        return false;
    }
    let Some((scope, place)) = region.nearest_place(&name.id) else { return false };
    let [definition] = place.definitions[..] else { return false };
    if !region.index.scopes[scope].kind.is_region() {
        return false;
    }
    let Some(around) = region.region_of(scope) else { return false };
    match around.nodes().definitions[definition] {
        DefinitionNode::Assignment { stmt, target, top_target } => {
            std::ptr::eq(target, top_target) && is_no_alias(&stmt.value, value)
        }
        _ => false,
    }
}

/// Whether an expression is of a form that no alias has, whatever its value.
fn is_no_alias(expr: &Expr, value: Type) -> bool {
    match expr {
        Expr::List(_)
        | Expr::Tuple(_)
        | Expr::Dict(_)
        | Expr::Set(_)
        | Expr::ListComp(_)
        | Expr::Lambda(_)
        | Expr::If(_)
        | Expr::BoolOp(_)
        | Expr::Compare(_)
        | Expr::FString(_) => true,
        Expr::Subscript(subscript) => {
            matches!(&*subscript.value, Expr::List(_) | Expr::Tuple(_) | Expr::Dict(_))
        }
        Expr::Call(call) => call.func.is_lambda_expr() || value.kind() == Kind::Any,
        _ => false,
    }
}
