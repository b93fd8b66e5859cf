//! Type expressions: what an annotation says. Source: typing spec, "Type annotations".

mod arguments;
mod special;
mod value;

use ruff_python_ast::{Expr, ExprBinOp, ExprStringLiteral, ExprSubscript, Operator};

use super::region::Region;
use crate::index::{ScopeId, ScopeKind, ScopeNode};
use crate::rules;
use crate::types::{
    Cx, DefRef, Kind, Qualifiers, SpecialForm, Substitution, Type, TypeVarData, TypeVarKind,
};

pub use arguments::specialise_class;
pub use value::{subscript_value, union_of_values};

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
        self.allowed = Qualifiers::EMPTY;
        self.parameters = false;
        self.unpack = false;
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
    let before = region.deferred.replace(context.deferred || region.deferred.get());
    let result = annotation_form(region, expr, context);
    region.deferred.set(before);
    result
}

const fn plain(ty: Type) -> Annotation {
    Annotation { ty, qualifiers: Qualifiers::EMPTY, has_type: true }
}

fn annotation_form(region: &Region<'_, '_>, expr: &Expr, context: Context) -> Annotation {
    match expr {
        Expr::Name(_) | Expr::Attribute(_) => {
            let value = super::expr::infer(region, expr, None);
            from_value(region, expr, value, context)
        }
        Expr::NoneLiteral(_) => plain(Type::NONE),
        Expr::StringLiteral(string) => from_string(region, string, context),
        Expr::BinOp(binary) if binary.op == Operator::BitOr => {
            plain(union(region, binary, context))
        }
        Expr::Subscript(subscript) => from_subscript(region, subscript, context),
        Expr::Starred(starred) if context.unpack || context.variadic => {
            let inner = type_of(region, &starred.value, context.inner());
            plain(unpack(region, &starred.value, inner))
        }
        Expr::EllipsisLiteral(_) | Expr::List(_) if context.parameters => {
            plain(arguments::parameter_list(region, expr, context))
        }
        _ => {
            invalid(region, expr, "this expression is not allowed in a type expression");
            region.quietly(|| super::expr::infer(region, expr, None));
            plain(Type::UNKNOWN)
        }
    }
}

pub(super) fn invalid(region: &Region<'_, '_>, expr: &Expr, reason: &str) {
    region.report(expr, rules::invalid_type_form::invalid_type_expression(reason));
}

/// `*ty` where arguments are listed.
fn unpack(region: &Region<'_, '_>, expr: &Expr, ty: Type) -> Type {
    let cx = region.cx;
    let is_pack = cx.as_type_var(ty).is_some_and(|data| data.kind == TypeVarKind::TypeVarTuple);
    if is_pack || ty.kind() == Kind::Tuple || ty.is_dynamic() || ty.kind() == Kind::Alias {
        return cx.unpacked(cx.expand_alias(ty));
    }
    if cx.info_of(ty).is_some_and(|info| info.is(crate::types::ClassFlags::TYPED_DICT)) {
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
    let types: Vec<Type> =
        parts.into_iter().rev().map(|part| type_of(region, part, context.inner())).collect();
    region.cx.union(types)
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

/// What the value of a name means as a type.
fn from_value(region: &Region<'_, '_>, expr: &Expr, value: Type, context: Context) -> Annotation {
    let cx = region.cx;
    match value.kind() {
        Kind::Any | Kind::Unknown | Kind::Cycle => plain(value),
        Kind::Class | Kind::GenericClass => plain(from_class(region, expr, value)),
        Kind::Special => special::bare(region, expr, value, context),
        Kind::TypeVarValue => plain(type_variable(region, expr, value, context)),
        Kind::TypeForm => plain(from_alias(region, value, context)),
        Kind::AliasValue => match *cx.payload(value) {
            crate::types::Data::Alias { definition, arguments } => {
                plain(cx.alias(definition, &arguments))
            }
            _ => plain(Type::UNKNOWN),
        },
        Kind::None => plain(Type::NONE),
        Kind::Never => plain(Type::UNKNOWN),
        Kind::Enum => {
            if super::sentinel::is_sentinel(cx, value) {
                return plain(value);
            }
            invalid(region, expr, "an enum member needs `Literal[...]` here");
            plain(Type::UNKNOWN)
        }
        Kind::Module => {
            invalid(region, expr, "a module cannot be used as a type");
            plain(Type::UNKNOWN)
        }
        Kind::Function | Kind::Method | Kind::Callable => {
            invalid(region, expr, "a function cannot be used as a type");
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
            invalid(region, expr, "a variable is not allowed in a type expression");
            plain(Type::UNKNOWN)
        }
        _ => {
            if super::sentinel::is_sentinel(cx, value) {
                return plain(value);
            }
            invalid(region, expr, "a variable is not allowed in a type expression");
            plain(Type::UNKNOWN)
        }
    }
}

fn from_class(region: &Region<'_, '_>, expr: &Expr, class: Type) -> Type {
    let cx = region.cx;
    let _ = expr;
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
fn from_alias(region: &Region<'_, '_>, value: Type, context: Context) -> Type {
    let cx = region.cx;
    let crate::types::Data::TypeForm { ty } = *cx.payload(value) else { return Type::UNKNOWN };
    if ty.kind() == Kind::TypeVar {
        return ty;
    }
    let open = open_type_vars(cx, ty);
    if open.is_empty() || context.keep_free && region.in_alias_value.get() {
        return ty;
    }
    let with = Substitution::of(&open, &cx.default_type_arguments(&open, &[]));
    cx.substitute(ty, &with)
}

/// Type variables of an alias that belong to nothing yet.
pub fn open_type_vars(cx: &Cx<'_>, ty: Type) -> Vec<Type> {
    cx.free_type_vars(ty)
        .into_iter()
        .filter(|&type_var| cx.as_type_var(type_var).is_some_and(|data| data.scope.is_none()))
        .collect()
}

/// A type variable in an annotation, bound to what it belongs to.
fn type_variable(region: &Region<'_, '_>, expr: &Expr, value: Type, context: Context) -> Type {
    let cx = region.cx;
    let Some(data) = cx.as_type_var(value).copied() else { return Type::UNKNOWN };
    let misplaced = match data.kind {
        TypeVarKind::ParamSpec => !context.parameters,
        TypeVarKind::TypeVarTuple => !context.unpack && !context.nested_in_unpack(region),
        _ => false,
    };
    let ty = bind_type_var(region, &data, context);
    if misplaced && data.kind == TypeVarKind::ParamSpec {
        invalid(region, expr, "a `ParamSpec` is not allowed here");
        return Type::UNKNOWN;
    }
    if context.report_unbound
        && !context.keep_free
        && cx.as_type_var(ty).is_some_and(|data| data.scope.is_none())
    {
        region
            .report(expr, rules::invalid_type_variable::unbound_type_variable(data.name.as_str()));
        return Type::UNKNOWN;
    }
    ty
}

impl Context {
    const fn nested_in_unpack(self, _region: &Region<'_, '_>) -> bool {
        self.nested
    }
}

/// The type variable `data` bound to the class or function around, or to the context's binder.
pub fn bind_type_var(region: &Region<'_, '_>, data: &TypeVarData, context: Context) -> Type {
    let cx = region.cx;
    if data.scope.is_some() {
        return cx.type_var(*data);
    }
    if let Some(scope) = owner_of(region, data.definition) {
        return cx.type_var(TypeVarData { scope: Some(scope), ..*data });
    }
    let scope = if context.keep_free { None } else { context.binder };
    cx.type_var(TypeVarData { scope, ..*data })
}

/// The nearest class or function around the walk that has the type variable as its own.
fn owner_of(region: &Region<'_, '_>, definition: DefRef) -> Option<DefRef> {
    let cx = region.cx;
    let mut current: Option<ScopeId> = Some(region.scope());
    let mut inner = true;
    while let Some(scope) = current {
        let info = &region.index.scopes[scope];
        let owner = match info.kind {
            ScopeKind::Class => region.class_of_scope(scope).and_then(|class| {
                let found = cx.host.type_params(cx, class).iter().any(|&param| {
                    cx.as_type_var(param).is_some_and(|data| data.definition == definition)
                });
                found.then(|| class.definition())
            }),
            ScopeKind::Function => region.function_of_scope(scope).and_then(|function| {
                let signature = &cx.host.function(cx, function).signature;
                signature.type_params.iter().find_map(|&param| {
                    cx.as_type_var(param)
                        .filter(|data| data.definition == definition)
                        .and_then(|data| data.scope)
                })
            }),
            _ => None,
        };
        let _ = inner;
        inner = false;
        if owner.is_some() {
            return owner;
        }
        current = info.parent;
    }
    None
}

/// The owner of a PEP 695 type parameter.
pub fn type_param_owner(region: &Region<'_, '_>, scope: ScopeId) -> Option<DefRef> {
    let start = match region.nodes.scopes[scope] {
        ScopeNode::FunctionTypeParams(function, _) => function.name.range.start(),
        ScopeNode::ClassTypeParams(class, _) => class.name.range.start(),
        ScopeNode::AliasTypeParams(alias, _) => {
            let Expr::Name(name) = &*alias.name else { return None };
            name.range.start()
        }
        _ => return None,
    };
    Some(region.def_ref(region.index.definition_at(start)?))
}

fn from_subscript(
    region: &Region<'_, '_>,
    subscript: &ExprSubscript,
    context: Context,
) -> Annotation {
    let cx = region.cx;
    let base = super::expr::infer(region, &subscript.value, None);
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
        Kind::TypeForm | Kind::AliasValue => {
            plain(arguments::specialise_alias(region, subscript, base, context))
        }
        Kind::GenericClass | Kind::TypeVarValue | Kind::None => {
            region.report(subscript, rules::invalid_type_arguments::not_generic(cx.display(base)));
            plain(Type::UNKNOWN)
        }
        _ => {
            invalid(
                region,
                &subscript.value,
                "only a generic class or alias can be subscripted here",
            );
            plain(Type::UNKNOWN)
        }
    }
}

/// The special form of `typing` that an expression names.
pub fn special_form(region: &Region<'_, '_>, expr: &Expr) -> Option<SpecialForm> {
    region.quietly(|| super::expr::infer(region, expr, None)).as_special()
}
