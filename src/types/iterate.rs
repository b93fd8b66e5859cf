//! Protocols of the language's statements: iteration, awaiting, context managers, truth.

use super::{Cx, Kind, Known, Type, TypeVarKind};
use crate::policy::Policy;

/// Whether a value counts as true.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Truth {
    Always,
    Never,
    Either,
}

impl<'s> Cx<'s> {
    /// The type of the elements of an iterable; `None` when it is not one.
    pub fn iterate(&self, ty: Type) -> Option<Type> {
        match ty.kind() {
            _ if ty.is_dynamic() || ty.is_never() => Some(ty),
            Kind::Union => {
                let mut elements = Vec::new();
                for member in self.members(ty).iter() {
                    elements.push(self.iterate(member)?);
                }
                Some(self.union(elements))
            }
            Kind::Alias => self.iterate(self.expand_alias(ty)),
            Kind::Tuple => Some(self.tuple_element_union(ty)),
            Kind::LiteralString => Some(Type::LITERAL_STRING),
            Kind::Str => Some(self.known_instance(Known::Str)),
            Kind::TypeVar
                if self.as_type_var(ty).is_some_and(|d| d.kind == TypeVarKind::TypeVarTuple) =>
            {
                Some(self.object())
            }
            Kind::Instance | Kind::Generic
                if self.host.known(self, Known::Tuple).is_some_and(|tuple| {
                    self.info_of(ty).is_some_and(|info| info.inherits(tuple))
                }) && self.tuple_shape(ty).is_some_and(|s| s.fixed_len().is_some()) =>
            {
                let shape = self.tuple_shape(ty)?;
                Some(self.union(shape.elements.to_vec()))
            }
            _ => match self.container_arguments(ty) {
                Some(arguments) => arguments.first().copied(),
                None => self.iterate_protocol(ty),
            },
        }
    }

    /// The type arguments of a list, set or dict: what their methods say follows from them. A subclass may say more.
    pub(super) fn container_arguments(&self, ty: Type) -> Option<&'s [Type]> {
        const CONTAINERS: [Known; 4] = [Known::List, Known::Dict, Known::Set, Known::FrozenSet];
        let class = self.class_of(ty).filter(|_| ty.kind() == Kind::Generic)?;
        let is_container = CONTAINERS.iter().any(|known| self.is_known(class, *known));
        is_container.then(|| self.arguments_of(ty))
    }

    fn iterate_protocol(&self, ty: Type) -> Option<Type> {
        if let Some(method) = self.dunder(ty, "__iter__") {
            let iterator = self.call_with(method, &[])?;
            return self.call_dunder(iterator, "__next__", &[]);
        }
        // The old protocol: `__getitem__` with integers from zero.
        let index = self.known_instance(Known::Int);
        let element = self.call_dunder(ty, "__getitem__", &[index])?;
        let is_inferred = || {
            let method = self.dunder(ty, "__getitem__").and_then(|method| self.signatures(method));
            let definition = method.and_then(|each| each.first()?.definition);
            definition.is_some_and(|function| {
                self.host.function(self, function).signature.returns.is_none()
            })
        };
        // What a body without annotations gives depends on what it is given: a slice, for one.
        let is_open =
            self.holds(Policy::ItemsByNumber) && element.kind() == Kind::Union && is_inferred();
        Some(if is_open { Type::UNKNOWN } else { element })
    }

    /// The type of the elements of an asynchronous iterable.
    pub fn iterate_async(&self, ty: Type) -> Option<Type> {
        if ty.kind() == Kind::Union {
            let mut elements = Vec::new();
            for member in self.members(ty).iter() {
                elements.push(self.iterate_async(member)?);
            }
            return Some(self.union(elements));
        }
        let iterator = self.call_dunder(ty, "__aiter__", &[])?;
        self.awaited(self.call_dunder(iterator, "__anext__", &[])?)
    }

    /// What `await` gives; `None` when the value cannot be awaited.
    pub fn awaited(&self, ty: Type) -> Option<Type> {
        match ty.kind() {
            _ if ty.is_dynamic() || ty.is_never() => Some(ty),
            Kind::Union => {
                let mut results = Vec::new();
                for member in self.members(ty).iter() {
                    results.push(self.awaited(member)?);
                }
                Some(self.union(results))
            }
            _ => {
                let generator = self.call_dunder(ty, "__await__", &[])?;
                Some(self.generator_return(generator))
            }
        }
    }

    /// What a generator returns: the value of `yield from`.
    pub fn generator_return(&self, ty: Type) -> Type {
        if ty.kind() == Kind::Union {
            return self.map_union(ty, |member| self.generator_return(member));
        }
        let Some(class) = self.host.known(self, Known::Generator) else { return Type::UNKNOWN };
        match self.as_super(ty, class) {
            Some(generator) => {
                self.arguments_of(generator).get(2).copied().unwrap_or(Type::UNKNOWN)
            }
            None if ty.is_dynamic() => ty,
            None => Type::UNKNOWN,
        }
    }

    /// Whether values of this type are true.
    pub fn truth(&self, ty: Type) -> Truth {
        match ty.kind() {
            Kind::None => Truth::Never,
            Kind::Bool => decided(ty.is(Type::TRUE)),
            Kind::Int => decided(ty.as_int() != Some(0)),
            Kind::Str => decided(self.as_str(ty).is_none_or(|text| !text.is_empty())),
            Kind::Bytes => match self.data(ty) {
                super::Data::Bytes(bytes) => decided(!bytes.is_empty()),
                _ => Truth::Either,
            },
            Kind::BigInt
            | Kind::Module
            | Kind::Function
            | Kind::Method
            | Kind::Special
            | Kind::Property
            | Kind::TypeVarValue => Truth::Always,
            Kind::Class | Kind::GenericClass => match self.info_of(ty) {
                Some(info) if info.metaclass.is_none() => Truth::Always,
                _ => Truth::Either,
            },
            Kind::Union => {
                let mut members =
                    self.members(ty).iter().map(|member| self.truth(member)).collect::<Vec<_>>();
                members.dedup();
                if members.len() == 1 { members[0] } else { Truth::Either }
            }
            Kind::Tuple => match self.as_tuple(ty) {
                Some(tuple) if tuple.elements.is_empty() => Truth::Never,
                Some(tuple) if tuple.variadic.is_none() || tuple.elements.len() > 1 => {
                    Truth::Always
                }
                _ => Truth::Either,
            },
            Kind::Instance | Kind::Generic | Kind::Enum => self.instance_truth(ty),
            Kind::Intersection => {
                let super::Data::Intersection(parts) = *self.data(ty) else { return Truth::Either };
                parts
                    .iter()
                    .filter(|part| part.kind() != Kind::Not)
                    .map(|&part| self.truth(part))
                    .find(|&truth| truth != Truth::Either)
                    .unwrap_or(Truth::Either)
            }
            _ => Truth::Either,
        }
    }

    fn instance_truth(&self, ty: Type) -> Truth {
        let instance = if ty.kind() == Kind::Enum { self.fallback_instance(ty) } else { ty };
        let Some(info) = self.info_of(instance) else { return Truth::Either };
        let class_object = Type::class(info.class);
        if info.is_dynamic() || info.is(super::ClassFlags::DYNAMIC_MEMBERS) {
            return Truth::Either;
        }
        if info.is(super::ClassFlags::TYPED_DICT) {
            // A key that must be there leaves no empty dictionary.
            let fields = self.host.fields(self, info.class);
            let is_full = fields.iter().any(|field| field.required);
            return if is_full { Truth::Always } else { Truth::Either };
        }
        match self.class_lookup_after(class_object, "__bool__", None, false) {
            Some(member) => {
                let returns = self
                    .signatures(member.place.ty)
                    .and_then(|each| each.first().and_then(|signature| signature.returns));
                match returns.and_then(Type::as_bool) {
                    Some(value) => decided(value),
                    None => Truth::Either,
                }
            }
            None if self.class_lookup_after(class_object, "__len__", None, false).is_some() => {
                Truth::Either
            }
            None if info.is(super::ClassFlags::FINAL) || ty.kind() == Kind::Enum => Truth::Always,
            None => Truth::Either,
        }
    }

    /// The part of `ty` that may be true (or false): what truthiness narrows to.
    pub fn narrow_truth(&self, ty: Type, positive: bool) -> Type {
        let ty = self.expand_alias(ty);
        let ty = match ty.kind() {
            Kind::Instance if ty.as_instance().is_some_and(|c| self.is_known(c, Known::Bool)) => {
                return Type::bool(positive);
            }
            _ => ty,
        };
        if ty.kind() == Kind::Union {
            return self.map_union(ty, |member| self.narrow_truth(member, positive));
        }
        match (self.truth(ty), positive) {
            (Truth::Always, false) | (Truth::Never, true) => Type::NEVER,
            (Truth::Either, _) => ty,
            _ => ty,
        }
    }

    /// The part of `ty` that is left where its value was found false: of `int`, `str` and `bytes`
    /// one value is.
    pub fn false_part(&self, ty: Type) -> Type {
        let part = self.narrow_truth(ty, false);
        self.map_union(part, |member| {
            let is = |known| member.as_instance().is_some_and(|class| self.is_known(class, known));
            if is(Known::Int) {
                Type::small_int(0).unwrap_or(member)
            } else if is(Known::Str) {
                self.str_literal("")
            } else if is(Known::Bytes) {
                self.bytes_literal(b"")
            } else {
                member
            }
        })
    }

    /// Whether a value of this class can be false although nothing says so: a subclass may.
    pub fn may_be_false(&self, ty: Type) -> bool {
        match ty.kind() {
            Kind::Instance | Kind::Generic => {
                let Some(info) = self.info_of(ty) else { return true };
                let class_object = Type::class(info.class);
                info.is_dynamic()
                    || self.class_lookup_after(class_object, "__bool__", None, false).is_some()
                    || self.class_lookup_after(class_object, "__len__", None, false).is_some()
            }
            _ => self.truth(ty) != Truth::Always,
        }
    }
}

const fn decided(value: bool) -> Truth {
    if value { Truth::Always } else { Truth::Never }
}
