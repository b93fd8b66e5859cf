//! Values that a type alone does not check: Python versions and platforms.
//!
//! The flags of the command line use the same functions as the configuration.

use ruff_python_ast::PythonVersion;

use super::error::nearest;
use super::options::{OneOrMany, Options};
use crate::project::{Platform, parse_version};

/// The platforms that can be checked for; `all` assumes nothing.
pub const PLATFORMS: &[&str] = &["linux", "darwin", "win32", "all"];

/// A Python version that can be checked for.
///
/// # Errors
/// Says what is wrong with the text.
pub fn python_version(text: &str) -> Result<PythonVersion, String> {
    parse_version(text).map_err(|error| error.to_string())
}

/// A platform that can be checked for.
///
/// # Errors
/// Says what is wrong with the text, and what was probably meant.
pub fn python_platform(text: &str) -> Result<Platform, String> {
    if let Ok(platform) = text.parse() {
        return Ok(platform);
    }
    let meant = match text.to_lowercase().as_str() {
        "windows" | "win" => Some("win32"),
        "macos" | "osx" | "mac" => Some("darwin"),
        other => nearest(other, PLATFORMS.iter().copied()),
    };
    Err(match meant {
        Some(meant) => format!("unknown platform `{text}`; did you mean `{meant}`?"),
        None => format!("unknown platform `{text}`, expected one of {}", PLATFORMS.join(", ")),
    })
}

/// The first value in `options` that is wrong: its key in `[environment]`, and why.
pub(super) fn wrong_value(options: &Options) -> Option<(&'static str, String)> {
    let environment = &options.environment;
    let values = |option: &Option<OneOrMany>| {
        option.as_ref().map(OneOrMany::to_vec).unwrap_or_default().into_iter()
    };
    values(&environment.python_version)
        .find_map(|text| Some(("python-version", python_version(&text).err()?)))
        .or_else(|| {
            values(&environment.python_platform)
                .find_map(|text| Some(("python-platform", python_platform(&text).err()?)))
        })
}
