//! Tests that the settings decide: Python version, platform, `TYPE_CHECKING`, and constants.
//!
//! What is decided here makes a branch [`super::ReachId::NEVER`], so that nothing defined in it flows out.

use std::cmp::Ordering;

use ruff_python_ast::{BoolOp, CmpOp, Expr, ExprCall, ExprCompare, Number, UnaryOp};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::names::{NameId, Names};
use crate::index::model::IndexSettings;

/// What a name stands for, among the things that are decided here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    Sys,
    Os,
    Typing,
    TypeChecking,
    VersionInfo,
    Platform,
    OsName,
}

/// The settings, and what the module imported under which name.
#[derive(Debug)]
pub(super) struct Statics {
    settings: IndexSettings,
    aliases: FxHashMap<NameId, Known>,
}

impl Statics {
    pub fn new(settings: IndexSettings) -> Self {
        Self { settings, aliases: FxHashMap::default() }
    }

    /// Notes `import module as name`.
    pub fn imported(&mut self, module: &str, name: NameId) {
        if let Some(known) = module_known(module) {
            self.aliases.insert(name, known);
        }
    }

    /// Notes `from module import member as name`.
    pub fn imported_from(&mut self, module: &str, member: &str, name: NameId) {
        if let Some(known) = module_known(module).and_then(|module| member_known(module, member)) {
            self.aliases.insert(name, known);
        }
    }

    /// Whether `test` is surely true or surely false.
    pub fn truth(&self, names: &Names, test: &Expr) -> Option<bool> {
        match test {
            Expr::BooleanLiteral(literal) => Some(literal.value),
            Expr::NoneLiteral(_) => Some(false),
            Expr::EllipsisLiteral(_) => Some(true),
            Expr::NumberLiteral(number) => match &number.value {
                Number::Int(int) => Some(int.as_u64() != Some(0)),
                Number::Float(float) => Some(*float != 0.0),
                Number::Complex { .. } => None,
            },
            Expr::StringLiteral(string) => Some(!string.value.is_empty()),
            Expr::Name(_) | Expr::Attribute(_) => {
                (self.known(names, test) == Some(Known::TypeChecking)).then_some(true)
            }
            Expr::UnaryOp(unary) if unary.op == UnaryOp::Not => {
                self.truth(names, &unary.operand).map(|truth| !truth)
            }
            Expr::BoolOp(bool_op) => {
                // `or` is decided by one true operand, `and` by one false one.
                let decides = bool_op.op == BoolOp::Or;
                let mut all = true;
                for value in &bool_op.values {
                    match self.truth(names, value) {
                        Some(truth) if truth == decides => return Some(decides),
                        Some(_) => {}
                        None => all = false,
                    }
                }
                all.then_some(!decides)
            }
            Expr::Compare(compare) => self.compare(names, compare),
            Expr::Call(call) => self.starts_with(names, call),
            _ => None,
        }
    }

    /// Whether `test` is true only (`Some(true)`) or false only (`Some(false)`) for type checkers.
    pub fn type_checking(&self, names: &Names, test: &Expr) -> Option<bool> {
        match test {
            Expr::UnaryOp(unary) if unary.op == UnaryOp::Not => {
                self.type_checking(names, &unary.operand).map(|truth| !truth)
            }
            Expr::BoolOp(bool_op) if bool_op.op == BoolOp::And => bool_op
                .values
                .iter()
                .any(|value| self.type_checking(names, value) == Some(true))
                .then_some(true),
            _ => (self.known(names, test) == Some(Known::TypeChecking)).then_some(true),
        }
    }

    fn known(&self, names: &Names, expr: &Expr) -> Option<Known> {
        match expr {
            Expr::Name(name) => {
                if let Some(&known) = names.get(&name.id).and_then(|id| self.aliases.get(&id)) {
                    return Some(known);
                }
                match name.id.as_str() {
                    "TYPE_CHECKING" => Some(Known::TypeChecking),
                    "sys" => Some(Known::Sys),
                    "os" => Some(Known::Os),
                    _ => None,
                }
            }
            Expr::Attribute(attribute) if attribute.attr.as_str() == "TYPE_CHECKING" => {
                Some(Known::TypeChecking)
            }
            Expr::Attribute(attribute) => {
                member_known(self.known(names, &attribute.value)?, attribute.attr.as_str())
            }
            _ => None,
        }
    }

    fn compare(&self, names: &Names, compare: &ExprCompare) -> Option<bool> {
        let ([op], [right]) = (&*compare.ops, &*compare.comparators) else { return None };
        let left = &*compare.left;
        match self.known(names, left) {
            Some(Known::VersionInfo) => {
                return compare_version(*op, self.version(), &integers(right)?);
            }
            Some(Known::Platform) => return compare_text(*op, self.settings.platform?, right),
            Some(Known::OsName) => return compare_text(*op, self.os_name()?, right),
            _ => {}
        }
        match left {
            Expr::Subscript(subscript)
                if self.known(names, &subscript.value) == Some(Known::VersionInfo) =>
            {
                self.compare_subscript(*op, &subscript.slice, right)
            }
            Expr::Attribute(attribute)
                if self.known(names, &attribute.value) == Some(Known::VersionInfo) =>
            {
                let part = match attribute.attr.as_str() {
                    "major" => 0,
                    "minor" => 1,
                    _ => return None,
                };
                holds(*op, self.version()[part].cmp(&integer(right)?))
            }
            _ => None,
        }
    }

    fn compare_subscript(&self, op: CmpOp, slice: &Expr, right: &Expr) -> Option<bool> {
        let version = self.version();
        match slice {
            Expr::Slice(slice) if slice.step.is_none() => {
                let lower = slice.lower.as_deref().map_or(Some(0), integer)?;
                let upper = usize::try_from(integer(slice.upper.as_deref()?)?).ok()?;
                let part = version.get(usize::try_from(lower).ok()?..upper)?;
                let right = integers(right)?;
                holds(op, part.cmp(right.as_slice()))
            }
            _ => {
                let index = usize::try_from(integer(slice)?).ok()?;
                holds(op, version.get(index)?.cmp(&integer(right)?))
            }
        }
    }

    fn starts_with(&self, names: &Names, call: &ExprCall) -> Option<bool> {
        let Expr::Attribute(method) = &*call.func else { return None };
        if method.attr.as_str() != "startswith" || !call.arguments.keywords.is_empty() {
            return None;
        }
        let [prefix] = &*call.arguments.args else { return None };
        let text = match self.known(names, &method.value)? {
            Known::Platform => self.settings.platform?,
            Known::OsName => self.os_name()?,
            _ => return None,
        };
        Some(strings(prefix)?.iter().any(|prefix| text.starts_with(prefix)))
    }

    fn version(&self) -> [i64; 2] {
        let version = self.settings.python_version;
        [i64::from(version.major), i64::from(version.minor)]
    }

    fn os_name(&self) -> Option<&'static str> {
        Some(if self.settings.platform? == "win32" { "nt" } else { "posix" })
    }
}

fn module_known(module: &str) -> Option<Known> {
    match module {
        "sys" => Some(Known::Sys),
        "os" => Some(Known::Os),
        "typing" | "typing_extensions" => Some(Known::Typing),
        _ => None,
    }
}

fn member_known(module: Known, member: &str) -> Option<Known> {
    match (module, member) {
        (Known::Sys, "version_info") => Some(Known::VersionInfo),
        (Known::Sys, "platform") => Some(Known::Platform),
        (Known::Os, "name") => Some(Known::OsName),
        (Known::Typing, "TYPE_CHECKING") => Some(Known::TypeChecking),
        _ => None,
    }
}

/// The integer that `expr` is as a literal.
#[must_use]
pub fn integer(expr: &Expr) -> Option<i64> {
    match expr {
        Expr::NumberLiteral(number) => match &number.value {
            Number::Int(int) => int.as_i64(),
            _ => None,
        },
        _ => None,
    }
}

fn integers(expr: &Expr) -> Option<SmallVec<[i64; 4]>> {
    match expr {
        Expr::Tuple(tuple) => tuple.elts.iter().map(integer).collect(),
        _ => None,
    }
}

/// The strings of a literal, or of a tuple, list or set of literals.
fn strings(expr: &Expr) -> Option<SmallVec<[&str; 4]>> {
    match expr {
        Expr::StringLiteral(string) => Some(SmallVec::from_iter([string.value.to_str()])),
        Expr::Tuple(tuple) => string_list(&tuple.elts),
        Expr::List(list) => string_list(&list.elts),
        Expr::Set(set) => string_list(&set.elts),
        _ => None,
    }
}

fn string_list(elements: &[Expr]) -> Option<SmallVec<[&str; 4]>> {
    elements
        .iter()
        .map(|element| match element {
            Expr::StringLiteral(string) => Some(string.value.to_str()),
            _ => None,
        })
        .collect()
}

fn holds(op: CmpOp, order: Ordering) -> Option<bool> {
    match op {
        CmpOp::Eq => Some(order.is_eq()),
        CmpOp::NotEq => Some(order.is_ne()),
        CmpOp::Lt => Some(order.is_lt()),
        CmpOp::LtE => Some(order.is_le()),
        CmpOp::Gt => Some(order.is_gt()),
        CmpOp::GtE => Some(order.is_ge()),
        CmpOp::Is | CmpOp::IsNot | CmpOp::In | CmpOp::NotIn => None,
    }
}

/// `sys.version_info <op> right`. The left side has five parts, of which we know two.
fn compare_version(op: CmpOp, version: [i64; 2], right: &[i64]) -> Option<bool> {
    let shared = right.len().min(version.len());
    let order = version[..shared].cmp(&right[..shared]);
    if order.is_ne() {
        return holds(op, order);
    }
    if right.len() <= version.len() {
        return holds(op, Ordering::Greater);
    }
    // The known parts are equal: only what is sure for every micro version is decided.
    let zeros = right[shared..].iter().all(|&part| part == 0);
    match op {
        CmpOp::GtE if zeros => Some(true),
        CmpOp::Lt if zeros => Some(false),
        _ => None,
    }
}

fn compare_text(op: CmpOp, text: &str, right: &Expr) -> Option<bool> {
    match op {
        CmpOp::Eq | CmpOp::NotEq => {
            let Expr::StringLiteral(string) = right else { return None };
            Some((string.value.to_str() == text) == (op == CmpOp::Eq))
        }
        CmpOp::In | CmpOp::NotIn if !right.is_string_literal_expr() => {
            Some(strings(right)?.contains(&text) == (op == CmpOp::In))
        }
        _ => None,
    }
}
