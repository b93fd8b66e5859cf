//! Assignment targets: each leaf of a target is a definition of its own.

use ruff_python_ast::{
    Comprehension, Expr, HasNodeIndex, StmtAnnAssign, StmtAssign, StmtAugAssign, StmtDelete,
    StmtFor, WithItem,
};
use ruff_text_size::Ranged;

use super::definitions::Spot;
use super::names::SegmentKey;
use super::{Builder, NodeId};
use crate::index::definition::{DefinitionCategory, DefinitionNode};

/// What a target stands in.
#[derive(Clone, Copy)]
pub(super) enum Owner<'ast> {
    Assignment { stmt: &'ast StmtAssign, top_target: &'ast Expr },
    AnnotatedAssignment { stmt: &'ast StmtAnnAssign, category: DefinitionCategory },
    AugmentedAssignment { stmt: &'ast StmtAugAssign },
    For { stmt: &'ast StmtFor },
    Comprehension { comprehension: &'ast Comprehension, is_first: bool },
    WithItem { item: &'ast WithItem, is_async: bool },
}

impl<'ast> Owner<'ast> {
    fn definition(self, target: &'ast Expr) -> DefinitionNode<'ast> {
        match self {
            Self::Assignment { stmt, top_target } => {
                DefinitionNode::Assignment { stmt, target, top_target }
            }
            Self::AnnotatedAssignment { stmt, .. } => {
                DefinitionNode::AnnotatedAssignment { stmt, target }
            }
            Self::AugmentedAssignment { stmt } => {
                DefinitionNode::AugmentedAssignment { stmt, target }
            }
            Self::For { stmt } => DefinitionNode::For { stmt, target },
            Self::Comprehension { comprehension, is_first } => {
                DefinitionNode::Comprehension { comprehension, target, is_first }
            }
            Self::WithItem { item, is_async } => {
                DefinitionNode::WithItem { item, is_async, target }
            }
        }
    }

    fn category(self) -> DefinitionCategory {
        match self {
            Self::AnnotatedAssignment { category, .. } => category,
            _ => DefinitionCategory::Binding,
        }
    }
}

impl<'ast> Builder<'ast> {
    /// Visits a target and defines its leaves, from left to right.
    pub(super) fn bind_target(&mut self, target: &'ast Expr, owner: Owner<'ast>) {
        let node = self.number(target.node_index());
        match target {
            Expr::Tuple(tuple) => tuple.elts.iter().for_each(|elt| self.bind_target(elt, owner)),
            Expr::List(list) => list.elts.iter().for_each(|elt| self.bind_target(elt, owner)),
            Expr::Starred(starred) => self.bind_target(&starred.value, owner),
            _ => {
                self.target_parts(target);
                self.bind_leaf(target, node, owner);
            }
        }
    }

    /// Visits what is evaluated for a leaf target: `a` and `i` of `a[i]`.
    fn target_parts(&mut self, target: &'ast Expr) {
        match target {
            Expr::Name(_) => {}
            Expr::Attribute(attribute) => self.expr(&attribute.value),
            Expr::Subscript(subscript) => {
                self.expr(&subscript.value);
                self.expr(&subscript.slice);
            }
            // Not a target: the parser has reported it, and we look at its parts all the same.
            _ => self.expr_parts(target),
        }
    }

    fn bind_leaf(&mut self, target: &'ast Expr, node: NodeId, owner: Owner<'ast>) {
        if !matches!(target, Expr::Name(_) | Expr::Attribute(_) | Expr::Subscript(_)) {
            return;
        }
        // An item that is not named leaves alone what is known of those that are, as readers expect.
        let Some(path) = self.names.path(target) else { return };
        let place = self.cur().path_place(&path);
        let spot = Spot {
            category: owner.category(),
            name_range: target.range(),
            key: target.start(),
            node: Some(node),
        };
        self.define_and_bind(place, owner.definition(target), spot);
    }

    /// After `del a[i]`, nothing is known of the items of `a`.
    fn forget_items(&mut self, target: &Expr) {
        let Expr::Subscript(subscript) = target else { return };
        let Some(top) = self.stack.last() else { return };
        if let Some(place) = top.find_expr(&self.names, &subscript.value)
            && self.names.path(target).is_none()
        {
            self.cur().forget_longer(place, |segment| {
                matches!(segment, SegmentKey::Index(_) | SegmentKey::Key(_))
            });
        }
    }

    /// `x += …` reads the target, evaluates the value, and binds.
    pub(super) fn augmented_assignment(&mut self, stmt: &'ast StmtAugAssign) {
        let target = &*stmt.target;
        let node = self.number(target.node_index());
        self.target_parts(target);
        match target {
            Expr::Name(name) => self.read_name(name, node),
            Expr::Attribute(_) | Expr::Subscript(_) => self.read_path(target, node),
            _ => {}
        }
        self.expr(&stmt.value);
        self.bind_leaf(target, node, Owner::AugmentedAssignment { stmt });
    }

    /// `x: T`, `x: T = …`
    pub(super) fn annotated_assignment(&mut self, stmt: &'ast StmtAnnAssign) {
        self.annotation(&stmt.annotation);
        let category = match &stmt.value {
            Some(value) => {
                self.expr(value);
                DefinitionCategory::DeclarationAndBinding
            }
            None if self.is_stub => DefinitionCategory::DeclarationAndBinding,
            None => DefinitionCategory::Declaration,
        };
        self.bind_target(&stmt.target, Owner::AnnotatedAssignment { stmt, category });
    }

    /// `del a, b.c, d[0]`
    pub(super) fn delete(&mut self, stmt: &'ast StmtDelete) {
        stmt.targets.iter().for_each(|target| self.delete_target(target));
    }

    fn delete_target(&mut self, target: &'ast Expr) {
        let node = self.number(target.node_index());
        match target {
            Expr::Tuple(tuple) => tuple.elts.iter().for_each(|elt| self.delete_target(elt)),
            Expr::List(list) => list.elts.iter().for_each(|elt| self.delete_target(elt)),
            Expr::Name(name) => {
                self.read_name(name, node);
                let id = self.names.intern(&name.id);
                let place = self.cur().name_place(id);
                self.unbind(place);
            }
            Expr::Attribute(_) | Expr::Subscript(_) => {
                self.target_parts(target);
                self.read_path(target, node);
                self.forget_items(target);
                if let Some(place) =
                    self.stack.last().and_then(|top| top.find_expr(&self.names, target))
                {
                    self.unbind(place);
                }
            }
            _ => self.expr_parts(target),
        }
    }
}
