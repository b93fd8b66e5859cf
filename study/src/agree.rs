//! Whether the engines find the same, byte for byte; where they do not, how the lines differ.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};

use crate::jobs::{Check, Job, count};
use crate::plan::Plan;
use crate::rows::{Row, Rows, Values};

/// The engines that are compared with ours.
pub const OTHERS: &[&str] = &["salsa-plain", "salsa-tuned", "salsa-batch"];

/// See the module's documentation. Writes the first differences as `differences.txt`.
pub fn run(plan: &Plan) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut rows = Rows::default();
    let mut shown = String::new();
    for tree in &plan.trees {
        let text_of = |host: &str| -> Result<String> {
            let path = folder.path().join("found.txt");
            let job = Job::Check(Check {
                host: host.to_owned(),
                root: tree.root.clone(),
                threads: plan.threads,
                write: Some(path.clone()),
                ..Check::default()
            });
            job.run_in_child()?;
            Ok(std::fs::read_to_string(path)?)
        };
        let ours = text_of("cells")?;
        for other in OTHERS {
            let theirs = text_of(other)?;
            let found = compare(&ours, &theirs);
            let mut values = Values::new();
            values.insert("lines".to_owned(), count(ours.lines().count()));
            values.insert("order of union members".to_owned(), count(found.order));
            values.insert("only ours".to_owned(), count(found.ours.len()));
            values.insert("only theirs".to_owned(), count(found.theirs.len()));
            for line in found.ours.iter().take(20) {
                shown += &format!("{} cells        {line}\n", tree.name);
            }
            for line in found.theirs.iter().take(20) {
                shown += &format!("{} {other:<12} {line}\n", tree.name);
            }
            rows.0.push(Row {
                variant: (*other).to_owned(),
                subject: tree.name.clone(),
                threads: plan.threads,
                input: tree.input.clone(),
                output: crate::project::hash(theirs.as_bytes()),
                values,
                ..Row::default()
            });
        }
    }
    rows.write(&plan.results, "agree")?;
    std::fs::write(plan.results.join("differences.txt"), shown)?;
    if plan.quick {
        let differs = |row: &&Row| row.values.iter().any(|(n, v)| n != "lines" && *v > 0.0);
        let first = rows.0.iter().find(differs);
        ensure!(first.is_none(), "the engines do not find the same: {first:?}");
    }
    Ok(())
}

/// How two outputs differ.
pub struct Difference {
    /// Lines that are the same but for the order in which a union names its members.
    pub order: usize,
    pub ours: Vec<String>,
    pub theirs: Vec<String>,
}

/// Compares two outputs.
pub fn compare(ours: &str, theirs: &str) -> Difference {
    let only = |a: &str, b: &str| -> Vec<String> {
        let mut left: BTreeMap<&str, usize> = BTreeMap::new();
        for line in b.lines() {
            *left.entry(line).or_default() += 1;
        }
        let mut found = Vec::new();
        for line in a.lines() {
            match left.get_mut(line) {
                Some(number) if *number > 0 => *number -= 1,
                _ => found.push(line.to_owned()),
            }
        }
        found
    };
    let (mut ours, mut theirs) = (only(ours, theirs), only(theirs, ours));
    let mut by_members: BTreeMap<Vec<String>, Vec<usize>> = BTreeMap::new();
    for (at, line) in theirs.iter().enumerate() {
        by_members.entry(members(line)).or_default().push(at);
    }
    let mut matched = vec![false; theirs.len()];
    ours.retain(|line| {
        let same = by_members.get_mut(&members(line)).and_then(Vec::pop);
        if let Some(at) = same {
            matched[at] = true;
        }
        same.is_none()
    });
    let order = matched.iter().filter(|matched| **matched).count();
    let mut at = 0;
    theirs.retain(|_| {
        at += 1;
        !matched[at - 1]
    });
    Difference { order, ours, theirs }
}

/// The words of a line in an order of their own.
fn members(line: &str) -> Vec<String> {
    let is_between = |c: char| " |,`[]()'\"".contains(c);
    let mut words: Vec<String> =
        line.split(is_between).filter(|word| !word.is_empty()).map(str::to_owned).collect();
    words.sort();
    words
}

#[cfg(test)]
mod tests {
    use super::compare;

    #[test]
    fn an_order_is_told_from_another_type() {
        let found = compare("a: `int | str`\nb: x\n", "a: `str | int`\nb: y\n");
        assert_eq!((found.order, found.ours.len(), found.theirs.len()), (1, 1, 1));
    }
}
