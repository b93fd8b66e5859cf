//! The 8-byte value behind every type: a kind, an owner, and an index that the owner understands.

use std::num::NonZeroU64;

/// Kind in the top 8 bits (never 0), owner in the next 24, index in the low 32.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Handle(NonZeroU64);

impl Handle {
    /// # Panics
    /// When `kind` is 0, which no kind is.
    #[must_use]
    pub const fn new(kind: u8, owner: u32, index: u32) -> Self {
        debug_assert!(owner < 1 << 24);
        let word = ((kind as u64) << 56) | ((owner as u64 & 0xFF_FFFF) << 32) | index as u64;
        match NonZeroU64::new(word) {
            Some(word) if kind != 0 => Self(word),
            _ => panic!("kind 0 is not a kind"),
        }
    }

    /// The kind.
    #[must_use]
    pub const fn kind(self) -> u8 {
        (self.0.get() >> 56) as u8
    }

    /// The owner: a module or an arena.
    #[must_use]
    pub const fn owner(self) -> u32 {
        ((self.0.get() >> 32) & 0xFF_FFFF) as u32
    }

    /// The index within the owner.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "the low half is the index")]
    pub const fn index(self) -> u32 {
        self.0.get() as u32
    }

    /// The whole word.
    #[must_use]
    pub const fn word(self) -> NonZeroU64 {
        self.0
    }
}

const _: () = assert!(size_of::<Option<Handle>>() == 8);
