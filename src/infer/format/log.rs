//! Logging calls: a message with `%` conversions, and the values for them.
//! Source: Python library reference, "logging", `Logger.debug`.

use ruff_python_ast::{Expr, ExprCall};
use ruff_text_size::Ranged;
use smallvec::SmallVec;

use super::percent::Format;
use super::value::{is_a, surely};
use super::{Function, Operand};
use crate::infer::region::{Mode, Region};
use crate::policy::Policy;
use crate::types::{Known, Type};

/// The methods of a logger that take a message and values, and the functions of the same names.
pub(super) const METHODS: [&str; 9] =
    ["debug", "info", "warning", "warn", "error", "exception", "critical", "fatal", "log"];

/// Methods of a logger through which a subclass gives messages another form.
const HOOKS: [&str; 4] = ["_log", "makeRecord", "process", "handle"];

/// Checks a call of a function of `logging` or a method of a logger.
pub(super) fn check(region: &Region<'_, '_>, call: &ExprCall, callee: Type) {
    let cx = region.cx;
    let Some(Function { module: "logging", name, receiver }) = Function::of(region, callee) else {
        return;
    };
    if receiver.is_some_and(|receiver| has_hooks(region, receiver)) {
        return;
    }
    let Some((message, values)) =
        call.arguments.args.get(usize::from(name == "log")..).and_then(<[Expr]>::split_first)
    else {
        return;
    };
    // Without values the message is taken as it is.
    if values.is_empty() || call.arguments.args.iter().any(Expr::is_starred_expr) {
        return;
    }
    let text = Operand::of(region, message).ty;
    let format = match Format::of(cx, text) {
        None => return,
        Some(Err(finding)) => return region.report(message, finding),
        // A project may have put loggers of its own, which format as `str.format` does, behind the library's functions.
        Some(Ok(format))
            if cx.holds(Policy::OtherLoggers)
                && format.needed() == 0
                && cx.as_str(text).is_some_and(has_fields) =>
        {
            return;
        }
        Some(Ok(format)) => format,
    };
    let given: SmallVec<[Operand; 4]> =
        values.iter().map(|value| Operand::of(region, value)).collect();
    // One mapping is what keys are looked up in.
    if let [only] = given.as_slice()
        && (format.has_keys() || format.needed() == 0 && may_be_mapping(region, only.ty))
    {
        return;
    }
    let found = region.in_mode(Mode::MESSAGE, || format.check_values(region, call.range(), &given));
    if let Some((range, finding)) = found {
        region.report(range, finding);
    }
}

/// Whether the class of a logger overrides how records are made.
fn has_hooks(region: &Region<'_, '_>, receiver: Type) -> bool {
    let cx = region.cx;
    let Some(class) = cx.class_of(receiver) else { return true };
    let object = cx.generic_class_of(receiver, class);
    HOOKS.iter().any(|hook| {
        cx.class_lookup(object, hook).is_some_and(|member| {
            member.class.is_none_or(|owner| &*cx.host.module(owner.module).name != "logging")
        })
    })
}

/// Whether a message has a replacement field.
fn has_fields(text: &str) -> bool {
    text.find('{').is_some_and(|at| text[at..].contains('}'))
}

fn may_be_mapping(region: &Region<'_, '_>, ty: Type) -> bool {
    let cx = region.cx;
    !surely(cx, ty, |object| !is_a(cx, object, Known::Mapping))
}
