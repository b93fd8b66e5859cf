//! Which functions are decorators that only hand on what they get: what they decorate is used exactly where its name is.
//!
//! Such a decorator gives back what it gets, or a function that calls it. It hands neither to anybody else: what it says
//! before it returns is its name, its signature, whether it is there at all.
//! What it writes on it is a *mark*: those who look for marks among the members of something find what it decorated, and
//! whether anybody does so is decided where the whole program is seen.
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

use ruff_python_ast::statement_visitor::{self, StatementVisitor};
use ruff_python_ast::visitor::{Visitor, walk_expr, walk_stmt};
use ruff_python_ast::{self as ast, Expr, ExprContext, Stmt, StmtFunctionDef};

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

/// Attributes of a class that lead to all its members, or to other classes.
const ALL_MEMBERS: &[&str] = &["__dict__", "__mro__", "__bases__", "__subclasses__"];

/// Factories within factories are followed so far.
const DEEPEST: u32 = 4;

/// Attributes that every function has: writing them makes nothing that could be looked for.
const OF_EVERY_FUNCTION: &[&str] = &[
    "__name__",
    "__qualname__",
    "__doc__",
    "__module__",
    "__annotations__",
    "__signature__",
    "__wrapped__",
    "__defaults__",
    "__kwdefaults__",
];

/// The marks of a decorator: names of attributes that it writes on what it gives back.
pub type Marks<'a> = Vec<&'a str>;

/// For a function that is a decorator, or makes one, and only hands on what it gets: the marks that it leaves. What it and
/// the functions within are decorated with themselves is not looked at.
pub fn hands_on(function: &StmtFunctionDef) -> Option<Marks<'_>> {
    let mut marks = as_decorator(function, 0)?;
    marks.sort_unstable();
    marks.dedup();
    Some(marks)
}

fn as_decorator(function: &StmtFunctionDef, depth: u32) -> Option<Marks<'_>> {
    if depth > DEEPEST || function.is_async {
        return None;
    }
    let mut within = Within(Vec::new());
    within.visit_body(&function.body);
    let inner = within.0;
    let first = function.parameters.iter().next().map(|first| first.name().as_str());
    let as_wrapper = first
        .filter(|first| !matches!(*first, "self" | "cls"))
        .and_then(|first| only_wraps(function, first, &inner, depth));
    if as_wrapper.is_some() {
        return as_wrapper;
    }
    // `def decorator(option): def inner(function): …; return inner`
    let &[made] = inner.as_slice() else { return None };
    if made.parameters.iter().count() != 1 {
        return None;
    }
    let mut marks = as_decorator(made, depth + 1)?;
    marks.extend(keeps_to_itself(function, vec![made.name.as_str()], &[])?);
    Some(marks)
}

/// The functions within, but for overloads.
struct Within<'a>(Vec<&'a StmtFunctionDef>);

impl<'a> StatementVisitor<'a> for Within<'a> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::FunctionDef(function) => {
                let mut decorators = function.decorator_list.iter();
                if !decorators.any(|each| syntax::last_name(&each.expression) == Some("overload")) {
                    self.0.push(function);
                }
            }
            Stmt::ClassDef(_) => {}
            _ => statement_visitor::walk_stmt(self, stmt),
        }
    }
}

/// The marks, if what `first` holds, and the functions within, are given to nobody.
fn only_wraps<'a>(
    function: &'a StmtFunctionDef,
    first: &'a str,
    inner: &[&'a StmtFunctionDef],
    depth: u32,
) -> Option<Marks<'a>> {
    let mut watched = vec![first];
    watched.extend(inner.iter().map(|each| each.name.as_str()));
    let (mut made, mut marks) = (Vec::new(), Vec::new());
    for each in inner {
        if let Some(more) = as_decorator(each, depth + 1) {
            made.push(each.name.as_str());
            marks.extend(more);
        }
    }
    marks.extend(keeps_to_itself(function, watched, &made)?);
    Some(marks)
}

/// The marks, if a function gives something back and hands none of the watched names to anybody else.
fn keeps_to_itself<'a>(
    function: &'a StmtFunctionDef,
    watched: Vec<&'a str>,
    made: &[&'a str],
) -> Option<Marks<'a>> {
    let mut watch = Watch { watched, made, marks: Vec::new(), returns: false, leaks: false };
    function.body.iter().for_each(|stmt| watch.visit_stmt(stmt));
    (watch.returns && !watch.leaks).then_some(watch.marks)
}

fn is_name(expr: &Expr, name: &str) -> bool {
    matches!(expr, Expr::Name(found) if found.id.as_str() == name)
}

/// Watches names in the statements that run when something is decorated. What runs when the result is called is looked
/// at no further.
struct Watch<'w, 'a> {
    watched: Vec<&'a str>,
    /// Functions within that are decorators themselves.
    made: &'w [&'a str],
    marks: Marks<'a>,
    returns: bool,
    leaks: bool,
}

impl<'a> Watch<'_, 'a> {
    fn is_watched(&self, expr: &Expr) -> bool {
        self.watched.iter().any(|name| is_name(expr, name))
    }

    fn mark(&mut self, name: &'a str) {
        if !OF_EVERY_FUNCTION.contains(&name) {
            self.marks.push(name);
        }
    }

    fn call(&mut self, call: &'a ast::ExprCall) {
        let name = syntax::last_name(&call.func);
        let mut arguments = &*call.arguments.args;
        if name == Some("setattr")
            && let [object, Expr::StringLiteral(mark), value] = arguments
            && self.is_watched(object)
        {
            self.mark(mark.value.to_str());
            arguments = std::slice::from_ref(value);
        }
        let is_computed = name == Some("getattr")
            && arguments.get(1).is_some_and(|member| !member.is_string_literal_expr());
        let is_looking = !is_computed
            && name.is_some_and(|name| LOOKING.contains(&name) || self.made.contains(&name));
        if !self.made.iter().any(|name| is_name(&call.func, name)) {
            self.visit_expr(&call.func);
        }
        let values = call.arguments.keywords.iter().map(|each| &each.value);
        for argument in arguments.iter().chain(values) {
            if !(is_looking && self.is_watched(argument)) {
                self.visit_expr(argument);
            }
        }
    }
}

impl<'a> Visitor<'a> for Watch<'_, 'a> {
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
                match attribute.ctx {
                    ExprContext::Load => {
                        self.leaks |= ALL_MEMBERS.contains(&attribute.attr.as_str());
                    }
                    ExprContext::Store => self.mark(attribute.attr.as_str()),
                    ExprContext::Del | ExprContext::Invalid => self.leaks = true,
                }
            }
            Expr::Compare(compare) if self.is_watched(&compare.left) => {
                compare.comparators.iter().for_each(|each| self.visit_expr(each));
            }
            Expr::Call(call) => self.call(call),
            _ => walk_expr(self, expr),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::hands_on;

    fn marks(source: &str) -> Option<String> {
        let parsed = ruff_python_parser::parse_module(source).expect("syntax");
        let function = parsed.syntax().body[0].as_function_def_stmt().expect("a function");
        hands_on(function).map(|marks| marks.join(" "))
    }

    #[test]
    fn wrappers_hand_on() {
        let wrapper = "  @wraps(f)\n  def w(*a):\n    log(f)\n    return f(*a)\n";
        let none = Some(String::new());
        assert_eq!(marks(&format!("def d(f):\n{wrapper}  return w")), none);
        assert_eq!(marks("def d(f): return f"), none);
        let inner = wrapper.replace("\n  ", "\n    ");
        let factory = format!("def d(x):\n  def i(f):\n  {inner}    return w\n  return i");
        assert_eq!(marks(&factory), none, "{factory}");
        let choice = "def d(f):\n  if iscoroutinefunction(f):\n    return f\n  name = f.__name__\n  return lambda: f(name)";
        assert_eq!(marks(choice), none);
        let overloads =
            "def d(x):\n  @overload\n  def i(f: int): ...\n  def i(f):\n    return f\n  return i";
        assert_eq!(marks(overloads), none);
    }

    #[test]
    fn marks_are_said() {
        let found = |body: &str| marks(&format!("def d(f):\n  {body}"));
        assert_eq!(found("f.is_command = True\n  return f").as_deref(), Some("is_command"));
        assert_eq!(found("setattr(f, 'b', 1)\n  return f").as_deref(), Some("b"));
        assert_eq!(found("f.__doc__ = 'x'\n  return f").as_deref(), Some(""));
        let factory = "def d(x):\n  def i(f):\n    if x:\n      f.b = x\n    f.a = 1\n    return f\n  return i";
        assert_eq!(marks(factory).as_deref(), Some("a b"));
        let wrapper = "def w(*a): return f(*a)\n  w.original = 1\n  return w";
        assert_eq!(found(wrapper).as_deref(), Some("original"));
    }

    #[test]
    fn what_registers_does_not() {
        for body in [
            "ALL.append(f)\n  return f",
            "setattr(f, name(), True)\n  return f",
            "setattr(ALL, 'name', f)\n  return f",
            "del f.name\n  return f",
            "f.name = f\n  return f",
            "f()\n  return f",
            "ALL[f.__name__] = f\n  return f",
            "def w(): f()\n  atexit.register(w)\n  return w",
            "return Wrapper(f)",
            "if f:\n    def w(): f()\n    ALL.append(w)\n    return w\n  return f",
            "print(f.__name__)",
            "def i(g): return g\n  ALL.append(i)\n  return i",
            "for name in NAMES:\n    print(getattr(f, name))\n  return f",
            "print(f.__dict__)\n  return f",
        ] {
            assert_eq!(marks(&format!("def d(f):\n  {body}")), None, "{body}");
        }
    }
}
