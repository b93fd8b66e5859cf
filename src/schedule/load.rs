//! Load: reads the files to check and, until nothing new turns up, what they import.
//!
//! Modules are claimed by file and name, so that the result does not depend on who came first. Files to check
//! are parsed and indexed now; of the others only the imports are looked at. Trees are kept as long as there
//! are few; see [`super::trees`].

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use dashmap::DashMap;
use parking_lot::Mutex;
use rayon::Scope;
use ruff_python_ast::PySourceType;
use rustc_hash::{FxBuildHasher, FxHashMap};

use super::panics::{WORKER_NAME, caught};
use super::program::{Content, ImportTarget, Module, Program};
use super::request::{Progress, RunRequest};
use crate::index::{IndexSettings, ModuleAst};
use crate::project::{FilePath, ModuleKind, Origin, Resolved, Resolver, resolve_relative};
use crate::source::{self, ReadError, SourceText, Suppressions};
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
struct ModuleKey {
    origin: Origin,
    file: FilePath,
    name: Box<str>,
}

/// A module once loaded; numbers in it are those of the claims.
struct Loaded {
    claim: u32,
    key: ModuleKey,
    module: Module,
    tree: Option<ModuleAst>,
}

/// A module named by an import statement.
struct Import<'i> {
    level: u32,
    module: Option<&'i str>,
    names: Vec<&'i str>,
}

/// Stack of the threads that parse and index: both recurse as deeply as the code nests.
const STACK: usize = 256 * 1024 * 1024;

/// Trees of so many bytes of text are kept from Load on; they take about eight times as much.
const KEPT_TEXT: usize = 6 * 1024 * 1024;

struct Loader<'r> {
    request: &'r RunRequest,
    resolver: Resolver,
    /// The files to check, with their names.
    checked: FxHashMap<&'r Path, Box<str>>,
    claims: DashMap<ModuleKey, u32, FxBuildHasher>,
    next_claim: AtomicU32,
    names: DashMap<Box<str>, u32, FxBuildHasher>,
    next_name: AtomicU32,
    loaded: Mutex<Vec<Loaded>>,
    /// Bytes of text whose trees are kept.
    kept: AtomicUsize,
    progress: &'r (dyn Fn(Progress) + Sync),
}

/// Loads the program of a request on `threads` threads; with the trees that are kept.
pub(super) fn load(
    request: &RunRequest,
    threads: usize,
    progress: &(dyn Fn(Progress) + Sync),
) -> (Program, Vec<(ModuleId, ModuleAst)>) {
    let resolver = Resolver::new(&request.settings, &request.environment);
    let name = |path: &PathBuf| resolver.module_name_of(path).unwrap_or_default().into();
    let checked = request.files.iter().map(|path| (path.as_path(), name(path))).collect();
    let loader = Loader {
        request,
        resolver,
        checked,
        claims: DashMap::default(),
        next_claim: AtomicU32::new(0),
        names: DashMap::default(),
        next_name: AtomicU32::new(0),
        loaded: Mutex::default(),
        kept: AtomicUsize::new(0),
        progress,
    };
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .stack_size(STACK)
        .thread_name(|_| WORKER_NAME.to_owned())
        .build();
    match pool {
        Ok(pool) => pool.in_place_scope(|scope| loader.start(scope)),
        Err(_) => rayon::in_place_scope(|scope| loader.start(scope)),
    }
    loader.finish()
}

impl<'r> Loader<'r> {
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
            if let Some(name) = self.checked.get(path.as_path()) {
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
        if let Some(number) = self.names.get(name) {
            return *number;
        }
        // Relaxed: as for claims.
        let next = || self.next_name.fetch_add(1, Ordering::Relaxed);
        *self.names.entry(name.into()).or_insert_with(next)
    }

    fn load_one<'a>(&'a self, scope: &Scope<'a>, claim: u32, key: ModuleKey) {
        let is_checked =
            matches!(&key.file, FilePath::Disk(path) if self.checked.contains_key(path.as_path()));
        let shown = shown_path(&self.request.working_directory, &key.file);
        let info = ModuleInfo {
            name: key.name.clone(),
            fingerprint: Hasher::new(0).bytes(key.name.as_bytes()).bytes(shown.as_bytes()).finish(),
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
            is_package: info.is_package,
            declarations_only: info.is_stub && !is_checked,
        };
        let kind = source::source_type_of(&key.file);
        let mut module = Module {
            file: key.file.clone(),
            kind,
            settings,
            text_bytes: 0,
            content: OnceLock::new(),
            imports: Box::default(),
            missing: Box::default(),
            info,
        };
        let tree = if is_checked {
            let tree = self.load_checked(scope, &key, &mut module);
            (self.progress)(Progress::Advance(1));
            tree
        } else {
            self.load_other(scope, &key, &mut module);
            None
        };
        self.loaded.lock().push(Loaded { claim, key, module, tree });
    }

    /// Parses and indexes a module. Its tree is returned if there is room for it.
    fn load_checked<'a>(
        &'a self,
        scope: &Scope<'a>,
        key: &ModuleKey,
        module: &mut Module,
    ) -> Option<ModuleAst> {
        let text = source::read(&module.file);
        let length = text.as_ref().map_or(0, |text| text.text().len());
        module.text_bytes = u32::try_from(length).unwrap_or(u32::MAX);
        let (content, tree) = content_of(text, &module.info, module.kind, &module.settings);
        let all = matches!(key.origin, Origin::FirstParty | Origin::Extra) && !module.info.is_stub;
        let imports: Vec<Import<'_>> = content
            .index
            .imports
            .iter()
            .filter(|import| !import.reach_never && (all || !import.in_function))
            .map(|import| Import {
                level: import.level,
                module: import.module.as_deref(),
                names: import.names.iter().map(ruff_python_ast::name::Name::as_str).collect(),
            })
            .collect();
        self.follow_imports(scope, key, module, imports);
        module.content = OnceLock::from(content);
        // Relaxed: about how much is kept, not what.
        let kept = self.kept.fetch_add(length, Ordering::Relaxed);
        (kept < KEPT_TEXT).then_some(tree)
    }

    /// Looks only at the imports of a module that is not checked itself.
    fn load_other<'a>(&'a self, scope: &Scope<'a>, key: &ModuleKey, module: &mut Module) {
        let Ok(text) = source::read(&module.file) else { return };
        module.text_bytes = u32::try_from(text.text().len()).unwrap_or(u32::MAX);
        let all = matches!(key.origin, Origin::FirstParty | Origin::Extra) && !module.info.is_stub;
        let imports = source::scan_imports(text.text())
            .into_iter()
            .filter(|import| all || !import.in_function)
            .map(|import| Import {
                level: import.level,
                module: (!import.module.is_empty()).then_some(import.module),
                names: import.names,
            });
        self.follow_imports(scope, key, module, imports);
        // Nobody is told what another's module does not find.
        module.missing = Box::default();
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
        for import in found {
            self.follow_import(scope, key, &import, &mut imports, &mut missing);
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
        key: &ModuleKey,
        import: &Import<'_>,
        imports: &mut Vec<(u32, ImportTarget)>,
        missing: &mut Vec<Arc<[String]>>,
    ) {
        let is_package = key.file.is_init();
        let base = resolve_relative(&key.name, is_package, import.level, import.module);
        let Some(base) = base else { return };
        let ends = base.match_indices('.').map(|(at, _)| at).chain([base.len()]);
        let mut is_package = false;
        for end in ends {
            let name = &base[..end];
            let number = self.name_number(name);
            let target = match self.resolver.resolve_for(&key.file, name) {
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
            if let Ok(resolved) = self.resolver.resolve_for(&key.file, &full) {
                let claim = self.claim(scope, resolved, &full);
                imports.push((self.name_number(&full), ImportTarget::Module(claim)));
            }
        }
    }

    /// Gives the modules their numbers: by whose they are, then by path, then by name.
    fn finish(self) -> (Program, Vec<(ModuleId, ModuleAst)>) {
        let mut loaded = self.loaded.into_inner();
        loaded.sort_unstable_by(|a, b| a.key.cmp(&b.key));
        let mut numbers = vec![ModuleId(u32::MAX); loaded.len()];
        for (number, module) in (0..).zip(&loaded) {
            if let Some(slot) = numbers.get_mut(module.claim as usize) {
                *slot = ModuleId(number);
            }
        }
        let names: FxHashMap<Box<str>, u32> = self.names.into_iter().collect();
        let mut general = FxHashMap::default();
        let mut stdlib = FxHashMap::default();
        for (number, module) in (0..).zip(&loaded) {
            let Some(&name) = names.get(&module.key.name) else { continue };
            let means = |answer: Result<Resolved, _>| {
                answer.is_ok_and(|resolved: Resolved| resolved.file == module.key.file)
            };
            if means(self.resolver.resolve(&module.key.name)) {
                general.insert(name, ModuleId(number));
            }
            if means(self.resolver.resolve_stdlib(&module.key.name)) {
                stdlib.insert(name, ModuleId(number));
            }
        }
        let mut modules: Vec<Module> = Vec::with_capacity(loaded.len());
        let mut trees = Vec::new();
        for (number, Loaded { mut module, tree, .. }) in (0..).zip(loaded) {
            trees.extend(tree.map(|tree| (ModuleId(number), tree)));
            for (_, target) in &mut module.imports {
                if let ImportTarget::Module(claim) = target {
                    *claim = numbers.get(*claim as usize).map_or(u32::MAX, |id| id.0);
                }
            }
            modules.push(module);
        }
        (Program::new(modules, names, general, stdlib), trees)
    }
}

/// Reads, parses and indexes one module. Whatever goes wrong, a module comes out.
pub(super) fn read_content(
    info: &ModuleInfo,
    file: &FilePath,
    settings: &IndexSettings,
) -> (Content, ModuleAst) {
    content_of(source::read(file), info, source::source_type_of(file), settings)
}

fn content_of(
    text: Result<SourceText, ReadError>,
    info: &ModuleInfo,
    kind: PySourceType,
    settings: &IndexSettings,
) -> (Content, ModuleAst) {
    let (text, read_error) = match text {
        Ok(text) => (text, None),
        Err(error) => (source::from_text(""), Some(error)),
    };
    let is_checked = info.is_checked;
    let build = |text: &SourceText| {
        if !is_checked {
            let tree = source::parse_again(text, kind, settings.python_version);
            let (index, tree) = ModuleAst::of_tree(tree, settings);
            return (index, tree, Suppressions::default(), Vec::new(), false);
        }
        let parsed = source::parse(text, kind, settings.python_version);
        let is_broken = parsed.is_broken();
        let (index, tree) = ModuleAst::of_tree(parsed.syntax, settings);
        (index, tree, parsed.suppressions, parsed.problems, is_broken)
    };
    let mut failure = None;
    let built = caught(|| build(&text)).unwrap_or_else(|message| {
        failure = Some(message);
        build(&source::from_text(""))
    });
    let (index, tree, suppressions, parse_problems, is_broken) = built;
    let mut problems = if is_checked { text.problems.clone() } else { Vec::new() };
    problems.extend(parse_problems);
    let content = Content {
        text_hash: if failure.is_some() { None } else { Some(super::trees::hash(text.text())) },
        lines: if is_checked { u32::try_from(text.line_count()).unwrap_or(u32::MAX) } else { 0 },
        index,
        suppressions,
        problems,
        read_error,
        failure,
        is_broken,
    };
    (content, tree)
}

/// A path as users see it: relative to the working directory where it lies below it, with `/`.
fn shown_path(working_directory: &Path, file: &FilePath) -> Arc<str> {
    let FilePath::Disk(path) = file else { return file.to_string().into() };
    let shown = path.strip_prefix(working_directory).unwrap_or(path).to_string_lossy();
    if cfg!(windows) { shown.replace('\\', "/").into() } else { shown.into() }
}
