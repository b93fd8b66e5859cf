//! The engines that run the same inference.

pub mod cells;
pub mod salsa;
