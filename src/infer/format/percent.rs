//! The `%` operator on text and bytes, and what logging makes of its arguments with it.
//! Source: Python library reference, "printf-style String Formatting".

use std::borrow::Cow;

use ruff_python_ast::{Expr, ExprBinOp, Operator};
use ruff_python_literal::cformat::{
    CFormatBytes, CFormatError, CFormatErrorType, CFormatPart, CFormatPrecision, CFormatQuantity,
    CFormatSpec, CFormatString,
};
use ruff_text_size::{Ranged, TextRange};
use smallvec::SmallVec;

use super::value::{is_a, lacks, surely};
use super::{ERRORS, Operand, text};
use crate::infer::expr;
use crate::infer::region::Region;
use crate::rules::{Finding, invalid_format_argument as argument, invalid_format_string};
use crate::types::{Cx, Data, Kind, Known, Type};

/// A conversion of a format: `%(key)*.*d`.
struct Conversion {
    key: Option<String>,
    letter: char,
    /// How many values it takes: one, and one for each `*`.
    values: usize,
}

/// A format taken apart.
pub(super) struct Format {
    conversions: Vec<Conversion>,
    is_bytes: bool,
}

type Found = Option<(TextRange, Finding)>;

impl Format {
    /// The format that a literal type is; the error is what is wrong with it. `None` where that is not known.
    pub(super) fn of(cx: &Cx<'_>, literal: Type) -> Option<Result<Self, Finding>> {
        let parsed = match literal.kind() {
            Kind::Str => cx.as_str(literal)?.parse::<CFormatString>().map(|parsed| {
                let conversions = parsed.iter().filter_map(|(_, part)| conversion(part)).collect();
                Self { conversions, is_bytes: false }
            }),
            Kind::Bytes => {
                let Data::Bytes(bytes) = *cx.data(literal) else { return None };
                let mut bytes = bytes.iter().copied().enumerate().peekable();
                CFormatBytes::parse(&mut bytes).map(|parsed| {
                    let parts = parsed.iter();
                    let conversions = parts.filter_map(|(_, part)| conversion(part)).collect();
                    Self { conversions, is_bytes: true }
                })
            }
            _ => return None,
        };
        match parsed {
            Ok(format) => Some(Ok(format)),
            Err(error) => refused(&error).map(Err),
        }
    }

    /// How many values the format takes.
    pub(super) fn needed(&self) -> usize {
        self.conversions.iter().map(|conversion| conversion.values).sum()
    }

    /// Whether values are looked up by key.
    pub(super) fn has_keys(&self) -> bool {
        self.conversions.iter().any(|conversion| conversion.key.is_some())
    }

    /// What is wrong with values that are given one by one.
    pub(super) fn check_values(
        &self,
        region: &Region<'_, '_>,
        whole: TextRange,
        given: &[Operand],
    ) -> Found {
        if self.has_keys() {
            let all = self.conversions.iter().find_map(|conversion| conversion.key.as_deref());
            return Some((whole, argument::not_a_mapping(all.unwrap_or_default(), "a tuple")));
        }
        let needed = self.needed();
        if given.len() < needed {
            return Some((whole, argument::too_few_values(needed, given.len())));
        }
        if let Some(extra) = given.get(needed) {
            return Some((extra.range, argument::too_many_values(needed, given.len())));
        }
        let mut at = 0;
        self.conversions.iter().find_map(|conversion| {
            at += conversion.values;
            let operand = given.get(at - 1)?;
            self.check_value(region, conversion.letter, *operand)
        })
    }

    /// What is wrong with one value for a conversion.
    fn check_value(&self, region: &Region<'_, '_>, letter: char, operand: Operand) -> Found {
        let (cx, ty) = (region.cx, operand.ty);
        let wanted = match letter {
            'd' | 'i' | 'u' if lacks(cx, ty, &["__int__", "__index__", "__trunc__"]) => "a number",
            'o' | 'x' | 'X' if lacks(cx, ty, &["__index__"]) => "an integer",
            'e' | 'E' | 'f' | 'F' | 'g' | 'G' if lacks(cx, ty, &["__float__", "__index__"]) => {
                "a number"
            }
            'c' if self.is_no_character(cx, ty) => "an integer or one character",
            's' | 'b' if self.is_bytes && lacks(cx, ty, &["__buffer__", "__bytes__"]) => {
                "an object with bytes"
            }
            's' if !self.is_bytes => {
                return text::check(region, ty).map(|finding| (operand.range, finding));
            }
            _ => return None,
        };
        Some((operand.range, argument::wrong_conversion(letter, wanted, cx.display(ty))))
    }

    fn is_no_character(&self, cx: &Cx<'_>, ty: Type) -> bool {
        let text = if self.is_bytes { Known::Bytes } else { Known::Str };
        surely(cx, ty, |object| {
            let is_long = cx.as_str(object).is_some_and(|text| text.chars().nth(1).is_some());
            cx.dunder(object, "__index__").is_none() && (!is_a(cx, object, text) || is_long)
        })
    }
}

fn conversion<T>(part: &CFormatPart<T>) -> Option<Conversion> {
    let CFormatPart::Spec(CFormatSpec {
        mapping_key, min_field_width, precision, format_char, ..
    }) = part
    else {
        return None;
    };
    let is_width_given = matches!(min_field_width, Some(CFormatQuantity::FromValuesTuple));
    let is_precision_given =
        matches!(precision, Some(CFormatPrecision::Quantity(CFormatQuantity::FromValuesTuple)));
    Some(Conversion {
        key: mapping_key.clone(),
        letter: *format_char,
        values: 1 + usize::from(is_width_given) + usize::from(is_precision_given),
    })
}

/// Words for a format that cannot be read. `%5%` can, and how wide is too wide depends on the machine.
fn refused(error: &CFormatError) -> Option<Finding> {
    match error.typ {
        CFormatErrorType::UnsupportedFormatChar('%')
        | CFormatErrorType::IntTooBig
        | CFormatErrorType::MissingModuloSign => None,
        CFormatErrorType::UnsupportedFormatChar(letter) => {
            Some(invalid_format_string::unknown_conversion(letter))
        }
        CFormatErrorType::IncompleteFormat => {
            Some(invalid_format_string::incomplete("it ends within a conversion"))
        }
        CFormatErrorType::UnmatchedKeyParentheses => {
            Some(invalid_format_string::incomplete("the parenthesis of a key is never closed"))
        }
    }
}

/// Checks `left % right` where the left side is a constant.
pub fn check(region: &Region<'_, '_>, binary: &ExprBinOp, left: Type, right: Type) {
    if binary.op != Operator::Mod || region.is_quiet() {
        return;
    }
    let cx = region.cx;
    let is_constant = |ty: &Type| matches!(ty.kind(), Kind::Str | Kind::Bytes);
    let found = cx.members(left).iter().filter(is_constant).find_map(|literal| {
        match Format::of(cx, literal)? {
            Ok(format) => of_right(region, &format, binary, right),
            Err(finding) => Some((binary.left.range(), finding)),
        }
    });
    if let Some((range, finding)) = found
        && !region.expects_error(&ERRORS)
    {
        region.report(range, finding);
    }
}

/// What is wrong with the right side; of a union, only what is wrong with every member.
fn of_right(region: &Region<'_, '_>, format: &Format, binary: &ExprBinOp, right: Type) -> Found {
    let cx = region.cx;
    let mut first = None;
    for member in cx.members(cx.expand_alias(right)).iter() {
        let found = match cx.tuple_shape(member) {
            Some(shape) => {
                shape.fixed_len()?;
                let given = elements(region, &binary.right, shape.elements);
                format.check_values(region, binary.range(), &given)?
            }
            None => of_single(region, format, binary, member)?,
        };
        first.get_or_insert(found);
    }
    first
}

/// The elements of a tuple with where they stand, if it is written out.
fn elements(region: &Region<'_, '_>, node: &Expr, types: &[Type]) -> SmallVec<[Operand; 4]> {
    let nodes = match node {
        Expr::Tuple(tuple) if tuple.len() == types.len() => &*tuple.elts,
        _ => &[],
    };
    let operand = |(at, &ty): (usize, &Type)| match nodes.get(at) {
        Some(node) => Operand::new(region, node, ty),
        None => Operand { ty, range: node.range() },
    };
    types.iter().enumerate().map(operand).collect()
}

/// What is wrong with a right side that is no tuple: one value, or a mapping.
fn of_single(region: &Region<'_, '_>, format: &Format, binary: &ExprBinOp, ty: Type) -> Found {
    let cx = region.cx;
    let right = &*binary.right;
    let operand = Operand::new(region, right, ty);
    let Operand { ty, range } = operand;
    if format.has_keys() {
        return of_mapping(region, format, right, ty);
    }
    match &*format.conversions {
        [] => {
            let own = if format.is_bytes { Known::Bytes } else { Known::Str };
            let is_plain =
                |object: Type| is_a(cx, object, own) || cx.dunder(object, "__getitem__").is_none();
            surely(cx, ty, is_plain).then(|| (range, argument::too_many_values(0, 1)))
        }
        [conversion] if conversion.values == 1 => {
            format.check_value(region, conversion.letter, operand)
        }
        _ => {
            let is_one = surely(cx, ty, |object| !is_a(cx, object, Known::Tuple));
            is_one.then(|| (binary.range(), argument::too_few_values(format.needed(), 1)))
        }
    }
}

/// What is wrong with a mapping: it is none, or lacks a key, or holds something else under it.
fn of_mapping(region: &Region<'_, '_>, format: &Format, right: &Expr, ty: Type) -> Found {
    let cx = region.cx;
    let keys: Option<Vec<&str>> =
        format.conversions.iter().map(|conversion| conversion.key.as_deref()).collect();
    let keys = keys?;
    let is_none =
        |object: Type| is_a(cx, object, Known::Str) || cx.dunder(object, "__getitem__").is_none();
    if surely(cx, ty, is_none) {
        let shown = cx.display(ty);
        return Some((right.range(), argument::not_a_mapping(keys.first()?, format!("`{shown}`"))));
    }
    if format.is_bytes {
        return None;
    }
    let entries = entries(region, right)?;
    for (conversion, key) in format.conversions.iter().zip(keys) {
        let Some((_, value)) = entries.iter().rev().find(|(name, _)| *name == key) else {
            return Some((right.range(), argument::missing_key(key)));
        };
        let found = format.check_value(region, conversion.letter, Operand::of(region, value));
        if found.is_some() {
            return found;
        }
    }
    None
}

/// Keys and values of a mapping that is written out with constant keys.
fn entries<'s, 'e>(
    region: &Region<'_, 's>,
    node: &'e Expr,
) -> Option<Vec<(Cow<'s, str>, &'e Expr)>> {
    match node {
        Expr::Dict(dict) => dict
            .items
            .iter()
            .map(|item| {
                let key = item.key.as_ref()?;
                let key = region.quietly(|| expr::infer(region, key, None));
                Some((region.cx.as_str(key)?.into(), &item.value))
            })
            .collect(),
        // `dict(key=value)`
        Expr::Call(call) if call.arguments.args.is_empty() => {
            let callee = region.quietly(|| expr::infer(region, &call.func, None));
            let class = callee.as_class().or_else(|| region.cx.class_of(callee))?;
            if !region.cx.is_known(class, Known::Dict) {
                return None;
            }
            let keywords = call.arguments.keywords.iter();
            keywords
                .map(|keyword| {
                    let name = keyword.arg.as_ref()?;
                    Some((name.as_str().to_owned().into(), &keyword.value))
                })
                .collect()
        }
        _ => None,
    }
}
