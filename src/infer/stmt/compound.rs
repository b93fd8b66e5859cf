//! Compound statements.

use ruff_python_ast::{self as ast, ExceptHandler, Expr};
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::{check_body, protocol, simple};
use crate::infer::assign::{self, Declaration};
use crate::infer::definition;
use crate::infer::expr;
use crate::infer::region::{Guard, Mode, Region};
use crate::rules;
use crate::types::{ClassFlags, ClassRef, Kind, MroEntry, Type};

pub(super) fn check_if(region: &Region<'_, '_>, stmt: &ast::StmtIf) {
    expr::infer_test(region, &stmt.test);
    expr::check_branches(region, stmt);
    check_body(region, &stmt.body);
    for clause in &stmt.elif_else_clauses {
        if let Some(test) = &clause.test {
            expr::infer_test(region, test);
        }
        check_body(region, &clause.body);
    }
}

pub(super) fn check_for(region: &Region<'_, '_>, stmt: &ast::StmtFor) {
    let iterable = expr::infer(region, &stmt.iter, None);
    let element = if stmt.is_async {
        protocol::iterate_async(region, &stmt.iter, iterable)
    } else {
        protocol::iterate(region, &stmt.iter, iterable)
    };
    simple::assign_target(region, &stmt.target, element, None);
    region.in_mode(Mode::LOOP, || check_body(region, &stmt.body));
    check_body(region, &stmt.orelse);
}

pub(super) fn check_with(region: &Region<'_, '_>, stmt: &ast::StmtWith) {
    let mut guards: SmallVec<[Guard; 2]> = SmallVec::new();
    for item in &stmt.items {
        let manager = expr::infer(region, &item.context_expr, None);
        guards.push(Guard::Manager { ty: manager, is_async: stmt.is_async });
        let entered = protocol::enter_checked(region, &item.context_expr, manager, stmt.is_async);
        if let Some(target) = &item.optional_vars {
            simple::assign_target(region, target, entered, None);
        }
    }
    region.guarded(guards, || check_body(region, &stmt.body));
}

pub(super) fn check_try(region: &Region<'_, '_>, stmt: &ast::StmtTry) {
    let guards = stmt.handlers.iter().map(|handler| {
        let ExceptHandler::ExceptHandler(handler) = handler;
        Guard::Handler(region.quietly(|| protocol::caught_type(region, handler, false)))
    });
    let guards: SmallVec<[Guard; 2]> = guards.collect();
    region.guarded(guards, || check_body(region, &stmt.body));
    let mut before = Caught::default();
    for handler in &stmt.handlers {
        let ExceptHandler::ExceptHandler(handler) = handler;
        if let Some(caught) = &handler.type_ {
            let ty = check_caught(region, caught, stmt.is_star);
            check_reached(region, caught, ty, &mut before);
        }
        if let Some(name) = &handler.name {
            simple::check_bound_name(region, name.range.start(), name.range);
        }
        check_body(region, &handler.body);
    }
    check_body(region, &stmt.orelse);
    check_body(region, &stmt.finalbody);
}

fn check_caught(region: &Region<'_, '_>, caught: &Expr, is_star: bool) -> Type {
    let cx = region.cx;
    let ty = expr::infer(region, caught, None);
    match protocol::exception_instance(cx, ty) {
        Some(instance) => {
            let group = cx.known_instance(crate::types::Known::BaseExceptionGroup);
            let is_group = |part: Type| !part.is_dynamic() && cx.is_assignable(part, group);
            if is_star && cx.members(instance).iter().any(is_group) {
                region.report(
                    caught,
                    rules::invalid_exception_caught::exception_group_caught(cx.display(ty)),
                );
            }
        }
        None => region.report(
            caught,
            rules::invalid_exception_caught::invalid_exception_caught(cx.display(ty)),
        ),
    }
    ty
}

/// The classes that earlier clauses of a `try` statement catch, with their order and where that is.
type Caught = FxHashMap<ClassRef, (usize, Type, TextRange)>;

/// Reports a clause for nothing but subclasses of what the clauses `before` catch, and adds what it
/// catches itself to them.
fn check_reached(region: &Region<'_, '_>, caught: &Expr, ty: Type, before: &mut Caught) {
    let cx = region.cx;
    let elements = match cx.tuple_shape(ty) {
        Some(shape) if shape.variadic.is_some() => return,
        Some(shape) => shape.elements.to_vec(),
        None => vec![ty],
    };
    let catcher = |found: Type| {
        let catching = cx.info_of(found)?.mro.iter().filter_map(|entry| match entry {
            MroEntry::Class(class, _) => before.get(class).copied(),
            MroEntry::Dynamic(_) => None,
        });
        catching.min_by_key(|&(order, ..)| order)
    };
    let catchers: Option<Vec<_>> = elements
        .iter()
        .map(|&element| match element.kind() {
            Kind::Class => catcher(element),
            _ => None,
        })
        .collect();
    if let Some(&(_, by, range)) = catchers.as_ref().and_then(|catchers| catchers.first()) {
        let found = cx.union(elements.iter().map(|&element| cx.instance_of(element)));
        let by = cx.instance_of(by);
        let finding =
            rules::unreachable_except::unreachable_except(cx.display(found), cx.display(by), range);
        region.report(caught, finding);
    }
    let classes = elements.into_iter().filter(|element| element.kind() == Kind::Class);
    for ty in classes {
        let order = before.len();
        if let Some(class) = cx.class_of(ty) {
            before.entry(class).or_insert((order, ty, caught.range()));
        }
    }
}

pub(super) fn check_match(region: &Region<'_, '_>, stmt: &ast::StmtMatch) {
    expr::infer(region, &stmt.subject, None);
    for (at, case) in stmt.cases.iter().enumerate() {
        check_pattern(region, &case.pattern);
        if !region.is_quiet() {
            check_captures(region, &case.pattern, &|name| {
                crate::infer::narrow::pattern_bindings(region, stmt, at, name)
            });
        }
        if let Some(guard) = &case.guard {
            expr::infer_test(region, guard);
        }
        check_body(region, &case.body);
    }
}

/// A capture is an assignment: what is declared of its name holds.
fn check_captures(
    region: &Region<'_, '_>,
    pattern: &ast::Pattern,
    bound: &dyn Fn(&ast::Identifier) -> Type,
) {
    let check = |name: &ast::Identifier| {
        let Some(id) = region.index.definition_at(name.range.start()) else { return };
        let named = ast::ExprName {
            id: name.id.clone(),
            range: name.range,
            ctx: ast::ExprContext::Store,
            node_index: ast::AtomicNodeIndex::default(),
        };
        let is_final = assign::check_final(region, id, &named);
        if let Some(declared) = definition::declared_of(region, id).filter(|_| !is_final) {
            let value = region.quietly(|| bound(name));
            let of = Declaration::Of(id);
            assign::check_assignable(region, name.range, declared, value, None, of);
        }
    };
    match pattern {
        ast::Pattern::MatchSequence(sequence) => {
            sequence.patterns.iter().for_each(|each| check_captures(region, each, bound));
        }
        ast::Pattern::MatchMapping(mapping) => {
            mapping.patterns.iter().for_each(|each| check_captures(region, each, bound));
            mapping.rest.iter().for_each(check);
        }
        ast::Pattern::MatchClass(class) => {
            let parts = class.arguments.keywords.iter().map(|each| &each.pattern);
            let parts = class.arguments.patterns.iter().chain(parts);
            parts.for_each(|each| check_captures(region, each, bound));
        }
        ast::Pattern::MatchOr(or) => {
            or.patterns.iter().for_each(|each| check_captures(region, each, bound));
        }
        ast::Pattern::MatchAs(pattern) => {
            pattern.pattern.iter().for_each(|each| check_captures(region, each, bound));
            pattern.name.iter().for_each(check);
        }
        ast::Pattern::MatchStar(star) => star.name.iter().for_each(check),
        ast::Pattern::MatchValue(_) | ast::Pattern::MatchSingleton(_) => {}
    }
}

fn check_pattern(region: &Region<'_, '_>, pattern: &ast::Pattern) {
    match pattern {
        ast::Pattern::MatchValue(value) => {
            expr::infer(region, &value.value, None);
        }
        ast::Pattern::MatchSequence(sequence) => {
            sequence.patterns.iter().for_each(|each| check_pattern(region, each));
        }
        ast::Pattern::MatchMapping(mapping) => {
            for key in &mapping.keys {
                expr::infer(region, key, None);
            }
            mapping.patterns.iter().for_each(|each| check_pattern(region, each));
        }
        ast::Pattern::MatchClass(class) => {
            let cx = region.cx;
            let ty = expr::infer(region, &class.cls, None);
            let is_class = cx.members(ty).iter().all(|member| {
                member.is_dynamic()
                    || matches!(
                        member.kind(),
                        crate::types::Kind::Class
                            | crate::types::Kind::GenericClass
                            | crate::types::Kind::SubclassOf
                            | crate::types::Kind::Special
                            | crate::types::Kind::TypeForm
                    )
            });
            if !is_class {
                region.report(
                    class.cls.range(),
                    rules::invalid_match_pattern::pattern_not_a_class(cx.display(ty)),
                );
            }
            check_positional(region, class, ty);
            check_keywords(region, class, ty);
            check_testable(region, class, ty);
            class.arguments.patterns.iter().for_each(|each| check_pattern(region, each));
            class.arguments.keywords.iter().for_each(|each| check_pattern(region, &each.pattern));
        }
        ast::Pattern::MatchOr(or) => {
            or.patterns.iter().for_each(|each| check_pattern(region, each));
        }
        ast::Pattern::MatchAs(pattern) => {
            if let Some(inner) = &pattern.pattern {
                check_pattern(region, inner);
            }
        }
        ast::Pattern::MatchSingleton(_) | ast::Pattern::MatchStar(_) => {}
    }
}

/// A class pattern has no more positional patterns than the class has names for.
fn check_positional(region: &Region<'_, '_>, pattern: &ast::PatternMatchClass, class: Type) {
    let found = pattern.arguments.patterns.len();
    let Some(limit) = class
        .as_class()
        .filter(|_| found > 0)
        .and_then(|class| crate::infer::narrow::positional_limit(region.cx, class))
    else {
        return;
    };
    if let Some(first) = pattern.arguments.patterns.get(limit) {
        let name = region.cx.display_name(class);
        let finding =
            rules::invalid_match_pattern::too_many_positional_patterns(name, limit, found);
        region.report(first.range(), finding);
    }
}

/// A keyword pattern names an attribute that the class has and that no positional pattern is for.
/// Source: Python reference, "Class patterns".
fn check_keywords(region: &Region<'_, '_>, pattern: &ast::PatternMatchClass, class: Type) {
    let cx = region.cx;
    if region.is_quiet() || pattern.arguments.keywords.is_empty() || class.kind() != Kind::Class {
        return;
    }
    let given = pattern.arguments.patterns.len();
    let names = cx.attribute(class, "__match_args__").found_all();
    let names = names.and_then(|names| cx.as_tuple(names));
    let taken = |name: &str| {
        names.is_some_and(|names| {
            names.elements.iter().take(given).any(|&each| cx.as_str(each) == Some(name))
        })
    };
    for keyword in &pattern.arguments.keywords {
        let name = keyword.attr.as_str();
        let object = cx.instance_of(class);
        if taken(name) {
            let finding = rules::invalid_match_pattern::attribute_matched_twice(name);
            region.report(&keyword.attr, finding);
        } else if !cx.attribute(object, name).missing.is_empty() {
            let rule = rules::unresolved_attribute::unresolved_attribute;
            region.report(&keyword.attr, rule(cx.display(object), name, []));
        }
    }
}

/// A class pattern tests with `isinstance`, which takes no typed dict and only protocols that say so.
fn check_testable(region: &Region<'_, '_>, pattern: &ast::PatternMatchClass, class: Type) {
    let cx = region.cx;
    let Some(info) = cx.info_of(class).filter(|_| class.kind() == Kind::Class) else { return };
    let is_silent_protocol =
        info.is(ClassFlags::PROTOCOL) && !info.is(ClassFlags::RUNTIME_CHECKABLE);
    if is_silent_protocol || info.is(ClassFlags::TYPED_DICT) {
        let rule = rules::isinstance_against_protocol::isinstance_against_protocol;
        region.report(&*pattern.cls, rule("a class pattern", &info.name));
    }
}
