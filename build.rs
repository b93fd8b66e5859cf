//! Packs typeshed into one blob, not compressed, so that the binary carries its stubs and needs no folder beside it.
//!
//! The blob is an index (`path TAB length` lines, sorted, closed by an empty line) followed by the texts in
//! that order. On the way docstrings, nearly half of the bytes, become `...`, and what a foreign checker has
//! patched in (`ty_extensions.Top[X]`, `object` for the key of a mapping) becomes what typeshed says.

use std::{env, error::Error, fs, path::Path};

use ruff_db::vendored::{VendoredFileSystem, VendoredPath};
use ruff_python_ast::{
    Expr, PySourceType, Stmt, StmtFunctionDef,
    visitor::{Visitor, walk_expr, walk_stmt},
};
use ruff_text_size::{Ranged, TextRange};

/// Helpers that only another checker understands; no stub of ours asks for them.
const FOREIGN: &str = "ty_extensions";
/// The one of them that typeshed's own stubs have been patched to use.
const FOREIGN_FORM: &str = "Top";

/// Functions of which that checker has replaced a part of an annotation: class or nothing, name, what is
/// written now, and what typeshed says. Parts of parameters and results are looked for alike.
const PATCHED: &[(&str, &str, &str, &str)] = &[
    ("dict", "get", "key: object", "key: _KT"),
    ("dict", "pop", "key: object", "key: _KT"),
    ("Mapping", "get", "key: object", "key: _KT"),
    ("", "isawaitable", "TypeIs[Awaitable[object]]", "TypeIs[Awaitable[Any]]"),
    (
        "",
        "iscoroutine",
        "TypeIs[CoroutineType[object, Never, object]]",
        "TypeIs[CoroutineType[Any, Any, Any]]",
    ),
    (
        "",
        "iscoroutine",
        "TypeIs[Coroutine[object, Never, object]]",
        "TypeIs[Coroutine[Any, Any, Any]]",
    ),
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=build.rs");
    let system = ty_vendored::file_system();
    let mut files = Vec::new();
    collect(system, VendoredPath::new("stdlib"), &mut files)?;
    collect(system, VendoredPath::new("stubs"), &mut files)?;
    files.retain(|(path, _)| path.split(['/', '.']).nth(1) != Some(FOREIGN));
    for (path, text) in &mut files {
        if path == "stdlib/VERSIONS" {
            let kept = text.lines().filter(|line| !line.starts_with(FOREIGN));
            *text = kept.map(|line| format!("{line}\n")).collect();
        }
    }
    for name in ["LICENSE", "LICENSE.txt"] {
        if let Ok(text) = system.read_to_string(VendoredPath::new(name)) {
            files.push(("LICENSE".to_owned(), text));
            break;
        }
    }
    files.sort();

    let mut blob = String::new();
    for (path, text) in &files {
        blob.push_str(&format!("{path}\t{}\n", text.len()));
    }
    blob.push('\n');
    for (_, text) in &files {
        blob.push_str(text);
    }
    let target =
        Path::new(&env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?).join("typeshed.txt");
    fs::write(target, blob)?;
    println!("cargo:rustc-env=ROPEWALK_TYPESHED_COMMIT={}", ty_vendored::SOURCE_COMMIT);
    Ok(())
}

/// Adds every stub and the `VERSIONS` table below `folder`.
fn collect(
    system: &VendoredFileSystem,
    folder: &VendoredPath,
    files: &mut Vec<(String, String)>,
) -> Result<(), Box<dyn Error>> {
    if !system.is_directory(folder) {
        return Ok(());
    }
    let entries: Vec<_> = system.read_directory(folder).collect();
    for entry in entries {
        let path = entry.path();
        if entry.file_type().is_directory() {
            collect(system, path, files)?;
        } else if path.extension() == Some("pyi") {
            let text = system.read_to_string(path)?;
            files.push((path.as_str().to_owned(), simplify(&text)));
        } else if matches!(path.file_name(), Some("VERSIONS" | "py.typed")) {
            files.push((path.as_str().to_owned(), system.read_to_string(path)?));
        }
    }
    Ok(())
}

/// Collects what is to be replaced: ranges and their new text, in no particular order.
struct Edits<'t> {
    text: &'t str,
    found: Vec<(TextRange, &'static str)>,
    class: String,
}

impl Edits<'_> {
    /// Puts back what typeshed says of a patched function.
    fn restore(&mut self, function: &StmtFunctionDef) {
        let name = function.name.as_str();
        let parameters = function.parameters.iter().map(|parameter| parameter.as_parameter());
        let parameters = parameters.map(Ranged::range);
        let ranges = parameters.chain(function.returns.iter().map(|each| each.range()));
        for range in ranges {
            let patch = PATCHED.iter().find(|(class, patched, now, _)| {
                *class == self.class && *patched == name && *now == &self.text[range]
            });
            if let Some((.., says)) = patch {
                self.found.push((range, says));
            }
        }
    }
}

impl Visitor<'_> for Edits<'_> {
    fn visit_stmt(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::ClassDef(class) => {
                let around = std::mem::replace(&mut self.class, class.name.to_string());
                walk_stmt(self, stmt);
                self.class = around;
            }
            Stmt::FunctionDef(function) => {
                self.restore(function);
                walk_stmt(self, stmt);
            }
            Stmt::Expr(expression) if expression.value.is_string_literal_expr() => {
                self.found.push((expression.range(), "..."));
            }
            Stmt::ImportFrom(import) if import.module.as_deref() == Some(FOREIGN) => {
                self.found.push((import.range(), "..."));
            }
            _ => walk_stmt(self, stmt),
        }
    }

    fn visit_expr(&mut self, expr: &Expr) {
        if let Expr::Subscript(subscript) = expr
            && let Expr::Name(name) = &*subscript.value
            && name.id.as_str() == FOREIGN_FORM
        {
            let inner = subscript.slice.range();
            self.found.push((TextRange::new(subscript.start(), inner.start()), ""));
            self.found.push((TextRange::new(inner.end(), subscript.end()), ""));
        }
        walk_expr(self, expr);
    }
}

/// The stub without docstrings and foreign forms; a stub that does not parse is left as it is.
fn simplify(text: &str) -> String {
    let parsed = ruff_python_parser::parse_unchecked_source(text, PySourceType::Stub);
    if !parsed.has_valid_syntax() {
        return text.to_owned();
    }
    let mut edits = Edits { text, found: Vec::new(), class: String::new() };
    edits.visit_body(parsed.suite());
    edits.found.sort_by_key(|(range, _)| range.start());
    let mut simplified = String::with_capacity(text.len());
    let mut end = 0;
    for (range, replacement) in edits.found {
        simplified.push_str(&text[end..range.start().to_usize()]);
        simplified.push_str(replacement);
        end = range.end().to_usize();
    }
    simplified.push_str(&text[end..]);
    simplified
}
