//! From files to parsed modules.
//!
//! Stub while the project room is checked.
