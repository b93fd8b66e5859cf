//! Compile-time errors: what parses, but what Python still refuses to compile.
//!
//! The parser's library knows the rules; this walk tells it where it is. Scopes are entered as Python does:
//! decorators, defaults, annotations and a comprehension's first iterable belong to the scope outside.

use std::cell::RefCell;

use ruff_python_ast::visitor::{
    Visitor, walk_comprehension, walk_elif_else_clause, walk_except_handler, walk_expr, walk_stmt,
};
use ruff_python_ast::{
    Alias, Comprehension, ElifElseClause, ExceptHandler, Expr, ExprContext, ExprName, ModModule,
    PySourceType, PythonVersion, Stmt, StmtAnnAssign, StmtClassDef, StmtFunctionDef, StmtTry,
};
use ruff_python_parser::semantic_errors::{
    LazyImportContext, SemanticSyntaxChecker, SemanticSyntaxContext, SemanticSyntaxError,
    SemanticSyntaxErrorKind,
};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::scopes::{Scope, ScopeKind};

/// The compile-time errors of a module, in no particular order, at most one a range.
pub(super) fn check(
    module: &ModModule,
    text: &str,
    kind: PySourceType,
    version: PythonVersion,
) -> Vec<(TextRange, String)> {
    let context = Context {
        text,
        kind,
        version,
        future_annotations: kind.is_stub() || imports_annotations(&module.body),
        scopes: vec![Scope::of_body(ScopeKind::Module, &module.body, None)],
        errors: RefCell::default(),
    };
    let mut walk = Walk { checker: SemanticSyntaxChecker::new(), context };
    walk.visit_body(&module.body);
    let mut errors = walk.context.errors.into_inner();
    // One wrong `await` may break two rules; the first says enough. The sort is stable.
    errors.sort_by_key(|(range, _)| (range.start(), range.end()));
    errors.dedup_by_key(|(range, _)| *range);
    errors
}

fn imports_annotations(body: &[Stmt]) -> bool {
    let future = |stmt: &Stmt| match stmt {
        Stmt::ImportFrom(import) => {
            import.module.as_deref() == Some("__future__")
                && import.names.iter().any(|alias| alias.name.as_str() == "annotations")
        }
        _ => false,
    };
    body.iter().any(future)
}

/// Where the walk is.
struct Context<'a> {
    text: &'a str,
    kind: PySourceType,
    version: PythonVersion,
    future_annotations: bool,
    /// Innermost last; the module is always there.
    scopes: Vec<Scope<'a>>,
    errors: RefCell<Vec<(TextRange, String)>>,
}

impl<'a> Context<'a> {
    fn kinds(&self) -> impl Iterator<Item = ScopeKind> {
        self.scopes.iter().rev().map(|scope| scope.kind)
    }

    fn current(&self) -> Option<&Scope<'a>> {
        self.scopes.last()
    }

    /// The innermost scope that is no comprehension.
    fn enclosing(&self) -> ScopeKind {
        let is_comprehension = |kind: &ScopeKind| matches!(kind, ScopeKind::Comprehension { .. });
        self.kinds().find(|kind| !is_comprehension(kind)).unwrap_or(ScopeKind::Module)
    }

    /// The comprehensions around the place, within the innermost other scope.
    fn comprehensions(&self) -> impl Iterator<Item = (bool, bool)> {
        self.kinds().map_while(|kind| match kind {
            ScopeKind::Comprehension { is_async, is_generator } => Some((is_async, is_generator)),
            _ => None,
        })
    }
}

impl SemanticSyntaxContext for Context<'_> {
    fn future_annotations_or_stub(&self) -> bool {
        self.future_annotations
    }

    fn lazy_import_context(&self) -> Option<LazyImportContext> {
        self.kinds()
            .find_map(|kind| match kind {
                ScopeKind::Function { .. } => Some(LazyImportContext::Function),
                ScopeKind::Class => Some(LazyImportContext::Class),
                _ => None,
            })
            .or_else(|| {
                let in_try = self.current().is_some_and(|scope| scope.tries > 0);
                in_try.then_some(LazyImportContext::TryExceptBlocks)
            })
    }

    fn python_version(&self) -> PythonVersion {
        self.version
    }

    fn source(&self) -> &str {
        self.text
    }

    fn global(&self, name: &str) -> Option<TextRange> {
        self.current()?.global(name)
    }

    fn has_nonlocal_binding(&self, name: &str) -> bool {
        // The scope of the statement itself does not count.
        let mut outer = self.scopes.iter().rev().skip(1);
        // Every class gives its methods a cell of that name.
        let binds = |scope: &Scope<'_>| {
            scope.binds_for_nonlocal(name)
                || (name == "__class__" && scope.kind == ScopeKind::Class)
        };
        outer.any(binds)
    }

    fn in_async_context(&self) -> bool {
        matches!(self.enclosing(), ScopeKind::Function { is_async: true })
    }

    fn in_await_allowed_context(&self) -> bool {
        matches!(self.enclosing(), ScopeKind::Function { .. } | ScopeKind::Lambda)
    }

    fn in_yield_allowed_context(&self) -> bool {
        let kind = self.kinds().next();
        matches!(kind, Some(ScopeKind::Function { .. } | ScopeKind::Lambda))
    }

    fn in_sync_comprehension(&self) -> bool {
        self.comprehensions().any(|(is_async, _)| !is_async)
    }

    fn in_class_body_comprehension(&self) -> bool {
        self.enclosing() == ScopeKind::Class
    }

    fn in_module_scope(&self) -> bool {
        self.current().is_some_and(|scope| scope.kind == ScopeKind::Module)
    }

    fn in_function_scope(&self) -> bool {
        self.current().is_some_and(|scope| matches!(scope.kind, ScopeKind::Function { .. }))
    }

    fn in_generator_context(&self) -> bool {
        self.comprehensions().any(|(_, is_generator)| is_generator)
    }

    fn in_notebook(&self) -> bool {
        self.kind.is_ipynb()
    }

    fn report_semantic_error(&self, error: SemanticSyntaxError) {
        // CPython says it of the statement that comes too late, not of each use before it.
        let late = match &error.kind {
            SemanticSyntaxErrorKind::LoadBeforeGlobalDeclaration { name, .. } => self.global(name),
            _ => None,
        };
        self.errors.borrow_mut().push((late.unwrap_or(error.range), error.to_string()));
    }

    fn in_loop_context(&self) -> bool {
        self.current().is_some_and(|scope| scope.loops > 0)
    }

    fn is_bound_parameter(&self, name: &str) -> bool {
        self.current().is_some_and(|scope| scope.has_parameter(name))
    }
}

struct Walk<'a> {
    checker: SemanticSyntaxChecker,
    context: Context<'a>,
}

impl<'a> Walk<'a> {
    fn within(&mut self, scope: Scope<'a>, walk: impl FnOnce(&mut Self)) {
        self.context.scopes.push(scope);
        walk(self);
        self.context.scopes.pop();
    }

    fn in_loop(&mut self, body: &'a [Stmt]) {
        self.count_loops(1);
        self.visit_body(body);
        self.count_loops(-1);
    }

    fn count_loops(&mut self, by: i32) {
        if let Some(scope) = self.context.scopes.last_mut() {
            scope.loops = scope.loops.saturating_add_signed(by);
        }
    }

    fn count_tries(&mut self, by: i32) {
        if let Some(scope) = self.context.scopes.last_mut() {
            scope.tries = scope.tries.saturating_add_signed(by);
        }
    }

    fn function(&mut self, function: &'a StmtFunctionDef) {
        for decorator in &function.decorator_list {
            self.visit_decorator(decorator);
        }
        if let Some(parameters) = &function.type_params {
            self.visit_type_params(parameters);
        }
        self.visit_parameters(&function.parameters);
        if let Some(returns) = &function.returns {
            self.visit_annotation(returns);
        }
        let kind = ScopeKind::Function { is_async: function.is_async };
        let scope = Scope::of_body(kind, &function.body, Some(&function.parameters));
        self.within(scope, |walk| walk.visit_body(&function.body));
    }

    fn class(&mut self, class: &'a StmtClassDef) {
        for decorator in &class.decorator_list {
            self.visit_decorator(decorator);
        }
        if let Some(parameters) = &class.type_params {
            self.visit_type_params(parameters);
        }
        if let Some(arguments) = &class.arguments {
            self.visit_arguments(arguments);
        }
        let scope = Scope::of_body(ScopeKind::Class, &class.body, None);
        self.within(scope, |walk| walk.visit_body(&class.body));
    }

    fn try_statement(&mut self, statement: &'a StmtTry) {
        self.count_tries(1);
        self.visit_body(&statement.body);
        for handler in &statement.handlers {
            self.visit_except_handler(handler);
            if statement.is_star {
                let ExceptHandler::ExceptHandler(handler) = handler;
                self.check_exits(&handler.body, false);
            }
        }
        self.visit_body(&statement.orelse);
        self.visit_body(&statement.finalbody);
        self.count_tries(-1);
    }

    /// A handler of `except*` is not left by `return`, nor by `break` and `continue` of a loop around it.
    /// Source: Python reference, "The `try` statement", "`except*` clause".
    fn check_exits(&self, body: &[Stmt], in_loop: bool) {
        for stmt in body {
            let word = match stmt {
                Stmt::Return(_) => "return",
                Stmt::Break(_) if !in_loop => "break",
                Stmt::Continue(_) if !in_loop => "continue",
                Stmt::For(statement) => {
                    self.check_exits(&statement.body, true);
                    self.check_exits(&statement.orelse, in_loop);
                    continue;
                }
                Stmt::While(statement) => {
                    self.check_exits(&statement.body, true);
                    self.check_exits(&statement.orelse, in_loop);
                    continue;
                }
                Stmt::If(statement) => {
                    self.check_exits(&statement.body, in_loop);
                    for clause in &statement.elif_else_clauses {
                        self.check_exits(&clause.body, in_loop);
                    }
                    continue;
                }
                Stmt::With(statement) => {
                    self.check_exits(&statement.body, in_loop);
                    continue;
                }
                Stmt::Match(statement) => {
                    for case in &statement.cases {
                        self.check_exits(&case.body, in_loop);
                    }
                    continue;
                }
                Stmt::Try(statement) => {
                    self.check_exits(&statement.body, in_loop);
                    if !statement.is_star {
                        for handler in &statement.handlers {
                            let ExceptHandler::ExceptHandler(handler) = handler;
                            self.check_exits(&handler.body, in_loop);
                        }
                    }
                    self.check_exits(&statement.orelse, in_loop);
                    self.check_exits(&statement.finalbody, in_loop);
                    continue;
                }
                _ => continue,
            };
            let message = format!("`{word}` cannot appear in an `except*` block");
            self.context.errors.borrow_mut().push((stmt.range(), message));
        }
    }

    /// A name is not used before the `nonlocal` statement that declares it, and has no annotation of its own.
    fn check_nonlocal(&self, name: &ExprName) {
        let declared = self.context.current().and_then(|scope| scope.nonlocal(&name.id));
        self.check_late(&name.id, name.start(), declared, "used prior to nonlocal");
    }

    /// What a statement binds without an expression for it (`import`, `def`, `class`, `except`) is not declared
    /// `global` or `nonlocal` after it. Source: Python reference, "The `global` statement".
    fn check_bound(&self, name: &str, at: TextSize) {
        let scope = self.context.current();
        let global = scope.and_then(|scope| scope.global(name));
        self.check_late(name, at, global, "assigned to before global");
        let nonlocal = scope.and_then(|scope| scope.nonlocal(name));
        self.check_late(name, at, nonlocal, "assigned to before nonlocal");
    }

    fn check_late(&self, name: &str, at: TextSize, declared: Option<TextRange>, what: &str) {
        if let Some(range) = declared.filter(|range| at < range.start()) {
            let message = format!("name `{name}` is {what} declaration");
            self.context.errors.borrow_mut().push((range, message));
        }
    }

    fn check_imported<'n>(&self, names: impl IntoIterator<Item = &'n Alias>) {
        for alias in names {
            let name = match &alias.asname {
                Some(name) => name.as_str(),
                None => alias.name.split('.').next().unwrap_or_default(),
            };
            self.check_bound(name, alias.start());
        }
    }

    fn check_annotated(&self, statement: &StmtAnnAssign) {
        let Expr::Name(name) = &*statement.target else { return };
        if self.context.current().is_some_and(|scope| scope.nonlocal(&name.id).is_some()) {
            let message = format!("annotated name `{}` cannot be nonlocal", name.id);
            self.context.errors.borrow_mut().push((statement.range(), message));
        }
    }

    fn comprehension(
        &mut self,
        elements: &[&'a Expr],
        generators: &'a [Comprehension],
        is_generator: bool,
    ) {
        if let Some(first) = generators.first() {
            self.visit_expr(&first.iter);
        }
        let is_async = generators.iter().any(|generator| generator.is_async);
        let kind = ScopeKind::Comprehension { is_async, is_generator };
        self.within(Scope::of_expression(kind, None), |walk| {
            for (index, generator) in generators.iter().enumerate() {
                if index == 0 {
                    walk.visit_expr(&generator.target);
                    generator.ifs.iter().for_each(|test| walk.visit_expr(test));
                } else {
                    walk_comprehension(walk, generator);
                }
            }
            elements.iter().for_each(|element| walk.visit_expr(element));
        });
    }
}

impl<'a> Visitor<'a> for Walk<'a> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        self.checker.visit_stmt(stmt, &self.context);
        match stmt {
            Stmt::FunctionDef(function) => {
                self.check_bound(&function.name, function.name.start());
                self.function(function);
            }
            Stmt::ClassDef(class) => {
                self.check_bound(&class.name, class.name.start());
                self.class(class);
            }
            Stmt::Import(import) => self.check_imported(&import.names),
            Stmt::ImportFrom(import) => self.check_imported(&import.names),
            Stmt::For(statement) => {
                self.visit_expr(&statement.iter);
                self.visit_expr(&statement.target);
                self.in_loop(&statement.body);
                self.visit_body(&statement.orelse);
            }
            Stmt::While(statement) => {
                self.visit_expr(&statement.test);
                self.in_loop(&statement.body);
                self.visit_body(&statement.orelse);
            }
            Stmt::Try(statement) => self.try_statement(statement),
            Stmt::AnnAssign(statement) => {
                self.check_annotated(statement);
                walk_stmt(self, stmt);
            }
            _ => walk_stmt(self, stmt),
        }
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        self.checker.visit_expr(expr, &self.context);
        match expr {
            Expr::Name(name) => self.check_nonlocal(name),
            Expr::Lambda(lambda) => {
                let parameters = lambda.parameters.as_deref();
                if let Some(parameters) = parameters {
                    self.visit_parameters(parameters);
                }
                let scope = Scope::of_expression(ScopeKind::Lambda, parameters);
                self.within(scope, |walk| walk.visit_expr(&lambda.body));
            }
            Expr::ListComp(list) => self.comprehension(&[&list.elt], &list.generators, false),
            Expr::SetComp(set) => self.comprehension(&[&set.elt], &set.generators, false),
            Expr::Generator(generator) => {
                self.comprehension(&[&generator.elt], &generator.generators, true);
            }
            Expr::DictComp(dict) => match &dict.key {
                Some(key) => self.comprehension(&[key, &dict.value], &dict.generators, false),
                None => self.comprehension(&[&dict.value], &dict.generators, false),
            },
            _ => walk_expr(self, expr),
        }
    }

    fn visit_expr_context(&mut self, _: &'a ExprContext) {}

    fn visit_except_handler(&mut self, handler: &'a ExceptHandler) {
        let ExceptHandler::ExceptHandler(clause) = handler;
        if let Some(name) = &clause.name {
            self.check_bound(name, name.start());
        }
        walk_except_handler(self, handler);
    }

    fn visit_elif_else_clause(&mut self, clause: &'a ElifElseClause) {
        walk_elif_else_clause(self, clause);
    }
}

#[cfg(test)]
mod tests {
    use ruff_text_size::Ranged;

    use super::*;

    fn errors(text: &str) -> Vec<String> {
        errors_in(text, PythonVersion::PY312)
    }

    fn errors_in(text: &str, version: PythonVersion) -> Vec<String> {
        let parsed = ruff_python_parser::parse_module(text).expect(text);
        assert!(parsed.syntax().range().len().to_usize() <= text.len());
        let found = check(parsed.syntax(), text, PySourceType::Python, version);
        found.into_iter().map(|(_, message)| message).collect()
    }

    #[test]
    fn wrong_programs_are_told() {
        for text in [
            "return 1\n",
            "class C:\n    return 1\n",
            "yield 1\n",
            "await x\n",
            "def f():\n    await x\n",
            "async def f():\n    class C:\n        await x\n",
            "async def f():\n    yield from x\n",
            "async def f():\n    yield 1\n    return 2\n",
            "def f():\n    [x async for x in y]\n",
            "def f():\n    async with x: pass\n",
            "break\n",
            "for x in y: pass\nelse: break\n",
            "while x:\n    def f(): continue\n",
            "def f(a, a): pass\n",
            "lambda a, a: 1\n",
            "f(a=1, a=2)\n",
            "nonlocal x\n",
            "def f():\n    nonlocal x\n",
            "x = 1\ndef f():\n    nonlocal x\n",
            "def f(x):\n    global x\n",
            "def f():\n    x = 1\n    global x\n",
            "def f():\n    import x.y\n    global x\n",
            "def f():\n    from y import z as x\n    global x\n",
            "def f():\n    def x(): pass\n    global x\n",
            "def f():\n    try: pass\n    except E as x: pass\n    global x\n",
            "def f():\n    x = 1\n    def g():\n        class x: pass\n        nonlocal x\n",
            "def f():\n    def g(x):\n        nonlocal x\n",
            "def f():\n    from x import *\n",
            "import x\nfrom __future__ import annotations\n",
            "from __future__ import braces_and_more\n",
            "__debug__ = 1\n",
            "*a, *b = x\n",
            "[x := 1 for x in y]\n",
            "class C:\n    [y := 1 for x in z]\n",
            "[(yield 1) for x in y]\n",
            "match x:\n    case y: pass\n    case 1: pass\n",
            "match x:\n    case [y, y]: pass\n",
            "match x:\n    case {'a': 1, 'a': 2}: pass\n",
            "def f[T, T](): pass\n",
            "class C[T: (yield 1)]: pass\n",
        ] {
            assert!(!errors(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn right_programs_are_not() {
        for text in [
            "def f():\n    return [(yield)]\n",
            "lambda: (yield 1)\n",
            "async def f():\n    return [await x async for x in y if await x]\n",
            "async def f():\n    return (await x for x in y)\n",
            "async def f():\n    return [[z async for z in x] for x in y]\n",
            "def f():\n    return [x for x in (yield)]\n",
            "for x in y:\n    if x: continue\n    try: pass\n    finally: break\n",
            "while x:\n    for y in z: pass\n    else: break\n",
            "def f():\n    x = 1\n    def g():\n        nonlocal x\n        x = 2\n        def h():\n            nonlocal x\n",
            "def f(x):\n    class C:\n        def g(self):\n            nonlocal x\n",
            "def f():\n    for a, (b, *c) in d: pass\n    with e as g: pass\n    def h():\n        nonlocal a, b, c, g\n",
            "def f():\n    import a.b, c as d\n    try: pass\n    except E as e: pass\n    def h():\n        nonlocal a, d, e\n",
            "def f():\n    match x:\n        case [a, *b]: pass\n        case {'k': c, **d}: pass\n    def h():\n        nonlocal a, b, c, d\n",
            "def f():\n    if (x := 1): pass\n    def g():\n        nonlocal x\n",
            "class C:\n    def f(self):\n        nonlocal __class__\n",
            "def f():\n    global x\n    x = 1\n",
            "'''doc'''\nfrom __future__ import annotations\n",
            "match x:\n    case 1 | 2: pass\n    case y if y: pass\n    case _: pass\n",
            "a, *b = x\n[*a, b] = x\n",
            "print(__debug__)\n",
        ] {
            assert_eq!(errors(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn versions_matter() {
        let text = "async def f():\n    return [[z async for z in x] for x in y]\n";
        assert_eq!(errors_in(text, PythonVersion::PY310).len(), 1);
        assert_eq!(errors_in(text, PythonVersion::PY311).len(), 0);
        let text = "def f(x: (y := 1)): pass\n";
        assert_eq!(errors_in(text, PythonVersion::PY313).len(), 0);
        assert_eq!(errors_in(text, PythonVersion::PY314).len(), 1);
    }
}
