//! Taking the placeholders of cycles out of types before they are published.
//!
//! [`Type::CYCLE`] stands for an answer that is still being found; whatever is left of it becomes `Unknown`.

use smallvec::SmallVec;

use super::{Cx, Data, Kind, Parameter, Signature, Type};

/// Deeper types than this are `Unknown` within: only an endlessly growing type gets there.
const MAX_DEPTH: u32 = 64;

impl<'s> Cx<'s> {
    /// `ty` with every placeholder of a cycle replaced by `Unknown`.
    pub fn without_cycles(&self, ty: Type) -> Type {
        if self.has_cycle(ty, 0) { self.rebuild(ty, 0) } else { ty }
    }

    /// `signature` with every placeholder of a cycle replaced by `Unknown`.
    pub fn signature_without_cycles(&self, signature: &Signature<'s>) -> Signature<'s> {
        if self.signature_has_cycle(signature, 0) {
            self.rebuild_signature(signature, 0)
        } else {
            *signature
        }
    }

    fn signature_has_cycle(&self, signature: &Signature<'s>, depth: u32) -> bool {
        let has = |ty: Type| self.has_cycle(ty, depth);
        signature.returns.is_some_and(has)
            || signature
                .parameters
                .iter()
                .any(|parameter| has(parameter.ty) || parameter.default.is_some_and(has))
            || signature.type_params.iter().any(|&ty| has(ty))
    }

    fn has_cycle(&self, ty: Type, depth: u32) -> bool {
        if !ty.is_composite() {
            return ty.kind() == Kind::Cycle;
        }
        if depth > MAX_DEPTH {
            return true;
        }
        let has = |ty: Type| self.has_cycle(ty, depth + 1);
        let any = |types: &[Type]| types.iter().any(|&ty| has(ty));
        match *self.data(ty) {
            Data::Union(types) | Data::Intersection(types) => any(&types),
            Data::Tuple(tuple) => any(&tuple.elements),
            Data::Generic { arguments, .. } | Data::Alias { arguments, .. } => any(&arguments),
            Data::Inner(inner) | Data::TypeForm { ty: inner } | Data::Guard { ty: inner, .. } => {
                has(inner)
            }
            Data::Callable(signatures) => {
                signatures.iter().any(|signature| self.signature_has_cycle(signature, depth + 1))
            }
            Data::Parameters(signature) => self.signature_has_cycle(&signature, depth + 1),
            Data::Method { function, receiver, owner } => {
                has(function) || receiver.is_some_and(has) || owner.is_some_and(has)
            }
            Data::Property { getter, setter, .. } => {
                getter.is_some_and(has) || setter.is_some_and(has)
            }
            Data::Super { receiver, .. } => has(receiver),
            Data::Decorator { base, .. } => base.is_some_and(has),
            Data::TypeVar(_)
            | Data::ParamSpecPart { .. }
            | Data::Text(_)
            | Data::Bytes(_)
            | Data::Enum { .. } => false,
        }
    }

    fn rebuild_signature(&self, signature: &Signature<'s>, depth: u32) -> Signature<'s> {
        let one = |ty: Type| self.rebuild(ty, depth);
        let parameters: SmallVec<[Parameter; 8]> = signature
            .parameters
            .iter()
            .map(|parameter| Parameter {
                ty: one(parameter.ty),
                default: parameter.default.map(one),
                ..*parameter
            })
            .collect();
        Signature {
            parameters: self.slice(&parameters),
            returns: signature.returns.map(one),
            type_params: signature.type_params,
            ..*signature
        }
    }

    fn rebuild(&self, ty: Type, depth: u32) -> Type {
        if !ty.is_composite() {
            return if ty.kind() == Kind::Cycle { Type::UNKNOWN } else { ty };
        }
        if depth > MAX_DEPTH {
            return Type::UNKNOWN;
        }
        let one = |ty: Type| self.rebuild(ty, depth + 1);
        let all =
            |types: &[Type]| -> SmallVec<[Type; 8]> { types.iter().map(|&t| one(t)).collect() };
        match *self.data(ty) {
            Data::Union(members) => self.union(all(&members)),
            Data::Intersection(parts) => self.raw_intersection(&all(&parts)),
            Data::Tuple(tuple) => {
                self.tuple_with(&all(&tuple.elements), tuple.variadic.map(|at| at as usize))
            }
            Data::Generic { class, arguments } => match ty.kind() {
                Kind::Generic => self.generic_raw(class, &all(&arguments)),
                _ => self.generic_class(class, &all(&arguments)),
            },
            Data::Inner(inner) => match ty.kind() {
                Kind::SubclassOf => self.subclass_of(one(inner)),
                Kind::Not => self.not(one(inner)),
                Kind::TypeFormOf => self.type_form_of(one(inner)),
                _ => self.unpacked(one(inner)),
            },
            Data::Callable(signatures) => {
                let signatures: SmallVec<[Signature; 2]> = signatures
                    .iter()
                    .map(|signature| self.rebuild_signature(signature, depth + 1))
                    .collect();
                self.callable(&signatures)
            }
            Data::Parameters(signature) => {
                self.parameters(&self.rebuild_signature(&signature, depth + 1))
            }
            Data::Method { function, receiver, owner } => {
                self.method(one(function), receiver.map(one), owner.map(one))
            }
            Data::Property { getter, setter, deleter } => {
                self.property(getter.map(one), setter.map(one), deleter)
            }
            Data::TypeForm { ty } => self.type_form(one(ty)),
            Data::Alias { definition, arguments } => match ty.kind() {
                Kind::Alias => self.alias(definition, &all(&arguments)),
                _ => self.alias_value(definition, &all(&arguments)),
            },
            Data::Guard { ty, is_exact } => self.guard(one(ty), is_exact),
            Data::Super { pivot, receiver } => self.super_object(pivot, one(receiver)),
            Data::Decorator { kind, options, base } => self.decorator(kind, options, base.map(one)),
            Data::TypeVar(_)
            | Data::ParamSpecPart { .. }
            | Data::Text(_)
            | Data::Bytes(_)
            | Data::Enum { .. } => ty,
        }
    }
}
