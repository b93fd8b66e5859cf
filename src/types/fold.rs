//! The one walk over the parts of a type: [`Fold`] rebuilds a type, [`Cx::any_part`] looks at its parts.
//!
//! Both know every form of type, so that no other place has to. A type is a finite tree that shares its parts:
//! `x = (x, x)`, ten times, is a tree of two thousand parts and ten different ones. A walk over a large type
//! therefore remembers what it has done ([`Folded`], [`Seen`]). It never follows an alias, a class or the bound
//! of a type variable to what they stand for, so it comes to an end by itself.

use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use super::{ClassRef, Cx, Data, Kind, Parameter, Signature, TupleData, Type};

/// In types of fewer parts than this a walk remembers nothing: it costs more than it saves.
pub(super) const LARGE: u16 = 256;

/// What a fold has made of the parts of a large type.
pub(super) type Folded = FxHashMap<u128, Type>;

/// A way to rebuild types: [`Fold::fold`] decides what stands in the place of a type, and the rest says how the
/// forms are put together that may need more than their parts one by one.
pub(super) trait Fold<'s>: Sized {
    /// Whether intersections and tuple classes are simplified when their parts have changed.
    const SIMPLIFIES: bool;

    /// What has been made of the parts of a large type.
    fn folded(&mut self) -> &mut Folded;

    /// Of types of at least so many parts it is remembered what was made of them.
    fn remembers_from(&self) -> u16 {
        LARGE
    }

    /// What stands in the place of `ty`; with [`Cx::fold_parts`] the same form of folded parts.
    fn fold(&mut self, cx: &Cx<'s>, ty: Type) -> Type;

    /// A tuple of folded elements.
    fn tuple(&mut self, cx: &Cx<'s>, tuple: TupleData<'s>) -> Type {
        let elements = self.all(cx, tuple.elements);
        cx.tuple_like(tuple, &elements, tuple.variadic.map(|at| at as usize))
    }

    /// The folded arguments of a class.
    fn arguments(
        &mut self,
        cx: &Cx<'s>,
        _class: ClassRef,
        arguments: &[Type],
    ) -> SmallVec<[Type; 8]> {
        self.all(cx, arguments)
    }

    /// A signature of folded parts.
    fn signature(&mut self, cx: &Cx<'s>, signature: &Signature<'s>) -> Signature<'s> {
        let parameters: SmallVec<[Parameter; 8]> = signature
            .parameters
            .iter()
            .map(|parameter| Parameter {
                ty: self.fold(cx, parameter.ty),
                default: parameter.default.map(|ty| self.fold(cx, ty)),
                ..*parameter
            })
            .collect();
        Signature {
            parameters: cx.slice(&parameters),
            returns: signature.returns.map(|ty| self.fold(cx, ty)),
            ..*signature
        }
    }

    /// What stands in the place of `P.args` or `P.kwargs`.
    fn param_spec_part(&mut self, _cx: &Cx<'s>, ty: Type, _of: Type, _is_args: bool) -> Type {
        ty
    }

    /// Each type folded.
    fn all(&mut self, cx: &Cx<'s>, types: &[Type]) -> SmallVec<[Type; 8]> {
        types.iter().map(|&ty| self.fold(cx, ty)).collect()
    }
}

impl<'s> Cx<'s> {
    /// `ty` with its parts folded; itself where it has none.
    pub(super) fn fold_parts<F: Fold<'s>>(&self, ty: Type, folder: &mut F) -> Type {
        if !ty.is_composite() {
            return ty;
        }
        let print = self.fingerprint(ty);
        if print.parts() < folder.remembers_from() {
            return self.fold_form(ty, folder);
        }
        if let Some(&known) = folder.folded().get(&print.0) {
            return known;
        }
        let made = self.fold_form(ty, folder);
        folder.folded().insert(print.0, made);
        made
    }

    fn fold_form<F: Fold<'s>>(&self, ty: Type, folder: &mut F) -> Type {
        match *self.data(ty) {
            Data::Union(members) => {
                let members = folder.all(self, members);
                self.union(members)
            }
            Data::Intersection(parts) if F::SIMPLIFIES => {
                let parts = folder.all(self, parts);
                self.intersect(&parts)
            }
            Data::Intersection(parts) => {
                let parts = folder.all(self, parts);
                self.raw_intersection(&parts)
            }
            Data::Tuple(tuple) => folder.tuple(self, tuple),
            Data::Generic { class, arguments } => {
                let arguments = folder.arguments(self, class, arguments);
                match ty.kind() {
                    Kind::Generic if F::SIMPLIFIES => self.generic(class, &arguments),
                    Kind::Generic => self.generic_raw(class, &arguments),
                    _ => self.generic_class(class, &arguments),
                }
            }
            Data::Inner(inner) => {
                let inner = folder.fold(self, inner);
                match ty.kind() {
                    Kind::SubclassOf => self.subclass_of(inner),
                    Kind::Not => self.not(inner),
                    Kind::TypeFormOf => self.type_form_of(inner),
                    _ => self.unpacked(inner),
                }
            }
            Data::Callable(signatures) => {
                let signatures: SmallVec<[Signature; 2]> =
                    signatures.iter().map(|each| folder.signature(self, each)).collect();
                self.callable(&signatures)
            }
            Data::Parameters(signature) => {
                let signature = folder.signature(self, &signature);
                self.parameters(&signature)
            }
            Data::Method { function, receiver, owner } => {
                let mut one = |ty: Type| folder.fold(self, ty);
                let (function, receiver) = (one(function), receiver.map(&mut one));
                self.method(function, receiver, owner.map(one))
            }
            Data::Property { getter, setter, deleter } => {
                let mut one = |ty: Type| folder.fold(self, ty);
                let getter = getter.map(&mut one);
                self.property(getter, setter.map(one), deleter)
            }
            Data::TypeForm { ty } => self.type_form(folder.fold(self, ty)),
            Data::Alias { definition, arguments } if !arguments.is_empty() => {
                let arguments = folder.all(self, arguments);
                match ty.kind() {
                    Kind::Alias => self.alias(definition, &arguments),
                    _ => self.alias_value(definition, &arguments),
                }
            }
            Data::Guard { ty, is_exact } => self.guard(folder.fold(self, ty), is_exact),
            Data::Super { pivot, receiver } => {
                self.super_object(pivot, folder.fold(self, receiver))
            }
            Data::Decorator { kind, options, base } => {
                self.decorator(kind, options, base.map(|base| folder.fold(self, base)))
            }
            Data::ParamSpecPart { type_var, is_args } => {
                folder.param_spec_part(self, ty, type_var, is_args)
            }
            Data::TypeVar(_)
            | Data::Alias { .. }
            | Data::Text(_)
            | Data::Bytes(_)
            | Data::Enum { .. } => ty,
        }
    }

    /// Whether `test` holds for a part of `ty`, the ones directly within it; defaults of parameters and the type
    /// parameters of signatures are parts where `all` is set.
    pub(super) fn any_part(&self, ty: Type, all: bool, test: &mut dyn FnMut(Type) -> bool) -> bool {
        if !ty.is_composite() {
            return false;
        }
        match *self.data(ty) {
            Data::Union(types) | Data::Intersection(types) => types.iter().any(|&ty| test(ty)),
            Data::Tuple(tuple) => tuple.elements.iter().any(|&ty| test(ty)),
            Data::Generic { arguments, .. } | Data::Alias { arguments, .. } => {
                arguments.iter().any(|&ty| test(ty))
            }
            Data::Inner(inner)
            | Data::Guard { ty: inner, .. }
            | Data::TypeForm { ty: inner }
            | Data::Super { receiver: inner, .. }
            | Data::ParamSpecPart { type_var: inner, .. } => test(inner),
            Data::Callable(signatures) => {
                signatures.iter().any(|each| any_of_signature(each, all, test))
            }
            Data::Parameters(signature) => any_of_signature(&signature, all, test),
            Data::Method { function, receiver, owner } => {
                test(function) || receiver.is_some_and(&mut *test) || owner.is_some_and(test)
            }
            Data::Property { getter, setter, .. } => {
                getter.is_some_and(&mut *test) || setter.is_some_and(test)
            }
            Data::Decorator { base, .. } => base.is_some_and(test),
            Data::TypeVar(_) | Data::Text(_) | Data::Bytes(_) | Data::Enum { .. } => false,
        }
    }

    /// Whether `test` holds for `ty` or for anything within it.
    pub(super) fn anywhere(&self, ty: Type, all: bool, test: &mut dyn FnMut(Type) -> bool) -> bool {
        Seen::default().anywhere(self, ty, all, test)
    }
}

/// Whether `test` holds for a type in a signature.
pub(super) fn any_of_signature(
    signature: &Signature<'_>,
    all: bool,
    test: &mut dyn FnMut(Type) -> bool,
) -> bool {
    signature
        .parameters
        .iter()
        .any(|parameter| test(parameter.ty) || all && parameter.default.is_some_and(&mut *test))
        || signature.returns.is_some_and(&mut *test)
        || all && signature.type_params.iter().any(|&ty| test(ty))
}

/// Large parts that were looked at.
#[derive(Default)]
struct Seen(FxHashSet<u128>);

impl Seen {
    fn anywhere(
        &mut self,
        cx: &Cx<'_>,
        ty: Type,
        all: bool,
        test: &mut dyn FnMut(Type) -> bool,
    ) -> bool {
        if test(ty) {
            return true;
        }
        if !ty.is_composite() {
            return false;
        }
        let print = cx.fingerprint(ty);
        if print.parts() >= LARGE && !self.0.insert(print.0) {
            return false;
        }
        cx.any_part(ty, all, &mut |part| self.anywhere(cx, part, all, test))
    }
}
