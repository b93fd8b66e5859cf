//! What can be asked, and what an answer is.

use crate::index::{FlowId, ScopeId};
use crate::store::family;
use crate::types::{
    AliasInfo, ClassInfo, ClassRef, DefRef, DefinitionTypes, Field, FunctionInfo, ModuleId,
    PlaceType, Type, TypeVarInfo, Variance,
};

/// The kinds of questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Question {
    TypeParams,
    Class,
    Function,
    Definition,
    Return,
    ClassMember,
    ModuleMember,
    TypeVar,
    Alias,
    Fields,
    Variance,
    /// What a function returns when all its arguments are given.
    ReturnOfGiven,
    /// The value of a name of a module at a join; the index is that of the flow.
    Milestone,
    /// What a method assigns to attributes in loops; the index is that of its scope.
    Looped,
    /// What the functions within a function see of one of its names, by the name's first definition.
    SeenWithin,
}

/// A question. The order of keys is the canonical one: module, definition, kind, name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key<'k> {
    pub module: u32,
    pub index: u32,
    pub question: Question,
    /// Of a member; empty otherwise.
    pub name: &'k str,
    /// Which of the names of class members in the index it is; [`NO_SLOT`] for none of them.
    pub slot: u32,
}

/// The slot of what has none.
pub const NO_SLOT: u32 = u32::MAX;

impl<'k> Key<'k> {
    pub fn definition(question: Question, definition: DefRef) -> Self {
        Self {
            module: definition.module.0,
            index: definition.index,
            question,
            name: "",
            slot: NO_SLOT,
        }
    }

    pub fn class(question: Question, class: ClassRef) -> Self {
        Self { module: class.module.0, index: class.index, question, name: "", slot: NO_SLOT }
    }

    pub fn class_member(class: ClassRef, name: &'k str, slot: u32) -> Self {
        Self { name, slot, ..Self::class(Question::ClassMember, class) }
    }

    pub fn module_member(module: ModuleId, name: &'k str) -> Self {
        Self {
            module: module.0,
            index: u32::MAX,
            question: Question::ModuleMember,
            name,
            slot: NO_SLOT,
        }
    }

    pub fn milestone(module: ModuleId, flow: FlowId) -> Self {
        Self {
            module: module.0,
            index: flow.as_u32(),
            question: Question::Milestone,
            name: "",
            slot: NO_SLOT,
        }
    }

    pub fn looped(module: ModuleId, method: ScopeId) -> Self {
        Self {
            index: method.as_u32(),
            question: Question::Looped,
            ..Self::module_member(module, "")
        }
    }

    pub fn module_id(&self) -> ModuleId {
        ModuleId(self.module)
    }

    pub fn def_ref(&self) -> DefRef {
        DefRef { module: self.module_id(), index: self.index }
    }

    pub fn class_ref(&self) -> ClassRef {
        ClassRef { module: self.module_id(), index: self.index }
    }

    /// Whether it asks for a member by its name.
    pub const fn is_member(&self) -> bool {
        matches!(self.question, Question::ClassMember | Question::ModuleMember)
    }
}

/// An answer. What it points to is in the scratch of the task that found it, or, once it is published, in the
/// arena of its module.
#[derive(Debug, Clone, Copy)]
pub enum Answer<'t> {
    Definition(DefinitionTypes),
    Function(&'t FunctionInfo<'t>),
    Type(Type),
    Class(&'t ClassInfo),
    Types(&'t [Type]),
    Member(Option<PlaceType>),
    TypeVar(&'t TypeVarInfo),
    Alias(&'t AliasInfo),
    Fields(&'t [Field]),
    Variances(&'t [Variance]),
}

/// Takes an answer as what its question gives. Another kind is a bug, told as an internal error.
macro_rules! answers {
    ($($(#[$doc:meta])* $name:ident: $kind:ident($value:ty), $what:literal;)*) => {
        impl<'t> Answer<'t> {
            $($(#[$doc])*
            #[inline]
            pub fn $name(self) -> $value {
                match self {
                    Self::$kind(value) => value,
                    _ => mismatch($what),
                }
            })*
        }
    };
}

answers! {
    /// What a definition binds and declares.
    definition: Definition(DefinitionTypes), "a definition";
    /// A function.
    function: Function(&'t FunctionInfo<'t>), "a function";
    /// The result of a function.
    result: Type(Type), "a result";
    /// A class.
    class: Class(&'t ClassInfo), "a class";
    /// Type parameters.
    types: Types(&'t [Type]), "type parameters";
    /// A member of a class or module.
    member: Member(Option<PlaceType>), "a member";
    /// A type variable.
    type_var: TypeVar(&'t TypeVarInfo), "a type variable";
    /// An alias.
    alias: Alias(&'t AliasInfo), "an alias";
    /// Fields.
    fields: Fields(&'t [Field]), "fields";
    /// Variances of type parameters.
    variances: Variances(&'t [Variance]), "a variance";
}

#[cold]
fn mismatch(what: &str) -> ! {
    panic!("an answer of the wrong kind to a question for {what}")
}

family!(
    /// Answers of all kinds, for questions that have no table of their own.
    pub(super) Answers = Answer<'a>
);
family!(
    /// What definitions bind and declare.
    pub(super) Definitions = DefinitionTypes
);
family!(
    /// Results of functions.
    pub(super) Results = Type
);
family!(
    /// Type parameters of classes.
    pub(super) TypeLists = &'a [Type]
);
family!(
    /// Members by name.
    pub(super) Members = Option<PlaceType>
);
