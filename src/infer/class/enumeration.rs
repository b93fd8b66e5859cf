//! Enums: which names of the body are members, and what their values are.
//! Source: typing spec, "Enumerations", "Defining Members".

use ruff_python_ast::Expr;

use crate::index::{Definition, DefinitionId, DefinitionKind, DefinitionNode, PlaceId, ScopeId};
use crate::infer::expr::infer;
use crate::infer::flow::is_reachable;
use crate::infer::region::Region;
use crate::types::{ClassInfo, Cx, Field, Kind, Known, Type};

/// The members of an enum that a statement makes, in order; `region` is the class body.
pub(super) fn members(region: &Region<'_, '_>, info: &ClassInfo, body: ScopeId) -> Vec<Field> {
    let mut found: Vec<(DefinitionId, &str)> = Vec::new();
    let scope = &region.index.scopes[body];
    for place in &scope.places {
        if !place.expr.is_name() {
            continue;
        }
        if let Some(definition) = member_definition(region, body, &place.expr.root) {
            found.push((definition, &place.expr.root));
        }
    }
    found.sort_unstable_by_key(|entry| entry.0);
    let declared = declared_value(region, body);
    let custom_new = info.is_known_new(region.cx, body, region);
    let mut fields: Vec<Field> = Vec::new();
    for (definition, name) in found {
        let raw = value_of(region, definition);
        if !custom_new && is_alias(region, &fields, definition, raw) {
            continue;
        }
        let value = match declared {
            Some(declared) => declared,
            None if custom_new => Type::UNKNOWN,
            None => member_value(region.cx, info, &fields, name, raw),
        };
        let mut field = Field::new(name, value);
        field.range = region.index.definitions[definition].name_range;
        field.class = Some(info.class);
        fields.push(field);
    }
    fields
}

impl ClassInfo {
    /// Whether the enum, or a base of it outside `enum` and `builtins`, has a `__new__`.
    fn is_known_new(&self, cx: &Cx<'_>, body: ScopeId, region: &Region<'_, '_>) -> bool {
        if region.index.scopes[body].place_by_name("__new__").is_some() {
            return true;
        }
        self.mro.iter().skip(1).any(|entry| match *entry {
            crate::types::MroEntry::Class(class, _) => {
                let module = cx.host.module(class.module);
                !module.is_stub && cx.host.class_member(cx, class, "__new__").is_some()
            }
            crate::types::MroEntry::Dynamic(_) => true,
        })
    }
}

/// The type that `_value_` is declared with in the body.
pub(super) fn declared_value(region: &Region<'_, '_>, body: ScopeId) -> Option<Type> {
    let scope = &region.index.scopes[body];
    let place = scope.place(scope.place_by_name("_value_")?);
    place.definitions.iter().find_map(|&definition| {
        (region.index.definitions[definition].kind == DefinitionKind::AnnotatedAssignment)
            .then(|| region.definition_types(definition).declared)?
    })
}

/// The definition that makes `name` a member of the enum whose body this is.
pub(super) fn member_definition(
    region: &Region<'_, '_>,
    body: ScopeId,
    name: &str,
) -> Option<DefinitionId> {
    if is_reserved(name) || ignored(region, body).any(|ignored| ignored == name) {
        return None;
    }
    let scope = &region.index.scopes[body];
    let place: PlaceId = scope.place_by_name(name)?;
    let info = scope.place(place);
    if !info.is_bound() {
        return None;
    }
    let last = info
        .definitions
        .iter()
        .rev()
        .copied()
        .find(|&definition| is_reachable(region, region.index.definitions[definition].reach))?;
    let Definition { kind, category, .. } = region.index.definitions[last];
    let has_value = match kind {
        DefinitionKind::Assignment | DefinitionKind::Function => true,
        DefinitionKind::AnnotatedAssignment => {
            category.is_binding()
                && matches!(
                    region.nodes().definitions[last],
                    DefinitionNode::AnnotatedAssignment { stmt, .. } if stmt.value.is_some()
                )
        }
        DefinitionKind::Class => false,
        _ => false,
    };
    (has_value && is_member_value(region.cx, kind, value_of(region, last))).then_some(last)
}

fn is_reserved(name: &str) -> bool {
    let dunder = name.len() > 4 && name.starts_with("__") && name.ends_with("__");
    let private = name.starts_with("__") && !name.ends_with("__");
    let sunder = name.len() > 2 && name.starts_with('_') && name.ends_with('_');
    dunder || private || sunder
}

/// The names in `_ignore_`.
fn ignored<'a>(region: &Region<'a, '_>, body: ScopeId) -> impl Iterator<Item = &'a str> {
    let scope = &region.index.scopes[body];
    let definition = scope
        .place_by_name("_ignore_")
        .and_then(|place| scope.place(place).definitions.first().copied());
    let value = definition.and_then(|definition| match region.nodes().definitions[definition] {
        DefinitionNode::Assignment { stmt, .. } => Some(&*stmt.value),
        _ => None,
    });
    let texts: Vec<&str> = match value {
        Some(Expr::StringLiteral(text)) => {
            text.value.to_str().split([' ', ',']).filter(|word| !word.is_empty()).collect()
        }
        Some(Expr::List(list)) => list.elts.iter().filter_map(super::string_literal).collect(),
        Some(Expr::Tuple(tuple)) => tuple.elts.iter().filter_map(super::string_literal).collect(),
        _ => Vec::new(),
    };
    texts.into_iter()
}

/// What the body binds the name to; the declared type does not matter here.
fn value_of(region: &Region<'_, '_>, definition: DefinitionId) -> Type {
    match region.nodes().definitions[definition] {
        DefinitionNode::Assignment { stmt, target, top_target }
            if std::ptr::eq(target, top_target) =>
        {
            region.quietly(|| infer(region, &stmt.value, None))
        }
        DefinitionNode::AnnotatedAssignment { stmt, .. } => match &stmt.value {
            Some(value) => region.quietly(|| infer(region, value, None)),
            None => Type::UNKNOWN,
        },
        _ => region.definition_types(definition).bound.unwrap_or(Type::UNKNOWN),
    }
}

fn is_member_value(cx: &Cx<'_>, kind: DefinitionKind, value: Type) -> bool {
    let is = |known| {
        cx.class_of(value).is_some_and(|class| cx.is_known(class, known))
            && matches!(value.kind(), Kind::Instance | Kind::Generic)
    };
    if is(Known::EnumMember) {
        return true;
    }
    if kind == DefinitionKind::Function || is(Known::EnumNonMember) {
        return false;
    }
    if is(Known::StaticMethod) || is(Known::ClassMethod) {
        return false;
    }
    match value.kind() {
        Kind::Function | Kind::Method | Kind::Callable | Kind::Property => false,
        Kind::Instance | Kind::Generic => {
            // Descriptors are no members.
            let Some(class) = cx.class_of(value) else { return true };
            cx.class_lookup_after(cx.generic_class_of(value, class), "__get__", None, false)
                .is_none_or(|member| member.class.is_none())
        }
        _ => true,
    }
}

/// Whether a name stands for a member that is there already.
fn is_alias(
    region: &Region<'_, '_>,
    fields: &[Field],
    definition: DefinitionId,
    raw: Type,
) -> bool {
    if let DefinitionNode::Assignment { stmt, .. } = region.nodes().definitions[definition]
        && let Expr::Name(name) = &*stmt.value
        && fields.iter().any(|field| *field.name == *name.id)
    {
        return true;
    }
    let is_literal =
        matches!(raw.kind(), Kind::Int | Kind::Str | Kind::Bytes | Kind::Bool | Kind::None);
    is_literal && fields.iter().any(|field| region.cx.same(field.ty, raw))
}

/// The member that the name of an alias stands for.
pub(super) fn canonical<'a>(
    region: &Region<'_, '_>,
    fields: &'a [Field],
    definition: DefinitionId,
    name: &'a str,
) -> &'a str {
    if fields.iter().any(|field| *field.name == *name) {
        return name;
    }
    if let DefinitionNode::Assignment { stmt, .. } = region.nodes().definitions[definition]
        && let Expr::Name(target) = &*stmt.value
        && let Some(field) = fields.iter().find(|field| *field.name == *target.id)
    {
        return &field.name;
    }
    let raw = value_of(region, definition);
    fields.iter().find(|field| region.cx.same(field.ty, raw)).map_or(name, |field| &field.name)
}

/// The value of a member: what is assigned, with `auto()`, `member()` and `...` seen through.
fn member_value(cx: &Cx<'_>, info: &ClassInfo, before: &[Field], name: &str, raw: Type) -> Type {
    let is = |known| {
        matches!(raw.kind(), Kind::Instance | Kind::Generic)
            && cx.class_of(raw).is_some_and(|class| cx.is_known(class, known))
    };
    if is(Known::EnumMember) {
        return cx.arguments_of(raw).first().copied().unwrap_or(Type::UNKNOWN);
    }
    if is(Known::EllipsisType) && cx.host.module(info.class.module).is_stub {
        return Type::UNKNOWN;
    }
    if is(Known::EnumAuto) {
        return auto_value(cx, info, before, name);
    }
    raw
}

fn auto_value(cx: &Cx<'_>, info: &ClassInfo, before: &[Field], name: &str) -> Type {
    let inherits = |known| cx.host.known(cx, known).is_some_and(|class| info.inherits(class));
    let class_object = Type::class(info.class);
    let custom = cx.class_lookup_after(class_object, "_generate_next_value_", None, false);
    if let Some(member) = custom
        && member.class.is_none_or(|class| &*cx.host.module(class.module).name != "enum")
    {
        let returns = cx
            .signatures(member.place.ty)
            .and_then(|signatures| signatures.first().and_then(|first| first.returns));
        return returns.unwrap_or(Type::UNKNOWN);
    }
    if inherits(Known::StrEnum) {
        return cx.str_literal(&name.to_lowercase());
    }
    let last = before.iter().rev().find_map(|field| field.ty.as_int());
    if inherits(Known::Flag) {
        let highest = before.iter().filter_map(|field| field.ty.as_int()).max();
        let next = match highest {
            None if before.is_empty() => Some(1),
            Some(highest) if highest > 0 && highest < 1 << 50 => {
                Some(1i64 << (64 - highest.leading_zeros()))
            }
            _ => None,
        };
        return next.map_or_else(|| cx.known_instance(Known::Int), |next| cx.int_literal(next));
    }
    match last {
        None if before.is_empty() => cx.int_literal(1),
        Some(last) => match last.checked_add(1) {
            Some(next) => cx.int_literal(next),
            None => cx.known_instance(Known::Int),
        },
        None => cx.known_instance(Known::Int),
    }
}
