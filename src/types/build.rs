//! Making composite types: every one is simplified, fingerprinted, and written once an arena.

use rustc_hash::FxHashSet;

use super::union::UnionBuilder;
use super::{
    ClassRef, Cx, Data, DefRef, Kind, Known, MroEntry, Parameter, Signature, TupleData, Type,
    TypeVarData, TypeVarKind,
};
use crate::store::limits::{Limit, MAX_LITERALS, MAX_NESTING, MAX_PARTS, MAX_TUPLE};
use crate::store::{Fingerprint, Hasher, budget};

impl<'s> Cx<'s> {
    /// The payload of a composite type.
    pub fn data(&self, ty: Type) -> &'s Data<'s> {
        let handle = ty.handle();
        if handle.owner() == self.arena.number() {
            return self.arena.get(handle.index());
        }
        self.host.arena(handle.owner()).get(handle.index())
    }

    /// The fingerprint of any type.
    pub fn fingerprint(&self, ty: Type) -> Fingerprint {
        let handle = ty.handle();
        match ty.kind() {
            kind if kind >= Kind::Union && handle.owner() == self.arena.number() => {
                self.arena.fingerprint(handle.index())
            }
            kind if kind >= Kind::Union => {
                self.host.arena(handle.owner()).fingerprint(handle.index())
            }
            Kind::Class | Kind::Instance | Kind::Function | Kind::Module => {
                let module = self.host.module(super::ModuleId(handle.owner()));
                Hasher::new(handle.kind())
                    .name(module.fingerprint)
                    .word(u64::from(handle.index()))
                    .finish()
            }
            _ => Hasher::new(handle.kind())
                .word((u64::from(handle.owner()) << 32) | u64::from(handle.index()))
                .finish(),
        }
    }

    /// Whether two values are the same type, structure by structure.
    pub fn same(&self, left: Type, right: Type) -> bool {
        left.is(right)
            || (left.is_composite()
                && left.kind() == right.kind()
                && self.fingerprint(left) == self.fingerprint(right))
    }

    /// Whether two entries of MROs are the same.
    pub fn same_entry(&self, left: MroEntry, right: MroEntry) -> bool {
        match (left, right) {
            (MroEntry::Class(a, x), MroEntry::Class(b, y)) => a == b && self.same(x, y),
            (MroEntry::Dynamic(x), MroEntry::Dynamic(y)) => self.same(x, y),
            _ => false,
        }
    }

    /// The type with this fingerprint; `Unknown` where it is larger than any that somebody means.
    fn intern(
        &self,
        kind: Kind,
        fingerprint: Fingerprint,
        data: impl FnOnce() -> Data<'s>,
    ) -> Type {
        if fingerprint.nesting() > MAX_NESTING {
            Limit::TypeNesting.hit();
            return Type::UNKNOWN;
        }
        if fingerprint.parts() > MAX_PARTS {
            Limit::TypeParts.hit();
            return Type::UNKNOWN;
        }
        budget::tick();
        let index = self.arena.intern(fingerprint, data);
        Type::inline(kind, self.arena.number(), index)
    }

    fn hasher(kind: Kind) -> Hasher {
        Hasher::new(kind as u8)
    }

    fn hash_types(&self, hasher: Hasher, types: &[Type]) -> Hasher {
        let start = hasher.word(types.len() as u64);
        types.iter().fold(start, |hasher, &ty| hasher.fingerprint(self.fingerprint(ty)))
    }

    fn hash_definition(&self, hasher: Hasher, definition: DefRef) -> Hasher {
        hasher
            .name(self.host.module(definition.module).fingerprint)
            .word(u64::from(definition.index))
    }

    /// Copies a string into the arena that is written to.
    pub fn string(&self, text: &str) -> &'s str {
        self.arena.string(text)
    }

    /// Copies types into the arena that is written to.
    pub fn slice<T: Copy>(&self, data: &[T]) -> &'s [T] {
        self.arena.slice(data)
    }

    /// The members of a union, or the type itself alone.
    pub fn members(&self, ty: Type) -> MemberList<'s> {
        if ty.kind() == Kind::Union
            && let Data::Union(members) = self.data(ty)
        {
            return MemberList::Many(members);
        }
        MemberList::One([ty])
    }

    /// What `ty` may be: the members of the union that it is or stands for, with those of the unions that aliases among
    /// them stand for, each once. Other aliases stay as they are.
    pub fn opened_members(&self, ty: Type) -> Vec<Type> {
        let is_alias = |ty: Type| ty.kind() == Kind::Alias;
        let own: Vec<Type> = self.members(ty).iter().collect();
        if !own.iter().any(|&member| is_alias(member)) {
            return own;
        }
        let mut seen = FxHashSet::default();
        let mut found = Vec::new();
        let mut open: Vec<Type> = own.into_iter().rev().collect();
        while let Some(member) = open.pop() {
            if !seen.insert(self.fingerprint(member).0) {
                continue;
            }
            let meant = if is_alias(member) { self.expand_alias(member) } else { member };
            if meant.kind() == Kind::Union && seen.len() < MAX_LITERALS {
                open.extend(self.members(meant).iter().collect::<Vec<_>>().into_iter().rev());
            } else {
                found.push(member);
            }
        }
        found
    }

    /// As [`Self::opened_members`], with what aliases stand for in place of each.
    pub fn meant_members(&self, ty: Type) -> Vec<Type> {
        self.opened_members(ty).into_iter().map(|member| self.expand_alias(member)).collect()
    }

    /// The union of `types`: flat, without doubles, literals absorbed by their class, in order of
    /// first appearance.
    pub fn union(&self, types: impl IntoIterator<Item = Type>) -> Type {
        let mut builder = UnionBuilder::default();
        for ty in types {
            builder.add(self, ty);
        }
        let saw_cycle = builder.saw_cycle;
        let members = builder.finish(self);
        match members[..] {
            [] if saw_cycle => Type::CYCLE,
            _ => self.union_of_distinct(&members),
        }
    }

    /// The type where paths of control meet: as a union, but a dynamic path makes it dynamic.
    pub fn join(&self, types: &[Type]) -> Type {
        self.union(types.iter().copied())
    }

    /// The union of two types.
    pub fn union2(&self, left: Type, right: Type) -> Type {
        if left.is(right) || right.is_never() {
            return left;
        }
        if left.is_never() {
            return right;
        }
        self.union([left, right])
    }

    /// `ty | None`.
    pub fn optional(&self, ty: Type) -> Type {
        self.union2(ty, Type::NONE)
    }

    /// `ty` without the members that `keep` refuses.
    pub fn filter_union(&self, ty: Type, mut keep: impl FnMut(Type) -> bool) -> Type {
        if ty.kind() != Kind::Union {
            return if keep(ty) { ty } else { Type::NEVER };
        }
        let all = self.members(ty);
        let kept: Vec<Type> = all.iter().filter(|&member| keep(member)).collect();
        self.part_of_union(ty, &kept)
    }

    /// The union of some members of a union, in their order: nothing in it absorbs anything.
    pub fn part_of_union(&self, union: Type, kept: &[Type]) -> Type {
        if kept.len() == self.members(union).len() { union } else { self.union_of_distinct(kept) }
    }

    /// The union of types that are no unions and of which none absorbs another.
    pub fn union_of_distinct(&self, types: &[Type]) -> Type {
        match *types {
            [] => Type::NEVER,
            [only] => only,
            _ => {
                let hasher = self.hash_types(Self::hasher(Kind::Union), types);
                self.intern(Kind::Union, hasher.finish(), || Data::Union(self.slice(types)))
            }
        }
    }

    /// Each member through `map`, united.
    pub fn map_union(&self, ty: Type, mut map: impl FnMut(Type) -> Type) -> Type {
        match ty.kind() {
            Kind::Union => self.union(self.members(ty).iter().map(map).collect::<Vec<_>>()),
            _ => map(ty),
        }
    }

    /// The intersection of two or more types as they stand; simplification is the relations' part.
    pub fn raw_intersection(&self, types: &[Type]) -> Type {
        let mut flat: Vec<Type> = Vec::with_capacity(types.len());
        for &ty in types {
            let parts: &[Type] = match ty.kind() {
                Kind::Intersection => match self.data(ty) {
                    Data::Intersection(parts) => parts,
                    _ => &[],
                },
                _ => std::slice::from_ref(&ty),
            };
            for &part in parts {
                if !flat.iter().any(|&known| self.same(known, part)) {
                    flat.push(part);
                }
            }
        }
        if flat.len() == 1 {
            return flat[0];
        }
        let fingerprint = self.hash_types(Self::hasher(Kind::Intersection), &flat).finish();
        self.intern(Kind::Intersection, fingerprint, || Data::Intersection(self.slice(&flat)))
    }

    /// The parts of `T & X`, a type variable that was narrowed.
    pub fn narrowed_type_var(&self, ty: Type) -> Option<(Type, Type)> {
        match *self.data(ty) {
            Data::Intersection(parts) => match *parts {
                [type_var, rest] if type_var.kind() == Kind::TypeVar => Some((type_var, rest)),
                _ => None,
            },
            _ => None,
        }
    }

    fn inner(&self, kind: Kind, ty: Type) -> Type {
        let fingerprint = Self::hasher(kind).fingerprint(self.fingerprint(ty)).finish();
        self.intern(kind, fingerprint, || Data::Inner(ty))
    }

    /// The type within a `SubclassOf`, `Not`, `Unpacked` or `TypeFormOf`.
    pub fn inner_of(&self, ty: Type) -> Type {
        match self.data(ty) {
            Data::Inner(inner) => *inner,
            _ => Type::UNKNOWN,
        }
    }

    /// `type[instance]`, spread over unions.
    pub fn subclass_of(&self, instance: Type) -> Type {
        self.map_union(instance, |member| self.inner(Kind::SubclassOf, member))
    }

    /// What is not of type `ty`.
    pub fn not(&self, ty: Type) -> Type {
        self.inner(Kind::Not, ty)
    }

    /// `*ty` in an argument list.
    pub fn unpacked(&self, ty: Type) -> Type {
        self.inner(Kind::Unpacked, ty)
    }

    /// `TypeForm[ty]`.
    pub fn type_form_of(&self, ty: Type) -> Type {
        self.inner(Kind::TypeFormOf, ty)
    }

    /// A tuple of fixed length.
    pub fn tuple(&self, elements: &[Type]) -> Type {
        self.tuple_with(elements, None)
    }

    /// `tuple[element, ...]`.
    pub fn tuple_of(&self, element: Type) -> Type {
        self.tuple_with(&[element], Some(0))
    }

    /// A tuple whose element `variadic` repeats.
    pub fn tuple_with(&self, elements: &[Type], variadic: Option<usize>) -> Type {
        if elements.iter().enumerate().any(|(at, ty)| ty.is_never() && Some(at) != variadic) {
            return Type::NEVER;
        }
        if elements.len() > MAX_TUPLE {
            Limit::TupleWidth.hit();
            let pack = |ty: Type| {
                self.as_type_var(ty).is_some_and(|data| data.kind == TypeVarKind::TypeVarTuple)
            };
            let known = elements.iter().map(|&ty| if pack(ty) { Type::UNKNOWN } else { ty });
            return self.tuple_of(self.promote_literals(self.union(known)));
        }
        self.pack(elements, variadic)
    }

    /// A tuple made of one by putting other types into it: where `Never` was written in the first, it stays.
    pub fn tuple_like(
        &self,
        old: TupleData<'_>,
        elements: &[Type],
        variadic: Option<usize>,
    ) -> Type {
        let at_variadic = old.variadic.map(|at| at as usize);
        let is_written = old
            .elements
            .iter()
            .enumerate()
            .any(|(at, ty)| ty.is_never() && Some(at) != at_variadic);
        if is_written && elements.len() <= MAX_TUPLE {
            self.pack(elements, variadic)
        } else {
            self.tuple_with(elements, variadic)
        }
    }

    /// The value of a `TypeVarTuple`: types in a row. Unlike a tuple it is no object, so that it can
    /// have `Never` among its elements.
    pub fn pack(&self, elements: &[Type], variadic: Option<usize>) -> Type {
        let variadic = variadic.and_then(|at| u32::try_from(at).ok());
        let fingerprint = self
            .hash_types(Self::hasher(Kind::Tuple), elements)
            .word(variadic.map_or(u64::MAX, u64::from))
            .finish();
        self.intern(Kind::Tuple, fingerprint, || {
            Data::Tuple(TupleData { elements: self.slice(elements), variadic })
        })
    }

    /// The shape of a tuple type.
    pub fn as_tuple(&self, ty: Type) -> Option<TupleData<'s>> {
        match ty.kind() {
            Kind::Tuple => match self.data(ty) {
                Data::Tuple(tuple) => Some(*tuple),
                _ => None,
            },
            _ => None,
        }
    }

    /// An instance of `class` with these arguments; `tuple` classes become tuples.
    pub fn generic(&self, class: ClassRef, arguments: &[Type]) -> Type {
        if arguments.is_empty() {
            return Type::instance(class);
        }
        if arguments.len() == 1 && self.is_known(class, Known::Tuple) {
            return self.tuple_of(arguments[0]);
        }
        self.generic_of(Kind::Generic, class, arguments)
    }

    /// As [`Self::generic`], but `tuple` stays a class with one argument.
    pub fn generic_raw(&self, class: ClassRef, arguments: &[Type]) -> Type {
        self.generic_of(Kind::Generic, class, arguments)
    }

    /// A class object with these arguments.
    pub fn generic_class(&self, class: ClassRef, arguments: &[Type]) -> Type {
        if arguments.is_empty() {
            return Type::class(class);
        }
        self.generic_of(Kind::GenericClass, class, arguments)
    }

    fn generic_of(&self, kind: Kind, class: ClassRef, arguments: &[Type]) -> Type {
        let hasher = self.hash_definition(
            Self::hasher(kind),
            DefRef { module: class.module, index: class.index },
        );
        let fingerprint = self.hash_types(hasher, arguments).finish();
        self.intern(kind, fingerprint, || Data::Generic { class, arguments: self.slice(arguments) })
    }

    /// `Literal["text"]`.
    pub fn str_literal(&self, text: &str) -> Type {
        let fingerprint = Self::hasher(Kind::Str).bytes(text.as_bytes()).finish();
        self.intern(Kind::Str, fingerprint, || Data::Text(self.string(text)))
    }

    /// What has an attribute of this name, whatever it is.
    pub fn with_attribute(&self, name: &str) -> Type {
        let fingerprint = Self::hasher(Kind::WithAttribute).bytes(name.as_bytes()).finish();
        self.intern(Kind::WithAttribute, fingerprint, || Data::Text(self.string(name)))
    }

    /// `Literal[b"bytes"]`.
    pub fn bytes_literal(&self, bytes: &[u8]) -> Type {
        let fingerprint = Self::hasher(Kind::Bytes).bytes(bytes).finish();
        self.intern(Kind::Bytes, fingerprint, || Data::Bytes(self.slice(bytes)))
    }

    /// An `int` literal of any size; `digits` is its decimal form when it is large.
    pub fn int_literal(&self, value: i64) -> Type {
        Type::small_int(value).unwrap_or_else(|| self.known_instance(Known::Int))
    }

    /// The text of a `str` literal type.
    pub fn as_str(&self, ty: Type) -> Option<&'s str> {
        match ty.kind() {
            Kind::Str => match self.data(ty) {
                Data::Text(text) => Some(text),
                _ => None,
            },
            _ => None,
        }
    }

    /// A member of an enum.
    pub fn enum_literal(&self, class: ClassRef, name: &str) -> Type {
        let hasher = self.hash_definition(
            Self::hasher(Kind::Enum),
            DefRef { module: class.module, index: class.index },
        );
        let fingerprint = hasher.bytes(name.as_bytes()).finish();
        self.intern(Kind::Enum, fingerprint, || Data::Enum { class, name: self.string(name) })
    }

    /// Class and name of an enum member.
    pub fn as_enum(&self, ty: Type) -> Option<(ClassRef, &'s str)> {
        match ty.kind() {
            Kind::Enum => match self.data(ty) {
                Data::Enum { class, name } => Some((*class, name)),
                _ => None,
            },
            _ => None,
        }
    }

    fn type_var_fingerprint(&self, kind: Kind, data: &TypeVarData<'s>) -> Fingerprint {
        let hasher = Self::hasher(kind).word(data.kind as u64).bytes(data.name.as_bytes());
        let hasher = self.hash_definition(hasher, data.definition);
        let hasher = if kind == Kind::TypeVar { hasher.open() } else { hasher };
        match data.scope {
            Some(scope) => self.hash_definition(hasher, scope).finish(),
            None => hasher.finish(),
        }
    }

    /// A type variable in use.
    pub fn type_var(&self, data: TypeVarData<'s>) -> Type {
        let fingerprint = self.type_var_fingerprint(Kind::TypeVar, &data);
        self.intern(Kind::TypeVar, fingerprint, || Data::TypeVar(data))
    }

    /// A type variable as a value.
    pub fn type_var_value(&self, data: TypeVarData<'s>) -> Type {
        let fingerprint = self.type_var_fingerprint(Kind::TypeVarValue, &data);
        self.intern(Kind::TypeVarValue, fingerprint, || Data::TypeVar(data))
    }

    /// What is known of a type variable from its use.
    pub fn as_type_var(&self, ty: Type) -> Option<&'s TypeVarData<'s>> {
        match ty.kind() {
            Kind::TypeVar | Kind::TypeVarValue => match self.data(ty) {
                Data::TypeVar(data) => Some(data),
                _ => None,
            },
            _ => None,
        }
    }

    /// `Self` in the class `class`.
    pub fn self_type(&self, class: ClassRef) -> Type {
        let definition = DefRef { module: class.module, index: class.index };
        let data = TypeVarData {
            name: self.string("Self"),
            kind: TypeVarKind::SelfType,
            definition,
            scope: Some(definition),
        };
        self.type_var(data)
    }

    /// `P.args` or `P.kwargs`.
    pub fn param_spec_part(&self, type_var: Type, is_args: bool) -> Type {
        let fingerprint = Self::hasher(Kind::ParamSpecPart)
            .fingerprint(self.fingerprint(type_var))
            .word(u64::from(is_args))
            .finish();
        self.intern(Kind::ParamSpecPart, fingerprint, || Data::ParamSpecPart { type_var, is_args })
    }

    fn hash_signature(&self, mut hasher: Hasher, signature: &Signature<'s>) -> Hasher {
        hasher = hasher.word(signature.parameters.len() as u64);
        for parameter in signature.parameters.iter() {
            let flags = (parameter.kind as u64)
                | (u64::from(parameter.is_annotated) << 8)
                | (u64::from(parameter.default.is_some()) << 9);
            hasher = hasher
                .bytes(parameter.name.as_bytes())
                .word(flags)
                .fingerprint(self.fingerprint(parameter.ty));
        }
        hasher = match signature.returns {
            Some(returns) => hasher.word(1).fingerprint(self.fingerprint(returns)),
            None => hasher.word(2),
        };
        // Messages name the function: of two that are taken for the same, the one that was there first would be named.
        hasher = match signature.definition {
            Some(definition) => self.hash_definition(hasher.word(1), definition),
            None => hasher.word(2),
        };
        self.hash_types(hasher.word(u64::from(signature.is_gradual)), signature.type_params)
    }

    /// A callable with these signatures, several for overloads.
    pub fn callable(&self, signatures: &[Signature<'s>]) -> Type {
        let start = Self::hasher(Kind::Callable).word(signatures.len() as u64);
        let hasher =
            signatures.iter().fold(start, |hasher, each| self.hash_signature(hasher, each));
        self.intern(Kind::Callable, hasher.finish(), || Data::Callable(self.slice(signatures)))
    }

    /// A list of parameters, the value of a `ParamSpec`.
    pub fn parameters(&self, signature: &Signature<'s>) -> Type {
        if signature.parameters.len() > MAX_TUPLE {
            Limit::TupleWidth.hit();
            return self.gradual_parameters();
        }
        let signature = Signature { returns: Some(Type::UNKNOWN), definition: None, ..*signature };
        let fingerprint = self.hash_signature(Self::hasher(Kind::Parameters), &signature).finish();
        self.intern(Kind::Parameters, fingerprint, || Data::Parameters(signature))
    }

    /// `...` where a list of parameters is expected.
    pub fn gradual_parameters(&self) -> Type {
        self.parameters(&self.gradual_signature(Type::UNKNOWN))
    }

    /// `(...) -> returns`.
    pub fn gradual_signature(&self, returns: Type) -> Signature<'s> {
        let parameter = |name: &str, kind| Parameter {
            name: self.string(name),
            kind,
            ty: Type::UNKNOWN,
            is_annotated: false,
            default: None,
        };
        Signature {
            parameters: self.slice(&[
                parameter("args", super::ParameterKind::Variadic),
                parameter("kwargs", super::ParameterKind::Keywords),
            ]),
            returns: Some(returns),
            definition: None,
            type_params: &[],
            is_gradual: true,
        }
    }

    /// A function with a receiver, or reached through a specialised class.
    pub fn method(&self, function: Type, receiver: Option<Type>, owner: Option<Type>) -> Type {
        let optional = |hasher: Hasher, ty: Option<Type>| match ty {
            Some(ty) => hasher.fingerprint(self.fingerprint(ty)),
            None => hasher.word(0),
        };
        let hasher = Self::hasher(Kind::Method).fingerprint(self.fingerprint(function));
        let fingerprint = optional(optional(hasher, receiver), owner).finish();
        self.intern(Kind::Method, fingerprint, || Data::Method { function, receiver, owner })
    }

    /// A `property` object.
    pub fn property(&self, getter: Option<Type>, setter: Option<Type>, deleter: bool) -> Type {
        let part = |ty: Option<Type>| ty.map_or(Fingerprint(0), |ty| self.fingerprint(ty));
        let fingerprint = Self::hasher(Kind::Property)
            .fingerprint(part(getter))
            .fingerprint(part(setter))
            .word(u64::from(deleter))
            .finish();
        self.intern(Kind::Property, fingerprint, || Data::Property { getter, setter, deleter })
    }

    /// A type expression as a value.
    pub fn type_form(&self, ty: Type) -> Type {
        let fingerprint = Self::hasher(Kind::TypeForm).fingerprint(self.fingerprint(ty)).finish();
        self.intern(Kind::TypeForm, fingerprint, || Data::TypeForm { ty })
    }

    /// A PEP 695 or recursive alias, as a type.
    pub fn alias(&self, definition: DefRef, arguments: &[Type]) -> Type {
        self.alias_of(Kind::Alias, definition, arguments)
    }

    /// A PEP 695 alias object, as a value.
    pub fn alias_value(&self, definition: DefRef, arguments: &[Type]) -> Type {
        self.alias_of(Kind::AliasValue, definition, arguments)
    }

    fn alias_of(&self, kind: Kind, definition: DefRef, arguments: &[Type]) -> Type {
        let hasher = self.hash_definition(Self::hasher(kind), definition);
        let fingerprint = self.hash_types(hasher, arguments).finish();
        self.intern(kind, fingerprint, || Data::Alias {
            definition,
            arguments: self.slice(arguments),
        })
    }

    /// `TypeIs[ty]` when `is_exact`, else `TypeGuard[ty]`.
    pub fn guard(&self, ty: Type, is_exact: bool) -> Type {
        let fingerprint = Self::hasher(Kind::Guard)
            .fingerprint(self.fingerprint(ty))
            .word(u64::from(is_exact))
            .finish();
        self.intern(Kind::Guard, fingerprint, || Data::Guard { ty, is_exact })
    }

    /// What `super(pivot, receiver)` returns.
    pub fn super_object(&self, pivot: ClassRef, receiver: Type) -> Type {
        let hasher = self.hash_definition(
            Self::hasher(Kind::Super),
            DefRef { module: pivot.module, index: pivot.index },
        );
        let fingerprint = hasher.fingerprint(self.fingerprint(receiver)).finish();
        self.intern(Kind::Super, fingerprint, || Data::Super { pivot, receiver })
    }

    /// What a known function with decoration options returns.
    pub fn decorator(&self, kind: u32, options: u32, base: Option<Type>) -> Type {
        let base_print = base.map_or(Fingerprint(0), |ty| self.fingerprint(ty));
        let fingerprint = Self::hasher(Kind::Decorator)
            .word(u64::from(kind))
            .word(u64::from(options))
            .fingerprint(base_print)
            .finish();
        self.intern(Kind::Decorator, fingerprint, || Data::Decorator { kind, options, base })
    }

    /// An instance of a class of the standard library, unknown type arguments.
    pub fn known_instance(&self, known: Known) -> Type {
        match self.host.known(self, known) {
            Some(class) => self.instance_of_class(class),
            None => Type::UNKNOWN,
        }
    }

    /// An instance of a generic class of the standard library.
    pub fn known_generic(&self, known: Known, arguments: &[Type]) -> Type {
        match self.host.known(self, known) {
            Some(class) => self.generic(class, arguments),
            None => Type::UNKNOWN,
        }
    }

    /// Whether `class` is this class of the standard library.
    pub fn is_known(&self, class: ClassRef, known: Known) -> bool {
        self.host.known(self, known) == Some(class)
    }

    /// Whether instances of the class are sentinels, each a type of its own (PEP 661).
    pub fn is_sentinel_class(&self, class: ClassRef) -> bool {
        self.is_known(class, Known::Sentinel) || self.is_known(class, Known::BuiltinSentinel)
    }

    /// Whether nothing is known of the type, or of a member of the union that it is.
    pub fn has_unknown_member(&self, ty: Type) -> bool {
        ty.is_unknown() || ty.kind() == Kind::Union && self.members(ty).iter().any(Type::is_unknown)
    }

    /// Whether something dynamic is the type, or a member of the union that it is.
    pub fn has_dynamic_member(&self, ty: Type) -> bool {
        self.members(ty).iter().any(Type::is_dynamic)
    }

    /// The function behind a bound method; any other type itself.
    pub fn unbound(&self, ty: Type) -> Type {
        match (ty.kind(), self.payload(ty)) {
            (Kind::Method, Data::Method { function, .. }) => self.unbound(*function),
            _ => ty,
        }
    }

    /// `object`.
    pub fn object(&self) -> Type {
        self.known_instance(Known::Object)
    }
}

/// The members of a union, without copying.
#[derive(Clone, Copy)]
pub enum MemberList<'s> {
    One([Type; 1]),
    Many(&'s [Type]),
}

impl MemberList<'_> {
    /// The members in order.
    pub fn iter(&self) -> impl Iterator<Item = Type> + '_ {
        self.as_slice().iter().copied()
    }

    /// The members in order.
    #[must_use]
    pub fn as_slice(&self) -> &[Type] {
        match self {
            Self::One(one) => one,
            Self::Many(many) => many,
        }
    }

    /// Number of members.
    #[must_use]
    pub fn len(&self) -> usize {
        self.as_slice().len()
    }

    /// A union has at least two members, and everything else has one.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        false
    }
}
