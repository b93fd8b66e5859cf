//! Reads of places: in the scope itself, and as snapshots of the scopes around it.
//!
//! Nested scopes are walked where they stand, so the state of every scope around them is that at the inner
//! scope's creation; whether a function may rely on it is settled when the outer scope ends.

use ruff_python_ast::{Expr, ExprName};

use super::scope::{Holds, PendingSnapshot, ScopeState};
use super::{Builder, FlowId, NameId, NodeId, PlaceFlags, PlaceId, ScopeId, ScopeKind, Snapshot};

impl Builder<'_> {
    /// Records that a name is read.
    pub(super) fn read_name(&mut self, name: &ExprName, node: NodeId) {
        let id = self.names.intern(&name.id);
        self.note_read(name, id);
        let scope = self.cur();
        let mut outside = true;
        if let Some(&place) = scope.names.get(&id) {
            let flow = scope.values[place];
            let flags = &mut scope.places[place].flags;
            flags.insert(PlaceFlags::USED);
            let bound = flags.contains(PlaceFlags::BOUND);
            let declared_outside =
                flags.contains(PlaceFlags::GLOBAL) || flags.contains(PlaceFlags::NONLOCAL);
            outside = match scope.kind {
                // A class body goes on outside if it has not bound the name yet.
                ScopeKind::Class => true,
                // So does a comprehension that has not come to its walrus.
                ScopeKind::Comprehension => !bound,
                _ => !bound && !declared_outside,
            };
            if bound || flow != FlowId::START {
                self.set_flow_at(node, flow.as_u32());
            }
        }
        if outside && self.stack.len() > 1 && self.cur().free_names.insert(id) {
            self.snapshot_name(id);
        }
    }

    /// Records that an attribute or subscript is read, if it is a place of which something is known.
    pub(super) fn read_path(&mut self, expr: &Expr, node: NodeId) {
        let Some(top) = self.stack.last() else { return };
        if !top.children.is_empty()
            && let Some(place) = top.find_expr(&self.names, expr)
        {
            let scope = self.cur();
            scope.places[place].flags.insert(PlaceFlags::USED);
            let flow = scope.values[place];
            if flow != FlowId::START {
                self.set_flow_at(node, flow.as_u32());
            }
        }
        let below = self.stack.len() - 1;
        if self.stack[..below].iter().any(|scope| !scope.children.is_empty()) {
            self.snapshot_path(expr);
        }
    }

    fn snapshot_name(&mut self, id: NameId) {
        let mut walk = Outward::new(&self.stack);
        while let Some(index) = walk.next(&self.stack) {
            let scope = &self.stack[index];
            let Some(&place) = scope.names.get(&id) else { continue };
            let flags = scope.places[place].flags;
            if flags.contains(PlaceFlags::BOUND) {
                self.record(&walk, index, place);
                return;
            }
            if !walk.lazy && scope.values[place] != FlowId::START {
                // Free there, but narrowed: what it is narrowed from is looked up from there.
                self.record(&walk, index, place);
                walk.restart(&self.stack, index);
            }
            if flags.contains(PlaceFlags::GLOBAL) {
                return;
            }
        }
    }

    fn snapshot_path(&mut self, expr: &Expr) {
        let Some(root) = root_name(expr).and_then(|name| self.names.get(name)) else { return };
        let Some(top) = self.stack.last() else { return };
        if is_bound(top, root) {
            return;
        }
        let mut walk = Outward::new(&self.stack);
        while let Some(index) = walk.next(&self.stack) {
            if walk.lazy {
                // Anybody may have set an attribute or item by the time that a function runs.
                return;
            }
            let scope = &self.stack[index];
            if !scope.children.is_empty()
                && let Some(place) = scope.find_expr(&self.names, expr)
                && scope.values[place] != FlowId::START
            {
                let key = (u32::try_from(index).unwrap_or(u32::MAX), place);
                if self.cur().free_places.insert(key) {
                    self.record(&walk, index, place);
                }
            }
            if is_bound(&self.stack[index], root) {
                return;
            }
        }
    }

    /// Notes the value that a place of the scope at `index` has now, for the scope where the walk started.
    fn record(&mut self, walk: &Outward, index: usize, place: PlaceId) {
        let inner = self.stack[walk.inner].id;
        let scope = &mut self.stack[index];
        let flow = scope.values[place];
        let mut holds = Holds::AtOnce;
        if walk.lazy {
            // What runs later may rely on it only if nothing can bind the place in between.
            let may_repeat = scope.places[place].loops > 0 && !scope.is_leaving;
            if scope.kind == ScopeKind::Class || flow == FlowId::START || may_repeat {
                return;
            }
            let bindings = scope.places[place].bindings;
            holds = if scope.is_leaving { Holds::Left } else { Holds::UntilBound(bindings) };
        }
        scope.pending.push(PendingSnapshot { inner, place, flow, holds });
    }
}

/// A walk over the scopes around the innermost one, outwards, past those that are not visible from it.
struct Outward {
    /// The scope for which names are looked up.
    inner: usize,
    next: usize,
    class_visible: bool,
    /// Whether a function or the like lies between.
    lazy: bool,
}

impl Outward {
    fn new(stack: &[ScopeState]) -> Self {
        let mut walk = Self { inner: 0, next: 0, class_visible: false, lazy: false };
        walk.restart(stack, stack.len() - 1);
        walk
    }

    fn restart(&mut self, stack: &[ScopeState], inner: usize) {
        self.inner = inner;
        self.next = inner;
        self.class_visible = sees_class(stack[inner].kind);
        self.lazy = !stack[inner].kind.is_eager();
    }

    fn next(&mut self, stack: &[ScopeState]) -> Option<usize> {
        if self.next < self.inner {
            let kind = stack[self.next].kind;
            self.class_visible &= sees_class(kind);
            self.lazy |= !kind.is_eager();
        }
        while self.next > 0 {
            self.next -= 1;
            if stack[self.next].kind != ScopeKind::Class || self.class_visible {
                return Some(self.next);
            }
            self.class_visible = false;
        }
        None
    }
}

fn sees_class(kind: ScopeKind) -> bool {
    matches!(kind, ScopeKind::TypeParams | ScopeKind::TypeAlias)
}

fn is_bound(scope: &ScopeState, name: NameId) -> bool {
    scope
        .names
        .get(&name)
        .is_some_and(|&place| scope.places[place].flags.contains(PlaceFlags::BOUND))
}

fn root_name(expr: &Expr) -> Option<&str> {
    let mut current = expr;
    for _ in 0..=crate::index::place::MAX_SEGMENTS {
        match current {
            Expr::Name(name) => return Some(name.id.as_str()),
            Expr::Attribute(attribute) => current = &attribute.value,
            Expr::Subscript(subscript) => current = &subscript.value,
            _ => return None,
        }
    }
    None
}

/// Keeps the snapshots of an ending scope's places that turned out to hold.
pub(super) fn settle_snapshots(scope: &mut ScopeState, into: &mut Vec<(ScopeId, Snapshot)>) {
    for pending in std::mem::take(&mut scope.pending) {
        let place = &scope.places[pending.place];
        let root = scope.names.get(&place.root).map(|&root| &scope.places[root]);
        let is_own = root.is_none_or(|root| root.foreign_definitions.is_empty());
        let holds = match pending.holds {
            Holds::AtOnce => true,
            Holds::UntilBound(bindings) => bindings == place.bindings && is_own,
            Holds::Left => is_own,
        };
        if holds {
            let snapshot = Snapshot { scope: scope.id, place: pending.place, flow: pending.flow };
            into.push((pending.inner, snapshot));
        }
    }
}
