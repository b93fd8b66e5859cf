//! What is known of a function once its `def` has been looked at: signature, overloads, decorators.

use bitflags::bitflags;
use ruff_text_size::TextRange;

use super::{ClassRef, DefRef, Signature, Type};

bitflags! {
    /// Yes-or-no facts about a function.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
    pub struct FunctionFlags: u32 {
        const STATIC_METHOD = 1;
        const CLASS_METHOD = 1 << 1;
        const ABSTRACT = 1 << 2;
        const FINAL = 1 << 3;
        const OVERRIDE = 1 << 4;
        const OVERLOAD = 1 << 5;
        const ASYNC = 1 << 6;
        const GENERATOR = 1 << 7;
        const NO_TYPE_CHECK = 1 << 8;
        const DEPRECATED = 1 << 9;
        const TYPE_CHECK_ONLY = 1 << 10;
        /// The body is `...`, a docstring, `pass` or `raise NotImplementedError`.
        const STUB_BODY = 1 << 11;
        /// In a class, by the time it is called through an instance, the first parameter is bound.
        const METHOD = 1 << 12;
        const PROPERTY = 1 << 13;
        const DATACLASS_TRANSFORM = 1 << 14;
        /// No annotation at all, of parameters or result.
        const UNANNOTATED = 1 << 15;
    }
}

/// See the module's documentation. Lives in an arena; never changes.
#[derive(Debug)]
pub struct FunctionInfo<'a> {
    pub definition: DefRef,
    pub name: Box<str>,
    pub name_range: TextRange,
    /// The class whose body the `def` stands in.
    pub class: Option<ClassRef>,
    /// The signature of this `def`, undecorated.
    pub signature: Signature<'a>,
    /// `@overload` signatures in order, when this is the last `def` of an overloaded function.
    pub overloads: Box<[Signature<'a>]>,
    /// Whether an implementation follows the overloads (`signature` is then its).
    pub has_implementation: bool,
    pub flags: FunctionFlags,
    pub known: Option<KnownFunction>,
    /// Message of `@deprecated`.
    pub deprecated: Option<Box<str>>,
    /// Options of a `@dataclass_transform` on this function.
    pub transform: Option<super::DataclassOptions>,
    /// Type of the object that decorators other than the known ones make of it.
    pub decorated: Option<Type>,
}

const _: () = assert!(size_of::<FunctionInfo<'_>>() <= 160);

impl FunctionInfo<'_> {
    /// Whether `flag` is set.
    #[must_use]
    pub const fn is(&self, flag: FunctionFlags) -> bool {
        self.flags.contains(flag)
    }

    /// The same with these signatures and this decorated object.
    #[must_use]
    pub fn with<'b>(
        &self,
        signature: Signature<'b>,
        overloads: Box<[Signature<'b>]>,
        decorated: Option<Type>,
    ) -> FunctionInfo<'b> {
        FunctionInfo {
            definition: self.definition,
            name: self.name.clone(),
            name_range: self.name_range,
            class: self.class,
            signature,
            overloads,
            has_implementation: self.has_implementation,
            flags: self.flags,
            known: self.known,
            deprecated: self.deprecated.clone(),
            transform: self.transform,
            decorated,
        }
    }

    /// The object that the name is bound to: overloads hide what decorators make of an
    /// implementation.
    #[must_use]
    pub fn visible(&self) -> Type {
        let is_hidden =
            !self.overloads.is_empty() && !self.flags.contains(FunctionFlags::NO_TYPE_CHECK);
        match self.decorated {
            Some(decorated) if !is_hidden => decorated,
            _ => Type::function(self.definition),
        }
    }
}

macro_rules! known_functions {
    ($($variant:ident = $module:literal . $name:literal),* $(,)?) => {
        /// Functions of the standard library whose calls mean more than their signatures say.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum KnownFunction { $($variant),* }
        impl KnownFunction {
            /// The known function `name` of `module`.
            #[must_use]
            pub fn find(module: &str, name: &str) -> Option<Self> {
                match (module, name) {
                    $(($module, $name) => Some(Self::$variant),)*
                    ("typing_extensions", _) => Self::find("typing", name),
                    _ => None,
                }
            }
        }
    };
}

known_functions! {
    IsInstance = "builtins"."isinstance",
    IsSubclass = "builtins"."issubclass",
    Callable = "builtins"."callable",
    HasAttr = "builtins"."hasattr",
    Len = "builtins"."len",
    Repr = "builtins"."repr",
    Cast = "typing"."cast",
    RevealType = "typing"."reveal_type",
    AssertType = "typing"."assert_type",
    AssertNever = "typing"."assert_never",
    Overload = "typing"."overload",
    Final = "typing"."final",
    Override = "typing"."override",
    NoTypeCheck = "typing"."no_type_check",
    RuntimeCheckable = "typing"."runtime_checkable",
    DataclassTransform = "typing"."dataclass_transform",
    TypeCheckOnly = "typing"."type_check_only",
    DisjointBase = "typing"."disjoint_base",
    AbstractMethod = "abc"."abstractmethod",
    Dataclass = "dataclasses"."dataclass",
    DataclassField = "dataclasses"."field",
    DataclassReplace = "dataclasses"."replace",
    CopyReplace = "copy"."replace",
    NamedTuple = "collections"."namedtuple",
    TotalOrdering = "functools"."total_ordering",
    SingleDispatch = "functools"."singledispatch",
    Wraps = "functools"."wraps",
    ImportModule = "importlib"."import_module",
    ContextManager = "contextlib"."contextmanager",
    AsyncContextManager = "contextlib"."asynccontextmanager",
    TypesCoroutine = "types"."coroutine",
    NewClass = "types"."new_class",
}
