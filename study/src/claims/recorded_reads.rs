//! Recording every read costs nothing that shows.

use std::path::Path;

use anyhow::Result;
use ropewalk::index::{IndexSettings, ModuleAst};
use ropewalk::project::{FilePath, PythonVersion};
use ropewalk::source;
use ruff_python_ast::PySourceType;

use super::{Claim, Verdict};
use crate::machine;
use crate::rows::{Rows, Values};
use crate::statistics::{median, ratio};

/// See the module's documentation.
pub const CLAIM: Claim = Claim {
    name: "recorded-reads",
    sentence: "Recording every read while indexing costs nothing that shows.",
    cells: |plan| {
        let tree = plan.trees.iter().max_by_key(|tree| tree.lines.min(300_000));
        let name = tree.map(|tree| tree.name.clone()).unwrap_or_default();
        super::product(&["recorded", "not recorded"], &[name.as_str()], &[1])
    },
    counts: false,
    run,
    judge,
};

/// Parses and indexes every file of a tree, and keeps the indexes.
fn run(variant: &str, subject: &str, _: usize, _: bool) -> Result<Values> {
    let settings = IndexSettings {
        records_reads: variant == "recorded",
        ..IndexSettings::of_source(PythonVersion::PY313)
    };
    let request = crate::project::request(Path::new(subject), 1)?;
    let mut indexes = Vec::new();
    let mut time = 0.0;
    for path in request.files {
        let Ok(text) = source::read(&FilePath::Disk(path)) else { continue };
        let tree = source::parse(&text, PySourceType::Python, settings.python_version).syntax;
        let before = machine::cpu();
        indexes.push(ModuleAst::of_tree(tree, &settings).0);
        time += machine::cpu() - before;
    }
    let mut values = super::bench::one("index cpu", time);
    values.insert("cpu".to_owned(), machine::cpu());
    values.insert("resident".to_owned(), machine::resident_megabytes());
    Ok(values)
}

fn judge(rows: &Rows, _: &Path) -> Result<Verdict> {
    let Some(row) = rows.0.first() else { return Ok(Verdict::not_measured()) };
    let of = |variant: &str, value| rows.values(variant, &row.subject, 1, value);
    let index = ratio(&of("recorded", "index cpu"), &of("not recorded", "index cpu"));
    let all = ratio(&of("recorded", "cpu"), &of("not recorded", "cpu"));
    let more = median(&of("recorded", "resident")) - median(&of("not recorded", "resident"));
    let tree = crate::jobs::name_of(Path::new(&row.subject));
    let figures = format!(
        "On {tree}: {:.2} ({:.2}–{:.2}) times the CPU time of indexing, {:.2} ({:.2}–{:.2}) times that of parsing and \
         indexing, and {more:.1} MB more.",
        index.median, index.low, index.high, all.median, all.low, all.high
    );
    let verdict = if all.low > 1.02 { "does not hold: it shows" } else { "holds" };
    Ok(Verdict::new(verdict, figures))
}
