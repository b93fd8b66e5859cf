//! A look ahead over one scope's statements: which names it binds, and what each of its loops binds.
//!
//! Python decides by the whole scope whether a name is local, and the head of a loop must know what may change
//! before the loop's body is walked. Nested functions, lambdas and classes have look-aheads of their own.

use ruff_python_ast::visitor::{Visitor, walk_expr, walk_pattern, walk_stmt};
use ruff_python_ast::{
    ExceptHandler, Expr, Identifier, Parameters, Pattern, Stmt, StmtImport, StmtImportFrom,
};
use ruff_text_size::{Ranged, TextSize};

use super::names::Names;
use super::reach::position;
use super::scope::ScopeState;
use crate::index::ids::PlaceId;
use crate::index::place::PlaceFlags;

/// Looks over the body of a module, class or function.
pub(super) fn prescan_body(names: &mut Names, scope: &mut ScopeState, body: &[Stmt]) {
    let mut prescan = Prescan { names, scope, loops: 0 };
    for stmt in body {
        prescan.visit_stmt(stmt);
    }
}

/// Looks over the body of a lambda.
pub(super) fn prescan_expr(names: &mut Names, scope: &mut ScopeState, body: &Expr) {
    Prescan { names, scope, loops: 0 }.visit_expr(body);
}

struct Prescan<'a> {
    names: &'a mut Names,
    scope: &'a mut ScopeState,
    /// How many loops we are in.
    loops: u32,
}

impl Prescan<'_> {
    fn bind_name(&mut self, name: &Identifier) {
        let id = self.names.intern(&name.id);
        let place = self.scope.name_place(id);
        self.bind_place(place);
    }

    fn bind_place(&mut self, place: PlaceId) {
        let state = &mut self.scope.places[place];
        if state.segments.is_empty() {
            state.flags.insert(PlaceFlags::BOUND);
        }
        if self.loops > 0 {
            self.scope.loop_bindings.push(place);
        }
    }

    /// Binds the leaves of a target, and looks into what is evaluated for it.
    fn target(&mut self, target: &Expr) {
        match target {
            Expr::Name(name) => {
                let id = self.names.intern(&name.id);
                let place = self.scope.name_place(id);
                self.bind_place(place);
            }
            Expr::Tuple(tuple) => tuple.elts.iter().for_each(|elt| self.target(elt)),
            Expr::List(list) => list.elts.iter().for_each(|elt| self.target(elt)),
            Expr::Starred(starred) => self.target(&starred.value),
            Expr::Attribute(_) | Expr::Subscript(_) => {
                if let Some(path) = self.names.path(target) {
                    let place = self.scope.path_place(&path);
                    self.bind_place(place);
                } else if let Expr::Subscript(subscript) = target
                    && self.loops > 0
                    && let Some(path) = self.names.path(&subscript.value)
                {
                    // Any item may change: let the loop's head know about those that are places.
                    let place = self.scope.path_place(&path);
                    self.scope.loop_bindings.push(place);
                }
                walk_expr(self, target);
            }
            _ => self.visit_expr(target),
        }
    }

    fn in_loop(&mut self, start: TextSize, walk: impl FnOnce(&mut Self)) {
        let first = position(self.scope.loop_bindings.len());
        self.loops += 1;
        walk(self);
        self.loops -= 1;
        let last = position(self.scope.loop_bindings.len());
        if first != last {
            self.scope.loop_ranges.insert(start, (first, last));
        }
    }

    fn defaults(&mut self, parameters: &Parameters) {
        for parameter in parameters.iter_non_variadic_params() {
            if let Some(default) = &parameter.default {
                self.visit_expr(default);
            }
        }
    }

    fn import(&mut self, import: &StmtImport) {
        for alias in &import.names {
            match &alias.asname {
                Some(name) => self.bind_name(name),
                None => {
                    let id = self.names.intern(&super::first_component(&alias.name.id));
                    let place = self.scope.name_place(id);
                    self.bind_place(place);
                }
            }
        }
    }

    fn import_from(&mut self, import: &StmtImportFrom) {
        for alias in &import.names {
            if alias.name.as_str() != "*" {
                self.bind_name(alias.asname.as_ref().unwrap_or(&alias.name));
            }
        }
    }

    fn declare_outside(&mut self, names: &[Identifier], flag: PlaceFlags) {
        for name in names {
            let id = self.names.intern(&name.id);
            let place = self.scope.name_place(id);
            self.scope.places[place].flags.insert(flag);
        }
    }
}

impl<'ast> Visitor<'ast> for Prescan<'_> {
    fn visit_stmt(&mut self, stmt: &'ast Stmt) {
        match stmt {
            Stmt::FunctionDef(def) => {
                def.decorator_list.iter().for_each(|d| self.visit_expr(&d.expression));
                self.defaults(&def.parameters);
                self.bind_name(&def.name);
            }
            Stmt::ClassDef(class) => {
                class.decorator_list.iter().for_each(|d| self.visit_expr(&d.expression));
                if let Some(arguments) = &class.arguments {
                    self.visit_arguments(arguments);
                }
                self.bind_name(&class.name);
            }
            Stmt::Assign(assign) => {
                self.visit_expr(&assign.value);
                assign.targets.iter().for_each(|target| self.target(target));
            }
            Stmt::AugAssign(assign) => {
                self.visit_expr(&assign.value);
                self.target(&assign.target);
            }
            Stmt::AnnAssign(assign) => {
                if let Some(value) = &assign.value {
                    self.visit_expr(value);
                }
                self.target(&assign.target);
            }
            Stmt::For(stmt) => {
                self.visit_expr(&stmt.iter);
                self.in_loop(stmt.start(), |this| {
                    this.target(&stmt.target);
                    this.visit_body(&stmt.body);
                });
                self.visit_body(&stmt.orelse);
            }
            Stmt::While(stmt) => {
                self.in_loop(stmt.start(), |this| {
                    this.visit_expr(&stmt.test);
                    this.visit_body(&stmt.body);
                });
                self.visit_body(&stmt.orelse);
            }
            Stmt::With(with) => {
                for item in &with.items {
                    self.visit_expr(&item.context_expr);
                    if let Some(target) = &item.optional_vars {
                        self.target(target);
                    }
                }
                self.visit_body(&with.body);
            }
            Stmt::Delete(delete) => delete.targets.iter().for_each(|target| self.target(target)),
            Stmt::Import(import) => self.import(import),
            Stmt::ImportFrom(import) => self.import_from(import),
            Stmt::TypeAlias(alias) => self.target(&alias.name),
            Stmt::Global(global) => self.declare_outside(&global.names, PlaceFlags::GLOBAL),
            Stmt::Nonlocal(nonlocal) => {
                self.declare_outside(&nonlocal.names, PlaceFlags::NONLOCAL);
            }
            Stmt::If(_)
            | Stmt::Match(_)
            | Stmt::Try(_)
            | Stmt::Return(_)
            | Stmt::Raise(_)
            | Stmt::Assert(_)
            | Stmt::Expr(_)
            | Stmt::Pass(_)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::IpyEscapeCommand(_) => walk_stmt(self, stmt),
        }
    }

    fn visit_except_handler(&mut self, handler: &'ast ExceptHandler) {
        let ExceptHandler::ExceptHandler(handler) = handler;
        if let Some(type_) = &handler.type_ {
            self.visit_expr(type_);
        }
        if let Some(name) = &handler.name {
            self.bind_name(name);
        }
        self.visit_body(&handler.body);
    }

    fn visit_pattern(&mut self, pattern: &'ast Pattern) {
        if let Some(name) = super::captured_name(pattern) {
            self.bind_name(name);
        }
        walk_pattern(self, pattern);
    }

    fn visit_expr(&mut self, expr: &'ast Expr) {
        match expr {
            Expr::Name(_)
            | Expr::StringLiteral(_)
            | Expr::NumberLiteral(_)
            | Expr::BytesLiteral(_)
            | Expr::BooleanLiteral(_)
            | Expr::NoneLiteral(_)
            | Expr::EllipsisLiteral(_) => {}
            Expr::Lambda(lambda) => {
                if let Some(parameters) = &lambda.parameters {
                    self.defaults(parameters);
                }
            }
            Expr::Named(named) => {
                self.visit_expr(&named.value);
                self.target(&named.target);
            }
            _ => walk_expr(self, expr),
        }
    }
}

/// Names that are declared `global` or `nonlocal` are not the scope's own, whatever it does with them.
pub(super) fn disown_outside_names(scope: &mut ScopeState) {
    for state in scope.places.iter_mut() {
        let outside =
            state.flags.contains(PlaceFlags::GLOBAL) || state.flags.contains(PlaceFlags::NONLOCAL);
        if outside {
            state.flags.remove(PlaceFlags::BOUND);
        }
    }
}
