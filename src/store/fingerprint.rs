//! 128-bit structural fingerprints: equal values have equal ones, on every run and machine.
//!
//! Built out of names and numbers that the source decides, never out of ids of the run or addresses.
//!
//! A fingerprint also says how large the value is that it stands for: how deep its parts nest, and how many
//! there are when it is written out as a tree. The highest 24 bits hold these two, so that a limit on either
//! is one comparison, and does not depend on the way on which somebody came to the value. One bit says whether
//! some part is *open*, a variable for which something may be put: most values have none, and are left as they are.

/// A structural hash of 103 bits, a bit for open parts, and a size. Two values are taken as equal when their
/// fingerprints are: with 2^32 values the chance of one collision is 2^-40.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(pub u128);

/// Bits of the hash; above it are the bit for open parts, eight bits of nesting and sixteen bits of parts.
const HASH_BITS: u32 = 103;
const SIZE_BITS: u32 = HASH_BITS + 1;

impl Fingerprint {
    /// How many levels of values are within each other; 255 stands for more, too.
    #[must_use]
    pub const fn nesting(self) -> u8 {
        (self.0 >> SIZE_BITS) as u8
    }

    /// Number of parts, each counted as often as it is written; 65,535 stands for more, too.
    #[must_use]
    pub const fn parts(self) -> u16 {
        (self.0 >> (SIZE_BITS + 8)) as u16
    }

    /// Whether the value, or some part of it, is open.
    #[must_use]
    pub const fn is_open(self) -> bool {
        self.0 >> HASH_BITS & 1 == 1
    }

    /// Half of it, for hash tables.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "half is asked for")]
    pub const fn short(self) -> u64 {
        self.0 as u64
    }
}

/// Builds a [`Fingerprint`] word by word.
#[derive(Debug, Clone, Copy)]
pub struct Hasher {
    low: u64,
    high: u64,
    /// The nesting and the parts of what was added.
    nesting: u8,
    parts: u16,
    is_open: bool,
}

const LOW: u64 = 0x9E37_79B9_7F4A_7C15;
const HIGH: u64 = 0xC2B2_AE3D_27D4_EB4F;

fn mix(left: u64, right: u64) -> u64 {
    let product = u128::from(left) * u128::from(right);
    #[expect(clippy::cast_possible_truncation, reason = "both halves are folded")]
    {
        (product as u64) ^ ((product >> 64) as u64)
    }
}

impl Hasher {
    /// A hasher for one kind of value; `kind` separates kinds with equal contents.
    #[must_use]
    pub fn new(kind: u8) -> Self {
        let (low, high) = (LOW ^ u64::from(kind), HIGH.wrapping_add(u64::from(kind)));
        Self { low, high, nesting: 0, parts: 0, is_open: false }
    }

    /// Adds a word.
    #[must_use]
    pub fn word(self, word: u64) -> Self {
        Self {
            low: mix(self.low ^ word, LOW | 1).wrapping_add(self.high.rotate_left(23)),
            high: mix(self.high.wrapping_add(word), HIGH | 1) ^ self.low.rotate_left(41),
            ..self
        }
    }

    /// Adds the fingerprint of a part.
    #[must_use]
    pub fn fingerprint(self, part: Fingerprint) -> Self {
        Self {
            nesting: self.nesting.max(part.nesting()),
            parts: self.parts.saturating_add(part.parts()),
            is_open: self.is_open || part.is_open(),
            ..self.name(part)
        }
    }

    /// What was added is open.
    #[must_use]
    pub fn open(self) -> Self {
        Self { is_open: true, ..self }
    }

    /// Adds the fingerprint of something that is only named: it is no part.
    #[must_use]
    pub fn name(self, other: Fingerprint) -> Self {
        #[expect(clippy::cast_possible_truncation, reason = "split into its two halves")]
        self.word(other.0 as u64).word((other.0 >> 64) as u64)
    }

    /// Adds bytes with their length.
    #[must_use]
    pub fn bytes(mut self, bytes: &[u8]) -> Self {
        self = self.word(bytes.len() as u64);
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self = self.word(u64::from_le_bytes(word));
        }
        self
    }

    /// The fingerprint of all that was added.
    #[must_use]
    pub fn finish(self) -> Fingerprint {
        let low = mix(self.low ^ self.high.rotate_left(32), LOW | 1);
        let high = mix(self.high ^ self.low, HIGH | 1);
        let hash = (u128::from(low) | (u128::from(high) << 64)) & ((1 << HASH_BITS) - 1);
        let nesting = u128::from(self.nesting.saturating_add(1));
        let parts = u128::from(self.parts.saturating_add(1));
        let is_open = u128::from(self.is_open);
        let size = (nesting << SIZE_BITS) | (parts << (SIZE_BITS + 8));
        Fingerprint(hash | (is_open << HASH_BITS) | size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_with_an_open_part_is_open() {
        let closed = Hasher::new(1).word(7).finish();
        let open = Hasher::new(1).word(7).open().finish();
        let with = |part| Hasher::new(2).fingerprint(closed).fingerprint(part).finish();
        assert!(with(open).is_open() && !with(closed).is_open());
        assert!(!Hasher::new(2).name(open).finish().is_open());
        assert_ne!(open, closed);
    }

    #[test]
    fn a_fingerprint_says_how_large_its_value_is() {
        let leaf = Hasher::new(1).word(7).finish();
        assert_eq!((leaf.nesting(), leaf.parts()), (1, 1));
        let named = Hasher::new(2).name(leaf).finish();
        assert_eq!((named.nesting(), named.parts()), (1, 1));
        let mut pair = leaf;
        for _ in 0..10 {
            pair = Hasher::new(3).fingerprint(pair).fingerprint(pair).finish();
        }
        assert_eq!((pair.nesting(), pair.parts()), (11, 2_047));
        for _ in 0..300 {
            pair = Hasher::new(3).fingerprint(pair).fingerprint(pair).finish();
        }
        assert_eq!((pair.nesting(), pair.parts()), (u8::MAX, u16::MAX));
    }
}
