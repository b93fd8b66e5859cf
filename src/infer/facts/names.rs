//! The strings of a module's facts: one text, and where each of them ends.
//!
//! A large program has a million of them, most of which are shorter than what an allocation costs.

use std::hash::BuildHasher;
use std::ops::Index;

use hashbrown::HashTable;
use rustc_hash::{FxBuildHasher, FxHashMap};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{ClassName, NONE, Sym, classes};
use crate::types::{ClassRef, Cx};

/// See the module's documentation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    text: Box<str>,
    ends: Box<[u32]>,
}

impl Names {
    /// All strings, by number.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(&0).chain(&self.ends);
        starts.zip(&self.ends).map(|(&start, &end)| &self.text[start as usize..end as usize])
    }
}

impl Index<Sym> for Names {
    type Output = str;

    fn index(&self, sym: Sym) -> &str {
        piece(&self.text, &self.ends, sym)
    }
}

impl Serialize for Names {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (mut text, mut ends) = (String::new(), Vec::new());
        for name in Vec::<String>::deserialize(deserializer)? {
            text.push_str(&name);
            ends.push(u32::try_from(text.len()).unwrap_or(NONE));
        }
        Ok(Self { text: text.into(), ends: ends.into() })
    }
}

fn piece<'t>(text: &'t str, ends: &[u32], sym: Sym) -> &'t str {
    let at = sym as usize;
    let start = if at == 0 { 0 } else { ends[at - 1] };
    &text[start as usize..ends[at] as usize]
}

/// The strings and classes that a module's facts refer to, while they are gathered.
#[derive(Default)]
pub(super) struct Symbols {
    text: String,
    ends: Vec<u32>,
    numbers: HashTable<Sym>,
    classes: Vec<ClassName>,
    class_numbers: FxHashMap<ClassRef, u32>,
}

impl Symbols {
    /// The number of a string.
    pub fn sym(&mut self, text: &str) -> Sym {
        let Self { text: all, ends, numbers, .. } = self;
        let hash = FxBuildHasher.hash_one(text);
        if let Some(&known) = numbers.find(hash, |&sym| piece(all, ends, sym) == text) {
            return known;
        }
        let number = u32::try_from(ends.len()).unwrap_or(NONE);
        numbers.insert_unique(hash, number, |&sym| FxBuildHasher.hash_one(piece(all, ends, sym)));
        all.push_str(text);
        ends.push(u32::try_from(all.len()).unwrap_or(NONE));
        number
    }

    /// A string by its number.
    pub fn text(&self, sym: Sym) -> &str {
        piece(&self.text, &self.ends, sym)
    }

    /// The number of a class.
    pub fn class(&mut self, cx: &Cx<'_>, class: ClassRef) -> u32 {
        if let Some(&known) = self.class_numbers.get(&class) {
            return known;
        }
        let name = classes::class_name(cx, class, self);
        let number = u32::try_from(self.classes.len()).unwrap_or(NONE);
        self.classes.push(name);
        self.class_numbers.insert(class, number);
        number
    }

    /// What was gathered.
    pub fn finish(self) -> (Names, Vec<ClassName>) {
        (Names { text: self.text.into(), ends: self.ends.into() }, self.classes)
    }
}

#[cfg(test)]
mod tests {
    use super::Symbols;

    #[test]
    fn each_string_has_one_number() {
        let mut symbols = Symbols::default();
        let numbers = ["", "a", "", "total", "tot", "a", "total"].map(|text| symbols.sym(text));
        assert_eq!(numbers, [0, 1, 0, 2, 3, 1, 2]);
        assert_eq!(symbols.text(2), "total");
        let (names, _) = symbols.finish();
        assert_eq!(names.iter().collect::<Vec<_>>(), ["", "a", "total", "tot"]);
        let text = serde_json::to_string(&names).expect("it has a form");
        assert_eq!(text, r#"["","a","total","tot"]"#);
        assert_eq!(serde_json::from_str::<super::Names>(&text).expect("it is read"), names);
    }
}
