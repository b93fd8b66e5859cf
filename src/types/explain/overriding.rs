//! A method in place of the one that it overrides, as those see it who call it through the base.

use super::callable::{is_positional, of_kind};
use super::list_of_names;
use crate::types::{Cx, Parameter, ParameterKind, Signature, Type};

/// More reasons than this say less.
const MOST: usize = 3;

impl<'s> Cx<'s> {
    /// What of two methods does not fit, in words; nothing where there is no simple thing to say.
    pub fn override_differences(&self, own: Type, base: Type) -> Vec<String> {
        let (Some(own), Some(base)) = (self.signatures(own), self.signatures(base)) else {
            return Vec::new();
        };
        let ([own], [base]) = (own.as_slice(), base.as_slice()) else { return Vec::new() };
        let mut reasons = Vec::new();
        if !own.is_gradual && !base.is_gradual {
            self.parameter_differences(own, base, &mut reasons);
        }
        let (Some(found), Some(expected)) = (own.returns, base.returns) else { return reasons };
        // Type variables of the methods themselves are compared with the parameters that they stand in.
        let is_generic = !own.type_params.is_empty() || !base.type_params.is_empty();
        let differs = match is_generic {
            true => reasons.is_empty() && self.fits_as(own, own.parameters, base, base.parameters),
            false => !self.is_assignable(found, expected),
        };
        // What a parameter makes of a type variable is to be seen in the result.
        let parameter = (differs && is_generic && self.has_type_vars(found))
            .then(|| self.parameter_behind_result(own, base))
            .flatten();
        if let Some(parameter) = parameter {
            reasons.push(parameter);
        } else if differs {
            let (expected, found) = self.display_apart(expected, found);
            reasons.push(format!("the result `{found}` is not assignable to `{expected}`"));
        }
        reasons.truncate(MOST);
        reasons
    }

    fn parameter_differences(
        &self,
        own: &Signature<'s>,
        base: &Signature<'s>,
        reasons: &mut Vec<String>,
    ) {
        let mut missing = Vec::new();
        let mut others = Vec::new();
        let positional: Vec<&Parameter<'s>> =
            own.parameters.iter().filter(|each| is_positional(each)).collect();
        for (at, expected) in base.parameters.iter().enumerate() {
            match counterpart(own.parameters, &positional, at, expected) {
                Some(found) => others.extend(self.differs(own, found, base, expected)),
                None => missing.push(shown_name(expected)),
            }
        }
        match missing.as_slice() {
            [] => {}
            [only] => reasons.push(format!("parameter {only} is missing")),
            many => reasons.push(format!("parameters {} are missing", list_of_names(many))),
        }
        reasons.extend(others);
    }

    /// The parameter that makes something else of the type variables in the result.
    fn parameter_behind_result(&self, own: &Signature<'s>, base: &Signature<'s>) -> Option<String> {
        let positional: Vec<&Parameter<'s>> =
            own.parameters.iter().filter(|each| is_positional(each)).collect();
        let with = |signature: &Signature<'s>, parameter: &Parameter<'s>| {
            let kind = ParameterKind::PositionalOnly;
            let parameters = self.slice(&[Parameter { kind, default: None, ..*parameter }]);
            self.callable(&[Signature { parameters, definition: None, ..*signature }])
        };
        base.parameters.iter().enumerate().find_map(|(at, expected)| {
            let found = counterpart(own.parameters, &positional, at, expected)?;
            let is_it = self.has_type_vars(found.ty)
                && !self.is_assignable(with(own, found), with(base, expected));
            is_it.then(|| self.takes_instead(found, expected))
        })
    }

    fn takes_instead(&self, found: &Parameter<'s>, expected: &Parameter<'s>) -> String {
        let (expected, takes) = self.display_apart(expected.ty, found.ty);
        format!("parameter {} takes `{takes}` instead of `{expected}`", shown_name(found))
    }

    /// How a parameter differs from the one that it stands for.
    fn differs(
        &self,
        own: &Signature<'s>,
        found: &Parameter<'s>,
        base: &Signature<'s>,
        expected: &Parameter<'s>,
    ) -> Option<String> {
        let are_standard = [found, expected].iter().all(|it| it.kind == ParameterKind::Standard);
        if are_standard && found.name != expected.name {
            return Some(format!(
                "parameter `{}` is called `{}` in the overridden method",
                found.name, expected.name
            ));
        }
        let one = |parameter: &Parameter<'s>| {
            let kind = ParameterKind::PositionalOnly;
            self.slice(&[Parameter { kind, default: None, ..*parameter }])
        };
        if self.fits_as(own, one(found), base, one(expected)) {
            return None;
        }
        Some(self.takes_instead(found, expected))
    }

    /// Whether a method with these parameters takes what the other one is called with, whatever they give back.
    fn fits_as(
        &self,
        own: &Signature<'s>,
        own_parameters: &'s [Parameter<'s>],
        base: &Signature<'s>,
        base_parameters: &'s [Parameter<'s>],
    ) -> bool {
        let with = |signature: &Signature<'s>, parameters| {
            let returns = Some(Type::UNKNOWN);
            self.callable(&[Signature { parameters, returns, definition: None, ..*signature }])
        };
        self.is_assignable(with(own, own_parameters), with(base, base_parameters))
    }
}

/// The parameter that takes what callers give for the one at `at` of the base.
fn counterpart<'l, 's>(
    own: &'l [Parameter<'s>],
    positional: &[&'l Parameter<'s>],
    at: usize,
    expected: &Parameter<'s>,
) -> Option<&'l Parameter<'s>> {
    match expected.kind {
        ParameterKind::PositionalOnly | ParameterKind::Standard => {
            positional.get(at).copied().or_else(|| of_kind(own, ParameterKind::Variadic))
        }
        ParameterKind::KeywordOnly => own
            .iter()
            .find(|each| {
                each.name == expected.name
                    && matches!(each.kind, ParameterKind::KeywordOnly | ParameterKind::Standard)
            })
            .or_else(|| of_kind(own, ParameterKind::Keywords)),
        kind => of_kind(own, kind),
    }
}

fn shown_name(parameter: &Parameter<'_>) -> String {
    let stars = match parameter.kind {
        ParameterKind::Variadic => "*",
        ParameterKind::Keywords => "**",
        _ => "",
    };
    format!("`{stars}{}`", parameter.name)
}
