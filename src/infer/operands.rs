//! Why an operator fails: the members of its operands that do not support it, and the methods that they lack.

use crate::rules::names;
use crate::types::{Cx, Kind, Type};

/// Of larger unions nobody reads a list.
const MOST: usize = 8;

/// The members of an operand that is a union, if a list of them can be read.
fn listed(cx: &Cx<'_>, ty: Type) -> Option<Vec<Type>> {
    let whole = cx.expand_alias(ty);
    let members: Vec<Type> = cx.members(whole).iter().collect();
    (whole.kind() == Kind::Union && members.len() <= MOST).then_some(members)
}

/// `` `A`, `B` and `C` ``, or the first of many and how many more there are.
pub(super) fn listed_names(cx: &Cx<'_>, types: &[Type]) -> String {
    let shown: Vec<String> =
        types.iter().take(MOST).map(|&ty| cx.display(ty).to_string()).collect();
    match types.len() - shown.len() {
        0 => names(&shown),
        more => format!("`{}` and {more} more", shown.join("`, `")),
    }
}

/// The members of the operands with which an operation fails; `is_one` where it has one operand, which is given twice.
pub(super) fn failing_members(
    cx: &Cx<'_>,
    [left, right]: [Type; 2],
    is_one: bool,
    works: &dyn Fn(Type, Type) -> bool,
) -> Option<String> {
    let of = |ty: Type, side: &str, works: &dyn Fn(Type) -> bool| {
        // The name of an alias hides what fails, however many members it stands for.
        let members = match ty.kind() {
            Kind::Alias => cx.members(cx.expand_alias(ty)).iter().collect(),
            _ => listed(cx, ty)?,
        };
        let failing: Vec<Type> = members.iter().copied().filter(|&member| !works(member)).collect();
        let verb = match failing.len() {
            0 => return None,
            all if all == members.len() => {
                return (ty.kind() == Kind::Alias).then(|| {
                    format!("`{}` is `{}`", cx.display(ty), cx.display(cx.expand_alias(ty)))
                });
            }
            1 => "fails",
            _ => "fail",
        };
        let side = if is_one { String::new() } else { format!(" on the {side}") };
        Some(format!("it is {}{side} that {verb}", listed_names(cx, &failing)))
    };
    let of_left = || of(left, "left", &|it| works(it, right));
    if is_one {
        return of_left();
    }
    let pairs = Pairs::new(cx, left, right, works);
    pairs
        .as_ref()
        .filter(|pairs| pairs.are_crossed(cx))
        .map(|pairs| pairs.in_words(cx))
        .or_else(of_left)
        .or_else(|| of(right, "right", &|it| works(left, it)))
        .or_else(|| pairs.filter(|pairs| pairs.failing.len() > 1).map(|pairs| pairs.in_words(cx)))
}

/// The members of two operands, not both of one, and the pairs of them with which an operation fails.
struct Pairs {
    lefts: Vec<Type>,
    rights: Vec<Type>,
    failing: Vec<(Type, Type)>,
}

impl Pairs {
    fn new(
        cx: &Cx<'_>,
        left: Type,
        right: Type,
        works: &dyn Fn(Type, Type) -> bool,
    ) -> Option<Self> {
        let of = |ty: Type| {
            let is_union = cx.expand_alias(ty).kind() == Kind::Union;
            let mut members = if is_union { listed(cx, ty)? } else { vec![ty] };
            members.retain(|ty| !ty.is_dynamic());
            Some(members)
        };
        let (lefts, rights) = (of(left)?, of(right)?);
        if lefts.len() < 2 && rights.len() < 2 {
            return None;
        }
        let pairs = lefts.iter().flat_map(|&left| rights.iter().map(move |&right| (left, right)));
        let failing = pairs.filter(|&(left, right)| !works(left, right)).collect();
        Some(Self { lefts, rights, failing })
    }

    /// Whether some pair fails, and no member fails with all of the other operand: neither operand is to blame alone.
    fn are_crossed(&self, cx: &Cx<'_>) -> bool {
        let fails = |left: Type, right: Type| {
            self.failing.iter().any(|&(one, other)| cx.same(one, left) && cx.same(other, right))
        };
        let (lefts, rights) = (&self.lefts, &self.rights);
        !self.failing.is_empty()
            && !lefts.iter().any(|&left| rights.iter().all(|&right| fails(left, right)))
            && !rights.iter().any(|&right| lefts.iter().all(|&left| fails(left, right)))
    }

    fn in_words(&self, cx: &Cx<'_>) -> String {
        const SHOWN: usize = 4;
        let shown = |&(left, right): &(Type, Type)| {
            format!("`{}` and `{}`", cx.display(left), cx.display(right))
        };
        let list: Vec<String> = self.failing.iter().take(SHOWN).map(shown).collect();
        let more = match self.failing.len() - list.len() {
            0 => String::new(),
            more => format!(", and {more} more"),
        };
        format!("it fails between {}{more}", list.join(", between "))
    }
}

/// The special methods that an operator asks two operands for, where neither has the one it is asked for; or what that
/// of the left one takes.
pub(super) fn method_missing(
    cx: &Cx<'_>,
    (left, method): (Type, &str),
    (right, reflected): (Type, &str),
) -> Option<String> {
    if [left, right].iter().any(|ty| cx.expand_alias(*ty).kind() == Kind::Union || ty.is_dynamic())
    {
        return None;
    }
    match (cx.dunder(left, method), cx.dunder(right, reflected)) {
        (None, None) if method == reflected || cx.same(left, right) => {
            let and =
                if method == reflected { String::new() } else { format!(" and no `{reflected}`") };
            Some(format!("`{}` has no `{method}`{and}", cx.display(left)))
        }
        (None, None) => Some(format!(
            "`{}` has no `{method}`, and `{}` no `{reflected}`",
            cx.display(left),
            cx.display(right)
        )),
        (Some(own), None) => {
            let signatures = cx.signatures(own)?;
            let [only] = signatures.as_slice() else { return None };
            let takes = only.parameters.first()?.ty;
            (!cx.is_assignable(right, takes)).then(|| {
                format!("`{method}` of `{}` takes `{}`", cx.display(left), cx.display(takes))
            })
        }
        (None, Some(_)) => Some(format!(
            "`{}` has no `{method}`, and `{reflected}` of `{}` does not take it",
            cx.display(left),
            cx.display(right)
        )),
        (Some(_), Some(_)) => None,
    }
}
