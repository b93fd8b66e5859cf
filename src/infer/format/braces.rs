//! `str.format`: replacement fields, numbered by hand or as they come, and the arguments for them.
//! Source: Python library reference, "Format String Syntax".

use ruff_python_ast::{Expr, ExprCall};
use ruff_python_literal::format::{
    FieldName, FieldNamePart, FieldType, FormatParseError, FormatPart, FormatSpec, FormatString,
    FromTemplate,
};
use ruff_text_size::{Ranged, TextRange};

use super::spec::Spec;
use super::{ERRORS, Function, Operand, spec, text};
use crate::infer::region::Region;
use crate::rules::{
    Finding, invalid_format_argument as argument, invalid_format_string, unused_format_argument,
};
use crate::types::{Known, Type};

/// A replacement field.
struct Field {
    target: Target,
    parts: Vec<FieldNamePart>,
    conversion: Option<char>,
    spec: String,
}

/// The argument that a field is for.
enum Target {
    Index(usize),
    Name(String),
}

/// Checks `"...".format(...)` of a constant.
pub(super) fn check(region: &Region<'_, '_>, call: &ExprCall, callee: Type) {
    let cx = region.cx;
    let Some(Function { module: "builtins", name: "format", receiver: Some(receiver) }) =
        Function::of(region, callee)
    else {
        return;
    };
    let Some(format) = cx.as_str(receiver) else { return };
    let at = match &*call.func {
        Expr::Attribute(attribute) => attribute.value.range(),
        other => other.range(),
    };
    let findings = match parse(format) {
        // Brackets may hold whatever ends a field elsewhere.
        Err(_) if format.contains('[') => return,
        Err(finding) => vec![(at, finding)],
        Ok(fields) => Arguments { region, call }.check(&fields),
    };
    if findings.is_empty() || region.expects_error(&ERRORS) {
        return;
    }
    for (range, finding) in findings {
        region.report(range, finding);
    }
}

/// The fields of a format, those within the specification of another one right after it.
fn parse(format: &str) -> Result<Vec<Field>, Finding> {
    let parsed = FormatString::from_raw_str(format).map_err(|error| refused(&error))?;
    let mut fields = Vec::new();
    let mut numbering = Numbering::default();
    for part in &parsed.format_parts {
        add_field(part, &mut numbering, &mut fields, true)?;
    }
    match numbering {
        Numbering { is_automatic: true, is_manual: true, .. } => {
            Err(invalid_format_string::mixed_numbering())
        }
        _ => Ok(fields),
    }
}

#[derive(Default)]
struct Numbering {
    next: usize,
    is_automatic: bool,
    is_manual: bool,
}

fn add_field(
    part: &FormatPart,
    numbering: &mut Numbering,
    fields: &mut Vec<Field>,
    is_outer: bool,
) -> Result<(), Finding> {
    let FormatPart::Field { field_name, conversion_spec, format_spec } = part else {
        return Ok(());
    };
    let name = FieldName::parse(field_name).map_err(|error| refused(&error))?;
    let target = match name.field_type {
        FieldType::Auto => {
            numbering.is_automatic = true;
            numbering.next += 1;
            Target::Index(numbering.next - 1)
        }
        FieldType::Index(index) => {
            numbering.is_manual = true;
            Target::Index(index)
        }
        FieldType::Keyword(name) => Target::Name(name),
    };
    if let Some(conversion) = conversion_spec.filter(|each| !"rsa".contains(*each)) {
        return Err(invalid_format_string::unknown_field_conversion(conversion));
    }
    fields.push(Field {
        target,
        parts: name.parts,
        conversion: *conversion_spec,
        spec: format_spec.clone(),
    });
    if is_outer
        && format_spec.contains('{')
        && let Ok(FormatSpec::Dynamic(inner)) = FormatSpec::parse(format_spec)
    {
        for part in &inner.placeholders {
            add_field(part, numbering, fields, false)?;
        }
    }
    Ok(())
}

fn refused(error: &FormatParseError) -> Finding {
    invalid_format_string::incomplete(match error {
        FormatParseError::UnmatchedBracket => "a brace is never closed",
        FormatParseError::MissingStartBracket
        | FormatParseError::UnescapedStartBracketInLiteral => "a brace stands alone",
        FormatParseError::PlaceholderRecursionExceeded => "fields are nested too deep",
        FormatParseError::UnknownConversion => "a conversion is one letter",
        FormatParseError::EmptyAttribute => "an attribute has no name",
        FormatParseError::MissingRightBracket => "a bracket is never closed",
        FormatParseError::InvalidCharacterAfterRightBracket => "a bracket ends a field or a part",
    })
}

struct Arguments<'r, 'a, 's> {
    region: &'r Region<'a, 's>,
    call: &'r ExprCall,
}

impl Arguments<'_, '_, '_> {
    fn check(&self, fields: &[Field]) -> Vec<(TextRange, Finding)> {
        let mut findings = Vec::new();
        for field in fields {
            if let Some(finding) = self.missing(&field.target) {
                findings.push((self.call.range(), finding));
                break;
            }
            if let Some(operand) = self.argument(&field.target)
                && let Some(finding) = self.problem(field, operand)
            {
                findings.push((operand.range, finding));
            }
        }
        findings.extend(self.unused(fields));
        findings
    }

    /// Positional arguments, up to one that stands for several.
    fn positional(&self) -> (&[Expr], bool) {
        let args = &self.call.arguments.args;
        let end = args.iter().position(Expr::is_starred_expr);
        (&args[..end.unwrap_or(args.len())], end.is_some())
    }

    fn has_unpacked_mapping(&self) -> bool {
        self.call.arguments.keywords.iter().any(|keyword| keyword.arg.is_none())
    }

    fn missing(&self, target: &Target) -> Option<Finding> {
        match target {
            Target::Index(index) => {
                let (args, is_open) = self.positional();
                (*index >= args.len() && !is_open)
                    .then(|| argument::missing_index(*index, args.len()))
            }
            Target::Name(name) => {
                let is_missing = self.call.arguments.find_keyword(name).is_none();
                (is_missing && !self.has_unpacked_mapping()).then(|| argument::missing_key(name))
            }
        }
    }

    fn argument(&self, target: &Target) -> Option<Operand> {
        let node = match target {
            Target::Index(index) => self.positional().0.get(*index)?,
            Target::Name(name) => &self.call.arguments.find_keyword(name)?.value,
        };
        Some(Operand::of(self.region, node))
    }

    fn problem(&self, field: &Field, operand: Operand) -> Option<Finding> {
        let region = self.region;
        let mut ty = operand.ty;
        for part in &field.parts {
            let FieldNamePart::Attribute(name) = part else { return None };
            ty = region.cx.attribute(ty, name).found_all()?;
        }
        if field.conversion.is_none_or(|conversion| conversion == 's') {
            let found = text::check(region, ty);
            if found.is_some() {
                return found;
            }
        }
        let text = field.spec.split('{').next().filter(|text| !text.is_empty())?;
        let shown =
            if field.conversion.is_some() { region.cx.known_instance(Known::Str) } else { ty };
        spec::check(region, shown, Spec { text, is_constant: text.len() == field.spec.len() })
    }

    /// Arguments that no field is for. One of several formats for the same arguments need not use them all.
    fn unused(&self, fields: &[Field]) -> Vec<(TextRange, Finding)> {
        let mut findings = Vec::new();
        let is_written_here = self.call.func.as_attribute_expr().is_some_and(|attribute| {
            attribute.value.is_string_literal_expr() || attribute.value.is_bin_op_expr()
        });
        if !is_written_here {
            return findings;
        }
        for (at, node) in self.positional().0.iter().enumerate() {
            let is_used =
                fields.iter().any(|field| matches!(field.target, Target::Index(i) if i == at));
            if !is_used {
                let finding = unused_format_argument::unused_positional(at);
                findings.push((node.range(), finding));
            }
        }
        for keyword in &self.call.arguments.keywords {
            let Some(name) = &keyword.arg else { continue };
            let is_used = fields
                .iter()
                .any(|field| matches!(&field.target, Target::Name(each) if each == name.as_str()));
            if !is_used {
                let finding = unused_format_argument::unused_keyword(name.as_str());
                findings.push((keyword.range, finding));
            }
        }
        findings
    }
}
