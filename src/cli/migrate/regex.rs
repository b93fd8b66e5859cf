//! mypy's `exclude` is a regular expression, ours are globs: what is plainly a path is taken over.
//!
//! An expression of several alternatives is taken apart, and each is looked at on its own.

/// The globs that say what `pattern` says, and the alternatives for which there is none.
pub(super) fn globs(pattern: &str) -> (Vec<String>, Vec<String>) {
    let text = match pattern.trim().strip_prefix("(?x)") {
        Some(verbose) => compact(verbose),
        None => pattern.trim().to_owned(),
    };
    let (mut globs, mut left) = (Vec::new(), Vec::new());
    for part in alternatives(&text) {
        match glob(&part) {
            Some(glob) => globs.push(glob),
            None => left.push(part),
        }
    }
    (globs, left)
}

/// An expression in verbose form without its blanks and comments.
fn compact(text: &str) -> String {
    let mut result = String::new();
    for line in text.lines() {
        let mut chars = line.chars();
        while let Some(c) = chars.next() {
            match c {
                '#' => break,
                '\\' => {
                    result.push(c);
                    result.extend(chars.next());
                }
                c if c.is_whitespace() => {}
                c => result.push(c),
            }
        }
    }
    result
}

/// The alternatives of an expression, those of groups multiplied out: `^a/(b|c)$` is `^a/b$` and `^a/c$`.
fn alternatives(text: &str) -> Vec<String> {
    let parts = split(text);
    if parts.len() > 1 {
        return parts.iter().flat_map(|part| alternatives(part)).collect();
    }
    let Some((before, group, after)) = first_group(text) else {
        return if text.is_empty() { Vec::new() } else { vec![text.to_owned()] };
    };
    // A group that is repeated is no list of names.
    let is_plain = !group.starts_with('?') || group.starts_with("?:");
    if after.starts_with(['*', '+', '?', '{']) || !is_plain {
        return vec![text.to_owned()];
    }
    let group = group.strip_prefix("?:").unwrap_or(group);
    let inner = split(group).into_iter();
    inner.flat_map(|inner| alternatives(&format!("{before}{inner}{after}"))).collect()
}

/// The text at `|` outside of groups.
fn split(text: &str) -> Vec<String> {
    let (mut parts, mut depth, mut escaped) = (vec![String::new()], 0_usize, false);
    for c in text.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            '|' if depth == 0 => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(part) = parts.last_mut() {
            part.push(c);
        }
    }
    parts
}

/// What is before the first group, in it, and behind it.
fn first_group(text: &str) -> Option<(&str, &str, &str)> {
    let (mut open, mut depth, mut escaped) = (None, 0_usize, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '(' => {
                open = open.or(Some(at));
                depth += 1;
            }
            ')' if depth == 1 => {
                let open = open?;
                return Some((&text[..open], &text[open + 1..at], &text[at + 1..]));
            }
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

/// A glob for an expression without alternatives, if it has one. The expression is searched for from the start of
/// a path on: with nothing behind it, it stands for all paths that begin so.
fn glob(text: &str) -> Option<String> {
    let (anchored, rest) = match text.strip_prefix('^') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let rest = match rest.strip_suffix('$') {
        Some(rest) if !rest.ends_with('\\') => rest,
        _ => rest,
    };
    let path = plain(rest)?;
    let (path, any_before) = match path.strip_prefix("*/") {
        Some(path) => (path, true),
        None => (path.as_str(), !anchored),
    };
    // `a/.*` and `a/` are all that lies in `a`.
    let path = path.strip_suffix("/*").unwrap_or(path).trim_matches('/');
    let stars = path.chars().filter(|c| *c == '*').count();
    if path.is_empty() || stars > 1 {
        return None;
    }
    Some(if any_before { path.to_owned() } else { format!("/{path}") })
}

/// An expression of names, escaped points and `.*`, with `*` for the last.
fn plain(mut rest: &str) -> Option<String> {
    let mut result = String::new();
    while let Some(c) = rest.chars().next() {
        let taken = if rest.starts_with(".*") || rest.starts_with(".+") {
            result.push('*');
            2
        } else if rest.starts_with("[^/]*") || rest.starts_with("[^/]+") {
            result.push('*');
            5
        } else if c == '\\' {
            let next = rest.chars().nth(1).filter(char::is_ascii_punctuation)?;
            result.push(next);
            2
        } else if "*+?[](){}|^$".contains(c) {
            return None;
        } else {
            result.push(c);
            c.len_utf8()
        };
        rest = &rest[taken..];
    }
    Some(result)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_globs() {
        let all = |text: &str| globs(text).0;
        assert_eq!(all("^build/$"), ["/build"]);
        let verbose = "(?x)(\n  ^one\\.py$  # a file\n  | two\\.pyi$\n  | ^three\n)";
        assert_eq!(all(verbose), ["/one.py", "two.pyi", "/three"]);
        assert_eq!(all("^(docs|tests/data)/"), ["/docs", "/tests/data"]);
        assert_eq!(all("^src/gen/.*\\.py$"), ["/src/gen/*.py"]);
        assert_eq!(all("/migrations/"), ["migrations"]);
        assert_eq!(all(".*/vendor/.*"), ["vendor"]);
        let (globs, left) = globs("a[0-9]+/|b/");
        assert_eq!((globs, left), (vec!["b".to_owned()], vec!["a[0-9]+/".to_owned()]));
    }
}
