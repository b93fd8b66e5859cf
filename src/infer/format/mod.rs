//! String formatting: `%`, `str.format`, f-strings and logging calls, judged by the types of their values.
//!
//! Formats are taken apart by `ruff_python_literal`; here is what their parts ask of the values. Only constant
//! formats count, only the loud walk looks, and nothing is said of a value that may be of any class.

mod braces;
mod interpolated;
mod log;
mod percent;
mod spec;
mod text;
mod value;

use ruff_python_ast::{Expr, ExprAttribute, ExprCall};
use ruff_text_size::{Ranged, TextRange};

use super::region::Region;
use crate::policy::Policy;
use crate::types::{Data, Kind, Known, Type};

pub use interpolated::check as check_interpolation;
pub use percent::check as check_operator;

/// What formatting raises when it fails.
const ERRORS: [Known; 4] =
    [Known::TypeError, Known::ValueError, Known::KeyError, Known::IndexError];

/// A value that is formatted, and where it is written.
#[derive(Clone, Copy)]
struct Operand {
    ty: Type,
    range: TextRange,
}

impl Operand {
    /// The value of an expression that was inferred before.
    fn of(region: &Region<'_, '_>, node: &Expr) -> Self {
        let ty = region.quietly(|| super::expr::infer(region, node, None));
        Self::new(region, node, ty)
    }

    fn new(region: &Region<'_, '_>, node: &Expr, ty: Type) -> Self {
        let is_settled = match node {
            Expr::Attribute(attribute) if region.cx.holds(Policy::FormattedAttributes) => {
                is_settled(region, attribute, ty)
            }
            _ => true,
        };
        Self { ty: if is_settled { ty } else { Type::UNKNOWN }, range: node.range() }
    }
}

/// Whether an attribute holds what the body of its class says: `None` there may stand for what somebody else
/// sets, and a metaclass may put something else in the place of what it finds.
fn is_settled(region: &Region<'_, '_>, attribute: &ExprAttribute, ty: Type) -> bool {
    let cx = region.cx;
    if !matches!(ty.kind(), Kind::None | Kind::Instance | Kind::Generic) {
        return true;
    }
    let object = region.quietly(|| super::expr::infer(region, &attribute.value, None));
    let object = cx.upper_bound(object).unwrap_or(object);
    let plain = [Known::AbcMeta, Known::EnumMeta];
    let has_plain_metaclass =
        cx.info_of(object).and_then(|info| info.metaclass).is_none_or(|meta| {
            meta.as_class().is_some_and(|meta| plain.iter().any(|&known| cx.is_known(meta, known)))
        });
    !ty.is_none() && has_plain_metaclass
}

/// Checks a call that formats: `str.format`, `str(...)`, and the methods of loggers.
pub fn check_call(region: &Region<'_, '_>, call: &ExprCall, callee: Type) {
    match called_name(call) {
        Some("str") => text::check_conversion(region, call, callee),
        Some("format") => braces::check(region, call, callee),
        Some(name) if log::METHODS.contains(&name) => log::check(region, call, callee),
        _ => {}
    }
}

/// Whether a call is one of a logger, whose arguments somebody reads as they are.
pub fn is_log_call(region: &Region<'_, '_>, call: &ExprCall, callee: Type) -> bool {
    called_name(call).is_some_and(|name| log::METHODS.contains(&name))
        && Function::of(region, callee).is_some_and(|function| function.module == "logging")
}

fn called_name(call: &ExprCall) -> Option<&str> {
    match &*call.func {
        Expr::Attribute(attribute) => Some(attribute.attr.id.as_str()),
        Expr::Name(name) => Some(name.id.as_str()),
        _ => None,
    }
}

/// The function that a callee is.
struct Function<'s> {
    module: &'s str,
    name: &'s str,
    /// What it is bound to.
    receiver: Option<Type>,
}

impl<'s> Function<'s> {
    fn of(region: &Region<'_, 's>, callee: Type) -> Option<Self> {
        let cx = region.cx;
        let (function, receiver) = match callee.kind() {
            Kind::Function => (callee, None),
            Kind::Method => match *cx.data(callee) {
                Data::Method { function, receiver, .. } => (function, receiver),
                _ => return None,
            },
            _ => return None,
        };
        let function = function.as_function()?;
        let module = &cx.host.module(function.module).name;
        Some(Self { module, name: &cx.host.function(cx, function).name, receiver })
    }
}
