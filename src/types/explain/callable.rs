//! A callable in place of another: the parameter that does not fit, or the result.

use super::Explainer;
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
    if name.is_empty() { format!("parameter {}", at + 1) } else { format!("parameter `{name}`") }
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
            (many, [_]) if many.len() > 1 => {
                self.note(format!("none of its {} overloads fits", many.len()));
            }
            _ => {}
        }
    }

    fn signature(&mut self, from: &Signature<'s>, to: &Signature<'s>, depth: u32) {
        let before = self.found.notes.len();
        if !from.is_gradual && !to.is_gradual {
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
            if self.differs(found, given, at, depth) {
                return;
            }
        }
        for (at, extra) in own.iter().enumerate().skip(wanted.len()) {
            let by_name = to.iter().any(|each| each.name == extra.name);
            let takes_rest = of_kind(to, ParameterKind::Variadic).is_some();
            if extra.default.is_none() && !by_name && !takes_rest {
                return self.note(format!(
                    "{} is required, and callers do not give it",
                    called(extra, at)
                ));
            }
        }
        self.named_parameters(from, to, depth);
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
            if self.differs(found, given, at, depth) {
                return;
            }
        }
        for own in from.iter().filter(|each| each.kind == ParameterKind::KeywordOnly) {
            let is_given = to.iter().any(|each| each.name == own.name);
            if own.default.is_none() && !is_given {
                let name = own.name;
                return self.note(format!(
                    "keyword argument `{name}` is required, and callers do not give it"
                ));
            }
        }
        for (kind, shown) in
            [(ParameterKind::Variadic, "*args"), (ParameterKind::Keywords, "**kwargs")]
        {
            if of_kind(to, kind).is_some() && of_kind(from, kind).is_none() {
                return self.note(format!("it does not take `{shown}`"));
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
        let parameter = called(if found.name.is_empty() { given } else { found }, at);
        let (takes, is_given) = self.show_apart(found.ty, given.ty);
        self.note(format!("{parameter} takes `{takes}`, and is given `{is_given}`"));
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
