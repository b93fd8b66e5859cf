//! The graph of imports: which module imports which, where, and when that runs.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::audit::settings::AuditSettings;
use crate::infer::facts::{ImportWay, ModuleFacts, NONE};

/// A module of the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GraphModule {
    /// The path as shown.
    pub path: Box<str>,
    /// The dotted name.
    pub name: Box<str>,
    /// The number of its project.
    pub project: usize,
    /// Whether it is run by itself: it asks whether it is `__main__`.
    pub has_main: bool,
}

/// An import of one module of the program by another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct GraphImport {
    /// Who imports.
    pub from: u32,
    /// What.
    pub to: u32,
    /// When.
    pub way: ImportWay,
    /// Where, in bytes.
    pub at: u32,
}

/// An import of something that is no module of the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outside {
    /// Who imports.
    pub from: u32,
    /// The dotted name.
    pub name: Box<str>,
    /// When.
    pub way: ImportWay,
    /// Where, in bytes.
    pub at: u32,
    /// Whether a handler for failing imports is around it.
    pub is_optional: bool,
}

/// See the module's documentation.
#[derive(Debug, Default)]
pub struct ImportGraph {
    /// The modules in order of path.
    pub modules: Vec<GraphModule>,
    /// The imports in order of module, then of what is imported.
    pub imports: Vec<GraphImport>,
    /// Imports of others' modules, in order of module and place.
    pub outside: Vec<Outside>,
    by_name: FxHashMap<Box<str>, Vec<u32>>,
    /// What modules are in, by the dotted name.
    folders: FxHashSet<Box<str>>,
}

impl ImportGraph {
    /// The graph of the modules that have facts.
    #[must_use]
    pub fn new(facts: &[ModuleFacts], settings: &AuditSettings) -> Self {
        let mut graph = Self::default();
        let mut sorted: Vec<&ModuleFacts> = facts.iter().collect();
        sorted.sort_by(|a, b| a.path.cmp(&b.path));
        sorted.dedup_by(|a, b| a.path == b.path);
        for (at, module) in sorted.iter().enumerate() {
            let number = u32::try_from(at).unwrap_or(NONE);
            graph.by_name.entry(module.name.clone()).or_default().push(number);
            graph.note_folders(&module.name);
            graph.modules.push(GraphModule {
                path: module.path.clone(),
                name: module.name.clone(),
                project: settings.project_number(&module.path),
                has_main: module.has_main,
            });
        }
        for (at, module) in sorted.iter().enumerate() {
            graph.add(u32::try_from(at).unwrap_or(NONE), module);
        }
        graph.imports.sort_unstable();
        graph
    }

    fn note_folders(&mut self, name: &str) {
        let mut name = name;
        while let Some((folder, _)) = name.rsplit_once('.') {
            if !self.folders.contains(folder) {
                self.folders.insert(folder.into());
            }
            name = folder;
        }
    }

    fn add(&mut self, from: u32, module: &ModuleFacts) {
        for import in &module.imports {
            let base = &module.symbols[import.module];
            let way = import.way;
            let found = if import.name == NONE {
                self.longest(from, base)
            } else {
                let name = &module.symbols[import.name];
                self.find(from, &format!("{base}.{name}")).or_else(|| self.find(from, base))
            };
            match found {
                Some(to) if to != from => {
                    self.imports.push(GraphImport { from, to, way, at: import.at });
                }
                Some(_) => {}
                // A script finds what lies beside it.
                None if self.is_beside(from, base) || self.has_below(base) => {}
                None => {
                    let name = match import.name {
                        NONE => base.to_owned(),
                        name => format!("{base}.{}", &module.symbols[name]),
                    };
                    self.outside.push(Outside {
                        from,
                        name: name.into(),
                        way,
                        at: import.at,
                        is_optional: import.is_optional,
                    });
                }
            }
        }
    }

    /// Whether a module of this name lies in the folder of `from`.
    fn is_beside(&self, from: u32, name: &str) -> bool {
        let package = self.name(from).rsplit_once('.').map_or("", |(package, _)| package);
        // Within a package, an absolute name is what it says.
        !package.is_empty()
            && !self.by_name.contains_key(package)
            && self.by_name.contains_key(&*format!("{package}.{name}"))
    }

    /// The module called `name`, as `from` sees it: that of its own project before others.
    #[must_use]
    pub fn find(&self, from: u32, name: &str) -> Option<u32> {
        let all = self.by_name.get(name)?;
        if let [only] = **all {
            return Some(only);
        }
        let importer = &self.modules[from as usize];
        let folder = |at: u32| self.modules[at as usize].path.rsplit_once('/').map_or("", |p| p.0);
        let own = folder(from);
        all.iter()
            .copied()
            .find(|&each| folder(each) == own)
            .or_else(|| {
                let same = |each: &u32| self.modules[*each as usize].project == importer.project;
                all.iter().copied().find(same)
            })
            .or_else(|| all.first().copied())
    }

    /// Whether modules of the program lie below a name: a package without an `__init__` file.
    fn has_below(&self, name: &str) -> bool {
        self.folders.contains(name)
    }

    /// The module that `import a.b.c` leads to: the longest part of the name that is one.
    fn longest(&self, from: u32, name: &str) -> Option<u32> {
        let mut name = name;
        loop {
            if let Some(found) = self.find(from, name) {
                return Some(found);
            }
            name = name.rsplit_once('.')?.0;
        }
    }

    /// What each module imports in ways up to `way`, once, in order.
    #[must_use]
    pub fn targets(&self, way: ImportWay) -> Vec<Vec<u32>> {
        let mut targets: Vec<Vec<u32>> = vec![Vec::new(); self.modules.len()];
        for import in self.imports.iter().filter(|import| rank(import.way) <= rank(way)) {
            targets[import.from as usize].push(import.to);
        }
        for list in &mut targets {
            list.sort_unstable();
            list.dedup();
        }
        targets
    }

    /// The first import of one module by another in ways up to `way`.
    #[must_use]
    pub fn import(&self, from: u32, to: u32, way: ImportWay) -> Option<&GraphImport> {
        let start = self.imports.partition_point(|each| (each.from, each.to) < (from, to));
        self.imports[start..]
            .iter()
            .take_while(|each| (each.from, each.to) == (from, to))
            .find(|each| rank(each.way) <= rank(way))
    }

    /// The name of a module.
    #[must_use]
    pub fn name(&self, module: u32) -> &str {
        &self.modules[module as usize].name
    }

    /// The imports between packages, `depth` names deep: how many there are, by way.
    #[must_use]
    pub fn by_package(&self, depth: usize) -> BTreeMap<(String, String), [u32; 4]> {
        let found = self.imports_by_package(depth).into_iter();
        found.map(|(packages, imports)| (packages, by_way(&imports))).collect()
    }

    /// The imports between packages, `depth` names deep.
    #[must_use]
    pub fn imports_by_package(&self, depth: usize) -> ByPackage<'_> {
        let package = |module: u32| -> String {
            self.name(module).split('.').take(depth).collect::<Vec<_>>().join(".")
        };
        let mut found = ByPackage::new();
        for import in &self.imports {
            let (from, to) = (package(import.from), package(import.to));
            if from != to {
                found.entry((from, to)).or_default().push(import);
            }
        }
        found
    }
}

/// Imports by the package that imports and the one that is imported.
pub type ByPackage<'g> = BTreeMap<(String, String), Vec<&'g GraphImport>>;

/// How many imports there are, by way.
#[must_use]
pub fn by_way(imports: &[&GraphImport]) -> [u32; 4] {
    let mut counts = [0; 4];
    imports.iter().for_each(|import| counts[import.way as usize] += 1);
    counts
}

/// Ways from the earliest to the latest; lazy imports run when deferred ones do.
#[must_use]
pub const fn rank(way: ImportWay) -> u8 {
    match way {
        ImportWay::Run => 0,
        ImportWay::Deferred | ImportWay::Lazy => 1,
        ImportWay::Typing => 2,
    }
}
