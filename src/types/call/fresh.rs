//! Variables of their own for a call that stands within what it calls.
//!
//! In the body of a generic function or class its variables are given: what they are is somebody else's choice. A
//! call of the same function there asks for them anew, and the two must not be taken for each other.

use smallvec::SmallVec;

use super::ArgumentTypes;
use crate::types::{Cx, DefRef, Signature, Substitution, Type, TypeVarData, TypeVarKind};

/// In the index of a scope: the variable is that of one call. No module has so many definitions.
const OF_CALL: u32 = 1 << 31;

impl<'s> Cx<'s> {
    /// `signature` with other variables in place of those that are given where the call stands, if there are any.
    pub(super) fn renamed(
        &self,
        signature: &Signature<'s>,
        arguments: &dyn ArgumentTypes,
    ) -> Option<Signature<'s>> {
        let given: SmallVec<[Type; 4]> = signature
            .type_params
            .iter()
            .copied()
            .filter(|&param| self.owner(param).is_some_and(|owner| arguments.is_within(owner)))
            // One with a default is that where nothing is passed, whatever the result is used for.
            .filter(|&param| self.type_var_default(param).is_none())
            .collect();
        self.with_others(signature, &given)
    }

    /// `source` with other variables in place of those that are in `target` too: a class method seen from within
    /// its class.
    pub(in crate::types) fn renamed_apart(
        &self,
        source: &Signature<'s>,
        target: &Signature<'s>,
    ) -> Option<Signature<'s>> {
        let is_shared = |param: Type| {
            let is_in = |ty: Type| self.has_type_vars_of(ty, &[param]);
            target.parameters.iter().any(|each| is_in(each.ty)) || target.returns.is_some_and(is_in)
        };
        let shared: SmallVec<[Type; 4]> = source
            .type_params
            .iter()
            .copied()
            .filter(|&param| self.owner(param).is_some() && is_shared(param))
            .collect();
        self.with_others(source, &shared)
    }

    fn with_others(&self, signature: &Signature<'s>, params: &[Type]) -> Option<Signature<'s>> {
        if params.is_empty() {
            return None;
        }
        let others: SmallVec<[Type; 4]> =
            params.iter().map(|&param| self.variable_of_call(param)).collect();
        let signature = Signature { returns: Some(self.return_of(signature)), ..*signature };
        Some(self.substitute_signature(&signature, &Substitution::of(params, &others)))
    }

    /// The definition that a type variable belongs to.
    pub(super) fn owner(&self, param: Type) -> Option<DefRef> {
        let data = self.as_type_var(param)?;
        if data.kind == TypeVarKind::TypeVar { data.scope } else { None }
    }

    fn variable_of_call(&self, param: Type) -> Type {
        match (self.as_type_var(param), self.owner(param)) {
            (Some(data), Some(owner)) => {
                let scope = DefRef { index: owner.index | OF_CALL, ..owner };
                self.type_var(TypeVarData { scope: Some(scope), ..*data })
            }
            _ => param,
        }
    }
}
