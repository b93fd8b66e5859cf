//! The fields of f-strings.

use ruff_python_ast::{ConversionFlag, InterpolatedElement, InterpolatedStringElement};
use ruff_text_size::Ranged;

use super::spec::{self, Spec};
use super::{ERRORS, Operand, text};
use crate::infer::region::Region;
use crate::rules::Finding;
use crate::types::{Known, Type};

/// Checks a field whose value is of type `ty`.
pub fn check(region: &Region<'_, '_>, field: &InterpolatedElement, ty: Type) {
    if region.is_quiet() {
        return;
    }
    if let Some(finding) = problem(region, field, Operand::new(region, &field.expression, ty).ty)
        && !region.expects_error(&ERRORS)
    {
        region.report(field.expression.range(), finding);
    }
}

fn problem(region: &Region<'_, '_>, field: &InterpolatedElement, ty: Type) -> Option<Finding> {
    let is_plain = field.conversion == ConversionFlag::None;
    if is_plain || field.conversion == ConversionFlag::Str {
        // `{value=}` shows the `repr`, unless something else is asked for.
        let is_shown = field.debug_text.is_some() && is_plain && field.format_spec.is_none();
        let found = text::check(region, ty).filter(|_| !is_shown);
        if found.is_some() {
            return found;
        }
    }
    let elements = &field.format_spec.as_ref()?.elements;
    let mut parts = elements.iter().filter_map(|element| match element {
        InterpolatedStringElement::Literal(literal) => Some(&*literal.value),
        InterpolatedStringElement::Interpolation(_) => None,
    });
    let text = parts.find(|part| !part.is_empty())?;
    let shown = if is_plain { ty } else { region.cx.known_instance(Known::Str) };
    spec::check(region, shown, Spec { text, is_constant: elements.len() == 1 })
}
