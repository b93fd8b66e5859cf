//! Calls: arguments matched to parameters, type variables solved, overloads chosen.
//!
//! Nothing here knows syntax: arguments come through [`ArgumentTypes`], which gives the type of an
//! argument for an expected type, so that the same code serves expressions and implicit calls.

mod adopt;
mod binding;
mod constructor;
mod elements;
mod fresh;
mod given;
mod kept;
mod matching;
mod overload;
mod signatures;

pub use kept::Kept;
pub use matching::{ArgumentKind, MatchError};

use super::{Cx, DefRef, Kind, Signature, Type, under_way::Step};

/// Where the types of a call's arguments come from.
pub trait ArgumentTypes {
    /// How each argument is passed.
    fn kinds(&self) -> &[ArgumentKind<'_>];
    /// The type of argument `index` where `expected` is asked for; for a starred argument the type
    /// of what is unpacked.
    fn ty(&self, index: usize, expected: Option<Type>) -> Type;
    /// As [`Self::ty`] where it is only tried whether an overload takes the argument: a display that does not
    /// become what is expected says so by its type.
    fn tried(&self, index: usize, expected: Option<Type>) -> Type {
        self.ty(index, expected)
    }
    /// Whether an argument takes its types from the others, so that it goes last: a lambda.
    fn goes_last(&self, _index: usize) -> bool {
        false
    }
    /// Whether the call stands in the body of `owner`, a class or function, where its variables are given.
    fn is_within(&self, _owner: DefRef) -> bool {
        false
    }
}

/// Arguments whose types are known.
pub struct KnownArguments<'a> {
    pub types: &'a [Type],
    kinds: smallvec::SmallVec<[ArgumentKind<'a>; 4]>,
}

impl<'a> KnownArguments<'a> {
    /// Positional arguments of these types.
    #[must_use]
    pub fn positional(types: &'a [Type]) -> Self {
        Self { types, kinds: types.iter().map(|_| ArgumentKind::Positional).collect() }
    }
}

impl ArgumentTypes for KnownArguments<'_> {
    fn kinds(&self) -> &[ArgumentKind<'_>] {
        &self.kinds
    }
    fn ty(&self, index: usize, _expected: Option<Type>) -> Type {
        self.types.get(index).copied().unwrap_or(Type::UNKNOWN)
    }
}

/// What is wrong with a call.
#[derive(Debug, Clone)]
pub enum CallError<'s> {
    /// The callee of this type cannot be called.
    NotCallable(Type),
    /// Arity and names.
    Match { error: MatchError, signature: Signature<'s> },
    /// An argument's type does not fit.
    Argument {
        index: usize,
        expected: Type,
        found: Type,
        parameter: Option<String>,
        signature: Signature<'s>,
        /// The type variable whose bound or constraints were violated.
        type_var: Option<Type>,
    },
    /// No overload takes these arguments.
    NoOverload { overloads: Vec<Signature<'s>>, best: Option<Box<Self>> },
    /// `*x` where `x` is not iterable, `**x` where it is no mapping.
    NotIterable { index: usize, found: Type, is_mapping: bool },
    /// The receiver does not fit the annotation of the method's first parameter.
    Receiver { expected: Type, found: Type },
}

/// The result of a call.
#[derive(Debug, Clone)]
pub struct CallOutcome<'s> {
    pub returns: Type,
    pub errors: Vec<CallError<'s>>,
    /// The expected type of each argument, for the pass that reports what is wrong within them.
    pub expected: smallvec::SmallVec<[Option<Type>; 8]>,
    /// The signature that was taken, where it was one.
    pub chosen: Option<Signature<'s>>,
}

impl CallOutcome<'_> {
    pub(super) fn of(returns: Type) -> Self {
        Self { returns, errors: Vec::new(), expected: smallvec::SmallVec::new(), chosen: None }
    }

    /// Whether the call is fine.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        self.errors.is_empty()
    }
}

impl<'s> Cx<'s> {
    /// Calls `callee`; `expected` is what the result is used for.
    pub fn call(
        &self,
        callee: Type,
        arguments: &dyn ArgumentTypes,
        expected: Option<Type>,
    ) -> CallOutcome<'s> {
        match callee.kind() {
            Kind::Any | Kind::Unknown | Kind::Cycle => CallOutcome::of(callee),
            Kind::WithAttribute => CallOutcome::of(Type::UNKNOWN),
            Kind::Never => CallOutcome::of(Type::NEVER),
            Kind::Alias => self.call(self.expand_alias(callee), arguments, expected),
            Kind::Union => self.call_union(callee, arguments, expected),
            Kind::Class => self.construct(callee, arguments, expected),
            Kind::GenericClass => self.construct(self.close_alias(callee), arguments, expected),
            Kind::TypeForm => self.call_type_form(callee, arguments, expected),
            Kind::SubclassOf => self.construct_subclass(callee, arguments, expected),
            Kind::Intersection => self.call_intersection(callee, arguments, expected),
            Kind::Method => match self.receiver_misfit(callee) {
                Some(expected) => {
                    let found = match *self.data(callee) {
                        super::Data::Method { receiver: Some(receiver), .. } => receiver,
                        _ => Type::UNKNOWN,
                    };
                    let mut outcome = CallOutcome::of(Type::UNKNOWN);
                    outcome.errors.push(CallError::Receiver { expected, found });
                    outcome
                }
                None => self.call_method(callee, arguments, expected),
            },
            Kind::Generic => {
                let rest = self.partial_rest(callee).unwrap_or(callee);
                self.call_with_signatures(rest, arguments, expected)
            }
            _ => self.call_with_signatures(callee, arguments, expected),
        }
    }

    fn call_method(
        &self,
        callee: Type,
        arguments: &dyn ArgumentTypes,
        expected: Option<Type>,
    ) -> CallOutcome<'s> {
        let mut outcome = self.call_with_signatures(callee, arguments, expected);
        if outcome.is_ok()
            && let Some(signature) = self.takes_no_receiver(callee)
        {
            let error =
                MatchError::TooMany { index: arguments.kinds().len(), expected: 0, given: 1 };
            outcome.errors.push(CallError::Match { error, signature });
        }
        if outcome.is_ok() && self.is_undecided(callee, arguments, &outcome) {
            outcome.returns = Type::UNKNOWN;
        }
        outcome
    }

    fn call_with_signatures(
        &self,
        callee: Type,
        arguments: &dyn ArgumentTypes,
        expected: Option<Type>,
    ) -> CallOutcome<'s> {
        match self.signatures(callee) {
            Some(signatures) => self.call_signatures(&signatures, arguments, expected),
            None => {
                let mut outcome = CallOutcome::of(Type::UNKNOWN);
                outcome.errors.push(CallError::NotCallable(callee));
                outcome
            }
        }
    }

    /// Calls `callee` with positional arguments of known types; `None` when that is an error.
    pub fn call_with(&self, callee: Type, arguments: &[Type]) -> Option<Type> {
        let call = || self.call(callee, &KnownArguments::positional(arguments), None);
        match self.once(Step::Call(self.pack(arguments, None)), callee, call) {
            Some(outcome) => outcome.is_ok().then_some(outcome.returns),
            None => Some(Type::UNKNOWN),
        }
    }

    /// As [`Self::call_with`], with the whole outcome.
    pub fn call_outcome(&self, callee: Type, arguments: &[Type]) -> CallOutcome<'s> {
        self.call(callee, &KnownArguments::positional(arguments), None)
    }

    /// Calls the special method `name` of `receiver`; `None` when there is none or it fails.
    pub fn call_dunder(&self, receiver: Type, name: &str, arguments: &[Type]) -> Option<Type> {
        if receiver.is_dynamic() {
            return Some(receiver);
        }
        if receiver.kind() == Kind::Union {
            let mut results = Vec::new();
            for member in self.members(receiver).iter() {
                results.push(self.call_dunder(member, name, arguments)?);
            }
            return Some(self.union(results));
        }
        self.call_with(self.dunder(receiver, name)?, arguments)
    }

    /// An alias that is called: what it leaves open is unknown.
    fn close_alias(&self, value: Type) -> Type {
        let open = |ty: Type| self.as_type_var(ty).is_some_and(|data| data.scope.is_none());
        if !self.mentions(value, &open) {
            return value;
        }
        let variables: Vec<Type> =
            self.free_type_vars(value).into_iter().filter(|&ty| open(ty)).collect();
        let arguments = self.default_type_arguments(&variables, &[]);
        self.substitute(value, &super::Substitution::of(&variables, &arguments))
    }

    /// Calls what an alias names; there is nothing to make of a union.
    fn call_type_form(
        &self,
        callee: Type,
        arguments: &dyn ArgumentTypes,
        expected: Option<Type>,
    ) -> CallOutcome<'s> {
        let super::Data::TypeForm { ty } = *self.data(self.close_alias(callee)) else {
            return CallOutcome::of(Type::UNKNOWN);
        };
        match (ty.kind(), self.class_of(ty)) {
            _ if self.is_classless_form(callee) => {
                let mut outcome = CallOutcome::of(Type::UNKNOWN);
                outcome.errors.push(CallError::NotCallable(callee));
                outcome
            }
            (Kind::Instance | Kind::Generic, Some(class)) => {
                self.construct(self.generic_class_of(ty, class), arguments, expected)
            }
            _ => CallOutcome::of(if ty.kind() == Kind::Tuple { ty } else { Type::UNKNOWN }),
        }
    }

    fn call_union(
        &self,
        callee: Type,
        arguments: &dyn ArgumentTypes,
        expected: Option<Type>,
    ) -> CallOutcome<'s> {
        let mut outcome = CallOutcome::of(Type::NEVER);
        let mut results = Vec::new();
        for member in self.members(callee).iter() {
            let each = self.call(member, arguments, expected);
            results.push(each.returns);
            outcome.errors.extend(each.errors);
            if outcome.expected.is_empty() {
                outcome.expected = each.expected;
            }
        }
        outcome.returns = self.union(results);
        outcome
    }

    fn call_intersection(
        &self,
        callee: Type,
        arguments: &dyn ArgumentTypes,
        expected: Option<Type>,
    ) -> CallOutcome<'s> {
        let super::Data::Intersection(parts) = *self.data(callee) else {
            return CallOutcome::of(Type::UNKNOWN);
        };
        for &part in parts.iter().filter(|part| part.kind() != Kind::Not) {
            if self.is_callable(part) {
                let outcome = self.call(part, arguments, expected);
                if outcome.is_ok() {
                    return outcome;
                }
            }
        }
        let mut outcome = CallOutcome::of(Type::UNKNOWN);
        outcome.errors.push(CallError::NotCallable(callee));
        outcome
    }

    /// Whether a value of this type can be called at all.
    pub fn is_callable(&self, ty: Type) -> bool {
        match ty.kind() {
            Kind::Class | Kind::GenericClass | Kind::SubclassOf | Kind::Special => true,
            Kind::TypeForm => match *self.data(ty) {
                super::Data::TypeForm { ty } => ty.kind() != Kind::Union,
                _ => true,
            },
            _ if ty.is_dynamic() => true,
            Kind::Union => self.members(ty).iter().all(|member| self.is_callable(member)),
            _ => self.signatures(ty).is_some(),
        }
    }
}
