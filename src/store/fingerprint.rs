//! 128-bit structural fingerprints: equal values have equal ones, on every run and machine.
//!
//! Built out of names and numbers that the source decides, never out of ids of the run or addresses.

/// A 128-bit structural hash. Two values are taken as equal when their fingerprints are: with 2^32
/// values the chance of one collision is 2^-65.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(pub u128);

impl Fingerprint {
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
        Self { low: LOW ^ u64::from(kind), high: HIGH.wrapping_add(u64::from(kind)) }
    }

    /// Adds a word.
    #[must_use]
    pub fn word(self, word: u64) -> Self {
        Self {
            low: mix(self.low ^ word, LOW | 1).wrapping_add(self.high.rotate_left(23)),
            high: mix(self.high.wrapping_add(word), HIGH | 1) ^ self.low.rotate_left(41),
        }
    }

    /// Adds another fingerprint.
    #[must_use]
    pub fn fingerprint(self, other: Fingerprint) -> Self {
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
        Fingerprint(u128::from(low) | (u128::from(high) << 64))
    }
}
