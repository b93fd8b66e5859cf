//! A callable in place of another: the parameter that does not fit, or the result.

use super::{Explainer, Explanation};
use crate::types::{Cx, Kind, Parameter, ParameterKind, Signature, Type};

pub(super) fn is_positional(parameter: &Parameter<'_>) -> bool {
    matches!(parameter.kind, ParameterKind::PositionalOnly | ParameterKind::Standard)
}

pub(super) fn of_kind<'l, 'a>(
    list: &'l [Parameter<'a>],
    kind: ParameterKind,
) -> Option<&'l Parameter<'a>> {
    list.iter().find(|parameter| parameter.kind == kind)
}

/// The name of a parameter, or its number from 1.
fn called(parameter: &Parameter<'_>, at: usize) -> String {
    let name = parameter.name;
    match stars(parameter) {
        "" if name.is_empty() => format!("parameter {}", at + 1),
        stars => format!("parameter `{stars}{name}`"),
    }
}

/// What stands before the name of a parameter that takes what is left over.
fn stars(parameter: &Parameter<'_>) -> &'static str {
    match parameter.kind {
        ParameterKind::Variadic => "*",
        ParameterKind::Keywords => "**",
        _ => "",
    }
}

impl<'s> Explainer<'_, 's> {
    pub(super) fn callable(&mut self, source: Type, target: Type, depth: u32) {
        let cx = self.cx;
        let Some(to) = cx.signatures(target) else { return };
        let Some(from) = cx.signatures(source) else {
            if matches!(source.kind(), Kind::Instance | Kind::Generic) {
                self.note(format!("`{}` can't be called: it has no `__call__`", self.show(source)));
            }
            return;
        };
        let (from, to) = (from.as_slice(), to.as_slice());
        match (from, to) {
            ([from], [to]) => self.signature(from, to, depth),
            (many, [to]) if many.len() > 1 => self.overloads(many, to, depth),
            ([from], many) => self.for_overloads(from, many, depth),
            _ => {}
        }
    }

    /// Several overloads, none of which fits: why, if it is the same for all.
    fn overloads(&mut self, many: &[Signature<'s>], to: &Signature<'s>, depth: u32) {
        let reasons = many.iter().map(|from| {
            let mut inner = Explainer { cx: self.cx, found: Explanation::default() };
            inner.signature(from, to, depth);
            inner.found.notes
        });
        let mut reasons: Vec<Vec<String>> = reasons.collect();
        reasons.dedup();
        let count = many.len();
        match reasons.pop() {
            Some(notes) if reasons.is_empty() && !notes.is_empty() => {
                self.note(format!("none of its {count} overloads fits: {}", notes[0]));
                notes.into_iter().skip(1).for_each(|note| self.note(note));
            }
            _ => self.note(format!("none of its {count} overloads fits")),
        }
    }

    /// One signature in place of several overloads: the first that it does not fit.
    fn for_overloads(&mut self, from: &Signature<'s>, many: &[Signature<'s>], depth: u32) {
        let cx = self.cx;
        let own = cx.callable(std::slice::from_ref(from));
        let fails = |to: &&Signature<'s>| !self.fits(own, cx.callable(std::slice::from_ref(*to)));
        if let Some(to) = many.iter().find(fails) {
            self.note(format!("it does not fit overload `{}`", cx.display_signature(to)));
            self.signature(from, to, depth);
        }
    }

    fn signature(&mut self, from: &Signature<'s>, to: &Signature<'s>, depth: u32) {
        let before = self.found.notes.len();
        if from.is_gradual || to.is_gradual {
            self.parameters_before_rest(from, to, depth);
        } else {
            self.parameters(from, to, depth);
        }
        if self.found.notes.len() > before {
            return;
        }
        let cx = self.cx;
        let (found, expected) = (cx.return_of(from), cx.return_of(to));
        if !self.fits(found, expected) {
            let (wanted, given) = self.show_apart(expected, found);
            self.note(format!("it returns `{given}`, expected `{wanted}`"));
            self.pair(found, expected, depth + 1);
        }
    }

    fn parameters(&mut self, from: &Signature<'_>, to: &Signature<'_>, depth: u32) {
        let (from, to) = (from.parameters, to.parameters);
        let own: Vec<&Parameter<'_>> = from.iter().filter(|each| is_positional(each)).collect();
        let wanted: Vec<&Parameter<'_>> = to.iter().filter(|each| is_positional(each)).collect();
        let rest = of_kind(from, ParameterKind::Variadic);
        for (at, &given) in wanted.iter().enumerate() {
            let Some(found) = own.get(at).copied().or(rest) else {
                return self.note(if given.name.is_empty() {
                    format!(
                        "it takes {}, and is called with {}",
                        counted(own.len(), "positional argument"),
                        wanted.len()
                    )
                } else {
                    format!("it has no parameter `{}`, which callers may give", given.name)
                });
            };
            let by_name =
                given.kind == ParameterKind::Standard && found.kind != ParameterKind::Variadic;
            if by_name && (found.kind != ParameterKind::Standard || found.name != given.name) {
                return self.renamed(found, given, at);
            }
            if self.must_be_given(found, given, at) || self.differs(found, given, at, depth) {
                return;
            }
        }
        if !self.extra_parameters(from, to, own.get(wanted.len()..).unwrap_or_default(), depth) {
            self.named_parameters(from, to, depth);
        }
    }

    /// The parameters before `...` still have to agree.
    fn parameters_before_rest(&mut self, from: &Signature<'_>, to: &Signature<'_>, depth: u32) {
        let own = from.parameters.iter().take_while(|each| is_positional(each));
        let wanted = to.parameters.iter().take_while(|each| is_positional(each));
        for (at, (found, given)) in own.zip(wanted).enumerate() {
            if self.differs(found, given, at, depth) {
                return;
            }
        }
    }

    /// Whether a parameter has no default where callers may leave it out; says so.
    fn must_be_given(&mut self, found: &Parameter<'_>, given: &Parameter<'_>, at: usize) -> bool {
        let has_default = |it: &Parameter<'_>| {
            it.default.is_some()
                || matches!(it.kind, ParameterKind::Variadic | ParameterKind::Keywords)
        };
        let fails = given.default.is_some() && !has_default(found);
        if fails {
            self.note(format!(
                "{} has no default, and callers may leave it out",
                called(found, at)
            ));
        }
        fails
    }

    /// Whether positional parameters that callers have no counterpart for are what does not fit; says so.
    fn extra_parameters(
        &mut self,
        from: &[Parameter<'_>],
        to: &[Parameter<'_>],
        extra: &[&Parameter<'_>],
        depth: u32,
    ) -> bool {
        let star = of_kind(to, ParameterKind::Variadic);
        let first = from.iter().filter(|each| is_positional(each)).count() - extra.len();
        for (at, own) in extra.iter().enumerate() {
            if star.is_some_and(|star| self.differs(own, star, first + at, depth)) {
                return true;
            }
            let is_it = |each: &&Parameter<'_>| {
                each.kind == ParameterKind::KeywordOnly && each.name == own.name
            };
            let by_name = to.iter().find(is_it);
            let is_given = own.kind == ParameterKind::Standard
                && by_name.is_some_and(|it| it.default.is_none());
            if own.default.is_none() && !is_given && (star.is_none() || by_name.is_none()) {
                let called = called(own, first + at);
                let callers = match star.is_some() || by_name.is_some() {
                    true => "may leave it out",
                    false => "do not give it",
                };
                self.note(format!("{called} is required, and callers {callers}"));
                return true;
            }
        }
        false
    }

    /// A parameter that callers name otherwise, or may not name at all.
    fn renamed(&mut self, found: &Parameter<'_>, given: &Parameter<'_>, at: usize) {
        let name = given.name;
        let found = match found.kind {
            ParameterKind::Standard => format!("is called `{}`", found.name),
            _ => "can be given by position alone".to_owned(),
        };
        self.note(format!("parameter {} {found}, and callers may write `{name}=`", at + 1));
    }

    fn named_parameters(&mut self, from: &[Parameter<'_>], to: &[Parameter<'_>], depth: u32) {
        let keywords = of_kind(from, ParameterKind::Keywords);
        for (at, given) in to.iter().enumerate() {
            if given.kind != ParameterKind::KeywordOnly {
                continue;
            }
            let same = |each: &&Parameter<'_>| {
                each.name == given.name
                    && matches!(each.kind, ParameterKind::KeywordOnly | ParameterKind::Standard)
            };
            let Some(found) = from.iter().find(same).or(keywords) else {
                return self.note(format!("it takes no keyword argument `{}`", given.name));
            };
            if self.must_be_given(found, given, at) || self.differs(found, given, at, depth) {
                return;
            }
        }
        let given = of_kind(to, ParameterKind::Keywords);
        for (at, own) in from.iter().enumerate() {
            let is_given = to.iter().any(|each| each.name == own.name);
            if own.kind != ParameterKind::KeywordOnly || is_given {
                continue;
            }
            if own.default.is_none() {
                let name = own.name;
                return self.note(format!(
                    "keyword argument `{name}` is required, and callers do not give it"
                ));
            }
            if given.is_some_and(|given| self.differs(own, given, at, depth)) {
                return;
            }
        }
        for (kind, shown) in
            [(ParameterKind::Variadic, "*args"), (ParameterKind::Keywords, "**kwargs")]
        {
            match (of_kind(from, kind), of_kind(to, kind)) {
                (None, Some(_)) => return self.note(format!("it does not take `{shown}`")),
                (Some(own), Some(given)) if self.differs(own, given, 0, depth) => return,
                _ => {}
            }
        }
    }

    /// Whether a parameter does not take what it is given; says so.
    fn differs(
        &mut self,
        found: &Parameter<'_>,
        given: &Parameter<'_>,
        at: usize,
        depth: u32,
    ) -> bool {
        if self.fits(given.ty, found.ty) {
            return false;
        }
        let is_unnamed = found.name.is_empty() && stars(found).is_empty();
        let parameter = called(if is_unnamed { given } else { found }, at);
        let (takes, is_given) = self.show_apart(found.ty, given.ty);
        if given.ty.kind() == Kind::ParamSpecPart {
            let rest = format!("{}{}", stars(given), given.name);
            self.note(format!("{parameter} takes `{takes}`, and `{rest}` may give it anything"));
            return true;
        }
        self.note(match stars(given) {
            stars if !stars.is_empty() && self::stars(found).is_empty() => format!(
                "{parameter} takes `{takes}`, and `{stars}{}` may give it `{is_given}`",
                given.name
            ),
            _ => format!("{parameter} takes `{takes}`, and is given `{is_given}`"),
        });
        self.pair(given.ty, found.ty, depth + 1);
        true
    }
}

fn counted(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// The result of calling `ty` without arguments, where that can be done.
pub(super) fn result_of_call(cx: &Cx<'_>, ty: Type) -> Option<Type> {
    let signatures = cx.signatures(ty)?;
    let [signature] = signatures.as_slice() else { return None };
    let needs = signature.parameters.iter().any(|each| {
        each.default.is_none()
            && !matches!(each.kind, ParameterKind::Variadic | ParameterKind::Keywords)
    });
    (!needs && !signature.is_gradual).then(|| cx.return_of(signature))
}
