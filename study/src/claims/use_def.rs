//! Use-def graphs made while indexing are linear where a lazy walk over a control-flow graph is quadratic.

use std::path::Path;

use anyhow::{Result, ensure};
use ropewalk::index::{IndexSettings, ModuleAst};
use ropewalk::project::PythonVersion;
use ropewalk::source;
use ruff_python_ast::PySourceType;

use super::{Claim, Verdict, bench, product};
use crate::rows::{Rows, Values};
use crate::statistics::median;

const SIZES: &[&str] = &["250", "500", "1000", "2000"];

/// See the module's documentation.
pub const CLAIM: Claim = Claim {
    name: "use-def",
    sentence: "Use-def maps are linear where a lazy walk over a control-flow graph is quadratic.",
    cells: |_| product(&["use-def", "lazy walk"], SIZES, &[1]),
    counts: false,
    run,
    judge,
};

/// So many conditions over one name that is set before and read after each: a chain of diamonds.
fn run(variant: &str, subject: &str, _: usize, quick: bool) -> Result<Values> {
    let size: usize = subject.parse()?;
    let length = bench::length(quick) / 4;
    let nanoseconds = match variant {
        "use-def" => {
            let text = "import os\nflag = os.name\nx = 1\n".to_owned()
                + &"if flag:\n    y = 2\nx\n".repeat(size);
            let settings = IndexSettings::of_source(PythonVersion::PY313);
            let text = source::from_text(text.as_str());
            bench::per_step(length, |_| {
                let tree =
                    source::parse(&text, PySourceType::Python, settings.python_version).syntax;
                ModuleAst::of_tree(tree, &settings)
            })
        }
        _ => {
            let graph = Graph::of_diamonds(size);
            let mut visited = vec![0_u32; graph.before.len()];
            let mut found = 0;
            let time = bench::per_step(length, |_| {
                visited.fill(0);
                found = 0;
                for (at, &use_at) in graph.uses.iter().enumerate() {
                    let mark = u32::try_from(at + 1).unwrap_or(u32::MAX);
                    found += graph.bindings_of(use_at, &mut visited, mark);
                }
            });
            ensure!(found == size, "every use has one binding");
            time
        }
    };
    Ok(bench::one("ms", nanoseconds / 1e6))
}

/// Blocks with those before them; the first one binds the name.
struct Graph {
    before: Vec<Vec<usize>>,
    uses: Vec<usize>,
}

impl Graph {
    fn of_diamonds(size: usize) -> Self {
        let (mut before, mut uses) = (vec![Vec::new()], Vec::new());
        let mut last = 0;
        for _ in 0..size {
            before.push(vec![last]);
            before.push(vec![last, before.len() - 1]);
            last = before.len() - 1;
            uses.push(last);
        }
        Self { before, uses }
    }

    /// Walks back from a use to the bindings that reach it.
    fn bindings_of(&self, use_at: usize, visited: &mut [u32], mark: u32) -> usize {
        let (mut found, mut left) = (0, vec![use_at]);
        while let Some(block) = left.pop() {
            if std::mem::replace(&mut visited[block], mark) == mark {
                continue;
            }
            found += usize::from(block == 0);
            left.extend(&self.before[block]);
        }
        found
    }
}

fn judge(rows: &Rows, _: &Path) -> Result<Verdict> {
    let at = |variant: &str, size: &str| median(&rows.values(variant, size, 1, "ms"));
    if at("use-def", "250").is_nan() {
        return Ok(Verdict::not_measured());
    }
    let growth = |variant: &str| at(variant, "2000") / at(variant, "500");
    let times = |variant: &str| {
        SIZES.iter().map(|size| format!("{:.2}", at(variant, size))).collect::<Vec<_>>().join("/")
    };
    let holds = growth("use-def") < 6.0 && growth("lazy walk") > 10.0;
    let figures = format!(
        "Milliseconds for 250/500/1,000/2,000 conditions: parsing and indexing all of it {}, walking back from each use of \
         one name {} (the walk alone, without a parser).",
        times("use-def"),
        times("lazy walk")
    );
    Ok(Verdict::new(if holds { "holds" } else { "does not hold" }, figures))
}
