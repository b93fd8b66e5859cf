//! The run of a part: all projects are loaded, their files divided, and those of the part checked.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::Part;
use crate::cli::engine::{
    CheckOutcome, CheckRequest, Collector, Prepared, Progress, prepare, told,
};
use crate::schedule::{Loaded, LoadedFile};
use crate::shard::partition::{Item, partition};
use crate::shard::result::hash_text;
use crate::shard::times::{SizedFile, Times};
use crate::store::Hasher;

/// Which files there are, and which of them are the part's.
pub struct Plan {
    /// Hashes of texts, by request and path: of the part's files.
    pub hashes: FxHashMap<(usize, Arc<str>), u64>,
    /// A hash of all files.
    pub tree: String,
    /// A hash of what else was loaded.
    pub packages: String,
    /// A hash of which file belongs to which part.
    pub partition: String,
    /// How many files there are.
    pub files: usize,
}

impl Plan {
    /// Whether a file of a request is the part's.
    pub fn owns(&self, request: usize, path: &str) -> bool {
        self.hashes.contains_key(&(request, Arc::from(path)))
    }
}

impl SizedFile for Placed {
    fn path(&self) -> &str {
        &self.file.path
    }

    fn bytes(&self) -> u32 {
        self.file.bytes
    }
}

/// A file with its request, the place of its run in the list of runs, and its place in that run.
pub struct Placed {
    /// The number of its request.
    pub request: usize,
    /// The file.
    pub file: LoadedFile,
    /// The number of its run.
    pub run: usize,
    /// Its place among the files of the run.
    pub place: usize,
}

/// All files of loaded runs in order of request and path; `members` are the requests of each run.
pub fn files_of(loaded: &[Loaded<'_>], members: &[&[usize]]) -> Vec<Placed> {
    let mut files = Vec::new();
    for (run, (loaded, members)) in loaded.iter().zip(members).enumerate() {
        for (place, file) in loaded.files().into_iter().enumerate() {
            files.push(Placed { request: members[file.project], file, run, place });
        }
    }
    files.sort_by_key(|file| file.request);
    files
}

/// The number of the shard of each file, counted from 0.
pub fn divided(files: &[Placed], times: &Times, shards: u32) -> Vec<u32> {
    let costs = times.costs(files);
    let item = |(placed, cost): (&Placed, u64)| Item {
        project: placed.request,
        group: placed.file.group,
        path: Arc::clone(&placed.file.path),
        cost,
    };
    let items: Vec<Item> = files.iter().zip(costs).map(item).collect();
    partition(&items, shards)
}

/// Loads all requests, without checking anything: the plan alone.
pub fn plan(requests: &[CheckRequest], part: &Part) -> anyhow::Result<Plan> {
    let Prepared { groups, .. } = prepare(requests)?;
    let loaded: Vec<Loaded<'_>> =
        groups.iter().map(|(_, runs)| Loaded::new(runs, true, &|_| {})).collect();
    let members: Vec<&[usize]> = groups.iter().map(|(members, _)| &**members).collect();
    let files = files_of(&loaded, &members);
    let shard_of = divided(&files, &part.times, part.shard.of);
    Ok(plan_of(&loaded, &files, &shard_of, part))
}

/// Checks the part's files.
pub fn run(
    requests: &[CheckRequest],
    part: &Part,
    progress: &dyn Progress,
) -> anyhow::Result<(Vec<CheckOutcome>, Plan)> {
    let Prepared { groups, outcomes } = prepare(requests)?;
    let told = told(progress);
    let mut loaded: Vec<Loaded<'_>> =
        groups.iter().map(|(_, runs)| Loaded::new(runs, true, &told)).collect();
    let members: Vec<&[usize]> = groups.iter().map(|(members, _)| &**members).collect();
    let files = files_of(&loaded, &members);
    let shard_of = divided(&files, &part.times, part.shard.of);
    let plan = plan_of(&loaded, &files, &shard_of, part);
    let mut own: Vec<Vec<bool>> = loaded.iter().map(|_| Vec::new()).collect();
    for (file, shard) in files.iter().zip(shard_of) {
        let own = &mut own[file.run];
        own.resize(own.len().max(file.place + 1), false);
        own[file.place] = shard + 1 == part.shard.number;
    }
    let mut collector = Collector { requests, outcomes, spans: Vec::new() };
    for ((mut loaded, members), own) in loaded.drain(..).zip(members).zip(own) {
        // A run without a file of the part has nothing to say.
        if own.contains(&true) {
            loaded.keep(&|place| own.get(place).copied().unwrap_or(false));
            collector.add(members, loaded.run(&told))?;
        }
    }
    Ok((collector.finish()?, plan))
}

fn plan_of(loaded: &[Loaded<'_>], files: &[Placed], shard_of: &[u32], part: &Part) -> Plan {
    let mut tree = Hasher::new(0);
    let mut partition = Hasher::new(1);
    let mut hashes = FxHashMap::default();
    for (placed, &shard) in files.iter().zip(shard_of) {
        let path = placed.file.path.as_bytes();
        tree = tree.word(placed.request as u64).bytes(path).word(placed.file.hash);
        partition = partition.word(u64::from(shard)).bytes(path);
        if shard + 1 == part.shard.number {
            let key = (placed.request, Arc::clone(&placed.file.path));
            hashes.insert(key, placed.file.hash);
        }
    }
    let packages =
        loaded.iter().fold(Hasher::new(2), |hasher, run| hasher.word(run.packages_hash()));
    let text = |hasher: Hasher| hash_text(hasher.finish().short());
    Plan {
        hashes,
        tree: text(tree),
        packages: text(packages),
        partition: text(partition),
        files: files.len(),
    }
}
