//! A method in place of the one that it overrides, as those see it who call it through the base.

use super::callable::{is_positional, of_kind};
use super::list_of_names;
use crate::types::{Cx, FunctionFlags, Known, Parameter, ParameterKind, Signature, Type};

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
        let is_awaited = differs.then(|| self.async_difference(own, base)).flatten();
        if let Some(parameter) = parameter {
            reasons.push(parameter);
        } else if differs && is_awaited.is_none() {
            self.result_difference(found, expected, &mut reasons);
        }
        reasons.splice(0..0, is_awaited);
        reasons.truncate(MOST);
        reasons
    }

    /// What a coroutine gives that is awaited.
    fn coroutine_result(&self, ty: Type) -> Option<Type> {
        let is_it = [Known::Coroutine, Known::CoroutineType]
            .into_iter()
            .any(|known| self.is_instance_of(ty, known));
        is_it.then(|| self.arguments_of(ty).get(2).copied())?
    }

    /// The result of an override that does not fit, and why.
    fn result_difference(&self, found: Type, expected: Type, reasons: &mut Vec<String>) {
        let awaited = self.coroutine_result(found).zip(self.coroutine_result(expected));
        let (what, found, expected) = match awaited {
            Some((found, expected)) => ("what it gives when it is awaited", found, expected),
            None => ("the result", found, expected),
        };
        let (wanted, given) = self.display_apart(expected, found);
        reasons.push(format!("{what}, `{given}`, is not assignable to `{wanted}`"));
        reasons.extend(self.explain(found, expected).notes);
    }

    /// One of two methods that has to be awaited, where the other does not.
    fn async_difference(&self, own: &Signature<'s>, base: &Signature<'s>) -> Option<String> {
        let [(own_is_async, own), (base_is_async, base)] = [own, base].map(|signature| {
            let info = signature.definition.map(|it| self.host.function(self, it));
            let is_async = info.is_some_and(|info| {
                info.is(FunctionFlags::ASYNC) && !info.is(FunctionFlags::GENERATOR)
            });
            (is_async, self.return_of(signature))
        });
        let is_awaitable = |ty: Type| self.awaited(ty).is_some();
        let is_plain = |ty: Type| !self.members(ty).iter().any(is_awaitable);
        match (own_is_async, base_is_async) {
            (true, false) if is_plain(base) => Some(format!(
                "it is `async` and returns a coroutine; the overridden method is not, and returns `{}`",
                self.display(base)
            )),
            (false, true) if is_plain(own) => Some(format!(
                "it is not `async` and returns `{}`; the overridden method is awaited",
                self.display(own)
            )),
            _ => None,
        }
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
                Some(found) if names_differ(found, expected) => {
                    let (words, is_missing) = renamed((own, &positional), base, (found, at), expected);
                    others.push(words);
                    if is_missing {
                        missing.push(shown_name(expected));
                    }
                }
                Some(found) => others.extend(self.differs(own, found, base, expected)),
                // Said at the one that stands in its place.
                None if is_there(&positional, expected) => {}
                None if is_by_name_alone(own, expected) => others.push(format!(
                    "parameter {} can only be given by name, and by position in the overridden method",
                    shown_name(expected)
                )),
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
        if expected.default.is_some()
            && found.default.is_none()
            && !matches!(found.kind, ParameterKind::Variadic | ParameterKind::Keywords)
        {
            return Some(format!(
                "parameter {} must be given, and has a default in the overridden method",
                shown_name(found)
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

/// Whether two parameters that stand in the same place can be given by names, which are not the same.
fn names_differ(found: &Parameter<'_>, expected: &Parameter<'_>) -> bool {
    let are_standard = [found, expected].iter().all(|it| it.kind == ParameterKind::Standard);
    are_standard && found.name != expected.name
}

/// Whether the parameter of a base that has a name has one of that name in its place or another.
fn is_there(positional: &[&Parameter<'_>], expected: &Parameter<'_>) -> bool {
    let is_it =
        |each: &&Parameter<'_>| each.kind == ParameterKind::Standard && each.name == expected.name;
    expected.kind == ParameterKind::Standard && positional.iter().any(is_it)
}

/// Whether the parameter of a base that is given by position is there, and taken by name alone.
fn is_by_name_alone(own: &Signature<'_>, expected: &Parameter<'_>) -> bool {
    let is_it = |each: &Parameter<'_>| {
        each.kind == ParameterKind::KeywordOnly && each.name == expected.name
    };
    expected.kind == ParameterKind::Standard && own.parameters.iter().any(is_it)
}

/// What of the name of a parameter that stands in the place of another; and whether the other is missing.
fn renamed(
    (method, positional): (&Signature<'_>, &[&Parameter<'_>]),
    base: &Signature<'_>,
    (found, at): (&Parameter<'_>, usize),
    expected: &Parameter<'_>,
) -> (String, bool) {
    let (own_name, name) = (found.name, expected.name);
    let is_own = |each: &Parameter<'_>| is_positional(each) && each.name == own_name;
    let of_base = base.parameters.iter().position(is_own);
    let own = positional.iter().position(|each| each.name == name);
    let words = match (own, of_base) {
        (Some(own), _) => format!(
            "parameter `{own_name}` stands where the overridden method has `{name}`, which is argument {} here",
            own + 1
        ),
        (None, Some(of_base)) => format!(
            "parameter `{own_name}` is argument {} here, and argument {} of the overridden method",
            at + 1,
            of_base + 1
        ),
        (None, None) => {
            let fails = match of_kind(method.parameters, ParameterKind::Keywords) {
                Some(_) => String::new(),
                None => format!(": a call with `{name}=…` fails here"),
            };
            format!("parameter `{own_name}` is called `{name}` in the overridden method{fails}")
        }
    };
    (words, own.is_none() && of_base.is_some())
}

fn shown_name(parameter: &Parameter<'_>) -> String {
    let stars = match parameter.kind {
        ParameterKind::Variadic => "*",
        ParameterKind::Keywords => "**",
        _ => "",
    };
    format!("`{stars}{}`", parameter.name)
}
