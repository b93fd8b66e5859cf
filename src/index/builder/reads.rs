//! Recording reads on the way, and finding out at the end what binds them.
//!
//! A name can be bound after the function that reads it, so that bindings are looked up when all scopes are
//! closed. One look-up serves all uses of a name in a scope.

use ruff_index::IndexVec;
use ruff_python_ast::{Expr, ExprName};
use ruff_text_size::{Ranged, TextSize};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::names::{NameId, Names};
use super::{Builder, FlowId, PlaceFlags, PlaceId, Scope, ScopeId, ScopeKind};
use crate::index::reads::{Read, Way};

/// A read whose binding is not known yet.
#[derive(Clone, Copy)]
struct Pending {
    at: TextSize,
    scope: ScopeId,
    name: NameId,
    way: Way,
    /// A class body reads what is outside if it has not bound the name by then.
    also_outside: bool,
}

/// The reads so far, and what is known of the point where the walk is.
#[derive(Default)]
pub(super) struct ReadLog {
    pending: Vec<Pending>,
    /// How many annotations we are in.
    annotations: u32,
    /// How many branches around are ruled out by version or platform.
    guards: u32,
    /// Whether the statement that is walked stands after a `return` or the like.
    after_end: bool,
}

impl<'ast> Builder<'ast> {
    /// Visits an annotation: what is read in it is read for typing only.
    pub(super) fn annotation(&mut self, expr: &'ast Expr) {
        if let Some(log) = &mut self.reads {
            log.annotations += 1;
        }
        self.expr(expr);
        if let Some(log) = &mut self.reads {
            log.annotations -= 1;
        }
    }

    /// Says whether the branch that begins is ruled out though the code before it is not.
    pub(super) fn enter_branch(&mut self, was_dead: bool) -> bool {
        let is_ruled_out = !was_dead && self.is_dead();
        if let Some(log) = &mut self.reads {
            log.guards += u32::from(is_ruled_out);
        }
        is_ruled_out
    }

    /// The end of what [`Self::enter_branch`] began.
    pub(super) fn leave_branch(&mut self, is_ruled_out: bool) {
        if let Some(log) = &mut self.reads {
            log.guards -= u32::from(is_ruled_out);
        }
    }

    /// A statement begins.
    pub(super) fn note_statement(&mut self) {
        let is_dead = self.is_dead();
        if let Some(log) = &mut self.reads {
            log.after_end = is_dead && log.guards == 0;
        }
    }

    /// Notes the use of a name.
    pub(super) fn note_read(&mut self, name: &ExprName, id: NameId) {
        let Some(way) = self.way() else { return };
        self.push_read(name.start(), id, way);
    }

    /// Notes the names in a quoted annotation, without parsing it: what follows a dot is no name of a scope.
    pub(super) fn note_quoted(&mut self, expr: &Expr) {
        let Some(log) = &self.reads else { return };
        if log.annotations == 0 {
            return;
        }
        let Expr::StringLiteral(string) = expr else { return };
        let text = string.value.to_str();
        if text.len() > 500 {
            return;
        }
        let mut is_attribute = false;
        for word in text.split_inclusive(|c: char| !(c.is_alphanumeric() || c == '_')) {
            let name = word.trim_end_matches(|c: char| !(c.is_alphanumeric() || c == '_'));
            let starts = name.chars().next().is_some_and(|c| c.is_alphabetic() || c == '_');
            if starts && !is_attribute {
                let id = self.names.intern(&ruff_python_ast::name::Name::new(name));
                self.push_read(expr.start(), id, Way::Quoted);
            }
            is_attribute = word.ends_with('.') && (!name.is_empty() || is_attribute);
        }
    }

    fn push_read(&mut self, at: TextSize, name: NameId, way: Way) {
        let scope = self.cur();
        let also_outside = scope.kind == ScopeKind::Class
            && scope.names.get(&name).is_some_and(|&place| scope.values[place] == FlowId::START);
        let scope = scope.id;
        if let Some(log) = &mut self.reads {
            log.pending.push(Pending { at, scope, name, way, also_outside });
        }
    }

    fn way(&self) -> Option<Way> {
        let log = self.reads.as_ref()?;
        Some(if log.guards > 0 {
            Way::Guarded
        } else if log.after_end {
            Way::Unreached
        } else if self.is_dead() {
            Way::Guarded
        } else if log.annotations > 0 || self.type_checking > 0 {
            Way::Typing
        } else if self.in_function() {
            Way::Deferred
        } else {
            Way::Run
        })
    }

    /// The reads with their bindings, in order of their places.
    pub(super) fn settle_reads(&mut self, scopes: &IndexVec<ScopeId, Scope>) -> Box<[Read]> {
        let Some(log) = self.reads.take() else { return Box::default() };
        let mut known: FxHashMap<(ScopeId, NameId), Option<(ScopeId, PlaceId)>> =
            FxHashMap::default();
        let names = &self.names;
        let mut reads: Vec<Read> = Vec::with_capacity(log.pending.len());
        for pending in log.pending {
            let Pending { at, scope, name, way, also_outside } = pending;
            let binding = *known
                .entry((scope, name))
                .or_insert_with(|| binding_of(scopes, names, scope, name, true));
            reads.push(Read::new(at, scope, binding, way));
            if also_outside && let Some(outer) = binding_of(scopes, names, scope, name, false) {
                reads.push(Read::new(at, scope, Some(outer), way));
            }
        }
        // Stable: several reads of one place stay in order.
        reads.sort_by_key(|read| read.at);
        reads.into_boxed_slice()
    }
}

/// What binds `name` for code that stands directly in `scope`.
fn binding_of(
    scopes: &IndexVec<ScopeId, Scope>,
    names: &Names,
    scope: ScopeId,
    name: NameId,
    own: bool,
) -> Option<(ScopeId, PlaceId)> {
    let name = names.name(name).as_str();
    let mut chain: SmallVec<[ScopeId; 8]> = SmallVec::new();
    let mut class_visible = own;
    let mut current = Some(scope);
    while let Some(id) = current {
        let info = &scopes[id];
        if info.kind != ScopeKind::Class || class_visible {
            chain.push(id);
        }
        class_visible = matches!(info.kind, ScopeKind::TypeParams | ScopeKind::TypeAlias);
        current = info.parent;
    }
    for id in chain {
        let info = &scopes[id];
        let Some(place) = info.place_by_name(name) else { continue };
        let flags = info.place(place).flags;
        if flags.contains(PlaceFlags::GLOBAL) {
            let module = &scopes[ScopeId::MODULE];
            let place = module.place_by_name(name)?;
            return Some((ScopeId::MODULE, place));
        }
        let is_foreign = !info.place(place).foreign_definitions.is_empty();
        if flags.contains(PlaceFlags::BOUND) || is_foreign {
            return Some((id, place));
        }
    }
    None
}
