//! What of a function is wrong where its `def` stands: annotations, defaults.

use ruff_python_ast::visitor::{Visitor, walk_stmt};
use ruff_python_ast::{self as ast, AnyParameterRef};
use ruff_text_size::Ranged;

use super::annotation::{Context, type_of};
use super::expr;
use super::region::{Misfit, Region};
use crate::index::{ScopeId, ScopeKind};
use crate::policy::Policy;
use crate::rules;
use crate::types::{
    ClassFlags, ClassRef, Cx, Data, FunctionFlags, FunctionInfo, Kind, Known, KnownFunction,
    ParameterKind, Type, TypeVarData, TypeVarKind,
};

/// The scope in which a function's annotations are read.
pub fn annotation_scope(region: &Region<'_, '_>, node: &ast::StmtFunctionDef) -> ScopeId {
    region
        .index
        .scope_of_node(region.region, node)
        .and_then(|body| region.index.scopes[body].parent)
        .filter(|&parent| region.index.scopes[parent].kind == ScopeKind::TypeParams)
        .unwrap_or(region.scope())
}

/// Checks parameters and result of a `def`.
pub fn check_function<'s>(
    region: &Region<'_, 's>,
    node: &ast::StmtFunctionDef,
    info: &FunctionInfo<'s>,
) {
    if info.is(FunctionFlags::NO_TYPE_CHECK) {
        check_unchecked(region, node);
        return;
    }
    let scope = annotation_scope(region, node);
    let vararg = node.parameters.vararg.as_deref().map(Ranged::range);
    for parameter in node.parameters.iter() {
        let annotation = parameter.annotation();
        if let Some(annotation) = annotation {
            let variadic = matches!(parameter, AnyParameterRef::Variadic(_));
            region.in_scope(scope, || {
                let ty = check_annotation(region, annotation, info, variadic);
                if vararg == Some(parameter.range()) {
                    check_unpacked_arguments(region, annotation, ty);
                } else if ty.kind() == Kind::Unpacked
                    && region.cx.inner_of(ty).kind() == Kind::Tuple
                {
                    let reason = "only a TypedDict can be unpacked in the annotation of `**kwargs`";
                    let finding = rules::invalid_type_form::invalid_type_expression(reason);
                    region.report(annotation, finding);
                }
            });
        }
        if let Some(default) = parameter.default() {
            check_default(region, parameter, default, info);
        }
    }
    check_components(region, node, info);
    check_historical(region, node, info);
    check_keyword_overlap(region, node, info);
    check_self(region, node, info);
    check_mixed(region, node, info);
    if node.type_params.is_none() {
        let params = info.signature.type_params;
        super::type_param_check::check_function_order(region, &node.name, params, info.definition);
    }
    super::overload_check::check(region, node, info);
    check_decorators(region, node, info);
    check_receiver(region, node, info);
    check_first_parameter(region, node, info);
    check_initialiser(region, node, info);
    check_guard(region, node, info);
    check_exit(region, node, info);
    if let Some(returns) = &node.returns {
        region.in_scope(scope, || {
            let context = Context::of(region).binding(info.definition);
            type_of(region, returns, context);
        });
    }
}

/// Checks what of a function under `@no_type_check` runs where its `def` stands. Its annotations may be anything.
/// Source: typing spec, "Type checker directives", `@no_type_check`.
fn check_unchecked(region: &Region<'_, '_>, node: &ast::StmtFunctionDef) {
    let defaults = node.parameters.iter().filter_map(AnyParameterRef::default);
    let decorators = node.decorator_list.iter().map(|decorator| &decorator.expression);
    for expression in defaults.chain(decorators) {
        expr::infer(region, expression, None);
    }
}

/// The `ParamSpec` whose `args` or `kwargs` an annotation is, with which of the two.
fn component<'s>(
    region: &Region<'_, 's>,
    annotation: &ast::Expr,
) -> Option<(TypeVarData<'s>, bool)> {
    let ast::Expr::Attribute(attribute) = annotation else { return None };
    let is_args = match attribute.attr.as_str() {
        "args" => true,
        "kwargs" => false,
        _ => return None,
    };
    let value = region.quietly(|| expr::infer(region, &attribute.value, None));
    let data = region.cx.as_type_var(value)?;
    (data.kind == TypeVarKind::ParamSpec).then_some((*data, is_args))
}

/// `*args: P.args` and `**kwargs: P.kwargs` stand together, next to each other, and something else must
/// bind `P`. Source: typing spec, "Generics", "The components of a ParamSpec".
fn check_components<'s>(
    region: &Region<'_, 's>,
    node: &ast::StmtFunctionDef,
    info: &FunctionInfo<'s>,
) {
    use crate::rules::invalid_param_spec as rule;
    let list = &node.parameters;
    let scope = annotation_scope(region, node);
    let of = |parameter: Option<&ast::Parameter>| {
        let annotation = parameter.and_then(|parameter| parameter.annotation.as_deref());
        region.in_scope(scope, || component(region, annotation?))
    };
    let (args, kwargs) = (of(list.vararg.as_deref()), of(list.kwarg.as_deref()));
    let Some((data, _)) = args.or(kwargs) else { return };
    let name = data.name;
    let paired = match (args, kwargs) {
        (Some((left, true)), Some((right, false))) => left.definition == right.definition,
        _ => false,
    };
    let at =
        list.vararg.as_deref().or(list.kwarg.as_deref()).map_or(node.name.range, Ranged::range);
    if !paired {
        region.report(at, rule::param_spec_components_apart(name));
        return;
    }
    if let Some(between) = list.kwonlyargs.first() {
        let reason = format!(
            "no parameter may stand between `*args: {name}.args` and `**kwargs: {name}.kwargs`"
        );
        region.report(between, rule::invalid_param_spec(name, reason));
    }
    let cx = region.cx;
    let is_it = |found: Type| {
        cx.as_type_var(found).is_some_and(|found| found.definition == data.definition)
    };
    let bound_here = info.signature.parameters.iter().any(|parameter| {
        parameter.ty.kind() != Kind::ParamSpecPart && cx.mentions(parameter.ty, &is_it)
    }) || info.signature.returns.is_some_and(|ty| cx.mentions(ty, &is_it));
    let own = info.signature.type_params.iter().any(|&param| {
        is_it(param) && cx.as_type_var(param).is_some_and(|p| p.scope == Some(info.definition))
    });
    if data.scope.is_none() && own && !bound_here {
        let finding = crate::rules::invalid_type_variable::unbound_type_variable(name);
        region.report(at, finding);
    }
}

/// A parameter `__x` was meant to be positional-only, but a keyword may name one before it.
/// Source: typing spec, "Historical and deprecated features", "Positional-only parameters".
fn check_historical<'s>(
    region: &Region<'_, 's>,
    node: &ast::StmtFunctionDef,
    info: &FunctionInfo<'s>,
) {
    let list = &node.parameters;
    if !list.posonlyargs.is_empty() {
        return;
    }
    let is_static = info.flags.contains(FunctionFlags::STATIC_METHOD) && &*info.name != "__new__";
    let skip = usize::from(info.class.is_some() && !is_static);
    let mut after_plain = false;
    for parameter in list.args.iter().skip(skip) {
        let name = parameter.name().as_str();
        if !name.starts_with("__") || name.ends_with("__") {
            after_plain = true;
        } else if after_plain {
            let finding = rules::invalid_parameter_order::positional_only_after_keyword(name);
            region.report(parameter, finding);
        }
    }
}

/// The keys of `**kwargs: Unpack[TD]` may not be names of other parameters. Source: PEP 692.
fn check_keyword_overlap<'s>(
    region: &Region<'_, 's>,
    node: &ast::StmtFunctionDef,
    info: &FunctionInfo<'s>,
) {
    let Some(annotation) = node.parameters.kwarg.as_ref().and_then(|p| p.annotation.as_deref())
    else {
        return;
    };
    let list = &info.signature.parameters;
    let by_name = |kind| matches!(kind, ParameterKind::Standard | ParameterKind::KeywordOnly);
    let overlap = list.iter().enumerate().find(|&(at, own)| {
        by_name(own.kind)
            && list
                .iter()
                .skip(at + 1)
                .any(|other| other.kind == ParameterKind::KeywordOnly && other.name == own.name)
    });
    if let Some((_, own)) = overlap {
        let reason = format!("the key `{}` is the name of another parameter", own.name);
        let finding = rules::invalid_type_form::invalid_type_expression(reason);
        region.report(annotation, finding);
    }
}

/// `Self` needs a receiver that is not annotated otherwise. Source: typing spec, "Self".
fn check_self<'s>(region: &Region<'_, 's>, node: &ast::StmtFunctionDef, info: &FunctionInfo<'s>) {
    if info.class.is_none() {
        return;
    }
    let cx = region.cx;
    let is_self =
        |found: Type| cx.as_type_var(found).is_some_and(|data| data.kind == TypeVarKind::SelfType);
    let is_new = &*info.name == "__new__";
    let is_static = info.flags.contains(FunctionFlags::STATIC_METHOD) && !is_new;
    let receiver = info.signature.parameters.first().filter(|first| {
        first.is_annotated
            && matches!(first.kind, ParameterKind::PositionalOnly | ParameterKind::Standard)
    });
    let other_receiver = receiver.is_some_and(|first| !cx.mentions(first.ty, &is_self));
    if !is_static && !other_receiver {
        return;
    }
    let reason = if is_static {
        "a static method has no receiver"
    } else {
        "the receiver is annotated with another type"
    };
    let annotations = node.parameters.iter().filter_map(|parameter| {
        let own =
            info.signature.parameters.iter().find(|own| own.name == parameter.name().as_str())?;
        Some((parameter.annotation()?, own.ty))
    });
    let returns = node.returns.as_deref().zip(info.signature.returns);
    for (annotation, ty) in annotations.chain(returns) {
        if cx.mentions(ty, &is_self) {
            region.report(annotation, rules::invalid_self::invalid_self(reason));
        }
    }
}

/// Type parameters in brackets and type variables of the old kind do not go together in one signature.
fn check_mixed<'s>(region: &Region<'_, 's>, node: &ast::StmtFunctionDef, info: &FunctionInfo<'s>) {
    if node.type_params.is_none() {
        return;
    }
    let cx = region.cx;
    let declared = node.type_params.iter().flat_map(|list| list.iter()).count();
    for &param in info.signature.type_params.iter().skip(declared) {
        let Some(data) = cx.as_type_var(param) else { continue };
        if data.kind != TypeVarKind::SelfType && data.scope == Some(info.definition) {
            let reason = "it cannot be combined with type parameters in brackets";
            let name = data.name;
            region.report(
                &node.name,
                rules::invalid_type_variable::invalid_type_variable(name, reason),
            );
        }
    }
}

/// Decorators of methods and classes on other functions.
fn check_decorators<'s>(
    region: &Region<'_, 's>,
    node: &ast::StmtFunctionDef,
    info: &FunctionInfo<'s>,
) {
    let cx = region.cx;
    if info.class.is_none() && info.flags.contains(FunctionFlags::FINAL) {
        region.report(&node.name, rules::invalid_final::final_on_function(&node.name.id));
    }
    for decorator in &node.decorator_list {
        let value = region.quietly(|| expr::infer(region, &decorator.expression, None));
        let known = value.as_function().and_then(|function| cx.host.function(cx, function).known);
        if value.as_class().is_some_and(|class| cx.is_known(class, Known::Property)) {
            check_getter(region, decorator, node, info);
        }
        if known == Some(KnownFunction::DisjointBase) {
            let finding = rules::invalid_argument_type::invalid_argument_type(
                "disjoint_base",
                "cls",
                "type",
                cx.display(Type::function(info.definition)),
            );
            region.report(decorator, finding);
        }
    }
}

/// A getter is called with the object and nothing else.
fn check_getter<'s>(
    region: &Region<'_, 's>,
    decorator: &ast::Decorator,
    node: &ast::StmtFunctionDef,
    info: &FunctionInfo<'s>,
) {
    let needed = info.signature.parameters.iter().enumerate().filter(|(at, parameter)| {
        parameter.default.is_none()
            && match parameter.kind {
                ParameterKind::PositionalOnly | ParameterKind::Standard => *at > 0,
                ParameterKind::KeywordOnly => true,
                ParameterKind::Variadic | ParameterKind::Keywords => false,
            }
    });
    if let Some((_, extra)) = needed.into_iter().next() {
        let reason = format!("its getter needs an argument for `{}`", extra.name);
        region.report(decorator, rules::invalid_property::invalid_property(&node.name.id, reason));
    }
}

/// An annotation of `self` in `__init__` says what is made; with the class's own variables in
/// another order it would contradict itself. Source: typing spec, "Constructors".
fn check_receiver<'s>(
    region: &Region<'_, 's>,
    node: &ast::StmtFunctionDef,
    info: &FunctionInfo<'s>,
) {
    let cx = region.cx;
    let Some(class) = info.class.filter(|_| &*info.name == "__init__") else { return };
    let Some(first) = info.signature.parameters.first().filter(|first| first.is_annotated) else {
        return;
    };
    let own = cx.host.type_params(cx, class);
    if own.is_empty() || cx.class_of(first.ty) != Some(class) {
        return;
    }
    let moved = cx.arguments_of(first.ty).iter().enumerate().any(|(at, &argument)| {
        cx.mentions(argument, &|ty| {
            own.iter()
                .position(|&param| cx.same(param, ty))
                .is_some_and(|param| param != at || !cx.same(argument, ty))
        })
    });
    if moved {
        let reason = "the class's own type variables cannot be used in the annotation of `self`";
        let annotation = node.parameters.iter().next().and_then(AnyParameterRef::annotation);
        match annotation {
            Some(annotation) => {
                region.report(annotation, rules::invalid_self::invalid_self(reason))
            }
            None => region.report(&node.name, rules::invalid_self::invalid_self(reason)),
        }
    }
}

/// A method is called with the object, or a class method with the class: there must be a parameter for it, and
/// what that declares must be something that the class is.
/// Source: typing spec, "Generics", "Annotating the `self` parameter"; Python reference, "Instance methods".
fn check_first_parameter<'s>(
    region: &Region<'_, 's>,
    node: &ast::StmtFunctionDef,
    info: &FunctionInfo<'s>,
) {
    use crate::rules::invalid_self as rule;
    let cx = region.cx;
    let Some(class) = info.class else { return };
    let owner = cx.host.class(cx, class);
    let is_bound_class = info.flags.contains(FunctionFlags::CLASS_METHOD)
        || matches!(&*info.name, "__new__" | "__init_subclass__" | "__class_getitem__");
    let is_static = info.flags.contains(FunctionFlags::STATIC_METHOD) && &*info.name != "__new__";
    // A decorator may call it with anything, and an interface lists what others take.
    let is_known = |decorator: &ast::Decorator| {
        let value = region.quietly(|| expr::infer(region, &decorator.expression, None));
        let known = [Known::ClassMethod, Known::Property];
        value.as_class().is_some_and(|class| known.iter().any(|&it| cx.is_known(class, it)))
            || value.as_function().and_then(|it| cx.host.function(cx, it).known).is_some_and(|it| {
                use KnownFunction::{AbstractMethod, Final, Overload, Override};
                matches!(it, AbstractMethod | Final | Overload | Override)
            })
    };
    let is_free =
        || cx.holds(Policy::DecoratedReceiver) && !node.decorator_list.iter().all(is_known);
    if is_static || owner.is_dynamic() || is_free() {
        return;
    }
    let by_name = [ParameterKind::KeywordOnly, ParameterKind::Keywords];
    let first = info.signature.parameters.first().filter(|first| !by_name.contains(&first.kind));
    let Some(first) = first else {
        if !is_used_in_body(region, node) {
            let receiver = if is_bound_class { "cls" } else { "self" };
            region.report(&node.name, rule::no_receiver(&node.name.id, receiver));
        }
        return;
    };
    let is_positional =
        matches!(first.kind, ParameterKind::PositionalOnly | ParameterKind::Standard);
    if !is_positional || !first.is_annotated || cx.has_dynamic(first.ty) {
        return;
    }
    let Some(annotation) = node.parameters.iter().next().and_then(AnyParameterRef::annotation)
    else {
        return;
    };
    if !may_receive(cx, class, first.ty, is_bound_class) && !is_used_in_body(region, node) {
        let shown = cx.display(first.ty);
        region.report(annotation, rule::wrong_receiver(&owner.name, shown));
    }
}

/// Whether the receiver of a method of `class` may be declared as `wanted`: something that the class is, or a
/// protocol, which a subclass may implement.
fn may_receive(cx: &Cx<'_>, class: ClassRef, wanted: Type, is_class: bool) -> bool {
    let wanted = cx.expand_alias(wanted);
    if is_class {
        return match wanted.kind() {
            Kind::SubclassOf => may_receive(cx, class, cx.inner_of(wanted), false),
            Kind::Instance | Kind::Generic => cx.host.known(cx, Known::Type).is_some_and(|known| {
                cx.info_of(wanted).is_none_or(|info| {
                    info.class == known
                        || info.inherits(known)
                        || info.is_dynamic()
                        || info.is(ClassFlags::PROTOCOL)
                        || cx.is_known(info.class, Known::Object)
                })
            }),
            _ => true,
        };
    }
    let own = cx.host.class(cx, class);
    match wanted.kind() {
        Kind::Union => cx.members(wanted).iter().any(|each| may_receive(cx, class, each, false)),
        Kind::Instance | Kind::Generic => cx.info_of(wanted).is_none_or(|info| {
            // Its own subclass: the method is there for that alone.
            info.class == class
                || own.inherits(info.class)
                || info.inherits(class)
                || info.is_dynamic()
                || info.is(ClassFlags::PROTOCOL)
                || own.is(ClassFlags::PROTOCOL)
        }),
        // A class, which only an instance of a metaclass is.
        Kind::SubclassOf | Kind::Class => {
            own.is(ClassFlags::PROTOCOL)
                || cx.host.known(cx, Known::Type).is_none_or(|known| own.inherits(known))
        }
        _ => true,
    }
}

/// Whether the body of a class, which runs at once, uses a function of its own: then it need not be a method.
fn is_used_in_body(region: &Region<'_, '_>, node: &ast::StmtFunctionDef) -> bool {
    let crate::index::ScopeNode::Class(class) = region.nodes().scopes[region.scope()] else {
        return true;
    };
    ruff_python_ast::helpers::any_over_body(
        &class.body,
        |part| matches!(part, ast::Expr::Name(name) if name.id == node.name.id),
    )
}

fn check_annotation<'s>(
    region: &Region<'_, 's>,
    annotation: &ast::Expr,
    info: &FunctionInfo<'s>,
    variadic: bool,
) -> Type {
    let context = Context { variadic, ..Context::of(region).binding(info.definition) };
    if let ast::Expr::Attribute(attribute) = annotation {
        let value = region.quietly(|| expr::infer(region, &attribute.value, None));
        let is_spec =
            region.cx.as_type_var(value).is_some_and(|data| data.kind == TypeVarKind::ParamSpec);
        if is_spec && variadic {
            return value;
        }
    }
    if let ast::Expr::StringLiteral(text) = annotation
        && variadic
        && (text.value.to_str().ends_with(".args") || text.value.to_str().ends_with(".kwargs"))
    {
        return Type::UNKNOWN;
    }
    type_of(region, annotation, context)
}

/// What `*args` unpacks is a tuple: the items of a typed dict have names. Source: PEP 692.
fn check_unpacked_arguments(region: &Region<'_, '_>, annotation: &ast::Expr, ty: Type) {
    let cx = region.cx;
    let is_typed_dict = ty.kind() == Kind::Unpacked
        && cx.info_of(cx.inner_of(ty)).is_some_and(|info| info.is(ClassFlags::TYPED_DICT));
    if is_typed_dict {
        let reason = "a TypedDict can only be unpacked in the annotation of `**kwargs`";
        let finding = rules::invalid_type_form::invalid_type_expression(reason);
        region.report(annotation, finding);
    }
}

/// `__init__` returns nothing. Source: typing spec, "Constructors", "`__init__` method".
fn check_initialiser<'s>(
    region: &Region<'_, 's>,
    node: &ast::StmtFunctionDef,
    info: &FunctionInfo<'s>,
) {
    let cx = region.cx;
    if info.class.is_none() || &*info.name != "__init__" || node.is_async {
        return;
    }
    let Some((returns, annotation)) = info.signature.returns.zip(node.returns.as_deref()) else {
        return;
    };
    if !cx.is_assignable(returns, Type::NONE) {
        let finding = rules::invalid_return_type::initialiser_returns(cx.display(returns));
        region.report(annotation, finding);
    }
}

/// `__exit__` that declares `bool` may swallow exceptions; one that only ever returns `False` does not, and
/// code after the `with` is taken for reached where it is not.
/// Source: typing spec, "Exceptions", "Context managers".
fn check_exit<'s>(region: &Region<'_, 's>, node: &ast::StmtFunctionDef, info: &FunctionInfo<'s>) {
    let cx = region.cx;
    // Where `with` is asynchronous, exceptions are rarely swallowed and `bool` is what people write.
    let is_exit = info.class.is_some()
        && (&*info.name == "__exit__"
            || &*info.name == "__aexit__" && !cx.holds(Policy::RareSwallowing));
    let written = node.returns.as_deref().filter(|_| is_exit);
    let is_bool = |ty: Type| cx.same(ty, cx.known_instance(Known::Bool));
    let Some(annotation) = written.filter(|it| {
        is_bool(
            region.quietly(|| type_of(region, it, Context::of(region).binding(info.definition))),
        )
    }) else {
        return;
    };
    let mut returns = Returns::default();
    returns.visit_body(&node.body);
    let is_false = |value: &Option<&ast::Expr>| matches!(value, Some(ast::Expr::BooleanLiteral(literal)) if !literal.value);
    if !returns.0.is_empty() && returns.0.iter().all(is_false) {
        let finding = rules::invalid_context_manager::exit_never_swallows(&node.name.id);
        region.report(annotation, finding);
    }
}

/// The values that the `return` statements of one function give.
#[derive(Default)]
struct Returns<'a>(Vec<Option<&'a ast::Expr>>);

impl<'a> Visitor<'a> for Returns<'a> {
    fn visit_stmt(&mut self, stmt: &'a ast::Stmt) {
        match stmt {
            ast::Stmt::Return(stmt) => self.0.push(stmt.value.as_deref()),
            ast::Stmt::FunctionDef(_) | ast::Stmt::ClassDef(_) => {}
            _ => walk_stmt(self, stmt),
        }
    }

    fn visit_expr(&mut self, _: &'a ast::Expr) {}
}

fn check_default<'s>(
    region: &Region<'_, 's>,
    parameter: AnyParameterRef<'_>,
    default: &ast::Expr,
    info: &FunctionInfo<'s>,
) {
    let cx = region.cx;
    let own = info.signature.parameters.iter().find(|each| each.name == parameter.name().as_str());
    let hint = own.filter(|own| own.is_annotated).map(|own| own.ty);
    let found = expr::infer(region, default, hint);
    let Some(declared) = hint else { return };
    if matches!(default, ast::Expr::EllipsisLiteral(_)) {
        let may_be_stub = cx.host.module(region.module).is_stub
            || info.flags.intersects(
                crate::types::FunctionFlags::STUB_BODY
                    .union(crate::types::FunctionFlags::OVERLOAD)
                    .union(crate::types::FunctionFlags::ABSTRACT),
            );
        if may_be_stub {
            return;
        }
    }
    if !cx.is_assignable(found, declared) {
        let (wanted, given) = cx.display_apart(declared, found);
        let finding = rules::invalid_parameter_default::invalid_parameter_default(
            parameter.name().as_str(),
            wanted.to_string(),
            given,
            parameter.annotation().and_then(crate::index::dotted),
        );
        region.report_misfit(default, finding, Misfit::Value(found, declared));
    }
}

/// A type guard needs a parameter to narrow, and `TypeIs` must narrow it.
/// Source: typing spec, "Type narrowing".
fn check_guard<'s>(region: &Region<'_, 's>, node: &ast::StmtFunctionDef, info: &FunctionInfo<'s>) {
    let cx = region.cx;
    let Some(returns) = info.signature.returns else { return };
    if returns.kind() != Kind::Guard {
        return;
    }
    let Data::Guard { ty: narrowed, is_exact } = *cx.payload(returns) else { return };
    let skip =
        usize::from(info.class.is_some() && !info.flags.contains(FunctionFlags::STATIC_METHOD));
    let form = if is_exact { "TypeIs" } else { "TypeGuard" };
    let first = info.signature.parameters.iter().skip(skip).find(|parameter| {
        matches!(
            parameter.kind,
            ParameterKind::PositionalOnly | ParameterKind::Standard | ParameterKind::Variadic
        )
    });
    let Some(first) = first else {
        region.report(&node.name, rules::invalid_type_guard::type_guard_without_parameter(form));
        return;
    };
    if is_exact && !cx.is_assignable(narrowed, first.ty) {
        let finding = rules::invalid_type_guard::type_is_not_subtype(
            cx.display(narrowed),
            cx.display(first.ty),
        );
        match &node.returns {
            Some(returns) => region.report(&**returns, finding),
            None => region.report(&node.name, finding),
        }
    }
}
