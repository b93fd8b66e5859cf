//! The engine as a whole: the same answer every time, no failure on any input, the laws of types, and
//! real code.

#[path = "../common/mod.rs"]
mod common;
mod determinism;
#[path = "../fuzz"]
mod fuzz {
    pub mod program;
    pub mod random;
}
mod laws;
mod linear;
mod real;
mod robust;
