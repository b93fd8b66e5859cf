//! The words that messages share: lists of names, "of" phrases and suggestions.
//!
//! They keep the wording of all the rules alike.

use std::fmt::Display;

use super::Finding;

/// `` of `callee` `` with a space before it, or nothing for an empty name.
pub(super) fn of(callee: impl Display) -> String {
    let callee = callee.to_string();
    if callee.is_empty() { callee } else { format!(" of `{callee}`") }
}

/// `` `a`, `b` and `c` ``.
pub fn names(names: &[impl Display]) -> String {
    listed(names, "and")
}

/// `` `a`, `b` or `c` ``.
pub fn either(names: &[impl Display]) -> String {
    listed(names, "or")
}

fn listed(names: &[impl Display], word: &str) -> String {
    match names {
        [] => String::new(),
        [only] => format!("`{only}`"),
        [head @ .., last] => {
            let head: Vec<String> = head.iter().map(|name| format!("`{name}`")).collect();
            format!("{} {word} `{last}`", head.join(", "))
        }
    }
}

/// Of more names than this none is proposed: each that is missing would be compared with all.
const MAX_CANDIDATES: usize = 1_000;
/// When more names than this are near one, none of them is proposed.
const MAX_NEAR: usize = 64;

/// The candidate most like `name`, if one is near enough to be what was meant.
///
/// Of equally near candidates the alphabetically first wins, so the order of candidates never shows.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = match name.chars().count() {
        0..=2 => return None,
        3..=5 => 1,
        6..=9 => 2,
        _ => 3,
    };
    let lower = name.to_lowercase();
    let letters = letters_of(name);
    // An edit changes the length by a letter at most, and the set of letters by two: most need no closer look.
    let may_be_near = |candidate: &str| {
        let letter = if name.is_ascii() && candidate.is_ascii() { 1 } else { 4 };
        candidate.len().abs_diff(name.len()) <= letter * limit
            && (letters_of(candidate) ^ letters).count_ones() as usize <= 2 * limit
    };
    let candidates: Vec<&str> = candidates.into_iter().take(MAX_CANDIDATES + 1).collect();
    if candidates.len() > MAX_CANDIDATES {
        return None;
    }
    let near: Vec<(usize, &str)> = candidates
        .into_iter()
        .filter(|candidate| *candidate != name && may_be_near(candidate))
        .map(|candidate| (strsim::osa_distance(&lower, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| {
            *distance <= limit && (!candidate.starts_with('_') || name.starts_with('_'))
        })
        .take(MAX_NEAR + 1)
        .collect();
    // Among so many (`x1`, `x2`, …) none is likelier than another.
    if near.len() > MAX_NEAR {
        return None;
    }
    near.into_iter().min().map(|(_, candidate)| candidate)
}

/// The letters of a name, without case, and its digits, as bits.
fn letters_of(name: &str) -> u64 {
    name.bytes().fold(0, |set, byte| match byte.to_ascii_lowercase() {
        byte @ b'a'..=b'z' => set | 1 << (byte - b'a'),
        byte @ b'0'..=b'9' => set | 1 << (byte - b'0' + 26),
        _ => set,
    })
}

/// Adds "did you mean …?" if a candidate is near.
pub(super) fn did_you_mean<'a>(
    finding: Finding,
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Finding {
    match nearest(name, candidates) {
        Some(candidate) => finding.hint(format!("did you mean `{candidate}`?")),
        None => finding,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_prefers_close_then_alphabetical() {
        assert_eq!(nearest("lenght", ["width", "length"]), Some("length"));
        assert_eq!(nearest("cap", ["map", "cat", "tap"]), Some("cat"));
        assert_eq!(nearest("x", ["y"]), None);
        assert_eq!(nearest("abc", ["xyz"]), None);
    }

    #[test]
    fn nearest_of_a_crowd_is_nobody() {
        let crowd: Vec<String> = (10..99).map(|number| format!("item_{number}")).collect();
        assert_eq!(nearest("item_9", crowd[..9].iter().map(String::as_str)), Some("item_10"));
        assert_eq!(nearest("item_9", crowd.iter().map(String::as_str)), None);
    }

    #[test]
    fn names_are_listed_in_prose() {
        assert_eq!(names(&["a", "b", "c"]), "`a`, `b` and `c`");
        assert_eq!(names(&["a"]), "`a`");
    }
}
