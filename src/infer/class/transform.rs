//! `dataclass_transform`: where a class gets its dataclass behaviour from besides `@dataclass`.
//! Source: typing spec, "The `dataclass_transform` decorator".

use ruff_python_ast::{Arguments, Decorator, Expr, ExprCall};

use super::{bool_keyword, known_function};
use crate::index::{DefinitionId, DefinitionNode};
use crate::infer::expr::infer;
use crate::infer::library;
use crate::infer::region::{Region, with_region};
use crate::types::{ClassRef, Cx, DataclassOptions, DefRef, KnownFunction, Type};

/// A `dataclass_transform` as written: the options, and the functions that specify fields.
#[derive(Debug, Clone)]
pub(super) struct Transform {
    pub options: DataclassOptions,
    pub specifiers: Vec<Type>,
}

/// The transform that the decorators of a function (any of its overloads) or class say.
pub(super) fn of_definition(cx: &Cx<'_>, definition: DefRef) -> Option<Transform> {
    let index = cx.host.index(definition.module);
    let entry = &index.definitions[DefinitionId::from_u32(definition.index)];
    let scope = entry.scope;
    let all = &index.scopes[scope].place(entry.place).definitions;
    with_region(cx, definition.module, scope, |region| {
        let own = DefinitionId::from_u32(definition.index);
        let overloads = all.iter().copied().filter(|&each| each != own);
        std::iter::once(own).chain(overloads).find_map(|each| {
            let decorators: &[Decorator] = match region.nodes().definitions[each] {
                DefinitionNode::Function(function) => &function.decorator_list,
                DefinitionNode::Class(class) if each == own => &class.decorator_list,
                _ => return None,
            };
            let found =
                region.quietly(|| region.in_scope(scope, || of_decorators(region, decorators)));
            found.map(|transform| Transform {
                options: library::model_of_module(
                    &cx.host.module(definition.module).name,
                    transform.options,
                ),
                ..transform
            })
        })
    })
}

fn of_decorators(region: &Region<'_, '_>, decorators: &[Decorator]) -> Option<Transform> {
    decorators.iter().find_map(|decorator| {
        let Expr::Call(call) = &decorator.expression else { return None };
        let callee = infer(region, &call.func, None);
        (known_function(region.cx, callee) == Some(KnownFunction::DataclassTransform))
            .then(|| read(region, call))
    })
}

pub(super) fn read(region: &Region<'_, '_>, call: &ExprCall) -> Transform {
    let mut options = DataclassOptions::TRANSFORM
        .union(DataclassOptions::INIT)
        .union(DataclassOptions::MATCH_ARGS)
        .union(DataclassOptions::REPR);
    let defaults = [
        ("eq_default", true, DataclassOptions::EQ),
        ("order_default", false, DataclassOptions::ORDER.union(DataclassOptions::ORDER_DEFAULT)),
        (
            "kw_only_default",
            false,
            DataclassOptions::KW_ONLY.union(DataclassOptions::KW_ONLY_DEFAULT),
        ),
        ("frozen_default", false, DataclassOptions::FROZEN.union(DataclassOptions::FROZEN_DEFAULT)),
    ];
    for (name, default, option) in defaults {
        if bool_keyword(&call.arguments, name).unwrap_or(default) {
            options.insert(option);
        }
    }
    let specifiers = match call.arguments.find_keyword("field_specifiers").map(|k| &k.value) {
        Some(Expr::Tuple(tuple)) => {
            tuple.elts.iter().map(|element| infer(region, element, None)).collect()
        }
        Some(Expr::List(list)) => {
            list.elts.iter().map(|element| infer(region, element, None)).collect()
        }
        _ => Vec::new(),
    };
    Transform { options, specifiers }
}

/// `options` changed by the arguments of a decorator call or of a class statement.
pub(super) fn with_arguments(
    mut options: DataclassOptions,
    arguments: &Arguments,
) -> DataclassOptions {
    let keywords = [
        ("init", DataclassOptions::INIT),
        ("eq", DataclassOptions::EQ),
        ("order", DataclassOptions::ORDER),
        ("frozen", DataclassOptions::FROZEN),
        ("kw_only", DataclassOptions::KW_ONLY),
        ("slots", DataclassOptions::SLOTS),
        ("unsafe_hash", DataclassOptions::UNSAFE_HASH),
        ("match_args", DataclassOptions::MATCH_ARGS),
        ("weakref_slot", DataclassOptions::WEAKREF_SLOT),
        ("repr", DataclassOptions::REPR),
    ];
    for (name, option) in keywords {
        match bool_keyword(arguments, name) {
            Some(true) => options.insert(option),
            Some(false) => options.remove(option),
            None => {}
        }
    }
    options
}

/// The field specifiers that hold for a class: those of the decorator, base or metaclass that
/// transforms it.
pub(super) fn specifiers(cx: &Cx<'_>, class: ClassRef) -> Vec<Type> {
    let from_decorator = super::open(cx, class, |region, source| {
        let super::Source::Statement { stmt, .. } = source else { return None };
        stmt.decorator_list.iter().find_map(|decorator| {
            let function = match &decorator.expression {
                Expr::Call(call) => &call.func,
                other => other,
            };
            // Decorators stand outside of the scope of the type parameters, which bases are in.
            let function = region.in_scope(region.region, || infer(region, function, None));
            of_definition(cx, function.as_function()?)
        })
    });
    if let Some(transform) = from_decorator {
        return transform.specifiers;
    }
    let info = cx.host.class(cx, class);
    let metas = info.metaclass.and_then(|meta| cx.info_of(meta));
    let bases = info.mro.iter().chain(metas.into_iter().flat_map(|meta| meta.mro.iter()));
    for entry in bases {
        let crate::types::MroEntry::Class(base, _) = *entry else { continue };
        if cx.host.class(cx, base).transform.is_none() {
            continue;
        }
        if let Some(transform) = of_definition(cx, base.definition()) {
            return transform.specifiers;
        }
    }
    Vec::new()
}
