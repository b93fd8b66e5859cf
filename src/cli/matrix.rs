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
    let all: Vec<String> = outcomes.iter().map(|(label, _)| (*label).to_owned()).collect();
    let cells = all.len();
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
                diagnostic.only_for = shortened(&labels, &all);
            }
            Some(diagnostic)
        })
        .collect()
}

/// The cells in as few words as say it: of `Python 3.9 on win32` and `Python 3.12 on win32` no more than `win32` if
/// these are all the cells of that platform, and the like for versions.
fn shortened(labels: &[&str], all: &[String]) -> Vec<String> {
    let parts = |label: &str| {
        let platform_only = label.strip_prefix("on ").map(|platform| ("", platform));
        let both = || label.split_once(" on ").unwrap_or((label, ""));
        let (version, platform) = platform_only.unwrap_or_else(both);
        (version.to_owned(), platform.to_owned())
    };
    let chosen: Vec<(String, String)> = labels.iter().map(|label| parts(label)).collect();
    let all: Vec<(String, String)> = all.iter().map(|label| parts(label)).collect();
    type Part = fn(&(String, String)) -> &String;
    let by_part: [Part; 2] = [|cell| &cell.0, |cell| &cell.1];
    for part in by_part {
        let mut names: Vec<String> = Vec::new();
        for cell in &chosen {
            if !names.contains(part(cell)) {
                names.push(part(cell).clone());
            }
        }
        let of_names = all.iter().filter(|cell| names.contains(part(cell))).count();
        let distinguishes = all.iter().any(|cell| !names.contains(part(cell)));
        if of_names == chosen.len() && distinguishes && names.iter().all(|name| !name.is_empty()) {
            return names;
        }
    }
    labels.iter().map(|label| (*label).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::shortened;

    #[test]
    fn cells_are_named_by_what_they_share() {
        let all = [
            "Python 3.9 on linux",
            "Python 3.9 on win32",
            "Python 3.12 on linux",
            "Python 3.12 on win32",
        ];
        let all = all.map(str::to_owned);
        assert_eq!(shortened(&[&all[1], &all[3]], &all), ["win32"]);
        assert_eq!(shortened(&[&all[0], &all[1]], &all), ["Python 3.9"]);
        assert_eq!(shortened(&[&all[0]], &all), ["Python 3.9 on linux"]);
        assert_eq!(
            shortened(&["on win32"], &["on linux".to_owned(), "on win32".to_owned()]),
            ["win32"]
        );
    }
}
