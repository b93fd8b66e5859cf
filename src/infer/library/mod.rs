//! What inference knows of libraries: everything that is true of one of them and that its types cannot say.
//!
//! Names of libraries stand in the tables of this folder and nowhere else in inference. A table says what a library
//! does in terms of behaviour; the rest of inference asks for the behaviour.

mod config;
mod made;
mod records;

pub use config::configured;
pub use made::{is_untyped_model, made_member};
pub use records::{Private, RecordModel, is_field_method, model_of_module, model_of_options};
