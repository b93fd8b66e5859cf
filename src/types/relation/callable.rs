//! Callables against callables: signatures, overloads, parameter lists.
//! Source: typing spec, "Callables", "Assignability rules for callables".

use smallvec::SmallVec;

use super::Walk;
use crate::types::{
    Cx, Data, Kind, Parameter, ParameterKind, Signature, Solver, Substitution, Type,
};

/// A signature that says what it returns where that is inferred: the result has the signature's variables, too.
fn with_result<'s>(cx: &Cx<'s>, signature: &Signature<'s>) -> Signature<'s> {
    Signature { returns: Some(cx.return_of(signature)), ..*signature }
}

/// Whether nothing declares what a function returns.
fn is_inferred(cx: &Cx<'_>, signature: &Signature<'_>) -> bool {
    let declares = |definition| cx.host.function(cx, definition).signature.returns.is_some();
    signature.definition.is_some_and(|definition| !declares(definition))
}

impl<'s> Walk<'_, 's, '_> {
    /// `target` is a callable of some kind.
    pub(super) fn check_callable(&mut self, source: Type, target: Type) -> bool {
        let cx = self.cx;
        let Some(to) = cx.signatures(target) else { return false };
        let Some(from) = cx.signatures(source) else {
            return match source.kind() {
                Kind::Instance | Kind::Generic => {
                    cx.info_of(source).is_some_and(|info| info.is_dynamic())
                }
                Kind::Class | Kind::GenericClass | Kind::SubclassOf | Kind::Special => true,
                Kind::Super | Kind::Decorator => true,
                _ => false,
            };
        };
        // What is solved may be the `Self` of the function.
        let from = if self.solver.is_none() { cx.of_own_class(source, from) } else { from };
        // What a function declares to return is meant, literals and all.
        let is_declared = matches!(source.kind(), Kind::Function | Kind::Method)
            && from.iter().all(|each| each.returns.is_some());
        if is_declared {
            return self.within_type(|walk| walk.check_signatures(&from, &to));
        }
        self.check_signatures(&from, &to)
    }

    /// Every signature of the target is answered by some signature of the source.
    pub(super) fn check_signatures(
        &mut self,
        from: &[Signature<'s>],
        to: &[Signature<'s>],
    ) -> bool {
        to.iter().all(|target| {
            if from.len() == 1 {
                return self.check_signature(&from[0], target);
            }
            from.iter().any(|source| self.attempt(|walk| walk.check_signature(source, target)))
        })
    }

    /// One signature against one.
    pub(super) fn check_signature(
        &mut self,
        source: &Signature<'s>,
        target: &Signature<'s>,
    ) -> bool {
        let cx = self.cx;
        if source.type_params.is_empty() {
            let result = self.check_parameters(source, target);
            return result && self.check_returns(source, target);
        }
        let apart = cx.renamed_apart(source, target);
        let source = apart.as_ref().unwrap_or(source);
        let takes_pack = target.parameters.iter().any(|p| p.ty.kind() == Kind::Unpacked);
        if takes_pack {
            // What the pack takes cannot be generic itself.
            let with = Solver::new(source.type_params).solution(cx);
            let opened = cx.substitute_signature(source, &with);
            let opened = Signature { type_params: &[], ..opened };
            return self.check_parameters(&opened, target) && self.check_returns(&opened, target);
        }
        if let Some((at, spec)) = spec_of(cx, target)
            && self.solver.as_ref().is_some_and(|solver| solver.solves(cx, spec))
        {
            return self.take_over(source, target, at);
        }
        // A generic source: its own variables are solved against the target's parameters.
        let known = self.solver.as_ref().map(|solver| solver.partial_solution(cx));
        let wanted = known.map_or(*target, |known| cx.substitute_signature(target, &known));
        let mut own = Solver::new(source.type_params);
        if !(Walk { cx, mode: self.mode, solver: Some(&mut own) }).check_parameters(source, &wanted)
        {
            // What nothing is known of yet may be whatever the source asks for.
            let Some(open) = self.solver.as_ref().map(|solver| solver.solution(cx)) else {
                return false;
            };
            let wanted = cx.substitute_signature(target, &open);
            own = Solver::new(source.type_params);
            let mut inner = Walk { cx, mode: self.mode, solver: Some(&mut own) };
            if !inner.check_parameters(source, &wanted) {
                return false;
            }
        }
        let mut solved = cx.substitute_signature(&with_result(cx, source), &own.solution(cx));
        if let Some(open) = self.solver.as_ref() {
            if own.values().any(|value| open.mentions(cx, value)) {
                // What the target has yet to solve says nothing of the source's own variables.
                solved = cx.substitute_signature(&solved, &open.solution(cx));
            }
            if !self.check_parameters(&solved, target) {
                return false;
            }
        }
        self.check_returns(&solved, target)
    }

    /// A generic source whose parameters a `ParamSpec` of the target takes over from `at`: what the
    /// parameters before it do not say stays generic.
    fn take_over(&mut self, source: &Signature<'s>, target: &Signature<'s>, at: usize) -> bool {
        let cx = self.cx;
        let mut own = Solver::new(source.type_params);
        let mut inner = Walk { cx, mode: self.mode, solver: Some(&mut own) };
        let before = source.parameters.iter().zip(target.parameters.iter()).take(at);
        for (source, target) in before {
            if !inner.check(target.ty, source.ty) {
                return false;
            }
        }
        let solved = cx.substitute_signature(&with_result(cx, source), &own.solution_keeping(cx));
        self.check_parameters(&solved, target) && self.check_returns(&solved, target)
    }

    fn check_returns(&mut self, source: &Signature<'s>, target: &Signature<'s>) -> bool {
        let cx = self.cx;
        let (from, to) = (cx.return_of(source), cx.return_of(target));
        // That a body never returns is no result for a variable to stand for: other functions will be put beside it.
        let is_vain = from.is_never() && self.solver.is_some() && is_inferred(cx, source);
        self.check(if is_vain { Type::UNKNOWN } else { from }, to)
    }

    /// Lists of parameters as values of a `ParamSpec`.
    pub(super) fn check_parameter_lists(&mut self, source: Type, target: Type) -> bool {
        let cx = self.cx;
        match (cx.as_parameters(source), cx.as_parameters(target)) {
            (Some(from), Some(to)) => self.check_parameters(&from, &to),
            _ => false,
        }
    }

    /// Every call that `target` accepts is one that `source` accepts.
    fn check_parameters(&mut self, source: &Signature<'s>, target: &Signature<'s>) -> bool {
        let (from, to) = (source.parameters, target.parameters);
        // A `ParamSpec` that is being solved takes the rest of the other side.
        if let Some(answer) = self.check_param_spec(source, target) {
            return answer;
        }
        if let Some(answer) = self.check_pack(source, target) {
            return answer;
        }
        if source.is_gradual || target.is_gradual {
            // Parameters before `...` still have to agree.
            let fixed = |list: &[Parameter]| {
                list.iter()
                    .take_while(|p| {
                        matches!(p.kind, ParameterKind::PositionalOnly | ParameterKind::Standard)
                    })
                    .count()
            };
            let (own, wanted) = (fixed(from), fixed(to));
            let star = from.iter().find(|p| p.kind == ParameterKind::Variadic);
            if own < wanted && star.is_none() {
                return false;
            }
            let rest = star.map(|star| star.ty);
            return to[..wanted].iter().enumerate().all(|(at, target)| {
                let source = if at < own { Some(from[at].ty) } else { rest };
                source.is_none_or(|source| self.check(target.ty, source))
            });
        }
        let matching = Matching::new(from, to);
        self.run(matching)
    }

    fn check_param_spec(&mut self, source: &Signature<'s>, target: &Signature<'s>) -> Option<bool> {
        let cx = self.cx;
        for (of_target, mine, other) in [(true, target, source), (false, source, target)] {
            let Some((at, spec)) = spec_of(cx, mine) else { continue };
            if let Some((other_at, other_spec)) = (0..other.parameters.len())
                .find_map(|at| cx.param_spec_at(other.parameters, at).map(|(spec, _)| (at, spec)))
                && cx.same(spec, other_spec)
                && at == other_at
            {
                return Some((0..at).all(|index| {
                    let (from, to) = (source.parameters[index].ty, target.parameters[index].ty);
                    self.check(to, from)
                }));
            }
            let solves = self.solver.as_ref().is_some_and(|solver| solver.solves(cx, spec));
            if !solves {
                // The `ParamSpec` of the other side may be the one that is solved.
                let is_next = of_target
                    && spec_of(cx, other).is_some_and(|(_, own)| {
                        self.solver.as_ref().is_some_and(|solver| solver.solves(cx, own))
                    });
                if is_next {
                    continue;
                }
                if other.is_gradual {
                    return Some(true);
                }
                // Without solving, only the same ParamSpec will do (handled above).
                return Some(false);
            }
            return Some(self.bind_param_spec(mine, at, spec, other, of_target));
        }
        None
    }

    /// A `*args: *Ts` on one side takes the positional parameters of the other as one tuple.
    fn check_pack(&mut self, source: &Signature<'s>, target: &Signature<'s>) -> Option<bool> {
        let cx = self.cx;
        let pack_at = |list: &[Parameter]| {
            list.iter()
                .position(|p| p.kind == ParameterKind::Variadic && p.ty.kind() == Kind::Unpacked)
        };
        let (in_source, in_target) = (pack_at(source.parameters), pack_at(target.parameters));
        if in_source.is_none() && in_target.is_none() {
            return None;
        }
        let positional = |signature: &Signature, wanted: usize| -> (Vec<Type>, Option<usize>) {
            let mut types = Vec::new();
            let mut variadic = None;
            for parameter in signature.parameters.iter() {
                match parameter.kind {
                    ParameterKind::PositionalOnly | ParameterKind::Standard => {
                        // A parameter with a default need not be given.
                        if parameter.default.is_some() && types.len() >= wanted {
                            continue;
                        }
                        types.push(parameter.ty);
                    }
                    ParameterKind::Variadic if parameter.ty.kind() == Kind::Unpacked => {
                        let (inner, at) = cx.unpack_argument(parameter.ty);
                        variadic = at.map(|at| at + types.len());
                        types.extend(inner);
                    }
                    ParameterKind::Variadic => {
                        variadic = Some(types.len());
                        types.push(parameter.ty);
                    }
                    ParameterKind::KeywordOnly | ParameterKind::Keywords => {}
                }
            }
            (types, variadic)
        };
        if source.is_gradual || target.is_gradual {
            return Some(true);
        }
        let named = |list: &[Parameter<'s>]| -> SmallVec<[Parameter<'s>; 4]> {
            let by_name = |p: &&Parameter| {
                matches!(p.kind, ParameterKind::KeywordOnly | ParameterKind::Keywords)
            };
            list.iter().filter(by_name).copied().collect()
        };
        let by_name = Matching::new(&named(source.parameters), &named(target.parameters));
        if !self.run(by_name) {
            return Some(false);
        }
        // What the pack takes is known where its arguments were looked at first.
        let known = self.solver.as_ref().and_then(|solver| {
            let inner = cx.inner_of(target.parameters[in_target?].ty);
            let value = solver.lower(cx, inner)?;
            let with = Substitution::of(&[inner], &[value]);
            let target = cx.substitute_signature(target, &with);
            Some(positional(&target, 0))
        });
        if let Some((to, to_at)) = known {
            let wanted = if to_at.is_some() { usize::MAX } else { to.len() };
            let (from, from_at) = positional(source, wanted);
            let (to, from) = (cx.tuple_with(&to, to_at), cx.tuple_with(&from, from_at));
            return Some(self.check(to, from));
        }
        let ((to, to_at), (from, from_at)) =
            (positional(target, 0), positional(source, usize::MAX));
        if let Some(answer) = self.pack_takes(&to, to_at, &from, from_at) {
            return Some(answer);
        }
        let (to, from) = (cx.tuple_with(&to, to_at), cx.tuple_with(&from, from_at));
        // Arguments flow from the target's parameters to the source's.
        Some(if in_target.is_some() { self.check(from, to) } else { self.check(to, from) })
    }

    /// `*args: *Ts` of the target takes fixed parameters of the source: they are what the arguments of
    /// that pack may be at most. `None` when it is another case.
    fn pack_takes(
        &mut self,
        to: &[Type],
        to_at: Option<usize>,
        from: &[Type],
        from_at: Option<usize>,
    ) -> Option<bool> {
        let cx = self.cx;
        let at = to_at.filter(|_| from_at.is_none())?;
        let pack = to[at];
        if !self.solves(pack) {
            return None;
        }
        let after = &to[at + 1..];
        if from.len() < at + after.len() {
            return Some(false);
        }
        let (head, rest) = from.split_at(at);
        let (middle, tail) = rest.split_at(rest.len() - after.len());
        let sides = to[..at].iter().zip(head).chain(after.iter().zip(tail));
        let mut fits = true;
        for (&to, &from) in sides {
            fits &= self.check(to, from);
        }
        let middle = cx.tuple(middle);
        let solver = self.solver.as_mut()?;
        Some(fits && solver.add_upper(cx, pack, middle))
    }

    /// Solves the `ParamSpec` behind `mine[..at]` as what `other` has after its first parameters.
    fn bind_param_spec(
        &mut self,
        mine: &Signature<'s>,
        at: usize,
        spec: Type,
        other: &Signature<'s>,
        mine_is_target: bool,
    ) -> bool {
        let cx = self.cx;
        let rest = other.parameters;
        let mut taken = 0;
        for index in 0..at {
            let own = mine.parameters[index];
            let Some(theirs) = rest.get(taken) else { return other.is_gradual };
            let positional = matches!(
                theirs.kind,
                ParameterKind::PositionalOnly | ParameterKind::Standard | ParameterKind::Variadic
            );
            if !positional {
                return false;
            }
            let fits = if mine_is_target {
                self.check(own.ty, theirs.ty)
            } else {
                self.check(theirs.ty, own.ty)
            };
            if !fits {
                return false;
            }
            if theirs.kind != ParameterKind::Variadic {
                taken += 1;
            }
        }
        let remaining = Signature {
            parameters: cx.slice(&rest[taken..]),
            returns: Some(Type::UNKNOWN),
            definition: None,
            type_params: other.type_params,
            is_gradual: other.is_gradual,
        };
        // `*args: P.args, **kwargs: P.kwargs` alone stands for `P` itself.
        let value = match cx.param_spec_at(remaining.parameters, 0) {
            Some((inner, 2)) if remaining.parameters.len() == 2 => inner,
            _ => cx.parameters(&remaining),
        };
        if mine_is_target { self.check(value, spec) } else { self.check(spec, value) }
    }

    fn run(&mut self, matching: Option<Matching>) -> bool {
        let Some(matching) = matching else { return false };
        matching.pairs.iter().all(|&(to, from)| self.check(to, from))
    }
}

/// The `ParamSpec` in a signature, and where it stands.
fn spec_of<'s>(cx: &Cx<'s>, signature: &Signature<'s>) -> Option<(usize, Type)> {
    let list = signature.parameters;
    (0..list.len()).find_map(|at| cx.param_spec_at(list, at).map(|(spec, _)| (at, spec)))
}

/// Which parameter types of the target must be assignable to which of the source.
struct Matching {
    pairs: SmallVec<[(Type, Type); 8]>,
}

impl Matching {
    /// `None` when some call of the target does not fit the source, whatever the types.
    fn new<'s>(from: &[Parameter<'s>], to: &[Parameter<'s>]) -> Option<Self> {
        let mut pairs: SmallVec<[(Type, Type); 8]> = SmallVec::new();
        let positional = |list: &[Parameter<'s>]| -> Vec<Parameter<'s>> {
            list.iter()
                .filter(|p| {
                    matches!(p.kind, ParameterKind::PositionalOnly | ParameterKind::Standard)
                })
                .copied()
                .collect()
        };
        let find = |list: &[Parameter<'s>], kind| list.iter().find(|p| p.kind == kind).copied();
        let (source, target) = (positional(from), positional(to));
        let source_star = find(from, ParameterKind::Variadic);
        let target_star = find(to, ParameterKind::Variadic);
        let source_keywords = find(from, ParameterKind::Keywords);
        let target_keywords = find(to, ParameterKind::Keywords);
        let mut used_by_name: SmallVec<[&str; 8]> = SmallVec::new();
        for (index, wanted) in target.iter().enumerate() {
            let Some(own) = source.get(index) else {
                let star = source_star?;
                pairs.push((wanted.ty, star.ty));
                if wanted.kind == ParameterKind::Standard {
                    // The name may be used too: a keyword parameter must take it.
                    match from
                        .iter()
                        .find(|p| p.kind == ParameterKind::KeywordOnly && p.name == wanted.name)
                    {
                        Some(keyword) => {
                            pairs.push((wanted.ty, keyword.ty));
                            used_by_name.push(keyword.name);
                        }
                        None => pairs.push((wanted.ty, source_keywords?.ty)),
                    }
                }
                continue;
            };
            if wanted.kind == ParameterKind::Standard
                && (own.kind == ParameterKind::PositionalOnly || own.name != wanted.name)
            {
                return None;
            }
            if wanted.default.is_some() && own.default.is_none() {
                return None;
            }
            pairs.push((wanted.ty, own.ty));
        }
        Self::extra_positional(
            &source,
            target.len(),
            target_star,
            to,
            target_keywords,
            &mut pairs,
        )?;
        if let Some(star) = target_star {
            pairs.push((star.ty, source_star?.ty));
        }
        Self::keywords(
            from,
            to,
            source_keywords,
            target_keywords,
            &used_by_name,
            &source,
            target.len(),
            &mut pairs,
        )?;
        Some(Self { pairs })
    }

    /// Positional parameters of the source that the target has no counterpart for.
    fn extra_positional<'s>(
        source: &[Parameter<'s>],
        matched: usize,
        target_star: Option<Parameter<'s>>,
        to: &[Parameter<'s>],
        target_keywords: Option<Parameter<'s>>,
        pairs: &mut SmallVec<[(Type, Type); 8]>,
    ) -> Option<()> {
        for own in source.iter().skip(matched) {
            if let Some(star) = target_star {
                pairs.push((star.ty, own.ty));
            }
            let by_name =
                to.iter().find(|p| p.kind == ParameterKind::KeywordOnly && p.name == own.name);
            if own.default.is_some() {
                continue;
            }
            let named =
                own.kind == ParameterKind::Standard && by_name.is_some_and(|p| p.default.is_none());
            let _ = target_keywords;
            if !named && (target_star.is_none() || by_name.is_none()) {
                return None;
            }
        }
        Some(())
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of two signatures, each once")]
    fn keywords<'s>(
        from: &[Parameter<'s>],
        to: &[Parameter<'s>],
        source_keywords: Option<Parameter<'s>>,
        target_keywords: Option<Parameter<'s>>,
        used_by_name: &[&str],
        source: &[Parameter<'s>],
        matched: usize,
        pairs: &mut SmallVec<[(Type, Type); 8]>,
    ) -> Option<()> {
        let keyword_only = |list: &[Parameter<'s>]| -> SmallVec<[Parameter<'s>; 8]> {
            list.iter().filter(|p| p.kind == ParameterKind::KeywordOnly).copied().collect()
        };
        for wanted in keyword_only(to) {
            let own = from
                .iter()
                .filter(|p| p.kind == ParameterKind::KeywordOnly)
                .chain(source.iter().skip(matched).filter(|p| p.kind == ParameterKind::Standard))
                .find(|p| p.name == wanted.name);
            match own {
                Some(own) => {
                    if wanted.default.is_some() && own.default.is_none() {
                        return None;
                    }
                    pairs.push((wanted.ty, own.ty));
                }
                None => pairs.push((wanted.ty, source_keywords?.ty)),
            }
        }
        for own in keyword_only(from) {
            let named =
                to.iter().any(|p| p.kind == ParameterKind::KeywordOnly && p.name == own.name);
            if named || used_by_name.contains(&own.name) {
                continue;
            }
            own.default?;
            if let Some(keywords) = target_keywords {
                pairs.push((keywords.ty, own.ty));
            }
        }
        if let Some(keywords) = target_keywords {
            // What the target names itself does not come by its `**kwargs`.
            let named = |own: &Parameter| {
                to.iter().any(|p| p.kind == ParameterKind::KeywordOnly && p.name == own.name)
            };
            for own in source.iter().skip(matched).filter(|p| p.kind == ParameterKind::Standard) {
                if !named(own) {
                    pairs.push((keywords.ty, own.ty));
                }
            }
            pairs.push((keywords.ty, source_keywords?.ty));
        }
        Some(())
    }
}

impl<'s> Cx<'s> {
    /// The signature behind a `Parameters` type or a bare `ParamSpec`.
    pub fn as_parameters(&self, ty: Type) -> Option<Signature<'s>> {
        match ty.kind() {
            Kind::Parameters => match self.data(ty) {
                Data::Parameters(signature) => Some(*signature),
                _ => None,
            },
            Kind::TypeVar => Some(self.param_spec_signature(ty, &[], Type::UNKNOWN)),
            _ if ty.is_dynamic() => Some(self.gradual_signature(Type::UNKNOWN)),
            _ => None,
        }
    }

    /// `Concatenate[before, P]` as a signature.
    pub fn param_spec_signature(
        &self,
        spec: Type,
        before: &[Type],
        returns: Type,
    ) -> Signature<'s> {
        let parameter = |name: &str, kind, ty| Parameter {
            name: self.string(name),
            kind,
            ty,
            is_annotated: true,
            default: None,
        };
        let mut parameters: SmallVec<[Parameter; 8]> =
            before.iter().map(|&ty| parameter("", ParameterKind::PositionalOnly, ty)).collect();
        parameters.push(parameter(
            "args",
            ParameterKind::Variadic,
            self.param_spec_part(spec, true),
        ));
        parameters.push(parameter(
            "kwargs",
            ParameterKind::Keywords,
            self.param_spec_part(spec, false),
        ));
        Signature {
            parameters: self.slice(&parameters),
            returns: Some(returns),
            definition: None,
            type_params: &[],
            is_gradual: false,
        }
    }

    /// The result of a signature: declared, or inferred from the body.
    pub fn return_of(&self, signature: &Signature<'s>) -> Type {
        match (signature.returns, signature.definition) {
            (Some(ty), _) => ty,
            (None, Some(definition)) => self.host.inferred_return(self, definition),
            (None, None) => Type::UNKNOWN,
        }
    }
}

impl Solver {
    /// The solution for comparing signatures: literals stay.
    fn solution_keeping(&self, cx: &Cx<'_>) -> crate::types::Substitution {
        let mut own = self.clone();
        own.keep_literals = true;
        own.partial_solution(cx)
    }
}
