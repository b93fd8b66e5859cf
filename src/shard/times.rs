//! What checking each file took in an earlier run, to balance shards by.
//!
//! The unit is work, as [`crate::store::budget`] counts it: the clock of a busy machine says nothing. A file that is not
//! in the list is taken to be like the others of its size.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The version of the form.
const VERSION: u32 = 1;

/// What opening, parsing and reporting a file takes beside what depends on its length, as bytes of text.
const BYTES_A_FILE: u64 = 500;

/// Work by path as shown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Times {
    version: u32,
    /// Ticks by path.
    work: BTreeMap<String, u64>,
}

/// A file with its length.
pub trait SizedFile {
    /// As shown.
    fn path(&self) -> &str;
    /// The length of its text.
    fn bytes(&self) -> u32;
}

impl Times {
    /// Whether nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.work.is_empty()
    }

    /// Those of files; of a file with several the largest.
    pub fn of<'a>(files: impl Iterator<Item = (&'a str, u64)>) -> Self {
        let mut work: BTreeMap<String, u64> = BTreeMap::new();
        for (path, ticks) in files {
            let known = work.entry(path.to_owned()).or_default();
            *known = ticks.max(*known);
        }
        Self { version: VERSION, work }
    }

    /// Reads the text of a file.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let times: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if times.version != VERSION {
            return Err(format!("version {} is not known, expected {VERSION}", times.version));
        }
        Ok(times)
    }

    /// The text of the file: JSON, sorted, a file a line.
    #[must_use]
    pub fn to_text(&self) -> String {
        // Nothing in it can't be written as JSON.
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// What each of the files costs: its work, or what files of its size take.
    #[must_use]
    pub fn costs<F: SizedFile>(&self, files: &[F]) -> Vec<u64> {
        let size = |file: &F| u64::from(file.bytes()) + BYTES_A_FILE;
        let known: Vec<Option<u64>> =
            files.iter().map(|file| self.work.get(file.path()).copied()).collect();
        let (mut ticks, mut bytes) = (0u64, 0u64);
        for (file, work) in files.iter().zip(&known) {
            if let Some(work) = work {
                ticks = ticks.saturating_add(*work);
                bytes = bytes.saturating_add(size(file));
            }
        }
        if ticks == 0 {
            return files.iter().map(size).collect();
        }
        let of_size = |file: &F| {
            let scaled = u128::from(size(file)) * u128::from(ticks) / u128::from(bytes.max(1));
            u64::try_from(scaled).unwrap_or(u64::MAX)
        };
        files.iter().zip(known).map(|(file, work)| work.unwrap_or_else(|| of_size(file))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct File(&'static str, u32);

    impl SizedFile for File {
        fn path(&self) -> &str {
            self.0
        }

        fn bytes(&self) -> u32 {
            self.1
        }
    }

    #[test]
    fn unknown_files_cost_what_others_of_their_size_do() {
        let files = [File("a.py", 500), File("b.py", 1_500)];
        assert_eq!(Times::default().costs(&files), [1_000, 2_000]);
        let times = Times::of([("a.py", 30), ("a.py", 20)].into_iter());
        assert_eq!(times.costs(&files), [30, 60]);
        assert_eq!(Times::parse(&times.to_text()), Ok(times));
        assert!(Times::parse("{\"version\": 2, \"work\": {}}").is_err());
    }
}
