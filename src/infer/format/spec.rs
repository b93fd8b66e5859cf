//! What follows the colon of a replacement field, and the `__format__` that reads it.
//! Source: Python library reference, "Format Specification Mini-Language".

use ruff_python_literal::format::{FormatSpec, FormatSpecError};

use super::value::{class_object, known};
use crate::infer::region::Region;
use crate::rules::{Finding, invalid_format_argument as argument};
use crate::types::{Cx, Known, Type};

/// A format specification that is not empty.
#[derive(Clone, Copy)]
pub(super) struct Spec<'t> {
    pub(super) text: &'t str,
    /// Whether `text` is all of it: there is no field in it.
    pub(super) is_constant: bool,
}

/// What is wrong with a value that is formatted as `spec` says; of a union, only what is wrong with every member.
pub(super) fn check(region: &Region<'_, '_>, ty: Type, spec: Spec<'_>) -> Option<Finding> {
    let cx = region.cx;
    let ty = cx.expand_alias(ty);
    let mut first = None;
    for member in cx.members(ty).iter() {
        let problem = problem(cx, known(cx, member)?, spec)?;
        first.get_or_insert(problem);
    }
    Some(match first? {
        Problem::Refused => argument::unformattable(spec.text, cx.display(ty)),
        Problem::Code(code) => argument::wrong_code(code, cx.display(ty)),
        Problem::Precision => argument::precision_of_integer(spec.text),
        Problem::Unreadable => argument::unreadable_spec(spec.text, cx.display(ty)),
    })
}

/// Why a `__format__` fails.
enum Problem {
    /// That of `object` takes no specification.
    Refused,
    /// The letter at the end is none of its own.
    Code(char),
    Precision,
    Unreadable,
}

fn problem(cx: &Cx<'_>, object: Type, spec: Spec<'_>) -> Option<Problem> {
    let member = cx.class_lookup_after(class_object(cx, object)?, "__format__", None, false)?;
    let owner = member.class?;
    let is = |known: Known| cx.is_known(owner, known);
    if is(Known::Object) {
        return Some(Problem::Refused);
    }
    let (codes, is_integer) = match () {
        () if is(Known::Str) => ("s", false),
        () if is(Known::Int) => ("bcdeEfFgGnoxX%", true),
        () if is(Known::Float) => ("eEfFgGn%", false),
        () if is(Known::Complex) => ("eEfFgGn", false),
        () => return None,
    };
    if !spec.is_constant {
        return None;
    }
    let code = spec.text.chars().next_back().filter(|&last| last.is_alphabetic() || last == '%');
    if let Some(code) = code.filter(|&code| !codes.contains(code)) {
        return Some(Problem::Code(code));
    }
    if is_integer
        && code.is_none_or(|code| "bcdnoxX".contains(code))
        && after_align(spec.text).contains('.')
    {
        return Some(Problem::Precision);
    }
    // Newer versions know more flags and read them elsewhere.
    let is_new = spec.text.contains('z') || spec.text.ends_with([',', '_']);
    let refused = matches!(
        FormatSpec::parse(spec.text),
        Err(FormatSpecError::InvalidFormatSpecifier | FormatSpecError::InvalidFormatType(_))
    );
    (refused && !is_new).then_some(Problem::Unreadable)
}

/// A specification without fill and alignment.
fn after_align(spec: &str) -> &str {
    let mut chars = spec.chars();
    let (first, second) = (chars.next(), chars.clone().next());
    let is_align = |c: Option<char>| c.is_some_and(|c| "<>=^".contains(c));
    if is_align(second) {
        chars.next();
        return chars.as_str();
    }
    if is_align(first) { chars.as_str() } else { spec }
}
