//! Where what is not known comes from: for each expression of unknown type the place that a declaration would have to
//! stand at, found by following names to what they were bound to.
//!
//! ```python
//! def total(cart):           # 3 expressions are unknown because `cart` is: `cart`, `cart.items`, `items`
//!     items = cart.items
//!     return len(items)
//! ```

use ruff_python_ast::visitor::{Visitor, walk_expr};
use ruff_python_ast::{Expr, Stmt};
use ruff_text_size::{Ranged, TextRange, TextSize};
use rustc_hash::{FxHashMap, FxHashSet};

use super::walk::{Walk, reads_at};
use super::{DefKind, NONE, Observed, Origin, Unknowns};
use crate::index::{DefinitionNode, PlaceId, Read as NameRead, ScopeId};

/// Values are followed through so many names.
const FARTHEST: u32 = 32;

impl Walk<'_, '_> {
    /// Notes where the unknown expressions of the module come from, and how many come from each place.
    pub(super) fn origins(&mut self, body: &[Stmt], observed: &Observed) {
        if observed.unknown.is_empty() {
            return;
        }
        let mut reads: FxHashMap<TextSize, u32> = FxHashMap::default();
        for (number, read) in (0..).zip(&self.facts.reads) {
            reads.insert(TextSize::new(read.at), number);
        }
        let mut search = Search {
            walk: self,
            unknown: observed.unknown.iter().copied().collect(),
            reads,
            known: FxHashMap::default(),
            counts: FxHashMap::default(),
        };
        body.iter().for_each(|stmt| search.visit_stmt(stmt));
        let mut counts: Vec<Unknowns> =
            search.counts.into_iter().map(|(origin, count)| Unknowns { origin, count }).collect();
        counts.sort_unstable();
        self.facts.unknowns = counts;
    }
}

struct Search<'w, 'a, 's> {
    walk: &'w Walk<'a, 's>,
    unknown: FxHashSet<TextRange>,
    /// The numbers of reads by place.
    reads: FxHashMap<TextSize, u32>,
    /// Answers for names; [`Origin::Elsewhere`] while one is looked for.
    known: FxHashMap<(ScopeId, PlaceId), Origin>,
    counts: FxHashMap<Origin, u32>,
}

impl Search<'_, '_, '_> {
    fn is_unknown(&self, expr: &Expr) -> bool {
        self.unknown.contains(&expr.range())
    }

    fn of(&mut self, expr: &Expr, depth: u32) -> Origin {
        if depth > FARTHEST {
            return Origin::Elsewhere;
        }
        let depth = depth + 1;
        match expr {
            Expr::Name(name) => self.of_name(name.start(), depth),
            Expr::Attribute(attribute) if self.is_unknown(&attribute.value) => {
                self.of(&attribute.value, depth)
            }
            Expr::Attribute(attribute) => self.of_read(attribute.attr.start()),
            Expr::Call(call) if self.is_unknown(&call.func) => self.of(&call.func, depth),
            Expr::Call(call) => match &*call.func {
                Expr::Attribute(attribute) => self.of_read(attribute.attr.start()),
                func => self.of_read(func.start()),
            },
            Expr::Subscript(subscript) => self.of(&subscript.value, depth),
            Expr::Await(awaited) => self.of(&awaited.value, depth),
            Expr::Starred(starred) => self.of(&starred.value, depth),
            Expr::Named(named) => self.of(&named.value, depth),
            Expr::UnaryOp(unary) => self.of(&unary.operand, depth),
            Expr::BinOp(binary) => self.of_first([&*binary.left, &*binary.right], depth),
            Expr::If(choice) => self.of_first([&*choice.body, &*choice.orelse], depth),
            Expr::BoolOp(operation) => self.of_first(&operation.values, depth),
            _ => Origin::Elsewhere,
        }
    }

    /// The origin of the first of several expressions that is not known.
    fn of_first<'e>(&mut self, exprs: impl IntoIterator<Item = &'e Expr>, depth: u32) -> Origin {
        let first = exprs.into_iter().find(|each| self.is_unknown(each));
        first.map_or(Origin::Elsewhere, |first| self.of(first, depth))
    }

    fn of_read(&self, at: TextSize) -> Origin {
        self.reads.get(&at).map_or(Origin::Elsewhere, |&read| Origin::Read(read))
    }

    fn of_name(&mut self, at: TextSize, depth: u32) -> Origin {
        let binding = reads_at(self.walk.reads, at).find_map(NameRead::binding);
        let Some(binding) = binding else {
            return self.of_read(at);
        };
        if let Some(&known) = self.known.get(&binding) {
            return known;
        }
        self.known.insert(binding, Origin::Elsewhere);
        let origin = self.of_binding(binding, depth);
        self.known.insert(binding, origin);
        origin
    }

    fn of_binding(&mut self, (scope, place): (ScopeId, PlaceId), depth: u32) -> Origin {
        let walk = self.walk;
        let def = walk.definitions.of_place((scope, place));
        let kind = def.map(|def| walk.facts.defs[def as usize].kind);
        if let (Some(def), Some(DefKind::Parameter | DefKind::Import)) = (def, kind) {
            return Origin::Def(def);
        }
        let entry = &walk.index.scopes[scope].places[place];
        for &definition in &entry.definitions {
            let node = &walk.nodes.definitions[definition];
            let value = match *node {
                DefinitionNode::NamedExpression(named) => Some(&*named.value),
                DefinitionNode::For { stmt, .. } => Some(&*stmt.iter),
                DefinitionNode::Comprehension { comprehension, .. } => Some(&comprehension.iter),
                DefinitionNode::WithItem { item, .. } => Some(&item.context_expr),
                _ => node.assigned(),
            };
            if let Some(value) = value.filter(|value| self.is_unknown(value)) {
                let origin = self.of(value, depth);
                if origin != Origin::Elsewhere {
                    return origin;
                }
            }
        }
        // It has values that are known one by one, or none that can be followed: the name itself is the place.
        match def {
            Some(def) if def != NONE => Origin::Def(def),
            _ => Origin::Elsewhere,
        }
    }
}

impl<'e> Visitor<'e> for Search<'_, '_, '_> {
    fn visit_expr(&mut self, expr: &'e Expr) {
        if self.is_unknown(expr) {
            let origin = self.of(expr, 0);
            *self.counts.entry(origin).or_default() += 1;
        }
        walk_expr(self, expr);
    }

    fn visit_annotation(&mut self, _: &'e Expr) {}
}
