//! Comprehensions and generator expressions.

use ruff_python_ast::{Comprehension, Expr};

use crate::index::{DefinitionId, DefinitionNode, ScopeId};
use crate::infer::region::Region;
use crate::types::{Cx, Kind, Known, Type};

/// The type of a comprehension.
pub fn infer(region: &Region<'_, '_>, expr: &Expr, expected: Option<Type>) -> Type {
    let cx = region.cx;
    let (generators, class) = match expr {
        Expr::ListComp(list) => (&list.generators, Known::List),
        Expr::SetComp(set) => (&set.generators, Known::Set),
        Expr::DictComp(dict) => (&dict.generators, Known::Dict),
        Expr::Generator(generator) => (&generator.generators, Known::Generator),
        _ => return Type::UNKNOWN,
    };
    let Some(scope) = region.index.scope_of_node(region.region, expr) else { return Type::UNKNOWN };
    let wanted = |class| super::collection::expected_arguments(cx, expected?, class);
    // Where an iterable is asked for, what a generator takes and returns is left open.
    let hint =
        wanted(class).or_else(|| wanted(Known::Iterator).filter(|_| class == Known::Generator));
    bind_comprehension(region, scope, generators);
    let element = |node: &Expr, at: usize| {
        let hint = hint.as_ref().and_then(|arguments| arguments.get(at).copied());
        region.in_scope(scope, || (super::infer(region, node, hint), hint))
    };
    let settle = |(ty, hint): (Type, Option<Type>)| match hint {
        Some(hint) if cx.is_assignable(ty, hint) && has_known_variables(cx, ty, hint) => hint,
        // The class that is asked for, but what its variables stand for may be open still.
        Some(hint) if hint.kind() == Kind::Generic && cx.is_assignable(ty, hint) => {
            cx.class_of(hint).and_then(|class| cx.as_super(ty, class)).unwrap_or(ty)
        }
        _ => cx.promote_literals(ty),
    };
    match expr {
        Expr::ListComp(list) => cx.known_generic(class, &[settle(element(&list.elt, 0))]),
        Expr::SetComp(set) => cx.known_generic(class, &[settle(element(&set.elt, 0))]),
        Expr::DictComp(dict) => {
            let key = match &dict.key {
                Some(key) => settle(element(key, 0)),
                None => Type::UNKNOWN,
            };
            let value = settle(element(&dict.value, 1));
            cx.known_generic(class, &[key, value])
        }
        Expr::Generator(generator) => {
            let (item, hint) = element(&generator.elt, 0);
            // What a name is declared to be stays; it is the literals of displays that are widened.
            let item = if generator.elt.is_name_expr() { item } else { settle((item, hint)) };
            if region.index.scopes[scope].is_async {
                cx.known_generic(Known::AsyncGenerator, &[item, Type::NONE])
            } else {
                cx.known_generic(Known::Generator, &[item, Type::NONE, Type::NONE])
            }
        }
        _ => Type::UNKNOWN,
    }
}

/// Whether the variables of what is asked for are known. What a call has not found yet stays open: those that the element
/// has are known, and those of the same function or class.
fn has_known_variables(cx: &Cx<'_>, element: Type, hint: Type) -> bool {
    let owner = |ty: Type| cx.as_type_var(ty).and_then(|variable| variable.scope);
    let of_element = cx.free_type_vars(element);
    cx.free_type_vars(hint).iter().all(|&each| {
        cx.has_type_vars_of(element, &[each])
            || owner(each).is_some() && of_element.iter().any(|&other| owner(other) == owner(each))
    })
}

/// Walks the `for` and `if` parts of a comprehension, so that what is wrong in them is reported.
pub fn bind_comprehension(region: &Region<'_, '_>, scope: ScopeId, generators: &[Comprehension]) {
    for (at, generator) in generators.iter().enumerate() {
        let iterate = || {
            let iterable = super::infer(region, &generator.iter, None);
            if generator.is_async {
                crate::infer::stmt::iterate_async(region, &generator.iter, iterable)
            } else {
                crate::infer::stmt::iterate(region, &generator.iter, iterable)
            }
        };
        let element = if at == 0 { iterate() } else { region.in_scope(scope, iterate) };
        region.in_scope(scope, || {
            crate::infer::stmt::assign_target(region, &generator.target, element, None);
            for condition in &generator.ifs {
                super::infer_test(region, condition);
            }
        });
    }
}

/// The type that a comprehension gives to one of its targets, asked for out of order.
pub fn target_element(
    region: &Region<'_, '_>,
    definition: DefinitionId,
    node: &DefinitionNode<'_>,
) -> Type {
    let DefinitionNode::Comprehension { comprehension, is_first, .. } = *node else {
        return Type::UNKNOWN;
    };
    let scope = region.index.definitions[definition].scope;
    let outer = region.index.scopes[scope].parent.unwrap_or(scope);
    let evaluated_in = if is_first { outer } else { scope };
    region.in_scope(evaluated_in, || {
        let iterable = super::infer(region, &comprehension.iter, None);
        let element = if comprehension.is_async {
            region.cx.iterate_async(iterable)
        } else {
            region.cx.iterate(iterable)
        };
        element.unwrap_or(Type::UNKNOWN)
    })
}
