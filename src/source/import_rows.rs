//! The import statements of a parsed text, each name a row, with when it runs: all that questions about imports
//! need, found without an index or a type.

use ruff_python_ast::statement_visitor::{StatementVisitor, walk_stmt};
use ruff_python_ast::{self as ast, ExceptHandler, Expr, ModModule, Stmt};
use ruff_text_size::{Ranged, TextRange};

/// When an import runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RowWay {
    /// While the module is imported.
    Run,
    /// In a function.
    Deferred,
    /// When the name is first used (PEP 810).
    Lazy,
    /// Under `TYPE_CHECKING`.
    Typing,
}

/// A name that is imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportRow<'t> {
    /// The alias.
    pub range: TextRange,
    /// Leading dots.
    pub level: u32,
    /// The module, without the dots.
    pub module: &'t str,
    /// The imported name; `None` for `import module`.
    pub name: Option<&'t str>,
    /// When it runs.
    pub way: RowWay,
    /// Whether a handler for failing imports is around it.
    pub is_optional: bool,
}

/// All imports of a tree, in order.
#[must_use]
pub fn import_rows(tree: &ModModule) -> Vec<ImportRow<'_>> {
    let mut finder = Finder { rows: Vec::new(), functions: 0, typing: 0, optional: 0 };
    finder.visit_body(&tree.body);
    finder.rows
}

struct Finder<'t> {
    rows: Vec<ImportRow<'t>>,
    functions: u32,
    typing: u32,
    optional: u32,
}

impl<'t> Finder<'t> {
    fn push(
        &mut self,
        alias: &'t ast::Alias,
        level: u32,
        module: &'t str,
        name: Option<&'t str>,
        is_lazy: bool,
    ) {
        let way = if self.typing > 0 {
            RowWay::Typing
        } else if self.functions > 0 {
            RowWay::Deferred
        } else if is_lazy {
            RowWay::Lazy
        } else {
            RowWay::Run
        };
        let is_optional = self.optional > 0;
        self.rows.push(ImportRow { range: alias.range(), level, module, name, way, is_optional });
    }

    fn branch(&mut self, branch: &'t ast::StmtIf) {
        let is_typing = is_type_checking(&branch.test);
        self.typing += u32::from(is_typing);
        self.visit_body(&branch.body);
        self.typing -= u32::from(is_typing);
        for clause in &branch.elif_else_clauses {
            let is_typing = clause.test.as_ref().is_some_and(is_type_checking);
            self.typing += u32::from(is_typing);
            self.visit_body(&clause.body);
            self.typing -= u32::from(is_typing);
        }
    }
}

impl<'t> StatementVisitor<'t> for Finder<'t> {
    fn visit_stmt(&mut self, stmt: &'t Stmt) {
        match stmt {
            Stmt::Import(import) => {
                for alias in &import.names {
                    self.push(alias, 0, alias.name.as_str(), None, import.is_lazy);
                }
            }
            Stmt::ImportFrom(import) => {
                let module = import.module.as_ref().map_or("", |module| module.as_str());
                for alias in &import.names {
                    let name = Some(alias.name.as_str());
                    self.push(alias, import.level, module, name, import.is_lazy);
                }
            }
            Stmt::FunctionDef(function) => {
                self.functions += 1;
                self.visit_body(&function.body);
                self.functions -= 1;
            }
            Stmt::If(branch) => self.branch(branch),
            Stmt::Try(attempt) => {
                let is_optional = attempt.handlers.iter().any(catches_import_error);
                self.optional += u32::from(is_optional);
                self.visit_body(&attempt.body);
                for handler in &attempt.handlers {
                    let ExceptHandler::ExceptHandler(handler) = handler;
                    self.visit_body(&handler.body);
                }
                self.optional -= u32::from(is_optional);
                self.visit_body(&attempt.orelse);
                self.visit_body(&attempt.finalbody);
            }
            _ => walk_stmt(self, stmt),
        }
    }
}

/// `TYPE_CHECKING`, whatever module it is read from.
#[must_use]
pub fn is_type_checking(test: &Expr) -> bool {
    is_named(test, "TYPE_CHECKING")
}

/// Whether an expression is a name, or an attribute of that name, whatever it is read from.
#[must_use]
pub fn is_named(expr: &Expr, name: &str) -> bool {
    match expr {
        Expr::Name(found) => found.id.as_str() == name,
        Expr::Attribute(attribute) => attribute.attr.as_str() == name,
        _ => false,
    }
}

fn catches_import_error(handler: &ExceptHandler) -> bool {
    let ExceptHandler::ExceptHandler(handler) = handler;
    let name = |expr: &Expr| match expr {
        Expr::Name(name) => matches!(
            name.id.as_str(),
            "ImportError" | "ModuleNotFoundError" | "Exception" | "BaseException"
        ),
        _ => false,
    };
    match handler.type_.as_deref() {
        None => true,
        Some(Expr::Tuple(tuple)) => tuple.elts.iter().any(name),
        Some(expr) => name(expr),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source;

    #[test]
    fn imports_are_told_apart_by_when_they_run() {
        let text = source::from_text(
            "import a.b\nfrom typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from . import c\n\
             def f():\n    from d import e\ntry:\n    import g\nexcept ImportError:\n    pass\n",
        );
        let tree = source::parse_again(
            &text,
            ruff_python_ast::PySourceType::Python,
            ruff_python_ast::PythonVersion::PY313,
        );
        let rows: Vec<(u32, &str, Option<&str>, RowWay, bool)> = import_rows(&tree)
            .into_iter()
            .map(|row| (row.level, row.module, row.name, row.way, row.is_optional))
            .collect();
        assert_eq!(
            rows,
            [
                (0, "a.b", None, RowWay::Run, false),
                (0, "typing", Some("TYPE_CHECKING"), RowWay::Run, false),
                (1, "", Some("c"), RowWay::Typing, false),
                (0, "d", Some("e"), RowWay::Deferred, false),
                (0, "g", None, RowWay::Run, true),
            ]
        );
    }
}
