//! Ids that are valid for the whole run: modules, definitions, classes.

/// A module of the run. Modules are numbered in the order of their sorted paths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModuleId(pub u32);

/// A definition in a module: the module and the number of the definition in its index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DefRef {
    pub module: ModuleId,
    pub index: u32,
}

/// A class by where it is defined. Classes that a call makes (`NewType`, `namedtuple`, functional
/// `TypedDict` and `Enum`) are known by the definition that the call is assigned to; a call among
/// the bases of a class statement by that class, with [`ClassRef::IN_BASES`] set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClassRef {
    pub module: ModuleId,
    pub index: u32,
}

impl ClassRef {
    /// Set in `index` for a class made by a call among the bases of the class with the same number.
    pub const IN_BASES: u32 = 1 << 31;

    /// The definition that this class belongs to.
    #[must_use]
    pub const fn definition(self) -> DefRef {
        DefRef { module: self.module, index: self.index & !Self::IN_BASES }
    }
}

impl From<DefRef> for ClassRef {
    fn from(definition: DefRef) -> Self {
        Self { module: definition.module, index: definition.index }
    }
}
