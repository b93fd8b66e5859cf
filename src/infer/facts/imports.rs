//! The facts of a module that has only been parsed: its imports.

use ruff_python_ast::PythonVersion;

use super::names::Symbols;
use super::{Import, ImportWay, ModuleFacts, NONE};
use crate::project::{FilePath, resolve_relative};
use crate::source::{self, RowWay, SourceText, import_rows};

/// The imports of a text, as facts that say nothing else.
#[must_use]
pub fn import_facts(
    path: &str,
    name: &str,
    file: &FilePath,
    text: &SourceText,
    version: PythonVersion,
) -> ModuleFacts {
    let tree = source::parse_imports(text, source::source_type_of(file), version);
    let is_package = file.is_init();
    let mut symbols = Symbols::default();
    let empty = symbols.sym("");
    let mut imports = Vec::new();
    for row in import_rows(&tree) {
        let module = resolve_relative(name, is_package, row.level, Some(row.module));
        let Some(module) = module else { continue };
        imports.push(Import {
            at: row.range.start().to_u32(),
            module: symbols.sym(&module),
            name: row.name.map_or(NONE, |name| symbols.sym(name)),
            bound: empty,
            path: empty,
            is_submodule: false,
            way: match row.way {
                RowWay::Run => ImportWay::Run,
                RowWay::Deferred => ImportWay::Deferred,
                RowWay::Lazy => ImportWay::Lazy,
                RowWay::Typing => ImportWay::Typing,
            },
            is_optional: row.is_optional,
            is_guarded: false,
            from: 0,
        });
    }
    ModuleFacts {
        path: path.into(),
        name: name.into(),
        is_package,
        is_stub: file.is_stub(),
        lines: u32::try_from(text.line_count()).unwrap_or(u32::MAX),
        symbols: symbols.finish().0,
        imports,
        has_main: source::asks_for_main(text.text()),
        ..ModuleFacts::default()
    }
}
