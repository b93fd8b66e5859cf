//! Whether the engines find the same, byte for byte; where they do not, how the lines differ.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};

use crate::jobs::{Check, Job, count};
use crate::plan::Plan;
use crate::rows::{Row, Rows, Values};

/// The engines that are compared with ours.
const OTHERS: &[&str] = &["salsa-plain", "salsa-tuned", "salsa-relations", "salsa-batch"];
/// Engines on other numbers of threads, where the order of work is another: not in a quick run.
const ON_THREADS: &[(&str, usize)] =
    &[("cells", 1), ("cells", 8), ("salsa-plain", 1), ("salsa-plain", 8)];

/// See the module's documentation. Writes the first differences as `differences.txt`.
pub fn run(plan: &Plan) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut rows = Rows::default();
    let mut shown = String::new();
    for tree in &plan.trees {
        let text_of = |host: &str, threads: usize| -> Result<String> {
            let path = folder.path().join("found.txt");
            let job = Job::Check(Check {
                host: host.to_owned(),
                root: tree.root.clone(),
                threads,
                write: Some(path.clone()),
                ..Check::default()
            });
            job.run_in_child()?;
            Ok(std::fs::read_to_string(path)?)
        };
        let ours = text_of("cells", plan.threads)?;
        let others = OTHERS.iter().map(|other| (*other, plan.threads));
        let on_threads = ON_THREADS.iter().filter(|_| !plan.quick).copied();
        for (other, threads) in others.chain(on_threads) {
            let theirs = text_of(other, threads)?;
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
                variant: other.to_owned(),
                subject: tree.name.clone(),
                threads,
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
    use std::path::Path;

    use super::compare;
    use crate::hosts::{cells, salsa};
    use crate::jobs::Check;
    use crate::{project, trees};

    fn ours(root: &Path) -> String {
        let check = Check { root: root.to_owned(), threads: 2, ..Check::default() };
        project::render(&cells::check(&check).expect("a tree").0)
    }

    #[test]
    fn the_engines_find_the_same_before_and_after_an_edit() {
        let folder = tempfile::tempdir().expect("a folder");
        let tree = trees::find(&["small".to_owned()], folder.path()).expect("a tree").remove(0);
        let file = tree.root.join("small/m3.py");
        let original = std::fs::read_to_string(&file).expect("a file of it");
        let edited =
            original.replace("def ring7(depth):", "def ring7(depth, more=None):\n    less = 1");
        assert_ne!(original, edited);
        for tuning in [
            salsa::Tuning::Plain,
            salsa::Tuning::Tuned,
            salsa::Tuning::Relations,
            salsa::Tuning::Lru,
        ] {
            let mut theirs = salsa::Project::load(&tree.root, 2, tuning).expect("a tree");
            let before = project::render(&theirs.check());
            assert_eq!(before, ours(&tree.root), "{tuning:?}");
            assert!(before.lines().count() > 100);
            theirs.edit("small/m3.py", &edited).expect("a file of it");
            assert_eq!(project::render(&theirs.recheck()), ours(&tree.root), "{tuning:?}");
            theirs.remove("small/m3.py").expect("a file of it");
            assert_eq!(project::render(&theirs.recheck()), ours(&tree.root), "{tuning:?}");
            theirs.restore("small/m3.py", &edited).expect("a file of it");
            theirs.edit("small/m3.py", &original).expect("a file of it");
            assert_eq!(project::render(&theirs.recheck()), before, "{tuning:?}");
        }
    }

    /// Where the engines may differ: ours goes through the members of a ring in one order, whoever asks; Salsa begins with
    /// the question that was asked first.
    #[test]
    fn in_a_ring_only_the_order_of_union_members_differs() {
        let folder = tempfile::tempdir().expect("a folder");
        let ring = "def one(n):\n    return two(n) if n else 1\n\ndef two(n):\n    return three(n) if n else ''\n\n\
                    def three(n):\n    return one(n) if n else b''\n";
        std::fs::write(folder.path().join("ring.py"), ring).expect("a file");
        let user = "from ring import three\n\nreveal_type(three(1))\n";
        std::fs::write(folder.path().join("user.py"), user).expect("a file");
        let theirs =
            salsa::Project::load(folder.path(), 1, salsa::Tuning::Plain).expect("a tree").check();
        let (ours, theirs) = (ours(folder.path()), project::render(&theirs));
        let found = compare(&ours, &theirs);
        assert_eq!(
            (found.order, found.ours.len(), found.theirs.len()),
            (1, 0, 0),
            "{ours}{theirs}"
        );
    }

    #[test]
    fn an_order_is_told_from_another_type() {
        let found = compare("a: `int | str`\nb: x\n", "a: `str | int`\nb: y\n");
        assert_eq!((found.order, found.ours.len(), found.theirs.len()), (1, 1, 1));
    }
}
