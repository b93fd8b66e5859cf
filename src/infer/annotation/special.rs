//! Special forms of `typing` in type expressions, bare and subscripted.

use ruff_python_ast::{Expr, ExprSubscript};

use super::arguments::{concatenate, parameter_list, slice_elements, tuple_arguments};
use super::{Annotation, Context, annotation, invalid, plain, type_of};
use crate::infer::region::Region;
use crate::rules;
use crate::types::{Kind, Known, Qualifiers, Signature, SpecialForm, Type};

/// The class that a capitalised alias of `typing` stands for.
const fn generic_alias(form: SpecialForm) -> Option<Known> {
    Some(match form {
        SpecialForm::List => Known::List,
        SpecialForm::Dict => Known::Dict,
        SpecialForm::Set => Known::Set,
        SpecialForm::FrozenSet => Known::FrozenSet,
        SpecialForm::DefaultDict => Known::DefaultDict,
        SpecialForm::OrderedDict => Known::OrderedDict,
        SpecialForm::Counter => Known::Counter,
        SpecialForm::Deque => Known::Deque,
        SpecialForm::ChainMap => Known::ChainMap,
        _ => return None,
    })
}

/// A special form without arguments.
pub(super) fn bare(
    region: &Region<'_, '_>,
    expr: &Expr,
    value: Type,
    context: Context,
) -> Annotation {
    let cx = region.cx;
    let Some(form) = value.as_special() else { return plain(Type::UNKNOWN) };
    if let Some(known) = generic_alias(form) {
        return plain(cx.known_instance(known));
    }
    match form {
        SpecialForm::Any => plain(Type::ANY),
        SpecialForm::Never | SpecialForm::NoReturn => plain(Type::NEVER),
        SpecialForm::LiteralString => plain(Type::LITERAL_STRING),
        SpecialForm::Callable => plain(cx.callable(&[cx.gradual_signature(Type::UNKNOWN)])),
        SpecialForm::Tuple => plain(cx.tuple_of(Type::UNKNOWN)),
        SpecialForm::Type => plain(cx.subclass_of(Type::UNKNOWN)),
        SpecialForm::TypeForm => plain(cx.type_form_of(Type::UNKNOWN)),
        SpecialForm::SelfType => plain(self_type(region, expr)),
        SpecialForm::ClassVar | SpecialForm::Final => {
            let qualifier =
                if form == SpecialForm::Final { Qualifiers::FINAL } else { Qualifiers::CLASS_VAR };
            if !context.allowed.contains(qualifier) {
                misplaced(region, expr, form);
            }
            Annotation { ty: Type::UNKNOWN, qualifiers: qualifier, has_type: false }
        }
        SpecialForm::TypeAlias => {
            if !context.allowed.contains(Qualifiers::TYPE_ALIAS) {
                invalid(
                    region,
                    expr,
                    "`TypeAlias` is only allowed as the annotation of an assignment",
                );
            }
            Annotation { ty: Type::UNKNOWN, qualifiers: Qualifiers::TYPE_ALIAS, has_type: false }
        }
        SpecialForm::Generic | SpecialForm::Protocol => {
            invalid(region, expr, "it is only allowed as a base class");
            plain(Type::UNKNOWN)
        }
        SpecialForm::TypedDict => {
            invalid(region, expr, "`TypedDict` is not allowed in a type expression");
            plain(Type::UNKNOWN)
        }
        SpecialForm::Literal => {
            region.report(expr, rules::invalid_literal::bare_literal());
            plain(Type::UNKNOWN)
        }
        _ => {
            invalid(region, expr, &format!("`{}` needs an argument", form.name()));
            plain(Type::UNKNOWN)
        }
    }
}

fn misplaced(region: &Region<'_, '_>, expr: &Expr, form: SpecialForm) {
    let finding = match form {
        SpecialForm::Final => rules::invalid_final::invalid_final("`Final` is not allowed here"),
        SpecialForm::ClassVar => {
            rules::invalid_class_var::invalid_class_var("`ClassVar` is not allowed here")
        }
        _ => rules::invalid_type_form::invalid_type_expression(format!(
            "`{}` is not allowed here",
            form.name()
        )),
    };
    region.report(expr, finding);
}

/// `Self` in the class around. Source: typing spec, "Self".
fn self_type(region: &Region<'_, '_>, expr: &Expr) -> Type {
    let cx = region.cx;
    let Some(class) = region.enclosing_class(region.scope()) else {
        region.report(expr, rules::invalid_self::invalid_self("it is outside of a class"));
        return Type::UNKNOWN;
    };
    let is_meta = cx
        .host
        .known(cx, Known::Type)
        .is_some_and(|meta| !region.is_quiet() && cx.host.class(cx, class).inherits(meta));
    if is_meta {
        region.report(expr, rules::invalid_self::invalid_self("it is in a metaclass"));
        return Type::UNKNOWN;
    }
    cx.self_type(class)
}

/// A special form with arguments.
pub(super) fn subscripted(
    region: &Region<'_, '_>,
    subscript: &ExprSubscript,
    form: SpecialForm,
    context: Context,
) -> Annotation {
    let cx = region.cx;
    let elements = slice_elements(&subscript.slice);
    let inner = Context { parameters: false, unpack: false, ..context.inner() };
    if let Some(known) = generic_alias(form) {
        return plain(match cx.host.known(cx, known) {
            Some(class) => super::specialise_class(region, subscript, Type::class(class), context),
            None => Type::UNKNOWN,
        });
    }
    match form {
        SpecialForm::Union => {
            let types: Vec<Type> =
                elements.iter().map(|element| type_of(region, element, inner)).collect();
            plain(cx.union(types))
        }
        SpecialForm::Optional => {
            if elements.len() != 1 {
                invalid(region, &subscript.slice, "`Optional` takes exactly one argument");
            }
            plain(cx.optional(type_of(region, elements[0], inner)))
        }
        SpecialForm::Literal => match &*subscript.slice {
            Expr::Tuple(tuple) if tuple.parenthesized => {
                plain(literal(region, &[&subscript.slice]))
            }
            _ => plain(literal(region, &elements)),
        },
        SpecialForm::Annotated => annotated(region, subscript, &elements, context),
        SpecialForm::Callable => plain(callable(region, subscript, &elements, context)),
        SpecialForm::Tuple => plain(tuple_arguments(region, &elements, context)),
        SpecialForm::Type => plain(type_argument(region, &elements, inner)),
        SpecialForm::TypeForm => plain(cx.type_form_of(type_of(region, elements[0], inner))),
        SpecialForm::TypeGuard | SpecialForm::TypeIs => {
            if elements.len() != 1 {
                invalid(region, &subscript.slice, "it takes exactly one argument");
                return plain(Type::UNKNOWN);
            }
            let ty = type_of(region, elements[0], inner);
            plain(cx.guard(ty, form == SpecialForm::TypeIs))
        }
        SpecialForm::ClassVar
        | SpecialForm::Final
        | SpecialForm::Required
        | SpecialForm::NotRequired
        | SpecialForm::ReadOnly => qualified(region, subscript, &elements, form, context),
        SpecialForm::Unpack => {
            let ty = type_of(region, elements[0], Context { unpacked: true, ..inner });
            if !context.unpack && !context.variadic {
                invalid(region, &subscript.slice, "`Unpack` is not allowed here");
                return plain(Type::UNKNOWN);
            }
            plain(super::unpack(region, elements[0], ty, context))
        }
        SpecialForm::Concatenate => {
            if !context.parameters {
                invalid(
                    region,
                    &subscript.slice,
                    "`Concatenate` is only allowed where parameters are listed",
                );
                return plain(Type::UNKNOWN);
            }
            plain(concatenate(region, subscript, context))
        }
        SpecialForm::Generic | SpecialForm::Protocol => {
            invalid(region, &subscript.value, "it is only allowed as a base class");
            plain(Type::UNKNOWN)
        }
        _ => {
            invalid(region, &subscript.slice, &format!("`{}` takes no arguments", form.name()));
            plain(Type::UNKNOWN)
        }
    }
}

fn qualified(
    region: &Region<'_, '_>,
    subscript: &ExprSubscript,
    elements: &[&Expr],
    form: SpecialForm,
    context: Context,
) -> Annotation {
    let qualifier = match form {
        SpecialForm::ClassVar => Qualifiers::CLASS_VAR,
        SpecialForm::Final => Qualifiers::FINAL,
        SpecialForm::Required => Qualifiers::REQUIRED,
        SpecialForm::NotRequired => Qualifiers::NOT_REQUIRED,
        _ => Qualifiers::READ_ONLY,
    };
    if !context.allowed.contains(qualifier) {
        misplaced(region, &Expr::Subscript(subscript.clone()), form);
        let mut result = plain(type_of(region, elements[0], context.inner()));
        result.has_type = true;
        return result;
    }
    if elements.len() != 1 {
        invalid(region, &subscript.slice, "it takes exactly one argument");
        return plain(Type::UNKNOWN);
    }
    let mut rest = context.allowed;
    rest.remove(qualifier);
    if qualifier == Qualifiers::REQUIRED || qualifier == Qualifiers::NOT_REQUIRED {
        rest.remove(Qualifiers::REQUIRED.union(Qualifiers::NOT_REQUIRED));
    }
    // `Final` in a class body makes a class variable by itself; only the fields of dataclasses
    // need both to say so.
    let nests = qualifier == Qualifiers::CLASS_VAR && !region.is_quiet() && !in_dataclass(region);
    if qualifier == Qualifiers::FINAL {
        rest.remove(Qualifiers::CLASS_VAR);
    } else if nests {
        rest.remove(Qualifiers::FINAL);
    }
    let mut result = annotation(region, elements[0], Context { allowed: rest, ..context });
    result.qualifiers.insert(qualifier);
    if qualifier == Qualifiers::CLASS_VAR {
        check_class_var(region, elements[0], result.ty);
    }
    result
}

fn in_dataclass(region: &Region<'_, '_>) -> bool {
    let cx = region.cx;
    region
        .class_of_scope(region.scope())
        .is_some_and(|class| cx.host.class(cx, class).dataclass.is_some())
}

fn check_class_var(region: &Region<'_, '_>, expr: &Expr, ty: Type) {
    let cx = region.cx;
    let class_level = cx.mentions(ty, &|type_var| {
        cx.as_type_var(type_var)
            .is_some_and(|data| data.kind != crate::types::TypeVarKind::SelfType)
    });
    if class_level {
        region.report(
            expr,
            rules::invalid_class_var::invalid_class_var("`ClassVar` cannot contain type variables"),
        );
    }
}

fn annotated(
    region: &Region<'_, '_>,
    subscript: &ExprSubscript,
    elements: &[&Expr],
    context: Context,
) -> Annotation {
    if elements.len() < 2 {
        region.report(subscript, rules::invalid_annotated::invalid_annotated(elements.len()));
    }
    for extra in &elements[1..] {
        super::super::expr::infer(region, extra, None);
    }
    annotation(region, elements[0], context)
}

/// `Literal[...]`. Source: typing spec, "Literals", "Legal parameters for Literal at type check time".
fn literal(region: &Region<'_, '_>, elements: &[&Expr]) -> Type {
    let cx = region.cx;
    let types: Vec<Type> = elements.iter().map(|element| literal_value(region, element)).collect();
    cx.union(types)
}

fn literal_value(region: &Region<'_, '_>, expr: &Expr) -> Type {
    let cx = region.cx;
    let bad = || {
        region.report(expr, rules::invalid_literal::invalid_literal());
        Type::UNKNOWN
    };
    match expr {
        Expr::NoneLiteral(_)
        | Expr::BooleanLiteral(_)
        | Expr::StringLiteral(_)
        | Expr::BytesLiteral(_) => super::super::expr::infer(region, expr, None),
        Expr::NumberLiteral(number) if number.value.is_int() => {
            super::super::expr::infer(region, expr, None)
        }
        Expr::UnaryOp(unary)
            if matches!(&*unary.operand, Expr::NumberLiteral(n) if n.value.is_int())
                && unary.op != ruff_python_ast::UnaryOp::Not
                && unary.op != ruff_python_ast::UnaryOp::Invert =>
        {
            super::super::expr::infer(region, expr, None)
        }
        Expr::Subscript(subscript) => {
            let base = super::super::expr::infer(region, &subscript.value, None);
            if base.as_special() == Some(SpecialForm::Literal) {
                return literal(region, &slice_elements(&subscript.slice));
            }
            bad()
        }
        Expr::Name(_) | Expr::Attribute(_) => {
            let value = super::super::expr::infer(region, expr, None);
            match value.kind() {
                Kind::Enum => value,
                Kind::Unknown | Kind::Cycle => Type::UNKNOWN,
                Kind::TypeForm | Kind::AliasValue => {
                    let ty = super::from_value(region, expr, value, Context::default()).ty;
                    let literal = cx
                        .members(cx.expand_alias(ty))
                        .iter()
                        .all(|member| cx.literal_class(member).is_some() || member.is_none());
                    if literal { cx.expand_alias(ty) } else { bad() }
                }
                _ => bad(),
            }
        }
        Expr::Tuple(tuple) if !tuple.parenthesized => {
            let elements: Vec<&Expr> = tuple.elts.iter().collect();
            literal(region, &elements)
        }
        _ => bad(),
    }
}

/// `type[T]`
pub(super) fn type_argument(region: &Region<'_, '_>, elements: &[&Expr], context: Context) -> Type {
    let cx = region.cx;
    if elements.len() != 1 {
        invalid(region, elements[0], "`type` takes exactly one argument");
        return cx.subclass_of(Type::UNKNOWN);
    }
    let ty = cx.expand_alias(type_of(region, elements[0], context));
    if ty.kind() == Kind::Callable && !matches!(elements[0], Expr::StringLiteral(_)) {
        invalid(region, elements[0], "`type` needs a class");
        return Type::UNKNOWN;
    }
    let is_bare_type = ty.kind() == Kind::SubclassOf && cx.inner_of(ty).is_unknown();
    cx.subclass_of(if is_bare_type { cx.known_instance(Known::Type) } else { ty })
}

/// `Callable[[...], R]`
fn callable(
    region: &Region<'_, '_>,
    subscript: &ExprSubscript,
    elements: &[&Expr],
    context: Context,
) -> Type {
    let cx = region.cx;
    let [parameters, returns] = elements else {
        invalid(
            region,
            &subscript.slice,
            "`Callable` takes a list of parameter types and a result type",
        );
        for element in elements {
            region.quietly(|| type_of(region, element, Context { parameters: true, ..context }));
        }
        return cx.callable(&[cx.gradual_signature(Type::UNKNOWN)]);
    };
    let valid_first = matches!(
        parameters,
        Expr::List(_)
            | Expr::EllipsisLiteral(_)
            | Expr::Name(_)
            | Expr::Attribute(_)
            | Expr::Subscript(_)
            | Expr::StringLiteral(_)
    );
    if !valid_first {
        invalid(
            region,
            parameters,
            "the first argument of `Callable` must be a list of types, `...` or a `ParamSpec`",
        );
    }
    let list = if valid_first {
        parameter_list(region, parameters, context)
    } else {
        cx.gradual_parameters()
    };
    let returns = type_of(region, returns, context.inner());
    let signature = cx.as_parameters(list).unwrap_or_else(|| cx.gradual_signature(Type::UNKNOWN));
    cx.callable(&[Signature { returns: Some(returns), definition: None, ..signature }])
}
