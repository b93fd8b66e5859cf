//! Where the checked code is and what it can import: roots, files, Python environments, typeshed, module names.
//!
//! Settings arrive resolved; this room looks at folders and never runs anything of the checked project.

pub mod config;
mod discover;
mod distributions;
mod documented;
mod editable;
mod environment;
mod ignored;
mod ini;
mod listing;
mod mentions;
mod place;
mod relative;
mod resident;
mod resolve;
mod roots;
mod settings;
mod setuptools;
mod shown;
mod typeshed;

pub use discover::{DiscoverError, Discovered, discover};
pub use distributions::installed_modules;
pub use documented::documented;
pub use environment::{Environment, EnvironmentError, EnvironmentOrigin};
pub use mentions::{Mention, MentionScope, mentions};
pub use relative::resolve_relative;
pub use resident::{
    Allocator, Held, block_bytes, held_by_allocator, is_over_memory_limit, mapped_bytes,
    peak_bytes, resident_bytes, set_allocator, set_memory_limit,
};
pub use resolve::{
    FilePath, Importer, MAX_PARTS, ModuleKind, Origin, PathKey, Resolved, Resolver, Unresolved,
    UnresolvedReason,
};
pub use ruff_python_ast::PythonVersion;
pub use settings::{
    NEWEST_VERSION, OLDEST_VERSION, Platform, Settings, VersionError, parse_version,
};
pub use shown::{find_shown, path_of_bytes, shown};
pub use typeshed::{Typeshed, VersionRange, VersionTable};
