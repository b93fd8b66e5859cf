//! Classes and special forms of the standard library that the type system names.

use super::{Type, TypeVarKind, Variance};

/// Properties of a type variable that are found where it is made.
#[derive(Debug)]
pub struct TypeVarInfo {
    pub name: Box<str>,
    pub kind: TypeVarKind,
    pub bound: Option<Type>,
    pub constraints: Box<[Type]>,
    pub default: Option<Type>,
    /// `None` when the variance is to be inferred.
    pub variance: Option<Variance>,
}

impl TypeVarInfo {
    /// The same with its types changed by `one`.
    #[must_use]
    pub fn map(&self, one: impl Fn(Type) -> Type) -> Self {
        Self {
            name: self.name.clone(),
            kind: self.kind,
            bound: self.bound.map(&one),
            constraints: self.constraints.iter().map(|&ty| one(ty)).collect(),
            default: self.default.map(&one),
            variance: self.variance,
        }
    }
}

/// An alias and its type parameters.
#[derive(Debug)]
pub struct AliasInfo {
    pub name: Box<str>,
    pub value: Type,
    pub type_params: Box<[Type]>,
    /// It is nothing but itself, or a union with itself: it stands for no type.
    pub is_circular: bool,
}

impl AliasInfo {
    /// The same with its types changed by `one`.
    #[must_use]
    pub fn map(&self, one: impl Fn(Type) -> Type) -> Self {
        Self {
            name: self.name.clone(),
            value: one(self.value),
            type_params: self.type_params.iter().map(|&ty| one(ty)).collect(),
            is_circular: self.is_circular,
        }
    }
}

macro_rules! known {
    ($($variant:ident = $module:literal . $name:literal),* $(,)?) => {
        /// Classes of the standard library that the type system itself names.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Known { $($variant),* }
        impl Known {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),*];
            /// Module and name.
            #[must_use]
            pub const fn path(self) -> (&'static str, &'static str) {
                match self { $(Self::$variant => ($module, $name)),* }
            }
        }
    };
}

known! {
    Object = "builtins"."object",
    Type = "builtins"."type",
    Int = "builtins"."int",
    Float = "builtins"."float",
    Complex = "builtins"."complex",
    Bool = "builtins"."bool",
    Str = "builtins"."str",
    Bytes = "builtins"."bytes",
    Bytearray = "builtins"."bytearray",
    Memoryview = "builtins"."memoryview",
    List = "builtins"."list",
    Dict = "builtins"."dict",
    Set = "builtins"."set",
    FrozenSet = "builtins"."frozenset",
    Tuple = "builtins"."tuple",
    Slice = "builtins"."slice",
    Range = "builtins"."range",
    Property = "builtins"."property",
    StaticMethod = "builtins"."staticmethod",
    ClassMethod = "builtins"."classmethod",
    Super = "builtins"."super",
    BaseException = "builtins"."BaseException",
    Exception = "builtins"."Exception",
    TypeError = "builtins"."TypeError",
    ValueError = "builtins"."ValueError",
    KeyError = "builtins"."KeyError",
    IndexError = "builtins"."IndexError",
    BaseExceptionGroup = "builtins"."BaseExceptionGroup",
    ExceptionGroup = "builtins"."ExceptionGroup",
    NotImplementedType = "types"."NotImplementedType",
    EllipsisType = "types"."EllipsisType",
    NoneType = "types"."NoneType",
    ModuleType = "types"."ModuleType",
    FunctionType = "types"."FunctionType",
    MethodType = "types"."MethodType",
    GenericAlias = "types"."GenericAlias",
    UnionType = "types"."UnionType",
    CoroutineType = "types"."CoroutineType",
    TracebackType = "types"."TracebackType",
    SimpleNamespace = "types"."SimpleNamespace",
    DynamicClassAttribute = "types"."DynamicClassAttribute",
    Iterable = "typing"."Iterable",
    Iterator = "typing"."Iterator",
    Generator = "typing"."Generator",
    AsyncGenerator = "typing"."AsyncGenerator",
    AsyncIterator = "typing"."AsyncIterator",
    AsyncIterable = "typing"."AsyncIterable",
    Awaitable = "typing"."Awaitable",
    Coroutine = "typing"."Coroutine",
    Mapping = "typing"."Mapping",
    MutableMapping = "typing"."MutableMapping",
    Sequence = "typing"."Sequence",
    Hashable = "typing"."Hashable",
    Sized = "typing"."Sized",
    SupportsIndex = "typing"."SupportsIndex",
    TypeVar = "typing"."TypeVar",
    ParamSpec = "typing"."ParamSpec",
    TypeVarTuple = "typing"."TypeVarTuple",
    NewType = "typing"."NewType",
    TypeAliasType = "typing"."TypeAliasType",
    TypedDictFallback = "typing"."_TypedDict",
    NamedTuple = "typing"."NamedTuple",
    ExtTypeVar = "typing_extensions"."TypeVar",
    ExtParamSpec = "typing_extensions"."ParamSpec",
    ExtTypeVarTuple = "typing_extensions"."TypeVarTuple",
    ExtTypeAliasType = "typing_extensions"."TypeAliasType",
    ExtNewType = "typing_extensions"."NewType",
    ExtNamedTuple = "typing_extensions"."NamedTuple",
    Sentinel = "typing_extensions"."sentinel",
    BuiltinSentinel = "builtins"."sentinel",
    Deprecated = "warnings"."deprecated",
    ExtDeprecated = "typing_extensions"."deprecated",
    Enum = "enum"."Enum",
    EnumMeta = "enum"."EnumMeta",
    IntEnum = "enum"."IntEnum",
    StrEnum = "enum"."StrEnum",
    Flag = "enum"."Flag",
    IntFlag = "enum"."IntFlag",
    EnumAuto = "enum"."auto",
    EnumMember = "enum"."member",
    EnumNonMember = "enum"."nonmember",
    EnumProperty = "enum"."property",
    AbcMeta = "abc"."ABCMeta",
    DataclassField = "dataclasses"."Field",
    DataclassInitVar = "dataclasses"."InitVar",
    KwOnly = "dataclasses"."KW_ONLY",
    CachedProperty = "functools"."cached_property",
    Partial = "functools"."partial",
    PartialMethod = "functools"."partialmethod",
    DefaultDict = "collections"."defaultdict",
    OrderedDict = "collections"."OrderedDict",
    Counter = "collections"."Counter",
    Deque = "collections"."deque",
    ChainMap = "collections"."ChainMap",
    ContextVar = "contextvars"."ContextVar",
}

macro_rules! special_forms {
    ($($variant:ident = $name:literal),* $(,)?) => {
        /// Objects of `typing` that mean something to the type system, as values.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u32)]
        pub enum SpecialForm { $($variant),* }
        impl SpecialForm {
            const ALL: &[Self] = &[$(Self::$variant),*];
            /// The name in `typing`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }
            /// The form called `name` in `typing` or `typing_extensions`.
            #[must_use]
            pub fn find(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)* _ => None }
            }
            pub(super) fn from_number(number: u32) -> Option<Self> {
                Self::ALL.get(number as usize).copied()
            }
        }
    };
}

special_forms! {
    Any = "Any",
    Never = "Never",
    NoReturn = "NoReturn",
    Union = "Union",
    Optional = "Optional",
    Literal = "Literal",
    LiteralString = "LiteralString",
    Callable = "Callable",
    ClassVar = "ClassVar",
    Final = "Final",
    Annotated = "Annotated",
    Protocol = "Protocol",
    Generic = "Generic",
    Tuple = "Tuple",
    Type = "Type",
    List = "List",
    Dict = "Dict",
    Set = "Set",
    FrozenSet = "FrozenSet",
    DefaultDict = "DefaultDict",
    OrderedDict = "OrderedDict",
    Counter = "Counter",
    Deque = "Deque",
    ChainMap = "ChainMap",
    TypedDict = "TypedDict",
    TypeAlias = "TypeAlias",
    TypeGuard = "TypeGuard",
    TypeIs = "TypeIs",
    TypeForm = "TypeForm",
    Concatenate = "Concatenate",
    Unpack = "Unpack",
    Required = "Required",
    NotRequired = "NotRequired",
    ReadOnly = "ReadOnly",
    SelfType = "Self",
}

/// `Decorator` kinds: what a value of kind `Decorator` does when it is called.
pub const PROPERTY_GETTER: u32 = 1;
/// `@x.setter`
pub const PROPERTY_SETTER: u32 = 2;
/// `@x.deleter`
pub const PROPERTY_DELETER: u32 = 3;
/// `dataclass(...)` with options.
pub const DATACLASS: u32 = 4;
/// `dataclass_transform(...)`
pub const DATACLASS_TRANSFORM: u32 = 5;
/// A decorator that returns what it is given, such as `deprecated("...")`.
pub const IDENTITY: u32 = 6;
