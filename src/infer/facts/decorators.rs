//! Which functions are decorators that only hand on what they get: what they decorate is used exactly where its name is.
//!
//! Such a decorator gives back what it gets, or a function that calls it. It hands neither to anybody else: what it says
//! before it returns is its name, its signature, whether it is there at all.
//!
//! ```python
//! def timed(function):                     # hands on
//!     @wraps(function)
//!     def wrapper(*args):
//!         return function(*args)
//!     return wrapper
//!
//! def command(function):                   # does not: something may call it by way of the list
//!     COMMANDS.append(function)
//!     return function
//! ```

use ruff_python_ast::visitor::{Visitor, walk_expr, walk_stmt};
use ruff_python_ast::{Expr, ExprContext, Stmt, StmtFunctionDef};

use super::syntax;

/// Functions that look at a function, or give a view of it, and keep nothing.
const LOOKING: &[&str] = &[
    "wraps",
    "update_wrapper",
    "iscoroutinefunction",
    "is_async_fn",
    "isasyncgenfunction",
    "isgeneratorfunction",
    "isfunction",
    "ismethod",
    "isclass",
    "signature",
    "getfullargspec",
    "getdoc",
    "unwrap",
    "get_type_hints",
    "callable",
    "cast",
    "isinstance",
    "issubclass",
    "getattr",
    "hasattr",
];

/// Factories within factories are followed so far.
const DEEPEST: u32 = 4;

/// Whether a function is a decorator, or makes one, that only hands on what it gets.
pub fn hands_on(function: &StmtFunctionDef) -> bool {
    is_decorator(function, 0)
}

fn is_decorator(function: &StmtFunctionDef, depth: u32) -> bool {
    if depth > DEEPEST || function.is_async || has_unknown_decorator(function) {
        return false;
    }
    let inner: Vec<&StmtFunctionDef> =
        function.body.iter().filter_map(Stmt::as_function_def_stmt).collect();
    let first = function.parameters.iter().next().map(|first| first.name().as_str());
    if let Some(first) = first.filter(|first| !matches!(*first, "self" | "cls"))
        && only_wraps(function, first, &inner, depth)
    {
        return true;
    }
    // `def decorator(option): def inner(function): …; return inner`
    match inner[..] {
        [made] => {
            made.parameters.iter().count() == 1
                && is_decorator(made, depth + 1)
                && keeps_to_itself(function, vec![made.name.as_str()], &|_| false)
        }
        _ => false,
    }
}

fn has_unknown_decorator(function: &StmtFunctionDef) -> bool {
    function.decorator_list.iter().any(|decorator| !syntax::is_transparent(decorator))
}

/// Whether what `first` holds, and the functions within, are given to nobody.
fn only_wraps(
    function: &StmtFunctionDef,
    first: &str,
    inner: &[&StmtFunctionDef],
    depth: u32,
) -> bool {
    if inner.iter().any(|each| has_unknown_decorator(each)) {
        return false;
    }
    let mut watched = vec![first];
    watched.extend(inner.iter().map(|each| each.name.as_str()));
    let is_made = |name: &str| {
        inner.iter().any(|each| each.name.as_str() == name && is_decorator(each, depth + 1))
    };
    keeps_to_itself(function, watched, &is_made)
}

/// Whether a function gives something back and hands none of the watched names to anybody else.
fn keeps_to_itself(
    function: &StmtFunctionDef,
    watched: Vec<&str>,
    is_made: &dyn Fn(&str) -> bool,
) -> bool {
    let mut watch = Watch { watched, is_made, returns: false, leaks: false };
    function.body.iter().for_each(|stmt| watch.visit_stmt(stmt));
    watch.returns && !watch.leaks
}

fn is_name(expr: &Expr, name: &str) -> bool {
    matches!(expr, Expr::Name(found) if found.id.as_str() == name)
}

/// Watches names in the statements that run when something is decorated. What runs when the result is called is looked
/// at no further.
struct Watch<'w> {
    watched: Vec<&'w str>,
    is_made: &'w dyn Fn(&str) -> bool,
    returns: bool,
    leaks: bool,
}

impl Watch<'_> {
    fn is_watched(&self, expr: &Expr) -> bool {
        self.watched.iter().any(|name| is_name(expr, name))
    }
}

impl<'a> Visitor<'a> for Watch<'_> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::FunctionDef(_) => {}
            Stmt::Return(result) => match result.value.as_deref() {
                Some(value) if self.is_watched(value) => self.returns = true,
                Some(value) => {
                    self.returns = true;
                    self.visit_expr(value);
                }
                None => {}
            },
            Stmt::ClassDef(_) | Stmt::Global(_) | Stmt::Nonlocal(_) => self.leaks = true,
            _ => walk_stmt(self, stmt),
        }
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Name(_) if self.is_watched(expr) => self.leaks = true,
            Expr::Lambda(_) => {}
            Expr::Attribute(attribute) if self.is_watched(&attribute.value) => {
                // Marks are there to be found.
                self.leaks |= attribute.ctx != ExprContext::Load;
            }
            Expr::Compare(compare) if self.is_watched(&compare.left) => {
                compare.comparators.iter().for_each(|each| self.visit_expr(each));
            }
            Expr::Call(call) => {
                let is_looking = match syntax::last_name(&call.func) {
                    Some(name) => LOOKING.contains(&name) || (self.is_made)(name),
                    None => false,
                };
                if !is_name_of_made(&call.func, self.is_made) {
                    self.visit_expr(&call.func);
                }
                let values = call.arguments.keywords.iter().map(|each| &each.value);
                for argument in call.arguments.args.iter().chain(values) {
                    if !(is_looking && self.is_watched(argument)) {
                        self.visit_expr(argument);
                    }
                }
            }
            _ => walk_expr(self, expr),
        }
    }
}

fn is_name_of_made(func: &Expr, is_made: &dyn Fn(&str) -> bool) -> bool {
    matches!(func, Expr::Name(name) if is_made(name.id.as_str()))
}

#[cfg(test)]
mod tests {
    use super::hands_on;

    fn is_transparent(source: &str) -> bool {
        let parsed = ruff_python_parser::parse_module(source).expect("syntax");
        let function = parsed.syntax().body[0].as_function_def_stmt().expect("a function");
        hands_on(function)
    }

    #[test]
    fn wrappers_hand_on() {
        let wrapper = "  @wraps(f)\n  def w(*a):\n    log(f)\n    return f(*a)\n";
        assert!(is_transparent(&format!("def d(f):\n{wrapper}  return w")));
        assert!(is_transparent("def d(f): return f"));
        let inner = wrapper.replace("\n  ", "\n    ");
        let factory = format!("def d(x):\n  def i(f):\n  {inner}    return w\n  return i");
        assert!(is_transparent(&factory), "{factory}");
        let choice = "def d(f):\n  if iscoroutinefunction(f):\n    return f\n  name = f.__name__\n  return lambda: f(name)";
        assert!(is_transparent(choice));
    }

    #[test]
    fn what_registers_does_not() {
        for body in [
            "ALL.append(f)\n  return f",
            "f.is_command = True\n  return f",
            "f()\n  return f",
            "ALL[f.__name__] = f\n  return f",
            "def w(): f()\n  atexit.register(w)\n  return w",
            "return Wrapper(f)",
            "@app.task\n  def w(): f()\n  return w",
            "print(f.__name__)",
            "def i(g): return g\n  ALL.append(i)\n  return i",
        ] {
            assert!(!is_transparent(&format!("def d(f):\n  {body}")), "{body}");
        }
    }
}
