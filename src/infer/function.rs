//! Functions: signatures from their annotations, decorators, overloads, inferred results.

use std::sync::Arc;

use ruff_python_ast::{self as ast, AnyParameterRef, Expr, Stmt};
use ruff_text_size::Ranged;
use smallvec::SmallVec;

use super::annotation::{Context, bind_type_var, type_of};
use super::expr;
use super::flow::is_reachable;
use super::region::{LazyTree, Mode, Region, with_region};
use crate::index::{self, DefinitionId, DefinitionNode, ScopeId, ScopeKind};
use crate::policy::Policy;
use crate::source::is_named;
use crate::types::call::CallError;
use crate::types::{
    ClassRef, Cx, DefRef, DistinctTypes, FunctionFlags, FunctionInfo, Kind, Known, KnownFunction,
    Parameter, ParameterKind, Signature, Substitution, Type, TypeVarKind, known,
};

/// Answers [`crate::types::Host::function`].
pub fn compute_function<'s>(cx: &Cx<'s>, function: DefRef) -> FunctionInfo<'s> {
    let index = cx.host.index(function.module);
    let id = DefinitionId::from_u32(function.index);
    let scope = index.definitions[id].scope;
    with_region(cx, function.module, scope, |region| {
        region.in_scope(scope, || {
            region.quietly(|| match region.nodes().definitions[id] {
                DefinitionNode::Function(node) => build(region, function, node),
                _ => unknown_function(cx, function),
            })
        })
    })
}

fn unknown_function<'s>(cx: &Cx<'s>, function: DefRef) -> FunctionInfo<'s> {
    FunctionInfo {
        definition: function,
        name: "".into(),
        name_range: ruff_text_size::TextRange::default(),
        class: None,
        signature: cx.gradual_signature(Type::UNKNOWN),
        overloads: Box::default(),
        has_implementation: false,
        flags: FunctionFlags::empty(),
        known: None,
        deprecated: None,
        transform: None,
        decorated: None,
    }
}

fn build<'s>(
    region: &Region<'_, 's>,
    function: DefRef,
    node: &ast::StmtFunctionDef,
) -> FunctionInfo<'s> {
    let cx = region.cx;
    let class = region.class_of_scope(region.scope());
    let body = region.index.scope_of_node(region.region, node);
    let mut info = FunctionInfo {
        definition: function,
        name: node.name.id.as_str().into(),
        name_range: node.name.range,
        class,
        ..unknown_function(cx, function)
    };
    let module = cx.host.module(function.module);
    if class.is_none() {
        info.known = KnownFunction::find(&module.name, &node.name.id);
    }
    info.flags = syntactic_flags(region, node, class, body);
    read_decorators(region, node, &mut info);
    if class.is_some_and(|class| is_unchecked_class(region, class)) {
        info.flags.insert(FunctionFlags::NO_TYPE_CHECK);
    }
    info.signature = signature(region, function, node, class, body, info.flags);
    let before = overloads_before(region, function);
    let is_overloaded = info.flags.contains(FunctionFlags::OVERLOAD) || !before.is_empty();
    let own = undecorated(cx, &info, is_overloaded);
    info.decorated = apply_decorators(region, own, node, &info);
    if is_overloaded {
        collect_overloads(cx, before, &mut info);
    }
    info
}

fn syntactic_flags(
    region: &Region<'_, '_>,
    node: &ast::StmtFunctionDef,
    class: Option<ClassRef>,
    body: Option<ScopeId>,
) -> FunctionFlags {
    let mut flags = FunctionFlags::empty();
    if node.is_async {
        flags.insert(FunctionFlags::ASYNC);
    }
    if body.is_some_and(|scope| region.index.scopes[scope].is_generator) {
        flags.insert(FunctionFlags::GENERATOR);
    }
    if is_stub_body(&node.body) {
        flags.insert(FunctionFlags::STUB_BODY);
    }
    if class.is_some() {
        flags.insert(FunctionFlags::METHOD);
        match node.name.id.as_str() {
            "__new__" => flags.insert(FunctionFlags::STATIC_METHOD),
            "__init_subclass__" | "__class_getitem__" => flags.insert(FunctionFlags::CLASS_METHOD),
            _ => {}
        }
    }
    let annotated = node.returns.is_some()
        || node.parameters.iter().any(|parameter| parameter.annotation().is_some());
    if !annotated {
        flags.insert(FunctionFlags::UNANNOTATED);
    }
    flags
}

/// Whether `@no_type_check` stands on a class: it holds for the methods that stand in it.
/// Source: Python library reference, "`typing.no_type_check`".
fn is_unchecked_class(region: &Region<'_, '_>, class: ClassRef) -> bool {
    let definition = DefinitionId::from_u32(class.definition().index);
    let DefinitionNode::Class(stmt) = region.nodes().definitions[definition] else { return false };
    let is_called_so =
        |decorator: &&ast::Decorator| is_named(&decorator.expression, "no_type_check");
    // Few classes have it: nothing is inferred for the others.
    stmt.decorator_list.iter().filter(is_called_so).any(|decorator| {
        let cx = region.cx;
        let scope = region.index.definitions[definition].scope;
        let value = with_region(cx, region.module, scope, |outer| {
            outer.quietly(|| expr::infer(outer, &decorator.expression, None))
        });
        value.as_function().is_some_and(|function| {
            cx.host.function(cx, function).known == Some(KnownFunction::NoTypeCheck)
        })
    })
}

/// `...`, `pass`, a docstring, or `raise NotImplementedError`, and nothing else.
pub fn is_stub_body(body: &[Stmt]) -> bool {
    body.iter().all(|stmt| match stmt {
        Stmt::Raise(raise) => {
            let name = match raise.exc.as_deref() {
                Some(Expr::Call(call)) => &*call.func,
                Some(other) => other,
                None => return false,
            };
            matches!(name, Expr::Name(name) if name.id.as_str() == "NotImplementedError")
        }
        other => index::is_placeholder(other),
    })
}

/// What a decorator expression names: the type, without its call.
fn decorator_callee(region: &Region<'_, '_>, decorator: &ast::Decorator) -> Type {
    match &decorator.expression {
        Expr::Call(call) => expr::infer(region, &call.func, None),
        other => expr::infer(region, other, None),
    }
}

fn read_decorators<'s>(
    region: &Region<'_, 's>,
    node: &ast::StmtFunctionDef,
    info: &mut FunctionInfo<'s>,
) {
    let cx = region.cx;
    for decorator in &node.decorator_list {
        let callee = decorator_callee(region, decorator);
        let known_function =
            callee.as_function().and_then(|function| cx.host.function(cx, function).known);
        match known_function {
            Some(KnownFunction::Overload) => info.flags.insert(FunctionFlags::OVERLOAD),
            Some(KnownFunction::Final) => info.flags.insert(FunctionFlags::FINAL),
            Some(KnownFunction::Override) => info.flags.insert(FunctionFlags::OVERRIDE),
            Some(KnownFunction::AbstractMethod) => info.flags.insert(FunctionFlags::ABSTRACT),
            Some(KnownFunction::NoTypeCheck) => info.flags.insert(FunctionFlags::NO_TYPE_CHECK),
            Some(KnownFunction::TypeCheckOnly) => {
                info.flags.insert(FunctionFlags::TYPE_CHECK_ONLY);
            }
            Some(KnownFunction::DataclassTransform) => {
                info.flags.insert(FunctionFlags::DATACLASS_TRANSFORM);
                if let Expr::Call(call) = &decorator.expression {
                    info.transform = Some(super::class::transform_options(region, call));
                }
            }
            _ => {}
        }
        let Some(class) = callee.as_class() else { continue };
        if cx.is_known(class, Known::StaticMethod) {
            info.flags.insert(FunctionFlags::STATIC_METHOD);
        } else if cx.is_known(class, Known::ClassMethod) {
            info.flags.insert(FunctionFlags::CLASS_METHOD);
        } else if cx.is_known(class, Known::Deprecated) || cx.is_known(class, Known::ExtDeprecated)
        {
            info.flags.insert(FunctionFlags::DEPRECATED);
            let message = match &decorator.expression {
                Expr::Call(call) => call.arguments.args.first(),
                _ => None,
            };
            info.deprecated = Some(match message {
                Some(Expr::StringLiteral(text)) => text.value.to_str().into(),
                _ => "".into(),
            });
        } else if is_property_class(cx, class) {
            info.flags.insert(FunctionFlags::PROPERTY);
        }
    }
}

fn is_property_class(cx: &Cx<'_>, class: ClassRef) -> bool {
    [Known::Property, Known::EnumProperty, Known::DynamicClassAttribute].iter().any(|&known| {
        cx.host
            .known(cx, known)
            .is_some_and(|known| class == known || cx.host.class(cx, class).inherits(known))
    })
}

fn apply_decorators<'s>(
    region: &Region<'_, 's>,
    own: Type,
    node: &ast::StmtFunctionDef,
    info: &FunctionInfo<'s>,
) -> Option<Type> {
    let cx = region.cx;
    let mut current = own;
    for decorator in node.decorator_list.iter().rev() {
        current = apply(region, decorator, current).0;
    }
    if info.flags.contains(FunctionFlags::NO_TYPE_CHECK) {
        return Some(cx.callable(&[without_annotations(cx, &info.signature)]));
    }
    (!cx.same(current, own)).then_some(current)
}

/// What a decorator makes of `current`, and what is wrong with the call of it.
fn apply<'s>(
    region: &Region<'_, 's>,
    decorator: &ast::Decorator,
    current: Type,
) -> (Type, Option<(Type, CallError<'s>)>) {
    let cx = region.cx;
    if let Some(known) = known_effect(region, decorator, current) {
        return (known, None);
    }
    let value = expr::infer(region, &decorator.expression, None);
    if value.kind() == Kind::Decorator {
        return (property_part(cx, value, current), None);
    }
    if value.is_dynamic() {
        return (Type::UNKNOWN, None);
    }
    let outcome = cx.call_outcome(value, &[current]);
    let Some(error) = outcome.errors.into_iter().next() else {
        let is_vague = outcome.returns.kind() == Kind::Union || cx.has_dynamic(outcome.returns);
        let returns = if is_vague && cx.holds(Policy::VagueDecorator) && is_untyped(cx, value) {
            Type::UNKNOWN
        } else {
            outcome.returns
        };
        return (returns, None);
    };
    // A decorator may ask for the class where the function says `Self`.
    if let Some(class) = region.class_of_scope(region.scope()) {
        let with = Substitution::new().with_self(cx.identity_instance(class));
        let signatures = cx.signatures(current).unwrap_or_default();
        let concrete: SmallVec<[Signature; 1]> =
            signatures.iter().map(|each| cx.substitute_signature(each, &with)).collect();
        if !concrete.is_empty()
            && let Some(ty) = cx.call_with(value, &[cx.callable(&concrete)])
        {
            return (ty, None);
        }
    }
    (Type::UNKNOWN, Some((value, error)))
}

/// Whether nothing declares what a decorator returns. What its body says is then taken only where it
/// is one thing and all of it is known: decorators that serve several purposes say little. What a class makes is an
/// instance of it, whatever its `__init__` says.
fn is_untyped(cx: &Cx<'_>, decorator: Type) -> bool {
    cx.members(decorator).iter().all(|member| {
        member.is_dynamic()
            || cx.signatures(member).is_some_and(|signatures| {
                signatures.iter().all(|each| {
                    each.definition.is_some_and(|definition| {
                        let info = cx.host.function(cx, definition);
                        info.signature.returns.is_none() && &*info.name != "__init__"
                    })
                })
            })
    })
}

/// What the innermost decorator gets: an overload or implementation for itself, without the others.
fn undecorated<'s>(cx: &Cx<'s>, info: &FunctionInfo<'s>, is_overloaded: bool) -> Type {
    if is_overloaded { cx.callable(&[info.signature]) } else { Type::function(info.definition) }
}

/// Reports decorators that do not take what they decorate.
pub fn check_decorators<'s>(
    region: &Region<'_, 's>,
    node: &ast::StmtFunctionDef,
    info: &FunctionInfo<'s>,
) {
    // What a class or static method hands to the next decorator is an object of its own.
    let wrapped = FunctionFlags::CLASS_METHOD.union(FunctionFlags::STATIC_METHOD);
    // And the overloads say what an implementation is, whatever is made of it.
    let is_implementation = info.has_implementation && !info.overloads.is_empty();
    if info.flags.intersects(FunctionFlags::NO_TYPE_CHECK.union(wrapped)) || is_implementation {
        return;
    }
    let is_overloaded = info.flags.contains(FunctionFlags::OVERLOAD) || !info.overloads.is_empty();
    let mut current = undecorated(region.cx, info, is_overloaded);
    for decorator in node.decorator_list.iter().rev() {
        let (next, error) = region.quietly(|| apply(region, decorator, current));
        if let Some((callee, error)) = error {
            super::call::report_decorator(region, &decorator.expression, callee, current, &error);
        }
        current = next;
    }
}

/// Decorators that the type system knows by name.
fn known_effect(
    region: &Region<'_, '_>,
    decorator: &ast::Decorator,
    current: Type,
) -> Option<Type> {
    let cx = region.cx;
    let callee = decorator_callee(region, decorator);
    if let Some(function) = callee.as_function()
        && matches!(
            cx.host.function(cx, function).known,
            Some(
                KnownFunction::Overload
                    | KnownFunction::Final
                    | KnownFunction::Override
                    | KnownFunction::AbstractMethod
                    | KnownFunction::NoTypeCheck
                    | KnownFunction::TypeCheckOnly
                    | KnownFunction::DataclassTransform
            )
        )
    {
        return Some(current);
    }
    if let Some(class) = callee.as_class() {
        if [Known::StaticMethod, Known::ClassMethod, Known::Deprecated, Known::ExtDeprecated]
            .iter()
            .any(|&known| cx.is_known(class, known))
        {
            return Some(current);
        }
        if is_property_class(cx, class) {
            return Some(cx.property(Some(current), None, false));
        }
    }
    None
}

/// The parameters alone: what `@no_type_check` leaves of a signature.
fn without_annotations<'s>(cx: &Cx<'s>, signature: &Signature<'s>) -> Signature<'s> {
    let parameters: SmallVec<[Parameter; 8]> = signature
        .parameters
        .iter()
        .map(|&parameter| Parameter { ty: Type::UNKNOWN, is_annotated: false, ..parameter })
        .collect();
    Signature {
        parameters: cx.slice(&parameters),
        returns: Some(Type::UNKNOWN),
        type_params: cx.slice(&[]),
        ..*signature
    }
}

/// `@x.setter` and its like.
fn property_part(cx: &Cx<'_>, decorator: Type, function: Type) -> Type {
    let crate::types::Data::Decorator { kind, base: Some(base), .. } = *cx.payload(decorator)
    else {
        return Type::UNKNOWN;
    };
    let crate::types::Data::Property { getter, setter, deleter } = *cx.payload(base) else {
        return Type::UNKNOWN;
    };
    match kind {
        known::PROPERTY_GETTER => cx.property(Some(function), setter, deleter),
        known::PROPERTY_SETTER => cx.property(getter, Some(function), deleter),
        known::PROPERTY_DELETER => cx.property(getter, setter, true),
        _ => Type::UNKNOWN,
    }
}

/// Earlier overloads of the same name in the scope, in order.
fn overloads_before<'s>(region: &Region<'_, 's>, function: DefRef) -> Vec<Signature<'s>> {
    let cx = region.cx;
    let id = DefinitionId::from_u32(function.index);
    let entry = &region.index.definitions[id];
    let place = region.index.scopes[entry.scope].place(entry.place);
    let Some(at) = place.definitions.iter().position(|&other| other == id) else {
        return Vec::new();
    };
    // What another version or platform would define does not interrupt the row.
    let is_live =
        |&&each: &&DefinitionId| region.index.definitions[each].reach != index::ReachId::NEVER;
    let Some(&previous) = place.definitions[..at].iter().rev().find(is_live) else {
        return Vec::new();
    };
    if !matches!(region.nodes().definitions[previous], DefinitionNode::Function(_)) {
        return Vec::new();
    }
    let before = cx.host.function(cx, region.def_ref(previous));
    let goes_on = before.flags.contains(FunctionFlags::OVERLOAD);
    if goes_on { before.overloads.to_vec() } else { Vec::new() }
}

/// Adds what `info` is to the overloads before it: the next one, decorated, or the implementation.
fn collect_overloads<'s>(
    cx: &Cx<'s>,
    mut overloads: Vec<Signature<'s>>,
    info: &mut FunctionInfo<'s>,
) {
    if info.flags.contains(FunctionFlags::OVERLOAD) {
        let definition = Some(info.definition);
        match info.decorated.and_then(|decorated| cx.signatures(decorated)) {
            Some(decorated) => {
                overloads.extend(decorated.into_iter().map(|each| Signature { definition, ..each }))
            }
            None => overloads.push(info.signature),
        }
    } else if !overloads.is_empty() {
        info.has_implementation = true;
        // Flags of the overloads hold for the whole.
        if let Some(first) = overloads.first().and_then(|each| each.definition) {
            let flags = cx.host.function(cx, first).flags;
            for flag in [FunctionFlags::STATIC_METHOD, FunctionFlags::CLASS_METHOD] {
                if flags.contains(flag) {
                    info.flags.insert(flag);
                }
            }
        }
    }
    info.overloads = overloads.into_boxed_slice();
}

fn signature<'s>(
    region: &Region<'_, 's>,
    function: DefRef,
    node: &ast::StmtFunctionDef,
    class: Option<ClassRef>,
    body: Option<ScopeId>,
    flags: FunctionFlags,
) -> Signature<'s> {
    let cx = region.cx;
    let scope = body
        .and_then(|body| region.index.scopes[body].parent)
        .filter(|&parent| region.index.scopes[parent].kind == ScopeKind::TypeParams)
        .unwrap_or(region.scope());
    region.in_scope(scope, || {
        let mut type_params = DistinctTypes::default();
        if let Some(list) = &node.type_params {
            for param in list.iter() {
                if let Some(definition) = region.index.definition_at(param.name().start()) {
                    let value = region.definition_types(definition).bound.unwrap_or(Type::UNKNOWN);
                    if let Some(data) = cx.as_type_var(value) {
                        type_params.push(cx, cx.type_var(*data));
                    }
                }
            }
        }
        let parameters = parameters(region, function, node, class, flags);
        for parameter in &parameters {
            own_type_vars(cx, parameter.ty, function, &mut type_params);
        }
        let returns = node.returns.as_deref().map(|returns| {
            let context =
                Context { report_unbound: false, ..Context::of(region).binding(function) };
            let ty = type_of(region, returns, context);
            scope_to_callable(cx, ty, function, &mut type_params)
        });
        let returns = returns.map(|ty| declared_result(cx, ty, flags));
        let returns = match returns {
            None if cx.host.module(function.module).is_stub => Some(Type::UNKNOWN),
            other => other,
        };
        Signature {
            parameters: cx.slice(&parameters),
            returns,
            definition: Some(function),
            type_params: cx.slice(type_params.list()),
            is_gradual: is_gradual(&parameters),
        }
    })
}

/// Unannotated `*args, **kwargs` alone accept anything.
fn is_gradual<'s>(parameters: &[Parameter<'s>]) -> bool {
    let dynamic = |kind| {
        parameters
            .iter()
            .any(|p| p.kind == kind && p.ty.is_dynamic() && p.ty.kind() != Kind::ParamSpecPart)
    };
    dynamic(ParameterKind::Variadic) && dynamic(ParameterKind::Keywords)
}

fn own_type_vars(cx: &Cx<'_>, ty: Type, function: DefRef, into: &mut DistinctTypes) {
    for type_var in cx.free_type_vars(ty) {
        if cx.as_type_var(type_var).is_some_and(|data| data.scope == Some(function)) {
            into.push(cx, type_var);
        }
    }
}

/// Type variables that only stand in a callable in the result belong to that callable.
/// Source: typing spec, "Generics", "Scoping rules for type variables".
fn scope_to_callable(cx: &Cx<'_>, ty: Type, function: DefRef, known: &mut DistinctTypes) -> Type {
    if ty.kind() == Kind::Callable
        && let crate::types::Data::Callable(signatures) = *cx.payload(ty)
    {
        let rescoped: SmallVec<[Signature; 1]> = signatures
            .iter()
            .map(|signature| {
                let mut own = DistinctTypes::default();
                own_type_vars(cx, ty, function, &mut own);
                let mut own = own.into_list();
                own.retain(|type_var| !known.contains(cx, *type_var));
                Signature { type_params: cx.slice(&own), ..*signature }
            })
            .collect();
        return cx.callable(&rescoped);
    }
    own_type_vars(cx, ty, function, known);
    ty
}

/// What a call gives for a declared result: a coroutine for `async def`.
fn declared_result(cx: &Cx<'_>, ty: Type, flags: FunctionFlags) -> Type {
    if flags.contains(FunctionFlags::ASYNC) && !flags.contains(FunctionFlags::GENERATOR) {
        return cx.known_generic(Known::CoroutineType, &[Type::ANY, Type::ANY, ty]);
    }
    ty
}

fn parameters<'s>(
    region: &Region<'_, 's>,
    function: DefRef,
    node: &ast::StmtFunctionDef,
    class: Option<ClassRef>,
    flags: FunctionFlags,
) -> SmallVec<[Parameter<'s>; 8]> {
    let mut result: SmallVec<[Parameter; 8]> = SmallVec::new();
    let list = &node.parameters;
    let positional = list.posonlyargs.len() + list.args.len();
    let vararg = list.vararg.as_deref().map(Ranged::range);
    for (at, parameter) in list.iter().enumerate() {
        let kind = match parameter {
            AnyParameterRef::Variadic(p) if Some(p.range()) == vararg => ParameterKind::Variadic,
            AnyParameterRef::Variadic(_) => ParameterKind::Keywords,
            AnyParameterRef::NonVariadic(_) if at < list.posonlyargs.len() => {
                ParameterKind::PositionalOnly
            }
            AnyParameterRef::NonVariadic(_) if at < positional => ParameterKind::Standard,
            AnyParameterRef::NonVariadic(_) => ParameterKind::KeywordOnly,
        };
        let is_receiver = at == 0 && class.is_some() && binds_receiver(flags, &node.name.id);
        push_parameter(
            region,
            function,
            parameter,
            kind,
            is_receiver.then_some(class).flatten(),
            flags,
            &mut result,
        );
    }
    old_positional_only(node, class.is_some() && binds_receiver(flags, &node.name.id), &mut result);
    result
}

fn binds_receiver(flags: FunctionFlags, name: &str) -> bool {
    !flags.contains(FunctionFlags::STATIC_METHOD) || name == "__new__"
}

/// `__x` was positional-only before there was `/`. Source: typing spec, "Historical positional-only parameters".
fn old_positional_only<'s>(
    node: &ast::StmtFunctionDef,
    has_receiver: bool,
    parameters: &mut SmallVec<[Parameter<'s>; 8]>,
) {
    if !node.parameters.posonlyargs.is_empty() {
        return;
    }
    let start = usize::from(has_receiver);
    let private = |p: &Parameter| {
        let name = p.name;
        name.starts_with("__") && !name.ends_with("__")
    };
    let mut any = false;
    for parameter in parameters.iter_mut().skip(start) {
        if parameter.kind != ParameterKind::Standard || !private(parameter) {
            break;
        }
        parameter.kind = ParameterKind::PositionalOnly;
        any = true;
    }
    if any && start == 1 {
        parameters[0].kind = ParameterKind::PositionalOnly;
    }
}

fn push_parameter<'s>(
    region: &Region<'_, 's>,
    function: DefRef,
    parameter: AnyParameterRef<'_>,
    kind: ParameterKind,
    receiver: Option<ClassRef>,
    flags: FunctionFlags,
    into: &mut SmallVec<[Parameter<'s>; 8]>,
) {
    let cx = region.cx;
    let default = parameter.default().map(|default| match default {
        Expr::EllipsisLiteral(_) => Type::UNKNOWN,
        _ => region.in_scope(region.region, || expr::infer(region, default, None)),
    });
    let annotation = parameter.annotation().map(|annotation| {
        let variadic = matches!(kind, ParameterKind::Variadic | ParameterKind::Keywords);
        let context = Context {
            variadic,
            parameters: false,
            report_unbound: false,
            ..Context::of(region).binding(function)
        };
        parameter_annotation(region, annotation, context, kind)
    });
    let name = cx.string(parameter.name().as_str());
    let mut annotated = annotation;
    if kind == ParameterKind::Keywords
        && let Some(ty) = annotation
        && ty.kind() == Kind::Unpacked
    {
        if push_typed_dict(cx, ty, into) {
            return;
        }
        // Nothing is known of the keys: what is unpacked is unknown, or was reported.
        annotated = Some(Type::UNKNOWN);
    }
    let ty = annotated.unwrap_or_else(|| match receiver {
        Some(class) => receiver_type(cx, class, flags),
        // One without annotation may be anything, whatever its default is.
        None => Type::UNKNOWN,
    });
    into.push(Parameter { name, kind, ty, is_annotated: annotation.is_some(), default });
}

fn receiver_type(cx: &Cx<'_>, class: ClassRef, flags: FunctionFlags) -> Type {
    let self_type = cx.self_type(class);
    let on_class =
        flags.contains(FunctionFlags::CLASS_METHOD) || flags.contains(FunctionFlags::STATIC_METHOD);
    if on_class { cx.subclass_of(self_type) } else { self_type }
}

fn parameter_annotation(
    region: &Region<'_, '_>,
    annotation: &Expr,
    context: Context,
    kind: ParameterKind,
) -> Type {
    // `P.args` and `P.kwargs` are attributes of the type variable's value.
    if let Expr::Attribute(attribute) = annotation
        && matches!(attribute.attr.id.as_str(), "args" | "kwargs")
    {
        let value = expr::infer(region, &attribute.value, None);
        if let Some(data) = region.cx.as_type_var(value)
            && data.kind == TypeVarKind::ParamSpec
        {
            let is_args = attribute.attr.id.as_str() == "args";
            let fits = matches!(
                (kind, is_args),
                (ParameterKind::Variadic, true) | (ParameterKind::Keywords, false)
            );
            if !fits {
                return Type::UNKNOWN;
            }
            let type_var = bind_type_var(region, data, context);
            return region.cx.param_spec_part(type_var, is_args);
        }
    }
    if let Expr::StringLiteral(text) = annotation
        && matches!(kind, ParameterKind::Variadic | ParameterKind::Keywords)
        && let Ok(parsed) = ruff_python_parser::parse_expression(text.value.to_str().trim())
    {
        let inner = *parsed.into_syntax().body;
        if matches!(inner, Expr::Attribute(_)) {
            return parameter_annotation(
                region,
                &inner,
                Context { deferred: true, ..context },
                kind,
            );
        }
    }
    type_of(region, annotation, context)
}

/// `**kwargs: Unpack[TD]` as keyword-only parameters. Source: PEP 692.
fn push_typed_dict<'s>(
    cx: &Cx<'s>,
    unpacked: Type,
    into: &mut SmallVec<[Parameter<'s>; 8]>,
) -> bool {
    let typed_dict = cx.inner_of(unpacked);
    let is_typed_dict =
        cx.info_of(typed_dict).is_some_and(|info| info.is(crate::types::ClassFlags::TYPED_DICT));
    if !is_typed_dict {
        return false;
    }
    for item in cx.typed_dict_items(typed_dict).iter() {
        into.push(Parameter {
            name: cx.string(&item.name),
            kind: ParameterKind::KeywordOnly,
            ty: item.ty,
            is_annotated: true,
            default: (!item.required).then_some(Type::UNKNOWN),
        });
    }
    let (name, ty) = match cx.typed_dict_extra(typed_dict) {
        Some((extra, false)) => ("kwargs", extra),
        _ if cx.info_of(typed_dict).is_some_and(|info| info.is_dynamic()) => {
            ("kwargs", Type::UNKNOWN)
        }
        // A subclass of the typed dict may have more keys: a callable in its place must take any,
        // though no call may name one.
        _ if !is_closed(cx, typed_dict) => ("", Type::NEVER),
        _ => return true,
    };
    into.push(Parameter {
        name: cx.string(name),
        kind: ParameterKind::Keywords,
        ty,
        is_annotated: true,
        default: None,
    });
    true
}

fn is_closed(cx: &Cx<'_>, typed_dict: Type) -> bool {
    cx.info_of(typed_dict).is_some_and(|info| info.is(crate::types::ClassFlags::CLOSED))
}

/// The type of `args` within a function with `*args: ty`.
pub fn inside_variadic(cx: &Cx<'_>, ty: Type) -> Type {
    match ty.kind() {
        Kind::Unpacked => {
            let (elements, variadic) = cx.unpack_argument(ty);
            cx.tuple_with(&elements, variadic)
        }
        Kind::ParamSpecPart => ty,
        _ => cx.tuple_of(ty),
    }
}

/// The type of `kwargs` within a function with `**kwargs: ty`.
pub fn inside_keywords(cx: &Cx<'_>, ty: Type) -> Type {
    match ty.kind() {
        Kind::ParamSpecPart => ty,
        Kind::Unpacked => cx.inner_of(ty),
        _ => {
            let string = cx.known_instance(Known::Str);
            cx.known_generic(Known::Dict, &[string, ty])
        }
    }
}

/// The type of `kwargs` whose annotation was spread into keyword parameters.
pub fn keyword_dict<'s>(
    region: &Region<'_, 's>,
    info: &FunctionInfo<'s>,
    kind: index::ParameterKind,
) -> Type {
    let cx = region.cx;
    if kind != index::ParameterKind::KeywordVariadic {
        return Type::UNKNOWN;
    }
    let id = DefinitionId::from_u32(info.definition.index);
    let DefinitionNode::Function(node) = region.nodes().definitions[id] else {
        return Type::UNKNOWN;
    };
    let Some(annotation) =
        node.parameters.kwarg.as_ref().and_then(|kwarg| kwarg.annotation.as_deref())
    else {
        return Type::UNKNOWN;
    };
    let outer = region.index.definitions[id].scope;
    let Some(around) = region.region_of(outer) else { return Type::UNKNOWN };
    around.in_scope(outer, || {
        around.quietly(|| {
            let context =
                Context { variadic: true, ..Context::of(around).binding(info.definition) };
            inside_keywords(cx, type_of(around, annotation, context))
        })
    })
}

/// Answers [`crate::types::Host::inferred_return`].
pub fn compute_return(cx: &Cx<'_>, function: DefRef) -> Type {
    returned(cx, function, false)
}

/// Answers [`crate::types::Host::result_of_given`].
pub fn compute_return_of_given(cx: &Cx<'_>, function: DefRef) -> Type {
    returned(cx, function, true)
}

fn returned(cx: &Cx<'_>, function: DefRef, is_given: bool) -> Type {
    let info = cx.host.function(cx, function);
    let index = cx.host.index(function.module);
    if cx.host.module(function.module).is_stub {
        return Type::UNKNOWN;
    }
    let id = DefinitionId::from_u32(function.index);
    let outer = index.definitions[id].scope;
    let ast = cx.host.ast(function.module);
    let DefinitionNode::Function(node) = ast.nodes().definitions[id] else { return Type::UNKNOWN };
    let Some(body) = index.scope_of_node(index.scopes[outer].region, node) else {
        return Type::UNKNOWN;
    };
    let is_empty = info.flags.intersects(FunctionFlags::STUB_BODY.union(FunctionFlags::ABSTRACT));
    let is_for_others = info.flags.contains(FunctionFlags::OVERLOAD)
        || info.class.is_some() && cx.holds(Policy::EmptyMethod);
    if is_empty && is_for_others {
        return Type::UNKNOWN;
    }
    let tree = LazyTree::of(Arc::clone(&ast));
    let mode = Mode::GIVEN.only_if(is_given);
    let region = Region::new(cx, function.module, &tree, body).in_mode_from_now(mode);
    region.quietly(|| {
        let result = body_result(&region, body, &*info.name == "__getattr__");
        let result = if cx.holds(Policy::UnsureContents) { cx.softened(result) } else { result };
        let result = cx.limited(result);
        let result = super::recursive::settled(cx, info.class, node, result);
        if info.flags.contains(FunctionFlags::GENERATOR) {
            let yielded = super::generator::yielded_type(&region, body);
            return if info.flags.contains(FunctionFlags::ASYNC) {
                cx.known_generic(Known::AsyncGenerator, &[yielded, Type::UNKNOWN])
            } else {
                cx.known_generic(Known::Generator, &[yielded, Type::UNKNOWN, result])
            };
        }
        if info.flags.contains(FunctionFlags::ASYNC) {
            return cx.known_generic(Known::CoroutineType, &[Type::UNKNOWN, Type::UNKNOWN, result]);
        }
        result
    })
}

/// The union of what the `return` statements of a body give, and `None` where its end is reached.
/// Every attribute goes through `__getattr__`: what one `return` makes of some of them says nothing
/// of the others, and stays unknown where it may be `Any`.
fn body_result(region: &Region<'_, '_>, body: ScopeId, is_getter: bool) -> Type {
    let cx = region.cx;
    let scope = &region.index.scopes[body];
    let mut results = Vec::new();
    for (stmt, &(_, reach)) in region.nodes().returns(body).iter().zip(&scope.returns) {
        if !is_reachable(region, reach) {
            continue;
        }
        let ty = match &stmt.value {
            Some(value) => expr::infer(region, value, None),
            None => Type::NONE,
        };
        let is_any = is_getter
            && cx.holds(Policy::GetterResult)
            && cx.members(ty).iter().any(|member| member.is(Type::ANY));
        results.push(if is_any { Type::UNKNOWN } else { ty });
    }
    if is_reachable(region, scope.end_reach) {
        results.push(Type::NONE);
    }
    without_mark(cx, cx.union(results))
}

/// A result without `object` where it may be anything else too. It comes from `default=object()`, the
/// mark for an argument that is not given: who gives one gets that back.
fn without_mark(cx: &Cx<'_>, ty: Type) -> Type {
    if cx.holds(Policy::ObjectMark) && ty.kind() == Kind::Union && cx.has_dynamic_member(ty) {
        return cx.filter_union(ty, |member| !cx.same(member, cx.object()));
    }
    ty
}
