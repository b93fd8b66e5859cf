//! Several Python versions and platforms in one run: each finding once, with where it holds.
//!
//! A suppression is unused only if it is so everywhere, so such findings need every cell.

use std::collections::BTreeMap;

use super::engine::CheckOutcome;
use crate::rules::{Diagnostic, unused_ignore, unused_type_ignore};

/// Merges the outcomes of the cells, each with its label.
#[must_use]
pub fn merge(mut outcomes: Vec<(&str, CheckOutcome)>) -> Vec<Diagnostic> {
    if outcomes.len() == 1 {
        return outcomes.pop().map(|(_, outcome)| outcome.diagnostics).unwrap_or_default();
    }
    let cells = outcomes.len();
    type Key = (std::sync::Arc<str>, u32, u32, &'static str, String);
    let mut merged: BTreeMap<Key, (Diagnostic, Vec<&str>)> = BTreeMap::new();
    for (label, outcome) in outcomes {
        for diagnostic in outcome.diagnostics {
            let location = &diagnostic.location;
            let key = (
                location.path.clone(),
                location.start_offset.to_u32(),
                location.end_offset.to_u32(),
                diagnostic.rule.name,
                diagnostic.message.clone(),
            );
            let (_, labels) = merged.entry(key).or_insert_with(|| (diagnostic, Vec::new()));
            if labels.last() != Some(&label) {
                labels.push(label);
            }
        }
    }
    merged
        .into_values()
        .filter_map(|(mut diagnostic, labels)| {
            if labels.len() < cells {
                let unused = [&unused_ignore::RULE, &unused_type_ignore::RULE];
                if unused.iter().any(|rule| rule.name == diagnostic.rule.name) {
                    return None;
                }
                diagnostic.only_for = labels.into_iter().map(str::to_owned).collect();
            }
            Some(diagnostic)
        })
        .collect()
}
