//! The facts of all modules laid side by side: definitions by number, names by module and class, classes with
//! what is above and below them.
//!
//! A *node* is a definition of some module; nodes are numbered module by module, modules by path, so that the
//! numbers depend on the facts alone.

use rustc_hash::{FxHashMap, FxHashSet};

use super::decorators;
use crate::infer::facts::{
    Class, Def, DefFlags, DefKind, Import, ModuleFacts, NONE, Target, class_flags,
};

/// A definition of some module.
pub type Node = u32;

/// See the module's documentation.
pub struct Program<'f> {
    /// The modules in order of path.
    pub modules: Vec<&'f ModuleFacts>,
    /// The first node of each module.
    pub first: Vec<Node>,
    /// The module of each node.
    module_of: Vec<u32>,
    /// What is around each node.
    parents: Vec<Node>,
    by_path: FxHashMap<&'f str, u32>,
    by_name: FxHashMap<&'f str, Vec<u32>>,
    /// Names of modules and classes.
    children: FxHashMap<(Node, &'f str), Node>,
    /// The classes that each module's facts name; [`NONE`] where that is none of the program.
    named: Vec<Box<[Node]>>,
    /// What types know of classes.
    pub class_facts: FxHashMap<Node, &'f Class>,
    /// The classes of the program in the order of bases of each class, itself first.
    pub mro: FxHashMap<Node, Vec<Node>>,
    /// All classes below a class, itself left out, sorted.
    pub below: FxHashMap<Node, Vec<Node>>,
    /// Members by name, of all classes, in order.
    pub members: FxHashMap<&'f str, Vec<Node>>,
    /// The names of members, sorted.
    pub member_names: Vec<&'f str>,
    /// What modules define, by name, in order.
    pub top_level: FxHashMap<&'f str, Vec<Node>>,
    /// What each class and function defines, in order.
    inner: FxHashMap<Node, Vec<Node>>,
    /// What some import names.
    imported_names: FxHashSet<Node>,
    /// Packages and modules that some module of the program imports.
    pub imported: FxHashSet<u32>,
    /// Functions all of whose unknown decorators are functions of the program that only hand on what they get.
    handed_on: FxHashSet<Node>,
}

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// A definition.
    Node(Node),
    /// A module.
    Module(u32),
}

impl<'f> Program<'f> {
    /// Lays facts side by side. Those of one path are taken once.
    #[must_use]
    pub fn new(facts: &'f [ModuleFacts]) -> Self {
        let mut modules: Vec<&ModuleFacts> = facts.iter().collect();
        modules.sort_by(|a, b| a.path.cmp(&b.path));
        modules.dedup_by(|a, b| a.path == b.path);
        let mut program = Self {
            modules,
            first: Vec::new(),
            module_of: Vec::new(),
            parents: Vec::new(),
            by_path: FxHashMap::default(),
            by_name: FxHashMap::default(),
            children: FxHashMap::default(),
            named: Vec::new(),
            class_facts: FxHashMap::default(),
            mro: FxHashMap::default(),
            below: FxHashMap::default(),
            members: FxHashMap::default(),
            member_names: Vec::new(),
            top_level: FxHashMap::default(),
            inner: FxHashMap::default(),
            imported_names: FxHashSet::default(),
            imported: FxHashSet::default(),
            handed_on: FxHashSet::default(),
        };
        let classes = program.number();
        program.name_classes(&classes);
        program.member_names = program.members.keys().copied().collect();
        program.member_names.sort_unstable();
        program.relate_classes();
        program.note_imports();
        program.handed_on = decorators::handed_on(&program);
        program
    }

    /// Numbers definitions; gives classes by module and place.
    fn number(&mut self) -> FxHashMap<(u32, u32), Node> {
        let mut next = 0;
        let mut classes = FxHashMap::default();
        for (at, module) in self.modules.iter().enumerate() {
            let at = u32::try_from(at).unwrap_or(NONE);
            self.by_path.insert(&module.path, at);
            self.by_name.entry(&module.name).or_default().push(at);
            self.first.push(next);
            for (number, def) in module.defs.iter().enumerate() {
                let node = next + u32::try_from(number).unwrap_or(NONE);
                self.module_of.push(at);
                let has_parent = def.parent != NONE;
                self.parents.push(if has_parent { next + def.parent } else { NONE });
                if def.parent == NONE {
                    continue;
                }
                let parent = &module.defs[def.parent as usize];
                let is_member = parent.kind == DefKind::Class;
                if parent.kind != DefKind::Module {
                    self.inner.entry(next + def.parent).or_default().push(node);
                }
                if is_member || parent.kind == DefKind::Module {
                    let name = &module.symbols[def.name];
                    self.children.insert((next + def.parent, name), node);
                    let all = if is_member { &mut self.members } else { &mut self.top_level };
                    all.entry(name).or_default().push(node);
                }
            }
            for class in &module.classes {
                let site = module.defs[class.def as usize].site.at;
                classes.insert((at, site), next + class.def);
                for (def, more) in &module.sites {
                    if *def == class.def {
                        classes.insert((at, more.at), next + class.def);
                    }
                }
                self.class_facts.insert(next + class.def, class);
            }
            next += u32::try_from(module.defs.len()).unwrap_or(NONE);
        }
        classes
    }

    fn name_classes(&mut self, classes: &FxHashMap<(u32, u32), Node>) {
        for module in &self.modules {
            let nodes = module.named.iter().map(|name| {
                let path = self.at_path(&module.symbols[name.path]);
                path.and_then(|path| classes.get(&(path, name.at)).copied()).unwrap_or(NONE)
            });
            let nodes = nodes.collect();
            self.named.push(nodes);
        }
    }

    fn relate_classes(&mut self) {
        let mut below: FxHashMap<Node, Vec<Node>> = FxHashMap::default();
        let mut mros: FxHashMap<Node, Vec<Node>> = FxHashMap::default();
        for (at, module) in self.modules.iter().enumerate() {
            for class in &module.classes {
                let node = self.first[at] + class.def;
                let mut mro = vec![node];
                for &base in &class.mro {
                    if let Some(base) = self.class(at, base)
                        && base != node
                    {
                        mro.push(base);
                        below.entry(base).or_default().push(node);
                    }
                }
                mros.insert(node, mro);
            }
        }
        self.mro = mros;
        self.below = below;
    }

    fn note_imports(&mut self) {
        for node in 0..u32::try_from(self.len()).unwrap_or(NONE) {
            if self.def(node).kind == DefKind::Import
                && let Some(Meaning::Node(target)) = self.imported_meaning(node)
            {
                self.imported_names.insert(target);
            }
        }
        for module in &self.modules {
            for import in &module.imports {
                for path in [import.path, import.bound] {
                    if let Some(&target) = self.by_path.get(&module.symbols[path]) {
                        self.imported.insert(target);
                    }
                }
            }
        }
    }

    /// What a read of a module means, as far as names and imports tell.
    #[must_use]
    pub fn named_by(&self, module: u32, read: u32) -> Option<Meaning> {
        let facts = self.modules[module as usize];
        let meaning = match facts.reads.get(read as usize)?.target() {
            Target::Def(def) => Meaning::Node(self.module_node(module) + def),
            Target::Free(name) => {
                Meaning::Node(self.through_stars(module, &facts.symbols[name], 0)?)
            }
            Target::Attribute(_, false) => return None,
            Target::Attribute(name, true) => {
                let name = &facts.symbols[name];
                match self.named_by(module, read.checked_sub(1)?)? {
                    Meaning::Module(path) => self.member_of_module(path, name)?,
                    Meaning::Node(node) => Meaning::Node(self.member(node, name)?),
                }
            }
            Target::Prefix(_) | Target::Spelled(_) | Target::Fields => return None,
        };
        Some(self.resolved(meaning))
    }

    /// The parameters of a function, without the receiver of a method.
    pub fn parameters(&self, function: Node) -> impl Iterator<Item = Node> + '_ {
        let is_method = self.class_of(function).is_some() && !self.has(function, DefFlags::STATIC);
        let all = self.within(function).iter().copied();
        all.filter(|&each| self.def(each).kind == DefKind::Parameter).skip(usize::from(is_method))
    }

    /// Whether it is decorated, by functions that only hand on what they get.
    #[must_use]
    pub fn is_handed_on(&self, node: Node) -> bool {
        self.handed_on.contains(&node)
    }

    /// What a class or function defines, in order.
    #[must_use]
    pub fn within(&self, node: Node) -> &[Node] {
        self.inner.get(&node).map_or(&[], Vec::as_slice)
    }

    /// Whether an import names it.
    #[must_use]
    pub fn is_imported_by_name(&self, node: Node) -> bool {
        self.imported_names.contains(&node)
    }

    /// How many nodes there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.module_of.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.module_of.is_empty()
    }

    /// The module of a node.
    #[must_use]
    pub fn module(&self, node: Node) -> &'f ModuleFacts {
        self.modules[self.module_of[node as usize] as usize]
    }

    /// The number of the module of a node.
    #[must_use]
    pub fn module_number(&self, node: Node) -> u32 {
        self.module_of[node as usize]
    }

    /// The definition of a node.
    #[must_use]
    pub fn def(&self, node: Node) -> &'f Def {
        let at = self.module_of[node as usize] as usize;
        &self.modules[at].defs[(node - self.first[at]) as usize]
    }

    /// The name of a node.
    #[must_use]
    pub fn name(&self, node: Node) -> &'f str {
        &self.module(node).symbols[self.def(node).name]
    }

    /// The node around a node.
    #[must_use]
    pub fn parent(&self, node: Node) -> Option<Node> {
        let parent = self.parents[node as usize];
        (parent != NONE).then_some(parent)
    }

    /// The class that a node is a member of.
    #[must_use]
    pub fn class_of(&self, node: Node) -> Option<Node> {
        self.parent(node).filter(|&parent| self.def(parent).kind == DefKind::Class)
    }

    /// Whether a class has one of these flags.
    #[must_use]
    pub fn class_has(&self, class: Node, flags: u32) -> bool {
        self.class_facts.get(&class).is_some_and(|facts| facts.flags & flags != 0)
    }

    /// Whether a definition has a flag.
    #[must_use]
    pub fn has(&self, node: Node, flag: u32) -> bool {
        self.def(node).flags.has(flag)
    }

    /// Whether a decorator does something with it that is not known.
    #[must_use]
    pub fn is_opaque(&self, node: Node) -> bool {
        let is_seen = self.has(node, DefFlags::OPAQUE) || self.class_has(node, class_flags::OPAQUE);
        is_seen && !self.is_handed_on(node)
    }

    /// Whether a metaclass, a base or a decorator may do something with the members of a class.
    #[must_use]
    pub fn is_watched(&self, class: Node) -> bool {
        self.class_has(class, class_flags::REGISTERED)
            || (self.class_has(class, class_flags::OPAQUE) && !self.is_handed_on(class))
    }

    /// The module at a path.
    #[must_use]
    pub fn at_path(&self, path: &str) -> Option<u32> {
        self.by_path.get(path).copied()
    }

    /// The modules with a dotted name.
    #[must_use]
    pub fn named(&self, name: &str) -> &[u32] {
        self.by_name.get(name).map_or(&[], Vec::as_slice)
    }

    /// The node of a module itself.
    #[must_use]
    pub fn module_node(&self, module: u32) -> Node {
        self.first[module as usize]
    }

    /// The nodes of a module.
    #[must_use]
    pub fn nodes_of(&self, module: u32) -> std::ops::Range<Node> {
        let first = self.module_node(module);
        first..first + u32::try_from(self.modules[module as usize].defs.len()).unwrap_or(NONE)
    }

    /// A name in a module or class.
    #[must_use]
    pub fn child(&self, parent: Node, name: &str) -> Option<Node> {
        self.children.get(&(parent, name)).copied()
    }

    /// The class that a number in a module's facts stands for.
    #[must_use]
    pub fn class(&self, module: usize, class: u32) -> Option<Node> {
        Some(self.named[module][class as usize]).filter(|&node| node != NONE)
    }

    /// The member of a class, found along the order of its bases.
    #[must_use]
    pub fn member(&self, class: Node, name: &str) -> Option<Node> {
        self.mro.get(&class)?.iter().find_map(|&base| self.child(base, name))
    }

    /// What a name of a module means: a definition of it, or a submodule.
    #[must_use]
    pub fn member_of_module(&self, module: u32, name: &str) -> Option<Meaning> {
        if let Some(node) = self.child(self.module_node(module), name) {
            return Some(Meaning::Node(node));
        }
        let full = format!("{}.{name}", self.modules[module as usize].name);
        self.submodule(module, &full).map(Meaning::Module)
    }

    /// The module of this name that belongs with `module`: in a workspace several may have it.
    fn submodule(&self, module: u32, full: &str) -> Option<u32> {
        let folder = self.modules[module as usize].path.rsplit_once('/').map_or("", |(f, _)| f);
        let all = self.named(full);
        all.iter()
            .copied()
            .find(|&each| self.modules[each as usize].path.starts_with(folder))
            .or_else(|| all.first().copied())
    }

    /// The import that binds a node.
    #[must_use]
    pub fn import(&self, node: Node) -> Option<&'f Import> {
        let def = self.def(node);
        self.module(node).imports.get(def.import as usize)
    }

    /// What an imported name stands for, one step on.
    #[must_use]
    pub fn imported_meaning(&self, node: Node) -> Option<Meaning> {
        let module = self.module(node);
        let import = self.import(node)?;
        let path = |path: u32| self.at_path(&module.symbols[path]);
        if import.name == NONE {
            return path(import.bound).map(Meaning::Module);
        }
        let name = &module.symbols[import.name];
        if let Some(source) = path(import.bound) {
            let found = self.child(self.module_node(source), name).filter(|&found| found != node);
            if let Some(found) = found {
                return Some(Meaning::Node(found));
            }
            if !import.is_submodule
                && let Some(found) = self.through_stars(source, name, 0)
            {
                return Some(Meaning::Node(found));
            }
        }
        path(import.path).filter(|_| import.is_submodule).map(Meaning::Module)
    }

    /// A name that a module has from `from … import *`.
    #[must_use]
    pub fn through_stars(&self, module: u32, name: &str, depth: u32) -> Option<Node> {
        if depth > 8 {
            return None;
        }
        let facts = self.modules[module as usize];
        facts.stars.iter().find_map(|&(_, path)| {
            let source = self.at_path(&facts.symbols[path])?;
            self.child(self.module_node(source), name)
                .or_else(|| self.through_stars(source, name, depth + 1))
        })
    }

    /// What a meaning stands for at the end of all imports.
    #[must_use]
    pub fn resolved(&self, meaning: Meaning) -> Meaning {
        let mut current = meaning;
        for _ in 0..16 {
            let Meaning::Node(node) = current else { return current };
            if self.def(node).kind != DefKind::Import {
                return current;
            }
            match self.imported_meaning(node) {
                Some(next) => current = next,
                None => return current,
            }
        }
        current
    }

    /// `package.module.Class.method`.
    #[must_use]
    pub fn full_name(&self, node: Node) -> String {
        let mut parts = vec![self.name(node)];
        let mut current = node;
        while let Some(parent) = self.parent(current) {
            parts.push(self.name(parent));
            current = parent;
        }
        parts.reverse();
        parts.join(".")
    }

    /// `Class.method`: the name within the module.
    #[must_use]
    pub fn inner_name(&self, node: Node) -> String {
        let mut parts = Vec::new();
        let mut current = node;
        while let Some(parent) = self.parent(current) {
            parts.push(self.name(current));
            current = parent;
        }
        parts.reverse();
        parts.join(".")
    }

    /// What a dotted path in a string stands for: `package.module:name`, `package.module.name`.
    #[must_use]
    pub fn dotted(&self, text: &str) -> Option<Meaning> {
        let text = text.replace(':', ".");
        let parts: Vec<&str> = text.split('.').collect();
        let (at, module) = (1..=parts.len()).rev().find_map(|at| {
            let found = *self.named(&parts[..at].join(".")).first()?;
            Some((at, found))
        })?;
        let mut meaning = Meaning::Module(module);
        for part in &parts[at..] {
            meaning = match self.resolved(meaning) {
                Meaning::Module(module) => self.member_of_module(module, part)?,
                Meaning::Node(node) => match self.def(node).kind {
                    DefKind::Class => Meaning::Node(self.member(node, part)?),
                    _ => return Some(Meaning::Node(node)),
                },
            };
        }
        Some(meaning)
    }
}
