//! What a run is told about a project, after flags and configuration files have been merged.
//!
//! Everything here is plain data: nothing is looked up when it is read.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use ruff_python_ast::PythonVersion;

use super::roots;

/// The oldest Python version that can be asked for.
pub const OLDEST_VERSION: PythonVersion = PythonVersion::PY38;
/// The newest Python version that can be asked for, and the one assumed when nothing says otherwise.
pub const NEWEST_VERSION: PythonVersion = PythonVersion::PY314;

/// Why a text does not name a Python version that we know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VersionError {
    /// The text is not of the form `3.N` or `3.N.M`.
    #[error("`{0}` is not a Python version: expected one like `3.12`")]
    Malformed(String),
    /// The version exists, or may, but is not one that can be checked for.
    #[error("Python {0} is not supported: expected {OLDEST_VERSION} to {NEWEST_VERSION}")]
    Unsupported(String),
}

/// Reads a version as users write it: `3.12`, or `3.12.4` with the last part dropped.
///
/// # Errors
/// When the text is not a version, or one outside of the supported range.
pub fn parse_version(text: &str) -> Result<PythonVersion, VersionError> {
    let malformed = || VersionError::Malformed(text.to_owned());
    let trimmed = text.trim();
    let mut parts = trimmed.split('.');
    let major = parts.next().and_then(number).ok_or_else(malformed)?;
    let minor = parts.next().and_then(number).ok_or_else(malformed)?;
    if parts.next().is_some_and(|patch| number(patch).is_none()) || parts.next().is_some() {
        return Err(malformed());
    }
    let version = PythonVersion { major, minor };
    if (OLDEST_VERSION..=NEWEST_VERSION).contains(&version) {
        Ok(version)
    } else {
        Err(VersionError::Unsupported(trimmed.to_owned()))
    }
}

/// A number of digits alone (`u8::from_str` would take a plus sign).
fn number(text: &str) -> Option<u8> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

/// The system that the checked code is taken to run on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Platform {
    /// `sys.platform == "linux"`.
    Linux,
    /// `sys.platform == "darwin"`.
    Darwin,
    /// `sys.platform == "win32"`.
    Win32,
    /// Any of them: comparisons with `sys.platform` are not decided.
    All,
}

impl Platform {
    /// What `sys.platform` is, or `None` when it may be anything.
    #[must_use]
    pub fn sys_platform(self) -> Option<&'static str> {
        match self {
            Self::Linux => Some("linux"),
            Self::Darwin => Some("darwin"),
            Self::Win32 => Some("win32"),
            Self::All => None,
        }
    }

    /// What `os.name` is, or `None` when it may be anything.
    #[must_use]
    pub fn os_name(self) -> Option<&'static str> {
        match self {
            Self::Linux | Self::Darwin => Some("posix"),
            Self::Win32 => Some("nt"),
            Self::All => None,
        }
    }

    /// The name that flags and configuration files use.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.sys_platform().unwrap_or("all")
    }

    /// The platform that ropewalk itself runs on; Linux where it is none of those known.
    #[must_use]
    pub fn current() -> Self {
        if cfg!(windows) {
            Self::Win32
        } else if cfg!(target_os = "macos") {
            Self::Darwin
        } else {
            Self::Linux
        }
    }
}

impl FromStr for Platform {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "linux" => Ok(Self::Linux),
            "darwin" => Ok(Self::Darwin),
            "win32" => Ok(Self::Win32),
            "all" => Ok(Self::All),
            _ => Err(format!("`{text}` is not a platform: expected linux, darwin, win32 or all")),
        }
    }
}

/// One project, fully resolved: paths are absolute.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The project's folder.
    pub root: PathBuf,
    /// Folders from which first-party modules are imported, in order.
    pub first_party_roots: Vec<PathBuf>,
    /// Packages whose folder is not what their imports say, by name.
    pub package_folders: BTreeMap<String, PathBuf>,
    /// Folders that are searched before everything else, in order.
    pub extra_search_paths: Vec<PathBuf>,
    /// The version that the checked code is taken to run on.
    pub python_version: PythonVersion,
    /// The platform that the checked code is taken to run on.
    pub platform: Platform,
    /// A typeshed folder to use in place of the one built in.
    pub typeshed: Option<PathBuf>,
    /// An interpreter, an environment's folder, or its `bin` folder.
    pub python: Option<PathBuf>,
    /// Patterns as in `.gitignore`, relative to `root`, of files and folders to leave out.
    pub exclude: Vec<String>,
    /// Patterns as in `.gitignore`, relative to `root`; when there are any, only files they match are checked.
    pub include: Vec<String>,
    /// Whether `.gitignore`, `.ignore` and git's own exclude files are honoured.
    pub respect_ignore_files: bool,
    /// Whether excludes apply even to paths given on the command line.
    pub force_exclude: bool,
}

impl Settings {
    /// The settings of a project at `root` about which nothing else is known.
    #[must_use]
    pub fn new(root: &Path) -> Self {
        let root = super::listing::absolute(root);
        let layout = roots::detect(&root);
        Self {
            first_party_roots: layout.roots,
            package_folders: layout.packages,
            root,
            extra_search_paths: Vec::new(),
            python_version: NEWEST_VERSION,
            platform: Platform::current(),
            typeshed: None,
            python: None,
            exclude: Vec::new(),
            include: Vec::new(),
            respect_ignore_files: true,
            force_exclude: false,
        }
    }

    /// The first-party roots that the layout of `root` and its `pyproject.toml` suggest, in order.
    #[must_use]
    pub fn detect_roots(root: &Path) -> Vec<PathBuf> {
        roots::detect(root).roots
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_and_bounded() {
        assert_eq!(parse_version("3.12"), Ok(PythonVersion::PY312));
        assert_eq!(parse_version(" 3.8.18 "), Ok(PythonVersion::PY38));
        assert_eq!(parse_version("3.7"), Err(VersionError::Unsupported("3.7".into())));
        assert_eq!(parse_version("3.15"), Err(VersionError::Unsupported("3.15".into())));
        for bad in ["", "3", "three", "3.", "3.1.x", "3.12.1.2", "+3.12", "3.999"] {
            assert!(matches!(parse_version(bad), Err(VersionError::Malformed(_))), "{bad}");
        }
    }

    #[test]
    fn platforms_round_trip() {
        for platform in [Platform::Linux, Platform::Darwin, Platform::Win32, Platform::All] {
            assert_eq!(platform.name().parse(), Ok(platform));
        }
        assert!("beos".parse::<Platform>().is_err());
        assert_eq!(Platform::All.sys_platform(), None);
    }
}
