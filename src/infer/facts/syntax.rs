//! What single nodes say to the audit, by their spelling alone.

use std::borrow::Cow;

use ruff_python_ast::{self as ast, Decorator, Expr, InterpolatedStringElement, Stmt};
use ruff_text_size::{Ranged, TextSize};

/// The object of a call that reads members by name: `getattr(object, …)`, `asdict(object)`.
pub fn reflected(call: &ast::ExprCall) -> Option<&Expr> {
    let name = last_name(&call.func)?;
    (is_by_name(name) || is_by_fields(name)).then(|| call.arguments.args.first())?
}

/// `getattr` and its like, which take the name of one member.
pub fn is_by_name(name: &str) -> bool {
    matches!(name, "getattr" | "hasattr" | "setattr" | "delattr")
}

/// `asdict` and its like, which look at all fields.
pub fn is_by_fields(name: &str) -> bool {
    matches!(
        name,
        "asdict"
            | "astuple"
            | "fields"
            | "fields_dict"
            | "replace"
            | "evolve"
            | "vars"
            | "dir"
            | "getmembers"
            | "is_dataclass"
            | "TypeAdapter"
            | "structure"
            | "unstructure"
    )
}

/// Those of them that give the members themselves, methods among them.
pub fn is_search(name: &str) -> bool {
    matches!(name, "vars" | "dir" | "getmembers")
}

/// The strings of a list or tuple.
pub fn names_in_list(expr: &Expr) -> impl Iterator<Item = &str> {
    let elements = match expr {
        Expr::List(list) => list.elts.as_slice(),
        Expr::Tuple(tuple) => tuple.elts.as_slice(),
        _ => &[],
    };
    elements.iter().filter_map(Expr::as_string_literal_expr).map(|string| string.value.to_str())
}

/// The last name of a dotted expression; that of what is called, for a call.
pub fn last_name(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Name(name) => Some(name.id.as_str()),
        Expr::Attribute(attribute) => Some(attribute.attr.as_str()),
        Expr::Call(call) => last_name(&call.func),
        Expr::Subscript(subscript) => last_name(&subscript.value),
        _ => None,
    }
}

/// Decorators that leave a function or class what it is to those who use it, and tell nobody about it.
pub fn is_transparent(decorator: &Decorator) -> bool {
    let Some(name) = last_name(&decorator.expression) else { return false };
    matches!(
        name,
        "property"
            | "staticmethod"
            | "classmethod"
            | "abstractmethod"
            | "abstractproperty"
            | "abstractclassmethod"
            | "abstractstaticmethod"
            | "cached_property"
            | "lru_cache"
            | "cache"
            | "wraps"
            | "contextmanager"
            | "asynccontextmanager"
            | "override"
            | "overload"
            | "final"
            | "total_ordering"
            | "dataclass"
            | "dataclass_transform"
            | "runtime_checkable"
            | "deprecated"
            | "no_type_check"
            | "type_check_only"
            | "unique"
            | "setter"
            | "getter"
            | "deleter"
            | "singledispatch"
            | "singledispatchmethod"
            | "define"
            | "frozen"
            | "attrs"
            | "attributes"
            | "s"
            | "coroutine"
    )
}

/// `@x.setter` and its like: it names the property itself, which is no use of it.
pub fn is_accessor(decorator: &Decorator, name: &str) -> bool {
    let Expr::Attribute(attribute) = &decorator.expression else { return false };
    matches!(attribute.attr.as_str(), "setter" | "getter" | "deleter")
        && matches!(&*attribute.value, Expr::Name(own) if own.id.as_str() == name)
}

/// Whether an expression runs no code of others when it is evaluated: no calls, no subscripts.
pub fn is_inert(expr: &Expr) -> bool {
    match expr {
        Expr::Name(_)
        | Expr::Lambda(_)
        | Expr::StringLiteral(_)
        | Expr::BytesLiteral(_)
        | Expr::NumberLiteral(_)
        | Expr::BooleanLiteral(_)
        | Expr::NoneLiteral(_)
        | Expr::EllipsisLiteral(_) => true,
        Expr::Attribute(attribute) => is_inert(&attribute.value),
        Expr::Tuple(tuple) => tuple.elts.iter().all(is_inert),
        Expr::List(list) => list.elts.iter().all(is_inert),
        Expr::Set(set) => set.elts.iter().all(is_inert),
        Expr::Dict(dict) => dict
            .items
            .iter()
            .all(|item| item.key.as_ref().is_some_and(is_inert) && is_inert(&item.value)),
        Expr::BinOp(binary) => is_inert(&binary.left) && is_inert(&binary.right),
        Expr::UnaryOp(unary) => is_inert(&unary.operand),
        _ => false,
    }
}

/// Functions whose calls give a value and do nothing else.
const PURE: &[&str] = &[
    "getLogger",
    "get_logger",
    "compile",
    "TypeVar",
    "ParamSpec",
    "TypeVarTuple",
    "NewType",
    "namedtuple",
    "object",
    "frozenset",
    "set",
    "dict",
    "list",
    "tuple",
    "int",
    "float",
    "str",
    "bytes",
    "bool",
    "len",
    "sorted",
    "timedelta",
    "datetime",
    "date",
    "Decimal",
    "Fraction",
    "Path",
    "PurePath",
    "PurePosixPath",
    "escape",
    "field",
    "defaultdict",
    "OrderedDict",
    "Counter",
    "deque",
    "MappingProxyType",
    "chr",
    "ord",
    "range",
    "zip",
    "join",
    "format",
    "total_seconds",
];

/// Whether nothing would change but the value if an expression were not evaluated.
pub fn is_without_effect(expr: &Expr) -> bool {
    let all = |exprs: &[Expr]| exprs.iter().all(is_without_effect);
    match expr {
        Expr::Call(call) => {
            last_name(&call.func).is_some_and(|name| PURE.contains(&name))
                && all(&call.arguments.args)
                && call.arguments.keywords.iter().all(|each| is_without_effect(&each.value))
        }
        Expr::Attribute(attribute) => is_without_effect(&attribute.value),
        Expr::Subscript(subscript) => {
            is_without_effect(&subscript.value) && is_without_effect(&subscript.slice)
        }
        Expr::Starred(starred) => is_without_effect(&starred.value),
        Expr::Tuple(tuple) => all(&tuple.elts),
        Expr::List(list) => all(&list.elts),
        Expr::Set(set) => all(&set.elts),
        Expr::Dict(dict) => dict.items.iter().all(|item| {
            item.key.as_ref().is_none_or(is_without_effect) && is_without_effect(&item.value)
        }),
        Expr::DictComp(map) => {
            map.key.as_deref().is_none_or(is_without_effect)
                && is_without_effect(&map.value)
                && map.generators.iter().all(|each| is_without_effect(&each.iter))
        }
        Expr::SetComp(set) => {
            is_without_effect(&set.elt)
                && set.generators.iter().all(|each| is_without_effect(&each.iter))
        }
        Expr::ListComp(list) => {
            is_without_effect(&list.elt)
                && list.generators.iter().all(|each| is_without_effect(&each.iter))
        }
        Expr::FString(_) => true,
        Expr::Compare(compare) => is_without_effect(&compare.left) && all(&compare.comparators),
        Expr::BoolOp(operation) => all(&operation.values),
        Expr::BinOp(binary) => is_without_effect(&binary.left) && is_without_effect(&binary.right),
        Expr::UnaryOp(unary) => is_without_effect(&unary.operand),
        Expr::If(choice) => [&choice.test, &choice.body, &choice.orelse]
            .into_iter()
            .all(|each| is_without_effect(each)),
        _ => is_inert(expr),
    }
}

/// Functions whose results are kept for nothing but not to end: what they give ends when nobody holds it.
const HELD: &[&str] = &[
    "create_task",
    "ensure_future",
    "run_coroutine_threadsafe",
    "async_create_task",
    "async_create_background_task",
    "create_background_task",
    "create_eager_task",
    "TemporaryDirectory",
    "NamedTemporaryFile",
    "finalize",
    "start_server",
    "create_server",
    "create_connection",
    "create_datagram_endpoint",
];

/// Whether an expression makes something that ends when nobody holds it.
pub fn is_to_be_held(expr: &Expr) -> bool {
    match expr {
        Expr::Await(awaited) => is_to_be_held(&awaited.value),
        Expr::Call(call) => last_name(&call.func).is_some_and(|name| HELD.contains(&name)),
        _ => false,
    }
}

/// Where a call is given the name that its value is assigned to: `T = TypeVar("T")`.
pub fn own_name(target: &str, value: &Expr) -> Option<TextSize> {
    let Expr::Call(call) = value else { return None };
    let first = call.arguments.args.first()?.as_string_literal_expr()?;
    (first.value.to_str() == target).then(|| first.start())
}

/// The text of a literal that is short enough to be compared with others.
pub fn literal_text(expr: &Expr) -> Option<Cow<'static, str>> {
    const LONGEST: usize = 40;
    let text = match expr {
        Expr::NoneLiteral(_) => "None".into(),
        Expr::BooleanLiteral(literal) => if literal.value { "True" } else { "False" }.into(),
        Expr::NumberLiteral(literal) => match &literal.value {
            ast::Number::Int(int) => int.to_string().into(),
            ast::Number::Float(float) => format!("{float:?}").into(),
            ast::Number::Complex { .. } => return None,
        },
        Expr::StringLiteral(string) if string.value.to_str().len() <= LONGEST => {
            format!("{:?}", string.value.to_str()).into()
        }
        _ => return None,
    };
    Some(text)
}

/// The beginning of a string that is put together; `None` if it is no string at all.
pub fn prefix_of(expr: &Expr) -> Option<String> {
    match expr {
        Expr::StringLiteral(string) => Some(string.value.to_str().to_owned()),
        Expr::FString(string) => match string.value.elements().next() {
            Some(InterpolatedStringElement::Literal(literal)) => Some(literal.value.to_string()),
            _ => Some(String::new()),
        },
        Expr::BinOp(binary) if binary.op == ast::Operator::Add => prefix_of(&binary.left),
        Expr::BinOp(binary) if binary.op == ast::Operator::Mod => {
            let text = prefix_of(&binary.left)?;
            Some(text.split('%').next().unwrap_or_default().to_owned())
        }
        Expr::Call(call) => match &*call.func {
            Expr::Attribute(attribute) if attribute.attr.as_str() == "format" => {
                let text = prefix_of(&attribute.value)?;
                Some(text.split('{').next().unwrap_or_default().to_owned())
            }
            _ => Some(String::new()),
        },
        _ => Some(String::new()),
    }
}

/// Whether text may be a name or a dotted path (`pkg.mod:name`).
pub fn is_path_like(text: &str) -> bool {
    let is_name = |part: &str| {
        part.chars().next().is_some_and(|c| c.is_alphabetic() || c == '_')
            && part.chars().all(|c| c.is_alphanumeric() || c == '_')
    };
    text.len() <= 200 && text.split(['.', ':']).all(is_name)
}

/// `if __name__ == "__main__"`.
pub fn is_main_test(test: &Expr) -> bool {
    let Expr::Compare(compare) = test else { return false };
    matches!(&*compare.left, Expr::Name(name) if name.id.as_str() == "__name__")
        || compare
            .comparators
            .iter()
            .any(|each| matches!(each, Expr::Name(name) if name.id.as_str() == "__name__"))
}

/// Whether a handler catches failing imports.
pub fn catches_import_error(stmt: &ast::StmtTry) -> bool {
    stmt.handlers.iter().any(|handler| {
        let ast::ExceptHandler::ExceptHandler(handler) = handler;
        let is_one = |expr: &Expr| {
            matches!(
                last_name(expr),
                Some("ImportError" | "ModuleNotFoundError" | "Exception" | "BaseException")
            )
        };
        match handler.type_.as_deref() {
            None => true,
            Some(Expr::Tuple(tuple)) => tuple.elts.iter().any(is_one),
            Some(expr) => is_one(expr),
        }
    })
}

/// Whether a body does nothing but say that it is none: `...`, `pass`, a docstring, `raise NotImplementedError`.
pub fn is_stub_body(body: &[Stmt]) -> bool {
    body.iter().all(|stmt| match stmt {
        Stmt::Raise(raise) => raise
            .exc
            .as_deref()
            .and_then(last_name)
            .is_some_and(|name| name.starts_with("NotImplemented") || name == "AssertionError"),
        Stmt::Return(stmt) => stmt.value.as_deref().is_none_or(|value| {
            value.is_none_literal_expr()
                || value.is_literal_expr()
                || value.is_ellipsis_literal_expr()
        }),
        stmt => crate::index::is_placeholder(stmt),
    })
}

/// A `yield` that is never reached says that the function is a generator, and a definition may be there for others.
pub fn makes_generator(stmt: &Stmt) -> bool {
    match stmt {
        Stmt::Expr(stmt) => stmt.value.is_yield_expr() || stmt.value.is_yield_from_expr(),
        Stmt::Assign(stmt) => stmt.value.is_yield_expr(),
        Stmt::For(stmt) => stmt.body.iter().any(makes_generator),
        Stmt::If(stmt) => stmt.body.iter().any(makes_generator),
        Stmt::While(stmt) => stmt.body.iter().any(makes_generator),
        _ => false,
    }
}
