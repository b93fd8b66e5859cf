//! Findings whose file, function or class has a new name or a new place: known all the same.
//!
//! An entry of the baseline that is found no longer, and a finding that is not known, are the same if rule and
//! message are, and what is around them was renamed or moved:
//! - a function or class of the same file is gone, and the finding is in one whose dotted name differs in one part;
//! - a file is gone, and one that nothing was known of holds at least half of its entries, be it in functions that have
//!   new names, each of them one;
//! - a function or class is gone from a file, and is in another one under its old name.

use std::collections::{BTreeMap, BTreeSet};

use super::Key;
use super::baseline::IsGone;
use crate::rules::{Diagnostic, Level};

/// Takes out of `new` what is known under another name, and out of `left` what it was known as.
pub(super) fn apply(
    paths: BTreeSet<String>,
    left: &mut BTreeMap<Key, usize>,
    new: Vec<(Key, Diagnostic)>,
    is_gone: IsGone<'_>,
) -> Vec<Diagnostic> {
    if left.is_empty() || new.is_empty() {
        return new.into_iter().map(|(_, diagnostic)| diagnostic).collect();
    }
    let files = renamed_files(&paths, left, &new, is_gone);
    let mut gone: BTreeMap<(String, String), bool> = BTreeMap::new();
    let is_symbol_gone = |path: &str, symbol: &str| is_gone(path, Some(symbol));
    new.into_iter()
        .filter(|(key, diagnostic)| {
            if diagnostic.level == Level::Info {
                return true;
            }
            let old_path = files.get(&key.path);
            let in_file = Key { path: old_path.unwrap_or(&key.path).clone(), ..key.clone() };
            if old_path.is_some() && take(left, &in_file) {
                return false;
            }
            let known = left.iter().filter(|(old, count)| **count > 0 && old.path == in_file.path);
            let renamed = known
                .filter_map(|(old, _)| Some((old, renamed_part(&old.symbol, &key.symbol)?)))
                .filter(|(old, (from, to))| {
                    old.rule == key.rule && with_name(&old.message, from, to) == key.message
                })
                .find(|(old, _)| {
                    let place = (key.path.clone(), old.symbol.clone());
                    *gone.entry(place).or_insert_with(|| is_symbol_gone(&key.path, &old.symbol))
                })
                .map(|(old, _)| old.clone());
            if renamed.is_some_and(|old| take(left, &old)) {
                return false;
            }
            let elsewhere = left.iter().filter(|(old, count)| {
                **count > 0 && old.path != key.path && is_same_elsewhere(old, key)
            });
            let moved = elsewhere.map(|(old, _)| old).find(|old| {
                let place = (old.path.clone(), old.symbol.clone());
                *gone.entry(place).or_insert_with(|| {
                    is_gone(&old.path, None) || is_symbol_gone(&old.path, &old.symbol)
                })
            });
            let moved = moved.cloned();
            !moved.is_some_and(|old| take(left, &old))
        })
        .map(|(_, diagnostic)| diagnostic)
        .collect()
}

/// Whether a finding is what an entry of another file was, in the same function or class.
fn is_same_elsewhere(old: &Key, new: &Key) -> bool {
    !old.symbol.is_empty() && is_as_it_was(old, new)
}

/// Whether nothing but the file differs.
fn is_as_it_was(old: &Key, new: &Key) -> bool {
    old.symbol == new.symbol && old.rule == new.rule && old.message == new.message
}

fn take(left: &mut BTreeMap<Key, usize>, key: &Key) -> bool {
    match left.get_mut(key) {
        Some(count) if *count > 0 => {
            *count -= 1;
            true
        }
        _ => false,
    }
}

/// New paths of files with the paths that they had.
fn renamed_files(
    paths: &BTreeSet<String>,
    left: &BTreeMap<Key, usize>,
    new: &[(Key, Diagnostic)],
    is_gone: IsGone<'_>,
) -> BTreeMap<String, String> {
    let mut by_path: BTreeMap<&str, Vec<&Key>> = BTreeMap::new();
    for (key, _) in new.iter().filter(|(key, _)| !paths.contains(&key.path)) {
        by_path.entry(&key.path).or_default().push(key);
    }
    if by_path.is_empty() {
        return BTreeMap::new();
    }
    let old_paths: BTreeSet<&str> = left.keys().map(|key| key.path.as_str()).collect();
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    for old in old_paths.into_iter().filter(|path| is_gone(path, None)) {
        let of_file = left.iter().filter(|(key, _)| key.path == old);
        let (known, counts): (Vec<&Key>, Vec<usize>) = of_file.unzip();
        let entries: usize = counts.iter().sum();
        let found = |keys: &[&Key]| entries_in(&known, keys);
        let free = by_path.iter().filter(|(path, _)| !files.contains_key(**path));
        // Of equally good ones the first.
        let best =
            free.map(|(path, keys)| (found(keys), *path)).rev().max_by_key(|(count, _)| *count);
        let enough = best.filter(|(count, _)| *count > 0 && count * 2 >= entries);
        if let Some((_, path)) = enough {
            files.insert(path.to_owned(), old.to_owned());
        }
    }
    files
}

/// How many of the findings of a file are those of `known`, the entries of another one: as they were, or in a function
/// or class with a new name. A name stands for one old name, and an old one for one new.
fn entries_in(known: &[&Key], findings: &[&Key]) -> usize {
    let mut names: BTreeMap<&str, &str> = BTreeMap::new();
    let mut taken: BTreeSet<&str> = BTreeSet::new();
    let mut count = 0;
    for new in findings {
        if known.iter().any(|old| is_as_it_was(old, new)) {
            count += 1;
            continue;
        }
        let renamed = known.iter().find(|old| {
            let Some((from, to)) = renamed_part(&old.symbol, &new.symbol) else { return false };
            let is_free = match names.get(new.symbol.as_str()) {
                Some(before) => *before == old.symbol,
                None => !taken.contains(old.symbol.as_str()),
            };
            is_free && old.rule == new.rule && with_name(&old.message, from, to) == new.message
        });
        if let Some(old) = renamed {
            names.insert(&new.symbol, &old.symbol);
            taken.insert(&old.symbol);
            count += 1;
        }
    }
    count
}

/// The one part in which two dotted names differ, in the old and in the new.
fn renamed_part<'a>(old: &'a str, new: &'a str) -> Option<(&'a str, &'a str)> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.split('.').collect(), new.split('.').collect());
    // What stands in no function has no name that could have changed.
    if old.len() != new.len() || old == [""] || new == [""] {
        return None;
    }
    let mut different = old.into_iter().zip(new).filter(|(old, new)| old != new);
    let first = different.next()?;
    different.next().is_none().then_some(first)
}

/// A message with a name in place of another, where it stands as a word of its own.
fn with_name(message: &str, from: &str, to: &str) -> String {
    if from.is_empty() {
        return message.to_owned();
    }
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut result = String::with_capacity(message.len());
    let mut rest = message;
    while let Some(at) = rest.find(from) {
        let (before, after) = (&rest[..at], &rest[at + from.len()..]);
        let whole = !before.ends_with(is_word) && !after.starts_with(is_word);
        result.push_str(before);
        result.push_str(if whole { to } else { from });
        rest = after;
    }
    result + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_part_of_a_name_may_differ() {
        assert_eq!(renamed_part("A.f", "A.g"), Some(("f", "g")));
        assert_eq!(renamed_part("A.f", "B.g"), None);
        assert_eq!(renamed_part("f", "f"), None);
        assert_eq!(with_name("of `f` in `f2`", "f", "g"), "of `g` in `f2`");
    }

    #[test]
    fn an_old_name_has_one_new_one() {
        let key = |path: &str, symbol: &str| Key {
            path: path.to_owned(),
            rule: "r".to_owned(),
            symbol: symbol.to_owned(),
            message: format!("in `{symbol}`"),
        };
        let (old, f, g) = (key("a.py", "f"), key("b.py", "g"), key("b.py", "h"));
        assert_eq!(entries_in(&[&old], &[&f, &g]), 1);
        assert_eq!(entries_in(&[&old], &[&key("b.py", "f")]), 1);
        assert_eq!(entries_in(&[&old], &[&key("b.py", "")]), 0);
    }
}
