//! Reading the use-def map: which type a place has at a use, and whether control gets somewhere.

use ruff_python_ast::Expr;
use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use super::fixpoint::{LocalKey, LocalValue};
use super::narrow;
use super::region::{Region, with_region};
use crate::index::{
    DefinitionCategory, DefinitionId, Distinct, Flow, FlowId, OperandRange, PlaceId, PredicateId,
    PredicateKind, PredicateNode, Reach, ReachId, Scope, ScopeId,
};
use crate::policy::Policy;
use crate::store::budget;
use crate::types::{Boundness, Cx, Kind, ModuleId, PlaceType, Type};

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

    /// The value as a place, `None` where control does not get.
    fn as_place(self) -> Option<PlaceType> {
        let place = PlaceType { boundness: self.boundness(), ..PlaceType::bound(self.ty) };
        (self.bound || self.unbound).then_some(place)
    }

    fn from_place(place: Option<PlaceType>) -> Self {
        place.map_or(Self { ty: Type::NEVER, bound: false, unbound: false }, |place| Self {
            ty: place.ty,
            bound: place.boundness != Boundness::Unbound,
            unbound: place.boundness != Boundness::Bound,
        })
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
        Flow::Join(_)
            if start.is_none()
                && scope == ScopeId::MODULE
                && region.index.scopes[scope].milestone(flow).is_some() =>
        {
            FlowValue::from_place(region.cx.host.milestone(region.cx, region.module, flow))
        }
        form => {
            let key = LocalKey::Flow(scope, flow, start.map(Type::handle), region.lambda_round());
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

/// Answers [`crate::types::Host::milestone`].
pub fn compute_milestone(cx: &Cx<'_>, module: ModuleId, flow: FlowId) -> Option<PlaceType> {
    let within = &cx.host.index(module).scopes[ScopeId::MODULE];
    let (place, Flow::Join(range)) = (within.milestone(flow)?, within.flow(flow)) else {
        return None;
    };
    let joined = |region: &Region<'_, '_>| {
        region.quietly(|| joined(region, ScopeId::MODULE, place, range, None))
    };
    with_region(cx, module, ScopeId::MODULE, joined).as_place()
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
            let is_test = region.index.predicates[predicate].kind == PredicateKind::Test;
            let ty = match ty.is_never() && is_test && narrow::may_differ(region, scope, place) {
                true => Type::UNKNOWN,
                false => ty,
            };
            FlowValue { ty, ..value }
        }
        Flow::Join(range) | Flow::Loop(range) => joined(region, scope, place, range, start),
        Flow::Start | Flow::Deleted | Flow::Definition(_) => FlowValue::UNBOUND,
    }
}

/// What arrives where control comes from several places.
fn joined(
    region: &Region<'_, '_>,
    scope: ScopeId,
    place: PlaceId,
    range: OperandRange,
    start: Option<Type>,
) -> FlowValue {
    let within = &region.index.scopes[scope];
    let mut flows = Distinct::default();
    for operand in within.operands(range) {
        if is_reachable(region, operand.reach) {
            flows.push(operand.flow);
        }
    }
    let flows = within.unite_outcomes(flows.into_inner());
    let of_flow = |&flow: &FlowId| flow_value(region, scope, place, flow, start);
    let values: SmallVec<[FlowValue; 8]> = flows.iter().map(of_flow).collect();
    let bound = values.iter().any(|value| value.bound);
    let unbound = values.iter().any(|value| value.unbound);
    let mut types: SmallVec<[Type; 8]> = values.iter().map(|value| value.ty).collect();
    let cx = region.cx;
    // As a whole, or in part.
    let is_unknown =
        |ty: Type| cx.members(ty).iter().any(|part| part.is_dynamic() && !part.is(Type::CYCLE));
    if cx.holds(Policy::OnlyTested)
        && types.iter().any(|&ty| is_unknown(ty))
        && !types.iter().all(|ty| ty.is_dynamic())
    {
        // What is known to be anything stays so after a test that only looked at it.
        let mut roots = Roots { within, known: FxHashMap::default() };
        let with_roots: Vec<(FlowId, FlowId, Type)> = flows
            .iter()
            .zip(types.iter().copied())
            .map(|(&flow, ty)| (roots.of(flow), flow, ty))
            .collect();
        let unknown: FxHashSet<FlowId> =
            with_roots.iter().filter(|&&(.., ty)| is_unknown(ty)).map(|&(root, ..)| root).collect();
        // What was known beside it before the tests stays too.
        let before = |root: FlowId, ty: Type| {
            let value = flow_value(region, scope, place, root, start).ty;
            let there = cx.filter_union(value, |part| !part.is_dynamic());
            cx.filter_union(ty, |part| part.is_dynamic() || cx.is_subtype(part, there))
        };
        types = with_roots
            .into_iter()
            .map(|(root, flow, ty)| {
                match ty.is_dynamic() || root == flow || !unknown.contains(&root) {
                    true => ty,
                    false => before(root, ty),
                }
            })
            .filter(|ty| !ty.is_never())
            .collect();
    }
    FlowValue { ty: cx.join(&types), bound, unbound }
}

/// The values that narrowed ones were narrowed from; each step is taken once.
struct Roots<'i> {
    within: &'i Scope,
    known: FxHashMap<FlowId, FlowId>,
}

impl Roots<'_> {
    fn of(&mut self, flow: FlowId) -> FlowId {
        let mut root = flow;
        let mut path: SmallVec<[FlowId; 8]> = SmallVec::new();
        while let Flow::Narrowed { previous, .. } = self.within.flow(root) {
            path.push(root);
            root = self.known.get(&root).copied().unwrap_or(previous);
        }
        self.known.extend(path.into_iter().map(|each| (each, root)));
        root
    }
}

/// Whether nothing was assigned to a place on the way, so that what is known of it comes from tests alone.
pub fn is_only_tested(region: &Region<'_, '_>, scope: ScopeId, flow: FlowId) -> bool {
    let within = &region.index.scopes[scope];
    let mut root = flow;
    while let Flow::Narrowed { previous, .. } = within.flow(root) {
        root = previous;
    }
    matches!(within.flow(root), Flow::Start)
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
