//! The memory report: bytes and counts by structure, from the structures themselves.
//!
//! Structures say what they take; for indexes that is what the allocator hands out for them. The allocator says what it
//! holds in all, and the system what the process takes: the differences are shown.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::measure::Measurements;
use super::memo::{MemoUsage, ModuleMemos};
use super::world::World;
use crate::index::{TABLES, TableSize};
use crate::project;
use crate::types::ModuleId;

/// So many modules are named in the report.
const LARGEST: usize = 20;

/// The row of what the system counts; its parts come after it.
const PROCESS: &str = "the process (peak)";

#[expect(clippy::cast_precision_loss, reason = "shown with a few digits")]
fn in_megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

/// Says who owns the file at a path, as shown.
pub type OwnerOf<'o> = &'o dyn Fn(&str) -> Option<String>;

/// A row of the memory report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemoryRow {
    /// What it is about; indented when the bytes are part of the row above.
    pub name: String,
    /// How many.
    pub count: u64,
    /// How large together.
    pub bytes: u64,
}

/// The rows for a world at its largest, which is its end.
pub(super) fn report(world: &World, by_module: &[(Arc<str>, u64)]) -> Vec<MemoryRow> {
    let mut rows = Vec::new();
    let mut add =
        |name: &str, count: usize, bytes: usize| rows.push(row(name, count, bytes as u64));
    let modules = &world.program.modules;
    let contents = || modules.iter().filter_map(|module| Some((module, module.content.get()?)));
    // Those of modules that are checked, and of others.
    let mut indexes = [(0, 0); 2];
    let mut tables = [TableSize::default(); TABLES.len()];
    for (module, content) in contents() {
        let sizes = content.index.sizes(project::block_bytes);
        let (count, bytes) = &mut indexes[usize::from(!module.info.is_checked)];
        *count += 1;
        *bytes +=
            size_of_val(&content.index) + sizes.iter().map(|table| table.bytes).sum::<usize>();
        sizes.into_iter().zip(&mut tables).for_each(|(more, table)| *table += more);
    }
    for (name, (count, bytes)) in ["indexes, checked", "indexes, others"].iter().zip(indexes) {
        add(name, count, bytes);
    }
    for (name, table) in TABLES.iter().zip(tables) {
        add(&format!("  {name}"), table.count, table.bytes);
    }
    let numberings = contents().map(|(_, content)| content.bytes_for_trees());
    add("numberings of trees", contents().count(), numberings.sum());
    let text: usize = modules.iter().map(|module| module.text_bytes as usize).sum();
    add("texts (read, not kept)", modules.len(), text);
    let imports: usize = modules.iter().map(|module| size_of_val(&*module.imports)).sum();
    let imports = imports + world.program.table_bytes();
    add("import tables", modules.len(), imports);
    let (relations, relation_bytes) = world.relations.usage();
    add("relations", relations, relation_bytes);
    let (mut rooms, mut types, mut bytes) = (0, 0, 0);
    let mut memos = MemoUsage::default();
    world.store.for_each(|_, room| {
        let usage = room.arena.usage();
        (rooms, types, bytes) = (rooms + 1, types + usage.0, bytes + usage.1);
        memos += room.memos().map_or_else(MemoUsage::default, ModuleMemos::usage);
    });
    add("module arenas", rooms, bytes);
    add("  types", types, 0);
    add("memo cells", rooms, memos.bytes);
    add("  definitions answered", memos.definitions, 0);
    add("  signatures answered", memos.signatures, 0);
    add("  results answered", memos.returns, 0);
    add("  classes answered", memos.classes, 0);
    add("  members answered", memos.members, 0);
    add("  other members answered", memos.other_members, 0);
    add("  rare questions answered", memos.rare, 0);
    let scratch: u64 = world.counters.iter().map(|c| c.scratch_peak.load(Ordering::Relaxed)).sum();
    add("scratch (peak)", world.counters.len(), usize::try_from(scratch).unwrap_or(usize::MAX));
    let (parses, indexed, peak) = world.trees.usage();
    let parses = usize::try_from(parses).unwrap_or(usize::MAX);
    add("trees (made again; peak)", parses, peak);
    add("  indexed again for it", usize::try_from(indexed).unwrap_or(usize::MAX), 0);
    let shared = (imports + relation_bytes) as u64;
    rows.extend(of_process(by_module, world.trees.bytes() as u64, shared));
    rows
}

fn row(name: &str, count: usize, bytes: u64) -> MemoryRow {
    MemoryRow { name: name.to_owned(), count: count as u64, bytes }
}

/// What the system counts of the process, and what that is made of. Blocks are what the allocator has handed out.
fn of_process(by_module: &[(Arc<str>, u64)], trees: u64, shared: u64) -> Vec<MemoryRow> {
    let system = (project::peak_bytes(), project::resident_bytes(), project::mapped_bytes());
    let (Some(peak), Some(now), Some(mapped)) = system else { return Vec::new() };
    let modules: u64 = by_module.iter().map(|row| row.1).sum();
    let counted = modules + trees + shared;
    let held = project::held_by_allocator();
    let blocks = held.map_or(counted, |held| held.blocks as u64);
    let gaps = held.map_or(0, |held| held.gaps as u64);
    vec![
        row(PROCESS, 1, peak),
        row("  blocks", 1, blocks),
        row("    modules", by_module.len(), modules),
        row("    trees that are left", 1, trees),
        row("    shared by all modules", 1, shared),
        row("    others, findings among them", 1, blocks.saturating_sub(counted)),
        row("  gaps between blocks", 1, gaps),
        row("  the program's own file", 1, mapped),
        row("  given back by the end", 1, peak.saturating_sub(now)),
        row("  not counted", 1, now.saturating_sub(blocks + gaps + mapped)),
    ]
}

/// What each module takes at the end of a run: its index, its arena and its memo cells; most first. Trees are given back
/// by then.
pub(super) fn by_module(world: &World) -> Vec<(Arc<str>, u64)> {
    let bytes_of = |id: ModuleId| {
        let module = world.program.module(id);
        // Indexes and arenas count themselves, and lie within what holds them.
        let index = module.content.get().map_or(0, |content| {
            let tables = content.index.sizes(project::block_bytes);
            tables.iter().map(|table| table.bytes).sum::<usize>() + content.bytes_for_trees()
        });
        let room = world.store.get(id.0).map_or(0, |room| {
            size_of_val(room) - size_of_val(&room.arena)
                + room.arena.usage().1
                + room.memos().map_or(0, |memos| memos.usage().bytes)
        });
        (size_of_val(module) + index + room) as u64
    };
    let path = |id: ModuleId| Arc::clone(&world.program.module(id).info.path);
    let mut rows: Vec<(Arc<str>, u64)> =
        world.program.ids().map(|id| (path(id), bytes_of(id))).filter(|row| row.1 > 0).collect();
    rows.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    rows
}

impl Measurements {
    /// The table of `--memory-report`, with the twenty largest modules, and by owner where there are owners; what
    /// structures are made of only where it `is_full`.
    #[must_use]
    pub fn memory_report(&self, is_full: bool, owner_of: Option<OwnerOf<'_>>) -> String {
        let mut out = String::new();
        let _ = writeln!(out, "{:<28} {:>12} {:>10}", "structure", "count", "MB");
        let mut is_of_process = false;
        for row in &self.memory {
            is_of_process |= row.name == PROCESS;
            if row.name.starts_with(' ') && !is_full && !is_of_process {
                continue;
            }
            let megabytes = in_megabytes(row.bytes);
            let _ = writeln!(out, "{:<28} {:>12} {megabytes:>10.2}", row.name, row.count);
        }
        let all: u64 = self.memory_by_module.iter().map(|row| row.1).sum();
        let modules = self.memory_by_module.len();
        let _ = writeln!(out, "by module: {modules} modules, {:.2} MB", in_megabytes(all));
        for (path, bytes) in self.memory_by_module.iter().take(LARGEST) {
            let _ = writeln!(out, "  {:>10.3} MB  {path}", in_megabytes(*bytes));
        }
        let Some(owner_of) = owner_of else { return out };
        let mut by_owner: BTreeMap<String, u64> = BTreeMap::new();
        for (path, bytes) in &self.memory_by_module {
            *by_owner.entry(owner_of(path).unwrap_or_else(|| "(none)".to_owned())).or_default() +=
                bytes;
        }
        let _ = writeln!(out, "by owner");
        for (owner, bytes) in by_owner {
            let _ = writeln!(out, "  {:>10.3} MB  {owner}", in_megabytes(bytes));
        }
        out
    }

    /// The same as JSON: a list of objects with `name`, `count` and `bytes`.
    #[must_use]
    pub fn memory_json(&self) -> String {
        let row = |row: &MemoryRow| serde_json::json!({ "name": row.name.trim(), "count": row.count, "bytes": row.bytes });
        serde_json::Value::Array(self.memory.iter().map(row).collect()).to_string()
    }
}
