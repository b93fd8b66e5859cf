//! Reads, in sixteen bytes each: a large program has millions of them.

use serde::{Deserialize, Serialize};

use super::{ReadWay, Role, Sym};

/// What is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A definition of the same module.
    Def(u32),
    /// A name that the module does not bind.
    Free(Sym),
    /// An attribute; whether it is one of what the read right before this one gives, and not of another expression.
    Attribute(Sym, bool),
    /// Some attribute whose name begins so, of the receivers at the place.
    Prefix(Sym),
    /// A string that is put together and begins like a name: where members are found by names that are values, it may
    /// be one.
    Spelled(Sym),
    /// Every field of the receivers at the place.
    Fields,
}

/// Which kind of target it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Kind {
    Def,
    Free,
    Attribute,
    AttributeOfLast,
    Prefix,
    Spelled,
    Fields,
}

/// A read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Read {
    /// The definition that it stands in.
    pub from: u32,
    /// Where.
    pub at: u32,
    /// The definition or the name that is read.
    what: u32,
    kind: Kind,
    /// In which way.
    pub way: ReadWay,
    /// What for.
    pub role: Role,
}

const _: () = assert!(size_of::<Read>() == 16);

impl Read {
    /// A read.
    #[must_use]
    pub const fn new(from: u32, at: u32, target: Target, way: ReadWay, role: Role) -> Self {
        let (kind, what) = match target {
            Target::Def(def) => (Kind::Def, def),
            Target::Free(name) => (Kind::Free, name),
            Target::Attribute(name, false) => (Kind::Attribute, name),
            Target::Attribute(name, true) => (Kind::AttributeOfLast, name),
            Target::Prefix(prefix) => (Kind::Prefix, prefix),
            Target::Spelled(prefix) => (Kind::Spelled, prefix),
            Target::Fields => (Kind::Fields, 0),
        };
        Self { from, at, what, kind, way, role }
    }

    /// What is read.
    #[must_use]
    pub const fn target(&self) -> Target {
        match self.kind {
            Kind::Def => Target::Def(self.what),
            Kind::Free => Target::Free(self.what),
            Kind::Attribute => Target::Attribute(self.what, false),
            Kind::AttributeOfLast => Target::Attribute(self.what, true),
            Kind::Prefix => Target::Prefix(self.what),
            Kind::Spelled => Target::Spelled(self.what),
            Kind::Fields => Target::Fields,
        }
    }
}
