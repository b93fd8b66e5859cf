//! The walk that builds a semantic index.
//!
//! Being written.

use ruff_python_ast::ModModule;

use super::{AstNodes, IndexSettings, SemanticIndex};

/// Indexes a module. Sets the `node_index` of every expression and statement.
#[must_use]
pub fn build<'ast>(
    _module: &'ast ModModule,
    _settings: &IndexSettings,
) -> (SemanticIndex, AstNodes<'ast>) {
    todo!("the walk is the next commit")
}
