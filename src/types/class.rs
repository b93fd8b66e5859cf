//! What is known of a class once its statement has been looked at: bases, MRO, parameters, flavour.

use bitflags::bitflags;
use ruff_text_size::TextRange;

use super::{ClassRef, Type};

bitflags! {
    /// Yes-or-no facts about a class.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
    pub struct ClassFlags: u32 {
        const PROTOCOL = 1;
        const RUNTIME_CHECKABLE = 1 << 1;
        const TYPED_DICT = 1 << 2;
        const TOTAL = 1 << 3;
        const ENUM = 1 << 4;
        const NAMED_TUPLE = 1 << 5;
        const FINAL = 1 << 6;
        const DATACLASS = 1 << 7;
        const NEW_TYPE = 1 << 8;
        /// Some class of the MRO is not known.
        const DYNAMIC_MRO = 1 << 9;
        /// PEP 695 type parameters: variance is inferred.
        const PEP695 = 1 << 10;
        const CLOSED = 1 << 11;
        const SLOTS = 1 << 12;
        const TOTAL_ORDERING = 1 << 13;
        const DISJOINT_BASE = 1 << 14;
        const DEPRECATED = 1 << 15;
        const METACLASS_DYNAMIC = 1 << 16;
        /// Made by a call whose members could not be read: every member lookup is dynamic.
        const DYNAMIC_MEMBERS = 1 << 17;
        const TYPE_CHECK_ONLY = 1 << 18;
        /// `extra_items=ReadOnly[...]`
        const EXTRA_READ_ONLY = 1 << 19;
        /// A decorator that is not known may have made special methods, the constructor among them.
        const OPEN_SPECIAL = 1 << 20;
        /// Something among the arguments of its bases is not known, and may be a type variable: nobody knows how many
        /// parameters the class has.
        const OPEN_PARAMETERS = 1 << 21;
    }
}

/// A class in an MRO, specialised in terms of the type parameters of the class that the MRO is of.
#[derive(Debug, Clone, Copy)]
pub enum MroEntry {
    /// Argument list as a `Class` or `GenericClass` type.
    Class(ClassRef, Type),
    /// A base that is not known: anything may be found there.
    Dynamic(Type),
}

/// Why a class has no MRO.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MroError {
    /// Its bases have no consistent linearisation; the MRO is a guess.
    Inconsistent,
    /// It would have more classes than [`crate::store::limits::MAX_MRO`]; the bases count as not known.
    TooLong,
}

/// See the module's documentation. Lives in an arena; never changes.
#[derive(Debug)]
pub struct ClassInfo {
    pub class: ClassRef,
    pub name: Box<str>,
    pub name_range: TextRange,
    pub flags: ClassFlags,
    /// Type variables in order of declaration, bound to this class.
    pub type_params: Box<[Type]>,
    /// Class objects (`Class`, `GenericClass`) or dynamic types.
    pub bases: Box<[Type]>,
    /// Linearisation (C3), the class itself first, `object` last.
    pub mro: Box<[MroEntry]>,
    /// The metaclass as a class object or a dynamic type; `type` when `None`.
    pub metaclass: Option<Type>,
    /// Why the MRO is not what it would be at run time.
    pub mro_error: Option<MroError>,
    pub dataclass: Option<DataclassOptions>,
    /// What the class is transformed by, for subclasses (`dataclass_transform` on a base or metaclass).
    pub transform: Option<DataclassOptions>,
    /// Fields of a class made by a call (`namedtuple`, functional `TypedDict`), or members of a
    /// functional `Enum`.
    pub synthesized: Option<Box<[Field]>>,
    /// The tuple that the class inherits from directly, with its shape.
    pub tuple_base: Option<Type>,
    /// The supertype of a `NewType`.
    pub new_type_base: Option<Type>,
    /// Message of `@deprecated`.
    pub deprecated: Option<Box<str>>,
    /// The type of extra items of a `TypedDict` (PEP 728).
    pub extra_items: Option<Type>,
}

const _: () = assert!(size_of::<ClassInfo>() <= 168);

/// A field of a dataclass, named tuple or typed dict.
#[derive(Debug, Clone)]
pub struct Field {
    pub name: Box<str>,
    pub ty: Type,
    pub has_default: bool,
    pub default: Option<Type>,
    pub init: bool,
    pub kw_only: bool,
    pub is_init_var: bool,
    pub alias: Option<Box<str>>,
    /// The name that `__init__` takes is not known.
    pub is_renamed: bool,
    pub required: bool,
    pub read_only: bool,
    pub range: TextRange,
    pub class: Option<ClassRef>,
    /// The type that `__init__` takes where a converter changes it.
    pub init_type: Option<Type>,
}

impl Field {
    /// A required field without special features.
    #[must_use]
    pub fn new(name: &str, ty: Type) -> Self {
        Self {
            name: name.into(),
            ty,
            has_default: false,
            default: None,
            init: true,
            kw_only: false,
            is_init_var: false,
            alias: None,
            is_renamed: false,
            required: true,
            read_only: false,
            range: TextRange::default(),
            class: None,
            init_type: None,
        }
    }

    /// The same with its types changed by `one`.
    #[must_use]
    pub fn map(&self, one: impl Fn(Type) -> Type) -> Self {
        Self {
            ty: one(self.ty),
            default: self.default.map(&one),
            init_type: self.init_type.map(&one),
            ..self.clone()
        }
    }
}

bitflags! {
    /// The options of `@dataclass` or of a `dataclass_transform`.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
    pub struct DataclassOptions: u32 {
        const INIT = 1;
        const EQ = 1 << 1;
        const ORDER = 1 << 2;
        const FROZEN = 1 << 3;
        const KW_ONLY = 1 << 4;
        const SLOTS = 1 << 5;
        const UNSAFE_HASH = 1 << 6;
        const MATCH_ARGS = 1 << 7;
        const WEAKREF_SLOT = 1 << 8;
        const REPR = 1 << 9;
        /// Through `dataclass_transform`: field specifiers and defaults come from the transform.
        const TRANSFORM = 1 << 10;
        const FROZEN_DEFAULT = 1 << 11;
        const KW_ONLY_DEFAULT = 1 << 12;
        const ORDER_DEFAULT = 1 << 13;
        /// `__init__` takes other keywords too.
        const OPEN = 1 << 14;
        /// A field that has an alias may be given by its name too.
        const BY_NAME = 1 << 15;
        /// What is not given comes from elsewhere: no field is required.
        const OPTIONAL = 1 << 16;
        /// The number of a library model, and one.
        const MODEL = u32::MAX << Self::MODEL_SHIFT;
    }
}

impl DataclassOptions {
    const MODEL_SHIFT: u32 = 24;

    /// The same for the library model with this number.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "a table of a few lines")]
    pub const fn with_model(self, number: usize) -> Self {
        let own = self.bits() & !(u32::MAX << Self::MODEL_SHIFT);
        Self::from_bits_retain(own | (number as u32 + 1) << Self::MODEL_SHIFT)
    }

    /// The number of the library model that holds.
    #[must_use]
    pub fn model(self) -> Option<usize> {
        (self.bits() >> Self::MODEL_SHIFT).checked_sub(1).map(|n| n as usize)
    }
}

impl ClassInfo {
    /// Whether `flag` is set.
    #[must_use]
    pub const fn is(&self, flag: ClassFlags) -> bool {
        self.flags.contains(flag)
    }

    /// Whether a decorator that is not known may have given the class a special method that it does not write.
    #[must_use]
    pub fn may_be_given(&self, name: &str) -> bool {
        self.is(ClassFlags::OPEN_SPECIAL) && name.starts_with("__") && name.ends_with("__")
    }

    /// Whether `class` stands in the MRO.
    #[must_use]
    pub fn inherits(&self, class: ClassRef) -> bool {
        self.mro.iter().any(|entry| matches!(entry, MroEntry::Class(other, _) if *other == class))
    }

    /// The same with its types changed by `one`.
    #[must_use]
    pub fn map(&self, one: impl Fn(Type) -> Type) -> Self {
        let list = |types: &[Type]| -> Box<[Type]> { types.iter().map(|&ty| one(ty)).collect() };
        let entry = |entry: &MroEntry| match *entry {
            MroEntry::Class(class, ty) => MroEntry::Class(class, one(ty)),
            MroEntry::Dynamic(ty) => MroEntry::Dynamic(one(ty)),
        };
        let fields = |fields: &[Field]| -> Box<[Field]> {
            fields.iter().map(|field| field.map(&one)).collect()
        };
        Self {
            class: self.class,
            name: self.name.clone(),
            name_range: self.name_range,
            flags: self.flags,
            type_params: list(&self.type_params),
            bases: list(&self.bases),
            mro: self.mro.iter().map(entry).collect(),
            metaclass: self.metaclass.map(&one),
            mro_error: self.mro_error,
            dataclass: self.dataclass,
            transform: self.transform,
            synthesized: self.synthesized.as_deref().map(fields),
            tuple_base: self.tuple_base.map(&one),
            new_type_base: self.new_type_base.map(&one),
            deprecated: self.deprecated.clone(),
            extra_items: self.extra_items.map(&one),
        }
    }

    /// Whether some class in the MRO is unknown.
    #[must_use]
    pub const fn is_dynamic(&self) -> bool {
        self.is(ClassFlags::DYNAMIC_MRO)
    }
}
