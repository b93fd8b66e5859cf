//! Bodies that nobody asks for: in a module that is not checked, a function whose signature says all is its signature.
//!
//! Such bodies are taken out of the tree before it is indexed, and their text is blank when it is parsed again: both
//! times the same tree comes out. In annotated libraries they are half of the text.
//!
//! ```text
//! def area(self) -> float:            def area(self) -> float:
//!     a = self.width              →       (
//!     return a * self.height                                0)
//! ```

use memchr::memmem;
use ruff_python_ast::visitor::{Visitor, walk_expr, walk_stmt};
use ruff_python_ast::{
    AtomicNodeIndex, ExceptHandler, Expr, ExprContext, ExprNumberLiteral, Int, Number, Stmt,
    StmtExpr, StmtFunctionDef,
};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::stack;

/// What stands for a body, but for the blanks within.
const STAND_IN: &str = "(0)";
/// Bodies of fewer bytes are not worth a range.
const FEW_BYTES: usize = 24;

/// Takes the bodies out of the functions of a valid tree that are not inside of others, and says where they were.
pub(super) fn take_bodies(text: &str, tree: &mut [Stmt]) -> Box<[TextRange]> {
    // Where it stands, what is written about a function does not count.
    if memmem::find(text.as_bytes(), b"no_type_check").is_some() {
        return Box::default();
    }
    let mut taken = Vec::new();
    take_from(tree, &mut taken);
    taken.into()
}

/// A text with blanks where those bodies were.
pub(super) fn without_bodies(text: &str, taken: &[TextRange]) -> String {
    let mut made = String::with_capacity(text.len());
    let mut at = 0;
    for range in taken {
        let (start, end) = (range.start().to_usize(), range.end().to_usize());
        made.push_str(&text[at..start]);
        let (open, rest) = STAND_IN.split_at(1);
        made.push_str(open);
        made.extend(std::iter::repeat_n(' ', end - start - STAND_IN.len()));
        made.push_str(rest);
        at = end;
    }
    made.push_str(&text[at..]);
    made
}

fn take_from(body: &mut [Stmt], taken: &mut Vec<TextRange>) {
    for stmt in body {
        stack::deeper(|| match stmt {
            Stmt::FunctionDef(function) => take_body(function, taken),
            Stmt::ClassDef(stmt) => take_from(&mut stmt.body, taken),
            Stmt::With(stmt) => take_from(&mut stmt.body, taken),
            Stmt::If(stmt) => {
                take_from(&mut stmt.body, taken);
                for clause in &mut stmt.elif_else_clauses {
                    take_from(&mut clause.body, taken);
                }
            }
            Stmt::Try(stmt) => {
                take_from(&mut stmt.body, taken);
                for ExceptHandler::ExceptHandler(handler) in &mut stmt.handlers {
                    take_from(&mut handler.body, taken);
                }
                take_from(&mut stmt.orelse, taken);
                take_from(&mut stmt.finalbody, taken);
            }
            _ => {}
        });
    }
}

fn take_body(function: &mut StmtFunctionDef, taken: &mut Vec<TextRange>) {
    let [first, ..] = &*function.body else { return };
    let end = function.body.last().map_or(first.end(), Ranged::end);
    let range = TextRange::new(first.start(), end);
    if range.len().to_usize() >= FEW_BYTES && says_all(function) {
        function.body.clear();
        function.body.push(stand_in(range));
        taken.push(range);
    }
}

/// The tree of [`STAND_IN`] with blanks up to the end of `range`.
fn stand_in(range: TextRange) -> Stmt {
    let digit = TextRange::at(range.end() - TextSize::new(2), TextSize::new(1));
    let value = Number::Int(Int::ZERO);
    let value = ExprNumberLiteral { node_index: AtomicNodeIndex::NONE, range: digit, value };
    let value = Box::new(Expr::NumberLiteral(value));
    Stmt::Expr(StmtExpr { node_index: AtomicNodeIndex::NONE, range, value })
}

/// Whether the body of a function says nothing to others that its signature does not say.
fn says_all(function: &StmtFunctionDef) -> bool {
    // An empty body has a meaning of its own.
    let does_something = |stmt: &Stmt| match stmt {
        Stmt::Raise(_) | Stmt::Pass(_) => false,
        Stmt::Expr(stmt) => !stmt.value.is_literal_expr(),
        _ => true,
    };
    // Where nothing is declared, the body says whether a default is a mark.
    let may_be_mark = function.parameters.iter_non_variadic_params().any(|parameter| {
        let is_named = |default: &Expr| matches!(default, Expr::Name(_) | Expr::Attribute(_));
        parameter.annotation().is_none() && parameter.default.as_deref().is_some_and(is_named)
    });
    if function.returns.is_none() || may_be_mark || !function.body.iter().any(does_something) {
        return false;
    }
    let first = function.parameters.iter().next().map(|first| first.name().as_str());
    let mut search = Search { first, says_more: false };
    search.visit_body(&function.body);
    !search.says_more
}

/// Looks for what a body says of its module or class, or of what a call of it gives.
struct Search<'a> {
    /// What may be `self`.
    first: Option<&'a str>,
    says_more: bool,
}

impl<'a> Visitor<'a> for Search<'_> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        self.says_more |= matches!(stmt, Stmt::Global(_) | Stmt::Nonlocal(_) | Stmt::ClassDef(_));
        if !self.says_more {
            walk_stmt(self, stmt);
        }
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Yield(_) | Expr::YieldFrom(_) => self.says_more = true,
            Expr::Attribute(target) if target.ctx != ExprContext::Load => {
                self.says_more |= target
                    .value
                    .as_name_expr()
                    .is_some_and(|object| Some(object.id.as_str()) == self.first);
            }
            _ => {}
        }
        if !self.says_more {
            walk_expr(self, expr);
        }
    }
}

#[cfg(test)]
mod tests {
    use ruff_python_parser::parse_module;

    use super::*;

    /// The text without the bodies that are taken out; parsed again it gives the tree that was left.
    fn left(text: &str) -> String {
        let mut tree = parse_module(text).expect("a module").into_syntax();
        let taken = take_bodies(text, &mut tree.body);
        let left = without_bodies(text, &taken);
        assert_eq!(left.len(), text.len());
        assert_eq!(parse_module(&left).expect("a module").into_syntax(), tree, "{left}");
        left
    }

    #[test]
    fn what_is_declared_needs_no_body() {
        for text in [
            "def f() -> int:\n    value = compute(1, 2)\n    return value # so\nx = 1\n",
            "class C:\n    def f(self) -> None: self.do_it(1, '\u{e9}', '''\n'''); return\n",
            "if x:\n    async def f(a: int = b) -> int:\n        '''Text.'''\n        return a",
            "try:\n    def f() -> int:\n        return g(1, \\\n  2, 3, 4, 5, 6);\nfinally: pass\n",
        ] {
            assert!(left(text).contains("0)"), "{text}");
        }
    }

    #[test]
    fn what_says_more_stays() {
        for text in [
            "def f():\n    value = compute(1, 2)\n    return value\n",
            "def f() -> None:\n    global x\n    x = compute(1, 2)\n",
            "def f() -> Iterator[int]:\n    value = yield compute(1, 2)\n",
            "def f(a=MARK) -> None:\n    if a is MARK: compute(1, 2)\n",
            "def f() -> None:\n    '''A text that is long.'''\n    raise Error\n",
            "def f() -> type:\n    class C(object): compute(1, 2)\n    return C\n",
            "class C:\n    def f(self) -> None:\n        (self.x, y) = compute(1, 2)\n",
            "class C:\n    def f(self) -> None:\n        for self.x in y: compute(1, 2)\n",
            "@no_type_check\ndef f() -> int:\n    value = compute(1, 2)\n    return value\n",
        ] {
            assert_eq!(left(text), text);
        }
    }
}
