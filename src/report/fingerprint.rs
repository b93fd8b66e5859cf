//! What makes a finding the same finding after an edit: path, rule, enclosing symbol, message.
//!
//! Lines and columns are left out, and numbers within messages, so that a finding keeps its identity
//! when code around it moves.

use std::collections::BTreeMap;

use crate::rules::Diagnostic;

/// The identity of a finding. Several findings can share one; they are then counted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// Path as shown, with `/`.
    pub path: String,
    /// The enclosing function or class, dotted.
    pub symbol: String,
    /// The name of the rule.
    pub rule: String,
    /// The message, normalised.
    pub message: String,
}

impl Key {
    /// The key of `diagnostic`, with its path as shown.
    #[must_use]
    pub fn of(diagnostic: &Diagnostic) -> Self {
        Self::at(diagnostic, diagnostic.location.path.to_string())
    }

    /// The key of `diagnostic`, with its path written as `path`.
    #[must_use]
    pub fn at(diagnostic: &Diagnostic, path: String) -> Self {
        Self {
            path,
            symbol: diagnostic.symbol.to_string(),
            rule: diagnostic.rule.name.to_owned(),
            message: normalise(&diagnostic.message),
        }
    }

    /// 128 bits in hexadecimal, `ordinal` telling apart findings with the same key.
    #[must_use]
    pub fn hash(&self, ordinal: usize) -> String {
        let mut state = FNV_OFFSET;
        for part in [&self.path, &self.symbol, &self.rule, &self.message] {
            state = fnv(state, part.as_bytes());
            state = fnv(state, &[0]);
        }
        state = fnv(state, ordinal.to_string().as_bytes());
        format!("{state:032x}")
    }
}

/// FNV-1a with 128 bits: the same on every machine and in every version, which is what counts here.
const FNV_OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
const FNV_PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;

fn fnv(state: u128, bytes: &[u8]) -> u128 {
    bytes.iter().fold(state, |state, byte| (state ^ u128::from(*byte)).wrapping_mul(FNV_PRIME))
}

/// White space runs become one space; numbers that stand alone become `#`.
fn normalise(message: &str) -> String {
    let mut result = String::with_capacity(message.len());
    let mut previous = ' ';
    for c in message.chars() {
        let shown = if c.is_whitespace() {
            ' '
        } else if c.is_ascii_digit() && !(previous.is_alphanumeric() || previous == '_') {
            '#'
        } else {
            c
        };
        let repeated = (shown == ' ' && previous == ' ') || (c.is_ascii_digit() && previous == '#');
        if !repeated {
            result.push(shown);
            previous = shown;
        }
    }
    result.trim().to_owned()
}

/// The fingerprint of each diagnostic, in their order; no two are the same.
#[must_use]
pub fn fingerprints(diagnostics: &[Diagnostic]) -> Vec<String> {
    let mut seen: BTreeMap<Key, usize> = BTreeMap::new();
    diagnostics
        .iter()
        .map(|diagnostic| {
            let key = Key::of(diagnostic);
            let ordinal = seen.entry(key.clone()).or_default();
            let hash = key.hash(*ordinal);
            *ordinal += 1;
            hash
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::normalise;

    #[test]
    fn numbers_and_white_space_are_normalised() {
        assert_eq!(normalise("Index 12 of  `tuple[int,\n int]`"), "Index # of `tuple[int, int]`");
        assert_eq!(normalise("`utf8` and `x1`"), "`utf8` and `x1`");
    }
}
