//! Inferred results of functions whose defaults come out of them.
//!
//! `def first(xs, default=None)` returns its default where it was not given one: a call that gives another gets
//! no `None` back.

use super::ArgumentTypes;
use super::matching::{How, Passed};
use crate::policy::Policy;
use crate::types::{Cx, DefRef, Kind, Parameter, Signature, Type};

impl<'s> Cx<'s> {
    /// The result of `signature` for these arguments: of what is inferred, without the defaults of parameters
    /// that are given something else, where they come from nowhere else.
    pub(super) fn result_for(
        &self,
        signature: &Signature<'s>,
        pairs: &[(Passed<'_>, usize)],
        arguments: &dyn ArgumentTypes,
    ) -> Type {
        let result = self.return_of(signature);
        if result.kind() != Kind::Union || !self.holds(Policy::GivenDefaults) {
            return result;
        }
        let is_inferred =
            |&function: &DefRef| self.host.function(self, function).signature.returns.is_none();
        let Some(function) = signature.definition.filter(is_inferred) else { return result };
        let replaced = |member: Type| {
            let mut any = false;
            let others = signature.parameters.iter().enumerate().all(|(at, parameter)| {
                if !self.is_default_of(member, parameter) {
                    return true;
                }
                any = true;
                pairs.iter().any(|&(argument, to)| {
                    to == at && self.is_surely_not(&argument, member, arguments)
                })
            });
            any && others
        };
        if !self.members(result).iter().any(replaced) {
            return result;
        }
        let given = self.host.result_of_given(self, function);
        self.filter_union(result, |member| {
            !replaced(member) || self.members(given).iter().any(|each| self.same(each, member))
        })
    }

    fn is_default_of(&self, member: Type, parameter: &Parameter<'s>) -> bool {
        let default = parameter.default.filter(|_| !parameter.is_annotated);
        default.is_some_and(|default| self.same(self.promote_literals(default), member))
    }

    /// Whether an argument is one value, and not `member`.
    fn is_surely_not(
        &self,
        argument: &Passed<'_>,
        member: Type,
        arguments: &dyn ArgumentTypes,
    ) -> bool {
        if matches!(argument.how, How::ManyPositional | How::ManyKeywords) {
            return false;
        }
        let ty = argument.ty.unwrap_or_else(|| arguments.ty(argument.index, None));
        let ty = self.promote_literals(ty);
        !self.members(self.expand_alias(ty)).iter().any(|each| self.same(each, member))
    }
}
