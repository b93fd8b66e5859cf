//! Load: reads the files to check and, until nothing new turns up, what they import.
//!
//! Modules are claimed by file and name, so that the result does not depend on who came first. Only the imports
//! are looked at: a file is parsed and indexed at the first question about it, or at its turn.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

use dashmap::DashMap;
use parking_lot::Mutex;
use rayon::Scope;
use rustc_hash::{FxBuildHasher, FxHashMap};

use super::panics::{WORKER_NAME, caught};
use super::program::{Content, ImportTarget, Module, Program};
use super::request::{Progress, RunRequest};
use super::share;
use crate::index::{IndexSettings, ModuleAst};
use crate::project::{
    FilePath, Importer, MAX_PARTS, ModuleKind, Origin, PathKey, Resolved, Resolver,
    is_over_memory_limit, resolve_relative, shown,
};
use crate::source::{self, ReadError, SourceText, Suppressions, stack};
use crate::store::Hasher;
use crate::types::{ModuleId, ModuleInfo};

/// Modules that the type system itself is made of: loaded whether they are imported or not.
const ALWAYS: &[&str] = &[
    "builtins",
    "typing",
    "types",
    "typing_extensions",
    "_typeshed",
    "collections",
    "collections.abc",
    "enum",
    "dataclasses",
    "functools",
    "abc",
    "contextvars",
    "warnings",
    "contextlib",
];

/// What a module is known by while the numbers are not given yet.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct ModuleKey {
    pub origin: Origin,
    pub file: FilePath,
    pub name: Box<str>,
}

/// A module once loaded; numbers in it are those of its project's claims.
pub(super) struct Loaded {
    pub project: u32,
    pub claim: u32,
    pub key: ModuleKey,
    pub module: Module,
    /// Names that functions of another's module import: followed by nobody, but found if they are there.
    /// Kept only where several projects may share the module.
    pub lazy: Box<[u32]>,
}

/// A module named by an import statement.
struct Import<'i> {
    level: u32,
    module: Option<&'i str>,
    names: Vec<&'i str>,
}

impl Import<'_> {
    /// The full name of the module that it means to the module `key`, and the lengths of the beginnings of that name which
    /// are the packages to import before it. A relative import begins at its own package: the packages around that are
    /// there when the importer is, and a module below a hundred of them would look up a hundred long names for each line.
    fn packages(&self, key: &ModuleKey) -> Option<(String, Vec<usize>)> {
        let absolute = |module| resolve_relative(&key.name, key.file.is_init(), self.level, module);
        let base = absolute(self.module)?;
        let own = if self.level == 0 { 0 } else { absolute(None)?.len() };
        let dots = base.match_indices('.').map(|(at, _)| at).filter(|&at| at >= own);
        let ends = dots.take(MAX_PARTS).chain([base.len()]).collect();
        Some((base, ends))
    }
}

/// What the loaders of several projects have in common.
struct Common<'r> {
    names: DashMap<Box<str>, u32, FxBuildHasher>,
    next_name: AtomicU32,
    loaded: Mutex<Vec<Loaded>>,
    /// The imports of others' modules, if there are several projects to ask for them.
    scans: Option<DashMap<FilePath, Arc<Scan>, FxBuildHasher>>,
    /// Whether texts are hashed.
    hashes: bool,
    progress: &'r (dyn Fn(Progress) + Sync),
}

/// The imports of a module.
struct Scan {
    text_bytes: u32,
    text_hash: u64,
    imports: Vec<OwnedImport>,
}

struct OwnedImport {
    level: u32,
    module: Box<str>,
    names: Vec<Box<str>>,
    in_function: bool,
}

impl OwnedImport {
    fn lent(&self) -> Import<'_> {
        Import {
            level: self.level,
            module: (!self.module.is_empty()).then_some(&*self.module),
            names: self.names.iter().map(|name| &**name).collect(),
        }
    }
}

struct Loader<'r> {
    /// The number of the request.
    project: u32,
    request: &'r RunRequest,
    common: &'r Common<'r>,
    resolver: Resolver,
    /// The files to check, with their names.
    checked: FxHashMap<PathKey<'r>, Box<str>>,
    claims: DashMap<ModuleKey, u32, FxBuildHasher>,
    next_claim: AtomicU32,
}

/// Loads the program of the requests on `threads` threads, with a hash of each text if `hashes`.
pub(super) fn load(
    requests: &[RunRequest],
    threads: usize,
    hashes: bool,
    progress: &(dyn Fn(Progress) + Sync),
) -> Program {
    let common = Common {
        names: DashMap::default(),
        next_name: AtomicU32::new(0),
        loaded: Mutex::default(),
        scans: (requests.len() > 1).then(DashMap::default),
        hashes,
        progress,
    };
    let loaders: Vec<Loader<'_>> = (0..)
        .zip(requests)
        .map(|(number, request)| Loader::new(number, request, &common))
        .collect();
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .stack_size(stack::FIRST)
        .thread_name(|_| WORKER_NAME.to_owned())
        .build();
    match pool {
        Ok(pool) => {
            pool.in_place_scope(|scope| loaders.iter().for_each(|loader| loader.start(scope)));
        }
        Err(_) => {
            rayon::in_place_scope(|scope| loaders.iter().for_each(|loader| loader.start(scope)));
        }
    }
    let resolvers: Vec<Resolver> = loaders.into_iter().map(|loader| loader.resolver).collect();
    finish(common.loaded.into_inner(), common.names.into_iter().collect(), &resolvers)
}

impl<'r> Loader<'r> {
    fn new(project: u32, request: &'r RunRequest, common: &'r Common<'r>) -> Self {
        let resolver = Resolver::new(&request.settings, &request.environment)
            .shown_from(&request.working_directory);
        let name = |path: &PathBuf| resolver.module_name_of(path).unwrap_or_default().into();
        let checked = request.files.iter().map(|path| (PathKey(path), name(path))).collect();
        Self {
            project,
            request,
            common,
            checked,
            resolver,
            claims: DashMap::default(),
            next_claim: AtomicU32::new(0),
        }
    }

    fn start<'a>(&'a self, scope: &Scope<'a>) {
        for path in &self.request.files {
            let resolved = Resolved {
                file: FilePath::Disk(path.clone()),
                kind: ModuleKind::Module,
                origin: Origin::FirstParty,
            };
            self.claim(scope, resolved, "");
        }
        for name in ALWAYS {
            if let Ok(resolved) = self.resolver.resolve_stdlib(name) {
                self.claim(scope, resolved, name);
            }
        }
    }

    /// The number of the claim to this module; whoever is first loads it.
    fn claim<'a>(&'a self, scope: &Scope<'a>, resolved: Resolved, import_name: &str) -> u32 {
        let key = self.key_of(resolved, import_name);
        if let Some(claim) = self.claims.get(&key) {
            return *claim;
        }
        let mut is_new = false;
        // Relaxed: the number has to be unique and nothing more.
        let claim = *self.claims.entry(key.clone()).or_insert_with(|| {
            is_new = true;
            self.next_claim.fetch_add(1, Ordering::Relaxed)
        });
        if is_new {
            scope.spawn(move |scope| self.load_one(scope, claim, key));
        }
        claim
    }

    /// A file of the project has one name, whatever name it is imported by.
    fn key_of(&self, resolved: Resolved, import_name: &str) -> ModuleKey {
        let Resolved { file, origin, .. } = resolved;
        if let FilePath::Disk(path) = &file {
            if let Some(name) = self.checked.get(&PathKey(path)) {
                return ModuleKey { origin: Origin::FirstParty, name: name.clone(), file };
            }
            if matches!(origin, Origin::FirstParty | Origin::Extra) {
                let name = self.resolver.module_name_of(path).unwrap_or_default();
                return ModuleKey { origin, name: name.into(), file };
            }
        }
        ModuleKey { origin, file, name: import_name.into() }
    }

    fn name_number(&self, name: &str) -> u32 {
        let common = self.common;
        if let Some(number) = common.names.get(name) {
            return *number;
        }
        // Relaxed: as for claims.
        let next = || common.next_name.fetch_add(1, Ordering::Relaxed);
        *common.names.entry(name.into()).or_insert_with(next)
    }

    fn load_one<'a>(&'a self, scope: &Scope<'a>, claim: u32, key: ModuleKey) {
        let is_checked =
            matches!(&key.file, FilePath::Disk(path) if self.checked.contains_key(&PathKey(path)));
        let shown = shown_path(&self.request.working_directory, &key.file);
        let info = ModuleInfo {
            name: key.name.clone(),
            // Several projects may have a module of this name in this file, and each means its own.
            fingerprint: match self.project {
                0 => Hasher::new(0).bytes(key.name.as_bytes()).bytes(shown.as_bytes()).finish(),
                number => Hasher::new(0)
                    .bytes(key.name.as_bytes())
                    .bytes(shown.as_bytes())
                    .bytes(&number.to_le_bytes())
                    .finish(),
            },
            path: shown,
            is_stub: key.file.is_stub(),
            is_package: key.file.is_init(),
            is_checked,
            is_third_party: matches!(key.origin, Origin::ThirdParty { .. }),
            has_file: !matches!(key.file, FilePath::Namespace(_)),
        };
        let settings = IndexSettings {
            python_version: self.request.settings.python_version,
            platform: self.request.settings.platform.sys_platform(),
            is_stub: info.is_stub,
            declarations_only: info.is_stub && !is_checked,
            records_reads: is_checked && self.request.facts,
        };
        let kind = source::source_type_of(&key.file);
        let mut module = Module {
            project: self.project,
            file: key.file.clone(),
            kind,
            settings,
            text_bytes: 0,
            text_hash: 0,
            has_turn: is_checked,
            content: OnceLock::new(),
            words: Mutex::default(),
            imports: Box::default(),
            missing: Box::default(),
            info,
        };
        let lazy = self.load_imports(scope, &key, &mut module);
        if is_checked {
            (self.common.progress)(Progress::Advance(1));
        }
        let loaded = Loaded { project: self.project, claim, key, module, lazy };
        self.common.loaded.lock().push(loaded);
    }

    /// Follows the imports of a module, and nothing else: it is parsed when it is asked for.
    fn load_imports<'a>(
        &'a self,
        scope: &Scope<'a>,
        key: &ModuleKey,
        module: &mut Module,
    ) -> Box<[u32]> {
        let Some(scan) = self.scan(&module.file) else { return Box::default() };
        module.text_bytes = scan.text_bytes;
        module.text_hash = scan.text_hash;
        let all = matches!(key.origin, Origin::FirstParty | Origin::Extra) && !module.info.is_stub;
        let imports =
            scan.imports.iter().filter(|import| all || !import.in_function).map(OwnedImport::lent);
        self.follow_imports(scope, key, module, imports);
        if module.info.is_checked {
            return Box::default();
        }
        // Nobody is told what another's module does not find.
        module.missing = Box::default();
        if all || self.common.scans.is_none() {
            return Box::default();
        }
        let not_followed = scan.imports.iter().filter(|import| import.in_function);
        self.names_of(key, not_followed.map(OwnedImport::lent))
    }

    /// The imports of a module, looked up once for all projects.
    fn scan(&self, file: &FilePath) -> Option<Arc<Scan>> {
        let known = self.common.scans.as_ref().and_then(|scans| scans.get(file));
        if let Some(known) = known {
            return Some(Arc::clone(&known));
        }
        let text = source::read(file).ok()?;
        let mut imports: Vec<OwnedImport> = source::scan_imports(text.text())
            .into_iter()
            .map(|import| OwnedImport {
                level: import.level,
                module: import.module.into(),
                names: import.names.into_iter().map(Box::from).collect(),
                in_function: import.in_function,
            })
            .collect();
        if file.is_init() {
            let names = source::scan_exports(text.text()).into_iter().map(Box::from).collect();
            imports.push(OwnedImport {
                level: 1,
                module: Box::default(),
                names,
                in_function: false,
            });
        }
        let scan = Arc::new(Scan {
            text_bytes: u32::try_from(text.text().len()).unwrap_or(u32::MAX),
            text_hash: if self.common.hashes { text_hash(text.text()) } else { 0 },
            imports,
        });
        if let Some(scans) = &self.common.scans {
            scans.insert(file.clone(), Arc::clone(&scan));
        }
        Some(scan)
    }

    /// Numbers of all absolute names that imports may mean.
    fn names_of<'i>(
        &self,
        key: &ModuleKey,
        imports: impl Iterator<Item = Import<'i>>,
    ) -> Box<[u32]> {
        let mut numbers = Vec::new();
        for import in imports {
            let Some((base, ends)) = import.packages(key) else { continue };
            numbers.extend(ends.into_iter().map(|end| self.name_number(&base[..end])));
            let names = import.names.iter().map(|name| self.name_number(&format!("{base}.{name}")));
            numbers.extend(names);
        }
        numbers.sort_unstable();
        numbers.dedup();
        numbers.into()
    }

    fn follow_imports<'a, 'i>(
        &'a self,
        scope: &Scope<'a>,
        key: &ModuleKey,
        module: &mut Module,
        found: impl IntoIterator<Item = Import<'i>>,
    ) {
        let mut imports: Vec<(u32, ImportTarget)> = Vec::new();
        let mut missing: Vec<Arc<[String]>> = Vec::new();
        let importer = self.resolver.importer(&key.file);
        for import in found {
            self.follow_import(scope, (key, &importer), &import, &mut imports, &mut missing);
        }
        // A package's own name, and those of the packages around it, mean something in it as well.
        imports.sort_unstable_by_key(|entry| entry.0);
        imports.dedup_by_key(|entry| entry.0);
        module.imports = imports.into();
        module.missing = missing.into();
    }

    fn follow_import<'a>(
        &'a self,
        scope: &Scope<'a>,
        (key, importer): (&ModuleKey, &Importer<'_>),
        import: &Import<'_>,
        imports: &mut Vec<(u32, ImportTarget)>,
        missing: &mut Vec<Arc<[String]>>,
    ) {
        let Some((base, ends)) = import.packages(key) else { return };
        let mut is_package = false;
        for end in ends {
            let name = &base[..end];
            let number = self.name_number(name);
            let target = match importer.resolve(name) {
                Ok(resolved) => {
                    is_package = resolved.kind != ModuleKind::Module;
                    ImportTarget::Module(self.claim(scope, resolved, name))
                }
                Err(error) => {
                    is_package = false;
                    missing.push(error.searched);
                    ImportTarget::Missing(u32::try_from(missing.len() - 1).unwrap_or(u32::MAX))
                }
            };
            imports.push((number, target));
        }
        if !is_package {
            return;
        }
        for name in &import.names {
            let full = format!("{base}.{name}");
            if let Ok(resolved) = importer.resolve(&full) {
                let claim = self.claim(scope, resolved, &full);
                imports.push((self.name_number(&full), ImportTarget::Module(claim)));
            }
        }
    }
}

/// Gives the modules their numbers: by whose they are, then by path, name and project. A module that means
/// the same in several projects is there once.
fn finish(
    mut loaded: Vec<Loaded>,
    names: FxHashMap<Box<str>, u32>,
    resolvers: &[Resolver],
) -> Program {
    loaded.sort_unstable_by(|a, b| (&a.key, a.project).cmp(&(&b.key, b.project)));
    let mut general: Vec<FxHashMap<u32, usize>> = vec![FxHashMap::default(); resolvers.len()];
    let mut stdlib = general.clone();
    for (at, module) in loaded.iter().enumerate() {
        let Some(&name) = names.get(&module.key.name) else { continue };
        let project = module.project as usize;
        let means = |answer: Result<Resolved, _>| {
            answer.is_ok_and(|resolved: Resolved| resolved.file == module.key.file)
        };
        if means(resolvers[project].resolve(&module.key.name)) {
            general[project].insert(name, at);
        }
        if means(resolvers[project].resolve_stdlib(&module.key.name)) {
            stdlib[project].insert(name, at);
        }
    }
    let stands_for = share::stands_for(&loaded, &names, &general);
    let mut numbers = vec![ModuleId(u32::MAX); loaded.len()];
    let mut count = 0;
    for at in 0..loaded.len() {
        if stands_for[at] == at {
            numbers[at] = ModuleId(count);
            count += 1;
        } else {
            numbers[at] = numbers[stands_for[at]];
        }
    }
    let claims = share::claims(&loaded, resolvers.len());
    let numbered = |table: &FxHashMap<u32, usize>| -> FxHashMap<u32, ModuleId> {
        table.iter().map(|(&name, &at)| (name, numbers[at])).collect()
    };
    let general: Vec<_> = general.iter().map(numbered).collect();
    let stdlib = share::common(stdlib.iter().map(numbered).collect());
    let mut modules: Vec<Module> = Vec::with_capacity(count as usize);
    for (at, Loaded { project, mut module, .. }) in loaded.into_iter().enumerate() {
        if stands_for[at] != at {
            continue;
        }
        for (_, target) in &mut module.imports {
            if let ImportTarget::Module(claim) = target {
                let at = claims[project as usize].get(*claim as usize);
                *claim = at.map_or(u32::MAX, |&at| numbers[at].0);
            }
        }
        modules.push(module);
    }
    Program::new(modules, names, general, stdlib)
}

/// Reads, parses and indexes one module. Whatever goes wrong, a module comes out. What only reports need is looked at in
/// modules that the run checks.
pub(super) fn read_content(module: &Module) -> (Content, ModuleAst) {
    if module.has_turn && is_over_memory_limit() {
        let (mut content, tree) = content_of(module, Ok(source::from_text("")));
        content.index.is_unknown = true;
        return (Content { is_skipped: true, text_hash: None, ..content }, tree);
    }
    content_of(module, source::read(&module.file))
}

fn content_of(module: &Module, text: Result<SourceText, ReadError>) -> (Content, ModuleAst) {
    let (text, read_error) = match text {
        Ok(text) => (text, None),
        Err(error) => (source::from_text(""), Some(error)),
    };
    let (is_checked, kind, settings) = (module.has_turn, module.kind, &module.settings);
    let build = |text: &SourceText| {
        if !is_checked {
            let version = settings.python_version;
            let (tree, taken) = match module.info.is_checked {
                true => (source::parse_again(text, kind, version), Box::default()),
                false => source::parse_signatures(text, kind, version),
            };
            let (index, tree) = ModuleAst::of_tree(tree, settings);
            return (index, tree, taken, Suppressions::default(), Vec::new(), false);
        }
        let parsed = source::parse(text, kind, settings.python_version);
        let is_broken = parsed.is_broken();
        let (index, tree) = ModuleAst::of_tree(parsed.syntax, settings);
        (index, tree, Box::default(), parsed.suppressions, parsed.problems, is_broken)
    };
    let mut failure = None;
    let built = caught(|| build(&text)).unwrap_or_else(|message| {
        failure = Some(message);
        build(&source::from_text(""))
    });
    let (mut index, tree, taken_bodies, suppressions, parse_problems, is_broken) = built;
    index.is_unknown = read_error.is_some() || failure.is_some();
    let reads = Mutex::new(std::mem::take(&mut index.reads));
    let mut problems = if is_checked { text.problems.clone() } else { Vec::new() };
    problems.extend(parse_problems);
    let content = Content {
        text_hash: if failure.is_some() { None } else { Some(super::trees::hash(text.text())) },
        lines: if is_checked { u32::try_from(text.line_count()).unwrap_or(u32::MAX) } else { 0 },
        numbering: tree.numbering(),
        index_bytes: index.bytes(),
        index,
        reads,
        taken_bodies,
        suppressions,
        problems,
        read_error,
        failure,
        is_broken,
        is_skipped: false,
    };
    (content, tree)
}

/// Tells on every machine whether a text is the same.
#[must_use]
pub fn text_hash(text: &str) -> u64 {
    Hasher::new(0).bytes(text.as_bytes()).finish().short()
}

/// A path as users see it: relative to the working directory where it lies below it, with `/`.
fn shown_path(working_directory: &Path, file: &FilePath) -> Arc<str> {
    let FilePath::Disk(path) = file else { return file.to_string().into() };
    let shown = shown(path.strip_prefix(working_directory).unwrap_or(path).as_os_str());
    if cfg!(windows) { shown.replace('\\', "/").into() } else { shown.into() }
}
