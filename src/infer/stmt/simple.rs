//! Simple statements: assignments, `return`, `raise`, `del`, expressions.

use ruff_python_ast::{self as ast, Expr};
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::index::ScopeKind;
use crate::infer::assign::{self, Declaration};
use crate::infer::because;
use crate::infer::definition;
use crate::infer::narrow::narrowed_on_assignment;
use crate::infer::region::{Misfit, Mode, Region};
use crate::infer::unpack::unpack_checked;
use crate::infer::{exports, expr, operands};
use crate::policy::Policy;
use crate::rules;
use crate::types::{DefinitionTypes, FunctionFlags, Kind, Known, Qualifiers, SpecialForm, Type};

pub(super) fn check_assign(region: &Region<'_, '_>, stmt: &ast::StmtAssign) {
    let hint = match &*stmt.targets {
        [target] => target_hint(region, target).or_else(|| item_taken(region, target, &stmt.value)),
        _ => None,
    };
    if let [target @ Expr::Name(_)] = &*stmt.targets
        && let Some(id) = region.index.definition_of_node(region.region, target)
    {
        let types = region.definition_types(id);
        let is_call = stmt.value.is_call_expr();
        let is_alias_like = types.bound.is_some_and(|ty| match ty.kind() {
            Kind::TypeVarValue => true,
            Kind::AliasValue | Kind::Class => is_call,
            _ => false,
        });
        if is_alias_like {
            crate::infer::check::check_special_assignment(region, id, stmt);
            return;
        }
    }
    let value = expr::infer(region, &stmt.value, hint);
    if value.as_special() == Some(SpecialForm::TypedDict)
        && let [Expr::Name(name)] = &*stmt.targets
        && name.id != *"TypedDict"
    {
        let reason = "`TypedDict` is no type, and a class cannot be derived from a variable of it";
        let finding = rules::invalid_type_form::invalid_type_expression(reason);
        region.report(&*stmt.value, finding);
    }
    for target in &stmt.targets {
        exports::check(region, target, &stmt.value);
        let value = crate::infer::unpack::paired(region, target, &stmt.value).unwrap_or(value);
        assign_target(region, target, value, Some(&stmt.value));
    }
}

/// The declared type of a target, for inferring the value with.
fn target_hint(region: &Region<'_, '_>, target: &Expr) -> Option<Type> {
    match target {
        Expr::Name(_) => {
            let id = region.index.definition_of_node(region.region, target)?;
            definition::declared_of(region, id)
                .or_else(|| crate::infer::class::inherited_type(region, id))
        }
        Expr::Tuple(tuple) => {
            let hints: Vec<Type> = tuple
                .elts
                .iter()
                .map(|element| target_hint(region, element).unwrap_or(Type::UNKNOWN))
                .collect();
            hints.iter().any(|ty| !ty.is_unknown()).then(|| region.cx.tuple(&hints))
        }
        Expr::Attribute(_) | Expr::Subscript(_) => definition::attribute_hint(region, target),
        _ => None,
    }
}

/// What `object[key] = lambda ...` takes, where one signature says so: the parameters of a lambda say nothing themselves.
fn item_taken(region: &Region<'_, '_>, target: &Expr, value: &Expr) -> Option<Type> {
    let cx = region.cx;
    let (Expr::Subscript(subscript), Expr::Lambda(_)) = (target, value) else { return None };
    let object = region.quietly(|| expr::infer(region, &subscript.value, None));
    let method = cx.dunder(cx.expand_alias(object), "__setitem__")?;
    match cx.signatures(method)?.as_slice() {
        [signature] => signature.parameters.get(1).map(|parameter| parameter.ty),
        _ => None,
    }
}

/// Binds a target to a value of type `value`, checking it against what is declared.
pub fn assign_target(region: &Region<'_, '_>, target: &Expr, value: Type, node: Option<&Expr>) {
    let cx = region.cx;
    match target {
        Expr::Name(name) => {
            let Some(id) = region.index.definition_of_node(region.region, target) else { return };
            let declared = definition::declared_of(region, id);
            // What may not be assigned at all need not be compared.
            let is_final = assign::check_final(region, id, name);
            let bound = match declared {
                Some(declared) => {
                    if !is_final {
                        let of = Declaration::Of(id);
                        assign::check_assignable(region, name.range, declared, value, node, of);
                    }
                    narrowed_on_assignment(cx, declared, value)
                }
                None => {
                    // What a base declares holds for what a subclass merely assigns.
                    if let Some(inherited) = crate::infer::class::inherited_type(region, id) {
                        let of = Declaration::Base(id);
                        assign::check_assignable(region, name.range, inherited, value, node, of);
                    }
                    value
                }
            };
            let scope = region.index.definitions[id].scope;
            if !region.is_shared(scope) {
                region.bind(
                    id,
                    DefinitionTypes {
                        bound: Some(bound),
                        declared: None,
                        qualifiers: Qualifiers::empty(),
                    },
                );
            }
        }
        Expr::Attribute(attribute) => expr::assign_attribute(region, attribute, value, node),
        Expr::Subscript(subscript) => expr::assign_subscript(region, subscript, value, node),
        Expr::Tuple(tuple) => assign_elements(region, target, &tuple.elts, (value, node)),
        Expr::List(list) => assign_elements(region, target, &list.elts, (value, node)),
        Expr::Starred(starred) => assign_target(region, &starred.value, value, None),
        _ => {}
    }
}

/// Checks what a statement other than an assignment binds to a name, by the definition that begins at `start`, against
/// what the name is declared to be.
pub fn check_bound_name(region: &Region<'_, '_>, start: TextSize, name: TextRange) {
    let Some(id) = region.index.definition_at(start).filter(|_| !region.is_quiet()) else {
        return;
    };
    if let Some(declared) = definition::declared_of(region, id)
        && let Some(bound) = region.definition_types(id).bound
    {
        assign::check_assignable(region, name, declared, bound, None, Declaration::Of(id));
    }
}

/// Adds what is unpacked, where it is not written there, and which members of a union do not fit.
fn unpacked(
    region: &Region<'_, '_>,
    finding: rules::Finding,
    elements: &[Expr],
    (value, node): (Type, Option<&Expr>),
) -> rules::Finding {
    let cx = region.cx;
    if region.is_quiet() || node.is_some_and(|node| node.is_tuple_expr() || node.is_list_expr()) {
        return finding;
    }
    let finding = finding.note(format!("what is unpacked is `{}`", cx.display(value)));
    let whole = cx.expand_alias(value);
    if whole.kind() != Kind::Union {
        return finding;
    }
    let is_wrong = |member: &Type| unpack_checked(region, elements, *member).1.is_some();
    let wrong: Vec<Type> = cx.members(whole).iter().filter(is_wrong).collect();
    let verb = if wrong.len() == 1 { "does" } else { "do" };
    finding.note(format!("of these, {} {verb} not fit", operands::listed_names(cx, &wrong)))
}

fn assign_elements(
    region: &Region<'_, '_>,
    target: &Expr,
    elements: &[Expr],
    (value, node): (Type, Option<&Expr>),
) {
    let cx = region.cx;
    let (types, mismatch, not_iterable) = unpack_checked(region, elements, value);
    if let Some(mismatch) = mismatch {
        let finding = rules::invalid_unpacking::invalid_unpacking(
            mismatch.expected,
            mismatch.found,
            mismatch.starred,
        );
        region.report(target, unpacked(region, finding, elements, (value, node)));
    } else if let Some(member) = not_iterable {
        let finding = if cx.expand_alias(value).kind() == Kind::Union {
            rules::not_iterable::not_iterable_union(cx.display(value), &[cx.display(member)])
        } else {
            rules::not_iterable::not_iterable(cx.display(value))
        };
        let finding = match node.filter(|_| member.is_none()) {
            Some(node) if value.is_none() => because::none_from(region, finding, node, value, None),
            Some(node) => because::test_first(region, finding, node, value),
            None => finding,
        };
        region.report(target, finding);
    }
    for (element, ty) in elements.iter().zip(types) {
        assign_target(region, element, ty, None);
    }
}

pub(super) fn check_annotated(region: &Region<'_, '_>, stmt: &ast::StmtAnnAssign) {
    let annotation = definition::variable_annotation(region, stmt);
    crate::infer::check::check_variable_annotation(region, stmt, &annotation);
    check_declared_target(region, stmt);
    let Some(value) = &stmt.value else {
        if let Expr::Attribute(attribute) = &*stmt.target {
            expr::infer(region, &attribute.value, None);
        }
        if annotation.qualifiers.contains(Qualifiers::TYPE_ALIAS)
            && let Expr::Name(name) = &*stmt.target
        {
            let reason = "it has no value";
            region.report(name, rules::invalid_type_alias::invalid_type_alias(&name.id, reason));
        }
        return;
    };
    if annotation.qualifiers.contains(Qualifiers::TYPE_ALIAS) {
        crate::infer::check::check_alias_value(region, stmt);
        return;
    }
    let hint = annotation.has_type.then_some(annotation.ty);
    let found = expr::infer(region, value, hint);
    check_declared_special(region, &stmt.target, value);
    exports::check(region, &stmt.target, value);
    // `x: int = ...` in a stub says that there is a value.
    let is_left_out =
        value.is_ellipsis_literal_expr() && region.cx.host.module(region.module).is_stub;
    if let Some((input, default)) = crate::infer::class::converted_default(region, value) {
        if let Some(default) = default {
            let found = region.quietly(|| expr::infer(region, default, Some(input)));
            let here = Declaration::Here;
            assign::check_assignable(region, default.range(), input, found, Some(default), here);
        }
    } else if let Some(declared) = hint.filter(|_| !is_left_out) {
        let range = stmt.target.range();
        assign::check_assignable(region, range, declared, found, Some(value), Declaration::Here);
    }
    if let Expr::Attribute(attribute) = &*stmt.target {
        expr::infer(region, &attribute.value, None);
    }
}

/// `N: NewType = NewType("N", int)`: what makes a type is assigned without a declaration.
fn check_declared_special(region: &Region<'_, '_>, target: &Expr, value: &Expr) {
    let (Expr::Call(call), Expr::Name(name)) = (value, target) else { return };
    let callee = region.quietly(|| expr::infer(region, &call.func, None));
    let is_new_type = callee.as_class().is_some_and(|class| {
        region.cx.is_known(class, Known::NewType) || region.cx.is_known(class, Known::ExtNewType)
    });
    if is_new_type {
        let reason = "it cannot be declared as something else";
        region.report(name, rules::invalid_newtype::invalid_newtype(&name.id, reason));
    }
}

/// Only names, and attributes of a method's own first parameter, can be declared.
/// Source: typing spec, "Type annotations", "Valid type expression forms"; PEP 526.
fn check_declared_target(region: &Region<'_, '_>, stmt: &ast::StmtAnnAssign) {
    if stmt.target.is_subscript_expr() {
        let reason = "an item cannot be declared";
        let finding = rules::invalid_type_form::invalid_type_expression(reason);
        region.report(&*stmt.annotation, finding);
    }
    let Expr::Attribute(attribute) = &*stmt.target else { return };
    let is_own = match &*attribute.value {
        Expr::Name(object) => region.is_receiver(&object.id),
        _ => false,
    };
    if !is_own {
        let reason = "only an attribute of the method's own `self` can be declared";
        let finding = rules::invalid_type_form::invalid_type_expression(reason);
        region.report(&*stmt.annotation, finding);
    }
}

/// The type of `x op= y`; `None` where the operands do not support it.
pub fn augmented_type(region: &Region<'_, '_>, stmt: &ast::StmtAugAssign) -> Option<Type> {
    let left = target_value(region, &stmt.target);
    if stmt.op == ast::Operator::BitOr
        && crate::infer::typed_dict::takes_update(region, left, &stmt.value)
    {
        return Some(left);
    }
    let right = expr::infer(region, &stmt.value, Some(left).filter(|ty| !ty.is_dynamic()));
    expr::augmented(region.cx, left, right, stmt.op)
}

fn target_value(region: &Region<'_, '_>, target: &Expr) -> Type {
    expr::infer(region, target, None)
}

pub(super) fn check_augmented(region: &Region<'_, '_>, stmt: &ast::StmtAugAssign) {
    let cx = region.cx;
    let left = target_value(region, &stmt.target);
    if stmt.op == ast::Operator::BitOr
        && crate::infer::typed_dict::takes_update(region, left, &stmt.value)
    {
        expr::infer(region, &stmt.value, None);
        crate::infer::typed_dict::check_update(region, left, &stmt.value);
        return;
    }
    exports::check(region, &stmt.target, &stmt.value);
    let right = expr::infer(region, &stmt.value, Some(left).filter(|ty| !ty.is_dynamic()));
    let (plain, reflected, in_place) = expr::operator_dunder(stmt.op);
    let name = if cx.dunder(left, in_place).is_some() { in_place } else { plain };
    let Some(result) = expr::augmented(cx, left, right, stmt.op) else {
        let operator = format!("{}=", stmt.op.as_str());
        let finding = rules::unsupported_operator::unsupported_operator(
            operator,
            cx.display(left),
            cx.display(right),
        );
        let works = |left, right| expr::augmented(cx, left, right, stmt.op).is_some();
        let sides = [(&*stmt.target, left), (&*stmt.value, right)];
        let finding = because::none_fails(region, finding, sides, works);
        let methods = [(left, name), (right, reflected)];
        region.report(stmt, because::method_missing(region, finding, methods));
        return;
    };
    crate::infer::deprecated::check_operator(region, stmt, left, name, || vec![right]);
    if cx.is_assignable(result, left) && is_inferred_attribute(region, &stmt.target) {
        // If it does not fit, neither did what was put there before, and that was reported.
        return;
    }
    if fits_each(region, &stmt.target, right, stmt.op) {
        return;
    }
    assign_target(region, &stmt.target, result, None);
}

/// Whether each object that a subscript may be of takes back what it gave: `x[0] += y`.
fn fits_each(region: &Region<'_, '_>, target: &Expr, right: Type, op: ast::Operator) -> bool {
    let cx = region.cx;
    let Expr::Subscript(subscript) = target else { return false };
    let object = region.quietly(|| expr::infer(region, &subscript.value, None));
    let key = region.quietly(|| expr::infer(region, &subscript.slice, None));
    let fits = |member: Type| {
        let left = cx.call_dunder(member, "__getitem__", &[key])?;
        let result = expr::augmented(cx, left, right, op)?;
        cx.call_dunder(member, "__setitem__", &[key, result])
    };
    object.kind() == Kind::Union && cx.members(object).iter().all(|member| fits(member).is_some())
}

/// Whether a target is a plain attribute whose type nobody declares.
fn is_inferred_attribute(region: &Region<'_, '_>, target: &Expr) -> bool {
    let cx = region.cx;
    let Expr::Attribute(attribute) = target else { return false };
    let object = region.quietly(|| expr::infer(region, &attribute.value, None));
    cx.meant_members(object).into_iter().all(|member| {
        expr::writable_place(cx, member, &attribute.attr.id).is_some_and(|place| {
            place.declared.is_none()
                && !matches!(place.ty.kind(), Kind::Property | Kind::Function | Kind::Method)
                && !definition::is_descriptor(cx, place.ty, place.qualifiers)
        })
    })
}

pub(super) fn check_delete(region: &Region<'_, '_>, stmt: &ast::StmtDelete) {
    for target in &stmt.targets {
        delete_target(region, target);
    }
}

fn delete_target(region: &Region<'_, '_>, target: &Expr) {
    match target {
        Expr::Name(_) => {
            expr::infer(region, target, None);
        }
        Expr::Attribute(attribute) => expr::delete_attribute(region, attribute),
        Expr::Subscript(subscript) => expr::delete_subscript(region, subscript),
        Expr::Tuple(tuple) => tuple.elts.iter().for_each(|each| delete_target(region, each)),
        Expr::List(list) => list.elts.iter().for_each(|each| delete_target(region, each)),
        _ => {}
    }
}

pub(super) fn check_return(region: &Region<'_, '_>, stmt: &ast::StmtReturn) {
    let cx = region.cx;
    let declared = declared_return(region);
    let hint = declared.filter(|ty| !matches!(ty.kind(), Kind::Guard));
    let found = match &stmt.value {
        Some(value) => expr::infer(region, value, hint),
        None => Type::NONE,
    };
    let Some(declared) = declared else { return };
    if let Some(value) = &stmt.value
        && declared.is_unknown()
    {
        crate::infer::generator::check_result(region, value, found);
    }
    if declared.is_never() {
        region.report(stmt, rules::invalid_return_type::no_return_returns());
        return;
    }
    let declared_value =
        if declared.kind() == Kind::Guard { cx.known_instance(Known::Bool) } else { declared };
    // `NotImplemented` says that the method does not know the other operand, and is never the result.
    let is_answer = |ty: Type| !cx.is_instance_of(ty, Known::NotImplementedType);
    let found = cx.filter_union(found, is_answer);
    let found = without_chosen_subclasses(region, found, declared_value);
    if !cx.is_assignable(found, declared_value) {
        let (wanted, given) = cx.display_apart(declared_value, found);
        let finding = rules::invalid_return_type::invalid_return_type(wanted, given);
        let range = stmt.value.as_deref().map_or(stmt.range(), Ranged::range);
        let finding = match &stmt.value {
            Some(value) => because::none_from(region, finding, value, found, Some(declared_value)),
            None => finding,
        };
        let finding = because::allow_none(region, finding, "the result", found, declared_value);
        let finding = because::result_declared(region, finding);
        region.report_misfit(range, finding, Misfit::Value(found, declared_value));
    }
}

/// A `__new__` that makes `Self` on one way and an instance of a subclass on another chooses that subclass where it was
/// asked for the class itself (`if cls is Path: cls = PosixPath`).
fn without_chosen_subclasses(region: &Region<'_, '_>, found: Type, declared: Type) -> Type {
    let cx = region.cx;
    let is_new = || {
        let function = region.function_of_scope(region.region);
        function.is_some_and(|function| &*cx.host.function(cx, function).name == "__new__")
    };
    let has_self = |ty: Type| cx.members(ty).iter().any(|member| cx.same(member, declared));
    let chooses = cx.holds(Policy::ChosenSubclass) && declared.kind() == Kind::TypeVar;
    if !chooses || !has_self(found) || !is_new() {
        return found;
    }
    let Some(class) = cx.upper_bound(declared).and_then(|bound| cx.class_of(bound)) else {
        return found;
    };
    let is_below = |ty: Type| {
        ty.kind() != Kind::TypeVar && cx.info_of(ty).is_some_and(|info| info.inherits(class))
    };
    cx.filter_union(found, |member| !is_below(member))
}

/// What the function around says that `return` must give.
pub(super) fn declared_return(region: &Region<'_, '_>) -> Option<Type> {
    let cx = region.cx;
    if region.index.scopes[region.region].kind != ScopeKind::Function {
        return None;
    }
    let function = region.function_of_scope(region.region)?;
    let info = cx.host.function(cx, function);
    crate::infer::check::declared_body_result(cx, info)
        .filter(|_| !info.flags.contains(FunctionFlags::NO_TYPE_CHECK))
        .map(|declared| region.settled(declared))
}

pub(super) fn check_raise(region: &Region<'_, '_>, stmt: &ast::StmtRaise) {
    let cx = region.cx;
    if let Some(raised) = &stmt.exc {
        let ty = region.in_mode(Mode::MESSAGE, || expr::infer(region, raised, None));
        if !is_exception(region, ty) {
            let finding = rules::invalid_raise::invalid_raise(cx.display(ty));
            let works = |it| is_exception(region, it);
            region.report(&**raised, because::members_fail(region, finding, raised, ty, works));
        } else {
            check_made(region, raised, ty);
        }
    }
    if let Some(cause) = &stmt.cause {
        let ty = expr::infer(region, cause, None);
        let rest = cx.without_none(ty);
        if !rest.is_never() && !is_exception(region, rest) {
            region.report(&**cause, rules::invalid_raise::invalid_raise_cause(cx.display(ty)));
        } else {
            check_made(region, cause, rest);
        }
    }
}

/// Python makes an exception from a class that is raised, or named as the cause, without arguments.
/// Source: Python reference, "The `raise` statement".
fn check_made(region: &Region<'_, '_>, node: &Expr, ty: Type) {
    let is_class = matches!(ty.kind(), Kind::Class | Kind::GenericClass | Kind::SubclassOf);
    if region.is_quiet() || !is_class {
        return;
    }
    let outcome = region.cx.call_outcome(ty, &[]);
    if let Some(error) = outcome.errors.first() {
        crate::infer::call::report_decorator(region, node, ty, ty, error);
    }
}

fn is_exception(region: &Region<'_, '_>, ty: Type) -> bool {
    let cx = region.cx;
    let base = cx.known_instance(Known::BaseException);
    // Stubs give `NotImplemented` an unknown base, so that it can be returned anywhere.
    let is_marker = |member| cx.is_instance_of(member, Known::NotImplementedType);
    cx.members(cx.expand_alias(ty)).iter().all(|member| {
        !is_marker(member)
            && (cx.is_assignable(member, base) || cx.is_assignable(member, cx.subclass_of(base)))
    })
}
