//! Constructor calls: metaclass `__call__`, `__new__`, `__init__`.
//! Source: typing spec, "Constructors".

use smallvec::{SmallVec, smallvec};

use super::signatures::Signatures;
use super::{ArgumentTypes, CallError, CallOutcome};
use crate::policy::Policy;
use crate::types::{
    ClassFlags, ClassInfo, Cx, Kind, Known, Lookup, Member, Parameter, ParameterKind, Signature,
    Type, under_way::Step,
};

/// What runs when a class is called, in order.
#[derive(Clone, Copy)]
pub(super) struct Steps<'s> {
    signatures: &'s [&'s [Signature<'s>]],
    /// An annotation of `self` or `cls` that the class does not fit, and what does not fit it.
    misfit: Option<(Type, Type)>,
}

impl<'s> Cx<'s> {
    /// Calls a class object.
    pub(super) fn construct(
        &self,
        class_object: Type,
        arguments: &dyn ArgumentTypes,
        expected: Option<Type>,
    ) -> CallOutcome<'s> {
        let Some(info) = self.info_of(class_object) else { return CallOutcome::of(Type::UNKNOWN) };
        // An enum is asked for the member with a value; what its `__new__` takes is for making members.
        // Source: typing spec, "Enumerations", "Enum Functional Syntax".
        if info.is(ClassFlags::DYNAMIC_MEMBERS) || info.is(ClassFlags::ENUM) {
            return CallOutcome::of(self.instance_of(class_object));
        }
        let Some(steps) = self.constructor_steps(class_object, info) else {
            return CallOutcome::of(Type::UNKNOWN);
        };
        if let Some(&(expected, found)) = steps.misfit.as_ref() {
            let mut outcome = CallOutcome::of(self.instance_of(class_object));
            outcome.errors.push(CallError::Receiver { expected, found });
            return outcome;
        }
        let mut outcome: Option<CallOutcome> = None;
        for signatures in steps.signatures {
            let mut each = self.call_signatures(signatures, arguments, expected);
            if let Some(first) = outcome {
                let known = self.better_known(first.returns, each.returns, arguments);
                // What was expected decides nothing that `__init__` knows from the arguments.
                let is_expected = expected.is_some()
                    && self.same(known, first.returns)
                    && !self.same(known, each.returns)
                    && !self.has_dynamic(each.returns);
                let is_open = || {
                    let of_new = self.call_signatures(steps.signatures[0], arguments, None);
                    self.has_dynamic(of_new.returns)
                };
                each.returns = if is_expected && is_open() { each.returns } else { known };
            }
            if !each.is_ok() {
                each.returns = self.instance_of(class_object);
                return each;
            }
            let is_instance = self.constructs(each.returns, info);
            let done = !is_instance;
            outcome = Some(each);
            if done {
                break;
            }
        }
        let mut outcome =
            outcome.unwrap_or_else(|| CallOutcome::of(self.instance_of(class_object)));
        if self.holds(Policy::OneInstance)
            && outcome.returns.is_unknown()
            && self.makes_instances(steps.signatures, info)
        {
            // Of several overloads that an unknown argument fits, each makes an instance.
            outcome.returns = self.instance_of(class_object);
        }
        outcome
    }

    /// `__new__` said what comes out; `__init__` may know type arguments better: the key of `defaultdict(int)` is
    /// open to both, and its value to the first alone. What `__init__` makes of an argument that is not known whole
    /// is a guess.
    fn better_known(&self, of_new: Type, of_init: Type, arguments: &dyn ArgumentTypes) -> Type {
        if !self.has_dynamic(of_new) {
            return of_new;
        }
        if !self.has_dynamic(of_init) {
            return of_init;
        }
        let is_generic = |ty: Type| ty.kind() == Kind::Generic;
        let is_sure = || {
            (0..arguments.kinds().len()).all(|index| !self.has_dynamic(arguments.ty(index, None)))
        };
        let Some(class) = self.class_of(of_new).filter(|_| is_generic(of_new)) else {
            return of_new;
        };
        if !is_generic(of_init) || self.class_of(of_init) != Some(class) || !is_sure() {
            return of_new;
        }
        let choose = |(&of_new, &of_init): (&Type, &Type)| {
            // `dict[Unknown, Unknown]`, for one, is more than nothing.
            let is_better = match of_new.is_dynamic() {
                true => !of_init.is_dynamic(),
                false => self.has_dynamic(of_new) && !self.has_dynamic(of_init),
            };
            if is_better { of_init } else { of_new }
        };
        let pairs = self.arguments_of(of_new).iter().zip(self.arguments_of(of_init));
        let chosen: SmallVec<[Type; 4]> = pairs.map(choose).collect();
        self.generic(class, &chosen)
    }

    /// Whether every overload of what runs first makes an instance of the class.
    fn makes_instances(&self, steps: &[&[Signature<'s>]], info: &ClassInfo) -> bool {
        steps.first().is_some_and(|overloads| {
            overloads.len() > 1
                && overloads.iter().all(|each| {
                    let returns = self.return_of(each);
                    self.info_of(returns).is_some_and(|other| other.inherits(info.class))
                })
        })
    }

    /// Whether `__new__` returned an instance of its class, so that `__init__` runs.
    fn constructs(&self, returns: Type, info: &ClassInfo) -> bool {
        if returns.is_dynamic() {
            return returns.kind() != Kind::Any;
        }
        match returns.kind() {
            Kind::Union => self.members(returns).iter().all(|member| self.constructs(member, info)),
            Kind::TypeVar => true,
            _ => self.info_of(returns).is_some_and(|other| other.inherits(info.class)),
        }
    }

    pub(super) fn construct_subclass(
        &self,
        callee: Type,
        arguments: &dyn ArgumentTypes,
        expected: Option<Type>,
    ) -> CallOutcome<'s> {
        let inner = self.inner_of(callee);
        match inner.kind() {
            Kind::TypeVar => {
                let constraints = self.constraints_of(inner);
                let bound = match self.upper_bound(inner) {
                    None if constraints.is_empty() => Some(self.object()),
                    None => constraints.first().copied(),
                    bound => bound,
                };
                let checked = bound
                    .filter(|bound| self.class_of(*bound).is_some())
                    .map(|bound| self.construct_subclass(self.subclass_of(bound), arguments, None));
                let mut outcome = checked.unwrap_or_else(|| CallOutcome::of(inner));
                outcome.returns = inner;
                outcome
            }
            _ => match self.class_of(inner) {
                Some(class) => {
                    let class_object = self.generic_class_of(inner, class);
                    let mut outcome = self.construct(class_object, arguments, expected);
                    if arguments.kinds().len() >= 3 && self.is_instance_of(inner, Known::Type) {
                        // `type(x)(name, bases, {})`: the metaclass makes a class, of which nothing is known.
                        outcome.returns = self.subclass_of(Type::UNKNOWN);
                        return outcome;
                    }
                    if self.same(outcome.returns, self.instance_of(class_object)) {
                        outcome.returns = inner;
                    }
                    outcome
                }
                None => {
                    for index in 0..arguments.kinds().len() {
                        arguments.ty(index, None);
                    }
                    CallOutcome::of(inner)
                }
            },
        }
    }

    /// A constructor as signatures, for comparing with callables.
    pub(in crate::types) fn constructor_signatures(&self, class_object: Type) -> Signatures<'s> {
        let Some(info) = self.info_of(class_object) else {
            return smallvec![self.gradual_signature(Type::UNKNOWN)];
        };
        let Some(steps) = self.constructor_steps(class_object, info) else {
            return smallvec![self.gradual_signature(Type::UNKNOWN)];
        };
        match *steps.signatures {
            [] => smallvec![self.gradual_signature(self.instance_of(class_object))],
            [first, .., last] => {
                let returns = first.first().map(|first| self.return_of(first));
                let is_other = returns.is_some_and(|returns| !self.constructs(returns, info));
                Signatures::from_slice(if is_other { first } else { last })
            }
            [only] => Signatures::from_slice(only),
        }
    }

    /// What runs when the class is called, in order; `None` where that comes back to the class.
    fn constructor_steps(&self, class_object: Type, info: &'s ClassInfo) -> Option<Steps<'s>> {
        self.kept(
            |kept| &kept.constructors,
            class_object,
            || self.once(Step::Constructor, class_object, || self.steps_of(class_object, info)),
        )
    }

    fn steps_of(&self, class_object: Type, info: &'s ClassInfo) -> Steps<'s> {
        let mut steps: SmallVec<[&[Signature]; 2]> = SmallVec::new();
        let mut misfit = None;
        if let Some((step, is_alone)) = self.metaclass_call(class_object, info) {
            steps.push(self.slice(&step));
            if is_alone {
                return Steps { signatures: self.slice(&steps), misfit };
            }
        }
        // Without explicit arguments the call solves the class's own type parameters.
        let is_open = class_object.kind() == Kind::Class && !info.type_params.is_empty();
        let receiver =
            if is_open { self.generic_class(info.class, &info.type_params) } else { class_object };
        let own: &[Type] = if is_open { &info.type_params } else { &[] };
        let instance = match info.class {
            class if self.is_known(class, Known::Tuple) && is_open => {
                self.generic(class, &info.type_params)
            }
            _ => self.instance_of(receiver),
        };
        let new = self.class_lookup_after(receiver, "__new__", None, false);
        let init = self.class_lookup_after(receiver, "__init__", None, false);
        let of_object = |member: &Option<Member>| {
            member.as_ref().is_none_or(|member| {
                member.class.is_some_and(|class| self.is_known(class, Known::Object))
            })
        };
        let mut is_plain = true;
        if let Some(member) = &new
            && !of_object(&new)
        {
            is_plain = false;
            let signatures = self.new_signatures(member, receiver, instance, own);
            if signatures.is_empty() {
                misfit = self.misfit(member, receiver, instance, receiver);
            }
            steps.push(self.slice(&signatures));
        }
        if let Some(member) = &init
            && (!of_object(&init))
        {
            is_plain = false;
            let signatures = self.init_signatures(member, receiver, instance, own);
            if signatures.is_empty() {
                misfit = misfit.or_else(|| self.misfit(member, receiver, instance, instance));
            }
            steps.push(self.slice(&signatures));
        }
        if is_plain && info.is(ClassFlags::OPEN_SPECIAL) {
            steps.push(self.slice(&[self.gradual_signature(instance)]));
        } else if is_plain {
            steps.push(self.slice(&[Signature {
                parameters: &[],
                returns: Some(instance),
                definition: None,
                type_params: self.slice(own),
                is_gradual: false,
            }]));
        }
        Steps { signatures: self.slice(&steps), misfit }
    }

    /// The annotation of the first parameter that the class or instance does not fit, with what
    /// it does not fit: no signature of a constructor is left.
    fn misfit(
        &self,
        member: &Member,
        receiver: Type,
        instance: Type,
        found: Type,
    ) -> Option<(Type, Type)> {
        let unbound = self.unbound_signatures(member, receiver, instance)?;
        let first = unbound.first()?.parameters.first()?;
        Some((first.ty, found))
    }

    /// A metaclass's own `__call__`, and whether it decides alone: when it says that something
    /// else than an instance comes out. An unannotated one is taken to pass the arguments on.
    fn metaclass_call(
        &self,
        class_object: Type,
        info: &ClassInfo,
    ) -> Option<(Signatures<'s>, bool)> {
        let meta = self.metaclass_of(info);
        if meta.is_dynamic() {
            let instance = self.instance_of(class_object);
            return Some((smallvec![self.gradual_signature(instance)], true));
        }
        let member = self.class_lookup_after(meta, "__call__", None, false)?;
        let owner = member.class?;
        if self.is_known(owner, Known::Type) || self.is_known(owner, Known::EnumMeta) {
            return None;
        }
        let bound = self.bind_member(&member, Lookup { receiver: Some(class_object), class: meta });
        let signatures = self.signatures(bound)?;
        let declares = |signature: &Signature| match signature.definition {
            Some(definition) => self.host.function(self, definition).signature.returns.is_some(),
            None => true,
        };
        if !signatures.iter().any(declares) {
            return None;
        }
        let passes_on = signatures.iter().all(|signature| {
            let returns = self.return_of(signature);
            returns.is_unknown() || self.same(returns, self.instance_of(class_object))
        });
        Some((signatures, !passes_on))
    }

    fn new_signatures(
        &self,
        member: &Member,
        receiver: Type,
        instance: Type,
        own: &[Type],
    ) -> Signatures<'s> {
        if member.class.is_none() {
            // A base that is not known: its `__new__` is taken to make an instance.
            return smallvec![self.gradual_signature(instance)];
        }
        let Some(unbound) = self.unbound_signatures(member, receiver, instance) else {
            return smallvec![self.gradual_signature(Type::UNKNOWN)];
        };
        let bound: Signatures = unbound
            .iter()
            .filter_map(|signature| {
                let signature = self.with_type_params(signature, own);
                self.bind_new(&signature, receiver, own)
            })
            .collect();
        bound
            .into_iter()
            .map(|signature| match signature.returns {
                None => Signature { returns: Some(instance), ..signature },
                Some(returns) if returns.is_unknown() => {
                    Signature { returns: Some(instance), ..signature }
                }
                Some(_) => signature,
            })
            .collect()
    }

    /// The signatures of a member as the specialised class has them, `Self` being `instance`.
    fn unbound_signatures(
        &self,
        member: &Member,
        receiver: Type,
        instance: Type,
    ) -> Option<Signatures<'s>> {
        let with = self.class_substitution(member.owner).with_self(instance);
        let ty = member.place.ty;
        if matches!(ty.kind(), Kind::Function | Kind::Callable) {
            let signatures = self.signatures(ty)?;
            return Some(
                signatures.iter().map(|each| self.substitute_signature(each, &with)).collect(),
            );
        }
        let bound = self.bind_member(member, Lookup { receiver: None, class: receiver });
        self.signatures(self.substitute(bound, &with))
    }

    /// Drops `cls`; an annotation of it that the class does not fit drops the overload.
    fn bind_new(
        &self,
        signature: &Signature<'s>,
        receiver: Type,
        own: &[Type],
    ) -> Option<Signature<'s>> {
        let bound = match self.bind_receiver(signature, receiver) {
            // What is still open becomes what the annotation asks for.
            None if !own.is_empty() => self.without_first(signature),
            bound => bound?,
        };
        Some(if own.is_empty() { bound } else { self.with_type_params(&bound, own) })
    }

    fn init_signatures(
        &self,
        member: &Member,
        receiver: Type,
        instance: Type,
        own: &[Type],
    ) -> Signatures<'s> {
        let Some(unbound) = self.unbound_signatures(member, receiver, instance) else {
            return smallvec![self.gradual_signature(instance)];
        };
        let mut bound: Signatures = SmallVec::new();
        for signature in &unbound {
            let first = signature.parameters.first().copied();
            let returns = match first {
                // `self: Foo[int]` says what this overload makes.
                Some(first)
                    if first.is_annotated
                        && !own.is_empty()
                        && self.class_of(first.ty).is_some() =>
                {
                    first.ty
                }
                _ => instance,
            };
            let keeps_own = self.same(returns, instance);
            let Some(dropped) = (if own.is_empty() {
                self.bind_receiver(signature, instance)
            } else {
                Some(self.without_first(signature))
            }) else {
                continue;
            };
            let all = if keeps_own || self.has_type_vars(returns) { own } else { &[] };
            bound
                .push(Signature { returns: Some(returns), ..self.with_type_params(&dropped, all) });
        }
        bound
    }

    fn without_first(&self, signature: &Signature<'s>) -> Signature<'s> {
        let drops = signature.parameters.first().is_some_and(|first: &Parameter| {
            matches!(first.kind, ParameterKind::PositionalOnly | ParameterKind::Standard)
        });
        if drops {
            Signature { parameters: self.slice(&signature.parameters[1..]), ..*signature }
        } else {
            *signature
        }
    }

    /// `signature` with more variables to solve, first.
    fn with_type_params(&self, signature: &Signature<'s>, more: &[Type]) -> Signature<'s> {
        if more.is_empty() {
            return *signature;
        }
        let mut all: SmallVec<[Type; 4]> = more.iter().copied().collect();
        for &own in signature.type_params.iter() {
            if !all.iter().any(|&known| self.same(known, own)) {
                all.push(own);
            }
        }
        Signature { type_params: self.slice(&all), ..*signature }
    }
}
