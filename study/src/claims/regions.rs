//! A region is inferred once at three granularities: definition, expression, scope.

use std::fmt::Write;
use std::path::Path;

use anyhow::Result;

use super::{Claim, Verdict, product};
use crate::hosts::cells;
use crate::jobs::Check;
use crate::machine;
use crate::rows::{Rows, Values};
use crate::statistics::median;

const SIZES: &[&str] = &["100", "200", "400", "800"];

/// See the module's documentation.
pub const CLAIM: Claim = Claim {
    name: "regions",
    sentence: "A region that is inferred once at three granularities costs what its code is long.",
    cells: |plan| {
        product(&["unpacking", "straight line", "conditions"], SIZES, &[plan.threads.min(1)])
    },
    counts: false,
    run,
    judge,
};

/// Checks a file of one shape: so many names, or lines.
fn run(variant: &str, subject: &str, threads: usize, _: bool) -> Result<Values> {
    let size: usize = subject.parse()?;
    let mut text = String::from("import os\nflag = bool(os.environ)\nx = 1\ny = 2\n");
    match variant {
        "unpacking" => {
            let names: Vec<String> = (0..size).map(|at| format!("n{at}")).collect();
            let values: Vec<String> = (0..size).map(|at| format!("max({at}, x)")).collect();
            let _ = writeln!(text, "({}) = ({})", names.join(", "), values.join(", "));
            let _ = writeln!(text, "print({})", names.join(", "));
        }
        "conditions" => (0..size).for_each(|_| text += "if flag:\n    y = x\n"),
        _ => (0..size).for_each(|_| text += "y = x + y\n"),
    }
    let folder = tempfile::tempdir()?;
    std::fs::write(folder.path().join("a.py"), text)?;
    // The stubs that every run reads are warm then, and what is left is the file.
    let check = Check { root: folder.path().to_owned(), threads, ..Check::default() };
    let before = machine::cpu();
    cells::check(&check)?;
    Ok(super::bench::one("cpu", machine::cpu() - before))
}

fn judge(rows: &Rows, _: &Path) -> Result<Verdict> {
    let mut figures = Vec::new();
    let mut slow = Vec::new();
    for shape in ["unpacking", "straight line", "conditions"] {
        let at = |size: &str| median(&rows.values(shape, size, 1, "cpu"));
        if at("100").is_nan() {
            return Ok(Verdict::not_measured());
        }
        // What twice as much adds, against what the half of it added: 2 where it is linear, 4 where it is quadratic.
        let growth = (at("800") - at("400")) / (at("400") - at("200")).max(1e-3);
        if growth > 3.0 && at("800") > 0.1 {
            slow.push(shape);
        }
        let times: Vec<String> =
            SIZES.iter().map(|size| format!("{:.0}", at(size) * 1e3)).collect();
        figures.push(format!("{shape} {}", times.join("/")));
    }
    let verdict = if slow.is_empty() {
        "holds".to_owned()
    } else {
        format!("does not hold for {}", slow.join(", "))
    };
    let figures = format!("Milliseconds of CPU for 100/200/400/800: {}.", figures.join("; "));
    Ok(Verdict::new(verdict, figures))
}
