//! Comparisons between types that have no value in common.
//!
//! Narrowing knows what a place holds only until somebody else writes to it, so each operand counts as what
//! its declaration allows, or as the class of its value.

use ruff_python_ast::{CmpOp, Expr, ExprAttribute, ExprName};
use ruff_text_size::{Ranged, TextRange};

use crate::index::DefinitionNode;
use crate::infer::region::{Mode, Region};
use crate::policy::Policy;
use crate::rules::non_overlapping_comparison as rule;
use crate::source::is_named;
use crate::types::{Kind, Known, Qualifiers, Type};

/// The builtin classes that hold what iterating over them gives.
const CONTAINERS: [Known; 5] =
    [Known::List, Known::Tuple, Known::Set, Known::FrozenSet, Known::Dict];

/// One side of a comparison: the expression with its type.
pub(super) type Operand<'e> = (&'e Expr, Type);

/// Reports `left operator right` when its outcome is decided by the types alone.
pub(super) fn check(region: &Region<'_, '_>, left: Operand, operator: CmpOp, right: Operand) {
    let is_negative = matches!(operator, CmpOp::NotEq | CmpOp::IsNot | CmpOp::NotIn);
    let is_asserted = || region.is_in(Mode::ASSERT) && region.cx.holds(Policy::AssertedComparison);
    if region.is_quiet() || is_asserted() {
        return;
    }
    let cx = region.cx;
    let by_identity = matches!(operator, CmpOp::Is | CmpOp::IsNot);
    let range = TextRange::new(left.0.start(), right.0.end());
    match operator {
        CmpOp::Eq | CmpOp::NotEq | CmpOp::Is | CmpOp::IsNot => {
            if cx.may_be_equal(left.1, right.1, by_identity) {
                return;
            }
            let (Some(a), Some(b)) = (widened(region, left), widened(region, right)) else {
                return;
            };
            if !cx.may_be_equal(a, b, by_identity) {
                let finding =
                    rule::non_overlapping_comparison(cx.display(a), cx.display(b), is_negative);
                region.report(range, finding);
            }
        }
        CmpOp::In | CmpOp::NotIn => {
            let holds = |element: Type, item: Type| {
                element.is_never() || cx.may_be_equal(item, element, false)
            };
            let Some(now) = element(region, right.1) else { return };
            if holds(now, left.1) {
                return;
            }
            let (Some(item), Some(container)) = (widened(region, left), widened(region, right))
            else {
                return;
            };
            let Some(element) = element(region, container) else { return };
            if !holds(element, item) {
                let finding = rule::non_overlapping_containment(
                    cx.display(item),
                    cx.display(container),
                    cx.display(element),
                    is_negative,
                );
                region.report(range, finding);
            }
        }
        _ => {}
    }
}

/// What a builtin container holds; `None` for whatever may say itself what is in it.
fn element(region: &Region<'_, '_>, container: Type) -> Option<Type> {
    let cx = region.cx;
    let object = match container.kind() {
        Kind::Tuple => cx.tuple_as_generic(container),
        Kind::Instance | Kind::Generic => container,
        _ => return None,
    };
    let class = cx.class_of(object)?;
    CONTAINERS.iter().any(|&known| cx.is_known(class, known)).then(|| cx.iterate(container))?
}

/// The type of an operand without what narrowing and inference say of its value; `None` where it may
/// hold anything: an attribute without a declaration can be set from anywhere.
fn widened(region: &Region<'_, '_>, (expr, ty): Operand) -> Option<Type> {
    let cx = region.cx;
    match expr {
        Expr::StringLiteral(_)
        | Expr::BytesLiteral(_)
        | Expr::NumberLiteral(_)
        | Expr::BooleanLiteral(_)
        | Expr::Tuple(_)
        | Expr::List(_)
        | Expr::Set(_) => Some(ty),
        Expr::Name(name) => {
            let declared = declared_name(region, name);
            if declared.is_some_and(|declared| is_loosely_set(region, expr, declared)) {
                return None;
            }
            let held = within(region, ty, declared);
            // A parameter that is not given holds its default, which may be a mark of another class.
            let default =
                if cx.holds(Policy::ComparedDefault) { default_of(region, name) } else { None };
            Some(default.map_or(held, |default| cx.union2(held, default)))
        }
        Expr::Attribute(attribute) => attribute_type(region, expr, attribute, ty),
        Expr::Subscript(subscript)
            if is_filled_freely(region, &subscript.value)
                || is_free_attribute(region, &subscript.value) =>
        {
            None
        }
        _ => Some(cx.promote_literals(ty)),
    }
}

/// The members of `declared` that a value of `ty`'s class may be of.
fn within(region: &Region<'_, '_>, ty: Type, declared: Option<Type>) -> Type {
    let cx = region.cx;
    let promoted = cx.promote_literals(ty);
    match declared {
        Some(declared) if cx.is_assignable(ty, declared) => {
            cx.filter_union(cx.expand_alias(declared), |member| !cx.is_disjoint(member, promoted))
        }
        _ => promoted,
    }
}

/// What a name is declared as, where something declares it.
pub fn declared_name(region: &Region<'_, '_>, name: &ExprName) -> Option<Type> {
    let (scope, _) = region.nearest_place(name.id.as_str())?;
    let owner = region.region_of(scope)?;
    let id = owner.index.scopes[scope].place_by_name(name.id.as_str())?;
    super::declared_type(owner, scope, id)
}

/// Whether a name holds a display that nobody declares: what else is put into it, in a function that sees it or wherever it
/// is passed to, may be of any class.
pub fn is_filled_freely(region: &Region<'_, '_>, expr: &Expr) -> bool {
    let Expr::Name(name) = expr else { return false };
    let Some((scope, place)) = region.nearest_place(&name.id) else { return false };
    let Some(owner) = region.region_of(scope) else { return false };
    region.cx.holds(Policy::OpenDisplay)
        && declared_name(region, name).is_none()
        && place.definitions.iter().any(|&id| match owner.nodes().definitions[id] {
            DefinitionNode::Assignment { stmt, target, top_target } => {
                std::ptr::eq(target, top_target)
                    && matches!(&*stmt.value, Expr::List(_) | Expr::Dict(_) | Expr::Set(_))
            }
            _ => false,
        })
}

/// Whether an expression is a variable of an object that nobody declares, whose items are as little declared as itself.
fn is_free_attribute(region: &Region<'_, '_>, expr: &Expr) -> bool {
    let Expr::Attribute(attribute) = expr else { return false };
    let cx = region.cx;
    let object = region.quietly(|| super::infer(region, &attribute.value, None));
    let is_variable = |kind: Kind| !matches!(kind, Kind::Function | Kind::Method | Kind::Property);
    cx.holds(Policy::ChangingAttributes)
        && matches!(object.kind(), Kind::Instance | Kind::TypeVar)
        && super::writable_place(cx, object, attribute.attr.id.as_str())
            .is_some_and(|place| place.declared.is_none() && is_variable(place.ty.kind()))
}

/// Whether a scope puts something into a place that its declaration does not vouch for: what is not known, or what was
/// refused. It is there nevertheless, and reported where it was assigned.
fn is_loosely_set(region: &Region<'_, '_>, expr: &Expr, declared: Type) -> bool {
    if !region.cx.holds(Policy::LooselySet) {
        return false;
    }
    let named = match expr {
        Expr::Name(name) => region.nearest_place(&name.id).map(|(scope, _)| scope),
        _ => None,
    };
    let scope = named.unwrap_or_else(|| region.scope());
    let Some(owner) = region.region_of(scope) else { return false };
    let Some(id) = owner.index.place_of_expr(scope, expr) else { return false };
    owner.index.scopes[scope].place(id).definitions.iter().any(|&definition| {
        let DefinitionNode::Assignment { stmt, target, top_target } =
            owner.nodes().definitions[definition]
        else {
            return false;
        };
        if target.range() != top_target.range() {
            return false;
        }
        let value =
            owner.quietly(|| owner.in_scope(scope, || super::infer(owner, &stmt.value, None)));
        value.is_dynamic() || !region.cx.is_assignable(value, declared)
    })
}

/// The type of the default of the parameter that a name is.
fn default_of(region: &Region<'_, '_>, name: &ExprName) -> Option<Type> {
    let (scope, place) = region.nearest_place(name.id.as_str())?;
    let owner = region.region_of(scope)?;
    place.definitions.iter().find_map(|&id| match owner.nodes().definitions[id] {
        DefinitionNode::Parameter { default: Some(default), .. } => {
            let outer = owner.index.scopes[scope].parent?;
            let around = region.region_of(outer)?;
            let value = behind_cast(default);
            Some(around.quietly(|| around.in_scope(outer, || super::infer(around, value, None))))
        }
        _ => None,
    })
}

/// The value that `cast(T, value)` hides; another expression itself.
fn behind_cast(expr: &Expr) -> &Expr {
    let Expr::Call(call) = expr else { return expr };
    match &*call.arguments.args {
        [_, value] if is_named(&call.func, "cast") => value,
        _ => expr,
    }
}

/// What an attribute that is `ty` now may hold at any time, by its declaration.
fn attribute_type(
    region: &Region<'_, '_>,
    expr: &Expr,
    attribute: &ExprAttribute,
    ty: Type,
) -> Option<Type> {
    let cx = region.cx;
    let object = region.quietly(|| super::infer(region, &attribute.value, None));
    match object.kind() {
        // A member of an enum, and not a place that holds one.
        Kind::Class if ty.kind() == Kind::Enum => return Some(ty),
        Kind::Module => return Some(cx.promote_literals(ty)),
        _ => {}
    }
    let place = super::writable_place(cx, object, attribute.attr.id.as_str())?;
    match place.ty.kind() {
        // Methods that were not called; and what a property returns.
        Kind::Function | Kind::Method | Kind::Property => Some(cx.promote_literals(ty)),
        _ if place.declared.is_none() && !cx.holds(Policy::ChangingAttributes) => {
            Some(cx.promote_literals(ty))
        }
        _ if place.qualifiers.contains(Qualifiers::FINAL) => Some(cx.promote_literals(ty)),
        _ => place.declared.filter(|&declared| {
            cx.is_assignable(ty, declared) && !is_loosely_set(region, expr, declared)
        }),
    }
}
