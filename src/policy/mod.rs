//! Policies: what inference decides because of how code is written, and not because the typing specification or the
//! language says so.
//!
//! Nothing demands that `name = None` in the body of a class means "subclasses say more", or that a comparison which is
//! always false is no mistake under `assert`. Such a decision has an entry in `src/policy/table.rs`: a name, what is done,
//! and which code it is done for. The code that carries it out stands where it belongs, and asks
//! [`Cx::holds`](crate::types::Cx::holds) whether to do it; lists and thresholds that are nothing but policy are in
//! `src/policy/lists.rs`.
//!
//! All policies hold, always. That one can be switched off is for measuring what it does
//! (`ROPEWALK_WITHOUT=name,name`, see `study/policies.py`), and for the test that each does something. What it costs on
//! real code is in `docs/src/policies.md`.

pub mod lists;
mod table;

pub use table::{ALL, Policy};

/// What a policy does to the findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Types are found that nobody wrote.
    Infers,
    /// Something is not reported, or a type is left open so that nothing is.
    Silences,
    /// Something is reported that no rule of the language forbids.
    Reports,
}

impl Effect {
    /// In a word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Infers => "infers",
            Self::Silences => "silences",
            Self::Reports => "reports",
        }
    }
}

/// A row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// As users and tools write it.
    pub name: &'static str,
    /// What it does to the findings.
    pub effect: Effect,
    /// What is done, in a sentence.
    pub what: &'static str,
    /// The code that it is done for, in a sentence.
    pub why: &'static str,
}

/// Policies that do not hold: in a run as it is shipped, none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Off(u128);

// A bit each.
const _: () = assert!(ALL.len() <= 128);

impl Off {
    /// Whether a policy is switched off.
    #[must_use]
    pub const fn has(self, policy: Policy) -> bool {
        self.0 >> policy as u32 & 1 == 1
    }

    /// The policies of these names, with commas between them.
    ///
    /// # Errors
    /// When there is no policy of a name; the message lists those that there are.
    pub fn parse(names: &str) -> Result<Self, String> {
        let mut off = Self::default();
        for name in names.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            let Some(at) = ALL.iter().position(|entry| entry.name == name) else {
                let known: Vec<&str> = ALL.iter().map(|entry| entry.name).collect();
                return Err(format!("no policy is called `{name}`: {}", known.join(", ")));
            };
            off.0 |= 1 << at;
        }
        Ok(off)
    }
}
