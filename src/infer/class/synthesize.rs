//! Members that the language makes for a class: of dataclasses, named tuples, `NewType`s and enums.

use super::typed_dict_methods;
use crate::types::{
    ClassFlags, ClassInfo, ClassRef, Cx, DataclassOptions, Field, Known, MroEntry, Parameter,
    ParameterKind, PlaceType, Qualifiers, Signature, Type,
};

/// A signature under way.
pub(super) struct Builder<'c, 's> {
    cx: &'c Cx<'s>,
    parameters: Vec<Parameter<'s>>,
    type_params: Vec<Type>,
}

impl<'c, 's> Builder<'c, 's> {
    /// A method: the receiver comes first.
    pub fn method(cx: &'c Cx<'s>, receiver: &str) -> Self {
        let first = Parameter {
            name: cx.string(receiver),
            kind: ParameterKind::PositionalOnly,
            ty: Type::UNKNOWN,
            is_annotated: false,
            default: None,
        };
        Self { cx, parameters: vec![first], type_params: Vec::new() }
    }

    /// Adds a parameter.
    pub fn parameter(
        mut self,
        name: &str,
        kind: ParameterKind,
        ty: Type,
        default: Option<Type>,
    ) -> Self {
        let name = self.cx.string(name);
        self.parameters.push(Parameter { name, kind, ty, is_annotated: true, default });
        self
    }

    /// Adds a type variable that calls solve.
    pub fn type_param(mut self, type_var: Type) -> Self {
        self.type_params.push(type_var);
        self
    }

    /// The finished signature.
    pub fn returning(self, returns: Type) -> Signature<'s> {
        Signature {
            parameters: self.cx.slice(&self.parameters),
            returns: Some(returns),
            definition: None,
            type_params: if self.type_params.is_empty() {
                &[]
            } else {
                self.cx.slice(&self.type_params)
            },
            is_gradual: false,
        }
    }
}

fn method<'s>(cx: &Cx<'s>, signature: Signature<'s>) -> PlaceType {
    PlaceType::bound(cx.callable(&[signature]))
}

/// A synthesised member of a class that a statement makes.
pub(super) fn of_statement(cx: &Cx<'_>, class: ClassRef, name: &str) -> Option<PlaceType> {
    // Most lookups end here in vain: the name alone decides most of them.
    let is_dunder = name.starts_with('_');
    let info = cx.host.class(cx, class);
    if info.is(ClassFlags::TYPED_DICT) {
        return typed_dict_methods::member(cx, info, name);
    }
    if !is_dunder {
        return None;
    }
    if info.is(ClassFlags::NAMED_TUPLE)
        && let Some(place) = named_tuple(cx, info, name)
    {
        return Some(place);
    }
    if matches!(name, "__new__" | "__init__") && is_open_named_tuple(cx, info) {
        return Some(gradual(cx, if name == "__init__" { Type::NONE } else { Type::UNKNOWN }));
    }
    if let Some(options) = info.dataclass
        && let Some(place) = dataclass(cx, info, options, name)
    {
        return Some(place);
    }
    if info.is(ClassFlags::TOTAL_ORDERING) {
        return total_ordering(cx, class, name);
    }
    None
}

/// Whether a member called `name` is made for some classes that a statement makes: for what else is not written in
/// the class, the answer is known.
pub fn may_be_made(name: &str) -> bool {
    typed_dict_methods::NAMES.contains(&name)
        || name.starts_with('_')
            && matches!(
                name,
                "__init__"
                    | "__new__"
                    | "__eq__"
                    | "__lt__"
                    | "__le__"
                    | "__gt__"
                    | "__ge__"
                    | "__hash__"
                    | "__match_args__"
                    | "__replace__"
                    | "_replace"
                    | "_fields"
                    | "__dataclass_fields__"
                    | "__slots__"
            )
}

/// Whether members are made for a class that a statement makes.
pub fn has_made(info: &ClassInfo) -> bool {
    let flags = [ClassFlags::TYPED_DICT, ClassFlags::NAMED_TUPLE, ClassFlags::TOTAL_ORDERING];
    info.dataclass.is_some() || flags.into_iter().any(|flag| info.is(flag))
}

/// A member of a class that a call makes.
pub(super) fn of_call(cx: &Cx<'_>, class: ClassRef, name: &str) -> Option<PlaceType> {
    let info = cx.host.class(cx, class);
    if let Some(base) = info.new_type_base {
        // Of a ring nothing is known.
        return new_type(cx, if info.is_dynamic() { Type::UNKNOWN } else { base }, name);
    }
    if info.is(ClassFlags::TYPED_DICT) {
        return typed_dict_methods::member(cx, info, name);
    }
    if info.is(ClassFlags::ENUM) {
        let known = info.synthesized.as_ref()?.iter().any(|field| *field.name == *name);
        return known.then(|| PlaceType {
            qualifiers: Qualifiers::FINAL,
            ..PlaceType::bound(cx.enum_literal(class, name))
        });
    }
    if info.is(ClassFlags::NAMED_TUPLE) {
        let fields = cx.host.fields(cx, class);
        if let Some(field) = fields.iter().find(|field| *field.name == *name) {
            return Some(PlaceType {
                declared: Some(field.ty),
                qualifiers: Qualifiers::READ_ONLY,
                ..PlaceType::bound(field.ty)
            });
        }
        return named_tuple(cx, info, name);
    }
    None
}

fn new_type(cx: &Cx<'_>, base: Type, name: &str) -> Option<PlaceType> {
    let receiver = match name {
        "__init__" => "self",
        "__new__" => "cls",
        _ => return None,
    };
    let signature =
        Builder::method(cx, receiver).parameter("item", ParameterKind::PositionalOnly, base, None);
    let returns = if name == "__init__" { Type::NONE } else { Type::UNKNOWN };
    Some(method(cx, signature.returning(returns)))
}

fn gradual(cx: &Cx<'_>, returns: Type) -> PlaceType {
    method(cx, cx.gradual_signature(returns))
}

/// Whether a call made a named tuple of fields that are not written there.
fn is_open_named_tuple(cx: &Cx<'_>, info: &ClassInfo) -> bool {
    let base = info.mro.get(1);
    info.is(ClassFlags::DYNAMIC_MEMBERS)
        && matches!(base, Some(&MroEntry::Class(base, _)) if cx.is_known(base, Known::NamedTuple))
}

fn names_tuple<'f>(cx: &Cx<'_>, fields: impl Iterator<Item = &'f Field>) -> PlaceType {
    let names: Vec<Type> = fields.map(|field| cx.str_literal(&field.name)).collect();
    PlaceType { qualifiers: Qualifiers::CLASS_VAR, ..PlaceType::bound(cx.tuple(&names)) }
}

fn named_tuple(cx: &Cx<'_>, info: &ClassInfo, name: &str) -> Option<PlaceType> {
    let own = cx.self_type(info.class);
    let fields = || cx.host.fields(cx, info.class);
    let default = |field: &Field| field.has_default.then_some(Type::UNKNOWN);
    Some(match name {
        "__new__" => {
            let mut builder = Builder::method(cx, "cls");
            for field in fields() {
                let kind = ParameterKind::Standard;
                builder = builder.parameter(&field.name, kind, field.ty, default(field));
            }
            method(cx, builder.returning(Type::UNKNOWN))
        }
        // `typing.NamedTuple.__init__` is that of the functional form.
        "__init__" => gradual(cx, Type::NONE),
        "_replace" | "__replace__" => {
            let mut builder = Builder::method(cx, "self");
            for field in fields() {
                let kind = ParameterKind::KeywordOnly;
                builder = builder.parameter(&field.name, kind, field.ty, Some(Type::UNKNOWN));
            }
            method(cx, builder.returning(own))
        }
        "__match_args__" | "_fields" => names_tuple(cx, fields().iter()),
        _ => return None,
    })
}

fn dataclass(
    cx: &Cx<'_>,
    info: &ClassInfo,
    options: DataclassOptions,
    name: &str,
) -> Option<PlaceType> {
    let has = |option| options.contains(option);
    match name {
        "__init__" if has(DataclassOptions::INIT) => Some(init(cx, info, options)),
        "__eq__" if has(DataclassOptions::EQ) => {
            let builder = Builder::method(cx, "self");
            let kind = ParameterKind::PositionalOnly;
            let builder = builder.parameter("value", kind, cx.object(), None);
            Some(method(cx, builder.returning(cx.known_instance(Known::Bool))))
        }
        "__lt__" | "__le__" | "__gt__" | "__ge__" if has(DataclassOptions::ORDER) => {
            let builder = Builder::method(cx, "self");
            let kind = ParameterKind::PositionalOnly;
            let own = cx.identity_instance(info.class);
            let builder = builder.parameter("other", kind, own, None);
            Some(method(cx, builder.returning(cx.known_instance(Known::Bool))))
        }
        "__match_args__" if has(DataclassOptions::MATCH_ARGS) => {
            let fields = cx.host.fields(cx, info.class);
            Some(names_tuple(cx, fields.iter().filter(|field| field.init && !field.kw_only)))
        }
        "__hash__" if has(DataclassOptions::UNSAFE_HASH) => Some(hash(cx)),
        "__hash__" if has(DataclassOptions::EQ) && !has(DataclassOptions::TRANSFORM) => {
            if has(DataclassOptions::FROZEN) {
                return Some(hash(cx));
            }
            // An explicit `__eq__` keeps `@dataclass` from making one, but Python then does the same.
            Some(PlaceType::bound(Type::NONE))
        }
        // A method since Python 3.13, and before it what `dataclasses.replace` takes.
        "__replace__" => Some(replace(cx, info)),
        "__dataclass_fields__" => {
            let field = cx.known_generic(Known::DataclassField, &[Type::ANY]);
            let text = cx.known_instance(Known::Str);
            let ty = cx.known_generic(Known::Dict, &[text, field]);
            let qualifiers = Qualifiers::CLASS_VAR;
            Some(PlaceType { qualifiers, declared: Some(ty), ..PlaceType::bound(ty) })
        }
        "__slots__" if has(DataclassOptions::SLOTS) => {
            let fields = cx.host.fields(cx, info.class);
            let own = fields.iter().filter(|field| field.class == Some(info.class));
            Some(names_tuple(cx, own.filter(|field| !field.is_init_var)))
        }
        _ => None,
    }
}

fn hash(cx: &Cx<'_>) -> PlaceType {
    method(cx, Builder::method(cx, "self").returning(cx.known_instance(Known::Int)))
}

fn init(cx: &Cx<'_>, info: &ClassInfo, options: DataclassOptions) -> PlaceType {
    let unknown = DataclassOptions::OPEN.union(DataclassOptions::BY_NAME);
    let unknown = unknown.union(DataclassOptions::OPTIONAL);
    if info.is_dynamic() || options.contains(unknown) {
        return gradual(cx, Type::NONE);
    }
    let fields = cx.host.fields(cx, info.class);
    let mut builder = Builder::method(cx, "self");
    let taken =
        |kw_only: bool| fields.iter().filter(move |field| field.init && field.kw_only == kw_only);
    for (kw_only, kind) in [(false, ParameterKind::Standard), (true, ParameterKind::KeywordOnly)] {
        for field in taken(kw_only).filter(|field| !field.is_renamed) {
            let name = field.alias.as_deref().unwrap_or(&field.name);
            let by_both = field.alias.is_some() && options.contains(DataclassOptions::BY_NAME);
            let is_optional =
                field.has_default || by_both || options.contains(DataclassOptions::OPTIONAL);
            let default = is_optional.then(|| field.default.unwrap_or(Type::UNKNOWN));
            let ty = field.init_type.unwrap_or(field.ty);
            builder = builder.parameter(name, kind, ty, default);
            if by_both {
                builder = builder.parameter(&field.name, kind, ty, default);
            }
        }
    }
    if options.contains(DataclassOptions::OPEN) || fields.iter().any(|field| field.is_renamed) {
        builder = builder.parameter("others", ParameterKind::Keywords, Type::UNKNOWN, None);
    }
    method(cx, builder.returning(Type::NONE))
}

fn replace(cx: &Cx<'_>, info: &ClassInfo) -> PlaceType {
    let mut builder = Builder::method(cx, "self");
    for field in cx.host.fields(cx, info.class).iter().filter(|field| field.init) {
        let name = field.alias.as_deref().unwrap_or(&field.name);
        let ty = field.init_type.unwrap_or(field.ty);
        let default = (!field.is_init_var || field.has_default).then_some(Type::UNKNOWN);
        builder = builder.parameter(name, ParameterKind::KeywordOnly, ty, default);
    }
    method(cx, builder.returning(cx.self_type(info.class)))
}

/// What `functools.total_ordering` adds: the other comparisons, with the signature of the given one.
fn total_ordering(cx: &Cx<'_>, class: ClassRef, name: &str) -> Option<PlaceType> {
    const COMPARISONS: [&str; 4] = ["__lt__", "__le__", "__gt__", "__ge__"];
    if !COMPARISONS.contains(&name) {
        return None;
    }
    let has_own = |entry: &MroEntry| match *entry {
        MroEntry::Class(base, _) => {
            base != class
                && !cx.is_known(base, Known::Object)
                && cx.host.class_member(cx, base, name).is_some()
        }
        MroEntry::Dynamic(_) => false,
    };
    // What a base has, the decorator leaves alone.
    if cx.host.class(cx, class).mro.iter().any(has_own) {
        return None;
    }
    // One that is inherited is enough.
    let place = cx.host.class(cx, class).mro.iter().find_map(|entry| {
        let MroEntry::Class(base, _) = *entry else { return None };
        let names = cx.host.class_member_names(cx, base, false);
        let root = COMPARISONS.into_iter().find(|root| names.contains(root))?;
        cx.host.class_member(cx, base, root)
    })?;
    Some(PlaceType { definition: None, ..place })
}
