//! Findings whose file, function or class has a new name: known all the same.
//!
//! An entry of the baseline that is found no longer, and a finding that is not known, are the same if rule and
//! message are, and what is around them has been renamed: in the same file a function or class that is gone, or
//! a file that is gone with at least half of its entries found in one that nothing was known of.

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
            !renamed.is_some_and(|old| take(left, &old))
        })
        .map(|(_, diagnostic)| diagnostic)
        .collect()
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
        let entries: usize = of_file.map(|(_, count)| count).sum();
        let found = |keys: &[&Key]| {
            let is_known =
                |key: &&&Key| left.contains_key(&Key { path: old.to_owned(), ..(**key).clone() });
            keys.iter().filter(is_known).count()
        };
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

/// The one part in which two dotted names differ, in the old and in the new.
fn renamed_part<'a>(old: &'a str, new: &'a str) -> Option<(&'a str, &'a str)> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.split('.').collect(), new.split('.').collect());
    if old.len() != new.len() {
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
}
