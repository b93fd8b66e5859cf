//! How sure a finding of dead code is: what speaks against it, in words.

use rustc_hash::{FxHashMap, FxHashSet};

use super::conventions::{PathKind, is_run_by_tests, path_kind};
use super::dead::Dead;
use super::edges;
use super::live::Life;
use super::program::{Meaning, Node};
use super::settings::Confidence;
use crate::infer::facts::{DefFlags, DefKind, class_flags};

/// What is known of names besides reads.
pub struct Evidence<'d, 'f> {
    question: &'d Dead<'d, 'f>,
    /// Modules that entry points name.
    entered: FxHashSet<u32>,
    /// Strings that are names, with how many there are.
    strings: FxHashMap<&'f str, u32>,
    /// What is caught alone, and that something raises which is not used.
    raised: FxHashSet<Node>,
    /// Whether the program loads modules of its own by names that it puts together.
    loads_by_name: bool,
}

impl<'d, 'f> Evidence<'d, 'f> {
    /// Gathers what strings mention.
    #[must_use]
    pub fn new(question: &'d Dead<'d, 'f>) -> Self {
        let mut strings: FxHashMap<&str, u32> = FxHashMap::default();
        for module in &question.program.modules {
            for &(_, text) in &module.strings {
                for part in module.symbols[text].split(['.', ':']) {
                    *strings.entry(part).or_default() += 1;
                }
            }
        }
        let program = question.program;
        let entered = question
            .settings
            .entry_points
            .iter()
            .filter_map(|text| program.dotted(text))
            .map(|meaning| match meaning {
                Meaning::Node(node) => program.module_number(node),
                Meaning::Module(module) => module,
            })
            .collect();
        let loads_by_name = program.modules.iter().any(|module| {
            module.symbols.iter().any(|name| matches!(name, "import_module" | "__import__"))
        });
        Self { question, entered, strings, raised: raised(question), loads_by_name }
    }

    /// How sure it is that a node is dead, and what makes it less than certain.
    #[must_use]
    pub fn of(&self, node: Node) -> (Confidence, Option<String>) {
        let (mut worst, mut reason) = (Confidence::Certain, None);
        for (confidence, text) in self.doubts(node) {
            if confidence < worst {
                worst = confidence;
                reason = Some(text);
            }
        }
        (worst, reason)
    }

    fn doubts(&self, node: Node) -> Vec<(Confidence, String)> {
        let mut doubts = Vec::new();
        let mut doubt = |confidence, text: &str| doubts.push((confidence, text.to_owned()));
        let program = self.question.program;
        let def = program.def(node);
        let module = program.module(node);
        let name = program.name(node);
        match self.question.lives.of[node as usize] {
            Life::Perhaps => doubt(
                Confidence::Possible,
                "its name is read on objects of unknown type, or something from outside may call it",
            ),
            Life::Tests | Life::Typing
                if self.question.lives.may_run(node) && !program.has(node, DefFlags::FIXTURE) =>
            {
                doubt(Confidence::Possible, "its name is read on objects of unknown type");
            }
            Life::Tests => doubt(Confidence::Likely, "tests may need it"),
            Life::Typing => {
                doubt(Confidence::Likely, "something that is not seen may make instances")
            }
            Life::Caught if self.question.lives.may_run(node) => {
                doubt(Confidence::Possible, "something that may be used raises it");
            }
            Life::Caught if self.raised.contains(&node) => {
                doubt(Confidence::Likely, "code that nothing uses raises it");
            }
            Life::Unreached => doubt(Confidence::Possible, "types may say less than what happens"),
            _ => {}
        }
        // Strings of a letter or two are data.
        if let Some(&count) = self.strings.get(name)
            && count > 0
            && name.len() > 2
            && !program.has(node, DefFlags::FIXTURE)
        {
            doubt(Confidence::Possible, "a string is spelled like its name");
        }
        match path_kind(&module.path) {
            PathKind::Aside => {
                doubt(
                    Confidence::Possible,
                    "it is in documentation, an example, or code of others",
                );
            }
            PathKind::Test if !is_run_by_tests(&module.path) => {
                doubt(Confidence::Possible, "it may be data that tests work on");
            }
            PathKind::Test => doubt(Confidence::Likely, "it is part of tests"),
            PathKind::Program => {}
        }
        if self.question.settings.is_borrowed(&module.path) {
            doubt(Confidence::Possible, "its file is a copy of one of another project");
        }
        if program.is_handed_on(node) {
            doubt(Confidence::Likely, "a decorator gets to see it");
        }
        if is_mangled(name) {
            doubt(Confidence::Possible, "its name is that of a private member of another class");
        }
        if let Some(class) = program.class_of(node)
            && self.stands_in(class, name)
        {
            doubt(Confidence::Possible, "its class looks like a stand-in for another one");
        }
        if def.flags.has(DefFlags::CONDITIONAL) {
            doubt(Confidence::Likely, "it is defined under a condition");
        }
        let number = program.module_number(node);
        if program.parent(node) == Some(program.module_node(number)) {
            self.doubts_of_module(number, name, &mut doubts);
        }
        let mut doubt = |confidence, text: &str| doubts.push((confidence, text.to_owned()));
        if self.question.settings.is_published(&module.path)
            && !self.question.lives.is_test[number as usize]
            && self.question.lives.is_exported(program, node)
        {
            doubt(Confidence::Likely, "it is a public name of a published package");
        }
        self.doubts_of_member(node, &mut doubts);
        doubts
    }

    /// What the module of a name of a module may do with it.
    fn doubts_of_module(&self, number: u32, name: &str, doubts: &mut Vec<(Confidence, String)>) {
        let program = self.question.program;
        let module = program.modules[number as usize];
        let mut doubt = |confidence, text: &str| doubts.push((confidence, text.to_owned()));
        let is_private = name.starts_with('_');
        if module.is_dynamic || (module.answers_by_name && is_private) {
            doubt(Confidence::Possible, "its module is looked into by computed names");
        } else if module.answers_by_name {
            doubt(Confidence::Likely, "its module answers when it is asked for names");
        }
        let is_loaded =
            program.imported.contains(&number) || module.has_main || self.entered.contains(&number);
        // What loads a module by its name looks for what is public in it.
        if !is_loaded && !is_private && path_kind(&module.path) == PathKind::Program {
            let is_part = module.name.rsplit_once('.').is_some_and(|(package, _)| {
                program.named(package).iter().any(|&each| program.modules[each as usize].is_package)
            });
            let has_stub = || {
                let same = program.named(&module.name).iter();
                same.filter(|&&each| each != number)
                    .any(|&each| program.modules[each as usize].is_stub)
            };
            // Where the program does that itself, what it looks for is read. Who imports a module with a stub beside it
            // is seen to import the stub.
            let confidence = match self.loads_by_name && is_part && !has_stub() {
                true => Confidence::Likely,
                false => Confidence::Possible,
            };
            doubt(confidence, "no module imports its module, which something may load by name");
        }
    }

    /// Whether another class has several members of the same names, this one among them, and is used for them: an
    /// object of this class may be given where one of the other is asked for.
    fn stands_in(&self, class: Node, name: &str) -> bool {
        const SHARED: usize = 3;
        let program = self.question.program;
        let mro = program.mro.get(&class).map_or(&[] as &[Node], Vec::as_slice);
        let others = program.members.get(name).map_or(&[] as &[Node], Vec::as_slice);
        let own = program.within(class);
        let plain = own.iter().filter(|&&each| !program.name(each).starts_with("__")).count();
        others.iter().take(200).any(|&member| {
            let Some(other) = program.class_of(member) else { return false };
            let is_related = mro.contains(&other)
                || program.mro.get(&other).is_some_and(|above| above.contains(&class));
            if is_related || self.question.lives.of[member as usize] > Life::Tests {
                return false;
            }
            let shared = own.iter().filter(|&&each| {
                let name = program.name(each);
                !name.starts_with("__") && program.member(other, name).is_some()
            });
            let shared = shared.take(SHARED).count();
            shared == SHARED || shared >= 2 && shared == plain
        })
    }

    fn doubts_of_member(&self, node: Node, doubts: &mut Vec<(Confidence, String)>) {
        let program = self.question.program;
        let def = program.def(node);
        let is_data = matches!(def.kind, DefKind::Variable | DefKind::Attribute);
        let Some(class) = program.class_of(node) else {
            if def.kind == DefKind::Class {
                self.doubts_of_class(node, doubts);
            }
            return;
        };
        let mut doubt = |confidence, text: &str| doubts.push((confidence, text.to_owned()));
        if program.module(node).is_dynamic && !self.question.edges.is_named[class as usize] {
            doubt(Confidence::Possible, "its class may be found by a computed name");
        }
        let in_tests = self.question.lives.is_test[program.module_number(node) as usize];
        let is_local = program
            .parent(class)
            .is_some_and(|parent| program.def(parent).kind == DefKind::Function);
        if is_local || (in_tests && !program.name(class).starts_with("Test")) {
            doubt(Confidence::Possible, "its class is made to be given to something");
        }
        if ["Mock", "Fake", "Dummy", "Stub"].iter().any(|part| program.name(class).contains(part)) {
            doubt(Confidence::Possible, "its class is a stand-in for another one");
        }
        let has = |flags| program.class_has(class, flags);
        let all = program.below.get(&class).into_iter().flatten().chain([&class]);
        for &each in all {
            if program.class_has(each, class_flags::DYNAMIC) {
                doubt(Confidence::Possible, "a base of its class is not known");
                break;
            }
        }
        if program.is_watched(class) && !has(class_flags::ENUM) {
            doubt(Confidence::Possible, "a metaclass or decorator sees its class");
        }
        if has(class_flags::GETATTR) {
            doubt(Confidence::Possible, "its class looks attributes up by itself");
        }
        if has(class_flags::OUTSIDE_BASE) {
            let confidence = if is_data { Confidence::Possible } else { Confidence::Likely };
            doubt(confidence, "a base of its class comes from outside");
        }
        if def.kind == DefKind::Class {
            doubt(Confidence::Likely, "it is part of a class");
        }
        if def.flags.has(DefFlags::HOLDS) {
            doubt(Confidence::Possible, "it holds something that would end without it");
        }
        if is_data && has(class_flags::DATACLASS) {
            doubt(Confidence::Likely, "comparing, hashing and printing look at fields");
        }
        if is_data && has(class_flags::EXCEPTION) {
            doubt(Confidence::Likely, "who catches the exception may look at it");
        }
        if def.flags.has(DefFlags::ABSTRACT) || def.flags.has(DefFlags::DECLARED_OVERRIDE) {
            doubt(Confidence::Likely, "it is part of an interface");
        }
    }

    fn doubts_of_class(&self, node: Node, doubts: &mut Vec<(Confidence, String)>) {
        let program = self.question.program;
        let has = |flags| program.class_has(node, flags);
        if has(class_flags::OUTSIDE_BASE | class_flags::DYNAMIC) {
            let text = "something from outside may find it among the subclasses of its base";
            doubts.push((Confidence::Likely, text.to_owned()));
        }
    }
}

/// What only `except` clauses keep alive, and that code which nothing uses reads as well.
fn raised(question: &Dead<'_, '_>) -> FxHashSet<Node> {
    let lives = &question.lives.of;
    if !lives.contains(&Life::Caught) {
        return FxHashSet::default();
    }
    let count = u32::try_from(lives.len()).unwrap_or(u32::MAX);
    let edges = (0..count).flat_map(|node| question.edges.links.of(node));
    edges
        .filter(|&(to, kind)| {
            kind != edges::kind::CAUGHT && kind != edges::kind::PART && to < count
        })
        .map(|(to, _)| to)
        .filter(|&to| lives[to as usize] == Life::Caught)
        .collect()
}

/// `_Class__member`: what the language makes of `__member` in another class.
fn is_mangled(name: &str) -> bool {
    name.strip_prefix('_').is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_uppercase() || c == '_') && rest.contains("__")
    })
}
