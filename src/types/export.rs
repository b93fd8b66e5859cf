//! Copying types from one arena into another, with all that they are made of.
//!
//! A worker infers into a scratch arena; what it publishes must outlive it. Copies keep their fingerprints.

use smallvec::SmallVec;

use super::{Cx, Data, Parameter, Signature, TupleData, Type, TypeVarData, TypeWriter};

impl<'s> Cx<'s> {
    /// `ty` as a type that refers to nothing in the arena of this context, made in `into` where it does.
    pub fn export(&self, ty: Type, into: &TypeWriter<'_>) -> Type {
        let handle = ty.handle();
        // What is in another arena was exported itself.
        if !ty.is_composite() || handle.owner() != self.arena.number() {
            return ty;
        }
        let data = *self.data(ty);
        let index = into.intern(self.fingerprint(ty), || self.export_data(data, into));
        Type::inline(ty.kind(), into.number(), index)
    }

    /// The types of a slice, exported.
    pub fn export_slice<'w>(&self, types: &[Type], into: &TypeWriter<'w>) -> &'w [Type] {
        let exported: SmallVec<[Type; 8]> = types.iter().map(|&ty| self.export(ty, into)).collect();
        into.slice(&exported)
    }

    /// A signature, exported.
    pub fn export_signature<'w>(
        &self,
        signature: &Signature<'_>,
        into: &TypeWriter<'w>,
    ) -> Signature<'w> {
        let one = |ty: Type| self.export(ty, into);
        let parameters: SmallVec<[Parameter<'w>; 8]> = signature
            .parameters
            .iter()
            .map(|parameter| Parameter {
                name: into.string(parameter.name),
                kind: parameter.kind,
                ty: one(parameter.ty),
                is_annotated: parameter.is_annotated,
                default: parameter.default.map(one),
            })
            .collect();
        Signature {
            parameters: into.slice(&parameters),
            returns: signature.returns.map(one),
            definition: signature.definition,
            type_params: self.export_slice(signature.type_params, into),
            is_gradual: signature.is_gradual,
        }
    }

    fn export_data<'w>(&self, data: Data<'_>, into: &TypeWriter<'w>) -> Data<'w> {
        let one = |ty: Type| self.export(ty, into);
        let all = |types: &[Type]| self.export_slice(types, into);
        match data {
            Data::Union(types) => Data::Union(all(types)),
            Data::Intersection(types) => Data::Intersection(all(types)),
            Data::Tuple(TupleData { elements, variadic }) => {
                Data::Tuple(TupleData { elements: all(elements), variadic })
            }
            Data::Generic { class, arguments } => {
                Data::Generic { class, arguments: all(arguments) }
            }
            Data::Inner(ty) => Data::Inner(one(ty)),
            Data::Callable(signatures) => {
                let exported: SmallVec<[Signature<'w>; 2]> = signatures
                    .iter()
                    .map(|signature| self.export_signature(signature, into))
                    .collect();
                Data::Callable(into.slice(&exported))
            }
            Data::Method { function, receiver, owner } => Data::Method {
                function: one(function),
                receiver: receiver.map(one),
                owner: owner.map(one),
            },
            Data::Text(text) => Data::Text(into.string(text)),
            Data::Bytes(bytes) => Data::Bytes(into.slice(bytes)),
            Data::Enum { class, name } => Data::Enum { class, name: into.string(name) },
            Data::TypeVar(TypeVarData { name, kind, definition, scope }) => {
                Data::TypeVar(TypeVarData { name: into.string(name), kind, definition, scope })
            }
            Data::ParamSpecPart { type_var, is_args } => {
                Data::ParamSpecPart { type_var: one(type_var), is_args }
            }
            Data::Parameters(signature) => {
                Data::Parameters(self.export_signature(&signature, into))
            }
            Data::Property { getter, setter, deleter } => {
                Data::Property { getter: getter.map(one), setter: setter.map(one), deleter }
            }
            Data::TypeForm { ty } => Data::TypeForm { ty: one(ty) },
            Data::Alias { definition, arguments } => {
                Data::Alias { definition, arguments: all(arguments) }
            }
            Data::Guard { ty, is_exact } => Data::Guard { ty: one(ty), is_exact },
            Data::Super { pivot, receiver } => Data::Super { pivot, receiver: one(receiver) },
            Data::Decorator { kind, options, base } => {
                Data::Decorator { kind, options, base: base.map(one) }
            }
        }
    }
}
