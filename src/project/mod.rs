//! The project: its configuration, files and environment.
//!
//! This room and `source/` are the only ones that read files.

pub mod config;
