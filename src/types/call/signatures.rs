//! The signatures of a callable: functions, bound methods, objects with `__call__`, classes.

use smallvec::{SmallVec, smallvec};

use crate::types::{
    Cx, Data, Kind, Known, ParameterKind, Signature, Solver, Substitution, Type, TypeVarKind,
    under_way::Step,
};

/// The signatures of a callable, several for overloads.
pub type Signatures<'s> = SmallVec<[Signature<'s>; 1]>;

impl<'s> Cx<'s> {
    /// What `ty` can be called with; `None` when it cannot be called.
    pub fn signatures(&self, ty: Type) -> Option<Signatures<'s>> {
        match ty.kind() {
            Kind::Method | Kind::Class | Kind::GenericClass => {
                self.kept_signatures(ty, || self.signatures_of(ty))
            }
            _ => self.signatures_of(ty),
        }
    }

    fn signatures_of(&self, ty: Type) -> Option<Signatures<'s>> {
        match ty.kind() {
            _ if ty.is_dynamic() => Some(smallvec![self.gradual_signature(ty)]),
            Kind::Function => {
                let info = self.host.function(self, ty.as_function()?);
                Some(if info.overloads.is_empty() {
                    smallvec![info.signature]
                } else {
                    info.overloads.iter().copied().collect()
                })
            }
            Kind::Callable => match self.data(ty) {
                Data::Callable(signatures) => Some(signatures.iter().copied().collect()),
                _ => None,
            },
            Kind::Method => self.method_signatures(ty),
            Kind::Class | Kind::GenericClass => Some(self.constructor_signatures(ty)),
            Kind::SubclassOf => {
                let inner = self.inner_of(ty);
                match self.class_of(inner) {
                    Some(class) => {
                        let class_object = self.generic_class_of(inner, class);
                        Some(self.constructor_signatures(class_object))
                    }
                    None => Some(smallvec![self.gradual_signature(inner)]),
                }
            }
            Kind::Alias => self.signatures(self.expand_alias(ty)),
            Kind::Never => Some(smallvec![self.gradual_signature(Type::NEVER)]),
            Kind::Super => Some(smallvec![self.gradual_signature(Type::UNKNOWN)]),
            Kind::Special | Kind::Decorator => {
                Some(smallvec![self.gradual_signature(Type::UNKNOWN)])
            }
            Kind::Union | Kind::Intersection => None,
            Kind::TypeForm if self.is_classless_form(ty) => None,
            Kind::TypeVar => match self.upper_bound(ty) {
                Some(bound) if bound.kind() == Kind::Callable => self.signatures(bound),
                _ => self.call_method_signatures(ty),
            },
            _ => self.call_method_signatures(ty),
        }
    }

    /// What is left to be called of a `functools.partial`, where its function is known. It is for calls alone: where a
    /// callable is asked for, the class says that it takes anything.
    pub fn partial_rest(&self, ty: Type) -> Option<Type> {
        let [_, rest] = *self.arguments_of(ty) else { return None };
        self.class_of(ty).filter(|&class| self.is_known(class, Known::Partial)).map(|_| rest)
    }

    fn call_method_signatures(&self, ty: Type) -> Option<Signatures<'s>> {
        let method = self.dunder(ty, "__call__")?;
        // Whoever is his own `__call__` can be called with anything, as far as anybody knows.
        let open = || Some(smallvec![self.gradual_signature(Type::UNKNOWN)]);
        self.once(Step::Signatures, ty, || self.signatures(method)).unwrap_or_else(open)
    }

    fn method_signatures(&self, ty: Type) -> Option<Signatures<'s>> {
        let Data::Method { function, receiver, owner } = *self.data(ty) else { return None };
        let mut unbound = self.signatures(function)?;
        for each in &mut unbound {
            // An inferred result names `Self` and the class's variables as a declared one does.
            each.returns = Some(self.return_of(each));
        }
        let mut with = owner.map(|owner| self.class_substitution(owner)).unwrap_or_default();
        let Some(receiver) = receiver else {
            if let Some(open) = self.open_new_signatures(function, &with, &unbound) {
                return Some(open);
            }
            if let Some(owner) = owner {
                with = with.with_self(self.instance_of(owner));
            }
            return Some(
                unbound.iter().map(|each| self.substitute_signature(each, &with)).collect(),
            );
        };
        let is_class =
            matches!(receiver.kind(), Kind::Class | Kind::GenericClass | Kind::SubclassOf);
        let self_type = if is_class && self.binds_class(function) {
            self.instance_of(receiver)
        } else {
            // `Self` is the class of a literal, not the one value.
            self.literal_class(receiver).map_or(receiver, Type::instance)
        };
        let with = with.with_self(self_type);
        let own: Signatures =
            unbound.iter().map(|each| self.substitute_signature(each, &with)).collect();
        let mut bound: Signatures =
            own.iter().filter_map(|each| self.bind_receiver(each, receiver)).collect();
        if bound.len() > 1 && self.has_dynamic(receiver) {
            self.blur_by_receiver(receiver, &own, &mut bound);
        }
        if is_class {
            self.open_class_params(receiver, &mut bound);
        }
        if bound.is_empty() {
            // The receiver fits no overload: the error is reported where the call is.
            bound = own.iter().map(|each| self.drop_first(each)).collect();
        }
        Some(bound)
    }

    /// Overloads that differ in the receiver alone, one of which takes it only for what is dynamic in it: which
    /// of their results comes out cannot be told.
    /// Source: typing spec, "Overloads", "Overload call evaluation", step 5.
    fn blur_by_receiver(&self, receiver: Type, own: &[Signature<'s>], bound: &mut Signatures<'s>) {
        let largest = self.largest(receiver);
        let fitting = own.iter().filter(|each| self.bind_receiver(each, receiver).is_some());
        let is_sure: SmallVec<[bool; 4]> =
            fitting.map(|each| self.bind_receiver(each, largest).is_some()).collect();
        let asks_same = |one: &Signature, other: &Signature| {
            let pairs = || one.parameters.iter().zip(other.parameters.iter());
            one.parameters.len() == other.parameters.len()
                && pairs().all(|(a, b)| a.kind == b.kind && self.same(a.ty, b.ty))
        };
        for at in 0..bound.len() {
            let until =
                is_sure[at..].iter().position(|&sure| sure).map_or(bound.len(), |n| at + n + 1);
            let first = bound[at];
            let differs = bound[at + 1..until.max(at + 1)].iter().any(|later| {
                asks_same(&first, later)
                    && !self.same(self.return_of(&first), self.return_of(later))
            });
            if differs {
                bound[at].returns = Some(Type::UNKNOWN);
            }
        }
    }

    /// A class method reached through a class with its own type parameters as arguments, which is how
    /// a class without arguments is bound: the call solves them.
    fn open_class_params(&self, receiver: Type, signatures: &mut Signatures<'s>) {
        if receiver.kind() != Kind::GenericClass {
            return;
        }
        let Some(info) = self.info_of(receiver) else { return };
        let arguments = self.arguments_of(receiver);
        let is_open = arguments.len() == info.type_params.len()
            && arguments.iter().zip(&info.type_params).all(|(&a, &b)| self.same(a, b));
        if !is_open {
            return;
        }
        for each in signatures {
            let mut params: SmallVec<[Type; 4]> = SmallVec::from_slice(&info.type_params);
            params.extend(each.type_params.iter().copied());
            each.type_params = self.slice(&params);
        }
    }

    /// The signatures of a function of a class as its own body sees it: `self` is of that class.
    pub(in crate::types) fn of_own_class(
        &self,
        source: Type,
        signatures: Signatures<'s>,
    ) -> Signatures<'s> {
        let own = |definition| self.host.function(self, definition).class;
        let Some(class) = source.as_function().and_then(own) else { return signatures };
        let is_self =
            |ty: Type| self.as_type_var(ty).is_some_and(|data| data.kind == TypeVarKind::SelfType);
        let takes_self = |each: &Signature| {
            each.parameters.first().is_some_and(|first| self.mentions(first.ty, &is_self))
        };
        if !signatures.iter().any(takes_self) {
            return signatures;
        }
        let instance = self.generic(class, self.identity_arguments(class));
        let with = Substitution::new().with_self(instance);
        signatures.iter().map(|each| self.substitute_signature(each, &with)).collect()
    }

    /// The signature of a method that has no parameter for its receiver, when no overload has one.
    pub(super) fn takes_no_receiver(&self, method: Type) -> Option<Signature<'s>> {
        let Data::Method { function, receiver: Some(_), .. } = *self.data(method) else {
            return None;
        };
        function.as_function()?;
        let unbound = self.signatures(function)?;
        let takes_none = |each: &Signature| {
            !each.is_gradual
                && each.parameters.iter().all(|parameter| {
                    matches!(parameter.kind, ParameterKind::KeywordOnly | ParameterKind::Keywords)
                })
        };
        unbound.iter().all(takes_none).then(|| unbound.first().copied()).flatten()
    }

    /// The annotation of the first parameter of a method that its receiver does not fit, when no
    /// overload has another.
    pub(super) fn receiver_misfit(&self, method: Type) -> Option<Type> {
        let Data::Method { function, receiver: Some(receiver), owner } = *self.data(method) else {
            return None;
        };
        let unbound = self.signatures(function)?;
        let is_annotated = |each: &Signature| {
            each.parameters.first().is_some_and(|first| {
                first.is_annotated
                    && matches!(first.kind, ParameterKind::PositionalOnly | ParameterKind::Standard)
            })
        };
        if !unbound.iter().all(is_annotated) {
            return None;
        }
        let with = owner.map(|owner| self.class_substitution(owner)).unwrap_or_default();
        let is_class =
            matches!(receiver.kind(), Kind::Class | Kind::GenericClass | Kind::SubclassOf);
        let self_type = if is_class { self.instance_of(receiver) } else { receiver };
        let with = with.with_self(self_type);
        let bound: Signatures =
            unbound.iter().map(|each| self.substitute_signature(each, &with)).collect();
        let fits = bound.iter().any(|each| self.bind_receiver(each, receiver).is_some());
        if fits { None } else { Some(bound.first()?.parameters.first()?.ty) }
    }

    /// `__new__` reached by name: which class it makes is what its first argument says.
    fn open_new_signatures(
        &self,
        function: Type,
        with: &Substitution,
        unbound: &Signatures<'s>,
    ) -> Option<Signatures<'s>> {
        let info = self.host.function(self, function.as_function()?);
        let class = info.class.filter(|_| &*info.name == "__new__")?;
        let self_type = self.self_type(class);
        Some(
            unbound
                .iter()
                .map(|each| {
                    let each = self.substitute_signature(each, with);
                    let mut params: SmallVec<[Type; 4]> = SmallVec::from_slice(&[self_type]);
                    params.extend(each.type_params.iter().copied());
                    Signature { type_params: self.slice(&params), ..each }
                })
                .collect(),
        )
    }

    /// Whether the function takes the class as its first argument.
    fn binds_class(&self, function: Type) -> bool {
        match function.as_function() {
            Some(definition) => {
                self.function_flags(definition).contains(crate::types::FunctionFlags::CLASS_METHOD)
            }
            None => true,
        }
    }

    /// `signature` without its first parameter, which `receiver` fills; `None` when it does not fit.
    pub fn bind_receiver(
        &self,
        signature: &Signature<'s>,
        receiver: Type,
    ) -> Option<Signature<'s>> {
        let Some(first) = signature.parameters.first() else {
            return Some(*signature);
        };
        if matches!(first.kind, ParameterKind::KeywordOnly | ParameterKind::Keywords) {
            return Some(*signature);
        }
        let dropped = self.drop_first(signature);
        if !first.is_annotated || signature.is_gradual && first.kind == ParameterKind::Variadic {
            return Some(dropped);
        }
        if first.kind == ParameterKind::Variadic && first.ty.kind() == Kind::ParamSpecPart {
            return Some(dropped);
        }
        if signature.type_params.is_empty() || !self.has_type_vars(first.ty) {
            return (self.is_assignable(receiver, first.ty)).then_some(dropped);
        }
        let mut solver = Solver::new(signature.type_params);
        solver.keep_literals = true;
        if !self.assign_solving(receiver, first.ty, &mut solver) {
            return None;
        }
        let with = solver.partial_solution(self);
        let open: SmallVec<[Type; 4]> = signature
            .type_params
            .iter()
            .copied()
            .filter(|&param| solver.solution_of(self, param).is_none())
            .collect();
        let bound = self.substitute_signature(&dropped, &with);
        Some(Signature { type_params: self.slice(&open), ..bound })
    }

    fn drop_first(&self, signature: &Signature<'s>) -> Signature<'s> {
        match signature.parameters.first() {
            Some(first)
                if matches!(
                    first.kind,
                    ParameterKind::PositionalOnly | ParameterKind::Standard
                ) =>
            {
                Signature { parameters: self.slice(&signature.parameters[1..]), ..*signature }
            }
            _ => *signature,
        }
    }

    /// A substitution that leaves everything as it is.
    pub fn no_substitution(&self) -> Substitution {
        Substitution::new()
    }
}
