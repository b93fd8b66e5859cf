//! Imports and `__all__`: what a module takes from others and what it gives.

use ruff_python_ast::name::Name;
use ruff_python_ast::{
    Expr, Operator, StmtAnnAssign, StmtAssign, StmtAugAssign, StmtExpr, StmtImport, StmtImportFrom,
};
use ruff_text_size::{Ranged, TextRange};

use super::definitions::Spot;
use super::{Builder, DunderAll, PlaceId, StarImport, first_component};
use crate::index::definition::{DefinitionCategory, DefinitionNode};
use crate::index::model::DunderAllOp;

impl<'ast> Builder<'ast> {
    /// `import a.b, c as d`
    pub(super) fn import(&mut self, stmt: &'ast StmtImport) {
        for alias in &stmt.names {
            let (name, range) = match &alias.asname {
                Some(asname) => (self.names.intern(&asname.id), asname.range),
                None => (self.names.intern(&first_component(&alias.name.id)), alias.name.range),
            };
            if alias.asname.is_some() || !alias.name.contains('.') {
                self.statics.imported(alias.name.as_str(), name);
            }
            let place = self.cur().name_place(name);
            let spot = Spot {
                category: DefinitionCategory::DeclarationAndBinding,
                name_range: range,
                key: alias.start(),
                node: None,
            };
            self.define_and_bind(place, DefinitionNode::Import { stmt, alias }, spot);
        }
    }

    /// `from a import b, c as d`
    pub(super) fn import_from(&mut self, stmt: &'ast StmtImportFrom) {
        let module = stmt.module.as_ref().map(|module| module.as_str());
        let absolute = module.filter(|_| stmt.level == 0);
        for alias in &stmt.names {
            if alias.name.id.as_str() == "*" {
                self.star_import(stmt, alias.range);
                continue;
            }
            if absolute == Some("__future__") && alias.name.as_str() == "annotations" {
                self.has_future_annotations = true;
            }
            let bound = alias.asname.as_ref().unwrap_or(&alias.name);
            let name = self.names.intern(&bound.id);
            if let Some(module) = absolute {
                self.statics.imported_from(module, alias.name.as_str(), name);
            }
            let place = self.cur().name_place(name);
            let spot = Spot {
                category: DefinitionCategory::DeclarationAndBinding,
                name_range: bound.range,
                key: alias.start(),
                node: None,
            };
            self.define_and_bind(place, DefinitionNode::ImportFrom { stmt, alias }, spot);
        }
    }

    /// A star import binds names that only inference can know, so it is listed and belongs to no place.
    fn star_import(&mut self, stmt: &'ast StmtImportFrom, range: TextRange) {
        let node = DefinitionNode::StarImport { stmt };
        let scope = self.cur();
        let definition = super::Definition {
            scope: scope.id,
            place: PlaceId::from_u32(0),
            kind: node.kind(),
            category: DefinitionCategory::DeclarationAndBinding,
            reach: scope.reach,
            name_range: range,
            node: self.stmt,
        };
        let id = self.definitions.push(definition);
        self.nodes.definitions.push(node);
        self.start_definitions.push((range.start(), id));
        let module = stmt.module.as_ref().map_or(Name::empty(), |module| module.id.clone());
        self.star_imports.push(StarImport { definition: id, level: stmt.level, module });
    }

    /// `__all__ = …`
    pub(super) fn dunder_all_assigned(&mut self, stmt: &StmtAssign) {
        if stmt.targets.iter().any(is_dunder_all) && self.at_module_level() {
            self.dunder_all = Some(DunderAll { ops: list_ops(&stmt.value) });
        }
    }

    /// `__all__: list[str] = …`
    pub(super) fn dunder_all_annotated(&mut self, stmt: &StmtAnnAssign) {
        if let Some(value) = &stmt.value
            && is_dunder_all(&stmt.target)
            && self.at_module_level()
        {
            self.dunder_all = Some(DunderAll { ops: list_ops(value) });
        }
    }

    /// `__all__ += …`
    pub(super) fn dunder_all_augmented(&mut self, stmt: &StmtAugAssign) {
        if is_dunder_all(&stmt.target) && self.at_module_level() {
            let ops = match stmt.op {
                Operator::Add => list_ops(&stmt.value),
                _ => vec![DunderAllOp::Unknown],
            };
            self.dunder_all.get_or_insert_default().ops.extend(ops);
        }
    }

    /// `__all__.extend(…)`, `.append(…)`, `.remove(…)`
    pub(super) fn dunder_all_called(&mut self, stmt: &StmtExpr) {
        let Expr::Call(call) = &*stmt.value else { return };
        let Expr::Attribute(method) = &*call.func else { return };
        if !is_dunder_all(&method.value) || !self.at_module_level() {
            return;
        }
        let argument = match &*call.arguments.args {
            [argument] if call.arguments.keywords.is_empty() => Some(argument),
            _ => None,
        };
        let name = argument.and_then(plain);
        let ops = match (method.attr.as_str(), argument, name) {
            ("extend", Some(argument), _) => list_ops(argument),
            ("append", _, Some(name)) => vec![DunderAllOp::Add(vec![name])],
            ("remove", _, Some(name)) => vec![DunderAllOp::Remove(name)],
            ("sort" | "reverse" | "index" | "count" | "copy", _, _) => Vec::new(),
            _ => vec![DunderAllOp::Unknown],
        };
        self.dunder_all.get_or_insert_default().ops.extend(ops);
    }

    fn at_module_level(&self) -> bool {
        self.stack.len() == 1 && !self.is_dead()
    }
}

fn is_dunder_all(expr: &Expr) -> bool {
    matches!(expr, Expr::Name(name) if name.id.as_str() == "__all__")
}

/// The steps that build a list: literals, other modules' `__all__`, and sums of these.
fn list_ops(expr: &Expr) -> Vec<DunderAllOp> {
    match expr {
        Expr::List(list) => vec![literal(&list.elts)],
        Expr::Tuple(tuple) => vec![literal(&tuple.elts)],
        Expr::Set(set) => vec![literal(&set.elts)],
        Expr::BinOp(sum) if sum.op == Operator::Add => {
            let mut ops = list_ops(&sum.left);
            ops.extend(list_ops(&sum.right));
            ops
        }
        Expr::Attribute(attribute) if attribute.attr.as_str() == "__all__" => {
            match dotted(&attribute.value) {
                Some(module) => vec![DunderAllOp::AddModule(module)],
                None => vec![DunderAllOp::Unknown],
            }
        }
        // `list(x)`, `tuple(x)`
        Expr::Call(call) => match (&*call.func, &*call.arguments.args) {
            (Expr::Name(function), [argument])
                if matches!(function.id.as_str(), "list" | "tuple") =>
            {
                list_ops(argument)
            }
            _ => vec![DunderAllOp::Unknown],
        },
        _ => vec![DunderAllOp::Unknown],
    }
}

fn literal(elements: &[Expr]) -> DunderAllOp {
    let names: Option<Vec<Name>> = elements.iter().map(plain).collect();
    names.map_or(DunderAllOp::Unknown, DunderAllOp::Add)
}

/// A name between quotation marks, without a prefix or anything that stands for something else: the words of the text
/// ([`crate::source::Words`]) have it.
fn plain(element: &Expr) -> Option<Name> {
    let string = element.as_string_literal_expr()?;
    let text = string.value.to_str();
    (string.range.len().to_usize() == text.len() + 2).then(|| Name::new(text))
}

/// `a.b.c`, as it is written.
#[must_use]
pub fn dotted(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Name(name) => Some(name.id.to_string()),
        Expr::Attribute(attribute) => {
            Some(format!("{}.{}", dotted(&attribute.value)?, attribute.attr))
        }
        _ => None,
    }
}
