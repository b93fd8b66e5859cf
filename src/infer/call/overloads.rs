//! Why no overload takes a call: what each asks for, and the argument that all of them refuse.

use ruff_python_ast::{Expr, ExprCall};
use ruff_text_size::{Ranged, TextRange};

use super::mapping_parts;
use crate::infer::because;
use crate::infer::expr;
use crate::infer::region::Region;
use crate::rules::{self, Finding, either};
use crate::types::call::{ArgumentTypes, CallError, MatchError};
use crate::types::{Cx, Kind, Signature, Substitution, Type};

/// Why overloads refuse a call.
pub(super) struct Refusal {
    /// The overloads that are nearest to what was called, or words for a group of them, each with a clause that says why
    /// it does not match.
    pub shown: Vec<(String, String)>,
    /// How many others there are.
    more: usize,
    /// The argument that all of them refuse, or all of those that come nearest.
    pub culprit: Option<Culprit>,
    /// The argument after `*` that cannot be iterated, and its type.
    pub unpacked: Option<(usize, Type)>,
}

/// An argument that overloads refuse.
pub(super) struct Culprit {
    pub index: usize,
    found: Type,
    /// What the overloads ask for, with nothing for what the call would solve.
    wanted: Vec<Type>,
    /// Whether all overloads refuse it, and not just those that come nearest.
    is_of_all: bool,
}

impl Refusal {
    /// The finding that says so of `callee`, called with arguments that print as `types`.
    pub fn finding(&self, callee: impl std::fmt::Display, types: &[String]) -> Finding {
        let rule = rules::no_matching_overload::no_matching_overload;
        rule(callee, types, &self.shown, self.more, true)
    }

    /// The same of a member of a union that is called, all of which fail in the same words.
    pub fn finding_of_member(&self, callee: impl std::fmt::Display, types: &[String]) -> Finding {
        let rule = rules::no_matching_overload::no_matching_overload;
        rule(callee, types, &self.shown, self.more, false)
    }
}

impl Culprit {
    /// Adds why no overload takes the argument, which is `node` where it is not unpacked.
    pub fn explained(
        &self,
        region: &Region<'_, '_>,
        mut finding: Finding,
        node: Option<&Expr>,
    ) -> Finding {
        let cx = region.cx;
        let bare = cx.without_none(self.found);
        let has_none = !bare.is_never() && !cx.same(bare, self.found);
        let any = cx.union(self.wanted.iter().copied());
        if has_none && cx.is_assignable(bare, any) {
            return match node {
                Some(node) => because::test_first(region, finding, node, self.found),
                None => finding.note("it is `None` that does not fit"),
            };
        }
        // A mapping is compared with the mapping that an overload asks for, and not with its keys.
        let is_mapping = |ty: Type| mapping_parts(cx, ty).is_some();
        let alike =
            self.wanted.iter().copied().find(|&ty| is_mapping(ty) && is_mapping(self.found));
        let mut notes = cx.explain(self.found, alike.unwrap_or(any)).notes;
        // What one asks for may say more, but of the members of a union each may fit another overload.
        if notes.is_empty()
            && cx.expand_alias(self.found).kind() != Kind::Union
            && let Some(&last) = self.wanted.last()
        {
            notes = cx.explain(self.found, last).notes;
        }
        finding.notes.extend(notes);
        finding
    }

    /// Adds where the entries of the argument stand that no overload takes; or the argument itself, if it `has_others`
    /// beside it.
    pub fn shown_at(
        &self,
        region: &Region<'_, '_>,
        finding: Finding,
        node: &Expr,
        has_others: bool,
    ) -> Finding {
        const MOST: usize = 2;
        let cx = region.cx;
        let entries = self.refused_entries(region, node);
        if entries.is_empty() && !has_others {
            return finding;
        }
        if entries.is_empty() {
            let words = match self.is_of_all {
                true => "no overload takes this argument",
                false => "this argument does not fit",
            };
            return finding.related(node.range(), words);
        }
        entries.into_iter().take(MOST).fold(finding, |finding, (range, found, expected)| {
            let (expected, found) = cx.display_apart(expected, found);
            finding.related(range, format!("this is `{found}`, and `{expected}` is expected"))
        })
    }

    /// The entries of a display that are of no type that an overload asks for: where, what, and what is expected.
    fn refused_entries(
        &self,
        region: &Region<'_, '_>,
        node: &Expr,
    ) -> Vec<(TextRange, Type, Type)> {
        let cx = region.cx;
        let refused = |entry: &Expr, wanted: &[Type]| {
            let of_type =
                |wanted: Option<Type>| region.quietly(|| expr::infer(region, entry, wanted));
            let fits = wanted.iter().any(|&each| cx.is_assignable(of_type(Some(each)), each));
            let last = wanted.last().filter(|_| !fits && !entry.is_starred_expr())?;
            Some((entry.range(), of_type(None), *last))
        };
        match node {
            Expr::List(_) | Expr::Set(_) | Expr::Tuple(_) => {
                let elements = match node {
                    Expr::List(list) => &list.elts,
                    Expr::Set(set) => &set.elts,
                    Expr::Tuple(tuple) => &tuple.elts,
                    _ => return Vec::new(),
                };
                let wanted: Vec<Type> =
                    self.wanted.iter().filter_map(|&each| cx.iterate(each)).collect();
                elements.iter().filter_map(|entry| refused(entry, &wanted)).collect()
            }
            Expr::Dict(dict) => {
                let parts = self.wanted.iter().filter_map(|&each| mapping_parts(cx, each));
                let (keys, values): (Vec<Type>, Vec<Type>) = parts.unzip();
                let of_item = |item: &ruff_python_ast::DictItem| {
                    let key = item.key.as_ref()?;
                    refused(key, &keys).or_else(|| refused(&item.value, &values))
                };
                dict.items.iter().filter_map(of_item).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// What a signature asks for in place of `found`, without the type variables that a call of it solves: these are not to
/// blame, unless it is their bounds that `found` does not keep to.
pub(super) fn unsolved<'s>(
    cx: &Cx<'s>,
    signature: &Signature<'s>,
    expected: Type,
    found: Type,
) -> Type {
    let unknown: Vec<Type> =
        signature.type_params.iter().map(|&each| cx.unknown_argument(each)).collect();
    let open = cx.substitute(expected, &Substitution::of(signature.type_params, &unknown));
    if cx.is_assignable(found, open) { expected } else { open }
}

/// What a type variable may stand for, as far as that is said, and any other type as it is.
fn stands_for(cx: &Cx<'_>, ty: Type) -> Type {
    let constraints = cx.constraints_of(ty);
    match ty.kind() {
        Kind::TypeVar if !constraints.is_empty() => cx.union(constraints.iter().copied()),
        Kind::TypeVar => cx.upper_bound(ty).filter(|it| !it.is_dynamic()).unwrap_or(ty),
        _ => ty,
    }
}

/// The argument that each of the errors is about, if it is one for all.
fn culprit<'s>(cx: &Cx<'s>, errors: &[(Signature<'s>, CallError<'s>, usize)]) -> Option<Culprit> {
    let mut common: Option<Culprit> = None;
    for (signature, error, _) in errors {
        let CallError::Argument { index, expected, found, .. } = error else { return None };
        let expected = stands_for(cx, unsolved(cx, signature, *expected, *found));
        match &mut common {
            None => {
                let wanted = vec![expected];
                common = Some(Culprit { index: *index, found: *found, wanted, is_of_all: false });
            }
            Some(known) if known.index == *index => {
                if !known.wanted.iter().any(|&each| cx.same(each, expected)) {
                    known.wanted.push(expected);
                }
            }
            Some(_) => return None,
        }
    }
    common
}

/// What all overloads ask for in place of one argument, as a clause.
fn asked_for<'s>(cx: &Cx<'s>, errors: &[(Signature<'s>, CallError<'s>, usize)]) -> Option<String> {
    const SHOWN: usize = 3;
    let mut names: Vec<&str> = Vec::new();
    let mut wanted: Vec<String> = Vec::new();
    let mut given = String::new();
    for (_, error, _) in errors {
        let CallError::Argument { expected, found, parameter, .. } = error else { return None };
        let name = parameter.as_deref().unwrap_or_default();
        let (_, found_text) = cx.display_apart(*expected, *found);
        let meant: Vec<Type> = match expected.kind() {
            Kind::TypeVar => cx.members(stands_for(cx, *expected)).iter().collect(),
            _ => vec![*expected],
        };
        for expected in meant {
            let expected = cx.display_apart(expected, *found).0.to_string();
            if !wanted.contains(&expected) {
                wanted.push(expected);
            }
        }
        if !names.contains(&name) {
            names.push(name);
        }
        if given.is_empty() {
            given = found_text.to_string();
        }
    }
    let slot = match names.as_slice() {
        [name] if !name.is_empty() => format!("`{name}` expects"),
        _ => "the argument has to be".to_owned(),
    };
    let more = wanted.len().saturating_sub(SHOWN);
    wanted.truncate(SHOWN);
    let wanted = match more {
        0 => either(&wanted),
        more => format!("`{}` or {more} more", wanted.join("`, `")),
    };
    Some(format!("{slot} {wanted}, found `{given}`"))
}

/// Why the overloads refuse the arguments, if those are known.
pub(super) fn refusal<'s>(
    region: &Region<'_, 's>,
    overloads: &[Signature<'s>],
    arguments: Option<&dyn ArgumentTypes>,
) -> Refusal {
    const SHOWN: usize = 3;
    /// So many are tried once more, to see why they do not match.
    const MANY: usize = 12;
    let cx = region.cx;
    if region.is_quiet() {
        return Refusal { shown: Vec::new(), more: overloads.len(), culprit: None, unpacked: None };
    }
    if let Some(arguments) = arguments {
        let (reasons, count) = cx.why_no_overload(overloads, arguments, MANY);
        let of_all = culprit(cx, &reasons).filter(|_| reasons.len() == count);
        let of_all = of_all.map(|culprit| Culprit { is_of_all: true, ..culprit });
        let group = match count == overloads.len() {
            true => "all overloads",
            false => "all overloads that take as many arguments",
        };
        let common = asked_for(cx, &reasons).filter(|_| of_all.is_some() && count > 1);
        if let Some(clause) = common {
            let shown = vec![(group.to_owned(), clause)];
            return Refusal { shown, more: 0, culprit: of_all, unpacked: None };
        }
        // Otherwise those with the fewest errors are what was meant.
        let fewest = reasons.first().map_or(0, |(_, _, number)| *number);
        let nearest = reasons.iter().take_while(|(_, _, number)| *number == fewest).count();
        let culprit = of_all.or_else(|| culprit(cx, &reasons[..nearest]));
        let unpacked = reasons.iter().find_map(|(_, error, _)| match error {
            CallError::NotIterable { index, found, is_mapping: false } => Some((*index, *found)),
            _ => None,
        });
        let mut shown: Vec<(String, String)> = Vec::new();
        for (signature, error, _) in &reasons {
            let (signature, reason) = (cx.display_signature(signature), reason(cx, error));
            match shown.iter_mut().find(|(_, known)| *known == reason) {
                // What is wrong in the same way for several is said once.
                Some((names, _)) => "several overloads".clone_into(names),
                None => shown.push((signature, reason)),
            }
        }
        let is_same = shown.len() == 1 && reasons.len() == count && count > 1;
        if is_same && let Some((names, _)) = shown.first_mut() {
            group.clone_into(names);
        }
        if !shown.is_empty() {
            let hidden = shown.len().saturating_sub(SHOWN) + count.saturating_sub(reasons.len());
            let others = overloads.len().saturating_sub(count);
            shown.truncate(SHOWN);
            return Refusal { shown, more: hidden + others, culprit, unpacked };
        }
    }
    let shown = overloads.iter().take(SHOWN);
    let shown = shown.map(|each| (cx.display_signature(each), String::new())).collect();
    Refusal { shown, more: overloads.len().saturating_sub(SHOWN), culprit: None, unpacked: None }
}

/// Why a signature does not take the arguments, as a clause.
pub(super) fn reason(cx: &Cx<'_>, error: &CallError<'_>) -> String {
    match error {
        CallError::Argument { expected, found, parameter, .. } => {
            let slot = match parameter.as_deref() {
                Some(name) if !name.is_empty() => format!("`{name}` "),
                _ => String::new(),
            };
            let (expected, found) = cx.display_apart(*expected, *found);
            format!("{slot}expects `{expected}`, found `{found}`")
        }
        CallError::Match { error, .. } => match error {
            MatchError::Missing(names) => {
                let verb = if names.len() == 1 { "is" } else { "are" };
                format!("`{}` {verb} missing", names.join("`, `"))
            }
            MatchError::TooMany { expected, given, .. } => {
                format!("takes {expected} positional, found {given}")
            }
            MatchError::Unknown { name, .. } => format!("does not take `{name}`"),
            MatchError::AlreadyAssigned { name, .. } => format!("`{name}` is given twice"),
            MatchError::PositionalOnly { name, .. } => format!("`{name}` can't be given by name"),
        },
        CallError::Receiver { expected, .. } => {
            format!("is for a `{}` alone", cx.display(*expected))
        }
        CallError::NotIterable { found, is_mapping: true, .. } => {
            format!("`{}` after `**` is no mapping", cx.display(*found))
        }
        CallError::NotIterable { found, .. } => {
            format!("`{}` after `*` is not iterable", cx.display(*found))
        }
        _ => String::new(),
    }
}

/// Says so where a call of overloads would work but for the `None` in one of its arguments.
pub(super) fn none_among<'s>(
    region: &Region<'_, 's>,
    finding: Finding,
    call: &ExprCall,
    overloads: &[Signature<'s>],
) -> Finding {
    let cx = region.cx;
    let nodes = &call.arguments.args;
    let is_plain = call.arguments.keywords.is_empty() && !nodes.iter().any(Expr::is_starred_expr);
    if region.is_quiet() || !is_plain {
        return finding;
    }
    let given: Vec<Type> =
        region.quietly(|| nodes.iter().map(|node| expr::infer(region, node, None)).collect());
    let callee = cx.callable(overloads);
    let culprit = (0..given.len()).find(|&at| {
        let bare = cx.without_none(given[at]);
        let mut types = given.clone();
        types[at] = bare;
        !bare.is_never() && !cx.same(bare, given[at]) && cx.call_outcome(callee, &types).is_ok()
    });
    match culprit {
        Some(at) => because::test_first(region, finding, &nodes[at], given[at]),
        None => finding,
    }
}
