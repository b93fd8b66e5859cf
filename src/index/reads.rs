//! Reads: every use of a name, with what it means and in which way it is read.
//!
//! Recorded only when the settings ask for it, because checking needs the flow at a use and never the list of
//! uses. What the audit needs is the opposite: who reads this binding, from where, and would the program notice
//! if it were gone.

use ruff_text_size::TextSize;

use super::ids::{PlaceId, ScopeId};

/// In which way a name is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Way {
    /// While the module is imported.
    Run,
    /// In a function, whenever that is called.
    Deferred,
    /// In code that this version or platform does not run, but others do.
    Guarded,
    /// In an annotation or under `TYPE_CHECKING`.
    Typing,
    /// In a quoted annotation.
    Quoted,
    /// In code after a `return`, `raise` or the like.
    Unreached,
}

/// A use of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Read {
    /// Where the name stands.
    pub at: TextSize,
    /// The scope that the use stands directly in.
    pub scope: ScopeId,
    binding_scope: u32,
    binding_place: u32,
    /// In which way.
    pub way: Way,
}

const _: () = assert!(size_of::<Read>() == 20);

impl Read {
    /// A use of a name that `binding` binds; `None` for names that come from elsewhere.
    #[must_use]
    pub fn new(
        at: TextSize,
        scope: ScopeId,
        binding: Option<(ScopeId, PlaceId)>,
        way: Way,
    ) -> Self {
        let (binding_scope, binding_place) =
            binding.map_or((u32::MAX, 0), |(scope, place)| (scope.as_u32(), place.as_u32()));
        Self { at, scope, binding_scope, binding_place, way }
    }

    /// The scope and place that bind the name; `None` for builtins and names of star imports.
    #[must_use]
    pub fn binding(&self) -> Option<(ScopeId, PlaceId)> {
        (self.binding_scope != u32::MAX)
            .then(|| (ScopeId::from_u32(self.binding_scope), PlaceId::from_u32(self.binding_place)))
    }
}
