//! The scopes around a place while a tree is walked, as far as compile-time errors need them.
//!
//! This is not the semantic index: it knows nothing of definitions or flow, and is thrown away with the walk.

use std::cell::OnceCell;

use ruff_python_ast::visitor::{Visitor, walk_expr, walk_pattern, walk_stmt};
use ruff_python_ast::{ExceptHandler, Expr, ExprContext, Parameters, Pattern, Stmt};
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::{FxHashMap, FxHashSet};

/// What opens a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ScopeKind {
    Module,
    Class,
    Function { is_async: bool },
    Lambda,
    Comprehension { is_async: bool, is_generator: bool },
}

/// One scope.
#[derive(Debug)]
pub(super) struct Scope<'a> {
    pub(super) kind: ScopeKind,
    body: &'a [Stmt],
    parameters: Option<&'a Parameters>,
    globals: FxHashMap<&'a str, TextRange>,
    nonlocals: FxHashMap<&'a str, TextRange>,
    /// What its body binds, when somebody has asked.
    bindings: OnceCell<FxHashSet<&'a str>>,
    pub(super) loops: u32,
    pub(super) tries: u32,
}

impl<'a> Scope<'a> {
    /// The scope of a body of statements.
    pub(super) fn of_body(
        kind: ScopeKind,
        body: &'a [Stmt],
        parameters: Option<&'a Parameters>,
    ) -> Self {
        let mut globals = Globals::default();
        globals.visit_body(body);
        let Globals { globals, nonlocals } = globals;
        let bindings = OnceCell::new();
        Self { kind, body, parameters, globals, nonlocals, bindings, loops: 0, tries: 0 }
    }

    /// The scope of an expression.
    pub(super) fn of_expression(kind: ScopeKind, parameters: Option<&'a Parameters>) -> Self {
        let (globals, nonlocals) = (FxHashMap::default(), FxHashMap::default());
        let bindings = OnceCell::new();
        Self { kind, body: &[], parameters, globals, nonlocals, bindings, loops: 0, tries: 0 }
    }

    /// Where `name` is declared `global` here.
    pub(super) fn global(&self, name: &str) -> Option<TextRange> {
        self.globals.get(name).copied()
    }

    /// Where `name` is declared `nonlocal` here.
    pub(super) fn nonlocal(&self, name: &str) -> Option<TextRange> {
        self.nonlocals.get(name).copied()
    }

    /// Whether `name` is a parameter of this function or lambda.
    pub(super) fn has_parameter(&self, name: &str) -> bool {
        self.parameters.is_some_and(|parameters| parameters.includes(name))
    }

    /// Whether this is a function that binds `name` as its own. Asked only for `nonlocal`.
    pub(super) fn binds_for_nonlocal(&self, name: &str) -> bool {
        if !matches!(self.kind, ScopeKind::Function { .. } | ScopeKind::Lambda) {
            return false;
        }
        if self.has_parameter(name) {
            return true;
        }
        if self.globals.contains_key(name) {
            return false;
        }
        let collect = || {
            let mut bindings = Bindings::default();
            bindings.visit_body(self.body);
            bindings.0
        };
        self.bindings.get_or_init(collect).contains(name)
    }
}

/// Collects the `global` and `nonlocal` statements of one scope.
#[derive(Default)]
struct Globals<'a> {
    globals: FxHashMap<&'a str, TextRange>,
    nonlocals: FxHashMap<&'a str, TextRange>,
}

impl<'a> Visitor<'a> for Globals<'a> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::Global(global) => {
                for name in &global.names {
                    self.globals.entry(name.as_str()).or_insert_with(|| global.range());
                }
            }
            Stmt::Nonlocal(nonlocal) => {
                for name in &nonlocal.names {
                    self.nonlocals.entry(name.as_str()).or_insert_with(|| nonlocal.range());
                }
            }
            Stmt::If(_)
            | Stmt::For(_)
            | Stmt::While(_)
            | Stmt::With(_)
            | Stmt::Try(_)
            | Stmt::Match(_) => {
                walk_stmt(self, stmt);
            }
            _ => {}
        }
    }

    fn visit_expr(&mut self, _: &'a Expr) {}

    fn visit_pattern(&mut self, _: &'a Pattern) {}
}

/// Collects the names that one scope binds, `nonlocal` ones excepted only by being bound further out as well.
#[derive(Default)]
struct Bindings<'a>(FxHashSet<&'a str>);

impl<'a> Bindings<'a> {
    fn import(&mut self, name: &'a str) {
        self.0.insert(name.split('.').next().unwrap_or(name));
    }
}

impl<'a> Visitor<'a> for Bindings<'a> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::FunctionDef(function) => {
                self.0.insert(function.name.as_str());
                for decorator in &function.decorator_list {
                    self.visit_decorator(decorator);
                }
                self.visit_parameters(&function.parameters);
            }
            Stmt::ClassDef(class) => {
                self.0.insert(class.name.as_str());
                for decorator in &class.decorator_list {
                    self.visit_decorator(decorator);
                }
                if let Some(arguments) = &class.arguments {
                    self.visit_arguments(arguments);
                }
            }
            Stmt::Import(import) => {
                for alias in &import.names {
                    self.import(alias.asname.as_ref().unwrap_or(&alias.name));
                }
            }
            Stmt::ImportFrom(import) => {
                for alias in &import.names {
                    self.import(alias.asname.as_ref().unwrap_or(&alias.name));
                }
            }
            _ => walk_stmt(self, stmt),
        }
    }

    fn visit_except_handler(&mut self, handler: &'a ExceptHandler) {
        let ExceptHandler::ExceptHandler(inner) = handler;
        self.0.extend(inner.name.as_ref().map(|name| name.as_str()));
        ruff_python_ast::visitor::walk_except_handler(self, handler);
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Name(name) if matches!(name.ctx, ExprContext::Store | ExprContext::Del) => {
                self.0.insert(name.id.as_str());
            }
            // A lambda binds nothing of ours; a comprehension may by `:=`, and its targets do no harm here.
            Expr::Lambda(_) => {}
            _ => walk_expr(self, expr),
        }
    }

    fn visit_pattern(&mut self, pattern: &'a Pattern) {
        let name = match pattern {
            Pattern::MatchAs(pattern) => pattern.name.as_ref(),
            Pattern::MatchStar(pattern) => pattern.name.as_ref(),
            Pattern::MatchMapping(pattern) => pattern.rest.as_ref(),
            _ => None,
        };
        self.0.extend(name.map(|name| name.as_str()));
        walk_pattern(self, pattern);
    }
}
