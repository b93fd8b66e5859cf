//! Type expressions where a value is expected: `X = list[int] | None`, `cast(dict[str, int], y)`.

use ruff_python_ast::{Expr, ExprBinOp, ExprSubscript};

use super::{Context, type_of};
use crate::infer::region::{Mode, Region};
use crate::types::{Kind, Known, SpecialForm, Type};

/// The value of `object[...]` when `object` is something that is specialised by it.
pub fn subscript_value(
    region: &Region<'_, '_>,
    subscript: &ExprSubscript,
    object: Type,
) -> Option<Type> {
    let cx = region.cx;
    let context = Context { keep_free: true, ..Context::default() };
    match object.kind() {
        Kind::Class => {
            let class = object.as_class()?;
            let is_tuple = cx.is_known(class, Known::Tuple) || cx.is_known(class, Known::Type);
            if cx.host.type_params(cx, class).is_empty() && !is_tuple {
                return None;
            }
            let instance = region.in_mode(Mode::ALIAS_VALUE, || {
                super::specialise_class(region, subscript, object, context)
            });
            Some(match instance.kind() {
                Kind::Generic => cx.generic_class(class, cx.arguments_of(instance)),
                Kind::Instance => object,
                _ => cx.type_form(instance),
            })
        }
        Kind::Special => {
            let form = object.as_special()?;
            let expr = Expr::Subscript(subscript.clone());
            let allowed = crate::types::Qualifiers::all();
            let ty = match form {
                SpecialForm::Generic | SpecialForm::Protocol => Type::UNKNOWN,
                _ => region.in_mode(Mode::ALIAS_VALUE, || {
                    let context = Context { allowed, parameters: true, unpack: true, ..context };
                    type_of(region, &expr, context)
                }),
            };
            Some(form_value(region, &expr, ty))
        }
        Kind::TypeForm | Kind::GenericClass => {
            let ty = region.in_mode(Mode::ALIAS_VALUE, || {
                super::arguments::specialise_alias(region, subscript, object, context)
            });
            Some(match (ty.kind(), cx.class_of(ty)) {
                (Kind::Generic, Some(class)) => cx.generic_class(class, cx.arguments_of(ty)),
                _ => cx.type_form(ty),
            })
        }
        Kind::AliasValue => {
            let ty = super::arguments::specialise_alias(region, subscript, object, context);
            Some(match *cx.payload(ty) {
                crate::types::Data::Alias { definition, arguments } => {
                    cx.alias_value(definition, arguments)
                }
                _ => Type::UNKNOWN,
            })
        }
        _ => None,
    }
}

/// An expression where a `TypeForm` is asked for: what it means as a type, if it is a type expression.
/// Source: typing spec, "Type forms", "Implicit TypeForm evaluation".
pub fn implicit_type_form(region: &Region<'_, '_>, expr: &Expr) -> Type {
    let cx = region.cx;
    let (ty, is_fine) = region.trial(|| type_of(region, expr, Context::of(region)));
    if is_fine {
        return cx.type_form_of(ty);
    }
    let value = crate::infer::expr::infer(region, expr, None);
    // A special form that means no type by itself is an object like others.
    let is_special = match expr {
        Expr::Subscript(subscript) => super::special_form(region, &subscript.value).is_some(),
        _ => matches!(value.kind(), Kind::TypeForm | Kind::Special),
    };
    if is_special { cx.object() } else { value }
}

/// The value of a type expression that means `ty`: the class where it names one. `Annotated[int, ...]`
/// stays a form: it is no class. Source: typing spec, "Type qualifiers", "Annotated".
pub fn form_value(region: &Region<'_, '_>, expr: &Expr, ty: Type) -> Type {
    let cx = region.cx;
    let is_annotated = matches!(expr, Expr::Subscript(subscript)
        if region.quietly(|| crate::infer::expr::infer(region, &subscript.value, None)).as_special()
            == Some(SpecialForm::Annotated));
    match ty.kind() {
        _ if is_annotated || cx.has_type_vars(ty) => cx.type_form(ty),
        Kind::Instance => ty.as_instance().map_or(ty, Type::class),
        Kind::Generic => match cx.class_of(ty) {
            Some(class) => cx.generic_class(class, cx.arguments_of(ty)),
            None => cx.type_form(ty),
        },
        _ => cx.type_form(ty),
    }
}

/// `int | None` as a value: a union type object, when both sides are types.
pub fn union_of_values(
    region: &Region<'_, '_>,
    node: &ExprBinOp,
    left: Type,
    right: Type,
) -> Option<Type> {
    let is_type = |ty: Type| {
        matches!(
            ty.kind(),
            Kind::Class
                | Kind::GenericClass
                | Kind::TypeForm
                | Kind::TypeVarValue
                | Kind::AliasValue
                | Kind::Special
                | Kind::SubclassOf
        )
    };
    let textual = |ty: Type| ty.is_none() || ty.kind() == Kind::Str;
    let fits =
        (is_type(left) && (is_type(right) || textual(right))) || (textual(left) && is_type(right));
    if !fits || has_operator(region, left) || has_operator(region, right) {
        return None;
    }
    let cx = region.cx;
    let part = |expr: &Expr, value: Type| match value.kind() {
        Kind::None => Type::NONE,
        Kind::SubclassOf => Type::UNKNOWN,
        Kind::TypeForm => match *cx.payload(value) {
            crate::types::Data::TypeForm { ty } => ty,
            _ => Type::UNKNOWN,
        },
        Kind::GenericClass => cx.instance_of(value),
        _ => region.in_mode(Mode::ALIAS_VALUE, || {
            region.quietly(|| {
                type_of(region, expr, Context { keep_free: true, ..Context::default() })
            })
        }),
    };
    let left = part(&node.left, left);
    let right = part(&node.right, right);
    Some(cx.type_form(cx.union2(left, right)))
}

/// Whether the metaclass of a class says what `|` does with it.
fn has_operator(region: &Region<'_, '_>, ty: Type) -> bool {
    let cx = region.cx;
    if !matches!(ty.kind(), Kind::Class | Kind::GenericClass) {
        return false;
    }
    let Some(info) = cx.info_of(ty) else { return false };
    let meta = cx.metaclass_of(info);
    if meta.is_dynamic() {
        return true;
    }
    let own = |name| {
        cx.class_lookup_after(meta, name, None, false)
            .is_some_and(|member| member.class.is_some_and(|c| !cx.is_known(c, Known::Type)))
    };
    own("__or__") || own("__ror__")
}
