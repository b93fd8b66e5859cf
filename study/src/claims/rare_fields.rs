//! Rare fields, boxed, save bytes.

use std::path::Path;

use anyhow::Result;
use ropewalk::types::{ClassInfo, DataclassOptions, Field, FunctionInfo, Type};
use smallvec::SmallVec;

use super::{Claim, Verdict};
use crate::hosts::salsa::{Project, Tuning};
use crate::jobs::count;
use crate::rows::{Rows, Values};

/// See the module's documentation.
pub const CLAIM: Claim = Claim {
    name: "rare-fields",
    sentence: "Regions split by kind, with rare fields in a box, save memory.",
    cells: |plan| {
        let tree = plan.trees.iter().max_by_key(|tree| tree.lines.min(300_000));
        let name = tree.map(|tree| tree.name.clone()).unwrap_or_default();
        super::product(&["sizes"], &[name.as_str()], &[1])
    },
    counts: true,
    run,
    judge,
};

/// What few classes have.
type RareOfClass = (
    Option<DataclassOptions>,
    Option<DataclassOptions>,
    Option<Box<[Field]>>,
    [Option<Type>; 3],
    Option<Box<str>>,
);
/// What few functions have.
type RareOfFunction = (Option<Box<str>>, Option<DataclassOptions>, Option<Type>);

/// Counts the classes and functions of a tree that have one of the rare fields.
fn run(_: &str, subject: &str, _: usize, _: bool) -> Result<Values> {
    let project = Project::load(Path::new(subject), 1, Tuning::Plain)?;
    project.check();
    let (mut classes, mut functions) = ([0_usize; 2], [0_usize; 2]);
    project.infos(
        &mut |class: &ClassInfo| {
            let is_rare = class.dataclass.is_some()
                || class.transform.is_some()
                || class.synthesized.is_some()
                || class.tuple_base.is_some()
                || class.new_type_base.is_some()
                || class.extra_items.is_some()
                || class.deprecated.is_some();
            classes[usize::from(is_rare)] += 1;
        },
        &mut |function: &FunctionInfo<'_>| {
            let is_rare = function.deprecated.is_some()
                || function.transform.is_some()
                || function.decorated.is_some();
            functions[usize::from(is_rare)] += 1;
        },
    );
    let mut values = Values::new();
    for (name, size, rare, [usual, unusual]) in [
        ("class", size_of::<ClassInfo>(), size_of::<RareOfClass>(), classes),
        ("function", size_of::<FunctionInfo<'_>>(), size_of::<RareOfFunction>(), functions),
    ] {
        let box_bytes = size_of::<Option<Box<u64>>>();
        values.insert(format!("{name} bytes"), count(size));
        values.insert(format!("{name} rare bytes"), count(rare));
        values.insert(format!("{name} number"), count(usual + unusual));
        values.insert(format!("{name} with rare"), count(unusual));
        let boxed = (usual + unusual) * box_bytes + unusual * rare;
        values.insert(format!("{name} saved"), count((usual + unusual) * rare) - count(boxed));
    }
    // The same of a list that nearly always has one element.
    values.insert("slice bytes".to_owned(), count(size_of::<Box<[Type]>>()));
    values.insert("inline bytes".to_owned(), count(size_of::<SmallVec<[Type; 2]>>()));
    std::mem::forget(project);
    Ok(values)
}

fn judge(rows: &Rows, _: &Path) -> Result<Verdict> {
    let Some(row) = rows.0.first() else { return Ok(Verdict::not_measured()) };
    let of = |name: &str| row.values.get(name).copied().unwrap_or(f64::NAN);
    let tree = crate::jobs::name_of(Path::new(&row.subject));
    let part = |name: &str| {
        format!(
            "{name}: {:.0} bytes, {:.0} of them rare fields that {:.0} of {:.0} have; a box would save {:.0} kB",
            of(&format!("{name} bytes")),
            of(&format!("{name} rare bytes")),
            of(&format!("{name} with rare")),
            of(&format!("{name} number")),
            of(&format!("{name} saved")) / 1e3
        )
    };
    let saved = of("class saved") + of("function saved");
    let verdict =
        if saved > 0.0 { "holds, by the sizes; the run was not made" } else { "does not hold" };
    Ok(Verdict::new(verdict, format!("On {tree}. {}. {}.", part("class"), part("function"))))
}
