//! Statements, as far as the facts tell them apart: definitions, imports, assignments, handlers.

use ruff_python_ast::{self as ast, ExceptHandler, Expr, Stmt};
use ruff_text_size::Ranged;

use super::walk::Walk;
use super::{DefFlags, DefKind, Import, ImportWay, NONE, ReadWay, Role, syntax};
use crate::index::{DunderAllOp, ReachId, ScopeKind, ScopeNode};

impl Walk<'_, '_> {
    /// Visits a statement.
    pub(super) fn statement(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::FunctionDef(function) => self.function(function),
            Stmt::ClassDef(class) => self.class(class),
            Stmt::Import(import) => self.import(import),
            Stmt::ImportFrom(import) => self.import_from(import),
            Stmt::Assign(assign) => self.assign(assign),
            Stmt::AnnAssign(assign) => self.annotated_assign(assign),
            Stmt::AugAssign(assign) => {
                // Only adding to something is no use of it.
                if !assign.target.is_name_expr() {
                    self.value(&assign.target, Role::Store);
                }
                self.value(&assign.value, Role::Value);
            }
            Stmt::If(branch) => self.branch(branch),
            Stmt::Try(stmt) => self.try_(stmt),
            Stmt::TypeAlias(alias) => {
                let def = self.definitions.at(alias.name.start()).unwrap_or(self.from);
                self.within(def, |walk| {
                    walk.type_parameters(alias.type_params.as_deref(), ReadWay::Run);
                    walk.annotated(&alias.value, ReadWay::Run);
                });
            }
            _ => self.plain_statement(stmt),
        }
    }

    fn function(&mut self, function: &ast::StmtFunctionDef) {
        let Some(def) = self.definitions.at(function.name.start()) else { return };
        let is_opaque = self.facts.defs[def as usize].flags.has(DefFlags::OPAQUE);
        self.within(def, |walk| {
            for decorator in &function.decorator_list {
                if !syntax::is_accessor(decorator, function.name.as_str()) {
                    walk.value(&decorator.expression, Role::Value);
                    walk.decorator(def, decorator);
                }
            }
            // What a decorator that is not known does with annotations is not known either.
            let way = if is_opaque { ReadWay::Run } else { ReadWay::Typing };
            walk.type_parameters(function.type_params.as_deref(), way);
            for parameter in function.parameters.iter() {
                if let Some(annotation) = parameter.annotation() {
                    walk.annotated(annotation, way);
                }
                if let Some(default) = parameter.default() {
                    walk.value(default, Role::Value);
                }
            }
            if let Some(returns) = &function.returns {
                walk.annotated(returns, way);
            }
            let Some(scope) = walk.index.scope_of_node(walk.region, function) else { return };
            walk.in_scope(scope, |walk| {
                walk.body(&function.body);
            });
        });
    }

    /// Notes a decorator that is not known by its name.
    fn decorator(&mut self, def: u32, decorator: &ast::Decorator) {
        if syntax::is_transparent(decorator) {
            return;
        }
        let called = match &decorator.expression {
            Expr::Call(call) => &*call.func,
            expr => expr,
        };
        let at = match called {
            Expr::Attribute(attribute) => attribute.attr.start().to_u32(),
            expr => expr.start().to_u32(),
        };
        let own = self.facts.reads.iter().rposition(|read| read.at <= at);
        let read = own.filter(|&read| self.facts.reads[read].at == at && !called.is_call_expr());
        let read = read.map_or(NONE, |read| u32::try_from(read).unwrap_or(NONE));
        self.facts.decorators.push((def, read));
    }

    /// Bounds, constraints and defaults of type parameters.
    fn type_parameters(&mut self, parameters: Option<&ast::TypeParams>, way: ReadWay) {
        for parameter in parameters.into_iter().flat_map(|all| all.type_params.iter()) {
            let bound = match parameter {
                ast::TypeParam::TypeVar(variable) => variable.bound.as_deref(),
                _ => None,
            };
            let parts = [bound, parameter.default()];
            parts.into_iter().flatten().for_each(|part| self.annotated(part, way));
        }
    }

    fn class(&mut self, class: &ast::StmtClassDef) {
        let Some(def) = self.definitions.at(class.name.start()) else { return };
        self.within(def, |walk| {
            for decorator in &class.decorator_list {
                walk.value(&decorator.expression, Role::Value);
                walk.decorator(def, decorator);
            }
            walk.type_parameters(class.type_params.as_deref(), ReadWay::Typing);
            if let Some(arguments) = &class.arguments {
                arguments.args.iter().for_each(|base| walk.visit_value(base, Role::Base));
                arguments
                    .keywords
                    .iter()
                    .for_each(|each| walk.visit_value(&each.value, Role::Base));
            }
            let Some(scope) = walk.index.scope_of_node(walk.region, class) else { return };
            walk.in_scope(scope, |walk| {
                walk.body(&class.body);
            });
        });
    }

    /// Visits statements; notes those after one that never goes on.
    pub(super) fn body(&mut self, body: &[Stmt]) {
        let ends = |stmt: &Stmt| {
            matches!(stmt, Stmt::Return(_) | Stmt::Raise(_) | Stmt::Break(_) | Stmt::Continue(_))
        };
        if let Some(at) = body.iter().position(ends)
            && let (Some(first), Some(last)) = (body.get(at + 1), body.last())
            && !body[at + 1..].iter().any(syntax::makes_generator)
        {
            self.facts.unreached.push((first.start().to_u32(), last.end().to_u32(), false));
        }
        body.iter().for_each(|stmt| self.visit(stmt));
    }

    fn visit(&mut self, stmt: &Stmt) {
        ruff_python_ast::visitor::Visitor::visit_stmt(self, stmt);
    }

    fn in_scope(&mut self, scope: crate::index::ScopeId, work: impl FnOnce(&mut Self)) {
        let outer = (self.scope, self.region);
        self.scope = scope;
        self.region = scope;
        work(self);
        (self.scope, self.region) = outer;
    }

    /// The definition of a target that alone is responsible for its value: a name of a module whose value is
    /// found without running anything.
    fn owner_of_value(&self, target: &Expr, value: &Expr) -> u32 {
        let is_module = self.index.scopes[self.scope].kind == ScopeKind::Module;
        if is_module && target.is_name_expr() && syntax::is_inert(value) {
            return self.definitions.at(target.start()).unwrap_or(self.from);
        }
        self.from
    }

    fn assign(&mut self, assign: &ast::StmtAssign) {
        let is_all =
            matches!(&*assign.targets, [Expr::Name(name)] if name.id.as_str() == "__all__");
        if is_all {
            // What it exports is told by the index, as long as it is not bound anew to something else.
            self.listed.extend(syntax::names_in_list(&assign.value).map(str::to_owned));
            if !assign.value.is_list_expr() && !assign.value.is_tuple_expr() {
                self.is_answer = true;
                self.visit_value(&assign.value, Role::Value);
                self.is_answer = false;
            }
            return;
        }
        let owner = match &*assign.targets {
            [target] => self.owner_of_value(target, &assign.value),
            _ => self.from,
        };
        if let [Expr::Name(target)] = &*assign.targets {
            self.own_name = syntax::own_name(&target.id, &assign.value);
            self.is_answer = matches!(target.id.as_str(), "__getattr__" | "__dir__");
        }
        self.within(owner, |walk| walk.visit_value(&assign.value, Role::Value));
        self.own_name = None;
        self.is_answer = false;
        for target in &assign.targets {
            self.value(target, Role::Store);
        }
    }

    fn annotated_assign(&mut self, assign: &ast::StmtAnnAssign) {
        let kind = self.index.scopes[self.scope].kind;
        // Fields are read by what makes something of a class: serialisers, validators, injectors.
        let way = if kind == ScopeKind::Class { ReadWay::Run } else { ReadWay::Typing };
        let target = self.definitions.at(assign.target.start());
        let from = if kind == ScopeKind::Module { target.unwrap_or(self.from) } else { self.from };
        self.within(from, |walk| walk.annotated(&assign.annotation, way));
        if let Some(value) = &assign.value {
            let owner = self.owner_of_value(&assign.target, value);
            self.within(owner, |walk| walk.visit_value(value, Role::Value));
        }
        self.value(&assign.target, Role::Store);
    }

    fn branch(&mut self, branch: &ast::StmtIf) {
        if syntax::is_main_test(&branch.test) && self.scope == crate::index::ScopeId::MODULE {
            self.facts.has_main = true;
        }
        self.value(&branch.test, Role::Value);
        self.branch_body(Some(&branch.test), &branch.body);
        for clause in &branch.elif_else_clauses {
            if let Some(test) = &clause.test {
                self.value(test, Role::Value);
            }
            self.branch_body(clause.test.as_ref(), &clause.body);
        }
    }

    /// The body of a branch, which may be there for typing only.
    fn branch_body(&mut self, test: Option<&Expr>, body: &[Stmt]) {
        let is_typing = test.is_some_and(crate::source::is_type_checking);
        self.typing += u32::from(is_typing);
        self.body(body);
        self.typing -= u32::from(is_typing);
    }

    fn try_(&mut self, stmt: &ast::StmtTry) {
        let is_optional = syntax::catches_import_error(stmt);
        self.is_optional += u32::from(is_optional);
        self.body(&stmt.body);
        for handler in &stmt.handlers {
            let ExceptHandler::ExceptHandler(handler) = handler;
            if let Some(caught) = &handler.type_ {
                self.value(caught, Role::Caught);
            }
            self.body(&handler.body);
        }
        self.is_optional -= u32::from(is_optional);
        self.body(&stmt.orelse);
        self.body(&stmt.finalbody);
    }

    fn import(&mut self, import: &ast::StmtImport) {
        for alias in &import.names {
            let name = alias.name.as_str();
            let host = self.cx.host;
            let found = host.resolve_import(self.module, 0, name).ok();
            let bound = match (&alias.asname, name.split_once('.')) {
                (None, Some((first, _))) => host.resolve_import(self.module, 0, first).ok(),
                _ => found,
            };
            let path = |id: Option<crate::types::ModuleId>| id.map(|id| &*host.module(id).path);
            let (path, bound) = (path(found).unwrap_or(""), path(bound).unwrap_or(""));
            let row = Import {
                at: alias.start().to_u32(),
                module: self.symbols.sym(name),
                name: NONE,
                bound: self.symbols.sym(bound),
                path: self.symbols.sym(path),
                is_submodule: true,
                way: if import.is_lazy { ImportWay::Lazy } else { ImportWay::Run },
                is_optional: false,
                is_guarded: false,
                from: self.from,
            };
            self.push_import(row, alias);
        }
    }

    fn import_from(&mut self, import: &ast::StmtImportFrom) {
        let host = self.cx.host;
        let info = host.module(self.module);
        let name = import.module.as_ref().map(ast::Identifier::as_str);
        let absolute =
            crate::project::resolve_relative(&info.name, info.is_package, import.level, name)
                .unwrap_or_default();
        let found = host.resolve_import(self.module, import.level, name.unwrap_or("")).ok();
        let found_path = found.map_or("", |id| &*host.module(id).path);
        for alias in &import.names {
            let imported = alias.name.as_str();
            let module = self.symbols.sym(&absolute);
            let bound = self.symbols.sym(found_path);
            if imported == "*" {
                self.facts.stars.push((module, bound));
            }
            let submodule = host.resolve_module(self.module, &format!("{absolute}.{imported}"));
            let submodule = submodule.map(|id| &*host.module(id).path);
            let row = Import {
                at: alias.start().to_u32(),
                module,
                name: self.symbols.sym(imported),
                bound,
                path: submodule.map_or(bound, |path| self.symbols.sym(path)),
                is_submodule: submodule.is_some(),
                way: if import.is_lazy { ImportWay::Lazy } else { ImportWay::Run },
                is_optional: false,
                is_guarded: false,
                from: self.from,
            };
            self.push_import(row, alias);
        }
    }

    fn push_import(&mut self, mut row: Import, alias: &ast::Alias) {
        let definition = self.index.definition_at(alias.start());
        row.way = match (self.import_way(), row.way) {
            _ if self.typing > 0 => ImportWay::Typing,
            (ImportWay::Run, ImportWay::Lazy) => ImportWay::Lazy,
            (way, _) => way,
        };
        row.is_optional = self.is_optional > 0;
        row.is_guarded =
            definition.is_some_and(|each| self.index.definitions[each].reach == ReachId::NEVER);
        let number = u32::try_from(self.facts.imports.len()).unwrap_or(NONE);
        self.facts.imports.push(row);
        if let Some(def) = self.definitions.at(alias.start()) {
            let def = &mut self.facts.defs[def as usize];
            if def.import == NONE {
                def.import = number;
            }
            if alias.asname.as_ref().is_some_and(|name| name.id == alias.name.id) {
                def.flags.set(DefFlags::REEXPORT);
            }
        }
    }

    /// `__all__`.
    pub(super) fn exports(&mut self) {
        let Some(all) = &self.index.dunder_all else { return };
        let mut names = Vec::new();
        let mut is_complete = true;
        for op in &all.ops {
            match op {
                DunderAllOp::Add(more) => {
                    names.extend(more.iter().map(|name| self.symbols.sym(name.as_str())));
                }
                DunderAllOp::Remove(name) => {
                    let name = self.symbols.sym(name.as_str());
                    names.retain(|&each| each != name);
                }
                DunderAllOp::AddModule(_) | DunderAllOp::Unknown => is_complete = false,
            }
        }
        if !is_complete {
            let listed = std::mem::take(&mut self.listed);
            names.extend(listed.iter().map(|name| self.symbols.sym(name)));
        }
        self.facts.exports = Some((names, is_complete));
    }

    /// Names that a function binds and nobody reads.
    pub(super) fn unused_locals(&mut self) {
        for (scope, info) in self.index.scopes.iter_enumerated() {
            let ScopeNode::Function(function) = self.nodes.scopes[scope] else { continue };
            let Some(def) = self.definitions.at(function.name.start()) else { continue };
            if self.facts.defs[def as usize].flags.has(DefFlags::USES_LOCALS) {
                continue;
            }
            for (place, entry) in info.places.iter_enumerated() {
                let name = entry.expr.root.as_str();
                let is_plain = entry.expr.is_name()
                    && entry.is_bound()
                    && !entry.is_global()
                    && !entry.is_nonlocal()
                    && entry.foreign_definitions.is_empty()
                    && !name.starts_with('_')
                    && !self.used.contains_key(&(scope, place));
                let are_assignments = entry.definitions.iter().all(|&each| {
                    matches!(
                        self.nodes.definitions[each],
                        crate::index::DefinitionNode::Assignment { target, top_target, .. }
                            if target.range() == top_target.range()
                    )
                });
                if is_plain
                    && are_assignments
                    && let Some(&first) = entry.definitions.first()
                {
                    let at = self.index.definitions[first].name_range.start().to_u32();
                    let name = self.symbols.sym(name);
                    self.facts.unused_locals.push((def, name, at));
                }
            }
        }
    }

    /// Notes which parameters are read.
    pub(super) fn mark_parameters(&mut self) {
        for binding in self.used.keys() {
            if let Some(def) = self.definitions.of_place(*binding) {
                let def = &mut self.facts.defs[def as usize];
                if def.kind == DefKind::Parameter {
                    def.flags.set(DefFlags::READ);
                }
            }
        }
    }
}
