//! Which words a text has, found without parsing it.
//!
//! A module binds no name that its text does not have, but for those that come from elsewhere by `import *`. What its
//! `__getattr__` gives to whoever imports all names stands in `__all__`, so the text has it too. Where thousands of modules
//! might give one name, this tells most of them apart from the few that have to be parsed.

use std::hash::Hasher as _;

use rustc_hash::{FxHashSet, FxHasher};

/// The words of a text, by a hash of 32 bits: it may say yes where there is none, once in a million, and never says no
/// wrongly.
#[derive(Debug)]
pub struct Words {
    /// Sorted; `None` where nothing can be ruled out.
    hashes: Option<Box<[u32]>>,
}

impl Words {
    /// The set that has every word.
    #[must_use]
    pub fn all() -> Self {
        Self { hashes: None }
    }

    /// The words of a text but for attributes, in code, comments and strings alike; all words, if the text has names that Python reads as
    /// others (letters outside of ASCII, which are normalised), or gets names from elsewhere.
    #[must_use]
    pub fn of(text: &str) -> Self {
        if may_spell_otherwise(text) {
            return Self::all();
        }
        let mut hashes = FxHashSet::default();
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let length = bytes[at..].iter().take_while(|&&byte| is_word(byte)).count();
            if length == 0 {
                at += 1;
                continue;
            }
            // An attribute is no name that the module binds.
            let is_attribute = at > 0 && bytes[at - 1] == b'.';
            let word = &bytes[at..at + length];
            at += length;
            if word == b"import" && is_star_next(&bytes[at..]) {
                return Self::all();
            }
            if !is_attribute {
                hashes.insert(hash(word));
            }
        }
        let mut hashes: Box<[u32]> = hashes.into_iter().collect();
        hashes.sort_unstable();
        Self { hashes: Some(hashes) }
    }

    /// Whether the text may have this word.
    #[must_use]
    pub fn may_have(&self, word: &str) -> bool {
        match &self.hashes {
            Some(hashes) if word.is_ascii() => hashes.binary_search(&hash(word.as_bytes())).is_ok(),
            _ => true,
        }
    }
}

fn hash(word: &[u8]) -> u32 {
    let mut hasher = FxHasher::default();
    hasher.write(word);
    // The upper half is the better one.
    u32::try_from(hasher.finish() >> 32).unwrap_or(0)
}

const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Whether a character outside of ASCII may be part of a name: a letter, a digit, or what joins them.
fn may_spell_otherwise(text: &str) -> bool {
    let joins = |c| matches!(c, '\u{203F}'..='\u{2054}' | '\u{FE33}'..='\u{FE4F}' | '\u{FF3F}');
    !text.is_ascii() && text.chars().any(|c| !c.is_ascii() && (c.is_alphanumeric() || joins(c)))
}

fn is_star_next(rest: &[u8]) -> bool {
    let is_blank = |&&byte: &&u8| byte.is_ascii_whitespace() || byte == b'\\';
    rest.iter().find(|byte| !is_blank(byte)) == Some(&b'*')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Words;

    #[test]
    fn words_of_code_comments_and_strings() {
        let words = Words::of("def first(x):  # second\n    return 'third' + fourth_1.fifth\n");
        for word in ["def", "first", "x", "second", "third", "fourth_1"] {
            assert!(words.may_have(word), "{word}");
        }
        assert!(!words.may_have("fifth"));
        let absent = (0..1000).filter(|number| !words.may_have(&format!("name{number}"))).count();
        assert!(absent > 990, "{absent}");
    }

    #[test]
    fn where_names_come_from_elsewhere_nothing_is_ruled_out() {
        let open = ["from a import *", "from a import\\\n *", "ｆｏｏ = 1", "é = 1"];
        assert!(open.iter().all(|text| Words::of(text).may_have("absent")));
        let closed = ["import a", "from a import b", "# → arrow", "x = 'import'; y = 2 * 3"];
        assert!(closed.iter().all(|text| !Words::of(text).may_have("absent")));
    }

    proptest! {
        #[test]
        fn no_word_is_missed(words in prop::collection::vec("[a-zA-Z_][a-zA-Z_0-9]{0,12}", 0..200), between in "[ ,()=\n]{1,2}") {
            let set = Words::of(&words.join(&between));
            prop_assert!(words.iter().all(|word| set.may_have(word)));
        }
    }
}
