//! One signature against the arguments of one call: types checked, variables solved.

use rustc_hash::FxHashSet;
use smallvec::SmallVec;

use super::matching::{How, MatchError, Passed, match_arguments};
use super::{ArgumentTypes, CallError, CallOutcome};
use crate::types::{
    ClassFlags, Cx, Data, Kind, Parameter, ParameterKind, Signature, Solver, Substitution, Type,
    TypeVarKind, Variance,
};

/// How deep within a parameter's type a protocol is looked for that waits for other arguments: rows of cells that may be
/// empty are five deep.
const MAX_DEPTH_OF_PROTOCOL: u32 = 6;

/// What does not match a signature. Of one with a `ParamSpec` that is still to be found only what is missing
/// is known.
fn match_errors<'s>(
    errors: &[MatchError],
    is_open: bool,
    signature: &Signature<'s>,
) -> impl Iterator<Item = CallError<'s>> {
    errors
        .iter()
        .filter(move |error| !is_open || error.is_missing())
        .map(|error| CallError::Match { error: error.clone(), signature: *signature })
}

impl<'s> Cx<'s> {
    /// Calls one of `signatures`.
    pub(in crate::types) fn call_signatures(
        &self,
        signatures: &[Signature<'s>],
        arguments: &dyn ArgumentTypes,
        expected: Option<Type>,
    ) -> CallOutcome<'s> {
        match signatures {
            [] => CallOutcome::of(Type::UNKNOWN),
            [one] => self.call_one(one, arguments, expected),
            many => self.call_overloads(many, arguments, expected),
        }
    }

    /// Calls `signature`, using what is expected of the result where that helps.
    pub(super) fn call_one(
        &self,
        signature: &Signature<'s>,
        arguments: &dyn ArgumentTypes,
        expected: Option<Type>,
    ) -> CallOutcome<'s> {
        let renamed = self.renamed(signature, arguments);
        let signature = renamed.as_ref().unwrap_or(signature);
        let hint = expected.filter(|ty| {
            !ty.is_dynamic()
                && !signature.type_params.is_empty()
                && signature.returns.is_some_and(|returns| self.has_type_vars(returns))
                // An argument of a call of the same function: its variables are open there.
                && !self.has_type_vars_of(*ty, signature.type_params)
        });
        if let Some(outcome) = self.call_forwarding_overloads(signature, arguments) {
            return outcome;
        }
        if let Some(hint) = hint {
            let outcome = self.call_checked(signature, arguments, Some(hint), true);
            if outcome.is_ok() {
                let told = self.call_as_expected(signature, arguments, hint, &outcome);
                return told.unwrap_or(outcome);
            }
        }
        let outcome = self.call_checked(signature, arguments, None, true);
        let has_pack = |each: &Parameter| {
            each.kind == ParameterKind::Variadic && each.ty.kind() == Kind::Unpacked
        };
        if !outcome.is_ok() && signature.parameters.iter().any(has_pack) {
            // The callable may say better what the pack is for.
            let second = self.call_checked(signature, arguments, None, false);
            if second.is_ok() {
                return second;
            }
        }
        outcome
    }

    /// A call whose result is a bare variable and does not fit what is expected, with that for the variable:
    /// `field(default_factory=lambda: {})` gives what it is told to, if its arguments can.
    fn call_as_expected(
        &self,
        signature: &Signature<'s>,
        arguments: &dyn ArgumentTypes,
        expected: Type,
        found: &CallOutcome<'s>,
    ) -> Option<CallOutcome<'s>> {
        let variable = signature.returns.filter(|ty| ty.kind() == Kind::TypeVar)?;
        let is_own = signature.type_params.iter().any(|&own| self.same(own, variable));
        if !is_own
            || found.returns.is_dynamic()
            || self.has_type_vars(expected)
            || !self.constraints_of(variable).is_empty()
            || self.is_assignable(found.returns, expected)
            || self.upper_bound(variable).is_some_and(|bound| !self.is_assignable(expected, bound))
        {
            return None;
        }
        let told = Substitution::of(&[variable], &[expected]);
        let second =
            self.call_checked(&self.substitute_signature(signature, &told), arguments, None, true);
        second.is_ok().then_some(second)
    }

    pub(super) fn call_checked(
        &self,
        signature: &Signature<'s>,
        arguments: &dyn ArgumentTypes,
        expected: Option<Type>,
        pack_first: bool,
    ) -> CallOutcome<'s> {
        let mut outcome = CallOutcome::of(Type::UNKNOWN);
        outcome.chosen = Some(*signature);
        outcome.expected = SmallVec::from_elem(None, arguments.kinds().len());
        let (passed, errors) = self.unpack_arguments(arguments);
        outcome.errors = errors;
        let mut solver = Solver::new(signature.type_params);
        if let Some(expected) = expected {
            self.expect_result(signature, expected, &mut solver);
            solver.keep_literals = self.wants_literal(expected);
        }
        let (head, rest) = self.split_param_spec(signature, &passed);
        let matched = match_arguments(&head, &passed[..]);
        outcome.errors.extend(match_errors(&matched.errors, rest.is_some(), signature));
        let mut binder = Binder {
            cx: self,
            signature,
            arguments,
            solver,
            forwarded: Substitution::new(),
            in_own_terms: SmallVec::new(),
            outcome: &mut outcome,
        };
        // What `*args: *Ts` takes says how a callable over `Ts` will be called.
        if pack_first {
            binder.packed(&matched.pairs, &head);
        }
        binder.arguments(&matched.pairs, &head);
        if !pack_first {
            binder.packed(&matched.pairs, &head);
        }
        if rest.is_none() {
            binder.after_many(&matched.after_many, &head);
        }
        if let Some(spec) = rest {
            binder.param_spec(&head, spec, &matched.pairs, &passed);
        }
        let (solver, forwarded) = (binder.solver, binder.forwarded);
        let in_own_terms = binder.in_own_terms;
        let returns = self.result_for(signature, &matched.pairs, arguments);
        outcome.returns = if signature.type_params.is_empty() {
            returns
        } else {
            let open = self.left_open(signature, returns, &solver);
            let mut solution = solver.solution_without(self, &open);
            self.open_own(signature, arguments, &mut solution);
            // What a lambda in an argument is given may not have been known when it was looked at. It is when it is
            // reported on.
            for (index, slot) in outcome.expected.iter_mut().enumerate() {
                let Some(asked) = slot else { continue };
                let is_callable = |ty: Type| ty.kind() == Kind::Callable;
                if self.members(*asked).iter().any(is_callable) || in_own_terms.contains(&index) {
                    *asked = self.substitute(*asked, &solution);
                }
            }
            let returns = self.substitute(self.substitute(returns, &solution), &forwarded);
            self.close_result(self.generalise(returns, &open), &solver)
        };
        if outcome.is_ok()
            && self.takes_unknown(outcome.returns)
            && let Some(result) = self.generic_over_argument(signature, arguments)
        {
            outcome.returns = result;
        }
        outcome
    }

    /// Opens a variable that was found to be a union with itself: `frozenset(a or set())` asks the inner call for its
    /// own variable, which says nothing about it. One that is given where the call stands is a type like others.
    fn open_own(
        &self,
        signature: &Signature<'s>,
        arguments: &dyn ArgumentTypes,
        solution: &mut Substitution,
    ) {
        for &param in signature.type_params.iter() {
            let value = self.substitute(param, solution);
            if value.kind() == Kind::Union
                && self.members(value).iter().any(|member| self.same(member, param))
                && !self.owner(param).is_some_and(|owner| arguments.is_within(owner))
            {
                let is_own = |member: Type| self.same(member, param);
                let opened = self
                    .map_union(value, |member| if is_own(member) { Type::UNKNOWN } else { member });
                solution.replace(self, param, opened);
            }
        }
    }

    /// Variables that nothing was learnt of and that a callable in the result takes: it is generic then.
    fn left_open(
        &self,
        signature: &Signature<'s>,
        returns: Type,
        solver: &Solver,
    ) -> SmallVec<[Type; 2]> {
        let Data::Callable(results) = (match returns.kind() {
            Kind::Callable => *self.data(returns),
            _ => return SmallVec::new(),
        }) else {
            return SmallVec::new();
        };
        let takes = |param: Type| {
            results.iter().flat_map(|each| each.parameters.iter()).any(|parameter| {
                parameter.ty.kind() != Kind::ParamSpecPart
                    && self.has_type_vars_of(parameter.ty, &[param])
            })
        };
        signature
            .type_params
            .iter()
            .copied()
            .filter(|&param| solver.solution_of(self, param).is_none() && takes(param))
            .collect()
    }

    /// `ty`, a callable, with `open` as its own variables.
    fn generalise(&self, ty: Type, open: &[Type]) -> Type {
        if open.is_empty() || ty.kind() != Kind::Callable {
            return ty;
        }
        let Data::Callable(signatures) = *self.data(ty) else { return ty };
        let signatures: SmallVec<[Signature; 1]> = signatures
            .iter()
            .map(|each| {
                let mut own: SmallVec<[Type; 4]> = SmallVec::from_slice(each.type_params);
                own.extend_from_slice(open);
                Signature { type_params: self.slice(&own), ..*each }
            })
            .collect();
        self.callable(&signatures)
    }

    /// A generic callable in a result keeps its own variables; nothing else of a generic function that
    /// a `ParamSpec` took over may be left open.
    fn close_result(&self, ty: Type, solver: &Solver) -> Type {
        let mut with = Substitution::new();
        for parameters in solver.parameter_lists(self) {
            for &param in parameters.type_params.iter() {
                if self.has_type_vars_of(ty, &[param]) && !self.binds(ty, param) {
                    with.insert(param, self.unknown_argument(param));
                }
            }
        }
        self.substitute(ty, &with)
    }

    /// Whether a callable or a list of parameters in `ty` has `param` as its own.
    fn binds(&self, ty: Type, param: Type) -> bool {
        let own = |each: &Signature| each.type_params.iter().any(|&own| self.same(own, param));
        match ty.kind() {
            Kind::Union => self.members(ty).iter().any(|member| self.binds(member, param)),
            Kind::Generic => self.arguments_of(ty).iter().any(|&each| self.binds(each, param)),
            Kind::Callable | Kind::Parameters => match *self.data(ty) {
                Data::Callable(signatures) => signatures
                    .iter()
                    .any(|each| own(each) || each.returns.is_some_and(|ty| self.binds(ty, param))),
                Data::Parameters(signature) => own(&signature),
                _ => false,
            },
            _ => false,
        }
    }

    /// Whether literals in `ty` make literals worth keeping.
    pub fn wants_literal(&self, ty: Type) -> bool {
        self.wants_literal_within(ty, 4)
    }

    /// `depth` ends the walk through recursive aliases.
    fn wants_literal_within(&self, ty: Type, depth: u32) -> bool {
        let Some(depth) = depth.checked_sub(1) else { return false };
        let any = |types: &[Type]| types.iter().any(|&each| self.wants_literal_within(each, depth));
        match ty.kind() {
            Kind::Union => any(self.members(ty).as_slice()),
            Kind::LiteralString => true,
            Kind::Generic => any(self.arguments_of(ty)),
            Kind::Tuple => self.as_tuple(ty).is_some_and(|tuple| any(tuple.elements)),
            Kind::Alias => self.wants_literal_within(self.expand_alias(ty), depth),
            _ => self.literal_class(ty).is_some(),
        }
    }

    /// Learns from what the result is used for.
    fn expect_result(&self, signature: &Signature<'s>, expected: Type, solver: &mut Solver) {
        let Some(returns) = signature.returns else { return };
        let expected = match expected.kind() {
            Kind::Union => {
                // Of `X | None` and the like, the part that the result can be.
                let wanted = self.filter_union(expected, |member| {
                    let mut trial = solver.clone();
                    !member.is_none() && self.assign_solving(returns, member, &mut trial)
                });
                if wanted.kind() == Kind::Union { return } else { wanted }
            }
            _ => expected,
        };
        if expected.is_never() || returns.kind() == Kind::TypeVar && !self.wants_literal(expected) {
            return;
        }
        let mut trial = solver.clone();
        if self.assign_solving(returns, expected, &mut trial) {
            trial.fix_any();
            *solver = trial;
        }
    }

    /// The signature up to a `ParamSpec`'s parameters, and the `ParamSpec` when there is one.
    fn split_param_spec(
        &self,
        signature: &Signature<'s>,
        _passed: &[Passed<'_>],
    ) -> (Signature<'s>, Option<Type>) {
        let list = signature.parameters;
        let found =
            (0..list.len()).find_map(|at| self.param_spec_at(list, at).map(|(spec, _)| spec));
        (*signature, found)
    }
}

struct Binder<'b, 's> {
    cx: &'b Cx<'s>,
    signature: &'b Signature<'s>,
    arguments: &'b dyn ArgumentTypes,
    solver: Solver,
    /// What the own variables of a generic function behind a `ParamSpec` were found to be.
    forwarded: Substitution,
    /// Arguments whose types came out in terms of variables of the call: they were asked for before those were known.
    in_own_terms: SmallVec<[usize; 2]>,
    outcome: &'b mut CallOutcome<'s>,
}

impl<'s> Binder<'_, 's> {
    fn is_packed(&self, parameter: &Parameter<'s>) -> bool {
        parameter.kind == ParameterKind::Variadic && parameter.ty.kind() == Kind::Unpacked
    }

    fn is_spec(&self, parameter: &Parameter<'s>) -> bool {
        parameter.ty.kind() == Kind::ParamSpecPart
    }

    /// Functions and lambdas learn from the other arguments, so that those come first. So do objects with methods that
    /// take what the others are: of overloads they then show the right one.
    fn arguments(&mut self, pairs: &[(Passed<'_>, usize)], head: &Signature<'s>) {
        let filled = self.filled_by_mappings(pairs, head);
        for wants_callable in [false, true] {
            for (argument, at) in pairs {
                let parameter = head.parameters[*at];
                let is_late = !self.solver.is_empty()
                    && (self.is_callable(parameter.ty)
                        || self.takes_solved(parameter.ty, MAX_DEPTH_OF_PROTOCOL));
                if is_late == wants_callable
                    && !self.is_packed(&parameter)
                    && !self.is_spec(&parameter)
                    && !self.comes_from_another(argument, *at, &filled, &parameter)
                {
                    self.argument(argument, &parameter);
                }
            }
        }
    }

    /// What stands after `*iterable` goes to one of the parameters that this has left: to which is not known, but it
    /// must fit one of them.
    fn after_many(&mut self, arguments: &[(Passed<'_>, Vec<usize>)], head: &Signature<'s>) {
        let cx = self.cx;
        let variables = self.signature.type_params;
        for (argument, left) in arguments {
            let found = |ty: Type| {
                argument.ty.unwrap_or_else(|| self.arguments.ty(argument.index, Some(ty)))
            };
            let fits = |&at: &usize| {
                let ty = head.parameters[at].ty;
                cx.has_type_vars_of(ty, variables) || cx.is_assignable(found(ty), ty)
            };
            if let Some(&last) = left.last().filter(|_| !left.iter().any(fits)) {
                let parameter = head.parameters[last];
                let found = found(parameter.ty);
                self.fail(argument, &parameter, parameter.ty, found);
            }
        }
    }

    /// The parameters that some `**mapping` may fill with what they take, by index, where there are several mappings.
    fn filled_by_mappings(
        &self,
        pairs: &[(Passed<'_>, usize)],
        head: &Signature<'s>,
    ) -> FxHashSet<usize> {
        let is_many = |passed: &Passed<'_>| matches!(passed.how, How::ManyKeywords);
        let mut mappings = pairs.iter().filter(|(passed, _)| is_many(passed));
        let Some((first, _)) = mappings.next() else { return FxHashSet::default() };
        if mappings.all(|(other, _)| other.index == first.index) {
            return FxHashSet::default();
        }
        let fits = |&&(passed, at): &&(Passed<'_>, usize)| {
            is_many(&passed) && self.fits(&passed, &head.parameters[at])
        };
        pairs.iter().filter(fits).map(|&(_, at)| at).collect()
    }

    fn fits(&self, passed: &Passed<'_>, parameter: &Parameter<'s>) -> bool {
        passed.ty.is_some_and(|ty| self.cx.is_assignable(ty, parameter.ty))
    }

    /// Whether what a mapping would give a parameter wrongly may come from another one, of which it is not known
    /// what it holds: `f(**options, **fixed)`.
    fn comes_from_another(
        &self,
        argument: &Passed<'_>,
        at: usize,
        filled: &FxHashSet<usize>,
        parameter: &Parameter<'s>,
    ) -> bool {
        matches!(argument.how, How::ManyKeywords)
            && parameter.kind != ParameterKind::Keywords
            && filled.contains(&at)
            && !self.fits(argument, parameter)
    }

    /// Whether a parameter takes a callable, or a callable and `None`.
    fn is_callable(&self, ty: Type) -> bool {
        match ty.kind() {
            Kind::Callable => true,
            Kind::Union => self.cx.members(ty).iter().any(|each| each.kind() == Kind::Callable),
            _ => false,
        }
    }

    /// Whether a parameter is a protocol whose methods take a variable that is still to be found, or holds such within
    /// `depth` others, which ends the walk through recursive aliases.
    fn takes_solved(&self, ty: Type, depth: u32) -> bool {
        let cx = self.cx;
        let Some(depth) = depth.checked_sub(1) else { return false };
        let ty = cx.expand_alias(ty);
        let class = match ty.kind() {
            Kind::Generic => cx.class_of(ty),
            Kind::Union => {
                return cx.members(ty).iter().any(|member| self.takes_solved(member, depth));
            }
            _ => None,
        };
        let Some(class) = class else { return false };
        let is_protocol = cx.host.class(cx, class).is(ClassFlags::PROTOCOL);
        cx.arguments_of(ty).iter().enumerate().any(|(at, &argument)| {
            is_protocol
                && self.solver.solves(cx, argument)
                && cx.host.variance(cx, class, at) == Variance::Contravariant
                || self.takes_solved(argument, depth)
        })
    }

    fn argument(&mut self, argument: &Passed<'_>, parameter: &Parameter<'s>) {
        let cx = self.cx;
        let expected = self.solver.partly_solved(cx, parameter.ty);
        let found = match argument.ty {
            Some(ty) => ty,
            None => {
                if let Some(slot) = self.outcome.expected.get_mut(argument.index) {
                    *slot = Some(expected);
                }
                self.arguments.ty(argument.index, Some(expected))
            }
        };
        let variables = self.signature.type_params;
        if !variables.is_empty() && cx.has_type_vars_of(found, variables) {
            self.in_own_terms.push(argument.index);
        }
        let may_be_display =
            argument.ty.is_none() && !self.solver.is_empty() && cx.is_of_displays(found);
        let before = may_be_display.then(|| self.solver.clone());
        if cx.assign_solving(found, parameter.ty, &mut self.solver) {
            return;
        }
        if let Some(before) = before
            && self.display(argument, parameter, found, before)
        {
            return;
        }
        // What an expectation taught may be wrong for this argument alone.
        self.fail(argument, parameter, expected, found);
    }

    /// Looks at an argument once more that does not fit, as it is if its elements teach what the variables are.
    fn display(
        &mut self,
        argument: &Passed<'_>,
        parameter: &Parameter<'s>,
        found: Type,
        before: Solver,
    ) -> bool {
        let cx = self.cx;
        let mut taught = before.clone();
        if !cx.solve_elements(found, parameter.ty, &mut taught) {
            return false;
        }
        let expected = taught.partly_solved(cx, parameter.ty);
        let again = self.arguments.ty(argument.index, Some(expected));
        let mut solver = before;
        if cx.same(again, found) || !cx.assign_solving(again, parameter.ty, &mut solver) {
            return false;
        }
        self.solver = solver;
        if let Some(slot) = self.outcome.expected.get_mut(argument.index) {
            *slot = Some(expected);
        }
        true
    }

    fn fail(
        &mut self,
        argument: &Passed<'_>,
        parameter: &Parameter<'s>,
        expected: Type,
        found: Type,
    ) {
        let cx = self.cx;
        let type_var = (parameter.ty.kind() == Kind::TypeVar
            && cx.as_type_var(parameter.ty).is_some_and(|d| d.kind == TypeVarKind::TypeVar)
            && self.solver.lower(cx, parameter.ty).is_none())
        .then_some(parameter.ty);
        let name = parameter.name;
        self.outcome.errors.push(CallError::Argument {
            index: argument.index,
            expected,
            found,
            parameter: (!name.is_empty()).then(|| name.to_owned()),
            signature: *self.signature,
            type_var,
        });
    }

    /// What is known of the elements of a pack before its arguments are looked at.
    fn pack_hints(&self, pack: Type) -> SmallVec<[Type; 4]> {
        let cx = self.cx;
        let known = match pack.kind() {
            Kind::TypeVar => self.solver.solution_of(cx, pack),
            _ => Some(self.solver.partly_solved(cx, pack)),
        };
        match known.and_then(|ty| cx.as_tuple(ty)) {
            Some(tuple) if tuple.variadic.is_none() => tuple.elements.iter().copied().collect(),
            _ => SmallVec::new(),
        }
    }

    /// Arguments that `*args: *Ts` takes, as one tuple.
    fn packed(&mut self, pairs: &[(Passed<'_>, usize)], head: &Signature<'s>) {
        let cx = self.cx;
        let Some(at) = head.parameters.iter().position(|p| self.is_packed(p)) else { return };
        let parameter = head.parameters[at];
        let hints = self.pack_hints(cx.inner_of(parameter.ty));
        let mut elements = Vec::new();
        let mut variadic = None;
        let mut first = None;
        for (argument, _) in pairs.iter().filter(|pair| pair.1 == at) {
            first.get_or_insert(*argument);
            let ty = argument.ty.unwrap_or_else(|| {
                self.arguments.ty(argument.index, hints.get(elements.len()).copied())
            });
            if matches!(argument.how, How::ManyPositional) {
                variadic = Some(elements.len());
                elements.push(if ty.kind() == Kind::Unpacked { cx.inner_of(ty) } else { ty });
            } else {
                elements.push(ty);
            }
        }
        let inner = cx.inner_of(parameter.ty);
        let is_pack =
            cx.as_type_var(inner).is_some_and(|data| data.kind == TypeVarKind::TypeVarTuple);
        // What is unpacked may be as long as it must be.
        if let Some(at) = variadic
            && let Some(wanted) = cx.as_tuple(inner)
        {
            let (before, _, after) = wanted.parts();
            let wanted = before.len() + after.len();
            let more = (wanted + 1).saturating_sub(elements.len());
            elements.splice(at..at, std::iter::repeat_n(elements[at], more));
            variadic = Some(at + more);
        }
        let found = cx.tuple_with(&elements, variadic);
        let target = if is_pack { cx.tuple_with(&[inner], Some(0)) } else { inner };
        if !cx.assign_solving(found, target, &mut self.solver) {
            let expected = self.solver.partly_solved(cx, inner);
            let argument = first.unwrap_or(Passed { index: 0, ty: None, how: How::Positional });
            self.fail(&argument, &parameter, expected, found);
        }
    }

    /// Arguments that `*args: P.args, **kwargs: P.kwargs` take, against what `P` was solved to.
    fn param_spec(
        &mut self,
        head: &Signature<'s>,
        spec: Type,
        pairs: &[(Passed<'_>, usize)],
        passed: &[Passed<'_>],
    ) {
        let cx = self.cx;
        let value = match self.solver.solves(cx, spec) {
            true => self.solver.solution_of(cx, spec),
            false => Some(spec),
        };
        let Some(value) = value else { return };
        let taken = |argument: &Passed<'_>| {
            pairs.iter().any(|(other, at)| {
                other.index == argument.index && !self.is_spec(&head.parameters[*at])
            })
        };
        let rest: SmallVec<[Passed<'_>; 8]> =
            passed.iter().filter(|argument| !taken(argument)).copied().collect();
        if value.kind() == Kind::TypeVar {
            self.forward_spec(value, &rest);
            self.named_before_spec(head, pairs);
            return;
        }
        let Data::Parameters(parameters) = *cx.data(value) else { return };
        if !parameters.type_params.is_empty() {
            let mut solver = Solver::new(parameters.type_params);
            std::mem::swap(&mut solver, &mut self.solver);
            self.check_rest(&parameters, &rest);
            std::mem::swap(&mut solver, &mut self.solver);
            let found = solver.solution(cx);
            for &param in parameters.type_params.iter() {
                let value = cx.substitute(cx.substitute(param, &found), &self.forwarded);
                self.forwarded.insert(param, value);
            }
            return;
        }
        self.check_rest(&parameters, &rest);
    }

    fn check_rest(&mut self, parameters: &Signature<'s>, rest: &[Passed<'_>]) {
        let matched = match_arguments(parameters, rest);
        let list = parameters.parameters;
        let spec =
            (0..list.len()).find_map(|at| self.cx.param_spec_at(list, at).map(|(spec, _)| spec));
        self.outcome.errors.extend(match_errors(&matched.errors, spec.is_some(), parameters));
        for (argument, at) in &matched.pairs {
            let parameter = &list[*at];
            if !self.is_packed(parameter) && !self.is_spec(parameter) {
                self.argument(argument, parameter);
            }
        }
        self.packed(&matched.pairs, parameters);
        if let Some(spec) = spec {
            self.param_spec(parameters, spec, &matched.pairs, rest);
        }
    }

    /// What `*args: P.args` holds may fill a positional parameter that is also named.
    fn named_before_spec(&mut self, head: &Signature<'s>, pairs: &[(Passed<'_>, usize)]) {
        for (argument, at) in pairs {
            if let How::Keyword(name) = argument.how
                && head.parameters[*at].kind == ParameterKind::Standard
            {
                let name = name.to_owned();
                let error = MatchError::AlreadyAssigned { index: argument.index, name };
                self.outcome.errors.push(CallError::Match { error, signature: *self.signature });
            }
        }
    }

    /// Within a function over `P`, only `*args, **kwargs` of that `P` may be passed on.
    fn forward_spec(&mut self, spec: Type, rest: &[Passed<'_>]) {
        let cx = self.cx;
        let is_part = |argument: &Passed<'_>, wanted: bool| {
            argument.ty.is_some_and(|ty| match ty.kind() {
                Kind::ParamSpecPart => matches!(
                    *cx.data(ty),
                    Data::ParamSpecPart { type_var, is_args } if is_args == wanted && cx.same(type_var, spec)
                ),
                _ => ty.is_dynamic(),
            })
        };
        let args = rest.iter().any(|a| matches!(a.how, How::ManyPositional) && is_part(a, true));
        let kwargs = rest.iter().any(|a| matches!(a.how, How::ManyKeywords) && is_part(a, false));
        let extra = rest.iter().find(|a| !is_part(a, true) && !is_part(a, false));
        let error = match (args && kwargs, extra) {
            (_, Some(extra)) => MatchError::TooMany { index: extra.index, expected: 0, given: 1 },
            (false, None) => MatchError::Missing(
                [(args, "*args"), (kwargs, "**kwargs")]
                    .iter()
                    .filter(|(present, _)| !present)
                    .map(|(_, name)| (*name).to_owned())
                    .collect(),
            ),
            (true, None) => return,
        };
        self.outcome.errors.push(CallError::Match { error, signature: *self.signature });
    }
}
