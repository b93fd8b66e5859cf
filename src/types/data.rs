//! What lies behind a composite [`Type`]: plain data in an arena, immutable once written.

use super::{ClassRef, DefRef, Type};

/// The payload of a composite type; the variant agrees with the type's kind.
#[derive(Debug, Clone, Copy)]
pub enum Data<'a> {
    /// Two or more members in order of first appearance, flat.
    Union(&'a [Type]),
    /// Two or more members; `Not` members are the negative part.
    Intersection(&'a [Type]),
    Tuple(TupleData<'a>),
    /// `Generic` and `GenericClass`: the class and one argument a type parameter. A `functools.partial` that was made
    /// of a known function has one more: what is left to be called, as a callable.
    Generic {
        class: ClassRef,
        arguments: &'a [Type],
    },
    /// `SubclassOf`, `Not`, `Unpacked`, `TypeFormOf`: the type within.
    Inner(Type),
    /// One signature, or several for overloads.
    Callable(&'a [Signature<'a>]),
    Method {
        function: Type,
        receiver: Option<Type>,
        owner: Option<Type>,
    },
    Text(&'a str),
    Bytes(&'a [u8]),
    Enum {
        class: ClassRef,
        name: &'a str,
    },
    /// `TypeVar` and `TypeVarValue`.
    TypeVar(TypeVarData<'a>),
    ParamSpecPart {
        type_var: Type,
        is_args: bool,
    },
    Parameters(Signature<'a>),
    Property {
        getter: Option<Type>,
        setter: Option<Type>,
        deleter: bool,
    },
    /// A type expression as a value, and whether it was written as an explicit alias.
    TypeForm {
        ty: Type,
    },
    /// `Alias` and `AliasValue`: the definition, and the arguments where it is specialised.
    Alias {
        definition: DefRef,
        arguments: &'a [Type],
    },
    Guard {
        ty: Type,
        is_exact: bool,
    },
    /// `super(pivot, receiver)`; the receiver is an instance or a class.
    Super {
        pivot: ClassRef,
        receiver: Type,
    },
    Decorator {
        kind: u32,
        options: u32,
        base: Option<Type>,
    },
}

/// A tuple: fixed elements, with at most one unbounded part.
#[derive(Debug, Clone, Copy)]
pub struct TupleData<'a> {
    pub elements: &'a [Type],
    /// Index in `elements` of the part that repeats; it is a `TypeVarTuple` or an element type.
    pub variadic: Option<u32>,
}

impl<'a> TupleData<'a> {
    /// The number of elements when it is fixed.
    #[must_use]
    pub fn fixed_len(&self) -> Option<usize> {
        self.variadic.is_none().then_some(self.elements.len())
    }

    /// Elements before the unbounded part, the part, and elements after it.
    #[must_use]
    pub fn parts(&self) -> (&'a [Type], Option<Type>, &'a [Type]) {
        let elements = self.elements;
        match self.variadic {
            None => (elements, None, &[]),
            Some(at) => {
                let at = at as usize;
                (&elements[..at], Some(elements[at]), &elements[at + 1..])
            }
        }
    }
}

/// The parameters and the result of a call.
#[derive(Debug, Clone, Copy)]
pub struct Signature<'a> {
    pub parameters: &'a [Parameter<'a>],
    /// The declared result; `None` when it must be inferred from the body of `definition`.
    pub returns: Option<Type>,
    /// The function that the signature was written for.
    pub definition: Option<DefRef>,
    /// Type variables that a call of this signature solves.
    pub type_params: &'a [Type],
    /// `(...)`: any arguments are accepted.
    pub is_gradual: bool,
}

/// A parameter of a signature.
#[derive(Debug, Clone, Copy)]
pub struct Parameter<'a> {
    pub name: &'a str,
    pub kind: ParameterKind,
    pub ty: Type,
    pub is_annotated: bool,
    /// The type of the default value, where there is a default.
    pub default: Option<Type>,
}

/// How a parameter takes its arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum ParameterKind {
    PositionalOnly,
    Standard,
    /// `*args`
    Variadic,
    KeywordOnly,
    /// `**kwargs`
    Keywords,
}

/// A type variable where it is used.
#[derive(Debug, Clone, Copy)]
pub struct TypeVarData<'a> {
    pub name: &'a str,
    pub kind: TypeVarKind,
    /// Where the type variable was made; for `Self`, the class.
    pub definition: DefRef,
    /// The class, function or alias whose parameter it is; `None` while it is free.
    pub scope: Option<DefRef>,
}

/// The three kinds of type variables, and `Self`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum TypeVarKind {
    TypeVar,
    ParamSpec,
    TypeVarTuple,
    /// `Self`, bound to the class that it is used in.
    SelfType,
}

/// How a generic class varies with an argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Variance {
    Invariant,
    Covariant,
    Contravariant,
    Bivariant,
}

impl Variance {
    /// Seen from the other side.
    #[must_use]
    pub const fn flipped(self) -> Self {
        match self {
            Self::Covariant => Self::Contravariant,
            Self::Contravariant => Self::Covariant,
            Self::Invariant | Self::Bivariant => self,
        }
    }
}
