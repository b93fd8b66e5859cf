//! Classes that calls make: `NewType`, `namedtuple`, `NamedTuple`, `TypedDict`, `Enum`, `type`.
//! Source: typing spec, "Aliases: NewType", "Named tuples", "Typed dictionaries", "Enumerations".

use ruff_python_ast::{Expr, ExprCall};
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::FxHashSet;

use super::bases::{Base, base_of_instance, base_of_value, empty_class, extra_items, finish};
use super::{bool_keyword, known_function, string_literal};
use crate::index::{DefinitionId, DefinitionNode};
use crate::infer::annotation::{Context, annotation, type_of};
use crate::infer::expr::infer;
use crate::infer::region::Region;
use crate::types::{
    ClassFlags, ClassInfo, ClassRef, Cx, Field, Kind, Known, KnownFunction, Qualifiers,
    SpecialForm, Type,
};

/// The callables that make classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Maker {
    NewType,
    /// `collections.namedtuple`
    NamedTupleUntyped,
    /// `typing.NamedTuple`
    NamedTuple,
    TypedDict,
    /// A subclass of `Enum` without members.
    Enum(ClassRef),
    /// `type` with three arguments, `types.new_class`.
    Type,
}

/// Which class-making callable `callee` is.
pub(super) fn maker(cx: &Cx<'_>, callee: Type, call: &ExprCall) -> Option<Maker> {
    match callee.kind() {
        Kind::Special => {
            (callee.as_special() == Some(SpecialForm::TypedDict)).then_some(Maker::TypedDict)
        }
        Kind::Function => match known_function(cx, callee)? {
            KnownFunction::NamedTuple => Some(Maker::NamedTupleUntyped),
            KnownFunction::NewClass => Some(Maker::Type),
            _ => None,
        },
        Kind::Class => {
            let class = callee.as_class()?;
            let is = |known| cx.is_known(class, known);
            if is(Known::NewType) || is(Known::ExtNewType) {
                return Some(Maker::NewType);
            }
            if is(Known::NamedTuple) || is(Known::ExtNamedTuple) {
                return Some(Maker::NamedTuple);
            }
            if is(Known::Type) {
                return (call.arguments.args.len() == 3).then_some(Maker::Type);
            }
            let has_names =
                call.arguments.args.len() >= 2 || call.arguments.find_keyword("names").is_some();
            let named = call.arguments.args.first().is_some_and(Expr::is_string_literal_expr);
            if !has_names || !named {
                return None;
            }
            let is_enum = cx.host.class(cx, class).is(ClassFlags::ENUM);
            (is_enum && cx.enum_member_names(class).is_empty()).then_some(Maker::Enum(class))
        }
        _ => None,
    }
}

/// The class object that a call assigned by `definition` makes, if it makes one.
pub fn class_from_call(
    region: &Region<'_, '_>,
    definition: DefinitionId,
    call: &ExprCall,
    callee: Type,
) -> Option<Type> {
    let assigned: &Expr = match region.nodes().definitions[definition] {
        DefinitionNode::Assignment { stmt, target, top_target }
            if std::ptr::eq(target, top_target) =>
        {
            &stmt.value
        }
        DefinitionNode::AnnotatedAssignment { stmt, .. } => stmt.value.as_deref()?,
        DefinitionNode::NamedExpression(named) => &named.value,
        _ => return None,
    };
    let Expr::Call(whole) = assigned else { return None };
    if whole.range() != call.range() {
        return None;
    }
    let maker = maker(region.cx, callee, call)?;
    // Of `type(name, bases, {})` with bases that are not written there, nothing is known.
    let bases = call.arguments.find_argument_value("bases", 1);
    if maker == Maker::Type && bases.is_some_and(|bases| elements(bases).is_none()) {
        return None;
    }
    Some(Type::class(ClassRef::from(region.def_ref(definition))))
}

/// The facts about a class that a call makes.
pub(super) fn of_call(
    region: &Region<'_, '_>,
    class: ClassRef,
    call: &ExprCall,
    name: TextRange,
) -> ClassInfo {
    let cx = region.cx;
    let callee = infer(region, &call.func, None);
    let title = call.arguments.args.first().and_then(string_literal).unwrap_or("");
    let info = empty_class(class, title, name);
    match maker(cx, callee, call) {
        Some(Maker::NewType) => new_type(region, info, call),
        Some(Maker::NamedTuple) => named_tuple(region, info, call, true),
        Some(Maker::NamedTupleUntyped) => named_tuple(region, info, call, false),
        Some(Maker::TypedDict) => typed_dict(region, info, call),
        Some(Maker::Enum(base)) => enumeration(region, info, call, base),
        Some(Maker::Type) => dynamic_class(region, info, call),
        None => {
            let mut info = info;
            info.flags.insert(ClassFlags::DYNAMIC_MEMBERS);
            finish(cx, info, &[Base::Class(Type::UNKNOWN)], None)
        }
    }
}

fn new_type(region: &Region<'_, '_>, mut info: ClassInfo, call: &ExprCall) -> ClassInfo {
    let cx = region.cx;
    info.flags.insert(ClassFlags::NEW_TYPE);
    let Some(expr) = call.arguments.find_argument_value("tp", 1) else {
        return finish(cx, info, &[Base::Class(Type::UNKNOWN)], None);
    };
    let ty = type_of(region, expr, Context::of(region));
    // As it is written, in a ring too: so each of the ring sees that it leads back, wherever one begins to ask.
    info.new_type_base = Some(ty);
    let base = match base_of_instance(cx, ty) {
        _ if leads_back(cx, ty, info.class) => Base::Class(Type::UNKNOWN),
        Base::Invalid => Base::Class(Type::UNKNOWN),
        base => base,
    };
    finish(cx, info, &[base], None)
}

/// Whether the class of a `NewType` is that of the type it is made of, or above it, or what that is made of in turn.
pub(super) fn leads_back(cx: &Cx<'_>, base: Type, class: ClassRef) -> bool {
    let mut seen = FxHashSet::default();
    let mut made_of = cx.class_of(base);
    while let Some(of) = made_of.filter(|&of| seen.insert(of)) {
        let info = cx.host.class(cx, of);
        if of == class || info.inherits(class) {
            return true;
        }
        made_of = info.new_type_base.and_then(|base| cx.class_of(base));
    }
    false
}

/// The elements of a tuple or list display.
pub(super) fn elements(expr: &Expr) -> Option<&[Expr]> {
    match expr {
        Expr::Tuple(tuple) => Some(&tuple.elts),
        Expr::List(list) => Some(&list.elts),
        _ => None,
    }
}

/// Names in a string (`"a b, c"`) or in a display of strings.
pub(super) fn names(expr: &Expr) -> Option<Vec<(String, TextRange)>> {
    if let Some(text) = string_literal(expr) {
        let words = text.split([' ', ',', '\n', '\t']).filter(|word| !word.is_empty());
        return Some(words.map(|word| (word.to_owned(), expr.range())).collect());
    }
    elements(expr)?
        .iter()
        .map(|element| Some((string_literal(element)?.to_owned(), element.range())))
        .collect()
}

fn named_tuple(
    region: &Region<'_, '_>,
    mut info: ClassInfo,
    call: &ExprCall,
    typed: bool,
) -> ClassInfo {
    let cx = region.cx;
    info.flags.insert(ClassFlags::NAMED_TUPLE);
    let fields = if typed {
        call.arguments
            .find_argument_value("fields", 1)
            .map_or(Some(Vec::new()), |fields| typed_fields(region, fields))
    } else {
        call.arguments
            .find_argument_value("field_names", 1)
            .and_then(|fields| untyped_fields(call, fields))
    };
    let is_open = fields.is_none();
    match fields {
        Some(fields) => info.synthesized = Some(fields.into()),
        None => info.flags.insert(ClassFlags::DYNAMIC_MEMBERS),
    }
    let base = cx.host.known(cx, Known::NamedTuple);
    let base = Base::Class(base.map_or(Type::UNKNOWN, Type::class));
    let mut info = finish(cx, info, &[base], None);
    // It is a named tuple, but nothing that follows from its fields is known.
    if is_open {
        info.flags.remove(ClassFlags::NAMED_TUPLE);
    }
    info
}

fn typed_fields(region: &Region<'_, '_>, expr: &Expr) -> Option<Vec<Field>> {
    elements(expr)?
        .iter()
        .map(|element| {
            let [name, ty] = elements(element)? else { return None };
            // A `Final` name that was given a literal stands for it.
            let text = match string_literal(name) {
                Some(text) => text,
                None => region.cx.as_str(infer(region, name, None))?,
            };
            let mut field = Field::new(text, type_of(region, ty, Context::of(region)));
            field.range = name.range();
            Some(field)
        })
        .collect()
}

fn untyped_fields(call: &ExprCall, expr: &Expr) -> Option<Vec<Field>> {
    let rename = bool_keyword(&call.arguments, "rename") == Some(true);
    let mut fields: Vec<Field> = Vec::new();
    for (at, (name, range)) in names(expr)?.into_iter().enumerate() {
        let valid = ruff_python_stdlib::identifiers::is_identifier(&name)
            && !name.starts_with('_')
            && !fields.iter().any(|field| *field.name == *name);
        let mut field = if rename && !valid {
            Field::new(&format!("_{at}"), Type::ANY)
        } else {
            Field::new(&name, Type::ANY)
        };
        field.range = range;
        fields.push(field);
    }
    if let Some(defaults) = call.arguments.find_keyword("defaults") {
        let count = match &defaults.value {
            Expr::NoneLiteral(_) => 0,
            value => elements(value).map_or(fields.len(), <[Expr]>::len),
        };
        let first = fields.len().saturating_sub(count);
        for field in &mut fields[first..] {
            field.has_default = true;
        }
    }
    Some(fields)
}

fn typed_dict(region: &Region<'_, '_>, mut info: ClassInfo, call: &ExprCall) -> ClassInfo {
    let cx = region.cx;
    let arguments = &call.arguments;
    let total = bool_keyword(arguments, "total").unwrap_or(true);
    if total {
        info.flags.insert(ClassFlags::TOTAL);
    }
    if bool_keyword(arguments, "closed") == Some(true) {
        info.flags.insert(ClassFlags::CLOSED);
    }
    extra_items(region, &mut info, arguments);
    match arguments.find_argument_value("fields", 1) {
        Some(Expr::Dict(dict)) => {
            let mut fields = Vec::new();
            for item in &dict.items {
                let Some(name) = item.key.as_ref().and_then(string_literal) else { continue };
                let mut field = item_field(region, name, &item.value, total);
                field.range = item.key.as_ref().map_or(item.value.range(), Ranged::range);
                field.class = Some(info.class);
                fields.push(field);
            }
            info.synthesized = Some(fields.into());
        }
        _ => info.synthesized = Some(Box::default()),
    }
    finish(cx, info, &[Base::TypedDict], None)
}

/// The item of a typed dict whose annotation is `expr`.
fn item_field(region: &Region<'_, '_>, name: &str, expr: &Expr, total: bool) -> Field {
    let allowed = Qualifiers::REQUIRED.union(Qualifiers::NOT_REQUIRED).union(Qualifiers::READ_ONLY);
    let found = annotation(region, expr, Context::of(region).allowing(allowed));
    let mut field = Field::new(name, found.ty);
    field.required = is_required(found.qualifiers, total);
    field.read_only = found.qualifiers.contains(Qualifiers::READ_ONLY);
    field
}

/// Whether an item with these qualifiers must be there.
pub(super) const fn is_required(qualifiers: Qualifiers, total: bool) -> bool {
    if qualifiers.contains(Qualifiers::REQUIRED) {
        return true;
    }
    total && !qualifiers.contains(Qualifiers::NOT_REQUIRED)
}

fn enumeration(
    region: &Region<'_, '_>,
    mut info: ClassInfo,
    call: &ExprCall,
    base: ClassRef,
) -> ClassInfo {
    let cx = region.cx;
    let fields = call
        .arguments
        .find_argument_value("names", 1)
        .and_then(|names| enum_fields(region, call, names, base));
    match fields {
        Some(fields) => info.synthesized = Some(fields.into()),
        None => {
            info.flags.insert(ClassFlags::DYNAMIC_MEMBERS);
            info.synthesized = Some(Box::default());
        }
    }
    finish(cx, info, &[Base::Class(Type::class(base))], None)
}

fn enum_fields(
    region: &Region<'_, '_>,
    call: &ExprCall,
    expr: &Expr,
    base: ClassRef,
) -> Option<Vec<Field>> {
    let cx = region.cx;
    if let Some(names) = names(expr) {
        let start =
            call.arguments.find_keyword("start").map(|keyword| infer(region, &keyword.value, None));
        let mut next = start.map_or(Some(1), Type::as_int);
        let is_str = cx
            .host
            .known(cx, Known::StrEnum)
            .is_some_and(|known| base == known || cx.host.class(cx, base).inherits(known));
        let mut fields = Vec::new();
        for (name, range) in names {
            let value = match next {
                _ if is_str => cx.str_literal(&name.to_lowercase()),
                Some(value) => cx.int_literal(value),
                None => cx.known_instance(Known::Int),
            };
            next = next.and_then(|value| value.checked_add(1));
            let mut field = Field::new(&name, value);
            field.range = range;
            fields.push(field);
        }
        return Some(fields);
    }
    let pairs: Vec<(&Expr, &Expr)> = match expr {
        Expr::Dict(dict) => dict
            .items
            .iter()
            .map(|item| Some((item.key.as_ref()?, &item.value)))
            .collect::<Option<_>>()?,
        _ => elements(expr)?
            .iter()
            .map(|element| match elements(element)? {
                [name, value] => Some((name, value)),
                _ => None,
            })
            .collect::<Option<_>>()?,
    };
    pairs
        .into_iter()
        .map(|(name, value)| {
            let mut field = Field::new(string_literal(name)?, infer(region, value, None));
            field.range = name.range();
            Some(field)
        })
        .collect()
}

/// `type("X", (Base,), {...})`: what is in it cannot be told.
fn dynamic_class(region: &Region<'_, '_>, mut info: ClassInfo, call: &ExprCall) -> ClassInfo {
    let cx = region.cx;
    let bases: Vec<Base> =
        match call.arguments.find_argument_value("bases", 1).map(|b| (b, elements(b))) {
            None => Vec::new(),
            Some((_, None)) => vec![Base::Class(Type::UNKNOWN)],
            Some((_, Some(bases))) => bases
                .iter()
                .map(|base| match base {
                    Expr::Starred(_) => Base::Class(Type::UNKNOWN),
                    _ => base_of_value(cx, infer(region, base, None)),
                })
                .collect(),
        };
    // `types.new_class` is given a function that fills the class; its third argument is about bases.
    let makes =
        known_function(cx, infer(region, &call.func, None)) == Some(KnownFunction::NewClass);
    let is_empty = if makes {
        call.arguments.find_argument_value("exec_body", 3).is_none_or(Expr::is_none_literal_expr)
    } else {
        matches!(
            call.arguments.find_argument_value("dict", 2),
            Some(Expr::Dict(dict)) if dict.items.is_empty()
        )
    };
    if !is_empty {
        info.flags.insert(ClassFlags::DYNAMIC_MEMBERS);
    }
    finish(cx, info, &bases, None)
}
