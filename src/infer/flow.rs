//! Reading the use-def map: which type a place has at a use, and whether control gets somewhere.

use ruff_python_ast::Expr;
use rustc_hash::FxHashSet;
use smallvec::SmallVec;

use super::fixpoint::{LocalKey, LocalValue};
use super::narrow;
use super::region::Region;
use crate::index::{
    DefinitionCategory, DefinitionId, Flow, FlowId, PlaceId, PredicateId, PredicateNode, Reach,
    ReachId, ScopeId,
};
use crate::store::budget;
use crate::types::{Boundness, Kind, Type};

/// The value of a place at a point.
#[derive(Debug, Clone, Copy)]
pub struct FlowValue {
    /// The union of what reaches the point; `Never` when nothing does.
    pub ty: Type,
    /// Whether some binding reaches it.
    pub bound: bool,
    /// Whether a path without a binding reaches it.
    pub unbound: bool,
}

impl FlowValue {
    const UNBOUND: Self = Self { ty: Type::NEVER, bound: false, unbound: true };

    const fn of(ty: Type) -> Self {
        Self { ty, bound: true, unbound: false }
    }

    /// As the types say it.
    #[must_use]
    pub const fn boundness(&self) -> Boundness {
        match (self.bound, self.unbound) {
            (true, false) => Boundness::Bound,
            (true, true) => Boundness::PossiblyUnbound,
            (false, true) => Boundness::Unbound,
            // No path at all: the point is not reached.
            (false, false) => Boundness::Bound,
        }
    }
}

/// The value of `place` as `flow` says. `start` is the type of a longer place, or of a free name,
/// where the scope itself says nothing of it.
pub fn flow_value(
    region: &Region<'_, '_>,
    scope: ScopeId,
    place: PlaceId,
    flow: FlowId,
    start: Option<Type>,
) -> FlowValue {
    match region.index.scopes[scope].flow(flow) {
        Flow::Start => start.map_or(FlowValue::UNBOUND, FlowValue::of),
        Flow::Deleted => FlowValue::UNBOUND,
        Flow::Definition(definition) => {
            let types = region.definition_types(definition);
            match (types.bound, region.index.definitions[definition].category) {
                (Some(ty), _) => FlowValue::of(ty),
                (None, DefinitionCategory::Declaration) => FlowValue::UNBOUND,
                (None, _) => FlowValue::of(types.declared.unwrap_or(Type::UNKNOWN)),
            }
        }
        // A place of what is not known yet: an answer would look as if it depended on nothing.
        _ if start.is_some_and(|start| {
            region.cx.members(start).iter().any(|part| part.is(Type::CYCLE))
        }) =>
        {
            FlowValue::of(start.unwrap_or(Type::CYCLE))
        }
        form => {
            let key =
                LocalKey::Flow(scope, flow, start.map(Type::handle), region.lambda_round.get());
            let cold =
                LocalValue::Flow(FlowValue { ty: Type::CYCLE, bound: false, unbound: false });
            let value = region.fixpoint(key, cold, || {
                LocalValue::Flow(compute(region, scope, place, form, start))
            });
            match value {
                LocalValue::Flow(value) => value,
                LocalValue::Definition(_) => FlowValue::of(Type::UNKNOWN),
            }
        }
    }
}

fn compute(
    region: &Region<'_, '_>,
    scope: ScopeId,
    place: PlaceId,
    form: Flow,
    start: Option<Type>,
) -> FlowValue {
    budget::tick();
    match form {
        Flow::Narrowed { predicate, positive, previous } => {
            let value = flow_value(region, scope, place, previous, start);
            if value.ty.is_never() || !value.bound {
                return value;
            }
            let expr = &region.index.scopes[scope].place(place).expr;
            let ty = narrow::narrow(region, predicate, positive, expr, value.ty);
            FlowValue { ty, ..value }
        }
        Flow::Join(range) | Flow::Loop(range) => {
            let mut flows: SmallVec<[FlowId; 8]> = SmallVec::new();
            for operand in region.index.scopes[scope].operands(range) {
                if is_reachable(region, operand.reach) && !flows.contains(&operand.flow) {
                    flows.push(operand.flow);
                }
            }
            region.index.scopes[scope].unite_outcomes(&mut flows);
            let values: Vec<(FlowId, FlowValue)> = flows
                .into_iter()
                .map(|flow| {
                    (
                        narrowed_root(region, scope, flow),
                        flow_value(region, scope, place, flow, start),
                    )
                })
                .collect();
            // What is known to be anything stays so after a test that only looked at it.
            let absorbed = |root: FlowId, ty: Type| {
                !ty.is_dynamic()
                    && values.iter().any(|(other, value)| {
                        *other == root && value.ty.is_dynamic() && !value.ty.is(Type::CYCLE)
                    })
            };
            let types: Vec<Type> = values
                .iter()
                .filter(|(root, value)| !absorbed(*root, value.ty))
                .map(|(_, value)| value.ty)
                .collect();
            let bound = values.iter().any(|(_, value)| value.bound);
            let unbound = values.iter().any(|(_, value)| value.unbound);
            FlowValue { ty: region.cx.join(&types), bound, unbound }
        }
        Flow::Start | Flow::Deleted | Flow::Definition(_) => FlowValue::UNBOUND,
    }
}

/// The value that a narrowed one was narrowed from.
fn narrowed_root(region: &Region<'_, '_>, scope: ScopeId, flow: FlowId) -> FlowId {
    let mut root = flow;
    while let Flow::Narrowed { previous, .. } = region.index.scopes[scope].flow(root) {
        root = previous;
    }
    root
}

/// Whether nothing was assigned to a place on the way, so that what is known of it comes from tests alone.
pub fn is_only_tested(region: &Region<'_, '_>, scope: ScopeId, flow: FlowId) -> bool {
    let root = narrowed_root(region, scope, flow);
    matches!(region.index.scopes[scope].flow(root), Flow::Start)
}

/// Whether some way to a point gives the place a value.
pub fn is_assigned(region: &Region<'_, '_>, scope: ScopeId, flow: FlowId) -> bool {
    let within = &region.index.scopes[scope];
    let mut seen = FxHashSet::default();
    let mut open = vec![flow];
    while let Some(flow) = open.pop() {
        if !seen.insert(flow) {
            continue;
        }
        match within.flow(flow) {
            Flow::Definition(_) => return true,
            Flow::Narrowed { previous, .. } => open.push(previous),
            Flow::Join(range) | Flow::Loop(range) => {
                open.extend(within.operands(range).iter().map(|operand| operand.flow));
            }
            Flow::Start | Flow::Deleted => {}
        }
    }
    false
}

/// Whether control can get to a point.
pub fn is_reachable(region: &Region<'_, '_>, reach: ReachId) -> bool {
    match region.index.reach(reach) {
        Reach::Always => return true,
        Reach::Never => return false,
        _ => {}
    }
    if let Some(known) = region.cached_reach(reach) {
        return known;
    }
    // Long straight code makes long chains: walk back to what is known, then forward.
    let mut chain = vec![reach];
    let mut value = loop {
        let last = chain[chain.len() - 1];
        let previous = match region.index.reach(last) {
            Reach::AfterCall { previous, .. }
            | Reach::Condition { previous, .. }
            | Reach::Swallows { previous, .. } => previous,
            Reach::Join(range) => {
                chain.pop();
                let operands = region.index.reach_operands(range);
                break region.remember_reach(last, || {
                    operands.iter().any(|&operand| is_reachable(region, operand))
                });
            }
            Reach::Always => break true,
            Reach::Never => break false,
        };
        match region.index.reach(previous) {
            Reach::Always => break true,
            Reach::Never => break false,
            _ => {}
        }
        if let Some(known) = region.cached_reach(previous) {
            break known;
        }
        chain.push(previous);
    };
    for &each in chain.iter().rev() {
        let before = value;
        value = region.remember_reach(each, || before && step(region, region.index.reach(each)));
    }
    value
}

/// Whether control gets past one node, given that it gets there.
fn step(region: &Region<'_, '_>, reach: Reach) -> bool {
    match reach {
        Reach::AfterCall { predicate, .. } => !never_returns(region, predicate),
        Reach::Condition { predicate, positive, .. } => {
            narrow::is_possible(region, predicate, positive)
        }
        Reach::Swallows { predicate, .. } => swallows(region, predicate),
        Reach::Always | Reach::Join(_) => true,
        Reach::Never => false,
    }
}

/// The region and scope in which a predicate is evaluated.
pub fn at_predicate<T>(
    region: &Region<'_, '_>,
    predicate: PredicateId,
    work: impl FnOnce(&Region<'_, '_>) -> T,
) -> Option<T> {
    let scope = region.index.predicates[predicate].scope;
    let region = region.region_of(scope)?;
    Some(region.quietly(|| region.in_scope(scope, || work(region))))
}

fn never_returns(region: &Region<'_, '_>, predicate: PredicateId) -> bool {
    let PredicateNode::Call(call) = region.nodes().predicates[predicate] else { return false };
    let (call, is_awaited) = match call {
        Expr::Await(awaited) => (&*awaited.value, true),
        other => (other, false),
    };
    let Expr::Call(call) = call else { return false };
    at_predicate(region, predicate, |region| {
        let callee = super::expr::infer(region, &call.func, None);
        super::call::never_returns(region, callee, call, is_awaited)
    })
    .unwrap_or(false)
}

fn swallows(region: &Region<'_, '_>, predicate: PredicateId) -> bool {
    let PredicateNode::ContextManager(with) = region.nodes().predicates[predicate] else {
        return false;
    };
    at_predicate(region, predicate, |region| {
        with.items.iter().any(|item| {
            let manager = super::expr::infer(region, &item.context_expr, None);
            swallows_exceptions(region, manager, with.is_async)
        })
    })
    .unwrap_or(false)
}

/// Whether `__exit__` of a context manager is declared to return `bool`.
/// Source: typing spec, "Exceptions", "Context managers".
pub fn swallows_exceptions(region: &Region<'_, '_>, manager: Type, is_async: bool) -> bool {
    let cx = region.cx;
    if manager.is_dynamic() {
        return false;
    }
    let name = if is_async { "__aexit__" } else { "__exit__" };
    let Some(exit) = cx.dunder(manager, name) else { return false };
    let Some(signatures) = cx.signatures(exit) else { return false };
    let Some(returns) = signatures.first().and_then(|signature| signature.returns) else {
        return false;
    };
    let returns = if is_async { cx.awaited(returns).unwrap_or(Type::UNKNOWN) } else { returns };
    returns.is(Type::TRUE)
        || returns.kind() == Kind::Instance
            && returns.as_instance().is_some_and(|c| cx.is_known(c, crate::types::Known::Bool))
}

/// Whether a definition stands before another of its scope without a branch between them that tells them apart:
/// both are reached always, or under the same conditions.
pub fn reaches(region: &Region<'_, '_>, first: DefinitionId, second: DefinitionId) -> bool {
    let definitions = &region.index.definitions;
    definitions[first].reach == definitions[second].reach
        && is_reachable(region, definitions[first].reach)
}
