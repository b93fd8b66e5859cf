//! What the environment asks of a run: levers for tests, and what a run is told that is repeated because the last
//! one died (`src/cli/supervise.rs`).

/// Has a run tell on standard error which module it begins, and take one after the other.
pub const TELL: &str = "ROPEWALK_TELL";
/// How such a line begins.
pub const BEGINS: &str = "ropewalk begins ";
/// Modules that are given up, a line each.
pub const GIVEN_UP: &str = "ROPEWALK_GIVEN_UP";

/// A module that is not checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenUp {
    /// The file, as shown.
    pub path: String,
    /// What its check ended the process by.
    pub reason: String,
}

impl GivenUp {
    /// As a line of [`GIVEN_UP`].
    #[must_use]
    pub fn to_line(&self) -> String {
        format!("{}\t{}", self.reason, self.path)
    }

    fn from_line(line: &str) -> Option<Self> {
        let (reason, path) = line.split_once('\t')?;
        Some(Self { path: path.to_owned(), reason: reason.to_owned() })
    }
}

/// How a test ends the process in the check of a module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Death {
    /// Without end, so that the stack ends.
    Overflow,
    /// By an abort.
    Abort,
    /// By asking for more memory than there is.
    Memory,
    /// By this signal.
    Signal(&'static str),
}

/// See the module's documentation. Levers change nothing in what a correct run gives.
#[derive(Debug, Clone, Default)]
pub struct Hooks {
    /// Shuffles the order of the work.
    pub shuffle: Option<u64>,
    /// Checking the module of this name panics.
    pub panic_in: Option<String>,
    /// Checking the module of this name ends the process.
    pub die_in: Option<(String, Death)>,
    /// See [`TELL`].
    pub tells: bool,
    /// See [`GIVEN_UP`].
    pub given_up: Vec<GivenUp>,
}

impl Hooks {
    /// What `ROPEWALK_SHUFFLE`, `ROPEWALK_PANIC` and `ROPEWALK_DIE` (`MODULE=HOW`, or `*=HOW`) set, and what a repeated run is
    /// told.
    #[must_use]
    pub fn from_environment() -> Self {
        let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let die_in = variable("ROPEWALK_DIE").and_then(|value| {
            let (module, how) = value.split_once('=')?;
            let death = match how {
                "overflow" => Death::Overflow,
                "abort" => Death::Abort,
                "memory" => Death::Memory,
                "segv" => Death::Signal("-SEGV"),
                "kill" => Death::Signal("-KILL"),
                _ => return None,
            };
            Some((module.to_owned(), death))
        });
        let given_up = variable(GIVEN_UP).unwrap_or_default();
        Self {
            shuffle: variable("ROPEWALK_SHUFFLE").and_then(|seed| seed.parse().ok()),
            panic_in: variable("ROPEWALK_PANIC"),
            die_in,
            tells: variable(TELL).is_some(),
            given_up: given_up.lines().filter_map(GivenUp::from_line).collect(),
        }
    }

    /// Why the module of a path is given up, if it is.
    pub(super) fn given_up(&self, path: &str) -> Option<&str> {
        self.given_up.iter().find(|given| given.path == path).map(|given| &*given.reason)
    }

    /// What a test asked for in the check of `module`.
    pub(super) fn strike(&self, module: &str) {
        if self.panic_in.as_deref() == Some(module) {
            panic!("asked for by ROPEWALK_PANIC");
        }
        if let Some((_, death)) =
            self.die_in.as_ref().filter(|(name, _)| name == module || name == "*")
        {
            death.strike();
        }
    }
}

impl Death {
    fn strike(self) {
        match self {
            Self::Overflow => {
                std::hint::black_box(endless(1));
            }
            Self::Abort => std::process::abort(),
            Self::Memory => {
                let mut held: Vec<Vec<u8>> = Vec::new();
                loop {
                    held.push(vec![1; 64 << 20]);
                }
            }
            Self::Signal(signal) => {
                // Only here does ropewalk run a program: a signal to itself needs unsafe code otherwise.
                let id = std::process::id().to_string();
                // Until it ends: the first segmentation fault that is no fault takes the handler away, and a second one
                // that comes before the first is handled is lost.
                for _ in 0..50 {
                    let _ = std::process::Command::new("kill").args([signal, &id]).status();
                    std::thread::sleep(std::time::Duration::from_millis(100));
                }
            }
        }
    }
}

#[expect(unconditional_recursion, reason = "the stack is to end")]
fn endless(depth: u64) -> u64 {
    std::hint::black_box(endless(std::hint::black_box(depth + 1))) + depth
}
