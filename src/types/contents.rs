//! What the arenas of the store hold: the payloads of types, and what is known of classes and functions.

use super::known::{AliasInfo, TypeVarInfo};
use super::{ClassInfo, Data, Field, FunctionInfo};
use crate::store::{Arena, Contents, HeldBytes, Typed, Writer, family};

family!(
    /// The payloads of composite types.
    pub Payload = Data<'a>
);
family!(
    /// Classes.
    pub Classes = ClassInfo
);
family!(
    /// Functions.
    pub Functions = FunctionInfo<'a>
);
family!(
    /// Type variables.
    pub TypeVars = TypeVarInfo
);
family!(
    /// Aliases.
    pub Aliases = AliasInfo
);
family!(
    /// The fields of a class.
    pub FieldLists = Vec<Field>
);

/// See the module's documentation.
pub enum Types {}

/// The typed arenas beside the payloads.
#[derive(Default)]
pub struct Owned {
    pub classes: Typed<Classes>,
    pub functions: Typed<Functions>,
    pub type_vars: Typed<TypeVars>,
    pub aliases: Typed<Aliases>,
    pub fields: Typed<FieldLists>,
}

impl Contents for Types {
    type Payload = Payload;
    type Owned = Owned;
}

fn bytes_of<T>(list: &[T]) -> usize {
    size_of_val(list)
}

fn bytes_of_text(text: Option<&str>) -> usize {
    text.map_or(0, str::len)
}

impl HeldBytes for ClassInfo {
    fn held_bytes(&self) -> usize {
        self.name.len()
            + bytes_of(&self.type_params)
            + bytes_of(&self.bases)
            + bytes_of(&self.mro)
            + bytes_of_text(self.deprecated.as_deref())
            + self.synthesized.as_deref().map_or(0, bytes_of_fields)
    }
}

impl HeldBytes for FunctionInfo<'_> {
    fn held_bytes(&self) -> usize {
        self.name.len() + bytes_of(&self.overloads) + bytes_of_text(self.deprecated.as_deref())
    }
}

impl HeldBytes for TypeVarInfo {
    fn held_bytes(&self) -> usize {
        self.name.len() + bytes_of(&self.constraints)
    }
}

impl HeldBytes for AliasInfo {
    fn held_bytes(&self) -> usize {
        self.name.len() + bytes_of(&self.type_params)
    }
}

fn bytes_of_fields(fields: &[Field]) -> usize {
    let owned = |field: &Field| field.name.len() + bytes_of_text(field.alias.as_deref());
    bytes_of(fields) + fields.iter().map(owned).sum::<usize>()
}

impl HeldBytes for Vec<Field> {
    fn held_bytes(&self) -> usize {
        bytes_of_fields(self)
    }
}

/// An arena of types that lasts.
pub type TypeArena = Arena<Types>;
/// The right to write types.
pub type TypeWriter<'w> = Writer<'w, Types>;
