//! Parsing: from text to a tree, with everything that is wrong with it as text.
//!
//! The tokens live only as long as the comments are read out of them. A tree that would be too deep to walk is
//! replaced by an empty one.

use std::path::Path;

use ruff_python_ast::token::{TokenKind, Tokens};
use ruff_python_ast::{AtomicNodeIndex, ModModule, PySourceType, PythonVersion};
use ruff_python_parser::{AsMode, ParseOptions, Parsed, parse_unchecked};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::comments::Suppressions;
use super::depth::{Estimate, MAX_DEPTH, is_hopeless};
use super::semantic;
use super::signatures::{take_bodies, without_bodies};
use super::text::{ProblemKind, SourceProblem, SourceText};
use crate::project::FilePath;

/// More syntax errors than this in one file tell nothing new: it is no Python.
const MAX_SYNTAX_ERRORS: usize = 20;

/// Trees deeper than this are walked on a stack of their own here.
const DEEP: u32 = 150;
/// That stack: a few kilobytes a level in an unoptimised build.
const DEEP_STACK: usize = 128 * 1024 * 1024;

/// A module's tree and what its text says beside it.
#[derive(Debug)]
pub struct ParsedSource {
    /// The tree, as far as the text parses.
    pub syntax: ModModule,
    /// Syntax errors, in order of place.
    pub problems: Vec<SourceProblem>,
    /// The comments that silence diagnostics.
    pub suppressions: Suppressions,
    /// About how deep the tree is; at most [`MAX_DEPTH`]. Dropping and walking it takes stack accordingly.
    pub depth: u32,
}

impl ParsedSource {
    /// Whether the text has syntax errors that leave holes in the tree.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        let breaks = |problem: &SourceProblem| {
            matches!(problem.kind, ProblemKind::Syntax | ProblemKind::TooDeep)
        };
        self.problems.iter().any(breaks)
    }
}

/// What kind of source a file holds, by its name.
#[must_use]
pub fn source_type_of(path: &FilePath) -> PySourceType {
    match path {
        FilePath::Disk(path) => PySourceType::from(path),
        FilePath::Vendored(path) => PySourceType::from(Path::new(path)),
        FilePath::Namespace(_) => PySourceType::Python,
    }
}

/// Parses a module and looks for everything that keeps it from compiling under `version`.
#[must_use]
pub fn parse(source: &SourceText, kind: PySourceType, version: PythonVersion) -> ParsedSource {
    let text = source.text();
    if is_hopeless(text, kind.as_mode()) {
        return too_deep(TextSize::default(), Suppressions::default());
    }
    // A stub is never run: it may use the syntax of any version.
    let version = if kind.is_stub() { PythonVersion::latest() } else { version };
    let options = ParseOptions::from(kind).with_target_version(version);
    let Some(parsed) = parse_unchecked(text, options).try_into_module() else {
        return too_deep(TextSize::default(), Suppressions::default());
    };
    let estimate = estimate(parsed.tokens());
    let suppressions = Suppressions::scan(source, parsed.tokens());
    if let Some(offset) = estimate.exceeded {
        // Dropping the tree would recurse as deeply as walking it.
        std::mem::forget(parsed);
        return too_deep(offset, suppressions);
    }
    if is_noise(source, &parsed) {
        return ParsedSource {
            syntax: nothing(),
            problems: Vec::new(),
            suppressions: Suppressions::default(),
            depth: 0,
        };
    }
    let problems = problems(source, &parsed, kind, version, estimate.depth);
    ParsedSource { syntax: parsed.into_syntax(), problems, suppressions, depth: estimate.depth }
}

/// The tree that [`parse`] gives, without looking at anything else: for files that were parsed before, or
/// that are not checked.
#[must_use]
pub fn parse_again(source: &SourceText, kind: PySourceType, version: PythonVersion) -> ModModule {
    shallow(source, kind, version).map_or_else(nothing, Parsed::into_syntax)
}

/// What the parser makes of a text, unless that is noise or nests too deeply. A text that is broken may open brackets
/// that are never closed, so that it is deeper than it looks.
fn shallow(
    source: &SourceText,
    kind: PySourceType,
    version: PythonVersion,
) -> Option<Parsed<ModModule>> {
    if is_hopeless(source.text(), kind.as_mode()) {
        return None;
    }
    let parsed = parsed(source.text(), kind, version)?;
    if !parsed.has_valid_syntax() && estimate(parsed.tokens()).exceeded.is_some() {
        // Dropping the tree would recurse as deeply as walking it.
        std::mem::forget(parsed);
        return None;
    }
    (!is_noise(source, &parsed)).then_some(parsed)
}

/// The tree of a module that others ask for its signatures: bodies that say nothing to others are taken out of it, and
/// it is said where they were.
#[must_use]
pub fn parse_signatures(
    source: &SourceText,
    kind: PySourceType,
    version: PythonVersion,
) -> (ModModule, Box<[TextRange]>) {
    if kind != PySourceType::Python {
        return (parse_again(source, kind, version), Box::default());
    }
    let Some(parsed) = shallow(source, kind, version) else {
        return (nothing(), Box::default());
    };
    let is_valid = parsed.has_valid_syntax();
    let mut tree = parsed.into_syntax();
    // What is made of a broken text depends on all of it.
    let taken = match is_valid {
        true => take_bodies(source.text(), &mut tree.body),
        false => Box::default(),
    };
    (tree, taken)
}

/// The tree of a text of which a tree was made before: its depth is not looked at once more, and the bodies that were
/// taken out are not parsed again.
#[must_use]
pub fn parse_known(
    source: &SourceText,
    kind: PySourceType,
    version: PythonVersion,
    taken: &[TextRange],
) -> ModModule {
    if !taken.is_empty() {
        let left = without_bodies(source.text(), taken);
        return parsed(&left, kind, version).map_or_else(nothing, Parsed::into_syntax);
    }
    match parsed(source.text(), kind, version) {
        Some(parsed) if !is_noise(source, &parsed) => parsed.into_syntax(),
        _ => nothing(),
    }
}

fn parsed(text: &str, kind: PySourceType, version: PythonVersion) -> Option<Parsed<ModModule>> {
    let version = if kind.is_stub() { PythonVersion::latest() } else { version };
    let options = ParseOptions::from(kind).with_target_version(version);
    parse_unchecked(text, options).try_into_module()
}

/// A tree that has all import statements of a text, for those who look at nothing else: of the part that ends after the
/// last of them, where that can be parsed by itself.
#[must_use]
pub fn parse_imports(source: &SourceText, kind: PySourceType, version: PythonVersion) -> ModModule {
    let head = head_with_imports(source.text());
    let is_whole = head.len() == source.text().len();
    if !is_whole && !kind.is_ipynb() && source.problems.is_empty() {
        let options = ParseOptions::from(kind).with_target_version(version);
        let parsed = || parse_unchecked(head, options).try_into_module();
        let parsed = (!is_hopeless(head, kind.as_mode())).then(parsed).flatten();
        if let Some(parsed) = parsed.filter(Parsed::has_valid_syntax) {
            return parsed.into_syntax();
        }
    }
    parse_again(source, kind, version)
}

/// The beginning of a text up to the first line after its last `import` that seems to begin a statement of the module. If
/// that is within a string or a bracket, what is before it does not parse.
fn head_with_imports(text: &str) -> &str {
    let Some(last) = last_import(text) else { return "" };
    let mut at = last;
    let mut before = "";
    for line in text[last..].split_inclusive('\n') {
        let end = line.find(|c| !is_part_of_name(c)).unwrap_or(line.len());
        let begins = at > last && (end > 0 || line.starts_with('@'));
        let goes_on = matches!(&line[..end], "else" | "elif" | "except" | "finally")
            || before.trim_end().ends_with('\\');
        if begins && !goes_on {
            return &text[..at];
        }
        at += line.len();
        before = line;
    }
    text
}

/// Where the last word `import` of a text stands.
fn last_import(text: &str) -> Option<usize> {
    const WORD: &str = "import";
    memchr::memmem::rfind_iter(text.as_bytes(), WORD).find(|&at| {
        let after = &text[at + WORD.len()..];
        !text[..at].ends_with(is_part_of_name) && !after.starts_with(is_part_of_name)
    })
}

fn is_part_of_name(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

/// Whether bytes did not decode and what is left is no Python: the first says all that there is to say.
fn is_noise(source: &SourceText, parsed: &Parsed<ModModule>) -> bool {
    !source.problems.is_empty() && !parsed.has_valid_syntax()
}

fn problems(
    source: &SourceText,
    parsed: &Parsed<ModModule>,
    kind: PySourceType,
    version: PythonVersion,
    depth: u32,
) -> Vec<SourceProblem> {
    let end = TextSize::of(source.text());
    let mut problems = Vec::new();
    for error in parsed.errors().iter().take(MAX_SYNTAX_ERRORS) {
        let message = error.error.to_string();
        problems.push(problem(ProblemKind::Syntax, error.location, message, end));
    }
    for error in parsed.unsupported_syntax_errors() {
        problems.push(problem(
            ProblemKind::UnsupportedSyntax,
            error.range(),
            error.to_string(),
            end,
        ));
    }
    // In a tree with holes the other errors would only be followers.
    if parsed.has_valid_syntax() {
        let check = || semantic::check(parsed.syntax(), source.text(), kind, version);
        let errors = if depth > DEEP { stacker::grow(DEEP_STACK, check) } else { check() };
        for (range, message) in errors {
            problems.push(problem(ProblemKind::Compile, range, message, end));
        }
    }
    problems.sort_by(|a, b| {
        let key =
            |problem: &SourceProblem| (problem.range.start(), problem.range.end(), problem.kind);
        key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message))
    });
    problems
}

fn problem(kind: ProblemKind, range: TextRange, message: String, end: TextSize) -> SourceProblem {
    let range = TextRange::new(range.start().min(end), range.end().min(end));
    SourceProblem { kind, range, message }
}

fn estimate(tokens: &Tokens) -> Estimate {
    let mut estimate = Estimate::default();
    for token in tokens {
        let (kind, range) = token.as_tuple();
        if kind != TokenKind::Name {
            estimate.token(kind, range.start());
        }
    }
    estimate
}

fn too_deep(offset: TextSize, suppressions: Suppressions) -> ParsedSource {
    let message =
        format!("the code is nested too deeply to be checked: more than {MAX_DEPTH} levels");
    let problems = vec![SourceProblem {
        kind: ProblemKind::TooDeep,
        range: TextRange::empty(offset),
        message,
    }];
    ParsedSource { syntax: nothing(), problems, suppressions, depth: 0 }
}

/// The tree of a file without code.
fn nothing() -> ModModule {
    ModModule {
        range: TextRange::default(),
        body: Vec::new().into(),
        node_index: AtomicNodeIndex::NONE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::from_text;

    fn problems(text: &str, version: PythonVersion) -> Vec<(ProblemKind, u32, String)> {
        let source = from_text(text);
        let parsed = parse(&source, PySourceType::Python, version);
        let show = |problem: SourceProblem| {
            (problem.kind, source.line(problem.range.start()), problem.message)
        };
        parsed.problems.into_iter().map(show).collect()
    }

    fn kinds(text: &str) -> Vec<ProblemKind> {
        let found = problems(text, PythonVersion::PY312);
        found.into_iter().map(|(kind, _, _)| kind).collect()
    }

    #[test]
    fn syntax_errors_leave_the_rest_of_the_tree() {
        let source = from_text("x = 1\ndef f(:\n    pass\ny = 2\n");
        let parsed = parse(&source, PySourceType::Python, PythonVersion::PY312);
        assert!(parsed.is_broken());
        assert!(parsed.syntax.body.len() >= 3);
    }

    #[test]
    fn later_syntax_is_told_with_its_version() {
        let found = problems("match x:\n    case 1: pass\n", PythonVersion::PY38);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].0, found[0].1), (ProblemKind::UnsupportedSyntax, 1));
        assert!(found[0].2.contains("3.10"), "{}", found[0].2);
        let source = from_text("type X = int\n");
        assert!(parse(&source, PySourceType::Stub, PythonVersion::PY38).problems.is_empty());
    }

    #[test]
    fn what_does_not_compile() {
        assert_eq!(kinds("return 1\n"), [ProblemKind::Compile]);
        assert_eq!(kinds("def f(a, a): pass\n"), [ProblemKind::Compile]);
        assert_eq!(kinds("def f(): return 1\n"), []);
    }

    #[test]
    fn a_file_of_noise_gives_few_problems() {
        assert!(kinds(&"$ ? ! )\n".repeat(10_000)).len() <= MAX_SYNTAX_ERRORS);
    }

    #[test]
    fn no_depth_overflows_the_stack() {
        for text in [
            "(".repeat(200_000),
            format!("{}1{}", "(".repeat(50_000), ")".repeat(50_000)),
            "[".repeat(5_000),
            "not ".repeat(100_000),
            "lambda:".repeat(50_000),
            format!("x{}", ".a".repeat(100_000)),
            format!("x{}", "()".repeat(100_000)),
            format!("1{}", "+1".repeat(100_000)),
            format!("1{}", "**1".repeat(100_000)),
            format!("x = {}1", "1 if x else ".repeat(50_000)),
            "f'{".repeat(10_000),
            (0..8_000).map(|level| format!("{}if x:\n", " ".repeat(level))).collect(),
        ] {
            let parsed =
                parse(&from_text(text.as_str()), PySourceType::Python, PythonVersion::PY312);
            assert!(!parsed.problems.is_empty(), "{}", &text[..20]);
            std::mem::forget(parsed);
        }
    }

    #[test]
    fn what_must_be_checked_is_not_too_deep() {
        let blocks: String =
            (0..500).map(|level| format!("{}if x:\n", " ".repeat(level))).collect();
        let chain: String =
            (0..10_000).map(|arm| format!("elif x == {arm}:\n    pass\n")).collect();
        for text in [
            format!("x = {}1\n", "1 + ".repeat(3_000)),
            format!("x = {}f(1).b\n", "f(a).b + ".repeat(3_000)),
            format!("{blocks}{}pass\n", " ".repeat(500)),
            format!("if x:\n    pass\n{chain}"),
            format!("x = [{}]\n", "{'a': [1, 2, (3, 4)], 'b': -1.5}, ".repeat(20_000)),
            format!("x = ({})\n", "'some text (here' ".repeat(20_000)),
            format!("x = f'{}'\n", "{a.b} ".repeat(10_000)),
        ] {
            let parsed =
                parse(&from_text(text.as_str()), PySourceType::Python, PythonVersion::PY312);
            assert_eq!(parsed.problems, [], "{}", &text[..20]);
            std::mem::forget(parsed);
        }
    }

    #[test]
    fn the_head_of_a_text_has_all_imports() {
        let heads = [
            ("x = 1\n", ""),
            ("import a\n\nimport_b = 1\n", "import a\n\n"),
            ("from a import (\n    b,\n)\n@c\ndef d(): ...\n", "from a import (\n    b,\n)\n"),
            ("import a, \\\nb\nc = 1\n", "import a, \\\nb\n"),
            (
                "def f():\n    import a\n    return a\nf()\n",
                "def f():\n    import a\n    return a\n",
            ),
        ];
        for (text, head) in heads {
            assert_eq!(head_with_imports(text), head);
        }
        let guarded = "try:\n    import a\nexcept ImportError:\n    a = 1\nelse:\n    b = 2\n";
        assert_eq!(head_with_imports(guarded), guarded);
        assert_eq!(head_with_imports(&format!("{guarded}c = 3\n")), guarded);
    }

    #[test]
    fn imports_are_found_whatever_follows_them() {
        for text in [
            "x = '''\nimport a\nb = 1\n'''\nc = 2\n",
            "import a\nx = (\nb\n)\nimport c\ny = [\nd\n]\n",
            "from a import (\nb,\nc)\nd = 1\n",
            "import a; b = '''\nc = 1\n'''\nd = 2\n",
        ] {
            let source = from_text(text);
            let shown = |tree: &ModModule| -> Vec<String> {
                let rows = crate::source::import_rows(tree).into_iter();
                rows.map(|row| format!("{}:{:?}:{:?}", row.module, row.name, row.range)).collect()
            };
            let version = PythonVersion::latest();
            let head = parse_imports(&source, PySourceType::Python, version);
            let whole = parse_again(&source, PySourceType::Python, version);
            assert_eq!(shown(&head), shown(&whole), "{text}");
        }
    }

    #[test]
    fn notebooks_may_use_magic_and_await() {
        let source = from_text("%timeit 1\n!ls\nawait x\n");
        assert!(parse(&source, PySourceType::Ipynb, PythonVersion::PY312).problems.is_empty());
    }
}
