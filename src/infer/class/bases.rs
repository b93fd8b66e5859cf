//! [`ClassInfo`] of a class: bases, MRO, metaclass, flags.
//! Source: Python reference, "Class definitions"; typing spec, "Class type assignability".

use ruff_python_ast::{Arguments, Expr, StmtClassDef};

use super::decorators::{self, Decorations};
use super::{Source, bool_keyword, functional, open};
use crate::index::{DefinitionId, DefinitionKind, DefinitionNode, ScopeId};
use crate::infer::annotation::{Context, annotation};
use crate::infer::expr::infer;
use crate::infer::library;
use crate::infer::region::{Mode, Region};
use crate::types::{
    ClassFlags, ClassInfo, ClassRef, Cx, Data, Kind, Known, MroEntry, Qualifiers, SpecialForm, Type,
};

/// A base as the class has it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Base {
    /// A class object or a dynamic type.
    Class(Type),
    /// A tuple with its shape.
    Tuple(Type),
    Generic,
    Protocol,
    TypedDict,
    /// No class at all.
    Invalid,
}

/// The facts about a class.
pub fn compute_class(cx: &Cx<'_>, class: ClassRef) -> ClassInfo {
    open(cx, class, |region, source| match source {
        Source::Statement { stmt, body } => of_statement(region, class, stmt, body),
        Source::Call { call, name } => functional::of_call(region, class, call, name),
        Source::Unknown => {
            let mut info = empty_class(class, "", ruff_text_size::TextRange::default());
            info.flags.insert(ClassFlags::DYNAMIC_MEMBERS);
            finish(cx, info, &[Base::Class(Type::UNKNOWN)], None)
        }
    })
}

/// A class of which nothing is known yet.
pub fn empty_class(
    class: ClassRef,
    name: impl Into<Box<str>>,
    name_range: ruff_text_size::TextRange,
) -> ClassInfo {
    ClassInfo {
        class,
        name: name.into(),
        name_range,
        flags: ClassFlags::empty(),
        type_params: Box::default(),
        bases: Box::default(),
        mro: Box::default(),
        metaclass: None,
        mro_error: None,
        dataclass: None,
        transform: None,
        synthesized: None,
        tuple_base: None,
        new_type_base: None,
        deprecated: None,
        extra_items: None,
    }
}

fn of_statement(
    region: &Region<'_, '_>,
    class: ClassRef,
    stmt: &StmtClassDef,
    body: ScopeId,
) -> ClassInfo {
    let cx = region.cx;
    let mut info = empty_class(class, stmt.name.as_str(), stmt.name.range);
    info.type_params = cx.host.type_params(cx, class).into();
    if stmt.type_params.is_some() {
        info.flags.insert(ClassFlags::PEP695);
    }
    let bases: Vec<Base> =
        stmt.bases().iter().map(|base| base_of(region, class, &info.type_params, base)).collect();
    if info.type_params.is_empty() || stmt.type_params.is_none() {
        let has_unknown = |base: &Expr| match base {
            Expr::Subscript(base) => is_partly_unknown(region, &base.slice),
            _ => false,
        };
        info.flags.set(ClassFlags::OPEN_PARAMETERS, stmt.bases().iter().any(has_unknown));
    }
    let explicit =
        stmt.arguments.as_deref().and_then(|arguments| arguments.find_keyword("metaclass"));
    let metaclass = explicit.map(|keyword| {
        let value = infer(region, &keyword.value, None);
        match value.kind() {
            Kind::Class | Kind::GenericClass => value,
            _ => Type::UNKNOWN,
        }
    });
    // Decorators stand outside of the scope of the type parameters, which bases are in.
    let read = || decorators::read(region, stmt);
    let Decorations { flags, deprecated, dataclass, transform } =
        region.in_scope(region.region, read);
    info.flags.insert(flags);
    info.deprecated = deprecated;
    if has_slots(region, body) {
        info.flags.insert(ClassFlags::SLOTS);
    }
    let mut info = finish(cx, info, &bases, metaclass);
    if info.is(ClassFlags::TYPED_DICT) {
        typed_dict_options(region, &mut info, stmt);
    }
    // Transforms come from the decorator, then from bases and the metaclass.
    let inherited = inherited_transform(cx, &info);
    info.dataclass = dataclass.or_else(|| {
        let arguments = stmt.arguments.as_deref();
        let options = inherited?;
        Some(match arguments {
            Some(arguments) => super::transform::with_arguments(options, arguments),
            None => options,
        })
    });
    info.dataclass = info.dataclass.map(|own| library::configured(cx, &info, stmt, own));
    if library::is_untyped_model(cx, &info) {
        info.flags.insert(ClassFlags::DYNAMIC_MEMBERS);
    }
    info.transform = transform.map(|transform| transform.options).or(inherited_by_bases(cx, &info));
    if let Some(options) = info.dataclass {
        info.flags.insert(ClassFlags::DATACLASS);
        if options.contains(crate::types::DataclassOptions::SLOTS)
            && stmt.body.iter().any(ruff_python_ast::Stmt::is_ann_assign_stmt)
        {
            info.flags.insert(ClassFlags::SLOTS);
        }
    }
    info
}

/// Whether one of the arguments of a base is not known: an import that does not resolve.
fn is_partly_unknown(region: &Region<'_, '_>, slice: &Expr) -> bool {
    let elements = match slice {
        Expr::Tuple(tuple) => tuple.elts.as_slice(),
        one => std::slice::from_ref(one),
    };
    elements.iter().any(|element| {
        matches!(element, Expr::Name(_) | Expr::Attribute(_))
            && region.quietly(|| infer(region, element, None)).is_unknown()
    })
}

/// The transform that makes a class itself a dataclass: of a base, or of the metaclass.
fn inherited_transform(cx: &Cx<'_>, info: &ClassInfo) -> Option<crate::types::DataclassOptions> {
    inherited_by_bases(cx, info).or_else(|| cx.info_of(info.metaclass?)?.transform)
}

fn inherited_by_bases(cx: &Cx<'_>, info: &ClassInfo) -> Option<crate::types::DataclassOptions> {
    info.bases.iter().find_map(|&base| cx.info_of(base)?.transform)
}

/// Fills in bases, MRO, metaclass and the flags that follow from them.
pub(super) fn finish(
    cx: &Cx<'_>,
    mut info: ClassInfo,
    bases: &[Base],
    explicit_meta: Option<Type>,
) -> ClassInfo {
    let mut types = Vec::new();
    for &base in bases {
        match base {
            Base::Class(ty) => {
                if ty.as_class().is_some_and(|c| {
                    cx.is_known(c, Known::NamedTuple) || cx.is_known(c, Known::ExtNamedTuple)
                }) {
                    info.flags.insert(ClassFlags::NAMED_TUPLE);
                }
                types.push(ty);
            }
            Base::Tuple(shape) => {
                info.tuple_base = Some(shape);
                types.push(match cx.host.known(cx, Known::Tuple) {
                    Some(tuple) => cx.generic_class(tuple, &[cx.tuple_element_union(shape)]),
                    None => Type::UNKNOWN,
                });
            }
            Base::TypedDict => {
                info.flags.insert(ClassFlags::TYPED_DICT);
                let fallback = cx.host.known(cx, Known::TypedDictFallback);
                types.push(fallback.map_or(Type::UNKNOWN, Type::class));
            }
            Base::Protocol => info.flags.insert(ClassFlags::PROTOCOL),
            Base::Generic => {}
            Base::Invalid => types.push(Type::UNKNOWN),
        }
    }
    let own = cx.generic_class(info.class, &info.type_params);
    let (mro, mro_error) = cx.linearise(info.class, own, &types);
    if mro.iter().any(|entry| matches!(entry, MroEntry::Dynamic(_))) {
        info.flags.insert(ClassFlags::DYNAMIC_MRO);
    }
    info.metaclass = metaclass(cx, &mut info.flags, &types, explicit_meta);
    inherit_flags(cx, &mut info, &types);
    info.mro = mro.into();
    info.mro_error = mro_error;
    info.bases = types.into();
    info
}

fn inherit_flags(cx: &Cx<'_>, info: &mut ClassInfo, bases: &[Type]) {
    for &base in bases {
        let Some(base) = cx.info_of(base) else { continue };
        if base.is(ClassFlags::TYPED_DICT) {
            info.flags.insert(ClassFlags::TYPED_DICT);
            if base.is(ClassFlags::CLOSED) {
                info.flags.insert(ClassFlags::CLOSED);
            }
            if info.extra_items.is_none() && base.is(ClassFlags::EXTRA_READ_ONLY) {
                info.flags.insert(ClassFlags::EXTRA_READ_ONLY);
            }
            info.extra_items = info.extra_items.or(base.extra_items);
        }
        let inherited = ClassFlags::DYNAMIC_MEMBERS | ClassFlags::OPEN_SPECIAL;
        info.flags.insert(base.flags & inherited);
    }
    let is_enum = info.metaclass.is_some_and(|meta| is_enum_meta(cx, meta));
    if is_enum {
        info.flags.insert(ClassFlags::ENUM);
    }
}

/// Whether a metaclass is `EnumMeta` or inherits from it.
pub(super) fn is_enum_meta(cx: &Cx<'_>, meta: Type) -> bool {
    let Some(class) = meta.as_class() else { return false };
    cx.host
        .known(cx, Known::EnumMeta)
        .is_some_and(|known| class == known || cx.host.class(cx, class).inherits(known))
}

/// The most derived metaclass; `None` for `type`.
fn metaclass(
    cx: &Cx<'_>,
    flags: &mut ClassFlags,
    bases: &[Type],
    explicit: Option<Type>,
) -> Option<Type> {
    let is_type = |ty: Type| ty.as_class().is_some_and(|class| cx.is_known(class, Known::Type));
    let mut winner = explicit.filter(|&ty| !is_type(ty));
    for &base in bases {
        let Some(info) = cx.info_of(base) else {
            flags.insert(ClassFlags::METACLASS_DYNAMIC);
            continue;
        };
        if info.is(ClassFlags::METACLASS_DYNAMIC) {
            flags.insert(ClassFlags::METACLASS_DYNAMIC);
        }
        let Some(candidate) = info.metaclass else { continue };
        winner = match winner {
            None => Some(candidate),
            Some(current) => Some(more_derived(cx, current, candidate)),
        };
    }
    if winner.is_some_and(Type::is_dynamic) {
        flags.insert(ClassFlags::METACLASS_DYNAMIC);
    }
    winner
}

fn more_derived(cx: &Cx<'_>, current: Type, candidate: Type) -> Type {
    match (cx.class_of(current), cx.class_of(candidate)) {
        (Some(current_class), Some(candidate_class))
            if current_class != candidate_class
                && cx.host.class(cx, candidate_class).inherits(current_class) =>
        {
            candidate
        }
        _ => current,
    }
}

/// What an expression among the bases of a class means.
pub(super) fn base_of(
    region: &Region<'_, '_>,
    class: ClassRef,
    type_params: &[Type],
    expr: &Expr,
) -> Base {
    let cx = region.cx;
    match expr {
        Expr::Starred(_) => return Base::Class(Type::UNKNOWN),
        Expr::Call(call) => {
            let callee = infer(region, &call.func, None);
            if functional::maker(cx, callee, call).is_some() && !call.arguments.is_empty() {
                let made = ClassRef { index: class.index | ClassRef::IN_BASES, ..class };
                return Base::Class(Type::class(made));
            }
        }
        Expr::Subscript(subscript) => match infer(region, &subscript.value, None).as_special() {
            Some(SpecialForm::Generic) => return Base::Generic,
            Some(SpecialForm::Protocol) => return Base::Protocol,
            _ => {}
        },
        _ => {}
    }
    let value = region.in_mode(Mode::BASES, || infer(region, expr, None));
    bind_base(cx, class, type_params, base_of_value(cx, value))
}

/// Binds the type variables of a base to the class.
fn bind_base(cx: &Cx<'_>, class: ClassRef, type_params: &[Type], base: Base) -> Base {
    let definition_of = |ty| cx.as_type_var(ty).map(|data| data.definition);
    let bind = |ty: Type| {
        cx.bind_type_vars(ty, class.definition(), &|type_var| {
            type_params.iter().any(|&param| definition_of(param) == definition_of(type_var))
        })
    };
    match base {
        Base::Class(ty) => Base::Class(bind(ty)),
        Base::Tuple(ty) => Base::Tuple(bind(ty)),
        other => other,
    }
}

/// What a value among the bases of a class means.
pub(super) fn base_of_value(cx: &Cx<'_>, value: Type) -> Base {
    let known = |known| {
        let class = cx.host.known(cx, known);
        Base::Class(class.map_or(Type::UNKNOWN, Type::class))
    };
    match value.kind() {
        Kind::Class | Kind::GenericClass => Base::Class(value),
        Kind::TypeForm => match *cx.payload(value) {
            Data::TypeForm { ty } => base_of_instance(cx, ty),
            _ => Base::Invalid,
        },
        Kind::AliasValue => match *cx.payload(value) {
            // What a `type` statement makes is an object and no class.
            Data::Alias { definition, .. }
                if cx.host.index(definition.module).definitions
                    [DefinitionId::from_u32(definition.index)]
                .kind
                    == DefinitionKind::TypeAlias =>
            {
                Base::Invalid
            }
            Data::Alias { definition, arguments } => {
                base_of_instance(cx, cx.expand_alias(cx.alias(definition, arguments)))
            }
            _ => Base::Invalid,
        },
        Kind::SubclassOf => base_of_instance(cx, cx.inner_of(value)),
        Kind::Special => match value.as_special() {
            Some(SpecialForm::Generic) => Base::Generic,
            Some(SpecialForm::Protocol) => Base::Protocol,
            Some(SpecialForm::TypedDict) => Base::TypedDict,
            Some(SpecialForm::Any) => Base::Class(Type::ANY),
            Some(SpecialForm::Tuple) => known(Known::Tuple),
            Some(SpecialForm::Type) => known(Known::Type),
            Some(SpecialForm::List) => known(Known::List),
            Some(SpecialForm::Dict) => known(Known::Dict),
            Some(SpecialForm::Set) => known(Known::Set),
            Some(SpecialForm::FrozenSet) => known(Known::FrozenSet),
            Some(SpecialForm::DefaultDict) => known(Known::DefaultDict),
            Some(SpecialForm::OrderedDict) => known(Known::OrderedDict),
            Some(SpecialForm::Counter) => known(Known::Counter),
            Some(SpecialForm::Deque) => known(Known::Deque),
            Some(SpecialForm::ChainMap) => known(Known::ChainMap),
            _ => Base::Invalid,
        },
        Kind::Any | Kind::Unknown | Kind::Cycle => Base::Class(value),
        // What a metaclass makes is a class: which one is not known.
        Kind::Instance if is_metaclass(cx, value) => Base::Class(Type::UNKNOWN),
        Kind::Union => {
            let all_classes = cx
                .members(value)
                .iter()
                .all(|member| matches!(base_of_value(cx, member), Base::Class(_) | Base::Tuple(_)));
            if all_classes { Base::Class(Type::UNKNOWN) } else { Base::Invalid }
        }
        _ => Base::Invalid,
    }
}

/// Whether the instances of the class of `ty` are classes.
fn is_metaclass(cx: &Cx<'_>, ty: Type) -> bool {
    let Some(kind) = cx.host.known(cx, Known::Type) else { return false };
    ty.as_instance().is_some_and(|class| class == kind || cx.host.class(cx, class).inherits(kind))
}

/// The class object whose instance `ty` is.
pub(super) fn base_of_instance(cx: &Cx<'_>, ty: Type) -> Base {
    match ty.kind() {
        Kind::Tuple => Base::Tuple(ty),
        Kind::Instance | Kind::Generic => match cx.class_of(ty) {
            Some(class) => Base::Class(cx.generic_class_of(ty, class)),
            None => Base::Invalid,
        },
        Kind::Alias => base_of_instance(cx, cx.expand_alias(ty)),
        _ if ty.is_dynamic() => Base::Class(ty),
        _ => Base::Invalid,
    }
}

/// Whether the body has a `__slots__` that is not empty.
fn has_slots(region: &Region<'_, '_>, body: ScopeId) -> bool {
    let scope = &region.index.scopes[body];
    let Some(place) = scope.place_by_name("__slots__") else { return false };
    scope.place(place).definitions.iter().any(|&definition| {
        if region.index.definitions[definition].kind != DefinitionKind::Assignment {
            return false;
        }
        let DefinitionNode::Assignment { stmt, .. } = region.nodes().definitions[definition] else {
            return false;
        };
        match &*stmt.value {
            Expr::StringLiteral(_) => true,
            Expr::Tuple(tuple) => !tuple.elts.is_empty(),
            Expr::List(list) => !list.elts.is_empty(),
            Expr::Set(_) => true,
            Expr::Dict(dict) => !dict.items.is_empty(),
            _ => false,
        }
    })
}

/// `total`, `closed` and `extra_items` of a `TypedDict`. Source: PEP 728.
fn typed_dict_options(region: &Region<'_, '_>, info: &mut ClassInfo, stmt: &StmtClassDef) {
    let arguments = stmt.arguments.as_deref();
    let keyword = |name: &str| arguments.and_then(|arguments| bool_keyword(arguments, name));
    if keyword("total").unwrap_or(true) {
        info.flags.insert(ClassFlags::TOTAL);
    }
    match keyword("closed") {
        Some(true) => info.flags.insert(ClassFlags::CLOSED),
        Some(false) => info.flags.remove(ClassFlags::CLOSED),
        None => {}
    }
    if arguments.is_some_and(|arguments| extra_items(region, info, arguments)) {
        info.flags.remove(ClassFlags::CLOSED);
    }
}

/// `extra_items` of a `TypedDict` in either syntax; false where it is not given.
pub(super) fn extra_items(
    region: &Region<'_, '_>,
    info: &mut ClassInfo,
    arguments: &Arguments,
) -> bool {
    let Some(extra) = arguments.find_keyword("extra_items") else { return false };
    let context = Context::of(region).allowing(Qualifiers::READ_ONLY);
    let found = annotation(region, &extra.value, context);
    info.extra_items = Some(found.ty);
    if found.qualifiers.contains(Qualifiers::READ_ONLY) {
        info.flags.insert(ClassFlags::EXTRA_READ_ONLY);
    } else {
        info.flags.remove(ClassFlags::EXTRA_READ_ONLY);
    }
    true
}
