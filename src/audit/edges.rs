//! Who keeps whom alive: edges from what reads to what is read, by kind.
//!
//! # Terms
//! Besides nodes for definitions there are *hubs*, which many edges lead through: "the member `m` of class `C`,
//! as any object that is a `C` may have it", "anything that is called `m`", "all fields of `C`", "all members of
//! the enum `E`". A read leads to a hub, and the hub to definitions, so that a hundred calls of a method with a
//! hundred overrides are two hundred edges.

use std::collections::VecDeque;

use rustc_hash::{FxHashMap, FxHashSet};

use super::conventions::Conventions;
use super::links::{Links, LinksBuilder};
use super::program::{Meaning, Node, Program};
use crate::infer::facts::{
    DefFlags, DefKind, ModuleFacts, NONE, Read, ReadWay, Receiver, Role, Target, class_flags,
};

/// What an edge is worth, as a bit.
pub mod kind {
    /// When the program runs.
    pub const RUN: u8 = 1;
    /// On another version or platform.
    pub const GUARDED: u8 = 1 << 1;
    /// For typing only.
    pub const TYPING: u8 = 1 << 2;
    /// In code that is never reached.
    pub const UNREACHED: u8 = 1 << 3;
    /// Perhaps: on an object that is not known.
    pub const WEAK: u8 = 1 << 4;
    /// In an `except` clause.
    pub const CAUGHT: u8 = 1 << 5;
    /// As part of what is around it.
    pub const PART: u8 = 1 << 6;
}

/// A hub. See the module's documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Hub<'f> {
    Member(Node, &'f str),
    Named(&'f str),
    Fields(Node),
    EnumMembers(Node),
}

/// All edges, by where they begin.
pub struct Edges {
    /// What leads to what.
    pub links: Links,
    /// For each node that is read: whether every read is a call.
    pub only_called: Vec<bool>,
    /// For each node: whether something reads it by its own name.
    pub is_named: Vec<bool>,
    /// For each function, where it is called.
    pub calls: FxHashMap<Node, Vec<CallSite>>,
}

/// A call: the number of the module, and that of the call in its facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallSite {
    /// The number of the module.
    pub module: u32,
    /// The number of the call in the facts of the module.
    pub call: u32,
}

/// Finds all edges of a program.
#[must_use]
pub fn edges(program: &Program<'_>, conventions: &Conventions) -> Edges {
    let mut finder = Finder {
        program,
        links: LinksBuilder::default(),
        hubs: FxHashMap::default(),
        queue: VecDeque::new(),
        finds_by_value: false,
        next: u32::try_from(program.len()).unwrap_or(NONE),
        only_called: vec![true; program.len()],
        is_named: vec![false; program.len()],
        wants_calls: with_parameters(program),
        calls: FxHashMap::default(),
    };
    for number in 0..program.modules.len() {
        let number = u32::try_from(number).unwrap_or(NONE);
        finder.module(number);
        finder.parts(number, conventions);
    }
    finder.expand_hubs();
    Edges {
        links: finder.links.finish(),
        only_called: finder.only_called,
        is_named: finder.is_named,
        calls: finder.calls,
    }
}

/// So many classes are looked at one by one.
const FEW: usize = 300;

struct Finder<'p, 'f> {
    program: &'p Program<'f>,
    links: LinksBuilder,
    hubs: FxHashMap<Hub<'f>, u32>,
    /// Hubs whose edges are still to be found, in order of their numbers.
    queue: VecDeque<(Hub<'f>, u32)>,
    /// Whether the module at hand reads members by names that are values.
    finds_by_value: bool,
    next: u32,
    only_called: Vec<bool>,
    is_named: Vec<bool>,
    /// The functions with parameters.
    wants_calls: Vec<bool>,
    calls: FxHashMap<Node, Vec<CallSite>>,
}

impl<'f> Finder<'_, 'f> {
    fn edge(&mut self, from: u32, to: u32, kind: u8) {
        self.links.add(from, to, kind);
    }

    fn hub(&mut self, hub: Hub<'f>) -> u32 {
        if let Some(&known) = self.hubs.get(&hub) {
            return known;
        }
        let number = self.next;
        self.next += 1;
        self.hubs.insert(hub, number);
        self.queue.push_back((hub, number));
        number
    }

    fn module(&mut self, number: u32) {
        let program = self.program;
        let facts = program.modules[number as usize];
        let first = program.module_node(number);
        let mut meanings: Vec<Option<Meaning>> = Vec::with_capacity(facts.reads.len());
        self.finds_by_value = facts.reads.iter().any(|read| match read.target() {
            Target::Prefix(prefix) => facts.symbols[prefix].is_empty(),
            _ => false,
        });
        let mut call_of: Vec<u32> = vec![NONE; facts.reads.len()];
        for (at, call) in facts.calls.iter().enumerate() {
            call_of[call.read as usize] = u32::try_from(at).unwrap_or(NONE);
        }
        for (read, &call) in facts.reads.iter().zip(&call_of) {
            let site = (call != NONE).then_some(CallSite { module: number, call });
            let meaning = self.read(number, facts, read, &meanings, site);
            meanings.push(meaning);
        }
        for (def, entry) in facts.defs.iter().enumerate() {
            if entry.kind == DefKind::Import {
                let node = first + u32::try_from(def).unwrap_or(NONE);
                if let Some(Meaning::Node(target)) = program.imported_meaning(node) {
                    self.edge(node, target, kind::RUN);
                }
            }
        }
        for &(from, text) in &facts.strings {
            let text = &facts.symbols[text];
            if text.contains(['.', ':'])
                && let Some(Meaning::Node(node)) = program.dotted(text)
            {
                self.reached(first + from, node, kind::RUN, Role::Value, None);
            }
        }
    }

    /// The edges of a read; gives what it stands for, for what is read of it.
    fn read(
        &mut self,
        number: u32,
        facts: &'f ModuleFacts,
        read: &Read,
        meanings: &[Option<Meaning>],
        site: Option<CallSite>,
    ) -> Option<Meaning> {
        let program = self.program;
        let first = program.module_node(number);
        let from = first + read.from;
        let kind = kind_of(facts, read);
        match read.target() {
            Target::Def(def) => {
                let node = first + def;
                self.reached(from, node, kind, read.role, site);
                Some(program.resolved(Meaning::Node(node)))
            }
            Target::Free(name) => {
                let name = &facts.symbols[name];
                let node = program.through_stars(number, name, 0)?;
                self.reached(from, node, kind, read.role, site);
                Some(program.resolved(Meaning::Node(node)))
            }
            Target::Attribute(name, is_of_last) => {
                let name = &facts.symbols[name];
                let base = meanings.last().copied().flatten().filter(|_| is_of_last);
                self.attribute((from, kind, read.role), number, read.at, name, base, site)
            }
            Target::Prefix(prefix) => {
                let prefix = &facts.symbols[prefix];
                self.prefix((from, kind, read.role), number, read.at, prefix);
                None
            }
            Target::Spelled(prefix) => {
                if self.finds_by_value {
                    self.prefixed(from, &facts.symbols[prefix]);
                }
                None
            }
            Target::Fields => {
                for (_, receiver) in receivers_at(facts, read.at) {
                    if let Receiver::Class(class) = *receiver
                        && let Some(class) = program.class(number as usize, class)
                    {
                        let hub = self.hub(Hub::Fields(class));
                        self.edge(from, hub, kind);
                    }
                }
                None
            }
        }
    }

    /// An edge to a definition, and what follows from the role of the read.
    fn reached(&mut self, from: u32, node: Node, kind: u8, role: Role, site: Option<CallSite>) {
        let program = self.program;
        let end = program.resolved(Meaning::Node(node));
        let mut kind = kind;
        let mut is_class = false;
        if let Meaning::Node(end) = end {
            is_class = program.def(end).kind == DefKind::Class;
            self.is_named[end as usize] = true;
            let is_for_typing = program.class_has(
                end,
                class_flags::PROTOCOL | class_flags::TYPED_DICT | class_flags::NAMED_TUPLE,
            ) || program.def(end).kind != DefKind::Class;
            if kind == kind::TYPING && is_for_typing {
                kind = kind::RUN;
            }
            if program.class_has(end, class_flags::ENUM)
                && matches!(role, Role::Value | Role::Call)
                && kind != kind::TYPING
            {
                let hub = self.hub(Hub::EnumMembers(end));
                self.edge(from, hub, kind);
            }
            if program.class_has(end, class_flags::DATACLASS) && role == Role::Value {
                let hub = self.hub(Hub::Fields(end));
                self.edge(from, hub, kind::WEAK);
            }
            self.note_call(end, role, kind, site);
        }
        if role == Role::Store {
            // Writing a name does not read it.
            return;
        }
        let kind = if role == Role::Caught && is_class { kind::CAUGHT } else { kind };
        self.edge(from, node, kind);
    }

    fn note_call(&mut self, node: Node, role: Role, kind: u8, site: Option<CallSite>) {
        if kind == kind::TYPING || matches!(role, Role::Store | Role::Object) {
            return;
        }
        match (role, site) {
            (Role::Call, Some(site)) => self.called(node, site),
            _ => self.only_called[node as usize] = false,
        }
    }

    /// Notes a call of what has parameters.
    fn called(&mut self, node: Node, site: CallSite) {
        if self.wants_calls[node as usize] {
            self.calls.entry(node).or_default().push(site);
        }
    }

    fn attribute(
        &mut self,
        (from, kind, role): (u32, u8, Role),
        number: u32,
        at: u32,
        name: &'f str,
        base: Option<Meaning>,
        site: Option<CallSite>,
    ) -> Option<Meaning> {
        let program = self.program;
        let facts = program.modules[number as usize];
        let mut meaning = None;
        let mut is_explained = false;
        if let Some(Meaning::Module(module)) = base {
            is_explained = true;
            meaning = self.of_module(from, kind, role, module, name, site);
        }
        for (_, receiver) in receivers_at(facts, at) {
            is_explained = true;
            match receiver {
                Receiver::Unknown => self.of_unknown(from, kind, role, name),
                Receiver::Class(class) => match program.class(number as usize, *class) {
                    Some(class) => {
                        self.of_class(from, kind, role, class, name);
                        if let (Role::Call, Some(site)) = (role, site)
                            && let Some(called) = program.member(class, name)
                        {
                            self.called(called, site);
                        }
                        meaning =
                            meaning.or_else(|| program.member(class, name).map(Meaning::Node));
                    }
                    None => self.of_unknown(from, kind, role, name),
                },
                Receiver::Super(class) => {
                    if let Some(class) = program.class(number as usize, *class) {
                        self.of_super(from, kind, role, class, name);
                    }
                }
                Receiver::Module(path) => {
                    if let Some(module) = program.at_path(&facts.symbols[*path]) {
                        let found = self.of_module(from, kind, role, module, name, site);
                        meaning = meaning.or(found);
                    }
                }
                Receiver::Other => {}
            }
        }
        if let Some(Meaning::Node(class)) = base
            && program.class_facts.contains_key(&class)
        {
            if !is_explained {
                self.of_class(from, kind, role, class, name);
                is_explained = true;
            }
            let member = program.member(class, name);
            meaning = meaning.or(member.map(Meaning::Node));
        }
        if !is_explained {
            self.of_unknown(from, kind, role, name);
        }
        meaning.map(|meaning| program.resolved(meaning))
    }

    fn of_module(
        &mut self,
        from: u32,
        kind: u8,
        role: Role,
        module: u32,
        name: &'f str,
        site: Option<CallSite>,
    ) -> Option<Meaning> {
        let program = self.program;
        let found = program
            .member_of_module(module, name)
            .or_else(|| program.through_stars(module, name, 0).map(Meaning::Node))?;
        if let Meaning::Node(node) = found {
            self.reached(from, node, kind, role, site);
        }
        Some(program.resolved(found))
    }

    fn of_unknown(&mut self, from: u32, kind: u8, role: Role, name: &'f str) {
        let worth = if kind == kind::UNREACHED { kind } else { kind::WEAK };
        if role == Role::Store || name.starts_with("__") {
            return;
        }
        let hub = self.hub(Hub::Named(name));
        self.edge(from, hub, worth);
    }

    fn of_class(&mut self, from: u32, kind: u8, role: Role, class: Node, name: &'f str) {
        let program = self.program;
        if program.class_has(class, class_flags::ENUM)
            && matches!(name, "__members__" | "__class__" | "value" | "_member_map_")
            && name != "value"
        {
            let hub = self.hub(Hub::EnumMembers(class));
            self.edge(from, hub, kind);
        }
        let is_write = role == Role::Store;
        let found = program.member(class, name);
        if let Some(found) = found
            && role != Role::Call
            && !is_write
        {
            self.only_called[found as usize] = false;
        }
        if is_write && !found.is_some_and(|found| program.has(found, DefFlags::PROPERTY)) {
            return;
        }
        let hub = self.hub(Hub::Member(class, name));
        self.edge(from, hub, kind);
    }

    fn of_super(&mut self, from: u32, kind: u8, role: Role, class: Node, name: &'f str) {
        let program = self.program;
        if role == Role::Store {
            return;
        }
        let mro = program.mro.get(&class).map_or(&[] as &[Node], Vec::as_slice);
        for &base in mro.iter().skip(1) {
            if let Some(found) = program.child(base, name) {
                self.only_called[found as usize] = false;
                self.edge(from, found, kind);
                break;
            }
        }
        // With several bases, what comes next is decided by the class of the object.
        for &below in program.below.get(&class).map_or(&[] as &[Node], Vec::as_slice) {
            let mro = program.mro.get(&below).map_or(&[] as &[Node], Vec::as_slice);
            let after = mro.iter().skip_while(|&&each| each != class).skip(1);
            if let Some(found) = after.filter_map(|&base| program.child(base, name)).next() {
                self.only_called[found as usize] = false;
                self.edge(from, found, kind);
            }
        }
    }

    /// Members whose names are put together: any that begins so. Writing one reads nothing, but may call a property.
    fn prefix(&mut self, (from, kind, role): (u32, u8, Role), number: u32, at: u32, prefix: &str) {
        let program = self.program;
        let is_write = role == Role::Store;
        let facts = program.modules[number as usize];
        for (_, receiver) in receivers_at(facts, at) {
            match receiver {
                Receiver::Class(class) => {
                    let Some(class) = program.class(number as usize, *class) else { continue };
                    let below = program.below.get(&class).map_or(&[] as &[Node], Vec::as_slice);
                    let mro = program.mro.get(&class).map_or(&[] as &[Node], Vec::as_slice);
                    let all: FxHashSet<Node> = below.iter().chain(mro).copied().collect();
                    let members = all.iter().flat_map(|&class| program.within(class)).copied();
                    let begins = |&node: &Node| {
                        program.name(node).starts_with(prefix)
                            && (!is_write || program.has(node, DefFlags::PROPERTY))
                    };
                    self.reached_by_name(from, kind, members.filter(begins).collect());
                }
                _ if is_write => {}
                Receiver::Unknown if prefix.len() > 2 => {
                    self.prefixed(from, prefix);
                }
                Receiver::Module(path) => {
                    let Some(module) = program.at_path(&facts.symbols[*path]) else {
                        continue;
                    };
                    let first = program.module_node(module);
                    let names = program.modules[module as usize].defs.iter().enumerate();
                    for (def, entry) in names.filter(|(_, entry)| entry.parent == 0) {
                        let node = first + u32::try_from(def).unwrap_or(NONE);
                        let name = &program.modules[module as usize].symbols[entry.name];
                        if name.starts_with(prefix) {
                            self.edge(from, node, kind);
                        }
                    }
                }
                _ => {}
            }
        }
        if receivers_at(facts, at).is_empty() && prefix.len() > 2 && !is_write {
            self.prefixed(from, prefix);
        }
    }

    /// Every member of the program whose name begins so, of whatever class.
    fn prefixed(&mut self, from: u32, prefix: &str) {
        let program = self.program;
        let names = program.member_names.as_slice();
        let start = names.partition_point(|name| *name < prefix);
        let found = names[start..]
            .iter()
            .take_while(|name| name.starts_with(prefix))
            .filter_map(|name| program.members.get(name))
            .flat_map(|nodes| nodes.iter().copied());
        self.reached_by_name(from, kind::WEAK, found.collect());
    }

    fn reached_by_name(&mut self, from: u32, kind: u8, mut found: Vec<Node>) {
        found.sort_unstable();
        for node in found {
            self.only_called[node as usize] = false;
            self.edge(from, node, kind);
        }
    }

    /// What is alive with what is around it, for the nodes of a module; these are its last edges.
    fn parts(&mut self, module: u32, conventions: &Conventions) {
        let program = self.program;
        let nodes = program.nodes_of(module);
        for node in nodes.clone() {
            let def = program.def(node);
            let Some(parent) = program.parent(node) else { continue };
            if def.kind == DefKind::Parameter {
                continue;
            }
            match program.def(parent).kind {
                DefKind::Class => {
                    let worth = conventions.part_of_class(program, parent, node);
                    if worth != 0 {
                        self.edge(parent, node, worth);
                    }
                    self.edge(node, parent, kind::PART);
                    self.overrides(parent, node);
                }
                DefKind::Module => {
                    let worth = conventions.part_of_module(program, node);
                    if worth != 0 {
                        self.edge(parent, node, worth);
                    } else if program.is_opaque(node) {
                        self.edge(parent, node, kind::RUN);
                    }
                }
                _ if program.is_opaque(node) => self.edge(parent, node, kind::RUN),
                _ => {}
            }
            if program.class_has(node, class_flags::REGISTERED) {
                self.edge(parent, node, kind::RUN);
            }
        }
        self.links.close(nodes.end);
    }

    /// What a member overrides is needed where it is declared for that.
    fn overrides(&mut self, class: Node, node: Node) {
        let program = self.program;
        let name = program.name(node);
        let mro = program.mro.get(&class).map_or(&[] as &[Node], Vec::as_slice);
        for &base in mro.iter().skip(1) {
            if let Some(found) = program.child(base, name) {
                let flags = DefFlags::ABSTRACT | DefFlags::STUB_BODY;
                let is_declared = program.def(found).flags.0 & flags != 0
                    || program.class_has(base, class_flags::PROTOCOL);
                let worth = if is_declared { kind::RUN } else { kind::WEAK };
                self.edge(node, found, worth);
            }
        }
    }

    fn expand_hubs(&mut self) {
        while let Some((hub, number)) = self.queue.pop_front() {
            match hub {
                Hub::Member(class, name) => self.expand_member(class, name, number),
                Hub::Named(name) => {
                    let members = self.program.members.get(name);
                    for &node in members.map_or(&[] as &[Node], Vec::as_slice) {
                        self.only_called[node as usize] = false;
                        self.edge(number, node, kind::WEAK);
                    }
                    let names = self.program.top_level.get(name);
                    for &node in names.map_or(&[] as &[Node], Vec::as_slice) {
                        self.only_called[node as usize] = false;
                        self.edge(number, node, kind::WEAK);
                    }
                }
                Hub::Fields(class) => self.expand_fields(class, number),
                Hub::EnumMembers(class) => {
                    let mro = self.program.mro.get(&class).cloned().unwrap_or_default();
                    for base in mro {
                        self.variables(base, number);
                    }
                }
            }
            self.links.close(number + 1);
        }
    }

    fn variables(&mut self, class: Node, hub: u32) {
        let program = self.program;
        for &node in program.within(class) {
            if matches!(program.def(node).kind, DefKind::Variable | DefKind::Attribute) {
                self.edge(hub, node, kind::RUN);
            }
        }
    }

    /// All fields of a class, of those below it, and of the classes that its fields are declared to hold.
    fn expand_fields(&mut self, class: Node, number: u32) {
        let program = self.program;
        let mut all = program.mro.get(&class).cloned().unwrap_or_default();
        all.extend(program.below.get(&class).into_iter().flatten().copied());
        for each in all {
            self.variables(each, number);
            let module = program.module(each);
            let first = program.module_node(program.module_number(each));
            for read in module.reads.iter().filter(|read| first + read.from == each) {
                if let Target::Def(def) = read.target()
                    && let Meaning::Node(held) = program.resolved(Meaning::Node(first + def))
                    && program.class_has(held, class_flags::DATACLASS | class_flags::ENUM)
                    && held != each
                {
                    let hub = if program.class_has(held, class_flags::ENUM) {
                        self.hub(Hub::EnumMembers(held))
                    } else {
                        self.hub(Hub::Fields(held))
                    };
                    self.edge(number, hub, kind::RUN);
                }
            }
        }
    }

    /// What `object.name` may be where the object is a `class` or something below it.
    fn expand_member(&mut self, class: Node, name: &'f str, number: u32) {
        let program = self.program;
        let own = program.member(class, name);
        if let Some(own) = own {
            self.edge(number, own, kind::RUN);
        } else {
            // What it is comes from a class that it is mixed with.
            let hub = self.hub(Hub::Named(name));
            self.edge(number, hub, kind::WEAK);
        }
        let owners = program.members.get(name).map_or(&[] as &[Node], Vec::as_slice);
        let is_below =
            |node: Node, top: Node| program.mro.get(&node).is_some_and(|mro| mro.contains(&top));
        let protocol = program.class_has(class, class_flags::PROTOCOL).then(|| self.demands(class));
        if protocol.is_some() {
            // A module can be what a protocol describes.
            for &node in program.top_level.get(name).map_or(&[] as &[Node], Vec::as_slice) {
                self.only_called[node as usize] = false;
                self.edge(number, node, kind::RUN);
            }
        }
        let below = program.below.get(&class).map_or(&[] as &[Node], Vec::as_slice);
        if protocol.is_none() && below.len() <= FEW {
            for &each in below {
                if let Some(found) = program.member(each, name) {
                    self.edge(number, found, kind::RUN);
                }
            }
            return;
        }
        for &node in owners {
            let Some(owner) = program.parent(node) else { continue };
            if Some(node) == own {
                continue;
            }
            let fits = is_below(owner, class)
                || protocol.as_ref().is_some_and(|names| {
                    names.iter().all(|name| program.member(owner, name).is_some())
                })
                || program.below.get(&owner).is_some_and(|below| {
                    // Mixed into something that is a `class` too.
                    below.iter().take(FEW).any(|&each| {
                        is_below(each, class) && program.member(each, name) == Some(node)
                    })
                });
            if fits {
                self.edge(number, node, kind::RUN);
            }
        }
    }

    /// What a class must have to be what a protocol describes.
    fn demands(&self, protocol: Node) -> Vec<&'f str> {
        let program = self.program;
        let mro = program.mro.get(&protocol).map_or(&[] as &[Node], Vec::as_slice);
        let mut names = Vec::new();
        for &base in mro.iter().filter(|&&base| program.class_has(base, class_flags::PROTOCOL)) {
            let members = program.within(base).iter().map(|&node| program.name(node));
            names.extend(members.filter(|name| !name.starts_with("__")));
        }
        names
    }
}

/// For each node, whether it is a function with parameters.
fn with_parameters(program: &Program<'_>) -> Vec<bool> {
    let mut found = vec![false; program.len()];
    for (number, module) in program.modules.iter().enumerate() {
        for def in &module.defs {
            if def.kind == DefKind::Parameter {
                found[(program.first[number] + def.parent) as usize] = true;
            }
        }
    }
    found
}

/// The receivers at a place.
pub(super) fn receivers_at(facts: &ModuleFacts, at: u32) -> &[(u32, Receiver)] {
    let start = facts.receivers.partition_point(|each| each.0 < at);
    let rest = &facts.receivers[start..];
    let count = rest.iter().take_while(|each| each.0 == at).count();
    &rest[..count]
}

/// What a read is worth.
fn kind_of(facts: &ModuleFacts, read: &Read) -> u8 {
    match read.way {
        ReadWay::Typing => kind::TYPING,
        ReadWay::Guarded => kind::GUARDED,
        ReadWay::Unreached => kind::UNREACHED,
        ReadWay::Run | ReadWay::Text => {
            let after = facts.unreached.partition_point(|range| range.0 <= read.at);
            let inside = facts.unreached[..after].iter().rev().take(8).any(|r| read.at < r.1);
            if inside { kind::UNREACHED } else { kind::RUN }
        }
    }
}
