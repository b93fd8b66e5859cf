//! The modules that a text imports, found line by line without parsing it.
//!
//! Which modules there are must be known before the first type is, long before a file is parsed; of most files that
//! are not checked themselves nothing else is ever looked at. What is found may be more than is there (a line of a
//! docstring may look like an import), and is never less.

use memchr::memmem;

/// What every import statement has.
const WORD: &[u8] = b"import";

/// A module named by what looks like an import statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScannedImport<'t> {
    /// The number of leading dots.
    pub level: u32,
    /// The dotted name after the dots; may be empty.
    pub module: &'t str,
    /// For `from … import`: the names, each of which may be a submodule. Without `*`.
    pub names: Vec<&'t str>,
    /// Whether it seems to be in a function.
    pub in_function: bool,
}

/// The imports of `text`, in order. Only lines that have the word, or go on in the next line, are looked at, and those
/// around them that say whether they are in a function.
#[must_use]
pub fn scan_imports(text: &str) -> Vec<ScannedImport<'_>> {
    let mut found = Vec::new();
    let bytes = text.as_bytes();
    let mut marks: Vec<usize> = memmem::find_iter(bytes, WORD).collect();
    let Some(&last) = marks.last() else { return found };
    let words = marks.len();
    marks.extend(memchr::memchr_iter(b'\\', &bytes[..end_of_line(bytes, last)]).filter(|&at| {
        let rest = &bytes[at + 1..];
        rest.iter()
            .find(|&&byte| byte == b'\n' || !byte.is_ascii_whitespace())
            .is_none_or(|&byte| byte == b'\n')
    }));
    if marks.len() > words {
        marks.sort_unstable();
    }
    let mut lines = Lines { text, seen: 0, function_indent: None };
    let mut next = 0;
    for mark in marks {
        if mark < next {
            continue;
        }
        let start = memchr::memrchr(b'\n', &bytes[..mark]).map_or(0, |end| end + 1);
        let end = end_of_line(bytes, mark);
        next = end;
        let statement = text[start..end].trim_ascii_start();
        if !statement.starts_with('#') {
            let in_function = lines.is_in_function(start, end);
            scan_line(&text[end - statement.len()..], statement.len(), in_function, &mut found);
        }
    }
    found
}

fn end_of_line(bytes: &[u8], at: usize) -> usize {
    memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |length| at + length)
}

/// Tells which lines are in a function; they are asked about in order.
struct Lines<'t> {
    text: &'t str,
    /// How far the lines have been walked: the start of one.
    seen: usize,
    /// The indent of the outermost `def` around that.
    function_indent: Option<usize>,
}

impl Lines<'_> {
    fn is_in_function(&mut self, start: usize, end: usize) -> bool {
        let before = &self.text.as_bytes()[self.seen..start];
        // A line of code that is not indented ends every function: what is before the last of them does not count.
        let mut starts = memchr::memrchr_iter(b'\n', before).map(|end| end + 1).chain([0]);
        let is_outer = |byte: &u8| !byte.is_ascii_whitespace() && *byte != b'#';
        if let Some(outer) = starts.find(|&at| before.get(at).is_some_and(is_outer)) {
            self.seen += outer;
            self.function_indent = None;
        }
        for line in self.text[self.seen..end].split('\n') {
            self.walk(line);
        }
        self.seen = (end + 1).min(self.text.len());
        self.function_indent.is_some()
    }

    fn walk(&mut self, line: &str) {
        let code = line.trim_ascii_start();
        if code.is_empty() || code.starts_with('#') {
            return;
        }
        let indent = line.len() - code.len();
        if self.function_indent.is_some_and(|function| indent <= function) {
            self.function_indent = None;
        }
        let is_function = || code.starts_with("def ") || code.starts_with("async def ");
        if self.function_indent.is_none() && is_function() {
            self.function_indent = Some(indent);
        }
    }
}

/// Takes the statements of one line, the first `length` bytes of `text`. A simple statement stands at the start of
/// a line or after a `;` or `:`.
fn scan_line<'t>(
    text: &'t str,
    length: usize,
    in_function: bool,
    found: &mut Vec<ScannedImport<'t>>,
) {
    let marks = text[..length].match_indices([';', ':']).map(|(at, _)| at + 1);
    for start in std::iter::once(0).chain(marks) {
        scan_statement(skip_blanks(&text[start..]), in_function, found);
    }
}

/// Takes one statement, if it is an import.
fn scan_statement<'t>(text: &'t str, in_function: bool, found: &mut Vec<ScannedImport<'t>>) {
    if let Some(rest) = keyword(text, "import") {
        for part in logical_line(rest).split(',') {
            if let Some(module) = first_word(part) {
                found.push(ScannedImport { level: 0, module, names: Vec::new(), in_function });
            }
        }
        return;
    }
    let Some(rest) = keyword(text, "from") else { return };
    let rest = skip_blanks(rest);
    let module_text = rest.trim_start_matches('.');
    let level = u32::try_from(rest.len() - module_text.len()).unwrap_or(u32::MAX);
    let module_text = skip_blanks(module_text);
    let end = module_text.find(|c| !is_name(c) && c != '.').unwrap_or(module_text.len());
    let (module, rest) = module_text.split_at(end);
    // `from . import a`: the keyword was taken for the name.
    let (module, rest) = if module == "import" && level > 0 {
        ("", module_text)
    } else {
        (module, skip_blanks(rest))
    };
    let Some(rest) = keyword(rest, "import").or_else(|| rest.strip_prefix("import")) else {
        return;
    };
    if module.is_empty() && level == 0 {
        return;
    }
    let rest = skip_blanks(rest);
    let (list, end) = match rest.strip_prefix('(') {
        Some(inner) => (inner, ')'),
        None => (logical_line(rest), ';'),
    };
    let mut names = Vec::new();
    for line in list.split('\n') {
        let code = line.split('#').next().unwrap_or_default();
        let last = code.find(end);
        let code = &code[..last.unwrap_or(code.len())];
        names.extend(code.split(',').filter_map(first_word));
        if last.is_some() {
            break;
        }
    }
    found.push(ScannedImport { level, module, names, in_function });
}

/// The names that `text`, of a package's `__init__` file, seems to list in `__all__`: each may be a submodule, which
/// then is imported by `from package import *`.
#[must_use]
pub fn scan_exports(text: &str) -> Vec<&str> {
    let mut names = Vec::new();
    for (at, mark) in text.match_indices("__all__") {
        let rest = &text[at + mark.len()..];
        let Some(start) = rest.find(['[', '(', '\n']) else { continue };
        let end = rest[start..].find([']', ')']).map_or(rest.len(), |end| start + end);
        let lines = rest[start..end].lines().map(|line| line.split('#').next().unwrap_or_default());
        // Every other part is between quotes.
        let quoted = lines.flat_map(|line| line.split(['"', '\'']).skip(1).step_by(2));
        names.extend(quoted.filter(|name| !name.is_empty() && name.chars().all(is_name)));
    }
    names
}

/// Whether some line of `text` seems to ask whether its module is run by itself.
#[must_use]
pub fn asks_for_main(text: &str) -> bool {
    text.match_indices("__main__").any(|(at, _)| {
        let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
        text[start..at].starts_with("if ") && text[start..at].contains("__name__")
    })
}

fn is_name(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

/// What follows a keyword.
fn keyword<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let rest = text.strip_prefix(word)?;
    rest.starts_with([' ', '\t', '\\', '(', '.']).then_some(rest)
}

/// Skips blanks and joined lines.
fn skip_blanks(text: &str) -> &str {
    text.trim_start_matches([' ', '\t', '\\', '\n', '\r', '\x0c'])
}

/// The text up to the end of the statement, over lines that end with a backslash.
fn logical_line(text: &str) -> &str {
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        end += line.len();
        if !line.trim_end_matches(['\n', '\r']).ends_with('\\') {
            break;
        }
    }
    let line = &text[..end];
    &line[..line.find([';', '#']).unwrap_or(line.len())]
}

/// The dotted name that a part of a list begins with.
fn first_word(part: &str) -> Option<&str> {
    let part = skip_blanks(part);
    let end = part.find(|c| !is_name(c) && c != '.').unwrap_or(part.len());
    (end > 0).then(|| &part[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        scan_imports(text)
            .iter()
            .map(|import| {
                let dots = ".".repeat(import.level as usize);
                let mark = if import.in_function { "!" } else { "" };
                format!("{mark}{dots}{}:{}", import.module, import.names.join(" "))
            })
            .collect()
    }

    #[test]
    fn the_usual_forms_are_found() {
        let text = "import a, b.c as d  # x, y\nfrom a.b import (c,  # d, e\n  f as g,\n)\n\
                    from . import x\nfrom .. y import z\nfrom ...p.q import *\r\n\
                    if True:\n    from k import l, \\\n        m\nimport o; import p\n\
                    try: import fast\nexcept ImportError: from slow import quick\n";
        let expected = [
            "a:",
            "b.c:",
            "a.b:c f",
            ".:x",
            "..y:z",
            "...p.q:",
            "k:l m",
            "o:",
            "p:",
            "fast:",
            "slow:quick",
        ];
        assert_eq!(shown(text), expected);
    }

    #[test]
    fn nothing_that_imports_is_missed() {
        let text = "if x:import a\nfrom b \\\n    import c\nimport \\\n  d\nif y: \\\n  import e\n\
                    from f import (  # see (g)\n    h,  # )\n    i,\n)\nx = 1;from.j import k\n";
        let found = shown(text);
        for import in ["a:", "b:c", "d:", "e:", "f:h i", ".j:k"] {
            assert!(found.iter().any(|shown| shown == import), "{import} of {found:?}");
        }
    }

    #[test]
    fn scripts_are_found() {
        assert!(asks_for_main("x = 1\nif __name__ == '__main__':\n    x()\n"));
        assert!(!asks_for_main("x = '__main__'\n# if __name__ == '__main__'\n"));
    }

    #[test]
    fn listed_names_are_found() {
        let text = "x = ['no']\n__all__ = [\n    \"a\",  # it's\n    'b',\n]\n__all__ += ('c',)\n\
                    __all__.extend(['d'])\n";
        let found = scan_exports(text);
        for name in ["a", "b", "c", "d"] {
            assert!(found.contains(&name), "{name} of {found:?}");
        }
        assert!(!found.contains(&"no"));
    }

    #[test]
    fn functions_are_told_apart() {
        let text = "def f():\n    import a\n\nclass C:\n    import b\n    async def m(self):\n\
                    \x20       from . import c\n    import d\nimport e\nimportant = 1\n";
        assert_eq!(shown(text), ["!a:", "b:", "!.:c", "d:", "e:"]);
    }
}
