//! Shards: parts of a run that are checked apart, on any machine, and put together again.
//!
//! # Terms
//! A *shard* is the `K`-th of `N` parts of the files of a run. Every shard loads the whole program, which means looking at
//! imports and nothing else, decides by itself which files are its own ([`partition`]), and checks those alone: what they need of
//! others is inferred when it is asked for, as in any run. So a finding of a shard is the finding of the whole run. It
//! leaves a *result* behind ([`result`]); results of all shards are checked against each other and become one
//! ([`whole`]).
//!
//! ```text
//!            ┌ shard 1/3 ── result ┐
//! tree ──────┼ shard 2/3 ── result ┼── whole ── baseline, matrix, counts ── report
//!            └ shard 3/3 ── result ┘
//! ```
//! Nothing that looks at several files at once is decided before the results are one.

pub mod found;
pub mod partition;
pub mod result;
pub mod times;
pub mod whole;

use std::fmt;
use std::str::FromStr;

/// More shards than this are a slip of the hand.
const MOST: u32 = 10_000;

/// The `number`-th of `of` parts, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shard {
    /// Which one.
    pub number: u32,
    /// How many there are.
    pub of: u32,
}

impl Shard {
    /// The only part: everything.
    pub const ONLY: Self = Self { number: 1, of: 1 };
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("expected K/N with K from 1 to N and N up to {MOST}, as 2/4");
        let (number, of) = text.split_once('/').ok_or_else(wrong)?;
        let shard = Self {
            number: number.parse().map_err(|_| wrong())?,
            of: of.parse().map_err(|_| wrong())?,
        };
        let is_right = (1..=MOST).contains(&shard.of) && (1..=shard.of).contains(&shard.number);
        if is_right { Ok(shard) } else { Err(wrong()) }
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

#[cfg(test)]
mod tests {
    use super::Shard;

    #[test]
    fn a_shard_is_written_as_a_fraction() {
        assert_eq!("2/4".parse(), Ok(Shard { number: 2, of: 4 }));
        for wrong in ["", "2", "0/4", "5/4", "1/0", "a/b", "1/4/2", "1/99999"] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
    }
}
