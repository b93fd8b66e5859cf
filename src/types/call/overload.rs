//! Overload evaluation. Source: typing spec, "Overloads", "Overload call evaluation".

use smallvec::SmallVec;

use super::matching::{How, MatchError, Passed, match_arguments};
use super::{ArgumentKind, ArgumentTypes, CallError, CallOutcome};
use crate::source::stack;
use crate::types::{Cx, Data, DefRef, Kind, Parameter, ParameterKind, Signature, Type};

/// So many aliases are looked into, of all that a type names: aliases of aliases double with each step.
const MAX_ALIASES: usize = 16;

/// At most this many combinations of expanded argument types are tried.
const MAX_EXPANSIONS: usize = 64;

/// An argument with more elements of tuples than this, in each other, is not expanded.
const MAX_EXPANDED_ELEMENTS: usize = 1_024;

/// With so many overloads, those that the first argument alone rules out are left out at once.
const MANY: usize = 16;

/// Arguments of which some have a type that was decided by expansion.
struct Expanded<'a> {
    base: &'a dyn ArgumentTypes,
    fixed: SmallVec<[(usize, Type); 4]>,
}

impl ArgumentTypes for Expanded<'_> {
    fn kinds(&self) -> &[ArgumentKind<'_>] {
        self.base.kinds()
    }
    fn ty(&self, index: usize, expected: Option<Type>) -> Type {
        match self.fixed.iter().find(|(at, _)| *at == index) {
            Some(&(_, ty)) => ty,
            None => self.base.ty(index, expected),
        }
    }
    fn is_within(&self, owner: DefRef) -> bool {
        self.base.is_within(owner)
    }
}

/// Arguments of a call whose overload is still to be found.
struct Tried<'a>(&'a dyn ArgumentTypes);

impl ArgumentTypes for Tried<'_> {
    fn kinds(&self) -> &[ArgumentKind<'_>] {
        self.0.kinds()
    }
    fn ty(&self, index: usize, expected: Option<Type>) -> Type {
        self.0.tried(index, expected)
    }
    fn goes_last(&self, index: usize) -> bool {
        self.0.goes_last(index)
    }
    fn is_within(&self, owner: DefRef) -> bool {
        self.0.is_within(owner)
    }
}

impl<'s> Cx<'s> {
    pub(super) fn call_overloads(
        &self,
        overloads: &[Signature<'s>],
        arguments: &dyn ArgumentTypes,
        expected: Option<Type>,
    ) -> CallOutcome<'s> {
        let (passed, errors) = self.unpack_arguments(arguments);
        if let Some(outcome) = self.first_of_many(overloads, &passed, arguments, expected) {
            return outcome;
        }
        let fitting = self.of_arity(overloads, &passed);
        if fitting.len() == 1 && errors.is_empty() {
            return self.call_one(&fitting[0], arguments, expected);
        }
        let candidates: &[Signature] = if fitting.is_empty() { overloads } else { &fitting };
        let arguments: &dyn ArgumentTypes = &Tried(arguments);
        // Step 2: types; step 5 and 6 where an argument is dynamic.
        if let Some(outcome) = self.first_match(candidates, arguments, expected) {
            return outcome;
        }
        // Step 3: expansion of unions, bools, enums and tuples.
        if let Some(outcome) = self.expand_and_call(candidates, arguments, expected) {
            return outcome;
        }
        let mut outcome = CallOutcome::of(Type::UNKNOWN);
        let best = candidates.first().map(|first| self.call_one(first, arguments, None));
        if let Some(best) = &best {
            outcome.expected.clone_from(&SmallVec::from_elem(None, best.expected.len()));
        }
        outcome.errors.push(CallError::NoOverload {
            overloads: overloads.to_vec(),
            best: (fitting.len() == 1)
                .then(|| best.and_then(|best| best.errors.into_iter().next()).map(Box::new))
                .flatten(),
        });
        outcome
    }

    /// Step 1: the overloads that take as many arguments of these names.
    fn of_arity<'a>(
        &self,
        overloads: impl IntoIterator<Item = &'a Signature<'s>>,
        passed: &[Passed<'_>],
    ) -> SmallVec<[Signature<'s>; 4]>
    where
        's: 'a,
    {
        let takes = |each: &&Signature<'s>| {
            let errors = match_arguments(each, passed).errors;
            match self.has_param_spec(each) {
                true => !errors.iter().any(MatchError::is_missing),
                false => errors.is_empty(),
            }
        };
        overloads.into_iter().filter(takes).copied().collect()
    }

    /// The match among many overloads: a function that is told what to do by a name or a class has hundreds, and few
    /// of them take the first argument. Where none matches, all of them are looked at.
    fn first_of_many(
        &self,
        overloads: &[Signature<'s>],
        passed: &[Passed<'_>],
        arguments: &dyn ArgumentTypes,
        expected: Option<Type>,
    ) -> Option<CallOutcome<'s>> {
        if overloads.len() < MANY || arguments.kinds().first() != Some(&ArgumentKind::Positional) {
            return None;
        }
        let first = arguments.ty(0, None);
        let is_plain = first.kind() == Kind::Instance || self.literal_class(first).is_some();
        if !is_plain {
            return None;
        }
        let is_refused = |each: &&Signature<'s>| {
            each.parameters.first().is_some_and(|parameter| {
                matches!(parameter.kind, ParameterKind::PositionalOnly | ParameterKind::Standard)
                    && (parameter.ty.kind() == Kind::Instance
                        || self.literal_class(parameter.ty).is_some())
                    && !self.is_assignable(first, parameter.ty)
            })
        };
        let fitting = self.of_arity(overloads.iter().filter(|each| !is_refused(each)), passed);
        self.first_match(&fitting, &Tried(arguments), expected)
    }

    /// Why overloads do not take the arguments: of those that take as many and of these names (of all of them, if none
    /// does) the first error of each and how many errors it has, as far as `most`, those with the fewest errors first;
    /// and how many there are in all. For what is reported alone.
    pub fn why_no_overload(
        &self,
        overloads: &[Signature<'s>],
        arguments: &dyn ArgumentTypes,
        most: usize,
    ) -> (Vec<(Signature<'s>, CallError<'s>, usize)>, usize) {
        let (passed, _) = self.unpack_arguments(arguments);
        let fitting = self.of_arity(overloads, &passed);
        let shown: &[Signature<'s>] = if fitting.is_empty() { overloads } else { &fitting };
        let count = shown.len();
        let first_error = |signature: &Signature<'s>| {
            let errors = self.call_one(signature, arguments, None).errors;
            let number = errors.len();
            Some((*signature, errors.into_iter().next()?, number))
        };
        let mut errors: Vec<_> = shown.iter().filter_map(first_error).take(most).collect();
        errors.sort_by_key(|(_, _, number)| *number);
        (errors, count)
    }

    /// A call that hands an overloaded callable to a parameter `Callable[P, ...]`: it is made for
    /// each overload, and callables that come out are overloads of the result.
    /// Source: typing spec, "Constructors", "Converting a constructor to callable".
    pub(super) fn call_forwarding_overloads(
        &self,
        signature: &Signature<'s>,
        arguments: &dyn ArgumentTypes,
    ) -> Option<CallOutcome<'s>> {
        let forwards = |parameter: &Parameter| match *self.payload(parameter.ty) {
            Data::Callable(signatures) if signatures.len() == 1 => {
                self.has_param_spec(&signatures[0])
            }
            _ => false,
        };
        if !signature.parameters.iter().any(forwards) {
            return None;
        }
        let (passed, _) = self.unpack_arguments(arguments);
        let matched = match_arguments(signature, &passed);
        let (index, overloads) = matched.pairs.iter().find_map(|(argument, at)| {
            if !forwards(&signature.parameters[*at]) || argument.ty.is_some() {
                return None;
            }
            let found = self.signatures(arguments.ty(argument.index, None))?;
            (found.len() > 1).then_some((argument.index, found))
        })?;
        let mut results: Vec<Signature> = Vec::new();
        let mut last: Option<CallOutcome> = None;
        for overload in overloads {
            let fixed = SmallVec::from_slice(&[(index, self.callable(&[overload]))]);
            let outcome =
                self.call_checked(signature, &Expanded { base: arguments, fixed }, None, true);
            if !outcome.is_ok() {
                continue;
            }
            match *self.payload(outcome.returns) {
                Data::Callable(signatures) => results.extend(signatures.iter().copied()),
                // What comes out is no callable: the first overload that takes the arguments.
                _ => return last.is_none().then_some(outcome),
            }
            last = Some(outcome);
        }
        Some(CallOutcome { returns: self.callable(&results), ..last? })
    }

    fn has_param_spec(&self, signature: &Signature<'s>) -> bool {
        (0..signature.parameters.len())
            .any(|at| self.param_spec_at(signature.parameters, at).is_some())
    }

    fn first_match(
        &self,
        candidates: &[Signature<'s>],
        arguments: &dyn ArgumentTypes,
        expected: Option<Type>,
    ) -> Option<CallOutcome<'s>> {
        let preferred = self.prefer_variadic(candidates, arguments);
        let candidates = preferred.as_deref().unwrap_or(candidates);
        for (index, each) in candidates.iter().enumerate() {
            let outcome = self.call_one(each, arguments, expected);
            if !outcome.is_ok() {
                continue;
            }
            let ambiguous = match self.has_dynamic_argument(arguments, &outcome) {
                true => self.later_result(&candidates[index + 1..], arguments, &outcome),
                false => None,
            };
            return Some(match ambiguous {
                Some(returns) => CallOutcome { returns, ..outcome },
                None => outcome,
            });
        }
        None
    }

    /// Step 4: where an argument supplies any number of values, the overloads that match and take
    /// it with a variadic parameter, if there are such among several that match.
    fn prefer_variadic(
        &self,
        candidates: &[Signature<'s>],
        arguments: &dyn ArgumentTypes,
    ) -> Option<SmallVec<[Signature<'s>; 4]>> {
        let unpacks =
            |kind: &ArgumentKind<'_>| matches!(kind, ArgumentKind::Star | ArgumentKind::DoubleStar);
        if !arguments.kinds().iter().any(unpacks) {
            return None;
        }
        let (passed, _) = self.unpack_arguments(arguments);
        let is_many = |how: How<'_>| matches!(how, How::ManyPositional | How::ManyKeywords);
        if !passed.iter().any(|argument| is_many(argument.how)) {
            return None;
        }
        let takes_many = |signature: &Signature| {
            match_arguments(signature, &passed).pairs.iter().any(|(argument, at)| {
                let kind = signature.parameters[*at].kind;
                is_many(argument.how)
                    && matches!(kind, ParameterKind::Variadic | ParameterKind::Keywords)
            })
        };
        let mut variadic: SmallVec<[Signature; 4]> = SmallVec::new();
        let mut others = false;
        for each in candidates {
            if !self.call_one(each, arguments, None).is_ok() {
                continue;
            }
            if takes_many(each) {
                variadic.push(*each);
            } else {
                others = true;
            }
        }
        (others && !variadic.is_empty()).then_some(variadic)
    }

    /// Whether something in the arguments is dynamic, each as `outcome` takes it: what a display
    /// leaves open its expected type may close.
    fn has_dynamic_argument(
        &self,
        arguments: &dyn ArgumentTypes,
        outcome: &CallOutcome<'s>,
    ) -> bool {
        (0..arguments.kinds().len())
            .any(|index| self.is_open(self.argument_for(arguments, index, outcome)))
    }

    fn argument_for(
        &self,
        arguments: &dyn ArgumentTypes,
        index: usize,
        outcome: &CallOutcome<'s>,
    ) -> Type {
        let plain = arguments.ty(index, None);
        match outcome.expected.get(index).copied().flatten() {
            Some(expected) if self.has_dynamic(plain) => arguments.ty(index, Some(expected)),
            _ => plain,
        }
    }

    /// Whether what is not known of an argument may decide which overload is meant.
    fn is_open(&self, ty: Type) -> bool {
        self.has_dynamic(ty) || self.open_signature(ty).is_some()
    }

    /// The signature of a function some of whose parameters are annotated with what is not known.
    fn open_signature(&self, ty: Type) -> Option<Signature<'s>> {
        if !matches!(ty.kind(), Kind::Function | Kind::Method | Kind::Callable) {
            return None;
        }
        let signatures = self.signatures(ty)?;
        let [only] = signatures.as_slice() else { return None };
        only.parameters.iter().any(is_open_parameter).then_some(*only)
    }

    /// Whether a dynamic type is somewhere in `ty`, or in what it is an alias of.
    pub fn has_dynamic(&self, ty: Type) -> bool {
        self.has_dynamic_within(ty, &mut { MAX_ALIASES })
    }

    fn has_dynamic_within(&self, ty: Type, aliases: &mut usize) -> bool {
        let mut holds = |part: Type| self.has_dynamic_within(part, aliases);
        match ty.kind() {
            _ if ty.is_dynamic() => true,
            Kind::Union => self.members(ty).iter().any(holds),
            Kind::Generic => self.arguments_of(ty).iter().any(|&each| holds(each)),
            Kind::Tuple => self
                .as_tuple(ty)
                .is_some_and(|tuple| tuple.elements.iter().any(|&each| holds(each))),
            Kind::SubclassOf => self.inner_of(ty).is_dynamic(),
            Kind::Alias if *aliases > 0 => {
                *aliases -= 1;
                self.has_dynamic_within(self.expand_alias(ty), aliases)
            }
            _ => false,
        }
    }

    /// The result where a later overload also matches, with another result, only because an argument is
    /// dynamic: `Unknown`, or the later one where that is the first but for what is dynamic in it.
    /// Where every materialisation of the arguments takes the first, it does not matter.
    fn later_result(
        &self,
        later: &[Signature<'s>],
        arguments: &dyn ArgumentTypes,
        first: &CallOutcome<'s>,
    ) -> Option<Type> {
        let chosen = first.chosen?;
        let materialised =
            Expanded { base: arguments, fixed: self.largest_arguments(arguments, first) };
        // Later overloads cannot matter once one takes all that the arguments may be.
        let takes_all = |each: &Signature<'s>| self.call_one(each, &materialised, None).is_ok();
        if takes_all(&chosen) {
            return None;
        }
        let mut vaguer = None;
        for each in later {
            let outcome = self.call_one(each, arguments, None);
            if !outcome.is_ok() || !self.could_decide(arguments, first, &outcome) {
                continue;
            }
            if !self.is_equivalent(outcome.returns, first.returns)
                && !self.same(outcome.returns, first.returns)
            {
                // `list[T]` and `list[Unknown | T]`: what is known stays known.
                let is_vaguer = outcome.returns.kind() == Kind::Generic
                    && !self.has_dynamic(first.returns)
                    && self.class_of(outcome.returns) == self.class_of(first.returns)
                    && self.has_dynamic(outcome.returns)
                    && self.is_consistent(outcome.returns, first.returns);
                if !is_vaguer {
                    return Some(Type::UNKNOWN);
                }
                vaguer = Some(outcome.returns);
            }
            if takes_all(each) {
                break;
            }
        }
        vaguer
    }

    /// Whether a dynamic argument may be something that `later` takes and `first` does not. Where both
    /// ask for the same of it, it is no reason to take the later one.
    fn could_decide(
        &self,
        arguments: &dyn ArgumentTypes,
        first: &CallOutcome<'s>,
        later: &CallOutcome<'s>,
    ) -> bool {
        (0..arguments.kinds().len()).any(|index| {
            let asked = |outcome: &CallOutcome| outcome.expected.get(index).copied().flatten();
            self.is_open(self.argument_for(arguments, index, first))
                && match (asked(first), asked(later)) {
                    (Some(first), Some(later)) => !self.is_subtype(later, first),
                    _ => true,
                }
        })
    }

    /// Whether what is dynamic in the receiver of an overloaded method leaves open which overload is meant: the one
    /// that was taken asks for more than the receiver is known to be, and a later one gives something else.
    pub(super) fn is_undecided(
        &self,
        method: Type,
        arguments: &dyn ArgumentTypes,
        first: &CallOutcome<'s>,
    ) -> bool {
        let Data::Method { function, receiver: Some(receiver), owner } = *self.data(method) else {
            return false;
        };
        if !self.has_dynamic(receiver) || first.returns.is_dynamic() {
            return false;
        }
        let Some(unbound) = self.signatures(function).filter(|all| all.len() > 1) else {
            return false;
        };
        let asks = |each: &Signature| each.parameters.first().is_some_and(|it| it.is_annotated);
        if !unbound.iter().any(asks) {
            return false;
        }
        let with = owner.map(|owner| self.class_substitution(owner)).unwrap_or_default();
        let with = with.with_self(receiver);
        let largest = self.largest(receiver);
        for each in &unbound {
            let each = Signature { returns: Some(self.return_of(each)), ..*each };
            let each = self.substitute_signature(&each, &with);
            let Some(bound) = self.bind_receiver(&each, receiver) else { continue };
            let outcome = self.call_one(&bound, arguments, None);
            if !outcome.is_ok() {
                continue;
            }
            if !self.same(outcome.returns, first.returns)
                && !self.is_equivalent(outcome.returns, first.returns)
            {
                return true;
            }
            if self.bind_receiver(&each, largest).is_some() {
                return false;
            }
        }
        false
    }

    /// The arguments in which something is dynamic, with `object` in its place.
    fn largest_arguments(
        &self,
        arguments: &dyn ArgumentTypes,
        first: &CallOutcome<'s>,
    ) -> SmallVec<[(usize, Type); 4]> {
        (0..arguments.kinds().len())
            .filter_map(|index| {
                let ty = self.argument_for(arguments, index, first);
                self.is_open(ty).then(|| (index, self.largest(ty)))
            })
            .collect()
    }

    /// `ty` with `object` for what is dynamic in it.
    pub(super) fn largest(&self, ty: Type) -> Type {
        self.largest_within(ty, &mut { MAX_ALIASES })
    }

    fn largest_within(&self, ty: Type, aliases: &mut usize) -> Type {
        if let Some(signature) = self.open_signature(ty) {
            // It may take nothing at all.
            let narrowed = |each: &Parameter<'s>| match is_open_parameter(each) {
                true => Parameter { ty: Type::NEVER, ..*each },
                false => *each,
            };
            let parameters: Vec<Parameter<'s>> =
                signature.parameters.iter().map(narrowed).collect();
            return self
                .callable(&[Signature { parameters: self.slice(&parameters), ..signature }]);
        }
        let mut part = |each: Type| self.largest_within(each, aliases);
        match ty.kind() {
            _ if ty.is_dynamic() => self.object(),
            Kind::Union => self.map_union(ty, part),
            Kind::Generic => {
                let Some(class) = self.class_of(ty) else { return ty };
                let arguments: SmallVec<[Type; 4]> =
                    self.arguments_of(ty).iter().map(|&each| part(each)).collect();
                self.generic(class, &arguments)
            }
            Kind::Tuple => {
                let Some(tuple) = self.as_tuple(ty) else { return ty };
                let elements: SmallVec<[Type; 8]> =
                    tuple.elements.iter().map(|&each| part(each)).collect();
                self.tuple_with(&elements, tuple.variadic.map(|at| at as usize))
            }
            Kind::SubclassOf => self.subclass_of(part(self.inner_of(ty))),
            Kind::Alias if *aliases > 0 && self.has_dynamic(ty) => {
                *aliases -= 1;
                self.largest_within(self.expand_alias(ty), aliases)
            }
            _ => ty,
        }
    }

    fn expand_and_call(
        &self,
        candidates: &[Signature<'s>],
        arguments: &dyn ArgumentTypes,
        expected: Option<Type>,
    ) -> Option<CallOutcome<'s>> {
        let count = arguments.kinds().len();
        let mut combinations: Vec<SmallVec<[(usize, Type); 4]>> = vec![SmallVec::new()];
        for index in 0..count {
            let ty = arguments.ty(index, None);
            // What is unpacked is expanded too, as long as it is a tuple.
            let is_single = match arguments.kinds()[index] {
                ArgumentKind::Positional | ArgumentKind::Keyword(_) => true,
                ArgumentKind::Star => {
                    self.members(ty).iter().all(|member| member.kind() == Kind::Tuple)
                }
                ArgumentKind::DoubleStar => false,
            };
            if !is_single {
                continue;
            }
            let Some(parts) = self.expand_argument(ty) else { continue };
            if combinations.len() * parts.len() > MAX_EXPANSIONS {
                break;
            }
            combinations = combinations
                .iter()
                .flat_map(|combination| {
                    parts.iter().map(move |&part| {
                        let mut combination = combination.clone();
                        combination.push((index, part));
                        combination
                    })
                })
                .collect();
            let mut results = Vec::new();
            let mut last = None;
            let all = combinations.iter().all(|combination| {
                let expanded = Expanded { base: arguments, fixed: combination.clone() };
                match self.first_match(candidates, &expanded, expected) {
                    Some(outcome) => {
                        results.push(outcome.returns);
                        last = Some(outcome);
                        true
                    }
                    None => false,
                }
            });
            if all && let Some(last) = last {
                return Some(CallOutcome { returns: self.union(results), ..last });
            }
        }
        None
    }

    /// The parts that an argument type is expanded into.
    fn expand_argument(&self, ty: Type) -> Option<Vec<Type>> {
        let mut left = MAX_EXPANDED_ELEMENTS;
        self.expand_part(ty, &mut left)
    }

    /// The same for a part of an argument. An alias may lead back to itself, or to many by way of a few: no more than so
    /// many elements are looked at.
    fn expand_part(&self, ty: Type, left: &mut usize) -> Option<Vec<Type>> {
        let ty = self.expand_alias(ty);
        match ty.kind() {
            Kind::Union => Some(self.members(ty).iter().collect()),
            Kind::Instance => self.expand_finite(ty),
            Kind::SubclassOf => None,
            Kind::Tuple => stack::deeper(|| self.expand_elements(ty, left)),
            _ => None,
        }
    }

    /// Every row of parts of the elements of a tuple.
    fn expand_elements(&self, tuple: Type, left: &mut usize) -> Option<Vec<Type>> {
        let tuple = self.as_tuple(tuple)?;
        tuple.fixed_len()?;
        let mut rows: Vec<Vec<Type>> = vec![Vec::new()];
        let mut expanded = false;
        for &element in tuple.elements.iter() {
            *left = left.checked_sub(1)?;
            let parts = self.expand_part(element, left);
            expanded |= parts.is_some();
            let parts = parts.unwrap_or_else(|| vec![element]);
            let row_with = |row: &Vec<Type>, part: Type| [&row[..], &[part]].concat();
            rows = rows
                .iter()
                .flat_map(|row| parts.iter().map(move |&part| row_with(row, part)))
                .collect();
            if rows.len() > MAX_EXPANSIONS {
                return None;
            }
        }
        expanded.then(|| rows.iter().map(|row| self.tuple(row)).collect())
    }
}

fn is_open_parameter(parameter: &Parameter<'_>) -> bool {
    parameter.is_annotated && parameter.ty.is_dynamic()
}
