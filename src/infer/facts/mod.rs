//! Facts: what a module defines, reads and imports, left behind by a check for the audit.
//!
//! # Terms
//! A *definition* ([`Def`]) is a name in a scope: a module, class, function, variable, import, parameter. All
//! `def`s and assignments of one name in one scope are one definition with several sites. A *read* ([`Read`])
//! leads from the definition that it stands in to a definition of the module, to an attribute, or to a name
//! that only other modules can explain. A *receiver* says what the object of an attribute is, as far as types
//! tell: it is noted while the body is checked, when its type is known, and joined to the read by its place.
//!
//! ```python
//! def total(cart: Cart) -> int:
//!     return cart.sum()      # a read from `total` of the attribute `sum`; the receiver is the class `Cart`
//! ```
//!
//! # Why this shape
//! Facts refer to other modules by path and name and never by number, so that those of several runs can be
//! laid side by side and give what one run over everything would have given. Within a module, strings are
//! numbered in order of first use, which depends on the module's text alone.

mod classes;
mod decorators;
mod definitions;
mod imports;
mod names;
mod observe;
mod origins;
mod reads;
mod statements;
mod syntax;
mod walk;

use serde::{Deserialize, Serialize};

pub use imports::import_facts;
pub use names::Names;
pub use observe::{Observed, Seen};
pub use reads::{Read, Target};
pub(crate) use syntax::reflected;
pub use walk::module_facts;

/// A string of a module's facts: an index into [`ModuleFacts::symbols`].
pub type Sym = u32;

/// Stands for "no definition".
pub const NONE: u32 = u32::MAX;

/// Facts that one question alone asks for, and that take their time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MoreFacts {
    /// Where what is not known comes from: `audit types`.
    pub origins: bool,
    /// The types of what others may use: `audit api`.
    pub surface: bool,
}

/// All facts of one module.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModuleFacts {
    /// The path as shown; what the module is known by.
    pub path: Box<str>,
    /// The dotted name.
    pub name: Box<str>,
    /// Whether it is an `__init__` file.
    pub is_package: bool,
    /// Whether it is a stub.
    pub is_stub: bool,
    /// The number of its lines.
    pub lines: u32,
    /// The strings that the rest refers to.
    pub symbols: Names,
    /// The classes that orders of bases and receivers refer to.
    pub named: Vec<ClassName>,
    /// The definitions in order of place; the first is the module itself.
    pub defs: Vec<Def>,
    /// Further places of definitions: of a second `def`, a second assignment.
    pub sites: Vec<(u32, Site)>,
    /// The reads in order of place.
    pub reads: Vec<Read>,
    /// What calls give, by the read of what is called.
    pub calls: Vec<Call>,
    /// The names of arguments by name, call by call.
    pub keywords: Vec<Sym>,
    /// What arguments are, call by call: the text of a short literal, [`NONE`] for everything else.
    pub arguments: Vec<Sym>,
    /// The decorators that are not known by their name: what is decorated, and the read of the decorator ([`NONE`] if it
    /// is some other expression).
    pub decorators: Vec<(u32, u32)>,
    /// The names of attributes that decorators write on what they are given, by the decorator's definition.
    pub marks: Vec<(u32, Sym)>,
    /// The definitions that look at all members of something.
    pub searches: Vec<u32>,
    /// The import statements, a row for each name.
    pub imports: Vec<Import>,
    /// The classes, by definition.
    pub classes: Vec<Class>,
    /// Strings that may be names: with the definition that they stand in.
    pub strings: Vec<(u32, Sym)>,
    /// The names of `__all__`, and whether all of them could be read.
    pub exports: Option<(Vec<Sym>, bool)>,
    /// Modules whose names are imported by `*`, with the path where it was found.
    pub stars: Vec<(Sym, Sym)>,
    /// What is at the other end of attributes, by their places, sorted.
    pub receivers: Vec<(u32, Receiver)>,
    /// Ranges that are never reached, sorted; whether types say so.
    pub unreached: Vec<(u32, u32, bool)>,
    /// Local variables that are never read, by function and place.
    pub unused_locals: Vec<(u32, Sym, u32)>,
    /// The types of what others may use, as printed, by definition, if they were asked for.
    pub surface: Vec<(u32, Sym)>,
    /// How many expressions there are in each definition and how many of them are of no known type.
    pub coverage: Vec<Coverage>,
    /// Where what is not known comes from, in order, if that was asked for.
    pub unknowns: Vec<Unknowns>,
    /// Whether there is an `if __name__ == "__main__"`.
    pub has_main: bool,
    /// Whether it reaches into its own names by computed strings.
    pub is_dynamic: bool,
    /// Whether it does so only to answer those who ask it for a name: in its `__getattr__` or `__dir__`.
    pub answers_by_name: bool,
}

impl ModuleFacts {
    /// Gives back the room that lists were given for growing: facts of all modules are kept until the end.
    fn fit(&mut self) {
        self.named.shrink_to_fit();
        self.defs.shrink_to_fit();
        self.sites.shrink_to_fit();
        self.reads.shrink_to_fit();
        self.calls.shrink_to_fit();
        self.keywords.shrink_to_fit();
        self.arguments.shrink_to_fit();
        self.imports.shrink_to_fit();
        self.classes.shrink_to_fit();
        self.strings.shrink_to_fit();
        self.receivers.shrink_to_fit();
        self.surface.shrink_to_fit();
        self.coverage.shrink_to_fit();
    }
}

/// How many expressions of a definition are of a known type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Coverage {
    /// Where the definition's name stands, 0 for the module.
    pub at: u32,
    /// Expressions.
    pub all: u32,
    /// Those of no known type.
    pub unknown: u32,
}

/// Where what is not known comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Origin {
    /// A definition of the module: a parameter, an import, a variable.
    Def(u32),
    /// What the read with this number leads to: an attribute, the result of a function.
    Read(u32),
    /// Something that no declaration would help.
    Elsewhere,
}

/// How many expressions are not known because of one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Unknowns {
    /// The place.
    pub origin: Origin,
    /// How many they are.
    pub count: u32,
}

/// What a definition is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum DefKind {
    /// The module itself.
    Module,
    /// A `class`.
    Class,
    /// A `def`, in whatever scope.
    Function,
    /// A variable of a module or class.
    Variable,
    /// An attribute that a method sets on its first parameter.
    Attribute,
    /// A name that an import binds.
    Import,
    /// A `type` statement, `TypeVar` and the like: there for typing alone.
    Typing,
    /// A parameter of a function.
    Parameter,
}

/// Yes-or-no facts about a definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct DefFlags(pub u32);

impl DefFlags {
    /// A decorator whose effect is not known.
    pub const OPAQUE: u32 = 1;
    /// A property or the like: reading it calls it.
    pub const PROPERTY: u32 = 1 << 1;
    /// A `staticmethod`.
    pub const STATIC: u32 = 1 << 2;
    /// A `classmethod`.
    pub const CLASS_METHOD: u32 = 1 << 3;
    /// An abstract method.
    pub const ABSTRACT: u32 = 1 << 4;
    /// Has no body to speak of.
    pub const STUB_BODY: u32 = 1 << 5;
    /// A class outside of the checked code has a member of this name.
    pub const OVERRIDES_OUTSIDE: u32 = 1 << 6;
    /// A pytest fixture.
    pub const FIXTURE: u32 = 1 << 7;
    /// A fixture that is used without being named.
    pub const AUTO_FIXTURE: u32 = 1 << 8;
    /// Defined for typing only (`if TYPE_CHECKING`).
    pub const TYPE_CHECKING: u32 = 1 << 9;
    /// Defined under a condition, or only for some platforms or versions.
    pub const CONDITIONAL: u32 = 1 << 10;
    /// Has an annotation (a variable), all of them (a function).
    pub const ANNOTATED: u32 = 1 << 11;
    /// Has some annotation (a function).
    pub const PARTLY_ANNOTATED: u32 = 1 << 12;
    /// The parameter is read in the body.
    pub const READ: u32 = 1 << 13;
    /// The parameter has a default.
    pub const HAS_DEFAULT: u32 = 1 << 14;
    /// `*args`, `**kwargs`.
    pub const VARIADIC: u32 = 1 << 15;
    /// The parameter can be given by name only.
    pub const KEYWORD_ONLY: u32 = 1 << 16;
    /// The parameter can be given by place only.
    pub const POSITIONAL_ONLY: u32 = 1 << 17;
    /// `@override`, `@overload`.
    pub const DECLARED_OVERRIDE: u32 = 1 << 18;
    /// `from a import b as b`: handed on.
    pub const REEXPORT: u32 = 1 << 19;
    /// Uses `locals()`, `eval` or the like: its names may be read.
    pub const USES_LOCALS: u32 = 1 << 20;
    /// An `async def`.
    pub const ASYNC: u32 = 1 << 21;
    /// Declares the result.
    pub const RETURNS: u32 = 1 << 22;
    /// Some decorator at all.
    pub const DECORATED: u32 = 1 << 23;
    /// An `@overload`.
    pub const OVERLOAD: u32 = 1 << 24;
    /// Its value may do something when it is evaluated, so that the statement is needed whoever reads the name.
    pub const HAS_EFFECTS: u32 = 1 << 25;
    /// Its value is something that ends when nobody holds it: a task, a timer, a temporary folder.
    pub const HOLDS: u32 = 1 << 26;
    /// A decorator, or a maker of one, that hands on what it gets and tells nobody else, but for marks that it leaves and
    /// what it, and the functions within, are decorated with.
    pub const HANDS_ON: u32 = 1 << 27;

    /// Whether all bits of `flag` are set.
    #[must_use]
    pub const fn has(self, flag: u32) -> bool {
        self.0 & flag == flag
    }

    /// Sets the bits of `flag`.
    pub const fn set(&mut self, flag: u32) {
        self.0 |= flag;
    }
}

/// A place of a definition: the whole statement, and the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct Site {
    /// Where the statement begins, decorators included.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
    /// Where the name stands.
    pub at: u32,
}

/// A definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Def {
    /// Its name.
    pub name: Sym,
    /// The definition around it; [`NONE`] for the module.
    pub parent: u32,
    /// What it is.
    pub kind: DefKind,
    /// More about it.
    pub flags: DefFlags,
    /// Its first place.
    pub site: Site,
    /// For an import, its row in [`ModuleFacts::imports`].
    pub import: u32,
}

/// In which way something is read. The same as in the index, with what only the audit tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ReadWay {
    /// When the program runs.
    Run,
    /// In code that this version or platform does not run.
    Guarded,
    /// For typing only.
    Typing,
    /// In code that is never reached.
    Unreached,
    /// By name, in a string.
    Text,
}

/// What a read does with what it finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Role {
    /// Whatever is not said below.
    Value,
    /// Calls it.
    Call,
    /// Reads an attribute of it.
    Object,
    /// Names it as a base class.
    Base,
    /// Names it in an `except` clause.
    Caught,
    /// Asks whether something is an instance of it.
    Instance,
    /// Writes it.
    Store,
}

/// What a call gives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// The read of what is called.
    pub read: u32,
    /// How many arguments by place.
    pub positional: u16,
    /// Whether there is a `*` or `**`.
    pub is_open: bool,
    /// Where its arguments by name begin in [`ModuleFacts::keywords`], and how many they are.
    pub keywords: (u32, u16),
    /// Where what its arguments are begins in [`ModuleFacts::arguments`]: those by place, then those by name.
    pub arguments: u32,
}

/// When an import runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ImportWay {
    /// While the module is imported.
    Run,
    /// In a function.
    Deferred,
    /// A lazy import (PEP 810).
    Lazy,
    /// Under `TYPE_CHECKING`.
    Typing,
}

/// A name that is imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Import {
    /// Where the name stands.
    pub at: u32,
    /// The absolute name of the module.
    pub module: Sym,
    /// The imported name; [`NONE`] for `import module`.
    pub name: Sym,
    /// The path of the module that the bound name stands for or is looked up in; empty if there is none.
    pub bound: Sym,
    /// The path of the module that it leads to: the submodule, if the name is one. Empty if there is none.
    pub path: Sym,
    /// Whether the name is a submodule, or may be.
    pub is_submodule: bool,
    /// When it runs.
    pub way: ImportWay,
    /// Whether a handler for failing imports is around it.
    pub is_optional: bool,
    /// Whether version or platform rule it out.
    pub is_guarded: bool,
    /// The definition that it stands in.
    pub from: u32,
}

/// A class, elsewhere or here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ClassName {
    /// The path of the module.
    pub path: Sym,
    /// The dotted name of the module and the name of the class.
    pub name: Sym,
    /// Where its name stands.
    pub at: u32,
    /// Whether its module belongs to the audited code.
    pub is_ours: bool,
}

/// What types know of a class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Class {
    /// Its definition.
    pub def: u32,
    /// Its method resolution order, itself first: numbers in [`ModuleFacts::named`].
    pub mro: Box<[u32]>,
    /// More about it.
    pub flags: u32,
}

/// Yes-or-no facts about a class.
pub mod class_flags {
    /// Some base is not known.
    pub const DYNAMIC: u32 = 1;
    /// An `Enum`.
    pub const ENUM: u32 = 1 << 1;
    /// A protocol.
    pub const PROTOCOL: u32 = 1 << 2;
    /// A typed dict.
    pub const TYPED_DICT: u32 = 1 << 3;
    /// A named tuple.
    pub const NAMED_TUPLE: u32 = 1 << 4;
    /// A dataclass, or what is transformed like one.
    pub const DATACLASS: u32 = 1 << 5;
    /// An exception.
    pub const EXCEPTION: u32 = 1 << 6;
    /// A base from outside that may do something with subclasses or their members.
    pub const OUTSIDE_BASE: u32 = 1 << 7;
    /// Being subclassed is noticed: `__init_subclass__`, a metaclass.
    pub const REGISTERED: u32 = 1 << 8;
    /// Finds attributes by itself: `__getattr__`.
    pub const GETATTR: u32 = 1 << 9;
    /// Decorated by something whose effect is not known.
    pub const OPAQUE: u32 = 1 << 10;
    /// An abstract base class.
    pub const ABSTRACT: u32 = 1 << 11;
}

/// What the object of an attribute is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Receiver {
    /// Not known.
    Unknown,
    /// A class or an instance of it: a number in [`ModuleFacts::named`].
    Class(u32),
    /// What comes after this class in the order of its bases.
    Super(u32),
    /// The module at this path.
    Module(Sym),
    /// Something that the checked code does not define.
    Other,
}
