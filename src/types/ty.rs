//! [`Type`]: a `Copy` value of eight bytes.
//!
//! Dynamic types, `None`, `bool` and small `int` literals, modules, functions, class objects and
//! instances of non-generic classes are complete in the value. Everything else is a kind and a
//! number in an arena whose payload [`super::Data`] says the rest. There is no `==`: two arenas may hold the
//! same structure, so sameness of types is [`super::Cx::same`].

use super::{ClassRef, DefRef, ModuleId, SpecialForm};
use crate::store::Handle;

/// A type.
#[derive(Clone, Copy)]
pub struct Type(pub(super) Handle);

const _: () = assert!(size_of::<Type>() == 8 && size_of::<Option<Type>>() == 8);

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {
        /// What a [`Type`] is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Kind { Zero = 0, $($(#[$doc])* $name),* }
        const KINDS: &[Kind] = &[Kind::Zero, $(Kind::$name),*];
    };
}

kinds! {
    /// `Any` as written.
    Any,
    /// Nothing is known: behaves as `Any`, and nobody wrote it.
    Unknown,
    /// Stands for a member of a cycle that has no answer yet. Never published.
    Cycle,
    /// The bottom type.
    Never,
    /// The instance `None`.
    None,
    /// `Literal[True]` or `Literal[False]`.
    Bool,
    /// An `int` literal of at most 56 bits.
    Int,
    /// A module object.
    Module,
    /// `LiteralString`.
    LiteralString,
    /// A special form of `typing`, as a value.
    Special,
    /// A class object, not specialised.
    Class,
    /// An instance of a class without type parameters.
    Instance,
    /// A function by its definition.
    Function,
    // Kinds from here on have a payload in an arena.
    Union,
    Intersection,
    Tuple,
    /// An instance of a specialised generic class.
    Generic,
    /// A specialised generic class as a value.
    GenericClass,
    /// `type[T]`.
    SubclassOf,
    Callable,
    /// A function with a receiver, or reached through a specialised class.
    Method,
    Str,
    Bytes,
    /// An `int` literal that needs more than 56 bits.
    BigInt,
    /// A member of an enum.
    Enum,
    TypeVar,
    /// `P.args` or `P.kwargs`.
    ParamSpecPart,
    /// A list of parameters, the value of a `ParamSpec`.
    Parameters,
    /// `*Ts` or `*tuple[...]` where an argument list takes it.
    Unpacked,
    Property,
    /// A type expression as a value: `int | None`, `Optional[T]`.
    TypeForm,
    /// A `TypeVar`, `ParamSpec` or `TypeVarTuple` object as a value.
    TypeVarValue,
    /// A recursive or PEP 695 alias, used as a type.
    Alias,
    /// A PEP 695 alias or `TypeAliasType` object, as a value.
    AliasValue,
    /// `TypeGuard[T]` or `TypeIs[T]`, as a return type.
    Guard,
    /// What `super(...)` returns.
    Super,
    /// What a known function with decoration options returns, such as `dataclass(...)`.
    Decorator,
    /// What is not of a type: narrowing's negative part.
    Not,
    /// `TypeForm[T]` of PEP 747.
    TypeFormOf,
    /// A part of an intersection: the object has an attribute of this name, as `hasattr` found. Of
    /// all else it is `Unknown`.
    WithAttribute,
}

impl Kind {
    /// The kind with this number.
    fn from_number(number: u8) -> Self {
        KINDS.get(usize::from(number)).copied().unwrap_or(Self::Zero)
    }
}

impl Type {
    pub const ANY: Self = Self::inline(Kind::Any, 0, 0);
    pub const UNKNOWN: Self = Self::inline(Kind::Unknown, 0, 0);
    pub const CYCLE: Self = Self::inline(Kind::Cycle, 0, 0);
    pub const NEVER: Self = Self::inline(Kind::Never, 0, 0);
    pub const NONE: Self = Self::inline(Kind::None, 0, 0);
    pub const TRUE: Self = Self::inline(Kind::Bool, 0, 1);
    pub const FALSE: Self = Self::inline(Kind::Bool, 0, 0);
    pub const LITERAL_STRING: Self = Self::inline(Kind::LiteralString, 0, 0);

    pub(super) const fn inline(kind: Kind, owner: u32, index: u32) -> Self {
        Self(Handle::new(kind as u8, owner, index))
    }

    /// Whether both are the same eight bytes. Of types that are complete in the value this says whether they are the
    /// same; composite types may be the same and have other places, see [`super::Cx::same`].
    #[must_use]
    pub fn is(self, other: Self) -> bool {
        self.0 == other.0
    }

    /// What this type is.
    #[must_use]
    pub fn kind(self) -> Kind {
        Kind::from_number(self.0.kind())
    }

    /// Whether the payload is in an arena.
    #[must_use]
    pub fn is_composite(self) -> bool {
        self.kind() >= Kind::Union
    }

    /// The eight bytes, as a key of what is remembered within one task.
    #[must_use]
    pub const fn handle(self) -> Handle {
        self.0
    }

    /// `Literal[True]` or `Literal[False]`.
    #[must_use]
    pub const fn bool(value: bool) -> Self {
        if value { Self::TRUE } else { Self::FALSE }
    }

    /// An `int` literal, when it fits 56 bits.
    #[must_use]
    pub fn small_int(value: i64) -> Option<Self> {
        const LIMIT: i64 = 1 << 55;
        if !(-LIMIT..LIMIT).contains(&value) {
            return None;
        }
        #[expect(clippy::cast_sign_loss, reason = "two's complement, cut to 56 bits")]
        let bits = (value as u64) & 0x00FF_FFFF_FFFF_FFFF;
        #[expect(clippy::cast_possible_truncation, reason = "split into 24 and 32 bits")]
        Some(Self::inline(Kind::Int, (bits >> 32) as u32, bits as u32))
    }

    /// The value of a small `int` literal.
    #[must_use]
    pub fn as_int(self) -> Option<i64> {
        if self.kind() != Kind::Int {
            return None;
        }
        let bits = (u64::from(self.0.owner()) << 32) | u64::from(self.0.index());
        #[expect(clippy::cast_possible_wrap, reason = "sign-extends the 56 bits")]
        Some(((bits << 8) as i64) >> 8)
    }

    /// The value of a `bool` literal.
    #[must_use]
    pub fn as_bool(self) -> Option<bool> {
        (self.kind() == Kind::Bool).then(|| self.0.index() == 1)
    }

    /// A module object.
    #[must_use]
    pub const fn module(module: ModuleId) -> Self {
        Self::inline(Kind::Module, module.0, 0)
    }

    /// The module of a module object.
    #[must_use]
    pub fn as_module(self) -> Option<ModuleId> {
        (self.kind() == Kind::Module).then(|| ModuleId(self.0.owner()))
    }

    /// A special form as a value.
    #[must_use]
    pub const fn special(form: SpecialForm) -> Self {
        Self::inline(Kind::Special, 0, form as u32)
    }

    /// The special form.
    #[must_use]
    pub fn as_special(self) -> Option<SpecialForm> {
        (self.kind() == Kind::Special).then(|| SpecialForm::from_number(self.0.index()))?
    }

    /// A class object.
    #[must_use]
    pub const fn class(class: ClassRef) -> Self {
        Self::inline(Kind::Class, class.module.0, class.index)
    }

    /// The class of an unspecialised class object.
    #[must_use]
    pub fn as_class(self) -> Option<ClassRef> {
        (self.kind() == Kind::Class).then(|| self.class_ref())
    }

    /// An instance of a class that has no type parameters.
    #[must_use]
    pub const fn instance(class: ClassRef) -> Self {
        Self::inline(Kind::Instance, class.module.0, class.index)
    }

    /// The class of an instance of a class without type parameters.
    #[must_use]
    pub fn as_instance(self) -> Option<ClassRef> {
        (self.kind() == Kind::Instance).then(|| self.class_ref())
    }

    fn class_ref(self) -> ClassRef {
        ClassRef { module: ModuleId(self.0.owner()), index: self.0.index() }
    }

    /// A function by its definition.
    #[must_use]
    pub const fn function(definition: DefRef) -> Self {
        Self::inline(Kind::Function, definition.module.0, definition.index)
    }

    /// The definition of a function.
    #[must_use]
    pub fn as_function(self) -> Option<DefRef> {
        (self.kind() == Kind::Function)
            .then(|| DefRef { module: ModuleId(self.0.owner()), index: self.0.index() })
    }

    /// `Any`, `Unknown`, or a cycle's placeholder.
    #[must_use]
    pub fn is_dynamic(self) -> bool {
        matches!(self.kind(), Kind::Any | Kind::Unknown | Kind::Cycle | Kind::WithAttribute)
    }

    /// Whether nothing is known of it.
    #[must_use]
    pub fn is_unknown(self) -> bool {
        matches!(self.kind(), Kind::Unknown | Kind::Cycle)
    }

    /// The bottom type.
    #[must_use]
    pub fn is_never(self) -> bool {
        self.kind() == Kind::Never
    }

    /// The instance `None`.
    #[must_use]
    pub fn is_none(self) -> bool {
        self.kind() == Kind::None
    }
}

impl std::fmt::Debug for Type {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}({}, {})", self.kind(), self.0.owner(), self.0.index())
    }
}
