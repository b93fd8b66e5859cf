//! Bodies of functions with constrained type variables: such a variable is exactly one of its constraints, the same
//! one everywhere in a call, so that a body is right when it is right for each of them.
//! Source: typing spec, "Generics", "Type variables with constraints".
//!
//! The body is walked once with its variables open. Where that finds something, it is walked again for each choice of
//! constraints, and what none of these walks finds was not wrong.

use ruff_text_size::TextRange;

use super::region::{Region, Report};
use crate::rules::Level;
use crate::types::{FunctionInfo, Kind, Substitution, Type};

/// More choices than these are not tried: what was found stays.
const MOST_CHOICES: usize = 16;

/// Those of `reports`, found with open variables, that some choice of constraints finds as well.
pub(super) fn possible<'s>(
    region: &Region<'_, 's>,
    info: &FunctionInfo<'s>,
    reports: Vec<Report>,
    walk: impl Fn(&Region<'_, 's>),
) -> Vec<Report> {
    let cx = region.cx;
    let variables = constrained_variables(region, info);
    let count = variables
        .iter()
        .try_fold(1_usize, |count, &each| count.checked_mul(cx.constraints_of(each).len()));
    let Some(count) = count.filter(|&count| count > 1 && count <= MOST_CHOICES) else {
        return reports;
    };
    let mut found: Vec<(TextRange, &'static str)> = Vec::new();
    for choice in 0..count {
        let mut rest = choice;
        let values: Vec<Type> = variables
            .iter()
            .map(|&each| {
                let constraints = cx.constraints_of(each);
                let value = constraints[rest % constraints.len()];
                rest /= constraints.len();
                value
            })
            .collect();
        let given = Substitution::of(&variables, &values);
        let one = region.within(region.region).observed_by(None).given(given);
        walk(&one);
        found.extend(one.take_reports().iter().map(|it| (it.range, it.finding.rule.name)));
    }
    let is_kept = |report: &Report| {
        report.finding.rule.default_level == Level::Info
            || found.contains(&(report.range, report.finding.rule.name))
    };
    reports.into_iter().filter(is_kept).collect()
}

/// The constrained type variables in the signature of a function, and those of its class.
fn constrained_variables<'s>(region: &Region<'_, 's>, info: &FunctionInfo<'s>) -> Vec<Type> {
    let cx = region.cx;
    let own = info.signature.parameters.iter().map(|each| each.ty).chain(info.signature.returns);
    let around = info.class.map_or(&[][..], |class| cx.host.type_params(cx, class));
    let types = own.chain(around.iter().copied());
    let mut variables: Vec<Type> = Vec::new();
    for ty in types {
        for each in cx.free_type_vars(ty) {
            let is_new = !variables.iter().any(|&other| cx.same(other, each));
            if each.kind() == Kind::TypeVar && is_new && !cx.constraints_of(each).is_empty() {
                variables.push(each);
            }
        }
    }
    variables
}
