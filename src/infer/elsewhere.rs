//! Names that are not there in this run, and are on another platform or with another version of Python.
//!
//! The settings rule out what stands under `if sys.platform == "win32":`. It is looked for once more where such a name
//! is reported, so that the message can say where it is there.

use ruff_python_ast::{BoolOp, CmpOp, Expr, ExprCompare, Stmt, UnaryOp};
use ruff_text_size::{Ranged, TextSize};

use super::class;
use crate::index::{ReachId, ScopeId, integer};
use crate::types::{Cx, DefRef, Kind, ModuleId, MroEntry, Type};

/// Says where a module has a name that it does not have here.
pub fn of_module(cx: &Cx<'_>, module: ModuleId, name: &str) -> Option<String> {
    cx.host.module(module).has_file.then(|| of_scope(cx, module, ScopeId::MODULE, name))?
}

/// Says where the class of an object has a name that it does not have here.
pub fn of_object(cx: &Cx<'_>, object: Type, name: &str) -> Option<String> {
    let instance = match object.kind() {
        Kind::Class | Kind::GenericClass => object,
        _ => cx.fallback_instance(object),
    };
    let info = cx.info_of(instance)?;
    info.mro.iter().find_map(|entry| {
        let MroEntry::Class(class, _) = *entry else { return None };
        of_scope(cx, class.module, class::body_of(cx, class)?, name)
    })
}

fn of_scope(cx: &Cx<'_>, module: ModuleId, scope: ScopeId, name: &str) -> Option<String> {
    let index = cx.host.index(module);
    let place = index.scopes[scope].place(index.scopes[scope].place_by_name(name)?);
    let definitions = &place.definitions;
    if definitions.is_empty()
        || definitions.iter().any(|&id| index.definitions[id].reach != ReachId::NEVER)
    {
        return None;
    }
    let version = cx.host.python_version(module);
    let ast = cx.host.ast(module);
    let mut all: Vec<String> = Vec::new();
    for &id in definitions {
        let at = cx.host.definition_range(DefRef { module, index: id.as_u32() }).start();
        let mut conditions = Vec::new();
        conditions_at(&ast.module().body, at, &mut conditions);
        let words = in_words(&conditions, version)?;
        if !all.contains(&words) {
            all.push(words);
        }
    }
    Some(format!("it exists only {}", all.join(" or ")))
}

/// The tests of the `if` statements around a place, each with what it must be for control to get there.
fn conditions_at<'a>(body: &'a [Stmt], at: TextSize, found: &mut Vec<(&'a Expr, bool)>) {
    let Some(around) = body.iter().find(|stmt| stmt.range().contains(at)) else { return };
    match around {
        Stmt::If(stmt) => {
            let clauses = stmt.elif_else_clauses.iter();
            let clauses = clauses.map(|clause| (clause.test.as_ref(), &clause.body));
            let mut tests = Vec::new();
            for (test, body) in std::iter::once((Some(&*stmt.test), &stmt.body)).chain(clauses) {
                if body.iter().any(|stmt| stmt.range().contains(at)) {
                    found.append(&mut tests);
                    found.extend(test.map(|test| (test, true)));
                    return conditions_at(body, at, found);
                }
                tests.extend(test.map(|test| (test, false)));
            }
        }
        Stmt::ClassDef(stmt) => conditions_at(&stmt.body, at, found),
        _ => {}
    }
}

/// What a condition says of where code runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Where<'a> {
    On(&'a str),
    NotOn(&'a str),
    From(u8, u8),
    Before(u8, u8),
}

/// Where conditions hold, but for those that hold here; nothing where one of them is about something else.
fn in_words(conditions: &[(&Expr, bool)], version: (u8, u8)) -> Option<String> {
    let mut parts = Vec::new();
    for &(test, holds) in conditions {
        decide(test, holds, &mut parts)?;
    }
    let is_on_one = parts.iter().any(|part| matches!(part, Where::On(_)));
    parts.retain(|part| match *part {
        // Who is on one platform is not on another.
        Where::NotOn(_) => !is_on_one,
        Where::On(_) => true,
        Where::From(major, minor) => version < (major, minor),
        Where::Before(major, minor) => version >= (major, minor),
    });
    let words: Vec<String> = parts.iter().map(|part| part.in_words()).collect();
    (!words.is_empty()).then(|| words.join(" and "))
}

impl Where<'_> {
    fn in_words(self) -> String {
        match self {
            Self::On(platform) => format!("on {}", platform_name(platform)),
            Self::NotOn(platform) => format!("on platforms other than {}", platform_name(platform)),
            Self::From(major, minor) => format!("from Python {major}.{minor} on"),
            Self::Before(major, minor) => format!("before Python {major}.{minor}"),
        }
    }
}

fn platform_name(platform: &str) -> &str {
    match platform {
        "win32" => "Windows",
        "darwin" => "macOS",
        "linux" => "Linux",
        other => other,
    }
}

/// Adds what a test says that is to be true or false.
fn decide<'a>(test: &'a Expr, holds: bool, parts: &mut Vec<Where<'a>>) -> Option<()> {
    match test {
        Expr::UnaryOp(not) if not.op == UnaryOp::Not => decide(&not.operand, !holds, parts),
        Expr::BoolOp(all) if (all.op == BoolOp::And) == holds => {
            all.values.iter().try_for_each(|each| decide(each, holds, parts))
        }
        Expr::Compare(compare) => {
            let part = compared(compare, holds)?;
            if !parts.contains(&part) {
                parts.push(part);
            }
            Some(())
        }
        _ => None,
    }
}

fn compared(compare: &ExprCompare, holds: bool) -> Option<Where<'_>> {
    let (Expr::Attribute(left), [op], [right]) =
        (&*compare.left, &*compare.ops, &*compare.comparators)
    else {
        return None;
    };
    match (left.attr.as_str(), right) {
        ("platform", Expr::StringLiteral(text)) => match (op, holds) {
            (CmpOp::Eq, true) | (CmpOp::NotEq, false) => Some(Where::On(text.value.to_str())),
            (CmpOp::Eq, false) | (CmpOp::NotEq, true) => Some(Where::NotOn(text.value.to_str())),
            _ => None,
        },
        ("version_info", Expr::Tuple(tuple)) => {
            let [major, minor, ..] = &*tuple.elts else { return None };
            let (major, minor) = (small(major)?, small(minor)?);
            match (op, holds) {
                (CmpOp::GtE, true) | (CmpOp::Lt, false) => Some(Where::From(major, minor)),
                (CmpOp::GtE, false) | (CmpOp::Lt, true) => Some(Where::Before(major, minor)),
                _ => None,
            }
        }
        _ => None,
    }
}

fn small(number: &Expr) -> Option<u8> {
    integer(number).and_then(|number| u8::try_from(number).ok())
}
