//! What documentation shows its readers how to use: names that its examples import, and names that its directives
//! document.
//!
//! Only what stands at the beginning of a line counts, as it does in an example:
//!
//! ```text
//! from shop.cart import Cart, (...)        names of a module, over several lines too
//! .. autofunction:: shop.cart.total        an object by its path
//! ::: shop.cart.total                      the same for mkdocs
//! ```

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::mentions::files_below;

/// The dotted names that the documentation below `roots` shows or documents, sorted.
#[must_use]
pub fn documented(roots: &[PathBuf]) -> Vec<String> {
    let files = files_below(roots, |path| is_documentation(path).then_some(()));
    let found: Vec<BTreeSet<String>> = files
        .par_iter()
        .map(|(_, path)| match std::fs::read(path) {
            Ok(bytes) => names_of(&String::from_utf8_lossy(&bytes)),
            Err(_) => BTreeSet::new(),
        })
        .collect();
    let all: BTreeSet<String> = found.into_iter().flatten().collect();
    all.into_iter().collect()
}

fn is_documentation(path: &Path) -> bool {
    path.extension()
        .and_then(|ending| ending.to_str())
        .is_some_and(|ending| matches!(ending, "rst" | "md" | "mdx"))
}

/// The names in one text.
fn names_of(text: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    // The module of an import whose parenthesis is still open.
    let mut open: Option<String> = None;
    for line in text.lines() {
        let mut line = line.trim_start();
        for prompt in [">>> ", "... "] {
            line = line.strip_prefix(prompt).unwrap_or(line).trim_start();
        }
        if let Some(module) = open.take() {
            let (part, is_closed) = until(line, ')');
            imported(&module, part, &mut names);
            // An import that is never closed is none.
            let goes_on = !is_closed && part.chars().all(|c| is_word(c) || ", \t#".contains(c));
            open = goes_on.then_some(module);
        } else if let Some((module, rest)) = line.strip_prefix("from ").and_then(import_of) {
            if let Some(rest) = rest.strip_prefix('(') {
                let (part, is_closed) = until(rest, ')');
                imported(module, part, &mut names);
                open = (!is_closed).then(|| module.to_owned());
            } else {
                imported(module, rest, &mut names);
            }
        } else if let Some(name) = directive(line) {
            names.insert(name.to_owned());
        }
    }
    names
}

/// The module and the names of `module import names`.
fn import_of(text: &str) -> Option<(&str, &str)> {
    let (module, names) = text.split_once(" import ")?;
    is_dotted(module).then(|| (module, names.trim_start()))
}

/// What stands before `end`, and whether that comes.
fn until(text: &str, end: char) -> (&str, bool) {
    text.split_once(end).map_or((text, false), |(part, _)| (part, true))
}

fn imported(module: &str, names: &str, into: &mut BTreeSet<String>) {
    let names = until(names, '#').0;
    for part in names.split(',') {
        let name = part.split_whitespace().next().unwrap_or_default();
        if !name.is_empty() && name.chars().all(is_word) {
            into.insert(format!("{module}.{name}"));
        }
    }
}

/// The object of a directive that documents one.
fn directive(line: &str) -> Option<&str> {
    let name = match line.strip_prefix(".. ") {
        Some(rest) => rest.strip_prefix("auto").and_then(|rest| rest.split_once("::"))?.1,
        None => line.strip_prefix("::: ")?,
    };
    let name = name.split('(').next().unwrap_or_default().trim();
    is_dotted(name).then_some(name)
}

fn is_dotted(text: &str) -> bool {
    text.split('.').all(|part| !part.is_empty() && part.chars().all(is_word))
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::names_of;

    fn names(text: &str) -> Vec<String> {
        names_of(text).into_iter().collect()
    }

    #[test]
    fn examples_import_names() {
        let text = "Use it:\n\n    >>> from shop.cart import Cart, total as sum  # both\n";
        assert_eq!(names(text), ["shop.cart.Cart", "shop.cart.total"]);
        let text = "from a import (\n    b,\n    c,  # why\n)\nfrom d import e\n";
        assert_eq!(names(text), ["a.b", "a.c", "d.e"]);
    }

    #[test]
    fn directives_document_names() {
        let text = ".. autoclass:: shop.Cart(size)\n   :members:\n::: shop.total\n";
        assert_eq!(names(text), ["shop.Cart", "shop.total"]);
    }

    #[test]
    fn prose_names_nothing() {
        assert!(names("from here import duties are paid by you\nfrom . import x\n").len() < 2);
        assert!(
            names("We import from shop.cart.\nfrom a import (and then\nnothing. More\n").len() < 3
        );
    }
}
