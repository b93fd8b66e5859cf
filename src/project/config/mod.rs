//! Configuration: finding it, reading it, and saying what is wrong with it.
//!
//! Nothing here knows what the options do; `cli/` resolves them against flags and the world.

mod error;
mod files;
mod find;
mod manifest;
mod options;
mod parse;
mod values;
mod workspace;

pub use error::ConfigError;
pub use files::{append_to, probe, read_bytes, read_codeowners, read_text, write_whole};
pub use find::{ConfigFinder, ProjectConfig, read_config_file};
pub use manifest::{Dependency, Manifest, Purpose, normal_name, read_manifest, requirement_name};
pub use options::{
    AnalysisOptions, AuditOptions, ColorOption, ContractKind, ContractOptions, ConventionOptions,
    EnvironmentOptions, FormatOption, KeepOptions, KeptIn, LevelOption, OneOrMany, Options,
    OtherTool, Over, OverrideOptions, SrcOptions, TerminalOptions, json_schema,
};
pub use parse::{FileKind, levels_in_order, parse, parse_override};
pub use values::{PLATFORMS, python_platform, python_version};
pub use workspace::path_dependencies;
