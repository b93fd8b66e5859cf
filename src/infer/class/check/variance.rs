//! Declared variance against use: in bases, and in the methods of the class.
//! Source: typing spec, "Generics", "Variance".

use ruff_text_size::Ranged;

use super::Subject;
use crate::index::{DefinitionId, DefinitionNode};
use crate::infer::class::variance::{Use, uses};
use crate::policy::Policy;
use crate::rules;
use crate::types::{ClassFlags, Cx, DefRef, Kind, Type, TypeVarKind, Variance};

pub(super) fn check(subject: &Subject<'_, '_, '_>) {
    let cx = subject.region.cx;
    if subject.is(ClassFlags::PEP695) {
        return;
    }
    for &param in &subject.info.type_params {
        let Some(data) = cx.as_type_var(param) else { continue };
        if data.kind == TypeVarKind::SelfType {
            continue;
        }
        let Some(declared) = cx.host.type_var(cx, data.definition).variance else { continue };
        if matches!(declared, Variance::Covariant | Variance::Contravariant) {
            in_bases(subject, param, declared);
            in_methods(subject, param, declared);
        }
    }
}

const fn word(variance: Variance) -> &'static str {
    match variance {
        Variance::Covariant => "covariant",
        Variance::Contravariant => "contravariant",
        Variance::Invariant => "invariant",
        Variance::Bivariant => "bivariant",
    }
}

fn fits(used: Use, declared: Variance) -> bool {
    match declared {
        Variance::Covariant => !used.into,
        Variance::Contravariant => !used.out,
        Variance::Invariant | Variance::Bivariant => true,
    }
}

fn in_bases(subject: &Subject<'_, '_, '_>, param: Type, declared: Variance) {
    let region = subject.region;
    let cx = region.cx;
    for &base in &subject.info.bases {
        if fits(uses(cx, base, param), declared) {
            continue;
        }
        let name = cx.as_type_var(param).map_or("", |data| data.name);
        let shown = cx.display(cx.instance_of(base));
        region.report(
            subject.name_range(),
            rules::invalid_variance::invalid_variance_in_base(name, shown),
        );
    }
}

fn in_methods(subject: &Subject<'_, '_, '_>, param: Type, declared: Variance) {
    let region = subject.region;
    let cx = region.cx;
    for name in cx.host.class_member_names(cx, subject.class, false) {
        if matches!(name, "__init__" | "__new__" | "__init_subclass__")
            || is_private(name) && cx.holds(Policy::PrivateVariance)
        {
            continue;
        }
        let Some(place) = cx.host.class_member(cx, subject.class, name) else { continue };
        for function in functions(cx, place.ty) {
            check_function(subject, function, param, declared);
        }
    }
}

fn is_private(name: &str) -> bool {
    name.starts_with('_') && !name.ends_with("__")
}

fn functions(cx: &Cx<'_>, ty: Type) -> Vec<DefRef> {
    match ty.kind() {
        Kind::Function => ty.as_function().into_iter().collect(),
        Kind::Property => match *cx.payload(ty) {
            crate::types::Data::Property { getter, setter, .. } => {
                [getter, setter].into_iter().flatten().filter_map(Type::as_function).collect()
            }
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// A covariant variable may not be a parameter's type, a contravariant one no result. What is made of
/// the variable (`type[T]`, a callable) is left alone: such a method often only hands it on, and so
/// is `T | list[T]` where `T` itself may stand.
fn check_function(
    subject: &Subject<'_, '_, '_>,
    function: DefRef,
    param: Type,
    declared: Variance,
) {
    let region = subject.region;
    let cx = region.cx;
    let info = cx.host.function(cx, function);
    if info.class != Some(subject.class) {
        return;
    }
    let is_static = info.flags.contains(crate::types::FunctionFlags::STATIC_METHOD);
    let is_list = cx.as_type_var(param).is_some_and(|data| data.kind != TypeVarKind::TypeVar);
    let is_plain = |ty: Type| {
        is_list
            || !cx.holds(Policy::HandedOn)
            || cx.members(ty).iter().any(|member| cx.same(cx.expand_alias(member), param))
    };
    let mut parameters = info.signature.parameters.iter().skip(usize::from(!is_static));
    let misused = parameters.find(|parameter| {
        (is_list || declared == Variance::Covariant)
            && is_plain(parameter.ty)
            && !fits(uses(cx, parameter.ty, param).flipped(), declared)
    });
    let id = DefinitionId::from_u32(function.index);
    let node = match region.nodes().definitions[id] {
        DefinitionNode::Function(node) if function.module == region.module => node,
        _ => return,
    };
    let (position, annotation) = if let Some(misused) = misused {
        let parameter = node.parameters.iter().find(|each| each.name().id == misused.name);
        ("parameter types", parameter.and_then(|parameter| parameter.annotation()))
    } else if let Some(returns) = info.signature.returns
        && (is_list || declared == Variance::Contravariant)
        && !fits(uses(cx, returns, param), declared)
    {
        ("result types", node.returns.as_deref())
    } else {
        return;
    };
    let name = cx.as_type_var(param).map_or("", |data| data.name);
    region.report(
        annotation.map_or(info.name_range, Ranged::range),
        rules::invalid_variance::invalid_variance(word(declared), name, position),
    );
}
