//! Type expressions: what an annotation says. Source: typing spec, "Type annotations".

mod arguments;
mod pack;
mod special;
mod value;
mod variable;
mod wrong;

use ruff_python_ast::{Expr, ExprBinOp, ExprStringLiteral, ExprSubscript, Operator};
use ruff_text_size::Ranged;

use super::region::{Mode, Region};
use crate::index::{DefinitionId, DefinitionKind, DefinitionNode};
use crate::policy::Policy;
use crate::rules;
use crate::types::{DefRef, Kind, Qualifiers, SpecialForm, Substitution, Type, TypeVarKind};

pub use arguments::specialise_class;
pub use value::{form_value, implicit_type_form, subscript_value, union_of_values};
use variable::type_variable;
pub use variable::{bind_type_var, bound_around, open_type_vars, type_param_owner};

/// What an annotation says: a type, and qualifiers around it.
#[derive(Debug, Clone, Copy)]
pub struct Annotation {
    pub ty: Type,
    pub qualifiers: Qualifiers,
    /// Whether a type stands in it: bare `Final` and `ClassVar` have none.
    pub has_type: bool,
}

/// How a type expression is read.
#[derive(Debug, Clone, Copy, Default)]
pub struct Context {
    /// The function, class or alias that free type variables belong to, when nothing around has them.
    pub binder: Option<DefRef>,
    /// Names mean what they mean at the end of their scope.
    pub deferred: bool,
    /// Type qualifiers that may stand here.
    pub allowed: Qualifiers,
    /// Free type variables stay free (the value of an alias, the bases of a class).
    pub keep_free: bool,
    /// A bare `ParamSpec`, `...` or list may stand here.
    pub parameters: bool,
    /// `*Ts` may stand here.
    pub unpack: bool,
    /// What `*` or `Unpack` unpacks: a bare `TypeVarTuple` may stand here.
    pub unpacked: bool,
    /// The annotation of `*args` or `**kwargs`.
    pub variadic: bool,
    /// Within a type expression already: nothing but types.
    pub nested: bool,
    /// Report type variables that belong to nothing.
    pub report_unbound: bool,
}

impl Context {
    /// For a plain annotation in this region.
    #[must_use]
    pub fn of(region: &Region<'_, '_>) -> Self {
        Self { deferred: is_deferred(region), report_unbound: true, ..Self::default() }
    }

    /// With these qualifiers allowed.
    #[must_use]
    pub const fn allowing(mut self, qualifiers: Qualifiers) -> Self {
        self.allowed = qualifiers;
        self
    }

    /// With free type variables bound to `binder`.
    #[must_use]
    pub const fn binding(mut self, binder: DefRef) -> Self {
        self.binder = Some(binder);
        self
    }

    const fn inner(mut self) -> Self {
        self.allowed = Qualifiers::empty();
        self.parameters = false;
        self.unpack = false;
        self.unpacked = false;
        self.variadic = false;
        self.nested = true;
        self
    }
}

/// Whether annotations of this module are evaluated late: stubs, and with the `__future__` import.
#[must_use]
pub fn is_deferred(region: &Region<'_, '_>) -> bool {
    region.index.has_future_annotations
        || region.cx.host.module(region.module).is_stub
        || region.cx.host.python_version(region.module) >= (3, 14)
}

/// The type that a type expression means.
pub fn type_of(region: &Region<'_, '_>, expr: &Expr, context: Context) -> Type {
    annotation(region, expr, context).ty
}

/// The type and qualifiers that an annotation means.
pub fn annotation(region: &Region<'_, '_>, expr: &Expr, context: Context) -> Annotation {
    let mode = Mode::DEFERRED.only_if(context.deferred);
    let result = region.in_mode(mode, || annotation_form(region, expr, context));
    Annotation { ty: region.settled(result.ty), ..result }
}

const fn plain(ty: Type) -> Annotation {
    Annotation { ty, qualifiers: Qualifiers::empty(), has_type: true }
}

fn annotation_form(region: &Region<'_, '_>, expr: &Expr, context: Context) -> Annotation {
    match expr {
        Expr::Name(_) | Expr::Attribute(_) => {
            let value = super::expr::infer(region, expr, None);
            if let Expr::Name(name) = expr
                && super::alias_check::check_use(region, name, value)
            {
                variable(region, expr);
                return plain(Type::UNKNOWN);
            }
            from_value(region, expr, declared_class(region, expr, value, context), context)
        }
        Expr::NoneLiteral(_) => plain(Type::NONE),
        Expr::StringLiteral(string) => from_string(region, string, context),
        Expr::BinOp(binary) if binary.op == Operator::BitOr => {
            plain(union(region, binary, context))
        }
        Expr::Subscript(subscript) => from_subscript(region, subscript, context),
        Expr::Starred(starred) if context.unpack || context.variadic => {
            let inner = Context { unpacked: true, ..context.inner() };
            let inner = type_of(region, &starred.value, inner);
            plain(unpack(region, &starred.value, inner, context))
        }
        Expr::EllipsisLiteral(_) | Expr::List(_) if context.parameters => {
            plain(arguments::parameter_list(region, expr, context))
        }
        _ => {
            if !region.is_quiet() {
                region.report(expr, wrong::form(region, expr, context));
            }
            region.quietly(|| super::expr::infer(region, expr, None));
            plain(Type::UNKNOWN)
        }
    }
}

pub(super) fn invalid(region: &Region<'_, '_>, expr: &Expr, reason: &str) {
    region.report(expr, rules::invalid_type_form::invalid_type_expression(reason));
}

/// A variable where a type should be; a function may make a form of one while it runs
/// (`Optional[kind]` as a value), which no annotation sees.
fn variable(region: &Region<'_, '_>, expr: &Expr) {
    let in_function = region.index.scopes[region.region].kind == crate::index::ScopeKind::Function;
    if !(in_function && region.is_in(Mode::ALIAS_VALUE)) {
        region.report(expr, wrong::variable(region, expr));
    }
}

/// `*ty` where arguments are listed, or `Unpack[ty]`. Source: typing spec, "Generics", "Unpacking"; PEP 692.
fn unpack(region: &Region<'_, '_>, expr: &Expr, ty: Type, context: Context) -> Type {
    let cx = region.cx;
    let is_pack = cx.as_type_var(ty).is_some_and(|data| data.kind == TypeVarKind::TypeVarTuple);
    if is_pack || ty.kind() == Kind::Tuple || ty.is_dynamic() || ty.kind() == Kind::Alias {
        return cx.unpacked(cx.expand_alias(ty));
    }
    if cx.info_of(ty).is_some_and(|info| info.is(crate::types::ClassFlags::TYPED_DICT)) {
        if !context.variadic {
            invalid(
                region,
                expr,
                "a TypedDict can only be unpacked in the annotation of `**kwargs`",
            );
            return Type::UNKNOWN;
        }
        return cx.unpacked(ty);
    }
    invalid(region, expr, "only a tuple or a `TypeVarTuple` can be unpacked here");
    Type::UNKNOWN
}

fn union(region: &Region<'_, '_>, binary: &ExprBinOp, context: Context) -> Type {
    let mut parts = Vec::new();
    let mut spine: &Expr = &binary.left;
    parts.push(&*binary.right);
    while let Expr::BinOp(inner) = spine
        && inner.op == Operator::BitOr
    {
        parts.push(&inner.right);
        spine = &inner.left;
    }
    parts.push(spine);
    if !context.deferred && !region.is_in(Mode::DEFERRED) {
        check_quoted_part(region, &parts);
    }
    let types: Vec<Type> =
        parts.into_iter().rev().map(|part| type_of(region, part, context.inner())).collect();
    region.cx.union(types)
}

/// `"A" | int` is evaluated at once, and a class does not take a string there.
fn check_quoted_part(region: &Region<'_, '_>, parts: &[&Expr]) {
    if region.is_quiet() || !parts.iter().any(|part| part.is_string_literal_expr()) {
        return;
    }
    let is_class = |part: &Expr| {
        part.is_none_literal_expr()
            || matches!(part, Expr::Name(_) | Expr::Attribute(_))
                && region.quietly(|| super::expr::infer(region, part, None)).kind() == Kind::Class
    };
    // From left to right; from the first part on that is no class, `typing` takes over.
    let mut in_order = parts.iter().rev();
    let Some(mut left) = in_order.next() else { return };
    for right in in_order {
        let quoted = [left, right].into_iter().find(|part| part.is_string_literal_expr());
        if left.is_string_literal_expr() && right.is_string_literal_expr() {
            invalid(region, left, "two strings cannot be operands of `|`");
            return;
        }
        match quoted {
            Some(quoted) => {
                let other = if quoted == left { right } else { left };
                if is_class(other) {
                    invalid(region, quoted, "a string cannot be an operand of `|` beside a class");
                }
                return;
            }
            None if is_class(right) && is_class(left) => left = right,
            None => return,
        }
    }
}

fn from_string(
    region: &Region<'_, '_>,
    string: &ExprStringLiteral,
    context: Context,
) -> Annotation {
    use ruff_python_parser::parse_expression;
    let text = string.value.to_str();
    if string.value.is_implicit_concatenated() {
        invalid(region, &Expr::StringLiteral(string.clone()), "an annotation must be one string");
        return plain(Type::UNKNOWN);
    }
    let prefix_is_raw = string.value.iter().any(|part| {
        let flags = part.flags.prefix();
        !flags.is_empty() && !matches!(flags.as_str(), "r" | "R")
    });
    let trimmed = text.trim_start();
    let wrapped;
    let source = if trimmed.contains('\n') {
        wrapped = format!("({trimmed})");
        wrapped.as_str()
    } else {
        trimmed
    };
    let Ok(parsed) = parse_expression(source) else {
        if prefix_is_raw || !text.is_empty() {
            let expr = Expr::StringLiteral(string.clone());
            invalid(region, &expr, "the string is not a valid type expression");
        }
        return plain(Type::UNKNOWN);
    };
    let body = *parsed.into_syntax().body;
    let deferred = Context { deferred: true, ..context };
    // Findings inside have ranges of the inner text: they are all put on the string.
    let before = region.report_count();
    let result = annotation(region, &body, deferred);
    region.move_reports(before, string);
    result
}

/// The class that a name declares where something else is assigned to it too, as a decorator that is
/// applied by hand does: the name means the class.
/// In the class itself it does not mean it yet, unless annotations wait: what is meant is not known.
fn declared_class(region: &Region<'_, '_>, expr: &Expr, value: Type, context: Context) -> Type {
    let Expr::Name(name) = expr else { return value };
    if !region.cx.holds(Policy::AssignedClass)
        || value.is_dynamic()
        || matches!(value.kind(), Kind::Class | Kind::Special | Kind::TypeForm)
    {
        return value;
    }
    let index = region.index;
    let Some((_, place)) = region.nearest_place(&name.id) else { return value };
    let is_class = |id: &&DefinitionId| index.definitions[**id].kind == DefinitionKind::Class;
    let class = place.definitions.iter().rev().find(is_class);
    let Some(&id) = class else { return value };
    let waits = context.deferred || region.is_in(Mode::DEFERRED);
    let is_inside = matches!(region.nodes().definitions[id], DefinitionNode::Class(class)
        if class.range().contains_range(expr.range()));
    if is_inside && !waits {
        return Type::UNKNOWN;
    }
    Type::class(region.def_ref(id).into())
}

/// Whether a name is a variable with a declared type, and no alias of what it holds.
fn is_declared_variable(region: &Region<'_, '_>, expr: &Expr) -> bool {
    let Expr::Name(name) = expr else { return false };
    let declares = |&id: &DefinitionId| {
        region.index.definitions[id].kind == DefinitionKind::AnnotatedAssignment
    };
    region.nearest_place(&name.id).is_some_and(|(_, place)| place.definitions.iter().any(declares))
}

/// What the value of a name means as a type.
fn from_value(region: &Region<'_, '_>, expr: &Expr, value: Type, context: Context) -> Annotation {
    let cx = region.cx;
    match value.kind() {
        Kind::Any | Kind::Unknown | Kind::Cycle => plain(value),
        Kind::Class => plain(from_class(region, value)),
        Kind::GenericClass => plain(from_alias(region, cx.instance_of(value), context)),
        Kind::Special => special::bare(region, expr, value, context),
        Kind::TypeVarValue => plain(type_variable(region, expr, value, context)),
        Kind::TypeForm => match *cx.payload(value) {
            crate::types::Data::TypeForm { ty } => plain(from_alias(region, ty, context)),
            _ => plain(Type::UNKNOWN),
        },
        Kind::AliasValue => match *cx.payload(value) {
            crate::types::Data::Alias { definition, arguments } => {
                plain(cx.alias(definition, arguments))
            }
            _ => plain(Type::UNKNOWN),
        },
        Kind::None if !context.deferred && is_declared_variable(region, expr) => {
            variable(region, expr);
            plain(Type::UNKNOWN)
        }
        Kind::None => plain(Type::NONE),
        Kind::Never => plain(Type::UNKNOWN),
        Kind::Enum => {
            if super::sentinel::is_sentinel(cx, value) {
                return plain(value);
            }
            region.report(expr, wrong::member(region, value));
            plain(Type::UNKNOWN)
        }
        Kind::Module => {
            region.report(expr, wrong::module(region, expr, value.as_module()));
            plain(Type::UNKNOWN)
        }
        Kind::Function | Kind::Method | Kind::Callable => {
            region.report(expr, wrong::function(expr));
            plain(Type::UNKNOWN)
        }
        Kind::Union => {
            // Different classes on different paths: what is meant depends on the run.
            let all_types = cx.members(value).iter().all(|member| {
                matches!(
                    member.kind(),
                    Kind::Class
                        | Kind::GenericClass
                        | Kind::TypeForm
                        | Kind::Special
                        | Kind::AliasValue
                ) || member.is_dynamic()
            });
            if all_types || cx.has_dynamic(value) {
                return plain(region.quietly(|| {
                    cx.union(
                        cx.members(value)
                            .iter()
                            .map(|member| from_value(region, expr, member, context).ty)
                            .collect::<Vec<_>>(),
                    )
                }));
            }
            variable(region, expr);
            plain(Type::UNKNOWN)
        }
        _ => {
            if super::sentinel::is_sentinel(cx, value) {
                return plain(value);
            }
            variable(region, expr);
            plain(Type::UNKNOWN)
        }
    }
}

fn from_class(region: &Region<'_, '_>, class: Type) -> Type {
    let cx = region.cx;
    if let Some(class) = class.as_class()
        && cx.is_known(class, crate::types::Known::NoneType)
    {
        return Type::NONE;
    }
    if let Some(class) = class.as_class()
        && cx.is_known(class, crate::types::Known::Type)
    {
        // "Plain type without brackets is equivalent to type[Any]": typing spec, "type[]".
        return cx.subclass_of(Type::UNKNOWN);
    }
    if let Some(class) = class.as_class()
        && cx.is_known(class, crate::types::Known::Tuple)
    {
        return cx.tuple_of(Type::UNKNOWN);
    }
    cx.instance_of(class)
}

/// An alias without arguments: what it left open is unknown.
fn from_alias(region: &Region<'_, '_>, ty: Type, context: Context) -> Type {
    let cx = region.cx;
    if ty.kind() == Kind::TypeVar {
        return ty;
    }
    let open = open_type_vars(cx, ty);
    let stays_open =
        context.keep_free && region.is_in(Mode::ALIAS_VALUE) && !region.is_in(Mode::BASES);
    if open.is_empty() || stays_open {
        return ty;
    }
    let with = Substitution::of(&open, &cx.default_type_arguments(&open, &[]));
    cx.substitute(ty, &with)
}

/// Of a class on one path and something unknown on the others (`try: import` without stubs), the
/// class: what is unknown may be no different.
fn only_known(region: &Region<'_, '_>, value: Type) -> Type {
    let cx = region.cx;
    if value.kind() != Kind::Union || !cx.holds(Policy::KnownOfTwo) {
        return value;
    }
    let known = cx.filter_union(value, |member| !member.is_dynamic());
    if known.is(value) || known.is_never() { value } else { known }
}

fn from_subscript(
    region: &Region<'_, '_>,
    subscript: &ExprSubscript,
    context: Context,
) -> Annotation {
    let cx = region.cx;
    let base = only_known(region, super::expr::infer(region, &subscript.value, None));
    match base.kind() {
        _ if base.is_dynamic() => {
            arguments::each_quietly(region, &subscript.slice, context);
            plain(Type::UNKNOWN)
        }
        Kind::Special => match base.as_special() {
            Some(form) => special::subscripted(region, subscript, form, context),
            None => plain(Type::UNKNOWN),
        },
        Kind::Class => plain(specialise_class(region, subscript, base, context)),
        Kind::TypeForm | Kind::AliasValue | Kind::GenericClass => {
            plain(arguments::specialise_alias(region, subscript, base, context))
        }
        Kind::TypeVarValue | Kind::None => {
            region.report(
                subscript,
                rules::invalid_type_arguments::not_generic(cx.display_name(base)),
            );
            plain(Type::UNKNOWN)
        }
        _ => {
            region.report(&*subscript.value, wrong::not_subscriptable(region, &subscript.value));
            plain(Type::UNKNOWN)
        }
    }
}

/// The special form of `typing` that an expression names.
pub fn special_form(region: &Region<'_, '_>, expr: &Expr) -> Option<SpecialForm> {
    region.quietly(|| super::expr::infer(region, expr, None)).as_special()
}
