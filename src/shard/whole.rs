//! Results of all shards of a run, made one: each shard is there once, and all are of one run.

use std::collections::BTreeMap;

use serde_json::Value;

use super::result::{CellResult, Kind, Run, ShardResult};

/// What one run would have given.
#[derive(Debug)]
pub struct Whole {
    /// What was run.
    pub kind: Kind,
    /// What all shards have in common.
    pub run: Run,
    /// What came out.
    pub cells: Vec<CellResult>,
}

/// Puts results together, each with the name of its file.
///
/// # Errors
/// Says which one is missing, there twice, or not of the same run.
pub fn whole(results: Vec<(String, ShardResult)>) -> Result<Whole, String> {
    let Some((first_name, first)) = results.first() else {
        return Err("there is no result to merge".to_owned());
    };
    for (name, result) in &results[1..] {
        if let Some(difference) = difference(first, result) {
            return Err(format!("{first_name} and {name} are not of one run: {difference}"));
        }
    }
    let of = first.of;
    let mut by_shard: BTreeMap<u32, (String, ShardResult)> = BTreeMap::new();
    for (name, result) in results {
        let shard = result.shard;
        if let Some((other, _)) = by_shard.insert(shard, (name.clone(), result)) {
            return Err(format!("shard {shard}/{of} is there twice: {other} and {name}"));
        }
    }
    let missing: Vec<String> = (1..=of)
        .filter(|shard| !by_shard.contains_key(shard))
        .map(|shard| format!("{shard}/{of}"))
        .collect();
    if !missing.is_empty() {
        let (word, verb) = if missing.len() == 1 { ("shard", "is") } else { ("shards", "are") };
        return Err(format!("{word} {} {verb} missing", missing.join(", ")));
    }
    let mut parts = by_shard.into_values().map(|(_, result)| result);
    let Some(first) = parts.next() else { return Err("there is no result to merge".to_owned()) };
    let mut whole = Whole { kind: first.kind, run: first.run, cells: first.cells };
    for part in parts {
        for (cell, more) in whole.cells.iter_mut().zip(part.cells) {
            cell.internal_errors |= more.internal_errors;
            cell.notes.extend(more.notes);
            cell.files.extend(more.files);
            cell.diagnostics.extend(more.diagnostics);
            cell.facts.extend(more.facts);
        }
    }
    let files: usize = whole.cells.iter().map(|cell| cell.files.len()).sum();
    if files != whole.run.files {
        return Err(format!(
            "the shards have checked {files} files, and there are {}",
            whole.run.files
        ));
    }
    Ok(whole)
}

/// Why two results are not of one run.
fn difference(left: &ShardResult, right: &ShardResult) -> Option<String> {
    if left.kind != right.kind {
        let (left, right) = (left.kind.word(), right.kind.word());
        return Some(format!("one is of `{left}`, the other of `{right}`"));
    }
    if left.of != right.of {
        return Some(format!("one is of {} shards, the other of {}", left.of, right.of));
    }
    if let Some((place, left, right)) = first_difference(&left.run.command, &right.run.command) {
        return Some(format!("the flags differ: `{place}` is {left} in one, {right} in the other"));
    }
    if left.run.tree != right.run.tree {
        return Some(
            "they have checked different files, or files of different contents".to_owned(),
        );
    }
    if let Some(words) = settings_difference(&left.run.settings, &right.run.settings) {
        return Some(words);
    }
    let mut cells = left.cells.iter().zip(&right.cells);
    if let Some((left, right)) = cells.find(|(left, right)| left.checked_for != right.checked_for) {
        let words = |cell: &CellResult| {
            let it = &cell.checked_for;
            format!("Python {} on {}, {}", it.python, it.platform, it.environment)
        };
        return Some(format!("one is for {}; the other for {}", words(left), words(right)));
    }
    if left.run.packages != right.run.packages {
        return Some("the packages that are installed differ".to_owned());
    }
    let same = left.run.partition == right.run.partition && left.cells.len() == right.cells.len();
    (!same).then(|| "the files were divided in another way; was --shard-times another?".to_owned())
}

/// In what the settings of projects differ, in words.
#[must_use]
pub fn settings_difference(left: &Value, right: &Value) -> Option<String> {
    let none = serde_json::Map::new();
    let (one, other) = (left.as_object().unwrap_or(&none), right.as_object().unwrap_or(&none));
    let mut projects: Vec<&String> = one.keys().chain(other.keys()).collect();
    projects.sort_unstable();
    projects.into_iter().find_map(|project| {
        let (Some(left), Some(right)) = (one.get(project), other.get(project)) else {
            return Some(format!("project `{project}` is in one, and not in the other"));
        };
        let (place, left, right) = first_difference(left, right)?;
        Some(format!(
            "the settings of project `{project}` differ: `{place}` is {left} in one, {right} in the other"
        ))
    })
}

/// The first place in which two documents differ, and what is there.
fn first_difference(left: &Value, right: &Value) -> Option<(String, String, String)> {
    let inside = |name: String, left: Option<&Value>, right: Option<&Value>| {
        let (left, right) = (left.unwrap_or(&Value::Null), right.unwrap_or(&Value::Null));
        let (place, left, right) = first_difference(left, right)?;
        Some((if place.is_empty() { name } else { format!("{name}.{place}") }, left, right))
    };
    match (left, right) {
        (Value::Object(one), Value::Object(other)) => {
            let mut names: Vec<&String> = one.keys().chain(other.keys()).collect();
            names.sort_unstable();
            names.dedup();
            names.into_iter().find_map(|name| inside(name.clone(), one.get(name), other.get(name)))
        }
        (Value::Array(one), Value::Array(other)) => (0..one.len().max(other.len()))
            .find_map(|at| inside(at.to_string(), one.get(at), other.get(at))),
        (left, right) if left == right => None,
        (left, right) => Some((String::new(), shortened(left), shortened(right))),
    }
}

fn shortened(value: &Value) -> String {
    const MOST: usize = 60;
    let text = if value.is_null() { "not set".to_owned() } else { value.to_string() };
    match text.char_indices().nth(MOST) {
        Some((at, _)) => format!("{} …", &text[..at]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::shard::result::FileResult;

    fn result(shard: u32, of: u32) -> (String, ShardResult) {
        let run = Run {
            command: json!({"paths": []}),
            settings: json!({".": {"key": 1}}),
            tree: "1".to_owned(),
            packages: "2".to_owned(),
            partition: "3".to_owned(),
            files: of as usize,
        };
        let file = FileResult { path: format!("{shard}.py"), hash: "0".to_owned(), work: 1 };
        let cell = CellResult { files: vec![file], ..CellResult::default() };
        let result = ShardResult::new(Kind::Check, (shard, of), run, vec![cell]);
        (format!("{shard}.json"), result)
    }

    fn error(results: Vec<(String, ShardResult)>) -> String {
        whole(results).expect_err("not a whole")
    }

    #[test]
    fn shards_in_any_order_make_a_whole() {
        let merged = whole(vec![result(3, 3), result(1, 3), result(2, 3)]).expect("a whole");
        let paths: Vec<&str> = merged.cells[0].files.iter().map(|file| &*file.path).collect();
        assert_eq!(paths, ["1.py", "2.py", "3.py"]);
    }

    #[test]
    fn what_is_missing_doubled_or_foreign_is_named() {
        assert_eq!(error(vec![]), "there is no result to merge");
        assert_eq!(error(vec![result(2, 2)]), "shard 1/2 is missing");
        assert_eq!(error(vec![result(3, 4), result(1, 4)]), "shards 2/4, 4/4 are missing");
        let twice = error(vec![result(1, 2), result(2, 2), result(1, 2)]);
        assert_eq!(twice, "shard 1/2 is there twice: 1.json and 1.json");
        let foreign = |change: &dyn Fn(&mut ShardResult)| {
            let (name, mut other) = result(2, 2);
            change(&mut other);
            error(vec![result(1, 2), (name, other)])
        };
        let run = "1.json and 2.json are not of one run: ";
        assert_eq!(foreign(&|it| it.of = 3), format!("{run}one is of 2 shards, the other of 3"));
        assert_eq!(
            foreign(&|it| it.kind = Kind::Audit),
            format!("{run}one is of `check`, the other of `audit`")
        );
        assert_eq!(
            foreign(&|it| it.run.tree = "9".to_owned()),
            format!("{run}they have checked different files, or files of different contents")
        );
        assert_eq!(
            foreign(&|it| it.run.settings = json!({".": {"key": 2}})),
            format!("{run}the settings of project `.` differ: `key` is 1 in one, 2 in the other")
        );
        assert_eq!(
            foreign(&|it| it.run.settings = json!({".": {"key": 1}, "a": {}})),
            format!("{run}project `a` is in one, and not in the other")
        );
        assert!(foreign(&|it| it.run.command = json!({"paths": ["a"]})).contains("`paths.0`"));
        assert!(foreign(&|it| it.run.packages.clear()).contains("packages"));
        assert!(foreign(&|it| it.run.partition.clear()).contains("--shard-times"));
        assert!(foreign(&|it| it.cells[0].checked_for.python = "3.9".to_owned()).contains("3.9"));
        assert!(foreign(&|it| it.cells[0].files.clear()).contains("1 files, and there are 2"));
    }
}
