//! A generic function handed to a function that makes a callable of it: `wrap(identity)`.
//!
//! What is asked of the argument is open, so that nothing is learnt of its own variables; the result is generic over
//! them, as `identity` is.

use smallvec::SmallVec;

use super::ArgumentTypes;
use crate::types::{Cx, Data, Kind, ParameterKind, Signature, Solver, Type};

impl<'s> Cx<'s> {
    /// Whether `ty` is a callable that takes something of which nothing is known.
    pub(super) fn takes_unknown(&self, ty: Type) -> bool {
        ty.kind() == Kind::Callable
            && matches!(*self.data(ty), Data::Callable([one])
                if one.parameters.iter().any(|each| self.has_dynamic(each.ty)))
    }

    /// The result of a call whose only argument is a generic function, where that is a callable over the variables of
    /// the argument.
    pub(super) fn generic_over_argument(
        &self,
        signature: &Signature<'s>,
        arguments: &dyn ArgumentTypes,
    ) -> Option<Type> {
        let returns = signature.returns.filter(|ty| ty.kind() == Kind::Callable)?;
        let [parameter, rest @ ..] = signature.parameters else { return None };
        if arguments.kinds().len() != 1
            || signature.type_params.is_empty()
            || parameter.ty.kind() != Kind::Callable
            || parameter.kind == ParameterKind::KeywordOnly
            || rest.iter().any(|each| each.ty.kind() == Kind::ParamSpecPart)
        {
            return None;
        }
        let found = arguments.ty(0, None);
        if !matches!(found.kind(), Kind::Function | Kind::Callable) {
            return None;
        }
        let signatures = self.signatures(found)?;
        let [source] = signatures.as_slice() else { return None };
        let is_shared =
            |param: &Type| signature.type_params.iter().any(|&own| self.same(own, *param));
        if source.type_params.is_empty() || source.type_params.iter().any(is_shared) {
            return None;
        }
        let opened =
            Signature { type_params: &[], returns: Some(self.return_of(source)), ..*source };
        let mut solver = Solver::new(signature.type_params);
        if !self.assign_solving(self.callable(&[opened]), parameter.ty, &mut solver) {
            return None;
        }
        let result = self.substitute(returns, &solver.solution(self));
        let Data::Callable(results) = *self.data(result) else { return None };
        let [made] = results else { return None };
        let is_taken = |param: &Type| {
            made.parameters.iter().any(|each| self.has_type_vars_of(each.ty, &[*param]))
        };
        let (taken, left): (SmallVec<[Type; 4]>, SmallVec<[Type; 4]>) =
            source.type_params.iter().copied().partition(is_taken);
        if taken.is_empty() || self.has_type_vars_of(result, &left) {
            return None;
        }
        let own = self.slice(&taken);
        Some(self.callable(&[Signature { type_params: own, ..*made }]))
    }
}
