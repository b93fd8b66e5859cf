//! Import resolution: from an absolute dotted name to the file that defines the module.
//!
//! # Terms
//! A *place* is a folder to import from. Places come in *stages*, in the order of the typing specification:
//! extra paths (and `./typings`), first-party roots, the standard library's stubs, installed packages. Within
//! the installed packages, and on every other folder, `name-stubs` goes before `name`.
//!
//! # Example
//! ```text
//! import shapes.polygons.pentagon
//! ```
//! `shapes` has no `__init__`, in three folders: it is one *namespace package* over all of them, and each is a
//! place for `polygons`. As soon as one folder has an `__init__`, that one is the package and the only place for
//! its submodules, except that stubs which are partial, or are namespaces, leave room for the package behind
//! them.
//!
//! # Questions it answers
//! What file is `a.b.c`; is it a package; whose is it; if there is none, where was it looked for and why not; and
//! the inverse, what a first-party file is called. Answers are cached and shared by all threads.

use std::cell::OnceCell;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use dashmap::DashMap;
use ruff_python_ast::PythonVersion;
use rustc_hash::FxBuildHasher;

use super::environment::Environment;
use super::listing::{Listings, absolute};
use super::place::{Folder, Found, Place, Stage};
use super::settings::Settings;
use super::shown::shown;
use super::typeshed::{Typeshed, VersionRange, VersionTable};

/// Where a module's text is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum FilePath {
    /// A file, by absolute path.
    Disk(PathBuf),
    /// A stub of the built-in typeshed, as in `stdlib/os/__init__.pyi`.
    Vendored(&'static str),
    /// Nowhere: a namespace package is only its folders.
    Namespace(Vec<PathBuf>),
}

/// A path as a key. Paths here are absolute and without anything to leave out, so that the same path is the same bytes:
/// hashing them as they are is much faster than part by part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PathKey<'p>(pub &'p Path);

impl Hash for PathKey<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write(self.0.as_os_str().as_encoded_bytes());
    }
}

impl Hash for FilePath {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Self::Disk(path) => PathKey(path).hash(state),
            Self::Vendored(path) => path.hash(state),
            Self::Namespace(folders) => folders.hash(state),
        }
    }
}

impl FilePath {
    /// Whether the text is a stub.
    #[must_use]
    pub fn is_stub(&self) -> bool {
        match self {
            Self::Disk(path) => path.extension().is_some_and(|extension| extension == "pyi"),
            Self::Vendored(_) => true,
            Self::Namespace(_) => false,
        }
    }

    /// Whether the file is the `__init__` of a package, for which relative imports count one dot less.
    #[must_use]
    pub fn is_init(&self) -> bool {
        match self {
            Self::Disk(path) => path.file_stem().is_some_and(|stem| stem == "__init__"),
            Self::Vendored(path) => path.ends_with("/__init__.pyi"),
            Self::Namespace(_) => true,
        }
    }
}

impl fmt::Display for FilePath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Disk(path) => write!(formatter, "{}", path.display()),
            Self::Vendored(path) => write!(formatter, "typeshed/{path}"),
            Self::Namespace(folders) => {
                let folders: Vec<_> =
                    folders.iter().map(|path| path.display().to_string()).collect();
                write!(formatter, "{}", folders.join(", "))
            }
        }
    }
}

/// What kind of module a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ModuleKind {
    /// One file.
    Module,
    /// A folder with an `__init__` file.
    Package,
    /// Folders without one.
    NamespacePackage,
}

/// Whose a module is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// The checked project.
    FirstParty,
    /// An extra search path or the project's `typings`.
    Extra,
    /// Typeshed.
    Stdlib,
    /// An installed package.
    ThirdParty {
        /// Whether it comes with types: a stub package, or a package with `py.typed`.
        py_typed: bool,
    },
}

/// A module that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    /// Its text.
    pub file: FilePath,
    /// Its kind.
    pub kind: ModuleKind,
    /// Whose it is.
    pub origin: Origin,
}

/// Why a name does not resolve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnresolvedReason {
    /// Nothing of that name is anywhere.
    NotFound,
    /// The standard library has it, but not in the version checked for.
    OtherVersion {
        /// The versions that have it.
        range: VersionRange,
        /// The version checked for.
        version: PythonVersion,
    },
    /// A part of the name is a module in one file, which has no submodules.
    NotAPackage {
        /// That module's name.
        module: String,
    },
    /// There is only a compiled module, without a stub.
    Compiled {
        /// The compiled file.
        path: PathBuf,
    },
    /// A package around it is not found.
    ParentMissing {
        /// The outermost name that is missing.
        parent: String,
    },
}

impl fmt::Display for UnresolvedReason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound => formatter.write_str("no module of that name was found"),
            Self::OtherVersion { range, version } => match range.last {
                Some(last) if *version > last => {
                    write!(formatter, "it was last in the standard library in Python {last}")?;
                    write!(formatter, ", and Python {version} is checked for")
                }
                _ => {
                    write!(
                        formatter,
                        "it is in the standard library since Python {}",
                        range.first
                    )?;
                    write!(formatter, ", and Python {version} is checked for")
                }
            },
            Self::NotAPackage { module } => {
                write!(formatter, "`{module}` is a module in one file, not a package")
            }
            Self::Compiled { path } => {
                write!(formatter, "only a compiled module was found, without a stub: ")?;
                write!(formatter, "{}", path.display())
            }
            Self::ParentMissing { parent } => write!(formatter, "`{parent}` was not found"),
        }
    }
}

/// A name that was not found. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unresolved {
    /// The places that were searched, in order, as users may be told.
    pub searched: Arc<[String]>,
    /// Why it was not found.
    pub reason: UnresolvedReason,
}

/// A resolved name with the places of its submodules.
#[derive(Debug, Clone)]
struct Node {
    resolved: Resolved,
    places: Vec<Place>,
}

type Outcome = Arc<Result<Node, Unresolved>>;

/// Modules that the interpreter or the type system itself is made of. At run time they are loaded before any
/// first-party code could take their place, or, as `enum` and what else `typing` imports, a program in which
/// something else had their name would not run.
const NEVER_SHADOWED: &[&str] = &[
    "_typeshed",
    "abc",
    "builtins",
    "codecs",
    "collections",
    "copyreg",
    "enum",
    "functools",
    "io",
    "keyword",
    "operator",
    "os",
    "re",
    "reprlib",
    "stat",
    "sys",
    "types",
    "typing",
    "typing_extensions",
];

/// A name with more parts is no module's: looking for it would only cost stack, and memory for all its beginnings.
pub const MAX_PARTS: usize = 64;

/// Resolves module names for one project. Shared by all threads.
#[derive(Debug)]
pub struct Resolver {
    /// The search path in order; installed packages last.
    places: Vec<Place>,
    /// First-party and extra folders that files are named after.
    name_roots: Vec<PathBuf>,
    editable: std::collections::BTreeMap<String, PathBuf>,
    /// First-party packages with folders that are not called what they are.
    own_packages: std::collections::BTreeMap<String, PathBuf>,
    versions: VersionTable,
    version: PythonVersion,
    listings: Listings,
    cache: DashMap<Box<str>, Outcome, FxBuildHasher>,
    stdlib_cache: DashMap<Box<str>, Outcome, FxBuildHasher>,
    /// Folders below this one are named from here, so that what users read does not depend on where a checkout lies.
    shown_from: PathBuf,
}

impl Resolver {
    /// A resolver for the project of `settings` in `environment`.
    #[must_use]
    pub fn new(settings: &Settings, environment: &Environment) -> Self {
        let mut places = Vec::new();
        let mut name_roots: Vec<PathBuf> = Vec::new();
        let typings = settings.root.join("typings");
        let typings = typings.is_dir().then_some(typings);
        for folder in settings.extra_search_paths.iter().chain(&typings) {
            let folder = absolute(&settings.root.join(folder));
            name_roots.push(folder.clone());
            places.push(Place::root(folder, Stage::Extra));
        }
        for folder in &settings.first_party_roots {
            let folder = absolute(&settings.root.join(folder));
            name_roots.push(folder.clone());
            places.push(Place::root(folder, Stage::FirstParty));
        }
        let versions = match &settings.typeshed {
            Some(folder) => {
                let folder = absolute(&settings.root.join(folder));
                let versions = VersionTable::read(&folder);
                places.push(Place::root(folder.join("stdlib"), Stage::Stdlib));
                versions
            }
            None => {
                places.push(Place::vendored());
                Typeshed::get().versions().clone()
            }
        };
        for folder in &environment.site_packages {
            places.push(Place::root(folder.clone(), Stage::Site));
        }
        let mut editable = environment.editable_modules.clone();
        editable.extend(settings.package_folders.clone());
        // Of two roots around a file the inner one names it.
        name_roots.sort_by_key(|root| std::cmp::Reverse(root.components().count()));
        Self {
            places,
            name_roots,
            editable,
            own_packages: settings.package_folders.clone(),
            versions,
            version: settings.python_version,
            listings: Listings::default(),
            cache: DashMap::default(),
            stdlib_cache: DashMap::default(),
            shown_from: PathBuf::new(),
        }
    }

    /// The resolver, naming folders as they are seen from `folder`.
    #[must_use]
    pub fn shown_from(mut self, folder: &Path) -> Self {
        folder.clone_into(&mut self.shown_from);
        self
    }

    /// The module called `name`.
    ///
    /// # Errors
    /// When there is none; the error says where it was looked for.
    pub fn resolve(&self, name: &str) -> Result<Resolved, Unresolved> {
        answer(&self.lookup(name, false))
    }

    /// The module called `name` in the standard library, whatever the project has of that name. Imports within
    /// typeshed, and the classes that the checker itself must know, are resolved this way.
    ///
    /// # Errors
    /// When the standard library of the version checked for has none.
    pub fn resolve_stdlib(&self, name: &str) -> Result<Resolved, Unresolved> {
        answer(&self.lookup(name, true))
    }

    /// Imports as the file `importer` sees them.
    #[must_use]
    pub fn importer<'r>(&'r self, importer: &'r FilePath) -> Importer<'r> {
        let in_typeshed = |path: &Path, place: &Place| {
            place.stage == Stage::Stdlib
                && matches!(&place.folder, Folder::Disk(folder) if path.starts_with(folder))
        };
        let is_typeshed = match importer {
            FilePath::Vendored(_) => true,
            FilePath::Namespace(_) => false,
            FilePath::Disk(path) => self.places.iter().any(|place| in_typeshed(path, place)),
        };
        Importer { resolver: self, file: importer, is_typeshed, script_folder: OnceCell::new() }
    }

    /// Whether the file lies in an environment's packages.
    #[must_use]
    pub fn is_installed(&self, path: &Path) -> bool {
        if self.name_roots.iter().any(|root| path.starts_with(root)) {
            let relative_to_root =
                self.name_roots.iter().find_map(|root| path.strip_prefix(root).ok());
            return relative_to_root
                .is_some_and(|path| path.iter().any(|part| part == "site-packages"));
        }
        self.places.iter().any(|place| {
            place.stage == Stage::Site
                && matches!(&place.folder, Folder::Disk(folder) if path.starts_with(folder))
        })
    }

    /// What a first-party file is called: its path below the innermost root, with dots.
    ///
    /// A file outside every root is called by its stem. A part that could not be written in an import is kept
    /// with its dots escaped, so that the name is still the file's own. `None` for a path without a file name.
    #[must_use]
    pub fn module_name_of(&self, path: &Path) -> Option<String> {
        let path = absolute(path);
        let root = self.name_roots.iter().find(|root| path.starts_with(root));
        let own = self
            .own_packages
            .iter()
            .filter(|(_, folder)| path.starts_with(folder))
            .filter(|(_, folder)| root.is_none_or(|root| folder.starts_with(root)))
            .max_by_key(|(_, folder)| folder.components().count());
        let relative = match (own, root) {
            (Some((_, folder)), _) => path.strip_prefix(folder).ok()?,
            (None, Some(root)) => path.strip_prefix(root).ok()?,
            (None, None) => Path::new(path.file_name()?),
        };
        let stem = shown(relative.file_stem()?);
        let mut parts: Vec<String> = relative
            .parent()
            .into_iter()
            .flatten()
            .map(|part| shown(part).replace('.', "%2E"))
            .collect();
        // A stub package names the modules of the package that it is for.
        if let Some(first) = parts.first_mut()
            && let Some(name) = first.strip_suffix("-stubs")
        {
            *first = name.to_owned();
        }
        if let Some((name, _)) = own {
            parts.splice(0..0, name.split('.').map(str::to_owned));
        }
        let is_python = relative.extension().is_some_and(|it| it == "py" || it == "pyi");
        if stem == "__init__" && is_python && !parts.is_empty() {
            return Some(parts.join("."));
        }
        let mut last = stem.replace('.', "%2E");
        if let Some(extension) = relative.extension().filter(|_| !is_python) {
            // `a.ipynb` beside `a.py` is another module, and nothing imports it.
            last = format!("{last}%2E{}", shown(extension));
        }
        parts.push(last);
        Some(parts.join("."))
    }

    fn lookup(&self, name: &str, stdlib: bool) -> Outcome {
        let top = name.split('.').next().unwrap_or(name);
        let stdlib = stdlib || (NEVER_SHADOWED.binary_search(&top).is_ok() && !self.is_extra(top));
        let cache = if stdlib { &self.stdlib_cache } else { &self.cache };
        if let Some(outcome) = cache.get(name) {
            return Arc::clone(&outcome);
        }
        // Computed without a lock held; two threads that race find the same.
        let outcome = Arc::new(self.compute(name, stdlib));
        Arc::clone(cache.entry(name.into()).or_insert(outcome).value())
    }

    /// Whether the user put a module of that name on an extra path, which is meant to replace any other.
    fn is_extra(&self, top: &str) -> bool {
        let extra = self.places.iter().take_while(|place| place.stage == Stage::Extra);
        extra.into_iter().any(|place| place.find(top, &self.listings).is_some())
    }

    fn compute(&self, name: &str, stdlib: bool) -> Result<Node, Unresolved> {
        if is_too_long(name) {
            let nowhere = format!("nowhere, as a module's name has at most {MAX_PARTS} parts");
            let reason = UnresolvedReason::NotFound;
            return Err(Unresolved { searched: Arc::new([nowhere]), reason });
        }
        let Some((parent, last)) = name.rsplit_once('.') else {
            let allowed = |place: &&Place| !stdlib || place.stage == Stage::Stdlib;
            let places: Vec<&Place> = self.places.iter().filter(allowed).collect();
            let found = self.search(name, name, &top_level(&places, name), !stdlib)?;
            return Ok(self.unless_script(name, &found).unwrap_or(found));
        };
        match &*self.lookup(parent, stdlib) {
            Err(unresolved) => {
                let reason = match &unresolved.reason {
                    UnresolvedReason::NotFound => {
                        UnresolvedReason::ParentMissing { parent: parent.to_owned() }
                    }
                    reason => reason.clone(),
                };
                Err(Unresolved { searched: Arc::clone(&unresolved.searched), reason })
            }
            Ok(node) if node.resolved.kind == ModuleKind::Module && node.places.is_empty() => {
                let reason = UnresolvedReason::NotAPackage { module: parent.to_owned() };
                Err(Unresolved { searched: Arc::new([node.resolved.file.to_string()]), reason })
            }
            Ok(node) => {
                let candidates: Vec<_> =
                    node.places.iter().map(|place| (place, last.to_owned())).collect();
                self.search(name, last, &candidates, !stdlib)
            }
        }
    }

    /// The module of the standard library, where the project's own of that name imports the name itself: it is a
    /// script that means the library, as all others do, and nobody could import it.
    fn unless_script(&self, name: &str, found: &Node) -> Option<Node> {
        let FilePath::Disk(path) = &found.resolved.file else { return None };
        if found.resolved.origin != Origin::FirstParty || found.resolved.kind != ModuleKind::Module
        {
            return None;
        }
        let library = self.lookup(name, true);
        let node = library.as_ref().as_ref().ok()?;
        let text = std::fs::read_to_string(path).ok()?;
        let imports = |line: &str| {
            let mut words = line.split_ascii_whitespace();
            matches!(words.next(), Some("from" | "import")) && words.next() == Some(name)
        };
        text.lines().any(imports).then(|| node.clone())
    }

    /// Looks for a module in places, in order, each with what the module is called there.
    fn search(
        &self,
        name: &str,
        last: &str,
        candidates: &[(&Place, String)],
        editable: bool,
    ) -> Result<Node, Unresolved> {
        let mut search = Search::default();
        let mut other_version = None;
        if last.is_empty() || last.contains(['/', '\\']) {
            return Err(self.unresolved(candidates, UnresolvedReason::NotFound));
        }
        for (place, entry) in candidates {
            if place.stage == Stage::Stdlib
                && let Some(range) = self.versions.range(name)
                && !range.contains(self.version)
            {
                other_version = Some(range);
                continue;
            }
            let Some(found) = place.find(entry, &self.listings) else {
                continue;
            };
            // `name-stubs.pyi` means nothing.
            let is_stub_folder = !place.stub && entry != last;
            if is_stub_folder && matches!(found, Found::Module(_)) {
                continue;
            }
            if search.add(found, place) {
                break;
            }
        }
        if editable && !search.is_complete() {
            self.search_editable(name, &mut search);
        }
        if let Some(node) = search.finish() {
            return Ok(node);
        }
        let compiled =
            || candidates.iter().find_map(|(place, _)| place.compiled(last, &self.listings));
        let reason = match (other_version, compiled()) {
            (_, Some(path)) => UnresolvedReason::Compiled { path },
            (Some(range), None) => UnresolvedReason::OtherVersion { range, version: self.version },
            (None, None) => UnresolvedReason::NotFound,
        };
        Err(self.unresolved(candidates, reason))
    }

    fn unresolved(&self, candidates: &[(&Place, String)], reason: UnresolvedReason) -> Unresolved {
        let mut searched: Vec<String> = Vec::new();
        for (place, _) in candidates {
            let description = place.describe(&self.shown_from);
            if !searched.contains(&description) {
                searched.push(description);
            }
        }
        Unresolved { searched: searched.into(), reason }
    }

    fn search_editable(&self, name: &str, search: &mut Search) {
        let is_own = self.own_packages.contains_key(name);
        let stage = if is_own { Stage::FirstParty } else { Stage::Site };
        let site = Place::root(PathBuf::new(), stage);
        if let Some(path) = self.editable.get(name) {
            let listing = self.listings.of(path);
            let init =
                ["__init__.pyi", "__init__.py"].into_iter().find(|init| listing.has_file(init));
            let found = match init {
                Some(init) => Found::Package(
                    FilePath::Disk(path.join(init)),
                    site.below(path.clone(), &self.listings),
                ),
                None if path.is_file() => Found::Module(FilePath::Disk(path.clone())),
                None => Found::Namespace(site.below(path.clone(), &self.listings)),
            };
            search.add(found, &site);
        } else {
            let prefix = format!("{name}.");
            let first = self.editable.range(prefix.clone()..).next();
            search.implied |= first.is_some_and(|(key, _)| key.starts_with(&prefix));
        }
    }

    /// The folder of a script; a package is no such folder.
    fn script_folder<'p>(&self, file: &'p FilePath) -> Option<&'p Path> {
        let FilePath::Disk(path) = file else { return None };
        let folder = path.parent().filter(|_| !self.is_installed(path))?;
        let listing = self.listings.of(folder);
        let is_package = listing.has_file("__init__.py") || listing.has_file("__init__.pyi");
        (!is_package).then_some(folder)
    }

    /// The module called `name` seen from a script's folder.
    fn beside(&self, folder: &Path, name: &str) -> Option<Resolved> {
        let mut places = vec![Place::root(folder.to_owned(), Stage::FirstParty)];
        let mut resolved = None;
        for part in name.split('.') {
            let candidates: Vec<_> = places.iter().map(|place| (place, part.to_owned())).collect();
            let node = self.search(name, part, &candidates, false).ok()?;
            resolved = Some(node.resolved);
            places = node.places;
        }
        resolved
    }
}

/// A file with what its imports depend on, which is the same for all of them: typeshed imports from itself, and a
/// script's own folder is searched after everything else, as it would be on `sys.path` when the script is run.
pub struct Importer<'r> {
    resolver: &'r Resolver,
    file: &'r FilePath,
    is_typeshed: bool,
    /// Found when it is needed.
    script_folder: OnceCell<Option<&'r Path>>,
}

impl Importer<'_> {
    /// The module called `name`.
    ///
    /// # Errors
    /// When there is none.
    pub fn resolve(&self, name: &str) -> Result<Resolved, Unresolved> {
        let resolver = self.resolver;
        let outcome = resolver.lookup(name, self.is_typeshed);
        if outcome.is_err() && !self.is_typeshed && !is_too_long(name) {
            let folder = self.script_folder.get_or_init(|| resolver.script_folder(self.file));
            if let Some(found) = folder.and_then(|folder| resolver.beside(folder, name)) {
                return Ok(found);
            }
        }
        answer(&outcome)
    }
}

fn is_too_long(name: &str) -> bool {
    name.split('.').nth(MAX_PARTS).is_some()
}

/// The places for a top-level name, in order: in each stage stub packages first.
fn top_level<'p>(places: &[&'p Place], name: &str) -> Vec<(&'p Place, String)> {
    let mut candidates = Vec::with_capacity(places.len() * 2);
    let mut rest = places;
    while let Some(first) = rest.first() {
        let count = rest.iter().take_while(|place| place.stage == first.stage).count();
        let (stage, later) = rest.split_at(count);
        if first.stage != Stage::Stdlib {
            candidates.extend(stage.iter().map(|place| (*place, format!("{name}-stubs"))));
        }
        candidates.extend(stage.iter().map(|place| (*place, name.to_owned())));
        rest = later;
    }
    candidates
}

fn answer(outcome: &Outcome) -> Result<Resolved, Unresolved> {
    match &**outcome {
        Ok(node) => Ok(node.resolved.clone()),
        Err(unresolved) => Err(unresolved.clone()),
    }
}

/// What has been found of one name so far.
#[derive(Default)]
struct Search {
    resolved: Option<Resolved>,
    places: Vec<Place>,
    /// There is no folder, but an editable install maps a submodule.
    implied: bool,
}

impl Search {
    /// Takes what a place has; true when no later place can add anything.
    fn add(&mut self, found: Found, place: &Place) -> bool {
        match found {
            Found::Namespace(inner) => {
                self.places.push(inner);
                false
            }
            Found::Module(file) => {
                self.settle(place);
                if self.resolved.is_none() {
                    let (kind, origin) = (ModuleKind::Module, origin(place));
                    self.resolved = Some(Resolved { file, kind, origin });
                }
                true
            }
            Found::Package(file, inner) => {
                self.settle(place);
                if self.resolved.is_none() {
                    let (kind, origin) = (ModuleKind::Package, origin(&inner));
                    self.resolved = Some(Resolved { file, kind, origin });
                }
                let partial = inner.partial;
                self.places.push(inner);
                !partial
            }
        }
    }

    /// A package or module ends the search for namespaces; only stubs keep their say beside it.
    fn settle(&mut self, place: &Place) {
        if self.resolved.is_none() {
            self.places.retain(|earlier| earlier.stub && earlier.stage <= place.stage);
        }
    }

    fn is_complete(&self) -> bool {
        self.resolved.is_some() && !self.places.last().is_some_and(|place| place.partial)
    }

    fn finish(self) -> Option<Node> {
        if let Some(resolved) = self.resolved {
            return Some(Node { resolved, places: self.places });
        }
        let origin = match self.places.first() {
            Some(place) => origin(place),
            None if self.implied => Origin::ThirdParty { py_typed: false },
            None => return None,
        };
        let folders = self.places.iter().filter_map(|place| match &place.folder {
            Folder::Disk(folder) => Some(folder.clone()),
            Folder::Vendored(_) => None,
        });
        let file = FilePath::Namespace(folders.collect());
        let resolved = Resolved { file, kind: ModuleKind::NamespacePackage, origin };
        Some(Node { resolved, places: self.places })
    }
}

fn origin(place: &Place) -> Origin {
    match place.stage {
        Stage::Extra => Origin::Extra,
        Stage::FirstParty => Origin::FirstParty,
        Stage::Stdlib => Origin::Stdlib,
        Stage::Site => Origin::ThirdParty { py_typed: place.py_typed || place.stub },
    }
}

#[cfg(test)]
#[path = "resolve_tests.rs"]
mod tests;
