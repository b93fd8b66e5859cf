//! Patterns of names, some of them with a `*` at the beginning or end, and what each of them stands for.

use rustc_hash::FxHashMap;

/// See the module's documentation.
#[derive(Default)]
pub(super) struct Names {
    whole: FxHashMap<String, Vec<u32>>,
    beginnings: Vec<(String, u32)>,
    endings: Vec<(String, u32)>,
}

impl Names {
    /// Adds a pattern that stands for `meaning`.
    pub fn add(&mut self, pattern: &str, meaning: u32) {
        if let Some(start) = pattern.strip_suffix('*') {
            self.beginnings.push((start.to_owned(), meaning));
        } else if let Some(end) = pattern.strip_prefix('*') {
            self.endings.push((end.to_owned(), meaning));
        } else {
            self.whole.entry(pattern.to_owned()).or_default().push(meaning);
        }
    }

    /// What the patterns stand for that fit a name, in no order.
    pub fn fitting<'n>(&'n self, name: &'n str) -> impl Iterator<Item = u32> + 'n {
        let whole = self.whole.get(name).into_iter().flatten().copied();
        let starts = self.beginnings.iter().filter(move |(start, _)| name.starts_with(&**start));
        let ends = self.endings.iter().filter(move |(end, _)| name.ends_with(&**end));
        whole.chain(starts.chain(ends).map(|&(_, meaning)| meaning))
    }
}

#[cfg(test)]
mod tests {
    use super::Names;

    #[test]
    fn patterns_fit_at_either_end() {
        let mut names = Names::default();
        for (meaning, pattern) in (0..).zip(["visit_*", "*Test", "main"]) {
            names.add(pattern, meaning);
        }
        let fitting = |name| names.fitting(name).collect::<Vec<u32>>();
        assert_eq!(fitting("visit_x"), [0]);
        assert_eq!(fitting("visit_Test"), [0, 1]);
        assert_eq!(fitting("main"), [2]);
        assert!(fitting("visit").is_empty() && fitting("TestUrl").is_empty());
        assert!(fitting("main_loop").is_empty());
    }
}
